/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time at somebody's place, XEP-0202. Not a clock: that is xmpp_time_now(), and the offset is what
 * the application says. */
#include "xmpp/time.h"

#include <stdio.h>
#include <stdlib.h>

#include "question.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

enum { MINUTE_MS = 60000, OFFSET_MAX = 14 * 60 };

static const char ns[] = "urn:xmpp:time";
static const char key;

struct settings {
    int answers;
    int offset; /* minutes ahead of UTC */
};

/* --- answering ------------------------------------------------------------------------------------ */

static void write_offset(int offset, char text[XMPP_TIME_MAX])
{
    unsigned minutes = (unsigned)abs(offset);
    (void)snprintf(text, XMPP_TIME_MAX, "%c%02u:%02u", offset < 0 ? '-' : '+', minutes / 60,
                   minutes % 60);
}

static int answer(xmpp_conn *conn, const xmpp_stanza *iq, void *data)
{
    const struct settings *settings = data;
    char offset[XMPP_TIME_MAX];
    char utc[XMPP_TIME_MAX];
    if (!settings->answers || !xmpp_presence_may_see(conn, xmpp_stanza_get_from(iq))) {
        return 0;
    }
    int64_t now = xmpp_time_now();
    int result = xmpp_time_format(now - now % 1000, utc);
    if (result < 0) {
        return result;
    }
    write_offset(settings->offset, offset);
    xmpp_stanza *told = xmpp_iq_result(iq);
    xmpp_elem *time = xmpp_elem_add(xmpp_stanza_root(told), "time", ns);
    xmpp_elem_add_text_child(time, "tzo", NULL, offset);
    xmpp_elem_add_text_child(time, "utc", NULL, utc);
    result = xmpp_conn_answer(conn, told);
    xmpp_stanza_unref(told);
    return result < 0 ? result : 1;
}

int xmpp_time_enable(xmpp_conn *conn)
{
    struct settings *settings = calloc(1, sizeof *settings);
    xmpp_module *module = settings ? xmpp_module_new(&key, "time", settings, free) : NULL;
    if (!module) {
        free(settings);
        return XMPP_E_NOMEM;
    }
    settings->answers = 1;
    xmpp_module_require(module, "presence");
    xmpp_module_add_feature(module, ns);
    xmpp_module_on_iq(module, XMPP_IQ_GET, "time", ns, answer);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_time_set_answering(xmpp_conn *conn, int on)
{
    struct settings *settings = xmpp_conn_get_data(conn, &key);
    if (!settings) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    settings->answers = on;
    return 0;
}

int xmpp_time_set_offset(xmpp_conn *conn, int minutes)
{
    struct settings *settings = xmpp_conn_get_data(conn, &key);
    if (!conn || minutes < -OFFSET_MAX || minutes > OFFSET_MAX) {
        return XMPP_E_INVAL;
    }
    if (!settings) {
        return XMPP_E_REQUIRES;
    }
    settings->offset = minutes;
    return 0;
}

/* --- asking --------------------------------------------------------------------------------------- */

/* "Z", "+01:00": read as the beginning of 1970 there, which is so much later or earlier. */
static int read_offset(const char *text, int *ret_offset)
{
    char moment[XMPP_TIME_MAX];
    int64_t ms = 0;
    int n = snprintf(moment, sizeof moment, "1970-01-01T00:00:00%s", text);
    if (n < 0 || (size_t)n >= sizeof moment || xmpp_time_parse(moment, &ms) < 0 ||
        ms % MINUTE_MS != 0) {
        return XMPP_E_PROTOCOL;
    }
    *ret_offset = (int)(-ms / MINUTE_MS);
    return 0;
}

static int read_answer(const xmpp_stanza *reply, int64_t *ret_utc, int *ret_offset)
{
    const xmpp_elem *time = xmpp_elem_get_child(xmpp_stanza_get_root(reply), "time", ns);
    const char *tzo = xmpp_elem_get_child_text(time, "tzo", ns);
    const char *utc = xmpp_elem_get_child_text(time, "utc", ns);
    if (!tzo || !utc || read_offset(tzo, ret_offset) < 0) {
        return XMPP_E_PROTOCOL;
    }
    return xmpp_time_parse(utc, ret_utc) < 0 ? XMPP_E_PROTOCOL : 0;
}

static void hear(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *data)
{
    const struct xm_question *question = data;
    int64_t utc = 0;
    int offset = 0;
    if (error == 0) {
        error = read_answer(reply, &utc, &offset);
    }
    ((xmpp_time_fn)question->handler)(conn, error, error ? 0 : utc, error ? 0 : offset, reply,
                                      question->userdata);
}

int xmpp_time_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, int timeout_ms,
                      xmpp_time_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    if (!to || !handler) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to);
    xmpp_elem_add(xmpp_stanza_root(iq), "time", ns);
    return xm_question_ask(conn, ret_slot, iq, timeout_ms, hear,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}
