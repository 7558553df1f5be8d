/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* After the handshake: data both ways, the end, and everything that is no data. Threats 19, 31. */
#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>

#include "check.h"
#include "tls/link.h"
#include "xmpp/error.h"

static const char *const versions[] = {TLS12, TLS13};

/* Receives until there is nothing more: the last answer. What came is appended. */
static int drain(struct xm_tls *tls, struct xm_buf *ret_data)
{
    const uint8_t *bytes;
    size_t n;
    int ret;
    while ((ret = xm_tls_recv(tls, &bytes, &n)) == 1) {
        xm_buf_add(ret_data, bytes, n);
    }
    return ret;
}

static void check_data(const struct xm_buf *data, const char *want)
{
    CHECK_MEM(xm_buf_head(data), xm_buf_len(data), want, strlen(want));
}

/* How many records these bytes are; -1: not whole. */
static int count_records(const struct xm_buf *buf)
{
    const uint8_t *bytes = xm_buf_head(buf);
    size_t len = xm_buf_len(buf);
    size_t at = 0;
    int n = 0;
    while (at + 5 <= len) {
        at += 5 + ((size_t)bytes[at + 3] << 8 | bytes[at + 4]);
        n++;
    }
    return at == len ? n : -1;
}

static void data_both_ways(void)
{
    for (int v = 0; v < 2; v++) {
        struct tls_link link;
        struct xm_buf data = {.bytes = NULL};
        char got[64];
        if (tls_link_open(&link, versions[v])) {
            CHECK_INT(xm_tls_send(link.client, "<iq/>", 5), 0);
            CHECK_INT(xm_tls_send(link.client, "", 0), 0);
            tls_link_to_server(&link);
            CHECK_INT(tls_peer_handshake(link.server), 1);
            CHECK_INT(tls_peer_recv(link.server, got, sizeof got), 5);
            CHECK(memcmp(got, "<iq/>", 5) == 0);
            CHECK_INT(tls_peer_send(link.server, "<a/>", 4), 0);
            CHECK_INT(tls_peer_send(link.server, "<b/>", 4), 0);
            tls_link_to_client(&link);
            CHECK_INT(xm_tls_is_pending(link.client), 1);
            CHECK_INT(drain(link.client, &data), 0);
            CHECK_INT(xm_tls_is_pending(link.client), 0);
            check_data(&data, "<a/><b/>");
        }
        xm_buf_done(&data);
        tls_link_done(&link);
    }
}

/* What one turn sends leaves in one record. */
static void one_record_for_one_send(void)
{
    static const struct {
        size_t n;
        int records;
    } rows[] = {{1, 1}, {3200, 1}, {16384, 1}, {16385, 2}, {100000, 7}};
    static char text[100000];
    memset(text, 'x', sizeof text);
    for (int v = 0; v < 2; v++) {
        struct tls_link link;
        if (tls_link_open(&link, versions[v])) {
            for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                size_t all = 0;
                int got;
                char buf[16384];
                check_note("version %d, %zu bytes", v, rows[i].n);
                CHECK_INT(xm_tls_send(link.client, text, rows[i].n), 0);
                CHECK_INT(count_records(xm_tls_out(link.client)), rows[i].records);
                tls_link_to_server(&link);
                while ((got = tls_peer_recv(link.server, buf, sizeof buf)) > 0) {
                    all += (size_t)got;
                }
                CHECK_INT(all, rows[i].n);
            }
        }
        tls_link_done(&link);
    }
}

static void any_pieces(void)
{
    for (int v = 0; v < 2; v++) {
        for (unsigned seed = 0; seed < 10; seed++) {
            struct tls_link link;
            struct xm_buf data = {.bytes = NULL};
            check_note("version %d, seed %u", v, seed);
            if (tls_link_open(&link, versions[v])) {
                int ret = 0;
                link.piece = seed == 0 ? 1 : 60;
                link.seed = seed;
                for (int i = 0; i < 20; i++) {
                    tls_peer_send(link.server, "<message/>", 10);
                }
                while (xm_buf_len(&link.server->out) > 0 && ret == 0) {
                    tls_link_to_client(&link);
                    ret = drain(link.client, &data);
                    CHECK_INT(xm_tls_is_pending(link.client), 0);
                }
                CHECK_INT(ret, 0);
                CHECK_INT(xm_buf_len(&data), 200);
            }
            xm_buf_done(&data);
            tls_link_done(&link);
        }
    }
}

static void many_records_at_once(void)
{
    struct tls_link link;
    struct xm_buf data = {.bytes = NULL};
    if (tls_link_open(&link, TLS13)) {
        for (int i = 0; i < 20000; i++) {
            tls_peer_send(link.server, "<presence/>", 11);
        }
        tls_link_to_client(&link);
        CHECK_INT(drain(link.client, &data), 0);
        CHECK_INT(xm_buf_len(&data), 220000);
    }
    xm_buf_done(&data);
    tls_link_done(&link);
}

/* Data behind something that is none, in one piece: it must not be left there. */
static void data_behind_a_key_update(void)
{
    struct tls_link link;
    struct xm_buf data = {.bytes = NULL};
    if (tls_link_open(&link, TLS13)) {
        CHECK_INT(gnutls_session_key_update(link.server->session, 0), 0);
        CHECK_INT(gnutls_session_key_update(link.server->session, GNUTLS_KU_PEER), 0);
        tls_peer_send(link.server, "<a/>", 4);
        tls_link_to_client(&link);
        CHECK_INT(drain(link.client, &data), 0);
        check_data(&data, "<a/>");
        /* and the answer that was asked for goes out with what is said next */
        CHECK_INT(xm_tls_send(link.client, "<b/>", 4), 0);
        CHECK_INT(count_records(xm_tls_out(link.client)), 2);
        tls_link_to_server(&link);
        char got[16];
        CHECK_INT(tls_peer_recv(link.server, got, sizeof got), 4);
    }
    xm_buf_done(&data);
    tls_link_done(&link);
}

static void data_behind_a_warning(void)
{
    struct tls_link link;
    struct xm_buf data = {.bytes = NULL};
    if (tls_link_open(&link, TLS12)) {
        gnutls_alert_send(link.server->session, GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED);
        tls_peer_send(link.server, "<a/>", 4);
        tls_link_to_client(&link);
        CHECK_INT(drain(link.client, &data), 0);
        check_data(&data, "<a/>");
    }
    xm_buf_done(&data);
    tls_link_done(&link);
}

/* What is bounded is how many come in a row: a session may last for years. */
static void data_between_warnings(void)
{
    struct tls_link link;
    struct xm_buf data = {.bytes = NULL};
    if (tls_link_open(&link, TLS12)) {
        for (int i = 0; i < 100; i++) {
            xm_buf_clear(&data);
            gnutls_alert_send(link.server->session, GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED);
            tls_peer_send(link.server, "<a/>", 4);
            tls_link_to_client(&link);
            CHECK_INT(drain(link.client, &data), 0);
            check_data(&data, "<a/>");
        }
    }
    xm_buf_done(&data);
    tls_link_done(&link);
}

/* GnuTLS's server sends no empty record: this one is made by hand, for AES-GCM on TLS 1.2
 * (RFC 5288 3) and on TLS 1.3 (RFC 8446 5.2), with the keys and the number that the server is at. */
static void send_empty(struct tls_peer *server)
{
    int is_13 = gnutls_protocol_get_version(server->session) == GNUTLS_TLS1_3;
    gnutls_cipher_algorithm_t cipher = gnutls_cipher_get(server->session);
    gnutls_datum_t mac, iv, key;
    unsigned char seq[8];
    CHECK_INT(gnutls_record_get_state(server->session, 0, &mac, &iv, &key, seq), 0);
    unsigned char nonce[12] = {0};
    unsigned char record[64] = {0x17, 3, 3, 0, 0};
    unsigned char aad[13] = {0};
    size_t n_explicit = is_13 ? 0 : 8;
    size_t n_plain = is_13 ? 1 : 0; /* the inner type stands alone */
    static const unsigned char inner[1] = {0x17};
    size_t n = sizeof record - 5 - n_explicit;
    memcpy(nonce, iv.data, is_13 ? 12 : 4);
    for (int i = 0; i < 8; i++) {
        nonce[4 + i] ^= seq[i];
    }
    memcpy(record + 5, seq, n_explicit);
    record[4] = (unsigned char)(n_explicit + n_plain + 16);
    memcpy(aad, seq, 8);
    memcpy(aad + 8, "\x17\3\3\0\0", 5);
    gnutls_aead_cipher_hd_t handle;
    CHECK_INT(gnutls_aead_cipher_init(&handle, cipher, &key), 0);
    CHECK_INT(gnutls_aead_cipher_encrypt(handle, nonce, 12, is_13 ? record : aad, is_13 ? 5 : 13,
                                         16, inner, n_plain, record + 5 + n_explicit, &n),
              0);
    gnutls_aead_cipher_deinit(handle);
    xm_buf_add(&server->out, record, 5 + n_explicit + n);
    for (int i = 7; i >= 0 && ++seq[i] == 0; i--) {
    }
    CHECK_INT(gnutls_record_set_state(server->session, 0, seq), 0);
}

#define GCM ":-CIPHER-ALL:+AES-128-GCM"

/* An empty record is no data, and no end. */
static void an_empty_record(void)
{
    static const char *const gcm[] = {TLS12 GCM, TLS13 GCM};
    for (int v = 0; v < 2; v++) {
        struct tls_link link;
        struct xm_buf data = {.bytes = NULL};
        check_note("version %d", v);
        if (tls_link_open(&link, gcm[v])) {
            tls_peer_send(link.server, "<a/>", 4);
            send_empty(link.server);
            tls_peer_send(link.server, "<b/>", 4);
            tls_link_to_client(&link);
            CHECK_INT(drain(link.client, &data), 0);
            check_data(&data, "<a/><b/>");
        }
        xm_buf_done(&data);
        tls_link_done(&link);
    }
}

static void flood_key_updates(struct tls_peer *server)
{
    gnutls_session_key_update(server->session, 0);
}

static void flood_warnings(struct tls_peer *server)
{
    gnutls_alert_send(server->session, GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED);
}

static void flood_empty_records(struct tls_peer *server)
{
    send_empty(server);
}

/* Records without data, one by one or all at once: the session ends before long. Empty ones on TLS
 * 1.2 GnuTLS passes over itself, 200 a call. */
static void floods(void)
{
    static const struct {
        const char *what;
        void (*flood)(struct tls_peer *server);
        const char *version;
        int one_by_one; /* how it ends */
    } rows[] = {{"key updates", flood_key_updates, TLS13, XMPP_E_TLS},
                {"warnings on 1.2", flood_warnings, TLS12, XMPP_E_TLS},
                {"warnings on 1.3", flood_warnings, TLS13, XMPP_E_TLS},
                {"empty records on 1.2", flood_empty_records, TLS12 GCM, 0},
                {"empty records on 1.3", flood_empty_records, TLS13 GCM, XMPP_E_TLS}};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        enum { N = 300 };
        int at_once = i % 2 != 0;
        struct tls_link link;
        struct xm_buf data = {.bytes = NULL};
        int ret = 0;
        check_note("%s, %s", rows[i / 2].what, at_once ? "at once" : "one by one");
        if (tls_link_open(&link, rows[i / 2].version)) {
            for (int n = 0; n < N && ret == 0; n++) {
                rows[i / 2].flood(link.server);
                if (!at_once || n == N - 1) {
                    tls_link_to_client(&link);
                    ret = drain(link.client, &data);
                }
            }
            CHECK_INT(ret, at_once ? XMPP_E_TLS : rows[i / 2].one_by_one);
            CHECK(xm_buf_len(xm_tls_out(link.client)) < 500);
            CHECK(xm_tls_in(link.client)->cap < 32768);
        }
        xm_buf_done(&data);
        tls_link_done(&link);
    }
}

/* RFC 5746 and CVE-2009-3555: a server that asks for a renegotiation is left. */
static void renegotiation(void)
{
    struct tls_link link;
    struct xm_buf data = {.bytes = NULL};
    if (tls_link_open(&link, TLS12)) {
        CHECK_INT(gnutls_rehandshake(link.server->session), 0);
        tls_peer_send(link.server, "<a/>", 4);
        tls_link_to_client(&link);
        CHECK_INT(drain(link.client, &data), XMPP_E_TLS_RENEGOTIATION);
        CHECK_INT(xm_buf_len(&data), 0);
        CHECK_INT(drain(link.client, &data), XMPP_E_TLS_RENEGOTIATION);
        CHECK_INT(xm_tls_send(link.client, "x", 1), XMPP_E_TLS_RENEGOTIATION);
        tls_link_to_server(&link);
        char got[16];
        CHECK_INT(tls_peer_recv(link.server, got, sizeof got), GNUTLS_E_WARNING_ALERT_RECEIVED);
        CHECK_INT(gnutls_alert_get(link.server->session), GNUTLS_A_NO_RENEGOTIATION);
    }
    xm_buf_done(&data);
    tls_link_done(&link);
}

static void the_end_in_order(void)
{
    for (int v = 0; v < 2; v++) {
        struct tls_link link;
        struct xm_buf data = {.bytes = NULL};
        if (tls_link_open(&link, versions[v])) {
            char got[16];
            tls_peer_send(link.server, "<a/>", 4);
            tls_peer_close(link.server);
            tls_link_to_client(&link);
            xm_tls_in_end(link.client);
            CHECK_INT(drain(link.client, &data), XM_TLS_CLOSED);
            check_data(&data, "<a/>");
            CHECK_INT(drain(link.client, &data), XM_TLS_CLOSED);
            CHECK_INT(xm_tls_is_pending(link.client), 0);
            /* we may still speak, and then close */
            CHECK_INT(xm_tls_send(link.client, "bye", 3), 0);
            xm_tls_close(link.client);
            int records = count_records(xm_tls_out(link.client));
            xm_tls_close(link.client);
            CHECK_INT(count_records(xm_tls_out(link.client)), records);
            tls_link_to_server(&link);
            CHECK_INT(tls_peer_handshake(link.server), 1);
            CHECK_INT(tls_peer_recv(link.server, got, sizeof got), 3);
            CHECK_INT(tls_peer_recv(link.server, got, sizeof got), -1);
        }
        xm_buf_done(&data);
        tls_link_done(&link);
    }
}

/* Without close_notify somebody may have cut the end off. */
static void the_end_out_of_order(void)
{
    for (int v = 0; v < 2; v++) {
        for (size_t cut = 0; cut <= 30; cut++) {
            struct tls_link link;
            struct xm_buf data = {.bytes = NULL};
            check_note("version %d, %zu bytes of the last record", v, cut);
            if (tls_link_open(&link, versions[v])) {
                tls_peer_send(link.server, "<a/>", 4);
                tls_link_to_client(&link);
                tls_peer_send(link.server, "</stream:stream>", 16);
                xm_buf_cut(&link.server->out, cut);
                tls_link_to_client(&link);
                CHECK_INT(drain(link.client, &data), 0);
                CHECK_INT(xm_tls_is_pending(link.client), 0);
                xm_tls_in_end(link.client);
                CHECK_INT(xm_tls_is_pending(link.client), 1);
                CHECK_INT(drain(link.client, &data), XMPP_E_TRUNCATED);
                CHECK_INT(xm_tls_is_pending(link.client), 0);
                check_data(&data, "<a/>");
                CHECK_STR(xm_tls_get_reason(link.client), "TLS ended without close_notify");
            }
            xm_buf_done(&data);
            tls_link_done(&link);
        }
    }
}

/* Every bit counts, but of a type and a version that nobody reads (RFC 8446 5.2): the record is
 * broken, or waits for what never comes. */
static void flipped_bits(void)
{
    for (int v = 0; v < 2; v++) {
        struct tls_link link;
        size_t n = 1;
        for (size_t at = 0; at < n; at++) {
            struct xm_buf data = {.bytes = NULL};
            check_note("version %d, byte %zu", v, at);
            if (tls_link_open(&link, versions[v])) {
                tls_peer_send(link.server, "<success/>", 10);
                n = xm_buf_len(&link.server->out);
                xm_buf_head(&link.server->out)[at] ^= (uint8_t)(1u << at % 8);
                tls_link_to_client(&link);
                int ret = drain(link.client, &data);
                if (at == 3 || at == 4) { /* the length */
                    xm_tls_in_end(link.client);
                    ret = drain(link.client, &data);
                    CHECK(ret == XMPP_E_TLS_BROKEN || ret == XMPP_E_TRUNCATED);
                } else if (at > 4) {
                    CHECK_INT(ret, XMPP_E_TLS_BROKEN);
                }
                CHECK(at < 3 || (ret < 0 && xm_buf_len(&data) == 0));
            }
            xm_buf_done(&data);
            tls_link_done(&link);
        }
    }
}

static void plain_text_in_the_middle(void)
{
    static const char text[] = "<stream:error><reset/></stream:error></stream:stream>";
    for (int v = 0; v < 2; v++) {
        struct tls_link link;
        struct xm_buf data = {.bytes = NULL};
        if (tls_link_open(&link, versions[v])) {
            xm_buf_add(xm_tls_in(link.client), text, sizeof text - 1);
            CHECK_INT(drain(link.client, &data), XMPP_E_TLS_BROKEN);
            CHECK_INT(xm_buf_len(&data), 0);
        }
        xm_buf_done(&data);
        tls_link_done(&link);
    }
}

static void a_replayed_record(void)
{
    for (int v = 0; v < 2; v++) {
        struct tls_link link;
        struct xm_buf data = {.bytes = NULL};
        if (tls_link_open(&link, versions[v])) {
            tls_peer_send(link.server, "<a/>", 4);
            struct xm_buf *in = xm_tls_in(link.client);
            xm_buf_add(in, xm_buf_head(&link.server->out), xm_buf_len(&link.server->out));
            xm_buf_add(in, xm_buf_head(&link.server->out), xm_buf_len(&link.server->out));
            CHECK_INT(drain(link.client, &data), XMPP_E_TLS_BROKEN);
            check_data(&data, "<a/>");
        }
        xm_buf_done(&data);
        tls_link_done(&link);
    }
}

static void a_fatal_alert(void)
{
    struct tls_link link;
    struct xm_buf data = {.bytes = NULL};
    if (tls_link_open(&link, TLS13)) {
        gnutls_alert_send(link.server->session, GNUTLS_AL_FATAL, GNUTLS_A_INTERNAL_ERROR);
        tls_link_to_client(&link);
        CHECK_INT(drain(link.client, &data), XMPP_E_TLS);
        CHECK(strstr(xm_tls_get_reason(link.client), "Internal error") != NULL);
    }
    xm_buf_done(&data);
    tls_link_done(&link);
}

/* An idle session keeps nothing of ours but itself. */
static void idle(void)
{
    struct tls_link link;
    struct xm_buf data = {.bytes = NULL};
    if (tls_link_open(&link, TLS13)) {
        tls_peer_send(link.server, "<a/>", 4);
        tls_link_to_client(&link);
        CHECK_INT(drain(link.client, &data), 0);
        tls_link_to_server(&link);
        xm_tls_idle(link.client);
        CHECK_INT(xm_tls_in(link.client)->cap, 0);
        CHECK_INT(xm_tls_out(link.client)->cap, 0);
        tls_peer_send(link.server, "<b/>", 4);
        tls_link_to_client(&link);
        CHECK_INT(drain(link.client, &data), 0);
        check_data(&data, "<a/><b/>");
        CHECK_INT(xm_tls_send(link.client, "<c/>", 4), 0);
        xm_tls_idle(link.client); /* not what is still to go */
        CHECK_INT(count_records(xm_tls_out(link.client)), 1);
    }
    xm_buf_done(&data);
    tls_link_done(&link);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"data both ways", data_both_ways},
        {"one record for one send", one_record_for_one_send},
        {"pieces of any size", any_pieces},
        {"many records at once", many_records_at_once},
        {"data behind a key update", data_behind_a_key_update},
        {"data behind a warning", data_behind_a_warning},
        {"data between warnings", data_between_warnings},
        {"an empty record is no end", an_empty_record},
        {"floods of records without data", floods},
        {"renegotiation is refused", renegotiation},
        {"the end in order", the_end_in_order},
        {"the end out of order", the_end_out_of_order},
        {"flipped bits", flipped_bits},
        {"plain text in the middle", plain_text_in_the_middle},
        {"a replayed record", a_replayed_record},
        {"a fatal alert", a_fatal_alert},
        {"an idle session gives its buffers back", idle},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls record", cases);
}
