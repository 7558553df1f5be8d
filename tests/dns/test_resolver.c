/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resolver's dialogues: what is asked, what answers mean, how questions share what there is. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "kit.h"
#include "xmpp/error.h"

static void a_question_is_answered(void)
{
    kit_run("config 127.0.0.1\n"
            "ask Example.ORG. A -> 1\n"
            "due 5000\n"
            "send 0 udp 127.0.0.1 example.org A\n"
            "wait 0\n"
            "told nothing\n"
            "+7\n"
            "reply 0 ra ; example.org 300 A 192.0.2.1 ; EXAMPLE.org 200 A 192.0.2.2\n"
            "none 0\n"
            "due never\n"
            "told 1 FOUND insecure 200 192.0.2.1 192.0.2.2 from 127.0.0.1:53 took 7\n"
            "told nothing");
}

static void records_of_all_types_are_read(void)
{
    kit_run(
        "config 192.0.2.53\n"
        "ask example.org AAAA\n"
        "send 0 udp 192.0.2.53 example.org AAAA\n"
        "reply 0 ; example.org 1 AAAA 2001:db8::1\n"
        "told 1 FOUND insecure 1 [2001:db8::1] from 192.0.2.53:53 took 0\n"
        "ask _xmpp-client._tcp.example.org SRV\n"
        "send 0 udp 192.0.2.53 _xmpp-client._tcp.example.org SRV\n"
        "reply 0 ; _xmpp-client._tcp.example.org 60 SRV 10 20 5222 XMPP.example.org. ; "
        "_xmpp-client._tcp.example.org 50 SRV 0 0 0 .\n"
        "told 2 FOUND insecure 50 10/20/5222/xmpp.example.org 0/0/0/ from 192.0.2.53:53 took 0\n"
        "ask _5222._tcp.example.org TLSA\n"
        "send 0 udp 192.0.2.53 _5222._tcp.example.org TLSA\n"
        "reply 0 ; _5222._tcp.example.org 60 TLSA 3 1 1 abcdef ; "
        "_5222._tcp.example.org 60 TLSA 255 255 255\n"
        "told 3 FOUND insecure 60 3-1-1-abcdef 255-255-255- from 192.0.2.53:53 took 0");
}

/* RFC 2308: no name, no data; and what is neither is a failure. */
static void nothing_is_told_apart_from_a_failure(void)
{
    kit_run("config 192.0.2.53 attempts=1\n"
            "ask none.example A\n"
            "send 0 udp 192.0.2.53 none.example A\n"
            "reply 0 NXDOMAIN ; ns example 900 SOA 60\n"
            "told 1 NO_NAME insecure 60 from 192.0.2.53:53 took 0\n"
            "ask none.example AAAA\n"
            "send 0 udp 192.0.2.53 none.example AAAA\n"
            "reply 0 ; ns example 30 SOA 60\n"
            "told 2 NONE insecure 30 from 192.0.2.53:53 took 0\n"
            "ask none.example SRV\n"
            "send 0 udp 192.0.2.53 none.example SRV\n"
            "reply 0 SERVFAIL\n"
            "told 3 FAILED indeterminate SERVFAIL took 0\n"
            "ask none.example TLSA\n"
            "send 0 udp 192.0.2.53 none.example TLSA\n"
            "reply 0 aa\n" /* without a SOA: believed, and not kept */
            "told 4 NONE insecure 0 from 192.0.2.53:53 took 0\n"
            "ask both.example A\n"
            "send 0 udp 192.0.2.53 both.example A\n"
            "reply 0 NXDOMAIN ; both.example 60 A 192.0.2.66\n" /* the code says it first */
            "told 5 NO_NAME insecure 0 from 192.0.2.53:53 took 0");
}

static void ad_is_believed_of_loopback(void)
{
    kit_run("config 127.0.53.1 ::1 192.0.2.53 attempts=1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.53.1 a.example A\n"
            "reply 0 ad ; a.example 300 A 192.0.2.1\n"
            "told 1 FOUND secure 300 192.0.2.1 from 127.0.53.1:53 took 0\n"
            "ask b.example A\n"
            "send 0 udp 127.0.53.1 b.example A\n"
            "fail 0\n"
            "send 0 udp [::1] b.example A\n"
            "reply 0 ad NXDOMAIN ; ns example 300 SOA 60\n"
            "told 2 NO_NAME secure 60 from [::1]:53 took 0\n"
            "ask c.example A\n"
            "send 0 udp 127.0.53.1 c.example A\n"
            "fail 0\n"
            "send 0 udp [::1] c.example A\n"
            "fail 0\n"
            "send 0 udp 192.0.2.53 c.example A\n"
            "reply 0 ad ; c.example 300 A 192.0.2.1\n"
            "told 3 FOUND insecure 300 192.0.2.1 from 192.0.2.53:53 took 0");
    kit_run("config 192.0.2.53 trust-ad\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.53 a.example A\n"
            "reply 0 ad ; ns example 300 SOA 60\n"
            "told 1 NONE secure 60 from 192.0.2.53:53 took 0\n"
            "ask b.example A\n"
            "send 0 udp 192.0.2.53 b.example A\n"
            "reply 0 ; ns example 300 SOA 60\n"
            "told 2 NONE insecure 60 from 192.0.2.53:53 took 0");
}

static void the_same_question_shares_a_query(void)
{
    kit_run("config 192.0.2.53\n"
            "ask a.example A -> 1\n"
            "send 0 udp 192.0.2.53 a.example A\n"
            "+5\n"
            "ask A.example. A -> 2\n"
            "ask a.example AAAA -> 3\n"
            "send 1 udp 192.0.2.53 a.example AAAA\n"
            "none 2\n"
            "+5\n"
            "reply 0 ; a.example 300 A 192.0.2.1\n"
            "told 1 FOUND insecure 300 192.0.2.1 from 192.0.2.53:53 took 10\n"
            "told 2 FOUND insecure 300 192.0.2.1 from 192.0.2.53:53 took 5\n"
            "told nothing\n"
            "reply 1 ; ns example 9 SOA 9\n"
            "told 3 NONE insecure 9 from 192.0.2.53:53 took 5");
}

static void the_ninth_question_waits_for_a_channel(void)
{
    struct kit kit = {.now = 1000};
    char line[64];
    kit_line(&kit, "config 192.0.2.53 attempts=1");
    for (int i = 0; i < 10; i++) {
        snprintf(line, sizeof line, "ask n%d.example A", i);
        kit_line(&kit, line);
    }
    for (int i = 0; i < 8; i++) {
        snprintf(line, sizeof line, "send %d udp 192.0.2.53 n%d.example A", i, i);
        kit_line(&kit, line);
    }
    kit_line(&kit, "+100");
    kit_line(&kit, "reply 5 ; n5.example 1 A 192.0.2.5");
    kit_line(&kit, "send 5 udp 192.0.2.53 n8.example A");
    kit_line(&kit, "due 4900");
    kit_line(&kit, "told 6 FOUND insecure 1 192.0.2.5 from 192.0.2.53:53 took 100");
    kit_line(&kit, "+4900"); /* all others of the first eight have had their time */
    kit_line(&kit, "send 0 udp 192.0.2.53 n9.example A");
    kit_line(&kit, "none 1");
    kit_line(&kit, "told 1 FAILED indeterminate no answer took 5000");
    kit_line(&kit, "reply 5 ; n8.example 1 A 192.0.2.8");
    kit_line(&kit, "told 2 FAILED indeterminate no answer took 5000");
    kit_end(&kit);
}

static void questions_are_bounded_and_can_be_cancelled(void)
{
    struct kit kit = {.now = 1000};
    char line[64];
    kit_line(&kit, "config 192.0.2.53");
    for (int i = 0; i < 64; i++) {
        snprintf(line, sizeof line, "ask n%d.example A -> %d", i, i + 1);
        kit_line(&kit, line);
    }
    kit_line(&kit, "ask more.example A -> TOO_BIG");
    kit_line(&kit, "send 7 udp 192.0.2.53 n7.example A");
    kit_line(&kit, "cancel");
    kit_line(&kit, "told nothing");
    kit_line(&kit, "due never");
    for (int i = 0; i < 8; i++) {
        snprintf(line, sizeof line, "none %d", i);
        kit_line(&kit, line);
    }
    kit_line(&kit, "reply 7 ; n7.example 1 A 192.0.2.7"); /* too late */
    kit_line(&kit, "fail 7");
    kit_line(&kit, "+9000");
    kit_line(&kit, "told nothing");
    kit_line(&kit, "ask n7.example A -> 65");
    kit_line(&kit, "send 0 udp 192.0.2.53 n7.example A");
    kit_end(&kit);
}

static void what_is_no_name_is_refused(void)
{
    static const char *const names[] = {
        "",       ".",
        "..",     ".a",
        "a..b",   "a..",
        "a b",    "a\\046b",
        "a\nb",   "b\xc3\xbc.example",
        "a.\x7f", "x123456789012345678901234567890123456789012345678901234567890123.example",
    };
    struct kit kit = {.now = 1000};
    char name[300] = "";
    kit_line(&kit, "config 192.0.2.53");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check_note("%s", names[i]);
        CHECK_INT(xm_resolver_ask(kit.resolver, names[i], XM_RR_A, 0), XMPP_E_INVAL);
    }
    while (strlen(name) < 252) {
        strcat(name, "a.");
    }
    strcat(name, "a"); /* 253 bytes */
    CHECK(xm_resolver_ask(kit.resolver, name, XM_RR_A, 0) > 0);
    strcat(name, "."); /* the dot does not count */
    CHECK(xm_resolver_ask(kit.resolver, name, XM_RR_A, 0) > 0);
    strcpy(name + 253, "a");
    CHECK_INT(xm_resolver_ask(kit.resolver, name, XM_RR_A, 0), XMPP_E_INVAL);
    name[252] = '\0';
    char line[400];
    snprintf(line, sizeof line, "send 0 udp 192.0.2.53 %sa A", name);
    kit_line(&kit, line);
    kit_end(&kit);
}

/* RFC 5452 9.2: nothing of the next query follows from this one. */
static void ids_and_case_differ_each_time(void)
{
    struct kit kit = {.now = 1000};
    unsigned ids[8];
    char names[8][256];
    kit_line(&kit, "config 192.0.2.53 attempts=5 timeout=1000");
    kit_line(&kit, "ask quite-a-long-name-with-many-letters.example A");
    for (int i = 0; i < 5; i++) {
        kit_line(&kit, "send 0 udp 192.0.2.53 quite-a-long-name-with-many-letters.example A");
        ids[i] = kit.channels[0].query.id;
        strcpy(names[i], kit.channels[0].query.name);
        for (int j = 0; j < i; j++) {
            CHECK(ids[i] != ids[j]);
            CHECK(strcmp(names[i], names[j]) != 0);
        }
        kit_line(&kit, "+1000");
    }
    kit_line(&kit, "told 1 FAILED indeterminate no answer took 5000");
    kit_end(&kit);
}

static void more_records_than_an_answer_has_are_cut_off(void)
{
    char line[8192] = "reply 0 bytewise ";
    struct kit kit = {.now = 1000};
    struct xm_resolver_event event;
    for (int i = 0; i < 150; i++) {
        snprintf(line + strlen(line), sizeof line - strlen(line), "; m.example %d A 192.0.2.%d",
                 1000 - i, i);
    }
    kit_line(&kit, "config 192.0.2.53");
    kit_line(&kit, "ask m.example A");
    kit_line(&kit, "send 0 udp 192.0.2.53 m.example A");
    kit_line(&kit, "reply 0 tc");
    kit_line(&kit, "send 0 tcp 192.0.2.53 m.example A");
    kit_line(&kit, line);
    if (CHECK_INT(xm_resolver_next(kit.resolver, &event), 1)) {
        CHECK_INT(event.answer->n_records, XM_ANSWER_RECORDS_MAX);
        CHECK_INT(event.answer->records[63].addr.ip[3], 63);
        CHECK_INT(event.answer->ttl, 1000 - 149);
    }
    kit_end(&kit);
}

static void of_too_many_targets_the_first_in_order_are_kept(void)
{
    char line[8192] = "reply 0 bytewise ";
    struct kit kit = {.now = 1000};
    struct xm_resolver_event event;
    for (int i = 0; i < 150; i++) {
        snprintf(line + strlen(line), sizeof line - strlen(line), "; m.example 60 SRV %d 0 5222 t",
                 149 - i);
    }
    kit_line(&kit, "config 192.0.2.53");
    kit_line(&kit, "ask m.example SRV");
    kit_line(&kit, "send 0 udp 192.0.2.53 m.example SRV");
    kit_line(&kit, "reply 0 tc");
    kit_line(&kit, "send 0 tcp 192.0.2.53 m.example SRV");
    kit_line(&kit, line);
    if (CHECK_INT(xm_resolver_next(kit.resolver, &event), 1)) {
        CHECK_INT(event.answer->n_records, XM_ANSWER_RECORDS_MAX);
        for (size_t i = 0; i < event.answer->n_records; i++) {
            CHECK(event.answer->records[i].priority < XM_ANSWER_RECORDS_MAX);
        }
    }
    kit_end(&kit);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a question is answered", a_question_is_answered},
        {"of too many targets the first in order are kept",
         of_too_many_targets_the_first_in_order_are_kept},
        {"records of all types are read", records_of_all_types_are_read},
        {"nothing is told apart from a failure", nothing_is_told_apart_from_a_failure},
        {"AD is believed of loopback", ad_is_believed_of_loopback},
        {"the same question shares a query", the_same_question_shares_a_query},
        {"the ninth question waits for a channel", the_ninth_question_waits_for_a_channel},
        {"questions are bounded, and can be cancelled", questions_are_bounded_and_can_be_cancelled},
        {"what is no name is refused", what_is_no_name_is_refused},
        {"ids and case differ each time", ids_and_case_differ_each_time},
        {"more records than an answer has are cut off",
         more_records_than_an_answer_has_are_cut_off},
    };
    return CHECK_MAIN(argc, argv, "dns-resolver", cases);
}
