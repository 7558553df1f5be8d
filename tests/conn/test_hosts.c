/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Components and gateways, where a dialogue as text would be long: how many questions are open, and how
 * long what is said in them may be. */
#include <stdio.h>
#include <string.h>

#include "conn/kit.h"

enum { MORE = XMPP_GATEWAY_ASKS_MAX + 3 };

static xmpp_gateway_ask *asks[MORE];
static int n_asks;

static void keep(xmpp_conn *conn, xmpp_gateway_ask *ask, void *userdata)
{
    (void)conn;
    (void)userdata;
    if (n_asks < MORE) {
        asks[n_asks++] = xmpp_gateway_ask_ref(ask);
    }
}

static void drop_all(void)
{
    for (int i = 0; i < n_asks; i++) {
        asks[i] = xmpp_gateway_ask_unref(asks[i]);
    }
    n_asks = 0;
}

static void begin(struct kit *kit)
{
    kit_begin(kit);
    CHECK_INT(xmpp_conn_set_component_cleartext(kit->conn, "secret"), 0);
    CHECK_INT(xmpp_conn_allow_component_remote_insecure(kit->conn, 1), 0);
    CHECK_INT(xmpp_conn_set_server(kit->conn, "192.0.2.1", 5222), 0);
    CHECK_INT(xmpp_gateway_enable(kit->conn), 0);
    CHECK_INT(xmpp_gateway_set_registration(kit->conn, NULL, "username"), 0);
    CHECK_INT(xmpp_gateway_on_ask(kit->conn, keep, NULL, NULL), 0);
    CHECK_INT(xmpp_conn_connect(kit->conn), 0);
    kit_run(kit);
    kit->fd = world_accept();
    kit_say(kit, "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                 "xmlns='jabber:component:accept' id='1'>");
    kit_say(kit, "<handshake/>");
    CHECK_INT(xmpp_conn_get_state(kit->conn), XMPP_STATE_ONLINE);
    (void)kit_heard(kit);
}

static void submit(struct kit *kit, int number, const char *username)
{
    char text[4096];
    snprintf(text, sizeof text,
             "<iq type='set' id='r%d' from='u%d@montague.lit/x' to='capulet.example'>"
             "<query xmlns='jabber:iq:register'><username>%s</username></query></iq>",
             number, number, username);
    kit_say(kit, text);
}

/* A component has no account, and nothing is from it or from its server. */
static void nobody_speaks_for_a_component(void)
{
    static const char *const rows[] = {"<message/>", "<message from='capulet.example'/>",
                                       "<message from='juliet@capulet.example'/>"};
    struct kit kit;
    begin(&kit);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        xmpp_stanza *stanza = NULL;
        CHECK_INT(xmpp_stanza_parse(&stanza, rows[i], strlen(rows[i])), 0);
        xmpp_stanza_seal(stanza);
        CHECK_INT(xmpp_conn_is_from_account(kit.conn, stanza), 0);
        CHECK_INT(xmpp_conn_is_from_server(kit.conn, stanza), 0);
        xmpp_stanza_unref(stanza);
    }
    kit_end(&kit);
}

static void questions_are_bounded(void)
{
    struct kit kit;
    begin(&kit);
    for (int i = 0; i < XMPP_GATEWAY_ASKS_MAX; i++) {
        submit(&kit, i, "name");
    }
    CHECK_INT(n_asks, XMPP_GATEWAY_ASKS_MAX);
    CHECK_STR(kit_heard(&kit), "");
    submit(&kit, 5000, "name"); /* whoever comes then is told to wait */
    CHECK_INT(n_asks, XMPP_GATEWAY_ASKS_MAX);
    CHECK(strstr(kit_heard(&kit), "resource-constraint"));
    CHECK_INT(xmpp_gateway_add_user(kit.conn, "juliet@montague.lit", "Juliet"), 0);
    kit_say(&kit, "<presence from='juliet@montague.lit/x' to='capulet.example'/>");
    CHECK_INT(n_asks, XMPP_GATEWAY_ASKS_MAX);
    CHECK_INT(xmpp_gateway_ask_accept(asks[7]), 0); /* there is room again */
    kit_say(&kit, "<presence from='juliet@montague.lit/x' to='capulet.example'/>");
    CHECK_INT(n_asks, XMPP_GATEWAY_ASKS_MAX + 1);
    CHECK_INT(xmpp_gateway_ask_get_kind(asks[XMPP_GATEWAY_ASKS_MAX]), XMPP_GATEWAY_LOGIN);
    CHECK_INT(xmpp_gateway_ask_accept(asks[XMPP_GATEWAY_ASKS_MAX]), 0);
    CHECK_INT(xmpp_gateway_is_logged_in(kit.conn, "juliet@montague.lit"), 1);
    submit(&kit, 5001, "name");
    CHECK_INT(n_asks, XMPP_GATEWAY_ASKS_MAX + 2);
    CHECK_STR(xmpp_gateway_get_user(kit.conn, 1), "u7@montague.lit");
    drop_all(); /* the others are refused */
    kit_run(&kit);
    CHECK(xmpp_gateway_get_user(kit.conn, 2) == NULL);
    kit_end(&kit);
}

static void questions_outlive_the_connection(void)
{
    struct kit kit;
    begin(&kit);
    submit(&kit, 1, "name");
    CHECK_INT(n_asks, 1);
    kit_end(&kit);
    CHECK_STR(xmpp_gateway_ask_get_user(asks[0]), "u1@montague.lit");
    CHECK_STR(xmpp_gateway_ask_get_field(asks[0], "username"), "name");
    CHECK_INT(xmpp_gateway_ask_accept(asks[0]), XMPP_E_STALE);
    CHECK_INT(xmpp_gateway_ask_refuse(asks[0], 0, NULL), XMPP_E_STALE);
    drop_all();
}

static void what_is_said_is_bounded(void)
{
    char name[XMPP_GATEWAY_FIELD_MAX + 2];
    struct kit kit;
    begin(&kit);
    memset(name, 'n', sizeof name);
    name[XMPP_GATEWAY_FIELD_MAX + 1] = '\0';
    submit(&kit, 1, name);
    CHECK_INT(n_asks, 0);
    CHECK(strstr(kit_heard(&kit), "not-acceptable"));
    CHECK_INT(xmpp_gateway_add_user(kit.conn, "a@b", name), XMPP_E_INVAL);
    name[XMPP_GATEWAY_FIELD_MAX] = '\0';
    submit(&kit, 1, name);
    CHECK_INT(n_asks, 1);
    CHECK_INT(xmpp_gateway_add_user(kit.conn, "a@b", name), 0);
    drop_all();
    kit_end(&kit);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"nobody speaks for a component", nobody_speaks_for_a_component},
        {"questions are bounded", questions_are_bounded},
        {"questions outlive the connection", questions_outlive_the_connection},
        {"what is said is bounded", what_is_said_is_bounded},
    };
    return CHECK_MAIN(argc, argv, "conn-hosts", cases);
}
