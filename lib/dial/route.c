/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states of a route: which question is asked, who starts, which group is next. What is known of
 * the targets is in search.c, who starts when in race.c. No socket, no resolver, no clock. */
#include "dial/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dial/race.h"
#include "dial/search.h"
#include "xmpp/error.h"

enum state {
    NAMES, /* both SRV questions are open */
    GROUP, /* a group is looked up, and races */
    WON,   /* one of it is connected */
    OVER   /* nothing is left */
};

struct xm_route {
    enum state state;
    uint8_t is_plan;
    uint8_t is_survey;
    uint8_t is_begun; /* the race of this group */
    uint8_t is_over_told;
    int attempt_delay;
    int attempt_limit;
    int resolution_delay;
    unsigned group; /* that races */
    int64_t gate;   /* its race begins then at the latest; INT64_MAX: nothing to begin with */
    int error;      /* why names could not be found */
    char *name;     /* of the question that is told; owned */
    size_t name_size;
    struct xm_search search;
    struct xm_race race;
};

static void end(struct xm_route *route, int error)
{
    route->state = OVER;
    route->error = error;
}

/* --- groups ----------------------------------------------------------------------------------- */

/* What has become known joins the race. */
static void join(struct xm_route *route, int64_t now)
{
    uint8_t runners[XM_RACE_MAX];
    size_t n = xm_tries_get_runners(&route->search.tries, route->group, runners);
    xm_race_set_order(&route->race, runners, n);
    if (route->gate == INT64_MAX && xm_search_count(&route->search, route->group) > 0) {
        route->gate = now + route->resolution_delay;
    }
}

/* A plan, or a survey, looks up all groups with the first. */
static int open_group(struct xm_route *route, unsigned group, int64_t now)
{
    route->state = GROUP;
    route->group = group;
    route->gate = INT64_MAX;
    route->is_begun = 0;
    xm_race_init(&route->race, route->attempt_delay, route->attempt_limit);
    int is_whole = route->is_plan || route->is_survey;
    unsigned end_group = is_whole ? route->search.targets.n_groups : group + 1;
    for (; group < end_group; group++) {
        int error = xm_search_open(&route->search, group);
        if (error < 0) {
            return error;
        }
    }
    join(route, now);
    return 0;
}

static int is_known(const struct xm_route *route)
{
    unsigned n = route->is_plan ? route->search.targets.n_groups : route->group + 1;
    for (unsigned group = route->group; group < n; group++) {
        if (!xm_search_is_done(&route->search, group)) {
            return 0;
        }
    }
    return 1;
}

/* The resolution delay is over, or there is nothing to wait for. */
static int may_start(const struct xm_route *route, int64_t now)
{
    return route->is_begun || now >= route->gate ||
           xm_search_is_ready(&route->search, route->group);
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* Room for the name of any question: what is given, or the target of a record (RFC 1035 2.3.4). */
static size_t longest_name(const struct xm_route_config *config)
{
    size_t longest = 255;
    size_t domain = strlen(config->domain);
    size_t host = config->host ? strlen(config->host) : 0;
    longest = domain > longest ? domain : longest;
    longest = host > longest ? host : longest;
    return XM_QUESTION_PREFIX + longest + 1;
}

int xm_route_new(struct xm_route **ret_route, const struct xm_route_config *config,
                 const uint8_t seed[XM_DRAW_SEED], int64_t now)
{
    struct xm_route *route = xm_mem_new0(1, sizeof *route);
    if (!route) {
        return XMPP_E_NOMEM;
    }
    route->is_plan = config->is_plan != 0;
    route->is_survey = config->is_survey != 0;
    route->attempt_delay = config->attempt_delay;
    route->attempt_limit = config->attempt_limit;
    route->resolution_delay = config->resolution_delay;
    route->name_size = longest_name(config);
    route->name = xm_mem_new0(route->name_size, 1);
    int error = xm_search_init(&route->search, config, seed);
    if (error == 0 && route->search.targets.n > 0) {
        error = open_group(route, 0, now);
    }
    if (error < 0 || !route->name) {
        xm_route_free(route);
        return XMPP_E_NOMEM;
    }
    *ret_route = route;
    return 0;
}

void xm_route_free(struct xm_route *route)
{
    if (route) {
        xm_search_done(&route->search);
        free(route->name);
        free(route);
    }
}

/* --- answers ---------------------------------------------------------------------------------- */

static int look(struct xm_route *route, int64_t now)
{
    if (route->state == NAMES) {
        int found = xm_search_find_targets(&route->search);
        return found > 0 ? open_group(route, 0, now) : found;
    }
    int error = xm_search_look(&route->search);
    if (error == 0) {
        join(route, now);
    }
    return error;
}

int xm_route_answer(struct xm_route *route, unsigned question, const struct xm_answer *answer,
                    const struct xm_addr *sources, int64_t now)
{
    struct xm_questions *questions = &route->search.questions;
    if (route->state == OVER || question >= questions->n ||
        questions->list[question].state != XM_QUESTION_ASKED) {
        return 0;
    }
    int error = xm_questions_answer(questions, question, answer, sources);
    if (error == 0) {
        error = look(route, now);
    }
    if (error < 0) {
        end(route, error);
    }
    return error == XMPP_E_NOMEM ? error : 0;
}

/* --- events ----------------------------------------------------------------------------------- */

static int ask(struct xm_route *route, struct xm_route_event *ret_event)
{
    int number = xm_questions_next(&route->search.questions);
    if (number < 0) {
        return 0;
    }
    const struct xm_question *question = &route->search.questions.list[number];
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
    struct xm_try *tried = &route->search.tries.list[number]->shown;
    ret_event->number = number;
    tried->ended = event == XM_RACE_START ? -1 : now;
    switch (event) {
    case XM_RACE_START:
        ret_event->type = XM_ROUTE_START;
        tried->started = now;
        route->is_begun = 1;
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
    if (!is_known(route) || (!route->is_plan && !xm_race_is_over(&route->race))) {
        return 0;
    }
    if (route->is_plan || route->group + 1 == route->search.targets.n_groups) {
        end(route, 0);
        return 1;
    }
    int error = open_group(route, route->group + 1, now);
    if (error < 0) {
        end(route, error);
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
    if (route->state == GROUP && number < route->search.tries.n &&
        route->race.state[number] == XM_RACE_RUNNING) {
        xm_race_won(&route->race, number);
        route->search.tries.list[number]->shown.ended = now;
        route->state = WON;
    }
}

void xm_route_failed(struct xm_route *route, unsigned number, int code, int64_t now)
{
    if (route->state == OVER || number >= route->search.tries.n) {
        return;
    }
    enum xm_race_state state = route->race.state[number];
    if (state != XM_RACE_RUNNING && state != XM_RACE_WON) {
        return;
    }
    xm_race_lost(&route->race, number);
    route->search.tries.list[number]->shown.code = code;
    route->search.tries.list[number]->shown.ended = now;
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

unsigned xm_route_get_n_tries(const struct xm_route *route)
{
    return route->search.tries.n;
}

const struct xm_try *xm_route_get_try(const struct xm_route *route, unsigned number)
{
    return number < route->search.tries.n ? &route->search.tries.list[number]->shown : NULL;
}

unsigned xm_route_get_order(const struct xm_route *route, unsigned *numbers, unsigned n)
{
    for (unsigned i = 0; i < n && i < route->search.tries.n; i++) {
        numbers[i] = route->search.tries.order[i];
    }
    return route->search.tries.n;
}

/* A plan is good if there is something to be tried. */
static int is_planned(const struct xm_route *route)
{
    unsigned n = 0;
    for (unsigned group = 0; group < route->search.targets.n_groups; group++) {
        n += xm_search_count(&route->search, group);
    }
    return route->is_plan && n > 0;
}

int xm_route_get_error(const struct xm_route *route, const char **ret_reason, unsigned *ret_number)
{
    *ret_reason = route->search.reason;
    *ret_number = XM_ROUTE_TRIES_MAX;
    if (route->error != 0 || is_planned(route)) {
        return route->error;
    }
    unsigned number = xm_tries_most_telling(&route->search.tries);
    *ret_number = number;
    if (number == XM_ROUTE_TRIES_MAX) {
        *ret_reason = "no address was found";
        return XMPP_E_LOOKUP;
    }
    *ret_reason = route->search.tries.list[number]->shown.reason;
    return route->search.tries.list[number]->shown.code;
}
