/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* E: and is: what the application should have heard, and what getters should say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "script/words.h"
#include "script/xmltree.h"
#include "world/faults.h"
#include "world/world.h"
#include "xmpp/jid.h"
#include "xmpp/retry.h"

/* "A|B" accepts either. */
static int match_word(struct scene *scene, const char *want, const char *got)
{
    const char *bar = strchr(want, '|');
    if (!bar) {
        return vars_match(&scene->vars, want, got);
    }
    return (strlen(got) == (size_t)(bar - want) && strncmp(want, got, strlen(got)) == 0) ||
           match_word(scene, bar + 1, got);
}

/* Word by word; "*" stands for any word, "**" for all the rest. */
static int match_words(struct scene *scene, const char *want, const char *got)
{
    for (;;) {
        char a[512];
        char b[512];
        size_t n = strcspn(want, " ");
        size_t m = strcspn(got, " ");
        snprintf(a, sizeof a, "%.*s", (int)n, want);
        snprintf(b, sizeof b, "%.*s", (int)m, got);
        if (strcmp(a, "**") == 0) {
            return 1;
        }
        if (faults_hit() && strcmp(b, "-") == 0) {
            return 1; /* a report loses its details when there is no memory for them */
        }
        if (!match_word(scene, a, b)) {
            return 0;
        }
        if (!want[n] || !got[m]) {
            return !want[n] && !got[m];
        }
        want += n + 1;
        got += m + 1;
    }
}

static int match_event(struct scene *scene, const char *text, const struct scene_event *event,
                       char *why, size_t size)
{
    char head[1024];
    const char *xml = strchr(text, '<');
    snprintf(head, sizeof head, "%.*s", xml ? (int)(xml - text) : (int)strlen(text), text);
    size_t n = strlen(head);
    while (n > 0 && head[n - 1] == ' ') {
        head[--n] = '\0';
    }
    why[0] = '\0';
    if (!match_words(scene, head, event->text)) {
        return 0;
    }
    return !xml || (event->xml && xmltree_match(xml, event->xml, &scene->vars, why, size));
}

/* States on the way are passed over up to one that is asked for. */
static void pass_progress(struct scene *scene, const char *want)
{
    while (scene->next_event < scene->n_events && scene->events[scene->next_event].is_progress &&
           strcmp(scene->events[scene->next_event].text, want) != 0) {
        scene->next_event++;
    }
}

void expect_event(struct scene *scene, const char *text)
{
    char why[512] = "";
    pass_progress(scene, text);
    const struct scene_event *event =
        scene->next_event < scene->n_events ? &scene->events[scene->next_event] : NULL;
    if (strcmp(text, "-") == 0) {
        if (event) {
            scene_fail(scene, "nothing was to be heard, but: %s %s", event->text,
                       event->xml ? event->xml : "");
        }
        return;
    }
    if (!event) {
        scene_fail(scene, "the application heard nothing");
    } else if (!match_event(scene, text, event, why, sizeof why)) {
        scene_fail(scene, "the application heard: %s %s%s%s", event->text,
                   event->xml ? event->xml : "", why[0] ? "\n#   " : "", why);
    } else {
        scene->next_event++;
    }
}

void expect_end(struct scene *scene)
{
    if (scene->failed) {
        return;
    }
    expect_event(scene, "-");
    server_hear(scene);
    if (!scene->failed && xm_buf_len(&scene->heard) > 0) {
        scene_fail(scene, "the client also sent: %.*s", (int)xm_buf_len(&scene->heard),
                   (const char *)xm_buf_head(&scene->heard));
    }
}

/* --- is ------------------------------------------------------------------------------------- */

static const char *const stat_names[] = {"bytes-received", "bytes-sent",  "stanzas-received",
                                         "stanzas-sent",   "queue-bytes", "requests",
                                         "connects",       "sessions",    "turns"};
static const char *const fact_names[] = {"address", "tls-version",  "tls-cipher", "mechanism",
                                         "binding", "binding-note", "stream-id"};
static const char *const state_names[] = {"offline",  "resolving",      "connecting", "opening",
                                          "securing", "authenticating", "binding",    "online",
                                          "closing",  "waiting",        "step"};

static int index_of(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(name, names[i]) == 0) {
            return (int)i;
        }
    }
    return -1;
}
#define INDEX_OF(name, names) index_of(name, names, sizeof(names) / sizeof *(names))

/* `is error ...`, `is retry-in 0`, `is retry-within 60000 yes`. */
static int look_at_retry(xmpp_conn *conn, const char *what, const char *which, char *got,
                         size_t size)
{
    long long left = xmpp_conn_get_retry_in(conn);
    if (strcmp(what, "error") == 0) {
        app_print_error(xmpp_conn_get_error(conn), got, size);
    } else if (strcmp(what, "retry-in") == 0) {
        snprintf(got, size, "%lld", left);
    } else if (strcmp(what, "retry-within") == 0) {
        snprintf(got, size, "%s", left >= 0 && left <= atoll(which) ? "yes" : "no");
    } else {
        return 0;
    }
    return 1;
}

/* Writes what the getter says; 0 for an unknown one. */
static int look(struct scene *scene, const char *what, const char *which, char *got, size_t size)
{
    xmpp_conn *conn = app_conn(scene);
    const char *text = NULL;
    got[0] = '\0';
    if (strcmp(what, "stat") == 0 && INDEX_OF(which, stat_names) >= 0) {
        long long n = xmpp_conn_get_stat(conn, INDEX_OF(which, stat_names));
        snprintf(got, size, "%lld", n);
        return 1;
    }
    if (strcmp(what, "fact") == 0 && INDEX_OF(which, fact_names) >= 0) {
        text = xmpp_conn_get_fact(conn, INDEX_OF(which, fact_names));
    } else if (strcmp(what, "bound") == 0) {
        text =
            xmpp_conn_get_bound_jid(conn) ? xmpp_jid_get_text(xmpp_conn_get_bound_jid(conn)) : NULL;
    } else if (strcmp(what, "feature") == 0) {
        const xmpp_stanza *features = xmpp_conn_get_features(conn);
        text = xmpp_elem_get_child(xmpp_stanza_get_root(features), which, NULL) ? "there" : NULL;
    } else if (strcmp(what, "told") == 0) {
        text =
            xm_buf_len(&scene->told) > 0 && memmem(xm_buf_head(&scene->told),
                                                   xm_buf_len(&scene->told), which, strlen(which))
                ? "yes"
                : "no";
    } else if (strcmp(what, "message") == 0) {
        text = xmpp_error_get_message(xmpp_conn_get_error(conn));
    } else if (strcmp(what, "state") == 0) {
        text = state_names[xmpp_conn_get_state(conn)];
    } else if (strcmp(what, "timeout") == 0) {
        snprintf(got, size, "%d", xmpp_conn_get_timeout(conn));
        return 1;
    } else if (strcmp(what, "fds") == 0) {
        snprintf(got, size, "%d", xmpp_conn_get_pollfds(conn, NULL, 0));
        return 1;
    } else if (strcmp(what, "connects") == 0) {
        snprintf(got, size, "%u", world_counts()->connects);
        return 1;
    } else if (strcmp(what, "udps") == 0) {
        snprintf(got, size, "%u", world_counts()->udps);
        return 1;
    } else if (strcmp(what, "sources") == 0) {
        snprintf(got, size, "%u", world_counts()->sources);
        return 1;
    } else if (strcmp(what, "dead-after") == 0) {
        server_hear(scene);
        snprintf(got, size, "%d", scene->fd < 0 ? -1 : world_dead_after(scene->fd));
        return 1;
    } else if (strcmp(what, "now") == 0) {
        snprintf(got, size, "%lld", (long long)world_now());
        return 1;
    } else {
        return reach_look(conn, what, got, size) || look_at_retry(conn, what, which, got, size);
    }
    snprintf(got, size, "%s", text ? text : "-");
    return 1;
}

/* `is roster size = 2`: what a module says. */
static void expect_of_module(struct scene *scene, const struct words *words, const char *text)
{
    char what[512];
    char got[2048] = "";
    const char *equals = strstr(text, " = ");
    snprintf(what, sizeof what, "%.*s", equals ? (int)(equals - text) : 0, text);
    if (!equals || !words->look || !words->look(scene, app_conn(scene), what, got, sizeof got)) {
        scene_fail(scene, "there is no such thing as \"%s %s\"", words->name, what);
    } else if (!vars_match(&scene->vars, equals + 3, got)) {
        scene_fail(scene, "it is \"%s\"", got);
    }
}

/* `is stat requests 0`, `is bound juliet@example/balcony`, `is state online`. */
void expect_fact(struct scene *scene, const char *text)
{
    char what[64] = "";
    char which[64] = "";
    char got[1024];
    int at = 0;
    sscanf(text, "%63s %n", what, &at);
    const struct words *words = words_find(what);
    if (words) {
        expect_of_module(scene, words, text + at);
        return;
    }
    int takes_two = strcmp(what, "stat") == 0 || strcmp(what, "fact") == 0 ||
                    strcmp(what, "feature") == 0 || strcmp(what, "told") == 0 ||
                    strcmp(what, "retry-within") == 0;
    const char *want = text + at;
    if (takes_two) {
        int more = 0;
        sscanf(want, "%63s %n", which, &more);
        want += more;
    }
    if (!look(scene, what, which, got, sizeof got)) {
        scene_fail(scene, "there is no such thing as \"%s %s\"", what, which);
    } else if (faults_hit() && ((strcmp(what, "fact") == 0 && strcmp(got, "-") == 0) ||
                                strcmp(what, "message") == 0 ||
                                (strcmp(what, "told") == 0 && strcmp(want, "yes") == 0))) {
        return; /* there was no memory to remember it */
    } else if (!vars_match(&scene->vars, want, got)) {
        scene_fail(scene, "it is \"%s\"", got);
    }
}
