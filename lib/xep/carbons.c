/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Message carbons, XEP-0280: asking the server for them, session by session; which wrappers are
 * carbons, and what is in them. All that decides whether somebody can write in another one's name
 * here is in refuse_wrapper() and refuse_message(). What is done with a carbon is the application's
 * matter. */
#include "xmpp/carbons.h"

#include <stdio.h>
#include <stdlib.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/forwarded.h"
#include "xmpp/handler.h"
#include "xmpp/hints.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/log.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"

static const char key;
static const char fact_key;
static const char ns_carbons[] = "urn:xmpp:carbons:2";

/* --- asking for them -------------------------------------------------------------------------- */

struct carbons {
    int is_wanted;
    int is_online;
    int state;         /* an enum xmpp_carbons_state */
    int asked_for;     /* what the request under way wants: 1 enable, 0 disable */
    xmpp_slot *asking; /* the last request; the one before it does not matter any more */
    xmpp_carbons_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
    int is_telling; /* the handler runs */
};

static struct carbons *find(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

static void tell(xmpp_conn *conn, struct carbons *carbons, int error, const xmpp_stanza *answer)
{
    if (carbons->handler && !carbons->is_telling) {
        carbons->is_telling = 1;
        carbons->handler(conn, carbons->state, error, answer, carbons->userdata);
        carbons = find(conn); /* it may have disabled the module, which is destroyed later */
        if (carbons) {
            carbons->is_telling = 0;
        }
    }
}

static void on_answer(xmpp_conn *conn, int error, const xmpp_stanza *answer, void *userdata)
{
    struct carbons *carbons = find(conn);
    (void)userdata;
    if (!carbons) {
        return;
    }
    carbons->asking = xmpp_slot_unref(carbons->asking);
    if (error == XMPP_E_DISCONNECTED || error == XMPP_E_OFFLINE) {
        return; /* the session is over, and the next one asks */
    }
    if (error == 0) {
        carbons->state = carbons->asked_for ? XMPP_CARBONS_ON : XMPP_CARBONS_OFF;
    } else {
        carbons->state = carbons->asked_for ? XMPP_CARBONS_REFUSED : XMPP_CARBONS_ON;
    }
    tell(conn, carbons, error, error == XMPP_E_REMOTE ? answer : NULL);
}

static int ask(xmpp_conn *conn, struct carbons *carbons, int on)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL); /* XEP-0280 4, 5 */
    xmpp_elem_add(xmpp_stanza_root(iq), on ? "enable" : "disable", ns_carbons);
    xmpp_slot *slot = NULL;
    int result = xmpp_conn_request(conn, &slot, iq, 0, on_answer, NULL, NULL);
    xmpp_stanza_unref(iq);
    if (result < 0) {
        xmpp_slot_unref(slot); /* there is one if the connection has gone since */
        return result;
    }
    xmpp_slot_unref(carbons->asking);
    carbons->asking = slot;
    carbons->asked_for = on;
    carbons->state = on ? XMPP_CARBONS_ASKED : carbons->state;
    return 0;
}

static int on_session(xmpp_conn *conn, int event, void *data)
{
    struct carbons *carbons = data;
    switch (event) {
    case XMPP_SESSION_ONLINE:
        carbons->is_online = 1;
        return carbons->is_wanted ? ask(conn, carbons, 1) : 0;
    case XMPP_SESSION_OFFLINE:
        carbons->is_online = 0;
        carbons->state = XMPP_CARBONS_OFF;
        return 0;
    default: /* a session that is resumed has them still */
        return 0;
    }
}

/* The fact that a stanza is a carbon. */
struct carbon {
    int direction;              /* an enum xmpp_carbon_direction */
    const xmpp_elem *forwarded; /* in the wrapper, which this hangs on */
    xmpp_stanza *message;
};

static void destroy_carbon(void *fact)
{
    struct carbon *carbon = fact;
    xmpp_stanza_unref(carbon->message);
    free(carbon);
}

/* --- what is a carbon ------------------------------------------------------------------------- */

/* The element that makes a message claim to be a carbon; NULL if it does not. */
static const xmpp_elem *find_claim(const xmpp_elem *root)
{
    const xmpp_elem *received = xmpp_elem_get_child(root, "received", ns_carbons);
    return received ? received : xmpp_elem_get_child(root, "sent", ns_carbons);
}

static int is_only_claim(const xmpp_elem *claim)
{
    const xmpp_elem *root = xmpp_elem_get_parent(claim);
    const xmpp_elem *sent = xmpp_elem_get_child(root, "sent", ns_carbons);
    return !xmpp_elem_get_next(claim, xmpp_elem_get_name(claim), ns_carbons) &&
           (!sent || sent == claim);
}

/* An error that came back has what was sent in it, and is none, unless it is the copy of one: that
 * has no error of its own. */
static int is_type_possible(const xmpp_stanza *wrapper, const xmpp_stanza *message)
{
    int type = xmpp_message_get_type(wrapper);
    int inner_type = xmpp_message_get_type(message);
    if (type == XMPP_MESSAGE_ERROR &&
        (inner_type != XMPP_MESSAGE_ERROR ||
         xmpp_elem_get_child(xmpp_stanza_get_root(wrapper), "error", XMPP_NS_CLIENT))) {
        return 0;
    }
    /* XEP-0280 6.1: those of rooms are not copied, as each client is in the room itself */
    return type != XMPP_MESSAGE_GROUPCHAT && inner_type != XMPP_MESSAGE_GROUPCHAT;
}

static int direction_of(const xmpp_elem *claim)
{
    return xmpp_elem_is(claim, "sent", ns_carbons) ? XMPP_CARBON_SENT : XMPP_CARBON_RECEIVED;
}

/* The addresses: one end is the own account, the other one is there. A message to nobody is to the
 * own account (RFC 6120 8.1.1.1). */
static int fits(const xmpp_jid *own, int direction, const xmpp_stanza *message)
{
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    const xmpp_jid *to = xmpp_stanza_get_to(message);
    return direction == XMPP_CARBON_SENT ? xmpp_jid_equal_bare(from, own)
                                         : from && xmpp_jid_equal_bare(to, own);
}

/* Why the wrapper cannot be one, whatever is in it; NULL if it can. XEP-0280 11 */
static const char *refuse_wrapper(const xmpp_jid *own, const xmpp_stanza *wrapper,
                                  const xmpp_elem *claim)
{
    const xmpp_jid *from = xmpp_stanza_get_from(wrapper);
    if (!own || !from || !xmpp_jid_is_bare(from) || !xmpp_jid_equal_bare(from, own)) {
        return "it is not from the own bare address";
    }
    return is_only_claim(claim) ? NULL : "it claims to be several";
}

static const char *refuse_message(const xmpp_jid *own, const xmpp_stanza *wrapper, int direction,
                                  const xmpp_stanza *message)
{
    if (xmpp_stanza_get_kind(message) != XMPP_KIND_MESSAGE) {
        return "what is in it is no message";
    }
    if (!is_type_possible(wrapper, message)) {
        return "its type is not one of a carbon";
    }
    return fits(own, direction, message) ? NULL : "the addresses of its message do not fit";
}

static int drop(xmpp_conn *conn, const xmpp_stanza *wrapper, const char *why)
{
    char text[500];
    const char *from = xmpp_elem_get_attr(xmpp_stanza_get_root(wrapper), "from");
    snprintf(text, sizeof text, "what claims to be a carbon is dropped: %s (from %s)", why,
             from ? from : "nobody");
    xmpp_conn_write_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, text);
    return 1;
}

/* --- the filter ------------------------------------------------------------------------------- */

/* Takes the message; what the filter returns. */
static int attach(xmpp_conn *conn, xmpp_stanza *wrapper, int direction, const xmpp_elem *forwarded,
                  xmpp_stanza *message)
{
    int result = xmpp_conn_deliver(conn, message, XMPP_DELIVER_FILTERS);
    if (result <= 0) { /* one of them stopped it */
        return result < 0 ? result : 1;
    }
    struct carbon *carbon = calloc(1, sizeof *carbon);
    if (!carbon) {
        return XMPP_E_NOMEM;
    }
    carbon->direction = direction;
    carbon->forwarded = forwarded;
    result = xmpp_stanza_set_fact(wrapper, &fact_key, carbon, destroy_carbon);
    if (result < 0) {
        free(carbon);
        return result;
    }
    carbon->message = message;
    xmpp_stanza_ref(message);
    return 0;
}

static int unwrap(xmpp_conn *conn, xmpp_stanza *wrapper, void *data)
{
    const xmpp_elem *claim = find_claim(xmpp_stanza_get_root(wrapper));
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    (void)data;
    if (!claim || xmpp_stanza_is_inner(wrapper)) {
        return 0;
    }
    const char *why = refuse_wrapper(own, wrapper, claim);
    if (why) {
        return drop(conn, wrapper, why);
    }
    const xmpp_elem *forwarded = xmpp_forwarded_find(claim);
    xmpp_stanza *message = NULL;
    int result = forwarded ? xmpp_forwarded_read(forwarded, &message) : XMPP_E_NOT_FOUND;
    if (result < 0) {
        return result == XMPP_E_NOMEM ? result
                                      : drop(conn, wrapper, "there is not one message in it");
    }
    int direction = direction_of(claim);
    why = refuse_message(own, wrapper, direction, message);
    result = why ? drop(conn, wrapper, why) : attach(conn, wrapper, direction, forwarded, message);
    xmpp_stanza_unref(message);
    return result;
}

/* --- the module ------------------------------------------------------------------------------- */

static void destroy_carbons(void *data)
{
    struct carbons *carbons = data;
    xmpp_slot_unref(carbons->asking);
    if (carbons->destroy) {
        carbons->destroy(carbons->userdata);
    }
    free(carbons);
}

int xmpp_carbons_enable(xmpp_conn *conn)
{
    struct carbons *carbons = calloc(1, sizeof *carbons);
    xmpp_module *module =
        carbons ? xmpp_module_new(&key, "carbons", carbons, destroy_carbons) : NULL;
    if (!module) {
        free(carbons);
        return conn ? XMPP_E_NOMEM : XMPP_E_INVAL;
    }
    carbons->is_wanted = 1;
    xmpp_module_on_session(module, on_session);
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_UNWRAP, unwrap);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_carbons_set_wanted(xmpp_conn *conn, int on)
{
    struct carbons *carbons = find(conn);
    if (!carbons) {
        return XMPP_E_REQUIRES;
    }
    int is_change = carbons->is_wanted != (on != 0);
    int result = is_change && carbons->is_online ? ask(conn, carbons, on != 0) : 0;
    if (result == 0) {
        carbons->is_wanted = on != 0;
    }
    return result;
}

int xmpp_carbons_get_state(const xmpp_conn *conn)
{
    const struct carbons *carbons = find(conn);
    return carbons ? carbons->state : XMPP_CARBONS_OFF;
}

int xmpp_carbons_on_answer(xmpp_conn *conn, xmpp_carbons_fn handler, void *userdata,
                           xmpp_destroy_fn destroy)
{
    struct carbons *carbons = find(conn);
    if (!carbons || carbons->is_telling) {
        return carbons ? XMPP_E_BUSY : XMPP_E_REQUIRES;
    }
    xmpp_destroy_fn old_destroy = carbons->destroy;
    void *old_userdata = carbons->userdata;
    carbons->handler = handler;
    carbons->userdata = userdata;
    carbons->destroy = destroy;
    if (old_destroy) {
        old_destroy(old_userdata);
    }
    return 0;
}

/* --- reading and building --------------------------------------------------------------------- */

int xmpp_carbon_get_direction(const xmpp_stanza *wrapper)
{
    const struct carbon *carbon = xmpp_stanza_get_fact(wrapper, &fact_key);
    return carbon ? carbon->direction : XMPP_CARBON_NONE;
}

const xmpp_stanza *xmpp_carbon_get_message(const xmpp_stanza *wrapper)
{
    const struct carbon *carbon = xmpp_stanza_get_fact(wrapper, &fact_key);
    return carbon ? carbon->message : NULL;
}

int xmpp_carbon_get_time(const xmpp_stanza *wrapper, int64_t *ret_ms)
{
    const struct carbon *carbon = xmpp_stanza_get_fact(wrapper, &fact_key);
    return carbon ? xmpp_forwarded_get_time(carbon->forwarded, ret_ms) : XMPP_E_NOT_FOUND;
}

void xmpp_carbon_set_private(xmpp_stanza *message)
{
    xmpp_elem *root = xmpp_stanza_root(message);
    if (!xmpp_elem_get_child(root, "private", ns_carbons)) {
        xmpp_elem_add(root, "private", ns_carbons);
    }
    xmpp_hints_add(message, XMPP_HINT_NO_COPY); /* to a full address only */
}
