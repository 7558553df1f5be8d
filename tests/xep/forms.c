/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do forms …`: a form that is read and filled in, and one that is built.
 *
 *   load <x/>               the form that is meant from now on
 *   read                    tells all that is in it; `text VAR` one field as lines, `about` FORM_TYPE
 *   fill, new TYPE [FT]     begins a submission of it; begins another form
 *   set VAR [VALUE], set-values VAR A|B, set-bool VAR N, set-text VAR A|B, set-private VAR VALUE,
 *   remove VAR              what is filled in
 *   title, instructions, field TYPE VAR [LABEL], desc, required, value, option VALUE [LABEL],
 *   reported, item          what is built
 *   check                   what was filled in against the form; tells the field that is wrong
 *   show                    tells it; `send TO` sends it in a message */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/forms.h"
#include "xmpp/message.h"

static const char *const types[] = {"text-single", "text-multi", "text-private", "boolean",
                                    "fixed",       "hidden",     "jid-single",   "jid-multi",
                                    "list-single", "list-multi"};
static const char *const kinds[] = {"unknown", "form", "submit", "cancel", "result"};

static xmpp_stanza *form;  /* what is read */
static xmpp_stanza *built; /* what is built, a message around it */
static xmpp_elem *top;     /* of what is built */
static xmpp_elem *fields;  /* where fields go: the form, what it reports, an item */
static xmpp_elem *field;   /* the last one */

static void forms_done(struct scene *scene)
{
    (void)scene;
    form = xmpp_stanza_unref(form);
    built = xmpp_stanza_unref(built);
    top = fields = field = NULL;
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static int find(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

/* Cuts the first word off. */
static const char *cut(const char *rest, char *word, size_t size)
{
    size_t n = strcspn(rest, " ");
    snprintf(word, size, "%.*s", (int)n, rest);
    return rest + n + (rest[n] != '\0');
}

static int forms_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_forms_enable(conn));
}

static int forms_load(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    form = xmpp_stanza_unref(form);
    return IN_LIB(xmpp_stanza_parse(&form, rest, strlen(rest)));
}

static void tell_field(struct scene *scene, const char *where, const xmpp_elem *one)
{
    char text[900];
    int at =
        snprintf(text, sizeof text, "%s %s %s '%s'%s%s", where, or_dash(xmpp_field_get_var(one)),
                 types[xmpp_field_get_type(one)], or_dash(xmpp_field_get_label(one)),
                 xmpp_field_is_required(one) ? " required" : "",
                 xmpp_field_get_bool(one) >= 0 ? " bool" : "");
    for (size_t i = 0; i < xmpp_field_get_n_values(one); i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " =%s", xmpp_field_get_value(one, i));
    }
    for (size_t i = 0; i < xmpp_field_get_n_options(one); i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " /%s:%s",
                       or_dash(xmpp_field_get_option(one, i)),
                       or_dash(xmpp_field_get_option_label(one, i)));
    }
    if (xmpp_field_get_desc(one)) {
        snprintf(text + at, sizeof text - (size_t)at, " (%s)", xmpp_field_get_desc(one));
    }
    app_event(scene, 0, NULL, "%s", text);
}

static void tell_fields(struct scene *scene, const char *where, const xmpp_elem *elem)
{
    for (size_t i = 0; i < xmpp_form_get_n_fields(elem); i++) {
        tell_field(scene, where, xmpp_form_get_field(elem, i));
    }
}

static int forms_read(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    const xmpp_elem *root = xmpp_stanza_get_root(form);
    app_event(scene, 0, NULL, "form %s '%s'", kinds[xmpp_form_get_type(root)],
              or_dash(xmpp_form_get_title(root)));
    for (size_t i = 0; xmpp_form_get_instructions(root, i); i++) {
        app_event(scene, 0, NULL, "instructions %s", xmpp_form_get_instructions(root, i));
    }
    tell_fields(scene, "field", root);
    tell_fields(scene, "reported", xmpp_form_get_reported(root));
    for (size_t i = 0; i < xmpp_form_get_n_items(root); i++) {
        char where[32];
        snprintf(where, sizeof where, "item-%zu", i);
        tell_fields(scene, where, xmpp_form_get_item(root, i));
    }
    return 0;
}

static int forms_text(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char *text = NULL;
    (void)conn;
    int result =
        IN_LIB(xmpp_field_get_text(xmpp_form_find_field(xmpp_stanza_get_root(form), rest), &text));
    if (result == 0) {
        for (char *at = text; *at; at++) {
            *at = *at == '\n' ? ',' : *at;
        }
        app_event(scene, 0, NULL, "text '%s'", text);
        xmpp_free(text);
    }
    return result;
}

static int forms_about(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    app_event(scene, 0, NULL, "about %s",
              or_dash(xmpp_form_get_form_type(xmpp_stanza_get_root(form))));
    return 0;
}

static void begin(void)
{
    built = xmpp_stanza_unref(built);
    built = IN_LIB(xmpp_message_new(XMPP_MESSAGE_NORMAL, NULL));
}

static int forms_fill(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    (void)rest;
    begin();
    top = fields =
        IN_LIB(xmpp_form_add_submit(xmpp_stanza_root(built), xmpp_stanza_get_root(form)));
    return xmpp_stanza_get_error(built);
}

static int forms_new(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char kind[32];
    (void)scene;
    (void)conn;
    rest = cut(rest, kind, sizeof kind);
    begin();
    top = fields =
        IN_LIB(xmpp_form_add(xmpp_stanza_root(built), find(kinds, 5, kind), *rest ? rest : NULL));
    return xmpp_stanza_get_error(built);
}

static int forms_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char var[128];
    (void)scene;
    (void)conn;
    rest = cut(rest, var, sizeof var);
    return IN_LIB(xmpp_form_set_value(top, var, *rest ? rest : NULL));
}

static int forms_set_bool(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char var[128];
    (void)scene;
    (void)conn;
    rest = cut(rest, var, sizeof var);
    return IN_LIB(xmpp_form_set_bool(top, var, atoi(rest)));
}

static int forms_set_private(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char var[128];
    (void)scene;
    (void)conn;
    rest = cut(rest, var, sizeof var);
    return IN_LIB(xmpp_form_set_private(top, var, rest));
}

static int forms_set_values(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char var[128];
    char copy[512];
    const char *values[16];
    size_t n = 0;
    (void)scene;
    (void)conn;
    snprintf(copy, sizeof copy, "%s", cut(rest, var, sizeof var));
    for (char *at = strtok(copy, "|"); at && n < 16; at = strtok(NULL, "|")) {
        values[n++] = at;
    }
    return IN_LIB(xmpp_form_set_values(top, var, values, n));
}

/* `|` stands for an end of a line, `\r` for a carriage return. */
static int forms_set_text(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char var[128];
    char copy[512];
    (void)scene;
    (void)conn;
    snprintf(copy, sizeof copy, "%s", cut(rest, var, sizeof var));
    for (char *at = copy; *at; at++) {
        *at = *at == '|' ? '\n' : *at == '^' ? '\r' : *at;
    }
    return IN_LIB(xmpp_form_set_text(top, var, copy));
}

static int forms_remove(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    return IN_LIB(xmpp_form_remove_field(top, rest));
}

static int forms_title(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    IN_LIB_VOID(xmpp_form_set_title(top, rest));
    return xmpp_stanza_get_error(built);
}

static int forms_instructions(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    IN_LIB_VOID(xmpp_form_add_instructions(top, rest));
    return xmpp_stanza_get_error(built);
}

static int forms_field(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char type[32];
    char var[128];
    (void)scene;
    (void)conn;
    rest = cut(cut(rest, type, sizeof type), var, sizeof var);
    field = IN_LIB(
        xmpp_form_add_field(fields, find(types, 10, type), *var ? var : NULL, *rest ? rest : NULL));
    return xmpp_stanza_get_error(built);
}

static int forms_desc(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    IN_LIB_VOID(xmpp_field_set_desc(field, rest));
    return xmpp_stanza_get_error(built);
}

static int forms_required(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    (void)rest;
    IN_LIB_VOID(xmpp_field_set_required(field));
    return xmpp_stanza_get_error(built);
}

static int forms_value(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    IN_LIB_VOID(xmpp_field_add_value(field, rest));
    return xmpp_stanza_get_error(built);
}

static int forms_option(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char value[128];
    (void)scene;
    (void)conn;
    rest = cut(rest, value, sizeof value);
    IN_LIB_VOID(xmpp_field_add_option(field, value, *rest ? rest : NULL));
    return xmpp_stanza_get_error(built);
}

static int forms_reported(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    (void)rest;
    fields = IN_LIB(xmpp_form_add_reported(top));
    return xmpp_stanza_get_error(built);
}

static int forms_item(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    (void)rest;
    fields = IN_LIB(xmpp_form_add_item(top));
    return xmpp_stanza_get_error(built);
}

static int forms_check(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    const char *var = NULL;
    (void)conn;
    (void)rest;
    int result = IN_LIB(xmpp_form_check(xmpp_stanza_get_root(form), top, &var));
    if (var) {
        app_event(scene, 0, NULL, "wrong %s", var);
    }
    return result;
}

static int forms_show(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    app_event(scene, 0, built, "built");
    return xmpp_stanza_get_error(built);
}

static int forms_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    IN_LIB_VOID(xmpp_stanza_set_to(built, rest));
    return IN_LIB(xmpp_conn_send(conn, built));
}

static const struct scene_verb verbs[] = {{"enable", forms_enable},
                                          {"load", forms_load},
                                          {"read", forms_read},
                                          {"text", forms_text},
                                          {"about", forms_about},
                                          {"fill", forms_fill},
                                          {"new", forms_new},
                                          {"set", forms_set},
                                          {"set-bool", forms_set_bool},
                                          {"set-private", forms_set_private},
                                          {"set-values", forms_set_values},
                                          {"set-text", forms_set_text},
                                          {"remove", forms_remove},
                                          {"title", forms_title},
                                          {"instructions", forms_instructions},
                                          {"field", forms_field},
                                          {"desc", forms_desc},
                                          {"required", forms_required},
                                          {"value", forms_value},
                                          {"option", forms_option},
                                          {"reported", forms_reported},
                                          {"item", forms_item},
                                          {"check", forms_check},
                                          {"show", forms_show},
                                          {"send", forms_send},
                                          {NULL, NULL}};

const struct words words_forms = {"forms", verbs, NULL, forms_done};
