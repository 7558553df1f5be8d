/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules that look at a whole string. Each is linear in it: what a rule asks of the whole
 * string is found out once. */
#include "jid/precis_class.h"

#include <stdint.h>

#include <unictype.h>

enum { ZWNJ = 0x200c, ZWJ = 0x200d };

/* What is somewhere in the string. */
struct facts {
    int kana_or_han;
    int arabic_digit;
    int extended_digit;
};

static int has_script(uint32_t point, const char *name)
{
    return uc_is_script(point, uc_script_byname(name));
}

static int is_arabic_digit(uint32_t point)
{
    return point >= 0x0660 && point <= 0x0669;
}

static int is_extended_digit(uint32_t point)
{
    return point >= 0x06f0 && point <= 0x06f9;
}

static struct facts gather(const uint32_t *points, size_t n)
{
    struct facts facts = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t point = points[i];
        facts.arabic_digit |= is_arabic_digit(point);
        facts.extended_digit |= is_extended_digit(point);
        if (!facts.kana_or_han && point >= 0x2e80) {
            facts.kana_or_han = has_script(point, "Hiragana") || has_script(point, "Katakana") ||
                                has_script(point, "Han");
        }
    }
    return facts;
}

static int follows_virama(const uint32_t *points, size_t i)
{
    return i > 0 && uc_combining_class(points[i - 1]) == UC_CCC_VR;
}

/* RFC 5892 A.1: (L or D) T* ZWNJ T* (R or D). A run of T is looked at twice at most, as no ZWNJ is
 * one. */
static int joins(const uint32_t *points, size_t n, size_t i)
{
    size_t before = i;
    while (before > 0 && uc_joining_type(points[before - 1]) == UC_JOINING_TYPE_T) {
        before--;
    }
    size_t after = i + 1;
    while (after < n && uc_joining_type(points[after]) == UC_JOINING_TYPE_T) {
        after++;
    }
    if (before == 0 || after == n) {
        return 0;
    }
    int left = uc_joining_type(points[before - 1]);
    int right = uc_joining_type(points[after]);
    return (left == UC_JOINING_TYPE_L || left == UC_JOINING_TYPE_D) &&
           (right == UC_JOINING_TYPE_R || right == UC_JOINING_TYPE_D);
}

/* RFC 5892 A.1 to A.9; 1 for a code point that has no rule. */
static int rule_holds(const uint32_t *points, size_t n, size_t i, const struct facts *facts)
{
    switch (points[i]) {
    case ZWNJ:
        return follows_virama(points, i) || joins(points, n, i);
    case ZWJ:
        return follows_virama(points, i);
    case 0x00b7: /* MIDDLE DOT: in Catalan l·l */
        return i > 0 && i + 1 < n && points[i - 1] == 'l' && points[i + 1] == 'l';
    case 0x0375: /* GREEK LOWER NUMERAL SIGN */
        return i + 1 < n && has_script(points[i + 1], "Greek");
    case 0x05f3: /* HEBREW PUNCTUATION GERESH, GERSHAYIM */
    case 0x05f4:
        return i > 0 && has_script(points[i - 1], "Hebrew");
    case 0x30fb: /* KATAKANA MIDDLE DOT */
        return facts->kana_or_han;
    default:
        break;
    }
    if (is_arabic_digit(points[i])) {
        return !facts->extended_digit;
    }
    return !is_extended_digit(points[i]) || !facts->arabic_digit;
}

int xm_precis_context_holds(const uint32_t *points, size_t n)
{
    struct facts facts = gather(points, n);
    for (size_t i = 0; i < n; i++) {
        if (points[i] >= 0x80 && !rule_holds(points, n, i, &facts)) {
            return 0;
        }
    }
    return 1;
}

static unsigned bidi_bit(uint32_t point)
{
    return 1u << uc_bidi_class(point);
}

int xm_precis_bidi_holds(const uint32_t *points, size_t n)
{
    const unsigned right_to_left = 1u << UC_BIDI_R | 1u << UC_BIDI_AL | 1u << UC_BIDI_AN;
    const unsigned allowed = right_to_left | 1u << UC_BIDI_EN | 1u << UC_BIDI_ES |
                             1u << UC_BIDI_CS | 1u << UC_BIDI_ET | 1u << UC_BIDI_ON |
                             1u << UC_BIDI_BN | 1u << UC_BIDI_NSM;
    const unsigned both_digits = 1u << UC_BIDI_EN | 1u << UC_BIDI_AN;
    unsigned seen = 0;
    unsigned last = 0; /* the last one that is no non-spacing mark */
    for (size_t i = 0; i < n; i++) {
        unsigned bit = bidi_bit(points[i]);
        seen |= bit;
        last = bit == 1u << UC_BIDI_NSM ? last : bit;
    }
    if (!(seen & right_to_left)) {
        return 1;
    }
    /* RFC 5893 2: a string that has such characters must start with one (rules 1 and 5), hold
     * nothing else than these (2), end with a letter or digit (3), and not mix digits (4). */
    return (bidi_bit(points[0]) & (1u << UC_BIDI_R | 1u << UC_BIDI_AL)) && !(seen & ~allowed) &&
           (last & (right_to_left | 1u << UC_BIDI_EN)) && (seen & both_digits) != both_digits;
}
