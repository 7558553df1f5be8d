/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes what reads forms, result sets, service discovery and the input of capabilities: any element,
 * as a form and with a second one as its submission, and as an answer. What is filled in from a form
 * asks for no more than the form; what a hash proves has that hash itself, and of the older kind can
 * be read in no other way; what was read can be read again. */
#include <stdlib.h>
#include <string.h>

#include "xep/caps_proof.h"
#include "xmpp/xmpp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int held)
{
    if (!held) {
        abort();
    }
}

/* --- forms ---------------------------------------------------------------------------------------- */

static void read_field(const xmpp_elem *field)
{
    char *text = NULL;
    size_t n_lines = 1;
    demand(xmpp_field_get_text(field, &text) == 0);
    for (const char *at = text; *at; at++) {
        n_lines += *at == '\n';
    }
    demand(n_lines >= xmpp_field_get_n_values(field));
    xmpp_free(text);
    for (size_t i = 0; i < xmpp_field_get_n_options(field); i++) {
        xmpp_field_get_option(field, i);
        xmpp_field_get_option_label(field, i);
    }
    int type = xmpp_field_get_type(field);
    demand(type >= XMPP_FIELD_TEXT_SINGLE && type <= XMPP_FIELD_LIST_MULTI);
    xmpp_field_get_bool(field);
    xmpp_field_get_desc(field);
}

static void read_fields(const xmpp_elem *elem)
{
    size_t n = xmpp_form_get_n_fields(elem);
    demand(n <= XMPP_FORM_MAX && !xmpp_form_get_field(elem, n));
    for (size_t i = 0; i < n; i++) {
        const xmpp_elem *field = xmpp_form_get_field(elem, i);
        const char *var = xmpp_field_get_var(field);
        demand(!var || xmpp_form_find_field(elem, var));
        read_field(field);
    }
}

static void read_form(const xmpp_elem *form)
{
    read_fields(form);
    read_fields(xmpp_form_get_reported(form));
    for (size_t i = 0; i < xmpp_form_get_n_items(form); i++) {
        read_fields(xmpp_form_get_item(form, i));
    }
    xmpp_form_get_form_type(form);
    xmpp_form_get_title(form);
    xmpp_form_get_instructions(form, 0);
}

static void fill_in(const xmpp_elem *form)
{
    const char *var = NULL;
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    xmpp_elem *submit = xmpp_form_add_submit(xmpp_stanza_root(stanza), form);
    demand(xmpp_form_get_n_fields(submit) <= xmpp_form_get_n_fields(form));
    int result = xmpp_form_check(form, submit, &var);
    demand(result < 0 || var == NULL);
    if (var && xmpp_form_find_field(submit, var)) {
        demand(xmpp_form_set_value(submit, var, NULL) == 0);
        demand(xmpp_form_remove_field(submit, var) == 0);
    }
    demand(xmpp_stanza_get_error(stanza) == 0);
    xmpp_stanza_unref(stanza);
}

/* --- service discovery and capabilities ------------------------------------------------------------ */

static void prove(const xmpp_disco_info *info, int kind, int hash)
{
    char *text = NULL;
    char *again = NULL;
    xmpp_disco_info *proven = NULL;
    if (xmpp_caps_hash(info, kind, hash, &text) < 0) {
        return;
    }
    int result = xm_caps_prove(info, kind, hash, text, &proven);
    demand(result == 0 || (kind == XMPP_CAPS_LEGACY && result == XMPP_E_PROTOCOL));
    if (result == 0) {
        demand(xmpp_caps_hash(proven, kind, hash, &again) == 0 && strcmp(text, again) == 0);
        xmpp_free(again);
        xmpp_disco_info_unref(proven);
    }
    text[0] = text[0] == 'A' ? 'B' : 'A';
    demand(xm_caps_prove(info, kind, hash, text, &proven) != 0);
    xmpp_free(text);
}

static void read_info(const xmpp_elem *query)
{
    xmpp_disco_info *info = NULL;
    xmpp_disco_info *again = NULL;
    if (xmpp_disco_info_parse(&info, query) < 0) {
        return;
    }
    demand(xmpp_disco_info_parse(&again, xmpp_disco_info_get_elem(info)) == 0);
    size_t n = xmpp_disco_info_get_n_features(info);
    demand(n == xmpp_disco_info_get_n_features(again));
    for (size_t i = 0; i < n; i++) {
        demand(xmpp_disco_info_has_feature(again, xmpp_disco_info_get_feature(info, i)));
    }
    for (size_t i = 0; i < xmpp_disco_info_get_n_identities(info); i++) {
        demand(xmpp_disco_info_is(again, xmpp_disco_info_get_category(info, i),
                                  xmpp_disco_info_get_type(info, i)));
    }
    prove(info, XMPP_CAPS_LEGACY, XMPP_HASH_SHA1);
    prove(info, XMPP_CAPS_HASHES, XMPP_HASH_SHA256);
    xmpp_disco_info_unref(again);
    xmpp_disco_info_unref(info);
}

static void read_items(const xmpp_elem *query)
{
    xmpp_disco_items *items = NULL;
    if (xmpp_disco_items_parse(&items, query) == 0) {
        for (size_t i = 0; i < xmpp_disco_items_get_n(items); i++) {
            demand(!xmpp_jid_is_malformed(xmpp_disco_items_get_jid(items, i)));
        }
        xmpp_disco_items_unref(items);
    }
}

static void read_set(const xmpp_elem *set)
{
    xmpp_pager *pager = xmpp_pager_new(10, 0);
    demand(xmpp_rsm_get_count(set) >= -1 && xmpp_rsm_get_max(set) >= -1);
    demand(xmpp_rsm_get_index(set) >= -1 && xmpp_rsm_get_first_index(set) >= -1);
    if (xmpp_pager_take(pager, set, 1) == 1) {
        demand(xmpp_pager_take(pager, set, 1) <= 0); /* the same page again does not get on */
    }
    demand(xmpp_pager_is_done(pager));
    xmpp_pager_free(pager);
}

static void read_elem(const xmpp_elem *elem)
{
    read_form(elem);
    fill_in(elem);
    read_info(elem);
    read_items(elem);
    read_set(elem);
    for (const xmpp_elem *child = xmpp_elem_get_child(elem, NULL, NULL); child;
         child = xmpp_elem_get_next(child, NULL, NULL)) {
        xmpp_form_check(elem, child, NULL);
        xmpp_form_check(child, elem, NULL);
    }
}

/* Every element of the tree is read in each way. */
static void read_tree(const xmpp_elem *elem, int depth)
{
    read_elem(elem);
    for (const xmpp_elem *child = xmpp_elem_get_child(elem, NULL, NULL); child && depth < 4;
         child = xmpp_elem_get_next(child, NULL, NULL)) {
        read_tree(child, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xmpp_stanza *stanza = NULL;
    if (xmpp_stanza_parse(&stanza, (const char *)data, size) == 0) {
        read_tree(xmpp_stanza_get_root(stanza), 0);
        xmpp_stanza_unref(stanza);
    }
    return 0;
}
