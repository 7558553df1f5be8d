/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A gateway to a network of echoes: a component whose every address is somebody who says what is said
 * to them. People register with it, have echoes in their rosters, see that they are there, and talk to
 * them. What is real about it is all that a gateway has to do towards XMPP; the network behind it would
 * be another's.
 *
 * Who has registered is kept in memory, and forgotten when it ends. SIGINT and SIGTERM make it say
 * good-bye to everybody and end. The server has to know the domain and the secret: in Prosody
 *     Component "echo.example.org"
 *         component_secret = "…"
 * The connection is in clear text, so the server is on this machine, unless --remote-insecure says
 * that the way there is protected otherwise.
 *
 *     XMPP_SECRET=… gateway [options] DOMAIN */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "account.h"
#include "stop.h"
#include "text.h"

struct gateway {
    struct account account; /* for messages */
    const char *host;
    uint16_t port;
    int is_remote;
};

static void complain(const char *what, int result)
{
    if (result < 0)
        fprintf(stderr, "gateway: %s: %s\n", what, xmpp_strerror(result));
}

static void say(const char *what, const char *user, const char *about)
{
    printf("%s ", what);
    text_print(stdout, user);
    if (about) {
        putchar(' ');
        text_print(stdout, about);
    }
    putchar('\n');
    fflush(stdout);
}

/* --- the echoes ----------------------------------------------------------------------------------- */

static void echo_is_there(xmpp_conn *conn, const char *echo, const char *user)
{
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, user);
    xmpp_stanza_set_from(presence, echo);
    xmpp_presence_set_status(presence, NULL, "Halloo!");
    complain("presence", xmpp_conn_send(conn, presence));
    xmpp_stanza_unref(presence);
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    (void)userdata;
    const xmpp_jid *to = xmpp_stanza_get_to(message);
    const char *body = xmpp_message_get_body(message, NULL);
    if (xmpp_message_get_type(message) == XMPP_MESSAGE_ERROR || !body || !xmpp_jid_get_local(to))
        return 0; /* errors are not answered, or two gateways would never stop */
    xmpp_stanza *answer = xmpp_message_reply(message);
    xmpp_stanza_set_from(answer, xmpp_jid_get_bare_text(to));
    xmpp_message_add_body(answer, NULL, body);
    complain("answer", xmpp_conn_send(conn, answer));
    xmpp_stanza_unref(answer);
    return 1;
}

/* --- what the module asks and tells --------------------------------------------------------------- */

/* "Old Mill" has the address old.mill@DOMAIN. */
static int answer_address(xmpp_conn *conn, xmpp_gateway_ask *ask)
{
    char local[256];
    xmpp_jid *jid = NULL;
    const char *name = xmpp_gateway_ask_get_field(ask, "name");
    snprintf(local, sizeof local, "%s", name);
    for (char *c = local; *c; c++) {
        if (*c == ' ')
            *c = '.';
    }
    int result = strlen(name) < sizeof local ? 0 : XMPP_E_TOO_BIG;
    if (result == 0)
        result =
            xmpp_jid_new(&jid, local, xmpp_jid_get_domain(xmpp_conn_get_bound_jid(conn)), NULL);
    result = result == 0 ? xmpp_gateway_ask_answer_address(ask, xmpp_jid_get_text(jid))
                         : xmpp_gateway_ask_refuse(ask, XMPP_CONDITION_NOT_ACCEPTABLE,
                                                   "This cannot be a name.");
    xmpp_jid_unref(jid);
    return result;
}

/* Everybody may register, and every echo likes company. A real gateway would ask its network, keep the
 * question with xmpp_gateway_ask_ref(), and answer when that has. */
static void on_ask(xmpp_conn *conn, xmpp_gateway_ask *ask, void *userdata)
{
    static const char *const names[] = {"?", "registers", "is there", "adds", "looks for"};
    (void)userdata;
    int kind = xmpp_gateway_ask_get_kind(ask);
    const char *user = xmpp_gateway_ask_get_user(ask);
    const xmpp_jid *contact = xmpp_gateway_ask_get_contact(ask);
    if (kind < XMPP_GATEWAY_REGISTER || kind > XMPP_GATEWAY_ADDRESS)
        return; /* refused */
    say(user, names[kind],
        contact ? xmpp_jid_get_bare_text(contact) : xmpp_gateway_ask_get_field(ask, "name"));
    int result =
        kind == XMPP_GATEWAY_ADDRESS ? answer_address(conn, ask) : xmpp_gateway_ask_accept(ask);
    complain("answer", result);
    if (kind == XMPP_GATEWAY_ADD && result == 0)
        echo_is_there(conn, xmpp_jid_get_bare_text(contact), user);
}

static void on_event(xmpp_conn *conn, int event, const char *user, const xmpp_jid *contact,
                     const xmpp_stanza *stanza, void *userdata)
{
    (void)stanza;
    (void)userdata;
    switch (event) {
    case XMPP_GATEWAY_UNREGISTERED:
        say(user, "is no user any more", NULL);
        break;
    case XMPP_GATEWAY_LOGGED_OUT:
        say(user, "is gone", NULL);
        break;
    case XMPP_GATEWAY_PROBED: /* the user's server asks for each contact when the user comes */
        echo_is_there(conn, xmpp_jid_get_bare_text(contact), user);
        break;
    default: /* echoes do not care who is there, and who may see them */
        break;
    }
}

/* Whoever asks what an echo is: a program. What the gateway itself is, disco tells alone. */
static int on_node(xmpp_conn *conn, const xmpp_stanza *request, const char *node, xmpp_elem *query,
                   void *userdata)
{
    (void)conn;
    (void)userdata;
    if (node || !xmpp_jid_get_local(xmpp_stanza_get_to(request)))
        return XMPP_DISCO_NOT_MINE;
    if (strcmp(xmpp_elem_get_ns(query), XMPP_NS_DISCO_INFO) == 0)
        xmpp_disco_query_add_identity(query, "client", "bot", "en", "An echo");
    return XMPP_DISCO_FILLED;
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct gateway *gateway = userdata;
    if (state == XMPP_STATE_ONLINE)
        say("online as", xmpp_jid_get_text(xmpp_conn_get_bound_jid(conn)), NULL);
    else if (state == XMPP_STATE_OFFLINE || state == XMPP_STATE_WAITING)
        account_print_error(&gateway->account, conn);
}

/* --- setting it up -------------------------------------------------------------------------------- */

_Noreturn static void usage(int status)
{
    fputs("usage: XMPP_SECRET=… gateway [options] DOMAIN\n"
          "  --server HOST      where the server is; else localhost\n"
          "  --port PORT        where it listens for components; else 5347\n"
          "  --remote-insecure  the server may be on another machine: the way there is protected\n"
          "  --help             this\n",
          status == EX_OK ? stdout : stderr);
    exit(status);
}

static void parse(struct gateway *gateway, int argc, char **argv)
{
    static const struct option options[] = {
        {"server", required_argument, NULL, 's'},
        {"port", required_argument, NULL, 'p'},
        {"remote-insecure", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 's')
            gateway->host = optarg;
        else if (option == 'p' && atoi(optarg) > 0 && atoi(optarg) <= UINT16_MAX)
            gateway->port = (uint16_t)atoi(optarg);
        else if (option == 'r')
            gateway->is_remote = 1;
        else
            usage(option == 'h' ? EX_OK : EX_USAGE);
    }
    if (optind + 1 != argc)
        usage(EX_USAGE);
    gateway->account.program = "gateway";
    gateway->account.jid = argv[optind];
}

/* Each of these stops at the first that fails. */
static int be_component(const struct gateway *gateway, xmpp_conn *conn)
{
    const char *secret = getenv("XMPP_SECRET");
    int result = xmpp_conn_set_jid(conn, gateway->account.jid);
    if (result == 0)
        result = xmpp_conn_set_component_cleartext(conn, secret ? secret : "");
    if (result == 0)
        result = xmpp_conn_set_server(conn, gateway->host ? gateway->host : "localhost",
                                      gateway->port ? gateway->port : XMPP_COMPONENT_PORT);
    if (result == 0 && gateway->is_remote)
        result = xmpp_conn_allow_component_remote_insecure(conn, 1);
    return result == 0 ? xmpp_conn_set_reconnect(conn, 1) : result;
}

static int be_gateway(xmpp_conn *conn)
{
    static const char key;
    int result = xmpp_gateway_enable(conn);
    if (result == 0)
        result = xmpp_gateway_set_registration(conn, "What should echoes call you?", "username");
    if (result == 0)
        result = xmpp_gateway_set_prompt(conn, "Where does the echo live?", "Place");
    if (result == 0)
        result = xmpp_gateway_on_ask(conn, on_ask, NULL, NULL);
    if (result == 0)
        result = xmpp_gateway_on_event(conn, on_event, NULL, NULL);
    if (result == 0)
        result = xmpp_disco_enable(conn);
    if (result == 0)
        result = xmpp_disco_set_policy(conn, XMPP_DISCO_ANYBODY);
    if (result == 0)
        result = xmpp_disco_add_identity(conn, "gateway", "echo", NULL, "Echoes");
    if (result == 0)
        result = xmpp_disco_on_node(conn, &key, on_node, NULL, NULL);
    return result;
}

/* All who are there are told. */
static void leave(xmpp_conn *conn)
{
    if (xmpp_conn_get_state(conn) == XMPP_STATE_ONLINE)
        complain("good-bye", xmpp_gateway_leave(conn));
}

int main(int argc, char **argv)
{
    struct gateway gateway = {.port = 0};
    parse(&gateway, argc, argv);
    int stop_fd = stop_init();
    xmpp_conn *conn = xmpp_conn_new();
    int result = conn && stop_fd >= 0 ? be_component(&gateway, conn) : XMPP_E_SYSTEM;
    if (result == 0)
        result = be_gateway(conn);
    if (result == 0)
        result = xmpp_conn_on_state(conn, NULL, on_state, &gateway, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(conn, NULL, on_message, NULL, NULL);
    if (result == 0)
        result = xmpp_conn_connect(conn);
    if (result < 0) {
        if (conn)
            account_print_failure(&gateway.account, conn, result);
        xmpp_conn_unref(conn);
        return EX_CONFIG;
    }
    int status = stop_run(conn, stop_fd, leave) ? EX_OK : account_exit_status(conn);
    xmpp_conn_unref(conn);
    return status;
}
