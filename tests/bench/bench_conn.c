/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a stanza costs over a whole connection: received, sent, and what the connection itself
 * costs. What is in a function measured_… is what callgrind is to count; texts are made before.
 * Prints "name value" lines; run.py makes ratios of them.
 *
 *     bench-conn receive|pieces|turns|modules|send|new|tls-receive|tls-pieces|tls-send N */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "count.h"
#include "mix.h"

enum { TURN = 32, BODY = 100, PIECE = 16384 };
#define MEASURED static __attribute__((noinline)) void

static void must(int held, const char *what)
{
    if (!held) {
        fprintf(stderr, "bench-conn: %s\n", what);
        exit(1);
    }
}

/* --- received stanzas ----------------------------------------------------------------------- */

struct text {
    char *bytes;
    size_t len;
    size_t *ends; /* of each stanza */
    unsigned n;
};

static struct text make_text(unsigned n)
{
    struct text text = {malloc((size_t)n * MIX_MAX), 0, malloc(n * sizeof(size_t)), n};
    must(text.bytes && text.ends, "out of memory");
    for (unsigned i = 0; i < n; i++) {
        text.len += mix_stanza(text.bytes + text.len, MIX_MAX, i);
        text.ends[i] = text.len;
    }
    return text;
}

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    must(error == 0, "a request was not answered");
    client_saw(userdata, reply);
}

/* The mix answers requests for the roster: they are made first. */
static void ask_for_rosters(struct client *client, const struct text *text)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    for (unsigned i = 0; i < text->n; i++) {
        const char *stanza = text->bytes + (i > 0 ? text->ends[i - 1] : 0);
        char id[64];
        if (sscanf(stanza, "<iq type='result' id='%63[^']'", id) != 1) {
            continue;
        }
        xmpp_iq_reset(iq, XMPP_IQ_GET, NULL);
        xmpp_stanza_set_id(iq, id);
        xmpp_elem_add(xmpp_stanza_root(iq), "query", "jabber:iq:roster");
        must(xmpp_conn_request(client->conn, NULL, iq, 0, on_reply, client, NULL) == 0, "request");
        client_turn(client, 0);
        client_serve(client);
    }
    xmpp_stanza_unref(iq);
}

/* In front of each turn as much as is taken, at most a piece. */
MEASURED measured_receive(struct client *client, const uint8_t *wire, size_t len, size_t piece)
{
    for (size_t at = 0; at < len;) {
        at += client_write(client, wire + at, len - at < piece ? len - at : piece);
        client_turn(client, 0);
    }
    while (xmpp_conn_get_timeout(client->conn) == 0) {
        client_turn(client, 0);
    }
}

/* One stanza a turn. */
MEASURED measured_turns(struct client *client, const struct text *text)
{
    for (unsigned i = 0; i < text->n; i++) {
        size_t from = i > 0 ? text->ends[i - 1] : 0;
        client_write(client, text->bytes + from, text->ends[i] - from);
        client_turn(client, 0);
    }
}

/* `piece` 0: one stanza a turn; `enable` NULL: no modules */
static void receive(unsigned n, int with_tls, size_t piece, int (*enable)(xmpp_conn *conn))
{
    struct client client;
    struct text text = make_text(n);
    client_open(&client, with_tls);
    must(!enable || enable(client.conn) == 0, "the modules");
    ask_for_rosters(&client, &text);
    const uint8_t *wire = (const uint8_t *)text.bytes;
    size_t len = text.len;
    if (with_tls) { /* one record a stanza, encrypted before */
        for (unsigned i = 0; i < n; i++) {
            size_t from = i > 0 ? text.ends[i - 1] : 0;
            server_say(client.server, text.bytes + from, text.ends[i] - from);
        }
        wire = xm_buf_head(server_out(client.server));
        len = xm_buf_len(server_out(client.server));
    }
    struct counts before = count_now();
    if (piece == 0) {
        measured_turns(&client, &text);
    } else {
        measured_receive(&client, wire, len, piece);
    }
    count_print(&before, n);
    must(client.stanzas == n && client.read > n, "not all was received");
    printf("bytes %.1f\n", (double)text.len / n);
    client_done(&client);
    free(text.bytes);
    free(text.ends);
}

/* --- sent messages ---------------------------------------------------------------------------- */

struct line {
    char id[24];
    char to[48];
    char body[BODY + 1];
};

static struct line *make_lines(unsigned n)
{
    struct line *lines = malloc(n * sizeof *lines);
    must(lines != NULL, "out of memory");
    for (unsigned i = 0; i < n; i++) {
        snprintf(lines[i].id, sizeof lines[i].id, "m-%012x", i);
        snprintf(lines[i].to, sizeof lines[i].to, "friend.%u@example.net/phone", i % 500);
        snprintf(lines[i].body, sizeof lines[i].body, "%-*u", BODY, i);
    }
    return lines;
}

/* Turns of 32 messages, each message built here. */
MEASURED measured_send(struct client *client, const struct line *line, unsigned n_turns)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    for (unsigned turn = 0; turn < n_turns; turn++) {
        for (unsigned i = 0; i < TURN; i++, line++) {
            xmpp_message_reset(message, XMPP_MESSAGE_CHAT, line->to);
            xmpp_stanza_set_id(message, line->id);
            xmpp_message_set_body(message, NULL, line->body);
            must(xmpp_conn_send(client->conn, message) == 0, "not sent");
        }
        client_turn(client, 0);
        client_serve(client);
    }
    xmpp_stanza_unref(message);
}

static void send_messages(unsigned n, int with_tls)
{
    struct client client;
    unsigned n_turns = n / TURN;
    struct line *lines = make_lines(n_turns * TURN);
    client_open(&client, with_tls);
    struct heard heard = server_heard(client.server);
    struct counts before = count_now();
    measured_send(&client, lines, n_turns);
    struct counts after = count_now();
    struct heard last = server_heard(client.server);
    count_print(&before, n_turns * TURN);
    printf("sends-a-turn %.4f\n", (double)(after.sends - before.sends) / n_turns);
    printf("records-a-turn %.4f\n", (double)(last.records - heard.records) / n_turns);
    must(last.bytes - heard.bytes > (unsigned long)n_turns * TURN * BODY, "not all was sent");
    client_done(&client);
    free(lines);
}

/* --- the connection itself -------------------------------------------------------------------- */

static int on_any(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn, (void)stanza, (void)userdata;
    return 0;
}

MEASURED measured_new(xmpp_trust *trust, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        xmpp_conn *conn = xmpp_conn_new();
        xmpp_conn_set_jid(conn, "alice@example.org");
        xmpp_conn_set_password(conn, "correct horse battery staple");
        xmpp_conn_set_trust(conn, trust);
        xmpp_conn_set_server(conn, "xmpp.example.org", 5222);
        xmpp_conn_on_message(conn, NULL, on_any, NULL, NULL);
        xmpp_conn_on_presence(conn, NULL, on_any, NULL, NULL);
        int last = xmpp_conn_on_iq(conn, NULL, XMPP_IQ_GET, "query", "jabber:iq:version", on_any,
                                   NULL, NULL);
        must(last == 0, "not made");
        xmpp_conn_unref(conn);
    }
}

static void make_and_free(unsigned n)
{
    xmpp_trust *trust = client_trust();
    struct counts before = count_now();
    measured_new(trust, n);
    count_print(&before, n);
}

int main(int argc, char **argv)
{
    const char *what = argc == 3 ? argv[1] : "";
    unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    int with_tls = strncmp(what, "tls-", 4) == 0;
    what += with_tls ? 4 : 0;
    if (strcmp(what, "receive") == 0) {
        receive(n, with_tls, SIZE_MAX, NULL);
    } else if (strcmp(what, "pieces") == 0) {
        receive(n, with_tls, PIECE, NULL);
    } else if (strcmp(what, "turns") == 0 && !with_tls) {
        receive(n, 0, 0, NULL);
    } else if (strcmp(what, "modules") == 0 && !with_tls) {
        receive(n, 0, SIZE_MAX, xmpp_im_enable);
    } else if (strcmp(what, "send") == 0) {
        send_messages(n, with_tls);
    } else if (strcmp(what, "new") == 0) {
        make_and_free(n);
    } else {
        fprintf(stderr,
                "usage: bench-conn "
                "receive|pieces|turns|modules|send|new|tls-receive|tls-pieces|tls-send N\n");
        return 2;
    }
    return 0;
}
