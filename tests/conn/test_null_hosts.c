/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As test_null_modules.c, for registering and gateways: every public function is given nothing. */
#include "conn/kit.h"

#define INVAL(call)   CHECK_INT(call, XMPP_E_INVAL)
#define NOTHING(call) CHECK((call) == NULL)

static void no_form(xmpp_conn *conn, int error, const xmpp_stanza *reply, xmpp_register_form *form,
                    void *userdata)
{
    (void)conn;
    (void)error;
    (void)reply;
    (void)form;
    (void)userdata;
}

static void registering_is_nothing(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_register_enable(NULL));
    INVAL(xmpp_register_connect(NULL, no_form, NULL, NULL));
    CHECK_INT(xmpp_register_connect(conn, no_form, NULL, NULL), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_register_enable(conn), 0);
    INVAL(xmpp_register_connect(conn, NULL, NULL, NULL));
    INVAL(xmpp_register_connect(conn, no_form, NULL, NULL)); /* without a JID */
    INVAL(xmpp_register_get(NULL, NULL, "a", no_form, NULL, NULL));
    INVAL(xmpp_register_get(conn, NULL, "a", NULL, NULL, NULL));
    INVAL(xmpp_register_change_password(NULL, NULL, "x", no_form, NULL, NULL));
    INVAL(xmpp_register_change_password(conn, NULL, NULL, no_form, NULL, NULL));
    INVAL(xmpp_register_cancel(NULL, NULL, "a", no_form, NULL, NULL));
    INVAL(xmpp_register_cancel(conn, NULL, "a", NULL, NULL, NULL));
    INVAL(xmpp_register_submit(conn, NULL, NULL, no_form, NULL, NULL));
    NOTHING(xmpp_register_form_ref(NULL));
    NOTHING(xmpp_register_form_unref(NULL));
    CHECK_INT(xmpp_register_form_is_registered(NULL), 0);
    NOTHING(xmpp_register_form_get_instructions(NULL));
    NOTHING(xmpp_register_form_get_url(NULL));
    NOTHING(xmpp_register_form_get_form(NULL));
    NOTHING(xmpp_register_form_get_submit(NULL));
    CHECK_INT(xmpp_register_form_get_n_fields(NULL), 0);
    NOTHING(xmpp_register_form_get_name(NULL, 0));
    NOTHING(xmpp_register_form_get_value(NULL, "username"));
    INVAL(xmpp_register_form_set(NULL, "username", "x"));
    CHECK_INT(xmpp_register_get_condition(NULL), 0);
    xmpp_conn_unref(conn);
}

static void no_ask(xmpp_conn *conn, xmpp_gateway_ask *ask, void *userdata)
{
    (void)ask;
    no_form(conn, 0, NULL, NULL, userdata);
}

static void no_event(xmpp_conn *conn, int event, const char *user, const xmpp_jid *contact,
                     const xmpp_stanza *stanza, void *userdata)
{
    (void)user;
    (void)contact;
    no_form(conn, event, stanza, NULL, userdata);
}

static void no_prompt(xmpp_conn *conn, int error, const char *desc, const char *prompt,
                      const xmpp_stanza *reply, void *userdata)
{
    (void)desc;
    (void)prompt;
    no_form(conn, error, reply, NULL, userdata);
}

static void no_address(xmpp_conn *conn, int error, const xmpp_jid *address,
                       const xmpp_stanza *reply, void *userdata)
{
    (void)address;
    no_form(conn, error, reply, NULL, userdata);
}

static void a_gateway_is_nothing(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_gateway_enable(NULL));
    CHECK_INT(xmpp_gateway_add_user(conn, "a@b", "x"), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_gateway_leave(conn), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_gateway_enable(conn), 0);
    INVAL(xmpp_gateway_set_registration(NULL, NULL, NULL));
    CHECK_INT(xmpp_gateway_set_registration(conn, NULL, NULL), 0);
    INVAL(xmpp_gateway_set_registration(conn, NULL, ""));
    INVAL(xmpp_gateway_set_prompt(NULL, NULL, "x"));
    CHECK_INT(xmpp_gateway_set_prompt(conn, NULL, NULL), 0);
    INVAL(xmpp_gateway_set_max_users(NULL, 1));
    INVAL(xmpp_gateway_add_user(NULL, "a@b", "x"));
    INVAL(xmpp_gateway_add_user(conn, NULL, "x"));
    INVAL(xmpp_gateway_add_user(conn, "a@b", NULL));
    INVAL(xmpp_gateway_remove_user(NULL, "a@b"));
    INVAL(xmpp_gateway_remove_user(conn, NULL));
    NOTHING(xmpp_gateway_get_user(NULL, 0));
    NOTHING(xmpp_gateway_get_user(conn, 0));
    NOTHING(xmpp_gateway_get_username(NULL, "a@b"));
    NOTHING(xmpp_gateway_get_username(conn, NULL));
    CHECK_INT(xmpp_gateway_is_logged_in(NULL, "a@b"), 0);
    CHECK_INT(xmpp_gateway_is_logged_in(conn, NULL), 0);
    INVAL(xmpp_gateway_on_ask(NULL, no_ask, NULL, NULL));
    INVAL(xmpp_gateway_on_event(NULL, no_event, NULL, NULL));
    CHECK_INT(xmpp_gateway_on_ask(conn, NULL, NULL, NULL), 0);
    CHECK_INT(xmpp_gateway_on_event(conn, NULL, NULL, NULL), 0);
    INVAL(xmpp_gateway_remove_contact(NULL, "a@b", "c@d"));
    INVAL(xmpp_gateway_remove_contact(conn, NULL, "c@d"));
    INVAL(xmpp_gateway_remove_contact(conn, "a@b", NULL));
    INVAL(xmpp_gateway_leave(NULL));
    xmpp_conn_unref(conn);
}

static void questions_of_a_gateway_are_nothing(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    CHECK_INT(xmpp_gateway_ask_get_kind(NULL), 0);
    NOTHING(xmpp_gateway_ask_get_user(NULL));
    NOTHING(xmpp_gateway_ask_get_contact(NULL));
    NOTHING(xmpp_gateway_ask_get_field(NULL, "username"));
    NOTHING(xmpp_gateway_ask_ref(NULL));
    NOTHING(xmpp_gateway_ask_unref(NULL));
    INVAL(xmpp_gateway_ask_accept(NULL));
    INVAL(xmpp_gateway_ask_answer_address(NULL, "a@b"));
    INVAL(xmpp_gateway_ask_refuse(NULL, 0, NULL));
    INVAL(xmpp_gateway_get_prompt(NULL, NULL, "a", NULL, no_prompt, NULL, NULL));
    INVAL(xmpp_gateway_get_prompt(conn, NULL, NULL, NULL, no_prompt, NULL, NULL));
    INVAL(xmpp_gateway_get_prompt(conn, NULL, "a", NULL, NULL, NULL, NULL));
    INVAL(xmpp_gateway_get_address(NULL, NULL, "a", "x", no_address, NULL, NULL));
    INVAL(xmpp_gateway_get_address(conn, NULL, "a", NULL, no_address, NULL, NULL));
    INVAL(xmpp_gateway_get_address(conn, NULL, "a", "x", NULL, NULL, NULL));
    xmpp_conn_unref(conn);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"registering is nothing", registering_is_nothing},
        {"a gateway is nothing", a_gateway_is_nothing},
        {"questions of a gateway are nothing", questions_of_a_gateway_are_nothing},
    };
    return CHECK_MAIN(argc, argv, "conn-null-hosts", cases);
}
