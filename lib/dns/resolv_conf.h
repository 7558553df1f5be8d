/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom to ask: the text of resolv.conf(5), or what the application set instead. No search list is
 * ever applied: names are complete. */
#ifndef XM_DNS_RESOLV_CONF_H
#define XM_DNS_RESOLV_CONF_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum { XM_DNS_SERVERS_MAX = 8 };

struct xm_dns_config {
    struct xm_addr servers[XM_DNS_SERVERS_MAX]; /* with their ports */
    uint8_t n_servers;
    uint8_t rotate;   /* begin with another server each time */
    uint8_t trust_ad; /* believe the AD bit of servers that are not on loopback, too */
    uint8_t edns0;    /* the option was named; EDNS0 is used in any case */
    uint8_t attempts; /* rounds over all servers: 1 to 5, default 2 */
    int timeout_ms;   /* for one server: 1 s to 30 s, default 5 s */
};

/* The defaults: 127.0.0.1 and ::1, port 53. */
void xm_dns_config_init(struct xm_dns_config *config);
/* Reads the text; what cannot be understood is passed over. With no nameserver line those of the
 * defaults stay. `scope_of` gives the number of the interface that stands behind '%' in an IPv6
 * address when it is not numeric, 0: there is none, then that server is passed over. The last
 * `options` of a kind counts. A "search", "domain" or "sortlist" is ignored. */
void xm_dns_config_read(struct xm_dns_config *config, const char *text, size_t len,
                        uint32_t (*scope_of)(const char *name));

#endif
