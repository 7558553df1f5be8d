/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session takes from its trust object: everything that thousands of sessions can share. */
#ifndef XM_TLS_TRUST_H
#define XM_TLS_TRUST_H

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "xmpp/trust.h"

/* A reference to `trust`, which is frozen from now on; for NULL to the system's, which is loaded
 * if nobody uses it yet. 0, XMPP_E_FILE, XMPP_E_NOMEM. */
int xm_trust_use(xmpp_trust **ret_trust, xmpp_trust *trust);
/* All three are borrowed (as long as the trust) and read by many sessions. */
gnutls_certificate_credentials_t xm_trust_get_credentials(const xmpp_trust *trust);
gnutls_x509_trust_list_t xm_trust_get_list(const xmpp_trust *trust);
gnutls_priority_t xm_trust_get_priority(const xmpp_trust *trust);

#endif
