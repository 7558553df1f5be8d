/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do rsm …`: result sets. `ask MAX|- [after|before|index X]` and `page FIRST LAST INDEX COUNT` build
 * one and tell it, with `-` for what is not said; `read <set/>` tells what one says; `pager MAX
 * [backwards]` begins, `next` tells its request, `take N <set/>` gives it an answer. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/message.h"
#include "xmpp/rsm.h"

static xmpp_pager *pager;

static void rsm_done(struct scene *scene)
{
    (void)scene;
    xmpp_pager_free(pager);
    pager = NULL;
}

static int64_t number(const char *word)
{
    return strcmp(word, "-") == 0 ? -1 : strtoll(word, NULL, 10);
}

static const char *text(const char *word)
{
    return strcmp(word, "-") == 0 ? NULL : strcmp(word, "''") == 0 ? "" : word;
}

static int tell(struct scene *scene, xmpp_stanza *stanza)
{
    int result = xmpp_stanza_get_error(stanza);
    app_event(scene, 0, stanza, "set");
    xmpp_stanza_unref(stanza);
    return result;
}

static int rsm_ask(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *words[3];
    (void)conn;
    int n = scene_words(rest, copy, sizeof copy, words, 3);
    xmpp_stanza *stanza = IN_LIB(xmpp_message_new(XMPP_MESSAGE_NORMAL, NULL));
    xmpp_elem *set = IN_LIB(xmpp_rsm_add(xmpp_stanza_root(stanza), number(words[0])));
    if (n == 3 && strcmp(words[1], "after") == 0) {
        IN_LIB_VOID(xmpp_rsm_set_after(set, text(words[2])));
    } else if (n == 3 && strcmp(words[1], "before") == 0) {
        IN_LIB_VOID(xmpp_rsm_set_before(set, text(words[2])));
    } else if (n == 3) {
        IN_LIB_VOID(xmpp_rsm_set_index(set, number(words[2])));
    }
    return tell(scene, stanza);
}

static int rsm_page(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *words[4];
    (void)conn;
    if (scene_words(rest, copy, sizeof copy, words, 4) != 4) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *stanza = IN_LIB(xmpp_message_new(XMPP_MESSAGE_NORMAL, NULL));
    IN_LIB(xmpp_rsm_add_page(xmpp_stanza_root(stanza), text(words[0]), text(words[1]),
                             number(words[2]), number(words[3])));
    return tell(scene, stanza);
}

static const char *or_dash(const char *got)
{
    return got ? got : "-";
}

static int rsm_read(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_stanza *stanza = NULL;
    (void)conn;
    int result = IN_LIB(xmpp_stanza_parse(&stanza, rest, strlen(rest)));
    const xmpp_elem *set = xmpp_rsm_find(xmpp_stanza_get_root(stanza));
    if (result == 0) {
        app_event(scene, 0, NULL,
                  "max %" PRId64 " after %s before %s index %" PRId64 " first %s at %" PRId64
                  " last %s count %" PRId64,
                  xmpp_rsm_get_max(set), or_dash(xmpp_rsm_get_after(set)),
                  or_dash(xmpp_rsm_get_before(set)), xmpp_rsm_get_index(set),
                  or_dash(xmpp_rsm_get_first(set)), xmpp_rsm_get_first_index(set),
                  or_dash(xmpp_rsm_get_last(set)), xmpp_rsm_get_count(set));
    }
    xmpp_stanza_unref(stanza);
    return result;
}

static int rsm_pager(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    rsm_done(scene);
    pager = IN_LIB(xmpp_pager_new(atoi(rest), strstr(rest, "backwards") != NULL));
    return pager ? 0 : atoi(rest) > 0 ? XMPP_E_NOMEM : XMPP_E_INVAL;
}

static int rsm_next(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    xmpp_stanza *stanza = IN_LIB(xmpp_message_new(XMPP_MESSAGE_NORMAL, NULL));
    IN_LIB(xmpp_pager_add(pager, xmpp_stanza_root(stanza)));
    return tell(scene, stanza);
}

static int rsm_take(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_stanza *stanza = NULL;
    char *xml;
    (void)conn;
    size_t n = strtoul(rest, &xml, 10);
    int result = *xml ? IN_LIB(xmpp_stanza_parse(&stanza, xml, strlen(xml))) : 0;
    if (result == 0) {
        result = IN_LIB(xmpp_pager_take(pager, xmpp_stanza_get_root(stanza), n));
        app_event(scene, 0, NULL, "%s of %" PRId64, result == 1 ? "more" : "done",
                  xmpp_pager_get_count(pager));
        if (result != XMPP_E_NOMEM && xmpp_pager_is_done(pager) != (result != 1)) {
            scene_fail(scene, "the pager is not where it says");
        }
    }
    xmpp_stanza_unref(stanza);
    return result < 0 ? result : 0;
}

/* `circle N`: N pages, each of which says that it goes on. */
static int rsm_circle(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    int result = 1;
    long n = strtol(rest, NULL, 10);
    for (long i = 0; i < n && result == 1; i++) {
        xmpp_stanza *stanza = xmpp_message_new(XMPP_MESSAGE_NORMAL, NULL);
        xmpp_elem *set =
            xmpp_rsm_add_page(xmpp_stanza_root(stanza), "a", i % 2 ? "b" : "c", -1, -1);
        result = xmpp_pager_take(pager, set, 1);
        xmpp_stanza_unref(stanza);
    }
    app_event(scene, 0, NULL, "%s", result == 1 ? "more" : "done");
    return result < 0 ? result : 0;
}

static const struct scene_verb verbs[] = {
    {"ask", rsm_ask},   {"page", rsm_page}, {"read", rsm_read},     {"pager", rsm_pager},
    {"next", rsm_next}, {"take", rsm_take}, {"circle", rsm_circle}, {NULL, NULL}};

const struct words words_rsm = {"rsm", verbs, NULL, rsm_done};
