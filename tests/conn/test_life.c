/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who outlives whom: slots, userdata, requests, the last reference, descriptors. */
#include <string.h>

#include "conn/kit.h"

static const char ping[] = "<iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq>";

/* --- a userdata that owns its own slot -------------------------------------------------------- */

struct owner {
    xmpp_slot *slot;
    int n_destroyed;
    int n_called;
};

static void destroy_owner(void *userdata)
{
    struct owner *owner = userdata;
    owner->n_destroyed++;
    owner->slot = xmpp_slot_unref(owner->slot);
}

static int on_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    ((struct owner *)userdata)->n_called++;
    return 1;
}

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)error;
    (void)reply;
    ((struct owner *)userdata)->n_called++;
}

static int request(xmpp_conn *conn, struct owner *owner, const char *text)
{
    xmpp_stanza *iq = NULL;
    CHECK_INT(xmpp_stanza_parse(&iq, text, strlen(text)), 0);
    int result = xmpp_conn_request(conn, &owner->slot, iq, 0, on_reply, owner, destroy_owner);
    xmpp_stanza_unref(iq);
    return result;
}

static void a_destroy_function_drops_its_own_slot(void)
{
    struct kit kit;
    struct owner handler = {0};
    struct owner answered = {0};
    struct owner cancelled = {0};
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_on_message(kit.conn, &handler.slot, on_stanza, &handler, destroy_owner), 0);
    kit_online(&kit);
    CHECK_INT(request(kit.conn, &answered, ping), 0);
    kit_say(&kit, "<iq type='result' id='a'/>");
    CHECK_INT(answered.n_called, 1);
    CHECK_INT(answered.n_destroyed, 1);
    CHECK_INT(request(kit.conn, &cancelled, ping), 0);
    kit_end(&kit);
    CHECK_INT(handler.n_destroyed, 1);
    CHECK_INT(cancelled.n_called, 0);
    CHECK_INT(cancelled.n_destroyed, 1);
    CHECK(!handler.slot && !answered.slot && !cancelled.slot);
}

/* --- an id that is free again ------------------------------------------------------------------ */

struct retry {
    struct owner first;
    struct owner second;
    int result;
};

static int drop_and_ask_again(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    struct retry *retry = userdata;
    (void)stanza;
    retry->first.slot = xmpp_slot_unref(retry->first.slot);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_REQUESTS), 0);
    retry->result = request(conn, &retry->second, ping);
    return 1;
}

static void a_request_dropped_in_a_handler_gives_its_id_back(void)
{
    struct kit kit;
    struct retry retry = {.result = -1};
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_on_message(kit.conn, NULL, drop_and_ask_again, &retry, NULL), 0);
    kit_online(&kit);
    CHECK_INT(request(kit.conn, &retry.first, ping), 0);
    kit_say(&kit, "<message/><iq type='result' id='a'/>");
    CHECK_INT(retry.result, 0);
    CHECK_INT(retry.first.n_called, 0);
    CHECK_INT(retry.first.n_destroyed, 1);
    CHECK_INT(retry.second.n_called, 1);
    kit_end(&kit);
}

/* --- registrations that fail -------------------------------------------------------------------- */

/* Each registration is refused: its userdata is not destroyed, and its slot not written. */
static void what_fails_keeps_and_destroys_nothing(void)
{
    struct kit kit;
    int n = 0;
    int none;
    xmpp_slot *const before = (xmpp_slot *)(void *)&none;
    xmpp_slot *slot = before;
    kit_begin(&kit);
    xmpp_conn *conn = kit.conn;
    xmpp_stanza *result = xmpp_iq_new(XMPP_IQ_RESULT, NULL);
    xmpp_stanza *get = xmpp_iq_new(XMPP_IQ_GET, NULL);
    CHECK_INT(xmpp_conn_on_message(conn, &slot, NULL, &n, kit_count), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_presence(conn, &slot, NULL, &n, kit_count), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_state(conn, &slot, NULL, &n, kit_count), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_writable(conn, &slot, NULL, &n, kit_count), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_ask(conn, &slot, NULL, &n, kit_count), XMPP_E_INVAL);
    for (int types = 0; types < 16; types++) {
        if (types == 0 || (types & ~(XMPP_IQ_GET | XMPP_IQ_SET)) != 0) {
            CHECK_INT(xmpp_conn_on_iq(conn, &slot, types, "a", "b", on_stanza, &n, kit_count),
                      XMPP_E_INVAL);
        }
    }
    CHECK_INT(xmpp_conn_on_iq(conn, &slot, XMPP_IQ_GET, "", "b", on_stanza, &n, kit_count),
              XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_request(conn, &slot, result, 0, on_reply, &n, kit_count), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_request(conn, &slot, get, -1, on_reply, &n, kit_count), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_request(conn, &slot, get, 0, NULL, &n, kit_count), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_request(conn, &slot, NULL, 0, on_reply, &n, kit_count), XMPP_E_NOMEM);
    CHECK(slot == before);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_REQUESTS), 0);
    CHECK_INT(xmpp_conn_get_timeout(conn), -1);
    xmpp_stanza_unref(result);
    xmpp_stanza_unref(get);
    kit_end(&kit);
    CHECK_INT(n, 0);
}

/* --- descriptors --------------------------------------------------------------------------------- */

struct again {
    int fd;
    int n_offline;
    int is_dropped;
};

/* Begins anew over another descriptor, and drops the last reference, all in one turn. */
static void connect_and_drop(xmpp_conn *conn, int state, void *userdata)
{
    struct again *again = userdata;
    if (state == XMPP_STATE_OFFLINE && !again->is_dropped) {
        again->is_dropped = 1;
        again->fd = world_connected_fd();
        CHECK_INT(xmpp_conn_connect_fd(conn, again->fd), 0);
        xmpp_conn_unref(conn);
    }
}

static void both_descriptors_of_one_turn_are_closed(void)
{
    struct kit kit;
    struct again again = {.fd = -1};
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_on_state(kit.conn, NULL, connect_and_drop, &again, NULL), 0);
    kit_online(&kit);
    world_reset(kit.fd);
    kit_run(&kit);
    CHECK_INT(kit.result, XMPP_E_GONE);
    CHECK(!world_is_open(kit.fd));
    CHECK(!world_is_open(again.fd));
    kit_end(&kit);
}

static void a_descriptor_is_owned_on_success_only(void)
{
    struct kit kit;
    kit_begin(&kit);
    int fd = world_connected_fd();
    CHECK_INT(xmpp_conn_set_jid(kit.conn, NULL), 0);
    CHECK_INT(xmpp_conn_connect_fd(kit.conn, fd), XMPP_E_INVAL);
    CHECK(world_is_open(fd));
    CHECK_INT(xmpp_conn_set_jid(kit.conn, "capulet.example"), 0);
    CHECK_INT(xmpp_conn_connect_fd(kit.conn, -1), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_OFFLINE);
    CHECK_INT(xmpp_conn_connect_fd(kit.conn, fd), 0);
    CHECK_INT(xmpp_conn_connect_fd(kit.conn, fd), XMPP_E_STATE);
    CHECK(world_is_open(fd));
    CHECK_INT(xmpp_conn_disconnect(kit.conn), 0);
    CHECK(world_is_open(fd)); /* the end comes with process */
    kit_run(&kit);
    CHECK(!world_is_open(fd));
    kit_end(&kit);
}

/* --- who connects for ever ------------------------------------------------------------------------ */

static void connect_again(xmpp_conn *conn, int state, void *userdata)
{
    struct again *again = userdata;
    if (state == XMPP_STATE_OFFLINE) {
        again->n_offline++;
        CHECK_INT(xmpp_conn_connect(conn), 0);
    } else if (state == XMPP_STATE_CONNECTING) {
        CHECK_INT(xmpp_conn_disconnect(conn), 0);
    }
}

static void a_handler_that_reconnects_for_ever_does_not_hold_process(void)
{
    struct kit kit;
    struct again again = {.fd = -1};
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_on_state(kit.conn, NULL, connect_again, &again, NULL), 0);
    CHECK_INT(xmpp_conn_connect(kit.conn), 0);
    for (int turns = 1; turns <= 100; turns++) {
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        CHECK(again.n_offline <= turns);
    }
    CHECK(again.n_offline >= 50);
    kit_end(&kit);
}

/* --- thousands of requests ------------------------------------------------------------------------ */

enum { MANY = 5000 };

static void count_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)reply;
    CHECK(error == XMPP_E_TIMEOUT || error == XMPP_E_DISCONNECTED);
    ++*(int *)userdata;
}

static void thousands_of_requests_are_answered_once_each(void)
{
    struct kit kit;
    int n_replies = 0;
    kit_begin(&kit);
    kit_online(&kit);
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_add(xmpp_stanza_root(iq), "ping", "urn:xmpp:ping");
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(xmpp_conn_request(kit.conn, NULL, iq, i % 2 ? 1000 : INT32_MAX, count_reply,
                                    &n_replies, kit_count),
                  0);
    }
    xmpp_stanza_unref(iq);
    kit_run(&kit);
    CHECK_INT(xmpp_conn_get_stat(kit.conn, XMPP_STAT_REQUESTS), MANY);
    CHECK_INT(xmpp_conn_get_timeout(kit.conn), 1000);
    world_advance(1000);
    kit_run(&kit);
    CHECK_INT(xmpp_conn_get_stat(kit.conn, XMPP_STAT_REQUESTS), MANY / 2);
    CHECK_INT(xmpp_conn_get_timeout(kit.conn), 29000); /* of silence: then the server is asked */
    CHECK_INT(xmpp_conn_set_receiving(kit.conn, 0), 0);
    CHECK_INT(xmpp_conn_get_timeout(kit.conn), INT32_MAX - 1000);
    CHECK_INT(xmpp_conn_set_receiving(kit.conn, 1), 0);
    world_reset(kit.fd);
    kit_run(&kit);
    /* each was counted twice: answered, and destroyed behind it */
    CHECK_INT(n_replies, 2 * MANY);
    CHECK_INT(xmpp_conn_get_stat(kit.conn, XMPP_STAT_REQUESTS), 0);
    kit_end(&kit);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a destroy function drops its own slot", a_destroy_function_drops_its_own_slot},
        {"a request dropped in a handler gives its id back",
         a_request_dropped_in_a_handler_gives_its_id_back},
        {"what fails keeps and destroys nothing", what_fails_keeps_and_destroys_nothing},
        {"both descriptors of one turn are closed", both_descriptors_of_one_turn_are_closed},
        {"a descriptor is owned on success only", a_descriptor_is_owned_on_success_only},
        {"a handler that reconnects for ever does not hold process",
         a_handler_that_reconnects_for_ever_does_not_hold_process},
        {"thousands of requests are answered once each",
         thousands_of_requests_are_answered_once_each},
    };
    return CHECK_MAIN(argc, argv, "conn-life", cases);
}
