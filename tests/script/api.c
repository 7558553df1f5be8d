/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* do: calls of the public API. `do VERB ARGUMENTS [=> RESULT]`; a result that is not named is 0.
 * `when NAME VERB ...` keeps a line for the next call of that handler. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "script/words.h"
#include "world/faults.h"
#include "world/world.h"
#include "xmpp/iq.h"
#include "xmpp/retry.h"

static const char *or_null(const char *rest)
{
    return *rest ? rest : NULL;
}

static int do_jid(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_jid(conn, rest));
}

static int do_trace(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    int result =
        IN_LIB(xmpp_conn_set_log(conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, app_on_log, scene, NULL));
    return result < 0 ? result : IN_LIB(xmpp_conn_set_trace(conn, app_on_trace, scene, NULL));
}

static int do_password(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_password(conn, or_null(rest)));
}

static int do_server(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char host[256] = "";
    unsigned port = 0;
    (void)scene;
    sscanf(rest, "%255s %u", host, &port);
    return IN_LIB(xmpp_conn_set_server(conn, or_null(host), (uint16_t)port));
}

static int do_hosts_file(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_hosts_file(conn, or_null(rest)));
}

static int do_lang(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_lang(conn, or_null(rest)));
}

static int do_authzid(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_authzid(conn, or_null(rest)));
}

static int do_cleartext(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_allow_cleartext_insecure(conn, strcmp(rest, "off") != 0));
}

static int do_anonymous(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_anonymous(conn, strcmp(rest, "off") != 0));
}

static int do_plain(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_allow_plain(conn, strcmp(rest, "off") != 0));
}

static int do_digest(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_allow_legacy_digest_md5(conn, strcmp(rest, "off") != 0));
}

static int do_binding(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    int how = strcmp(rest, "off") == 0        ? XMPP_BINDING_OFF
              : strcmp(rest, "required") == 0 ? XMPP_BINDING_REQUIRED
                                              : XMPP_BINDING_POSSIBLE;
    return IN_LIB(xmpp_conn_set_channel_binding(conn, how));
}

static int do_limit(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    static const char *const names[] = {
        "stanza-bytes",  "depth",         "attrs",        "header-bytes",   "queue-high",
        "queue-low",     "turn-bytes",    "turn-stanzas", "iterations-min", "iterations-max",
        "tcp-time",      "tls-time",      "stream-time",  "sasl-time",      "bind-time",
        "connect-time",  "close-time",    "request-time", "ask-time",       "chain",
        "dns-time",      "attempt-delay", "retry-first",  "retry-most",     "retry-stable",
        "retry-session", "probe-time"};
    char name[64] = "";
    long long value = 0;
    sscanf(rest, "%63s %lld", name, &value);
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return IN_LIB(xmpp_conn_set_limit(conn, i, value));
        }
    }
    scene_fail(scene, "there is no limit \"%s\"", name);
    return 0;
}

static int do_connect(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    world_mark();
    int result = IN_LIB(xmpp_conn_connect(conn));
    scene->connects += result == 0;
    return result;
}

static int do_connect_fd(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    int fd = world_connected_fd();
    int result = IN_LIB(xmpp_conn_connect_fd(conn, fd));
    scene->connects += result == 0;
    if (result == 0) {
        server_done(scene);
        scene->fd = fd;
    } else {
        /* still ours */
        if (!world_is_open(fd)) {
            world_fault("connect_fd failed and closed the descriptor");
        }
        world_forget(fd);
    }
    return result;
}

static int do_disconnect(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_disconnect(conn));
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct xm_buf text = {0};
    if (!vars_expand(&scene->vars, rest, &text)) {
        scene_fail(scene, "an unbound *name or a bad escape");
    }
    int result =
        IN_LIB(xmpp_conn_send_text(conn, (const char *)xm_buf_head(&text), xm_buf_len(&text)));
    xm_buf_done(&text);
    return result;
}

/* Sends N of them, #n# being *n; stops at the first that is refused. */
static int do_send_many(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char *text;
    char number[24];
    int result = 0;
    long n = strtol(rest, &text, 10);
    for (long i = 1; i <= n && result == 0; i++) {
        snprintf(number, sizeof number, "%ld", i);
        vars_set(&scene->vars, "n", number);
        result = do_send(scene, conn, text + 1);
    }
    return result;
}

/* The stanza that a handler kept is sent on. */
static int do_send_kept(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    if (!scene->kept) {
        scene_fail(scene, "nothing was kept");
        return 0;
    }
    return IN_LIB(xmpp_conn_send(conn, scene->kept));
}

static int register_request(xmpp_conn *conn, struct scene_reg *reg, const xmpp_stanza *iq, int ms,
                            int has_slot)
{
    reg->is_alive = 1; /* destroy may run before it returns only if it was accepted */
    int result = IN_LIB(xmpp_conn_request(conn, has_slot ? &reg->slot : NULL, iq, ms, app_on_reply,
                                          reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* `do request NAME [MS] [noslot] <iq ...>` */
static int do_request(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char name[VARS_NAME] = "";
    int ms = 0;
    const char *xml = strchr(rest, '<');
    sscanf(rest, "%15s %d", name, &ms);
    struct scene_reg *reg = app_new_reg(scene, name);
    struct xm_buf text = {0};
    xmpp_stanza *iq = NULL;
    if (!reg || !xml || !vars_expand(&scene->vars, xml, &text)) {
        scene_fail(scene, "do request NAME [MS] <iq/>");
        return 0;
    }
    reg->is_reply = 1;
    int result =
        IN_LIB(xmpp_stanza_parse(&iq, (const char *)xm_buf_head(&text), xm_buf_len(&text)));
    xm_buf_done(&text);
    if (result == 0) {
        result = register_request(conn, reg, iq, ms, strstr(rest, "noslot") == NULL);
    }
    IN_LIB(xmpp_stanza_unref(iq));
    return result;
}

/* `do on NAME message|presence|iq|state|writable|ask [get|set|both [PAYLOAD [NS]]] [return N]` */
static int do_on(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[10];
    int n = scene_words(rest, copy, sizeof copy, w, 10);
    struct scene_reg *reg = n >= 2 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do on NAME KIND ...");
        return 0;
    }
    if (n >= 4 && strcmp(w[n - 2], "return") == 0) {
        reg->result = atoi(w[n - 1]);
        n -= 2;
    }
    reg->is_alive = 1;
    int result = XMPP_E_INVAL;
    if (strcmp(w[1], "message") == 0) {
        result = IN_LIB(xmpp_conn_on_message(conn, &reg->slot, app_on_stanza, reg, app_destroy));
    } else if (strcmp(w[1], "presence") == 0) {
        result = IN_LIB(xmpp_conn_on_presence(conn, &reg->slot, app_on_stanza, reg, app_destroy));
    } else if (strcmp(w[1], "state") == 0) {
        result = IN_LIB(xmpp_conn_on_state(conn, &reg->slot, app_on_state, reg, app_destroy));
    } else if (strcmp(w[1], "writable") == 0) {
        result = IN_LIB(xmpp_conn_on_writable(conn, &reg->slot, app_on_writable, reg, app_destroy));
    } else if (strcmp(w[1], "ask") == 0) {
        result = IN_LIB(xmpp_conn_on_ask(conn, &reg->slot, app_on_ask, reg, app_destroy));
    } else if (strcmp(w[1], "iq") == 0 && n >= 3) {
        int types = strcmp(w[2], "get") == 0   ? XMPP_IQ_GET
                    : strcmp(w[2], "set") == 0 ? XMPP_IQ_SET
                                               : XMPP_IQ_GET | XMPP_IQ_SET;
        result = IN_LIB(xmpp_conn_on_iq(conn, &reg->slot, types, n > 3 ? w[3] : NULL,
                                        n > 4 ? w[4] : NULL, app_on_stanza, reg, app_destroy));
    }
    reg->is_alive = result == 0;
    return result;
}

static int do_keep(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_find_reg(scene, rest);
    (void)conn;
    if (reg) {
        reg->is_kept = 1;
    }
    return reg ? 0 : XMPP_E_NOT_FOUND;
}

static int do_drop(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_find_reg(scene, rest);
    (void)conn;
    if (!reg) {
        return XMPP_E_NOT_FOUND;
    }
    xmpp_slot *slot = reg->slot;
    reg->is_dropped = slot != NULL;
    reg->slot = NULL;
    IN_LIB(xmpp_slot_unref(slot));
    return 0;
}

static int do_receiving(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    int on = strcmp(rest, "off") != 0;
    scene->loop.may_pause |= !on;
    return IN_LIB(xmpp_conn_set_receiving(conn, on));
}

/* Drops our reference, the last one. */
static int do_unref(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    scene->conn = NULL;
    IN_LIB(xmpp_conn_unref(conn));
    return 0;
}

static int do_answer(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    return IN_LIB(xmpp_ask_answer_password(scene->ask, or_null(rest)));
}

static int do_forget_ask(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    scene->ask = IN_LIB(xmpp_ask_unref(scene->ask));
    return 0;
}

static int do_process(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_process(conn));
}

static int do_trust(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    return tls_set_trust(scene, conn);
}

/* `do cert [CERT [KEY]]` */
static int do_cert(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[2];
    return tls_set_client_cert(scene, conn, words, scene_words(rest, copy, sizeof copy, words, 2),
                               0);
}

/* `do cert-file [CERT [KEY]]`, written to files, or `do cert-file PATH PATH` */
static int do_cert_file(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[2];
    return tls_set_client_cert(scene, conn, words, scene_words(rest, copy, sizeof copy, words, 2),
                               1);
}

static int do_reconnect(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_reconnect(conn, strcmp(rest, "off") != 0));
}

static int do_network_changed(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_network_changed(conn));
}

static int do_keepalive(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_keepalive(conn, strtoll(rest, NULL, 10)));
}

static int do_may_pause(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    scene->loop.may_pause = 1;
    return 0;
}

static const struct scene_verb verbs[] = {
    {"jid", do_jid},
    {"password", do_password},
    {"server", do_server},
    {"hosts-file", do_hosts_file},
    {"lang", do_lang},
    {"authzid", do_authzid},
    {"cleartext", do_cleartext},
    {"anonymous", do_anonymous},
    {"plain", do_plain},
    {"trace", do_trace},
    {"digest-md5", do_digest},
    {"binding", do_binding},
    {"trust", do_trust},
    {"cert", do_cert},
    {"cert-file", do_cert_file},
    {"limit", do_limit},
    {"connect", do_connect},
    {"connect-fd", do_connect_fd},
    {"connect-transport", pipe_connect},
    {"transport-binding", pipe_set_binding},
    {"feed", pipe_feed},
    {"feed-end", pipe_feed_end},
    {"take", pipe_take},
    {"disconnect", do_disconnect},
    {"send", do_send},
    {"send-many", do_send_many},
    {"send-kept", do_send_kept},
    {"request", do_request},
    {"on", do_on},
    {"keep", do_keep},
    {"drop", do_drop},
    {"receiving", do_receiving},
    {"may-pause", do_may_pause},
    {"unref", do_unref},
    {"answer", do_answer},
    {"forget-ask", do_forget_ask},
    {"process", do_process},
    {"reconnect", do_reconnect},
    {"network-changed", do_network_changed},
    {"keepalive", do_keepalive},
};

/* Cuts " => RESULT" off; the code it names, 0 for none, 1 for an unknown one. */
static int cut_result(char *text)
{
    char *arrow = strstr(text, " => ");
    if (!arrow) {
        return 0;
    }
    *arrow = '\0';
    for (int code = -1; code > -100; code--) {
        const char *name = xmpp_error_name(code);
        if (name && strcmp(name, arrow + 4) == 0) {
            return code;
        }
    }
    return 1;
}

static const struct scene_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    const struct scene_verb *verb = reach_verb(name);
    return verb ? verb : ways_verb(name);
}

static void call_verb(struct scene *scene, const struct scene_verb *verb, const char *rest,
                      int want)
{
    xmpp_conn *conn = app_conn(scene);
    if (!conn) {
        scene_fail(scene, "the connection is gone");
        return;
    }
    int got = scene_result(scene, verb->call(scene, conn, rest));
    if (got != want) {
        scene_fail(scene, "the result is %s", got ? xmpp_error_name(got) : "0");
    }
}

void api_line(struct scene *scene, const char *text)
{
    char *copy = strdup(text);
    int want = copy ? cut_result(copy) : 1;
    if (want > 0) {
        scene_fail(scene, "no such result");
        free(copy);
        return;
    }
    size_t n = strcspn(copy, " ");
    const char *rest = copy + n + (copy[n] != '\0');
    copy[n] = '\0';
    const struct words *words = words_find(copy);
    const struct scene_verb *verb = words ? words_verb(words, &rest) : find_verb(copy);
    if (verb) {
        call_verb(scene, verb, rest, want);
    } else {
        scene_fail(scene, "there is no \"do %s\"", copy);
    }
    free(copy);
}
