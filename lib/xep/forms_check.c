/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a submission answers its form (XEP-0004 3.2, 3.3, 4): a table of field types, read by one
 * loop. It does not know what the fields mean. */
#include "xmpp/forms.h"

#include <string.h>

#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

/* What the values of a type have to be. */
enum rule {
    RULE_ANY,
    RULE_LINE, /* no line break in it */
    RULE_BOOL,
    RULE_JID,
    RULE_OPTION, /* one of the form's */
};

static const struct {
    enum rule rule;
    int is_multi;
} rules[] = {
    [XMPP_FIELD_TEXT_SINGLE] = {RULE_ANY, 0},    [XMPP_FIELD_TEXT_MULTI] = {RULE_LINE, 1},
    [XMPP_FIELD_TEXT_PRIVATE] = {RULE_ANY, 0},   [XMPP_FIELD_BOOLEAN] = {RULE_BOOL, 0},
    [XMPP_FIELD_FIXED] = {RULE_ANY, 1},          [XMPP_FIELD_HIDDEN] = {RULE_ANY, 1},
    [XMPP_FIELD_JID_SINGLE] = {RULE_JID, 0},     [XMPP_FIELD_JID_MULTI] = {RULE_JID, 1},
    [XMPP_FIELD_LIST_SINGLE] = {RULE_OPTION, 0}, [XMPP_FIELD_LIST_MULTI] = {RULE_OPTION, 1},
};

static int check_jid(const char *text)
{
    xmpp_jid *jid = NULL;
    int result = xmpp_jid_parse(&jid, text);
    xmpp_jid_unref(jid);
    return result;
}

static int is_option(const xmpp_elem *field, const char *text)
{
    const xmpp_elem *option = xmpp_elem_get_child(field, "option", XMPP_NS_FORMS);
    for (size_t n = 0; option && n < XMPP_FORM_MAX; n++) {
        const char *value = xmpp_elem_get_child_text(option, "value", XMPP_NS_FORMS);
        if (value && strcmp(value, text) == 0) {
            return 1;
        }
        option = xmpp_elem_get_next(option, "option", XMPP_NS_FORMS);
    }
    return 0;
}

static int check_value(const xmpp_elem *field, enum rule rule, const char *text)
{
    switch (rule) {
    case RULE_LINE:
        return text[strcspn(text, "\r\n")] == '\0' ? 0 : XMPP_E_INVAL;
    case RULE_BOOL:
        return strcmp(text, "0") == 0 || strcmp(text, "1") == 0 || strcmp(text, "true") == 0 ||
                       strcmp(text, "false") == 0
                   ? 0
                   : XMPP_E_INVAL;
    case RULE_JID:
        return check_jid(text);
    case RULE_OPTION:
        return is_option(field, text) ? 0 : XMPP_E_INVAL;
    case RULE_ANY:
        break;
    }
    return 0;
}

/* One field of the form. A value that is empty means that there is none (XEP-0004 3.6): enough where
 * none is needed. */
static int check_field(const xmpp_elem *field, const xmpp_elem *given)
{
    int type = xmpp_field_get_type(field);
    int n_given = 0;
    const xmpp_elem *value = xmpp_elem_get_child(given, "value", XMPP_NS_FORMS);
    for (size_t n = 0; value && n < XMPP_FORM_MAX; n++) {
        const char *text = xmpp_elem_get_text(value, NULL);
        int is_empty = text[0] == '\0' && !is_option(field, text);
        int result = is_empty ? 0 : check_value(field, rules[type].rule, text);
        if (result < 0) {
            return result;
        }
        if (n > 0 && !rules[type].is_multi) {
            return XMPP_E_INVAL;
        }
        n_given += !is_empty;
        value = xmpp_elem_get_next(value, "value", XMPP_NS_FORMS);
    }
    return n_given == 0 && xmpp_field_is_required(field) ? XMPP_E_NOT_FOUND : 0;
}

int xmpp_form_check(const xmpp_elem *form, const xmpp_elem *submit, const char **ret_var)
{
    if (xmpp_form_get_type(form) != XMPP_FORM_FORM ||
        xmpp_form_get_type(submit) != XMPP_FORM_SUBMIT) {
        return XMPP_E_INVAL;
    }
    const xmpp_elem *field = xmpp_elem_get_child(form, "field", XMPP_NS_FORMS);
    for (size_t n = 0; field && n < XMPP_FORM_MAX; n++) {
        const char *var = xmpp_field_get_var(field);
        int is_asked = var && xmpp_field_get_type(field) != XMPP_FIELD_FIXED;
        int result = is_asked ? check_field(field, xmpp_form_find_field(submit, var)) : 0;
        if (result < 0) {
            if (ret_var) {
                *ret_var = var;
            }
            return result;
        }
        field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS);
    }
    return 0;
}
