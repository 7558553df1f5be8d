/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing cbind-input. Which flag and which type it says was decided in choose.c. */
#include "sasl/gs2.h"

#include <string.h>

#include "sasl/scram_message.h"
#include "xmpp/error.h"

/* gs2-header = gs2-cbind-flag "," [ authzid ] "," */
static int write_header(struct xm_buf *out, const struct xm_sasl_choice *choice,
                        const char *authzid)
{
    int code = xm_buf_add(out, &choice->gs2_flag, 1);
    if (code == 0 && choice->gs2_flag == 'p') {
        code = xm_buf_add_text(out, "=");
    }
    if (code == 0 && choice->gs2_flag == 'p') {
        code = xm_buf_add_text(out, choice->binding_type);
    }
    if (code == 0) {
        code = xm_buf_add_text(out, authzid ? ",a=" : ",");
    }
    if (code == 0 && authzid) {
        code = xm_scram_add_name(out, authzid);
    }
    return code < 0 ? code : xm_buf_add_text(out, ",");
}

static int write_data(struct xm_buf *out, const char *type, const struct xm_sasl_channel *channel)
{
    const struct {
        const char *type;
        const uint8_t *bytes;
        size_t n;
    } types[] = {
        {"tls-exporter", channel->exporter, channel->exporter_len},
        {"tls-unique", channel->unique, channel->unique_len},
        {"tls-server-end-point", channel->end_point, channel->end_point_len},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].n > 0 && strcmp(types[i].type, type) == 0) {
            return xm_buf_add(out, types[i].bytes, types[i].n);
        }
    }
    return XMPP_E_AUTH_BINDING;
}

int xm_gs2_write(struct xm_buf *out, const struct xm_sasl_choice *choice, const char *authzid,
                 const struct xm_sasl_channel *channel, size_t *ret_n_header)
{
    size_t before = xm_buf_len(out);
    int code = write_header(out, choice, authzid);
    size_t n_header = xm_buf_len(out) - before;
    if (code == 0 && choice->gs2_flag == 'p') {
        code = write_data(out, choice->binding_type, channel);
    }
    if (code == 0) {
        *ret_n_header = n_header;
    }
    return code;
}
