/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The desk. See desk.h. */
#include "world/desk.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "world/faults.h"

void desk_open(struct desk *desk, int has_loop)
{
    memset(desk, 0, sizeof *desk);
    desk->fd = -1;
    desk->has_loop = has_loop;
    world_begin(1);
    world_listen("192.0.2.1", 5222, WORLD_ACCEPT, 0);
    desk->conn = IN_LIB(xmpp_conn_new());
    CHECK_INT(xmpp_conn_set_jid(desk->conn, "capulet.example"), 0);
    CHECK_INT(xmpp_conn_set_server(desk->conn, "192.0.2.1", 0), 0);
    CHECK_INT(xmpp_conn_set_anonymous(desk->conn, 1), 0);
    CHECK_INT(xmpp_conn_allow_cleartext_insecure(desk->conn, 1), 0);
    CHECK_INT(xmpp_conn_set_keepalive(desk->conn, 0), 0); /* no timer but those that are tried */
    if (has_loop) {
        loop_init(&desk->loop, desk->conn);
    }
}

static int is_ready(xmpp_conn *conn)
{
    struct pollfd fds[XMPP_POLLFDS_MAX];
    int n = IN_LIB(xmpp_conn_get_pollfds(conn, fds, XMPP_POLLFDS_MAX));
    for (int i = 0; i < n; i++) {
        if (world_poll(fds[i].fd, fds[i].events) != 0) {
            return 1;
        }
    }
    return IN_LIB(xmpp_conn_get_timeout(conn)) == 0;
}

void desk_run(struct desk *desk)
{
    if (desk->has_loop) {
        loop_run(&desk->loop);
        return;
    }
    for (int turns = 0; is_ready(desk->conn); turns++) {
        if (IN_LIB(xmpp_conn_process(desk->conn)) != 0 || turns > 20000) {
            return;
        }
    }
}

void desk_say(struct desk *desk, const char *text)
{
    world_say_text(desk->fd, text);
    desk_run(desk);
}

const char *desk_heard(struct desk *desk)
{
    static char text[262144];
    size_t n;
    const char *bytes = world_heard(desk->fd, &n);
    n = n < sizeof text ? n : sizeof text - 1;
    memcpy(text, bytes, n);
    text[n] = '\0';
    world_heard_take(desk->fd, n);
    return text;
}

void desk_connect(struct desk *desk)
{
    CHECK_INT(IN_LIB(xmpp_conn_connect(desk->conn)), 0);
    desk_run(desk);
    desk->fd = world_accept();
    CHECK(desk->fd >= 0);
    CHECK(strstr(desk_heard(desk), "<stream:stream") != NULL);
}

void desk_online(struct desk *desk)
{
    char id[128] = "";
    char result[512];
    desk_connect(desk);
    desk_say(desk,
             DESK_HEADER "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                         "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>");
    desk_say(desk, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    desk_heard(desk);
    desk_say(desk, DESK_HEADER "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                               "</stream:features>");
    const char *at = strstr(desk_heard(desk), "id='");
    CHECK(at && sscanf(at, "id='%127[^']", id) == 1);
    snprintf(result, sizeof result,
             "<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>juliet@capulet.example/balcony</jid></bind></iq>",
             id);
    desk_say(desk, result);
    CHECK_INT(xmpp_conn_get_state(desk->conn), XMPP_STATE_ONLINE);
}

void desk_close(struct desk *desk)
{
    desk->conn = IN_LIB(xmpp_conn_unref(desk->conn));
    CHECK_INT(world_end(), 0);
}
