/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connection: what its parts share. Included by the files of this folder and by nobody else.
 *
 * The road to the server: connect.c (from the settings to a stream) -> reach.c (the hands of the route)
 * -> names.c (who answers its questions), and through_proxy.c, redirect.c, next.c where it leads that
 * way.
 *
 * The road of data: link.c (bytes) -> turn.c (one call of process) -> the stream engine -> login.c
 * until online, then dispatch.c (who gets a stanza) -> the handlers. Back: send.c -> the stream
 * engine -> link.c. attempt.c ends what connect.c begins, and retry.c begins it again; watch.c tells
 * the application what to wait for. */
#ifndef XM_CONN_CONN_H
#define XM_CONN_CONN_H

#include <stdint.h>

#include "base/addr.h"
#include "base/map.h"
#include "base/timers.h"
#include "conn/kinds.h"
#include "conn/link.h"
#include "conn/report.h"
#include "conn/slot.h"
#include "conn/staying.h"
#include "conn/transport.h"
#include "dial/proxy.h"
#include "dns/resolver.h"
#include "sasl/sasl.h"
#include "stream/stream.h"
#include "tls/tls.h"
#include "xmpp/auth.h"
#include "xmpp/conn.h"
#include "xmpp/jid.h"
#include "xmpp/log.h"
#include "xmpp/reach.h"

enum {
    XM_LIMITS = XMPP_LIMIT_PROBE_TIME + 1,
    XM_TELLS_MAX = 16,  /* states that may wait to be told between two safe points */
    XM_DOMAIN_MAX = 256 /* a domain as A-labels */
};

/* --- settings.c, credentials.c, ways.c: what the application set; nothing of it changes while connecting */

/* A proxy, and how to log in to it. */
struct xm_proxy_settings {
    char *host;
    char *user;     /* NULL: none */
    char *password; /* secret */
    uint16_t port;
    uint8_t kind; /* an enum xmpp_proxy */
    uint8_t may_ask_dns;
};

/* Whom to ask for names. */
struct xm_names_settings {
    char *resolv_conf;            /* NULL: the system's */
    struct xm_dns_config *config; /* NULL: what resolv.conf says */
    xmpp_resolver_fn resolver;    /* the application's; NULL: none */
    void *userdata;
    xmpp_destroy_fn destroy;
};

/* What reach.h sets. */
struct xm_ways {
    struct xm_names_settings names;
    struct xm_proxy_settings proxy;
};

struct xm_settings {
    xmpp_jid *jid;
    char *password;
    char *component_secret; /* NULL: it is a client */
    char *authzid;
    char *host; /* NULL: the JID's domain */
    char *hosts_file;
    char *lang;
    xmpp_trust *trust; /* NULL: the system's */
    struct xm_tls_identity *identity;
    struct xm_ways *ways; /* NULL: nothing of it was set; see xm_ways() */
    int64_t limits[XM_LIMITS];
    int64_t keepalive; /* ms; 0: none */
    uint16_t port;
    uint8_t is_direct;
    uint8_t binding; /* an enum xmpp_channel_binding */
    uint8_t is_anonymous;
    uint8_t may_plain;
    uint8_t may_digest_md5;
    uint8_t may_cleartext;
    uint8_t may_component_remote;
};

void xm_settings_init(struct xm_settings *settings);
void xm_settings_done(struct xm_settings *settings);
/* What was set by reach.h; all zero if nothing was. */
const struct xm_ways *xm_ways(const xmpp_conn *conn);
/* The application's resolver is done with. */
void xm_ways_end(xmpp_conn *conn);
/* Frees it; secrets are wiped. Takes NULL. */
void xm_ways_free(struct xm_ways *ways);
/* Keeps a name, as A-labels, or an address, without a port; NULL: none. 0, XMPP_E_INVAL for what is
 * neither, XMPP_E_NOMEM; then it is as it was. */
int xm_settings_set_host(char **ret_host, const char *host);
/* A setter begins as xm_conn_enter(), and XMPP_E_STATE while connecting. */
int xm_settings_begin(xmpp_conn *conn);
/* Sets the flag at this offset of struct xm_settings, as a whole public call. */
int xm_settings_set_flag(xmpp_conn *conn, size_t offset, int on);

/* --- attempt.c, connect.c: from connect to offline ------------------------------------------- */

/* What exists while an attempt runs or a session lasts. */
struct xm_attempt {
    struct xm_stream *stream; /* NULL: TCP is not connected yet */
    struct xm_sasl *sasl;     /* between <auth/> and <success/> */
    xmpp_ask *ask;            /* a question that is open */
    char *password;           /* the answer, for this attempt only */
    struct xm_proxy *proxy;   /* between TCP and the stream */
    uint8_t is_given;         /* over what the application gave: there is no other way */
    uint8_t is_direct;        /* TLS from the first byte */
    uint8_t is_verified;      /* TLS is the application's, and it has verified the certificate */
    uint8_t probe;            /* how far it goes, an enum xmpp_probe; 0: all the way */
    const void *step;         /* the key of the module whose step it is for; NULL: none */
    unsigned n_given_up;  /* requests of the step that nobody waits for, and were not answered */
    uint8_t is_unwanted;  /* the application has said good-bye: none follows */
    uint8_t is_restarted; /* to begin anew when the turn ends */
    uint8_t is_moved;     /* the network has changed, and nothing was heard since */
    uint8_t is_closing;   /* both streams are closed: what is queued leaves, then close_notify */
    uint8_t is_working;   /* PBKDF2 is computed in slices */
    uint8_t is_ended;     /* nothing is received any more */
    int64_t phase_due;    /* ms of the clock; INT64_MAX: none */
    int64_t total_due;
    int64_t left_of_phase; /* kept while a question is open, or PBKDF2 computed */
    int64_t left_of_total;
    int64_t online;         /* when the session began; INT64_MAX: not yet */
    struct xmpp_error last; /* of the attempt before, for as long as this one has none of its own */
    struct xm_alive alive;
    char domain_ascii[]; /* for the certificate, and the hosts file */
};

/* Sets the state, and the deadline that comes with it. */
void xm_attempt_enter(xmpp_conn *conn, int state);
/* The attempt ends when the turn does; the stream is closed. */
void xm_attempt_end(xmpp_conn *conn);
/* The same, with what went wrong, the first time only. */
void xm_attempt_fail(xmpp_conn *conn, int code, int phase, const char *condition, const char *text,
                     const char *reason);
/* The stream is over in order: what is queued leaves, close_notify is sent and waited for. */
void xm_attempt_close(xmpp_conn *conn);
/* One step of that. */
void xm_attempt_step_close(xmpp_conn *conn);
/* What is due: deadlines of the attempt. */
void xm_attempt_tick(xmpp_conn *conn);
/* It begins anew when the turn ends; over what was given it cannot. */
void xm_attempt_restart(xmpp_conn *conn);
/* All its deadlines begin anew. */
void xm_attempt_renew(xmpp_conn *conn);
/* Ends what was marked as ended: descriptor, stream, requests, the state offline; or another server
 * follows. */
void xm_attempt_finish(xmpp_conn *conn);
/* Ends the stream and the link: good-bye, as far as it can be said at once. */
void xm_attempt_drop_link(xmpp_conn *conn);
/* Frees it all without telling anybody but the watch. */
void xm_attempt_drop(xmpp_conn *conn);
/* Keeps the id of the stream as a fact. */
void xm_attempt_note_id(xmpp_conn *conn);
/* The earliest deadline, INT64_MAX for none. */
int64_t xm_attempt_due(const xmpp_conn *conn);
/* Stops, and starts again, the clocks of the attempt while the application is asked. */
void xm_attempt_stop_clock(xmpp_conn *conn);
void xm_attempt_start_clock(xmpp_conn *conn);
/* The enum xmpp_phase that a state is in. */
int xm_attempt_phase(int state);

/* --- connect.c, reach.c: finding the server, until its stream can begin ------------------------ */

/* What is to be waited for now. */
struct xm_want {
    int fd;
    short events; /* POLLIN, POLLOUT */
};
struct xm_wants {
    unsigned n;
    struct xm_want list[XMPP_POLLFDS_MAX];
};

/* One step: looking for names, racing, the proxy; then the stream is begun. */
void xm_connect_step(xmpp_conn *conn);
/* What it waits for, and until when (INT64_MAX: for ever). */
void xm_connect_wants(const xmpp_conn *conn, struct xm_wants *wants);
int64_t xm_connect_due(const xmpp_conn *conn);
/* 1 if it has something to do at once. */
int xm_connect_has_work(const xmpp_conn *conn);
/* The attempt failed, or was sent elsewhere. 1: another server follows, and the attempt goes on. */
int xm_connect_goes_on(xmpp_conn *conn);
/* redirect.c: the server sends us elsewhere. 1: so we go, or the attempt has failed of it; 0: it is an
 * error as any. */
int xm_connect_redirected(xmpp_conn *conn, const char *to);
/* The server is reached: it has shown who it is, and what fails from now on is not its address. */
void xm_connect_settled(xmpp_conn *conn);
/* The TLSA records that decide about the server's certificate. */
void xm_connect_get_tlsa(const xmpp_conn *conn, struct xm_tls_config *config);
/* The attempt is over: no name is looked for any more, nobody races. What was found and tried can
 * still be read. */
void xm_connect_stop(xmpp_conn *conn);
/* Another attempt by itself, as xmpp_conn_connect(). 0, or a negative code with the report. */
int xm_connect_again(xmpp_conn *conn);
/* An attempt for the step of the module with this key, inside a public call. 0, or a negative code
 * with the report. */
int xm_connect_step_of(xmpp_conn *conn, const void *key);
/* Forgets what was negotiated with a server. */
void xm_connect_forget_facts(xmpp_conn *conn);
/* Frees what was found and tried. */
void xm_connect_forget(xmpp_conn *conn);

/* --- the connection -------------------------------------------------------------------------- */

/* A descriptor that the application was told to wait for. */
struct xm_told {
    int fd;
    short events;
    uint8_t is_done; /* closed when the application has forgotten it */
    void *fd_data;   /* the application's */
};

struct xm_watch {
    xmpp_fd_fn on_fd;
    xmpp_timer_fn on_timer;
    void *userdata;
    xmpp_destroy_fn destroy;
    struct xm_told *told; /* room for XMPP_POLLFDS_MAX */
    unsigned n_told;
    int64_t due;  /* of the timer that was told and is not spent; INT64_MAX: none */
    int64_t late; /* of one that is spent a little before it passes; INT64_MAX: none */
};

struct xm_log {
    xmpp_log_fn log;
    void *log_userdata;
    xmpp_destroy_fn log_destroy;
    uint32_t areas;
    int level;
    xmpp_trace_fn trace;
    void *trace_userdata;
    xmpp_destroy_fn trace_destroy;
};

/* When memory that an idle connection does not need is given back: at once, or a moment later for
 * one that has been receiving stanzas turn after turn. */
struct xm_rest {
    int64_t n_stanzas; /* received by the last turn */
    int64_t last;      /* when a turn received one */
    int64_t due;       /* INT64_MAX: nothing is kept */
    unsigned n_turns;  /* that received some, each soon after the other */
};

struct xm_facts {
    char address[XM_ADDR_TEXT];
    char *stream_id;
    const char *tls_version; /* these are static */
    const char *tls_cipher;
    const char *mechanism;
    const char *binding;
    const char *binding_note;
};

struct xm_stats {
    int64_t received; /* bytes of links that are gone */
    int64_t sent;
    int64_t stanzas_received;
    int64_t stanzas_sent;
    int64_t connects;
    int64_t sessions;
    int64_t turns;
};

struct xmpp_conn {
    unsigned refs;
    uint16_t depth;     /* public calls inside each other */
    uint16_t notifying; /* notifications inside each other: only getters are allowed */
    uint16_t walking;   /* slot lists that are being walked */
    uint8_t is_doomed;  /* the last reference was dropped: free when the outermost call ends */
    uint8_t is_paused;  /* set_receiving(0) */
    uint8_t was_full;   /* the queue was at its bound: a low-water event is owed */
    uint8_t n_tells;    /* states that were entered and not told yet */
    uint8_t tells[XM_TELLS_MAX];
    unsigned n_due_requests; /* that were made when not online: answered by the next process */
    int state;
    int64_t now; /* of this turn */

    struct xm_settings settings;
    struct xm_sasl_cache *sasl_cache; /* NULL: nothing was derived yet */
    struct xm_attempt *attempt;       /* NULL: offline */
    struct xm_reach *reach;           /* how the server is looked for, or was; NULL: it was not */
    struct xm_resolver *resolver;     /* for its cache; NULL: DNS was not asked yet */
    struct xm_link link;
    struct xm_transport *transport; /* the last that the application gave; NULL: none */
    struct xm_rest rest;
    struct xm_retry retry;

    struct xm_slot_list slots[XM_SLOT_KINDS];
    struct xmpp_slot *dead;     /* slots to sweep when nobody walks */
    uint64_t n_registered;      /* numbers slots */
    struct xm_modules *modules; /* and other data; NULL: there never were any */
    struct xm_map iq_table;     /* by name and namespace: struct xm_iq_slot */
    struct xm_map requests;     /* by id: struct xm_request */
    struct xm_timers timers;    /* of requests, and the application's */

    xmpp_jid *bound_jid;
    struct xmpp_error error;
    struct xm_watch watch;
    struct xm_log *log;     /* NULL: nobody ever wanted any */
    struct xm_facts *facts; /* of the last attempt; NULL: there was none */
    struct xm_stats stats;
};

/* --- conn.c: life, and the guards of public calls --------------------------------------------- */

/* A public call that changes something begins: 0, XMPP_E_INVAL for NULL, or XMPP_E_BUSY inside a
 * notification, then nothing may be done. */
int xm_conn_enter(xmpp_conn *conn);
/* It ends: tells the watch, frees what was dropped. Returns `result`, or XMPP_E_GONE if it went well
 * and the connection is no more. */
int xm_conn_leave(xmpp_conn *conn, int result);
/* Around each notification. */
void xm_conn_begin_notify(xmpp_conn *conn);
void xm_conn_end_notify(xmpp_conn *conn);
/* The notification that a userdata is done with; `destroy` may be NULL. */
void xm_conn_destroy(xmpp_conn *conn, xmpp_destroy_fn destroy, void *userdata);
/* 24 hexadecimal characters from 96 random bits. 0 or XMPP_E_SYSTEM. */
int xm_conn_make_id(char id[XM_ID_SIZE]);

/* --- state.c ---------------------------------------------------------------------------------- */

void xm_state_set(xmpp_conn *conn, int state);
/* Tells the handlers what was entered; at safe points only. */
void xm_state_tell(xmpp_conn *conn);

/* --- login.c ---------------------------------------------------------------------------------- */

/* Reacts to what the stream tells until it is online. */
void xm_login_event(xmpp_conn *conn, const struct xm_stream_event *event);
/* A stanza came before it was online: so it is. */
void xm_login_heard_stanza(xmpp_conn *conn);
/* Begins TLS. 0, or a negative code: the attempt has failed. */
int xm_login_begin_tls(xmpp_conn *conn);
/* TLS is made. */
void xm_login_secured(xmpp_conn *conn);

/* --- auth.c ----------------------------------------------------------------------------------- */

/* What the stream tells of SASL. */
void xm_auth_offered(xmpp_conn *conn);
void xm_auth_challenged(xmpp_conn *conn, const struct xm_stream_event *event);
void xm_auth_succeeded(xmpp_conn *conn, const struct xm_stream_event *event);
/* Wipes what was derived from a password: the account or the password has changed. */
void xm_auth_forget(xmpp_conn *conn);
/* Goes on with what was waited for: the application's answer, a slice of PBKDF2. */
void xm_auth_work(xmpp_conn *conn);

/* --- dispatch.c, request.c, send.c ------------------------------------------------------------- */

void xm_dispatch_stanza(xmpp_conn *conn, const xmpp_stanza *stanza);
/* To the handlers of the application: a message or presence. */
void xm_dispatch_to_handlers(xmpp_conn *conn, const xmpp_stanza *stanza);
/* Takes an iq slot out of the table; frees nothing. */
void xm_dispatch_forget(xmpp_conn *conn, struct xmpp_slot *slot);
/* An answer: to whoever requested it. 1; 0: nobody has. */
int xm_request_answered(xmpp_conn *conn, const xmpp_stanza *iq);
/* Requests that were made when not online. */
void xm_request_tick(xmpp_conn *conn);
/* One whose time is over. */
void xm_request_overdue(xmpp_conn *conn, struct xmpp_slot *slot);
/* Answers all of them with this code. */
void xm_request_end_all(xmpp_conn *conn, int code);
/* Takes a request out of the tables; frees nothing. */
void xm_request_forget(xmpp_conn *conn, struct xmpp_slot *slot);
/* Serialises into the queue without asking for its bound: automatic answers. */
int xm_send_now(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id);
/* 1 if the queue is at its bound. */
int xm_send_is_full(const xmpp_conn *conn);
/* 1 if it is owed to tell of room in the queue. */
int xm_send_owes_writable(const xmpp_conn *conn);
/* Tells of it, if so. */
void xm_send_tell_writable(xmpp_conn *conn);

/* --- timer.c ---------------------------------------------------------------------------------- */

/* Timers, and requests, whose time is over. */
void xm_timer_tick(xmpp_conn *conn);
/* Disarms it; frees nothing. */
void xm_timer_forget(xmpp_conn *conn, struct xmpp_slot *slot);

/* --- turn.c ----------------------------------------------------------------------------------- */

void xm_turn_run(xmpp_conn *conn);
/* 1 if receiving makes sense now. */
int xm_turn_may_receive(const xmpp_conn *conn);
/* When kept memory is to be given back, INT64_MAX for never. */
int64_t xm_turn_due(const xmpp_conn *conn);
/* 1 if process has something to do at once. */
int xm_turn_has_work(const xmpp_conn *conn);

/* --- watch.c ---------------------------------------------------------------------------------- */

/* Tells the watch what changed, and closes what it has forgotten. */
void xm_watch_update(xmpp_conn *conn);
/* A turn begins: the timer that was told is spent if it has passed, or nearly. */
void xm_watch_spend(xmpp_conn *conn);
/* Tells it that all is forgotten, and destroys its userdata. */
void xm_watch_drop(xmpp_conn *conn);
/* A descriptor is done with: it is closed when the watch has been told. */
void xm_watch_close_fd(xmpp_conn *conn, int fd);
/* Adds a descriptor to what is waited for; none, or no events, is fine. */
void xm_wants_add(struct xm_wants *wants, int fd, int events);

/* --- log.c ------------------------------------------------------------------------------------ */

void xm_log(xmpp_conn *conn, int area, int level, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void xm_log_done(xmpp_conn *conn);
/* 1 if somebody wants the trace. */
static inline int xm_trace_is_on(const xmpp_conn *conn)
{
    return conn->log && conn->log->trace;
}
/* Somebody wants the trace: a stanza was sent, with what modules added, without their secrets. */
void xm_trace_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id,
                     const xmpp_elem *more);
/* What was appended to `out` behind `from` bytes. `is_secret`: an element whose content is not
 * shown. */
void xm_trace_sent(xmpp_conn *conn, size_t from, int is_secret);
void xm_trace_received(xmpp_conn *conn, const xmpp_stanza *stanza);

/* --- ask.c ------------------------------------------------------------------------------------ */

/* Asks the handlers for a password; the answer, or the refusal where nobody wants to answer, is
 * there at once or later. 0 or XMPP_E_NOMEM. */
int xm_ask_password(xmpp_conn *conn);
/* 1 once the open question is answered or refused. */
int xm_ask_has_answer(const xmpp_conn *conn);
/* The answer, owned and secret; NULL: refused. The question is over. */
char *xm_ask_take_answer(xmpp_conn *conn);
/* The attempt is over: what is open cannot be answered any more. */
void xm_ask_close(xmpp_conn *conn);

#endif
