/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The virtual nameservers against a codec that is not theirs: questions are written and answers are
 * read with ldns. */
#include <ldns/ldns.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "net/net.h"
#include "world/faults.h"
#include "world/names.h"
#include "world/world.h"
#include "xmpp/error.h"

enum { ID = 0x4711, SIZE = 4096 };
/* How a question is asked. */
enum { EDNS = 1, AD = 2, CD = 4, TCP = 8, SMALL = 16 };

static char text[65536];

static void add(const char *format, ...)
{
    size_t had = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + had, sizeof text - had, format, args);
    va_end(args);
}

/* In words: tabs and the newline of ldns become blanks. */
static void add_record(const ldns_rr *rr)
{
    char *line = ldns_rr2str(rr);
    size_t had = strlen(text);
    add(" %s", line);
    for (char *c = text + had; *c; c++) {
        *c = *c == '\t' ? ' ' : *c == '\n' ? ';' : *c;
    }
    free(line);
}

static void add_records(const ldns_rr_list *list, const char *head)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        add("%s", i == 0 ? head : "");
        add_record(ldns_rr_list_rr(list, i));
    }
}

/* What a message says, but for its question, which must be this. */
static void add_message(const uint8_t *bytes, size_t n, const char *name, int type)
{
    ldns_pkt *pkt = NULL;
    if (ldns_wire2pkt(&pkt, bytes, n) != LDNS_STATUS_OK) {
        add(" [%zu bytes of nonsense]", n);
        return;
    }
    unsigned rcode = (unsigned)ldns_pkt_get_rcode(pkt) | (unsigned)ldns_pkt_edns_extended_rcode(pkt)
                                                             << 4;
    const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(pkt), 0);
    char *asked = ldns_rdf2str(ldns_rr_owner(question));
    int is_same =
        strncmp(asked, name, strlen(name)) == 0 && (int)ldns_rr_get_type(question) == type;
    add(" [%u%s%s%s%s%s%s", rcode, ldns_pkt_id(pkt) == ID ? "" : " other-id",
        is_same ? "" : " other-question", ldns_pkt_tc(pkt) ? " tc" : "",
        ldns_pkt_ad(pkt) ? " ad" : "", ldns_pkt_cd(pkt) ? " cd" : "",
        ldns_pkt_edns(pkt) ? " edns" : "");
    CHECK(ldns_pkt_qr(pkt) && ldns_pkt_rd(pkt) && ldns_pkt_ra(pkt));
    add_records(ldns_pkt_answer(pkt), "");
    add_records(ldns_pkt_authority(pkt), " authority:");
    add_records(ldns_pkt_additional(pkt), " additional:");
    add("]");
    free(asked);
    ldns_pkt_free(pkt);
}

static size_t write_query(uint8_t *bytes, const char *name, int type, int how)
{
    ldns_pkt *pkt = ldns_pkt_query_new(ldns_dname_new_frm_str(name), (ldns_rr_type)type,
                                       LDNS_RR_CLASS_IN, LDNS_RD);
    uint8_t *wire = NULL;
    size_t n = 0;
    ldns_pkt_set_id(pkt, ID);
    ldns_pkt_set_ad(pkt, (how & AD) != 0);
    ldns_pkt_set_cd(pkt, (how & CD) != 0);
    if (how & EDNS) {
        ldns_pkt_set_edns_udp_size(pkt, how & SMALL ? 512 : 1232);
    }
    CHECK_INT(ldns_pkt2wire(&wire, pkt, &n), LDNS_STATUS_OK);
    memcpy(bytes, wire, n);
    free(wire);
    ldns_pkt_free(pkt);
    return n;
}

/* --- the client ------------------------------------------------------------------------------- */

static void hear_udp(int fd, const char *name, int type)
{
    uint8_t bytes[SIZE];
    ptrdiff_t n;
    while ((n = xm_net_recv(fd, bytes, sizeof bytes)) != XM_NET_AGAIN) {
        if (n == XM_NET_END) {
            add(" [empty]");
        } else if (n < 0) {
            add(" [%s]", xmpp_error_name((int)n));
        } else {
            add_message(bytes, (size_t)n, name, type);
        }
    }
}

static void hear_tcp(int fd, const char *name, int type)
{
    static uint8_t bytes[65536 + 2];
    size_t had = 0;
    ptrdiff_t n;
    while ((n = xm_net_recv(fd, bytes + had, sizeof bytes - had)) > 0) {
        had += (size_t)n;
        size_t length = had >= 2 ? (size_t)bytes[0] << 8 | bytes[1] : SIZE_MAX;
        if (length <= had - 2) {
            add_message(bytes + 2, length, name, type);
            had -= 2 + length;
            memmove(bytes, bytes + 2 + length, had);
        }
    }
    add("%s", had > 0 ? " [half]" : "");
    add("%s%s",
        n == XM_NET_AGAIN ? ""
        : n == XM_NET_END ? " [end]"
                          : " ",
        n == XM_NET_AGAIN || n == XM_NET_END ? "" : xmpp_error_name((int)n));
}

/* Asks, and waits for whatever comes within so many milliseconds. */
static const char *ask_for(int64_t ms, const char *ip, const char *name, int type, int how)
{
    struct xm_addr server;
    uint8_t bytes[2 + SIZE] = {0};
    size_t n = write_query(bytes + 2, name, type, how);
    int fd = -1;
    text[0] = '\0';
    CHECK(xm_addr_parse(ip, 53, &server));
    int opened = how & TCP ? xm_net_connect(&server, &fd) : xm_net_open_udp(&server, &fd);
    CHECK_INT(opened, 0);
    if (how & TCP) {
        int connected = xm_net_connect_result(fd);
        if (connected != 1) {
            xm_net_close(fd);
            return connected == 0 ? " [under way]" : xmpp_error_name(connected);
        }
        bytes[1] = (uint8_t)n;
        CHECK_INT(xm_net_send(fd, bytes, n + 2), n + 2);
    } else {
        CHECK_INT(xm_net_send(fd, bytes + 2, n), n);
    }
    world_advance(ms);
    (how & TCP ? hear_tcp : hear_udp)(fd, name, type);
    xm_net_close(fd);
    return text;
}

static const char *ask(const char *name, int type)
{
    return ask_for(0, "192.0.2.53", name, type, EDNS | AD);
}

static void begin(const char *lines)
{
    world_begin(1);
    names_begin();
    names_lines("server 192.0.2.53\n"
                "record capulet.example A 192.0.2.1\n"
                "record capulet.example A 192.0.2.2 ttl=5\n"
                "record xmpp.capulet.example AAAA 2001:db8::1\n");
    names_lines(lines);
}

static void end(void)
{
    names_end();
    CHECK_INT(world_end(), 0);
}

#define SOA " authority: capulet.example. 60 IN SOA ns.example. hostmaster.example. 0 0 0 0 60;"

/* --- answers ---------------------------------------------------------------------------------- */

static void answers_with_records(void)
{
    static const struct {
        const char *name;
        int type;
        const char *answer;
    } rows[] = {
        {"capulet.example", NAMES_A,
         " [0 edns capulet.example. 300 IN A 192.0.2.1; capulet.example. 5 IN A 192.0.2.2;]"},
        {"CAPULET.eXample", NAMES_A, /* the case of the question is kept (0x20) */
         " [0 edns CAPULET.eXample. 300 IN A 192.0.2.1; CAPULET.eXample. 5 IN A 192.0.2.2;]"},
        {"xmpp.capulet.example", NAMES_AAAA,
         " [0 edns xmpp.capulet.example. 300 IN AAAA 2001:db8::1;]"},
        {"_xmpp-client._tcp.capulet.example", NAMES_SRV,
         " [0 edns _xmpp-client._tcp.capulet.example. 300 IN SRV 5 10 5222 xmpp.capulet.example.;"
         " _xmpp-client._tcp.capulet.example. 300 IN SRV 0 0 0 .;]"},
        {"_5222._tcp.xmpp.capulet.example", NAMES_TLSA,
         " [0 edns _5222._tcp.xmpp.capulet.example. 300 IN TLSA 3 1 1 00ff;]"},
        {"long.example", NAMES_A,
         " [0 edns long.example. 300 IN CNAME alias.example.; alias.example. 300 IN CNAME"
         " capulet.example.; capulet.example. 300 IN A 192.0.2.1; capulet.example. 5 IN A"
         " 192.0.2.2;]"},
        {"long.example", NAMES_CNAME, " [0 edns long.example. 300 IN CNAME alias.example.;]"},
        {"capulet.example", NAMES_SRV, " [0 edns" SOA "]"},
        {"_tcp.capulet.example", NAMES_SRV, " [0 edns" SOA "]"}, /* something is below it */
        {"no.capulet.example", NAMES_A, " [3 edns" SOA "]"},
        {"lost.example", NAMES_A,
         " [3 edns lost.example. 300 IN CNAME no.capulet.example.;" SOA "]"},
    };
    begin("record _xmpp-client._tcp.capulet.example SRV 5 10 5222 xmpp.capulet.example\n"
          "record _xmpp-client._tcp.capulet.example SRV 0 0 0 .\n"
          "record _5222._tcp.xmpp.capulet.example TLSA 3 1 1 00ff\n"
          "record long.example CNAME alias.example\n"
          "record alias.example CNAME capulet.example\n"
          "record lost.example CNAME no.capulet.example\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("%s", rows[i].name);
        CHECK_STR(ask(rows[i].name, rows[i].type), rows[i].answer);
    }
    names_lines("forget capulet.example\nnegative-ttl -1");
    CHECK_STR(ask("alias.example", NAMES_A),
              " [0 edns alias.example. 300 IN CNAME capulet.example.;]");
    CHECK_STR(ask_for(0, "192.0.2.53", "no.example", NAMES_A, 0), " [3]");
    end();
}

static void a_loop_is_a_long_chain(void)
{
    begin("record a.example CNAME b.example\nrecord b.example CNAME a.example\n");
    ask("a.example", NAMES_A);
    int n = 0;
    for (const char *at = text; (at = strstr(at, " CNAME ")); at++) {
        n++;
    }
    CHECK_INT(n, 16);
    end();
}

static void says_what_is_validated(void)
{
    static const struct {
        const char *name;
        int how;
        const char *head;
    } rows[] = {
        {"capulet.example", EDNS | AD, " [0 ad edns "},
        {"capulet.example", EDNS, " [0 edns "}, /* RFC 6840 5.7: who does not ask is not told */
        {"capulet.example", AD, " [0 ad "},
        {"alias.example", AD, " [0 "}, /* a link of the chain is not signed */
        {"signed.example", AD, " [0 ad "},
        {"other.capulet.example", AD, " [3 ad "}, /* below it */
        {"plain.capulet.example", AD, " [3 "},
        {"bogus.capulet.example", AD, " [2 "},
        {"bogus.capulet.example", AD | EDNS, " [2 edns "},
        {"to-bogus.example", AD, " [2 "},
        {"bogus.capulet.example", AD | CD, " [0 cd "},
    };
    begin("secure capulet.example\ninsecure plain.capulet.example\nbogus bogus.capulet.example\n"
          "record alias.example CNAME capulet.example\nsecure signed.example\n"
          "record signed.example CNAME capulet.example\n"
          "record bogus.capulet.example A 192.0.2.3\n"
          "record to-bogus.example CNAME bogus.capulet.example\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].head) - 1;
        check_note("row %zu", i);
        const char *got = ask_for(0, "192.0.2.53", rows[i].name, NAMES_A, rows[i].how);
        CHECK_MEM(got, n, rows[i].head, n);
        CHECK(strchr("] ", got[n]) && strncmp(got + n, " ad", 3) != 0);
    }
    names_lines("server 192.0.2.53 no-ad");
    CHECK(strstr(ask("capulet.example", NAMES_A), " ad") == NULL);
    names_lines("server 192.0.2.53 always-ad");
    CHECK(strstr(ask("plain.capulet.example", NAMES_A), "[3 ad edns") != NULL);
    end();
}

/* --- servers that are not well ---------------------------------------------------------------- */

#define GOOD "xmpp.capulet.example. 300 IN AAAA 2001:db8::1;]"
#define LIE  "86400 IN AAAA 2001:db8:bad::66;]"

static void servers_fail_in_their_ways(void)
{
    static const struct {
        const char *words;
        int how;
        const char *answer;
    } rows[] = {
        {"", 0, " [0 " GOOD},
        {"drop", 0, ""},
        {"servfail", EDNS, " [2 edns]"},
        {"refused", 0, " [5]"},
        {"formerr", 0, " [1]"},
        {"notimp", 0, " [4]"},
        {"nxdomain", 0, " [3]"},
        {"closed", 0, " [XMPP_E_REFUSED]"},
        {"closed", TCP, " [0 " GOOD},
        {"truncate", EDNS, " [0 tc edns]"},
        {"truncate", TCP, " [0 " GOOD},
        {"no-edns", EDNS, " [1]"},
        {"no-edns=notimp", EDNS, " [4]"},
        {"no-edns=badvers", EDNS, " [16 edns]"},
        {"no-edns=drop", EDNS, ""},
        {"no-edns=ignore", EDNS, " [0 " GOOD},
        {"no-edns", 0, " [0 " GOOD},
        {"bad-id", 0, " [0 other-id xmpp.capulet.example. " LIE " [0 " GOOD},
        {"bad-question", 0, " [0 other-question ympp.capulet.example. " LIE " [0 " GOOD},
        {"bad-type drop", 0, " [0 other-question xmpp.capulet.example. 86400 IN A 203.0.113.66;]"},
        {"poison", 0, " [0 elsewhere.example. 86400 IN AAAA 2001:db8:bad::66; " GOOD},
        {"empty", 0, " [empty] [0 " GOOD},
        {"garbage", 0, " [41 bytes of nonsense] [0 " GOOD},
        {"tcp=refuse", TCP, "XMPP_E_REFUSED"},
        {"tcp=hang", TCP, " [under way]"},
        {"tcp=end", TCP, " [end]"},
        {"tcp=half", TCP, " [half] [end]"},
        {"tcp=reset", TCP, " XMPP_E_RESET"},
        {"tcp=reset", 0, " [0 " GOOD},
    };
    begin("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[128];
        check_note("%s", rows[i].words);
        snprintf(line, sizeof line, "server 192.0.2.53 %s", rows[i].words);
        names_lines(line);
        CHECK_STR(ask_for(0, "192.0.2.53", "xmpp.capulet.example", NAMES_AAAA, rows[i].how),
                  rows[i].answer);
    }
    end();
}

static void the_case_is_broken(void)
{
    begin("server 192.0.2.53 breaks-case\n");
    CHECK_STR(ask("CapuleT.exAmplE", NAMES_TXT), " [0 other-question edns" SOA "]");
    end();
}

static void some_faults_pass(void)
{
    begin("server 192.0.2.53 drop=2 servfail=1\nnotimp xmpp.capulet.example AAAA 1\n");
    CHECK_STR(ask("xmpp.capulet.example", NAMES_AAAA), "");
    CHECK_STR(ask("xmpp.capulet.example", NAMES_AAAA), "");
    CHECK_STR(ask("xmpp.capulet.example", NAMES_AAAA), " [2 edns]");
    CHECK_STR(ask("xmpp.capulet.example", NAMES_AAAA), " [4 edns]");
    CHECK_STR(ask("xmpp.capulet.example", NAMES_AAAA), " [0 edns " GOOD);
    names_lines("drop xmpp.capulet.example AAAA");
    CHECK_STR(ask("xmpp.capulet.example", NAMES_AAAA), "");
    CHECK_STR(ask("xmpp.capulet.example", NAMES_A), " [0 edns" SOA "]");
    end();
}

static void answers_take_their_time(void)
{
    begin("server 192.0.2.53 delay=30ms\nserver 192.0.2.54\n"
          "delay xmpp.capulet.example AAAA 2s\n");
    CHECK_STR(ask_for(2029, "192.0.2.53", "xmpp.capulet.example", NAMES_AAAA, 0), "");
    CHECK_STR(ask_for(2030, "192.0.2.53", "xmpp.capulet.example", NAMES_AAAA, 0), " [0 " GOOD);
    CHECK_STR(ask_for(2000, "192.0.2.54", "xmpp.capulet.example", NAMES_AAAA, 0), " [0 " GOOD);
    CHECK_STR(ask_for(30, "192.0.2.53", "xmpp.capulet.example", NAMES_A, 0), " [0" SOA "]");
    end();
}

/* RFC 6891 6.2.5: what does not fit is cut off, and TC says so; by TCP it is all there. */
static void what_is_too_big_is_cut(void)
{
    static const struct {
        int how;
        int is_cut;
    } rows[] = {{EDNS, 1}, {0, 1}, {EDNS | SMALL, 1}, {TCP, 0}};
    begin("fill big.example SRV 60\nfill big.example A 500\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("row %zu", i);
        const char *got = ask_for(0, "192.0.2.53", "big.example", NAMES_SRV, rows[i].how);
        CHECK_INT(strstr(got, " tc") != NULL, rows[i].is_cut);
        CHECK_INT(strstr(got, " SRV 60 0 5222 host60.big.example.;") == NULL, rows[i].is_cut);
        CHECK(strstr(got, " SRV 1 0 5222 host1.big.example.;") != NULL);
    }
    CHECK(strstr(ask_for(0, "192.0.2.53", "big.example", NAMES_A, TCP), "A 198.51.102.1;"));
    end();
}

/* --- questions -------------------------------------------------------------------------------- */

static void questions_are_remembered(void)
{
    begin("server 2001:db8::53 port=53\n");
    world_advance(100);
    world_mark();
    ask_for(7, "192.0.2.53", "capulet.example", NAMES_A, AD);
    ask_for(0, "2001:db8::53", "Capulet.example", NAMES_A, EDNS | CD | TCP);
    ask_for(0, "192.0.2.53", "capulet.example", NAMES_SRV, 0);
    CHECK_INT(names_count(NULL, 0), 3);
    CHECK_INT(names_count("capulet.example", NAMES_A), 2);
    CHECK_INT(names_count("capulet.example", 0), 3);
    CHECK_INT(names_count("montague.example", 0), 0);
    const struct names_asked *first = names_next();
    const struct names_asked *second = names_next();
    if (CHECK(first && second)) {
        CHECK_STR(first->query.name, "capulet.example");
        CHECK_INT(first->at, 0);
        CHECK(first->query.is_ad && !first->query.is_cd && !first->query.has_edns);
        CHECK(!first->is_tcp && first->server.family == 4);
        CHECK_STR(second->query.name, "Capulet.example");
        CHECK_INT(second->at, 7);
        CHECK(!second->query.is_ad && second->query.is_cd && second->query.has_edns);
        CHECK(second->is_tcp && second->server.family == 6);
        CHECK_INT(second->query.udp_size, 1232);
    }
    CHECK(names_get(2) == first + 2 && names_get(3) == NULL);
    CHECK(names_next() == first + 2 && names_next() == NULL);
    end();
}

static void questions_are_matched(void)
{
    static const struct {
        const char *want;
        int is_it;
    } rows[] = {{"capulet.example A", 1},
                {"capulet.example A 192.0.2.53:53 udp edns ad mixed +7ms", 1},
                {"capulet.example A  +7ms   udp", 1},
                {"capulet.example", 0},
                {"capulet.example AAAA", 0},
                {"capulet.example SRV", 0},
                {"montague.example A", 0},
                {"capulet.example A tcp", 0},
                {"capulet.example A plain", 0},
                {"capulet.example A no-ad", 0},
                {"capulet.example A small", 0},
                {"capulet.example A cd", 0},
                {"capulet.example A 192.0.2.53", 0},
                {"capulet.example A +70ms", 0}};
    char line[256];
    begin("");
    world_advance(7);
    ask("Capulet.example", NAMES_A);
    ask_for(0, "192.0.2.53", "capulet.example", NAMES_SRV, CD | TCP);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("%s", rows[i].want);
        CHECK_INT(names_match(names_get(0), rows[i].want), rows[i].is_it);
    }
    names_print(names_get(1), line, sizeof line);
    CHECK_STR(line, "capulet.example SRV 192.0.2.53:53 tcp plain no-ad cd small +7ms");
    end();
}

static void some_are_lost(void)
{
    int n_answers = 0;
    begin("server 192.0.2.53 loss=30\n");
    for (int i = 0; i < 1000; i++) {
        n_answers += ask("capulet.example", NAMES_A)[0] != '\0';
    }
    CHECK(n_answers > 650 && n_answers < 750);
    end();
}

/* What no client may send, a byte at a time: the good question, and one thing wrong with it. */
static void wrong_questions_are_found(void)
{
    static const struct {
        size_t at;
        uint8_t byte;
        const char *wrong;
    } rows[] = {
        {2, 0x81, "its flags are not those of a query that wants recursion"},
        {2, 0x00, "its flags are not those of a query that wants recursion"},
        {3, 0x80, "its flags are not those of a query that wants recursion"},
        {5, 2, "it has more than a question and OPT"},
        {7, 1, "it has more than a question and OPT"},
        {11, 2, "it has more than a question and OPT"},
        {11, 0, "there is something behind its end"},
        {12, 0xc0, "its name is none"},
        {13, '.', "its name is none"},
        {12, 63, "its name is none"},
        {18, 3, "its class is not IN"},
        {20, 17, "what stands behind the question is no OPT"},
        {19, 1, "what stands behind the question is no OPT"},
        {22, 1, "OPT offers less than 512 bytes"},
        {25, 1, "OPT has a version or flags that do not exist"},
        {27, 1, "OPT has a version or flags that do not exist"},
        {29, 1, "OPT is not the end"},
    };
    uint8_t good[SIZE];
    struct names_query query;
    size_t n = write_query(good, "a.", NAMES_A, EDNS | AD);
    CHECK_INT(n, 30);
    CHECK(names_read_query(good, n, &query) == NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[SIZE];
        memcpy(bytes, good, n);
        bytes[rows[i].at] = rows[i].byte;
        const char *wrong = names_read_query(bytes, n, &query);
        check_note("row %zu", i);
        CHECK_STR(wrong ? wrong : "nothing", rows[i].wrong);
    }
    for (size_t cut = 0; cut < n; cut++) {
        CHECK(names_read_query(good, cut, &query) != NULL);
    }
}

static void lines_that_say_nothing_are_refused(void)
{
    static const char *const rows[] = {"",
                                       "server",
                                       "server nobody",
                                       "server 192.0.2.53 slow",
                                       "server 192.0.2.53 delay=30",
                                       "server 192.0.2.53 loss=101",
                                       "server 192.0.2.53 no-edns=x",
                                       "record capulet.example A",
                                       "record capulet.example A 2001:db8::1",
                                       "record capulet.example SRV 0 0 xmpp.example",
                                       "record capulet.example MX 0 mail.example",
                                       "record capulet..example A 192.0.2.1",
                                       "record capulet.example TLSA 3 1 1 0",
                                       "fill capulet.example TXT 3",
                                       "delay capulet.example 30ms",
                                       "servfail capulet.example",
                                       "secure",
                                       "asked capulet.example A"};
    begin("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("%s", rows[i]);
        CHECK_INT(names_line(rows[i]), 0);
    }
    end();
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"answers with records", answers_with_records},
        {"a loop is a long chain", a_loop_is_a_long_chain},
        {"says what is validated", says_what_is_validated},
        {"servers fail in their ways", servers_fail_in_their_ways},
        {"the case is broken", the_case_is_broken},
        {"some faults pass", some_faults_pass},
        {"answers take their time", answers_take_their_time},
        {"what is too big is cut", what_is_too_big_is_cut},
        {"questions are remembered", questions_are_remembered},
        {"questions are matched", questions_are_matched},
        {"some are lost", some_are_lost},
        {"wrong questions are found", wrong_questions_are_found},
        {"lines that say nothing are refused", lines_that_say_nothing_are_refused},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "names", cases);
}
