/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Being online and seeming not to be, XEP-0186. What it means for those that answer who may see our
 * presence is said to the module "presence"; nothing that an application sends is held back. */
#include "xmpp/invisible.h"

#include <stdlib.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"

static const char ns[] = XMPP_NS_INVISIBLE;
static const char key;

struct invisible {
    int is_on;
    unsigned n_asked; /* so that the answer to what was overtaken changes nothing */
};

struct question {
    int begins;
    unsigned number;
    xmpp_reply_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
};

/* --- the module ----------------------------------------------------------------------------------- */

static int hear_session(xmpp_conn *conn, int event, void *data)
{
    struct invisible *invisible = data;
    (void)conn;
    if (event == XMPP_SESSION_OFFLINE) {
        invisible->is_on = 0; /* XEP-0186 2; the module "presence" knows by itself */
    }
    return 0;
}

int xmpp_invisible_enable(xmpp_conn *conn)
{
    struct invisible *invisible = calloc(1, sizeof *invisible);
    xmpp_module *module = invisible ? xmpp_module_new(&key, "invisible", invisible, free) : NULL;
    if (!module) {
        free(invisible);
        return XMPP_E_NOMEM;
    }
    xmpp_module_require(module, "presence");
    xmpp_module_on_session(module, hear_session);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_invisible_is_on(const xmpp_conn *conn)
{
    const struct invisible *invisible = xmpp_conn_get_data(conn, &key);
    return invisible && invisible->is_on;
}

/* --- asking --------------------------------------------------------------------------------------- */

static void forget(void *data)
{
    struct question *question = data;
    if (question->destroy) {
        question->destroy(question->userdata);
    }
    free(question);
}

static void set(xmpp_conn *conn, struct invisible *invisible, int on)
{
    invisible->is_on = on;
    (void)xmpp_presence_set_hidden(conn, on); /* it is enabled, as we require it */
}

/* XEP-0186 3.2: as before the first presence, which is sent now. */
static void show(xmpp_conn *conn, struct invisible *invisible)
{
    const xmpp_stanza *own = xmpp_presence_get_own(conn);
    set(conn, invisible, 0);
    if (own && xmpp_presence_get_type(own) == XMPP_PRESENCE_AVAILABLE &&
        xmpp_presence_set_own(conn, own) == XMPP_E_NOMEM) {
        (void)xmpp_conn_fail(conn, XMPP_E_NOMEM, "the presence could not be sent");
    }
}

static void hear(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *data)
{
    const struct question *question = data;
    struct invisible *invisible = xmpp_conn_get_data(conn, &key);
    int is_last = invisible && invisible->n_asked == question->number;
    if (is_last && question->begins && error == XMPP_E_REMOTE) {
        set(conn, invisible, 0);
    } else if (is_last && !question->begins && error == 0) {
        show(conn, invisible);
    }
    question->handler(conn, error, reply, question->userdata);
}

/* The element says the rest. */
static int ask(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza *iq, int timeout_ms,
               const struct question *like)
{
    struct invisible *invisible = xmpp_conn_get_data(conn, &key);
    struct question *question = calloc(1, sizeof *question);
    if (!question) {
        return XMPP_E_NOMEM;
    }
    *question = *like;
    question->number = invisible->n_asked + 1;
    int result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, hear, question, forget);
    if (result == 0) {
        invisible->n_asked++;
    } else if (result != XMPP_E_GONE) {
        free(question); /* the userdata is the caller's still */
    }
    return result;
}

static int check(const xmpp_conn *conn, xmpp_reply_fn handler)
{
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    if (!xmpp_conn_get_data(conn, &key)) {
        return XMPP_E_REQUIRES;
    }
    return xmpp_conn_get_state(conn) == XMPP_STATE_ONLINE ? 0 : XMPP_E_STATE;
}

int xmpp_invisible_begin(xmpp_conn *conn, xmpp_slot **ret_slot, int probe, int timeout_ms,
                         xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    struct question like = {1, 0, handler, userdata, destroy};
    int result = check(conn, handler);
    if (result < 0) {
        return result;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_elem *invisible = xmpp_elem_add(xmpp_stanza_root(iq), "invisible", ns);
    xmpp_elem_set_attr(invisible, "probe", probe ? "true" : "false");
    result = ask(conn, ret_slot, iq, timeout_ms, &like);
    xmpp_stanza_unref(iq);
    if (result == 0) {
        set(conn, xmpp_conn_get_data(conn, &key), 1);
    }
    return result;
}

int xmpp_invisible_end(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms, xmpp_reply_fn handler,
                       void *userdata, xmpp_destroy_fn destroy)
{
    struct question like = {0, 0, handler, userdata, destroy};
    int result = check(conn, handler);
    if (result < 0) {
        return result;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_elem_add(xmpp_stanza_root(iq), "visible", ns);
    result = ask(conn, ret_slot, iq, timeout_ms, &like);
    xmpp_stanza_unref(iq);
    return result;
}
