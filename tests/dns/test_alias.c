/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aliases: chains inside a message and across messages, and those without an end. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "kit.h"

static void a_chain_in_a_message_is_followed_by_name(void)
{
    kit_run("config 127.0.0.1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ad ; c.example 300 A 192.0.2.1 ; b.example 100 CNAME C.example ; "
            "x.example 1 CNAME y.example ; A.EXAMPLE 200 CNAME B.example ; "
            "b.example 9 A 192.0.2.66\n" /* what is an alias has no other records; this one has */
            "told 1 FOUND secure 9 192.0.2.66 from 127.0.0.1:53 took 0\n"
            "ask d.example A\n"
            "send 0 udp 127.0.0.1 d.example A\n"
            "reply 0 ad ; c.example 300 A 192.0.2.1 ; b.example 100 CNAME C.example ; "
            "x.example 1 CNAME y.example ; D.EXAMPLE 200 CNAME B.example\n"
            "told 2 FOUND secure 100 192.0.2.1 from 127.0.0.1:53 took 0");
}

/* RFC 6672 3.1: the server has made the alias that a DNAME means. */
static void a_dname_comes_with_its_alias(void)
{
    kit_run("config 127.0.0.1\n"
            "ask a.old.example A\n"
            "send 0 udp 127.0.0.1 a.old.example A\n"
            "reply 0 ; old.example 300 DNAME new.example ; a.old.example 0 CNAME a.new.example ; "
            "a.new.example 300 A 192.0.2.1\n"
            "told 1 FOUND insecure 0 192.0.2.1 from 127.0.0.1:53 took 0");
}

static void a_chain_that_leads_out_is_asked_on(void)
{
    kit_run("config 192.0.2.66 127.0.0.1 127.0.0.2\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.66 a.example A\n"
            "fail 0\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "+10\n"
            "reply 0 ad ; a.example 200 CNAME b.other ; ns example 5 NS ns.example\n"
            "send 0 udp 127.0.0.1 b.other A\n" /* the server that has answered */
            "due 5000\n"
            "told nothing\n"
            "reply 0 SERVFAIL\n"
            "send 0 udp 127.0.0.2 b.other A\n"
            "reply 0 ad ; b.other 300 CNAME c.other ; c.other 300 A 192.0.2.1\n"
            "told 1 FOUND secure 200 192.0.2.1 from 127.0.0.2:53 took 10\n"
            "ask a.example A\n" /* kept under the name that was asked for */
            "told 2 FOUND secure 200 192.0.2.1 took 0\n"
            "ask b.other A\n"
            "send 0 udp 192.0.2.66 b.other A");
}

static void nothing_at_the_end_is_nothing(void)
{
    kit_run("config 127.0.0.1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 NXDOMAIN ; a.example 20 CNAME b.example ; ns example 300 SOA 60\n"
            "told 1 NO_NAME insecure 20 from 127.0.0.1:53 took 0\n"
            "ask c.example A\n"
            "send 0 udp 127.0.0.1 c.example A\n"
            "reply 0 ; c.example 90 CNAME b.example ; ns example 300 SOA 60\n"
            "told 2 NONE insecure 60 from 127.0.0.1:53 took 0\n"
            "ask d.example A\n"
            "send 0 udp 127.0.0.1 d.example A\n"
            "reply 0 ; d.example 90 CNAME b.other ; ns example 300 SOA 60\n" /* not its zone */
            "send 0 udp 127.0.0.1 b.other A\n"
            "reply 0 NXDOMAIN\n"
            "told 3 NO_NAME insecure 0 from 127.0.0.1:53 took 0");
}

/* RFC 7673 3.1: the whole chain, or nothing. */
static void one_insecure_link_makes_all_insecure(void)
{
    static const char *const bits[][2] = {{"ad", ""}, {"", "ad"}};
    for (size_t i = 0; i < 2; i++) {
        struct kit kit = {.now = 1000};
        char line[128];
        check_note("row %zu", i);
        kit_line(&kit, "config 127.0.0.1");
        kit_line(&kit, "ask a.example A");
        kit_line(&kit, "send 0 udp 127.0.0.1 a.example A");
        snprintf(line, sizeof line, "reply 0 %s ; a.example 200 CNAME b.other", bits[i][0]);
        kit_line(&kit, line);
        kit_line(&kit, "send 0 udp 127.0.0.1 b.other A");
        snprintf(line, sizeof line, "reply 0 %s ; b.other 200 A 192.0.2.1", bits[i][1]);
        kit_line(&kit, line);
        kit_line(&kit, "told 1 FOUND insecure 200 192.0.2.1 from 127.0.0.1:53 took 0");
        kit_end(&kit);
    }
    kit_run("config 127.0.0.1 192.0.2.1\n" /* both say AD, and one is believed */
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ad ; a.example 200 CNAME b.other\n"
            "send 0 udp 127.0.0.1 b.other A\n"
            "fail 0\n"
            "send 0 udp 192.0.2.1 b.other A\n"
            "reply 0 ad ; b.other 200 A 192.0.2.1\n"
            "told 1 FOUND insecure 200 192.0.2.1 from 192.0.2.1:53 took 0");
}

/* An answer that was not taken leaves no trace in what comes behind it. */
static void a_server_that_fails_takes_its_word_along(void)
{
    kit_run("config 192.0.2.1 127.0.0.1\n"
            "ask a.example A\n"
            "send 0 udp 192.0.2.1 a.example A\n"
            "reply 0 trailing ; a.example 1 CNAME b.example\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ad ; a.example 200 A 192.0.2.1\n"
            "told 1 FOUND secure 200 192.0.2.1 from 127.0.0.1:53 took 0\n"
            "ask c.example A\n"
            "send 0 udp 192.0.2.1 c.example A\n"
            "reply 0 ; c.example 1 CNAME .\n" /* an alias to what cannot be asked for */
            "send 0 udp 127.0.0.1 c.example A\n"
            "reply 0 ad ; c.example 200 A 192.0.2.1\n"
            "told 2 FOUND secure 200 192.0.2.1 from 127.0.0.1:53 took 0");
}

static void loops_end(void)
{
    kit_run("config 127.0.0.1 127.0.0.2\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ; a.example 60 CNAME b.example ; b.example 60 CNAME a.example\n"
            "none 0\n"
            "told 1 FAILED indeterminate alias loop took 0\n"
            "ask s.example A\n"
            "send 0 udp 127.0.0.1 s.example A\n"
            "reply 0 NXDOMAIN ; s.example 60 CNAME s.example\n"
            "told 2 FAILED indeterminate alias loop took 0");
}

/* Eight links lead to an answer, nine do not, over however many messages. */
static void chains_are_bounded_over_all_messages(void)
{
    for (int n_links = 8; n_links <= 9; n_links++) {
        struct kit kit = {.now = 1000};
        char line[128];
        check_note("%d links", n_links);
        kit_line(&kit, "config 127.0.0.1");
        kit_line(&kit, "ask n0.example A");
        for (int i = 0; i < n_links; i++) {
            snprintf(line, sizeof line, "send 0 udp 127.0.0.1 n%d.example A", i);
            kit_line(&kit, line);
            snprintf(line, sizeof line, "reply 0 ; n%d.example 60 CNAME n%d.example", i, i + 1);
            kit_line(&kit, line);
        }
        if (n_links == 9) {
            kit_line(&kit, "told 1 FAILED indeterminate alias loop took 0");
        } else {
            kit_line(&kit, "send 0 udp 127.0.0.1 n8.example A");
            kit_line(&kit, "reply 0 ; n8.example 60 A 192.0.2.1");
            kit_line(&kit, "told 1 FOUND insecure 60 192.0.2.1 from 127.0.0.1:53 took 0");
        }
        kit_end(&kit);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a chain in a message is followed by name", a_chain_in_a_message_is_followed_by_name},
        {"a DNAME comes with its alias", a_dname_comes_with_its_alias},
        {"a chain that leads out is asked on", a_chain_that_leads_out_is_asked_on},
        {"nothing at the end is nothing", nothing_at_the_end_is_nothing},
        {"one insecure link makes all insecure", one_insecure_link_makes_all_insecure},
        {"a server that fails takes its word along", a_server_that_fails_takes_its_word_along},
        {"loops end", loops_end},
        {"chains are bounded over all messages", chains_are_bounded_over_all_messages},
    };
    return CHECK_MAIN(argc, argv, "dns-alias", cases);
}
