/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client for a person at a terminal: the roster with presence, conversations, what the account's
 * other clients say and hear, receipts, and who is writing. One poll() waits for the terminal, the
 * signals and the connection.
 *
 * What it does not do: rooms, files, encryption from end to end; and it keeps nothing on a disk.
 *
 * It is in two halves. The model is the contacts with their lines, changed by what comes from the
 * connection and by what the person says. The view draws the model anew after each turn, and sends to
 * the terminal the rows that have changed. Presence and subscriptions are not in the model: the
 * library keeps them, and the view asks it.
 *
 * A terminal obeys what is written to it, so whoever wrote a text, it goes through put() and there
 * through text_next_cell(): what could be obeyed is shown as `?`, the end of a line as a mark. Where
 * the terminal is of another mind about a character's width only the rest of that part of a row is
 * moved: each part begins at a column of its own, and no row goes on in the next.
 *
 *     XMPP_PASSWORD=… chat [options] JID [--no-times]      /help says which keys and commands */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "text.h"

/* Bounds for what others can make us keep. */
#define LINE_MAX_BYTES    4096         /* of one message */
#define LINES_MAX         500          /* of one conversation */
#define HISTORY_MAX_BYTES (256 * 1024) /* of one conversation, too */
#define STRANGERS_MAX     50           /* conversations with who is not in the roster */
#define BREAKS_MAX        30           /* ends of lines in a message that are followed */
#define INPUT_MAX         4096

enum line_kind {
    LINE_THEIRS,
    LINE_OURS,
    LINE_NOTE, /* nobody said it: something happened */
};

/* What became of a line of ours. */
enum line_fate {
    FATE_SENT,
    FATE_RECEIVED, /* there was a receipt */
    FATE_FAILED,   /* it came back */
};

struct line {
    struct line *older, *newer;
    int kind, fate;
    int is_elsewhere; /* said or heard by another client of the account */
    int is_late;      /* it was on its way for long */
    int64_t time_ms;
    char *id; /* of the message, for its receipt; may be NULL */
    size_t n_bytes;
    char text[];
};

struct contact {
    xmpp_jid *jid; /* bare */
    char *name;    /* as the roster has it; NULL: the address is shown */
    int is_listed; /* in the roster */
    struct line *newest, *oldest;
    size_t n_lines, n_bytes;
    int64_t used_ms;
    unsigned n_unread;
    int n_scrolled; /* rows */
    int is_writing;
    char *draft;     /* what was typed, and not sent, while another one is selected */
    xmpp_chat *chat; /* where the next message goes; NULL before the first */
};

struct string {
    char *bytes;
    size_t n, room;
};

struct row {
    struct string shown, next;
};

struct client {
    struct account account;
    xmpp_conn *conn;
    int are_times_hidden, is_leaving;
    /* the model */
    xmpp_map *contacts;     /* by bare JID */
    struct contact **order; /* as they are listed */
    size_t n_order;
    int is_order_old;
    struct contact *selected; /* NULL: nobody */
    /* the person */
    char input[INPUT_MAX];
    size_t n_input, cursor;
    char key[32]; /* the bytes of one that is not complete */
    size_t n_key;
    int is_pasting, is_helping;
    char notice[512]; /* the last thing to be told */
    /* the view */
    int width, height;
    struct row *rows;
    int cursor_x, shown_x;
    struct string out; /* what the terminal has not taken yet */
    size_t n_out;
};

/* --- the terminal ------------------------------------------------------------------------------- */

/* Global, since signal handlers and exit() have to give it back. */
static struct {
    int fd, wake[2];
    struct termios before;
    volatile sig_atomic_t is_taken, is_drawn_on;
    struct sigaction crashes[NSIG]; /* what was there for them before */
} terminal = {.fd = -1};

static const int told_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};

/* The usual screen, its line discipline and cursor, from wherever we are: only what a signal handler
 * may call. What was typed and not read is thrown away, or the shell would take it for commands. */
static void terminal_give_back(void)
{
    static const char back[] = "\033[?2004l\033[?7h\033[0m\033[?25h\033[?1049l";
    if (!terminal.is_taken)
        return;
    terminal.is_taken = 0;
    size_t n = terminal.is_drawn_on ? 0 : sizeof(back) - 1;
    terminal.is_drawn_on = 0;
    for (int patience = 20; n < sizeof(back) - 1 && patience > 0; patience--) {
        ssize_t wrote = write(terminal.fd, back + n, sizeof(back) - 1 - n);
        struct pollfd room = {.fd = terminal.fd, .events = POLLOUT};
        if (wrote > 0)
            n += (size_t)wrote;
        else if (poll(&room, 1, 50) < 0 && errno != EINTR)
            break;
    }
    tcflush(terminal.fd, TCIFLUSH);
    tcsetattr(terminal.fd, TCSANOW, &terminal.before);
}

static void on_crash(int number)
{
    terminal_give_back();
    sigaction(number, &terminal.crashes[number], NULL);
    raise(number); /* when this handler has returned */
}

/* The self-pipe: nothing but write() is safe here. */
static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(terminal.wake[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

_Noreturn static void fail(const char *what)
{
    terminal_give_back();
    fprintf(stderr, "chat: %s\n", what);
    exit(EX_OSERR);
}

static void *need(void *memory)
{
    if (!memory)
        fail("out of memory");
    return memory;
}

/* The terminal is opened by its name, not taken from standard input: so it does not block here and
 * goes on blocking for whoever started us, and the password can come on standard input. */
static int terminal_open(void)
{
    terminal.fd = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (terminal.fd < 0 || pipe2(terminal.wake, O_NONBLOCK | O_CLOEXEC) < 0)
        return -1;
    if (tcgetattr(terminal.fd, &terminal.before) < 0 || atexit(terminal_give_back) != 0)
        return -1;
    struct sigaction tell = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction crash = {.sa_handler = on_crash};
    for (size_t i = 0; i < sizeof(told_signals) / sizeof(*told_signals); i++)
        sigaction(told_signals[i], &tell, NULL);
    for (size_t i = 0; i < sizeof(crash_signals) / sizeof(*crash_signals); i++)
        sigaction(crash_signals[i], &crash, &terminal.crashes[crash_signals[i]]);
    return 0;
}

/* Takes the terminal: every key comes as it is typed, unseen. */
static void terminal_take(void)
{
    if (!terminal.is_taken)
        tcgetattr(terminal.fd, &terminal.before);
    terminal.is_taken = 1;
    struct termios raw = terminal.before;
    cfmakeraw(&raw);
    tcsetattr(terminal.fd, TCSANOW, &raw);
}

/* One line from the terminal that nobody sees, before anything else is there to be seen. */
static int read_password(const char *jid, char *password, size_t size)
{
    struct termios silent = terminal.before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    dprintf(terminal.fd, "Password of %s: ", jid);
    terminal.is_taken = 1;
    tcsetattr(terminal.fd, TCSANOW, &silent);
    struct pollfd fds[] = {{.fd = terminal.fd, .events = POLLIN},
                           {.fd = terminal.wake[0], .events = POLLIN}};
    unsigned char number = SIGWINCH;
    while (number == SIGWINCH && !fds[0].revents) {
        poll(fds, 2, -1);
        if (fds[1].revents && read(terminal.wake[0], &number, 1) < 0)
            continue;
    }
    ssize_t n = number == SIGWINCH ? read(terminal.fd, password, size - 1) : -1;
    tcsetattr(terminal.fd, TCSANOW, &terminal.before);
    terminal.is_taken = 0;
    dprintf(terminal.fd, "\n");
    if (n <= 0 || password[n - 1] != '\n')
        return -1;
    password[n - 1] = '\0';
    return 0;
}

static void string_add(struct string *string, const char *bytes, size_t n)
{
    if (string->room <= string->n + n) {
        string->room = 2 * (string->n + n + 32);
        string->bytes = need(realloc(string->bytes, string->room));
    }
    memcpy(string->bytes + string->n, bytes, n);
    string->n += n;
    string->bytes[string->n] = '\0';
}

__attribute__((format(printf, 2, 3))) static void string_print(struct string *string,
                                                               const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (n > 0)
        string_add(string, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

static void drop_rows(struct client *client)
{
    for (int y = 0; y < client->height; y++) {
        free(client->rows[y].shown.bytes);
        free(client->rows[y].next.bytes);
    }
    client->height = 0;
}

/* Whatever is on the screen, it is drawn anew, in the size that it has now. */
static void screen_begin(struct client *client)
{
    struct winsize size = {.ws_row = 0};
    ioctl(terminal.fd, TIOCGWINSZ, &size);
    drop_rows(client);
    client->width = size.ws_col > 0 ? size.ws_col : 80;
    client->height = size.ws_row > 0 ? size.ws_row : 24;
    client->rows = need(realloc(client->rows, (size_t)client->height * sizeof(*client->rows)));
    memset(client->rows, 0, (size_t)client->height * sizeof(*client->rows));
    client->shown_x = -1;
    terminal_take();
    terminal.is_drawn_on = 1;
    /* the other screen; no wrapping at its edge; what is pasted is marked; cleared */
    string_print(&client->out, "\033[?1049h\033[?7l\033[?2004h\033[0m\033[2J");
}

/* --- the model ---------------------------------------------------------------------------------- */

/* The last thing to be told, for the status row. */
static void tell(struct client *client, const char *what, const char *detail)
{
    snprintf(client->notice, sizeof(client->notice), "%s%s%.300s", what, detail ? ": " : "",
             detail ? detail : "");
}

/* What a call returned, which is told if it failed. */
static int told(struct client *client, const char *what, int result)
{
    if (result < 0)
        tell(client, what, xmpp_strerror(result));
    return result;
}

static const char *shown_name(const struct contact *contact)
{
    return contact->name ? contact->name : xmpp_jid_get_text(contact->jid);
}

static void line_drop_oldest(struct contact *contact)
{
    struct line *line = contact->oldest;
    contact->oldest = line->newer;
    if (contact->oldest)
        contact->oldest->older = NULL;
    else
        contact->newest = NULL;
    contact->n_lines--;
    contact->n_bytes -= line->n_bytes;
    free(line->id);
    free(line);
}

/* A line at the end of a conversation. What is too long of it is cut. */
static struct line *line_add(struct client *client, struct contact *contact, int kind,
                             const char *text)
{
    size_t n = strnlen(text, LINE_MAX_BYTES);
    int is_cut = text[n] != '\0';
    while (is_cut && n > 0 && (text[n] & 0xC0) == 0x80)
        n--;
    const char *tail = is_cut ? "\u2026" : "";
    size_t n_bytes = sizeof(struct line) + n + strlen(tail) + 1;
    struct line *line = need(calloc(1, n_bytes));
    memcpy(line->text, text, n);
    memcpy(line->text + n, tail, strlen(tail));
    int n_breaks = 0;
    for (char *c = line->text; *c; c++) {
        if (*c == '\n' && ++n_breaks > BREAKS_MAX)
            *c = ' ';
    }
    line->kind = kind;
    line->n_bytes = n_bytes;
    line->time_ms = contact->used_ms = xmpp_time_now();
    line->older = contact->newest;
    *(contact->newest ? &contact->newest->newer : &contact->oldest) = line;
    contact->newest = line;
    contact->n_lines++;
    contact->n_bytes += n_bytes;
    while (contact->n_lines > LINES_MAX || contact->n_bytes > HISTORY_MAX_BYTES)
        line_drop_oldest(contact);
    contact->n_unread += contact != client->selected && kind != LINE_OURS;
    return line;
}

static struct line *line_find(struct contact *contact, const char *id)
{
    struct line *line = contact->newest;
    while (line && !(line->kind == LINE_OURS && line->id && strcmp(line->id, id) == 0))
        line = line->older;
    return line;
}

static void contact_free(void *userdata)
{
    struct contact *contact = userdata;
    while (contact->oldest)
        line_drop_oldest(contact);
    xmpp_chat_unref(contact->chat);
    xmpp_jid_unref(contact->jid);
    free(contact->name);
    free(contact->draft);
    free(contact);
}

/* What the roster says of a contact. */
static void contact_refresh(struct client *client, struct contact *contact)
{
    const xmpp_roster_item *item = xmpp_roster_find(client->conn, contact->jid);
    const char *name = xmpp_roster_item_get_name(item);
    free(contact->name);
    contact->name = name ? need(strdup(name)) : NULL;
    contact->is_listed = item != NULL;
    client->is_order_old = 1;
}

static void contact_forget(struct client *client, struct contact *contact)
{
    if (contact->chat)
        xmpp_chat_close(client->conn, contact->chat);
    client->is_order_old = 1;
    contact_free(xmpp_map_take(client->contacts, xmpp_jid_get_text(contact->jid)));
}

/* It is out of the roster: it stays as long as there is something to be seen. */
static void contact_drop(struct client *client, struct contact *contact)
{
    contact_refresh(client, contact);
    if (!contact->oldest && !contact->draft && contact != client->selected)
        contact_forget(client, contact);
}

/* Of too many strangers the one that was silent longest is forgotten. */
static void forget_a_stranger(struct client *client)
{
    struct contact *oldest = NULL, *contact;
    int n_strangers = 0;
    for (size_t i = 0; (contact = xmpp_map_get_value_at(client->contacts, i)); i++) {
        n_strangers += !contact->is_listed;
        if (!contact->is_listed && contact != client->selected &&
            (!oldest || contact->used_ms < oldest->used_ms))
            oldest = contact;
    }
    if (n_strangers >= STRANGERS_MAX && oldest)
        contact_forget(client, oldest);
}

static struct contact *contact_find(const struct client *client, const xmpp_jid *jid)
{
    return jid ? xmpp_map_get(client->contacts, xmpp_jid_get_bare_text(jid)) : NULL;
}

/* The contact with this address, who may be somebody new. */
static struct contact *contact_get(struct client *client, const xmpp_jid *jid)
{
    struct contact *contact = contact_find(client, jid);
    if (contact)
        return contact;
    if (!xmpp_roster_find(client->conn, jid))
        forget_a_stranger(client);
    contact = need(calloc(1, sizeof(*contact)));
    contact->used_ms = xmpp_time_now();
    if (xmpp_jid_get_bare(jid, &contact->jid) < 0 ||
        xmpp_map_set(client->contacts, xmpp_jid_get_text(contact->jid), contact) < 0)
        fail("out of memory");
    contact_refresh(client, contact);
    return contact;
}

/* Those in the roster first, then by name. */
static int compare_contacts(const void *a, const void *b)
{
    const struct contact *one = *(struct contact *const *)a, *other = *(struct contact *const *)b;
    if (one->is_listed != other->is_listed)
        return other->is_listed - one->is_listed;
    int order = strcasecmp(shown_name(one), shown_name(other));
    return order != 0 ? order : xmpp_jid_compare(one->jid, other->jid);
}

static void put_in_order(struct client *client)
{
    if (!client->is_order_old)
        return;
    client->n_order = xmpp_map_get_size(client->contacts);
    client->order = need(realloc(client->order, (client->n_order + 1) * sizeof(*client->order)));
    for (size_t i = 0; i < client->n_order; i++)
        client->order[i] = xmpp_map_get_value_at(client->contacts, i);
    qsort(client->order, client->n_order, sizeof(*client->order), compare_contacts);
    client->is_order_old = 0;
}

static size_t place_of(const struct client *client, const struct contact *contact)
{
    size_t i = 0;
    while (i < client->n_order && client->order[i] != contact)
        i++;
    return i;
}

/* --- what comes --------------------------------------------------------------------------------- */

/* When it was said. By the word of somebody, which decides how it is shown, and nothing else. */
static void set_time(struct line *line, const xmpp_stanza *stanza, const xmpp_stanza *message)
{
    int64_t ms;
    if (xmpp_delay_get(message, &ms, NULL) < 0 && xmpp_carbon_get_time(stanza, &ms) < 0)
        return;
    line->is_late = line->time_ms - ms > 60 * 1000 || ms - line->time_ms > 60 * 1000;
    line->time_ms = ms;
}

static void on_returned(struct client *client, const xmpp_stanza *message)
{
    const char *id = xmpp_stanza_get_id(message);
    const char *text = xmpp_stanza_error_get_text(message, NULL);
    const char *name = xmpp_stanza_error_get_condition_name(message);
    struct contact *contact = contact_find(client, xmpp_stanza_get_from(message));
    struct line *line = contact && id ? line_find(contact, id) : NULL;
    if (!line)
        return; /* nothing that we remember */
    line->fate = FATE_FAILED;
    struct string reason = {.n = 0};
    string_print(&reason, "not delivered: %s%s%s", name ? name : "it is not said why",
                 text ? ": " : "", text ? text : "");
    line_add(client, contact, LINE_NOTE, reason.bytes);
    free(reason.bytes);
}

/* A message in a conversation, to us or (is_ours) from another client of the account. */
static void on_said(struct client *client, struct contact *contact, const xmpp_stanza *stanza,
                    const xmpp_stanza *message, int is_ours)
{
    struct line *line = line_add(client, contact, is_ours ? LINE_OURS : LINE_THEIRS,
                                 xmpp_message_get_body(message, NULL));
    const char *id = xmpp_stanza_get_id(message);
    line->id = id ? need(strdup(id)) : NULL;
    line->is_elsewhere = stanza != message;
    set_time(line, stanza, message);
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    struct client *client = userdata;
    int direction = xmpp_carbon_get_direction(stanza);
    const xmpp_stanza *message =
        direction == XMPP_CARBON_NONE ? stanza : xmpp_carbon_get_message(stanza);
    int is_ours = direction == XMPP_CARBON_SENT;
    const xmpp_jid *peer = is_ours ? xmpp_stanza_get_to(message) : xmpp_stanza_get_from(message);
    int type = xmpp_message_get_type(message);
    if (!peer) /* the own account */
        peer = xmpp_conn_get_bound_jid(conn);
    if (type == XMPP_MESSAGE_GROUPCHAT)
        return 0;
    if (type == XMPP_MESSAGE_ERROR) {
        on_returned(client, message);
        return 1;
    }
    struct contact *contact = contact_find(client, peer);
    const char *receipt = xmpp_receipt_get_id(message);
    struct line *line = contact && receipt ? line_find(contact, receipt) : NULL;
    if (line)
        line->fate = FATE_RECEIVED;
    const char *body = xmpp_message_get_body(message, NULL);
    int state = xmpp_chat_state_get(message);
    if (contact && !is_ours && (body || state != XMPP_CHAT_STATE_NONE))
        contact->is_writing = state == XMPP_CHAT_STATE_COMPOSING;
    if (body)
        on_said(client, contact_get(client, peer), stanza, message, is_ours);
    return 1;
}

static void on_resource(xmpp_conn *conn, int event, const xmpp_resource *resource,
                        const xmpp_stanza *presence, void *userdata)
{
    struct contact *contact = contact_find(userdata, xmpp_resource_get_jid(resource));
    (void)conn;
    (void)presence;
    if (contact && event == XMPP_RESOURCE_LEFT)
        contact->is_writing = 0;
}

static void on_roster(xmpp_conn *conn, const xmpp_roster_event *event, void *userdata)
{
    static const char *const notes[] = {
        /* the name and the text that a stranger gives with it are left away: it can say anything */
        [XMPP_ROSTER_EVENT_REQUEST] = "asks to see your presence: /accept or /deny",
        [XMPP_ROSTER_EVENT_REQUEST_OVER] = "no longer asks to see your presence",
        [XMPP_ROSTER_EVENT_GRANTED] = "lets you see its presence",
        [XMPP_ROSTER_EVENT_REFUSED] = "does not let you see its presence",
        [XMPP_ROSTER_EVENT_REVOKED] = "lets you see its presence no more",
        [XMPP_ROSTER_EVENT_LEFT] = "wants to see your presence no more",
    };
    struct client *client = userdata;
    const xmpp_jid *jid = xmpp_roster_event_get_jid(event);
    int type = xmpp_roster_event_get_type(event);
    struct contact *contact = contact_find(client, jid);
    (void)conn;
    if (type == XMPP_ROSTER_EVENT_FAILED || type == XMPP_ROSTER_EVENT_FULL)
        tell(client, "the roster is not as it is at the server",
             type == XMPP_ROSTER_EVENT_FULL ? "there is too much"
                                            : xmpp_strerror(xmpp_roster_event_get_error(event)));
    else if (type == XMPP_ROSTER_EVENT_ADDED || type == XMPP_ROSTER_EVENT_CHANGED)
        contact_refresh(client, contact_get(client, jid));
    else if (type == XMPP_ROSTER_EVENT_REMOVED && contact)
        contact_drop(client, contact);
    else if ((size_t)type < sizeof(notes) / sizeof(*notes) && notes[type])
        line_add(client, contact_get(client, jid), LINE_NOTE, notes[type]);
}

static void on_carbons(xmpp_conn *conn, int state, int error, const xmpp_stanza *answer,
                       void *userdata)
{
    (void)conn;
    (void)answer;
    if (state == XMPP_CARBONS_REFUSED)
        told(userdata, "what your other clients say is not seen here", error);
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct client *client = userdata;
    (void)conn;
    if (state == XMPP_STATE_ONLINE)
        client->notice[0] = '\0';
}

static void on_answer(xmpp_conn *conn, int error, const xmpp_stanza *answer, void *userdata)
{
    (void)conn;
    const char *name = xmpp_stanza_error_get_condition_name(answer);
    if (error == XMPP_E_REMOTE)
        tell(userdata, "the server refused", name);
    else
        told(userdata, "the server", error);
}

/* --- what the person does ----------------------------------------------------------------------- */

/* The conversation with somebody, which knows where its next message goes. */
static xmpp_chat *chat_with(struct client *client, struct contact *contact)
{
    if (!contact->chat)
        told(client, "chat", xmpp_chat_open(client->conn, contact->jid, &contact->chat));
    return contact->chat;
}

/* 0, or the text was not sent and has to stay where it was. */
static int say(struct client *client, struct contact *contact, const char *text)
{
    if (xmpp_conn_get_state(client->conn) != XMPP_STATE_ONLINE) {
        tell(client, "not online: this was not sent", NULL);
        return -1;
    }
    xmpp_chat *chat = chat_with(client, contact);
    if (!chat)
        return -1;
    xmpp_stanza *message = xmpp_chat_new_message(chat);
    xmpp_message_add_body(message, NULL, text);
    int result = xmpp_receipt_request(message);
    if (result == 0)
        result = xmpp_conn_send(client->conn, message);
    if (result == 0) {
        struct line *line = line_add(client, contact, LINE_OURS, text);
        line->id = need(strdup(xmpp_stanza_get_id(message)));
        contact->n_scrolled = 0;
    }
    xmpp_stanza_unref(message);
    return told(client, "not sent", result);
}

/* Tells the selected contact that we write, or have stopped: if it wants to know, and may. */
static void tell_writing(struct client *client, int state)
{
    struct contact *contact = client->selected;
    if (!contact || !contact->chat || client->input[0] == '/' ||
        !xmpp_presence_may_see(client->conn, xmpp_chat_get_to(contact->chat)))
        return;
    xmpp_chat_state_send(client->conn, xmpp_chat_get_to(contact->chat), XMPP_MESSAGE_CHAT, state,
                         xmpp_chat_get_thread(contact->chat));
}

static void set_input(struct client *client, const char *text)
{
    client->n_input = client->cursor = text ? strlen(text) : 0;
    memcpy(client->input, text ? text : "", client->n_input + 1);
}

/* What was typed stays with whom it was typed for. */
static void select_contact(struct client *client, struct contact *contact)
{
    struct contact *left = client->selected;
    if (contact == left)
        return;
    if (left && client->n_input > 0) {
        left->draft = need(strdup(client->input));
        tell_writing(client, XMPP_CHAT_STATE_PAUSED);
    }
    client->selected = contact;
    contact->n_unread = 0;
    set_input(client, contact->draft);
    free(contact->draft);
    contact->draft = NULL;
}

/* Cuts the first word off: the rest. */
static char *cut_word(char *text)
{
    char *rest = text + strcspn(text, " ");
    if (*rest)
        *rest++ = '\0';
    return rest + strspn(rest, " ");
}

static void do_status(struct client *client, char *text)
{
    static const char *const shows[] = {"online", "chat", "away", "dnd", "xa"}; /* as the enum */
    char *status = cut_word(text);
    int show = XMPP_SHOW_ONLINE;
    while (show <= XMPP_SHOW_XA && strcmp(text, shows[show]) != 0)
        show++;
    if (show > XMPP_SHOW_XA) {
        tell(client, "/status online, chat, away, dnd or xa, and perhaps a text", NULL);
        return;
    }
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    xmpp_presence_set_show(presence, show);
    if (*status)
        xmpp_presence_set_status(presence, NULL, status);
    told(client, "/status", xmpp_presence_set_own(client->conn, presence));
    xmpp_stanza_unref(presence);
}

static void leave(struct client *client)
{
    client->is_leaving++;
    xmpp_conn_disconnect(client->conn);
}

static void retry(struct client *client)
{
    told(client, "/retry", xmpp_conn_network_changed(client->conn));
}

enum { ADD, REMOVE, ACCEPT, DENY, TALK, STATUS, RETRY, QUIT, HELP };
static const struct command {
    int what;
    const char *name, *arguments, *help;
} commands[] = {
    {ADD, "add", "[JID [NAME]]", "to the roster, and asks to see it"},
    {REMOVE, "remove", "[JID]", "out of the roster"},
    {ACCEPT, "accept", "[JID]", "lets who asked see your presence"},
    {DENY, "deny", "[JID]", "does not, or no more"},
    {TALK, "talk", "JID", "with who is not in the roster"},
    {STATUS, "status", "SHOW [TEXT]", "online, chat, away, dnd or xa"},
    {RETRY, "retry", "", "connects now; also Ctrl-R"},
    {QUIT, "quit", "", "also Ctrl-C"},
    {HELP, "help", "", "this"},
};
#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

/* Those that are about somebody. */
static void do_with(struct client *client, int what, const xmpp_jid *jid, char *name)
{
    xmpp_conn *conn = client->conn;
    int result = 0;
    switch (what) {
    case ADD:
        if (!xmpp_roster_find(conn, jid))
            result = xmpp_roster_set(conn, NULL, jid, name, NULL, 0, on_answer, client, NULL);
        else if (*name)
            result = xmpp_roster_rename(conn, NULL, jid, name, on_answer, client, NULL);
        if (result == 0)
            result = xmpp_roster_subscribe(conn, jid, NULL, NULL);
        /* fall through */
    case TALK:
        select_contact(client, contact_get(client, jid));
        break;
    case REMOVE:
        result = xmpp_roster_remove(conn, NULL, jid, on_answer, client, NULL);
        break;
    case ACCEPT:
        if ((result = xmpp_roster_approve(conn, jid)) == 0)
            tell(client, "there is no request", NULL);
        break;
    default:
        if ((result = xmpp_roster_deny(conn, jid)) == 0)
            tell(client, "there is no request, and nothing to take back", NULL);
    }
    told(client, "that did not work", result);
}

static void do_command(struct client *client, int what, char *arguments)
{
    xmpp_jid *jid = NULL;
    switch (what) {
    case STATUS:
        do_status(client, arguments);
        break;
    case RETRY:
        retry(client);
        break;
    case QUIT:
        leave(client);
        break;
    case HELP:
        client->is_helping = 1;
        break;
    default: /* with the address that is given, or the selected contact's */
        if (*arguments == '\0' && !client->selected) {
            tell(client, "nobody is selected", NULL);
            return;
        }
        char *name = cut_word(arguments);
        if (*arguments == '\0')
            jid = xmpp_jid_ref(client->selected->jid);
        else if (told(client, arguments, xmpp_jid_parse(&jid, arguments)) < 0)
            return;
        do_with(client, what, jid, name);
        xmpp_jid_unref(jid);
    }
}

static void run_command(struct client *client)
{
    char text[INPUT_MAX];
    memcpy(text, client->input + 1, client->n_input);
    set_input(client, NULL);
    char *arguments = cut_word(text);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(text, commands[i].name) == 0) {
            do_command(client, commands[i].what, arguments);
            return;
        }
    }
    tell(client, "/help says what there is, but not", text);
}

/* --- keys --------------------------------------------------------------------------------------- */

static void press_enter(struct client *client)
{
    client->notice[0] = '\0';
    if (client->n_input == 0)
        return;
    if (client->input[0] == '/' && client->input[1] != '/') {
        run_command(client);
        return;
    }
    if (!client->selected)
        tell(client, "nobody is selected: /talk JID or /add JID", NULL);
    else if (say(client, client->selected, client->input + (client->input[0] == '/')) == 0)
        set_input(client, NULL);
}

static void insert(struct client *client, const char *bytes, size_t n)
{
    if (client->n_input + n >= INPUT_MAX) {
        tell(client, "that is too long for one message", NULL);
        return;
    }
    char *at = client->input + client->cursor;
    memmove(at + n, at, client->n_input - client->cursor + 1);
    memcpy(at, bytes, n);
    client->n_input += n;
    client->cursor += n;
}

static void cut(struct client *client, size_t from, size_t to)
{
    memmove(client->input + from, client->input + to, client->n_input - to + 1);
    client->n_input -= to - from;
    client->cursor = from;
}

/* Where the cell in front of the cursor begins. */
static size_t previous(const struct client *client)
{
    const char *at = client->input, *before = at;
    struct text_cell cell;
    while (at < client->input + client->cursor) {
        before = at;
        text_next_cell(&at, &cell);
    }
    return (size_t)(before - client->input);
}

static size_t following(const struct client *client)
{
    const char *at = client->input + client->cursor;
    struct text_cell cell;
    text_next_cell(&at, &cell);
    return (size_t)(at - client->input);
}

static void step(struct client *client, size_t by)
{
    put_in_order(client);
    size_t place = place_of(client, client->selected), n = client->n_order;
    if (n > 0)
        select_contact(client, client->order[place == n ? 0 : (place + by) % n]);
}

static void scroll(struct client *client, int pages)
{
    int page = client->height > 4 ? client->height - 4 : 1;
    if (client->selected)
        client->selected->n_scrolled += pages * page; /* draw_lines() knows the bounds */
}

static void suspend(struct client *client)
{
    struct sigaction usual = {.sa_handler = SIG_DFL}, ours;
    terminal_give_back();
    sigaction(SIGTSTP, &usual, &ours);
    raise(SIGTSTP); /* returns when the shell lets us go on, at once if there is none to do so */
    sigaction(SIGTSTP, &ours, NULL);
    screen_begin(client);
}

enum { PAGE_UP = 0x100, PAGE_DOWN, BEGIN_PASTE, END_PASTE }; /* which no control character is */

/* The keys that send more than a character, and the control characters that do the same. */
static const struct {
    const char *bytes;
    int key;
} long_keys[] = {
    {"[A", CTRL('P')},  {"[B", CTRL('N')},  {"[C", CTRL('F')},      {"[D", CTRL('B')},
    {"[Z", CTRL('P')},  {"[H", CTRL('A')},  {"[F", CTRL('E')},      {"[1~", CTRL('A')},
    {"[4~", CTRL('E')}, {"[3~", CTRL('D')}, {"[5~", PAGE_UP},       {"[6~", PAGE_DOWN},
    {"OA", CTRL('P')},  {"OB", CTRL('N')},  {"OC", CTRL('F')},      {"OD", CTRL('B')},
    {"OH", CTRL('A')},  {"OF", CTRL('E')},  {"[200~", BEGIN_PASTE}, {"[201~", END_PASTE},
};

static void press_control(struct client *client, int key)
{
    switch (key) {
    case CTRL('A'):
        client->cursor = 0;
        break;
    case CTRL('B'):
        client->cursor = previous(client);
        break;
    case CTRL('C'):
        leave(client);
        break;
    case CTRL('D'):
        cut(client, client->cursor, following(client));
        break;
    case CTRL('E'):
        client->cursor = client->n_input;
        break;
    case CTRL('F'):
        client->cursor = following(client);
        break;
    case CTRL('H'):
        cut(client, previous(client), client->cursor);
        break;
    case '\r':
        press_enter(client);
        break;
    case CTRL('K'):
        cut(client, client->cursor, client->n_input);
        break;
    case CTRL('L'):
        screen_begin(client);
        break;
    case '\t':
    case CTRL('N'):
        step(client, 1);
        break;
    case CTRL('P'):
        step(client, client->n_order > 0 ? client->n_order - 1 : 0);
        break;
    case CTRL('R'):
        retry(client);
        break;
    case CTRL('U'):
        cut(client, 0, client->cursor);
        break;
    case PAGE_UP:
        scroll(client, 1);
        break;
    case PAGE_DOWN:
        scroll(client, -1);
        break;
    case CTRL('Z'):
        suspend(client);
        break;
    case BEGIN_PASTE:
        client->is_pasting = 1;
        break;
    default:
        break;
    }
}

/* How many of the bytes are one key; 0 if more have to come. */
static size_t key_length(const char *bytes, size_t n)
{
    unsigned char first = (unsigned char)bytes[0];
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (first == 0x1B)
        length = n > 1 && bytes[1] == 'O' ? 3 : 2;
    if (first == 0x1B && n > 1 && bytes[1] == '[') { /* up to a letter or a tilde */
        for (length = 2; length < n && (bytes[length] < 0x40 || bytes[length] > 0x7E); length++)
            ;
        length++;
    }
    return n < length ? 0 : length;
}

static void press_key(struct client *client, const char *bytes, size_t n)
{
    int key = bytes[0] == 0x7F ? CTRL('H') : (unsigned char)bytes[0];
    for (size_t i = 0; key == '\033' && i < sizeof(long_keys) / sizeof(*long_keys); i++) {
        if (strlen(long_keys[i].bytes) == n - 1 &&
            memcmp(bytes + 1, long_keys[i].bytes, n - 1) == 0)
            key = long_keys[i].key;
    }
    client->is_helping = 0;
    if (key >= ' ' && key <= 0xFF)
        insert(client, bytes, n);
    else if (key == END_PASTE)
        client->is_pasting = 0;
    else if (!client->is_pasting)
        press_control(client, key);
    else if (key == '\t' || key == '\r' || key == '\n') /* what is pasted presses no key */
        insert(client, key == '\t' ? "\t" : "\n", 1);
}

static void take_bytes(struct client *client, const char *bytes, size_t n)
{
    const struct contact *before = client->selected;
    size_t n_before = client->n_input;
    for (size_t i = 0; i < n; i++) {
        client->key[client->n_key++] = bytes[i];
        size_t length = key_length(client->key, client->n_key);
        if (length > 0)
            press_key(client, client->key, length);
        if (length > 0 || client->n_key == sizeof(client->key) - 1)
            client->n_key = 0;
    }
    if (client->n_input != n_before && client->selected == before)
        tell_writing(client,
                     client->n_input > 0 ? XMPP_CHAT_STATE_COMPOSING : XMPP_CHAT_STATE_ACTIVE);
}

/* --- the view: rows ----------------------------------------------------------------------------- */

/* The only way of a text to the screen: on row y, from column x on, in a style (the parameters of
 * SGR), no wider than room. The columns that it took. */
static int put(struct client *client, int y, int x, int room, const char *style, const char *text,
               const char *end)
{
    int used = 0;
    struct text_cell cell;
    if (y < 0 || y >= client->height || room <= 0)
        return 0;
    struct string *row = &client->rows[y].next;
    string_print(row, "\033[%dG\033[%sm", x + 1, style);
    while (text < end && text_next_cell(&text, &cell) && used + cell.width <= room) {
        string_add(row, cell.bytes, cell.n);
        used += cell.width;
    }
    string_print(row, "\033[0m");
    return used;
}

static int put_text(struct client *client, int y, int x, int room, const char *style,
                    const char *text)
{
    return put(client, y, x, room, style, text, text + strlen(text));
}

/* A bar: the background of a row. */
static void put_bar(struct client *client, int y, int x, int room, const char *style)
{
    static const char blanks[] = "                                ";
    for (int n; room > 0; x += n, room -= n) {
        if ((n = put_text(client, y, x, room, style, blanks)) == 0)
            return;
    }
}

/* Sends the rows that are not as they are shown. */
static void screen_show(struct client *client)
{
    struct string *out = &client->out;
    size_t n_before = out->n;
    for (int y = 0; y < client->height; y++) {
        struct row *row = &client->rows[y];
        if (row->next.n != row->shown.n ||
            (row->next.n > 0 && memcmp(row->next.bytes, row->shown.bytes, row->next.n) != 0)) {
            string_print(out, "%s\033[%d;1H\033[2K", out->n == n_before ? "\033[?25l" : "", y + 1);
            string_add(out, row->next.bytes ? row->next.bytes : "", row->next.n);
        }
        struct string shown = row->shown;
        row->shown = row->next;
        row->next = shown;
        row->next.n = 0;
    }
    if (out->n != n_before || client->cursor_x != client->shown_x)
        string_print(out, "\033[%d;%dH\033[?25h", client->height, client->cursor_x + 1);
    client->shown_x = client->cursor_x;
}

/* Gives the terminal what it takes now. -1: there is none any more. */
static int screen_write(struct client *client)
{
    struct string *out = &client->out;
    while (client->n_out < out->n) {
        ssize_t n = write(terminal.fd, out->bytes + client->n_out, out->n - client->n_out);
        if (n < 0 && errno != EINTR)
            return errno == EAGAIN ? 0 : -1;
        client->n_out += n > 0 ? (size_t)n : 0;
    }
    out->n = client->n_out = 0;
    return 0;
}

/* --- the view: what is where -------------------------------------------------------------------- */

#define DIM    "2"
#define BAR    "7"
#define BOLD   "1"
#define OURS   "36"
#define NORMAL "0"

static const struct {
    const char *mark, *style, *words;
} presences[] = {
    /* in the order of enum xmpp_show */
    {"\u25cf", "32", "online"},
    {"\u25cf", "1;32", "wants to talk"},
    {"\u25cb", "33", "away"},
    {"\u2298", "31", "is not to be disturbed"},
    {"\u25cb", "2;33", "away for long"},
};

static int is_asking_us(const struct client *client, const struct contact *contact)
{
    int state = xmpp_roster_get_state(client->conn, contact->jid);
    return state == XMPP_SUBSCRIPTION_STATE_NONE_IN ||
           state == XMPP_SUBSCRIPTION_STATE_NONE_OUT_IN || state == XMPP_SUBSCRIPTION_STATE_TO_IN;
}

static void draw_roster(struct client *client, int width, int height)
{
    size_t place = place_of(client, client->selected), page = height > 0 ? (size_t)height : 1;
    size_t first = place < client->n_order ? place / page * page : 0;
    for (int y = 0; y < height; y++)
        put_text(client, y, width, 1, DIM, "\u2502");
    for (int y = 0; y < height && first + (size_t)y < client->n_order; y++) {
        const struct contact *contact = client->order[first + (size_t)y];
        const xmpp_resource *best = xmpp_presence_get_best(client->conn, contact->jid);
        const char *mark = " ", *mark_style = NORMAL;
        const char *style = contact == client->selected ? BAR : contact->is_listed ? NORMAL : DIM;
        if (best) {
            int show = xmpp_presence_get_show(xmpp_resource_get_presence(best));
            mark = presences[show].mark;
            mark_style = presences[show].style;
        }
        int is_asking = is_asking_us(client, contact);
        put_text(client, y, 0, 1, is_asking ? "1;33" : mark_style, is_asking ? "?" : mark);
        if (contact == client->selected)
            put_bar(client, y, 2, width - 2, style);
        char unread[16] = "";
        if (contact->n_unread > 0)
            snprintf(unread, sizeof(unread), " %u", contact->n_unread);
        int n = (int)strlen(unread);
        put_text(client, y, 2, width - 2 - n, style, shown_name(contact));
        put_text(client, y, width - n, n, BOLD, unread);
    }
}

static void draw_heading(struct client *client, int x, int width)
{
    const struct contact *contact = client->selected;
    const xmpp_resource *best = xmpp_presence_get_best(client->conn, contact->jid);
    const xmpp_stanza *presence = xmpp_resource_get_presence(best);
    const char *status = xmpp_presence_get_status(presence, NULL);
    struct string text = {.n = 0};
    if (contact->name)
        string_print(&text, "%s, ", contact->name);
    string_print(&text, "%s: ", xmpp_jid_get_text(contact->jid));
    string_print(&text, "%s%s",
                 best ? presences[xmpp_presence_get_show(presence)].words : "offline",
                 contact->is_listed ? "" : ", not in the roster");
    if (status)
        string_print(&text, ", %s", status);
    put_text(client, 0, x, width, BOLD, text.bytes);
    free(text.bytes);
}

/* "10:31 ", or with the day if it was another one. */
static void add_time(const struct client *client, const struct line *line, struct string *text)
{
    time_t now = time(NULL), at = (time_t)(line->time_ms / 1000);
    struct tm today, then;
    char shown[64];
    if ((client->are_times_hidden && !line->is_late) || !localtime_r(&now, &today) ||
        !localtime_r(&at, &then))
        return;
    int is_today = then.tm_year == today.tm_year && then.tm_yday == today.tm_yday;
    if (strftime(shown, sizeof(shown), is_today ? "%H:%M " : "%Y-%m-%d %H:%M ", &then) > 0)
        string_print(text, "%s", shown);
}

/* A line as it is shown; where the text of it begins. */
static size_t lay_out(const struct client *client, const struct contact *contact,
                      const struct line *line, struct string *text)
{
    static const char *const fates[] = {"\u00b7", "\u2713", "\u2717"}; /* in the enum's order */
    text->n = 0;
    add_time(client, line, text);
    if (line->kind == LINE_NOTE)
        string_print(text, "-- ");
    else
        string_print(text, "%s %s%s: ", line->kind == LINE_OURS ? fates[line->fate] : " ",
                     line->kind == LINE_OURS ? "me" : shown_name(contact),
                     line->is_elsewhere ? ", elsewhere" : "");
    size_t n = text->n;
    string_add(text, line->text, strlen(line->text));
    return n;
}

/* One line, from the row above y_end upwards, to the row top at most, `*skip` rows of it left away:
 * the row where it begins. */
static int draw_line(struct client *client, const struct line *line, int top, int y_end, int x,
                     int width, int *skip)
{
    static const char *const styles[] = {NORMAL, OURS, DIM}; /* in the order of enum line_kind */
    const char *ends[LINE_MAX_BYTES + 2048];                 /* a row has at least a byte */
    struct string text = {.n = 0};
    size_t begin = lay_out(client, client->selected, line, &text);
    int indent = text_width(text.bytes, text.bytes + begin);
    if (indent > width / 3)
        indent = width / 3;
    int n = 0;
    for (const char *at = text.bytes; *at && n < (int)(sizeof(ends) / sizeof(*ends)); n++)
        at = ends[n] = text_row_end(at, text.bytes + begin, n == 0 ? width : width - indent);
    for (; n > 0 && y_end > top; n--) {
        if (*skip > 0) {
            --*skip;
            continue;
        }
        put(client, --y_end, n > 1 ? x + indent : x, n > 1 ? width - indent : width,
            styles[line->kind], n > 1 ? ends[n - 2] : text.bytes, ends[n - 1]);
    }
    free(text.bytes);
    return y_end;
}

/* The end of the conversation at the bottom, or what is further up, but never beyond its beginning. */
static void draw_lines(struct client *client, int top, int height, int x, int width)
{
    struct contact *contact = client->selected;
    if (height <= 0)
        return;
    if (contact->n_scrolled < 0)
        contact->n_scrolled = 0;
    int skip = contact->n_scrolled, y = top + height;
    for (const struct line *line = contact->newest; line && y > top; line = line->older)
        y = draw_line(client, line, top, y, x, width, &skip);
    int too_far = skip + y - top;
    if (too_far == 0 || contact->n_scrolled == 0)
        return;
    contact->n_scrolled -= too_far < contact->n_scrolled ? too_far : contact->n_scrolled;
    for (int row = top; row < top + height; row++)
        client->rows[row].next.n = 0;
    draw_lines(client, top, height, x, width);
}

static void draw_help(struct client *client, int x, int width, int height)
{
    static const char *const keys[] = {
        "Tab, Shift-Tab, Up, Down   the next contact, the one before",
        "PgUp, PgDn                 back in what was said, and forth",
        "Ctrl-A, E, U, K, L, Z      as in a shell",
        "//                         begins a text with a slash",
        "\u00b7 sent   \u2713 arrived   \u2717 came back",
    };
    char text[128];
    int y = 0;
    for (size_t i = 0; i < N_COMMANDS && y < height; i++) {
        snprintf(text, sizeof(text), "/%-7s%-13s %s", commands[i].name, commands[i].arguments,
                 commands[i].help);
        put_text(client, y++, x, width, NORMAL, text);
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys) && y < height; i++)
        put_text(client, y++, x, width, DIM, keys[i]);
}

static void draw_status(struct client *client, int y)
{
    static const char *const states[] = {
        /* in the order of enum xmpp_state */
        "offline",         "looking for the server",
        "connecting",      "opening",
        "securing",        "logging in",
        "binding",         "online",
        "saying good-bye", "waiting",
    };
    const struct contact *contact = client->selected;
    const xmpp_error *error = xmpp_conn_get_error(client->conn);
    int state = xmpp_conn_get_state(client->conn);
    unsigned n_unread = 0;
    struct string text = {.n = 0};
    for (size_t i = 0; i < client->n_order; i++)
        n_unread += client->order[i]->n_unread;
    string_print(&text, " %s", state >= 0 && state <= XMPP_STATE_WAITING ? states[state] : "");
    if (state == XMPP_STATE_WAITING && !client->are_times_hidden)
        string_print(&text, " %d s", (int)(xmpp_conn_get_retry_in(client->conn) / 1000) + 1);
    if (client->notice[0])
        string_print(&text, " | %s", client->notice);
    if (contact && contact->is_writing)
        string_print(&text, " | %s is writing", shown_name(contact));
    if (contact && contact->n_scrolled > 0)
        string_print(&text, " | PgDn for more");
    if (n_unread > 0)
        string_print(&text, " | %u new", n_unread);
    string_print(&text, " | %s", xmpp_jid_get_bare_text(xmpp_conn_get_jid(client->conn)));
    if (state != XMPP_STATE_ONLINE && xmpp_error_get_code(error) != 0)
        string_print(&text, " | %s", xmpp_error_get_message(error));
    put_bar(client, y, 0, client->width, BAR);
    put_text(client, y, 0, client->width, BAR, text.bytes);
    free(text.bytes);
}

/* Whom it is for, and what is typed: as much of it as leaves room for the cursor. */
static void draw_input(struct client *client, int y)
{
    const char *name = client->selected ? shown_name(client->selected) : "";
    const char *at = client->input, *cursor = client->input + client->cursor;
    struct text_cell cell;
    int x = put_text(client, y, 0, client->width / 3, BOLD, name);
    x += put_text(client, y, x, client->width / 3 + 2 - x, BOLD, "> ");
    int room = client->width - x, before = text_width(at, cursor);
    for (; before >= room && text_next_cell(&at, &cell) && at <= cursor; before -= cell.width)
        ;
    put_text(client, y, x, room, NORMAL, at);
    client->cursor_x = x + before < client->width ? x + before : client->width - 1;
}

static void draw(struct client *client)
{
    int height = client->height - 2; /* of all but status and input */
    int roster = client->width < 40 ? 0 : client->width < 120 ? client->width / 4 : 30;
    int x = roster > 0 ? roster + 1 : 0, width = client->width - x;
    put_in_order(client);
    if (!client->selected && client->n_order > 0)
        select_contact(client, client->order[0]);
    if (roster > 0)
        draw_roster(client, roster, height);
    if (client->is_helping || !client->selected) {
        draw_help(client, x, width, height);
    } else {
        int top = height > 3; /* without a heading where there is hardly room */
        draw_lines(client, top, height - top, x, width);
        if (top > 0)
            draw_heading(client, x, width);
    }
    draw_status(client, client->height - 2);
    draw_input(client, client->height - 1);
    screen_show(client);
}

/* --- the loop ----------------------------------------------------------------------------------- */

static void take_signals(struct client *client)
{
    unsigned char number;
    while (read(terminal.wake[0], &number, 1) == 1) {
        if (number == SIGWINCH || number == SIGCONT)
            screen_begin(client);
        else if (number == SIGTSTP)
            suspend(client);
        else
            leave(client);
    }
}

/* -1: the terminal is gone. */
static int take_keys(struct client *client)
{
    char bytes[512];
    ssize_t n = read(terminal.fd, bytes, sizeof(bytes));
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n > 0)
        take_bytes(client, bytes, (size_t)n);
    return n > 0 ? 0 : -1;
}

/* Until the connection is offline for good, or the person wants no more, twice at most, or the
 * terminal is gone. */
static void run(struct client *client)
{
    xmpp_conn *conn = client->conn;
    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE && client->is_leaving < 2) {
        if (screen_write(client) < 0)
            return;
        if (client->out.n == 0) /* it has taken all: it can take more */
            draw(client);
        if (screen_write(client) < 0)
            return;
        struct pollfd fds[2 + XMPP_POLLFDS_MAX] = {
            {.fd = terminal.wake[0], .events = POLLIN},
            {.fd = terminal.fd, .events = client->out.n > 0 ? POLLIN | POLLOUT : POLLIN}};
        int n = xmpp_conn_get_pollfds(conn, fds + 2, XMPP_POLLFDS_MAX);
        int timeout = xmpp_conn_get_timeout(conn);
        if (xmpp_conn_get_state(conn) == XMPP_STATE_WAITING && (timeout < 0 || timeout > 1000))
            timeout = 1000; /* the seconds are shown */
        poll(fds, (nfds_t)(2 + n), timeout);
        if (fds[0].revents)
            take_signals(client);
        if ((fds[1].revents & ~POLLOUT) && take_keys(client) < 0)
            return;
        xmpp_conn_process(conn);
    }
}

static int set_up(struct client *client)
{
    static int (*const modules[])(xmpp_conn *) = {
        xmpp_roster_enable,  xmpp_presence_enable, xmpp_chat_enable,
        xmpp_carbons_enable, xmpp_receipts_enable, xmpp_chat_states_enable,
        xmpp_disco_enable,   xmpp_caps_enable,     xmpp_ping_enable,
    };
    xmpp_conn *conn = client->conn;
    int result = xmpp_conn_set_reconnect(conn, 1);
    for (size_t i = 0; i < sizeof(modules) / sizeof(*modules) && result == 0; i++)
        result = modules[i](conn);
    if (result == 0)
        result = xmpp_receipts_set_answering(conn, 1); /* to who may see our presence */
    if (result == 0)
        result = xmpp_disco_add_identity(conn, "client", "console", NULL, NULL);
    if (result == 0)
        result = xmpp_roster_on_event(conn, on_roster, client, NULL);
    if (result == 0)
        result = xmpp_presence_on_resource(conn, on_resource, client, NULL);
    if (result == 0)
        result = xmpp_carbons_on_answer(conn, on_carbons, client, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(conn, NULL, on_message, client, NULL);
    if (result == 0)
        result = xmpp_conn_on_state(conn, NULL, on_state, client, NULL);
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    if (result == 0)
        result = xmpp_presence_set_own(conn, presence); /* sent when online */
    xmpp_stanza_unref(presence);
    return result == 0 ? xmpp_conn_connect(conn) : result;
}

/* A password, if none was given another way. */
static int ask_password(const struct client *client)
{
    const struct account *account = &client->account;
    char password[1024];
    if (account->password_file || getenv("XMPP_PASSWORD") || account->cert_file ||
        account->is_anonymous)
        return 0;
    int result = read_password(account->jid, password, sizeof(password));
    if (result == 0)
        result = xmpp_conn_set_password(client->conn, password);
    explicit_bzero(password, sizeof(password));
    return result;
}

static void clean_up(struct client *client)
{
    xmpp_map_free(client->contacts);
    xmpp_conn_unref(client->conn);
    free(client->order);
    drop_rows(client);
    free(client->rows);
    free(client->out.bytes);
}

int main(int argc, char **argv)
{
    static struct client client;
    int next = account_parse(&client.account, argc, argv, "JID [--no-times]", 0, 1);
    client.are_times_hidden = next < argc && strcmp(argv[next], "--no-times") == 0;
    if (client.account.is_verbose && isatty(STDERR_FILENO)) {
        fprintf(stderr, "chat: --verbose is for another place than the screen: add 2>FILE\n");
        return EX_USAGE;
    }
    setlocale(LC_CTYPE, "C.UTF-8"); /* for the widths of characters, whatever LANG says: a terminal
                                     * is spoken to in UTF-8 anyway */
    client.contacts = need(xmpp_map_new(contact_free));
    client.conn = account_new_conn(&client.account);
    if (!client.conn)
        return EX_CONFIG;
    if (terminal_open() < 0)
        fail("there is no terminal");
    if (ask_password(&client) < 0)
        fail("there is no password that can be used");
    int result = set_up(&client);
    if (result == 0) {
        screen_begin(&client);
        run(&client);
        terminal_give_back();
    }
    int status = result < 0          ? EX_CONFIG
                 : client.is_leaving ? EX_OK
                                     : account_exit_status(client.conn);
    if (result < 0)
        account_print_failure(&client.account, client.conn, result);
    else if (!client.is_leaving)
        account_print_error(&client.account, client.conn);
    clean_up(&client);
    return status;
}
