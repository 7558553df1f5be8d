/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to the application. The connection keeps the one that is open without counting itself;
 * when the application's last reference goes unanswered, the answer is "refused". */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "conn/conn.h"

struct xmpp_ask {
    unsigned refs; /* of the application */
    int kind;
    xmpp_conn *conn; /* NULL: too late */
    int is_answered;
    char *password; /* the answer; NULL: refused */
};

int xmpp_conn_on_ask(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_ask_fn handler, void *userdata,
                     xmpp_destroy_fn destroy)
{
    return xm_slot_register(conn, ret_slot, XM_SLOT_ASK, (xm_any_fn)handler, userdata, destroy);
}

int xmpp_ask_get_kind(const xmpp_ask *ask)
{
    return ask ? ask->kind : 0;
}

xmpp_ask *xmpp_ask_ref(xmpp_ask *ask)
{
    if (ask) {
        ask->refs++;
    }
    return ask;
}

static void free_if_over(xmpp_ask *ask)
{
    if (ask->refs == 0 && !ask->conn) {
        xm_mem_free_secret(ask->password);
        free(ask);
    }
}

xmpp_ask *xmpp_ask_unref(xmpp_ask *ask)
{
    if (!ask || --ask->refs > 0) {
        return NULL;
    }
    xmpp_conn *conn = ask->conn;
    if (!conn) {
        free_if_over(ask);
        return NULL;
    }
    ask->is_answered = 1; /* refused, if it was not answered before */
    if (xm_conn_enter(conn) == 0) {
        xm_conn_leave(conn, 0); /* the watch hears that there is work */
    }
    return NULL;
}

int xmpp_ask_answer_password(xmpp_ask *ask, const char *password)
{
    if (!ask || ask->kind != XMPP_ASK_PASSWORD) {
        return XMPP_E_INVAL;
    }
    if (!ask->conn || ask->is_answered) {
        return XMPP_E_STALE;
    }
    int result = xm_conn_enter(ask->conn);
    if (result < 0) {
        return result;
    }
    if (password && !xm_utf8_is_xml(password, strlen(password))) {
        result = XMPP_E_CHAR;
    } else {
        result = xm_mem_set(&ask->password, password);
        ask->is_answered = result == 0;
    }
    return xm_conn_leave(ask->conn, result);
}

int xm_ask_password(xmpp_conn *conn)
{
    xmpp_ask *ask = xm_mem_new0(1, sizeof *ask);
    if (!ask) {
        return XMPP_E_NOMEM;
    }
    ask->kind = XMPP_ASK_PASSWORD;
    ask->conn = conn;
    ask->refs = 1; /* while the handlers run */
    conn->attempt->ask = ask;
    uint64_t last = conn->n_registered;
    xm_slot_begin_walk(conn);
    for (struct xmpp_slot *slot = NULL; ask->refs == 1 && !ask->is_answered &&
                                        (slot = xm_slot_next(conn, XM_SLOT_ASK, slot, last));) {
        ((xmpp_ask_fn)slot->handler)(conn, ask, slot->userdata);
    }
    xm_slot_end_walk(conn);
    xmpp_ask_unref(ask);
    return 0;
}

int xm_ask_has_answer(const xmpp_conn *conn)
{
    return conn->attempt && conn->attempt->ask && conn->attempt->ask->is_answered;
}

void xm_ask_close(xmpp_conn *conn)
{
    xmpp_ask *ask = conn->attempt->ask;
    if (ask) {
        conn->attempt->ask = NULL;
        ask->conn = NULL;
        free_if_over(ask);
    }
}

char *xm_ask_take_answer(xmpp_conn *conn)
{
    xmpp_ask *ask = conn->attempt->ask;
    char *password = ask->password;
    ask->password = NULL;
    xm_ask_close(conn);
    return password;
}
