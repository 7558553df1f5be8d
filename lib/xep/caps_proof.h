/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the hashes of capabilities prove. */
#ifndef XM_XEP_CAPS_PROOF_H
#define XM_XEP_CAPS_PROOF_H

#include "xmpp/caps.h"

/*
 * Whether an answer has this hash, an enum xmpp_caps_kind and an enum xmpp_hash, in base64. If so,
 * *ret_proven is a copy with nothing in it but what the hash covers; shared.
 *
 * 0; XMPP_E_PROTOCOL if it has another, or is ill-formed for this kind, or could be read in another
 * way with the same hash; XMPP_E_TOO_BIG beyond XMPP_CAPS_MAX_BYTES; XMPP_E_NOMEM.
 */
int xm_caps_prove(const xmpp_disco_info *info, int kind, int hash, const char *want,
                  xmpp_disco_info **ret_proven);

#endif
