/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates by their names in scripts, made when first needed, once a process. */
#ifndef TESTS_SCRIPT_CERTS_H
#define TESTS_SCRIPT_CERTS_H

#include "tls/certs.h"

enum { CERTS_CHAIN_MAX = 32 };

/* NULL if there is none of that name. */
const struct cert *certs_get(const char *name);
/* One of that name, signed anew, in front of n - 1 authorities, each signed by the next, the last by
 * the one that is trusted. The first is owned, the others are borrowed. */
void certs_make_chain(struct cert chain[CERTS_CHAIN_MAX], const char *name, size_t n);

#endif
