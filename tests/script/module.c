/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do module ...`: modules made by the script, and what else a module may call.
 *
 *   module enable NAME [requires=X] [excludes=X] [feature=X] [iq=PAYLOAD:NS] [session]
 *          [receive=KIND:ORDER[:DEED]] [send=KIND:DEED] [redact=NAME:NS[:ATTR:VALUE]]
 *   module disable NAME
 *   module data NAME VALUE        hangs on the connection; no VALUE: is taken away
 *   module timer NAME MS [drop]   `E: timer NAME` when it is due
 *   module fail CODE-NAME REASON
 *   module answer <iq/>
 *
 * Deeds of filters: pass, stop, fail, nomem, fact (attaches the module's name), strip (takes the
 * <strip/> out), deliver and deliver-on (what is in <wrap/>, to filters or on to handlers), leave
 * (disables itself). Deeds of what is sent: add (a <NAME/>), refuse. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"

enum { TEXT = 64, MODULES = 16 };

#define NS_TEST "urn:test"

/* The data of a module. */
struct data {
    struct scene *scene;
    char name[TEXT];
    char deed[TEXT];  /* of its filter */
    char extra[TEXT]; /* of what is sent */
    int number;
};

/* Keys: addresses that outlive every module. */
static char keys[MODULES][TEXT];
static char data_keys[MODULES][TEXT];
static char fact_key;

static void *key_of(char table[MODULES][TEXT], const char *name)
{
    for (int i = 0; i < MODULES; i++) {
        if (!*table[i]) {
            snprintf(table[i], TEXT, "%s", name ? name : "");
        }
        if (strcmp(table[i], name) == 0) {
            return table[i];
        }
    }
    abort();
}

static void destroy(void *userdata)
{
    struct data *data = userdata;
    app_event(data->scene, 0, NULL, "destroyed %s", data->name);
    free(data);
}

static int is(const struct data *data, const char *deed)
{
    return strcmp(data->deed, deed) == 0;
}

/* --- what a module does --------------------------------------------------------------------------- */

static int deliver(xmpp_conn *conn, const struct data *data, const xmpp_elem *wrap, int to)
{
    const xmpp_elem *child = xmpp_elem_get_child(wrap, NULL, NULL);
    if (!child) {
        return 0;
    }
    xmpp_stanza *inner = xmpp_stanza_new(xmpp_elem_get_name(child), NULL);
    for (size_t i = 0; i < xmpp_elem_get_n_attrs(child); i++) {
        xmpp_elem_set_attr(xmpp_stanza_root(inner), xmpp_elem_get_attr_name_at(child, i),
                           xmpp_elem_get_attr_value_at(child, i));
    }
    for (const xmpp_elem *at = xmpp_elem_get_child(child, NULL, NULL); at;
         at = xmpp_elem_get_next(at, NULL, NULL)) {
        xmpp_elem_add_copy(xmpp_stanza_root(inner), at);
    }
    int result = inner ? xmpp_conn_deliver(conn, inner, to) : XMPP_E_NOMEM;
    const char *fact = xmpp_stanza_get_fact(inner, &fact_key);
    app_event(data->scene, 0, NULL, "delivered %s %s %s",
              result < 0 ? xmpp_error_name(result)
              : result   ? "through"
                         : "stopped",
              fact ? fact : "-", xmpp_stanza_is_inner(inner) ? "inner" : "outer");
    scene_result(data->scene, result < 0 ? result : 0);
    xmpp_stanza_unref(inner);
    return result == XMPP_E_NOMEM ? result : 0;
}

static int on_receive(xmpp_conn *conn, xmpp_stanza *stanza, void *userdata)
{
    struct data *data = userdata;
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    app_event(data->scene, 0, NULL, "filter %s", data->name);
    if (is(data, "fact")) {
        return xmpp_stanza_set_fact(stanza, &fact_key, data->name, NULL);
    }
    if (is(data, "strip")) {
        xmpp_elem_remove((xmpp_elem *)xmpp_elem_get_child(root, "strip", NS_TEST));
    }
    if (is(data, "deliver") || is(data, "deliver-on")) {
        return deliver(conn, data, xmpp_elem_get_child(root, "wrap", NS_TEST),
                       is(data, "deliver") ? XMPP_DELIVER_FILTERS : XMPP_DELIVER_HANDLERS);
    }
    if (is(data, "leave")) {
        return xmpp_conn_disable(conn, data->name);
    }
    return is(data, "stop")    ? 1
           : is(data, "fail")  ? XMPP_E_APP
           : is(data, "nomem") ? XMPP_E_NOMEM
                               : 0;
}

static int on_send(xmpp_conn *conn, const xmpp_stanza *stanza, xmpp_elem *more, void *userdata)
{
    const struct data *data = userdata;
    (void)stanza;
    if (xmpp_conn_disconnect(conn) != XMPP_E_BUSY) {
        scene_break(data->scene, "what is sent is not seen in a notification");
    }
    if (strcmp(data->extra, "refuse") == 0) {
        return XMPP_E_APP;
    }
    xmpp_elem *added = xmpp_elem_add(more, data->name, NS_TEST);
    xmpp_elem_set_attr(added, "of", xmpp_stanza_get_id(xmpp_elem_get_stanza(more)));
    return 0;
}

static int on_session(xmpp_conn *conn, int event, void *userdata)
{
    static const char *const names[] = {"", "online", "resumed", "offline", "features"};
    const struct data *data = userdata;
    (void)conn;
    app_event(data->scene, 0, NULL, "session %s %s", data->name, names[event]);
    return is(data, "nomem") ? XMPP_E_NOMEM : 0;
}

static int on_iq(xmpp_conn *conn, const xmpp_stanza *iq, void *userdata)
{
    struct data *data = userdata;
    app_event(data->scene, 0, NULL, "answers %s", data->name);
    if (is(data, "pass")) {
        return 0;
    }
    if (is(data, "fail")) {
        return XMPP_E_APP;
    }
    xmpp_stanza *result = xmpp_iq_result(iq);
    int code = xmpp_conn_answer(conn, result);
    xmpp_stanza_unref(result);
    return code < 0 ? code : 1;
}

/* --- describing one --------------------------------------------------------------------------------- */

static int kind_of(const char *name)
{
    return strcmp(name, "message") == 0    ? XMPP_KIND_MESSAGE
           : strcmp(name, "presence") == 0 ? XMPP_KIND_PRESENCE
           : strcmp(name, "iq") == 0       ? XMPP_KIND_IQ
                                           : XMPP_KIND_OTHER;
}

static int order_of(const char *name)
{
    return strcmp(name, "check") == 0    ? XMPP_FILTER_CHECK
           : strcmp(name, "unwrap") == 0 ? XMPP_FILTER_UNWRAP
                                         : XMPP_FILTER_NOTE;
}

/* Cuts "a:b:c" at its colons; "http:" is not cut. */
static void cut(char *text, char *parts[4])
{
    for (int i = 0; i < 4; i++) {
        parts[i] = NULL;
        if (text) {
            char *colon = strchr(text, ':');
            parts[i] = text;
            text = colon ? colon + 1 : NULL;
            if (colon) {
                *colon = '\0';
            }
        }
    }
}

static void describe(xmpp_module *module, struct data *data, const char *key, char *value)
{
    char *parts[4];
    if (strcmp(key, "requires") == 0) {
        xmpp_module_require(module, value);
    } else if (strcmp(key, "excludes") == 0) {
        xmpp_module_exclude(module, value);
    } else if (strcmp(key, "feature") == 0) {
        xmpp_module_add_feature(module, value);
    } else if (strcmp(key, "deed") == 0) {
        snprintf(data->deed, TEXT, "%s", value);
    } else if (strcmp(key, "iq") == 0) {
        xmpp_module_on_iq(module, XMPP_IQ_GET | XMPP_IQ_SET, value, NS_TEST, on_iq);
    } else if (strcmp(key, "session") == 0) {
        xmpp_module_on_session(module, on_session);
    } else if (strcmp(key, "receive") == 0) {
        cut(value, parts);
        xmpp_module_on_receive(module, kind_of(parts[0]), order_of(parts[1]), on_receive);
    } else if (strcmp(key, "send") == 0) {
        cut(value, parts);
        snprintf(data->extra, TEXT, "%s", parts[1]);
        xmpp_module_on_send(module, kind_of(parts[0]), on_send);
    } else if (strcmp(key, "redact") == 0) {
        cut(value, parts);
        xmpp_module_redact(module, parts[0], NS_TEST, parts[1], parts[2]);
    } else {
        scene_fail(data->scene, "a module has no \"%s\"", key);
    }
}

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[12];
    int n = scene_words(rest, copy, sizeof copy, words, 12);
    struct data *data = calloc(1, sizeof *data);
    if (!data) {
        abort();
    }
    data->scene = scene;
    snprintf(data->name, TEXT, "%s", words[0]);
    xmpp_module *module = IN_LIB(xmpp_module_new(key_of(keys, words[0]), words[0], data, destroy));
    if (!module) {
        free(data);
        return XMPP_E_NOMEM;
    }
    int was_inside = faults_inside(1);
    for (int i = 1; i < n; i++) {
        char *value = strchr(words[i], '=');
        if (value) {
            *value++ = '\0';
        }
        describe(module, data, words[i], value ? value : words[i]);
    }
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    faults_inside(was_inside);
    return result;
}

static int do_disable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_disable(conn, rest));
}

static int do_data(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[128];
    char *words[2];
    int n = scene_words(rest, copy, sizeof copy, words, 2);
    struct data *data = n == 2 ? calloc(1, sizeof *data) : NULL;
    if (data) {
        data->scene = scene;
        snprintf(data->name, TEXT, "%s", words[1]);
    }
    int result = IN_LIB(xmpp_conn_set_data(conn, key_of(data_keys, words[0]), data, destroy));
    if (result < 0) {
        free(data);
    }
    return result;
}

/* --- timers and ends -------------------------------------------------------------------------------- */

static void on_timer(xmpp_conn *conn, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    (void)conn;
    app_event(reg->scene, 0, NULL, "timer %s", reg->name);
    app_leave(reg, inside);
}

static int do_timer(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[128];
    char *words[2];
    int n = scene_words(rest, copy, sizeof copy, words, 2);
    struct scene_reg *reg = n == 2 ? app_new_reg(scene, words[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do module timer NAME MS");
        return 0;
    }
    reg->is_alive = 1;
    int result =
        IN_LIB(xmpp_conn_set_timer(conn, &reg->slot, atoi(words[1]), on_timer, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_fail(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_fail(conn, XMPP_E_APP, rest));
}

static int do_answer(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_stanza *stanza = NULL;
    (void)scene;
    int result = IN_LIB(xmpp_stanza_parse(&stanza, rest, strlen(rest)));
    if (result == 0) {
        result = IN_LIB(xmpp_conn_answer(conn, stanza));
    }
    IN_LIB(xmpp_stanza_unref(stanza));
    return result;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"disable", do_disable}, {"data", do_data}, {"timer", do_timer},
    {"fail", do_fail},     {"answer", do_answer},   {NULL, NULL},
};

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    (void)scene;
    if (strcmp(what, "features") == 0) {
        const char *feature;
        size_t len = 0;
        for (size_t i = 0; (feature = xmpp_conn_get_feature(conn, i)) && len < size; i++) {
            len += (size_t)snprintf(got + len, size - len, "%s%s", i > 0 ? " " : "", feature);
        }
        if (len == 0) {
            snprintf(got, size, "-");
        }
        return 1;
    }
    if (strncmp(what, "data ", 5) == 0) {
        const struct data *data = xmpp_conn_get_data(conn, key_of(data_keys, what + 5));
        snprintf(got, size, "%s", data ? data->name : "-");
        return 1;
    }
    snprintf(got, size, "%s", xmpp_conn_is_enabled(conn, what) ? "enabled" : "-");
    return 1;
}

const struct words words_module = {"module", verbs, look, NULL};
