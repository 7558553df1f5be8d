/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an entity is and can do (XEP-0030 3), as an object: a copy of the answer, with its children
 * sorted out. It says nothing about whether the answer is true: that is for caps.c to find out. */
#include "xmpp/disco.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/stanza.h"

struct xmpp_disco_info {
    atomic_uint refs;
    xmpp_stanza *stanza; /* the <query/> */
    size_t n_identities;
    size_t n_features;
    size_t n_forms;
    const xmpp_elem **identities; /* these three in one piece */
    const xmpp_elem **forms;
    const char **features; /* sorted */
};

static int is_info(const xmpp_elem *elem, const char *name)
{
    return xmpp_elem_is(elem, name, XMPP_NS_DISCO_INFO);
}

/* 1 for a feature that has a name, as it must (XEP-0030 3.1). */
static int is_feature(const xmpp_elem *elem)
{
    return is_info(elem, "feature") && xmpp_elem_get_attr(elem, "var");
}

static int compare_texts(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

static int count_children(xmpp_disco_info *info, const xmpp_elem *query)
{
    const xmpp_elem *child = xmpp_elem_get_child(query, NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        info->n_identities += (size_t)is_info(child, "identity");
        info->n_features += (size_t)is_feature(child);
        info->n_forms += (size_t)xmpp_elem_is(child, "x", XMPP_NS_FORMS);
    }
    if (info->n_identities > XMPP_DISCO_MAX_IDENTITIES ||
        info->n_features > XMPP_DISCO_MAX_FEATURES || info->n_forms > XMPP_DISCO_MAX_FORMS) {
        return XMPP_E_TOO_BIG;
    }
    return 0;
}

static int sort_out(xmpp_disco_info *info)
{
    const xmpp_elem *query = xmpp_stanza_get_root(info->stanza);
    size_t n_elems = info->n_identities + info->n_forms;
    size_t identity = 0;
    size_t feature = 0;
    size_t form = 0;
    info->identities = calloc(n_elems + 1, sizeof *info->identities);
    info->features = calloc(info->n_features + 1, sizeof *info->features);
    if (!info->identities || !info->features) {
        return XMPP_E_NOMEM;
    }
    info->forms = info->identities + info->n_identities;
    const xmpp_elem *child = xmpp_elem_get_child(query, NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        if (is_info(child, "identity")) {
            info->identities[identity++] = child;
        } else if (is_feature(child)) {
            info->features[feature++] = xmpp_elem_get_attr(child, "var");
        } else if (xmpp_elem_is(child, "x", XMPP_NS_FORMS)) {
            info->forms[form++] = child;
        }
    }
    qsort(info->features, info->n_features, sizeof *info->features, compare_texts);
    return 0;
}

/* The language that holds around the answer is said in the copy (XEP-0390 6.3). */
static xmpp_stanza *copy_query(const xmpp_elem *query)
{
    const char *lang = xmpp_elem_get_lang(query);
    xmpp_stanza *stanza = xmpp_stanza_new("query", XMPP_NS_DISCO_INFO);
    xmpp_elem *root = xmpp_stanza_root(stanza);
    if (lang) {
        xmpp_elem_set_attr_ns(root, "lang", XMPP_NS_XML, lang);
    }
    const char *node = xmpp_elem_get_attr(query, "node");
    if (node) {
        xmpp_elem_set_attr(root, "node", node);
    }
    const xmpp_elem *child = xmpp_elem_get_child(query, NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        xmpp_elem_add_copy(root, child);
    }
    if (xmpp_stanza_get_error(stanza) < 0) {
        return xmpp_stanza_unref(stanza);
    }
    xmpp_stanza_seal(stanza);
    return stanza;
}

int xmpp_disco_info_parse(xmpp_disco_info **ret_info, const xmpp_elem *query)
{
    if (!ret_info || !xmpp_elem_is(query, "query", XMPP_NS_DISCO_INFO)) {
        return XMPP_E_INVAL;
    }
    xmpp_disco_info *info = calloc(1, sizeof *info);
    if (!info) {
        return XMPP_E_NOMEM;
    }
    atomic_init(&info->refs, 1);
    int result = count_children(info, query);
    if (result == 0) {
        info->stanza = copy_query(query);
        result = info->stanza ? sort_out(info) : XMPP_E_NOMEM;
    }
    if (result < 0) {
        xmpp_disco_info_unref(info);
        return result;
    }
    *ret_info = info;
    return 0;
}

const xmpp_disco_info *xmpp_disco_info_ref(const xmpp_disco_info *info)
{
    if (info) {
        atomic_fetch_add(&((xmpp_disco_info *)info)->refs, 1);
    }
    return info;
}

xmpp_disco_info *xmpp_disco_info_unref(const xmpp_disco_info *info)
{
    xmpp_disco_info *mine = (xmpp_disco_info *)info;
    if (mine && atomic_fetch_sub(&mine->refs, 1) == 1) {
        xmpp_stanza_unref(mine->stanza);
        free(mine->identities);
        free(mine->features);
        free(mine);
    }
    return NULL;
}

const xmpp_elem *xmpp_disco_info_get_elem(const xmpp_disco_info *info)
{
    return info ? xmpp_stanza_get_root(info->stanza) : NULL;
}

const char *xmpp_disco_info_get_node(const xmpp_disco_info *info)
{
    return xmpp_elem_get_attr(xmpp_disco_info_get_elem(info), "node");
}

/* --- identities -------------------------------------------------------------------------------- */

static const xmpp_elem *identity_at(const xmpp_disco_info *info, size_t index)
{
    return info && index < info->n_identities ? info->identities[index] : NULL;
}

static const char *attr_or_empty(const xmpp_elem *elem, const char *name)
{
    const char *value = xmpp_elem_get_attr(elem, name);
    return value || !elem ? value : "";
}

size_t xmpp_disco_info_get_n_identities(const xmpp_disco_info *info)
{
    return info ? info->n_identities : 0;
}

const char *xmpp_disco_info_get_category(const xmpp_disco_info *info, size_t index)
{
    return attr_or_empty(identity_at(info, index), "category");
}

const char *xmpp_disco_info_get_type(const xmpp_disco_info *info, size_t index)
{
    return attr_or_empty(identity_at(info, index), "type");
}

const char *xmpp_disco_info_get_name(const xmpp_disco_info *info, size_t index)
{
    return xmpp_elem_get_attr(identity_at(info, index), "name");
}

const char *xmpp_disco_info_get_lang(const xmpp_disco_info *info, size_t index)
{
    return xmpp_elem_get_lang(identity_at(info, index));
}

int xmpp_disco_info_is(const xmpp_disco_info *info, const char *category, const char *type)
{
    for (size_t i = 0; info && i < info->n_identities; i++) {
        if ((!category || strcmp(xmpp_disco_info_get_category(info, i), category) == 0) &&
            (!type || strcmp(xmpp_disco_info_get_type(info, i), type) == 0)) {
            return 1;
        }
    }
    return 0;
}

/* --- features ---------------------------------------------------------------------------------- */

size_t xmpp_disco_info_get_n_features(const xmpp_disco_info *info)
{
    return info ? info->n_features : 0;
}

const char *xmpp_disco_info_get_feature(const xmpp_disco_info *info, size_t index)
{
    return info && index < info->n_features ? info->features[index] : NULL;
}

int xmpp_disco_info_has_feature(const xmpp_disco_info *info, const char *var)
{
    return info && var &&
           bsearch(&var, info->features, info->n_features, sizeof *info->features, compare_texts) !=
               NULL;
}

/* --- forms ------------------------------------------------------------------------------------- */

const xmpp_elem *xmpp_disco_info_get_form(const xmpp_disco_info *info, size_t index)
{
    return info && index < info->n_forms ? info->forms[index] : NULL;
}

const xmpp_elem *xmpp_disco_info_find_form(const xmpp_disco_info *info, const char *form_type)
{
    return form_type ? xmpp_form_find(xmpp_disco_info_get_elem(info), form_type) : NULL;
}
