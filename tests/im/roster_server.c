/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do roster walk SEED STEPS [late]`: a random walk through subscriptions. The server of the user (the
 * client under test), another client of the same user, and the contact with its server do what they
 * may, by the tables of RFC 6121 A.2 and A.3, typed here as the RFC prints them and without the
 * library's. After every step the client must know what the user's server knows, have told what
 * happened, once, and have sent nothing that has no effect. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "im/roster_words.h"
#include "xmpp/jid.h"
#include "xmpp/roster.h"

#define CONTACT "romeo@montague.example"

/* Steps: as many as are done while allocations fail, and as many as come by everything. */
enum { FEW = 20, MANY = 2000 };

enum state { NONE, OUT, IN, OUT_IN, TO, TO_IN, FROM, FROM_OUT, BOTH, SAME };
enum type { SUBSCRIBE, UNSUBSCRIBE, SUBSCRIBED, UNSUBSCRIBED, TYPES };

static const char *const type_names[TYPES] = {"subscribe", "unsubscribe", "subscribed",
                                              "unsubscribed"};

struct row {
    int passes; /* "ROUTE?" or "DELIVER?": MUST */
    enum state next;
};

/* Tables 2 to 5: what the user sends. A pre-approval is handled apart. */
static const struct row outbound[TYPES][9] = {
    [SUBSCRIBE] = {{1, OUT},
                   {1, SAME},
                   {1, OUT_IN},
                   {1, SAME},
                   {1, SAME},
                   {1, SAME},
                   {1, FROM_OUT},
                   {1, SAME},
                   {1, SAME}},
    [UNSUBSCRIBE] = {{1, SAME},
                     {1, NONE},
                     {1, SAME},
                     {1, IN},
                     {1, NONE},
                     {1, IN},
                     {1, SAME},
                     {1, FROM},
                     {1, FROM}},
    [SUBSCRIBED] = {{0, SAME},
                    {0, SAME},
                    {1, FROM},
                    {1, FROM_OUT},
                    {0, SAME},
                    {1, BOTH},
                    {0, SAME},
                    {0, SAME},
                    {0, SAME}},
    [UNSUBSCRIBED] = {{0, SAME},
                      {0, SAME},
                      {1, NONE},
                      {1, OUT},
                      {0, SAME},
                      {1, TO},
                      {1, NONE},
                      {1, OUT},
                      {1, TO}},
};

/* Tables 6 to 9: what the contact sends. */
static const struct row inbound[TYPES][9] = {
    [SUBSCRIBE] = {{1, IN},
                   {1, OUT_IN},
                   {0, SAME},
                   {0, SAME},
                   {1, TO_IN},
                   {0, SAME},
                   {0, SAME},
                   {0, SAME},
                   {0, SAME}},
    [UNSUBSCRIBE] = {{0, SAME},
                     {0, SAME},
                     {1, NONE},
                     {1, OUT},
                     {0, SAME},
                     {1, TO},
                     {1, NONE},
                     {1, OUT},
                     {1, TO}},
    [SUBSCRIBED] = {{0, SAME},
                    {1, TO},
                    {0, SAME},
                    {1, TO_IN},
                    {0, SAME},
                    {0, SAME},
                    {0, SAME},
                    {1, BOTH},
                    {0, SAME}},
    [UNSUBSCRIBED] = {{0, SAME},
                      {1, NONE},
                      {0, SAME},
                      {1, IN},
                      {1, NONE},
                      {1, IN},
                      {0, SAME},
                      {1, FROM},
                      {1, FROM}},
};

/* What one server knows about the other's user. */
struct side {
    struct side *other;
    enum state state;
    int is_listed, is_approved;
    int has_client; /* the one under test */
};

struct walk {
    struct scene *scene;
    struct side user, contact;
    uint8_t was_out[TYPES][9], was_in[TYPES][9]; /* cells of the tables that the user came by */
    uint64_t random;
    unsigned n_sent; /* for ids and versions */
    int is_waiting;  /* the client knows of a request */
    int is_late;     /* this server pushes what a presence does in front of the presence */
};

static unsigned draw(struct walk *walk, unsigned n)
{
    walk->random = walk->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(walk->random >> 33) % n;
}

/* Requests more often than answers, or hardly anybody ever waits for one. */
static enum type draw_type(struct walk *walk)
{
    unsigned n = draw(walk, TYPES + 3);
    return n < TYPES ? (enum type)n : SUBSCRIBE;
}

static void line(struct walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(struct walk *walk, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!walk->scene->failed) {
        scene_line(walk->scene, text);
    }
}

static int is_in(enum state state)
{
    return state == IN || state == OUT_IN || state == TO_IN;
}

static const char *subscription_of(enum state state)
{
    return state == TO || state == TO_IN        ? "to"
           : state == FROM || state == FROM_OUT ? "from"
           : state == BOTH                      ? "both"
                                                : "none";
}

static int is_out(enum state state)
{
    return state == OUT || state == OUT_IN || state == FROM_OUT;
}

/* --- what the user's server says to the client ------------------------------------------------ */

static void item_of(const struct side *side, char *text, size_t size)
{
    snprintf(text, size, "<item jid='" CONTACT "' subscription='%s'%s%s/>",
             subscription_of(side->state), is_out(side->state) ? " ask='subscribe'" : "",
             side->is_approved ? " approved='true'" : "");
}

static void push(struct walk *walk, const struct side *before)
{
    const struct side *now = &walk->user;
    char was[256];
    char item[256];
    item_of(before, was, sizeof was);
    item_of(now, item, sizeof item);
    if (!before->is_listed && !now->is_listed) {
        return;
    }
    if (before->is_listed && now->is_listed && strcmp(was, item) == 0) {
        return;
    }
    unsigned n = ++walk->n_sent;
    line(walk,
         "S: <iq type='set' id='push%u'><query xmlns='jabber:iq:roster' ver='%u'>%s"
         "</query></iq>",
         n, n, now->is_listed ? item : "<item jid='" CONTACT "' subscription='remove'/>");
    line(walk, "C: <iq type='result' id='push%u'/>", n);
    line(walk, "E: roster %s " CONTACT " **",
         !before->is_listed ? "added"
         : now->is_listed   ? "changed"
                            : "removed");
    int is_seen = now->state == FROM || now->state == FROM_OUT || now->state == BOTH;
    if (walk->is_waiting && (is_seen || !now->is_listed)) {
        line(walk, "E: roster request-over " CONTACT);
        walk->is_waiting = 0;
    }
}

/* What is heard of a presence, by the state in front of it. */
static const char *event_of(enum state state, enum type type)
{
    switch (type) {
    case SUBSCRIBE:
        return "request";
    case SUBSCRIBED:
        return "granted";
    case UNSUBSCRIBE:
        return is_in(state) ? "request-over" : "left";
    default:
        return is_out(state) ? "refused" : "revoked";
    }
}

static void deliver(struct walk *walk, enum state before, enum type type)
{
    const char *event = event_of(before, type);
    walk->is_waiting = type == SUBSCRIBE || (walk->is_waiting && type != UNSUBSCRIBE);
    line(walk, "S: <presence from='" CONTACT "' id='p%u' type='%s'/>", ++walk->n_sent,
         type_names[type]);
    line(walk, "E: roster %s " CONTACT, event);
}

/* --- the two servers -------------------------------------------------------------------------- */

static void come_in(struct walk *walk, struct side *side, enum type type);

static void go_out(struct walk *walk, struct side *side, enum type type)
{
    struct side before = *side;
    struct row row = outbound[type][side->state];
    walk->was_out[type][side->state] |= (uint8_t)side->has_client;
    if (row.next != SAME) {
        side->state = row.next;
        side->is_listed |= !(type == UNSUBSCRIBED); /* a refusal lists nobody */
    }
    if (type == SUBSCRIBED && (before.state == NONE || before.state == OUT || before.state == TO)) {
        side->is_listed = 1; /* 3.4.2 */
        side->is_approved = 1;
    }
    if (type == UNSUBSCRIBED) {
        side->is_approved = 0;
    }
    if (side->has_client) { /* in front of what the other server answers */
        push(walk, &before);
    }
    if (row.passes) {
        come_in(walk, side->other, type);
    }
}

/* On behalf of the user, without changing what the user has. */
static void reply(struct walk *walk, struct side *side, enum type type)
{
    come_in(walk, side->other, type);
}

static void come_in(struct walk *walk, struct side *side, enum type type)
{
    struct side before = *side;
    struct row row = inbound[type][side->state];
    walk->was_in[type][side->state] |= (uint8_t)side->has_client;
    if (type == SUBSCRIBE && row.passes && side->is_approved) { /* 3.4.2: answered, not delivered */
        side->state = side->state == OUT ? FROM_OUT : side->state == TO ? BOTH : FROM;
        if (side->has_client) {
            push(walk, &before);
        }
        reply(walk, side, SUBSCRIBED);
        return;
    }
    if (row.next != SAME) {
        side->state = row.next;
    }
    if (row.passes && side->has_client) {
        if (walk->is_late) {
            push(walk, &before);
        }
        deliver(walk, before.state, type);
        if (!walk->is_late) {
            push(walk, &before);
        }
    }
    if (type == SUBSCRIBE && row.next == SAME && !is_in(before.state)) {
        reply(walk, side, SUBSCRIBED); /* A.3.1 [2] */
    }
    if (type == UNSUBSCRIBE && row.passes) {
        reply(walk, side, UNSUBSCRIBED); /* A.3.2 [1] */
    }
}

/* 2.5.2, and a request that waits goes with the item. */
static void take_out(struct walk *walk)
{
    struct side before = walk->user;
    walk->user.state = NONE;
    walk->user.is_listed = 0;
    walk->user.is_approved = 0;
    push(walk, &before);
    if (before.state == TO || before.state == TO_IN || before.state == BOTH ||
        is_out(before.state)) {
        come_in(walk, &walk->contact, UNSUBSCRIBE);
    }
    if (before.state == FROM || before.state == FROM_OUT || before.state == BOTH ||
        is_in(before.state)) {
        come_in(walk, &walk->contact, UNSUBSCRIBED);
    }
}

/* --- steps ------------------------------------------------------------------------------------ */

static const struct {
    const char *verb;
    enum type type;
} wants[] = {{"subscribe", SUBSCRIBE},
             {"unsubscribe", UNSUBSCRIBE},
             {"approve", SUBSCRIBED},
             {"preapprove", SUBSCRIBED},
             {"deny", UNSUBSCRIBED}};

/* Would the server do anything? */
static int has_effect(const struct side *side, const char *verb, enum type type)
{
    if (outbound[type][side->state].next != SAME) {
        return 1;
    }
    int can_wait = side->state == NONE || side->state == OUT || side->state == TO;
    return strcmp(verb, "preapprove") == 0 ? can_wait && !side->is_approved
           : strcmp(verb, "deny") == 0     ? side->is_approved
                                           : 0;
}

static void user_wants(struct walk *walk)
{
    size_t i = draw(walk, sizeof wants / sizeof *wants);
    int effect = has_effect(&walk->user, wants[i].verb, wants[i].type);
    line(walk, "do roster %s " CONTACT, wants[i].verb);
    line(walk, "E: roster sent %d", effect);
    if (!effect) {
        line(walk, "C: -");
        return;
    }
    if (wants[i].type == SUBSCRIBED || wants[i].type == UNSUBSCRIBED) {
        walk->is_waiting = 0;
    }
    line(walk, "unset id");
    line(walk, "C: <presence to='" CONTACT "' type='%s' id='*id'/>", type_names[wants[i].type]);
    go_out(walk, &walk->user, wants[i].type);
}

/* Of a refusal by another client nobody tells this one, so that is no part of the walk. */
static void other_client_wants(struct walk *walk)
{
    enum type type = draw_type(walk);
    if (type != UNSUBSCRIBED || !is_in(walk->user.state)) {
        go_out(walk, &walk->user, type);
    }
}

static void user_removes(struct walk *walk)
{
    if (!walk->user.is_listed) {
        line(walk, "do roster remove - " CONTACT " => XMPP_E_NOT_FOUND");
        return;
    }
    line(walk, "unset id");
    line(walk, "do roster remove - " CONTACT);
    line(walk, "C: <iq type='set' id='*id'><query xmlns='jabber:iq:roster'><item jid='" CONTACT
               "' subscription='remove'/></query></iq>");
    take_out(walk);
    line(walk, "S: <iq type='result' id='*id'/>");
}

static void user_adds(struct walk *walk)
{
    struct side before = walk->user;
    line(walk, "unset id");
    line(walk, "do roster set - " CONTACT);
    line(walk, "C: <iq type='set' id='*id'><query xmlns='jabber:iq:roster'><item jid='" CONTACT
               "'/></query></iq>");
    walk->user.is_listed = 1;
    push(walk, &before);
    line(walk, "S: <iq type='result' id='*id'/>");
}

static void user_refreshes(struct walk *walk)
{
    char item[256] = "";
    if (walk->user.is_listed) {
        item_of(&walk->user, item, sizeof item);
    }
    line(walk, "unset id");
    line(walk, "do roster refresh");
    line(walk, "C: <iq type='get' id='*id'><query xmlns='jabber:iq:roster' ver=''/></iq>");
    line(walk,
         "S: <iq type='result' id='*id'><query xmlns='jabber:iq:roster' ver='%u'>%s"
         "</query></iq>",
         ++walk->n_sent, item);
    line(walk, "E: roster complete fetched");
}

static void step(struct walk *walk)
{
    unsigned what = draw(walk, 18);
    if (what < 5) {
        user_wants(walk);
    } else if (what < 10) {
        go_out(walk, &walk->contact, draw_type(walk));
    } else if (what < 13) {
        other_client_wants(walk);
    } else if (what < 14) {
        user_removes(walk);
    } else if (what < 15) {
        user_adds(walk);
    } else if (what < 17) { /* its server may say what it likes */
        come_in(walk, &walk->user, draw_type(walk));
    } else {
        user_refreshes(walk);
    }
}

static void compare(struct walk *walk)
{
    line(walk, "is roster state " CONTACT " = %s", roster_state_name((int)walk->user.state));
    line(walk, "is roster items = %s", walk->user.is_listed ? CONTACT : "-");
    line(walk, "is roster requests = %s", is_in(walk->user.state) ? CONTACT : "-");
    line(walk, "is roster subscription " CONTACT " = %s", subscription_of(walk->user.state));
}

/* A walk that is long comes by every cell. */
static void check_cells(struct walk *walk)
{
    for (int type = 0; type < TYPES; type++) {
        for (int state = 0; state <= BOTH; state++) {
            if (!walk->was_out[type][state] || !walk->was_in[type][state]) {
                scene_fail(walk->scene, "the walk did not come by %s in %s", type_names[type],
                           roster_state_name(state));
            }
        }
    }
}

int roster_do_walk(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    unsigned long seed = 0;
    unsigned long steps = 0;
    struct walk walk = {.scene = scene};
    (void)conn;
    sscanf(rest, "%lu %lu", &seed, &steps);
    walk.is_late = strstr(rest, "late") != NULL;
    walk.random = seed;
    walk.user.other = &walk.contact;
    walk.user.has_client = 1;
    walk.contact.other = &walk.user;
    steps = scene->has_faults && steps > FEW ? FEW : steps;
    for (unsigned long i = 0; i < steps && !scene->failed; i++) {
        step(&walk);
        compare(&walk);
        if (scene->failed) {
            char why[sizeof scene->message];
            snprintf(why, sizeof why, "%s", scene->message);
            snprintf(scene->message, sizeof scene->message, "step %lu of walk %lu: %.1800s", i,
                     seed, why);
        }
    }
    if (steps >= MANY) {
        check_cells(&walk);
    }
    return 0;
}
