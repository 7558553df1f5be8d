/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a hash of capabilities proves: that an answer is the one that was announced, and of it those
 * parts that went into the hash. For the older hash (XEP-0115 8.3) only if nobody can have moved a
 * string from where it belongs to where it means something else; doc/decisions/0019-discovery.md
 * says how that is told. */
#include "caps_proof.h"

#include <string.h>

#include "caps_input.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

/* --- nothing but what the hash covers ------------------------------------------------------------ */

static void copy_identity(xmpp_elem *query, const xmpp_elem *identity, enum xm_caps_way way)
{
    const char *lang = xm_caps_get_lang(identity, way);
    xmpp_disco_query_add_identity(query, xmpp_elem_get_attr(identity, "category"),
                                  xmpp_elem_get_attr(identity, "type"), *lang ? lang : NULL,
                                  xmpp_elem_get_attr(identity, "name"));
}

static void copy_form(xmpp_elem *query, const xmpp_elem *form)
{
    const char *form_type = xm_caps_get_form_type(form);
    if (!form_type) {
        return;
    }
    xmpp_elem *copy = xmpp_form_add(query, XMPP_FORM_RESULT, form_type);
    const xmpp_elem *field = xmpp_elem_get_child(form, "field", XMPP_NS_FORMS);
    for (; field; field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS)) {
        const char *var = xmpp_field_get_var(field);
        if (strcmp(var, "FORM_TYPE") == 0) {
            continue;
        }
        xmpp_elem *to = xmpp_form_add_field(copy, -1, var, NULL);
        const xmpp_elem *value = xmpp_elem_get_child(field, "value", XMPP_NS_FORMS);
        for (; value; value = xmpp_elem_get_next(value, "value", XMPP_NS_FORMS)) {
            xmpp_field_add_value(to, xmpp_elem_get_text(value, NULL));
        }
    }
}

static int copy_proven(const xmpp_elem *query, enum xm_caps_way way, xmpp_disco_info **ret_info)
{
    xmpp_stanza *stanza = xmpp_stanza_new("query", XMPP_NS_DISCO_INFO);
    xmpp_elem *copy = xmpp_stanza_root(stanza);
    const xmpp_elem *child = xmpp_elem_get_child(query, NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        if (xmpp_elem_is(child, "identity", XMPP_NS_DISCO_INFO)) {
            copy_identity(copy, child, way);
        } else if (xmpp_elem_is(child, "feature", XMPP_NS_DISCO_INFO)) {
            xmpp_disco_query_add_feature(copy, xmpp_elem_get_attr(child, "var"));
        } else if (xmpp_elem_is(child, "x", XMPP_NS_FORMS)) {
            copy_form(copy, child);
        }
    }
    int result = xmpp_stanza_get_error(stanza);
    if (result == 0) {
        result = xmpp_disco_info_parse(ret_info, copy);
    }
    xmpp_stanza_unref(stanza);
    return result;
}

/* --- whether it can be read in one way only (XEP-0115) ------------------------------------------- */

static int has(const char *text, const char *characters)
{
    return text && text[strcspn(text, characters)] != '\0';
}

static int is_clear_identity(const xmpp_elem *identity)
{
    const char *category = xmpp_elem_get_attr(identity, "category");
    const char *type = xmpp_elem_get_attr(identity, "type");
    return *category && *type && !has(category, "/<") && !has(type, "/<") &&
           !has(xmpp_elem_get_attr_ns(identity, "lang", XMPP_NS_XML), "/<") &&
           !has(xmpp_elem_get_attr(identity, "name"), "<");
}

/* It could not have been an identity: CATEGORY/TYPE/LANG/NAME. */
static int is_clear_feature(const char *var)
{
    const char *type = strchr(var, '/');
    const char *lang = type ? strchr(type + 1, '/') : NULL;
    int is_identity = lang && type > var && lang > type + 1 && strchr(lang + 1, '/') != NULL;
    return *var && !is_identity && !has(var, "<");
}

/* The name of a field is none of a feature or of a form. */
static int is_clear_var(const char *var)
{
    return *var && !has(var, "<") && (*var == '{' || !has(var, ":/"));
}

/* A value is none of a feature or of a FORM_TYPE either: not by how it begins. */
static int is_clear_value(const char *value)
{
    static const char *const names[] = {"urn:xmpp:", "http://jabber.org/", "jabber:"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strncmp(value, names[i], strlen(names[i])) == 0) {
            return 0;
        }
    }
    return !has(value, "<");
}

/* Without a value its name could have been the last feature. */
static int is_clear_field(const xmpp_elem *field)
{
    const xmpp_elem *value = xmpp_elem_get_child(field, "value", XMPP_NS_FORMS);
    int has_value = value != NULL;
    for (; value; value = xmpp_elem_get_next(value, "value", XMPP_NS_FORMS)) {
        if (!is_clear_value(xmpp_elem_get_text(value, NULL))) {
            return 0;
        }
    }
    return has_value && is_clear_var(xmpp_field_get_var(field));
}

/* Without fields it could have been a feature. */
static int is_clear_form(const xmpp_elem *form)
{
    size_t n = 0;
    if (has(xm_caps_get_form_type(form), "<")) {
        return 0;
    }
    const xmpp_elem *field = xmpp_elem_get_child(form, "field", XMPP_NS_FORMS);
    for (; field; field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS)) {
        if (strcmp(xmpp_field_get_var(field), "FORM_TYPE") == 0) {
            continue;
        }
        if (!is_clear_field(field)) {
            return 0;
        }
        n++;
    }
    return n > 0;
}

static int is_clear(const xmpp_elem *query)
{
    size_t n_identities = 0;
    const xmpp_elem *child = xmpp_elem_get_child(query, NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        int good = 1;
        if (xmpp_elem_is(child, "identity", NULL)) {
            n_identities++;
            good = is_clear_identity(child);
        } else if (xmpp_elem_is(child, "feature", NULL)) {
            good = is_clear_feature(xmpp_elem_get_attr(child, "var"));
        } else {
            good = is_clear_form(child);
        }
        if (!good) {
            return 0;
        }
    }
    return n_identities > 0;
}

/* --- the proof ---------------------------------------------------------------------------------- */

static int prove(const xmpp_elem *query, enum xm_caps_way way, int hash, const char *want,
                 xmpp_disco_info **ret_proven)
{
    char *got = NULL;
    xmpp_disco_info *proven = NULL;
    int result = xm_caps_hash(query, way, hash, &got);
    if (result == 0) {
        result = strcmp(got, want) == 0 ? 0 : XMPP_E_PROTOCOL;
    }
    xmpp_free(got);
    if (result == 0) {
        result = copy_proven(query, way, &proven);
    }
    if (result < 0) {
        return result;
    }
    if (way == XM_CAPS_INPUT_LEGACY && !is_clear(xmpp_disco_info_get_elem(proven))) {
        xmpp_disco_info_unref(proven);
        return XMPP_E_PROTOCOL;
    }
    *ret_proven = proven;
    return 0;
}

int xm_caps_prove(const xmpp_disco_info *info, int kind, int hash, const char *want,
                  xmpp_disco_info **ret_proven)
{
    const xmpp_elem *query = xmpp_disco_info_get_elem(info);
    if (kind == XMPP_CAPS_LEGACY) {
        return prove(query, XM_CAPS_INPUT_LEGACY, hash, want, ret_proven);
    }
    int result = prove(query, XM_CAPS_INPUT_HASHES, hash, want, ret_proven);
    if (result == XMPP_E_PROTOCOL) {
        result = prove(query, XM_CAPS_INPUT_HASHES_SAID, hash, want, ret_proven);
    }
    return result;
}
