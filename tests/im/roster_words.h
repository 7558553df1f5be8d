/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the words of the module "roster" are made of: roster.c calls and hears it, roster_cache.c is
 * its cache, roster_server.c the servers of a random walk. */
#ifndef TESTS_IM_ROSTER_WORDS_H
#define TESTS_IM_ROSTER_WORDS_H

#include "script/words.h"

/* roster.c */
/* The name of an enum xmpp_subscription_state. */
const char *roster_state_name(int state);
/* Calls "subscribe", "approve" and so on; its result. */
int roster_want(struct scene *scene, xmpp_conn *conn, const char *verb, const char *jid,
                const char *nick, const char *status);

/* roster_cache.c */
int roster_do_cache(struct scene *scene, xmpp_conn *conn, const char *rest);
int roster_do_cache_off(struct scene *scene, xmpp_conn *conn, const char *rest);
int roster_do_cache_put(struct scene *scene, xmpp_conn *conn, const char *rest);
int roster_do_cache_drop(struct scene *scene, xmpp_conn *conn, const char *rest);
int roster_do_cache_refuse(struct scene *scene, xmpp_conn *conn, const char *rest);
void roster_cache_done(struct scene *scene);

/* roster_server.c */
int roster_do_walk(struct scene *scene, xmpp_conn *conn, const char *rest);

#endif
