/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trace and log: all that passes is told, and no secret is. The password, and every
 * base64 text of SASL that crossed the wire, must appear in neither. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "check.h"
#include "world/desk.h"
#include "world/faults.h"

#define PASSWORD "R0m30-forever"

struct tape {
    char text[65536]; /* everything told, trace and log */
    size_t n;
    int n_sent;
    int n_received;
    int n_logged;
    int n_destroyed;
    int lowest_area;
    int highest_level;
    int result_in_notification;
    xmpp_conn *drops;
};

static void keep(struct tape *tape, const char *text)
{
    size_t len = strlen(text);
    if (tape->n + len + 2 < sizeof tape->text) {
        memcpy(tape->text + tape->n, text, len);
        tape->n += len;
        tape->text[tape->n++] = '\n';
        tape->text[tape->n] = '\0';
    }
}

static void on_trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len, void *userdata)
{
    struct tape *tape = userdata;
    CHECK_INT(xml[len], 0);
    tape->n_sent += is_sent;
    tape->n_received += !is_sent;
    keep(tape, xml);
    tape->result_in_notification = xmpp_conn_send_text(conn, "<presence/>", 11);
    if (tape->drops) {
        tape->drops = xmpp_conn_unref(tape->drops);
    }
}

static void on_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata)
{
    struct tape *tape = userdata;
    (void)conn;
    tape->n_logged++;
    tape->lowest_area |= area;
    tape->highest_level = level > tape->highest_level ? level : tape->highest_level;
    CHECK(strpbrk(text, "\n\r\x1b") == NULL);
    keep(tape, text);
}

static void on_destroy(void *userdata)
{
    ((struct tape *)userdata)->n_destroyed++;
}

/* The base64 text of the first element of this name in what the client sent. */
static void payload_of(const char *heard, const char *name, char *ret, size_t size)
{
    char start[32];
    ret[0] = '\0';
    snprintf(start, sizeof start, "<%s ", name);
    const char *at = strstr(heard, start);
    at = at ? strchr(at, '>') : NULL;
    if (CHECK(at != NULL)) {
        snprintf(ret, size, "%.*s", (int)strcspn(at + 1, "<"), at + 1);
    }
}

static void tells_no_secret(void)
{
    static struct tape tape;
    struct desk desk;
    char auth[512];
    char response[512];
    char first[512];
    char server_first[1024];
    char encoded[XM_B64_LEN(1024) + 1];
    char text[2048];
    memset(&tape, 0, sizeof tape);
    desk_open(&desk, 1);
    CHECK_INT(xmpp_conn_set_anonymous(desk.conn, 0), 0);
    CHECK_INT(xmpp_conn_set_jid(desk.conn, "juliet@capulet.example"), 0);
    CHECK_INT(xmpp_conn_set_password(desk.conn, PASSWORD), 0);
    CHECK_INT(IN_LIB(xmpp_conn_set_trace(desk.conn, on_trace, &tape, on_destroy)), 0);
    CHECK_INT(IN_LIB(xmpp_conn_set_log(desk.conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, &tape,
                                       on_destroy)),
              0);
    desk_connect(&desk);
    desk_say(&desk,
             DESK_HEADER "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                         "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
    payload_of(desk_heard(&desk), "auth", auth, sizeof auth);
    ptrdiff_t n = xm_b64_decode((uint8_t *)first, auth, strlen(auth));
    first[n > 0 ? n : 0] = '\0';
    const char *nonce = strstr(first, "r=");
    snprintf(server_first, sizeof server_first, "r=%sServer,s=QSXCR+Q6sek8bf92,i=4096",
             nonce ? nonce + 2 : "");
    xm_b64_encode(encoded, server_first, strlen(server_first));
    snprintf(text, sizeof text,
             "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</challenge>", encoded);
    desk_say(&desk, text);
    payload_of(desk_heard(&desk), "response", response, sizeof response);
    desk_say(&desk, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj1ybUY5cHFWOFM3c3VBb1pXamE0"
                    "ZEpSa0ZzS1E9</success>");
    CHECK(strlen(auth) > 20 && strlen(response) > 20);
    CHECK(strstr(tape.text, PASSWORD) == NULL);
    CHECK(strstr(tape.text, auth) == NULL);
    CHECK(strstr(tape.text, encoded) == NULL);
    CHECK(strstr(tape.text, response) == NULL);
    CHECK(strstr(tape.text, "dj1ybUY5") == NULL);
    CHECK(strstr(tape.text, "[redacted]") != NULL);
    CHECK(strstr(tape.text, "<stream:stream") != NULL);
    CHECK(tape.n_sent >= 3 && tape.n_received >= 4);
    CHECK_INT(tape.result_in_notification, XMPP_E_BUSY);
    desk_close(&desk);
    CHECK_INT(tape.n_destroyed, 2);
}

/* Stanzas come whole, in both directions, as they are. */
static void tells_stanzas_whole(void)
{
    static struct tape tape;
    struct desk desk;
    memset(&tape, 0, sizeof tape);
    desk_open(&desk, 1);
    desk_online(&desk);
    CHECK_INT(IN_LIB(xmpp_conn_set_trace(desk.conn, on_trace, &tape, on_destroy)), 0);
    desk_say(&desk, "<message from='a@b'><bo");
    desk_say(&desk, "dy>Ay me!</body></mess");
    CHECK_INT(tape.n_received, 0);
    desk_say(&desk, "age>");
    CHECK_INT(tape.n_received, 1);
    CHECK(strstr(tape.text, "<body>Ay me!</body>") != NULL);
    CHECK_INT(IN_LIB(xmpp_conn_send_text(desk.conn, "<presence id='mine'/>", 21)), 0);
    desk_run(&desk);
    CHECK_INT(tape.n_sent, 1);
    CHECK(strstr(tape.text, "mine") != NULL);
    CHECK_INT(IN_LIB(xmpp_conn_set_trace(desk.conn, NULL, NULL, NULL)), 0);
    CHECK_INT(tape.n_destroyed, 1);
    desk_say(&desk, "<presence/>");
    CHECK_INT(tape.n_received, 1);
    desk_close(&desk);
    CHECK_INT(tape.n_destroyed, 1);
}

static void areas_and_levels_choose(void)
{
    static struct tape tape;
    struct desk desk;
    memset(&tape, 0, sizeof tape);
    desk_open(&desk, 1);
    CHECK_INT(IN_LIB(xmpp_conn_set_log(desk.conn, XMPP_AREA_SASL | XMPP_AREA_STREAM, XMPP_LOG_INFO,
                                       on_log, &tape, NULL)),
              0);
    desk_online(&desk);
    CHECK(tape.n_logged > 0);
    CHECK_INT(tape.lowest_area & ~(XMPP_AREA_SASL | XMPP_AREA_STREAM), 0);
    CHECK(tape.highest_level <= XMPP_LOG_INFO);
    /* what a peer says cannot harm a terminal */
    tape.n = 0;
    desk_say(&desk, "<stream:error><policy-violation "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>a&#10;b\xc2\x9b"
                    "31m</text></stream:error>");
    CHECK(strstr(tape.text, "a?b?31m") != NULL);
    desk_close(&desk);
}

static void the_last_reference_goes_in_the_trace(void)
{
    static struct tape tape;
    struct desk desk;
    memset(&tape, 0, sizeof tape);
    desk_open(&desk, 0);
    desk_online(&desk);
    CHECK_INT(IN_LIB(xmpp_conn_set_trace(desk.conn, on_trace, &tape, on_destroy)), 0);
    tape.drops = desk.conn;
    world_say_text(desk.fd, "<message/><message/>");
    CHECK_INT(IN_LIB(xmpp_conn_process(desk.conn)), XMPP_E_GONE);
    CHECK_INT(tape.n_destroyed, 1);
    CHECK_INT(tape.n_received, 1);
    desk.conn = NULL;
    desk_close(&desk);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"no secret is told", tells_no_secret},
        {"stanzas are told whole", tells_stanzas_whole},
        {"areas and levels choose", areas_and_levels_choose},
        {"the last reference goes in the trace", the_last_reference_goes_in_the_trace},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "trace", cases);
}
