/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notes of delayed delivery, XEP-0203 and XEP-0091: whose is believed. That some of them are forged
 * is nothing that can be seen here. */
#include "xmpp/delay.h"

#include <string.h>

#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

static const char ns_delay[] = "urn:xmpp:delay";
static const char ns_legacy[] = "jabber:x:delay";

static int is_present_form(const xmpp_elem *elem)
{
    return xmpp_elem_is(elem, "delay", ns_delay);
}

static int is_note(const xmpp_elem *elem)
{
    return is_present_form(elem) || xmpp_elem_is(elem, "x", ns_legacy);
}

int xmpp_delay_read(const xmpp_elem *delay, int64_t *ret_ms)
{
    if (!is_note(delay) || !ret_ms) {
        return XMPP_E_INVAL;
    }
    const char *stamp = xmpp_elem_get_attr(delay, "stamp");
    if (!stamp) {
        return XMPP_E_CHAR;
    }
    return is_present_form(delay) ? xmpp_time_parse(stamp, ret_ms)
                                  : xmpp_time_parse_legacy(stamp, ret_ms);
}

const char *xmpp_delay_get_from(const xmpp_elem *delay)
{
    return is_note(delay) ? xmpp_elem_get_attr(delay, "from") : NULL;
}

const char *xmpp_delay_get_reason(const xmpp_elem *delay)
{
    const char *text = is_note(delay) ? xmpp_elem_get_text(delay, NULL) : NULL;
    return text && *text ? text : NULL;
}

/* --- whose word it is ------------------------------------------------------------------------- */

/* 1 if it is this party, its account or room, or its server. */
static int speaks_for(const xmpp_jid *jid, const xmpp_jid *party)
{
    if (!party || xmpp_jid_equal_bare(jid, party)) {
        return party != NULL;
    }
    return !xmpp_jid_get_local(jid) && xmpp_jid_is_bare(jid) &&
           strcmp(xmpp_jid_get_domain(jid), xmpp_jid_get_domain(party)) == 0;
}

/* The enum xmpp_delay_by, or XMPP_E_NOMEM. */
static int whose(const xmpp_stanza *stanza, const xmpp_elem *note)
{
    const char *from = xmpp_elem_get_attr(note, "from");
    xmpp_jid *jid = NULL;
    int result = from ? xmpp_jid_parse(&jid, from) : XMPP_E_JID;
    if (result < 0) {
        return result == XMPP_E_NOMEM ? result : XMPP_DELAY_BY_ANYBODY;
    }
    int by = speaks_for(jid, xmpp_stanza_get_to(stanza))     ? XMPP_DELAY_BY_RECEIVER
             : speaks_for(jid, xmpp_stanza_get_from(stanza)) ? XMPP_DELAY_BY_SENDER
                                                             : XMPP_DELAY_BY_ANYBODY;
    xmpp_jid_unref(jid);
    return by;
}

struct choice {
    const xmpp_elem *note;
    int64_t ms;
    int by;
};

/* Takes the best of the notes of one form, if it is better than what there is. 0 or
 * XMPP_E_NOMEM. */
static int choose(struct choice *best, const xmpp_stanza *stanza, const char *name, const char *ns)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    const xmpp_elem *note = xmpp_elem_get_child(root, name, ns);
    for (; note; note = xmpp_elem_get_next(note, name, ns)) {
        int64_t ms;
        if (xmpp_delay_read(note, &ms) < 0) {
            continue;
        }
        int by = whose(stanza, note);
        if (by < 0) {
            return by;
        }
        if (!best->note || by > best->by) {
            *best = (struct choice){note, ms, by};
        }
    }
    return 0;
}

static int find_best(struct choice *best, const xmpp_stanza *stanza)
{
    *best = (struct choice){.note = NULL};
    int result = choose(best, stanza, "delay", ns_delay);
    if (result == 0) {
        result = choose(best, stanza, "x", ns_legacy);
    }
    return result == 0 && !best->note ? XMPP_E_NOT_FOUND : result;
}

int xmpp_delay_get(const xmpp_stanza *stanza, int64_t *ret_ms, int *ret_by)
{
    struct choice best;
    int result = find_best(&best, stanza);
    if (result < 0) {
        return result;
    }
    if (ret_ms) {
        *ret_ms = best.ms;
    }
    if (ret_by) {
        *ret_by = best.by;
    }
    return 0;
}

const xmpp_elem *xmpp_delay_get_elem(const xmpp_stanza *stanza)
{
    struct choice best;
    return find_best(&best, stanza) == 0 ? best.note : NULL;
}

int xmpp_delay_is_delayed(const xmpp_stanza *stanza)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    return xmpp_elem_get_child(root, "delay", ns_delay) ||
           xmpp_elem_get_child(root, "x", ns_legacy);
}

/* --- building --------------------------------------------------------------------------------- */

int xmpp_delay_add(xmpp_elem *parent, int64_t ms, const xmpp_jid *from, const char *reason)
{
    char stamp[XMPP_TIME_MAX];
    if (!parent || xmpp_time_format(ms, stamp) < 0) {
        return XMPP_E_INVAL;
    }
    xmpp_elem *delay = xmpp_elem_add_text_child(parent, "delay", ns_delay, reason);
    xmpp_elem_set_attr(delay, "from", from ? xmpp_jid_get_text(from) : NULL);
    xmpp_elem_set_attr(delay, "stamp", stamp);
    return 0;
}
