/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What hangs on a connection under the keys of whoever put it there. */
#include <stdlib.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "conn/modules.h"

static struct xm_datum **find(const xmpp_conn *conn, const void *key)
{
    struct xm_datum **at = &conn->modules->data;
    while (*at && (*at)->key != key) {
        at = &(*at)->next;
    }
    return at;
}

static const xmpp_module *find_module(const xmpp_conn *conn, const void *key)
{
    const xmpp_module *module = conn->modules->first;
    while (module && (module->is_dead || module->key != key)) {
        module = module->next;
    }
    return module;
}

static void end(xmpp_conn *conn, struct xm_datum **at)
{
    struct xm_datum *datum = *at;
    *at = datum->next;
    xm_conn_destroy(conn, datum->destroy, datum->data);
    free(datum);
}

void xm_data_end_newest(xmpp_conn *conn)
{
    end(conn, &conn->modules->data);
}

static int set(xmpp_conn *conn, const void *key, void *data, xmpp_destroy_fn destroy)
{
    if (!key || (conn->modules && find_module(conn, key))) {
        return XMPP_E_INVAL;
    }
    if (xm_modules_make(conn) < 0) {
        return XMPP_E_NOMEM;
    }
    struct xm_datum *datum = data ? malloc(sizeof *datum) : NULL;
    if (data && !datum) {
        return XMPP_E_NOMEM;
    }
    struct xm_datum **old = find(conn, key);
    if (*old) {
        end(conn, old);
    }
    if (datum) {
        *datum = (struct xm_datum){conn->modules->data, key, data, destroy, ++conn->n_registered};
        conn->modules->data = datum;
    }
    return 0;
}

int xmpp_conn_set_data(xmpp_conn *conn, const void *key, void *data, xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    return result < 0 ? result : xm_conn_leave(conn, set(conn, key, data, destroy));
}

void *xmpp_conn_get_data(const xmpp_conn *conn, const void *key)
{
    if (!conn || !conn->modules || !key) {
        return NULL;
    }
    const xmpp_module *module = find_module(conn, key);
    if (module) {
        return module->data;
    }
    const struct xm_datum *datum = *find(conn, key);
    return datum ? datum->data : NULL;
}
