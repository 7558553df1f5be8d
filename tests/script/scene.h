/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One performance of a script: the connection, the server's end, what the application heard and
 * what the script has bound. Each file of this folder plays one part on it:
 *   scene.c   begin, end, what must hold at the end      app.c     handlers: what the client tells
 *   server.c  S:, C:, net: the other side of the wire    expect.c  E:, is: what it should have told
 *   scram.c   scram: SASL from the server's side         api.c     do: calls of the public API
 *   tls.c     tls: the session under them                certs.c   the certificates it names
 *   ways.c    do: components, and steps in front of authentication
 *   network.c dns, Q:, N: nameservers, what they were asked, what was tried
 *   pipe.c    a transport of the application's own
 *   runner.c  the lines one by one, and the four ways of running a script */
#ifndef TESTS_SCRIPT_SCENE_H
#define TESTS_SCRIPT_SCENE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "script/pipe.h"
#include "script/vars.h"
#include "world/loop.h"
#include "xmpp/ask.h"
#include "xmpp/auth.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/log.h"
#include "xmpp/stanza.h"
#include "xmpp/trust.h"

enum { SCENE_REGS = 64, SCENE_EVENTS = 4096, SCENE_ACTIONS = 8 };

enum scene_pieces {
    SCENE_WHOLE,  /* all that the server says at a line arrives at once */
    SCENE_BYTES,  /* byte by byte, the client turning after each */
    SCENE_RANDOM, /* in random pieces */
};

struct scene;

/* A registration of a handler, or a request: the userdata that must be destroyed once. */
struct scene_reg {
    struct scene *scene;
    char name[VARS_NAME];
    xmpp_slot *slot;
    int result;    /* what the handler returns */
    int is_alive;  /* the library has it */
    int is_reply;  /* a request */
    int n_replies; /* answers it had */
    int is_dropped;
    int is_destroyed;
    int is_kept;                  /* every stanza is kept, for `do again` */
    char *actions[SCENE_ACTIONS]; /* lines that its next call performs, each once */
    int n_actions;
};

/* Something the application heard. */
struct scene_event {
    char *text;      /* "m ", "offline XMPP_E_AUTH ...", "state online" */
    char *xml;       /* of the stanza; NULL: none */
    int is_progress; /* a state on the way: may be passed over */
};

struct scene {
    struct vars vars;
    enum scene_pieces pieces;
    int has_faults; /* an allocation is going to fail: differences may be explained by it */

    xmpp_conn *conn; /* our reference; NULL when dropped */
    struct loop loop;
    struct scene_reg regs[SCENE_REGS];
    int n_regs;
    struct scene_event events[SCENE_EVENTS];
    int n_events;
    int next_event;
    xmpp_ask *ask;
    const xmpp_stanza *kept;
    unsigned connects; /* that began */
    unsigned offlines; /* terminal events */

    int fd;                    /* the connection that the server speaks on; -1: none */
    struct scene_pipe pipe;    /* or the application's own transport */
    struct xm_buf heard;       /* what the client said, decrypted, not yet compared */
    struct scene_tls *tls;     /* NULL: clear text */
    struct scene_scram *scram; /* an exchange under way */

    struct xm_buf told; /* log and trace, since `do trace` */

    int saw_nomem; /* the client told that it ran out of memory */
    int failed;
    int is_broken;      /* a rule that holds for every script, also out of memory */
    char message[2048]; /* why */
};

void scene_begin(struct scene *scene, uint64_t seed);
/* Ends it in any state, and checks what must hold then. */
void scene_end(struct scene *scene);
/* The script and the client differ: the first reason counts. */
void scene_fail(struct scene *scene, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A rule that nothing excuses was broken. */
void scene_break(struct scene *scene, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* An API call's result: notes when it is XMPP_E_NOMEM. Returns it. */
int scene_result(struct scene *scene, int result);
/* Lets the client turn until it is idle. */
void scene_run(struct scene *scene);
/* One line of the script. */
void scene_line(struct scene *scene, const char *text);

/* server.c */
void server_line(struct scene *scene, const char *verb, const char *rest);
void server_send(struct scene *scene, const void *bytes, size_t n);
/* Takes the client's next piece, a copy to be freed; NULL with a failure if there is none. */
char *server_take(struct scene *scene);
/* 1 while the client is there. */
int server_is_open(const struct scene *scene);
/* Looks for new connections and new bytes. */
void server_hear(struct scene *scene);
void server_done(struct scene *scene);
/* network.c */
void network_line(struct scene *scene, const char *verb, const char *rest);
/* tls.c */
void tls_line(struct scene *scene, const char *rest);
void tls_send(struct scene *scene, const void *bytes, size_t n);
void tls_hear(struct scene *scene, const char *bytes, size_t n);
void tls_done(struct scene *scene);
/* The bytes of a channel binding, or 0. */
size_t tls_get_binding(struct scene *scene, const char *type, uint8_t *buf, size_t size);
/* Ciphertext onto the wire. */
void server_deliver(struct scene *scene, const void *bytes, size_t n);
/* certs.c */
/* Trust in the authority of the good certificate. */
int tls_set_trust(struct scene *scene, xmpp_conn *conn);
/* The certificate of a name and the key of another, or of the same; none; or two paths. */
int tls_set_client_cert(struct scene *scene, xmpp_conn *conn, char **words, int n, int is_file);
void tls_free_certs(void);
/* scram.c */
void scram_line(struct scene *scene, const char *rest);
void scram_done(struct scene *scene);
/* app.c */
struct scene_reg *app_new_reg(struct scene *scene, const char *name);
struct scene_reg *app_find_reg(struct scene *scene, const char *name);
void app_event(struct scene *scene, int is_progress, const xmpp_stanza *stanza, const char *format,
               ...) __attribute__((format(printf, 4, 5)));
int app_on_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata);
void app_on_state(xmpp_conn *conn, int state, void *userdata);
void app_on_writable(xmpp_conn *conn, void *userdata);
void app_on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata);
void app_on_ask(xmpp_conn *conn, xmpp_ask *ask, void *userdata);
void app_on_trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len, void *userdata);
void app_on_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata);
void app_destroy(void *userdata);
/* Around what another handler writes down: it may be called, and does what it was told to do. */
int app_enter(struct scene_reg *reg);
void app_leave(struct scene_reg *reg, int inside);
/* As app_enter(), where a request is answered: once. */
int app_enter_reply(struct scene_reg *reg, const xmpp_conn *conn);
/* "ok", "remote", "timeout", ..., "XMPP_E_PROTOCOL" */
const char *app_outcome(int error);
void app_print_error(const xmpp_error *error, char *text, size_t size);
/* The connection that calls are made on: ours, or that of the handler we are in. */
xmpp_conn *app_conn(struct scene *scene);
/* expect.c */
void expect_event(struct scene *scene, const char *text);
void expect_fact(struct scene *scene, const char *text);
void expect_end(struct scene *scene);
/* api.c */
void api_line(struct scene *scene, const char *text);
/* A call of the API: its result. */
struct scene_verb {
    const char *name;
    int (*call)(struct scene *scene, xmpp_conn *conn, const char *rest);
};
/* Those of xmpp/reach.h (reach.c); NULL for another name. */
const struct scene_verb *reach_verb(const char *name);
/* Those of xmpp/component.h and xmpp/step.h (ways.c). */
const struct scene_verb *ways_verb(const char *name);
/* `is lookups …`, `is tries …`: 1 if there is such a thing. */
int reach_look(const xmpp_conn *conn, const char *what, char *got, size_t size);
/* Drops the queries that are still kept. */
void reach_done(void);

/* The words of a line: cut at spaces into `copy`. How many. */
int scene_words(const char *text, char *copy, size_t size, char **words, int max);
/* The value of "key=value" among the words; NULL if it is not there. */
const char *scene_option(char **words, int n, const char *key);

#endif
