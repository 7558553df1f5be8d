/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bot that people can have in their rosters: it says that it is there, decides who may see it, and
 * prints who comes and goes. `/status` is answered with what it sees of who asks; `/status SHOW
 * [TEXT]` sets its presence, and only the bot's own account may say that. SIGINT and SIGTERM make it
 * say good-bye and end.
 *
 * Who may see it is the first argument behind the JID:
 *     nobody     every request is refused
 *     known      who is in its roster may; others are refused
 *     domain     who has an account at the bot's server may; others are refused
 *     everybody  whoever asks
 *
 *     XMPP_PASSWORD=… presence_bot [options] JID nobody|known|domain|everybody [TEXT] */
#include <string.h>
#include <sysexits.h>

#include "account.h"
#include "stop.h"
#include "text.h"

static const char *const shows[] = {"online", "chat", "away", "dnd", "xa"}; /* by enum xmpp_show */
enum { N_SHOWS = sizeof shows / sizeof *shows };

struct bot {
    struct account account;
    const char *policy;
};

static void complain(const char *what, int result)
{
    if (result < 0)
        fprintf(stderr, "presence_bot: %s: %s\n", what, xmpp_strerror(result));
}

static int be_there(xmpp_conn *conn, int show, const char *status)
{
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    xmpp_presence_set_show(presence, show);
    xmpp_presence_set_status(presence, NULL, status);
    int result = xmpp_presence_set_own(conn, presence); /* from now on in each new session */
    xmpp_stanza_unref(presence);
    return result;
}

/* --- who may see us ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int policy; /* what the library does alone; the rest is decided in on_roster(), now or later */
} policies[] = {
    {"nobody", XMPP_ROSTER_POLICY_DENY_ALL},
    {"known", XMPP_ROSTER_POLICY_APPROVE_KNOWN},
    {"domain", XMPP_ROSTER_POLICY_ASK},
    {"everybody", XMPP_ROSTER_POLICY_APPROVE_ALL},
};
enum { N_POLICIES = sizeof policies / sizeof *policies };

static int is_policy(const char *name)
{
    int i = 0;
    while (i < N_POLICIES && strcmp(policies[i].name, name) != 0)
        i++;
    return i < N_POLICIES;
}

static int set_policy(xmpp_conn *conn, const char *name)
{
    int i = 0;
    while (strcmp(policies[i].name, name) != 0)
        i++;
    return xmpp_roster_set_policy(conn, policies[i].policy);
}

static int is_welcome(const struct bot *bot, const xmpp_conn *conn, const xmpp_jid *who)
{
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    return strcmp(bot->policy, "domain") == 0 &&
           strcmp(xmpp_jid_get_domain(who), xmpp_jid_get_domain(own)) == 0;
}

static void on_roster(xmpp_conn *conn, const xmpp_roster_event *event, void *userdata)
{
    const struct bot *bot = userdata;
    const xmpp_jid *who = xmpp_roster_event_get_jid(event);
    if (xmpp_roster_event_get_type(event) != XMPP_ROSTER_EVENT_REQUEST)
        return;
    int answer = xmpp_roster_event_get_answer(event);
    if (answer == 0) {
        int yes = is_welcome(bot, conn, who);
        complain("answer", yes ? xmpp_roster_approve(conn, who) : xmpp_roster_deny(conn, who));
        answer = yes ? XMPP_PRESENCE_SUBSCRIBED : XMPP_PRESENCE_UNSUBSCRIBED;
    }
    fputs(answer == XMPP_PRESENCE_SUBSCRIBED ? "welcome: " : "refused: ", stdout);
    text_print(stdout, xmpp_jid_get_text(who));
    fputc('\n', stdout);
    fflush(stdout);
}

/* --- who is there --------------------------------------------------------------------------------- */

static void on_resource(xmpp_conn *conn, int event, const xmpp_resource *resource,
                        const xmpp_stanza *presence, void *userdata)
{
    static const char *const words[] = {"", "came", "is", "left"};
    (void)conn;
    (void)userdata;
    text_print(stdout, xmpp_jid_get_text(xmpp_resource_get_jid(resource)));
    printf(" %s", words[event]);
    if (event != XMPP_RESOURCE_LEFT)
        printf(" %s", shows[xmpp_presence_get_show(presence)]);
    const char *status = xmpp_presence_get_status(presence, NULL); /* NULL where it just ended */
    if (status) {
        fputs(": ", stdout);
        text_print(stdout, status);
    }
    fputc('\n', stdout);
    fflush(stdout);
}

/* --- commands ------------------------------------------------------------------------------------- */

static void answer_status(xmpp_conn *conn, const xmpp_jid *from, char *text, size_t size)
{
    const xmpp_resource *best = xmpp_presence_get_best(conn, from);
    size_t n = 0;
    while (xmpp_presence_get_resource_at(conn, from, n))
        n++;
    if (best)
        snprintf(text, size, "You are %s. I see resources of yours: %zu.",
                 shows[xmpp_presence_get_show(xmpp_resource_get_presence(best))], n);
    else
        snprintf(text, size, "I do not see you.");
}

/* "SHOW [TEXT]" */
static void set_status(xmpp_conn *conn, const char *words, char *text, size_t size)
{
    size_t len = strcspn(words, " ");
    int show = 0;
    while (show < N_SHOWS && (strlen(shows[show]) != len || strncmp(shows[show], words, len) != 0))
        show++;
    int result =
        show < N_SHOWS ? be_there(conn, show, words[len] ? words + len + 1 : NULL) : XMPP_E_INVAL;
    snprintf(text, size, "%s", result == 0 ? "So be it." : xmpp_strerror(result));
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    static const char word[] = "/status";
    const size_t len = sizeof word - 1;
    char text[256];
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    const char *body = xmpp_message_get_body(message, NULL);
    (void)userdata;
    if (xmpp_message_get_type(message) != XMPP_MESSAGE_CHAT || !from || !body ||
        strncmp(body, word, len) != 0 || (body[len] != '\0' && body[len] != ' '))
        return 0;
    if (!xmpp_presence_may_see(conn, from))
        return 1; /* an answer would tell a stranger that we are there */
    if (body[len] == '\0')
        answer_status(conn, from, text, sizeof text);
    else if (xmpp_jid_equal_bare(from, xmpp_conn_get_bound_jid(conn)))
        set_status(conn, body + len + 1, text, sizeof text);
    else
        snprintf(text, sizeof text, "That is for my own account to say.");
    xmpp_stanza *answer = xmpp_message_reply(message);
    xmpp_message_add_body(answer, NULL, text);
    complain("answer", xmpp_conn_send(conn, answer));
    xmpp_stanza_unref(answer);
    return 1;
}

/* --- the program ---------------------------------------------------------------------------------- */

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    const struct bot *bot = userdata;
    if (state == XMPP_STATE_ONLINE)
        account_print_session(stdout, conn);
    else if (state == XMPP_STATE_OFFLINE || state == XMPP_STATE_WAITING)
        account_print_error(&bot->account, conn);
}

static int set_up(struct bot *bot, xmpp_conn *conn, const char *status)
{
    int result = xmpp_conn_set_reconnect(conn, 1);
    if (result == 0)
        result = xmpp_conn_on_state(conn, NULL, on_state, bot, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(conn, NULL, on_message, bot, NULL);
    if (result == 0)
        result = xmpp_roster_enable(conn);
    if (result == 0)
        result = xmpp_presence_enable(conn);
    if (result == 0)
        result = set_policy(conn, bot->policy);
    if (result == 0)
        result = xmpp_roster_on_event(conn, on_roster, bot, NULL);
    if (result == 0)
        result = xmpp_presence_on_resource(conn, on_resource, bot, NULL);
    if (result == 0)
        result = be_there(conn, XMPP_SHOW_ONLINE, status);
    return result;
}

/* In order, before the stream is closed. */
static void leave(xmpp_conn *conn)
{
    xmpp_presence_set_own(conn, NULL);
}

int main(int argc, char **argv)
{
    struct bot bot = {.policy = NULL};
    int at =
        account_parse(&bot.account, argc, argv, "JID nobody|known|domain|everybody [TEXT]", 1, 2);
    bot.policy = argv[at];
    if (!is_policy(bot.policy)) {
        fprintf(stderr, "presence_bot: nobody, known, domain or everybody may see me, not \"%s\"\n",
                bot.policy);
        return EX_USAGE;
    }
    xmpp_conn *conn = account_new_conn(&bot.account); /* may read a password: signals still end */
    int stop_fd = stop_init();
    if (!conn || stop_fd < 0)
        return EX_CONFIG;
    int result = set_up(&bot, conn, argv[at + 1]);
    if (result == 0)
        result = xmpp_conn_connect(conn);
    if (result < 0) {
        account_print_failure(&bot.account, conn, result);
        xmpp_conn_unref(conn);
        return EX_CONFIG;
    }
    int status = stop_run(conn, stop_fd, leave) ? EX_OK : account_exit_status(conn);
    xmpp_conn_unref(conn);
    return status;
}
