/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two files of the module "register" share: the form, from the inside. */
#ifndef XM_XEP_REGISTER_FORM_H
#define XM_XEP_REGISTER_FORM_H

#include "xmpp/register.h"

#define XM_NS_REGISTER "jabber:iq:register"

/* What is done when it is accepted. */
enum xm_register_kind {
    XM_REGISTER_NEW,    /* somebody is registered, or changes what is on file */
    XM_REGISTER_CHANGE, /* the account has another password */
    XM_REGISTER_CANCEL  /* the registration is gone */
};

/* A form of an answer, to be submitted to `to` (NULL: nobody named); of an error, only a data form is one.
 * *ret_form is NULL if there is none. 0 or XMPP_E_NOMEM. */
int xm_register_form_make(xmpp_register_form **ret_form, const xmpp_stanza *reply,
                          enum xm_register_kind kind, const char *to);
enum xm_register_kind xm_register_form_get_kind(const xmpp_register_form *form);
/* The request that submits it; borrowed (as long as the form). NULL with *ret_error if it is not filled in. */
const xmpp_stanza *xm_register_form_get_request(xmpp_register_form *form, int *ret_error);

#endif
