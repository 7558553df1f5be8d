/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dns, Q:, N: the nameservers, what they were asked, and which connections were tried when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "world/faults.h"
#include "world/names.h"
#include "world/world.h"

/* --- nameservers ------------------------------------------------------------------------------ */

/* `dns asked NAME TYPE [N]` or `dns asked total N` */
static void expect_asked(struct scene *scene, const char *rest)
{
    char name[NAMES_TEXT] = "";
    char type[16] = "";
    unsigned want = 1;
    sscanf(rest, "%255s %15s %u", name, type, &want);
    int is_total = strcmp(name, "total") == 0;
    if (!is_total && names_type_of(type) == 0) {
        scene_fail(scene, "dns asked NAME TYPE [N], dns asked total N");
        return;
    }
    if (is_total) {
        want = (unsigned)strtoul(type, NULL, 10);
    }
    unsigned got = is_total ? names_count(NULL, 0) : names_count(name, names_type_of(type));
    if (got != want && !(got > want && faults_hit())) { /* there was no memory to keep an answer */
        scene_fail(scene, "it was asked %u times", got);
    }
}

/* What comes over TCP comes in pieces, as all else that the script says. */
static size_t service_piece(const struct scene *scene)
{
    enum { SMALL = 24 };
    switch (scene->pieces) {
    case SCENE_BYTES:
        return 1;
    case SCENE_RANDOM:
        return 1 + (size_t)world_random(SMALL);
    case SCENE_WHOLE:
    default:
        return 0;
    }
}

static void dns_line(struct scene *scene, const char *rest)
{
    world_set_service_recv_max(service_piece(scene));
    if (strncmp(rest, "asked ", 6) == 0) {
        expect_asked(scene, rest + 6);
    } else if (!names_line(rest)) {
        scene_fail(scene, "this says nothing to a nameserver");
    }
}

/* --- what they were asked --------------------------------------------------------------------- */

/* `Q: NAME TYPE [WORD ...]`, `Q: -`, `Q: *` */
static void expect_question(struct scene *scene, const char *want)
{
    char got[512] = "-";
    const struct names_asked *asked = names_next();
    if (strcmp(want, "*") == 0) {
        while (asked) {
            asked = names_next();
        }
        return;
    }
    if (asked) {
        names_print(asked, got, sizeof got);
    }
    if (asked ? !names_match(asked, want) : strcmp(want, "-") != 0) {
        scene_fail(scene, "a nameserver was asked: %s", got);
    }
}

/* --- what was tried --------------------------------------------------------------------------- */

/* `N: try 192.0.2.1:5222 [+250ms]`, `N: -`, `N: *` */
static void expect_deed(struct scene *scene, const char *want)
{
    char got[XM_ADDR_TEXT + 64] = "-";
    char addr[XM_ADDR_TEXT];
    const struct world_deed *deed = world_next_deed();
    if (strcmp(want, "*") == 0) {
        while (deed) {
            deed = world_next_deed();
        }
        return;
    }
    if (deed) {
        xm_addr_print(&deed->addr, addr);
        snprintf(got, sizeof got, "%s %s +%lldms", deed->what, addr, (long long)deed->at);
        if (!strchr(want, '+')) {
            *strrchr(got, ' ') = '\0';
        }
    }
    if (strcmp(want, got) != 0) {
        scene_fail(scene, "on the network: %s", got);
    }
}

void network_line(struct scene *scene, const char *verb, const char *rest)
{
    if (strcmp(verb, "dns") == 0) {
        dns_line(scene, rest);
    } else if (strcmp(verb, "Q:") == 0) {
        expect_question(scene, rest);
    } else {
        expect_deed(scene, rest);
    }
}
