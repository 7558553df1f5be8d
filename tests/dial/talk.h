/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Talking to a proxy: dialogues as tables, each held with the proxy's words whole, byte by byte, and
 * cut once at every place. What is said in them is in the tests. */
#ifndef TESTS_DIAL_TALK_H
#define TESTS_DIAL_TALK_H

#include <stddef.h>

#include "dial/proxy.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
/* Bytes, NULs among them. */
#define B(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

struct bytes {
    const char *at;
    size_t n;
};

#define LONG_63  "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc"
#define LONG_255 LONG_63 "." LONG_63 "." LONG_63 "." LONG_63
#define NAME     "example.org"
#define SECRET   "correct horse"
/* What a SOCKS5 proxy answers that has connected (RFC 1928 6), and how an HTTP proxy begins to. */
#define CONNECTED "\5\0\0\1\xc0\0\2\1\x04\x00"
#define OK        "HTTP/1.1 200 OK\r\n"

/* To example.org:5222, without a login. */
extern const struct xm_proxy_config talk_socks, talk_http;

struct turn {
    struct bytes ours; /* what must have been said, and nothing else */
    struct bytes theirs;
};

struct dialogue {
    const char *what;
    const struct xm_proxy_config *config;
    struct turn turns[3];
    int code; /* what the last word of the proxy leads to */
    const char *reason;
};

enum { TALK_BYTEWISE = -1 }; /* as a cut */

/* Hears words cut at `cut`, each piece of its own size, so that reading beyond it is seen. What the
 * last of them led to. */
int talk_hear(struct xm_proxy *proxy, struct bytes words, int cut);
/* Holds each dialogue in all ways. */
void talk_hold_all(const struct dialogue *rows, size_t n);

#endif
