/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading data forms (XEP-0004). Filling in and building is forms_build.c. Nothing is kept: a form is
 * whatever stands in the stanza. */
#include "xmpp/forms.h"

#include <stdlib.h>
#include <string.h>

#include "forms_types.h"
#include "xmpp/error.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"

static const char key;

static const char *const type_names[] = {"text-single", "text-multi", "text-private", "boolean",
                                         "fixed",       "hidden",     "jid-single",   "jid-multi",
                                         "list-single", "list-multi"};
static const char *const form_names[] = {NULL, "form", "submit", "cancel", "result"};

enum {
    N_TYPES = sizeof type_names / sizeof *type_names,
    N_FORMS = sizeof form_names / sizeof *form_names
};

int xmpp_forms_enable(xmpp_conn *conn)
{
    xmpp_module *module = xmpp_module_new(&key, "forms", NULL, NULL);
    xmpp_module_add_feature(module, XMPP_NS_FORMS);
    xmpp_module_redact(module, "field", XMPP_NS_FORMS, "type", "text-private");
    xmpp_module_redact(module, "field", XMPP_NS_FORMS, "var", "password");
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

const char *xm_form_type_name(int type)
{
    return type > 0 && type < N_FORMS ? form_names[type] : NULL;
}

const char *xm_field_type_name(int type)
{
    return type >= 0 && type < N_TYPES ? type_names[type] : NULL;
}

/* A child by number, of those that are seen. */
static const xmpp_elem *nth(const xmpp_elem *elem, const char *name, size_t index)
{
    if (index >= XMPP_FORM_MAX) {
        return NULL;
    }
    const xmpp_elem *child = xmpp_elem_get_child(elem, name, XMPP_NS_FORMS);
    while (child && index-- > 0) {
        child = xmpp_elem_get_next(child, name, XMPP_NS_FORMS);
    }
    return child;
}

static size_t count(const xmpp_elem *elem, const char *name)
{
    size_t n = 0;
    for (const xmpp_elem *child = xmpp_elem_get_child(elem, name, XMPP_NS_FORMS);
         child && n < XMPP_FORM_MAX; child = xmpp_elem_get_next(child, name, XMPP_NS_FORMS)) {
        n++;
    }
    return n;
}

/* --- a form ------------------------------------------------------------------------------------ */

const xmpp_elem *xmpp_form_find(const xmpp_elem *parent, const char *form_type)
{
    const xmpp_elem *form = xmpp_elem_get_child(parent, "x", XMPP_NS_FORMS);
    for (; form && form_type; form = xmpp_elem_get_next(form, "x", XMPP_NS_FORMS)) {
        const char *type = xmpp_form_get_form_type(form);
        if (type && strcmp(type, form_type) == 0) {
            return form;
        }
    }
    return form;
}

int xmpp_form_get_type(const xmpp_elem *form)
{
    const char *type = xmpp_elem_get_attr(form, "type");
    if (!type || !xmpp_elem_is(form, "x", XMPP_NS_FORMS)) {
        return XMPP_FORM_UNKNOWN;
    }
    for (int i = 1; i < N_FORMS; i++) {
        if (strcmp(type, form_names[i]) == 0) {
            return i;
        }
    }
    return XMPP_FORM_UNKNOWN;
}

/* XEP-0068 3.4.3: what is not hidden says nothing. In a submission the type is known from the form
 * that it answers (XEP-0004 3.2). */
const char *xmpp_form_get_form_type(const xmpp_elem *form)
{
    const xmpp_elem *field = xmpp_form_find_field(form, "FORM_TYPE");
    int is_submit = xmpp_form_get_type(form) == XMPP_FORM_SUBMIT;
    if (xmpp_field_get_type(field) != XMPP_FIELD_HIDDEN &&
        !(is_submit && !xmpp_elem_get_attr(field, "type"))) {
        return NULL;
    }
    return xmpp_field_get_value(field, 0);
}

const char *xmpp_form_get_title(const xmpp_elem *form)
{
    return xmpp_elem_get_child_text(form, "title", XMPP_NS_FORMS);
}

const char *xmpp_form_get_instructions(const xmpp_elem *form, size_t index)
{
    return xmpp_elem_get_text(nth(form, "instructions", index), NULL);
}

size_t xmpp_form_get_n_fields(const xmpp_elem *form)
{
    return count(form, "field");
}

const xmpp_elem *xmpp_form_get_field(const xmpp_elem *form, size_t index)
{
    return nth(form, "field", index);
}

const xmpp_elem *xmpp_form_find_field(const xmpp_elem *form, const char *var)
{
    const xmpp_elem *field = var ? xmpp_elem_get_child(form, "field", XMPP_NS_FORMS) : NULL;
    for (size_t n = 0; field && n < XMPP_FORM_MAX; n++) {
        const char *name = xmpp_field_get_var(field);
        if (name && strcmp(name, var) == 0) {
            return field;
        }
        field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS);
    }
    return NULL;
}

const char *xmpp_form_get_value(const xmpp_elem *form, const char *var)
{
    return xmpp_field_get_value(xmpp_form_find_field(form, var), 0);
}

const xmpp_elem *xmpp_form_get_reported(const xmpp_elem *form)
{
    return xmpp_elem_get_child(form, "reported", XMPP_NS_FORMS);
}

size_t xmpp_form_get_n_items(const xmpp_elem *form)
{
    return count(form, "item");
}

const xmpp_elem *xmpp_form_get_item(const xmpp_elem *form, size_t index)
{
    return nth(form, "item", index);
}

/* --- a field ----------------------------------------------------------------------------------- */

const char *xmpp_field_get_var(const xmpp_elem *field)
{
    return xmpp_elem_get_attr(field, "var");
}

/* XEP-0004 3.3: what is missing or not understood is text-single. */
int xmpp_field_get_type(const xmpp_elem *field)
{
    const char *type = xmpp_elem_get_attr(field, "type");
    for (int i = 0; type && i < N_TYPES; i++) {
        if (strcmp(type, type_names[i]) == 0) {
            return i;
        }
    }
    return XMPP_FIELD_TEXT_SINGLE;
}

const char *xmpp_field_get_label(const xmpp_elem *field)
{
    return xmpp_elem_get_attr(field, "label");
}

const char *xmpp_field_get_desc(const xmpp_elem *field)
{
    return xmpp_elem_get_child_text(field, "desc", XMPP_NS_FORMS);
}

int xmpp_field_is_required(const xmpp_elem *field)
{
    return xmpp_elem_get_child(field, "required", XMPP_NS_FORMS) != NULL;
}

size_t xmpp_field_get_n_values(const xmpp_elem *field)
{
    return count(field, "value");
}

const char *xmpp_field_get_value(const xmpp_elem *field, size_t index)
{
    return xmpp_elem_get_text(nth(field, "value", index), NULL);
}

int xmpp_field_get_bool(const xmpp_elem *field)
{
    const char *value = xmpp_field_get_value(field, 0);
    if (!value) {
        return -1;
    }
    if (strcmp(value, "1") == 0 || strcmp(value, "true") == 0) {
        return 1;
    }
    return strcmp(value, "0") == 0 || strcmp(value, "false") == 0 ? 0 : -1;
}

/* The lines, each with an end but the last; where `text` is NULL only how long that is. */
static size_t join_lines(const xmpp_elem *field, char *text)
{
    size_t total = 0;
    const xmpp_elem *value = xmpp_elem_get_child(field, "value", XMPP_NS_FORMS);
    for (size_t n = 0; value && n < XMPP_FORM_MAX; n++) {
        size_t len = 0;
        const char *line = xmpp_elem_get_text(value, &len);
        if (text && n > 0) {
            text[total] = '\n';
        }
        total += n > 0;
        if (text) {
            memcpy(text + total, line, len);
        }
        total += len;
        value = xmpp_elem_get_next(value, "value", XMPP_NS_FORMS);
    }
    return total;
}

int xmpp_field_get_text(const xmpp_elem *field, char **ret_text)
{
    if (!field || !ret_text) {
        return XMPP_E_INVAL;
    }
    size_t len = join_lines(field, NULL);
    char *text = malloc(len + 1);
    if (!text) {
        return XMPP_E_NOMEM;
    }
    join_lines(field, text);
    text[len] = '\0';
    *ret_text = text;
    return 0;
}

size_t xmpp_field_get_n_options(const xmpp_elem *field)
{
    return count(field, "option");
}

const char *xmpp_field_get_option(const xmpp_elem *field, size_t index)
{
    return xmpp_elem_get_child_text(nth(field, "option", index), "value", XMPP_NS_FORMS);
}

const char *xmpp_field_get_option_label(const xmpp_elem *field, size_t index)
{
    return xmpp_elem_get_attr(nth(field, "option", index), "label");
}
