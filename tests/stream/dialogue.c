/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a dialogue; see dialogue.h. */
#include "dialogue.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "nomem.h"
#include "xmpp/error.h"

enum way { WHOLE, BYTES, RANDOM, TRACED, FAILING };

struct run {
    enum way way;
    uint32_t seed;
    struct xm_stream *stream;
    struct xm_buf out; /* what the client sent and no C has taken */
    struct xm_buf in;  /* what the server sent and the engine was not given */
    char event[1024];  /* the last one, printed; "" if there was none */
    const char *file;
    int line;
    int is_over;     /* memory ran out, as it was told to */
    int did_run_out; /* the allocation that was to fail has come */
    int has_failed;  /* the test has */
};

static const char *const ways[] = {"whole", "byte by byte", "split at random", "traced", "failing"};

#define FAIL(run, ...)                                                                             \
    do {                                                                                           \
        (run)->has_failed = 1;                                                                     \
        check_fail((run)->file, (run)->line, __VA_ARGS__);                                         \
    } while (0)

/* --- events as text ---------------------------------------------------------------------------- */

static void print(char *buf, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void print(char *buf, size_t size, const char *format, ...)
{
    size_t len = strlen(buf);
    va_list args;
    va_start(args, format);
    vsnprintf(buf + len, size - len, format, args);
    va_end(args);
}

static void print_names(char *buf, size_t size, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        print(buf, size, " %s", names[i]);
    }
}

/* OFFER MECHANISM …; TYPE … */
static void print_offer(struct run *run)
{
    size_t n = 0;
    const char *const *names = xm_stream_get_mechanisms(run->stream, &n);
    print(run->event, sizeof run->event, "OFFER");
    print_names(run->event, sizeof run->event, names, n);
    print(run->event, sizeof run->event, ";");
    names = xm_stream_get_binding_types(run->stream, &n);
    print_names(run->event, sizeof run->event, names, n);
}

/* FAILED CODE PHASE [CONDITION] ["the peer's text"] */
static void print_failed(struct run *run, const struct xm_stream_event *event)
{
    static const char *const phases[] = {"none", "dns",  "tcp",    "tls",
                                         "sasl", "bind", "stream", "session"};
    const char *name = xmpp_error_name(event->code);
    print(run->event, sizeof run->event, "FAILED %s %s", name ? name + strlen("XMPP_E_") : "?",
          phases[event->phase]);
    if (event->condition) {
        print(run->event, sizeof run->event, " %s", event->condition);
    }
    if (event->text) {
        print(run->event, sizeof run->event, " \"%s\"", event->text);
    }
}

/* STANZA name [id] [{namespace}, if it is not the stream's] */
static void print_stanza(struct run *run, const xmpp_stanza *stanza)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    const char *id = xmpp_stanza_get_id(stanza);
    print(run->event, sizeof run->event, "STANZA %s", xmpp_elem_get_name(root));
    if (id) {
        print(run->event, sizeof run->event, " %s", id);
    }
    if (strcmp(xmpp_elem_get_ns(root), XMPP_NS_CLIENT) != 0) {
        print(run->event, sizeof run->event, " {%s}", xmpp_elem_get_ns(root));
    }
}

/* NAME [DATA]; data that is there but empty is "=" */
static void print_data(struct run *run, const char *name, const struct xm_stream_event *event)
{
    print(run->event, sizeof run->event, "%s", name);
    if (event->bytes) {
        print(run->event, sizeof run->event, " %.*s", (int)event->n_bytes,
              (const char *)event->bytes);
        if (event->n_bytes == 0) {
            print(run->event, sizeof run->event, "=");
        }
    }
}

static void print_event(struct run *run, const struct xm_stream_event *event)
{
    run->event[0] = '\0';
    switch (event->type) {
    case XM_STREAM_NONE:
        break;
    case XM_STREAM_START_TLS:
        print(run->event, sizeof run->event, "START_TLS");
        break;
    case XM_STREAM_OFFER:
        print_offer(run);
        break;
    case XM_STREAM_CHALLENGE:
        print_data(run, "CHALLENGE", event);
        break;
    case XM_STREAM_SUCCESS:
        print_data(run, "SUCCESS", event);
        break;
    case XM_STREAM_STEP:
        print(run->event, sizeof run->event, "STEP");
        break;
    case XM_STREAM_HANDSHAKE:
        print(run->event, sizeof run->event, "HANDSHAKE %s", xm_stream_get_id(run->stream));
        break;
    case XM_STREAM_ONLINE:
        print(run->event, sizeof run->event, "ONLINE %s",
              xmpp_jid_get_text(xm_stream_get_jid(run->stream)));
        break;
    case XM_STREAM_STANZA:
        print_stanza(run, event->stanza);
        break;
    case XM_STREAM_CLOSED:
        print(run->event, sizeof run->event, "CLOSED");
        break;
    case XM_STREAM_FAILED:
        print_failed(run, event);
        break;
    }
    if (run->way == FAILING && event->code == XMPP_E_NOMEM && nomem_hit()) {
        run->is_over = 1;
    }
}

/* --- the server's side -------------------------------------------------------------------------- */

static uint32_t next_random(struct run *run)
{
    run->seed = run->seed * 1664525u + 1013904223u;
    return run->seed >> 16;
}

static size_t piece(struct run *run, size_t left)
{
    size_t n = run->way == BYTES ? 1 : run->way == RANDOM ? next_random(run) % 40 + 1 : left;
    return n < left ? n : left;
}

/* Of its own size, so that reading beyond it is seen. */
static uint8_t *copy_of(const uint8_t *bytes, size_t n)
{
    nomem_pause();
    uint8_t *copy = malloc(n);
    if (!copy) {
        abort();
    }
    memcpy(copy, bytes, n);
    nomem_resume();
    return copy;
}

static void say(struct run *run, const char *text)
{
    nomem_pause();
    if (xm_buf_add(&run->in, text, strlen(text)) != 0) {
        abort();
    }
    nomem_resume();
}

/* Gives the engine what the server sent until an event comes, or nothing is left. */
static void feed(struct run *run)
{
    struct xm_stream_event event = {.type = XM_STREAM_NONE};
    run->event[0] = '\0';
    while (xm_buf_len(&run->in) > 0 && event.type == XM_STREAM_NONE) {
        size_t n = piece(run, xm_buf_len(&run->in));
        size_t used = 0;
        uint8_t *exactly = copy_of(xm_buf_head(&run->in), n);
        xm_stream_recv(run->stream, exactly, n, &used, &event);
        free(exactly);
        if (used > n || (event.type == XM_STREAM_NONE && !event.heard && used < n)) {
            FAIL(run, "%zu of %zu bytes were used", used, n);
            used = n;
        }
        xm_buf_take(&run->in, used);
    }
    print_event(run, &event);
}

static void expect_nothing(struct run *run)
{
    feed(run);
    if (run->event[0] && !run->is_over) {
        FAIL(run, "unexpected event: %s", run->event);
    }
}

static void expect_event(struct run *run, const char *text)
{
    if (!run->event[0]) { /* not told by recv_end already */
        feed(run);
    }
    if (!run->is_over && strcmp(run->event, text) != 0) {
        FAIL(run, "the event is \"%s\", not \"%s\"", run->event, text);
    }
    run->event[0] = '\0';
}

static void expect_output(struct run *run, const char *text)
{
    expect_nothing(run);
    size_t n = xm_buf_len(&run->out);
    if (n == 0 && nomem_hit()) {
        run->is_over = 1; /* there was no memory for saying goodbye */
    }
    if (!run->is_over && (n != strlen(text) || memcmp(xm_buf_head(&run->out), text, n) != 0)) {
        FAIL(run, "the client sent \"%.*s\", not \"%s\"", (int)n,
             n ? (const char *)xm_buf_head(&run->out) : "", text);
    }
    xm_buf_clear(&run->out);
}

/* --- the owner's side ---------------------------------------------------------------------------- */

static int is_word(const char **text, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*text, word, n) != 0 || ((*text)[n] != '\0' && (*text)[n] != ' ')) {
        return 0;
    }
    *text += n + ((*text)[n] == ' ');
    return 1;
}

static int do_auth(struct run *run, const char *rest)
{
    char mechanism[64];
    size_t n = strcspn(rest, " ");
    snprintf(mechanism, sizeof mechanism, "%.*s", (int)n, rest);
    const char *data = rest[n] ? rest + n + 1 : NULL;
    size_t n_data = data && strcmp(data, "=") != 0 ? strlen(data) : 0;
    return xm_stream_auth(run->stream, mechanism, (const uint8_t *)data, n_data);
}

static int do_send(struct run *run, const char *xml)
{
    xmpp_stanza *stanza = NULL;
    nomem_pause();
    if (xmpp_stanza_parse(&stanza, xml, strlen(xml)) != 0) {
        abort();
    }
    nomem_resume();
    int code =
        xm_stream_send(run->stream, stanza, xmpp_stanza_get_id(stanza) ? NULL : "made-up", NULL);
    xmpp_stanza_unref(stanza);
    return code;
}

static void check_stage(struct run *run, const char *name)
{
    static const char *const names[] = {"opening",  "securing", "authenticating", "binding",
                                        "stepping", "open",     "closing",        "over"};
    expect_nothing(run);
    const char *got = names[xm_stream_get_stage(run->stream)];
    if (!run->is_over && strcmp(got, name) != 0) {
        FAIL(run, "the stage is %s, not %s", got, name);
    }
}

static void check_features(struct run *run, const char *name)
{
    expect_nothing(run);
    const xmpp_elem *features = xmpp_stanza_get_root(xm_stream_get_features(run->stream));
    int is_there = xmpp_elem_get_child(features, name, NULL) != NULL;
    if (!run->is_over && is_there != (strcmp(name, "none") != 0)) {
        FAIL(run, "the features are not as they should be: %s", name);
    }
    if (!run->is_over && strcmp(name, "none") == 0 && features) {
        FAIL(run, "the features are not forgotten");
    }
}

static void do_end(struct run *run)
{
    struct xm_stream_event event;
    xm_stream_recv_end(run->stream, &event);
    print_event(run, &event);
}

/* 0 or what the call returned. */
static int call(struct run *run, const char *text)
{
    if (is_word(&text, "secured")) {
        return xm_stream_secured(run->stream);
    }
    if (is_word(&text, "auth")) {
        return do_auth(run, text);
    }
    if (is_word(&text, "respond")) {
        return xm_stream_respond(run->stream, (const uint8_t *)text,
                                 strcmp(text, "=") != 0 ? strlen(text) : 0);
    }
    if (is_word(&text, "abort")) {
        return xm_stream_abort(run->stream);
    }
    if (is_word(&text, "authenticated")) {
        return xm_stream_authenticated(run->stream);
    }
    if (is_word(&text, "handshake")) {
        return xm_stream_handshake(run->stream, text);
    }
    if (is_word(&text, "send")) {
        return do_send(run, text);
    }
    if (is_word(&text, "close")) {
        xm_stream_close(run->stream);
    } else if (is_word(&text, "fail")) {
        xm_stream_fail(run->stream, text);
    } else if (is_word(&text, "end")) {
        do_end(run);
    } else if (is_word(&text, "idle")) {
        xm_stream_idle(run->stream);
    } else if (is_word(&text, "stage")) {
        check_stage(run, text);
    } else if (is_word(&text, "features")) {
        check_features(run, text);
    } else {
        abort();
    }
    return 0;
}

static void act(struct run *run, const char *text)
{
    int want = text[0] == '!' ? XMPP_E_STATE : 0;
    size_t before = xm_buf_len(&run->out);
    int code = call(run, text + (want != 0));
    if (run->way == FAILING && code == XMPP_E_NOMEM && nomem_hit()) {
        run->is_over = 1;
        if (xm_buf_len(&run->out) != before) {
            FAIL(run, "%s failed and left something in the queue", text);
        }
        return;
    }
    if (code != want) {
        FAIL(run, "%s returned %d, not %d", text, code, want);
    }
}

/* --- a run ---------------------------------------------------------------------------------------- */

static const struct setting usual = {
    .account = JULIET, .security = XM_STREAM_TLS_REQUIRED, .resource = "balcony"};

static void take_line(struct run *run, const struct line *line)
{
    check_note("%s, seed %u, line %c %.60s", ways[run->way], run->seed, line->who, line->text);
    switch (line->who) {
    case 'S':
        say(run, line->text);
        break;
    case 'C':
        expect_output(run, line->text);
        break;
    case 'E':
        expect_event(run, line->text);
        break;
    case 'D':
        act(run, line->text);
        break;
    default:
        abort();
    }
}

static void take_lines(struct run *run, const struct line *lines)
{
    for (; lines->who && !run->is_over && !run->has_failed; lines++) {
        take_line(run, lines);
    }
    if (!run->is_over && !run->has_failed) {
        expect_output(run, "");
    }
}

static int open_stream(struct run *run, const struct setting *setting, const xmpp_jid *account)
{
    struct xm_stream_config config = {
        .domain = setting->domain ? setting->domain : "example.com",
        .account = setting->account == JULIET ? account : NULL,
        .resource = setting->resource,
        .lang = setting->lang,
        .security = setting->security,
        .purpose = setting->purpose,
        .is_traced = run->way == TRACED,
    };
    memcpy(config.limits, setting->limits, sizeof config.limits);
    return xm_stream_new(&run->stream, &config, &run->out, ID);
}

/* 1 if it went as it should. */
static int run_once(const struct setting *setting, const struct line *lines, struct run *run,
                    int n_failing)
{
    xmpp_jid *account = NULL;
    if (xmpp_jid_parse(&account, "juliet@example.com") != 0) {
        abort();
    }
    nomem_at(n_failing);
    int code = open_stream(run, setting, account);
    if (code == 0) {
        take_lines(run, lines);
    } else if (run->way != FAILING || code != XMPP_E_NOMEM || xm_buf_len(&run->out) > 0) {
        FAIL(run, "xm_stream_new() returned %d", code);
    }
    run->did_run_out = nomem_end();
    xm_stream_free(run->stream);
    xm_buf_done(&run->out);
    xm_buf_done(&run->in);
    xmpp_jid_unref(account);
    return !run->has_failed;
}

static void run_failing(const struct setting *setting, const struct line *lines, struct run run)
{
    run.way = FAILING;
    run.did_run_out = 1;
    for (int n = 0; run.did_run_out; n++) {
        struct run one = run;
        if (!run_once(setting, lines, &one, n)) {
            return;
        }
        run.did_run_out = one.did_run_out;
    }
}

void dialogue_run(const struct setting *setting, const struct line *lines, const char *file,
                  int line)
{
    struct run run = {.file = file, .line = line, .seed = (uint32_t)line * 2654435761u};
    setting = setting ? setting : &usual;
    for (run.way = WHOLE; run.way <= TRACED; run.way++) {
        struct run one = run;
        if (!run_once(setting, lines, &one, -1)) {
            return;
        }
    }
    run_failing(setting, lines, run);
}
