/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a connection tells about itself: the log, and the XML trace, from which everything that
 * authenticates is left out. Nothing is composed that nobody reads. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "conn/conn.h"
#include "conn/modules.h"
#include "stanza/typed.h"
#include "stanza/write.h"

enum { LINE_MAX = 512 };
/* Bytes of a stanza that is told. One is written longer than it came if namespaces are said with a
 * prefix: each element says its own. */
enum { TRACE_MAX = 4 * 1024 * 1024 };

void xm_log(xmpp_conn *conn, int area, int level, const char *format, ...)
{
    struct xm_log *log = conn->log;
    if (!log || !log->log || level > log->level || !(log->areas & (uint32_t)area)) {
        return;
    }
    char raw[LINE_MAX];
    char line[LINE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    xm_utf8_sanitise(line, sizeof line, raw, strlen(raw));
    xm_conn_begin_notify(conn);
    log->log(conn, area, level, line, log->log_userdata);
    xm_conn_end_notify(conn);
}

void xmpp_conn_write_log(xmpp_conn *conn, int area, int level, const char *text)
{
    if (conn && text) {
        xm_log(conn, area, level, "%s", text);
    }
}

static int make_log(xmpp_conn *conn)
{
    if (!conn->log) {
        conn->log = xm_mem_new0(1, sizeof *conn->log);
    }
    return conn->log ? 0 : XMPP_E_NOMEM;
}

int xmpp_conn_set_log(xmpp_conn *conn, uint32_t areas, int level, xmpp_log_fn log, void *userdata,
                      xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (make_log(conn) < 0) {
        return xm_conn_leave(conn, XMPP_E_NOMEM);
    }
    xmpp_destroy_fn old_destroy = conn->log->log_destroy;
    void *old_userdata = conn->log->log_userdata;
    conn->log->log = log;
    conn->log->log_userdata = userdata;
    conn->log->log_destroy = destroy;
    conn->log->areas = areas;
    conn->log->level = level;
    xm_conn_destroy(conn, old_destroy, old_userdata);
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_set_trace(xmpp_conn *conn, xmpp_trace_fn trace_fn, void *userdata,
                        xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (make_log(conn) < 0) {
        return xm_conn_leave(conn, XMPP_E_NOMEM);
    }
    xmpp_destroy_fn old_destroy = conn->log->trace_destroy;
    void *old_userdata = conn->log->trace_userdata;
    conn->log->trace = trace_fn;
    conn->log->trace_userdata = userdata;
    conn->log->trace_destroy = destroy;
    if (conn->attempt && conn->attempt->stream) {
        xm_stream_set_traced(conn->attempt->stream, trace_fn != NULL);
    }
    xm_conn_destroy(conn, old_destroy, old_userdata);
    return xm_conn_leave(conn, 0);
}

void xm_log_done(xmpp_conn *conn)
{
    if (!conn->log) {
        return;
    }
    struct xm_log log = *conn->log;
    *conn->log = (struct xm_log){.log = NULL};
    xm_conn_destroy(conn, log.log_destroy, log.log_userdata);
    xm_conn_destroy(conn, log.trace_destroy, log.trace_userdata);
}

/* --- the trace -------------------------------------------------------------------------------- */

static void trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len)
{
    xm_conn_begin_notify(conn);
    conn->log->trace(conn, is_sent, xml, len, conn->log->trace_userdata);
    xm_conn_end_notify(conn);
}

/* Tells an element without its content: up to the end of its start tag, then the end tag. */
static void trace_redacted(xmpp_conn *conn, const char *xml, size_t len)
{
    static const char mark[] = "[redacted]";
    const char *open = memchr(xml, '>', len);
    const char *close = memrchr(xml, '<', len);
    if (!open || !close || close <= open) {
        trace(conn, 1, xml, len); /* it is empty */
        return;
    }
    struct xm_buf text = {0};
    if (xm_buf_add(&text, xml, (size_t)(open + 1 - xml)) == 0 &&
        xm_buf_add(&text, mark, sizeof mark - 1) == 0 &&
        xm_buf_add(&text, close, (size_t)(xml + len - close) + 1) == 0) {
        trace(conn, 1, (const char *)xm_buf_head(&text), xm_buf_len(&text) - 1);
    }
    xm_buf_done(&text);
}

void xm_trace_sent(xmpp_conn *conn, size_t from, int is_secret)
{
    struct xm_buf *out = &conn->link.out;
    if (!xm_trace_is_on(conn) || xm_buf_len(out) <= from) {
        return;
    }
    if (xm_buf_add(out, "", 1) < 0) { /* the NUL that is promised, taken off again */
        return;
    }
    const char *xml = (const char *)xm_buf_head(out) + from;
    size_t len = xm_buf_len(out) - from - 1;
    if (is_secret) {
        trace_redacted(conn, xml, len);
    } else {
        trace(conn, 1, xml, len);
    }
    xm_buf_cut(out, xm_buf_len(out) - 1);
}

/* What authenticates, and what modules marked. */
static int is_secret(const xmpp_elem *elem, const void *conn)
{
    return xmpp_elem_is(elem, "challenge", XM_NS_SASL) ||
           xmpp_elem_is(elem, "success", XM_NS_SASL) || xm_modules_hide(elem, conn);
}

static void trace_tree(xmpp_conn *conn, int is_sent, const xmpp_stanza *stanza, const char *id,
                       const xmpp_elem *more)
{
    const char *from = is_sent && xm_component_is(conn) ? xm_typed_answers_as(stanza) : NULL;
    struct xm_write_options options = {.default_ns = XMPP_NS_CLIENT,
                                       .id = id,
                                       .from = from,
                                       .more = more,
                                       .is_secret = is_secret,
                                       .context = conn,
                                       .most = TRACE_MAX};
    struct xm_buf text = {0};
    int result = xm_stanza_write(stanza, &text, &options);
    if (result == XMPP_E_TOO_BIG) {
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "a stanza is too long for the trace");
    }
    if (result == 0 && xm_buf_add(&text, "", 1) == 0) {
        trace(conn, is_sent, (const char *)xm_buf_head(&text), xm_buf_len(&text) - 1);
    }
    xm_buf_done(&text);
}

void xm_trace_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id,
                     const xmpp_elem *more)
{
    trace_tree(conn, 1, stanza, id, more);
}

void xm_trace_received(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    if (xm_trace_is_on(conn)) {
        trace_tree(conn, 0, stanza, NULL, NULL);
    }
}
