/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking for the server and racing to it: what reach.c, names.c, query.c and story.c share. The route
 * (dial/route.h) decides; these ask and connect for it, and write down what came of it. */
#ifndef XM_CONN_REACH_H
#define XM_CONN_REACH_H

#include <stdint.h>

#include "base/answer.h"
#include "base/buf.h"
#include "conn/report.h"
#include "dial/question.h"
#include "dial/race.h"
#include "dial/route.h"
#include "dns/resolver.h"
#include "xmpp/reach.h"

struct xm_wants;

enum {
    XM_REDIRECTS_MAX = 5,
    XM_LOOKUPS_MAX = (XM_REDIRECTS_MAX + 1) * XM_QUESTIONS_MAX, /* so it is never reached */
    XM_HOST_MAX = 255
};

/* One question, from when it was asked: behind the public xmpp_lookup. */
struct xmpp_lookup {
    char *name;
    int type;          /* an enum xm_rr, which is an enum xmpp_rr */
    unsigned question; /* the route's number for it */
    int asked;         /* the resolver's number for it; 0: it was not asked there */
    xmpp_query *query; /* the application's; NULL: it was not asked */
    int64_t began;
    int64_t took; /* -1: it is open */
    uint8_t status;
    uint8_t dnssec;
    char source[XM_ADDR_TEXT];
    const char *reason; /* static */
    unsigned n_records;
    char **records; /* as texts, in one block */
};

/* One address: behind the public xmpp_try. The rest is in the route. */
struct xmpp_try {
    const struct xm_try *t;
    char address[XM_ADDR_TEXT]; /* with the port */
    char numeric[XM_ADDR_TEXT]; /* without it */
    int64_t began;              /* of the attempt */
    uint8_t outcome;
    struct xmpp_error report;
};

/* A socket of the resolver's. */
struct xm_names_channel {
    uint32_t serial;
    int fd; /* -1: none */
    uint8_t is_stream;
    uint8_t is_connecting;
};

/* A TCP connect that is under way. */
struct xm_run {
    int fd;
    unsigned number; /* of the try */
};

struct xm_reach {
    struct xm_route *route;
    int64_t began;
    unsigned winner;    /* the try that is connected; XM_ROUTE_TRIES_MAX: none */
    uint8_t is_settled; /* what fails now is not the address */
    uint8_t is_over;    /* nothing is left to be tried */
    uint8_t n_redirects;
    uint8_t is_redirected; /* to be followed when the turn ends */
    char *host;            /* where a redirect, or the settings, lead; NULL: the domain */
    uint16_t port;
    uint8_t by_srv; /* the host is asked for its SRV records */

    uint8_t has_hosts;    /* the hosts file was read */
    uint8_t has_resolver; /* the resolver is set up for this attempt */
    struct xm_buf hosts;
    struct xm_names_channel channels[XM_DNS_CHANNELS];

    struct xm_run runs[XM_RACE_RUNNING_MAX]; /* in the order in which they were started */
    unsigned n_runs;

    struct xmpp_lookup **lookups;
    size_t n_lookups;
    size_t cap_lookups;
    struct xmpp_try *tries; /* by the route's numbers */
    size_t n_tries;
    size_t cap_tries;
};

/* --- names.c: who answers ---------------------------------------------------------------------- */

/* Reads the hosts file, if the application named one. 0, XMPP_E_FILE, XMPP_E_TOO_BIG, XMPP_E_NOMEM. */
int xm_names_begin(xmpp_conn *conn);
/* 1 for a name in a hosts file that the application named: it says where that is, and nobody else is
 * asked. */
int xm_names_has_host(const xmpp_conn *conn, const char *name);
/* Asks the hosts file, the application or DNS. 0 or XMPP_E_NOMEM, XMPP_E_FILE, XMPP_E_TOO_BIG. */
int xm_names_ask(xmpp_conn *conn, unsigned question, const char *name, enum xm_rr rr);
/* Receives, sends, and hands on what was answered. */
void xm_names_step(xmpp_conn *conn);
/* Closes all sockets; what is open stays unanswered. */
void xm_names_stop(xmpp_conn *conn);
void xm_names_wants(const xmpp_conn *conn, struct xm_wants *wants);
int64_t xm_names_due(const xmpp_conn *conn);
/* An answer is there, from `source`, for a lookup that is open. */
void xm_names_answered(xmpp_conn *conn, struct xmpp_lookup *lookup, const struct xm_answer *answer,
                       const char *source, const char *reason);

/* --- query.c: the application's resolver --------------------------------------------------------- */

/* Asks it. 0 or XMPP_E_NOMEM. */
int xm_query_ask(xmpp_conn *conn, struct xmpp_lookup *lookup);
/* 1 if some query has been answered, or dropped, and was not handed on yet. */
int xm_query_is_answered(const xmpp_query *query);
/* Its answer, owned, free(); NULL: it was dropped, or memory ran out. The query is over. */
struct xm_answer *xm_query_take(struct xmpp_lookup *lookup);
/* It cannot be answered any more. */
void xm_query_close(struct xmpp_lookup *lookup);

/* --- story.c: what is written down --------------------------------------------------------------- */

/* A lookup that begins; NULL if out of memory, or of bounds. */
struct xmpp_lookup *xm_story_ask(struct xm_reach *reach, unsigned question, const char *name,
                                 enum xm_rr rr, int64_t now);
/* It ends. 0 or XMPP_E_NOMEM. */
int xm_story_answer(struct xmpp_lookup *lookup, const struct xm_answer *answer, const char *source,
                    const char *reason, int64_t now);
/* Room for each try of the route. 0 or XMPP_E_NOMEM. */
int xm_story_follow(struct xm_reach *reach);
/* Forgets the tries of a route that is left. */
void xm_story_forget_tries(struct xm_reach *reach);
void xm_story_done(struct xm_reach *reach);
/* For logs: "AAAA", "no such name". */
const char *xm_story_type(int type);
const char *xm_story_status(int status);

/* --- connect.c ------------------------------------------------------------------------------------ */

/* What the settings say of where the server is. 0 or XMPP_E_NOMEM. */
int xm_connect_make_reach(const xmpp_conn *conn, struct xm_reach **ret_reach);
/* Begins to look for it, from wherever the attempt is. As xm_reach_begin(). */
int xm_connect_begin_reach(xmpp_conn *conn);

/* --- through_proxy.c ------------------------------------------------------------------------------- */

/* Asks the proxy, to which the link is connected, for the server. */
void xm_connect_ask_proxy(xmpp_conn *conn);
/* The dialogue goes on. 1: the way to the server is open. */
int xm_connect_step_proxy(xmpp_conn *conn);

/* --- reach.c --------------------------------------------------------------------------------------- */

/* Begins to look for the server: a new route to reach->host, or the domain. 0 or XMPP_E_NOMEM,
 * XMPP_E_SYSTEM. */
int xm_reach_begin(xmpp_conn *conn);
/* Goes on: asks, connects, cancels. 1: a connection is made, and the link has it. */
int xm_reach_step(xmpp_conn *conn);
/* The winner has failed, with the report of the connection: it is written down, the next follows. */
void xm_reach_lost(xmpp_conn *conn);
void xm_reach_stop(xmpp_conn *conn);

#endif
