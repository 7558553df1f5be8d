/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a script in four ways: what the server says arrives whole, byte by byte, in random pieces,
 * and with the n-th allocation failing for every n. Out of memory, the client must go on as if
 * nothing had been, or say XMPP_E_NOMEM; in neither case may it leak or break a rule.
 *
 *   runner SCRIPT [whole|bytes|random|memory] [SEED | N]
 *
 * Allocations of lines that were included are not failed: the script that spells them out does. */
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "script/lines.h"
#include "script/scene.h"
#include "world/faults.h"
#include "world/world.h"

enum { RANDOM_ROUNDS = 5 };

struct outcome {
    int failed;
    int hit;
    size_t n_allocations;
};

static int has_include(const struct lines *lines)
{
    return lines->n > 0 && lines->n_files > 1;
}

static const struct line *play_lines(struct scene *scene, const struct lines *lines)
{
    for (int i = 0; i < lines->n; i++) {
        faults_suspend(lines->rows[i].is_included);
        scene_line(scene, lines->rows[i].text);
        if (scene->failed) {
            return &lines->rows[i];
        }
    }
    expect_end(scene);
    return NULL;
}

static void complain(const struct line *line, const char *message)
{
    if (line) {
        printf("# %s:%d: %.200s\n", line->file, line->number, line->text);
    }
    printf("#   %s\n", message);
}

/* 1 if all went as it should. */
static int judge(struct scene *scene, const struct line *line, size_t live, int was_failed,
                 const char *message)
{
    int is_excused = faults_hit() && scene->saw_nomem && !scene->is_broken;
    if (was_failed && !is_excused) {
        complain(line, message);
        if (faults_hit() && !scene->is_broken) {
            printf("#   after an allocation had failed, and XMPP_E_NOMEM was never told\n");
        }
        return 0;
    }
    if (scene->failed) {
        complain(NULL, scene->message);
        return 0;
    }
    xmlResetLastError(); /* libxml2 keeps the text of a thread's last error */
    if (faults_live() != live) {
        complain(NULL, "memory is leaked");
        faults_print_live();
        return 0;
    }
    return 1;
}

static struct outcome play(const struct lines *lines, enum scene_pieces pieces, uint64_t seed,
                           size_t fail_at)
{
    static struct scene scene;
    char message[sizeof scene.message];
    const struct line *line = NULL;
    size_t live = faults_live();
    faults_start(fail_at);
    faults_suspend(has_include(lines));
    scene_begin(&scene, seed);
    scene.pieces = pieces;
    scene.has_faults = fail_at > 0;
    if (!scene.failed) {
        line = play_lines(&scene, lines);
    }
    int failed = scene.failed;
    memcpy(message, scene.message, sizeof message);
    scene.failed = scene.is_broken;
    faults_suspend(0);
    scene_end(&scene);
    struct outcome outcome = {0, faults_hit(), faults_count()};
    outcome.failed = !judge(&scene, line, live, failed, message);
    return outcome;
}

static int play_random(const struct lines *lines, uint64_t seed, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        if (play(lines, SCENE_RANDOM, seed + (uint64_t)i, 0).failed) {
            printf("# seed %llu\n", (unsigned long long)seed + (unsigned long long)i);
            return 1;
        }
    }
    return 0;
}

static int play_memory(const struct lines *lines, size_t first, int just_one)
{
    for (size_t n = first;; n++) {
        struct outcome outcome = play(lines, SCENE_WHOLE, 1, n);
        if (outcome.failed) {
            printf("# allocation %zu failed\n", n);
            return 1;
        }
        if (!outcome.hit || just_one) {
            printf("# %zu allocations failed in turn\n", outcome.n_allocations);
            return 0;
        }
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int report(int number, int failed, const char *script, const char *way)
{
    printf("%sok %d - %s: %s\n", failed ? "not " : "", number, base_name(script), way);
    return failed;
}

static int play_all(const struct lines *lines, const char *path, uint64_t seed)
{
    char way[64];
    int failed = 0;
    failed |= report(1, play(lines, SCENE_WHOLE, 1, 0).failed, path, "whole");
    failed |= report(2, play(lines, SCENE_BYTES, 1, 0).failed, path, "byte by byte");
    snprintf(way, sizeof way, "in random pieces from seed %llu", (unsigned long long)seed);
    failed |= report(3, play_random(lines, seed, RANDOM_ROUNDS), path, way);
    failed |=
        report(4, failed || play_memory(lines, 1, 0), path, "each allocation failing in turn");
    printf("1..4\n");
    return failed;
}

static int play_one(const struct lines *lines, const char *path, const char *way, uint64_t number)
{
    int failed = 1;
    if (strcmp(way, "whole") == 0) {
        failed = play(lines, SCENE_WHOLE, 1, 0).failed;
    } else if (strcmp(way, "bytes") == 0) {
        failed = play(lines, SCENE_BYTES, 1, 0).failed;
    } else if (strcmp(way, "random") == 0) {
        failed = play_random(lines, number, number ? 1 : RANDOM_ROUNDS);
    } else if (strcmp(way, "memory") == 0) {
        failed = play_memory(lines, number ? (size_t)number : 1, number != 0);
    }
    report(1, failed, path, way);
    printf("1..1\n");
    return failed;
}

/* libxml2 prints what it is not told to keep; the library must see to it (it never prints). */
static void on_print(void *userdata, const char *format, ...)
{
    (void)userdata;
    (void)format;
    world_fault("libxml2 would have printed");
}

int main(int argc, char **argv)
{
    struct lines lines = {0};
    if (argc < 2) {
        printf("runner SCRIPT [whole|bytes|random|memory] [SEED | N]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    faults_init();
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, on_print);
    int failed = !lines_read(&lines, argv[1], 0);
    if (failed) {
        report(1, 1, argv[1], "the script cannot be read");
    } else if (argc > 2) {
        failed = play_one(&lines, argv[1], argv[2], argc > 3 ? strtoull(argv[3], NULL, 10) : 0);
    } else {
        failed = play_all(&lines, argv[1], (uint64_t)time(NULL));
    }
    lines_done(&lines);
    tls_free_certs();
    xmlCleanupParser();
    return failed;
}
