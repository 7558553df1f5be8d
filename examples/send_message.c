/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends one message and knows that the server has it: what a cron job or a monitor needs.
 *
 *     XMPP_PASSWORD=… send_message [options] JID TO [TEXT]      without TEXT: standard input
 *
 * How it knows: XMPP has no receipt for "your server has it", but a server must process what a
 * client sends in order (RFC 6120 10.1). So a ping to the own server goes behind the message, and
 * whatever answers it, a result or an error, says that the message in front of it was processed.
 * If the server refused the message, that error came before.
 *
 * Exit status (sysexits.h): 0 the server has it; EX_USAGE; EX_DATAERR the text or the address
 * cannot be sent; EX_TEMPFAIL try again later, the message may or may not have arrived;
 * EX_NOPERM the password was refused; EX_CONFIG settings; EX_UNAVAILABLE it was refused. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sysexits.h>
#include <unistd.h>

#include "account.h"
#include "text.h"

enum { TEXT_MAX = 65536, ANSWER_MS = 30000 };

struct job {
    const struct account *account;
    xmpp_stanza *message;
    int status; /* what to exit with; -1: not known yet */
};

/* The outcome is known: the first one counts. */
static void finish(struct job *job, xmpp_conn *conn, int status)
{
    if (job->status < 0)
        job->status = status;
    xmpp_conn_disconnect(conn);
}

/* The answer to the ping. Everything in front of it has been processed. */
static void on_answer(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)reply;
    if (error == 0 || error == XMPP_E_REMOTE) {
        finish(userdata, conn, EX_OK);
        return;
    }
    fprintf(stderr, "send_message: no answer from the server: %s\n", xmpp_strerror(error));
    finish(userdata, conn, EX_TEMPFAIL);
}

/* Looks for our message coming back as an error. */
static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    struct job *job = userdata;
    const char *id = xmpp_stanza_get_id(message);
    if (xmpp_message_get_type(message) != XMPP_MESSAGE_ERROR || !id ||
        strcmp(id, xmpp_stanza_get_id(job->message)) != 0)
        return 0;
    const char *text = xmpp_stanza_error_get_text(message, NULL);
    fprintf(stderr, "send_message: refused: ");
    text_print(stderr, xmpp_stanza_error_get_condition_name(message));
    fputs(text ? ": " : "", stderr);
    text_print(stderr, text);
    fputc('\n', stderr);
    finish(job, conn, EX_UNAVAILABLE);
    return 1;
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct job *job = userdata;
    if (state == XMPP_STATE_OFFLINE && job->status < 0)
        account_print_error(job->account, conn);
    if (state != XMPP_STATE_ONLINE)
        return;
    int result = xmpp_conn_send(conn, job->message);
    if (result < 0) {
        fprintf(stderr, "send_message: %s\n", xmpp_strerror(result));
        finish(job, conn, EX_DATAERR);
        return;
    }
    xmpp_stanza *ping = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_add(xmpp_stanza_root(ping), "ping", "urn:xmpp:ping");
    result = xmpp_conn_request(conn, NULL, ping, ANSWER_MS, on_answer, job, NULL);
    xmpp_stanza_unref(ping);
    if (result < 0) {
        fprintf(stderr, "send_message: ping: %s\n", xmpp_strerror(result));
        finish(job, conn, EX_TEMPFAIL);
    }
}

/* An id of our own, by which an error is recognised; nobody else can guess it. */
static int set_random_id(xmpp_stanza *message)
{
    unsigned char bytes[16];
    char id[2 * sizeof(bytes) + 1];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return -1;
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    xmpp_stanza_set_id(message, id);
    return 0;
}

/* All of standard input, without the line end behind it. NULL: too long, or unreadable. */
static char *read_text(void)
{
    char *text = malloc(TEXT_MAX + 1);
    size_t n = text ? fread(text, 1, TEXT_MAX + 1, stdin) : 0;
    if (!text || ferror(stdin) || n > TEXT_MAX || memchr(text, '\0', n)) {
        free(text);
        return NULL;
    }
    while (n > 0 && text[n - 1] == '\n')
        n--;
    text[n] = '\0';
    return text;
}

static xmpp_stanza *build_message(const char *to, const char *argument)
{
    char *input = argument ? NULL : read_text();
    const char *text = argument ? argument : input;
    if (!text) {
        fputs("send_message: no text that can be sent on standard input\n", stderr);
        return NULL;
    }
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, to);
    xmpp_message_add_body(message, NULL, text);
    free(input);
    int result = set_random_id(message) < 0 ? XMPP_E_SYSTEM : xmpp_stanza_get_error(message);
    if (result < 0) {
        fprintf(stderr, "send_message: message to %s: %s\n", to, xmpp_strerror(result));
        return xmpp_stanza_unref(message);
    }
    return message;
}

static int run(struct job *job, xmpp_conn *conn)
{
    int result = xmpp_conn_on_state(conn, NULL, on_state, job, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(conn, NULL, on_message, job, NULL);
    if (result == 0)
        result = xmpp_conn_connect(conn);
    if (result < 0) {
        account_print_failure(job->account, conn, result);
        return result == XMPP_E_NOMEM || result == XMPP_E_SYSTEM ? EX_TEMPFAIL : EX_CONFIG;
    }
    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE) {
        struct pollfd fds[XMPP_POLLFDS_MAX];
        int n = xmpp_conn_get_pollfds(conn, fds, XMPP_POLLFDS_MAX);
        poll(fds, (nfds_t)n, xmpp_conn_get_timeout(conn));
        xmpp_conn_process(conn);
    }
    if (job->status >= 0)
        return job->status; /* how the connection ended afterwards does not change it */
    int status = account_exit_status(conn);
    return status == EX_OK ? EX_TEMPFAIL : status;
}

int main(int argc, char **argv)
{
    struct account account;
    int first = account_parse(&account, argc, argv, "JID TO [TEXT]", 1, 2);
    xmpp_conn *conn = account_new_conn(&account); /* a password on standard input comes first */
    if (!conn)
        return EX_CONFIG;
    struct job job = {.account = &account, .status = -1};
    job.message = build_message(argv[first], argv[first + 1]);
    int status = job.message ? run(&job, conn) : EX_DATAERR;
    xmpp_conn_unref(conn);
    xmpp_stanza_unref(job.message);
    return status;
}
