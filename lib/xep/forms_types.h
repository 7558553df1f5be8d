/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of types of forms and fields, shared by what reads and what builds. */
#ifndef XM_XEP_FORMS_TYPES_H
#define XM_XEP_FORMS_TYPES_H

/* Of an enum xmpp_form_type; NULL for another value, and for XMPP_FORM_UNKNOWN. */
const char *xm_form_type_name(int type);
/* Of an enum xmpp_field_type; NULL for another value. */
const char *xm_field_type_name(int type);

#endif
