/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input of the hashes of capabilities, read from a <query/>, and what both that and the proof see
 * in it. */
#ifndef XM_XEP_CAPS_INPUT_H
#define XM_XEP_CAPS_INPUT_H

#include "xmpp/caps.h"

/* No input is longer: what is asked about comes in one stanza. */
#define XM_CAPS_INPUT_MAX ((size_t)4 << 20)

/* How an answer is read. */
enum xm_caps_way {
    XM_CAPS_INPUT_LEGACY,      /* XEP-0115 */
    XM_CAPS_INPUT_HASHES,      /* XEP-0390: languages are inherited */
    XM_CAPS_INPUT_HASHES_SAID, /* the same by those who overlook that: they are not */
};

/* The input, as bytes without an end; owned. 0; XMPP_E_PROTOCOL if it is ill-formed;
 * XMPP_E_TOO_BIG; XMPP_E_NOMEM. */
int xm_caps_input(const xmpp_elem *query, enum xm_caps_way way, char **ret_bytes, size_t *ret_n);
/* Its hash in base64; owned. */
int xm_caps_hash(const xmpp_elem *query, enum xm_caps_way way, int hash, char **ret_text);

/* The language of an identity; "" for none. */
const char *xm_caps_get_lang(const xmpp_elem *identity, enum xm_caps_way way);
/* What a form says of itself, hidden (XEP-0068); NULL if it does not. */
const char *xm_caps_get_form_type(const xmpp_elem *form);

#endif
