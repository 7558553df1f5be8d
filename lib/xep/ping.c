/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pings, XEP-0199. Not what keeps the link alive: that is the connection's own, with an id that it
 * waits for itself. */
#include "xmpp/ping.h"

#include <stdlib.h>

#include "question.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

static const char ns[] = "urn:xmpp:ping";
static const char key;

struct settings {
    int answers;
};

/* --- answering ------------------------------------------------------------------------------------ */

static int answer(xmpp_conn *conn, const xmpp_stanza *iq, void *data)
{
    const struct settings *settings = data;
    if (!settings->answers) {
        return 0; /* XEP-0199 8: refused as by one that is not there */
    }
    xmpp_stanza *pong = xmpp_iq_result(iq);
    int result = xmpp_conn_answer(conn, pong);
    xmpp_stanza_unref(pong);
    return result < 0 ? result : 1;
}

int xmpp_ping_enable(xmpp_conn *conn)
{
    struct settings *settings = calloc(1, sizeof *settings);
    xmpp_module *module = settings ? xmpp_module_new(&key, "ping", settings, free) : NULL;
    if (!module) {
        free(settings);
        return XMPP_E_NOMEM;
    }
    settings->answers = 1;
    xmpp_module_add_feature(module, ns);
    xmpp_module_on_iq(module, XMPP_IQ_GET, "ping", ns, answer);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_ping_set_answering(xmpp_conn *conn, int on)
{
    struct settings *settings = xmpp_conn_get_data(conn, &key);
    if (!settings) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    settings->answers = on;
    return 0;
}

/* --- asking --------------------------------------------------------------------------------------- */

static void hear(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *data)
{
    const struct xm_question *question = data;
    ((xmpp_ping_fn)question->handler)(conn, error, xmpp_monotonic_now() - question->since, reply,
                                      question->userdata);
}

/* XEP-0199 4.2: the server itself, by its name. */
static const char *find_server(const xmpp_conn *conn)
{
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    return xmpp_jid_get_domain(own ? own : xmpp_conn_get_jid(conn));
}

int xmpp_ping_send(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, int timeout_ms,
                   xmpp_ping_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to ? to : find_server(conn));
    xmpp_elem_add(xmpp_stanza_root(iq), "ping", ns);
    return xm_question_ask(conn, ret_slot, iq, timeout_ms, hear,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}
