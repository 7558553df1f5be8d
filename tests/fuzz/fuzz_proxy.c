/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any proxy, asked by anybody. The first byte of the input selects the kind and whether there is a
 * user; behind it stand host, user and password, each with a NUL behind it, and what the proxy
 * answers. Checked: what is refused is not said, what is said has nothing in it but what belongs
 * there, the answer means the same however it is cut, and a reason harms no terminal. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "dial/proxy.h"
#include "xmpp/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct talk {
    struct xm_proxy *proxy;
    struct xm_buf out;
    int code;
};

static void require(int held)
{
    if (!held) {
        abort();
    }
}

/* Lines of printable ASCII, each ended by CR LF, the empty one the last. */
static void check_http_request(const struct xm_buf *out, int has_user)
{
    const uint8_t *text = xm_buf_head(out);
    size_t n = xm_buf_len(out);
    int n_lines = 0;
    for (size_t i = 0; i < n; i++) {
        require((text[i] >= 0x20 && text[i] < 0x7f) || text[i] == '\r' || text[i] == '\n');
        require((text[i] == '\r') == (i + 1 < n && text[i + 1] == '\n'));
        n_lines += text[i] == '\n';
    }
    require(n > 8 && memcmp(text, "CONNECT ", 8) == 0);
    require(n_lines == 3 + has_user && memcmp(text + n - 4, "\r\n\r\n", 4) == 0);
}

static void check_code(const struct xm_proxy_config *config, int code, const uint8_t *said,
                       size_t n)
{
    int is_http = config->kind == XM_PROXY_HTTP;
    switch (code) {
    case 0:
        require(n <= (is_http ? 8192 : 2 + 2 + 4 + 1 + 255 + 2));
        break;
    case 1:
        require(!is_http || (memcmp(said, "HTTP/1.", 7) == 0 && said[n - 1] == '\n'));
        require(is_http || said[0] == 5);
        break;
    default:
        require(code == XMPP_E_PROXY || code == XMPP_E_PROTOCOL || code == XMPP_E_UNREACHABLE ||
                code == XMPP_E_TIMEOUT || (is_http && code == XMPP_E_TOO_BIG) ||
                (!is_http && code == XMPP_E_REFUSED));
    }
}

static void check_reason(const struct talk *talk)
{
    const char *reason = xm_proxy_get_reason(talk->proxy);
    require(xm_utf8_is_xml(reason, strlen(reason)) && !strpbrk(reason, "\t\r\n\x7f"));
    require((talk->code < 0) == (reason[0] != '\0'));
}

/* Each piece of its own size, so that reading beyond it is seen. */
static void hear(struct talk *talk, const uint8_t *said, size_t n, size_t piece)
{
    for (size_t at = 0; at < n; at += piece) {
        size_t len = n - at < piece ? n - at : piece;
        uint8_t *exactly = malloc(len);
        memcpy(exactly, said + at, len);
        int code = xm_proxy_recv(talk->proxy, exactly, len);
        require(talk->code >= 0 || code == talk->code);
        talk->code = code;
        free(exactly);
    }
}

static void hold(const struct xm_proxy_config *config, const uint8_t *said, size_t n)
{
    struct talk talks[3] = {0};
    const size_t pieces[] = {n ? n : 1, 1, 7};
    for (size_t i = 0; i < 3; i++) {
        struct talk *talk = &talks[i];
        require(xm_proxy_new(&talk->proxy, config, &talk->out) == 0);
        if (config->kind == XM_PROXY_HTTP) {
            check_http_request(&talk->out, config->user != NULL);
        }
        hear(talk, said, n, pieces[i]);
        check_code(config, talk->code, said, n);
        check_reason(talk);
        require(talk->code == talks[0].code);
        require(strcmp(xm_proxy_get_reason(talk->proxy), xm_proxy_get_reason(talks[0].proxy)) == 0);
        require(xm_buf_len(&talk->out) == xm_buf_len(&talks[0].out));
        require(memcmp(xm_buf_head(&talk->out), xm_buf_head(&talks[0].out),
                       xm_buf_len(&talk->out)) == 0);
    }
    for (size_t i = 0; i < 3; i++) {
        xm_proxy_free(talks[i].proxy);
        xm_buf_done(&talks[i].out);
    }
}

/* What stands in front of the next NUL, or all that is left. */
static const char *next_text(const char **at, const char *end)
{
    const char *text = *at;
    *at += strlen(text);
    *at += *at < end;
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < 2) {
        return 0;
    }
    char *copy = malloc(n);
    memcpy(copy, bytes + 1, n - 1);
    copy[n - 1] = '\0';
    const char *at = copy;
    const char *end = copy + n - 1;
    const char *host = next_text(&at, end);
    const char *user = next_text(&at, end);
    const char *password = next_text(&at, end);
    int has_user = bytes[0] & 2;
    struct xm_proxy_config config = {.kind = bytes[0] & 1 ? XM_PROXY_HTTP : XM_PROXY_SOCKS5,
                                     .host = host,
                                     .port = 5222,
                                     .user = has_user ? user : NULL,
                                     .password = has_user ? password : NULL};
    const char *why = NULL;
    if (!xm_proxy_check(&config, &why)) {
        struct talk none = {0};
        require(why && xm_proxy_new(&none.proxy, &config, &none.out) == XMPP_E_INVAL);
        require(!none.proxy && xm_buf_len(&none.out) == 0);
        config.host = "example.org";
        config.user = has_user ? "juliet" : NULL;
        config.password = has_user ? "secret" : NULL;
    }
    hold(&config, (const uint8_t *)at, (size_t)(end - at));
    free(copy);
    return 0;
}
