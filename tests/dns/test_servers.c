/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Servers that are silent, slow, lame, old or gone: who is asked next, when, and how. */
#include <string.h>

#include "check.h"
#include "kit.h"

static void silence_leads_to_the_next_server(void)
{
    kit_run("config 192.0.2.1 192.0.2.2 timeout=3000\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "+2999\n"
            "wait 0\n"
            "due 1\n"
            "+1\n"
            "send 0 udp 192.0.2.2 a.example A\n"
            "due 3000\n"
            "+3000\n"
            "send 0 udp 192.0.2.1 a.example A\n" /* the second round, as long as the first */
            "+3000\n"
            "send 0 udp 192.0.2.2 a.example A\n"
            "+2000\n"
            "reply 0 ; a.example 300 A 192.0.2.9\n"
            "told 1 FOUND insecure 300 192.0.2.9 from 192.0.2.2:53 took 11000");
    kit_run("config 192.0.2.1 192.0.2.2 attempts=1\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "+5000\n"
            "send 0 udp 192.0.2.2 a.example A\n"
            "+5000\n"
            "none 0\n"
            "told 1 FAILED indeterminate no answer took 10000\n"
            "told nothing");
}

static void a_failure_leads_to_the_next_server_at_once(void)
{
    static const char *const replies[] = {
        "reply 0 SERVFAIL",
        "reply 0 REFUSED",
        "reply 0 YXDOMAIN",
        "reply 0 rcode15",
        "fail 0",                                                                 /* ICMP */
        "reply 0 ; ns example 300 NS ns.example ; ar ns.example 300 A 192.0.2.7", /* lame */
        "reply 0 trailing ; a.example 300 A 192.0.2.1",
        "reply 0 short ; a.example 300 A 192.0.2.1",
        "reply 0 overcount ; a.example 300 A 192.0.2.1",
        "reply 0 ; a.example 300 TYPE 1 c00002", /* an address of three bytes */
    };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct kit kit = {.now = 1000};
        check_note("%s", replies[i]);
        kit_line(&kit, "config 192.0.2.1 192.0.2.2");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 192.0.2.1 a.example A");
        kit_line(&kit, replies[i]);
        kit_line(&kit, "send 0 udp 192.0.2.2 a.example A");
        kit_line(&kit, "reply 0 ; a.example 300 A 192.0.2.9");
        kit_line(&kit, "told 1 FOUND insecure 300 192.0.2.9 from 192.0.2.2:53 took 0");
        kit_end(&kit);
    }
}

/* A referral from an authority, an empty answer with its SOA, are no lame servers. */
static void an_authority_may_say_no(void)
{
    kit_run("config 192.0.2.1 192.0.2.2\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "reply 0 aa ; ns example 300 NS ns.example\n"
            "told 1 NONE insecure 0 from 192.0.2.1:53 took 0\n"
            "ask b.example A\n"
            "send 0 udp 192.0.2.1 b.example A\n"
            "reply 0 ; ns example 300 NS ns.example ; ns example 300 SOA 60\n"
            "told 2 NONE insecure 60 from 192.0.2.1:53 took 0");
}

static void the_most_telling_failure_is_the_reason(void)
{
    static const struct {
        const char *first;
        const char *second;
        const char *told;
    } rows[] = {
        {"+5000", "fail 0", "told 1 FAILED indeterminate server not reached took 5000"},
        {"fail 0", "+5000", "told 1 FAILED indeterminate server not reached took 5000"},
        {"reply 0 SERVFAIL", "reply 0 REFUSED", "told 1 FAILED indeterminate SERVFAIL took 0"},
        {"reply 0 REFUSED", "reply 0 SERVFAIL", "told 1 FAILED indeterminate SERVFAIL took 0"},
        {"reply 0 REFUSED", "fail 0", "told 1 FAILED indeterminate REFUSED took 0"},
        {"reply 0 rcode15", "fail 0", "told 1 FAILED indeterminate an unknown error took 0"},
        {"fail 0", "reply 0 ; ns . 300 NS ns.example",
         "told 1 FAILED indeterminate lame server took 0"},
        {"fail 0", "reply 0 trailing", "told 1 FAILED indeterminate malformed answer took 0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit = {.now = 1000};
        check_note("row %zu", i);
        kit_line(&kit, "config 192.0.2.1 192.0.2.2 attempts=1");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 192.0.2.1 a.example A");
        kit_line(&kit, rows[i].first);
        kit_line(&kit, "send 0 udp 192.0.2.2 a.example A");
        kit_line(&kit, rows[i].second);
        kit_line(&kit, rows[i].told);
        kit_end(&kit);
    }
}

/* RFC 6891 7: who does not know EDNS0 is asked again without, and from then on. */
static void edns0_is_left_out_where_it_is_not_understood(void)
{
    static const char *const replies[] = {
        "reply 0 FORMERR",
        "reply 0 NOTIMP",
        "reply 0 ; ar . 1 OPT", /* BADVERS */
        "reply 0 FORMERR noquestion",
    };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct kit kit = {.now = 1000};
        check_note("%s", replies[i]);
        kit_line(&kit, "config 192.0.2.1 192.0.2.2 attempts=1");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 192.0.2.1 a.example A");
        kit_line(&kit, replies[i]);
        kit_line(&kit, "send 0 udp 192.0.2.1 a.example A plain");
        kit_line(&kit, "reply 0 ; a.example 300 A 192.0.2.9");
        kit_line(&kit, "told 1 FOUND insecure 300 192.0.2.9 from 192.0.2.1:53 took 0");
        kit_line(&kit, "ask b.example A");
        kit_line(&kit, "send 0 udp 192.0.2.1 b.example A plain");
        kit_line(&kit, "reply 0 FORMERR"); /* not that, then */
        kit_line(&kit, "send 0 udp 192.0.2.2 b.example A edns");
        kit_line(&kit, "fail 0");
        kit_line(&kit, "told 2 FAILED indeterminate FORMERR took 0");
        kit_end(&kit);
    }
}

static void truncation_leads_to_tcp(void)
{
    static const char *const replies[] = {
        "reply 0 tc",
        "reply 0 tc ; a.example 300 A 192.0.2.1",
        "reply 0 tc overcount short ; a.example 300 A 192.0.2.1",
    };
    static const char *const whole[] = {"reply 0", "reply 0 bytewise", "reply 0 lower"};
    for (size_t i = 0; i < 3; i++) {
        struct kit kit = {.now = 1000};
        char line[128];
        check_note("row %zu", i);
        kit_line(&kit, "config 127.0.0.1 192.0.2.2");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
        kit_line(&kit, "+1000");
        kit_line(&kit, replies[i]);
        kit_line(&kit, "send 0 tcp 127.0.0.1 a.example A");
        kit_line(&kit, "due 5000");
        kit_line(&kit, "raw 0");
        kit_line(&kit, "wait 0");
        strcpy(line, whole[i]);
        strcat(line, " ad ; a.example 300 A 192.0.2.9 ; a.example 300 A 192.0.2.8");
        kit_line(&kit, line);
        kit_line(&kit, "told 1 FOUND secure 300 192.0.2.9 192.0.2.8 from 127.0.0.1:53 took 1000");
        kit_end(&kit);
    }
}

/* By TCP the server alone can have said it: it is its failure. */
static void what_goes_wrong_by_tcp_leads_to_the_next_server(void)
{
    static const char *const lines[] = {
        "fail 0",
        "+5000",
        "reply 0 tc", /* never ends */
        "reply 0 badid ; a.example 300 A 192.0.2.1",
        "reply 0 badname ; a.example 300 A 192.0.2.1",
        "reply 0 noqr ; a.example 300 A 192.0.2.1",
        "reply 0 beyond ; a.example 300 A 192.0.2.1",
        "reply 0 bytewise trailing ; a.example 300 A 192.0.2.1",
        "reply 0 SERVFAIL",
        "raw 0 0000",
        "raw 0 0001ff",
        "raw 0 000c0000ffff00000000ffffffff",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct kit kit = {.now = 1000};
        check_note("%s", lines[i]);
        kit_line(&kit, "config 192.0.2.1 192.0.2.2");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 192.0.2.1 a.example A");
        kit_line(&kit, "reply 0 tc");
        kit_line(&kit, "send 0 tcp 192.0.2.1 a.example A");
        kit_line(&kit, lines[i]);
        kit_line(&kit, "send 0 udp 192.0.2.2 a.example A");
        kit_end(&kit);
    }
}

static void half_an_answer_is_waited_for(void)
{
    kit_run("config 192.0.2.1 attempts=1\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "reply 0 tc\n"
            "send 0 tcp 192.0.2.1 a.example A\n"
            "+2000\n"
            "reply 0 half ; a.example 300 A 192.0.2.1\n"
            "wait 0\n"
            "due 3000\n"
            "fail 0\n"
            "told 1 FAILED indeterminate server not reached took 2000");
    kit_run("config 192.0.2.1 attempts=1\n" /* a length of all there can be, and nothing more */
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "reply 0 tc\n"
            "send 0 tcp 192.0.2.1 a.example A\n"
            "raw 0 ffff\n"
            "+5000\n"
            "told 1 FAILED indeterminate no answer took 5000");
}

static void half_an_answer_is_forgotten_with_its_server(void)
{
    kit_run("config 192.0.2.1 192.0.2.2\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "reply 0 tc\n"
            "send 0 tcp 192.0.2.1 a.example A\n"
            "reply 0 half ; a.example 300 A 192.0.2.1\n"
            "fail 0\n"
            "send 0 udp 192.0.2.2 a.example A\n"
            "reply 0 tc\n"
            "send 0 tcp 192.0.2.2 a.example A\n"
            "reply 0 ; a.example 300 A 192.0.2.2\n"
            "told 1 FOUND insecure 300 192.0.2.2 from 192.0.2.2:53 took 0");
}

/* By TCP a server may not know EDNS0 either. */
static void edns0_is_left_out_by_tcp_too(void)
{
    kit_run("config 192.0.2.1 attempts=1\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "reply 0 tc\n"
            "send 0 tcp 192.0.2.1 a.example A\n"
            "reply 0 FORMERR noquestion\n"
            "send 0 udp 192.0.2.1 a.example A plain\n"
            "reply 0 tc\n"
            "send 0 tcp 192.0.2.1 a.example A plain\n"
            "reply 0 FORMERR noquestion\n"
            "told 1 FAILED indeterminate FORMERR took 0");
}

/* 0x20: a server that writes the question in its own way is asked by TCP, now and later. */
static void a_server_that_breaks_case_is_asked_by_tcp(void)
{
    kit_run("config 192.0.2.1 192.0.2.2\n"
            "ask quite-a-long-name.example A\n"
            "send 0 udp 192.0.2.1 quite-a-long-name.example A\n"
            "reply 0 lower ; quite-a-long-name.example 300 A 192.0.2.6\n"
            "send 0 tcp 192.0.2.1 quite-a-long-name.example A\n"
            "reply 0 upper ; quite-a-long-name.example 300 A 192.0.2.9\n"
            "told 1 FOUND insecure 300 192.0.2.9 from 192.0.2.1:53 took 0\n"
            "ask another-long-name.example A\n"
            "send 0 tcp 192.0.2.1 another-long-name.example A\n"
            "fail 0\n"
            "send 0 udp 192.0.2.2 another-long-name.example A\n"
            "reply 0 ; another-long-name.example 300 A 192.0.2.9\n"
            "told 2 FOUND insecure 300 192.0.2.9 from 192.0.2.2:53 took 0");
}

static void rotate_begins_elsewhere(void)
{
    struct kit kit = {.now = 1000};
    unsigned seen[4] = {0};
    kit_line(&kit, "config 192.0.2.1 192.0.2.2 192.0.2.3 rotate attempts=1");
    for (int i = 0; i < 60; i++) {
        struct xm_channel channel;
        kit_line(&kit, "ask a.example A");
        for (int step = 0; step < 3; step++) { /* each server once, in turn */
            unsigned before = channel.server.ip[3];
            xm_resolver_get_channel(kit.resolver, 0, &channel);
            CHECK(step == 0 || channel.server.ip[3] == before % 3 + 1);
            seen[channel.server.ip[3]] += step == 0;
            kit_line(&kit, "fail 0");
        }
        struct xm_resolver_event event;
        CHECK_INT(xm_resolver_next(kit.resolver, &event), 1);
    }
    CHECK(seen[1] > 8 && seen[2] > 8 && seen[3] > 8);
    kit_end(&kit);
}

static void without_a_server_every_question_fails(void)
{
    kit_run("config\n"
            "ask a.example A\n"
            "none 0\n"
            "due never\n"
            "told 1 FAILED indeterminate no server took 0\n"
            "told nothing");
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"silence leads to the next server", silence_leads_to_the_next_server},
        {"a failure leads to the next server at once", a_failure_leads_to_the_next_server_at_once},
        {"an authority may say no", an_authority_may_say_no},
        {"the most telling failure is the reason", the_most_telling_failure_is_the_reason},
        {"EDNS0 is left out where it is not understood",
         edns0_is_left_out_where_it_is_not_understood},
        {"truncation leads to TCP", truncation_leads_to_tcp},
        {"what goes wrong by TCP leads to the next server",
         what_goes_wrong_by_tcp_leads_to_the_next_server},
        {"half an answer is waited for", half_an_answer_is_waited_for},
        {"half an answer is forgotten with its server",
         half_an_answer_is_forgotten_with_its_server},
        {"EDNS0 is left out by TCP, too", edns0_is_left_out_by_tcp_too},
        {"a server that breaks case is asked by TCP", a_server_that_breaks_case_is_asked_by_tcp},
        {"rotate begins elsewhere", rotate_begins_elsewhere},
        {"without a server every question fails", without_a_server_every_question_fails},
    };
    return CHECK_MAIN(argc, argv, "dns-servers", cases);
}
