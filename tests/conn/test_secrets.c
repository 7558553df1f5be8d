/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threat 23: no block of our memory is given back while it still holds a password, what PLAIN sends,
 * or the salted password of SCRAM, whatever way the attempt ends; and neither log nor trace tells
 * one. What GnuTLS and libgsasl keep for
 * themselves is not seen here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "base/mem.h"
#include "conn/server_tls.h"
#include "crypto/hash.h"
#include "world/faults.h"

#define PASSWORD "correct horse battery"
#define SUCCESS  "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define FAILURE  "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"
enum { ROUNDS = 4096, SALTED = 32 };

static const struct {
    const char *what;
    const char *mechanism;
    const char *last; /* what the server says in the end; NULL: the connection is dropped */
    int is_asked;     /* the password is not set, but asked for */
} ways[] = {
    {"PLAIN, success", "PLAIN", SUCCESS, 0},
    {"PLAIN, failure", "PLAIN", FAILURE, 0},
    {"PLAIN, dropped", "PLAIN", NULL, 0},
    {"PLAIN, asked, success", "PLAIN", SUCCESS, 1},
    {"PLAIN, asked, dropped", "PLAIN", NULL, 1},
    {"SCRAM, no proof", "SCRAM-SHA-256", SUCCESS, 0},
    {"SCRAM, failure", "SCRAM-SHA-256", FAILURE, 0},
    {"SCRAM, dropped", "SCRAM-SHA-256", NULL, 0},
    {"SCRAM, asked, failure", "SCRAM-SHA-256", FAILURE, 1},
    {"DIGEST-MD5, failure", "DIGEST-MD5", FAILURE, 0},
};

/* RFC 5802 2.2, Hi() */
static void salt_password(uint8_t salted[SALTED])
{
    uint8_t u[SALTED];
    CHECK_INT(xm_hmac_of(XM_SHA256, PASSWORD, strlen(PASSWORD), "salt\0\0\0\1", 8, u), 0);
    memcpy(salted, u, SALTED);
    for (int i = 1; i < ROUNDS; i++) {
        CHECK_INT(xm_hmac_of(XM_SHA256, PASSWORD, strlen(PASSWORD), u, SALTED, u), 0);
        for (int k = 0; k < SALTED; k++) {
            salted[k] ^= u[k];
        }
    }
}

/* The secrets, each long enough not to come about by chance. */
static void forbid(void)
{
    static const char plain[] = "\0juliet\0" PASSWORD;
    char encoded[XM_B64_LEN(sizeof plain) + 1];
    uint8_t salted[SALTED];
    salt_password(salted);
    xm_b64_encode(encoded, plain, sizeof plain - 1);
    faults_forbid(PASSWORD, strlen(PASSWORD));
    faults_forbid(encoded + 12, 24); /* the middle: not the name, not the end */
    faults_forbid(salted, sizeof salted);
}

/* In the trace, what stands in these is nobody's to see. */
static void on_trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len, void *userdata)
{
    static const char *const secret[] = {"<auth", "<response", "<challenge", "<success"};
    (void)conn;
    (void)is_sent;
    (void)len;
    CHECK(!strstr(xml, PASSWORD));
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        if (strncmp(xml, secret[i], strlen(secret[i])) == 0) {
            const char *content = strchr(xml, '>') + 1;
            CHECK(*content == '\0' || strncmp(content, "[redacted]</", 12) == 0);
            ++*(int *)userdata;
        }
    }
}

static void on_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata)
{
    (void)conn;
    (void)area;
    (void)level;
    (void)userdata;
    CHECK(!strstr(text, PASSWORD));
}

static void answer(xmpp_conn *conn, xmpp_ask *ask, void *userdata)
{
    (void)conn;
    CHECK_INT(xmpp_ask_answer_password(ask, userdata), 0);
}

static void offer(struct server_tls *server, const char *mechanism)
{
    char text[512];
    snprintf(text, sizeof text,
             "<stream:stream from='capulet.example' id='s1' version='1.0' "
             "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
             "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
             "<mechanism>%s</mechanism></mechanisms></stream:features>",
             mechanism);
    server_tls_say(server, text);
}

static void go(struct server_tls *server, size_t row)
{
    xmpp_conn *conn = server->kit->conn;
    static char asked[] = PASSWORD;
    int n_secret = 0;
    CHECK_INT(xmpp_conn_set_trace(conn, on_trace, &n_secret, NULL), 0);
    CHECK_INT(xmpp_conn_set_log(conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, NULL, NULL), 0);
    CHECK_INT(xmpp_conn_allow_plain(conn, 1), 0);
    CHECK_INT(xmpp_conn_allow_legacy_digest_md5(conn, 1), 0);
    if (ways[row].is_asked) {
        CHECK_INT(xmpp_conn_on_ask(conn, NULL, answer, asked, NULL), 0);
    } else {
        CHECK_INT(xmpp_conn_set_password(conn, PASSWORD), 0);
    }
    server_tls_connect(server);
    (void)server_tls_heard(server);
    offer(server, ways[row].mechanism);
    const char *heard = server_tls_heard(server);
    CHECK(strstr(heard, ways[row].mechanism));
    if (strncmp(ways[row].mechanism, "SCRAM", 5) == 0) {
        server_tls_say(server, kit_challenge(heard, ROUNDS));
        CHECK(strstr(server_tls_heard(server), "<response"));
    }
    if (ways[row].last) {
        server_tls_say(server, ways[row].last);
    }
    CHECK(n_secret > 0);
    CHECK_INT(xmpp_conn_set_trace(conn, NULL, NULL, NULL), 0);
}

static void no_secret_is_left_in_memory(void)
{
    forbid();
    for (size_t row = 0; row < sizeof ways / sizeof *ways; row++) {
        struct kit kit;
        struct server_tls server;
        size_t before = faults_forbidden();
        check_note("%s", ways[row].what);
        server_tls_begin(&server, &kit);
        go(&server, row);
        server_tls_end(&server);
        CHECK_INT(faults_forbidden(), before);
    }
    faults_forbid(NULL, 0);
}

/* The check itself sees a secret that is left. */
static void a_secret_that_is_left_is_seen(void)
{
    faults_forbid("a secret", 8);
    char *copy = xm_mem_dup("with a secret inside", 20);
    free(copy);
    CHECK_INT(faults_forbidden(), 1);
    faults_forbid(NULL, 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a secret that is left is seen", a_secret_that_is_left_is_seen},
        {"no secret is left in memory, or told", no_secret_is_left_in_memory},
    };
    return CHECK_MAIN(argc, argv, "conn-secrets", cases);
}
