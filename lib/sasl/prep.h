/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SASLprep, RFC 4013, of user names and passwords. */
#ifndef XM_SASL_PREP_H
#define XM_SASL_PREP_H

/* Unassigned code points are let through; doc/decisions/0003-saslprep.md says why. *ret_text is
 * owned, for xm_mem_free_secret(). 0, XMPP_E_NOMEM, or XMPP_E_AUTH_CREDENTIALS if the text cannot be
 * prepared or nothing is left of it. */
int xm_prep_sasl(char **ret_text, const char *text);

#endif
