/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names as this folder has them: text in small letters, without the dot at the end, of labels whose
 * bytes are printable ASCII. Escapes do not exist: a name that would need one is none of ours. */
#ifndef XM_DNS_NAME_H
#define XM_DNS_NAME_H

#include <stddef.h>

#include "crypto/draw.h"
#include "dns/resolver.h"

/* The normal form of what was given as a name; 0 or XMPP_E_INVAL. The root is no name. */
int xm_dns_name_read(const char *text, char ret_name[XM_DNS_NAME_MAX]);
/* 1 if there is nothing in it but letters, digits, hyphens, underscores, and dots between labels;
 * also for the root, "". */
int xm_dns_name_is_host(const char *name);
/* 1 if a name is `zone`, or below it. The zone "" is the root. */
int xm_dns_name_is_within(const char *name, const char *zone);
/* The name in a random case: bits that an answer has to repeat (0x20). */
void xm_dns_name_mix(const char *name, struct xm_draw *draw, char ret_mixed[XM_DNS_NAME_MAX]);

#endif
