/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The derived property of a code point, RFC 8264 8, and the rules that look at a whole string: the
 * contextual ones of RFC 5892 appendix A and the Bidi Rule of RFC 5893 2. */
#ifndef XM_JID_PRECIS_CLASS_H
#define XM_JID_PRECIS_CLASS_H

#include <stddef.h>
#include <stdint.h>

enum xm_precis_property {
    XM_PRECIS_DISALLOWED, /* in neither class; unassigned ones too */
    XM_PRECIS_FREE,       /* in the FreeformClass only: ID_DIS, FREE_PVAL */
    XM_PRECIS_VALID,      /* in both classes: PVALID */
    XM_PRECIS_CONTEXT     /* in both where its rule holds: CONTEXTJ, CONTEXTO */
};

enum xm_precis_property xm_precis_property(uint32_t point);
/* 1 if the contextual rule of each code point that has one holds. */
int xm_precis_context_holds(const uint32_t *points, size_t n);
/* 1 if the Bidi Rule holds, or nothing in the string is written from right to left. */
int xm_precis_bidi_holds(const uint32_t *points, size_t n);

#endif
