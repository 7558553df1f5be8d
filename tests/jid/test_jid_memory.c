/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each allocation fails in turn: that is XMPP_E_NOMEM, nothing leaks, and what is in ASCII and
 * prepared already allocates nothing at all. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "jid/jid.h"
#include "jid/precis.h"
#include "nomem.h"
#include "xmpp/error.h"

static const char *const texts[] = {
    "a@b/c",        "A@B/C", "\uff21@b\u00fccher.example/\u1e9e ", "a@xn--bcher-kva.example",
    "a@b/x\u00a0y",
};
enum { N_TEXTS = sizeof texts / sizeof *texts, MAX_ALLOCATIONS = 100 };

static int parse(const char *text)
{
    xmpp_jid *jid = NULL;
    int result = xmpp_jid_parse(&jid, text);
    xmpp_jid_unref(jid);
    return result;
}

static int prepare(const char *text)
{
    char buf[XMPP_JID_MAX];
    return xm_jid_prepare_text(buf, text, strlen(text));
}

static int place(const char *text)
{
    static max_align_t memory[64];
    xmpp_jid *jid = NULL;
    int result = xm_jid_place(memory, text, strlen(text), &jid);
    xmpp_jid *copy = xmpp_jid_ref(jid);
    if (result == 0 && !copy) {
        result = XMPP_E_NOMEM;
    }
    CHECK(!copy || !xmpp_jid_is_malformed(copy));
    xmpp_jid_unref(copy);
    return result;
}

static int bare(const char *text)
{
    xmpp_jid *jid = NULL;
    xmpp_jid *without = NULL;
    int result = xmpp_jid_parse(&jid, text);
    if (result == 0) {
        result = xmpp_jid_get_bare(jid, &without);
    }
    xmpp_jid_unref(jid);
    xmpp_jid_unref(without);
    return result;
}

static int opaque(const char *text)
{
    char *ret = NULL;
    size_t len;
    int result = xm_precis_opaque(text, strlen(text), &ret, &len);
    free(ret);
    return result;
}

static void sweep(int (*action)(const char *))
{
    for (int i = 0; i < N_TEXTS; i++) {
        int result = XMPP_E_NOMEM;
        int n = 0;
        for (; result != 0 && n < MAX_ALLOCATIONS; n++) {
            check_note("text %d, allocation %d", i, n);
            nomem_at(n);
            result = action(texts[i]);
            CHECK_INT(result, nomem_end() ? XMPP_E_NOMEM : 0);
        }
        CHECK(n < MAX_ALLOCATIONS);
    }
}

static void parsing(void)
{
    sweep(parse);
}

static void preparing(void)
{
    sweep(prepare);
}

static void placing(void)
{
    sweep(place);
}

static void baring(void)
{
    sweep(bare);
}

static void opaque_strings(void)
{
    sweep(opaque);
}

static void the_short_way_allocates_nothing(void)
{
    static const char *const rows[] = {"juliet@example.com/balcony", "example.com", "a b@c",
                                       "room@conference.example.org/Some Nick", "127.0.0.1/x"};
    static max_align_t memory[64];
    xmpp_jid *jid;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        nomem_at(-1);
        check_note("row %zu", i);
        CHECK_INT(xm_jid_place(memory, rows[i], strlen(rows[i]), &jid), 0);
        CHECK_INT(nomem_count(), i == 2 ? 2 : 0); /* the malformed one went the long way */
    }
    nomem_at(-1);
    CHECK_INT(parse("juliet@example.com/balcony"), 0);
    CHECK_INT(nomem_count(), 1);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"parsing", parsing},
        {"preparing", preparing},
        {"placing", placing},
        {"making bare", baring},
        {"opaque strings", opaque_strings},
        {"the short way allocates nothing", the_short_way_allocates_nothing},
    };
    return CHECK_MAIN(argc, argv, "jid_memory", cases);
}
