/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server at the other end of a transport that the script's application makes itself. */
#ifndef TESTS_SCRIPT_PIPE_H
#define TESTS_SCRIPT_PIPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "xmpp/conn.h"
#include "xmpp/transport.h"

struct scene;
struct scene_reg;

struct scene_pipe {
    struct scene_reg *reg; /* the userdata; NULL: the server is reached otherwise */
    struct xm_buf coming;  /* said by the server, not fed yet */
    size_t room;           /* how much the application still takes; SIZE_MAX: all */
    int is_told;           /* of output, not all of which was taken since */
    char type[32];         /* of the binding that was told */
    char binding[80];
};

int pipe_is_used(const struct scene *scene);
/* 1 while the attempt over it lasts. */
int pipe_is_open(const struct scene *scene);
void pipe_say(struct scene *scene, const void *bytes, size_t n);
void pipe_say_end(struct scene *scene);
void pipe_set_room(struct scene *scene, size_t room);
/* Takes what there is and room for. */
void pipe_hear(struct scene *scene, void (*hear)(struct scene *, const char *, size_t));
void pipe_done(struct scene *scene);
size_t pipe_get_binding(const struct scene *scene, const char *type, uint8_t *buf, size_t size);

/* Of api.c. */
int pipe_connect(struct scene *scene, xmpp_conn *conn, const char *rest);
int pipe_set_binding(struct scene *scene, xmpp_conn *conn, const char *rest);
int pipe_feed(struct scene *scene, xmpp_conn *conn, const char *rest);
int pipe_feed_end(struct scene *scene, xmpp_conn *conn, const char *rest);
int pipe_take(struct scene *scene, xmpp_conn *conn, const char *rest);

#endif
