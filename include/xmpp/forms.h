/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file forms.h
 * @brief Data forms: reading, filling in and building `<x xmlns='jabber:x:data'/>`.
 *
 * A form is an element of a stanza, and so are its fields: what is read here is borrowed from that
 * stanza. Any element may be given, also one that is no form: then nothing is there.
 *
 * **Filling in**: xmpp_form_add_submit() begins with what the form proposes, xmpp_form_set_value()
 * and its sisters change it, xmpp_form_check() tells whether the other side can accept it. The same
 * check is for a submission that was received.
 *
 *     const xmpp_elem *form = xmpp_form_find(xmpp_iq_get_payload(reply), NULL);
 *     xmpp_elem *submit = xmpp_form_add_submit(xmpp_stanza_root(iq), form);
 *     xmpp_form_set_value(submit, "nick", "Juliet");
 *     int result = xmpp_form_check(form, submit, &var);
 *
 * Texts of forms come from a peer: filter them before a terminal sees them.
 *
 * @par Specifications
 * - XEP-0004, 2.13.2: complete
 * - XEP-0068, 1.2: complete
 */
#ifndef XMPP_FORMS_H
#define XMPP_FORMS_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace of forms. */
#define XMPP_NS_FORMS "jabber:x:data"
/** How many children of one kind are seen in an element: fields, values, options, items. What stands
 * behind them is not read, so that reading by number cannot be made slow. */
#define XMPP_FORM_MAX 1024

/** What a form is for (XEP-0004 3.1). */
enum xmpp_form_type {
    XMPP_FORM_UNKNOWN = 0, /**< no form, or of a type that there is not */
    XMPP_FORM_FORM = 1,    /**< to be filled in */
    XMPP_FORM_SUBMIT = 2,  /**< filled in */
    XMPP_FORM_CANCEL = 3,  /**< not to be filled in after all */
    XMPP_FORM_RESULT = 4   /**< data */
};

/** What a field holds (XEP-0004 3.3). */
enum xmpp_field_type {
    XMPP_FIELD_TEXT_SINGLE = 0,  /**< a line of text: also what has no type, or an unknown one */
    XMPP_FIELD_TEXT_MULTI = 1,   /**< lines of text, a value each */
    XMPP_FIELD_TEXT_PRIVATE = 2, /**< a line of text that is not shown: a password */
    XMPP_FIELD_BOOLEAN = 3,      /**< yes or no */
    XMPP_FIELD_FIXED = 4,        /**< text for a person, nothing to fill in */
    XMPP_FIELD_HIDDEN = 5,       /**< not shown, sent back as it is */
    XMPP_FIELD_JID_SINGLE = 6,   /**< an address */
    XMPP_FIELD_JID_MULTI = 7,    /**< addresses, a value each */
    XMPP_FIELD_LIST_SINGLE = 8,  /**< one of the options */
    XMPP_FIELD_LIST_MULTI = 9    /**< any of the options */
};

/**
 * Enables the module "forms": announces the feature, and keeps the values of fields of type
 * `text-private`, and of any named `password`, out of the trace. Reading and building forms does not
 * need it.
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_forms_enable(xmpp_conn *conn);

/* --- reading a form ----------------------------------------------------------------------------- */
/* All of these take NULL, and what they return is borrowed (as long as the stanza). */

/** The first form among the children of an element, or with a `form_type` the first of that FORM_TYPE
 * (XEP-0068). NULL if there is none. */
XMPP_API const xmpp_elem *xmpp_form_find(const xmpp_elem *parent, const char *form_type);
/** The enum xmpp_form_type. */
XMPP_API int xmpp_form_get_type(const xmpp_elem *form);
/** What the form is about: its hidden field FORM_TYPE (XEP-0068). NULL if it does not say; in a
 * submission the field need not be marked as hidden. */
XMPP_API const char *xmpp_form_get_form_type(const xmpp_elem *form);
/** The title; NULL if there is none. */
XMPP_API const char *xmpp_form_get_title(const xmpp_elem *form);
/** Instructions by number from 0; NULL beyond the last. */
XMPP_API const char *xmpp_form_get_instructions(const xmpp_elem *form, size_t index);
/** How many fields a form has, or one of its items, or what it reports. */
XMPP_API size_t xmpp_form_get_n_fields(const xmpp_elem *form);
/** A field by number from 0; NULL beyond the last. */
XMPP_API const xmpp_elem *xmpp_form_get_field(const xmpp_elem *form, size_t index);
/** The first field of this name; NULL if there is none. */
XMPP_API const xmpp_elem *xmpp_form_find_field(const xmpp_elem *form, const char *var);
/** The first value of the first field of this name; NULL if there is none. */
XMPP_API const char *xmpp_form_get_value(const xmpp_elem *form, const char *var);
/** What a result of several items tells of its columns: an element with fields. NULL if it has no
 * such. */
XMPP_API const xmpp_elem *xmpp_form_get_reported(const xmpp_elem *form);
/** How many items a result has. */
XMPP_API size_t xmpp_form_get_n_items(const xmpp_elem *form);
/** An item by number from 0, an element with fields; NULL beyond the last. */
XMPP_API const xmpp_elem *xmpp_form_get_item(const xmpp_elem *form, size_t index);

/* --- reading a field ---------------------------------------------------------------------------- */
/* All of these take NULL, and what they return is borrowed (as long as the stanza). */

/** The name; NULL if there is none, as fields of type `fixed` may have it. */
XMPP_API const char *xmpp_field_get_var(const xmpp_elem *field);
/** The enum xmpp_field_type. */
XMPP_API int xmpp_field_get_type(const xmpp_elem *field);
/** The name for a person; NULL if there is none. */
XMPP_API const char *xmpp_field_get_label(const xmpp_elem *field);
/** What explains the field to a person; NULL if there is none. */
XMPP_API const char *xmpp_field_get_desc(const xmpp_elem *field);
/** 1 if the form is not valid without it. */
XMPP_API int xmpp_field_is_required(const xmpp_elem *field);
/** How many values there are: in a form to fill in, what it proposes. */
XMPP_API size_t xmpp_field_get_n_values(const xmpp_elem *field);
/** A value by number from 0; NULL beyond the last. */
XMPP_API const char *xmpp_field_get_value(const xmpp_elem *field, size_t index);
/** The first value as yes or no: 1 for "1" and "true", 0 for "0" and "false", -1 for anything else,
 * and without a value. */
XMPP_API int xmpp_field_get_bool(const xmpp_elem *field);
/** All values as the lines of one text. @param ret_text owned; free it with xmpp_free() @return 0,
 * XMPP_E_NOMEM, XMPP_E_INVAL */
XMPP_API int xmpp_field_get_text(const xmpp_elem *field, char **ret_text);
/** How many options there are to choose from. */
XMPP_API size_t xmpp_field_get_n_options(const xmpp_elem *field);
/** The value of an option by number from 0; NULL beyond the last, and for one without a value. */
XMPP_API const char *xmpp_field_get_option(const xmpp_elem *field, size_t index);
/** The name of an option for a person; NULL if there is none. */
XMPP_API const char *xmpp_field_get_option_label(const xmpp_elem *field, size_t index);

/* --- filling in --------------------------------------------------------------------------------- */

/**
 * Adds a submission of a form to an element: FORM_TYPE, the hidden fields, and the values that the
 * form proposes. FORM_TYPE and fields of type `text-private` stay marked as such.
 *
 * @param parent  what the form goes into: of a stanza that is being built
 * @param form    the form that is answered; NULL: an empty submission
 * @return the submission; borrowed (as long as the stanza). NULL for a NULL parent
 */
XMPP_API xmpp_elem *xmpp_form_add_submit(xmpp_elem *parent, const xmpp_elem *form);
/**
 * Sets the one value of a field, which is added if it is not there.
 *
 * @param submit  a form that is being built
 * @param var     copied
 * @param value   copied; NULL: the field has no value, which unsets what the other side has
 * @return 0; XMPP_E_INVAL for NULL; what stuck to the stanza is told later
 */
XMPP_API int xmpp_form_set_value(xmpp_elem *submit, const char *var, const char *value);
/** Sets all values of a field. @param values `n` texts, copied @return as xmpp_form_set_value() */
XMPP_API int xmpp_form_set_values(xmpp_elem *submit, const char *var, const char *const *values,
                                  size_t n);
/** Sets the one value of a field of type `text-private`, and marks it as such, so that the trace does
 * not show it. @return as xmpp_form_set_value() */
XMPP_API int xmpp_form_set_private(xmpp_elem *submit, const char *var, const char *value);
/** Sets a field to yes or no. @return as xmpp_form_set_value() */
XMPP_API int xmpp_form_set_bool(xmpp_elem *submit, const char *var, int on);
/** Sets a field to a text of several lines, a value for each (XEP-0004 3.3). @return as
 * xmpp_form_set_value() */
XMPP_API int xmpp_form_set_text(xmpp_elem *submit, const char *var, const char *text);
/** Takes a field out: the other side leaves it as it is (XEP-0004 3.5). @return 0; XMPP_E_NOT_FOUND;
 * XMPP_E_INVAL for NULL */
XMPP_API int xmpp_form_remove_field(xmpp_elem *submit, const char *var);

/**
 * Checks a submission against its form: what is required is there and not empty, one value where one
 * is allowed, yes or no is one of the two, addresses are addresses, and what is chosen was among the
 * options. Fields that the form does not have are passed over (XEP-0004 3.1).
 *
 * @param ret_var  the name of the field that is wrong; borrowed (as long as the form). May be NULL
 * @return 0; XMPP_E_NOT_FOUND if a required field is missing; XMPP_E_JID if an address is none;
 *         XMPP_E_INVAL for another value that is wrong, or what is no form and no submission;
 *         XMPP_E_NOMEM
 */
XMPP_API int xmpp_form_check(const xmpp_elem *form, const xmpp_elem *submit, const char **ret_var);

/* --- building ----------------------------------------------------------------------------------- */
/* All of these take NULL and do nothing; what is given is copied; errors stick to the stanza. What
 * they return is borrowed (as long as the stanza). */

/** Adds a form to an element. @param type an enum xmpp_form_type, not XMPP_FORM_UNKNOWN @param
 * form_type its FORM_TYPE; NULL for none @return NULL for another type */
XMPP_API xmpp_elem *xmpp_form_add(xmpp_elem *parent, int type, const char *form_type);
/** Sets the title. */
XMPP_API void xmpp_form_set_title(xmpp_elem *form, const char *text);
/** Adds instructions. */
XMPP_API void xmpp_form_add_instructions(xmpp_elem *form, const char *text);
/**
 * Adds a field to a form, to what it reports, or to an item.
 *
 * @param type   an enum xmpp_field_type; -1: none is said, as in submissions and items
 * @param var    NULL for none: for XMPP_FIELD_FIXED only
 * @param label  for a person; NULL for none
 * @return NULL for another type
 */
XMPP_API xmpp_elem *xmpp_form_add_field(xmpp_elem *form, int type, const char *var,
                                        const char *label);
/** Adds what a result of several items tells of its columns: fields are added to it. It stands in
 * front of the items. */
XMPP_API xmpp_elem *xmpp_form_add_reported(xmpp_elem *form);
/** Adds an item: fields are added to it. */
XMPP_API xmpp_elem *xmpp_form_add_item(xmpp_elem *form);
/** Explains a field to a person. */
XMPP_API void xmpp_field_set_desc(xmpp_elem *field, const char *text);
/** Says that a form is not valid without this field. */
XMPP_API void xmpp_field_set_required(xmpp_elem *field);
/** Adds a value. */
XMPP_API void xmpp_field_add_value(xmpp_elem *field, const char *value);
/** Adds an option. @param label for a person; NULL for none */
XMPP_API void xmpp_field_add_option(xmpp_elem *field, const char *value, const char *label);

#ifdef __cplusplus
}
#endif

#endif
