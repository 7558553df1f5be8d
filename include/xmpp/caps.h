/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file caps.h
 * @brief Entity capabilities: what contacts can do, known from a hash in their presence.
 *
 * The module "caps" reads the hashes of both specifications, asks each one once, checks that the
 * answer has that hash, and remembers it for all who announce the same. Nothing is remembered that
 * was not verified, and what is remembered is only what the hash covers. Of the older hash, whose
 * input can be read in more than one way, only answers are remembered that can be read in one
 * (doc/decisions/0019-discovery.md). What an entity says about itself without being verified counts
 * for that entity alone. The format before 1.4 of XEP-0115, which nothing verifies, is passed over.
 *
 * To ask is to tell that we are there. So only who may see our presence is asked, if the module
 * "presence" is enabled (xmpp_presence_may_see()), and the own server; what is remembered is used for all.
 * Who may see it later, by the roster, is asked then.
 *
 * It adds the own hashes to each presence that is sent, answers who asks about them, and sends
 * presence anew when they change, if the module "presence" is enabled.
 *
 * @par Specifications
 * - XEP-0115, 1.6.0: complete
 * - XEP-0390, 0.3.2: partial, hashes are announced in presence and not before it
 */
#ifndef XMPP_CAPS_H
#define XMPP_CAPS_H

#include "xmpp/disco.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace of the older specification (XEP-0115). */
#define XMPP_NS_CAPS_LEGACY "http://jabber.org/protocol/caps"
/** The namespace of the newer one (XEP-0390). */
#define XMPP_NS_CAPS "urn:xmpp:caps"
/** The most entities of which the announcement is kept; beyond, the first stranger is
 * forgotten, or the first contact. */
#define XMPP_CAPS_MAX_ENTITIES 4096
/** The most requests that are under way at the same time. */
#define XMPP_CAPS_MAX_REQUESTS 8
/** The most of them to one bare JID, such as that of a room. */
#define XMPP_CAPS_MAX_OF_ONE 2
/** The longest answer that is remembered, in bytes of XML. */
#define XMPP_CAPS_MAX_BYTES 16384
/** The most answers that are kept though they were not verified. */
#define XMPP_CAPS_MAX_UNVERIFIED 64
/** Room for the name of an answer, with its NUL. */
#define XMPP_CAPS_NAME_MAX 128

/** Enables the module "caps", which needs "disco". @return as xmpp_conn_enable() */
XMPP_API int xmpp_caps_enable(xmpp_conn *conn);
/**
 * Names the application, for the older specification: by a URI, best that of its web site.
 *
 * @param uri  copied; NULL for the default, a URI that means this library
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_INVAL; XMPP_E_CHAR; XMPP_E_NOMEM
 */
XMPP_API int xmpp_caps_set_node(xmpp_conn *conn, const char *uri);
/** How many answers are remembered; beyond, the one that was not used for the longest time is
 * forgotten. @param n from 1, default 256 @return 0; XMPP_E_REQUIRES without the module;
 * XMPP_E_INVAL */
XMPP_API int xmpp_caps_set_cache_size(xmpp_conn *conn, size_t n);

/**
 * What an entity is and can do, as far as it is known: who announced nothing, and who was not asked
 * yet, is not. The domain of the account is known if its server announces hashes with its stream.
 *
 * @param who  a full JID, as in the presence
 * @return borrowed (until the next handler, process or function of this file):
 *         xmpp_disco_info_ref() keeps it; NULL
 */
XMPP_API const xmpp_disco_info *xmpp_caps_get(const xmpp_conn *conn, const xmpp_jid *who);
/** 1 if that was verified; 0 if it is that entity's word, or not known. */
XMPP_API int xmpp_caps_is_verified(const xmpp_conn *conn, const xmpp_jid *who);

/** Hears that it is now known what an entity is and can do, or is known anew. @param who,info borrowed
 * (until the handler returns). A handler. */
typedef void (*xmpp_caps_fn)(xmpp_conn *conn, const xmpp_jid *who, const xmpp_disco_info *info,
                             void *userdata);
/** Registers the one handler; NULL for none. @return 0; XMPP_E_REQUIRES without the module;
 * XMPP_E_BUSY in a handler of this file; XMPP_E_INVAL. Then nothing is kept */
XMPP_API int xmpp_caps_on_known(xmpp_conn *conn, xmpp_caps_fn handler, void *userdata,
                                xmpp_destroy_fn destroy);

/* --- remembering beyond the connection ---------------------------------------------------------- */

/**
 * Gives back what was saved. It is verified again, so a file that somebody else wrote does no harm.
 *
 * @param name  as it was saved, copied
 * @param text  as it was saved, copied
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_INVAL if it does not have that
 *         hash, or is none of ours; XMPP_E_XML; XMPP_E_TOO_BIG; XMPP_E_NOMEM
 */
XMPP_API int xmpp_caps_put(xmpp_conn *conn, const char *name, const char *text, size_t len);
/**
 * Is asked for an answer, before an entity is: gives it to xmpp_caps_put(), if it has it. A handler.
 *
 * @param name  such as "caps:sha-256:kzBZ…"; borrowed (until the handler returns)
 */
typedef void (*xmpp_caps_load_fn)(xmpp_conn *conn, const char *name, void *userdata);
/**
 * Is given an answer that was verified, to keep. A handler.
 *
 * @param name  less than XMPP_CAPS_NAME_MAX bytes; borrowed (until the handler returns)
 * @param text  XML, `len` bytes and a NUL; borrowed (until the handler returns)
 */
typedef void (*xmpp_caps_save_fn)(xmpp_conn *conn, const char *name, const char *text, size_t len,
                                  void *userdata);
/** Registers both; either may be NULL. @return as xmpp_caps_on_known() */
XMPP_API int xmpp_caps_set_store(xmpp_conn *conn, xmpp_caps_load_fn load, xmpp_caps_save_fn save,
                                 void *userdata, xmpp_destroy_fn destroy);

/* --- the hashes ---------------------------------------------------------------------------------- */

/** The two specifications. */
enum xmpp_caps_kind {
    XMPP_CAPS_LEGACY = 1, /**< XEP-0115 */
    XMPP_CAPS_HASHES = 2  /**< XEP-0390 */
};
/**
 * Computes the hash that announces an answer.
 *
 * @param kind      an enum xmpp_caps_kind
 * @param hash      an enum xmpp_hash (util.h)
 * @param ret_text  in base64; owned, xmpp_free()
 * @return 0; XMPP_E_PROTOCOL if the answer is ill-formed for this kind (XEP-0115 5.4, XEP-0390 4.1);
 *         XMPP_E_INVAL; XMPP_E_NOMEM
 */
XMPP_API int xmpp_caps_hash(const xmpp_disco_info *info, int kind, int hash, char **ret_text);

#ifdef __cplusplus
}
#endif

#endif
