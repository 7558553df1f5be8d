/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server of any kind against the stream engine, with an owner who does at each event what an
 * owner would. The first byte of the input selects the settings; behind it stand the server's bytes,
 * cut into pieces by '|'. What must hold whatever the server says is checked here: what the client
 * sends is XML of a stream, no credential leaves before TLS, nothing is sent behind the end or told
 * behind it, no stanza is delivered before a resource is bound, and in a step nothing but answers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct client {
    struct xm_stream *stream;
    struct xm_buf out;
    xmpp_parser *mirror; /* reads what the client sends, as a server would */
    int may_auth;        /* the channel is protected, or need not be */
    int is_believed;     /* the owner accepted a success, or proved itself as a component */
    int is_stepping;     /* the owner's step has begun */
    int is_ended;        /* CLOSED or FAILED was told */
    int has_closed;      /* the mirror saw the end of our stream */
};

static void require(int held)
{
    if (!held) {
        abort();
    }
}

static int is_auth(const xmpp_stanza *stanza)
{
    return xmpp_elem_is(xmpp_stanza_get_root(stanza), "auth", NULL);
}

static void read_output(struct client *client)
{
    while (xm_buf_len(&client->out) > 0) {
        size_t used = 0;
        require(!client->has_closed);
        int what = xmpp_parser_feed(client->mirror, xm_buf_head(&client->out),
                                    xm_buf_len(&client->out), &used);
        require(what >= 0);
        client->has_closed = what == XMPP_PARSER_END;
        if (what == XMPP_PARSER_STANZA) {
            require(client->may_auth || !is_auth(xmpp_parser_get_stanza(client->mirror)));
        }
        xm_buf_take(&client->out, used);
    }
}

static void restart(struct client *client, int code)
{
    if (code == 0) {
        xmpp_parser_reset(client->mirror);
    }
}

static void choose(struct client *client)
{
    size_t n = 0;
    const char *const *mechanisms = xm_stream_get_mechanisms(client->stream, &n);
    if (n == 0) {
        xm_stream_close(client->stream);
    } else {
        xm_stream_auth(client->stream, mechanisms[n - 1], (const uint8_t *)"secret", n % 7);
    }
}

static void answer(struct client *client, const struct xm_stream_event *event)
{
    require(!client->is_ended);
    switch (event->type) {
    case XM_STREAM_NONE:
        break;
    case XM_STREAM_START_TLS:
        require(!client->is_believed);
        read_output(client);
        restart(client, xm_stream_secured(client->stream));
        client->may_auth = 1;
        break;
    case XM_STREAM_OFFER:
        choose(client);
        break;
    case XM_STREAM_CHALLENGE:
        if (event->n_bytes % 5 == 4) {
            xm_stream_abort(client->stream);
        } else {
            xm_stream_respond(client->stream, event->bytes, event->n_bytes);
        }
        break;
    case XM_STREAM_SUCCESS:
        require(client->may_auth && !client->is_believed);
        read_output(client);
        restart(client, xm_stream_authenticated(client->stream));
        client->is_believed = 1;
        break;
    case XM_STREAM_STEP:
        require(client->may_auth && !client->is_stepping);
        client->is_stepping = 1;
        break;
    case XM_STREAM_HANDSHAKE:
        require(!client->is_believed && *xm_stream_get_id(client->stream));
        client->is_believed = xm_stream_handshake(client->stream, "digest") == 0;
        break;
    case XM_STREAM_ONLINE:
        require(client->is_believed && xm_stream_get_jid(client->stream));
        break;
    case XM_STREAM_STANZA:
        require(client->is_stepping ? xmpp_stanza_get_kind(event->stanza) == XMPP_KIND_IQ
                                    : client->is_believed && xm_stream_get_jid(client->stream));
        if (strcmp(xmpp_elem_get_name(xmpp_stanza_get_root(event->stanza)), "close") == 0) {
            xm_stream_close(client->stream);
        } else {
            xm_stream_send(client->stream, event->stanza,
                           xmpp_stanza_get_id(event->stanza) ? NULL : "id", NULL);
            xm_stream_idle(client->stream);
        }
        break;
    case XM_STREAM_CLOSED:
    case XM_STREAM_FAILED:
        require(event->type == XM_STREAM_CLOSED || event->code < 0);
        require(xm_stream_get_stage(client->stream) == XM_STREAM_OVER);
        client->is_ended = 1;
        break;
    }
    read_output(client);
}

/* One piece, of its own size, so that reading beyond it is seen. */
static void hear(struct client *client, const uint8_t *bytes, size_t n)
{
    uint8_t *exactly = malloc(n ? n : 1);
    require(exactly != NULL);
    memcpy(exactly, bytes, n);
    for (size_t at = 0; at < n;) {
        struct xm_stream_event event;
        size_t used = 0;
        xm_stream_recv(client->stream, exactly + at, n - at, &used, &event);
        require(used <= n - at);
        require(event.type != XM_STREAM_NONE || event.heard || used == n - at);
        at += used;
        if (event.type != XM_STREAM_NONE) {
            answer(client, &event);
        }
    }
    free(exactly);
}

static void hear_all(struct client *client, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        const uint8_t *cut = memchr(bytes, '|', n);
        size_t len = cut ? (size_t)(cut - bytes) : n;
        hear(client, bytes, len);
        bytes += cut ? len + 1 : len;
        n -= cut ? len + 1 : len;
    }
    struct xm_stream_event event;
    xm_stream_recv_end(client->stream, &event);
    require(client->is_ended == (event.type == XM_STREAM_NONE));
    read_output(client);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0) {
        return 0;
    }
    unsigned bits = bytes[0];
    xmpp_jid *account = NULL;
    require(xmpp_jid_parse(&account, "juliet@example.com") == 0);
    const struct xm_stream_config config = {
        .domain = "example.com",
        .account = bits & 1 ? NULL : account,
        .resource = bits & 2 ? "balcony" : NULL,
        .security = bits & 4 ? XM_STREAM_CLEARTEXT : XM_STREAM_TLS_REQUIRED,
        .purpose = !(bits & 32) ? XM_STREAM_FOR_LOGIN
                   : bits & 64  ? XM_STREAM_FOR_STEP
                                : XM_STREAM_FOR_COMPONENT,
        .is_traced = (bits & 8) != 0,
        .limits = {bits & 16 ? 512 : 0, 0, 0, 0},
    };
    struct client client = {.mirror = xmpp_parser_new(), .may_auth = (bits & 4) != 0};
    require(client.mirror && xm_stream_new(&client.stream, &config, &client.out, "id") == 0);
    read_output(&client);
    hear_all(&client, bytes + 1, n - 1);
    xm_stream_free(client.stream);
    xm_buf_done(&client.out);
    xmpp_parser_free(client.mirror);
    xmpp_jid_unref(account);
    return 0;
}
