/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of destination addresses: RFC 6724 10.2 as far as the rules go that can be known, the
 * rank of the target in its place, and families interleaved. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dial/address.h"

enum { DESTS_MAX = 6 };

struct row {
    const char *what;
    struct {
        const char *addr;
        const char *source; /* NULL: none */
        unsigned rank;
    } list[DESTS_MAX];
    const char *order; /* where each stood, as digits */
};

static size_t fill(const struct row *row, struct xm_dest *list)
{
    size_t n = 0;
    memset(list, 0, DESTS_MAX * sizeof *list);
    for (; n < DESTS_MAX && row->list[n].addr; n++) {
        CHECK(xm_addr_parse(row->list[n].addr, 5222, &list[n].addr));
        if (row->list[n].source) {
            CHECK(xm_addr_parse(row->list[n].source, 0, &list[n].source));
        }
        list[n].rank = row->list[n].rank;
        list[n].index = n;
    }
    return n;
}

static void check_order(const struct row *row, const struct xm_dest *list, size_t n)
{
    char text[DESTS_MAX + 1] = "";
    for (size_t i = 0; i < n; i++) {
        text[i] = (char)('0' + list[i].index);
    }
    check_note("%s", row->what);
    CHECK_STR(text, row->order);
}

static void by_the_rules_of_rfc_6724(void)
{
    static const struct row rows[] = {
        /* RFC 6724 10.2 */
        {"10.2: matching scope, IPv6 has one",
         {{"198.51.100.121", "169.254.13.78", 0}, {"2001:db8:1::1", "2001:db8:1::2", 0}},
         "10"},
        {"10.2: matching scope, IPv4 has one",
         {{"2001:db8:1::1", "fe80::1", 0}, {"198.51.100.121", "198.51.100.117", 0}},
         "10"},
        {"10.2: higher precedence",
         {{"10.1.2.3", "10.1.2.4", 0}, {"2001:db8:1::1", "2001:db8:1::2", 0}},
         "10"},
        {"10.2: smaller scope",
         {{"2001:db8:1::1", "2001:db8:1::2", 0}, {"fe80::1", "fe80::2", 0}},
         "10"},
        {"10.2: longest matching prefix",
         {{"2001:db8:3ffe::1", "2001:db8:3f44::2", 0}, {"2001:db8:1::1", "2001:db8:1::2", 0}},
         "10"},
        {"10.2: matching label",
         {{"2001:db8:1::1", "2002:c633:6401::2", 0}, {"2002:c633:6401::1", "2002:c633:6401::2", 0}},
         "10"},
        {"10.2: higher precedence, native before 6to4",
         {{"2002:c633:6401::1", "2002:c633:6401::2", 0}, {"2001:db8:1::1", "2001:db8:1::2", 0}},
         "10"},
        /* rule by rule */
        {"1: what has no source stands last",
         {{"2001:db8::1", NULL, 0}, {"192.0.2.1", "169.254.0.1", 9}},
         "10"},
        {"5 before 6: IPv4 before IPv6 from another label",
         {{"2001:db8::1", "fc00::1", 0}, {"192.0.2.1", "192.0.2.9", 0}},
         "10"},
        {"6: precedence from the table",
         {{"fc00::1", "fc00::2", 0},
          {"2001::1", "2001::2", 0},
          {"2002::1", "2002::2", 0},
          {"192.0.2.1", "192.0.2.2", 0},
          {"2a00::1", "2a00::2", 0},
          {"::1", "::1", 0}},
         "543210"},
        {"8: loopback is as link-local",
         {{"192.0.2.1", "192.0.2.2", 0}, {"127.0.0.1", "127.0.0.1", 0}},
         "10"},
        {"8: site-local is smaller than global",
         {{"3ffe::1", "3ffe::2", 0}, {"fec0::1", "fec0::2", 0}},
         "10"},
        {"8: 169.254 is link-local, and nothing beside it",
         {{"169.253.0.1", "192.0.2.1", 0}, {"169.254.0.1", "169.254.0.2", 0}},
         "10"},
        {"2: groups say what their scope is",
         {{"ff02::1", "2001:db8::1", 0}, {"ff0e::1", "2001:db8::1", 0}},
         "10"},
        {"rank before 9",
         {{"2001:db8:1::1", "2001:db8:1::2", 1}, {"2001:db8:3ffe::1", "2001:db8:3f44::2", 0}},
         "10"},
        {"rank behind 6", {{"192.0.2.1", "192.0.2.2", 0}, {"2a00::1", "2a00::2", 9}}, "10"},
        {"9: bits of the network alone",
         {{"2001:db8::ff", "2001:db8::1", 0}, {"2001:db8::2", "2001:db8::1", 0}},
         "01"},
        {"9: IPv4 too", {{"192.0.66.1", "192.0.2.9", 0}, {"192.0.3.1", "192.0.2.9", 0}}, "10"},
        {"10: otherwise as it was",
         {{"192.0.2.9", "192.0.2.1", 0}, {"192.0.2.8", "192.0.2.1", 0}, {"192.0.2.7", NULL, 0}},
         "012"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_dest list[DESTS_MAX];
        size_t n = fill(&rows[i], list);
        xm_dest_sort(list, n);
        check_order(&rows[i], list, n);
    }
}

static void families_are_interleaved(void)
{
    static const struct row rows[] = {
        {"one family", {{"192.0.2.1", 0, 0}, {"192.0.2.2", 0, 0}}, "01"},
        {"as the first begins",
         {{"2a00::1", 0, 0}, {"2a00::2", 0, 0}, {"2a00::3", 0, 0}, {"192.0.2.1", 0, 0}},
         "0312"},
        {"with IPv4 in front",
         {{"192.0.2.1", 0, 0}, {"192.0.2.2", 0, 0}, {"2a00::1", 0, 0}, {"2a00::2", 0, 0}},
         "0213"},
        {"what is interleaved stays so",
         {{"192.0.2.1", 0, 0}, {"2a00::1", 0, 0}, {"192.0.2.2", 0, 0}, {"2a00::2", 0, 0}},
         "0123"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_dest list[DESTS_MAX];
        size_t n = fill(&rows[i], list);
        xm_dest_interleave(list, n);
        check_order(&rows[i], list, n);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"by the rules of RFC 6724", by_the_rules_of_rfc_6724},
        {"families are interleaved", families_are_interleaved},
    };
    return CHECK_MAIN(argc, argv, "dial-address", cases);
}
