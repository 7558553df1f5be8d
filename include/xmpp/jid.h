/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file jid.h
 * @brief Addresses, RFC 7622.
 *
 * A JID is immutable and prepared: its localpart by the PRECIS profile UsernameCaseMapped, its
 * resourcepart by OpaqueString (RFC 8265), its domainpart by IDNA2008 as U-labels in lower case.
 * Two JIDs are therefore equal exactly when their texts are equal bytes. It may be read from any
 * thread.
 *
 * @par Specifications
 * - RFC 7622, all: complete
 */
#ifndef XMPP_JID_H
#define XMPP_JID_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for the longest JID with its NUL: three parts of 1023 bytes, `@` and `/`. */
#define XMPP_JID_MAX 3072

/**
 * Parses and prepares an address that a person or an application gave (RFC 7622 3): strictly.
 *
 * @param ret_jid  shared; drop it with xmpp_jid_unref()
 * @param text     copied; the text is cut at the first `/` before an `@` is looked for
 * @return 0, XMPP_E_JID, XMPP_E_INVAL (a NULL argument) or XMPP_E_NOMEM
 */
XMPP_API int xmpp_jid_parse(xmpp_jid **ret_jid, const char *text);

/**
 * Makes an address of its parts, strictly, preparing each.
 *
 * @param local     copied; NULL for none, never empty
 * @param domain    copied
 * @param resource  copied; NULL for none, never empty
 * @return as xmpp_jid_parse()
 */
XMPP_API int xmpp_jid_new(xmpp_jid **ret_jid, const char *local, const char *domain,
                          const char *resource);

/**
 * Another reference. A JID that is borrowed from a stanza is copied instead: use what this
 * returns, not what it was given.
 *
 * @return shared; NULL for NULL, or out of memory for such a copy
 */
XMPP_API xmpp_jid *xmpp_jid_ref(const xmpp_jid *jid);

/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_jid *xmpp_jid_unref(xmpp_jid *jid);

/** The whole address, `local@domain/resource`. Borrowed (as long as the JID). */
XMPP_API const char *xmpp_jid_get_text(const xmpp_jid *jid);
/** The address without its resource. Borrowed (as long as the JID). */
XMPP_API const char *xmpp_jid_get_bare_text(const xmpp_jid *jid);
/** The localpart; NULL if there is none. Borrowed (as long as the JID). */
XMPP_API const char *xmpp_jid_get_local(const xmpp_jid *jid);
/** The domainpart: U-labels in lower case, an IPv4 address, or an IPv6 one in brackets. Borrowed
 * (as long as the JID). */
XMPP_API const char *xmpp_jid_get_domain(const xmpp_jid *jid);
/** The resourcepart; NULL if there is none. Borrowed (as long as the JID). */
XMPP_API const char *xmpp_jid_get_resource(const xmpp_jid *jid);

/**
 * The bare JID: without the resource.
 *
 * @param ret_jid  shared; the same JID if it is bare already (a copy of a borrowed one)
 * @return 0, XMPP_E_NOMEM or XMPP_E_INVAL (a NULL argument)
 */
XMPP_API int xmpp_jid_get_bare(const xmpp_jid *jid, xmpp_jid **ret_jid);

/**
 * The domainpart as A-labels, for DNS and TLS (RFC 5891). An IP address is given as it is, an IPv6
 * one with its brackets.
 *
 * @param buf   room for the name and its NUL; 256 bytes always suffice
 * @return its length in bytes, XMPP_E_TOO_BIG, XMPP_E_JID if the domain is malformed, XMPP_E_INVAL
 *         or XMPP_E_NOMEM
 */
XMPP_API int xmpp_jid_get_domain_ascii(const xmpp_jid *jid, char *buf, size_t size);

/** 1 if there is no resource. */
XMPP_API int xmpp_jid_is_bare(const xmpp_jid *jid);
/**
 * 1 if a part of an address that came from the network could not be prepared and was kept as it
 * was. Such a JID is equal only to one with the same bytes that is malformed too. Each part is
 * judged alone: where only the resource is malformed, the bare JID is a good one.
 */
XMPP_API int xmpp_jid_is_malformed(const xmpp_jid *jid);
/** 1 if both are the same address; NULL equals only NULL. */
XMPP_API int xmpp_jid_equal(const xmpp_jid *a, const xmpp_jid *b);
/** 1 if both are the same without their resources; NULL equals only NULL. */
XMPP_API int xmpp_jid_equal_bare(const xmpp_jid *a, const xmpp_jid *b);
/** An order for sorting: negative, 0 or positive, by bytes; malformed ones last. */
XMPP_API int xmpp_jid_compare(const xmpp_jid *a, const xmpp_jid *b);

#ifdef __cplusplus
}
#endif

#endif
