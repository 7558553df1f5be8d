/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threat 23: no block of our memory is given back while it still holds a password, as it was set or
 * as SASLprep made it, what PLAIN sends, or the salted password of SCRAM and the keys made of it,
 * whatever way the attempt ends; and neither log nor trace tells one. What GnuTLS and libgsasl keep
 * for themselves is not seen here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "base/mem.h"
#include "conn/server_tls.h"
#include "crypto/hash.h"
#include "world/faults.h"

#define PASSWORD "correct horse battery"
#define AS_SET   "correct\xc2\xa0horse battery" /* RFC 4013 2.1: this space becomes that */
#define SUCCESS  "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define FAILURE  "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"
enum { ROUNDS = 4096, SALTED = 32 };

/* Stands for what the server says last where that has to be computed. */
static const char proved[] = "success, with the server's signature";

/* What the application does in the end. */
enum end { DROP, LEAVE, FORGET };

static const struct {
    const char *what;
    const char *mechanism;
    const char *last; /* what the server says in the end; NULL: nothing */
    const char *password;
    int is_asked; /* it is not set, but asked for */
    enum end end;
} ways[] = {
    {"PLAIN, success", "PLAIN", SUCCESS, PASSWORD, 0, DROP},
    {"PLAIN, failure", "PLAIN", FAILURE, PASSWORD, 0, DROP},
    {"PLAIN, dropped", "PLAIN", NULL, PASSWORD, 0, DROP},
    {"PLAIN, left", "PLAIN", NULL, PASSWORD, 0, LEAVE},
    {"PLAIN, asked, success", "PLAIN", SUCCESS, PASSWORD, 1, LEAVE},
    {"PLAIN, asked, dropped", "PLAIN", NULL, PASSWORD, 1, DROP},
    {"SCRAM, success", "SCRAM-SHA-256", proved, PASSWORD, 0, DROP},
    {"SCRAM, success, left", "SCRAM-SHA-256", proved, PASSWORD, 0, LEAVE},
    {"SCRAM, success, forgotten", "SCRAM-SHA-256", proved, PASSWORD, 0, FORGET},
    {"SCRAM, prepared, success", "SCRAM-SHA-256", proved, AS_SET, 0, FORGET},
    {"SCRAM, asked, prepared, success", "SCRAM-SHA-256", proved, AS_SET, 1, LEAVE},
    {"SCRAM, no proof", "SCRAM-SHA-256", SUCCESS, PASSWORD, 0, DROP},
    {"SCRAM, failure", "SCRAM-SHA-256", FAILURE, AS_SET, 0, FORGET},
    {"SCRAM, dropped", "SCRAM-SHA-256", NULL, AS_SET, 0, DROP},
    {"SCRAM, left", "SCRAM-SHA-256", NULL, PASSWORD, 0, LEAVE},
    {"SCRAM, asked, failure", "SCRAM-SHA-256", FAILURE, PASSWORD, 1, DROP},
    {"DIGEST-MD5, failure", "DIGEST-MD5", FAILURE, PASSWORD, 0, DROP},
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

static void make_key(const char *name, uint8_t key[SALTED])
{
    uint8_t salted[SALTED];
    salt_password(salted);
    CHECK_INT(xm_hmac_of(XM_SHA256, salted, SALTED, name, strlen(name), key), 0);
}

/* The secrets, each long enough not to come about by chance. */
static void forbid(void)
{
    static const char plain[] = "\0juliet\0" PASSWORD;
    char encoded[XM_B64_LEN(sizeof plain) + 1];
    uint8_t key[SALTED];
    xm_b64_encode(encoded, plain, sizeof plain - 1);
    faults_forbid(PASSWORD, strlen(PASSWORD));
    faults_forbid(AS_SET, strlen(AS_SET));
    faults_forbid(encoded + 12, 24); /* the middle: not the name, not the end */
    salt_password(key);
    faults_forbid(key, sizeof key);
    make_key("Client Key", key);
    faults_forbid(key, sizeof key);
    make_key("Server Key", key);
    faults_forbid(key, sizeof key);
}

/* What an element says in base64, with a NUL behind it. */
static void decode(const char *elem, char *ret_text, size_t size)
{
    const char *start = strchr(elem, '>');
    size_t n = start ? strcspn(start + 1, "<") : 0;
    ptrdiff_t got = n > 0 && n < size ? xm_b64_decode((uint8_t *)ret_text, start + 1, n) : -1;
    CHECK(got > 0);
    ret_text[got > 0 ? got : 0] = '\0';
}

/* RFC 5802 3: success, signed by the server for what was said in these elements. Borrowed until the
 * next call. */
static const char *prove(const char *auth, const char *challenge, const char *response)
{
    static char text[256];
    char said[3][512];
    char all[1600];
    char final[64] = "v=";
    char encoded[XM_B64_LEN(sizeof final) + 1];
    uint8_t key[SALTED];
    uint8_t signature[SALTED];
    decode(auth, said[0], sizeof said[0]);
    decode(challenge, said[1], sizeof said[1]);
    decode(response, said[2], sizeof said[2]);
    const char *bare = strstr(said[0], "n=juliet");
    char *proof = strstr(said[2], ",p=");
    if (!CHECK(bare && proof)) {
        return SUCCESS;
    }
    *proof = '\0';
    snprintf(all, sizeof all, "%s,%s,%s", bare, said[1], said[2]);
    make_key("Server Key", key);
    CHECK_INT(xm_hmac_of(XM_SHA256, key, SALTED, all, strlen(all), signature), 0);
    xm_b64_encode(final + 2, signature, SALTED);
    xm_b64_encode(encoded, final, strlen(final));
    snprintf(text, sizeof text, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</success>",
             encoded);
    return text;
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

/* The exchange of SCRAM; what the server says last. */
static const char *go_scram(struct server_tls *server, const char *heard, const char *last)
{
    char auth[1024];
    char challenge[1200];
    const char *start = strstr(heard, "<auth");
    snprintf(auth, sizeof auth, "%s", start ? start : "");
    snprintf(challenge, sizeof challenge, "%s", kit_challenge(auth, ROUNDS));
    server_tls_say(server, challenge);
    const char *response = strstr(server_tls_heard(server), "<response");
    return CHECK(response) && last == proved ? prove(auth, challenge, response) : last;
}

static void go(struct server_tls *server, size_t row)
{
    xmpp_conn *conn = server->kit->conn;
    int n_secret = 0;
    CHECK_INT(xmpp_conn_set_trace(conn, on_trace, &n_secret, NULL), 0);
    CHECK_INT(xmpp_conn_set_log(conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, NULL, NULL), 0);
    CHECK_INT(xmpp_conn_allow_plain(conn, 1), 0);
    CHECK_INT(xmpp_conn_allow_legacy_digest_md5(conn, 1), 0);
    if (ways[row].is_asked) {
        CHECK_INT(xmpp_conn_on_ask(conn, NULL, answer, (void *)(uintptr_t)ways[row].password, NULL),
                  0);
    } else {
        CHECK_INT(xmpp_conn_set_password(conn, ways[row].password), 0);
    }
    server_tls_connect(server);
    (void)server_tls_heard(server);
    offer(server, ways[row].mechanism);
    const char *heard = server_tls_heard(server);
    CHECK(strstr(heard, ways[row].mechanism));
    const char *last = ways[row].last;
    if (strncmp(ways[row].mechanism, "SCRAM", 5) == 0) {
        last = go_scram(server, heard, last);
    }
    if (last) {
        server_tls_say(server, last);
    }
    if (ways[row].last == proved) {
        CHECK_INT(xmpp_conn_get_state(conn), XMPP_STATE_BINDING);
    }
    CHECK(n_secret > 0);
    CHECK_INT(xmpp_conn_set_trace(conn, NULL, NULL, NULL), 0);
}

/* What was kept for the next time goes here, or with the connection. */
static void end_so(struct kit *kit, enum end end)
{
    if (end != DROP) {
        CHECK_INT(xmpp_conn_disconnect(kit->conn), 0);
        kit_run(kit);
        CHECK_INT(xmpp_conn_get_state(kit->conn), XMPP_STATE_OFFLINE);
    }
    if (end == FORGET) {
        CHECK_INT(xmpp_conn_set_password(kit->conn, NULL), 0);
    }
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
        end_so(&kit, ways[row].end);
        server_tls_end(&server);
        CHECK_INT(faults_forbidden(), before);
    }
    faults_forbid(NULL, 0);
}

/* A component proves that it knows its secret, and keeps it for the next time. */
static void a_components_secret_is_wiped(void)
{
    struct kit kit;
    int n_secret = 0;
    kit_begin(&kit);
    faults_forbid(PASSWORD, strlen(PASSWORD));
    CHECK_INT(xmpp_conn_set_trace(kit.conn, on_trace, &n_secret, NULL), 0);
    CHECK_INT(xmpp_conn_set_log(kit.conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, NULL, NULL), 0);
    CHECK_INT(xmpp_conn_set_component_cleartext(kit.conn, "another"), 0);
    CHECK_INT(xmpp_conn_set_component_cleartext(kit.conn, PASSWORD), 0);
    CHECK_INT(xmpp_conn_allow_component_remote_insecure(kit.conn, 1), 0);
    CHECK_INT(xmpp_conn_set_server(kit.conn, "192.0.2.1", 5222), 0);
    CHECK_INT(xmpp_conn_connect(kit.conn), 0);
    kit_run(&kit);
    kit.fd = world_accept();
    kit_say(&kit, "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                  "xmlns='jabber:component:accept' id='1'>");
    CHECK(strstr(kit_heard(&kit), "<handshake>"));
    kit_say(&kit, "<handshake/>");
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_ONLINE);
    kit_end(&kit);
    CHECK_INT(faults_forbidden(), 0);
    faults_forbid(NULL, 0);
}

static void fill_in(xmpp_conn *conn, int error, const xmpp_stanza *reply, xmpp_register_form *form,
                    void *userdata)
{
    (void)reply;
    int *n = userdata;
    CHECK_INT(error, ++*n == 1 ? 0 : XMPP_E_REMOTE);
    if (form) {
        CHECK_INT(xmpp_register_form_set(form, "password", "another"), 0);
        CHECK_INT(xmpp_register_form_set(form, "password", PASSWORD), 0);
        CHECK_INT(xmpp_register_submit(conn, NULL, form, fill_in, n, NULL), 0);
    }
}

/* The id of the last iq that was said. */
static const char *last_id(const char *heard)
{
    static char id[64];
    const char *at = strstr(heard, "id='");
    CHECK(at);
    snprintf(id, sizeof id, "%.*s", at ? (int)strcspn(at + 4, "'") : 0, at ? at + 4 : "");
    return id;
}

/* It crosses TLS as it is, and stands nowhere else; `fields` ask for it. */
static void register_with(const char *fields)
{
    struct kit kit;
    struct server_tls server;
    char text[1024];
    int n_told = 0;
    int n_secret = 0;
    server_tls_begin(&server, &kit);
    CHECK_INT(xmpp_conn_set_trace(kit.conn, on_trace, &n_secret, NULL), 0);
    CHECK_INT(xmpp_conn_set_log(kit.conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, NULL, NULL), 0);
    CHECK_INT(xmpp_register_enable(kit.conn), 0);
    CHECK_INT(xmpp_register_connect(kit.conn, fill_in, &n_told, NULL), 0);
    server_tls_accept(&server);
    (void)server_tls_heard(&server);
    server_tls_say(&server, "<stream:stream from='capulet.example' id='s1' version='1.0' "
                            "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
                            "<stream:features/>");
    snprintf(text, sizeof text,
             "<iq type='result' id='%s'><query xmlns='jabber:iq:register'>%s</query></iq>",
             last_id(server_tls_heard(&server)), fields);
    server_tls_say(&server, text);
    const char *heard = server_tls_heard(&server);
    CHECK(strstr(heard, PASSWORD));
    snprintf(text, sizeof text,
             "<iq type='error' id='%s'><error type='modify'><not-acceptable "
             "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
             last_id(heard));
    server_tls_say(&server, text);
    CHECK_INT(n_told, 2);
    CHECK_INT(xmpp_conn_set_trace(kit.conn, NULL, NULL, NULL), 0);
    server_tls_end(&server);
}

static void a_password_that_is_registered_is_wiped(void)
{
    faults_forbid(PASSWORD, strlen(PASSWORD));
    register_with("<password/>");
    register_with("<x xmlns='jabber:x:data' type='form'><field var='password'/></x>");
    CHECK_INT(faults_forbidden(), 0);
    faults_forbid(NULL, 0);
}

/* A tree that is said to hold a secret, through all that it can be done with. */
static void a_tree_with_a_secret_is_wiped(void)
{
    faults_forbid(PASSWORD, strlen(PASSWORD));
    xmpp_stanza *stanza = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_stanza_set_secret(stanza);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(stanza), "query", "jabber:iq:register");
    for (int i = 0; i < 200; i++) { /* more than one block */
        xmpp_elem_add_text_child(query, "password", NULL, PASSWORD);
    }
    xmpp_stanza *copy = xmpp_stanza_copy(stanza);
    xmpp_stanza_unref(copy);
    CHECK_INT(xmpp_iq_reset(stanza, XMPP_IQ_GET, NULL), 0);
    CHECK_INT(faults_forbidden(), 0);
    xmpp_stanza_unref(stanza);
    CHECK_INT(faults_forbidden(), 0);
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
        {"a component's secret is wiped", a_components_secret_is_wiped},
        {"a password that is registered is wiped", a_password_that_is_registered_is_wiped},
        {"a tree with a secret is wiped", a_tree_with_a_secret_is_wiped},
    };
    return CHECK_MAIN(argc, argv, "conn-secrets", cases);
}
