/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The derived property of a code point, RFC 8264 8: asked in the order of its algorithm, the first
 * answer counts. */
#include "jid/precis_class.h"

#include <stdlib.h>

#include <unictype.h>
#include <uninorm.h>

/* RFC 8264 9.1, 9.11-9.15: categories by what they allow. */
enum {
    LETTER_DIGITS = UC_CATEGORY_MASK_Ll | UC_CATEGORY_MASK_Lu | UC_CATEGORY_MASK_Lo |
                    UC_CATEGORY_MASK_Nd | UC_CATEGORY_MASK_Lm | UC_CATEGORY_MASK_Mn |
                    UC_CATEGORY_MASK_Mc,
    FREEFORM = UC_CATEGORY_MASK_Lt | UC_CATEGORY_MASK_Nl | UC_CATEGORY_MASK_No |
               UC_CATEGORY_MASK_Me | UC_CATEGORY_MASK_Zs | UC_CATEGORY_MASK_Sm |
               UC_CATEGORY_MASK_Sc | UC_CATEGORY_MASK_Sk | UC_CATEGORY_MASK_So |
               UC_CATEGORY_MASK_Pc | UC_CATEGORY_MASK_Pd | UC_CATEGORY_MASK_Ps |
               UC_CATEGORY_MASK_Pe | UC_CATEGORY_MASK_Pi | UC_CATEGORY_MASK_Pf | UC_CATEGORY_MASK_Po
};

/* RFC 8264 9.6. 1 if the code point is one of the exceptions, which *ret then answers for. */
static int is_exception(uint32_t point, enum xm_precis_property *ret)
{
    switch (point) {
    case 0x00df:
    case 0x03c2:
    case 0x06fd:
    case 0x06fe:
    case 0x0f0b:
    case 0x3007:
        *ret = XM_PRECIS_VALID;
        return 1;
    case 0x00b7:
    case 0x0375:
    case 0x05f3:
    case 0x05f4:
    case 0x30fb:
        *ret = XM_PRECIS_CONTEXT;
        return 1;
    case 0x0640:
    case 0x07fa:
    case 0x302e:
    case 0x302f:
    case 0x303b:
        *ret = XM_PRECIS_DISALLOWED;
        return 1;
    default:
        break;
    }
    if ((point >= 0x0660 && point <= 0x0669) || (point >= 0x06f0 && point <= 0x06f9)) {
        *ret = XM_PRECIS_CONTEXT;
        return 1;
    }
    *ret = XM_PRECIS_DISALLOWED;
    return point >= 0x3031 && point <= 0x3035;
}

/* RFC 8264 9.9: conjoining Hangul, that is Hangul_Syllable_Type L, V or T. */
static int is_old_hangul_jamo(uint32_t point)
{
    return (point >= 0x1100 && point <= 0x11ff) || (point >= 0xa960 && point <= 0xa97c) ||
           (point >= 0xd7b0 && point <= 0xd7c6) || (point >= 0xd7cb && point <= 0xd7fb);
}

/* RFC 8264 9.13 */
static int is_ignorable(uint32_t point)
{
    return uc_is_property_default_ignorable_code_point(point) ||
           uc_is_property_not_a_character(point);
}

/* RFC 8264 9.17: compatibility normalisation would make something else of it. */
static int has_compat(uint32_t point)
{
    uint32_t room[UC_DECOMPOSITION_MAX_LENGTH];
    size_t n = sizeof room / sizeof *room;
    uint32_t *normal = u32_normalize(UNINORM_NFKC, &point, 1, room, &n);
    int same = normal == room && n == 1 && room[0] == point;
    if (normal != room) {
        free(normal);
    }
    return !same;
}

enum xm_precis_property xm_precis_property(uint32_t point)
{
    enum xm_precis_property exception;
    if (point < 0x80) { /* RFC 8264 9.11 */
        return point > 0x20 && point < 0x7f ? XM_PRECIS_VALID
               : point == 0x20              ? XM_PRECIS_FREE
                                            : XM_PRECIS_DISALLOWED;
    }
    if (is_exception(point, &exception)) {
        return exception;
    }
    if (uc_is_property_join_control(point)) { /* RFC 8264 9.8 */
        return XM_PRECIS_CONTEXT;
    }
    if (is_old_hangul_jamo(point) || is_ignorable(point)) {
        return XM_PRECIS_DISALLOWED;
    }
    if (uc_is_general_category_withtable(point, LETTER_DIGITS)) {
        return has_compat(point) ? XM_PRECIS_FREE : XM_PRECIS_VALID;
    }
    /* No unassigned code point and no control character has a compatibility mapping: what is left
     * of the algorithm is the categories. */
    return uc_is_general_category_withtable(point, FREEFORM) ? XM_PRECIS_FREE
                                                             : XM_PRECIS_DISALLOWED;
}
