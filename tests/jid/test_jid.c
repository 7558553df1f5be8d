/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses that a person or a program gives: strictly, RFC 7622. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "jid/jid.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* RFC 7622 3.5, table 1, and what each is when prepared. */
static void table_1_is_accepted(void)
{
    static const struct {
        const char *text;
        const char *local;
        const char *domain;
        const char *resource;
    } rows[] = {
        {"juliet@example.com", "juliet", "example.com", NULL},
        {"juliet@example.com/foo", "juliet", "example.com", "foo"},
        {"juliet@example.com/foo bar", "juliet", "example.com", "foo bar"},
        {"juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar"},
        {"foo\\20bar@example.com", "foo\\20bar", "example.com", NULL},
        {"fussball@example.com", "fussball", "example.com", NULL},
        {"fu\u00dfball@example.com", "fu\u00dfball", "example.com", NULL},
        {"\u03c0@example.com", "\u03c0", "example.com", NULL},
        {"\u03a3@example.com/foo", "\u03c3", "example.com", "foo"},
        {"\u03c3@example.com/foo", "\u03c3", "example.com", "foo"},
        {"\u03c2@example.com/foo", "\u03c2", "example.com", "foo"},
        {"king@example.com/\u265a", "king", "example.com", "\u265a"},
        {"example.com", NULL, "example.com", NULL},
        {"example.com/foobar", NULL, "example.com", "foobar"},
        {"a.example.com/b@example.net", NULL, "a.example.com", "b@example.net"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_jid *jid = NULL;
        check_note("example %zu", i + 1);
        if (CHECK_INT(xmpp_jid_parse(&jid, rows[i].text), 0)) {
            CHECK_STR(xmpp_jid_get_local(jid), rows[i].local);
            CHECK_STR(xmpp_jid_get_domain(jid), rows[i].domain);
            CHECK_STR(xmpp_jid_get_resource(jid), rows[i].resource);
            CHECK(!xmpp_jid_is_malformed(jid));
        }
        xmpp_jid_unref(jid);
    }
}

static void refused(const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        xmpp_jid *jid = NULL;
        char buf[XMPP_JID_MAX];
        check_note("row %zu, \"%s\"", i, texts[i]);
        CHECK_INT(xmpp_jid_parse(&jid, texts[i]), XMPP_E_JID);
        CHECK(jid == NULL);
        CHECK_INT(xm_jid_prepare_text(buf, texts[i], strlen(texts[i])), XMPP_E_JID);
        xmpp_jid_unref(jid);
    }
}

/* RFC 7622 3.5, table 2. */
static void table_2_is_refused(void)
{
    static const char *const rows[] = {
        "\"juliet\"@example.com",
        "foo bar@example.com",
        "juliet@example.com/ foo",
        "@example.com/",
        "henry\u2163@example.com",
        "\u265a@example.com",
        "juliet@",
        "/foobar",
    };
    refused(rows, COUNT(rows));
}

static void more_is_refused(void)
{
    static const char *const rows[] = {
        "",
        "@",
        "/",
        "@/",
        "a@b/",
        "@example.com",
        "example.com/",
        "a@/b",
        /* RFC 7622 3.3.1 */
        "a&b@example.com",
        "a'b@example.com",
        "a:b@example.com",
        "a<b@example.com",
        "a>b@example.com",
        "a@b@example.com",
        "a\"b@example.com",
        /* the same, as wide characters that become them */
        "a\uff20b@example.com",
        "a\uff0fb@example.com",
        "a\uff1ab@example.com",
        "a\uff06b@example.com",
        "a\u3000b@example.com",
        /* control characters */
        "a\tb@example.com",
        "a\x7f@example.com",
        "a@example.com/\t",
        "a@example.com/x\x7f",
        "a@example.com/\xc2\x85",
        "a@exam\nple.com",
        /* not UTF-8 */
        "\xff@example.com",
        "\xc3@example.com",
        "a@\xff.example",
        "a@example.com/\xe2\x82",
        "\xed\xa0\x80@example.com",
        /* a space that leads only once it is mapped */
        "a@example.com/\u1680x",
        "a@example.com/\u3000",
    };
    refused(rows, COUNT(rows));
}

/* What would be read differently by different eyes becomes one text. */
static void parts_are_prepared(void)
{
    static const struct {
        const char *text;
        const char *prepared;
    } rows[] = {
        {"Juliet@Example.COM/Balcony", "juliet@example.com/Balcony"},
        {"JULIET@EXAMPLE.COM", "juliet@example.com"},
        {"\uff2a\uff55liet@example.com", "juliet@example.com"}, /* wide letters */
        {"\u00c5@example.com", "\u00e5@example.com"},
        {"A\u030a@example.com", "\u00e5@example.com"}, /* NFC */
        {"\u212b@example.com", "\u00e5@example.com"},  /* ANGSTROM SIGN */
        {"a@example.com/A\u030a", "a@example.com/\u00c5"},
        {"a@example.com/\uff21", "a@example.com/\uff21"}, /* no width mapping there */
        {"a@example.com/x\u00a0y", "a@example.com/x y"},
        {"a@example.com/x ", "a@example.com/x "},
        {"a@example.com/\u2163", "a@example.com/\u2163"},
        {"a@example.com//", "a@example.com//"},
        {"a@example.com/x/y@z", "a@example.com/x/y@z"},
        {"example.com/@", "example.com/@"},
        {"a!#$%*+-.=?^_`{|}~b@example.com", "a!#$%*+-.=?^_`{|}~b@example.com"},
        {"\U00010400@example.com", "\U00010428@example.com"},
        {"a@example.com/\U0001f600", "a@example.com/\U0001f600"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_jid *jid = NULL;
        char buf[XMPP_JID_MAX];
        check_note("row %zu, \"%s\"", i, rows[i].text);
        CHECK_INT(xmpp_jid_parse(&jid, rows[i].text), 0);
        CHECK_STR(xmpp_jid_get_text(jid), rows[i].prepared);
        CHECK_INT(xm_jid_prepare_text(buf, rows[i].text, strlen(rows[i].text)), 0);
        CHECK_STR(buf, rows[i].prepared);
        xmpp_jid_unref(jid);
    }
}

/* RFC 7622 3.2; what libidn2 would let through, or change silently, is caught around it. */
static void domains_are_prepared(void)
{
    static const struct {
        const char *text;
        const char *domain; /* NULL: refused */
        const char *ascii;
    } rows[] = {
        {"localhost", "localhost", "localhost"},
        {"a", "a", "a"},
        {"1und1.example", "1und1.example", "1und1.example"},
        {"x-1.y--z.example", "x-1.y--z.example", "x-1.y--z.example"},
        {"Host_1.example", "host_1.example", "host_1.example"},
        {"example.com.", "example.com", "example.com"},
        {"B\u00dcCHER.example", "b\u00fccher.example", "xn--bcher-kva.example"},
        {"bu\u0308cher.example", "b\u00fccher.example", "xn--bcher-kva.example"},
        {"xn--bcher-kva.example", "b\u00fccher.example", "xn--bcher-kva.example"},
        {"XN--BCHER-KVA.EXAMPLE.", "b\u00fccher.example", "xn--bcher-kva.example"},
        {"fa\u00df.de", "fa\u00df.de", "xn--fa-hia.de"},
        {"\u03b2\u03cc\u03bb\u03bf\u03c2.example", "\u03b2\u03cc\u03bb\u03bf\u03c2.example",
         "xn--nxasmm1c.example"},
        {"\u4f8b\u3002\u6d4b\u8bd5", "\u4f8b.\u6d4b\u8bd5", "xn--fsq.xn--0zwm56d"},
        {"\uff45xample.com", "example.com", "example.com"},
        {"\u05d0\u05d1.example", "\u05d0\u05d1.example", "xn--4dbc.example"},
        {"", NULL, NULL},
        {".", NULL, NULL},
        {"..", NULL, NULL},
        {"example.com..", NULL, NULL},
        {".example.com", NULL, NULL},
        {"a..b", NULL, NULL},
        {"a\u3002", NULL, NULL}, /* the mapped dot leaves an empty label */
        {"a b.c", NULL, NULL},
        {"-a.example", NULL, NULL},
        {"a-.example", NULL, NULL},
        {"ab--cd.example", NULL, NULL},
        {"xn--.example", NULL, NULL},
        {"xn--a.example", NULL, NULL},
        {"xn--abc.example", NULL, NULL},
        {"xn--example-.com", NULL, NULL},
        {"a!b.example", NULL, NULL},
        {"user@@host", NULL, NULL},
        {"a:5222", NULL, NULL},
        {"a%b", NULL, NULL},
        {"\uff20host", NULL, NULL},
        {"\uff0f.example", NULL, NULL},
        {"\u2105.example", NULL, NULL}, /* becomes c/o */
        {"\u2603.example", NULL, NULL},
        {"\U0001f600.example", NULL, NULL},
        {"\u0301a.example", NULL, NULL},
        {"a\u200db.example", NULL, NULL},
        {"\u05d0a.example", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_jid *jid = NULL;
        char ascii[256] = "";
        check_note("row %zu, \"%s\"", i, rows[i].text);
        CHECK_INT(xmpp_jid_new(&jid, "a", rows[i].text, NULL), rows[i].domain ? 0 : XMPP_E_JID);
        CHECK_STR(xmpp_jid_get_domain(jid), rows[i].domain);
        if (rows[i].domain) {
            CHECK_INT(xmpp_jid_get_domain_ascii(jid, ascii, sizeof ascii), strlen(rows[i].ascii));
            CHECK_STR(ascii, rows[i].ascii);
            CHECK_INT(xmpp_jid_get_domain_ascii(jid, ascii, strlen(rows[i].ascii) + 1),
                      strlen(rows[i].ascii));
            CHECK_INT(xmpp_jid_get_domain_ascii(jid, ascii, strlen(rows[i].ascii)), XMPP_E_TOO_BIG);
        }
        xmpp_jid_unref(jid);
    }
}

static void addresses_of_hosts_are_domains(void)
{
    static const struct {
        const char *text;
        const char *domain; /* NULL: refused */
    } rows[] = {
        {"127.0.0.1", "127.0.0.1"},
        {"[::]", "[::]"},
        {"[::1]", "[::1]"},
        {"[1::]", "[1::]"},
        {"[2001:DB8::C0A8:1]", "[2001:db8::c0a8:1]"},
        {"[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]"},
        {"[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7::]"},
        {"[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"},
        {"[1:2:3:4:5:6:192.0.2.1]", "[1:2:3:4:5:6:192.0.2.1]"},
        {"[FE80::1%En1]", "[fe80::1%En1]"},
        {"[fe80::1%25eth0.1]", "[fe80::1%25eth0.1]"},
        {"::1", NULL},
        {"[]", NULL},
        {"[:]", NULL},
        {"[:::]", NULL},
        {"[1]", NULL},
        {"[1:]", NULL},
        {"[:1]", NULL},
        {"[1::2::3]", NULL},
        {"[1:2:3:4:5:6:7]", NULL},
        {"[1:2:3:4:5:6:7:8:9]", NULL},
        {"[1:2:3:4:5:6:7:8::]", NULL},
        {"[::1:2:3:4:5:6:7:8]", NULL},
        {"[12345::]", NULL},
        {"[g::]", NULL},
        {"[::256.0.0.1]", NULL},
        {"[::01.0.0.1]", NULL},
        {"[::1.2.3]", NULL},
        {"[::1.2.3.4.5]", NULL},
        {"[::1.2.3.4:5]", NULL},
        {"[1:2:3:4:5:6:7:1.2.3.4]", NULL},
        {"[127.0.0.1]", NULL},
        {"[fe80::1%]", NULL},
        {"[fe80::1%a b]", NULL},
        {"[fe80::1%a%b]", NULL},
        {"[::1", NULL},
        {"::1]", NULL},
        {"[::1].", NULL},
        {"[::1]:5222", NULL},
        {"x[::1]", NULL},
        {"[v1.a]", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_jid *jid = NULL;
        char ascii[256];
        check_note("row %zu, \"%s\"", i, rows[i].text);
        CHECK_INT(xmpp_jid_parse(&jid, rows[i].text), rows[i].domain ? 0 : XMPP_E_JID);
        CHECK_STR(xmpp_jid_get_domain(jid), rows[i].domain);
        if (jid) {
            CHECK_INT(xmpp_jid_get_domain_ascii(jid, ascii, sizeof ascii), strlen(rows[i].domain));
            CHECK_STR(ascii, rows[i].domain);
        }
        xmpp_jid_unref(jid);
    }
}

/* n times what is repeated, in front of the rest. */
static char *repeat(const char *what, size_t n, const char *rest)
{
    size_t len = strlen(what);
    char *text = malloc(n * len + strlen(rest) + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + i * len, what, len);
    }
    strcpy(text + n * len, rest);
    return text;
}

static int try_new(const char *local, const char *domain, const char *resource)
{
    xmpp_jid *jid = NULL;
    int result = xmpp_jid_new(&jid, local, domain, resource);
    xmpp_jid_unref(jid);
    return result;
}

/* RFC 7622 3.1: 1 to 1023 bytes, counted after preparation. */
static void lengths_are_bounded(void)
{
    static const struct {
        const char *what;
        size_t n;
        const char *rest;
        int local;
        int resource;
    } rows[] = {
        {"a", 1023, "", 0, 0},
        {"a", 1024, "", XMPP_E_JID, XMPP_E_JID},
        {"\u00e4", 511, "x", 0, 0},
        {"\u00e4", 512, "", XMPP_E_JID, XMPP_E_JID},
        {"a\u0308", 511, "x", 0, 0}, /* 1534 bytes before */
        {"a\u0308", 512, "", XMPP_E_JID, XMPP_E_JID},
        {"\uff41", 1023, "", 0, XMPP_E_JID}, /* 3069 bytes before */
        {"\uff41", 1024, "", XMPP_E_JID, XMPP_E_JID},
        {"\u0958", 170, "xyz", 0, 0}, /* twice as long after */
        {"\u0958", 171, "", XMPP_E_JID, XMPP_E_JID},
        {"", 0, "", XMPP_E_JID, XMPP_E_JID},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = repeat(rows[i].what, rows[i].n, rows[i].rest);
        check_note("row %zu", i);
        CHECK_INT(try_new(text, "b", "c"), rows[i].local);
        CHECK_INT(try_new("a", "b", text), rows[i].resource);
        free(text);
    }
}

static void domain_lengths_are_bounded(void)
{
    static const struct {
        const char *what;
        size_t n;
        const char *rest;
        int result;
    } rows[] = {
        {"a", 63, "", 0},
        {"a", 64, "", XMPP_E_JID},
        {"abcdefg.", 31, "abcde", 0}, /* 253 */
        {"abcdefg.", 31, "abcde.", 0},
        {"abcdefg.", 31, "abcdef", XMPP_E_JID},
        {"\u00e4", 40, "", 0},
        {"\u00e4", 100, "", XMPP_E_JID},
        {"a", 100000, "", XMPP_E_JID},
        {"\u4f8b", 100000, "", XMPP_E_JID},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = repeat(rows[i].what, rows[i].n, rows[i].rest);
        check_note("row %zu", i);
        CHECK_INT(try_new("a", text, "c"), rows[i].result);
        free(text);
    }
}

/* The longest there is fits in XMPP_JID_MAX. */
static void the_longest_fits(void)
{
    char *part = repeat("a", 1023, "");
    char *domain = repeat("\u4f8b", 15, "");
    char *text = malloc(4096);
    char buf[XMPP_JID_MAX];
    snprintf(text, 4096, "%s@%s/%s", part, domain, part);
    CHECK_INT(xm_jid_prepare_text(buf, text, strlen(text)), 0);
    CHECK_STR(buf, text);
    free(part);
    free(domain);
    free(text);
}

static void parts_cannot_hide_separators(void)
{
    CHECK_INT(try_new("a@b", "c", NULL), XMPP_E_JID);
    CHECK_INT(try_new("a/b", "c", NULL), XMPP_E_JID);
    CHECK_INT(try_new(NULL, "a@b", NULL), XMPP_E_JID);
    CHECK_INT(try_new(NULL, "a/b", NULL), XMPP_E_JID);
    CHECK_INT(try_new("", "c", NULL), XMPP_E_JID);
    CHECK_INT(try_new("a", "c", ""), XMPP_E_JID);
    CHECK_INT(try_new("a", NULL, "c"), XMPP_E_INVAL);
    CHECK_INT(try_new(NULL, "c", "a/b@d"), 0);
}

static xmpp_jid *parse(const char *text)
{
    xmpp_jid *jid = NULL;
    CHECK_INT(xmpp_jid_parse(&jid, text), 0);
    return jid;
}

static void addresses_are_compared_prepared(void)
{
    static const struct {
        const char *a;
        const char *b;
        int equal;
        int equal_bare;
    } rows[] = {
        {"a@b", "a@b", 1, 1},
        {"A@B.", "a@b", 1, 1},
        {"a@b/c", "a@b", 0, 1},
        {"a@b/c", "a@b/C", 0, 1},
        {"a@b", "b", 0, 0},
        {"a@bc", "a@b", 0, 0},
        {"a@b/c", "b/c", 0, 0},
        {"b/a@b", "a@b", 0, 0},
        {"\uff41@b", "a@b", 1, 1},
        {"a@xn--bcher-kva", "a@b\u00fccher", 1, 1},
        {"\u0430@b", "a@b", 0, 0}, /* Cyrillic: another letter, as RFC 7622 has it */
        {"\u03c2@b", "\u03c3@b", 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_jid *a = parse(rows[i].a);
        xmpp_jid *b = parse(rows[i].b);
        check_note("row %zu", i);
        CHECK_INT(xmpp_jid_equal(a, b), rows[i].equal);
        CHECK_INT(xmpp_jid_equal(b, a), rows[i].equal);
        CHECK_INT(xmpp_jid_equal_bare(a, b), rows[i].equal_bare);
        CHECK_INT(xmpp_jid_compare(a, b) == 0, rows[i].equal);
        CHECK_INT(xmpp_jid_compare(a, b) < 0, xmpp_jid_compare(b, a) > 0);
        xmpp_jid_unref(a);
        xmpp_jid_unref(b);
    }
}

static void null_is_taken(void)
{
    xmpp_jid *a = parse("a@b");
    xmpp_jid *ret = NULL;
    char buf[8];
    CHECK_INT(xmpp_jid_equal(NULL, NULL), 1);
    CHECK_INT(xmpp_jid_equal(a, NULL), 0);
    CHECK_INT(xmpp_jid_equal_bare(NULL, NULL), 1);
    CHECK_INT(xmpp_jid_equal_bare(NULL, a), 0);
    CHECK_INT(xmpp_jid_compare(NULL, NULL), 0);
    CHECK(xmpp_jid_compare(NULL, a) < 0 && xmpp_jid_compare(a, NULL) > 0);
    CHECK_STR(xmpp_jid_get_text(NULL), NULL);
    CHECK_STR(xmpp_jid_get_bare_text(NULL), NULL);
    CHECK_STR(xmpp_jid_get_local(NULL), NULL);
    CHECK_STR(xmpp_jid_get_domain(NULL), NULL);
    CHECK_STR(xmpp_jid_get_resource(NULL), NULL);
    CHECK(xmpp_jid_ref(NULL) == NULL && xmpp_jid_unref(NULL) == NULL);
    CHECK_INT(xmpp_jid_is_bare(NULL), 0);
    CHECK_INT(xmpp_jid_is_malformed(NULL), 0);
    CHECK_INT(xmpp_jid_parse(&ret, NULL), XMPP_E_INVAL);
    CHECK_INT(xmpp_jid_parse(NULL, "a"), XMPP_E_INVAL);
    CHECK_INT(xmpp_jid_new(NULL, "a", "b", NULL), XMPP_E_INVAL);
    CHECK_INT(xmpp_jid_get_bare(NULL, &ret), XMPP_E_INVAL);
    CHECK_INT(xmpp_jid_get_bare(a, NULL), XMPP_E_INVAL);
    CHECK_INT(xmpp_jid_get_domain_ascii(NULL, buf, sizeof buf), XMPP_E_INVAL);
    CHECK_INT(xmpp_jid_get_domain_ascii(a, NULL, 0), XMPP_E_INVAL);
    CHECK(ret == NULL);
    xmpp_jid_unref(a);
}

static void bare_addresses_are_made(void)
{
    xmpp_jid *full = parse("a@b/c");
    xmpp_jid *bare = NULL;
    xmpp_jid *again = NULL;
    CHECK_STR(xmpp_jid_get_bare_text(full), "a@b");
    CHECK_INT(xmpp_jid_is_bare(full), 0);
    CHECK_INT(xmpp_jid_get_bare(full, &bare), 0);
    CHECK_STR(xmpp_jid_get_text(bare), "a@b");
    CHECK_STR(xmpp_jid_get_bare_text(bare), "a@b");
    CHECK_STR(xmpp_jid_get_local(bare), "a");
    CHECK_STR(xmpp_jid_get_resource(bare), NULL);
    CHECK_INT(xmpp_jid_is_bare(bare), 1);
    CHECK_INT(xmpp_jid_get_bare(bare, &again), 0);
    CHECK(again == bare);
    CHECK(xmpp_jid_ref(full) == full);
    xmpp_jid_unref(full);
    CHECK_STR(xmpp_jid_get_text(full), "a@b/c");
    xmpp_jid_unref(full);
    xmpp_jid_unref(bare);
    CHECK(xmpp_jid_unref(again) == NULL);
}

/* Strings of pieces that are hard: what comes out is in order, and comes out again unchanged. */
static void preparation_is_idempotent(void)
{
    static const char *const pieces[] = {
        "a",      "Z",      "1",      ".",      "-",      "@",          "/",      " ",
        "xn--",   "\u00df", "\u0130", "\u03a3", "\u03c2", "\u0308",     "\u0323", "\uff21",
        "\u0958", "\u1e9e", "\u00b7", "l",      "\u0660", "\u06f0",     "\u05d0", "\u0627",
        "\u200d", "\u094d", "\u0915", "\u30fb", "\u30ab", "\uff76",     "\uff9e", "\u1680",
        "\u212a", "\u023a", "\u1fb3", "\u0345", "\u2163", "\U0001d160", "\u3002", "\u1e0a",
    };
    uint32_t x = 12345;
    int accepted = 0;
    for (int round = 0; round < 20000; round++) {
        char text[64] = "";
        for (int n = 1 + round % 6; n > 0; n--) {
            x = x * 1664525u + 1013904223u;
            strcat(text, pieces[(x >> 16) % COUNT(pieces)]);
        }
        xmpp_jid *jid = NULL;
        xmpp_jid *again = NULL;
        if (xmpp_jid_parse(&jid, text) != 0) {
            continue;
        }
        accepted++;
        check_note("\"%s\"", text);
        CHECK_INT(xmpp_jid_parse(&again, xmpp_jid_get_text(jid)), 0);
        CHECK_STR(xmpp_jid_get_text(again), xmpp_jid_get_text(jid));
        CHECK_INT(xmpp_jid_equal(jid, again), 1);
        xmpp_jid_unref(jid);
        xmpp_jid_unref(again);
    }
    check_note("accepted");
    CHECK(accepted > 2000);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"RFC 7622 table 1 is accepted", table_1_is_accepted},
        {"RFC 7622 table 2 is refused", table_2_is_refused},
        {"more is refused", more_is_refused},
        {"parts are prepared", parts_are_prepared},
        {"domains are prepared", domains_are_prepared},
        {"addresses of hosts are domains", addresses_of_hosts_are_domains},
        {"lengths are bounded", lengths_are_bounded},
        {"domain lengths are bounded", domain_lengths_are_bounded},
        {"the longest fits", the_longest_fits},
        {"parts cannot hide separators", parts_cannot_hide_separators},
        {"addresses are compared prepared", addresses_are_compared_prepared},
        {"NULL is taken", null_is_taken},
        {"bare addresses are made", bare_addresses_are_made},
        {"preparation is idempotent", preparation_is_idempotent},
    };
    return CHECK_MAIN(argc, argv, "jid", cases);
}
