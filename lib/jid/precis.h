/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PRECIS framework, RFC 8264, with the two profiles of RFC 8265 that addresses need, on
 * libunistring's tables (whose version of Unicode decides what is assigned). Not for passwords:
 * SCRAM's are prepared by sasl/prep.h.
 *
 * Both enforce: what they write is stable, enforcing it again changes nothing. */
#ifndef XM_JID_PRECIS_H
#define XM_JID_PRECIS_H

#include <stddef.h>
#include <stdint.h>

/* The UsernameCaseMapped profile, RFC 8265 3.3. ret: owned, with a NUL that ret_len does not
 * count; free() it. 0, XMPP_E_JID or XMPP_E_NOMEM. */
int xm_precis_username(const char *text, size_t len, char **ret, size_t *ret_len);
/* The OpaqueString profile, RFC 8265 4.2; otherwise as xm_precis_username(). */
int xm_precis_opaque(const char *text, size_t len, char **ret, size_t *ret_len);

#endif
