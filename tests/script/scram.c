/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SCRAM (RFC 5802) from the server's side, honest or not, straight on GnuTLS's primitives:
 *   scram auth MECHANISM user=NAME [gs2=HEADER]         what the client opened with
 *   scram challenge password=P [i=N] [salt=BASE64] [nonce=good|unextended|other] [extra=TEXT]
 *   scram response [wrong]                              the proof, right or not
 *   scram success [v=good|wrong|none|empty|error] [in=success|challenge]
 *   scram login MECHANISM user=NAME password=P          all of it, honestly */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "script/scene.h"
#include "script/xmltree.h"
#include "world/world.h"

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

enum { TEXT_MAX = 2048, SALT_MAX = 64 };

struct scene_scram {
    gnutls_mac_algorithm_t mac;
    size_t size;
    char gs2[256];
    char client_first[TEXT_MAX]; /* bare */
    char server_first[TEXT_MAX];
    char nonce[512];
    char password[128];
    char salt[128];
    unsigned iterations;
    uint8_t server_signature[64];
};

/* PBKDF2 is what a script's time goes into: the last result is kept. */
static struct {
    gnutls_mac_algorithm_t mac;
    char password[128];
    char salt[128];
    unsigned iterations;
    uint8_t salted[64];
} last;

static const uint8_t *salt_password(const struct scene_scram *s)
{
    if (last.mac != s->mac || strcmp(last.password, s->password) != 0 ||
        strcmp(last.salt, s->salt) != 0 || last.iterations != s->iterations) {
        uint8_t bytes[SALT_MAX];
        ptrdiff_t n = xm_b64_decode(bytes, s->salt, strlen(s->salt));
        gnutls_datum_t key = {(unsigned char *)(uintptr_t)s->password,
                              (unsigned)strlen(s->password)};
        gnutls_datum_t salt = {bytes, n > 0 ? (unsigned)n : 0};
        gnutls_pbkdf2(s->mac, &key, &salt, s->iterations, last.salted, s->size);
        last.mac = s->mac;
        last.iterations = s->iterations;
        snprintf(last.password, sizeof last.password, "%s", s->password);
        snprintf(last.salt, sizeof last.salt, "%s", s->salt);
    }
    return last.salted;
}

void scram_done(struct scene *scene)
{
    free(scene->scram);
    scene->scram = NULL;
}

static struct scene_scram *begin(struct scene *scene, const char *mechanism)
{
    static const struct {
        const char *name;
        gnutls_mac_algorithm_t mac;
    } rows[] = {{"SCRAM-SHA-1", GNUTLS_MAC_SHA1},
                {"SCRAM-SHA-256", GNUTLS_MAC_SHA256},
                {"SCRAM-SHA-512", GNUTLS_MAC_SHA512}};
    scram_done(scene);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].name);
        if (strncmp(mechanism, rows[i].name, n) == 0 &&
            (!mechanism[n] || strcmp(mechanism + n, "-PLUS") == 0)) {
            struct scene_scram *s = calloc(1, sizeof *s);
            if (s) {
                s->mac = rows[i].mac;
                s->size = gnutls_hmac_get_len(rows[i].mac);
            }
            scene->scram = s;
            return s;
        }
    }
    scene_fail(scene, "\"%s\" is no SCRAM", mechanism);
    return NULL;
}

/* The decoded text of the SASL element that the client sent; 0 with a failure. */
static int take_sasl(struct scene *scene, const char *want, char *text, size_t size)
{
    char why[512] = "";
    char *got = server_take(scene);
    if (!got) {
        return 0;
    }
    struct vars found = {0};
    if (!xmltree_match(want, got, &found, why, sizeof why)) {
        scene_fail(scene, "the client sent: %s\n#   %s", got, why);
        free(got);
        vars_done(&found);
        return 0;
    }
    free(got);
    const char *b64 = vars_get(&found, "data");
    size_t len = strlen(b64 ? b64 : "");
    ptrdiff_t n =
        XM_B64_BYTES(len) < size ? xm_b64_decode((uint8_t *)text, b64 ? b64 : "", len) : -1;
    text[n > 0 ? n : 0] = '\0';
    vars_done(&found);
    if (n < 0) {
        scene_fail(scene, "that is not base64");
    }
    return n >= 0;
}

static void do_auth(struct scene *scene, char **words, int n)
{
    char want[512];
    char text[TEXT_MAX];
    const char *mechanism = n > 1 ? words[1] : "";
    const char *user = scene_option(words, n, "user");
    const char *gs2 = scene_option(words, n, "gs2");
    struct scene_scram *s = begin(scene, mechanism);
    snprintf(want, sizeof want, "<auth xmlns='" NS_SASL "' mechanism='%s'>*data</auth>", mechanism);
    if (!s || !take_sasl(scene, want, text, sizeof text)) {
        return;
    }
    char *first = strchr(text, ',');
    char *bare = first ? strchr(first + 1, ',') : NULL;
    if (!bare) {
        scene_fail(scene, "no GS2 header: %s", text);
        return;
    }
    snprintf(s->gs2, sizeof s->gs2, "%.*s", (int)(bare + 1 - text), text);
    snprintf(s->client_first, sizeof s->client_first, "%s", bare + 1);
    char prefix[256];
    snprintf(prefix, sizeof prefix, "n=%s,r=", user ? user : "");
    if (strncmp(s->client_first, prefix, strlen(prefix)) != 0) {
        scene_fail(scene, "the client opened with: %s", text);
    } else if (gs2 && strcmp(gs2, s->gs2) != 0) {
        scene_fail(scene, "the GS2 header is %s", s->gs2);
    }
    snprintf(s->nonce, sizeof s->nonce, "%.400s", s->client_first + strlen(prefix));
    if (!scene->failed && strlen(s->nonce) < 24) {
        scene_fail(scene, "the nonce is short: %s", s->nonce);
    }
}

static void send_sasl(struct scene *scene, const char *element, const char *text)
{
    char b64[XM_B64_LEN(TEXT_MAX) + 1];
    char xml[XM_B64_LEN(TEXT_MAX) + 256];
    xm_b64_encode(b64, text, strlen(text));
    snprintf(xml, sizeof xml, "<%s xmlns='" NS_SASL "'>%s</%s>", element, b64, element);
    server_send(scene, xml, strlen(xml));
}

static void do_challenge(struct scene *scene, char **words, int n)
{
    struct scene_scram *s = scene->scram;
    const char *password = scene_option(words, n, "password");
    const char *i = scene_option(words, n, "i");
    const char *salt = scene_option(words, n, "salt");
    const char *mode = scene_option(words, n, "nonce");
    const char *extra = scene_option(words, n, "extra");
    const char *tail = scene_option(words, n, "tail");
    i = i ? i : "4096";
    salt = salt ? salt : "QSXCR+Q6sek8bf92";
    if (mode && strcmp(mode, "other") == 0) {
        snprintf(s->nonce, sizeof s->nonce, "%s", "fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j");
    } else if (!mode || strcmp(mode, "unextended") != 0) {
        size_t len = strlen(s->nonce);
        snprintf(s->nonce + len, sizeof s->nonce - len, "%08x", (unsigned)world_random(1U << 31));
    }
    snprintf(s->server_first, sizeof s->server_first, "%sr=%s,s=%s,i=%s%s", extra ? extra : "",
             s->nonce, salt, i, tail ? tail : "");
    snprintf(s->password, sizeof s->password, "%s", password ? password : "");
    snprintf(s->salt, sizeof s->salt, "%s", salt);
    s->iterations = (unsigned)strtoul(i, NULL, 10);
    send_sasl(scene, "challenge", s->server_first);
}

/* "c=" of the client's last message: the GS2 header, and the binding where it is used. */
static int is_bound_right(struct scene *scene, const char *c, size_t len)
{
    struct scene_scram *s = scene->scram;
    uint8_t want[512];
    char b64[XM_B64_LEN(sizeof want) + 1];
    size_t n = strlen(s->gs2);
    memcpy(want, s->gs2, n);
    if (s->gs2[0] == 'p') {
        char type[64];
        snprintf(type, sizeof type, "%.*s", (int)strcspn(s->gs2 + 2, ","), s->gs2 + 2);
        n += tls_get_binding(scene, type, want + n, sizeof want - n);
    }
    xm_b64_encode(b64, want, n);
    return strlen(b64) == len && memcmp(b64, c, len) == 0;
}

/* 1 if the proof is right; the signature of the server is made as well. */
static int check_proof(struct scene_scram *s, const char *without_proof, const char *proof)
{
    uint8_t client_key[64];
    uint8_t server_key[64];
    uint8_t stored[64];
    uint8_t signature[64];
    uint8_t got[96];
    char auth[3 * TEXT_MAX];
    const uint8_t *salted = salt_password(s);
    int len =
        snprintf(auth, sizeof auth, "%s,%s,%s", s->client_first, s->server_first, without_proof);
    gnutls_hmac_fast(s->mac, salted, s->size, "Client Key", 10, client_key);
    gnutls_hmac_fast(s->mac, salted, s->size, "Server Key", 10, server_key);
    gnutls_hash_fast((gnutls_digest_algorithm_t)s->mac, client_key, s->size, stored);
    gnutls_hmac_fast(s->mac, stored, s->size, auth, (size_t)len, signature);
    gnutls_hmac_fast(s->mac, server_key, s->size, auth, (size_t)len, s->server_signature);
    for (size_t i = 0; i < s->size; i++) {
        client_key[i] ^= signature[i];
    }
    return xm_b64_decode(got, proof, strlen(proof)) == (ptrdiff_t)s->size &&
           memcmp(got, client_key, s->size) == 0;
}

static void do_response(struct scene *scene, char **words, int n)
{
    struct scene_scram *s = scene->scram;
    char text[TEXT_MAX];
    int want_wrong = n > 1 && strcmp(words[1], "wrong") == 0;
    if (!take_sasl(scene, "<response xmlns='" NS_SASL "'>*data</response>", text, sizeof text)) {
        return;
    }
    char *r = strstr(text, ",r=");
    char *p = r ? strstr(r, ",p=") : NULL;
    if (strncmp(text, "c=", 2) != 0 || !p) {
        scene_fail(scene, "the client answered: %s", text);
        return;
    }
    *p = '\0';
    if (!is_bound_right(scene, text + 2, (size_t)(r - text) - 2)) {
        scene_fail(scene, "the binding is not right: %s", text);
    } else if (strcmp(r + 3, s->nonce) != 0) {
        scene_fail(scene, "the nonce is not right: %s", text);
    } else if (check_proof(s, text, p + 3) == want_wrong) {
        scene_fail(scene, "the proof is %s", want_wrong ? "right" : "wrong");
    }
}

static void do_success(struct scene *scene, char **words, int n)
{
    struct scene_scram *s = scene->scram;
    char text[256] = "v=";
    const char *v = scene_option(words, n, "v");
    const char *in = scene_option(words, n, "in");
    v = v ? v : "good";
    if (strcmp(v, "none") == 0) {
        static const char bare[] = "<success xmlns='" NS_SASL "'/>";
        server_send(scene, bare, sizeof bare - 1);
        return;
    }
    if (strcmp(v, "wrong") == 0) {
        s->server_signature[0] ^= 1;
    }
    xm_b64_encode(text + 2, s->server_signature, s->size);
    if (strcmp(v, "error") == 0) {
        snprintf(text, sizeof text, "e=other-error");
    } else if (strcmp(v, "empty") == 0) {
        text[2] = '\0';
    }
    send_sasl(scene, in ? in : "success", text);
}

static void do_login(struct scene *scene, char **words, int n)
{
    char challenge[512];
    char copy[512];
    char *more[8];
    const char *password = scene_option(words, n, "password");
    snprintf(challenge, sizeof challenge, "challenge password=%s", password ? password : "");
    do_auth(scene, words, n);
    if (!scene->failed) {
        do_challenge(scene, more, scene_words(challenge, copy, sizeof copy, more, 8));
    }
    if (!scene->failed) {
        do_response(scene, words, 0);
    }
    if (!scene->failed) {
        do_success(scene, words, 0);
    }
}

void scram_line(struct scene *scene, const char *rest)
{
    static const struct {
        const char *name;
        void (*step)(struct scene *scene, char **words, int n);
    } steps[] = {{"auth", do_auth},
                 {"challenge", do_challenge},
                 {"response", do_response},
                 {"success", do_success},
                 {"login", do_login}};
    char copy[1024];
    char *words[12];
    int n = scene_words(rest, copy, sizeof copy, words, 12);
    for (size_t i = 0; n > 0 && i < sizeof steps / sizeof *steps; i++) {
        int is_first = strcmp(words[0], "auth") == 0 || strcmp(words[0], "login") == 0;
        if (strcmp(words[0], steps[i].name) == 0 && (is_first || scene->scram)) {
            server_hear(scene);
            steps[i].step(scene, words, n);
            return;
        }
    }
    scene_fail(scene, "scram auth|challenge|response|success|login, in this order");
}
