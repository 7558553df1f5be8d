/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hints to servers and archives, XEP-0334: read and written, never acted upon. */
#include "xmpp/hints.h"

#include <string.h>

#include "xmpp/error.h"
#include "xmpp/message.h"
#include "xmpp/stanza.h"

static const char ns_hints[] = "urn:xmpp:hints";

static const struct {
    const char *name;
    int bit;
} hints[] = {
    {"no-permanent-store", XMPP_HINT_NO_PERMANENT_STORE},
    {"no-store", XMPP_HINT_NO_STORE},
    {"no-copy", XMPP_HINT_NO_COPY},
    {"store", XMPP_HINT_STORE},
};
enum {
    N_HINTS = sizeof hints / sizeof *hints,
    ALL_HINTS =
        XMPP_HINT_NO_PERMANENT_STORE | XMPP_HINT_NO_STORE | XMPP_HINT_NO_COPY | XMPP_HINT_STORE
};

static int hints_in(const xmpp_stanza *message)
{
    const xmpp_elem *root = xmpp_stanza_get_root(message);
    int found = 0;
    for (size_t i = 0; i < N_HINTS; i++) {
        found |= xmpp_elem_get_child(root, hints[i].name, ns_hints) ? hints[i].bit : 0;
    }
    return found;
}

int xmpp_hints_get(const xmpp_stanza *message)
{
    if (xmpp_stanza_get_kind(message) != XMPP_KIND_MESSAGE ||
        xmpp_message_get_type(message) == XMPP_MESSAGE_ERROR) { /* XEP-0334 5 */
        return 0;
    }
    return hints_in(message);
}

static int is_to_full(const xmpp_stanza *message)
{
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(message), "to");
    return to && strchr(to, '/') != NULL;
}

int xmpp_hints_add(xmpp_stanza *message, int bits)
{
    if (xmpp_stanza_get_kind(message) != XMPP_KIND_MESSAGE || (bits & ~ALL_HINTS) != 0) {
        return XMPP_E_INVAL;
    }
    if ((bits & XMPP_HINT_NO_COPY) && !is_to_full(message)) { /* XEP-0334 4.3 */
        return XMPP_E_INVAL;
    }
    int missing = bits & ~hints_in(message);
    for (size_t i = 0; i < N_HINTS; i++) {
        if (missing & hints[i].bit) {
            xmpp_elem_add(xmpp_stanza_root(message), hints[i].name, ns_hints);
        }
    }
    return 0;
}
