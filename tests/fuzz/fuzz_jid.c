/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses of any bytes. What is accepted strictly comes out again unchanged when it is prepared
 * once more, strictly or from the network; what comes from the network is always kept, in its
 * room, and a malformed one is never equal to one that is not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jid/jid.h"
#include "jid/precis.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(int held)
{
    if (!held) {
        abort();
    }
}

static xmpp_jid *place(const char *text, size_t len)
{
    xmpp_jid *jid = NULL;
    must(xm_jid_place(malloc(xm_jid_place_size(len)), text, len, &jid) == 0);
    return jid;
}

/* Placed again, it is the same; so are its copy and the bare one. */
static void check_placed(const xmpp_jid *jid)
{
    const char *text = xmpp_jid_get_text(jid);
    xmpp_jid *again = place(text, strlen(text));
    xmpp_jid *copy = xmpp_jid_ref(jid);
    xmpp_jid *bare = NULL;
    must(xmpp_jid_get_bare(jid, &bare) == 0);
    must(xmpp_jid_equal(copy, jid));
    must(xmpp_jid_equal_bare(bare, jid));
    must(strcmp(xmpp_jid_get_text(bare), xmpp_jid_get_bare_text(jid)) == 0);
    if (!xmpp_jid_is_malformed(jid)) {
        must(xmpp_jid_equal(again, jid) && xmpp_jid_compare(again, jid) == 0);
    }
    xmpp_jid_unref(bare);
    xmpp_jid_unref(copy);
    free(again);
}

static void check_strict(const xmpp_jid *strict, const xmpp_jid *placed)
{
    const char *text = xmpp_jid_get_text(strict);
    char prepared[XMPP_JID_MAX];
    char ascii[256];
    xmpp_jid *parts = NULL;
    must(!xmpp_jid_is_malformed(strict));
    must(xmpp_jid_is_malformed(placed) || xmpp_jid_equal(strict, placed));
    must(xm_jid_prepare_text(prepared, text, strlen(text)) == 0);
    must(strcmp(prepared, text) == 0);
    must(xmpp_jid_new(&parts, xmpp_jid_get_local(strict), xmpp_jid_get_domain(strict),
                      xmpp_jid_get_resource(strict)) == 0);
    must(xmpp_jid_equal(parts, strict));
    must(xmpp_jid_get_domain_ascii(strict, ascii, sizeof ascii) > 0);
    xmpp_jid_unref(parts);
    check_placed(strict);
}

static void check_opaque(const char *text, size_t len)
{
    char *once = NULL;
    char *twice = NULL;
    size_t n_once;
    size_t n_twice;
    if (xm_precis_opaque(text, len, &once, &n_once) == 0) {
        must(xm_precis_opaque(once, n_once, &twice, &n_twice) == 0);
        must(n_once == n_twice && memcmp(once, twice, n_once) == 0);
    }
    free(once);
    free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);
    memcpy(text, bytes, n);
    text[n] = '\0';
    size_t len = strlen(text);
    xmpp_jid *placed = place(text, len);
    xmpp_jid *strict = NULL;
    check_placed(placed);
    if (xmpp_jid_parse(&strict, text) == 0) {
        check_strict(strict, placed);
    } else {
        must(xmpp_jid_is_malformed(placed));
    }
    check_opaque(text, len);
    xmpp_jid_unref(strict);
    free(placed);
    free(text);
    return 0;
}
