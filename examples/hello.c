/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shortest honest program: it logs in, sends a greeting to itself, and leaves; what the server
 * still has for us is delivered until the stream is closed. The password comes from the
 * environment, never from the command line.
 *
 *     XMPP_PASSWORD=… hello [--nameserver ADDRESS:PORT] JID [HOST PORT [CA-FILE]] */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmpp/xmpp.h>

static const char greeting[] = "Hello, world!";

static void must(int result, const char *what)
{
    if (result < 0) {
        fprintf(stderr, "hello: %s: %s\n", what, xmpp_strerror(result));
        exit(EXIT_FAILURE);
    }
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    (void)userdata;
    if (state != XMPP_STATE_ONLINE)
        return;
    const xmpp_jid *me = xmpp_conn_get_bound_jid(conn);
    printf("online as %s by %s\n", xmpp_jid_get_text(me),
           xmpp_conn_get_fact(conn, XMPP_FACT_MECHANISM));

    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    xmpp_stanza_set_to_jid(message, me);
    xmpp_message_add_body(message, NULL, greeting);
    must(xmpp_conn_send(conn, message), "send");
    xmpp_stanza_unref(message);
    xmpp_conn_disconnect(conn);
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    int *is_greeted = userdata;
    const char *body = xmpp_message_get_body(message, NULL);
    if (!body || strcmp(body, greeting) != 0 ||
        !xmpp_jid_equal(xmpp_stanza_get_from(message), xmpp_conn_get_bound_jid(conn)))
        return 0;
    *is_greeted = 1;
    puts(greeting);
    return 1;
}

/* ADDRESS:PORT, or [ADDRESS]:PORT */
static void set_nameserver(xmpp_conn *conn, char *text)
{
    char *colon = strrchr(text, ':');
    long port = colon ? strtol(colon + 1, NULL, 10) : 0;
    must(port > 0 && port <= 65535 ? 0 : XMPP_E_INVAL, text);
    *colon = '\0';
    must(xmpp_conn_add_nameserver(conn, text, (uint16_t)port), text);
}

int main(int argc, char **argv)
{
    const char *password = getenv("XMPP_PASSWORD");
    char *nameserver = NULL;
    if (argc > 3 && strcmp(argv[1], "--nameserver") == 0) {
        nameserver = argv[2];
        argv += 2;
        argc -= 2;
    }
    if (argc < 2 || argc == 3 || argc > 5 || !password) {
        fputs("usage: XMPP_PASSWORD=... hello [--nameserver ADDRESS:PORT] JID"
              " [HOST PORT [CA-FILE]]\n",
              stderr);
        return EXIT_FAILURE;
    }
    xmpp_conn *conn = xmpp_conn_new();
    if (!conn)
        must(XMPP_E_NOMEM, "conn");
    if (nameserver)
        set_nameserver(conn, nameserver);
    must(xmpp_conn_set_jid(conn, argv[1]), argv[1]);
    must(xmpp_conn_set_password(conn, password), "XMPP_PASSWORD");
    if (argc > 3) {
        long port = strtol(argv[3], NULL, 10);
        must(port > 0 && port <= 65535 ? 0 : XMPP_E_INVAL, argv[3]);
        must(xmpp_conn_set_server(conn, argv[2], (uint16_t)port), argv[2]);
    }
    if (argc > 4) {
        xmpp_trust *trust = xmpp_trust_new();
        must(trust ? xmpp_trust_add_ca_file(trust, argv[4]) : XMPP_E_NOMEM, argv[4]);
        must(xmpp_conn_set_trust(conn, trust), argv[4]);
        xmpp_trust_unref(trust);
    }
    int is_greeted = 0;
    must(xmpp_conn_on_state(conn, NULL, on_state, NULL, NULL), "handler");
    must(xmpp_conn_on_message(conn, NULL, on_message, &is_greeted, NULL), "handler");
    xmpp_conn_connect(conn); /* if it cannot begin, the report below says why */

    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE) {
        struct pollfd fds[XMPP_POLLFDS_MAX];
        int n = xmpp_conn_get_pollfds(conn, fds, XMPP_POLLFDS_MAX);
        poll(fds, (nfds_t)n, xmpp_conn_get_timeout(conn));
        xmpp_conn_process(conn);
    }
    const xmpp_error *error = xmpp_conn_get_error(conn);
    if (xmpp_error_get_code(error) != 0)
        fprintf(stderr, "hello: %s\n", xmpp_error_get_message(error));
    else if (!is_greeted)
        fputs("hello: the greeting did not come back\n", stderr);
    xmpp_conn_unref(conn);
    return is_greeted ? EXIT_SUCCESS : EXIT_FAILURE;
}
