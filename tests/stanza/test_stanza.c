/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees: building, reading, copying, serialising, parsing. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "check.h"
#include "stanza/write.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

/* The tree's text is this; frees it. */
static void check_text(const xmpp_stanza *stanza, const char *want)
{
    char *text = NULL;
    size_t len = 0;
    if (CHECK_INT(xmpp_stanza_to_text(stanza, &text, &len), 0)) {
        CHECK_STR(text, want);
        CHECK_INT(len, strlen(want));
        xmpp_free(text);
    }
}

static xmpp_stanza *parse(const char *text)
{
    xmpp_stanza *stanza = NULL;
    CHECK_INT(xmpp_stanza_parse(&stanza, text, strlen(text)), 0);
    return stanza;
}

static void builds_a_message(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    xmpp_elem *root = xmpp_stanza_root(stanza);
    xmpp_stanza_set_to(stanza, "Bob@Example.NET/Phone");
    xmpp_stanza_set_type(stanza, "chat");
    xmpp_stanza_set_id(stanza, "a'1");
    xmpp_elem_add_text_child(root, "body", NULL, "1 < 2 & \"x\" > 'y' ]]>");
    xmpp_elem *x = xmpp_elem_add(root, "x", "urn:x");
    xmpp_elem_add(x, "y", NULL);
    xmpp_elem_add(x, "z", "jabber:client");
    xmpp_elem_add(x, "n", "");
    check_text(stanza, "<message to='bob@example.net/Phone' type='chat' id='a&apos;1'>"
                       "<body>1 &lt; 2 &amp; \"x\" &gt; 'y' ]]&gt;</body>"
                       "<x xmlns='urn:x'><y/><z xmlns='jabber:client'/><n xmlns=''/></x>"
                       "</message>");
    xmpp_stanza_unref(stanza);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"builds a message", builds_a_message},
    };
    (void)parse;
    return CHECK_MAIN(argc, argv, "stanza", cases);
}
