/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the client does: it asks, chatters, stops receiving and leaves as it was told to, and keeps
 * what it hears. Nothing is printed here: handlers run inside the library's calls. */
#include <string.h>
#include <time.h>

#include "client.h"

int64_t act_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- requests --------------------------------------------------------------------------------- */

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)reply;
    struct client *client = userdata;
    client->outcome.answered[error <= 0 && error > -CODES ? -error : CODES - 1]++;
}

static void on_destroy(void *userdata)
{
    struct client *client = userdata;
    client->outcome.destroyed++;
}

static void request(struct client *client, int n)
{
    for (int i = 0; i < n; i++) {
        xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, "hostile.test");
        xmpp_elem_add(xmpp_stanza_root(iq), "ping", "urn:xmpp:ping");
        int result = (int)INSIDE(xmpp_conn_request(client->conn, NULL, iq, client->options.timeout,
                                                   on_reply, client, on_destroy));
        client->outcome.requested += result == 0;
        xmpp_stanza_unref(iq);
    }
}

/* --- sending ---------------------------------------------------------------------------------- */

static void chatter(struct client *client)
{
    static char body[65536];
    int n = client->options.chatter;
    if (n <= 0 || xmpp_conn_get_state(client->conn) != XMPP_STATE_ONLINE) {
        return;
    }
    memset(body, 'x', sizeof body - 1);
    body[(size_t)n < sizeof body ? (size_t)n : sizeof body - 1] = 0;
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, "bob@hostile.test");
    xmpp_message_add_body(message, NULL, body);
    int result = 0;
    while (result == 0) {
        result = (int)INSIDE(xmpp_conn_send(client->conn, message));
        client->outcome.sent += result == 0;
        client->outcome.refused_full += result == XMPP_E_QUEUE_FULL;
    }
    xmpp_stanza_unref(message);
}

static void on_writable(xmpp_conn *conn, void *userdata)
{
    (void)conn;
    struct client *client = userdata;
    client->outcome.writable++;
    chatter(client);
}

/* --- states ----------------------------------------------------------------------------------- */

static void came_online(struct client *client)
{
    request(client, client->options.requests);
    chatter(client);
    if (client->options.unread > 0) {
        INSIDE(xmpp_conn_set_receiving(client->conn, 0));
        client->receive_at_ms = act_now() + client->options.unread;
    }
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct client *client = userdata;
    struct outcome *outcome = &client->outcome;
    if (outcome->n_states < STATES_MAX) {
        outcome->states[outcome->n_states] = state;
        outcome->entered_ms[outcome->n_states++] = act_now() - client->began_ms;
    }
    outcome->n_offline += state == XMPP_STATE_OFFLINE;
    if (state == client->options.leave_state) {
        client->leave_at_ms = act_now() + client->options.leave_after;
        client->leave_at_turn =
            xmpp_conn_get_stat(conn, XMPP_STAT_TURNS) + client->options.leave_turns;
    }
    if (state == XMPP_STATE_ONLINE) {
        came_online(client);
    }
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    struct client *client = userdata;
    client->outcome.messages++;
    return 1;
}

int act_timeout(const struct client *client)
{
    int64_t turns = xmpp_conn_get_stat(client->conn, XMPP_STAT_TURNS);
    int64_t due = turns >= client->leave_at_turn ? client->leave_at_ms : INT64_MAX;
    due = client->receive_at_ms < due ? client->receive_at_ms : due;
    if (due == INT64_MAX) {
        return -1;
    }
    int64_t left = due - act_now();
    return left > 0 ? (int)left : 0;
}

void act_between_turns(struct client *client)
{
    xmpp_conn *conn = client->conn;
    if (act_now() >= client->leave_at_ms &&
        xmpp_conn_get_stat(conn, XMPP_STAT_TURNS) >= client->leave_at_turn) {
        client->leave_at_ms = INT64_MAX;
        if (client->options.leave_by_unref) {
            client->conn = NULL;
            INSIDE(xmpp_conn_unref(conn) != NULL);
            return;
        }
        INSIDE(xmpp_conn_disconnect(conn));
    }
    if (act_now() >= client->receive_at_ms) {
        client->receive_at_ms = INT64_MAX;
        INSIDE(xmpp_conn_set_receiving(conn, 1));
    }
}

int act_prepare(struct client *client)
{
    xmpp_conn *conn = client->conn;
    int result = xmpp_conn_on_state(conn, NULL, on_state, client, NULL);
    result = result < 0 ? result : xmpp_conn_on_message(conn, NULL, on_message, client, NULL);
    result = result < 0 ? result : xmpp_conn_on_writable(conn, NULL, on_writable, client, NULL);
    request(client, client->options.early);
    return result;
}
