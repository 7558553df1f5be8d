/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the <c/> elements of XEP-0115 4 and XEP-0390 4. Whether they are true is not known here. */
#include "caps_said.h"

#include <stdio.h>
#include <string.h>

#include "xmpp/stanza.h"
#include "xmpp/util.h"

#define NS_HASHES "urn:xmpp:hashes:2"

/* Of the newer specification, which hash is taken where there are several; SHA-1 never (XEP-0300). */
static const int preferred[] = {XMPP_HASH_SHA256, XMPP_HASH_SHA3_256, XMPP_HASH_SHA512,
                                XMPP_HASH_SHA3_512};

/* 1 if the text fits. */
static int fits(int printed, size_t room)
{
    return printed > 0 && (size_t)printed < room;
}

/* One hash of the newer specification; 0 if it cannot be asked about. */
static int take_hash(struct xm_caps_said *said, const xmpp_elem *elem, int hash)
{
    const char *algo = xmpp_elem_get_attr(elem, "algo");
    const char *value = xmpp_elem_get_text(elem, NULL);
    if (!algo || !*value) {
        return 0;
    }
    said->kind = XMPP_CAPS_HASHES;
    said->hash = hash;
    int is_good =
        fits(snprintf(said->node, sizeof said->node, "%s#%s.%s", XMPP_NS_CAPS, algo, value),
             sizeof said->node) &&
        (hash == 0 || fits(snprintf(said->name, sizeof said->name, "caps:%s:%s", algo, value),
                           sizeof said->name));
    if (!is_good) {
        memset(said, 0, sizeof *said);
    }
    return is_good;
}

static const xmpp_elem *find_hash(const xmpp_elem *c, const char *algo)
{
    const xmpp_elem *elem = xmpp_elem_get_child(c, "hash", NS_HASHES);
    while (elem && algo) {
        const char *its = xmpp_elem_get_attr(elem, "algo");
        if (its && strcmp(its, algo) == 0) {
            return elem;
        }
        elem = xmpp_elem_get_next(elem, "hash", NS_HASHES);
    }
    return elem;
}

static int read_hashes(struct xm_caps_said *said, const xmpp_elem *c)
{
    for (size_t i = 0; i < sizeof preferred / sizeof *preferred; i++) {
        const xmpp_elem *elem = find_hash(c, xmpp_hash_get_name(preferred[i]));
        if (elem && take_hash(said, elem, preferred[i])) {
            return 1;
        }
    }
    return 0;
}

/* XEP-0115 5.4: without a hash attribute it is the format before 1.4, which nothing verifies. */
static int read_legacy(struct xm_caps_said *said, const xmpp_elem *c)
{
    const char *algo = xmpp_elem_get_attr(c, "hash");
    const char *node = xmpp_elem_get_attr(c, "node");
    const char *ver = xmpp_elem_get_attr(c, "ver");
    if (!algo || !node || !ver || !*ver) {
        return 0;
    }
    said->kind = XMPP_CAPS_LEGACY;
    said->hash = xmpp_hash_from_name(algo);
    int is_good =
        fits(snprintf(said->node, sizeof said->node, "%s#%s", node, ver), sizeof said->node) &&
        (said->hash == 0 || fits(snprintf(said->name, sizeof said->name, "legacy:%s:%s", algo, ver),
                                 sizeof said->name));
    if (!is_good) {
        memset(said, 0, sizeof *said);
    }
    return is_good;
}

/* The newer one counts before the older one; a hash that can be computed before one that cannot. */
void xm_caps_said_read(struct xm_caps_said *said, const xmpp_elem *from)
{
    const xmpp_elem *hashes = xmpp_elem_get_child(from, "c", XMPP_NS_CAPS);
    const xmpp_elem *legacy = xmpp_elem_get_child(from, "c", XMPP_NS_CAPS_LEGACY);
    memset(said, 0, sizeof *said);
    if (read_hashes(said, hashes)) {
        return;
    }
    if (!read_legacy(said, legacy) || said->hash == 0) {
        take_hash(said, find_hash(hashes, NULL), 0);
    }
}

void xm_caps_said_from_name(struct xm_caps_said *said, const char *name)
{
    char algo[16] = "";
    memset(said, 0, sizeof *said);
    const char *first = strchr(name, ':');
    const char *second = first ? strchr(first + 1, ':') : NULL;
    if (!second || strlen(name) >= sizeof said->name ||
        !fits(snprintf(algo, sizeof algo, "%.*s", (int)(second - first - 1), first + 1),
              sizeof algo)) {
        return;
    }
    int is_legacy = strncmp(name, "legacy:", 7) == 0;
    said->hash = xmpp_hash_from_name(algo);
    if (said->hash != 0 && (is_legacy || strncmp(name, "caps:", 5) == 0)) {
        said->kind = is_legacy ? XMPP_CAPS_LEGACY : XMPP_CAPS_HASHES;
        memcpy(said->name, name, strlen(name) + 1);
    }
}

const char *xm_caps_said_value(const struct xm_caps_said *said)
{
    return strrchr(said->name, ':') + 1;
}

int xm_caps_said_equal(const struct xm_caps_said *a, const struct xm_caps_said *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && strcmp(a->node, b->node) == 0;
}
