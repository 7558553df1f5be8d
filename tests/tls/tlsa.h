/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLSA records made of certificates (RFC 6698 2.1). Nothing here is checked. */
#ifndef TESTS_TLS_TLSA_H
#define TESTS_TLS_TLSA_H

#include "base/answer.h"
#include "tls/certs.h"

/* The record's data is written into room, of `size` bytes. An unknown selector is as the first, an
 * unknown matching type as SHA-256. */
struct xm_tlsa tlsa_make(const struct cert *cert, unsigned usage, unsigned selector,
                         unsigned matching, uint8_t *room, size_t size);

#endif
