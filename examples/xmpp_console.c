/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scriptable client: every event and every stanza is one JSON object a line on standard output,
 * every line of standard input is a command or, with `send` and `request`, a raw stanza. Both are
 * in one poll() loop. `help` lists the commands.
 *
 *     printf '%s\n' connect 'wait online' 'message bob@example.org Hello' |
 *         XMPP_PASSWORD=… xmpp_console [options] JID
 *
 * What needs no module can be said at once; `enable all` or `enable NAME...` enables modules, and then
 * there are commands and events for the roster, presence, chats and services.
 *
 * Objects have "event": state, stanza, reply (with "request", the number of its line), error,
 * facts, stats, features, ask, writable, log and trace (with --verbose), help, with modules roster, contact,
 * resource, noted, blocked, registration and stage, and result, one for
 * each command, with "line", "code" and "name". Commands run in their order; `wait` holds back
 * those behind it, and each stanza satisfies one `wait` only, whether it came before or after.
 *
 * The exit status is that of the last session, as account_exit_status(). */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "console.h"
#include "stop.h"

enum { LINE_MAX_BYTES = 1 << 20, PIECE = 4096 };

/* Standard input, as far as it was read and not run. */
struct input {
    char *bytes;
    size_t n;
    int has_ended;
};

/* One read, which does not wait, because poll() has said that there is something: so standard
 * input, which is shared with other programs, need not be made non-blocking. */
static void read_input(struct input *input)
{
    char *bytes = realloc(input->bytes, input->n + PIECE + 1);
    if (!bytes) {
        input->has_ended = 1;
        return;
    }
    input->bytes = bytes;
    ssize_t n = read(STDIN_FILENO, bytes + input->n, PIECE);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    input->has_ended = n <= 0 || input->n > LINE_MAX_BYTES;
    input->n += n > 0 ? (size_t)n : 0;
    bytes[input->n] = '\0';
}

/* Takes a line into *ret_line, to be freed. 0: there is none yet. */
static int take_line(struct input *input, char **ret_line)
{
    if (input->n == 0)
        return 0;
    char *end = memchr(input->bytes, '\n', input->n);
    if (!end && !input->has_ended)
        return 0;
    size_t len = end ? (size_t)(end - input->bytes) : input->n;
    size_t used = end ? len + 1 : len;
    *ret_line = strndup(input->bytes, len);
    memmove(input->bytes, input->bytes + used, input->n - used);
    explicit_bzero(input->bytes + input->n - used, used); /* a password may have stood there */
    input->n -= used;
    return *ret_line != NULL;
}

static void run_lines(struct console *console, struct input *input)
{
    char *line;
    while (console->wait.kind == WAIT_NOT && !console->is_quitting && take_line(input, &line)) {
        console_run(console, line);
        explicit_bzero(line, strlen(line));
        free(line);
        console_check_wait(console);
    }
    if (input->has_ended && input->n == 0 && console->wait.kind == WAIT_NOT)
        console->is_quitting = 1;
}

static int earlier(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static void run(struct console *console, int stop_fd)
{
    struct input input = {0};
    for (;;) {
        console_check_wait(console);
        run_lines(console, &input);
        if (console->is_quitting) {
            if (xmpp_conn_get_state(console->conn) == XMPP_STATE_OFFLINE)
                break;
            xmpp_conn_disconnect(console->conn);
        }
        int wants_input = !input.has_ended && console->wait.kind == WAIT_NOT;
        struct pollfd fds[2 + XMPP_POLLFDS_MAX] = {
            {.fd = stop_fd, .events = POLLIN},
            {.fd = wants_input ? STDIN_FILENO : -1, .events = POLLIN}};
        int n = xmpp_conn_get_pollfds(console->conn, fds + 2, XMPP_POLLFDS_MAX);
        int timeout = earlier(console_check_wait(console), xmpp_conn_get_timeout(console->conn));
        if (poll(fds, (nfds_t)(2 + n), timeout) > 0) {
            if (fds[0].revents) {
                char byte;
                ssize_t ignored = read(stop_fd, &byte, 1);
                (void)ignored;
                console->is_quitting = 1;
            }
            if (fds[1].revents)
                read_input(&input);
        }
        xmpp_conn_process(console->conn);
    }
    free(input.bytes);
}

int main(int argc, char **argv)
{
    struct console console = {0};
    account_parse(&console.account, argc, argv, "JID", 0, 0);
    console.conn = account_new_conn(&console.account); /* may read a password: signals still end */
    int stop_fd = stop_init();
    if (!console.conn || stop_fd < 0)
        return EX_CONFIG;
    int result = console_register(&console);
    if (result < 0)
        fprintf(stderr, "xmpp_console: %s\n", xmpp_strerror(result));
    else
        run(&console, stop_fd);
    int status = result < 0 ? EX_UNAVAILABLE : account_exit_status(console.conn);
    xmpp_ask_unref(console.ask);
    console_forget_forms(&console);
    xmpp_conn_unref(console.conn);
    return status;
}
