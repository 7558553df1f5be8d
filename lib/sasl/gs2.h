/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The GS2 header of SCRAM and its channel binding, RFC 5802 6 and 7. */
#ifndef XM_SASL_GS2_H
#define XM_SASL_GS2_H

#include <stddef.h>

#include "base/buf.h"
#include "sasl/sasl.h"

/* Appends cbind-input: the header, *ret_n_header bytes of it, and behind a flag 'p' the channel's
 * data. 0, XMPP_E_NOMEM, or XMPP_E_AUTH_BINDING if the channel has none of that type. */
int xm_gs2_write(struct xm_buf *out, const struct xm_sasl_choice *choice, const char *authzid,
                 const struct xm_sasl_channel *channel, size_t *ret_n_header);

#endif
