/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file types.h
 * @brief The opaque types, and the words this documentation uses for ownership.
 *
 * Every object is opaque and reached by pointer. What a function does with what it is given, or
 * what you may do with what it returns, is said with one of four words:
 *
 * - **copied**: the library keeps its own copy; yours may go at once;
 * - **borrowed (until …)**: valid until what the parentheses say; do not free it;
 * - **owned**: it is yours now, and you give it back with the function that is named;
 * - **shared**: counted; both sides hold a reference, you drop yours with `…_unref`.
 *
 * No function takes a reference away from its caller. `…_unref` and `…_free` take NULL, and
 * `…_unref` returns NULL, so that `p = xmpp_x_unref(p)` leaves nothing dangling.
 *
 * Text is UTF-8 and ends with a NUL; bytes are a pointer and a size. Times are milliseconds.
 * A function that can fail returns 0 (or a documented non-negative value) on success and a
 * negative `XMPP_E_…` constant of error.h otherwise; an out-parameter `ret_…` is written only on
 * success.
 */
#ifndef XMPP_TYPES_H
#define XMPP_TYPES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define XMPP_API __attribute__((visibility("default")))
#else
#define XMPP_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** One account's connection: settings, state, handlers, queue (conn.h). */
typedef struct xmpp_conn xmpp_conn;
/** Trust anchors, shared by any number of connections (trust.h). */
typedef struct xmpp_trust xmpp_trust;
/** One whole XML element tree in one arena (stanza.h). */
typedef struct xmpp_stanza xmpp_stanza;
/** One element of such a tree, always a name and a namespace (stanza.h). */
typedef struct xmpp_elem xmpp_elem;
/** An immutable, prepared address, RFC 7622 (jid.h). */
typedef struct xmpp_jid xmpp_jid;
/** The streaming parser on its own (parser.h). */
typedef struct xmpp_parser xmpp_parser;
/** A registration: drop it and the handler is gone (handler.h). */
typedef struct xmpp_slot xmpp_slot;
/** One question to the application that may be answered later (ask.h). */
typedef struct xmpp_ask xmpp_ask;
/** An extension of a connection (module.h). */
typedef struct xmpp_module xmpp_module;
/** What went wrong, with all that is known of it (error.h). */
typedef struct xmpp_error xmpp_error;

/**
 * Called exactly once for the `userdata` it was registered with, after its last use. A
 * registration that fails keeps nothing and destroys nothing. It is a notification: only getters
 * and ref/unref may be called in it.
 */
typedef void (*xmpp_destroy_fn)(void *userdata);

/** The version of the library that is loaded, as "major.minor.micro". Borrowed (for ever). */
XMPP_API const char *xmpp_version(void);

#ifdef __cplusplus
}
#endif

#endif
