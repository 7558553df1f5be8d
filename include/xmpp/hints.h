/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file hints.h
 * @brief Hints to servers and archives: whether a message should be kept or copied.
 *
 * They are wishes: nobody may rely on their being heard. Nothing has to be enabled.
 *
 * @par Specifications
 * - XEP-0334, 1.0.0: complete
 */
#ifndef XMPP_HINTS_H
#define XMPP_HINTS_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is wished: bits. */
enum xmpp_hint {
    XMPP_HINT_NO_PERMANENT_STORE =
        1,                  /**< not in an archive or log; while it is on its way it may */
    XMPP_HINT_NO_STORE = 2, /**< not kept at all, not even until the addressee is online */
    XMPP_HINT_NO_COPY = 4,  /**< not to other addresses; for messages to a full one */
    XMPP_HINT_STORE = 8     /**< kept, even if it does not look like it */
};

/** The bits of enum xmpp_hint that a message has; none for an error, which may only repeat what was
 * sent. */
XMPP_API int xmpp_hints_get(const xmpp_stanza *message);
/**
 * Adds hints to a message that is built here; those that it has already are not added again.
 *
 * @param hints  bits of enum xmpp_hint. XMPP_HINT_NO_COPY needs a full address, which is set before
 * @return 0; XMPP_E_INVAL for other bits, what is no message, and XMPP_HINT_NO_COPY without a full
 *         address: then none is added
 */
XMPP_API int xmpp_hints_add(xmpp_stanza *message, int hints);

#ifdef __cplusplus
}
#endif

#endif
