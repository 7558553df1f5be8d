/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading what a server of DIGEST-MD5 asks. Syntax and the choice of a realm; the answer is
 * computed by libgsasl, which takes an empty nonce, or the first realm of several, as they come. */
#include "sasl/digest_challenge.h"

#include <string.h>

#include "base/nocase.h"
#include "base/utf8.h"
#include "xmpp/error.h"

struct text {
    const char *at; /* borrowed from the challenge */
    size_t n;
};

/* The directives that may not come twice (RFC 2831 2.1.1); those we need no value of are listed
 * for that. */
enum directive { NONCE, QOP, STALE, MAXBUF, CHARSET, ALGORITHM, CIPHER, DIRECTIVES };

struct challenge {
    struct text value[DIRECTIVES]; /* `at` is NULL: it did not come */
    struct text realm;             /* the first one, or the one we look for */
    unsigned n_realms;
    int has_own_realm;
};

struct reader {
    const char *at;
    const char *end;
};

static int fail(const char **ret_why, const char *why)
{
    *ret_why = why;
    return XMPP_E_AUTH_PROTOCOL;
}

static int is_word(struct text text, const char *word)
{
    return text.n == strlen(word) && xm_nocase_equal(text.at, word, text.n);
}

/* 1 for a character of a token, RFC 2831 7.1. */
static int is_token(char c)
{
    return c > 0x20 && c < 0x7f && !strchr("()<>@,;:\\\"/[]?={}", c);
}

static void skip_space(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t')) {
        reader->at++;
    }
}

static int take_char(struct reader *reader, char c)
{
    skip_space(reader);
    if (reader->at == reader->end || *reader->at != c) {
        return 0;
    }
    reader->at++;
    return 1;
}

static struct text take_token(struct reader *reader)
{
    skip_space(reader);
    struct text text = {reader->at, 0};
    while (reader->at < reader->end && is_token(*reader->at)) {
        reader->at++;
    }
    text.n = (size_t)(reader->at - text.at);
    return text;
}

/* What is behind the opening quote, without the closing one, which is taken; quoted pairs stay as
 * they are. 0 if it does not end. */
static int take_quoted(struct reader *reader, struct text *ret_text)
{
    const char *start = reader->at;
    for (; reader->at < reader->end; reader->at++) {
        if (*reader->at == '"') {
            *ret_text = (struct text){start, (size_t)(reader->at++ - start)};
            return 1;
        }
        if (*reader->at == '\\' && ++reader->at == reader->end) {
            return 0;
        }
    }
    return 0;
}

/* name "=" ( token | quoted-string ); implementations differ in what they quote (RFC 2831 7.2). */
static int take_directive(struct reader *reader, struct text *ret_name, struct text *ret_value)
{
    *ret_name = take_token(reader);
    if (ret_name->n == 0 || !take_char(reader, '=')) {
        return 0;
    }
    if (take_char(reader, '"')) {
        return take_quoted(reader, ret_value);
    }
    *ret_value = take_token(reader);
    return ret_value->n > 0;
}

/* Notes one directive. 0 if it may not come (again). */
static int note(struct challenge *challenge, struct text name, struct text value,
                const char *domain)
{
    static const char *const names[DIRECTIVES] = {"nonce",   "qop",       "stale", "maxbuf",
                                                  "charset", "algorithm", "cipher"};
    if (is_word(name, "realm")) {
        int is_own = value.n == strlen(domain) && memcmp(value.at, domain, value.n) == 0;
        if (is_own || challenge->n_realms == 0) {
            challenge->realm = value;
        }
        challenge->has_own_realm |= is_own;
        challenge->n_realms++;
        return 1;
    }
    for (int i = 0; i < DIRECTIVES; i++) {
        if (is_word(name, names[i])) {
            if (challenge->value[i].at) {
                return 0;
            }
            challenge->value[i] = value;
        }
    }
    return 1; /* others are ignored: RFC 2831 2.1.1, auth-param */
}

/* 1#directive: between the commas there may be nothing. */
static int read_all(struct challenge *challenge, struct reader *reader, const char *domain,
                    const char **ret_why)
{
    for (;;) {
        while (take_char(reader, ',')) {
        }
        if (reader->at == reader->end) {
            return 0;
        }
        struct text name;
        struct text value;
        if (!take_directive(reader, &name, &value)) {
            return fail(ret_why, "malformed challenge");
        }
        if (!note(challenge, name, value, domain)) {
            return fail(ret_why, "a directive of the challenge comes twice");
        }
        skip_space(reader);
        if (reader->at < reader->end && *reader->at != ',') {
            return fail(ret_why, "malformed challenge");
        }
    }
}

/* 1 if the list of tokens has this one. */
static int has_token(struct text list, const char *word)
{
    struct reader reader = {list.at, list.at + list.n};
    for (;;) {
        if (is_word(take_token(&reader), word)) {
            return 1;
        }
        if (!take_char(&reader, ',')) {
            return 0;
        }
    }
}

/* Text that needs no quoted pair, and is shown and compared as it stands. */
static int is_plain(struct text text)
{
    return !memchr(text.at, '\\', text.n) && xm_utf8_is_xml(text.at, text.n);
}

static int is_nonce(struct text nonce)
{
    for (size_t i = 0; i < nonce.n; i++) {
        if (nonce.at[i] < 0x20 || nonce.at[i] > 0x7e) {
            return 0;
        }
    }
    return nonce.n > 0 && is_plain(nonce);
}

static int check(const struct challenge *challenge, const char **ret_why)
{
    const struct text *value = challenge->value;
    if (!value[NONCE].at || !is_nonce(value[NONCE])) {
        return fail(ret_why, "no nonce in the challenge");
    }
    if (!value[ALGORITHM].at || !is_word(value[ALGORITHM], "md5-sess")) {
        return fail(ret_why, "the algorithm of the challenge is not md5-sess");
    }
    if (value[CHARSET].at && !is_word(value[CHARSET], "utf-8")) {
        return fail(ret_why, "the charset of the challenge is not utf-8");
    }
    if (value[QOP].at && !has_token(value[QOP], "auth")) {
        return fail(ret_why, "the challenge does not offer mere authentication");
    }
    if (challenge->n_realms > 1 && !challenge->has_own_realm) {
        return fail(ret_why, "none of several realms is the domain");
    }
    if (challenge->n_realms > 0 && !is_plain(challenge->realm)) {
        return fail(ret_why, "the realm cannot be used");
    }
    return 0;
}

static int write_quoted(struct xm_buf *out, const char *start, struct text text)
{
    int code = xm_buf_add_text(out, start);
    code = code < 0 ? code : xm_buf_add(out, text.at, text.n);
    return code < 0 ? code : xm_buf_add_text(out, "\",");
}

static int write_anew(struct xm_buf *out, const struct challenge *challenge)
{
    int code = write_quoted(out, "nonce=\"", challenge->value[NONCE]);
    if (code == 0 && challenge->n_realms > 0) {
        code = write_quoted(out, "realm=\"", challenge->realm);
    }
    if (code == 0 && challenge->value[CHARSET].at) {
        code = xm_buf_add_text(out, "charset=utf-8,");
    }
    return code < 0 ? code : xm_buf_add_text(out, "qop=\"auth\",algorithm=md5-sess");
}

int xm_digest_challenge(struct xm_buf *out, const uint8_t *bytes, size_t n, const char *domain,
                        const char **ret_why)
{
    if (n == 0 || n > XM_DIGEST_CHALLENGE_MAX || memchr(bytes, 0, n)) {
        return fail(ret_why, "challenge is empty, too long or not text");
    }
    struct challenge challenge = {0};
    struct reader reader = {(const char *)bytes, (const char *)bytes + n};
    int code = read_all(&challenge, &reader, domain, ret_why);
    code = code < 0 ? code : check(&challenge, ret_why);
    if (code < 0) {
        return code;
    }
    size_t before = xm_buf_len(out);
    code = write_anew(out, &challenge);
    if (code < 0) {
        xm_buf_cut(out, before);
    }
    return code;
}
