/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See kit.h. */
#include "conn/kit.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/b64.h"

enum { TURNS_MAX = 2000 };

#define HEADER                                                                                     \
    "<stream:stream from='capulet.example' id='s1' version='1.0' xmlns='jabber:client' "           \
    "xmlns:stream='http://etherx.jabber.org/streams'>"
#define OFFER                                                                                      \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"                       \
    "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"
#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define BIND    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"

void kit_begin(struct kit *kit)
{
    *kit = (struct kit){.fd = -1};
    world_begin(1);
    world_listen("192.0.2.1", 5222, WORLD_ACCEPT, 0);
    kit->conn = xmpp_conn_new();
    CHECK(kit->conn);
    CHECK_INT(xmpp_conn_set_jid(kit->conn, "capulet.example"), 0);
    CHECK_INT(xmpp_conn_set_server(kit->conn, "192.0.2.1", 0), 0);
    CHECK_INT(xmpp_conn_set_anonymous(kit->conn, 1), 0);
    CHECK_INT(xmpp_conn_allow_cleartext_insecure(kit->conn, 1), 0);
    CHECK_INT(xmpp_conn_set_keepalive(kit->conn, 0), 0); /* no timer but those that are tried */
}

static int is_due(struct kit *kit)
{
    struct pollfd fds[XMPP_POLLFDS_MAX];
    int n = xmpp_conn_get_pollfds(kit->conn, fds, XMPP_POLLFDS_MAX);
    for (int i = 0; i < n; i++) {
        if (world_poll(fds[i].fd, fds[i].events) != 0) {
            return 1;
        }
    }
    return xmpp_conn_get_timeout(kit->conn) == 0;
}

void kit_run(struct kit *kit)
{
    kit->result = 0;
    for (int turns = 0; kit->conn && kit->result != XMPP_E_GONE && is_due(kit); turns++) {
        if (turns == TURNS_MAX) {
            CHECK_FAIL("it turns and turns");
            return;
        }
        kit->result = xmpp_conn_process(kit->conn);
    }
    if (kit->result == XMPP_E_GONE) {
        kit->conn = NULL;
    }
}

void kit_say(struct kit *kit, const char *text)
{
    if (kit->conn && kit->fd >= 0) {
        world_say_text(kit->fd, text);
        kit_run(kit);
    }
}

const char *kit_heard(struct kit *kit)
{
    static char text[65536];
    size_t n = 0;
    if (kit->fd < 0) {
        return "";
    }
    const char *heard = world_heard(kit->fd, &n);
    n = n < sizeof text ? n : sizeof text - 1;
    memcpy(text, n > 0 ? heard : "", n);
    text[n] = '\0';
    world_heard_take(kit->fd, n);
    return text;
}

static void answer_bind(struct kit *kit)
{
    char id[64] = "";
    char reply[512];
    const char *at = strstr(kit_heard(kit), " id='");
    if (!at || sscanf(at, " id='%63[^']", id) != 1) {
        return;
    }
    snprintf(reply, sizeof reply,
             "<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>juliet@capulet.example/balcony</jid></bind></iq>",
             id);
    kit_say(kit, reply);
}

void kit_login(struct kit *kit)
{
    kit_run(kit);
    kit->fd = world_accept();
    kit_say(kit, HEADER OFFER);
    kit_say(kit, SUCCESS);
    (void)kit_heard(kit);
    kit_say(kit, HEADER BIND);
    answer_bind(kit);
}

void kit_online(struct kit *kit)
{
    CHECK_INT(xmpp_conn_connect(kit->conn), 0);
    kit_login(kit);
    CHECK_INT(xmpp_conn_get_state(kit->conn), XMPP_STATE_ONLINE);
}

const char *kit_challenge(const char *heard, int rounds)
{
    static char text[1200];
    uint8_t first[256];
    char message[512];
    char encoded[1024];
    const char *auth = strstr(heard, "<auth");
    auth = auth ? strstr(auth, "'>") : NULL;
    size_t len = auth ? strcspn(auth + 2, "<") : 0;
    ptrdiff_t n = len > 0 && len < sizeof first ? xm_b64_decode(first, auth + 2, len) : -1;
    first[n > 0 ? n : 0] = '\0';
    const char *nonce = strstr((const char *)first, "r=");
    if (!CHECK(nonce)) {
        return "";
    }
    snprintf(message, sizeof message, "%sserver,s=c2FsdA==,i=%d", nonce, rounds);
    xm_b64_encode(encoded, message, strlen(message));
    snprintf(text, sizeof text,
             "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</challenge>", encoded);
    return text;
}

void kit_end(struct kit *kit)
{
    kit->conn = xmpp_conn_unref(kit->conn);
    CHECK_INT(world_end(), 0);
}

void kit_count(void *counter)
{
    ++*(int *)counter;
}
