/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of destination addresses: RFC 6724 6 with the rank of the SRV target in front of rule 9
 * (XEP-0495 4.3), then families interleaved (RFC 8305 4, one of the first family first). */
#ifndef XM_DIAL_ADDRESS_H
#define XM_DIAL_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct xm_dest {
    struct xm_addr addr;
    struct xm_addr source; /* what the system would send from; family 0: it has no route */
    unsigned rank;         /* of its target in the order of SRV, from 0 */
    size_t index;          /* the caller's */
};

/* Rules 3, 4 and 7 need what the system does not tell, and count as equal. Stable. */
void xm_dest_sort(struct xm_dest *list, size_t n);
void xm_dest_interleave(struct xm_dest *list, size_t n);

#endif
