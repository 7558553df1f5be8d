/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chat states, XEP-0085: what a message tells, and with whom there is an agreement to tell. When
 * somebody pauses or goes, nobody but the application sees: there is no clock here. */
#include "xmpp/chat_states.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/delay.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/jid.h"
#include "xmpp/map.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"

static const char key;
static const char ns_states[] = "http://jabber.org/protocol/chatstates";

static const char *const names[] = {NULL, "active", "composing", "paused", "inactive", "gone"};
enum { N_NAMES = sizeof names / sizeof *names };

/* Whether the other side of a conversation knows chat states. */
enum knows {
    KNOWS_UNKNOWN = 0, /* it has not said anything yet: it is asked */
    KNOWS_YES,
    KNOWS_NO /* it has written without */
};

struct talk {
    enum knows knows;
    int told; /* the last state that it heard of us */
};

struct states {
    int is_sending;
    int is_telling;  /* xmpp_chat_state_send() is sending, and keeps in mind itself what it told */
    xmpp_map *talks; /* by the address that messages go to; the one used last is the last */
};

static struct states *find(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

/* --- one message ------------------------------------------------------------------------------ */

int xmpp_chat_state_get(const xmpp_stanza *message)
{
    int type = xmpp_message_get_type(message);
    const xmpp_elem *child = xmpp_elem_get_child(xmpp_stanza_get_root(message), NULL, ns_states);
    if (!child || type == XMPP_MESSAGE_ERROR ||
        xmpp_elem_get_next(child, NULL, ns_states)) { /* XEP-0085 5.6 */
        return XMPP_CHAT_STATE_NONE;
    }
    for (int state = XMPP_CHAT_STATE_ACTIVE; state < N_NAMES; state++) {
        if (xmpp_elem_is(child, names[state], NULL)) {
            int is_none = state == XMPP_CHAT_STATE_GONE && type == XMPP_MESSAGE_GROUPCHAT; /* 5.5 */
            return is_none ? XMPP_CHAT_STATE_NONE : state;
        }
    }
    return XMPP_CHAT_STATE_NONE;
}

int xmpp_chat_state_is_alone(const xmpp_stanza *message)
{
    if (xmpp_chat_state_get(message) == XMPP_CHAT_STATE_NONE) {
        return 0;
    }
    const xmpp_elem *child = xmpp_elem_get_child(xmpp_stanza_get_root(message), NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        if (!xmpp_elem_is(child, NULL, ns_states) &&
            !xmpp_elem_is(child, "thread", XMPP_NS_CLIENT)) {
            return 0;
        }
    }
    return 1;
}

int xmpp_chat_state_set(xmpp_stanza *message, int state)
{
    xmpp_elem *root = xmpp_stanza_root(message);
    if (!root || state < XMPP_CHAT_STATE_NONE || state >= N_NAMES) {
        return XMPP_E_INVAL;
    }
    const xmpp_elem *next;
    const xmpp_elem *child = xmpp_elem_get_child(root, NULL, ns_states);
    for (; child; child = next) {
        next = xmpp_elem_get_next(child, NULL, ns_states);
        xmpp_elem_remove((xmpp_elem *)child); /* of a tree that is built here */
    }
    if (state != XMPP_CHAT_STATE_NONE) {
        xmpp_elem_add(root, names[state], ns_states);
    }
    return 0;
}

/* --- conversations ---------------------------------------------------------------------------- */

/* The conversation with this address, begun if there is none, which is the one used last from now
 * on. NULL if out of memory. */
static struct talk *use(struct states *states, const char *jid)
{
    xmpp_map *talks = states->talks;
    struct talk *talk = xmpp_map_take(talks, jid);
    if (!talk) {
        talk = calloc(1, sizeof *talk);
    }
    if (!talk || xmpp_map_set(talks, jid, talk) < 0) {
        free(talk);
        return NULL;
    }
    if (xmpp_map_get_size(talks) > XMPP_CHAT_STATES_MAX) {
        xmpp_map_remove(talks, xmpp_map_get_key_at(talks, 0));
    }
    return talk;
}

/* What is heard does not make a conversation the one used last: strangers could do that. */
static int note_that(struct states *states, const char *jid, enum knows knows)
{
    struct talk *talk = xmpp_map_get(states->talks, jid);
    if (!talk) {
        talk = use(states, jid);
    }
    if (talk) {
        talk->knows = knows;
    }
    return talk ? 0 : XMPP_E_NOMEM;
}

/* XEP-0085 5.1: who writes with a state knows them, who writes without does not want them. */
static int on_receive(xmpp_conn *conn, xmpp_stanza *message, void *data)
{
    struct states *states = data;
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    int state = xmpp_chat_state_get(message);
    (void)conn;
    if (xmpp_message_get_type(message) != XMPP_MESSAGE_CHAT || !from ||
        xmpp_stanza_is_inner(message) || xmpp_delay_is_delayed(message) ||
        (state == XMPP_CHAT_STATE_NONE && !xmpp_message_get_body(message, NULL))) {
        return 0;
    }
    enum knows knows = state == XMPP_CHAT_STATE_NONE ? KNOWS_NO : KNOWS_YES;
    int result = note_that(states, xmpp_jid_get_text(from), knows);
    return result == 0 && !xmpp_jid_is_bare(from)
               ? note_that(states, xmpp_jid_get_bare_text(from), knows)
               : result;
}

/* --- sending ---------------------------------------------------------------------------------- */

static int on_send(xmpp_conn *conn, const xmpp_stanza *message, xmpp_elem *more, void *data)
{
    struct states *states = data;
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(message), "to");
    int state = xmpp_chat_state_get(message);
    int is_content = xmpp_message_get_body(message, NULL) != NULL;
    (void)conn;
    if (!states->is_sending || states->is_telling || !to ||
        xmpp_message_get_type(message) != XMPP_MESSAGE_CHAT ||
        (state == XMPP_CHAT_STATE_NONE && !is_content)) {
        return 0;
    }
    struct talk *talk = use(states, to);
    if (!talk) {
        return XMPP_E_NOMEM;
    }
    if (state == XMPP_CHAT_STATE_NONE && talk->knows != KNOWS_NO &&
        !xmpp_elem_get_child(xmpp_stanza_get_root(message), NULL, ns_states)) {
        state = XMPP_CHAT_STATE_ACTIVE;
        xmpp_elem_add(more, names[state], ns_states);
    }
    talk->told = state;
    return 0;
}

/* 1 if the other side may be told, and has not heard it last. */
static int is_wanted(const struct states *states, const struct talk *talk, int type, int state)
{
    if (!states->is_sending || talk->told == state) { /* XEP-0085 5.3 */
        return 0;
    }
    return type == XMPP_MESSAGE_GROUPCHAT ? state != XMPP_CHAT_STATE_GONE
                                          : talk->knows == KNOWS_YES;
}

static int send_alone(xmpp_conn *conn, const xmpp_jid *to, int type, int state, const char *thread)
{
    xmpp_stanza *message = xmpp_message_new(type, NULL);
    xmpp_stanza_set_to_jid(message, to);
    xmpp_message_set_thread(message, thread, NULL);
    xmpp_chat_state_set(message, state);
    int result = xmpp_conn_send(conn, message);
    xmpp_stanza_unref(message);
    return result;
}

int xmpp_chat_state_send(xmpp_conn *conn, const xmpp_jid *to, int type, int state,
                         const char *thread)
{
    struct states *states = find(conn);
    if (!states) {
        return XMPP_E_REQUIRES;
    }
    if (!to || (type != XMPP_MESSAGE_CHAT && type != XMPP_MESSAGE_GROUPCHAT) ||
        state <= XMPP_CHAT_STATE_NONE || state >= N_NAMES) {
        return XMPP_E_INVAL;
    }
    const char *jid = xmpp_jid_get_text(to);
    if (type == XMPP_MESSAGE_CHAT && !xmpp_map_get(states->talks, jid)) {
        return 0; /* it has not been asked; in a room nobody has to be */
    }
    struct talk *talk = use(states, jid);
    if (!talk) {
        return XMPP_E_NOMEM;
    }
    if (!is_wanted(states, talk, type, state)) {
        return 0;
    }
    states->is_telling = 1;
    int result = send_alone(conn, to, type, state, thread);
    if (result == XMPP_E_GONE) {
        return result; /* and the module with it */
    }
    states->is_telling = 0;
    if (result == 0) {
        talk->told = state;
    }
    return result == 0 ? 1 : result;
}

/* --- the module ------------------------------------------------------------------------------- */

/* What was agreed on in one session is nothing in the next: whoever it was may be elsewhere by
 * then. */
static int on_session(xmpp_conn *conn, int event, void *data)
{
    (void)conn;
    if (event == XMPP_SESSION_ONLINE) {
        struct states *states = data;
        xmpp_map_clear(states->talks);
    }
    return 0;
}

static void destroy_states(void *data)
{
    struct states *states = data;
    xmpp_map_free(states->talks);
    free(states);
}

static struct states *new_states(void)
{
    struct states *states = calloc(1, sizeof *states);
    if (states) {
        states->is_sending = 1;
        states->talks = xmpp_map_new(free);
    }
    return states;
}

int xmpp_chat_states_enable(xmpp_conn *conn)
{
    struct states *states = new_states();
    xmpp_module *module = states && states->talks
                              ? xmpp_module_new(&key, "chat-states", states, destroy_states)
                              : NULL;
    if (!module) {
        if (states) {
            destroy_states(states);
        }
        return conn ? XMPP_E_NOMEM : XMPP_E_INVAL;
    }
    xmpp_module_add_feature(module, ns_states);
    xmpp_module_on_session(module, on_session);
    xmpp_module_on_send(module, XMPP_KIND_MESSAGE, on_send);
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_NOTE, on_receive);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_chat_states_set_sending(xmpp_conn *conn, int on)
{
    struct states *states = find(conn);
    if (states) {
        states->is_sending = on != 0;
    }
    return states ? 0 : XMPP_E_REQUIRES;
}
