/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scripted server that offers -PLUS and computes its channel bindings with OpenSSL: somebody
 * else's TLS and arithmetic on the other side of ours. It serves one connection after the other,
 * on loopback, follows one script, and says on standard output what it saw, a line each:
 *
 *     port 40001 · tls TLSv1.3 · auth SCRAM-SHA-256-PLUS p=tls-exporter · verified · bound ·
 *     refused · closed
 *
 * All that the client sent, decrypted, is appended to the file --record. It is no XML parser: it
 * looks for what a client must send and stops at what it does not find.
 *
 *     --domain D --cert CHAIN --key KEY --user U --password P --tls 1.2|1.3
 *     --mechanisms "A B"   offered, in that order
 *     --bindings "x y"     announced (XEP-0440); empty: nothing is announced
 *     --lie WHAT           signature, nonce, few, many, early, unproven, twice, binding, inject,
 *                          last-challenge (which is no lie, but another way to say the truth) */
#include "scram_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <openssl/x509.h>

struct options {
    const char *domain, *cert, *key, *user, *password, *tls, *mechanisms, *bindings, *lie, *record;
};

struct session {
    const struct options *options;
    int fd;
    SSL *ssl; /* NULL before TLS */
    FILE *record;
    char in[65536];
    size_t n_in;
};

static int lies(const struct session *s, const char *what)
{
    return strcmp(s->options->lie, what) == 0;
}

static void say(const char *what, const char *more)
{
    printf("%s%s%s\n", what, more[0] ? " " : "", more);
    fflush(stdout);
}

/* --- bytes ---------------------------------------------------------------------------------- */

static int put(struct session *s, const char *text)
{
    int n = (int)strlen(text);
    return s->ssl ? SSL_write(s->ssl, text, n) == n : write(s->fd, text, (size_t)n) == n;
}

static int fill(struct session *s)
{
    size_t room = sizeof s->in - 1 - s->n_in;
    char *to = s->in + s->n_in;
    ssize_t n = s->ssl ? SSL_read(s->ssl, to, (int)room) : read(s->fd, to, room);
    if (n <= 0) {
        return 0;
    }
    fwrite(to, 1, (size_t)n, s->record);
    fflush(s->record);
    s->n_in += (size_t)n;
    s->in[s->n_in] = '\0';
    return 1;
}

/* Waits until `end` has come, and takes all up to and with it into `piece`. */
static int take(struct session *s, const char *end, char piece[sizeof(((struct session *)0)->in)])
{
    for (;;) {
        char *at = strstr(s->in, end);
        if (at) {
            size_t n = (size_t)(at - s->in) + strlen(end);
            memcpy(piece, s->in, n);
            piece[n] = '\0';
            memmove(s->in, s->in + n, s->n_in - n + 1);
            s->n_in -= n;
            return 1;
        }
        if (!fill(s)) {
            return 0;
        }
    }
}

/* --- TLS and its bindings, by OpenSSL ------------------------------------------------------- */

static SSL_CTX *make_context(const struct options *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int version = strcmp(options->tls, "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
    if (!context || !SSL_CTX_set_min_proto_version(context, version) ||
        !SSL_CTX_set_max_proto_version(context, version) ||
        SSL_CTX_use_certificate_chain_file(context, options->cert) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, options->key, SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "plus_server: the certificate or the key cannot be used\n");
        exit(2);
    }
    return context;
}

/* RFC 5929 4.1: the hash of the certificate's signature, SHA-256 for what is weaker. */
static size_t end_point(SSL *ssl, unsigned char *out)
{
    X509 *certificate = SSL_get_certificate(ssl);
    int digest = NID_undef;
    unsigned n = 0;
    OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, NULL);
    if (digest == NID_undef || digest == NID_md5 || digest == NID_sha1) {
        digest = NID_sha256;
    }
    X509_digest(certificate, EVP_get_digestbynid(digest), out, &n);
    return n;
}

/* RFC 9266 2: this label, an empty context, 32 bytes. */
static size_t exporter(SSL *ssl, unsigned char *out)
{
    static const char label[] = "EXPORTER-Channel-Binding";
    unsigned char none[1] = {0};
    return SSL_export_keying_material(ssl, out, 32, label, sizeof label - 1, none, 0, 1) == 1 ? 32
                                                                                              : 0;
}

/* The binding of that type; 0 if this session has none of it. */
static size_t binding(struct session *s, const char *type, unsigned char out[EVP_MAX_MD_SIZE])
{
    size_t n = 0;
    if (strcmp(type, "tls-exporter") == 0) {
        n = exporter(s->ssl, out);
    } else if (strcmp(type, "tls-server-end-point") == 0) {
        n = end_point(s->ssl, out);
    } else if (strcmp(type, "tls-unique") == 0 && SSL_version(s->ssl) == TLS1_2_VERSION) {
        n = SSL_get_peer_finished(s->ssl, out, EVP_MAX_MD_SIZE); /* the client's is the first */
    }
    if (lies(s, "binding")) {
        out[0] ^= 1; /* as if somebody sat between the two */
    }
    return n;
}

/* --- the dialogue --------------------------------------------------------------------------- */

static int open_stream(struct session *s, const char *features)
{
    static char piece[sizeof s->in];
    char header[512];
    if (!take(s, "streams", piece) || !take(s, ">", piece)) {
        return 0;
    }
    snprintf(header, sizeof header,
             "<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='%p' version='1.0' "
             "xmlns:stream='http://etherx.jabber.org/streams' from='%s'>",
             (void *)s, s->options->domain);
    return put(s, header) && put(s, "<stream:features>") && put(s, features) &&
           put(s, "</stream:features>");
}

static int secure(struct session *s, SSL_CTX *context)
{
    static char piece[sizeof s->in];
    if (!open_stream(s, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
                        "</starttls>") ||
        !take(s, "<starttls", piece) || !take(s, "/>", piece)) {
        return 0;
    }
    const char *proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    char text[256];
    snprintf(text, sizeof text, "%s%s", proceed, lies(s, "inject") ? "<presence/>" : "");
    if (!put(s, text)) {
        return 0;
    }
    s->n_in = 0;
    s->ssl = SSL_new(context);
    SSL_set_fd(s->ssl, s->fd);
    if (SSL_accept(s->ssl) != 1) {
        say("refused", "in the handshake");
        return 0;
    }
    say("tls", SSL_get_version(s->ssl));
    return 1;
}

/* Adds an element of each word of a list. */
static void add_each(char *text, size_t size, const char *list, const char *form)
{
    char words[512];
    snprintf(words, sizeof words, "%s", list);
    for (char *rest, *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        size_t n = strlen(text);
        const char *mark = strchr(form, '*');
        snprintf(text + n, size - n, "%.*s%s%s", (int)(mark - form), form, word, mark + 1);
    }
}

static int offer(struct session *s)
{
    char features[4096] = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>";
    add_each(features, sizeof features, s->options->mechanisms, "<mechanism>*</mechanism>");
    strcat(features, "</mechanisms>");
    if (s->options->bindings[0]) {
        strcat(features, "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>");
        add_each(features, sizeof features, s->options->bindings, "<channel-binding type='*'/>");
        strcat(features, "</sasl-channel-binding>");
    }
    return open_stream(s, features);
}

/* Sends <name>base64</name>. */
static int put_sasl(struct session *s, const char *name, const char *message)
{
    char text64[2 * SCRAM_TEXT] = "", text[3 * SCRAM_TEXT];
    peer_base64(message, strlen(message), text64);
    snprintf(text, sizeof text, "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</%s>", name,
             text64, name);
    return put(s, text);
}

/* Waits for an element and decodes its text; its start tag into `tag`. */
static int take_sasl(struct session *s, const char *name, char tag[512], char text[SCRAM_TEXT])
{
    static char piece[sizeof s->in];
    char end[32];
    snprintf(end, sizeof end, "</%s>", name);
    if (!take(s, end, piece)) {
        return 0;
    }
    char *open = strchr(piece, '<'), *close = open ? strchr(open, '>') : NULL;
    if (!close || close - open > 500) {
        return 0;
    }
    memcpy(tag, open, (size_t)(close - open));
    tag[close - open] = '\0';
    size_t n = strlen(close + 1) - strlen(end);
    return peer_unbase64(close + 1, n, text, SCRAM_TEXT) >= 0;
}

static int refuse(struct session *s, const char *condition)
{
    char text[256];
    snprintf(text, sizeof text,
             "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><%s/></failure></stream:stream>",
             condition);
    put(s, text);
    say("refused", condition);
    return 0;
}

/* The name of OpenSSL for the hash of the mechanism in <auth>; NULL if it was not offered. */
static const char *chosen(struct session *s, const char *tag, char mechanism[64])
{
    const char *at = strstr(tag, "mechanism=");
    if (!at) {
        return NULL;
    }
    snprintf(mechanism, 64, "%.*s", (int)strcspn(at + 11, "'\""), at + 11);
    char list[600], word[72];
    snprintf(list, sizeof list, " %s ", s->options->mechanisms);
    snprintf(word, sizeof word, " %s ", mechanism);
    if (!strstr(list, word)) {
        return NULL;
    }
    return strstr(mechanism, "SHA-512")   ? "SHA512"
           : strstr(mechanism, "SHA-256") ? "SHA256"
                                          : "SHA1";
}

static void challenge(struct session *s, struct scram_peer *peer)
{
    peer->iterations = lies(s, "few") ? 1 : lies(s, "many") ? 100000000 : 4096;
    if (lies(s, "nonce")) {
        strcpy(peer->nonce, "another");
    }
    scram_peer_challenge(peer);
}

/* The end of the exchange, true or as the script lies. */
static int prove(struct session *s, char final[SCRAM_TEXT])
{
    static char piece[sizeof s->in];
    if (lies(s, "signature")) {
        final[2] = final[2] == 'A' ? 'B' : 'A';
    }
    if (lies(s, "unproven")) {
        return put(s, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }
    if (lies(s, "last-challenge") || lies(s, "twice")) {
        if (!put_sasl(s, "challenge", final) || !take(s, "<response", piece) ||
            !take(s, ">", piece)) {
            return 0;
        }
        return lies(s, "twice") ? put_sasl(s, "challenge", final)
                                : put(s, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }
    return put_sasl(s, "success", final);
}

static int authenticate(struct session *s)
{
    struct scram_peer peer = {.user = s->options->user, .password = s->options->password};
    char tag[512], text[SCRAM_TEXT], mechanism[64], final[SCRAM_TEXT], note[256];
    unsigned char bytes[EVP_MAX_MD_SIZE];
    if (!take_sasl(s, "auth", tag, text)) {
        return 0;
    }
    peer.hash = chosen(s, tag, mechanism);
    if (!peer.hash || scram_peer_first(&peer, text)) {
        return refuse(s, "not-authorized");
    }
    snprintf(note, sizeof note, "%s %.*s", mechanism, (int)strcspn(peer.gs2, ","), peer.gs2);
    say("auth", note);
    int plus = strstr(mechanism, "-PLUS") != NULL;
    if (plus != (peer.gs2[0] == 'p') ||
        (peer.gs2[0] == 'y' && strstr(s->options->mechanisms, "-PLUS"))) {
        return refuse(s, "malformed-request"); /* RFC 5802 6: somebody stripped our offer */
    }
    if (lies(s, "early")) {
        return put(s, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }
    challenge(s, &peer);
    if (!put_sasl(s, "challenge", peer.server_first) || !take_sasl(s, "response", tag, text)) {
        return 0;
    }
    size_t n = plus ? binding(s, peer.binding_type, bytes) : 0;
    if ((plus && n == 0) || scram_peer_final(&peer, text, bytes, n, final)) {
        return refuse(s, "not-authorized");
    }
    say("verified", "");
    return prove(s, final);
}

static int bind_resource(struct session *s)
{
    static char piece[sizeof s->in];
    char text[512];
    if (!open_stream(s, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>") ||
        !take(s, "<iq", piece) || !take(s, "</iq>", piece)) {
        return 0;
    }
    const char *id = strstr(piece, "id=");
    snprintf(text, sizeof text,
             "<iq type='result' id='%.*s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>%s@%s/made</jid></bind></iq>",
             id ? (int)strcspn(id + 4, "'\"") : 0, id ? id + 4 : "", s->options->user,
             s->options->domain);
    say("bound", "");
    return put(s, text);
}

static void serve(struct session *s, SSL_CTX *context)
{
    static char piece[sizeof s->in];
    if (secure(s, context) && offer(s) && authenticate(s) && bind_resource(s) &&
        take(s, "</stream:stream>", piece)) {
        put(s, "</stream:stream>");
    }
    while (fill(s)) { /* to hear all that is said even so */
        s->n_in = 0;
    }
    say("closed", "");
    if (s->ssl) {
        SSL_shutdown(s->ssl);
        SSL_free(s->ssl);
    }
    close(s->fd);
}

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    char port[16];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 8) ||
        getsockname(fd, (struct sockaddr *)&address, &n)) {
        perror("plus_server");
        exit(2);
    }
    snprintf(port, sizeof port, "%u", (unsigned)ntohs(address.sin_port));
    say("port", port);
    return fd;
}

static void read_options(int argc, char **argv, struct options *o)
{
    struct {
        const char *name, **value;
    } table[] = {{"--domain", &o->domain},
                 {"--cert", &o->cert},
                 {"--key", &o->key},
                 {"--user", &o->user},
                 {"--password", &o->password},
                 {"--tls", &o->tls},
                 {"--mechanisms", &o->mechanisms},
                 {"--bindings", &o->bindings},
                 {"--lie", &o->lie},
                 {"--record", &o->record}};
    for (int i = 1; i + 1 < argc; i += 2) {
        for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
            if (strcmp(argv[i], table[k].name) == 0) {
                *table[k].value = argv[i + 1];
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct options options = {"plus.test", "", "", "alice", "", "1.3", "", "", "", "/dev/null"};
    struct timeval patience = {.tv_sec = 20};
    static struct session session;
    read_options(argc, argv, &options);
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *context = make_context(&options);
    int listener = listen_on_loopback();
    FILE *record = fopen(options.record, "ab");
    for (int fd; record && (fd = accept(listener, NULL, NULL)) >= 0;) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        memset(&session, 0, sizeof session);
        session.options = &options;
        session.fd = fd;
        session.record = record;
        serve(&session, context);
    }
    perror("plus_server");
    return 2;
}
