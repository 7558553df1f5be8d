/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file trust.h
 * @brief Whose signature on a server's certificate is believed.
 *
 * Loaded once, shared by any number of connections, also of different threads: frozen by its first
 * use, after which setters answer XMPP_E_BUSY. A connection without one uses the system's store,
 * which is loaded when the first connection needs it and freed with the last.
 *
 * @par Specifications
 * - RFC 7590, clients: complete
 * - RFC 9525, DNS-ID: complete
 */
#ifndef XMPP_TRUST_H
#define XMPP_TRUST_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Trust in nobody, to which authorities are added. @return shared, xmpp_trust_unref(); NULL if out
 * of memory */
XMPP_API xmpp_trust *xmpp_trust_new(void);
/** Another reference. NULL for NULL. @return the same object, shared */
XMPP_API xmpp_trust *xmpp_trust_ref(xmpp_trust *trust);
/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_trust *xmpp_trust_unref(xmpp_trust *trust);

/**
 * Adds the authorities of the system's store. Reads local files.
 *
 * @return the number of certificates, XMPP_E_FILE if there are none, XMPP_E_BUSY, XMPP_E_NOMEM
 */
XMPP_API int xmpp_trust_add_system(xmpp_trust *trust);
/**
 * Adds the authorities of a PEM file. Reads that file.
 *
 * @return the number of certificates, XMPP_E_FILE (cannot be read), XMPP_E_CERT_BAD (holds none, or
 *         a bad one: then none is added), XMPP_E_BUSY, XMPP_E_NOMEM
 */
XMPP_API int xmpp_trust_add_ca_file(xmpp_trust *trust, const char *path);
/** As xmpp_trust_add_ca_file(), from memory. Copied. */
XMPP_API int xmpp_trust_add_ca_pem(xmpp_trust *trust, const char *pem, size_t len);

#ifdef __cplusplus
}
#endif

#endif
