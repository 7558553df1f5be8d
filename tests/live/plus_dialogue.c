/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of plus_server's stream: STARTTLS, SCRAM, a resource; true, or as the script lies. */
#include "plus.h"
#include "scram_peer.h"

#include <string.h>

static int open_stream(struct plus_session *s, const char *features)
{
    static char piece[PLUS_INPUT];
    char header[512];
    if (!plus_take(s, "streams", piece) || !plus_take(s, ">", piece)) {
        return 0;
    }
    snprintf(header, sizeof header,
             "<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='%p' version='1.0' "
             "xmlns:stream='http://etherx.jabber.org/streams' from='%s'>",
             (void *)s, s->options->domain);
    return plus_put(s, header) && plus_put(s, "<stream:features>") && plus_put(s, features) &&
           plus_put(s, "</stream:features>");
}

static int secure(struct plus_session *s, SSL_CTX *context)
{
    static char piece[PLUS_INPUT];
    if (!open_stream(s, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
                        "</starttls>") ||
        !plus_take(s, "<starttls", piece) || !plus_take(s, "/>", piece)) {
        return 0;
    }
    const char *proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    char text[256];
    snprintf(text, sizeof text, "%s%s", proceed, plus_lies(s, "inject") ? "<presence/>" : "");
    return plus_put(s, text) && plus_handshake(s, context);
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

static int offer(struct plus_session *s)
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
static int put_sasl(struct plus_session *s, const char *name, const char *message)
{
    char text64[2 * SCRAM_TEXT] = "", text[3 * SCRAM_TEXT];
    peer_base64(message, strlen(message), text64);
    snprintf(text, sizeof text, "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</%s>", name,
             text64, name);
    return plus_put(s, text);
}

/* Waits for an element and decodes its text; its start tag into `tag`. */
static int take_sasl(struct plus_session *s, const char *name, char tag[512], char text[SCRAM_TEXT])
{
    static char piece[PLUS_INPUT];
    char end[32];
    snprintf(end, sizeof end, "</%s>", name);
    if (!plus_take(s, end, piece)) {
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

static int refuse(struct plus_session *s, const char *condition)
{
    char text[256];
    snprintf(text, sizeof text,
             "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><%s/></failure></stream:stream>",
             condition);
    plus_put(s, text);
    plus_say("refused", condition);
    return 0;
}

/* The name of OpenSSL for the hash of the mechanism in <auth>; NULL if it was not offered. */
static const char *chosen(struct plus_session *s, const char *tag, char mechanism[64])
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

static void challenge(struct plus_session *s, struct scram_peer *peer)
{
    peer->iterations = plus_lies(s, "few") ? 1 : plus_lies(s, "many") ? 100000000 : 4096;
    if (plus_lies(s, "nonce")) {
        strcpy(peer->nonce, "another");
    }
    scram_peer_challenge(peer);
}

/* The end of the exchange, true or as the script lies. */
static int prove(struct plus_session *s, char final[SCRAM_TEXT])
{
    static char piece[PLUS_INPUT];
    if (plus_lies(s, "signature")) {
        final[2] = final[2] == 'A' ? 'B' : 'A';
    }
    if (plus_lies(s, "unproven")) {
        return plus_put(s, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }
    if (plus_lies(s, "last-challenge") || plus_lies(s, "twice")) {
        if (!put_sasl(s, "challenge", final) || !plus_take(s, "<response", piece) ||
            !plus_take(s, ">", piece)) {
            return 0;
        }
        return plus_lies(s, "twice")
                   ? put_sasl(s, "challenge", final)
                   : plus_put(s, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }
    return put_sasl(s, "success", final);
}

static int authenticate(struct plus_session *s)
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
    plus_say("auth", note);
    int plus = strstr(mechanism, "-PLUS") != NULL;
    if (plus != (peer.gs2[0] == 'p') ||
        (peer.gs2[0] == 'y' && strstr(s->options->mechanisms, "-PLUS"))) {
        return refuse(s, "malformed-request"); /* RFC 5802 6: somebody stripped our offer */
    }
    if (plus_lies(s, "early")) {
        return plus_put(s, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }
    challenge(s, &peer);
    if (!put_sasl(s, "challenge", peer.server_first) || !take_sasl(s, "response", tag, text)) {
        return 0;
    }
    size_t n = plus ? plus_binding(s, peer.binding_type, bytes) : 0;
    if ((plus && n == 0) || scram_peer_final(&peer, text, bytes, n, final)) {
        return refuse(s, "not-authorized");
    }
    plus_say("verified", "");
    return prove(s, final);
}

static int bind_resource(struct plus_session *s)
{
    static char piece[PLUS_INPUT];
    char text[512];
    if (!open_stream(s, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>") ||
        !plus_take(s, "<iq", piece) || !plus_take(s, "</iq>", piece)) {
        return 0;
    }
    const char *id = strstr(piece, "id=");
    snprintf(text, sizeof text,
             "<iq type='result' id='%.*s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>%s@%s/made</jid></bind></iq>",
             id ? (int)strcspn(id + 4, "'\"") : 0, id ? id + 4 : "", s->options->user,
             s->options->domain);
    plus_say("bound", "");
    return plus_put(s, text);
}

int plus_login(struct plus_session *s, SSL_CTX *context)
{
    return secure(s, context) && offer(s) && authenticate(s) && bind_resource(s);
}
