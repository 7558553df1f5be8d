/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept of answers, for how long, and how much. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "dns/cache.h"
#include "kit.h"

static void answers_hold_for_their_time(void)
{
    kit_run("config 127.0.0.1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ad ; a.example 10 A 192.0.2.1 ; a.example 5 A 192.0.2.2\n"
            "told 1 FOUND secure 5 192.0.2.1 192.0.2.2 from 127.0.0.1:53 took 0\n"
            "+4001\n"
            "ask A.example. A -> 2\n"
            "none 0\n"
            "told 2 FOUND secure 1 192.0.2.1 192.0.2.2 took 0\n"
            "+999\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A");
}

static void so_do_those_that_say_no(void)
{
    kit_run("config 127.0.0.1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 NXDOMAIN ; ns example 9 SOA 60\n"
            "told 1 NO_NAME insecure 9 from 127.0.0.1:53 took 0\n"
            "ask a.example AAAA\n"
            "send 0 udp 127.0.0.1 a.example AAAA\n"
            "reply 0 ; ns . 60 SOA 8\n"
            "told 2 NONE insecure 8 from 127.0.0.1:53 took 0\n"
            "+7999\n"
            "ask a.example A\n"
            "told 3 NO_NAME insecure 2 took 0\n"
            "ask a.example AAAA\n"
            "told 4 NONE insecure 1 took 0\n"
            "+1\n"
            "ask a.example AAAA\n"
            "send 0 udp 127.0.0.1 a.example AAAA");
}

static void failures_are_not_kept(void)
{
    kit_run("config 127.0.0.1 attempts=1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 SERVFAIL\n"
            "ask a.example A -> 2\n" /* before the first is told: asked anew */
            "send 0 udp 127.0.0.1 a.example A\n"
            "told 1 FAILED indeterminate SERVFAIL took 0\n"
            "reply 0 ; a.example 10 A 192.0.2.1\n"
            "told 2 FOUND insecure 10 192.0.2.1 from 127.0.0.1:53 took 0");
}

static void idle_and_cancel_leave_what_holds(void)
{
    kit_run("config 127.0.0.1 attempts=1\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ; a.example 10 A 192.0.2.1\n"
            "ask b.example A\n"
            "cancel\n"
            "told nothing\n"
            "forget\n"
            "ask a.example A -> 3\n"
            "told 3 FOUND insecure 10 192.0.2.1 took 0");
}

/* Who has joined another network, or a setting, does not want to hear what the old servers said, nor is
 * what was believed of them secure any more. */
static void other_servers_have_not_said_it(void)
{
    kit_run("config 127.0.0.1 trust-ad\n"
            "ask a.example A\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ad ; a.example 10 A 192.0.2.1\n"
            "told 1 FOUND secure 10 192.0.2.1 from 127.0.0.1:53 took 0\n"
            "config 127.0.0.1 trust-ad timeout=3000 attempts=1\n"
            "ask a.example A -> 2\n"
            "told 2 FOUND secure 10 192.0.2.1 took 0\n"
            "config 127.0.0.1\n"
            "ask a.example A -> 3\n"
            "send 0 udp 127.0.0.1 a.example A\n"
            "reply 0 ; a.example 10 A 192.0.2.1\n"
            "told 3 FOUND insecure 10 192.0.2.1 from 127.0.0.1:53 took 0\n"
            "config 192.0.2.53\n"
            "ask a.example A -> 4\n"
            "send 0 udp 192.0.2.53 a.example A\n"
            "reply 0 ; a.example 10 A 192.0.2.9\n"
            "told 4 FOUND insecure 10 192.0.2.9 from 192.0.2.53:53 took 0");
}

static void put(struct xm_dns_cache *cache, int number, uint32_t ttl)
{
    char name[32];
    const struct xm_answer answer = {.status = XM_ANSWER_NONE, .ttl = ttl};
    snprintf(name, sizeof name, "n%d", number);
    xm_dns_cache_put(cache, name, XM_RR_A, &answer, 0);
}

/* An idle connection keeps what is in here: a zone must not fill it with messages of 64 KiB. */
static void what_is_large_is_not_kept(void)
{
    static const uint8_t data[XM_DNS_CACHE_DATA_MAX];
    struct xm_dns_cache cache = {.n = 0};
    struct xm_record records[2] = {{.tlsa = {3, 0, 0, XM_DNS_CACHE_DATA_MAX - 1, data}},
                                   {.tlsa = {3, 0, 0, 1, data}}};
    struct xm_answer answer = {.ttl = 9, .n_records = 2, .records = records};
    xm_dns_cache_put(&cache, "fits", XM_RR_TLSA, &answer, 0);
    records[1].tlsa.n_data = 2;
    xm_dns_cache_put(&cache, "large", XM_RR_TLSA, &answer, 0);
    CHECK(xm_dns_cache_get(&cache, "fits", XM_RR_TLSA, 0) != NULL);
    CHECK(xm_dns_cache_get(&cache, "large", XM_RR_TLSA, 0) == NULL);
    xm_dns_cache_expire(&cache, INT64_MAX);
}

static void the_oldest_goes(void)
{
    struct xm_dns_cache cache = {.n = 0};
    for (int i = 0; i < XM_DNS_CACHE_MAX; i++) {
        put(&cache, i, 100);
    }
    put(&cache, 0, 100); /* anew: it is the youngest now */
    CHECK_INT(cache.n, XM_DNS_CACHE_MAX);
    put(&cache, XM_DNS_CACHE_MAX, 100);
    CHECK_INT(cache.n, XM_DNS_CACHE_MAX);
    CHECK(xm_dns_cache_get(&cache, "n0", XM_RR_A, 0) != NULL);
    CHECK(xm_dns_cache_get(&cache, "n1", XM_RR_A, 0) == NULL);
    CHECK(xm_dns_cache_get(&cache, "n2", XM_RR_A, 0) != NULL);
    CHECK(xm_dns_cache_get(&cache, "n2", XM_RR_AAAA, 0) == NULL);
    xm_dns_cache_expire(&cache, 99999);
    CHECK_INT(cache.n, XM_DNS_CACHE_MAX);
    xm_dns_cache_expire(&cache, 100000);
    CHECK_INT(cache.n, 0);
}

static void what_is_out_of_date_goes_alone(void)
{
    struct xm_dns_cache cache = {.n = 0};
    put(&cache, 1, 10);
    put(&cache, 2, 5);
    put(&cache, 3, 0); /* never kept */
    put(&cache, 4, 10);
    const struct xm_answer failed = {.status = XM_ANSWER_FAILED, .ttl = 10};
    xm_dns_cache_put(&cache, "n5", XM_RR_A, &failed, 0);
    CHECK_INT(cache.n, 3);
    xm_dns_cache_expire(&cache, 5000);
    CHECK_INT(cache.n, 2);
    CHECK(xm_dns_cache_get(&cache, "n1", XM_RR_A, 10000) == NULL);
    CHECK_INT(cache.n, 1);
    xm_dns_cache_expire(&cache, INT64_MAX);
    CHECK_INT(cache.n, 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"answers hold for their time", answers_hold_for_their_time},
        {"so do those that say no", so_do_those_that_say_no},
        {"failures are not kept", failures_are_not_kept},
        {"idle and cancel leave what holds", idle_and_cancel_leave_what_holds},
        {"other servers have not said it", other_servers_have_not_said_it},
        {"what is large is not kept", what_is_large_is_not_kept},
        {"the oldest goes", the_oldest_goes},
        {"what is out of date goes alone", what_is_out_of_date_goes_alone},
    };
    return CHECK_MAIN(argc, argv, "dns-cache", cases);
}
