/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states of a route: which question, which start, which group is next. What SRV means is in
 * service.c, what the answers about a target mean in target.c, the order in tries.c, and who starts
 * when in race.c. No socket, no resolver, no clock. */
#include "dial/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nocase.h"
#include "dial/question.h"
#include "dial/race.h"
#include "dial/service.h"
#include "dial/target.h"
#include "dial/tries.h"
#include "xmpp/error.h"

enum { PORT = 5222 }; /* RFC 6120 14.7 */

enum state {
    NAMES, /* both SRV questions are open */
    GROUP, /* a group is looked up, and races */
    WON,   /* one of it is connected */
    OVER   /* nothing is left */
};

struct xm_route {
    enum state state;
    uint8_t is_plan;
    uint8_t has_started; /* a try, ever */
    uint8_t is_begun;    /* the race of this group */
    uint8_t is_over_told;
    int attempt_delay;
    int resolution_delay;
    int attempt_limit;
    uint16_t port;
    char *domain;
    char *name; /* of the question that is told */
    size_t name_size;
    struct xm_draw draw;
    unsigned services[2]; /* questions: _xmpp-client, _xmpps-client */
    unsigned group;       /* that races */
    int64_t gate;         /* its race begins then at the latest; INT64_MAX: nothing to begin with */
    int error;            /* why names could not be found */
    const char *reason;
    struct xm_questions questions;
    struct xm_targets targets;
    struct xm_tries tries;
    struct xm_race race;
};

static void end(struct xm_route *route, int error, const char *reason)
{
    route->state = OVER;
    route->error = error;
    route->reason = reason;
}

/* --- groups ----------------------------------------------------------------------------------- */

/* Lets every target do what the answers allow, and orders what has come of it. */
static int look(struct xm_route *route, int64_t now)
{
    for (unsigned i = 0; i < route->targets.n; i++) {
        struct xm_target *target = &route->targets.list[i];
        int error = xm_target_look(target, &route->questions, &route->tries);
        if (error < 0) {
            return error;
        }
        if (target->group == route->group && target->n_tries > 0 && route->gate == INT64_MAX) {
            route->gate = now + route->resolution_delay;
        }
    }
    for (unsigned group = 0; group < route->targets.n_groups; group++) {
        xm_tries_sort(&route->tries, group, route->attempt_delay);
    }
    uint8_t runners[XM_RACE_MAX];
    size_t n = xm_tries_get_runners(&route->tries, route->group, runners);
    xm_race_set_order(&route->race, runners, n);
    return 0;
}

/* A plan opens all groups with the first. */
static int is_due(const struct xm_route *route, const struct xm_target *target)
{
    return target->state == XM_TARGET_CLOSED &&
           (target->group == route->group || target->left_out || route->is_plan);
}

static int open_group(struct xm_route *route, unsigned group, int64_t now)
{
    route->state = GROUP;
    route->group = group;
    route->gate = INT64_MAX;
    route->is_begun = 0;
    xm_race_init(&route->race, route->attempt_delay, route->attempt_limit);
    for (unsigned i = 0; i < route->targets.n; i++) {
        struct xm_target *target = &route->targets.list[i];
        if (is_due(route, target)) {
            int error = xm_target_open(target, &route->questions, &route->tries);
            if (error < 0) {
                return error;
            }
        }
    }
    return look(route, now);
}

static int are_all_known(const struct xm_route *route)
{
    for (unsigned i = 0; i < route->targets.n; i++) {
        const struct xm_target *target = &route->targets.list[i];
        if (target->state != XM_TARGET_DONE && (route->is_plan || target->group == route->group)) {
            return 0;
        }
    }
    return 1;
}

/* May the first of the group start? When all is known of the first target, or an IPv6 address of
 * it; else when the resolution delay is over (RFC 8305 3, XEP-0495 4.2). A target that turned out
 * to have no address is not waited for, so the next is the first. */
static int may_start(const struct xm_route *route, int64_t now)
{
    if (route->is_begun || now >= route->gate) {
        return 1;
    }
    for (unsigned i = 0; i < route->targets.n; i++) {
        const struct xm_target *target = &route->targets.list[i];
        int is_empty = target->state == XM_TARGET_DONE && target->n_tries == 0;
        if (target->group == route->group && !is_empty) {
            return target->state == XM_TARGET_DONE || target->has_ipv6;
        }
    }
    return 0;
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* "localhost" and all below it (RFC 6761 6.3). */
static int is_localhost(const char *name)
{
    static const char localhost[] = "localhost";
    size_t n = strlen(name);
    n -= n > 0 && name[n - 1] == '.';
    size_t len = sizeof localhost - 1;
    return n >= len && xm_nocase_equal(name + n - len, localhost, len) &&
           (n == len || name[n - len - 1] == '.');
}

static int begin(struct xm_route *route, const struct xm_route_config *config, int64_t now)
{
    struct xm_addr literal;
    const char *host = config->host;
    if (!host && !is_localhost(config->domain) && !xm_addr_parse(config->domain, 0, &literal)) {
        route->services[0] =
            xm_questions_add(&route->questions, "_xmpp-client._tcp.", route->domain, XM_RR_SRV);
        route->services[1] =
            xm_questions_add(&route->questions, "_xmpps-client._tcp.", route->domain, XM_RR_SRV);
        return 0;
    }
    int error = xm_targets_add(&route->targets, host ? host : config->domain, route->port,
                               host && config->is_direct);
    return error < 0 ? error : open_group(route, 0, now);
}

int xm_route_new(struct xm_route **ret_route, const struct xm_route_config *config,
                 const uint8_t seed[XM_DRAW_SEED], int64_t now)
{
    struct xm_route *route = xm_mem_new0(1, sizeof *route);
    if (!route) {
        return XMPP_E_NOMEM;
    }
    size_t longest = strlen(config->domain);
    if (config->host && strlen(config->host) > longest) {
        longest = strlen(config->host);
    }
    /* Targets are names of at most 253 bytes. */
    route->name_size = XM_QUESTION_PREFIX + (longest > 256 ? longest : 256) + 1;
    route->name = xm_mem_new0(route->name_size, 1);
    route->domain = xm_mem_dup(config->domain, strlen(config->domain));
    route->is_plan = config->is_plan != 0;
    route->attempt_delay = config->attempt_delay;
    route->resolution_delay = config->resolution_delay;
    route->attempt_limit = config->attempt_limit;
    route->port = config->port ? config->port : PORT;
    xm_draw_init(&route->draw, seed);
    int error = route->name && route->domain ? begin(route, config, now) : XMPP_E_NOMEM;
    if (error < 0) {
        xm_route_free(route);
        return error;
    }
    *ret_route = route;
    return 0;
}

void xm_route_free(struct xm_route *route)
{
    if (!route) {
        return;
    }
    xm_tries_done(&route->tries);
    xm_targets_done(&route->targets);
    xm_questions_done(&route->questions);
    free(route->domain);
    free(route->name);
    free(route);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* RFC 7673 3.1: a look-up that failed is never the same as "no records". */
static const char *why_srv_failed(const struct xm_answer *answer, int is_direct)
{
    static const char *const reasons[2][2] = {
        {"the look-up of _xmpp-client failed", "the look-up of _xmpps-client failed"},
        {"the answer for _xmpp-client is bogus", "the answer for _xmpps-client is bogus"}};
    return reasons[answer->dnssec == XM_DNSSEC_BOGUS][is_direct];
}

/* One order of both answers; or, without any record, the domain itself (RFC 6120 3.2.2). */
static int choose_targets(struct xm_route *route, const struct xm_answer *const services[2],
                          int64_t now)
{
    int error = xm_targets_order(&route->targets, services, &route->draw);
    if (error == XMPP_E_NO_SERVICE) {
        end(route, error, "its SRV records say that there is no such service");
        return 0;
    }
    if (error == 0 && route->targets.n == 0) {
        error = xm_targets_add(&route->targets, route->domain, route->port, 0);
        if (services[0]->dnssec != XM_DNSSEC_SECURE || services[1]->dnssec != XM_DNSSEC_SECURE) {
            route->targets.list[0].dnssec = XM_DNSSEC_INSECURE;
        }
    }
    return error < 0 ? error : open_group(route, 0, now);
}

static int look_at_services(struct xm_route *route, int64_t now)
{
    const struct xm_answer *services[2];
    for (int i = 0; i < 2; i++) {
        services[i] = xm_questions_get(&route->questions, route->services[i]);
        if (services[i] && xm_answer_has_failed(services[i])) {
            end(route, XMPP_E_LOOKUP, why_srv_failed(services[i], i));
            return 0;
        }
    }
    return services[0] && services[1] ? choose_targets(route, services, now) : 0;
}

int xm_route_answer(struct xm_route *route, unsigned question, const struct xm_answer *answer,
                    const struct xm_addr *sources, int64_t now)
{
    if (route->state == OVER || question >= route->questions.n ||
        route->questions.list[question].state != XM_QUESTION_ASKED) {
        return 0;
    }
    int error = xm_questions_answer(&route->questions, question, answer, sources);
    if (error == 0) {
        error = route->state == NAMES ? look_at_services(route, now) : look(route, now);
    }
    if (error < 0) {
        end(route, error, NULL);
    }
    return error;
}

/* --- events ----------------------------------------------------------------------------------- */

static int ask(struct xm_route *route, struct xm_route_event *ret_event)
{
    int number = xm_questions_next(&route->questions);
    if (number < 0) {
        return 0;
    }
    const struct xm_question *question = &route->questions.list[number];
    snprintf(route->name, route->name_size, "%s%s", question->prefix, question->host);
    ret_event->type = XM_ROUTE_ASK;
    ret_event->question = (unsigned)number;
    ret_event->name = route->name;
    ret_event->rr = question->rr;
    return 1;
}

/* 1 if the race has something to be done. */
static int step_race(struct xm_route *route, int64_t now, struct xm_route_event *ret_event)
{
    unsigned number = 0;
    enum xm_race_event event = xm_race_next(&route->race, now, may_start(route, now), &number);
    if (event == XM_RACE_NOTHING) {
        return 0;
    }
    struct xm_try *tried = &route->tries.list[number]->shown;
    ret_event->number = number;
    tried->ended = event == XM_RACE_START ? -1 : now;
    switch (event) {
    case XM_RACE_START:
        ret_event->type = XM_ROUTE_START;
        tried->started = now;
        route->is_begun = 1;
        route->has_started = 1;
        break;
    case XM_RACE_TIMED_OUT:
        ret_event->type = XM_ROUTE_STOP;
        tried->code = XMPP_E_TIMEOUT;
        break;
    case XM_RACE_CANCEL:
        ret_event->type = XM_ROUTE_CANCEL;
        break;
    case XM_RACE_NOTHING:
        break;
    }
    return 1;
}

/* Nothing of this group is to be done now; if it is over the next is opened. 1 if it was. */
static int step_group(struct xm_route *route, int64_t now)
{
    if (!are_all_known(route) || (!route->is_plan && !xm_race_is_over(&route->race))) {
        return 0;
    }
    if (route->is_plan || route->group + 1 == route->targets.n_groups) {
        end(route, 0, NULL);
        return 1;
    }
    int error = open_group(route, route->group + 1, now);
    if (error < 0) {
        end(route, error, NULL);
    }
    return 1;
}

void xm_route_next(struct xm_route *route, int64_t now, struct xm_route_event *ret_event)
{
    *ret_event = (struct xm_route_event){.type = XM_ROUTE_NOTHING};
    int again = 1;
    while (again) {
        again = 0;
        switch (route->state) {
        case NAMES:
            ask(route, ret_event);
            break;
        case GROUP:
            if (!ask(route, ret_event) && (route->is_plan || !step_race(route, now, ret_event))) {
                again = step_group(route, now);
            }
            break;
        case WON:
            step_race(route, now, ret_event);
            break;
        case OVER:
            ret_event->type = route->is_over_told ? XM_ROUTE_NOTHING : XM_ROUTE_OVER;
            route->is_over_told = 1;
            break;
        }
    }
}

void xm_route_connected(struct xm_route *route, unsigned number, int64_t now)
{
    if (route->state == GROUP && number < route->tries.n &&
        route->race.state[number] == XM_RACE_RUNNING) {
        xm_race_won(&route->race, number);
        route->tries.list[number]->shown.ended = now;
        route->state = WON;
    }
}

void xm_route_failed(struct xm_route *route, unsigned number, int code, int64_t now)
{
    if (route->state == OVER || number >= route->tries.n) {
        return;
    }
    enum xm_race_state state = route->race.state[number];
    if (state != XM_RACE_RUNNING && state != XM_RACE_WON) {
        return;
    }
    xm_race_lost(&route->race, number);
    route->tries.list[number]->shown.code = code;
    route->tries.list[number]->shown.ended = now;
    if (state == XM_RACE_WON) {
        route->state = GROUP;
    }
}

/* --- what can be read ------------------------------------------------------------------------- */

int64_t xm_route_deadline(const struct xm_route *route)
{
    if (route->state != GROUP || route->is_plan) {
        return INT64_MAX;
    }
    /* Before all times: only what is known opens the race. */
    return may_start(route, INT64_MIN) ? xm_race_deadline(&route->race, 1) : route->gate;
}

int xm_route_has_started(const struct xm_route *route)
{
    return route->has_started;
}

unsigned xm_route_get_n_tries(const struct xm_route *route)
{
    return route->tries.n;
}

const struct xm_try *xm_route_get_try(const struct xm_route *route, unsigned number)
{
    return &route->tries.list[number]->shown;
}

unsigned xm_route_get_order(const struct xm_route *route, unsigned *numbers, unsigned n)
{
    for (unsigned i = 0; i < n && i < route->tries.n; i++) {
        numbers[i] = route->tries.order[i];
    }
    return route->tries.n;
}

static int has_plan(const struct xm_route *route)
{
    for (unsigned i = 0; i < route->targets.n; i++) {
        if (route->is_plan && route->targets.list[i].n_tries > 0) {
            return 1;
        }
    }
    return 0;
}

int xm_route_get_error(const struct xm_route *route, const char **ret_reason, unsigned *ret_number)
{
    *ret_reason = route->reason;
    *ret_number = XM_ROUTE_TRIES_MAX;
    if (route->error != 0 || has_plan(route)) {
        return route->error;
    }
    unsigned number = xm_tries_most_telling(&route->tries);
    *ret_number = number;
    if (number == XM_ROUTE_TRIES_MAX) {
        *ret_reason = "no address was found";
        return XMPP_E_LOOKUP;
    }
    *ret_reason = route->tries.list[number]->shown.reason;
    return route->tries.list[number]->shown.code;
}
