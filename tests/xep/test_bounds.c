/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threat 29: what is read of forms and of service discovery is bounded, at the bound and beyond it. */
#include <string.h>

#include "check.h"
#include "xmpp/xmpp.h"

/* A <query/> with so many of one child. */
static xmpp_stanza *query_of(const char *ns, const char *name, const char *child_ns,
                             const char *attr, size_t n)
{
    xmpp_stanza *stanza = xmpp_stanza_new("query", ns);
    for (size_t i = 0; i < n; i++) {
        xmpp_elem *child = xmpp_elem_add(xmpp_stanza_root(stanza), name, child_ns);
        if (attr) {
            xmpp_elem_set_attr(child, attr, "a.example");
        }
    }
    CHECK_INT(xmpp_stanza_get_error(stanza), 0);
    return stanza;
}

static int read_info(const char *name, const char *ns, const char *attr, size_t n)
{
    xmpp_disco_info *info = NULL;
    xmpp_stanza *stanza = query_of(XMPP_NS_DISCO_INFO, name, ns, attr, n);
    int result = xmpp_disco_info_parse(&info, xmpp_stanza_get_root(stanza));
    CHECK((info != NULL) == (result == 0));
    xmpp_disco_info_unref(info);
    xmpp_stanza_unref(stanza);
    return result;
}

static void what_an_entity_is(void)
{
    const char *ns = XMPP_NS_DISCO_INFO;
    CHECK_INT(read_info("identity", ns, "category", XMPP_DISCO_MAX_IDENTITIES), 0);
    CHECK_INT(read_info("identity", ns, "category", XMPP_DISCO_MAX_IDENTITIES + 1), XMPP_E_TOO_BIG);
    CHECK_INT(read_info("feature", ns, "var", XMPP_DISCO_MAX_FEATURES), 0);
    CHECK_INT(read_info("feature", ns, "var", XMPP_DISCO_MAX_FEATURES + 1), XMPP_E_TOO_BIG);
    CHECK_INT(read_info("x", XMPP_NS_FORMS, NULL, XMPP_DISCO_MAX_FORMS), 0);
    CHECK_INT(read_info("x", XMPP_NS_FORMS, NULL, XMPP_DISCO_MAX_FORMS + 1), XMPP_E_TOO_BIG);
}

static int read_items(size_t n)
{
    xmpp_disco_items *items = NULL;
    xmpp_stanza *stanza = query_of(XMPP_NS_DISCO_ITEMS, "item", NULL, "jid", n);
    int result = xmpp_disco_items_parse(&items, xmpp_stanza_get_root(stanza));
    CHECK_INT(xmpp_disco_items_get_n(items), result == 0 ? n : 0);
    xmpp_disco_items_unref(items);
    xmpp_stanza_unref(stanza);
    return result;
}

static void what_an_entity_has(void)
{
    CHECK_INT(read_items(XMPP_DISCO_MAX_ITEMS), 0);
    CHECK_INT(read_items(XMPP_DISCO_MAX_ITEMS + 1), XMPP_E_TOO_BIG);
}

/* What stands behind the last one that is seen is not there: not to be found, chosen or required. */
static void fields_values_and_options(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    xmpp_elem *form = xmpp_form_add(xmpp_stanza_root(stanza), XMPP_FORM_FORM, NULL);
    xmpp_elem *list = xmpp_form_add_field(form, XMPP_FIELD_LIST_MULTI, "list", NULL);
    for (size_t i = 0; i < XMPP_FORM_MAX; i++) {
        xmpp_field_add_option(list, "seen", NULL);
        xmpp_field_add_value(list, "seen");
    }
    xmpp_field_add_option(list, "unseen", NULL);
    xmpp_field_add_value(list, "unseen");
    for (size_t i = 1; i < XMPP_FORM_MAX; i++) {
        xmpp_form_add_field(form, XMPP_FIELD_TEXT_SINGLE, "any", NULL);
    }
    xmpp_field_set_required(xmpp_form_add_field(form, XMPP_FIELD_TEXT_SINGLE, "unseen", NULL));
    CHECK_INT(xmpp_form_get_n_fields(form), XMPP_FORM_MAX);
    CHECK(!xmpp_form_get_field(form, XMPP_FORM_MAX));
    CHECK(!xmpp_form_find_field(form, "unseen"));
    CHECK_INT(xmpp_field_get_n_values(list), XMPP_FORM_MAX);
    CHECK(!xmpp_field_get_value(list, XMPP_FORM_MAX));
    CHECK_INT(xmpp_field_get_n_options(list), XMPP_FORM_MAX);
    xmpp_elem *submit = xmpp_form_add_submit(xmpp_stanza_root(stanza), form);
    CHECK_INT(xmpp_field_get_n_values(xmpp_form_find_field(submit, "list")), XMPP_FORM_MAX);
    CHECK_INT(xmpp_form_check(form, submit, NULL), 0);
    xmpp_form_set_value(submit, "list", "unseen");
    CHECK_INT(xmpp_form_check(form, submit, NULL), XMPP_E_INVAL);
    xmpp_stanza_unref(stanza);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"what an entity is", what_an_entity_is},
        {"what an entity has", what_an_entity_has},
        {"fields, values and options", fields_values_and_options},
    };
    return CHECK_MAIN(argc, argv, "xep-bounds", cases);
}
