/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connection object: its life, the guards around public calls, its getters. What it does is in
 * the other files of this folder; conn.h is their map. */
#include "conn/conn.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/modules.h"
#include "net/net.h"

xmpp_conn *xmpp_conn_new(void)
{
    xmpp_conn *conn = malloc(sizeof *conn);
    if (!conn) {
        return NULL;
    }
    *conn = (xmpp_conn){.refs = 1,
                        .watch = {.due = INT64_MAX, .late = INT64_MAX},
                        .rest = {.due = INT64_MAX},
                        .retry = {.due = INT64_MAX}};
    xm_link_init(&conn->link);
    xm_settings_init(&conn->settings);
    return conn;
}

xmpp_conn *xmpp_conn_ref(xmpp_conn *conn)
{
    if (conn) {
        conn->refs++;
    }
    return conn;
}

/* All that the application gave is told and destroyed while the object still stands. */
static void tear_down(xmpp_conn *conn)
{
    xm_attempt_drop(conn);
    xm_transport_drop(conn);
    xm_watch_drop(conn);
    xm_modules_end(conn);
    xm_slot_end_all(conn);
    xm_ways_end(conn);
    xm_log_done(conn);
}

static void free_conn(xmpp_conn *conn)
{
    xm_connect_forget(conn);
    xm_resolver_free(conn->resolver);
    xm_modules_free(conn);
    xm_map_done(&conn->iq_table);
    xm_map_done(&conn->requests);
    xm_timers_done(&conn->timers);
    xmpp_jid_unref(conn->bound_jid);
    xm_report_clear(&conn->error);
    xm_connect_forget_facts(conn);
    free(conn->facts);
    free(conn->log);
    xm_auth_forget(conn);
    xm_settings_done(&conn->settings);
    free(conn);
}

xmpp_conn *xmpp_conn_unref(xmpp_conn *conn)
{
    if (conn && --conn->refs == 0) {
        conn->is_doomed = 1;
        if (conn->depth == 0) {
            conn->depth++;
            xm_conn_leave(conn, 0);
        }
    }
    return NULL;
}

int xm_conn_enter(xmpp_conn *conn)
{
    if (!conn) {
        return XMPP_E_INVAL;
    }
    if (conn->notifying > 0) {
        return XMPP_E_BUSY;
    }
    conn->depth++;
    return 0;
}

int xm_conn_leave(xmpp_conn *conn, int result)
{
    if (conn->depth > 1) {
        conn->depth--;
        return result;
    }
    if (conn->transport && !conn->is_doomed) {
        xm_transport_update(conn);
    }
    if (!conn->is_doomed) {
        xm_watch_update(conn);
    }
    if (!conn->is_doomed) { /* a notification may have dropped the last reference */
        conn->depth--;
        return result;
    }
    tear_down(conn);
    free_conn(conn);
    return result < 0 ? result : XMPP_E_GONE; /* what failed keeps nothing, also then */
}

void xm_conn_begin_notify(xmpp_conn *conn)
{
    conn->notifying++;
}

void xm_conn_end_notify(xmpp_conn *conn)
{
    conn->notifying--;
}

void xm_conn_destroy(xmpp_conn *conn, xmpp_destroy_fn destroy, void *userdata)
{
    if (destroy) {
        xm_conn_begin_notify(conn);
        destroy(userdata);
        xm_conn_end_notify(conn);
    }
}

int xm_conn_make_id(char id[XM_ID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[(XM_ID_SIZE - 1) / 2];
    if (xm_net_random(bytes, sizeof bytes) < 0) {
        return XMPP_E_SYSTEM;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        id[2 * i] = digits[bytes[i] >> 4];
        id[2 * i + 1] = digits[bytes[i] & 15];
    }
    id[XM_ID_SIZE - 1] = '\0';
    return 0;
}

int xmpp_conn_get_state(const xmpp_conn *conn)
{
    return conn ? conn->state : XMPP_STATE_OFFLINE;
}

const xmpp_error *xmpp_conn_get_error(const xmpp_conn *conn)
{
    static const struct xmpp_error none;
    if (!conn) {
        return &none;
    }
    return conn->error.code == 0 && conn->attempt ? &conn->attempt->last : &conn->error;
}

const xmpp_jid *xmpp_conn_get_jid(const xmpp_conn *conn)
{
    return conn ? conn->settings.jid : NULL;
}

const xmpp_jid *xmpp_conn_get_bound_jid(const xmpp_conn *conn)
{
    return conn ? conn->bound_jid : NULL;
}

const xmpp_stanza *xmpp_conn_get_features(const xmpp_conn *conn)
{
    return conn && conn->attempt && conn->attempt->stream
               ? xm_stream_get_features(conn->attempt->stream)
               : NULL;
}

int64_t xmpp_conn_get_stat(const xmpp_conn *conn, int which)
{
    if (!conn) {
        return XMPP_E_INVAL;
    }
    switch (which) {
    case XMPP_STAT_BYTES_RECEIVED:
        return conn->stats.received + conn->link.n_received;
    case XMPP_STAT_BYTES_SENT:
        return conn->stats.sent + conn->link.n_sent;
    case XMPP_STAT_STANZAS_RECEIVED:
        return conn->stats.stanzas_received;
    case XMPP_STAT_STANZAS_SENT:
        return conn->stats.stanzas_sent;
    case XMPP_STAT_QUEUE_BYTES:
        return (int64_t)xm_link_queued(&conn->link);
    case XMPP_STAT_REQUESTS:
        return (int64_t)conn->requests.n;
    case XMPP_STAT_CONNECTS:
        return conn->stats.connects;
    case XMPP_STAT_SESSIONS:
        return conn->stats.sessions;
    case XMPP_STAT_TURNS:
        return conn->stats.turns;
    default:
        return XMPP_E_INVAL;
    }
}

const char *xmpp_conn_get_fact(const xmpp_conn *conn, int which)
{
    const struct xm_facts *facts = conn ? conn->facts : NULL;
    if (!facts) {
        return NULL;
    }
    switch (which) {
    case XMPP_FACT_ADDRESS:
        return facts->address[0] ? facts->address : NULL;
    case XMPP_FACT_TLS_VERSION:
        return facts->tls_version;
    case XMPP_FACT_TLS_CIPHER:
        return facts->tls_cipher;
    case XMPP_FACT_MECHANISM:
        return facts->mechanism;
    case XMPP_FACT_BINDING:
        return facts->binding;
    case XMPP_FACT_BINDING_NOTE:
        return facts->binding_note;
    case XMPP_FACT_STREAM_ID:
        return facts->stream_id;
    default:
        return NULL;
    }
}
