/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Since when somebody is idle, XEP-0319. Sends nothing by itself. */
#include "xmpp/idle.h"

#include <stdlib.h>

#include "xmpp/error.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

static const char ns[] = "urn:xmpp:idle:1";
static const char key;

struct idle {
    char since[XMPP_TIME_MAX]; /* "": not idle */
};

/* XEP-0319 3.1: on what is broadcast. Who is sent presence directly, such as a room full of strangers,
 * is not told. */
static int extend(xmpp_conn *conn, const xmpp_stanza *presence, xmpp_elem *more, void *data)
{
    const struct idle *idle = data;
    const xmpp_elem *root = xmpp_stanza_get_root(presence);
    (void)conn;
    if (!idle->since[0] || xmpp_presence_get_type(presence) != XMPP_PRESENCE_AVAILABLE ||
        xmpp_elem_get_attr(root, "to") || xmpp_elem_get_child(root, "idle", ns)) {
        return 0;
    }
    xmpp_elem_set_attr(xmpp_elem_add(more, "idle", ns), "since", idle->since);
    return 0;
}

int xmpp_idle_enable(xmpp_conn *conn)
{
    struct idle *idle = calloc(1, sizeof *idle);
    xmpp_module *module = idle ? xmpp_module_new(&key, "idle", idle, free) : NULL;
    if (!module) {
        free(idle);
        return XMPP_E_NOMEM;
    }
    xmpp_module_on_send(module, XMPP_KIND_PRESENCE, extend);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_idle_begin(xmpp_conn *conn, int64_t since_ms)
{
    struct idle *idle = xmpp_conn_get_data(conn, &key);
    if (!idle) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    return xmpp_time_format(since_ms, idle->since);
}

int xmpp_idle_end(xmpp_conn *conn)
{
    struct idle *idle = xmpp_conn_get_data(conn, &key);
    if (!idle) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    idle->since[0] = '\0';
    return 0;
}

int xmpp_idle_get_since(const xmpp_stanza *presence, int64_t *ret_since_ms)
{
    const xmpp_elem *idle = xmpp_elem_get_child(xmpp_stanza_get_root(presence), "idle", ns);
    const char *since = xmpp_elem_get_attr(idle, "since");
    int64_t ms = 0;
    if (!since || xmpp_stanza_get_kind(presence) != XMPP_KIND_PRESENCE ||
        xmpp_presence_get_type(presence) != XMPP_PRESENCE_AVAILABLE ||
        xmpp_time_parse(since, &ms) < 0) {
        return XMPP_E_NOT_FOUND;
    }
    if (ret_since_ms) {
        *ret_since_ms = ms;
    }
    return 0;
}
