/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions of own commands (XEP-0050 4.3 and 4.4): begun by whoever may, gone on with by nobody else,
 * ended by the last stage, by cancelling, or by time. What a command does is the application's. */
#include "command_session.h"

#include <stdlib.h>
#include <string.h>

#include "command_words.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

/* --- the list of sessions -------------------------------------------------------------------------- */

static xmpp_command_session *session_at(const struct xm_commands *commands, size_t index)
{
    return xmpp_map_get_value_at(commands->sessions, index);
}

static void end_session(struct xm_commands *commands, xmpp_command_session *session)
{
    if (session->is_ended) {
        return;
    }
    memcpy(commands->ended[commands->n_ended++ % XM_COMMAND_ENDED], session->id, XMPP_ID_MAX);
    xmpp_map_remove(commands->sessions, session->id);
}

void xm_command_sessions_end(struct xm_commands *commands, const struct xm_command_offer *offer)
{
    for (size_t i = xmpp_map_get_size(commands->sessions); i-- > 0;) {
        xmpp_command_session *session = session_at(commands, i);
        if (session && (!offer || session->offer == offer)) {
            end_session(commands, session);
        }
    }
}

static void look_at_clock(xmpp_conn *conn, void *userdata);

/* Wakes when the time of the first one is over. 0 or a negative code. */
static int set_timer(struct xm_commands *commands, xmpp_conn *conn)
{
    int64_t first = INT64_MAX;
    int64_t now = xmpp_monotonic_now();
    for (size_t i = 0; i < xmpp_map_get_size(commands->sessions); i++) {
        int64_t deadline = session_at(commands, i)->deadline;
        first = deadline < first ? deadline : first;
    }
    if (commands->timer || first == INT64_MAX) {
        return 0;
    }
    int delay = first > now ? (int)(first - now) : 0; /* at most XMPP_COMMAND_TIME */
    return xmpp_conn_set_timer(conn, &commands->timer, delay, look_at_clock, NULL, NULL);
}

static void look_at_clock(xmpp_conn *conn, void *userdata)
{
    struct xm_commands *commands = xm_commands_get(conn);
    (void)userdata;
    if (!commands) {
        return;
    }
    int64_t now = xmpp_monotonic_now();
    commands->timer = xmpp_slot_unref(commands->timer);
    for (size_t i = xmpp_map_get_size(commands->sessions); i-- > 0;) {
        xmpp_command_session *session = session_at(commands, i);
        if (session && session->deadline <= now) {
            end_session(commands, session);
        }
    }
    if (set_timer(commands, conn) == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, XMPP_E_NOMEM, "sessions of commands");
    }
}

static int is_full(const struct xm_commands *commands, const xmpp_jid *who)
{
    int n_same = 0;
    size_t n = xmpp_map_get_size(commands->sessions);
    for (size_t i = 0; i < n; i++) {
        n_same += xmpp_jid_equal_bare(session_at(commands, i)->jid, who);
    }
    return n >= XMPP_COMMAND_MAX_SESSIONS || n_same >= XMPP_COMMAND_MAX_OF_ONE;
}

static int copy_lang(xmpp_command_session *session, const char *lang)
{
    size_t size = lang ? strlen(lang) + 1 : 0;
    session->lang = lang ? malloc(size) : NULL;
    if (session->lang) {
        memcpy(session->lang, lang, size);
    }
    return lang && !session->lang ? XMPP_E_NOMEM : 0;
}

/* Adds a session to the list; its id cannot be guessed. */
static int begin_session(struct xm_commands *commands, const xmpp_jid *who,
                         struct xm_command_offer *offer, const char *lang,
                         xmpp_command_session **ret_session)
{
    xmpp_command_session *session = calloc(1, sizeof *session);
    if (!session) {
        return XMPP_E_NOMEM;
    }
    session->refs = 1;
    session->is_first = 1;
    session->offer = offer;
    offer->refs++;
    session->jid = xmpp_jid_ref(who);
    int result = session->jid ? copy_lang(session, lang) : XMPP_E_NOMEM;
    result = result == 0 ? xmpp_make_id(session->id) : result;
    result = result == 0 ? xmpp_map_set(commands->sessions, session->id, session) : result;
    if (result < 0) {
        xm_command_session_unref(session);
        return result;
    }
    *ret_session = session;
    return 0;
}

/* --- a stage ---------------------------------------------------------------------------------------- */

static void add_actions(xmpp_command_session *session)
{
    static const int steps[] = {XMPP_COMMAND_PREV, XMPP_COMMAND_NEXT, XMPP_COMMAND_COMPLETE};
    xmpp_elem *actions = xmpp_elem_add(session->elem, "actions", XMPP_NS_COMMANDS);
    xmpp_elem_set_attr(actions, "execute", xm_command_action_name(session->usual));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (session->actions & steps[i]) {
            xmpp_elem_add(actions, xm_command_action_name(steps[i]), XMPP_NS_COMMANDS);
        }
    }
}

/* Sends the answer of a stage. */
static int answer(struct xm_commands *commands, xmpp_conn *conn, xmpp_command_session *session,
                  int status)
{
    if (session->is_ended) {
        status = status == XMPP_COMMAND_EXECUTING ? XMPP_COMMAND_CANCELED : status;
    }
    xmpp_elem_set_attr(session->elem, "status", xm_command_status_name(status));
    if (status == XMPP_COMMAND_EXECUTING) {
        session->actions = session->next_actions ? session->next_actions : XMPP_COMMAND_COMPLETE;
        session->usual = session->next_actions ? session->next_usual : XMPP_COMMAND_COMPLETE;
        session->is_first = 0;
        session->deadline = xmpp_monotonic_now() + XMPP_COMMAND_TIME;
        add_actions(session);
    }
    int result = xmpp_conn_answer(conn, session->answer);
    xm_command_session_drop_answer(session);
    if (result == XMPP_E_GONE) {
        return result; /* and the module with it */
    }
    if (result < 0 || status != XMPP_COMMAND_EXECUTING) {
        end_session(commands, session);
    }
    int timed = set_timer(commands, conn);
    return result < 0 ? result : timed;
}

/* What the handler returned, or was told later. */
static int finish(struct xm_commands *commands, xmpp_conn *conn, xmpp_command_session *session,
                  int outcome)
{
    if (xm_command_status_name(outcome)) {
        return answer(commands, conn, session, outcome);
    }
    const xmpp_stanza *request = xmpp_stanza_ref(session->request);
    int is_form = outcome == XMPP_COMMAND_BAD_FORM;
    xm_command_session_drop_answer(session);
    if (!is_form || session->is_first) {
        end_session(commands, session);
    }
    int result = is_form
                     ? xm_command_refuse(conn, request, XMPP_CONDITION_BAD_REQUEST, "bad-payload")
                     : xm_command_refuse(conn, request, XMPP_CONDITION_INTERNAL_SERVER_ERROR, NULL);
    xmpp_stanza_unref(request);
    return outcome == XMPP_E_NOMEM ? outcome : result;
}

static int begin_answer(xmpp_command_session *session, const xmpp_stanza *request)
{
    session->request = xmpp_stanza_ref(request);
    session->answer = xmpp_iq_result(request);
    session->elem = xmpp_elem_add(xmpp_stanza_root(session->answer), "command", XMPP_NS_COMMANDS);
    xmpp_elem_set_attr(session->elem, "node", session->offer->node);
    xmpp_elem_set_attr(session->elem, "sessionid", session->id);
    session->next_actions = session->next_usual = 0;
    return session->answer ? xmpp_stanza_get_error(session->answer) : XMPP_E_NOMEM;
}

/* XEP-0050 4.6: a form that is cancelled is one with nothing filled in. */
static int read_submit(const xmpp_elem *elem, const xmpp_elem **ret_submit)
{
    const xmpp_elem *form = xmpp_form_find(elem, NULL);
    int type = xmpp_form_get_type(form);
    *ret_submit = type == XMPP_FORM_SUBMIT ? form : NULL;
    return !form || type == XMPP_FORM_SUBMIT || type == XMPP_FORM_CANCEL;
}

static int run_handler(struct xm_commands *commands, xmpp_conn *conn, xmpp_command_session *session,
                       const xmpp_stanza *request, int action)
{
    const xmpp_elem *submit;
    struct xm_command_offer *offer = session->offer;
    if (!read_submit(xmpp_iq_get_payload(request), &submit)) {
        if (session->is_first) {
            end_session(commands, session);
        }
        return xm_command_refuse(conn, request, XMPP_CONDITION_BAD_REQUEST, "bad-payload");
    }
    int result = begin_answer(session, request);
    session->refs++;
    if (result == 0) {
        commands->refs++;
        commands->n_calls++;
        session->is_running = 1;
        result = offer->handler(conn, session, action, submit, session->elem, offer->userdata);
        session->is_running = 0;
        commands->n_calls--;
        if (!xmpp_conn_is_enabled(conn,
                                  "commands")) { /* it, or the connection, was dropped there */
            result = XMPP_E_STATE;
        } else if (result != XMPP_COMMAND_LATER || session->is_ended) {
            result = finish(commands, conn, session, result);
        } else {
            session->deadline = xmpp_monotonic_now() + XMPP_COMMAND_TIME;
            result = set_timer(commands, conn);
        }
        xm_commands_unref(commands);
    }
    xm_command_session_unref(session);
    return result;
}

static int is_ended_id(const struct xm_commands *commands, const char *id)
{
    for (int i = 0; i < XM_COMMAND_ENDED; i++) {
        if (commands->ended[i][0] != '\0' && strcmp(commands->ended[i], id) == 0) {
            return 1;
        }
    }
    return 0;
}

static int begin_run(struct xm_commands *commands, xmpp_conn *conn, const xmpp_stanza *request,
                     const xmpp_jid *who, struct xm_command_offer *offer, int action)
{
    xmpp_command_session *session = NULL;
    if (action != XMPP_COMMAND_EXECUTE) {
        return xm_command_refuse(conn, request, XMPP_CONDITION_BAD_REQUEST, "bad-action");
    }
    if (is_full(commands, who)) {
        return xm_command_refuse(conn, request, XMPP_CONDITION_RESOURCE_CONSTRAINT, NULL);
    }
    const char *lang = xmpp_elem_get_lang(xmpp_iq_get_payload(request));
    int result = begin_session(commands, who, offer, lang, &session);
    if (result < 0) {
        return result;
    }
    session->deadline = xmpp_monotonic_now() + XMPP_COMMAND_TIME;
    return run_handler(commands, conn, session, request, action);
}

static int cancel(struct xm_commands *commands, xmpp_conn *conn, xmpp_command_session *session,
                  const xmpp_stanza *request)
{
    session->refs++;
    end_session(commands, session);
    int result = begin_answer(session, request);
    if (result == 0) {
        result = answer(commands, conn, session, XMPP_COMMAND_CANCELED);
    }
    xm_command_session_unref(session);
    return result;
}

/* A session that is there: gone on with by who began it alone, and by nobody while it is answered. */
static int go_on(struct xm_commands *commands, xmpp_conn *conn, const xmpp_stanza *request,
                 xmpp_command_session *session, int action)
{
    if (session->request) {
        return xm_command_refuse(conn, request, XMPP_CONDITION_UNEXPECTED_REQUEST, NULL);
    }
    if (action == XMPP_COMMAND_CANCEL) {
        return cancel(commands, conn, session, request);
    }
    int meant = action == XMPP_COMMAND_EXECUTE ? session->usual : action;
    if ((meant & session->actions) == 0) {
        return xm_command_refuse(conn, request, XMPP_CONDITION_BAD_REQUEST, "bad-action");
    }
    return run_handler(commands, conn, session, request, meant);
}

int xm_command_sessions_run(struct xm_commands *commands, xmpp_conn *conn,
                            const xmpp_stanza *request, const xmpp_jid *who,
                            struct xm_command_offer *offer)
{
    const xmpp_elem *elem = xmpp_iq_get_payload(request);
    const char *name = xmpp_elem_get_attr(elem, "action");
    const char *id = xmpp_elem_get_attr(elem, "sessionid");
    int action = name ? xm_command_action(name) : XMPP_COMMAND_EXECUTE;
    if (action == 0) {
        return xm_command_refuse(conn, request, XMPP_CONDITION_BAD_REQUEST, "malformed-action");
    }
    if (!id) {
        return begin_run(commands, conn, request, who, offer, action);
    }
    xmpp_command_session *session = xmpp_map_get(commands->sessions, id);
    if (session && xmpp_jid_equal(session->jid, who) && session->offer == offer) {
        return go_on(commands, conn, request, session, action);
    }
    if (!session && is_ended_id(commands, id)) {
        return xm_command_refuse(conn, request, XMPP_CONDITION_NOT_ALLOWED, "session-expired");
    }
    return xm_command_refuse(conn, request, XMPP_CONDITION_BAD_REQUEST, "bad-sessionid");
}

/* --- for the application ----------------------------------------------------------------------------- */

int xmpp_command_session_finish(xmpp_conn *conn, const char *id, int status)
{
    struct xm_commands *commands = xm_commands_get(conn);
    if (!conn || !id || status == XMPP_COMMAND_LATER) {
        return XMPP_E_INVAL;
    }
    if (!commands) {
        return XMPP_E_REQUIRES;
    }
    xmpp_command_session *session = xmpp_map_get(commands->sessions, id);
    if (!session) {
        return XMPP_E_NOT_FOUND;
    }
    if (!session->request || session->is_running) {
        return XMPP_E_STATE;
    }
    session->refs++;
    int result = finish(commands, conn, session, status);
    xm_command_session_unref(session);
    return result;
}
