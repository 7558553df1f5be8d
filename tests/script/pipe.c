/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application's own transport: what the server says is fed, what it hears was taken.
 *   do connect-transport plain|direct|verified    from then on S: and C: go over it
 *   do transport-binding TYPE TEXT                which the server then has too
 *   do feed TEXT, do feed-end, do take N          each call by itself
 * `net room N`: so many bytes more are taken; `net eof`: its end is fed. */
#include "script/pipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "world/faults.h"
#include "world/world.h"

int pipe_is_used(const struct scene *scene)
{
    return scene->pipe.reg != NULL;
}

int pipe_is_open(const struct scene *scene)
{
    const struct scene_reg *reg = scene->pipe.reg;
    return reg && scene->loop.conn && reg->is_alive && !reg->is_destroyed;
}

/* A notification: it may look, and no more; it is told once until all was taken. */
static void on_output(xmpp_conn *conn, void *userdata)
{
    struct scene_reg *reg = userdata;
    struct scene_pipe *pipe = &reg->scene->pipe;
    size_t n = 0;
    if (reg->is_destroyed || reg != pipe->reg) {
        scene_break(reg->scene, "output is told to somebody who is gone");
    } else if (!xmpp_conn_peek_output(conn, &n) || n == 0) {
        scene_break(reg->scene, "output is told, and there is none");
    } else if (pipe->is_told) {
        scene_break(reg->scene, "output is told again before all was taken");
    } else if (xmpp_conn_take_output(conn, n) != XMPP_E_BUSY ||
               xmpp_conn_feed(conn, "x", 1) != XMPP_E_BUSY) {
        scene_break(reg->scene, "a notification did more than look");
    }
    pipe->is_told = 1;
}

/* --- bytes ------------------------------------------------------------------------------------ */

/* What the server has said goes in, as long as there is room. */
static void feed_all(struct scene *scene)
{
    struct scene_pipe *pipe = &scene->pipe;
    size_t n;
    while ((n = xm_buf_len(&pipe->coming)) > 0 && pipe_is_open(scene)) {
        int result = IN_LIB(xmpp_conn_feed(scene->loop.conn, xm_buf_head(&pipe->coming), n));
        if (result == XMPP_E_TOO_BIG) {
            return;
        }
        if (scene_result(scene, result) < 0) {
            scene_fail(scene, "feed: %s", xmpp_error_name(result));
        }
        xm_buf_take(&pipe->coming, n);
        scene_run(scene);
    }
}

void pipe_say(struct scene *scene, const void *bytes, size_t n)
{
    xm_buf_add(&scene->pipe.coming, bytes, n);
    feed_all(scene);
}

void pipe_say_end(struct scene *scene)
{
    int result = pipe_is_open(scene) ? IN_LIB(xmpp_conn_feed_end(scene->loop.conn)) : XMPP_E_STATE;
    if (result < 0) {
        scene_fail(scene, "feed_end: %s", xmpp_error_name(result));
    }
}

void pipe_set_room(struct scene *scene, size_t room)
{
    scene->pipe.room = room;
    server_hear(scene);
}

/* Takes a piece; how much, 0 when there is nothing, or no room. */
static size_t take_some(struct scene *scene, void (*hear)(struct scene *, const char *, size_t))
{
    struct scene_pipe *pipe = &scene->pipe;
    xmpp_conn *conn = scene->loop.conn;
    size_t n = 0;
    const char *bytes = conn ? xmpp_conn_peek_output(conn, &n) : NULL;
    size_t size = n < pipe->room ? n : pipe->room;
    if (n > 0 && !pipe->is_told) {
        scene_break(scene, "there is output of which nobody was told");
    }
    if (size == 0) {
        return 0;
    }
    hear(scene, bytes, size);
    pipe->room -= pipe->room == SIZE_MAX ? 0 : size;
    pipe->is_told = size < n;
    if (IN_LIB(xmpp_conn_take_output(conn, size)) != 0) {
        scene_break(scene, "what was peeked at cannot be taken");
    }
    return size;
}

void pipe_hear(struct scene *scene, void (*hear)(struct scene *, const char *, size_t))
{
    while (take_some(scene, hear) > 0) {
        scene_run(scene);
        feed_all(scene);
    }
}

void pipe_done(struct scene *scene)
{
    xm_buf_done(&scene->pipe.coming);
    scene->pipe = (struct scene_pipe){.room = SIZE_MAX};
}

/* --- calls -------------------------------------------------------------------------------------- */

int pipe_connect(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    static const char *const kinds[] = {"plain", "direct", "verified"};
    int kind = 0;
    while (kind < 3 && strcmp(kinds[kind], rest) != 0) {
        kind++;
    }
    struct scene_reg *reg = app_new_reg(scene, "transport");
    if (!reg) {
        return 0;
    }
    struct scene_pipe before = scene->pipe;
    reg->is_alive = 1;
    scene->pipe.reg = reg;
    scene->pipe.is_told = 0;
    int result = IN_LIB(xmpp_conn_connect_transport(conn, kind, on_output, reg, app_destroy));
    reg->is_alive = result == 0;
    scene->pipe = before;
    if (result == 0) {
        server_done(scene);
        scene->pipe = (struct scene_pipe){.reg = reg, .room = SIZE_MAX};
        scene->connects++;
    }
    return result;
}

int pipe_set_binding(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_pipe *pipe = &scene->pipe;
    int at = 0;
    sscanf(rest, "%31s %n", pipe->type, &at);
    snprintf(pipe->binding, sizeof pipe->binding, "%s", rest + at);
    return IN_LIB(xmpp_conn_set_transport_binding(conn, pipe->type, rest + at, strlen(rest + at)));
}

size_t pipe_get_binding(const struct scene *scene, const char *type, uint8_t *buf, size_t size)
{
    const struct scene_pipe *pipe = &scene->pipe;
    size_t n = strlen(pipe->binding);
    if (strcmp(type, pipe->type) != 0 || n > size) {
        return 0;
    }
    memcpy(buf, pipe->binding, n);
    return n;
}

int pipe_feed(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct xm_buf text = {0};
    if (!vars_expand(&scene->vars, rest, &text)) {
        scene_fail(scene, "an unbound *name or a bad escape");
    }
    int result = IN_LIB(xmpp_conn_feed(conn, xm_buf_head(&text), xm_buf_len(&text)));
    xm_buf_done(&text);
    return result;
}

int pipe_feed_end(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_feed_end(conn));
}

int pipe_take(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_take_output(conn, strtoul(rest, NULL, 10)));
}
