/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the two SRV answers of a domain to its targets in one order (RFC 2782, XEP-0368 3), in
 * groups of equal priority. What is in the records is hostile: it is bounded, and what cannot be a
 * host is left out. */
#ifndef XM_DIAL_SERVICE_H
#define XM_DIAL_SERVICE_H

#include "base/answer.h"
#include "crypto/draw.h"
#include "dial/target.h"

struct xm_targets {
    struct xm_target list[XM_ROUTE_TARGETS_MAX]; /* in order; then those that are left out */
    unsigned n;
    unsigned n_groups;
};

void xm_targets_done(struct xm_targets *targets);
/* A target that no SRV record names, as group 0. 0 or XMPP_E_NOMEM. */
int xm_targets_add(struct xm_targets *targets, const char *host, uint16_t port, int is_direct);
/* Takes two answers that have not failed: of _xmpp-client, and of _xmpps-client. 0; without a
 * target there are no SRV records at all. XMPP_E_NO_SERVICE, XMPP_E_NOMEM. */
int xm_targets_order(struct xm_targets *targets, const struct xm_answer *const services[2],
                     struct xm_draw *draw);

#endif
