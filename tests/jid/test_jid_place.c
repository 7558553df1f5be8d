/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses from the network: kept whatever they are, in memory that is not theirs. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "jid/jid.h"
#include "xmpp/error.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* Placed in a block of exactly the size, so that the address sanitizer sees a byte too many. */
static xmpp_jid *place(const char *text)
{
    xmpp_jid *jid = NULL;
    size_t len = strlen(text);
    char *exact = malloc(len ? len : 1);
    memcpy(exact, text, len);
    CHECK_INT(xm_jid_place(malloc(xm_jid_place_size(len)), exact, len, &jid), 0);
    free(exact);
    return jid;
}

enum { GOOD = 0, BAD = 1 };

static void nothing_is_refused(void)
{
    static const struct {
        const char *text;
        int malformed;
        const char *kept;
        const char *local;
        const char *domain;
        const char *resource;
        const char *bare;
    } rows[] = {
        {"Juliet@Example.com/x", GOOD, "juliet@example.com/x", "juliet", "example.com", "x",
         "juliet@example.com"},
        {"b", GOOD, "b", NULL, "b", NULL, "b"},
        {"b/c", GOOD, "b/c", NULL, "b", "c", "b"},
        {"a@b", GOOD, "a@b", "a", "b", NULL, "a@b"},
        {"a@xn--bcher-kva", GOOD, "a@b\u00fccher", "a", "b\u00fccher", NULL, "a@b\u00fccher"},
        {"", BAD, "", NULL, "", NULL, ""},
        {"@", BAD, "@", "", "", NULL, "@"},
        {"@/", BAD, "@/", "", "", "", "@"},
        {"A@B/", BAD, "a@b/", "a", "b", "", "a@b"},
        {"A b@C/D", BAD, "A b@c/D", "A b", "c", "D", "A b@c"},
        {"A@B b/D", BAD, "a@B b/D", "a", "B b", "D", "a@B b"},
        {"A@B/ d", BAD, "a@b/ d", "a", "b", " d", "a@b"},
        {"a@b@c", BAD, "a@b@c", "a", "b@c", NULL, "a@b@c"},
        {"a@-/\u265a", BAD, "a@-/\u265a", "a", "-", "\u265a", "a@-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu, \"%s\"", i, rows[i].text);
        xmpp_jid *jid = place(rows[i].text);
        CHECK_INT(xmpp_jid_is_malformed(jid), rows[i].malformed);
        CHECK_STR(xmpp_jid_get_text(jid), rows[i].kept);
        CHECK_STR(xmpp_jid_get_local(jid), rows[i].local);
        CHECK_STR(xmpp_jid_get_domain(jid), rows[i].domain);
        CHECK_STR(xmpp_jid_get_resource(jid), rows[i].resource);
        CHECK_STR(xmpp_jid_get_bare_text(jid), rows[i].bare);
        CHECK_INT(xmpp_jid_is_bare(jid), rows[i].resource == NULL);
        free(jid);
    }
}

/* Threat 12: what could not be prepared is never taken for what could. */
static void malformed_is_equal_to_itself_only(void)
{
    static const struct {
        const char *a;
        const char *b;
        int equal;
        int equal_bare;
    } rows[] = {
        {"a b@c", "a b@c", 1, 1},
        {"a b@c", "A b@c", 0, 0},
        {"a b@c", "a@c", 0, 0},
        {"a@b/", "a@b", 0, 1},
        {"a@b/", "a@b/", 1, 1},
        {"a@b/ x", "a@b/x", 0, 1}, /* a nick that is not prepared stands in the same room */
        {"a@b c/x", "a@b c/y", 0, 1},
        {"a@", "a", 0, 0},
        {"@a", "a", 0, 0},
        {"a\u2163@b", "aiv@b", 0, 0},
        {"a@b\u2603", "a@b", 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_jid *a = place(rows[i].a);
        xmpp_jid *b = place(rows[i].b);
        CHECK_INT(xmpp_jid_equal(a, b), rows[i].equal);
        CHECK_INT(xmpp_jid_equal_bare(a, b), rows[i].equal_bare);
        CHECK_INT(xmpp_jid_equal_bare(b, a), rows[i].equal_bare);
        CHECK_INT(xmpp_jid_compare(a, b) == 0, rows[i].equal);
        free(a);
        free(b);
    }
}

static void malformed_ones_sort_last(void)
{
    xmpp_jid *bad = place("a a@a");
    xmpp_jid *good = place("z@z");
    CHECK(xmpp_jid_compare(bad, good) > 0);
    CHECK(xmpp_jid_compare(good, bad) < 0);
    free(bad);
    free(good);
}

static void a_reference_is_a_copy(void)
{
    static const char *const rows[] = {"a@b/c", "a@b", "b", "b/c", "a a@b@/\u265a", "@/", ""};
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_jid *placed = place(rows[i]);
        xmpp_jid *copy = xmpp_jid_ref(placed);
        xmpp_jid *bare = NULL;
        CHECK(copy != placed);
        CHECK_INT(xmpp_jid_equal(copy, placed), 1);
        CHECK_INT(xmpp_jid_is_malformed(copy), xmpp_jid_is_malformed(placed));
        CHECK(xmpp_jid_unref(placed) == NULL); /* does nothing */
        CHECK_INT(xmpp_jid_get_bare(placed, &bare), 0);
        CHECK(bare != placed);
        CHECK_INT(xmpp_jid_equal_bare(bare, placed), 1);
        xmpp_jid *same = xmpp_jid_ref(copy);
        CHECK(same == copy);
        free(placed);
        CHECK_STR(xmpp_jid_get_text(copy), rows[i]);
        xmpp_jid_unref(same);
        xmpp_jid_unref(copy);
        xmpp_jid_unref(bare);
    }
}

static void the_bare_one_of_a_bad_resource_is_good(void)
{
    xmpp_jid *placed = place("room@muc.example/ nick");
    xmpp_jid *bare = NULL;
    CHECK_INT(xmpp_jid_is_malformed(placed), 1);
    CHECK_INT(xmpp_jid_get_bare(placed, &bare), 0);
    CHECK_INT(xmpp_jid_is_malformed(bare), 0);
    xmpp_jid_unref(bare);
    free(placed);
}

static void a_malformed_domain_has_no_a_labels(void)
{
    char buf[256];
    xmpp_jid *bad = place("a@b c");
    xmpp_jid *good = place("a b@c");
    CHECK_INT(xmpp_jid_get_domain_ascii(bad, buf, sizeof buf), XMPP_E_JID);
    CHECK_INT(xmpp_jid_get_domain_ascii(good, buf, sizeof buf), 1);
    free(bad);
    free(good);
}

/* n times what is repeated. */
static char *repeat(const char *what, size_t n)
{
    size_t len = strlen(what);
    char *text = malloc(n * len + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + i * len, what, len);
    }
    text[n * len] = '\0';
    return text;
}

/* What grows beyond its room is kept as it was; what is far too long costs nothing. */
static void long_texts_stay_in_their_room(void)
{
    static const struct {
        const char *what;
        size_t n;
        int malformed;
    } rows[] = {
        {"a@b/\U0001d160", 1, GOOD},
        {"\u0958", 1, GOOD},
        {"a@b/\U0001d160\U0001d160", 20, GOOD},
        {"a@b/", 255, GOOD},
        {"a@b/", 256, GOOD},
        {"a@b/", 257, BAD},
        {"a@b/", 100000, BAD},
        {"\u3316.", 40, BAD},
        {"\u4f8b", 100000, BAD},
        {"@", 100000, BAD},
        {"\u30fb", 100000, BAD},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = repeat(rows[i].what, rows[i].n);
        check_note("row %zu", i);
        xmpp_jid *jid = place(text);
        CHECK_INT(xmpp_jid_is_malformed(jid), rows[i].malformed);
        free(jid);
        free(text);
    }
}

/* For each that is accepted strictly: what is prepared stands as it is when it comes back. */
static void what_was_prepared_stays(void)
{
    static const char *const rows[] = {
        "a@b/c",      "A@B/C",    "\uff21@b", "a@BU\u0308CHER.example.",
        "a@b/\u1e9e", "\u0958@b", "[::1]/x",  "\u3316.example"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_jid *strict = NULL;
        check_note("row %zu", i);
        CHECK_INT(xmpp_jid_parse(&strict, rows[i]), 0);
        xmpp_jid *placed = place(xmpp_jid_get_text(strict));
        CHECK_INT(xmpp_jid_equal(strict, placed), 1);
        CHECK_INT(xmpp_jid_is_malformed(placed), 0);
        free(placed);
        xmpp_jid_unref(strict);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"nothing is refused", nothing_is_refused},
        {"malformed is equal to itself only", malformed_is_equal_to_itself_only},
        {"malformed ones sort last", malformed_ones_sort_last},
        {"a reference is a copy", a_reference_is_a_copy},
        {"the bare one of a bad resource is good", the_bare_one_of_a_bad_resource_is_good},
        {"a malformed domain has no A-labels", a_malformed_domain_has_no_a_labels},
        {"long texts stay in their room", long_texts_stay_in_their_room},
        {"what was prepared stays", what_was_prepared_stays},
    };
    return CHECK_MAIN(argc, argv, "jid_place", cases);
}
