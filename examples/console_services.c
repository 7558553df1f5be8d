/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What xmpp_console can ask of servers, services and other clients. Each answer is a `reply` with the
 * number of its line. */
#include "console.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

enum { JIDS_MAX = 32 };

static const char *or_null(const char *word)
{
    return *word ? word : NULL;
}

/* An error is printed as every other reply; else the line is begun. 1 if there is more to say. */
static int begin(const int64_t *line, int error, const xmpp_stanza *reply)
{
    if (error < 0)
        console_print_reply(*line, error, reply);
    else
        console_begin_reply(*line, error);
    return error == 0;
}

/* --- short questions ---------------------------------------------------------------------------- */

static void on_ping(xmpp_conn *conn, int error, int64_t took_ms, const xmpp_stanza *reply,
                    void *line)
{
    (void)conn;
    if (!begin(line, error, reply))
        return;
    json_number("took_ms", took_ms);
    json_end();
}

static int run_ping(struct console *console, char *rest)
{
    int64_t *line = console_line(console);
    return console_asked(
        line, xmpp_ping_send(console->conn, NULL, or_null(rest), 0, on_ping, line, free));
}

static void on_time(xmpp_conn *conn, int error, int64_t utc_ms, int offset,
                    const xmpp_stanza *reply, void *line)
{
    (void)conn;
    if (!begin(line, error, reply))
        return;
    json_number("utc_ms", utc_ms);
    json_number("offset_minutes", offset);
    json_end();
}

static int run_time(struct console *console, char *rest)
{
    int64_t *line = console_line(console);
    return console_asked(
        line, xmpp_time_request(console->conn, NULL, or_null(rest), 0, on_time, line, free));
}

static void on_version(xmpp_conn *conn, int error, const char *name, const char *version,
                       const char *os, const xmpp_stanza *reply, void *line)
{
    (void)conn;
    if (!begin(line, error, reply))
        return;
    json_text("software", name);
    json_text("version", version);
    json_text("os", os);
    json_end();
}

static int run_version(struct console *console, char *rest)
{
    int64_t *line = console_line(console);
    return console_asked(
        line, xmpp_version_request(console->conn, NULL, or_null(rest), 0, on_version, line, free));
}

static void on_last(xmpp_conn *conn, int error, int64_t seconds, const char *status,
                    const xmpp_stanza *reply, void *line)
{
    (void)conn;
    if (!begin(line, error, reply))
        return;
    json_number_or_null("seconds", seconds);
    json_text("status", status);
    json_end();
}

static int run_last(struct console *console, char *rest)
{
    int64_t *line = console_line(console);
    return console_asked(line, xmpp_last_activity_request(console->conn, NULL, or_null(rest), 0,
                                                          on_last, line, free));
}

/* --- discovery ---------------------------------------------------------------------------------- */

static void on_info(xmpp_conn *conn, int error, const xmpp_disco_info *info,
                    const xmpp_stanza *reply, void *line)
{
    (void)conn;
    if (!begin(line, error, reply))
        return;
    json_list_begin("identities");
    for (size_t i = 0; i < xmpp_disco_info_get_n_identities(info); i++) {
        json_list_add_object();
        json_text("category", xmpp_disco_info_get_category(info, i));
        json_text("type", xmpp_disco_info_get_type(info, i));
        json_text("software", xmpp_disco_info_get_name(info, i));
        json_object_end();
    }
    json_list_end();
    json_list_begin("features");
    for (size_t i = 0; i < xmpp_disco_info_get_n_features(info); i++)
        json_list_add(xmpp_disco_info_get_feature(info, i));
    json_list_end();
    json_end();
}

static int run_info(struct console *console, char *rest)
{
    const char *to = console_word(&rest);
    int64_t *line = console_line(console);
    return console_asked(line, xmpp_disco_get_info(console->conn, NULL, or_null(to), or_null(rest),
                                                   on_info, line, free));
}

static void on_items(xmpp_conn *conn, int error, const xmpp_disco_items *items,
                     const xmpp_stanza *reply, void *line)
{
    (void)conn;
    if (!begin(line, error, reply))
        return;
    json_list_begin("items");
    for (size_t i = 0; i < xmpp_disco_items_get_n(items); i++) {
        json_list_add_object();
        json_text("jid", xmpp_jid_get_text(xmpp_disco_items_get_jid(items, i)));
        json_text("node", xmpp_disco_items_get_node(items, i));
        json_text("item", xmpp_disco_items_get_name(items, i));
        json_object_end();
    }
    json_list_end();
    json_end();
}

static int run_items(struct console *console, char *rest)
{
    const char *to = console_word(&rest);
    int64_t *line = console_line(console);
    return console_asked(line, xmpp_disco_get_items(console->conn, NULL, or_null(to), or_null(rest),
                                                    NULL, on_items, line, free));
}

/* --- blocking ----------------------------------------------------------------------------------- */

typedef int (*blocking_fn)(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *const *jids,
                           size_t n, int timeout_ms, xmpp_reply_fn handler, void *userdata,
                           xmpp_destroy_fn destroy);

/* For all JIDs of the line. */
static int change_blocked(struct console *console, char *rest, blocking_fn change)
{
    const xmpp_jid *jids[JIDS_MAX];
    size_t n = 0;
    int result = 0;
    while (result == 0 && *rest && n < JIDS_MAX) {
        xmpp_jid *jid = NULL;
        result = xmpp_jid_parse(&jid, console_word(&rest));
        if (result == 0)
            jids[n++] = jid;
    }
    int64_t *line = console_line(console);
    if (result == 0)
        result = change(console->conn, NULL, jids, n, 0, console_on_reply, line, free);
    while (n > 0)
        xmpp_jid_unref((xmpp_jid *)jids[--n]);
    return console_asked(line, result);
}

static int run_block(struct console *console, char *rest)
{
    return change_blocked(console, rest, xmpp_blocking_block);
}

static int run_unblock(struct console *console, char *rest)
{
    int64_t *line;
    if (strcmp(rest, "all") != 0)
        return change_blocked(console, rest, xmpp_blocking_unblock);
    line = console_line(console);
    return console_asked(
        line, xmpp_blocking_unblock_all(console->conn, NULL, 0, console_on_reply, line, free));
}

/* `blocked on|off`: whether the list is kept; without a word: the list */
static int run_blocked(struct console *console, char *rest)
{
    int on = console_switch(rest);
    if (on >= 0)
        return xmpp_blocking_keep(console->conn, on);
    json_begin("blocked");
    json_bool("known", xmpp_blocking_is_loaded(console->conn));
    json_list_begin("jids");
    const xmpp_jid *jid;
    for (size_t i = 0; (jid = xmpp_blocking_get_at(console->conn, i)); i++)
        json_list_add(xmpp_jid_get_text(jid));
    json_list_end();
    json_end();
    return 0;
}

/* --- what the server keeps for us ----------------------------------------------------------------- */

/* `private NAME NS` asks, `private XML` stores */
static int run_private(struct console *console, char *rest)
{
    int64_t *line = console_line(console);
    xmpp_stanza *tree = NULL;
    int result;
    if (*rest == '<') {
        result = xmpp_stanza_parse(&tree, rest, strlen(rest));
        if (result == 0)
            result = xmpp_private_storage_set(console->conn, NULL, xmpp_stanza_get_root(tree), 0,
                                              console_on_reply, line, free);
    } else {
        const char *name = console_word(&rest);
        result = xmpp_private_storage_get(console->conn, NULL, name, rest, 0, console_on_reply,
                                          line, free);
    }
    xmpp_stanza_unref(tree);
    return console_asked(line, result);
}

/* `vcard [JID]` asks, `vcard set FIELD TEXT` publishes a card with that alone */
static int run_vcard(struct console *console, char *rest)
{
    int64_t *line = console_line(console);
    const char *to = console_word(&rest);
    if (strcmp(to, "set") != 0)
        return console_asked(line, xmpp_vcard_request(console->conn, NULL, or_null(to), 0,
                                                      console_on_reply, line, free));
    xmpp_stanza *card = xmpp_vcard_new();
    const char *field = console_word(&rest);
    xmpp_vcard_set_text(xmpp_stanza_root(card), field, rest);
    int result = xmpp_vcard_publish(console->conn, NULL, xmpp_stanza_get_root(card), 0,
                                    console_on_reply, line, free);
    xmpp_stanza_unref(card);
    return console_asked(line, result);
}

const struct command console_services_commands[] = {
    {"ping", run_ping, "ping [JID]"},
    {"time", run_time, "time JID"},
    {"version", run_version, "version JID"},
    {"last", run_last, "last JID: since when idle, away or up"},
    {"info", run_info, "info [JID [NODE]]: identities and features"},
    {"items", run_items, "items [JID [NODE]]"},
    {"block", run_block, "block JID..."},
    {"unblock", run_unblock, "unblock JID..., or unblock all"},
    {"blocked", run_blocked, "blocked [on|off]: the list; on: to be fetched and kept"},
    {"private", run_private, "private NAME NAMESPACE, or private XML to store it"},
    {"vcard", run_vcard, "vcard [JID], or vcard set FIELD TEXT"},
    {NULL, NULL, NULL},
};
