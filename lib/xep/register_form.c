/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a host wants to know to register somebody, XEP-0077: a data form, or the fields of the old
 * protocol, or words and an address of the web; and the answer, which grows in a tree of its own. Whom it
 * is sent to, and what follows, is register.c. */
#include <stdlib.h>
#include <string.h>

#include "register_form.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/iq.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

static const char ns_oob[] = "jabber:x:oob";

struct xmpp_register_form {
    unsigned refs;
    enum xm_register_kind kind;
    const xmpp_stanza *reply;
    const xmpp_elem *query; /* in the reply */
    const xmpp_elem *form;  /* the data form; NULL: none */
    xmpp_stanza *answer;    /* the request that submits it, secret */
    xmpp_elem *filled;      /* its query */
    xmpp_elem *submit;      /* the answer to the data form; NULL: there is none */
};

/* XEP-0077 14.1: there are no others. */
static const char *const fields[] = {"username", "nick",    "password", "name",  "first", "last",
                                     "email",    "address", "city",     "state", "zip",   "phone",
                                     "url",      "date",    "misc",     "text"};
enum { N_FIELDS = sizeof fields / sizeof *fields };
static const char key_field[] = "key"; /* nobody's to see or to change */

/* --- making ------------------------------------------------------------------------------------- */

static void copy_field(xmpp_register_form *form, const char *name)
{
    const char *text = xmpp_elem_get_child_text(form->query, name, XM_NS_REGISTER);
    if (text && *text) {
        xmpp_elem_add_text_child(form->filled, name, NULL, text);
    }
}

/* What is proposed, or on file: all of it has to be sent again (XEP-0100 4.2.1). */
static int begin_answer(xmpp_register_form *form, const char *to)
{
    form->answer = xmpp_iq_new(XMPP_IQ_SET, to);
    xmpp_stanza_set_secret(form->answer);
    form->filled = xmpp_elem_add(xmpp_stanza_root(form->answer), "query", XM_NS_REGISTER);
    if (form->form) { /* and nothing of the fields, XEP-0077 4 */
        form->submit = xmpp_form_add_submit(form->filled, form->form);
    } else {
        for (size_t i = 0; i < N_FIELDS; i++) {
            copy_field(form, fields[i]);
        }
        copy_field(form, key_field);
    }
    return form->answer ? xmpp_stanza_get_error(form->answer) : XMPP_E_NOMEM;
}

int xm_register_form_make(xmpp_register_form **ret_form, const xmpp_stanza *reply,
                          enum xm_register_kind kind, const char *to)
{
    const xmpp_elem *query =
        xmpp_elem_get_child(xmpp_stanza_get_root(reply), "query", XM_NS_REGISTER);
    const xmpp_elem *data = xmpp_form_find(query, NULL);
    int is_data = xmpp_form_get_type(data) == XMPP_FORM_FORM;
    *ret_form = NULL;
    if (!query || (xmpp_iq_get_type(reply) != XMPP_IQ_RESULT && !is_data)) {
        return 0; /* an error has what we said, not what is asked */
    }
    xmpp_register_form *form = calloc(1, sizeof *form);
    if (!form) {
        return XMPP_E_NOMEM;
    }
    form->refs = 1;
    form->kind = kind;
    form->reply = xmpp_stanza_ref(reply);
    form->query = query;
    form->form = is_data ? data : NULL;
    int result = begin_answer(form, to);
    if (result < 0) {
        xmpp_register_form_unref(form);
        return result;
    }
    *ret_form = form;
    return 0;
}

xmpp_register_form *xmpp_register_form_ref(xmpp_register_form *form)
{
    if (form) {
        form->refs++;
    }
    return form;
}

xmpp_register_form *xmpp_register_form_unref(xmpp_register_form *form)
{
    if (form && --form->refs == 0) {
        xmpp_stanza_unref(form->reply);
        xmpp_stanza_unref(form->answer);
        free(form);
    }
    return NULL;
}

enum xm_register_kind xm_register_form_get_kind(const xmpp_register_form *form)
{
    return form->kind;
}

/* --- what is asked ------------------------------------------------------------------------------ */

int xmpp_register_form_is_registered(const xmpp_register_form *form)
{
    return form && xmpp_elem_get_child(form->query, "registered", XM_NS_REGISTER);
}

const char *xmpp_register_form_get_instructions(const xmpp_register_form *form)
{
    const char *text =
        form ? xmpp_elem_get_child_text(form->query, "instructions", XM_NS_REGISTER) : NULL;
    return text && *text ? text : NULL;
}

/* Threat 34: an address that a program could do more with than show it is not told. */
static int is_of_the_web(const char *url)
{
    return url && (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0);
}

const char *xmpp_register_form_get_url(const xmpp_register_form *form)
{
    const xmpp_elem *oob = form ? xmpp_elem_get_child(form->query, "x", ns_oob) : NULL;
    const char *url = xmpp_elem_get_child_text(oob, "url", ns_oob);
    return is_of_the_web(url) ? url : NULL;
}

const xmpp_elem *xmpp_register_form_get_form(const xmpp_register_form *form)
{
    return form ? form->form : NULL;
}

xmpp_elem *xmpp_register_form_get_submit(xmpp_register_form *form)
{
    return form ? form->submit : NULL;
}

/* --- the fields --------------------------------------------------------------------------------- */

static int is_to_fill_in(const xmpp_elem *field)
{
    int type = xmpp_field_get_type(field);
    return xmpp_field_get_var(field) && type != XMPP_FIELD_FIXED && type != XMPP_FIELD_HIDDEN;
}

/* The first field to fill in from this one on; NULL: there is none. */
static const xmpp_elem *from_field(const xmpp_elem *field)
{
    while (field && !is_to_fill_in(field)) {
        field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS);
    }
    return field;
}

static const xmpp_elem *first_field(const xmpp_register_form *form)
{
    return from_field(xmpp_elem_get_child(form->form, "field", XMPP_NS_FORMS));
}

static const xmpp_elem *next_field(const xmpp_elem *field)
{
    return from_field(xmpp_elem_get_next(field, "field", XMPP_NS_FORMS));
}

static int has_old(const xmpp_register_form *form, const char *name)
{
    return xmpp_elem_get_child(form->query, name, XM_NS_REGISTER) != NULL;
}

size_t xmpp_register_form_get_n_fields(const xmpp_register_form *form)
{
    size_t n = 0;
    if (form && form->form) {
        for (const xmpp_elem *at = first_field(form); at && n < XMPP_FORM_MAX;
             at = next_field(at)) {
            n++;
        }
        return n;
    }
    for (size_t i = 0; form && i < N_FIELDS; i++) {
        n += (size_t)has_old(form, fields[i]);
    }
    return n;
}

const char *xmpp_register_form_get_name(const xmpp_register_form *form, size_t index)
{
    if (form && form->form) {
        const xmpp_elem *at = index < XMPP_FORM_MAX ? first_field(form) : NULL;
        for (; at && index > 0; index--) {
            at = next_field(at);
        }
        return xmpp_field_get_var(at);
    }
    for (size_t i = 0; form && i < N_FIELDS; i++) {
        if (has_old(form, fields[i]) && index-- == 0) {
            return fields[i];
        }
    }
    return NULL;
}

static int has_field(const xmpp_register_form *form, const char *name)
{
    if (form->form) {
        return is_to_fill_in(xmpp_form_find_field(form->form, name));
    }
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (strcmp(fields[i], name) == 0) {
            return has_old(form, name);
        }
    }
    return 0;
}

const char *xmpp_register_form_get_value(const xmpp_register_form *form, const char *name)
{
    if (!form || !name) {
        return NULL;
    }
    return form->submit ? xmpp_form_get_value(form->submit, name)
                        : xmpp_elem_get_child_text(form->filled, name, XM_NS_REGISTER);
}

/* Whether it can be written, before it sticks to the answer. */
static int check_value(const char *value)
{
    xmpp_stanza *probe = xmpp_stanza_new("value", XM_NS_REGISTER);
    xmpp_stanza_set_secret(probe);
    xmpp_elem_add_text(xmpp_stanza_root(probe), value);
    int result = probe ? xmpp_stanza_get_error(probe) : XMPP_E_NOMEM;
    xmpp_stanza_unref(probe);
    return result;
}

static void set_old(xmpp_register_form *form, const char *name, const char *value)
{
    /* of a tree that is built here */
    xmpp_elem_remove((xmpp_elem *)xmpp_elem_get_child(form->filled, name, XM_NS_REGISTER));
    xmpp_elem_add_text_child(form->filled, name, NULL, value);
}

static void set_data(xmpp_register_form *form, const char *name, const char *value)
{
    const xmpp_elem *field = xmpp_form_find_field(form->form, name);
    if (xmpp_field_get_type(field) == XMPP_FIELD_TEXT_PRIVATE) {
        xmpp_form_set_private(form->submit, name, value);
    } else {
        xmpp_form_set_value(form->submit, name, value);
    }
}

int xmpp_register_form_set(xmpp_register_form *form, const char *name, const char *value)
{
    if (!form || !name || !value) {
        return XMPP_E_INVAL;
    }
    if (!has_field(form, name)) {
        return XMPP_E_NOT_FOUND;
    }
    int result = check_value(value);
    if (result < 0) {
        return result;
    }
    if (form->submit) {
        set_data(form, name, value);
    } else {
        set_old(form, name, value);
    }
    return xmpp_stanza_get_error(form->answer);
}

/* --- submitting --------------------------------------------------------------------------------- */

/* XEP-0077 3.1: all that was asked for. */
static int check_old(const xmpp_register_form *form)
{
    int n = 0;
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (!has_old(form, fields[i])) {
            continue;
        }
        if (!xmpp_register_form_get_value(form, fields[i])) {
            return XMPP_E_INVAL;
        }
        n++;
    }
    return n > 0 ? 0 : XMPP_E_INVAL;
}

const xmpp_stanza *xm_register_form_get_request(xmpp_register_form *form, int *ret_error)
{
    *ret_error = xmpp_stanza_get_error(form->answer);
    if (*ret_error == 0) {
        *ret_error = form->form ? xmpp_form_check(form->form, form->submit, NULL) : check_old(form);
    }
    return *ret_error == 0 ? form->answer : NULL;
}

/* --- errors ------------------------------------------------------------------------------------- */

/* XEP-0086, where there is nothing but a number. */
static int of_code(const char *code)
{
    static const struct {
        const char *code;
        int condition;
    } rows[] = {
        {"302", XMPP_CONDITION_REDIRECT},
        {"400", XMPP_CONDITION_BAD_REQUEST},
        {"401", XMPP_CONDITION_NOT_AUTHORIZED},
        {"403", XMPP_CONDITION_FORBIDDEN},
        {"404", XMPP_CONDITION_ITEM_NOT_FOUND},
        {"405", XMPP_CONDITION_NOT_ALLOWED},
        {"406", XMPP_CONDITION_NOT_ACCEPTABLE},
        {"407", XMPP_CONDITION_REGISTRATION_REQUIRED},
        {"408", XMPP_CONDITION_REMOTE_SERVER_TIMEOUT},
        {"409", XMPP_CONDITION_CONFLICT},
        {"500", XMPP_CONDITION_INTERNAL_SERVER_ERROR},
        {"501", XMPP_CONDITION_FEATURE_NOT_IMPLEMENTED},
        {"502", XMPP_CONDITION_SERVICE_UNAVAILABLE},
        {"503", XMPP_CONDITION_SERVICE_UNAVAILABLE},
        {"504", XMPP_CONDITION_REMOTE_SERVER_TIMEOUT},
        {"510", XMPP_CONDITION_SERVICE_UNAVAILABLE},
    };
    for (size_t i = 0; code && i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].code, code) == 0) {
            return rows[i].condition;
        }
    }
    return 0;
}

int xmpp_register_get_condition(const xmpp_stanza *reply)
{
    int condition = xmpp_stanza_error_get_condition(reply);
    if (condition == 0 || xmpp_stanza_error_get_condition_name(reply)) {
        return condition;
    }
    int old = of_code(xmpp_elem_get_attr(xmpp_stanza_error_get_elem(reply), "code"));
    return old ? old : condition;
}
