/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The digest-challenge of DIGEST-MD5, RFC 2831 2.1.1, taken apart strictly. What is answered is not
 * what the server wrote but what was understood of it: one challenge without anything that two
 * readers could take differently. */
#ifndef XM_SASL_DIGEST_CHALLENGE_H
#define XM_SASL_DIGEST_CHALLENGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* A digest-challenge is shorter than 2048 bytes. */
enum { XM_DIGEST_CHALLENGE_MAX = 2047 };

/* Appends the challenge anew, with one realm at most: the one named like the domain where it is
 * offered, or else the only one. 0, XMPP_E_NOMEM, or XMPP_E_AUTH_PROTOCOL with *ret_why (static);
 * after an error nothing was appended. */
int xm_digest_challenge(struct xm_buf *out, const uint8_t *bytes, size_t n, const char *domain,
                        const char **ret_why);

#endif
