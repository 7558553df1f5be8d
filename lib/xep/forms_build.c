/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building data forms (XEP-0004), and filling them in. Not what tells whether they are filled in
 * well, which is forms_check.c. */
#include "xmpp/forms.h"

#include <string.h>

#include "forms_types.h"
#include "xmpp/error.h"
#include "xmpp/stanza.h"

/* --- building ---------------------------------------------------------------------------------- */

xmpp_elem *xmpp_form_add(xmpp_elem *parent, int type, const char *form_type)
{
    const char *name = xm_form_type_name(type);
    if (!name) {
        return NULL;
    }
    xmpp_elem *form = xmpp_elem_add(parent, "x", XMPP_NS_FORMS);
    xmpp_elem_set_attr(form, "type", name);
    if (form_type) {
        xmpp_field_add_value(xmpp_form_add_field(form, XMPP_FIELD_HIDDEN, "FORM_TYPE", NULL),
                             form_type);
    }
    return form;
}

void xmpp_form_set_title(xmpp_elem *form, const char *text)
{
    xmpp_elem *old = (xmpp_elem *)xmpp_elem_get_child(form, "title", XMPP_NS_FORMS);
    if (old) {
        xmpp_elem_remove(old);
    }
    xmpp_elem_add_text_child(form, "title", XMPP_NS_FORMS, text);
}

void xmpp_form_add_instructions(xmpp_elem *form, const char *text)
{
    xmpp_elem_add_text_child(form, "instructions", XMPP_NS_FORMS, text);
}

xmpp_elem *xmpp_form_add_field(xmpp_elem *form, int type, const char *var, const char *label)
{
    const char *name = xm_field_type_name(type);
    if (!name && type != -1) {
        return NULL;
    }
    xmpp_elem *field = xmpp_elem_add(form, "field", XMPP_NS_FORMS);
    if (name) {
        xmpp_elem_set_attr(field, "type", name);
    }
    if (var) {
        xmpp_elem_set_attr(field, "var", var);
    }
    if (label) {
        xmpp_elem_set_attr(field, "label", label);
    }
    return field;
}

xmpp_elem *xmpp_form_add_reported(xmpp_elem *form)
{
    return xmpp_elem_add(form, "reported", XMPP_NS_FORMS);
}

xmpp_elem *xmpp_form_add_item(xmpp_elem *form)
{
    return xmpp_elem_add(form, "item", XMPP_NS_FORMS);
}

void xmpp_field_set_desc(xmpp_elem *field, const char *text)
{
    xmpp_elem_add_text_child(field, "desc", XMPP_NS_FORMS, text);
}

void xmpp_field_set_required(xmpp_elem *field)
{
    if (!xmpp_field_is_required(field)) {
        xmpp_elem_add(field, "required", XMPP_NS_FORMS);
    }
}

void xmpp_field_add_value(xmpp_elem *field, const char *value)
{
    xmpp_elem_add_text_child(field, "value", XMPP_NS_FORMS, value);
}

void xmpp_field_add_option(xmpp_elem *field, const char *value, const char *label)
{
    xmpp_elem *option = xmpp_elem_add(field, "option", XMPP_NS_FORMS);
    if (label) {
        xmpp_elem_set_attr(option, "label", label);
    }
    xmpp_elem_add_text_child(option, "value", XMPP_NS_FORMS, value);
}

/* --- filling in -------------------------------------------------------------------------------- */

/* XEP-0004 3.2: what a submission says of types is known from the form. Said all the same are those
 * that matter to whoever sees only the submission: FORM_TYPE, and what must not be shown. */
static int submitted_type(const xmpp_elem *field)
{
    const char *var = xmpp_field_get_var(field);
    int type = xmpp_field_get_type(field);
    int is_said = type == XMPP_FIELD_TEXT_PRIVATE || strcmp(var, "FORM_TYPE") == 0;
    return is_said ? type : -1;
}

static void submit_field(xmpp_elem *submit, const xmpp_elem *field)
{
    const char *var = xmpp_field_get_var(field);
    int type = xmpp_field_get_type(field);
    const xmpp_elem *value = xmpp_elem_get_child(field, "value", XMPP_NS_FORMS);
    if (!var || type == XMPP_FIELD_FIXED || (!value && type != XMPP_FIELD_HIDDEN)) {
        return;
    }
    xmpp_elem *copy = xmpp_form_add_field(submit, submitted_type(field), var, NULL);
    for (size_t n = 0; value && n < XMPP_FORM_MAX; n++) {
        xmpp_field_add_value(copy, xmpp_elem_get_text(value, NULL));
        value = xmpp_elem_get_next(value, "value", XMPP_NS_FORMS);
    }
}

xmpp_elem *xmpp_form_add_submit(xmpp_elem *parent, const xmpp_elem *form)
{
    xmpp_elem *submit = xmpp_form_add(parent, XMPP_FORM_SUBMIT, NULL);
    const xmpp_elem *field = xmpp_elem_get_child(form, "field", XMPP_NS_FORMS);
    for (size_t n = 0; field && n < XMPP_FORM_MAX; n++) {
        submit_field(submit, field);
        field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS);
    }
    return submit;
}

/* The field of a form that is being built, emptied; added if it is not there. The tree is the
 * caller's, who gave it to be changed. */
static xmpp_elem *empty_field(xmpp_elem *submit, const char *var)
{
    xmpp_elem *field = (xmpp_elem *)xmpp_form_find_field(submit, var);
    if (!field) {
        return xmpp_form_add_field(submit, -1, var, NULL);
    }
    for (;;) {
        xmpp_elem *value = (xmpp_elem *)xmpp_elem_get_child(field, "value", XMPP_NS_FORMS);
        if (!value) {
            return field;
        }
        xmpp_elem_remove(value);
    }
}

int xmpp_form_set_values(xmpp_elem *submit, const char *var, const char *const *values, size_t n)
{
    if (!submit || !var || (!values && n > 0)) {
        return XMPP_E_INVAL;
    }
    xmpp_elem *field = empty_field(submit, var);
    for (size_t i = 0; i < n; i++) {
        xmpp_field_add_value(field, values[i]);
    }
    return 0;
}

int xmpp_form_set_value(xmpp_elem *submit, const char *var, const char *value)
{
    return xmpp_form_set_values(submit, var, &value, value != NULL);
}

int xmpp_form_set_private(xmpp_elem *submit, const char *var, const char *value)
{
    int result = xmpp_form_set_value(submit, var, value);
    if (result == 0) {
        xmpp_elem_set_attr((xmpp_elem *)xmpp_form_find_field(submit, var), "type",
                           xm_field_type_name(XMPP_FIELD_TEXT_PRIVATE));
    }
    return result;
}

int xmpp_form_set_bool(xmpp_elem *submit, const char *var, int on)
{
    return xmpp_form_set_value(submit, var, on ? "1" : "0");
}

/* Lines end with LF, CR LF or CR. */
int xmpp_form_set_text(xmpp_elem *submit, const char *var, const char *text)
{
    if (!submit || !var || !text) {
        return XMPP_E_INVAL;
    }
    xmpp_elem *field = empty_field(submit, var);
    for (;;) {
        size_t len = strcspn(text, "\r\n");
        xmpp_elem_add_text_len(xmpp_elem_add(field, "value", XMPP_NS_FORMS), text, len);
        text += len;
        if (*text == '\0') {
            return 0;
        }
        text += text[0] == '\r' && text[1] == '\n' ? 2 : 1;
    }
}

int xmpp_form_remove_field(xmpp_elem *submit, const char *var)
{
    if (!submit || !var) {
        return XMPP_E_INVAL;
    }
    xmpp_elem *field = (xmpp_elem *)xmpp_form_find_field(submit, var);
    if (!field) {
        return XMPP_E_NOT_FOUND;
    }
    xmpp_elem_remove(field);
    return 0;
}
