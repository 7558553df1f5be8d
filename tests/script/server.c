/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of a script: S:, C:, net. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "script/xmltree.h"
#include "world/faults.h"
#include "world/world.h"

/* --- from the server ------------------------------------------------------------------------ */

static size_t piece_size(const struct scene *scene, size_t n)
{
    switch (scene->pieces) {
    case SCENE_BYTES:
        return 1;
    case SCENE_RANDOM: {
        size_t most = world_random(3) == 0 ? n : 24;
        size_t size = 1 + (size_t)world_random(most);
        return size < n ? size : n;
    }
    case SCENE_WHOLE:
    default:
        return n;
    }
}

int server_is_open(const struct scene *scene)
{
    return pipe_is_used(scene) ? pipe_is_open(scene) : scene->fd >= 0 && world_is_open(scene->fd);
}

/* A flood in single bytes would take minutes and show nothing new: beyond this much, pieces. */
enum { DELIVER_BYTES_MAX = 16384, DELIVER_PIECE = 509 };

void server_deliver(struct scene *scene, const void *bytes, size_t n)
{
    const char *at = bytes;
    size_t left = n;
    while (left > 0 && server_is_open(scene)) {
        size_t size = piece_size(scene, left);
        if (n > DELIVER_BYTES_MAX && size < DELIVER_PIECE) {
            size = left < DELIVER_PIECE ? left : DELIVER_PIECE;
        }
        if (pipe_is_used(scene)) {
            pipe_say(scene, at, size);
        } else {
            world_say(scene->fd, at, size);
        }
        scene_run(scene);
        at += size;
        left -= size;
    }
}

void server_send(struct scene *scene, const void *bytes, size_t n)
{
    if (!server_is_open(scene)) {
        scene_fail(scene, "the client is not connected");
    } else if (scene->tls) {
        tls_send(scene, bytes, n);
    } else {
        server_deliver(scene, bytes, n);
    }
}

static void say(struct scene *scene, const char *text)
{
    struct xm_buf bytes = {0};
    server_hear(scene);
    if (!vars_expand(&scene->vars, text, &bytes)) {
        scene_fail(scene, "an unbound *name or a bad escape");
    } else {
        server_send(scene, xm_buf_head(&bytes), xm_buf_len(&bytes));
    }
    xm_buf_done(&bytes);
}

/* `flood N TEXT`: the same N times over, #n# in it replaced by the number. */
static void flood(struct scene *scene, const char *rest)
{
    char *text;
    long n = strtol(rest, &text, 10);
    struct xm_buf bytes = {0};
    char number[24];
    text += *text == ' ';
    for (long i = 1; i <= n; i++) {
        snprintf(number, sizeof number, "%ld", i);
        vars_set(&scene->vars, "n", number);
        if (!vars_expand(&scene->vars, text, &bytes)) {
            scene_fail(scene, "an unbound *name or a bad escape");
            break;
        }
    }
    server_hear(scene);
    server_send(scene, xm_buf_head(&bytes), xm_buf_len(&bytes));
    xm_buf_done(&bytes);
}

/* --- from the client ------------------------------------------------------------------------ */

static void take_connection(struct scene *scene)
{
    int fd;
    while ((fd = world_accept()) >= 0) {
        if (!server_is_open(scene)) {
            server_done(scene);
            scene->fd = fd;
        }
    }
}

static void hear(struct scene *scene, const char *bytes, size_t n)
{
    if (n > 0 && scene->tls) {
        tls_hear(scene, bytes, n);
    } else if (n > 0) {
        xm_buf_add(&scene->heard, bytes, n);
    }
}

void server_hear(struct scene *scene)
{
    size_t n;
    take_connection(scene);
    if (pipe_is_used(scene)) {
        pipe_hear(scene, hear);
        return;
    }
    if (scene->fd < 0) {
        return;
    }
    const char *bytes = world_heard(scene->fd, &n);
    hear(scene, bytes, n);
    world_heard_take(scene->fd, n);
}

char *server_take(struct scene *scene)
{
    size_t start = 0;
    size_t len = 0;
    server_hear(scene);
    const char *bytes = (const char *)xm_buf_head(&scene->heard);
    size_t n = xm_buf_len(&scene->heard);
    switch (n > 0 ? xmltree_cut(bytes, n, &start, &len) : XMLTREE_NONE) {
    case XMLTREE_NONE:
        scene_fail(scene, n > 0 ? "the client sent only: %.*s" : "the client sent nothing", (int)n,
                   bytes ? bytes : "");
        return NULL;
    case XMLTREE_BROKEN:
        scene_fail(scene, "the client sent what no client may: %.*s", (int)n, bytes);
        return NULL;
    case XMLTREE_HEAD:
    case XMLTREE_ELEM:
    case XMLTREE_END:
    default:
        break;
    }
    char *text = malloc(len + 1);
    if (text) {
        memcpy(text, bytes + start, len);
        text[len] = '\0';
        xm_buf_take(&scene->heard, start + len);
    }
    return text;
}

static int is_stream_end(const char *text)
{
    return strcmp(text, "</stream:stream>") == 0;
}

/* Last words for which there was no memory are not said: the session ends all the same, and for the
 * reason it would have had. */
static int has_died_mute(struct scene *scene, const char *want)
{
    server_hear(scene);
    int is_over = scene->offlines > 0 && !server_is_open(scene);
    if (!faults_hit()) {
        return 0;
    }
    if (xm_buf_len(&scene->heard) > 0) {
        return is_over && strncmp(want, "<abort", 6) == 0 && xm_buf_head(&scene->heard)[1] == '/';
    }
    return is_over || strcmp(want, "</stream:stream>") == 0;
}

static void expect_xml(struct scene *scene, const char *want)
{
    char why[512] = "";
    if (has_died_mute(scene, want)) {
        return;
    }
    char *got = server_take(scene);
    if (!got) {
        return;
    }
    int same = is_stream_end(want) || is_stream_end(got)
                   ? strcmp(want, got) == 0
                   : xmltree_match(want, got, &scene->vars, why, sizeof why);
    if (!same) {
        scene_fail(scene, "the client sent: %s\n#   %s", got, why);
    }
    free(got);
}

static void expect_client(struct scene *scene, const char *want)
{
    if (want[0] == '<') {
        expect_xml(scene, want);
        return;
    }
    server_hear(scene);
    if (strcmp(want, "*") == 0) { /* whatever it was, such as a handshake that stays half */
        xm_buf_clear(&scene->heard);
        return;
    }
    if (strcmp(want, "-") != 0 && strcmp(want, "eof") != 0) {
        scene_fail(scene, "C: takes XML, \"-\" or \"eof\"");
    } else if (xm_buf_len(&scene->heard) > 0) {
        scene_fail(scene, "the client sent: %.*s", (int)xm_buf_len(&scene->heard),
                   (const char *)xm_buf_head(&scene->heard));
    } else if (want[0] == 'e' && server_is_open(scene)) {
        scene_fail(scene, "the client has not closed the connection");
    }
}

/* `C*: N XML`: the same N times, for floods. */
static void expect_many(struct scene *scene, const char *rest)
{
    char *text;
    char number[24];
    long n = strtol(rest, &text, 10);
    for (long i = 1; i <= n && !scene->failed; i++) {
        snprintf(number, sizeof number, "%ld", i);
        vars_set(&scene->vars, "n", number);
        expect_xml(scene, text + 1);
    }
}

/* --- the network ---------------------------------------------------------------------------- */

static void listen_line(struct scene *scene, const char *rest)
{
    static const char *const ways[] = {"accept",      "accept-now", "refuse", "refuse-now",
                                       "unreachable", "hang",       "no-fd"};
    char ip[64] = "";
    char way[32] = "";
    unsigned port = 5222;
    long after = 0;
    sscanf(rest, "%63s %u %31s %ld", ip, &port, way, &after);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(way, ways[i]) == 0) {
            world_listen(ip, (uint16_t)port, (enum world_way)i, after);
            return;
        }
    }
    scene_fail(scene, "net listen IP PORT accept|accept-now|refuse|refuse-now|unreachable|hang|"
                      "no-fd [MS]");
}

static void file_line(struct scene *scene, const char *path, const char *rest)
{
    struct xm_buf text = {0};
    vars_expand(&scene->vars, rest, &text);
    xm_buf_add(&text, "", 1);
    world_set_file(path, (const char *)xm_buf_head(&text));
    xm_buf_done(&text);
}

/* `net source 2001:db8::/32 2001:db8::7`, `net source ::/0 none` */
static void source_line(struct scene *scene, const char *rest)
{
    char to[64] = "";
    char source[64] = "";
    unsigned n_bits = 0;
    if (sscanf(rest, "%63[^/]/%u %63s", to, &n_bits, source) != 3) {
        scene_fail(scene, "net source TO/BITS ADDRESS|none");
        return;
    }
    world_set_source(to, n_bits, strcmp(source, "none") == 0 ? NULL : source);
}

/* What there is, without a connection: 1 if it was such a line. */
static int world_line(struct scene *scene, const char *rest)
{
    if (strncmp(rest, "listen ", 7) == 0) {
        listen_line(scene, rest + 7);
    } else if (strncmp(rest, "hosts ", 6) == 0) {
        file_line(scene, "/etc/hosts", rest + 6);
    } else if (strncmp(rest, "resolv ", 7) == 0) {
        file_line(scene, "/etc/resolv.conf", rest + 7);
    } else if (strncmp(rest, "source ", 7) == 0) {
        source_line(scene, rest + 7);
    } else if (strcmp(rest, "mark") == 0) {
        world_mark();
    } else {
        return 0;
    }
    return 1;
}

/* Of a transport of the application's. */
static void pipe_line(struct scene *scene, const char *rest)
{
    if (strcmp(rest, "eof") == 0) {
        pipe_say_end(scene);
    } else if (strncmp(rest, "room ", 5) == 0) {
        pipe_set_room(scene, (size_t)strtoull(rest + 5, NULL, 10));
    } else if (strcmp(rest, "open") == 0) {
        pipe_set_room(scene, SIZE_MAX);
    } else {
        scene_fail(scene, "over a transport: net eof|room N|open");
    }
}

static void net_line(struct scene *scene, const char *rest)
{
    server_hear(scene);
    if (world_line(scene, rest)) {
        return;
    }
    if (pipe_is_used(scene)) {
        pipe_line(scene, rest);
    } else if (scene->fd < 0) {
        scene_fail(scene, "nobody is connected");
    } else if (strcmp(rest, "eof") == 0) {
        world_say_end(scene->fd);
    } else if (strcmp(rest, "reset") == 0) {
        world_reset(scene->fd);
    } else if (strcmp(rest, "silence") == 0) {
        world_silence(scene->fd);
    } else if (strncmp(rest, "room ", 5) == 0) {
        world_set_room(scene->fd, (size_t)strtoull(rest + 5, NULL, 10));
    } else if (strcmp(rest, "open") == 0) {
        world_set_room(scene->fd, SIZE_MAX);
    } else {
        scene_fail(scene, "net listen|hosts|resolv|source|mark|eof|reset|silence|room N|"
                          "open");
    }
    scene_run(scene);
}

/* `R: BYTES`: what the client said next, as bytes with escapes; for what is not XML. */
static void expect_raw(struct scene *scene, const char *text)
{
    struct xm_buf want = {0};
    server_hear(scene);
    size_t n = xm_buf_len(&scene->heard);
    if (!vars_expand(&scene->vars, text, &want)) {
        scene_fail(scene, "an unbound *name or a bad escape");
    } else if (n < xm_buf_len(&want) ||
               memcmp(xm_buf_head(&scene->heard), xm_buf_head(&want), xm_buf_len(&want)) != 0) {
        scene_fail(scene, "the client sent %zu bytes: %.*s", n, (int)n,
                   n > 0 ? (const char *)xm_buf_head(&scene->heard) : "");
    } else {
        xm_buf_take(&scene->heard, xm_buf_len(&want));
    }
    xm_buf_done(&want);
}

void server_line(struct scene *scene, const char *verb, const char *rest)
{
    if (strcmp(verb, "S:") == 0) {
        say(scene, rest);
    } else if (strcmp(verb, "C:") == 0) {
        expect_client(scene, rest);
    } else if (strcmp(verb, "R:") == 0) {
        expect_raw(scene, rest);
    } else if (strcmp(verb, "C*:") == 0) {
        expect_many(scene, rest);
    } else if (strcmp(verb, "flood") == 0) {
        flood(scene, rest);
    } else {
        net_line(scene, rest);
    }
}

void server_done(struct scene *scene)
{
    tls_done(scene);
    scram_done(scene);
    pipe_done(scene);
    xm_buf_done(&scene->heard);
    scene->fd = -1;
}
