/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input of the hashes of XEP-0115 5.1 and XEP-0390 4.1. Both sort octet strings and join them;
 * the older one with '<' and '/', which may occur in what is joined, the newer one with octets that
 * XML forbids. Here the older one is sorted with such octets too, which become '<' and '/' at last.
 * What a hash proves is caps_proof.c. */
#include "caps_input.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

enum {
    END = 0x00,   /* becomes '<' */
    SLASH = 0x01, /* becomes '/' */
    /* XEP-0390 4.1 */
    UNIT = 0x1f,
    RECORD = 0x1e,
    GROUP = 0x1d,
    PART = 0x1c,
};

struct text {
    char *bytes;
    size_t n;
    size_t cap;
};

struct list {
    struct text *texts;
    size_t n;
    size_t cap;
};

/* One computation. The first error counts. */
struct input {
    enum xm_caps_way way;
    int error;
};

static void fail(struct input *input, int error)
{
    input->error = input->error < 0 ? input->error : error;
}

/* --- texts, and lists of them ------------------------------------------------------------------ */

static void text_add(struct input *input, struct text *text, const char *bytes, size_t n)
{
    if (input->error < 0) {
        return;
    }
    if (n > XM_CAPS_INPUT_MAX - text->n) {
        fail(input, XMPP_E_TOO_BIG);
        return;
    }
    if (text->n + n > text->cap) {
        size_t cap = (text->n + n) * 2;
        char *grown = realloc(text->bytes, cap);
        if (!grown) {
            fail(input, XMPP_E_NOMEM);
            return;
        }
        text->bytes = grown;
        text->cap = cap;
    }
    if (n > 0) {
        memcpy(text->bytes + text->n, bytes, n);
    }
    text->n += n;
}

static void text_add_string(struct input *input, struct text *text, const char *string)
{
    text_add(input, text, string, strlen(string));
}

static void text_add_octet(struct input *input, struct text *text, char octet)
{
    text_add(input, text, &octet, 1);
}

/* What is behind each string. */
static char unit_end(const struct input *input)
{
    return input->way == XM_CAPS_INPUT_LEGACY ? END : UNIT;
}

/* Takes the text over. */
static void list_add(struct input *input, struct list *list, struct text *text)
{
    if (input->error == 0 && list->n == list->cap) {
        size_t cap = list->cap * 2 + 8;
        struct text *grown = realloc(list->texts, cap * sizeof *grown);
        if (!grown) {
            fail(input, XMPP_E_NOMEM);
        } else {
            list->texts = grown;
            list->cap = cap;
        }
    }
    if (input->error < 0) {
        free(text->bytes);
    } else {
        list->texts[list->n++] = *text;
    }
}

/* i;octet (RFC 4790 9.3) */
static int compare_texts(const void *a, const void *b)
{
    const struct text *left = a;
    const struct text *right = b;
    size_t n = left->n < right->n ? left->n : right->n;
    int order = memcmp(left->bytes, right->bytes, n);
    return order != 0 ? order : (left->n > right->n) - (left->n < right->n);
}

/* Sorts the list, adds it to the text, and empties it. With `is_set` what is there twice, up to the
 * first end, is an error (XEP-0115 5.4). */
static void list_join(struct input *input, struct list *list, struct text *text, int is_set)
{
    if (list->n > 1) {
        qsort(list->texts, list->n, sizeof *list->texts, compare_texts);
    }
    for (size_t i = 0; i < list->n; i++) {
        if (is_set && i > 0 && strcmp(list->texts[i - 1].bytes, list->texts[i].bytes) == 0) {
            fail(input, XMPP_E_PROTOCOL);
        }
        text_add(input, text, list->texts[i].bytes, list->texts[i].n);
    }
    for (size_t i = 0; i < list->n; i++) {
        free(list->texts[i].bytes);
    }
    free(list->texts);
    *list = (struct list){0};
}

/* --- the three parts ---------------------------------------------------------------------------- */

const char *xm_caps_get_lang(const xmpp_elem *identity, enum xm_caps_way way)
{
    const char *lang = way == XM_CAPS_INPUT_HASHES
                           ? xmpp_elem_get_lang(identity)
                           : xmpp_elem_get_attr_ns(identity, "lang", XMPP_NS_XML);
    return lang ? lang : "";
}

static void add_identity(struct input *input, struct list *list, const xmpp_elem *identity)
{
    const char *name = xmpp_elem_get_attr(identity, "name");
    const char *parts[] = {xmpp_elem_get_attr(identity, "category"),
                           xmpp_elem_get_attr(identity, "type"),
                           xm_caps_get_lang(identity, input->way), name ? name : ""};
    int is_legacy = input->way == XM_CAPS_INPUT_LEGACY;
    struct text text = {0};
    for (int i = 0; i < 4; i++) {
        if (!parts[i]) { /* XEP-0030 3.1: category and type are required */
            fail(input, XMPP_E_PROTOCOL);
            break;
        }
        text_add_string(input, &text, parts[i]);
        text_add_octet(input, &text, (char)(is_legacy && i < 3 ? SLASH : unit_end(input)));
    }
    if (!is_legacy) {
        text_add_octet(input, &text, RECORD);
    }
    list_add(input, list, &text);
}

static void add_string(struct input *input, struct list *list, const char *string)
{
    struct text text = {0};
    if (!string) {
        fail(input, XMPP_E_PROTOCOL);
        return;
    }
    text_add_string(input, &text, string);
    text_add_octet(input, &text, unit_end(input));
    list_add(input, list, &text);
}

static void add_field(struct input *input, struct list *list, const xmpp_elem *field)
{
    const char *var = xmpp_field_get_var(field);
    struct list values = {0};
    struct text text = {0};
    const xmpp_elem *value = xmpp_elem_get_child(field, "value", XMPP_NS_FORMS);
    for (; value; value = xmpp_elem_get_next(value, "value", XMPP_NS_FORMS)) {
        add_string(input, &values, xmpp_elem_get_text(value, NULL));
    }
    if (!var) {
        fail(input, XMPP_E_PROTOCOL);
    } else {
        text_add_string(input, &text, var);
        text_add_octet(input, &text, unit_end(input));
    }
    list_join(input, &values, &text, 0);
    if (input->way != XM_CAPS_INPUT_LEGACY) {
        text_add_octet(input, &text, RECORD);
    }
    list_add(input, list, &text);
}

/* There is one field FORM_TYPE, and all its values are the same one (XEP-0115 5.4.3.5). */
static int is_one_type(const xmpp_elem *form, const char *type)
{
    int n_fields = 0;
    const xmpp_elem *field = xmpp_elem_get_child(form, "field", XMPP_NS_FORMS);
    for (; field; field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS)) {
        const char *var = xmpp_field_get_var(field);
        if (!var || strcmp(var, "FORM_TYPE") != 0) {
            continue;
        }
        n_fields++;
        const xmpp_elem *value = xmpp_elem_get_child(field, "value", XMPP_NS_FORMS);
        for (; value; value = xmpp_elem_get_next(value, "value", XMPP_NS_FORMS)) {
            if (strcmp(xmpp_elem_get_text(value, NULL), type) != 0) {
                return 0;
            }
        }
    }
    return n_fields == 1;
}

const char *xm_caps_get_form_type(const xmpp_elem *form)
{
    const xmpp_elem *field = xmpp_form_find_field(form, "FORM_TYPE");
    return xmpp_field_get_type(field) == XMPP_FIELD_HIDDEN ? xmpp_field_get_value(field, 0) : NULL;
}

/* XEP-0390 4.1, 2 and 3; XEP-0115 5.4.3.6 passes over a form that does not say what it is. */
static int is_counted(struct input *input, const xmpp_elem *form, const char *type)
{
    int is_legacy = input->way == XM_CAPS_INPUT_LEGACY;
    int has_items = xmpp_form_get_reported(form) || xmpp_form_get_item(form, 0);
    if (type && !is_one_type(form, type)) {
        fail(input, XMPP_E_PROTOCOL);
    }
    size_t n_values = xmpp_field_get_n_values(xmpp_form_find_field(form, "FORM_TYPE"));
    if (!is_legacy && (!type || has_items || n_values != 1)) {
        fail(input, XMPP_E_PROTOCOL);
    }
    return type && input->error == 0;
}

static void add_form(struct input *input, struct list *list, const xmpp_elem *form)
{
    const char *type = xm_caps_get_form_type(form);
    int is_legacy = input->way == XM_CAPS_INPUT_LEGACY;
    struct list fields = {0};
    struct text text = {0};
    if (!is_counted(input, form, type)) {
        return;
    }
    if (is_legacy) {
        text_add_string(input, &text, type);
        text_add_octet(input, &text, END);
    }
    const xmpp_elem *field = xmpp_elem_get_child(form, "field", XMPP_NS_FORMS);
    for (; field; field = xmpp_elem_get_next(field, "field", XMPP_NS_FORMS)) {
        const char *var = xmpp_field_get_var(field);
        if (!is_legacy || !var || strcmp(var, "FORM_TYPE") != 0) {
            add_field(input, &fields, field);
        }
    }
    list_join(input, &fields, &text, 0);
    if (!is_legacy) {
        text_add_octet(input, &text, GROUP);
    }
    list_add(input, list, &text);
}

/* --- all of it ---------------------------------------------------------------------------------- */

static void add_children(struct input *input, const xmpp_elem *query, struct list *identities,
                         struct list *features, struct list *forms)
{
    const xmpp_elem *child = xmpp_elem_get_child(query, NULL, NULL);
    for (; child && input->error == 0; child = xmpp_elem_get_next(child, NULL, NULL)) {
        if (xmpp_elem_is(child, "identity", XMPP_NS_DISCO_INFO)) {
            add_identity(input, identities, child);
        } else if (xmpp_elem_is(child, "feature", XMPP_NS_DISCO_INFO)) {
            add_string(input, features, xmpp_elem_get_attr(child, "var"));
        } else if (xmpp_elem_is(child, "x", XMPP_NS_FORMS)) {
            add_form(input, forms, child);
        } else if (input->way != XM_CAPS_INPUT_LEGACY) {
            fail(input, XMPP_E_PROTOCOL); /* XEP-0390 4.1, 1 */
        }
    }
}

static void replace_ends(struct text *text)
{
    for (size_t i = 0; i < text->n; i++) {
        char c = text->bytes[i];
        text->bytes[i] = (char)(c == END ? '<' : c == SLASH ? '/' : c);
    }
}

int xm_caps_input(const xmpp_elem *query, enum xm_caps_way way, char **ret_bytes, size_t *ret_n)
{
    struct input input = {way, 0};
    struct list identities = {0};
    struct list features = {0};
    struct list forms = {0};
    struct text text = {0};
    add_children(&input, query, &identities, &features, &forms);
    if (way == XM_CAPS_INPUT_LEGACY) {
        list_join(&input, &identities, &text, 1);
        list_join(&input, &features, &text, 1);
        list_join(&input, &forms, &text, 1);
        replace_ends(&text);
    } else {
        list_join(&input, &features, &text, 0);
        text_add_octet(&input, &text, PART);
        list_join(&input, &identities, &text, 0);
        text_add_octet(&input, &text, PART);
        list_join(&input, &forms, &text, 0);
        text_add_octet(&input, &text, PART);
    }
    if (input.error < 0) {
        free(text.bytes);
        return input.error;
    }
    *ret_bytes = text.bytes;
    *ret_n = text.n;
    return 0;
}

int xm_caps_hash(const xmpp_elem *query, enum xm_caps_way way, int hash, char **ret_text)
{
    uint8_t digest[XMPP_HASH_MAX];
    char *bytes = NULL;
    size_t n = 0;
    int result = xm_caps_input(query, way, &bytes, &n);
    if (result == 0) {
        result = xmpp_hash(hash, bytes ? bytes : "", n, digest);
    }
    free(bytes);
    return result < 0 ? result : xmpp_base64_encode(digest, (size_t)result, ret_text);
}

int xmpp_caps_hash(const xmpp_disco_info *info, int kind, int hash, char **ret_text)
{
    const xmpp_elem *query = xmpp_disco_info_get_elem(info);
    if (!query || !ret_text || !xmpp_hash_get_name(hash) ||
        (kind != XMPP_CAPS_LEGACY && kind != XMPP_CAPS_HASHES)) {
        return XMPP_E_INVAL;
    }
    enum xm_caps_way way = kind == XMPP_CAPS_LEGACY ? XM_CAPS_INPUT_LEGACY : XM_CAPS_INPUT_HASHES;
    return xm_caps_hash(query, way, hash, ret_text);
}
