/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls of xmpp/reach.h in scripts: whom to ask, other ways in, what was found and tried. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "world/faults.h"
#include "world/world.h"
#include "xmpp/reach.h"

enum { QUERIES = 16 };

/* What the application was asked, and has not dropped yet. */
static xmpp_query *queries[QUERIES];

static const char *const type_names[] = {"A", "AAAA", "SRV", "TLSA"};
static const int types[] = {XMPP_RR_A, XMPP_RR_AAAA, XMPP_RR_SRV, XMPP_RR_TLSA};
static const char *const statuses[] = {"found", "none", "no-name", "failed", "pending"};
static const char *const outcomes[] = {"none", "won", "failed", "cancelled", "left-out"};

static const char *type_name(int type)
{
    for (size_t i = 0; i < 4; i++) {
        if (types[i] == type) {
            return type_names[i];
        }
    }
    return "?";
}

/* --- settings --------------------------------------------------------------------------------- */

static int do_nameserver(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char address[128] = "";
    unsigned port = 0;
    (void)scene;
    sscanf(rest, "%127s %u", address, &port);
    return IN_LIB(
        xmpp_conn_add_nameserver(conn, address[0] != '\0' ? address : NULL, (uint16_t)port));
}

static int do_resolv_conf(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_resolv_conf(conn, *rest ? rest : NULL));
}

static int do_direct(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_direct_tls(conn, strcmp(rest, "off") != 0));
}

/* `do proxy none|socks5|http HOST PORT [USER PASSWORD]` */
static int do_proxy(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    char copy[1024];
    char *words[5];
    int n = scene_words(rest, copy, sizeof copy, words, 5);
    int kind = n > 0 && strcmp(words[0], "socks5") == 0 ? XMPP_PROXY_SOCKS5
               : n > 0 && strcmp(words[0], "http") == 0 ? XMPP_PROXY_HTTP
                                                        : XMPP_PROXY_NONE;
    return IN_LIB(xmpp_conn_set_proxy(conn, kind, n > 1 ? words[1] : NULL,
                                      n > 2 ? (uint16_t)strtoul(words[2], NULL, 10) : 0,
                                      n > 3 ? words[3] : NULL, n > 4 ? words[4] : NULL));
}

static int do_proxy_dns(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_allow_proxy_dns(conn, strcmp(rest, "off") != 0));
}

static int do_probe(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    world_mark();
    int until = strcmp(rest, "names") == 0    ? XMPP_PROBE_NAMES
                : strcmp(rest, "stream") == 0 ? XMPP_PROBE_STREAM
                                              : 0;
    int result = IN_LIB(xmpp_conn_probe(conn, until));
    scene->connects += result == 0;
    return result;
}

/* --- the application's resolver ------------------------------------------------------------------ */

static void on_query(xmpp_conn *conn, xmpp_query *query, void *userdata)
{
    struct scene_reg *reg = userdata;
    struct scene *scene = reg->scene;
    int inside = app_enter(reg);
    (void)conn;
    app_event(scene, 0, NULL, "query %s %s", xmpp_query_get_name(query),
              type_name(xmpp_query_get_type(query)));
    for (int i = 0; i < QUERIES; i++) {
        if (!queries[i]) {
            queries[i] = xmpp_query_ref(query);
            break;
        }
    }
    app_leave(reg, inside);
}

/* `do resolver [off]`; `when query …` is done inside its next call. */
static int do_resolver(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    if (strcmp(rest, "off") == 0) {
        return IN_LIB(xmpp_conn_set_resolver(conn, NULL, NULL, NULL));
    }
    struct scene_reg *reg = app_new_reg(scene, "query");
    if (!reg) {
        return 0;
    }
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_conn_set_resolver(conn, on_query, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int find_query(const char *name, const char *type)
{
    for (int i = 0; i < QUERIES; i++) {
        if (queries[i] && strcmp(xmpp_query_get_name(queries[i]), name) == 0 &&
            strcmp(type_name(xmpp_query_get_type(queries[i])), type) == 0) {
            return i;
        }
    }
    return -1;
}

static int add_record(xmpp_query *query, char **words, int n)
{
    if (n == 1) {
        return IN_LIB(xmpp_query_add_address(query, words[0]));
    }
    return IN_LIB(xmpp_query_add_srv(query, (uint16_t)atoi(words[0]), (uint16_t)atoi(words[1]),
                                     (uint16_t)atoi(words[2]), words[3]));
}

/* `do tell NAME TYPE none|no-name|failed|drop|secure`, or a record's words; one record. */
static int do_tell(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[6];
    int n = scene_words(rest, copy, sizeof copy, words, 6);
    int i = n > 2 ? find_query(words[0], words[1]) : -1;
    (void)conn;
    if (i < 0) {
        scene_fail(scene, "no such query is open");
        return 0;
    }
    int status = XMPP_ANSWER_FOUND;
    for (int k = XMPP_ANSWER_NONE; k <= XMPP_ANSWER_FAILED; k++) {
        status = strcmp(words[2], statuses[k]) == 0 ? k : status;
    }
    int result = 0;
    if (strcmp(words[2], "drop") != 0) {
        result = status == XMPP_ANSWER_FOUND ? add_record(queries[i], words + 2, n - 2) : 0;
        if (result == 0) {
            result = IN_LIB(xmpp_query_answer(queries[i], status, XMPP_DNSSEC_INSECURE));
        }
    }
    queries[i] = IN_LIB(xmpp_query_unref(queries[i]));
    return result;
}

void reach_done(void)
{
    for (int i = 0; i < QUERIES; i++) {
        queries[i] = IN_LIB(xmpp_query_unref(queries[i]));
    }
}

static const struct scene_verb verbs[] = {
    {"nameserver", do_nameserver}, {"resolv-conf", do_resolv_conf},
    {"direct", do_direct},         {"proxy", do_proxy},
    {"proxy-dns", do_proxy_dns},   {"probe", do_probe},
    {"resolver", do_resolver},     {"tell", do_tell},
};

const struct scene_verb *reach_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* --- what was found and tried -------------------------------------------------------------------- */

/* "HOST ADDRESS PORT OUTCOME CODE | …" */
static void look_at_tries(const xmpp_conn *conn, char *got, size_t size)
{
    size_t n = 0;
    for (unsigned i = 0; i < xmpp_conn_get_n_tries(conn) && n < size; i++) {
        const xmpp_try *t = xmpp_conn_get_try(conn, i);
        const char *address = xmpp_try_get_address(t);
        int code = xmpp_try_get_code(t);
        n += (size_t)snprintf(
            got + n, size - n, "%s%s %s %d%s %s %s", i > 0 ? " | " : "", xmpp_try_get_host(t),
            *address ? address : "-", xmpp_try_get_port(t), xmpp_try_is_direct(t) ? " direct" : "",
            outcomes[xmpp_try_get_outcome(t)], code != 0 ? xmpp_error_name(code) : "-");
    }
}

/* "NAME TYPE STATUS | …" */
static void look_at_lookups(const xmpp_conn *conn, char *got, size_t size)
{
    size_t n = 0;
    for (unsigned i = 0; i < xmpp_conn_get_n_lookups(conn) && n < size; i++) {
        const xmpp_lookup *lookup = xmpp_conn_get_lookup(conn, i);
        n += (size_t)snprintf(got + n, size - n, "%s%s %s %s", i > 0 ? " | " : "",
                              xmpp_lookup_get_name(lookup), type_name(xmpp_lookup_get_type(lookup)),
                              statuses[xmpp_lookup_get_status(lookup)]);
    }
}

int reach_look(const xmpp_conn *conn, const char *what, char *got, size_t size)
{
    snprintf(got, size, "-");
    if (strcmp(what, "tries") == 0) {
        look_at_tries(conn, got, size);
        return 1;
    }
    if (strcmp(what, "lookups") == 0) {
        look_at_lookups(conn, got, size);
        return 1;
    }
    return 0;
}
