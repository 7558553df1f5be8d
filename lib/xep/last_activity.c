/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long ago somebody was active, XEP-0012. Watches no keyboard: the application says when a person
 * does something. */
#include "xmpp/last_activity.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "question.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

static const char ns[] = "jabber:iq:last";
static const char key;

struct activity {
    int answers;
    int64_t last; /* by the clock that never goes back */
};

/* --- answering ------------------------------------------------------------------------------------ */

static int answer(xmpp_conn *conn, const xmpp_stanza *iq, void *data)
{
    const struct activity *activity = data;
    char seconds[24];
    if (!activity->answers || !xmpp_presence_may_see(conn, xmpp_stanza_get_from(iq))) {
        return 0;
    }
    (void)snprintf(seconds, sizeof seconds, "%" PRId64,
                   (xmpp_monotonic_now() - activity->last) / 1000);
    xmpp_stanza *told = xmpp_iq_result(iq);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(told), "query", ns);
    xmpp_elem_set_attr(query, "seconds", seconds);
    int result = xmpp_conn_answer(conn, told);
    xmpp_stanza_unref(told);
    return result < 0 ? result : 1;
}

int xmpp_last_activity_enable(xmpp_conn *conn)
{
    struct activity *activity = calloc(1, sizeof *activity);
    xmpp_module *module = activity ? xmpp_module_new(&key, "last-activity", activity, free) : NULL;
    if (!module) {
        free(activity);
        return XMPP_E_NOMEM;
    }
    *activity = (struct activity){.answers = 1, .last = xmpp_monotonic_now()};
    xmpp_module_require(module, "presence");
    xmpp_module_add_feature(module, ns);
    xmpp_module_on_iq(module, XMPP_IQ_GET, "query", ns, answer);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_last_activity_set_answering(xmpp_conn *conn, int on)
{
    struct activity *activity = xmpp_conn_get_data(conn, &key);
    if (!activity) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    activity->answers = on;
    return 0;
}

int xmpp_last_activity_note(xmpp_conn *conn)
{
    struct activity *activity = xmpp_conn_get_data(conn, &key);
    if (!activity) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    activity->last = xmpp_monotonic_now();
    return 0;
}

/* --- asking --------------------------------------------------------------------------------------- */

/* Digits, and not more than milliseconds could count. */
static int read_seconds(const char *text, int64_t *ret_seconds)
{
    int64_t seconds = 0;
    if (!text || !*text) {
        return XMPP_E_PROTOCOL;
    }
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || seconds > INT64_MAX / 100000) {
            return XMPP_E_PROTOCOL;
        }
        seconds = seconds * 10 + (*text - '0');
    }
    *ret_seconds = seconds;
    return 0;
}

static void hear(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *data)
{
    const struct xm_question *question = data;
    const xmpp_elem *query = xmpp_elem_get_child(xmpp_stanza_get_root(reply), "query", ns);
    const char *status = xmpp_elem_get_text(query, NULL);
    int64_t seconds = 0;
    if (error == 0) {
        error = read_seconds(xmpp_elem_get_attr(query, "seconds"), &seconds);
    }
    status = error == 0 && status && *status ? status : NULL;
    ((xmpp_last_activity_fn)question->handler)(conn, error, seconds, status, reply,
                                               question->userdata);
}

int xmpp_last_activity_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                               int timeout_ms, xmpp_last_activity_fn handler, void *userdata,
                               xmpp_destroy_fn destroy)
{
    if (!to || !handler) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to);
    xmpp_elem_add(xmpp_stanza_root(iq), "query", ns);
    return xm_question_ask(conn, ret_slot, iq, timeout_ms, hear,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}
