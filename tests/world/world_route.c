/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways of the world: from which address something is reached, and what interfaces there are. */
#include <string.h>

#include "net/net.h"
#include "world/inside.h"
#include "xmpp/error.h"

enum { V4_BITS = 32, V6_BITS = 128 };

void world_set_source(const char *to, unsigned n_bits, const char *source)
{
    struct world_route route = {.n_bits = n_bits, .is_way = source != NULL};
    if (!xm_addr_parse(to, 0, &route.to) || (source && !xm_addr_parse(source, 0, &route.source)) ||
        n_bits > (route.to.family == 4 ? V4_BITS : V6_BITS)) {
        world_fault("\"%s\" by \"%s\" is no route", to, source ? source : "");
        return;
    }
    if (world.n_routes == WORLD_ROUTES) {
        world_fault("too many routes");
        return;
    }
    world.routes[world.n_routes++] = route;
}

void world_set_routes(void)
{
    world_set_source("0.0.0.0", 0, "192.0.2.250");
    world_set_source("127.0.0.0", 8, "127.0.0.1");
    world_set_source("::", 0, "2001:db8::250");
    world_set_source("::1", V6_BITS, "::1");
    world_set_source("fe80::", 10, "fe80::250");
}

static int is_in(const struct xm_addr *addr, const struct world_route *route)
{
    if (addr->family != route->to.family) {
        return 0;
    }
    for (unsigned bit = 0; bit < route->n_bits; bit++) {
        unsigned mask = 0x80U >> bit % 8;
        if ((addr->ip[bit / 8] & mask) != (route->to.ip[bit / 8] & mask)) {
            return 0;
        }
    }
    return 1;
}

/* The longest prefix counts, and of equal ones the last. */
const struct world_route *world_find_route(const struct xm_addr *to)
{
    const struct world_route *best = NULL;
    for (int i = 0; i < world.n_routes; i++) {
        const struct world_route *route = &world.routes[i];
        if (is_in(to, route) && (!best || route->n_bits >= best->n_bits)) {
            best = route;
        }
    }
    return best && best->is_way ? best : NULL;
}

int xm_net_find_source(const struct xm_addr *to, struct xm_addr *ret_source)
{
    const struct world_route *route = world_find_route(to);
    world.counts.sources++;
    if (!route) {
        return XMPP_E_UNREACHABLE;
    }
    *ret_source = route->source;
    if (to->family == 6 && route->source.ip[0] == 0xfe) {
        ret_source->scope = to->scope;
    }
    return 0;
}

uint32_t xm_net_find_scope(const char *name)
{
    static const char *const names[] = {"lo", "eth0", "wlan0"};
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return i + 1;
        }
    }
    return 0;
}
