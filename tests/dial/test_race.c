/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The race alone, on a virtual clock: a line says what happens at a time, or what must be done. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dial/race.h"

enum { DELAY = 250, LIMIT = 1000 };

/* Runs a script against a race: "T won N", "T lost N", "T order N N …", "T wait" (the owner waits
 * for answers), "T go"; and writes down what the race does at those times and in between, at its
 * own deadlines, until `end`. */
struct scene {
    struct xm_race race;
    int may_start;
    char log[4096];
    size_t n_log;
};

static void drain(struct scene *scene, int64_t now)
{
    static const char *const names[] = {"", "start", "stop", "cancel"};
    unsigned runner;
    enum xm_race_event event;
    while ((event = xm_race_next(&scene->race, now, scene->may_start, &runner)) !=
           XM_RACE_NOTHING) {
        scene->n_log +=
            (size_t)snprintf(scene->log + scene->n_log, sizeof scene->log - scene->n_log,
                             "%" PRId64 " %s %u\n", now, names[event], runner);
    }
    CHECK(xm_race_deadline(&scene->race, scene->may_start) > now);
}

static void run_until(struct scene *scene, int64_t end)
{
    int64_t deadline;
    while ((deadline = xm_race_deadline(&scene->race, scene->may_start)) < end) {
        drain(scene, deadline);
    }
}

static void act(struct scene *scene, const char *what)
{
    uint8_t order[XM_RACE_MAX];
    size_t n = 0;
    unsigned runner = 0;
    int at = 0;
    if (sscanf(what, "won %u", &runner) == 1) {
        xm_race_won(&scene->race, runner);
    } else if (sscanf(what, "lost %u", &runner) == 1) {
        xm_race_lost(&scene->race, runner);
    } else if (strncmp(what, "order", 5) == 0) {
        for (what += 5; *what == ' ' && sscanf(what, " %u%n", &runner, &at) == 1; what += at) {
            order[n++] = (uint8_t)runner;
        }
        xm_race_set_order(&scene->race, order, n);
    } else {
        scene->may_start = strncmp(what, "go", 2) == 0;
    }
}

static void run(struct scene *scene, const char *script)
{
    memset(scene, 0, sizeof *scene);
    scene->may_start = 1;
    xm_race_init(&scene->race, DELAY, LIMIT);
    while (*script != '\0') {
        int64_t at = 0;
        int n = 0;
        CHECK_INT(sscanf(script, "%" SCNd64 " %n", &at, &n), 1);
        run_until(scene, at);
        act(scene, script + n);
        drain(scene, at);
        script += strcspn(script, "\n");
        script += *script == '\n';
    }
    run_until(scene, INT64_MAX);
}

static void who_starts_when(void)
{
    static const struct {
        const char *what;
        const char *script;
        const char *log;
    } rows[] = {
        {"nobody", "0 order\n", ""},
        {"a delay between two, until they run out of time", "0 order 2 0 1\n",
         "0 start 2\n250 start 0\n500 start 1\n1000 stop 2\n1250 stop 0\n1500 stop 1\n"},
        {"the winner stops all others", "0 order 0 1 2\n300 won 0\n",
         "0 start 0\n250 start 1\n300 cancel 1\n"},
        {"the latest has lost: the next at once", "0 order 0 1 2\n20 lost 0\n30 won 1\n",
         "0 start 0\n20 start 1\n"},
        {"an earlier one has lost: nobody is hurried", "0 order 0 1 2\n260 lost 0\n510 won 2\n",
         "0 start 0\n250 start 1\n500 start 2\n510 cancel 1\n"},
        {"the delay counts from the latest start", "0 order 0 1 2\n20 lost 0\n280 won 2\n",
         "0 start 0\n20 start 1\n270 start 2\n280 cancel 1\n"},
        {"all lose", "0 order 0 1\n1 lost 0\n2 lost 1\n", "0 start 0\n1 start 1\n"},
        {"a winner that fails: the others are tried again, at once",
         "0 order 0 1 2\n300 won 1\n400 lost 1\n500 won 0\n",
         "0 start 0\n250 start 1\n300 cancel 0\n400 start 0\n"},
        {"a new order: who runs goes on", "0 order 3 4\n10 order 5 3 4\n",
         "0 start 3\n250 start 5\n500 start 4\n1000 stop 3\n1250 stop 5\n1500 stop 4\n"},
        {"who comes late starts at once if the latest has lost",
         "0 order 0\n5 lost 0\n300 order 0 1\n301 won 1\n", "0 start 0\n300 start 1\n"},
        {"who comes late waits for the delay else", "0 order 0\n100 order 0 1\n260 won 1\n",
         "0 start 0\n250 start 1\n260 cancel 0\n"},
        {"nobody starts while the owner waits", "0 wait\n1 order 0 1\n50 go\n310 won 1\n",
         "50 start 0\n300 start 1\n310 cancel 0\n"},
        {"time runs out while the owner waits", "0 order 0 1\n1 wait\n",
         "0 start 0\n1000 stop 0\n"},
        {"a second winner is none", "0 order 0 1\n260 won 0\n261 won 1\n262 lost 0\n263 won 1\n",
         "0 start 0\n250 start 1\n260 cancel 1\n262 start 1\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        check_note("%s", rows[i].what);
        run(&scene, rows[i].script);
        CHECK_STR(scene.log, rows[i].log);
    }
}

static void only_so_many_run(void)
{
    struct scene scene;
    memset(&scene, 0, sizeof scene);
    scene.may_start = 1;
    uint8_t order[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    xm_race_init(&scene.race, 10, 100000);
    xm_race_set_order(&scene.race, order, 10);
    drain(&scene, 0);
    run_until(&scene, 1000);
    CHECK_STR(scene.log, "0 start 0\n10 start 1\n20 start 2\n30 start 3\n40 start 4\n50 start 5\n"
                         "60 start 6\n");
    scene.n_log = 0;
    xm_race_lost(&scene.race, 3); /* not the latest: but its place is free, and the delay over */
    drain(&scene, 1000);
    xm_race_lost(&scene.race, 4);
    drain(&scene, 1005);
    xm_race_lost(&scene.race, 7);
    drain(&scene, 1006);
    CHECK_STR(scene.log, "1000 start 7\n1006 start 8\n");
}

static void it_is_over_when_all_have_lost(void)
{
    struct xm_race race;
    unsigned runner;
    uint8_t order[2] = {7, 9};
    xm_race_init(&race, DELAY, LIMIT);
    CHECK(xm_race_is_over(&race));
    xm_race_set_order(&race, order, 2);
    CHECK(!xm_race_is_over(&race));
    CHECK_INT(xm_race_next(&race, 0, 1, &runner), XM_RACE_START);
    xm_race_lost(&race, 7);
    CHECK(!xm_race_is_over(&race));
    CHECK_INT(xm_race_next(&race, 0, 1, &runner), XM_RACE_START);
    CHECK_INT(runner, 9);
    xm_race_won(&race, 9);
    CHECK(!xm_race_is_over(&race));
    CHECK_INT(xm_race_deadline(&race, 1), INT64_MAX);
    xm_race_lost(&race, 9);
    CHECK(xm_race_is_over(&race));
    CHECK_INT(xm_race_deadline(&race, 1), INT64_MAX);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"who starts when", who_starts_when},
        {"only so many run", only_so_many_run},
        {"it is over when all have lost", it_is_over_when_all_have_lost},
    };
    return CHECK_MAIN(argc, argv, "dial-race", cases);
}
