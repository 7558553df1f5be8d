/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the attacker's side: answers that are none, answers to what was not asked, records that were
 * slipped in, messages made to be read badly. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dns/message.h"
#include "kit.h"

/* RFC 5452 9.1: what comes by UDP and is not the answer is dropped, and waiting goes on as if it had
 * not come. */
static void what_is_not_the_answer_is_dropped(void)
{
    static const char *const lines[] = {
        "reply 0 badid ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 noqr ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 badname ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 badtype ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 badclass ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 notify ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 noquestion ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 twoquestions ; long-enough-name.example 300 A 192.0.2.66",
        "reply 0 noquestion",
        "reply 0 badid tc",
        "reply 0 badid lower tc",
        "reply 0 badid SERVFAIL",
        "reply 0 badid FORMERR noquestion",
        "reply 0 noqr FORMERR noquestion",
        "reply 0 oversize ; long-enough-name.example 300 A 192.0.2.66",
        "raw 0", /* a datagram of nothing */
        "raw 0 00",
        "raw 0 000000000000000000000000",
        "raw 0 ffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct kit kit = {.now = 1000};
        check_note("%s", lines[i]);
        kit_line(&kit, "config 127.0.0.1 192.0.2.2");
        kit_line(&kit, "ask long-enough-name.example A");
        kit_line(&kit, "send 0 udp 127.0.0.1 long-enough-name.example A");
        kit_line(&kit, "+10");
        for (int times = 0; times < 3; times++) {
            kit_line(&kit, lines[i]);
        }
        kit_line(&kit, "wait 0");
        kit_line(&kit, "due 4990");
        kit_line(&kit, "told nothing");
        kit_line(&kit, "reply 0 twice ; long-enough-name.example 300 A 192.0.2.1");
        kit_line(&kit, "told 1 FOUND insecure 300 192.0.2.1 from 127.0.0.1:53 took 10");
        kit_line(&kit, "told nothing");
        kit_end(&kit);
    }
}

/* Who knows all but the case makes us ask by TCP, and answers nothing. */
static void a_wrong_case_answers_nothing(void)
{
    kit_run("config 127.0.0.1\n"
            "ask long-enough-name.example A\n"
            "send 0 udp 127.0.0.1 long-enough-name.example A\n"
            "reply 0 lower ad ; long-enough-name.example 300 A 192.0.2.66\n"
            "told nothing\n"
            "send 0 tcp 127.0.0.1 long-enough-name.example A\n"
            "reply 0 ad ; long-enough-name.example 300 A 192.0.2.1\n"
            "told 1 FOUND secure 300 192.0.2.1 from 127.0.0.1:53 took 0");
}

/* Nothing but the chain of the name counts, and nothing else is remembered. */
static void records_that_were_not_asked_for_are_passed_over(void)
{
    kit_run("config 127.0.0.1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ; bank.example 9 A 192.0.2.66 ; a.example 300 A 192.0.2.1 ; "
            "a.example 5 CH 192.0.2.66 ; a.example 8 AAAA 2001:db8::66 ; "
            "bank.example 9 CNAME evil.example ; xa.example 9 A 192.0.2.66 ; "
            "ns bank.example 9 A 192.0.2.66 ; ns a.example 9 A 192.0.2.66 ; "
            "ar bank.example 9 A 192.0.2.66 ; ar a.example 9 A 192.0.2.66\n"
            "told 1 FOUND insecure 300 192.0.2.1 from 127.0.0.1:53 took 0\n"
            "ask bank.example A\n"
            "send 0 udp 127.0.0.1 bank.example A\n"
            "reply 0 ; a.example 300 A 192.0.2.66 ; ns example 9 SOA 9\n"
            "told 2 NONE insecure 9 from 127.0.0.1:53 took 0\n"
            "ask a.example AAAA\n"
            "send 0 udp 127.0.0.1 a.example AAAA");
}

/* How long "no" holds is said by a zone that has the name, and no other. */
static void another_zones_soa_says_nothing(void)
{
    static const char *const zones[] = {"other", "xample", "b.a.example", "xa.example"};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct kit kit = {.now = 1000};
        char line[128];
        check_note("%s", zones[i]);
        kit_line(&kit, "config 127.0.0.1");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
        snprintf(line, sizeof line, "reply 0 NXDOMAIN ; ns %s 900 SOA 900", zones[i]);
        kit_line(&kit, line);
        kit_line(&kit, "told 1 NO_NAME insecure 0 from 127.0.0.1:53 took 0");
        kit_line(&kit, "ask a.example A"); /* nothing was kept */
        kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
        kit_end(&kit);
    }
}

/* RFC 2181 8, and bounds of ours: a day, three hours. */
static void times_to_live_are_bounded(void)
{
    kit_run("config 127.0.0.1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ; a.example 2147483647 A 192.0.2.1\n"
            "told 1 FOUND insecure 86400 192.0.2.1 from 127.0.0.1:53 took 0\n"
            "ask b.example A\n"
            "send 0 udp 127.0.0.1 b.example A\n"
            "reply 0 ; b.example 2147483648 A 192.0.2.1\n"
            "told 2 FOUND insecure 0 192.0.2.1 from 127.0.0.1:53 took 0\n"
            "ask c.example A\n"
            "send 0 udp 127.0.0.1 c.example A\n"
            "reply 0 ; ns . 86400 SOA 4000000000\n"
            "told 3 NONE insecure 10800 from 127.0.0.1:53 took 0");
}

static void targets_that_are_no_host_names_are_left_out(void)
{
    kit_run("config 127.0.0.1 attempts=1\n"
            "ask a.example SRV\n"
            "send 0 udp 127.0.0.1 a.example SRV\n"
            "reply 0 ; a.example 60 SRV 1 1 1 b\\000.example ; a.example 60 SRV 1 1 1 b\\012 ; "
            "a.example 60 SRV 1 1 1 b\\056c.example ; a.example 60 SRV 1 1 1 b\\134.example ; "
            "a.example 60 SRV 1 1 1 <b> ; a.example 60 SRV 1 1 1 b\\377 ; "
            "a.example 60 SRV 1 1 1 b/c ; a.example 60 SRV 1 1 1 b\\040c ; "
            "a.example 60 SRV 2 3 4 _B-c1.Example\n"
            "told 1 FOUND insecure 60 2/3/4/_b-c1.example from 127.0.0.1:53 took 0\n"
            "ask b.example SRV\n" /* there are records, so it is not "none" */
            "send 0 udp 127.0.0.1 b.example SRV\n"
            "reply 0 ; b.example 60 SRV 1 1 1 b\\000.example\n"
            "told 2 FAILED indeterminate malformed answer took 0");
}

static void records_of_a_wrong_size_are_malformed(void)
{
    static const struct {
        const char *type;
        const char *record;
    } rows[] = {
        {"A", "1 c0000201c0"},
        {"A", "1"},
        {"AAAA", "28 20010db8"},
        {"SRV", "33 000100010001"},
        {"SRV", "33 00010001000101"},         /* a label that never comes */
        {"SRV", "33 0001000100010161000000"}, /* bytes behind the target */
        {"SRV", "33 000100010001c0ff"},
        {"TLSA", "52 0301"},
        {"A", "5 0161"},
        {"A", "5 016100ff"},
        {"A", "5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit = {.now = 1000};
        char line[128];
        check_note("row %zu", i);
        kit_line(&kit, "config 127.0.0.1 attempts=1");
        snprintf(line, sizeof line, "ask a.example %s", rows[i].type);
        kit_line(&kit, line);
        snprintf(line, sizeof line, "send 0 udp 127.0.0.1 a.example %s", rows[i].type);
        kit_line(&kit, line);
        snprintf(line, sizeof line, "reply 0 ; a.example 60 TYPE %s", rows[i].record);
        kit_line(&kit, line);
        kit_line(&kit, "told 1 FAILED indeterminate malformed answer took 0");
        kit_end(&kit);
    }
}

/* A header that answers what was asked last, with its question: 12 + 11 + 4 bytes for "a.example". */
static size_t begin_answer(const struct kit *kit, struct wire *wire, unsigned n_answers)
{
    wire->n = 0;
    wire_u16(wire, kit->channels[0].query.id);
    wire_u16(wire, 0x8180);
    wire_u16(wire, 1);
    wire_u16(wire, n_answers);
    wire_u32(wire, 0);
    wire_name(wire, kit->channels[0].query.name);
    wire_u16(wire, kit->channels[0].query.type);
    wire_u16(wire, 1);
    return wire->n;
}

static void put_pointer_record(struct wire *wire, size_t target, unsigned type, const char *address)
{
    wire_u16(wire, 0xc000 | (unsigned)target);
    wire_u16(wire, type);
    wire_u16(wire, 1);
    wire_u32(wire, 60);
    wire_u16(wire, address ? 4 : 0);
    for (int i = 0; address && i < 4; i++) {
        wire_u8(wire, (uint8_t)address[i]);
    }
}

static void names_may_be_compressed(void)
{
    struct kit kit = {.now = 1000};
    static struct wire wire;
    kit_line(&kit, "config 127.0.0.1 attempts=1");
    kit_line(&kit, "ask a.example A");
    kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
    begin_answer(&kit, &wire, 1);
    put_pointer_record(&wire, 12, 1, "\1\2\3\4");
    xm_resolver_recv(kit.resolver, 0, wire.bytes, wire.n, kit.now);
    kit_line(&kit, "told 1 FOUND insecure 60 1.2.3.4 from 127.0.0.1:53 took 0");
    kit_end(&kit);
}

/* Pointers to themselves, forwards, into the header, out of the message; and many in a row. */
static void compression_leads_nowhere(void)
{
    static const unsigned targets[] = {27, 28, 0, 11, 0x3fff, 39, 40};
    static struct wire wire;
    for (size_t i = 0; i <= sizeof targets / sizeof *targets; i++) {
        struct kit kit = {.now = 1000};
        kit_line(&kit, "config 127.0.0.1 attempts=1");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
        size_t start = begin_answer(&kit, &wire, 1);
        check_note("row %zu", i);
        if (i < sizeof targets / sizeof *targets) {
            CHECK_INT(start, 27);
            put_pointer_record(&wire, targets[i], 1, "\1x\0y"); /* the name "x", at 39 */
        } else { /* a ladder in the data of a record that nobody reads, then a name at its top */
            wire_set(&wire, 6, 2);
            put_pointer_record(&wire, 12, 16, NULL);
            size_t length_at = wire.n - 2;
            for (size_t target = 12, at = wire.n; wire.n < 1000; target = at, at = wire.n) {
                wire_u16(&wire, 0xc000 | (unsigned)target);
            }
            wire_set(&wire, length_at, (unsigned)(wire.n - length_at - 2));
            put_pointer_record(&wire, wire.n - 2, 1, "\1\2\3\4");
        }
        xm_resolver_recv(kit.resolver, 0, wire.bytes, wire.n, kit.now);
        kit_line(&kit, "told 1 FAILED indeterminate malformed answer took 0");
        kit_end(&kit);
    }
}

/* However many records a message has, few of them are kept. */
static void what_is_kept_of_a_message_is_bounded(void)
{
    struct kit kit = {.now = 1000};
    struct xm_message message;
    static struct wire wire;
    kit_line(&kit, "config 127.0.0.1");
    kit_line(&kit, "ask a.example A");
    kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
    begin_answer(&kit, &wire, 4000);
    for (int i = 0; i < 4000; i++) {
        put_pointer_record(&wire, 12, 1, "\1\2\3\4");
    }
    if (CHECK_INT(xm_message_read(wire.bytes, wire.n, XM_RR_A, &message), 0)) {
        CHECK_INT(message.n_items, XM_MESSAGE_ITEMS_MAX);
        xm_message_done(&message);
    }
    kit_end(&kit);
}

/* A question whose name is longer than names can be, or has a label that is none, is not ours. */
static void a_question_of_bad_labels_is_dropped(void)
{
    static const unsigned lengths[] = {0x40, 0x80, 0xc0, 0xff};
    static struct wire wire;
    struct kit kit = {.now = 1000};
    kit_line(&kit, "config 127.0.0.1 attempts=1");
    kit_line(&kit, "ask a.example A");
    kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        begin_answer(&kit, &wire, 0);
        wire.bytes[12] = (uint8_t)lengths[i];
        xm_resolver_recv(kit.resolver, 0, wire.bytes, wire.n, kit.now);
        for (size_t n = 0; n < wire.n; n++) { /* cut anywhere */
            begin_answer(&kit, &wire, 0);
            xm_resolver_recv(kit.resolver, 0, wire.bytes, n, kit.now);
        }
    }
    begin_answer(&kit, &wire, 0);
    wire.n = 12;
    for (int i = 0; i < 10; i++) {
        wire_name(&wire, "a123456789012345678901234567890123456789012345678901234567890");
        wire.n--;
    }
    wire_u8(&wire, 0);
    wire_u32(&wire, 0x00010001);
    xm_resolver_recv(kit.resolver, 0, wire.bytes, wire.n, kit.now);
    kit_line(&kit, "wait 0");
    kit_line(&kit, "told nothing");
    kit_end(&kit);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"what is not the answer is dropped", what_is_not_the_answer_is_dropped},
        {"a wrong case answers nothing", a_wrong_case_answers_nothing},
        {"records that were not asked for are passed over",
         records_that_were_not_asked_for_are_passed_over},
        {"another zone's SOA says nothing", another_zones_soa_says_nothing},
        {"times to live are bounded", times_to_live_are_bounded},
        {"targets that are no host names are left out",
         targets_that_are_no_host_names_are_left_out},
        {"records of a wrong size are malformed", records_of_a_wrong_size_are_malformed},
        {"names may be compressed", names_may_be_compressed},
        {"compression leads nowhere", compression_leads_nowhere},
        {"what is kept of a message is bounded", what_is_kept_of_a_message_is_bounded},
        {"a question of bad labels is dropped", a_question_of_bad_labels_is_dropped},
    };
    return CHECK_MAIN(argc, argv, "dns-forged", cases);
}
