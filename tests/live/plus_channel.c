/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plus_server's bytes, in the clear and by OpenSSL's TLS, and the channel bindings that OpenSSL
 * computes. It is no XML parser: it looks for what a client must send. */
#include "plus.h"

#include <string.h>
#include <unistd.h>

#include <openssl/x509.h>

int plus_put(struct plus_session *s, const char *text)
{
    int n = (int)strlen(text);
    return s->ssl ? SSL_write(s->ssl, text, n) == n : write(s->fd, text, (size_t)n) == n;
}

int plus_fill(struct plus_session *s)
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

int plus_take(struct plus_session *s, const char *end, char piece[PLUS_INPUT])
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
        if (!plus_fill(s)) {
            return 0;
        }
    }
}

int plus_handshake(struct plus_session *s, SSL_CTX *context)
{
    s->n_in = 0;
    s->ssl = SSL_new(context);
    SSL_set_fd(s->ssl, s->fd);
    if (SSL_accept(s->ssl) != 1) {
        plus_say("refused", "in the handshake");
        return 0;
    }
    plus_say("tls", SSL_get_version(s->ssl));
    return 1;
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

size_t plus_binding(struct plus_session *s, const char *type, unsigned char out[EVP_MAX_MD_SIZE])
{
    size_t n = 0;
    if (strcmp(type, "tls-exporter") == 0) {
        n = exporter(s->ssl, out);
    } else if (strcmp(type, "tls-server-end-point") == 0) {
        n = end_point(s->ssl, out);
    } else if (strcmp(type, "tls-unique") == 0 && SSL_version(s->ssl) == TLS1_2_VERSION) {
        n = SSL_get_peer_finished(s->ssl, out, EVP_MAX_MD_SIZE); /* the client's is the first */
    }
    if (plus_lies(s, "binding")) {
        out[0] ^= 1; /* as if somebody sat between the two */
    }
    return n;
}
