/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a route can try is bounded, and no target starves for one that has many addresses: one
 * address of each of its families is always tried, whatever its group, and whoever is known first. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "scene.h"
#include "xmpp/error.h"

#define PLAIN "_xmpp-client._tcp.example.org", XM_RR_SRV
#define FOUND XM_ANSWER_FOUND, XM_DNSSEC_INSECURE

enum { TARGETS = XM_ROUTE_TARGETS_MAX, MANY = XM_ROUTE_ADDRS_MAX + 2 };

/* A zone of targets: those in front have many addresses of both families. */
struct world {
    char srv[1024];
    char names[TARGETS][16];
    char many[TARGETS][2][512];
    struct zone_row rows[1 + 2 * TARGETS + 1];
    size_t n_rows;
    unsigned n;
    struct scene scene;
};

static void world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    world->rows[world->n_rows++] = (struct zone_row){PLAIN, 0, FOUND, world->srv};
}

/* Target number n is h<n>.example, [2001:db8:<n>::1] and on, 10.0.<n>.1 and on. */
static void add_target(struct world *world, unsigned priority, unsigned n_aaaa, unsigned n_a,
                       int after)
{
    unsigned number = world->n++;
    size_t len = strlen(world->srv);
    snprintf(world->names[number], sizeof world->names[number], "h%u.example", number);
    snprintf(world->srv + len, sizeof world->srv - len, "%u 0 5222 h%u.example;", priority, number);
    for (unsigned is_a = 0; is_a < 2; is_a++) {
        char *list = world->many[number][is_a];
        size_t room = sizeof world->many[number][is_a];
        for (unsigned i = 1; i <= (is_a ? n_a : n_aaaa); i++) {
            len = strlen(list);
            snprintf(list + len, room - len, is_a ? "10.0.%u.%u;" : "2001:db8:%x::%x;", number, i);
        }
        enum xm_answer_status status = list[0] ? XM_ANSWER_FOUND : XM_ANSWER_NONE;
        world->rows[world->n_rows++] = (struct zone_row){world->names[number],
                                                         is_a ? XM_RR_A : XM_RR_AAAA,
                                                         after,
                                                         status,
                                                         XM_DNSSEC_INSECURE,
                                                         list};
    }
}

static void plan(struct world *world)
{
    scene_init(&world->scene, "example.org", world->rows, NULL);
    world->scene.config.is_plan = 1;
    world->scene.hides_asked = 1;
    scene_expect(&world->scene, NULL);
}

/* How many tries a target has of a family (4, 6; 0: it is shown as left out). */
static unsigned count(const struct world *world, unsigned target, unsigned family)
{
    unsigned n = 0;
    for (unsigned i = 0; i < xm_route_get_n_tries(world->scene.route); i++) {
        const struct xm_try *tried = xm_route_get_try(world->scene.route, i);
        n += strcmp(tried->host, world->names[target]) == 0 && tried->addr.family == family;
    }
    return n;
}

static void many_addresses_leave_both_families_to_all(void)
{
    static struct world world;
    for (int is_grouped = 0; is_grouped < 2; is_grouped++) {
        world_init(&world);
        for (unsigned i = 0; i < TARGETS; i++) {
            add_target(&world, is_grouped ? i : 0, MANY, MANY, 0);
        }
        plan(&world);
        unsigned full = 0;
        for (unsigned i = 0; i < TARGETS; i++) {
            check_note("target %u%s", i, is_grouped ? ", groups" : "");
            CHECK(count(&world, i, 6) >= 1 && count(&world, i, 4) >= 1);
            full += count(&world, i, 6) == XM_ROUTE_ADDRS_MAX &&
                    count(&world, i, 4) == XM_ROUTE_ADDRS_MAX;
        }
        CHECK_INT(full, 1);
        CHECK(!is_grouped || count(&world, 0, 4) == XM_ROUTE_ADDRS_MAX);
        CHECK_INT(xm_route_get_n_tries(world.scene.route), XM_ROUTE_TRIES_MAX);
        scene_done(&world.scene);
    }
}

/* Four servers full of addresses where nothing answers, and behind them one that works. */
static void a_later_group_is_tried(void)
{
    static const struct net_row net[] = {{"10.0.4.1:5222", 1, 0, 0}, {0}};
    static struct world world;
    for (int is_survey = 0; is_survey < 2; is_survey++) {
        check_note(is_survey ? "all are looked up at once" : "group by group");
        world_init(&world);
        for (unsigned i = 0; i < 5; i++) {
            add_target(&world, i, i < 4 ? MANY : 0, i < 4 ? MANY : 1, i == 4 ? 40 : 0);
        }
        scene_init(&world.scene, "example.org", world.rows, net);
        world.scene.config.is_survey = is_survey;
        world.scene.hides_asked = 1;
        scene_expect(&world.scene, NULL);
        CHECK(strstr(world.scene.log, "won 10.0.4.1:5222"));
        for (unsigned i = 0; i < 4; i++) {
            CHECK(count(&world, i, 6) > 0 && count(&world, i, 4) > 0);
        }
        scene_done(&world.scene);
    }
}

static void who_is_known_last_has_its_places(void)
{
    static struct world world;
    world_init(&world);
    add_target(&world, 0, MANY, MANY, 100);
    for (unsigned i = 1; i < 8; i++) {
        add_target(&world, i, MANY, MANY, 0);
    }
    plan(&world);
    CHECK_INT(count(&world, 0, 6), 1);
    CHECK_INT(count(&world, 0, 4), 1);
    CHECK_INT(xm_route_get_n_tries(world.scene.route), XM_ROUTE_TRIES_MAX);
    scene_done(&world.scene);
}

/* A family that is not there needs no place: the others have it. */
static void what_is_not_needed_is_given_on(void)
{
    static struct world world;
    world_init(&world);
    for (unsigned i = 0; i < 8; i++) {
        add_target(&world, i, 0, XM_ROUTE_ADDRS_MAX, 0);
    }
    plan(&world);
    for (unsigned i = 0; i < 8; i++) {
        CHECK_INT(count(&world, i, 4), XM_ROUTE_ADDRS_MAX);
    }
    scene_done(&world.scene);
}

/* A target without an address, and a record that cannot be used: why, has a place as well. */
static void what_is_left_out_is_shown(void)
{
    static struct world world;
    world_init(&world);
    for (unsigned i = 0; i < 5; i++) {
        add_target(&world, i, i < 4 ? MANY : 0, i < 4 ? MANY : 0, 0);
    }
    strcat(world.srv, "9 0 5222 192.0.2.1");
    plan(&world);
    CHECK_INT(count(&world, 4, 0), 1);
    unsigned n = 0;
    for (unsigned i = 0; i < xm_route_get_n_tries(world.scene.route); i++) {
        n += strcmp(xm_route_get_try(world.scene.route, i)->host, "192.0.2.1") == 0;
    }
    CHECK_INT(n, 1);
    scene_done(&world.scene);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"many addresses leave both families to all", many_addresses_leave_both_families_to_all},
        {"a later group is tried", a_later_group_is_tried},
        {"who is known last has its places", who_is_known_last_has_its_places},
        {"what is not needed is given on", what_is_not_needed_is_given_on},
        {"what is left out is shown", what_is_left_out_is_shown},
    };
    return CHECK_MAIN(argc, argv, "dial-places", cases);
}
