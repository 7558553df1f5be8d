/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holding dialogues with a proxy. */
#include "talk.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "check.h"
#include "nomem.h"

const struct xm_proxy_config talk_socks = {XM_PROXY_SOCKS5, NAME, 5222, NULL, NULL};
const struct xm_proxy_config talk_http = {XM_PROXY_HTTP, NAME, 5222, NULL, NULL};

int talk_hear(struct xm_proxy *proxy, struct bytes words, int cut)
{
    int code = 0;
    for (size_t at = 0; at < words.n;) {
        size_t n = cut == TALK_BYTEWISE ? 1 : at < (size_t)cut ? (size_t)cut - at : words.n - at;
        nomem_pause();
        uint8_t *piece = malloc(n);
        memcpy(piece, words.at + at, n);
        nomem_resume();
        code = xm_proxy_recv(proxy, piece, n);
        free(piece);
        at += n;
        if (code > 0) {
            CHECK_INT(at, words.n); /* open at the last byte, not before */
        }
    }
    return code;
}

static void hold(const struct dialogue *row, int cut)
{
    struct xm_buf out = {0};
    struct xm_proxy *proxy = NULL;
    int code = xm_proxy_new(&proxy, row->config, &out);
    if (!CHECK_INT(code, 0)) {
        return;
    }
    for (size_t i = 0; i < COUNT(row->turns) && row->turns[i].ours.n > 0; i++) {
        const struct turn *turn = &row->turns[i];
        CHECK_INT(code, 0);
        CHECK_MEM(xm_buf_head(&out), xm_buf_len(&out), turn->ours.at, turn->ours.n);
        xm_buf_clear(&out);
        int end = cut > (int)turn->theirs.n ? (int)turn->theirs.n : cut;
        code = talk_hear(proxy, turn->theirs, end);
    }
    CHECK_INT(code, row->code);
    CHECK_STR(xm_proxy_get_reason(proxy), row->reason);
    CHECK_INT(xm_buf_len(&out), 0);
    CHECK_INT(xm_proxy_recv(proxy, NULL, 0), row->code);
    xm_proxy_free(proxy);
    xm_buf_done(&out);
}

void talk_hold_all(const struct dialogue *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t longest = 0;
        for (size_t t = 0; t < COUNT(rows[i].turns); t++) {
            size_t len = rows[i].turns[t].theirs.n;
            longest = len > longest ? len : longest;
        }
        for (int cut = TALK_BYTEWISE; cut < (int)longest; cut++) {
            check_note("%s, cut at %d", rows[i].what, cut);
            hold(&rows[i], cut);
        }
    }
}
