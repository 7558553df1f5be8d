/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the application hears of the roster. In each call of it the module may be disabled and the
 * handler be replaced: what is in use meanwhile is counted. */
#include <stdlib.h>

#include "roster.h"
#include "xmpp/error.h"

struct xm_roster_owned *xm_roster_owned_new(void *userdata, xmpp_destroy_fn destroy)
{
    struct xm_roster_owned *owned = malloc(sizeof *owned);
    if (owned) {
        *owned = (struct xm_roster_owned){1, userdata, destroy};
    }
    return owned;
}

struct xm_roster_owned *xm_roster_owned_unref(struct xm_roster_owned *owned)
{
    if (owned && --owned->refs == 0) {
        if (owned->destroy) {
            owned->destroy(owned->userdata);
        }
        free(owned);
    }
    return NULL;
}

void xm_roster_tell(struct xm_roster *roster, xmpp_conn *conn,
                    const struct xmpp_roster_event *event)
{
    struct xm_roster_owned *hearer = roster->hearer;
    if (xm_roster_is_over(roster, conn) || !hearer) {
        return;
    }
    hearer->refs++;
    roster->on_event(conn, event, hearer->userdata);
    xm_roster_owned_unref(hearer);
}

void xm_roster_tell_error(struct xm_roster *roster, xmpp_conn *conn, int type, int error,
                          const xmpp_stanza *stanza)
{
    struct xmpp_roster_event event = {.type = type, .error = error, .stanza = stanza};
    xm_roster_tell(roster, conn, &event);
}

void xm_roster_tell_full(struct xm_roster *roster, xmpp_conn *conn, const xmpp_jid *jid)
{
    struct xmpp_roster_event event = {.type = XMPP_ROSTER_EVENT_FULL, .jid = jid};
    if (!roster->was_full_told) {
        roster->was_full_told = 1;
        xm_roster_tell(roster, conn, &event);
    }
}

int xmpp_roster_on_event(xmpp_conn *conn, xmpp_roster_event_fn handler, void *userdata,
                         xmpp_destroy_fn destroy)
{
    if (!conn) {
        return XMPP_E_INVAL;
    }
    struct xm_roster *roster = xm_roster_of(conn);
    if (!roster) {
        return XMPP_E_REQUIRES;
    }
    struct xm_roster_owned *hearer = handler ? xm_roster_owned_new(userdata, destroy) : NULL;
    if (handler && !hearer) {
        return XMPP_E_NOMEM;
    }
    struct xm_roster_owned *before = roster->hearer;
    roster->on_event = handler;
    roster->hearer = hearer;
    xm_roster_owned_unref(before);
    return 0;
}

int xmpp_roster_event_get_type(const xmpp_roster_event *event)
{
    return event ? event->type : 0;
}

const xmpp_jid *xmpp_roster_event_get_jid(const xmpp_roster_event *event)
{
    return event ? event->jid : NULL;
}

const xmpp_roster_item *xmpp_roster_event_get_item(const xmpp_roster_event *event)
{
    return event ? event->item : NULL;
}

const xmpp_stanza *xmpp_roster_event_get_stanza(const xmpp_roster_event *event)
{
    return event ? event->stanza : NULL;
}

const char *xmpp_roster_event_get_nick(const xmpp_roster_event *event)
{
    if (!event || event->type != XMPP_ROSTER_EVENT_REQUEST) {
        return NULL;
    }
    const char *nick =
        xmpp_elem_get_child_text(xmpp_stanza_get_root(event->stanza), "nick", XM_NS_NICK);
    return nick && nick[0] ? nick : NULL;
}

int xmpp_roster_event_get_answer(const xmpp_roster_event *event)
{
    return event ? event->answer : 0;
}

int xmpp_roster_event_is_cached(const xmpp_roster_event *event)
{
    return event ? event->is_cached : 0;
}

int xmpp_roster_event_get_error(const xmpp_roster_event *event)
{
    return event ? event->error : 0;
}
