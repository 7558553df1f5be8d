/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock, DNS and the network of a scene. */
#include "scene.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "xmpp/error.h"

enum { ANSWER, CONNECTED, FAILED };

static const uint8_t hash[64] = {1, 2, 3};

void scene_init(struct scene *scene, const char *domain, const struct zone_row *zone,
                const struct net_row *net)
{
    memset(scene, 0, sizeof *scene);
    scene->config = (struct xm_route_config){
        .domain = domain, .attempt_delay = 250, .resolution_delay = 50, .attempt_limit = 10000};
    scene->zone = zone;
    scene->net = net;
}

static void note(struct scene *scene, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void note(struct scene *scene, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t room = sizeof scene->log - scene->n_log;
    int n = vsnprintf(scene->log + scene->n_log, room, format, args);
    scene->n_log += (size_t)n < room ? (size_t)n : room - 1;
    va_end(args);
}

static void plan(struct scene *scene, int after, int kind, unsigned number, const void *row)
{
    if (after == NEVER || scene->n_pending == sizeof scene->pending / sizeof *scene->pending) {
        return;
    }
    unsigned i = scene->n_pending++;
    for (; i > 0 && scene->pending[i - 1].at > scene->now + after; i--) {
        scene->pending[i] = scene->pending[i - 1];
    }
    scene->pending[i].at = scene->now + after;
    scene->pending[i].kind = kind;
    scene->pending[i].number = number;
    scene->pending[i].row = row;
}

/* --- DNS -------------------------------------------------------------------------------------- */

static void read_record(enum xm_rr rr, char *text, struct xm_record *record)
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    int at = 0;
    text += strspn(text, " ");
    if (rr == XM_RR_A || rr == XM_RR_AAAA) {
        CHECK(xm_addr_parse(text, 0, &record->addr));
        return;
    }
    CHECK_INT(sscanf(text, "%u %u %u %n", &a, &b, &c, &at), 3);
    if (rr == XM_RR_SRV) {
        record->priority = (uint16_t)a;
        record->weight = (uint16_t)b;
        record->port = (uint16_t)c;
        record->target = strcmp(text + at, ".") == 0 ? "" : text + at;
        return;
    }
    record->tlsa = (struct xm_tlsa){.usage = (uint8_t)a,
                                    .selector = (uint8_t)b,
                                    .matching = (uint8_t)c,
                                    .n_data = (uint16_t)atoi(text + at),
                                    .data = hash};
}

static int answer(struct scene *scene, unsigned question, const struct zone_row *row)
{
    static const struct zone_row no_name = {.status = XM_ANSWER_NO_NAME};
    struct xm_record records[160];
    struct xm_addr sources[160];
    char text[8192];
    size_t n = 0;
    row = row ? row : &no_name;
    memset(records, 0, sizeof records);
    memset(sources, 0, sizeof sources);
    snprintf(text, sizeof text, "%s", row->data ? row->data : "");
    for (char *at = strtok(text, ";"); at; at = strtok(NULL, ";")) {
        read_record(row->rr, at, &records[n]);
        if (!(scene->no_ipv6 && records[n].addr.family == 6)) {
            sources[n] = records[n].addr;
            sources[n].ip[3] ^= 0xff;
        }
        n++;
    }
    struct xm_answer said = {.status = row->status, .dnssec = row->dnssec, .n_records = n};
    said.records = records;
    return xm_route_answer(scene->route, question, &said,
                           row->rr == XM_RR_A || row->rr == XM_RR_AAAA ? sources : NULL,
                           scene->now);
}

static void ask(struct scene *scene, const struct xm_route_event *event)
{
    const char *rr = event->rr == XM_RR_A      ? "A"
                     : event->rr == XM_RR_AAAA ? "AAAA"
                     : event->rr == XM_RR_SRV  ? "SRV"
                                               : "TLSA";
    if (!scene->hides_asked) {
        note(scene, "%" PRId64 " ask %s %s\n", scene->now, rr, event->name);
    }
    const struct zone_row *row = scene->zone;
    while (row->name && !(row->rr == event->rr && strcmp(row->name, event->name) == 0)) {
        row++;
    }
    row = row->name ? row : NULL;
    plan(scene, row ? row->after : 0, ANSWER, event->question, row);
}

/* --- the network ------------------------------------------------------------------------------ */

static const char *addr_of(const struct scene *scene, unsigned number)
{
    static char text[XM_ADDR_TEXT];
    xm_addr_print(&xm_route_get_try(scene->route, number)->addr, text);
    return text;
}

static void start(struct scene *scene, unsigned number)
{
    const struct xm_try *tried = xm_route_get_try(scene->route, number);
    CHECK(tried->addr.family != 0);
    CHECK_INT(tried->started, scene->now);
    note(scene, "%" PRId64 " start %s%s\n", scene->now, addr_of(scene, number),
         tried->is_direct ? " tls" : "");
    for (const struct net_row *row = scene->net; row && row->addr; row++) {
        if (strcmp(row->addr, addr_of(scene, number)) == 0) {
            plan(scene, row->after, row->code ? FAILED : CONNECTED, number, row);
        }
    }
}

/* What was to become of it is forgotten. */
static void forget(struct scene *scene, unsigned number)
{
    unsigned n = 0;
    for (unsigned i = 0; i < scene->n_pending; i++) {
        if (scene->pending[i].kind == ANSWER || scene->pending[i].number != number) {
            scene->pending[n++] = scene->pending[i];
        }
    }
    scene->n_pending = n;
}

static void over(struct scene *scene)
{
    const char *reason;
    unsigned number;
    int code = xm_route_get_error(scene->route, &reason, &number);
    const char *name = xmpp_error_name(code);
    note(scene, "%" PRId64 " over %s", scene->now, name ? name : "?");
    if (number < XM_ROUTE_TRIES_MAX) {
        note(scene, " %s", xm_route_get_try(scene->route, number)->host);
    }
    note(scene, "%s%s\n", reason ? ": " : "", reason ? reason : "");
}

/* --- running ---------------------------------------------------------------------------------- */

/* Does what the route wants; 0 once it is over. */
static int follow(struct scene *scene)
{
    struct xm_route_event event;
    for (;;) {
        xm_route_next(scene->route, scene->now, &event);
        switch (event.type) {
        case XM_ROUTE_NOTHING:
            return 1;
        case XM_ROUTE_ASK:
            ask(scene, &event);
            break;
        case XM_ROUTE_START:
            start(scene, event.number);
            break;
        case XM_ROUTE_CANCEL:
        case XM_ROUTE_STOP:
            note(scene, "%" PRId64 " %s %s\n", scene->now,
                 event.type == XM_ROUTE_STOP ? "stop" : "cancel", addr_of(scene, event.number));
            forget(scene, event.number);
            break;
        case XM_ROUTE_OVER:
            over(scene);
            return 0;
        }
    }
}

/* The next thing that was to happen; 1 if the scene ends with it. */
static int happen(struct scene *scene, int *ret_error)
{
    unsigned number = scene->pending[0].number;
    int kind = scene->pending[0].kind;
    const struct zone_row *zone = kind == ANSWER ? scene->pending[0].row : NULL;
    const struct net_row *net = kind == ANSWER ? NULL : scene->pending[0].row;
    scene->n_pending--;
    memmove(scene->pending, scene->pending + 1, scene->n_pending * sizeof *scene->pending);
    if (kind == ANSWER) {
        *ret_error = answer(scene, number, zone);
        return 0;
    }
    if (kind == FAILED) {
        int code = net->code ? net->code : net->tls;
        note(scene, "%" PRId64 " lost %s %s\n", scene->now, addr_of(scene, number),
             xmpp_error_name(code));
        xm_route_failed(scene->route, number, code, scene->now);
        return 0;
    }
    note(scene, "%" PRId64 " won %s\n", scene->now, addr_of(scene, number));
    xm_route_connected(scene->route, number, scene->now);
    if (net->tls) {
        plan(scene, 10, FAILED, number, net);
    }
    return !net->tls;
}

int scene_run(struct scene *scene)
{
    uint8_t seed[XM_DRAW_SEED] = {scene->seed};
    int error = xm_route_new(&scene->route, &scene->config, seed, scene->now);
    if (error < 0) {
        return error;
    }
    int is_won = 0;
    while (error == 0 && follow(scene) && !is_won) {
        int64_t deadline = xm_route_deadline(scene->route);
        CHECK(deadline > scene->now);
        if (scene->n_pending == 0 && deadline == INT64_MAX) {
            note(scene, "%" PRId64 " waits\n", scene->now);
            return 0;
        }
        if (scene->n_pending > 0 && scene->pending[0].at <= deadline) {
            scene->now = scene->pending[0].at;
            is_won = happen(scene, &error);
        } else {
            scene->now = deadline;
        }
    }
    return error;
}

void scene_done(struct scene *scene)
{
    xm_route_free(scene->route);
    scene->route = NULL;
}

void scene_expect(struct scene *scene, const char *log)
{
    CHECK_INT(scene_run(scene), 0);
    if (log) {
        CHECK_STR(scene->log, log);
    }
}

void scene_expect_order(struct scene *scene, const char *lines)
{
    static const char *const secs[] = {"insecure", "secure", "bogus", "indeterminate"};
    static const char *const danes[] = {"pkix", "dane", "refused"};
    unsigned numbers[XM_ROUTE_TRIES_MAX];
    unsigned n = xm_route_get_order(scene->route, numbers, XM_ROUTE_TRIES_MAX);
    CHECK_INT(n, xm_route_get_n_tries(scene->route));
    scene->n_log = 0;
    scene->log[0] = '\0';
    for (unsigned i = 0; i < n; i++) {
        const struct xm_try *tried = xm_route_get_try(scene->route, numbers[i]);
        note(scene, "%u %s %s %s %s", tried->group, tried->host,
             tried->addr.family ? addr_of(scene, numbers[i]) : "-", secs[tried->dnssec],
             danes[tried->dane]);
        if (tried->reason) {
            note(scene, ": %s", tried->reason);
        } else {
            note(scene, " %s+%" PRId64, tried->is_direct ? "tls" : "starttls", tried->planned);
        }
        note(scene, "\n");
    }
    CHECK_STR(scene->log, lines);
}
