/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enforcement of the profiles of RFC 8265, in the order of RFC 8264 7. It knows nothing of what an
 * address is: its lengths and the characters it excludes are prepare.c's. */
#include "jid/precis.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "jid/precis_class.h"
#include "xmpp/error.h"

/* RFC 8265 5: the rules are applied once, and three times more at most until nothing changes. */
enum { MAX_ROUNDS = 4 };

/* A string while it is worked on. */
struct points {
    uint32_t *at;
    size_t n;
};

struct profile {
    int (*map)(struct points *); /* the mapping rules and the normalisation rule */
    int (*accept)(const struct points *);
};

/* Puts another string, which may be NULL for want of memory, in the place of one. */
static int replace(struct points *points, uint32_t *at, size_t n)
{
    if (!at) {
        return errno == ENOMEM ? XMPP_E_NOMEM : XMPP_E_JID;
    }
    free(points->at);
    points->at = at;
    points->n = n;
    return 0;
}

/* RFC 8265 3.3.2 rule 1: full-width and half-width code points to what they decompose to, which is
 * one code point always. */
static uint32_t map_width(uint32_t point)
{
    ucs4_t wide[UC_DECOMPOSITION_MAX_LENGTH];
    int tag;
    if (point < 0x3000) {
        return point;
    }
    int n = uc_decomposition(point, &tag, wide);
    return n == 1 && (tag == UC_DECOMP_WIDE || tag == UC_DECOMP_NARROW) ? wide[0] : point;
}

/* RFC 8265 3.3.2 rules 1 to 4: width, then Unicode's toLowerCase (in no language's way, so that
 * the locale has no say), then NFC. */
static int map_username(struct points *points)
{
    size_t n = 0;
    for (size_t i = 0; i < points->n; i++) {
        points->at[i] = map_width(points->at[i]);
    }
    errno = 0;
    uint32_t *lower = u32_tolower(points->at, points->n, NULL, UNINORM_NFC, NULL, &n);
    return replace(points, lower, n);
}

static int accept_username(const struct points *points)
{
    for (size_t i = 0; i < points->n; i++) {
        enum xm_precis_property property = xm_precis_property(points->at[i]);
        if (property != XM_PRECIS_VALID && property != XM_PRECIS_CONTEXT) {
            return 0;
        }
    }
    return xm_precis_context_holds(points->at, points->n) &&
           xm_precis_bidi_holds(points->at, points->n);
}

/* RFC 8265 4.2.2 rules 2 and 4: spaces to the ASCII one, then NFC. */
static int map_opaque(struct points *points)
{
    size_t n = 0;
    for (size_t i = 0; i < points->n; i++) {
        if (uc_is_general_category_withtable(points->at[i], UC_CATEGORY_MASK_Zs)) {
            points->at[i] = ' ';
        }
    }
    errno = 0;
    uint32_t *normal = u32_normalize(UNINORM_NFC, points->at, points->n, NULL, &n);
    return replace(points, normal, n);
}

static int accept_opaque(const struct points *points)
{
    for (size_t i = 0; i < points->n; i++) {
        if (xm_precis_property(points->at[i]) == XM_PRECIS_DISALLOWED) {
            return 0;
        }
    }
    return xm_precis_context_holds(points->at, points->n);
}

static int decode(struct points *points, const char *text, size_t len)
{
    points->at = xm_mem_new0(len, sizeof *points->at);
    if (!points->at) {
        return XMPP_E_NOMEM;
    }
    for (size_t i = 0; i < len; points->n++) {
        size_t step = xm_utf8_next((const uint8_t *)text + i, len - i, &points->at[points->n]);
        if (step == 0) {
            return XMPP_E_JID;
        }
        i += step;
    }
    return 0;
}

static int encode(const struct points *points, char **ret, size_t *ret_len)
{
    size_t len = points->n * 4; /* bytes a code point has at most */
    char *text = malloc(len + 1);
    if (!text) {
        return XMPP_E_NOMEM;
    }
    u32_to_u8(points->at, points->n, (uint8_t *)text, &len); /* it fits: it cannot fail */
    text[len] = '\0';
    *ret = text;
    *ret_len = len;
    return 0;
}

/* Applies the rules once. 1 if that changed something, 0 if the string is stable, or an error. */
static int apply(const struct profile *profile, struct points *points)
{
    struct points before = {xm_mem_new0(points->n, sizeof *points->at), points->n};
    if (!before.at) {
        return XMPP_E_NOMEM;
    }
    memcpy(before.at, points->at, points->n * sizeof *points->at);
    int result = profile->map(points);
    if (result == 0) {
        result = before.n != points->n ||
                 memcmp(before.at, points->at, points->n * sizeof *points->at) != 0;
    }
    free(before.at);
    return result >= 0 && !profile->accept(points) ? XMPP_E_JID : result;
}

static int enforce(const struct profile *profile, const char *text, size_t len, char **ret,
                   size_t *ret_len)
{
    struct points points = {0};
    if (len == 0) { /* RFC 8265 3.3.2, 4.2.2: never empty */
        return XMPP_E_JID;
    }
    int result = decode(&points, text, len);
    for (int round = 0; result == 0; round++) {
        result = round < MAX_ROUNDS ? apply(profile, &points) : XMPP_E_JID;
        if (result != 1) {
            break;
        }
        result = 0;
    }
    if (result == 0) {
        result = encode(&points, ret, ret_len);
    }
    free(points.at);
    return result;
}

int xm_precis_username(const char *text, size_t len, char **ret, size_t *ret_len)
{
    static const struct profile username = {map_username, accept_username};
    return enforce(&username, text, len, ret, ret_len);
}

int xm_precis_opaque(const char *text, size_t len, char **ret, size_t *ret_len)
{
    static const struct profile opaque = {map_opaque, accept_opaque};
    return enforce(&opaque, text, len, ret, ret_len);
}
