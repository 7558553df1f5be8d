/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file util.h
 * @brief What extensions need again and again: hashes, base64, times, ids.
 *
 * @par Specifications
 * - XEP-0082, 1.1.1: partial, DateTime
 * - XEP-0300, 1.0.0: partial, the functions and their names
 */
#ifndef XMPP_UTIL_H
#define XMPP_UTIL_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Hash functions, with the names of XEP-0300. */
enum xmpp_hash {
    XMPP_HASH_SHA1 = 1,     /**< "sha-1": for what asks for it, and for nothing new */
    XMPP_HASH_SHA256 = 2,   /**< "sha-256" */
    XMPP_HASH_SHA512 = 3,   /**< "sha-512" */
    XMPP_HASH_SHA3_256 = 4, /**< "sha3-256" */
    XMPP_HASH_SHA3_512 = 5  /**< "sha3-512" */
};
/** Room for the longest digest of enum xmpp_hash, in bytes. */
#define XMPP_HASH_MAX 64

/** The name of a hash function; NULL for another value. Borrowed (for ever). */
XMPP_API const char *xmpp_hash_get_name(int hash);
/** The enum xmpp_hash of a name; 0 if there is none, or for NULL. */
XMPP_API int xmpp_hash_from_name(const char *name);
/**
 * Computes a digest.
 *
 * @param digest  room for XMPP_HASH_MAX bytes, or as many as the function makes
 * @return how many bytes it has; XMPP_E_INVAL for another hash, or NULL for a digest;
 * XMPP_E_INTERNAL
 */
XMPP_API int xmpp_hash(int hash, const void *bytes, size_t n, uint8_t *digest);

/** Writes base64 (RFC 4648 4), without line breaks. @param ret_text owned; free it with xmpp_free()
 * @return 0, XMPP_E_NOMEM, XMPP_E_INVAL */
XMPP_API int xmpp_base64_encode(const void *bytes, size_t n, char **ret_text);
/**
 * Reads base64 (RFC 4648 4), strictly: padded, nothing but the alphabet.
 *
 * @param ret_bytes  owned; free it with xmpp_free(). A NUL that `ret_n` does not count is behind
 *                 them
 * @return 0; XMPP_E_CHAR if it is not base64; XMPP_E_NOMEM; XMPP_E_INVAL
 */
XMPP_API int xmpp_base64_decode(const char *text, size_t len, uint8_t **ret_bytes, size_t *ret_n);

/** Room for what xmpp_time_format() writes, with its NUL. */
#define XMPP_TIME_MAX 32
/**
 * Reads a DateTime of XEP-0082, "2002-09-10T23:08:25Z", with any offset up to 14 hours and any
 * number of digits for the fraction of a second, of which the first three count. Years are from
 * 0000 to 9999; 24:00:00 is the end of the day, and there is no 60th second (XML Schema 2).
 *
 * @param ret_ms  milliseconds since 1970-01-01T00:00:00Z
 * @return 0, or XMPP_E_CHAR if it is none, or not a day or a time that there is; XMPP_E_INVAL
 */
XMPP_API int xmpp_time_parse(const char *text, int64_t *ret_ms);
/** Reads the form that came before, "20020910T23:08:25" (XEP-0091), which is in UTC, or where that
 * form was meant the one of today (XEP-0082 4); as xmpp_time_parse(). */
XMPP_API int xmpp_time_parse_legacy(const char *text, int64_t *ret_ms);
/** Writes a DateTime in UTC, with milliseconds if there are any. @param text room for XMPP_TIME_MAX
 * bytes @return 0; XMPP_E_INVAL for a year that is not from 0 to 9999 */
XMPP_API int xmpp_time_format(int64_t ms, char *text);
/** Now, in milliseconds since 1970-01-01T00:00:00Z. */
XMPP_API int64_t xmpp_time_now(void);
/** Milliseconds of a clock that never goes back: what deadlines are counted by. */
XMPP_API int64_t xmpp_monotonic_now(void);

/** Room for an id, with its NUL. */
#define XMPP_ID_MAX 25
/** Writes an id that nobody guesses, 24 letters and digits from 96 random bits. @param id room for
 * XMPP_ID_MAX bytes @return 0, XMPP_E_SYSTEM, XMPP_E_INVAL */
XMPP_API int xmpp_make_id(char *id);

/** Gives a stanza that is built here an id, xmpp_make_id(), if it has none: so that what it asks
 * for can be told from the answer before it is sent. @return 0, XMPP_E_SYSTEM, XMPP_E_INVAL for
 * NULL. What else goes wrong sticks to the stanza */
XMPP_API int xmpp_stanza_ensure_id(xmpp_stanza *stanza);

#ifdef __cplusplus
}
#endif

#endif
