/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may see whose presence (RFC 6121 3): what contacts say about it, and what we want. The states
 * are subscription.h's; here they meet the roster, the requests that wait, and the policy. */
#include <string.h>

#include "roster.h"
#include "subscription.h"
#include "xmpp/component.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"

int xm_roster_state(const struct xm_roster *roster, const xmpp_jid *jid)
{
    const struct xmpp_roster_item *item = xm_roster_find(roster, jid);
    if (item) {
        return xm_roster_item_state(item);
    }
    int is_requesting = xm_roster_get_request(roster, xmpp_jid_get_bare_text(jid)) != NULL;
    return xm_subscription_state(XMPP_SUBSCRIPTION_NONE, 0, is_requesting);
}

/* --- what contacts say ------------------------------------------------------------------------ */

static int send_presence(xmpp_conn *conn, int type, const xmpp_jid *jid, const char *nick,
                         const char *status)
{
    xmpp_stanza *presence = xmpp_presence_new(type, xmpp_jid_get_bare_text(jid));
    if (nick) {
        xmpp_elem_add_text_child(xmpp_stanza_root(presence), "nick", XM_NS_NICK, nick);
    }
    if (status) {
        xmpp_presence_set_status(presence, NULL, status);
    }
    int result = xmpp_conn_send(conn, presence);
    xmpp_stanza_unref(presence);
    return result;
}

/* What the policy says to a request: a presence type, 0: it is the application's. */
static int decide(const struct xm_roster *roster, const xmpp_jid *jid)
{
    switch (roster->policy) {
    case XMPP_ROSTER_POLICY_DENY_ALL:
        return XMPP_PRESENCE_UNSUBSCRIBED;
    case XMPP_ROSTER_POLICY_APPROVE_ALL:
        return XMPP_PRESENCE_SUBSCRIBED;
    case XMPP_ROSTER_POLICY_APPROVE_KNOWN:
        return roster->is_current && xm_roster_find(roster, jid) ? XMPP_PRESENCE_SUBSCRIBED : 0;
    default:
        return 0;
    }
}

/* A request that was not told yet. 1: it is to be told; 0: it is not; or XMPP_E_NOMEM. */
static int take_request(struct xm_roster *roster, xmpp_conn *conn, const xmpp_stanza *stanza,
                        struct xmpp_roster_event *event, xmpp_jid *bare)
{
    const char *text = xmpp_jid_get_bare_text(bare);
    int answer = decide(roster, bare);
    int sent = answer != 0 ? send_presence(conn, answer, bare, NULL, NULL) : XMPP_E_STATE;
    if (sent == XMPP_E_NOMEM) {
        return sent;
    }
    if (sent == 0) {
        xm_roster_forget_request(roster, text);
        event->answer = answer;
        return 1;
    }
    if (xm_roster_get_request(roster, text)) {
        return 1;
    }
    int result = xm_roster_add_request(roster, bare, xmpp_stanza_get_id(stanza));
    if (result == XMPP_E_TOO_BIG) {
        xm_roster_tell_full(roster, conn, bare);
        return 0;
    }
    return result == 0 ? 1 : result;
}

/* The event that a presence is: by the state that is, or by the one in front of the last push, if
 * it comes behind the push that it belongs in front of (RFC 6121 3.1.6, 3.2.3, 3.3.3). */
static int event_of(const struct xm_roster *roster, int input, const xmpp_jid *bare)
{
    struct xmpp_roster_item *item = xm_roster_find(roster, bare);
    int event = xm_subscription_step(xm_roster_state(roster, bare), input).event;
    int before = item ? item->before : XM_ROSTER_NO_STATE;
    if (item) {
        item->before = XM_ROSTER_NO_STATE;
    }
    if (event == 0 && input != XM_RECEIVED_SUBSCRIBE && before != XM_ROSTER_NO_STATE) {
        event = xm_subscription_step(before, input).event;
        return event == XMPP_ROSTER_EVENT_REQUEST_OVER ? 0 : event;
    }
    return event;
}

/* Takes note of what a presence says: 1 if the event is to be told; 0; or XMPP_E_NOMEM. */
static int take_note(struct xm_roster *roster, xmpp_conn *conn, const xmpp_stanza *stanza,
                     struct xmpp_roster_event *event, xmpp_jid *bare)
{
    const char *text = xmpp_jid_get_bare_text(bare);
    struct xm_roster_request *request = xm_roster_get_request(roster, text);
    if (event->type == XMPP_ROSTER_EVENT_REQUEST_OVER) {
        xm_roster_forget_request(roster, text);
    } else if (event->type == XMPP_ROSTER_EVENT_REQUEST) {
        return take_request(roster, conn, stanza, event, bare);
    } else if (xmpp_presence_get_type(stanza) == XMPP_PRESENCE_SUBSCRIBE && request) {
        int result = xm_roster_renew_request(request, xmpp_stanza_get_id(stanza));
        event->type = XMPP_ROSTER_EVENT_REQUEST;
        return result > 0 ? take_request(roster, conn, stanza, event, bare) : result;
    }
    return event->type != 0;
}

static int note_from(struct xm_roster *roster, xmpp_conn *conn, const xmpp_stanza *stanza,
                     int input, xmpp_jid *bare)
{
    struct xmpp_roster_event event = {
        .type = event_of(roster, input, bare), .jid = bare, .stanza = stanza};
    int result = take_note(roster, conn, stanza, &event, bare);
    if (result > 0) {
        event.item = xm_roster_find(roster, bare);
        xm_roster_tell(roster, conn, &event);
    }
    return result < 0 ? result : 0;
}

static int input_of(const xmpp_stanza *stanza)
{
    switch (xmpp_presence_get_type(stanza)) {
    case XMPP_PRESENCE_SUBSCRIBE:
        return XM_RECEIVED_SUBSCRIBE;
    case XMPP_PRESENCE_SUBSCRIBED:
        return XM_RECEIVED_SUBSCRIBED;
    case XMPP_PRESENCE_UNSUBSCRIBE:
        return XM_RECEIVED_UNSUBSCRIBE;
    case XMPP_PRESENCE_UNSUBSCRIBED:
        return XM_RECEIVED_UNSUBSCRIBED;
    default:
        return -1;
    }
}

int xm_roster_note_presence(xmpp_conn *conn, xmpp_stanza *stanza, void *data)
{
    struct xm_roster *roster = data;
    int input = input_of(stanza);
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    /* The account does not ask itself, and what was forwarded is not asked now. */
    if (input < 0 || !from || xmpp_stanza_is_inner(stanza) || xmpp_conn_is_component(conn) ||
        xmpp_jid_equal_bare(from, xmpp_conn_get_bound_jid(conn))) {
        return 0;
    }
    xmpp_jid *bare;
    int result = xmpp_jid_get_bare(from, &bare);
    if (result < 0) {
        return result;
    }
    if (!xmpp_jid_is_malformed(bare)) {
        result = note_from(roster, conn, stanza, input, bare);
    }
    xmpp_jid_unref(bare);
    return result;
}

/* --- what we want ----------------------------------------------------------------------------- */

static int want(xmpp_conn *conn, const xmpp_jid *jid, int input, int type, const char *nick,
                const char *status)
{
    if (!conn || !jid) {
        return XMPP_E_INVAL;
    }
    struct xm_roster *roster = xm_roster_of(conn);
    if (!roster) {
        return XMPP_E_REQUIRES;
    }
    const struct xmpp_roster_item *item = xm_roster_find(roster, jid);
    if (input == XM_WANT_DENY && xmpp_roster_item_is_approved(item)) {
        input = XM_WANT_DENY_APPROVED;
    } else if (input == XM_WANT_PREAPPROVE && xmpp_roster_item_is_approved(item)) {
        input = XM_WANT_APPROVE;
    }
    int state = xm_roster_state(roster, jid);
    struct xm_subscription_step step = xm_subscription_step(state, input);
    if (!step.sends) {
        return 0;
    }
    int result = send_presence(conn, type, jid, nick, status);
    if (result < 0) {
        return result;
    }
    if (xm_subscription_is_requesting(state) && !xm_subscription_is_requesting(step.next)) {
        xm_roster_forget_request(roster, xmpp_jid_get_bare_text(jid));
    }
    return 1;
}

int xmpp_roster_subscribe(xmpp_conn *conn, const xmpp_jid *jid, const char *nick,
                          const char *status)
{
    return want(conn, jid, XM_WANT_SUBSCRIBE, XMPP_PRESENCE_SUBSCRIBE, nick, status);
}

int xmpp_roster_unsubscribe(xmpp_conn *conn, const xmpp_jid *jid)
{
    return want(conn, jid, XM_WANT_UNSUBSCRIBE, XMPP_PRESENCE_UNSUBSCRIBE, NULL, NULL);
}

int xmpp_roster_approve(xmpp_conn *conn, const xmpp_jid *jid)
{
    return want(conn, jid, XM_WANT_APPROVE, XMPP_PRESENCE_SUBSCRIBED, NULL, NULL);
}

int xmpp_roster_deny(xmpp_conn *conn, const xmpp_jid *jid)
{
    return want(conn, jid, XM_WANT_DENY, XMPP_PRESENCE_UNSUBSCRIBED, NULL, NULL);
}

int xmpp_roster_preapprove(xmpp_conn *conn, const xmpp_jid *jid)
{
    /* RFC 6121 3.4.1: never where the server does not offer it */
    const xmpp_elem *features = xmpp_stanza_get_root(xmpp_conn_get_features(conn));
    if (conn && jid && xm_roster_of(conn) &&
        !xmpp_elem_get_child(features, "sub", "urn:xmpp:features:pre-approval")) {
        int result = xmpp_roster_approve(conn, jid);
        return result != 0 ? result : XMPP_E_UNSUPPORTED;
    }
    return want(conn, jid, XM_WANT_PREAPPROVE, XMPP_PRESENCE_SUBSCRIBED, NULL, NULL);
}

int xmpp_roster_set_policy(xmpp_conn *conn, int policy)
{
    if (!conn || policy < XMPP_ROSTER_POLICY_ASK || policy > XMPP_ROSTER_POLICY_APPROVE_ALL) {
        return XMPP_E_INVAL;
    }
    struct xm_roster *roster = xm_roster_of(conn);
    if (!roster) {
        return XMPP_E_REQUIRES;
    }
    roster->policy = policy;
    return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

int xmpp_roster_get_subscription(const xmpp_conn *conn, const xmpp_jid *jid)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    const struct xmpp_roster_item *item =
        roster && roster->is_current ? xm_roster_find(roster, jid) : NULL;
    return xmpp_roster_item_get_subscription(item);
}

int xmpp_roster_get_state(const xmpp_conn *conn, const xmpp_jid *jid)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    return roster && jid ? xm_roster_state(roster, jid) : XMPP_SUBSCRIPTION_STATE_NONE;
}
