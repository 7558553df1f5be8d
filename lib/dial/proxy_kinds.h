/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two kinds of proxy, behind proxy.h. Each is a machine that is given one byte at a time, so
 * that it cannot matter how they were cut; none allocates but in `out`. */
#ifndef XM_DIAL_PROXY_KINDS_H
#define XM_DIAL_PROXY_KINDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "dial/proxy.h"

enum {
    XM_PROXY_HOST_MAX = 255,
    XM_PROXY_REASON = 192,
    XM_HTTP_HEAD_MAX = 8192, /* bytes of all answers together */
    XM_HTTP_INTERIM_MAX = 8, /* answers before the one that counts */
    XM_HTTP_USER_MAX = 1024  /* bytes of a user, and of a password */
};

/* Notes why, and returns the code. */
static inline int xm_proxy_fail(char reason[XM_PROXY_REASON], int code, const char *why)
{
    snprintf(reason, XM_PROXY_REASON, "%s", why);
    return code;
}

/*     METHOD ──0──▶ REPLY ──0──▶ open
 *       └────2──▶ LOGIN ──0──┘              any other answer has failed */
struct xm_socks5 {
    enum xm_socks5_state {
        XM_SOCKS5_METHOD, /* which way to log in it chose (RFC 1928 3) */
        XM_SOCKS5_LOGIN,  /* whether it takes the user and password (RFC 1929 2) */
        XM_SOCKS5_REPLY   /* whether it has connected (RFC 1928 6) */
    } state;
    size_t n;    /* bytes of the present answer that were read */
    size_t need; /* bytes that the reply has, as far as is known */
    size_t n_login;
    size_t n_request;
    uint8_t login[1 + 1 + 255 + 1 + 255]; /* wiped as soon as it was sent, or is not needed */
    uint8_t request[4 + 1 + XM_PROXY_HOST_MAX + 2];
};

/*     STATUS ──2xx──▶ FIELD ⇄ NAME ⇄ VALUE …… an empty line ──▶ open
 *       ▲ └────1xx──▶ FIELD …… an empty line ──┐       any other status has failed at its line
 *       └──────────────────────────────────────┘ */
struct xm_http_connect {
    enum xm_http_state {
        XM_HTTP_STATUS, /* in the status line (RFC 9112 4) */
        XM_HTTP_FIELD,  /* at the start of a line: a field, what continues one, or the end */
        XM_HTTP_NAME,   /* in the name of a field */
        XM_HTTP_VALUE   /* in its value, which means nothing here */
    } state;
    int has_cr;   /* the last byte was a CR: LF must follow */
    int has_user; /* a user was sent */
    int status;
    unsigned n_fields;
    unsigned n_interim;
    size_t n_head;  /* bytes of all answers */
    size_t n_line;  /* bytes of the status line, also those that were not kept */
    char line[128]; /* of the status line what is kept for the reason */
};

/* Why these cannot be given to such a proxy; NULL: they can. The host was looked at before. */
const char *xm_socks5_check(const struct xm_proxy_config *config);
const char *xm_http_connect_check(const struct xm_proxy_config *config);
/* Fills an empty one and says the first words. 0 or XMPP_E_NOMEM, nothing said then. */
int xm_socks5_start(struct xm_socks5 *socks, const struct xm_proxy_config *config,
                    struct xm_buf *out);
int xm_http_connect_start(struct xm_http_connect *http, const struct xm_proxy_config *config,
                          struct xm_buf *out);
/* As xm_proxy_recv(), for one byte; never called again behind another answer than 0. */
int xm_socks5_recv(struct xm_socks5 *socks, uint8_t byte, struct xm_buf *out,
                   char reason[XM_PROXY_REASON]);
int xm_http_connect_recv(struct xm_http_connect *http, uint8_t byte, char reason[XM_PROXY_REASON]);

#endif
