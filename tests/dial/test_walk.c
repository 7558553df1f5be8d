/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A route whose answers, connections and failures come at random, in any order and at any time:
 * whatever they are, what is promised holds. The seed is printed when it does not. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "crypto/draw.h"
#include "dial/race.h"
#include "dial/route.h"
#include "xmpp/error.h"

enum { WALKS = 1500, STEPS = 3000, QUESTIONS_MAX = 64, RECORDS_MAX = 12 };

struct walk {
    struct xm_draw draw;
    struct xm_route *route;
    int64_t now;
    uint8_t is_open[QUESTIONS_MAX]; /* asked, not answered */
    enum xm_rr rr[QUESTIONS_MAX];
    unsigned n_asked;
    uint8_t is_running[XM_ROUTE_TRIES_MAX];
    unsigned n_running;
    int winner; /* -1: none */
    int is_over;
};

static unsigned pick(struct walk *walk, unsigned n)
{
    return xm_draw_u16(&walk->draw) % n;
}

static void fill_record(struct walk *walk, enum xm_rr rr, struct xm_record *record)
{
    static const char *const targets[] = {"a.example", "b.example", "c.example", "d.example",
                                          "",          "192.0.2.1", "e e",       "a.example"};
    static const uint8_t hash[64] = {7};
    memset(record, 0, sizeof *record);
    record->priority = (uint16_t)pick(walk, 3);
    record->weight = (uint16_t)pick(walk, 3);
    record->port = (uint16_t)pick(walk, 3);
    record->target = targets[pick(walk, 8)];
    record->addr.family = rr == XM_RR_AAAA ? 6 : 4;
    record->addr.ip[0] = rr == XM_RR_AAAA ? 0x20 : 192;
    record->addr.ip[3] = (uint8_t)pick(walk, 20);
    record->tlsa = (struct xm_tlsa){(uint8_t)pick(walk, 5), 0, 1, 32, hash};
}

static void answer(struct walk *walk, unsigned question)
{
    struct xm_record records[RECORDS_MAX];
    struct xm_addr sources[RECORDS_MAX];
    struct xm_answer said = {.status = XM_ANSWER_FOUND, .records = records};
    memset(sources, 0, sizeof sources);
    said.n_records = pick(walk, RECORDS_MAX);
    for (size_t i = 0; i < said.n_records; i++) {
        fill_record(walk, walk->rr[question], &records[i]);
        if (pick(walk, 4) > 0) {
            sources[i] = records[i].addr;
        }
    }
    said.dnssec = pick(walk, 3) == 0 ? XM_DNSSEC_INSECURE : XM_DNSSEC_SECURE;
    if (said.n_records == 0) {
        said.status = XM_ANSWER_NONE;
    }
    if (walk->rr[question] != XM_RR_SRV && pick(walk, 8) == 0) {
        said.status = XM_ANSWER_FAILED;
        said.n_records = 0;
    }
    walk->is_open[question] = 0;
    CHECK_INT(
        xm_route_answer(walk->route, question, &said, pick(walk, 9) ? sources : NULL, walk->now),
        0);
}

static void stop(struct walk *walk, unsigned number)
{
    CHECK(walk->is_running[number]);
    walk->is_running[number] = 0;
    walk->n_running--;
}

/* What an event promises. */
static void take_event(struct walk *walk, const struct xm_route_event *event)
{
    CHECK(!walk->is_over);
    switch (event->type) {
    case XM_ROUTE_ASK:
        CHECK(event->question < QUESTIONS_MAX && event->question == walk->n_asked);
        CHECK(walk->winner < 0 && event->name[0] != '\0');
        walk->is_open[event->question] = 1;
        walk->rr[event->question] = event->rr;
        walk->n_asked++;
        break;
    case XM_ROUTE_START:
        CHECK(walk->winner < 0 && !walk->is_running[event->number]);
        CHECK(xm_route_get_try(walk->route, event->number)->dane != XM_DANE_REFUSED);
        CHECK(xm_route_get_try(walk->route, event->number)->addr.family != 0);
        walk->is_running[event->number] = 1;
        walk->n_running++;
        CHECK(walk->n_running <= XM_RACE_RUNNING_MAX);
        break;
    case XM_ROUTE_CANCEL:
        CHECK(walk->winner >= 0);
        stop(walk, event->number);
        break;
    case XM_ROUTE_STOP:
        CHECK(walk->winner < 0);
        stop(walk, event->number);
        break;
    case XM_ROUTE_OVER:
        CHECK(walk->n_running == 0 && walk->winner < 0);
        walk->is_over = 1;
        break;
    case XM_ROUTE_NOTHING:
        break;
    }
}

static void drain(struct walk *walk)
{
    struct xm_route_event event;
    do {
        xm_route_next(walk->route, walk->now, &event);
        take_event(walk, &event);
    } while (event.type != XM_ROUTE_NOTHING && !walk->is_over);
    xm_route_next(walk->route, walk->now, &event);
    CHECK_INT(event.type, XM_ROUTE_NOTHING);
}

/* A try that runs or has won, from a random one on; -1: none. */
static int pick_running(struct walk *walk)
{
    unsigned from = pick(walk, XM_ROUTE_TRIES_MAX);
    for (unsigned i = 0; i < XM_ROUTE_TRIES_MAX; i++) {
        unsigned number = (from + i) % XM_ROUTE_TRIES_MAX;
        if (walk->is_running[number]) {
            return (int)number;
        }
    }
    return -1;
}

static void happen(struct walk *walk)
{
    unsigned question = pick(walk, QUESTIONS_MAX);
    int number = pick_running(walk);
    switch (pick(walk, 5)) {
    case 0:
        walk->now += pick(walk, 600);
        break;
    case 1:
        if (walk->winner >= 0) {
            xm_route_failed(walk->route, (unsigned)walk->winner, XMPP_E_TLS, walk->now);
            walk->winner = -1;
        } else if (number >= 0) {
            stop(walk, (unsigned)number);
            xm_route_failed(walk->route, (unsigned)number, XMPP_E_REFUSED, walk->now);
        }
        break;
    case 2:
        if (number >= 0 && walk->winner < 0 && pick(walk, 2)) {
            stop(walk, (unsigned)number);
            walk->winner = number;
            xm_route_connected(walk->route, (unsigned)number, walk->now);
        }
        break;
    default:
        while (question > 0 && !walk->is_open[question]) {
            question--;
        }
        if (walk->is_open[question]) {
            answer(walk, question);
        }
        break;
    }
}

static void whatever_comes(void)
{
    unsigned n_over = 0;
    unsigned n_full = 0;
    for (unsigned seed = 0; seed < WALKS; seed++) {
        struct walk walk;
        uint8_t bytes[XM_DRAW_SEED] = {(uint8_t)seed, (uint8_t)(seed >> 8)};
        struct xm_route_config config = {.domain = "example.org",
                                         .is_plan = seed % 16 == 0,
                                         .attempt_delay = 250,
                                         .resolution_delay = 50,
                                         .attempt_limit = 5000};
        memset(&walk, 0, sizeof walk);
        walk.winner = -1;
        check_note("seed %u", seed);
        xm_draw_init(&walk.draw, bytes);
        CHECK_INT(xm_route_new(&walk.route, &config, bytes, 0), 0);
        for (int i = 0; i < STEPS && !walk.is_over; i++) {
            drain(&walk);
            happen(&walk);
        }
        unsigned order[XM_ROUTE_TRIES_MAX];
        unsigned n = xm_route_get_order(walk.route, order, XM_ROUTE_TRIES_MAX);
        uint64_t seen = 0;
        for (unsigned i = 0; i < n; i++) {
            seen |= (uint64_t)1 << order[i];
        }
        CHECK(n <= XM_ROUTE_TRIES_MAX && seen == (n == 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1));
        n_full += n == XM_ROUTE_TRIES_MAX;
        n_over += walk.is_over != 0;
        xm_route_free(walk.route);
    }
    /* Every walk ends, and some of them have met the bound. */
    check_note("%u over, %u full", n_over, n_full);
    CHECK_INT(n_over, WALKS);
    CHECK(n_full > 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {{"whatever comes", whatever_comes}};
    return CHECK_MAIN(argc, argv, "dial-walk", cases);
}
