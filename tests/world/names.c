/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nameservers. See names.h. */
#include "world/names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "world/names_inside.h"
#include "world/world.h"

struct names names;

enum { EDE_BOGUS = 6, EDE_NONE = -1, DNS_TCP_LENGTH = 2 };

void names_begin(void)
{
    memset(&names, 0, sizeof names);
    names.negative_ttl = 60;
}

void names_end(void)
{
    while (names.records) {
        struct names_record *first = names.records;
        names.records = first->next;
        free(first);
    }
    free(names.asked);
    memset(&names, 0, sizeof names);
}

int names_fault(int faults[FAULTS], enum names_fault fault)
{
    if (faults[fault] > 0) {
        faults[fault]--;
        return 1;
    }
    return faults[fault] == NAMES_EVER;
}

/* --- answering -------------------------------------------------------------------------------- */

/* A question at a server, on its way to be answered. */
struct task {
    int fd;
    int is_tcp;
    struct names_server *server;
    struct names_topic *topic; /* of the question; NULL: nothing is so with it */
    struct names_query query;
    int64_t delay;
};

static void say(const struct task *task, const uint8_t *bytes, size_t n)
{
    if (task->is_tcp) {
        const uint8_t length[DNS_TCP_LENGTH] = {(uint8_t)(n >> 8), (uint8_t)n};
        world_say_later(task->fd, task->delay, length, sizeof length);
    }
    world_say_later(task->fd, task->delay, bytes, n);
}

/* What is wrong with this question, or with the server. */
static int happens(const struct task *task, enum names_fault fault)
{
    return (task->topic && names_fault(task->topic->faults, fault)) ||
           names_fault(task->server->faults, fault);
}

static size_t room_of(const struct task *task)
{
    if (task->is_tcp) {
        return NAMES_MESSAGE;
    }
    return task->server->edns == EDNS_GOOD ? task->query.udp_size : NAMES_UDP_PLAIN;
}

static void say_lie(const struct task *task, struct names_query *query)
{
    static struct names_out out;
    names_out_begin(&out, query, room_of(task));
    names_write_lie(&out, query, query->name);
    names_out_end(&out, NAMES_NOERROR, EDE_NONE);
    say(task, out.bytes, out.n);
}

/* What comes in front of the answer. */
static void say_lies(const struct task *task)
{
    static const uint8_t garbage[] = "\x80\x80 this is nothing that DNS would say \xc0\x0c";
    struct names_query query = task->query;
    if (happens(task, FAULT_BAD_ID)) {
        query.id ^= 0x0100;
        say_lie(task, &query);
        query = task->query;
    }
    if (happens(task, FAULT_BAD_QUESTION)) {
        query.name[0] = query.name[0] == 'x' ? 'y' : 'x';
        say_lie(task, &query);
        query = task->query;
    }
    if (happens(task, FAULT_BAD_TYPE)) {
        query.type = query.type == NAMES_A ? NAMES_AAAA : NAMES_A;
        say_lie(task, &query);
    }
    if (happens(task, FAULT_EMPTY)) {
        say(task, garbage, 0);
    }
    if (happens(task, FAULT_GARBAGE)) {
        say(task, garbage, sizeof garbage);
    }
}

/* The RCODE that is all there is; 0: it answers. */
static int refusal_of(const struct task *task, int *ret_ede)
{
    static const struct {
        enum names_fault fault;
        int rcode;
    } rows[] = {{FAULT_SERVFAIL, NAMES_SERVFAIL},
                {FAULT_REFUSED, NAMES_REFUSED},
                {FAULT_FORMERR, NAMES_FORMERR},
                {FAULT_NOTIMP, NAMES_NOTIMP},
                {FAULT_NXDOMAIN, NAMES_NXDOMAIN}};
    static const int by_edns[] = {[EDNS_FORMERR] = NAMES_FORMERR,
                                  [EDNS_NOTIMP] = NAMES_NOTIMP,
                                  [EDNS_BADVERS] = NAMES_BADVERS,
                                  [EDNS_IGNORE] = 0};
    if (task->query.has_edns && by_edns[task->server->edns] != 0) {
        return by_edns[task->server->edns];
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (happens(task, rows[i].fault)) {
            return rows[i].rcode;
        }
    }
    if (names_is_bogus(task->query.name) && !task->query.is_cd) {
        *ret_ede = EDE_BOGUS;
        return NAMES_SERVFAIL;
    }
    return 0;
}

static void write_answer(const struct task *task, struct names_out *out)
{
    int ede = EDE_NONE;
    int rcode = refusal_of(task, &ede);
    int may_say_ad = (task->query.is_ad || task->query.is_do) && !task->query.is_cd &&
                     !happens(task, FAULT_NO_AD);
    names_out_begin(out, &task->query, room_of(task));
    if (task->server->edns != EDNS_GOOD && rcode != NAMES_BADVERS) {
        out->has_edns = 0;
    }
    if (rcode == 0) {
        if (happens(task, FAULT_POISON)) {
            names_write_lie(out, &task->query, "elsewhere.example");
        }
        rcode = names_write_answer(out, &task->query, may_say_ad);
    }
    if (happens(task, FAULT_ALWAYS_AD)) {
        names_out_set_ad(out);
    }
    if (!task->is_tcp && happens(task, FAULT_TRUNCATE)) {
        names_out_truncate(out);
    }
    names_out_end(out, rcode, ede);
}

/* Instead of an answer over TCP: 1 if that is so. */
static int breaks_stream(const struct task *task, const struct names_out *out)
{
    if (names_fault(task->server->faults, FAULT_TCP_RESET)) {
        world_reset_later(task->fd, task->delay);
        return 1;
    }
    int is_half = names_fault(task->server->faults, FAULT_TCP_HALF);
    if (is_half) {
        const uint8_t length[DNS_TCP_LENGTH] = {(uint8_t)(out->n >> 8), (uint8_t)out->n};
        world_say_later(task->fd, task->delay, length, sizeof length);
        world_say_later(task->fd, task->delay, out->bytes, out->n / 2);
    }
    if (is_half || names_fault(task->server->faults, FAULT_TCP_END)) {
        world_say_end_later(task->fd, task->delay);
        return 1;
    }
    return 0;
}

static void answer(const struct task *task)
{
    static struct names_out out;
    struct task changed = *task;
    if (happens(task, FAULT_BREAKS_CASE)) {
        for (char *c = changed.query.name; *c; c++) {
            *c = (char)tolower((unsigned char)*c);
        }
    }
    say_lies(task);
    if (happens(task, FAULT_DROP) || (task->query.has_edns && task->server->edns == EDNS_DROP)) {
        return;
    }
    write_answer(&changed, &out);
    if (!task->is_tcp || !breaks_stream(task, &out)) {
        say(task, out.bytes, out.n);
    }
}

static void ask(struct names_server *server, int fd, const uint8_t *bytes, size_t n, int is_tcp)
{
    struct task task = {.fd = fd, .is_tcp = is_tcp, .server = server, .delay = server->delay};
    const char *wrong = names_read_query(bytes, n, &task.query);
    if (wrong) {
        world_fault("a query of %zu bytes that no client may send: %s", n, wrong);
        return;
    }
    names_remember(server, &task.query, is_tcp);
    if (!is_tcp && server->loss > 0 && world_random(100) < server->loss) {
        return;
    }
    if (!is_tcp && names_fault(server->faults, FAULT_CLOSED)) {
        world_refuse_later(fd, server->delay);
        return;
    }
    task.topic = names_find_topic(task.query.name, task.query.type);
    if (task.topic) {
        task.delay += task.topic->delay;
    }
    answer(&task);
}

void names_serve(int fd, const uint8_t *bytes, size_t n, void *server)
{
    if (world_is_udp(fd)) {
        ask(server, fd, bytes, n, 0);
        return;
    }
    uint8_t message[NAMES_MESSAGE];
    while (n >= DNS_TCP_LENGTH) { /* RFC 1035 4.2.2 */
        size_t length = (size_t)bytes[0] << 8 | bytes[1];
        if (n - DNS_TCP_LENGTH < length) {
            return;
        }
        memcpy(message, bytes + DNS_TCP_LENGTH, length);
        world_heard_take(fd, DNS_TCP_LENGTH + length);
        ask(server, fd, message, length, 1);
        bytes = (const uint8_t *)world_heard(fd, &n);
    }
}
