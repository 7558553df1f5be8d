/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The own capabilities (XEP-0115 6.1, XEP-0390 5 and 6.1): computed from what the module "disco" would
 * tell. When they are sent is caps.c. */
#include "caps_own.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

#define NS_HASHES "urn:xmpp:hashes:2"
/* A URI that is nobody else's (RFC 4122). */
#define DEFAULT_NODE "urn:uuid:5f3bd5ad-2c8e-4d2b-9a62-0b7a3f8c41de"

static void set_done(struct xm_caps_set *set)
{
    xmpp_disco_info_unref(set->info);
    free(set->node);
    xmpp_free(set->ver);
    xmpp_free(set->sha256);
    xmpp_free(set->sha3);
    *set = (struct xm_caps_set){0};
}

void xm_caps_own_done(struct xm_caps_own *own)
{
    for (int i = 0; i < XM_CAPS_SETS; i++) {
        set_done(&own->sets[i]);
    }
    free(own->node);
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

int xm_caps_own_set_node(struct xm_caps_own *own, const char *node)
{
    char *copy = node ? copy_text(node) : NULL;
    if (node && !copy) {
        return XMPP_E_NOMEM;
    }
    free(own->node);
    own->node = copy;
    return 0;
}

static int compute(struct xm_caps_set *set, const struct xm_caps_own *own, xmpp_conn *conn)
{
    int result = xmpp_disco_get_own(conn, &set->info);
    if (result == 0) {
        set->node = copy_text(own->node ? own->node : DEFAULT_NODE);
        result = set->node ? 0 : XMPP_E_NOMEM;
    }
    if (result == 0) {
        result = xmpp_caps_hash(set->info, XMPP_CAPS_LEGACY, XMPP_HASH_SHA1, &set->ver);
    }
    if (result == 0) {
        result = xmpp_caps_hash(set->info, XMPP_CAPS_HASHES, XMPP_HASH_SHA256, &set->sha256);
    }
    if (result == 0) {
        result = xmpp_caps_hash(set->info, XMPP_CAPS_HASHES, XMPP_HASH_SHA3_256, &set->sha3);
    }
    return result;
}

static int is_same(const struct xm_caps_set *a, const struct xm_caps_set *b)
{
    return a->info && strcmp(a->sha256, b->sha256) == 0 && strcmp(a->ver, b->ver) == 0 &&
           strcmp(a->node, b->node) == 0;
}

int xm_caps_own_refresh(struct xm_caps_own *own, xmpp_conn *conn)
{
    struct xm_caps_set set = {0};
    int result = compute(&set, own, conn);
    if (result < 0 || is_same(&own->sets[0], &set)) {
        set_done(&set);
        return result;
    }
    if (own->sets[0].is_sent) { /* somebody may still ask about it */
        set_done(&own->sets[XM_CAPS_SETS - 1]);
        memmove(&own->sets[1], &own->sets[0], (XM_CAPS_SETS - 1) * sizeof set);
    } else {
        set_done(&own->sets[0]);
    }
    own->sets[0] = set;
    return 1;
}

static void add_hash(xmpp_elem *c, int hash, const char *value)
{
    xmpp_elem *elem = xmpp_elem_add_text_child(c, "hash", NS_HASHES, value);
    xmpp_elem_set_attr(elem, "algo", xmpp_hash_get_name(hash));
}

void xm_caps_own_add(struct xm_caps_own *own, xmpp_elem *presence)
{
    struct xm_caps_set *set = &own->sets[0];
    xmpp_elem *legacy = xmpp_elem_add(presence, "c", XMPP_NS_CAPS_LEGACY);
    xmpp_elem_set_attr(legacy, "hash", xmpp_hash_get_name(XMPP_HASH_SHA1));
    xmpp_elem_set_attr(legacy, "node", set->node);
    xmpp_elem_set_attr(legacy, "ver", set->ver);
    xmpp_elem *c = xmpp_elem_add(presence, "c", XMPP_NS_CAPS);
    add_hash(c, XMPP_HASH_SHA256, set->sha256);
    add_hash(c, XMPP_HASH_SHA3_256, set->sha3);
    set->is_sent = 1;
}

/* 1 if the node is PREFIX, a character, VALUE. */
static int is_node(const char *node, const char *prefix, char between, const char *value)
{
    size_t n = strlen(prefix);
    return strncmp(node, prefix, n) == 0 && node[n] == between && strcmp(node + n + 1, value) == 0;
}

const xmpp_disco_info *xm_caps_own_find(const struct xm_caps_own *own, const char *node)
{
    for (int i = 0; i < XM_CAPS_SETS && own->sets[i].info; i++) {
        const struct xm_caps_set *set = &own->sets[i];
        if (is_node(node, set->node, '#', set->ver) ||
            is_node(node, XMPP_NS_CAPS "#sha-256", '.', set->sha256) ||
            is_node(node, XMPP_NS_CAPS "#sha3-256", '.', set->sha3)) {
            return set->info;
        }
    }
    return NULL;
}
