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

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"registering is nothing", registering_is_nothing},
    };
    return CHECK_MAIN(argc, argv, "conn-null-hosts", cases);
}
