/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing SCRAM's messages. Syntax alone: whether a nonce extends ours, a count is
 * acceptable or a signature right is scram.c's. */
#include "sasl/scram_message.h"

#include <string.h>

#include "base/b64.h"
#include "base/utf8.h"
#include "xmpp/error.h"

struct reader {
    const char *at;
    const char *end;
};

/* attr-val = ALPHA "=" value */
struct attribute {
    char name; /* 0: there is none */
    const char *value;
    size_t n;
};

static int fail(const char **ret_why, const char *why)
{
    *ret_why = why;
    return XMPP_E_AUTH_PROTOCOL;
}

/* A message of a sane length, UTF-8 without NUL. */
static int is_text(const uint8_t *bytes, size_t n)
{
    if (n == 0 || n > XM_SCRAM_MESSAGE_MAX) {
        return 0;
    }
    for (size_t i = 0; i < n;) {
        uint32_t point;
        size_t len = xm_utf8_next(bytes + i, n - i, &point);
        if (len == 0 || point == 0) {
            return 0;
        }
        i += len;
    }
    return 1;
}

/* Takes the next attribute; one of name 0 at the end. 0 if it is malformed. */
static int take(struct reader *reader, struct attribute *ret_attribute)
{
    *ret_attribute = (struct attribute){0};
    if (reader->at == reader->end) {
        return 1;
    }
    size_t left = (size_t)(reader->end - reader->at);
    const char *comma = memchr(reader->at, ',', left);
    const char *stop = comma ? comma : reader->end;
    char name = reader->at[0];
    int is_alpha = (name >= 'a' && name <= 'z') || (name >= 'A' && name <= 'Z');
    if (stop - reader->at < 3 || !is_alpha || reader->at[1] != '=' || stop + 1 == reader->end) {
        return 0; /* also where a comma is last */
    }
    *ret_attribute = (struct attribute){name, reader->at + 2, (size_t)(stop - reader->at - 2)};
    reader->at = comma ? comma + 1 : reader->end;
    return 1;
}

/* What follows may be unknown extensions, which are ignored, and nothing else: neither a mandatory
 * one nor an attribute that has its place elsewhere (RFC 5802 5.1). */
static int read_extensions(struct reader *reader, const char **ret_why)
{
    struct attribute attribute;
    do {
        if (!take(reader, &attribute)) {
            return fail(ret_why, "malformed SCRAM extension");
        }
        if (attribute.name == 'm') {
            return fail(ret_why, "mandatory SCRAM extension");
        }
        if (attribute.name && strchr("anrcsipve", attribute.name)) {
            return fail(ret_why, "SCRAM attribute out of place");
        }
    } while (attribute.name);
    return 0;
}

/* RFC 5802 7, server-error-value: the words that are known, and what they mean to us. */
static int server_error(const struct attribute *attribute, const char **ret_why)
{
    static const struct {
        const char *word;
        const char *why;
        int code;
    } known[] = {
        {"invalid-encoding", "server: invalid-encoding", XMPP_E_AUTH},
        {"extensions-not-supported", "server: extensions-not-supported", XMPP_E_AUTH},
        {"invalid-proof", "server: invalid-proof", XMPP_E_AUTH},
        {"channel-bindings-dont-match", "server: channel-bindings-dont-match", XMPP_E_AUTH_BINDING},
        {"server-does-support-channel-binding", "server: server-does-support-channel-binding",
         XMPP_E_AUTH_BINDING},
        {"channel-binding-not-supported", "server: channel-binding-not-supported",
         XMPP_E_AUTH_BINDING},
        {"unsupported-channel-binding-type", "server: unsupported-channel-binding-type",
         XMPP_E_AUTH_BINDING},
        {"unknown-user", "server: unknown-user", XMPP_E_AUTH},
        {"invalid-username-encoding", "server: invalid-username-encoding", XMPP_E_AUTH},
        {"no-resources", "server: no-resources", XMPP_E_AUTH},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].word) == attribute->n &&
            memcmp(known[i].word, attribute->value, attribute->n) == 0) {
            *ret_why = known[i].why;
            return known[i].code;
        }
    }
    *ret_why = "server: other-error";
    return XMPP_E_AUTH;
}

/* printable = %x21-2B / %x2D-7E; a comma cannot be in it here. */
static int is_printable(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] < 0x21 || text[i] > 0x7e) {
            return 0;
        }
    }
    return 1;
}

/* posit-number, saturated; nothing is ever cut to 32 bits. A lone 0 is let through, to be told as
 * too small. */
static int read_number(const struct attribute *attribute, uint64_t *ret_number)
{
    uint64_t number = 0;
    for (size_t i = 0; i < attribute->n; i++) {
        char digit = attribute->value[i];
        if (digit < '0' || digit > '9') {
            return 0;
        }
        number = number * 10 + (uint64_t)(digit - '0');
        if (number > UINT32_MAX) {
            number = (uint64_t)UINT32_MAX + 1;
        }
    }
    *ret_number = number;
    return attribute->value[0] != '0' || attribute->n == 1;
}

static int read_salt(struct xm_scram_first *first, const struct attribute *attribute)
{
    if (attribute->n > XM_B64_LEN(XM_SCRAM_SALT_MAX)) {
        return 0;
    }
    ptrdiff_t n = xm_b64_decode(first->salt, attribute->value, attribute->n);
    if (n <= 0 || n > XM_SCRAM_SALT_MAX) {
        return 0;
    }
    first->n_salt = (size_t)n;
    return 1;
}

int xm_scram_read_first(struct xm_scram_first *ret_first, const uint8_t *bytes, size_t n,
                        const char **ret_why)
{
    if (!is_text(bytes, n)) {
        return fail(ret_why, "server-first-message is empty, too long or not UTF-8");
    }
    struct reader reader = {(const char *)bytes, (const char *)bytes + n};
    struct attribute attribute;
    if (!take(&reader, &attribute)) {
        return fail(ret_why, "malformed server-first-message");
    }
    if (attribute.name == 'm') {
        return fail(ret_why, "mandatory SCRAM extension");
    }
    if (attribute.name == 'e') {
        return server_error(&attribute, ret_why);
    }
    if (attribute.name != 'r' || !is_printable(attribute.value, attribute.n)) {
        return fail(ret_why, "no nonce in the server-first-message");
    }
    ret_first->nonce = attribute.value;
    ret_first->n_nonce = attribute.n;
    if (!take(&reader, &attribute) || attribute.name != 's' || !read_salt(ret_first, &attribute)) {
        return fail(ret_why, "no salt in the server-first-message");
    }
    if (!take(&reader, &attribute) || attribute.name != 'i' ||
        !read_number(&attribute, &ret_first->iterations)) {
        return fail(ret_why, "no iteration count in the server-first-message");
    }
    return read_extensions(&reader, ret_why);
}

int xm_scram_read_final(uint8_t *ret_signature, size_t n_signature, const uint8_t *bytes, size_t n,
                        const char **ret_why)
{
    if (!is_text(bytes, n)) {
        return fail(ret_why, "server-final-message is empty, too long or not UTF-8");
    }
    struct reader reader = {(const char *)bytes, (const char *)bytes + n};
    struct attribute attribute;
    if (!take(&reader, &attribute)) {
        return fail(ret_why, "malformed server-final-message");
    }
    if (attribute.name == 'e') {
        return server_error(&attribute, ret_why);
    }
    uint8_t signature[XM_B64_BYTES(XM_B64_LEN(XM_HASH_MAX))];
    if (attribute.name != 'v' || attribute.n != XM_B64_LEN(n_signature) ||
        xm_b64_decode(signature, attribute.value, attribute.n) != (ptrdiff_t)n_signature) {
        return fail(ret_why, "no signature in the server-final-message");
    }
    int code = read_extensions(&reader, ret_why);
    if (code == 0) {
        memcpy(ret_signature, signature, n_signature);
    }
    return code;
}

int xm_scram_add_name(struct xm_buf *out, const char *name)
{
    size_t before = xm_buf_len(out);
    while (*name) {
        size_t n = strcspn(name, ",=");
        int code = xm_buf_add(out, name, n);
        name += n;
        if (code == 0 && *name) {
            code = xm_buf_add_text(out, *name++ == ',' ? "=2C" : "=3D");
        }
        if (code < 0) {
            xm_buf_cut(out, before);
            return code;
        }
    }
    return 0;
}
