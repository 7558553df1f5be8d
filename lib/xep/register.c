/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registering in band, XEP-0077: the requests, before login and online, and what follows when they are
 * answered. What is asked and filled in is register_form.c; the step in front of authentication is
 * step.h's. */
#include "xmpp/register.h"

#include <stdlib.h>
#include <string.h>

#include "register_form.h"
#include "xmpp/auth.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"
#include "xmpp/step.h"

static const char key;
static const char name[] = "register";

/* Something that is asked, and whom to tell. */
struct call {
    unsigned refs;
    enum xm_register_kind kind;
    xmpp_register_fn handler; /* NULL: it was told */
    void *userdata;
    xmpp_destroy_fn destroy;
    xmpp_register_form *form; /* that was submitted; NULL: none */
    xmpp_stanza *request;     /* that changes the password, secret; NULL: none */
    xmpp_slot *state; /* before login, hears that the attempt is over; NULL: nobody needs to */
    char to[];        /* "": nobody named */
};

/* The data of the module. */
struct registering {
    struct call *connecting; /* before login; not held; NULL: nobody is */
};

/* --- calls -------------------------------------------------------------------------------------- */

static struct call *new_call(enum xm_register_kind kind, const char *to, xmpp_register_fn handler,
                             void *userdata, xmpp_destroy_fn destroy)
{
    size_t n = to ? strlen(to) : 0;
    struct call *call = calloc(1, sizeof *call + n + 1);
    if (call) {
        call->refs = 1;
        call->kind = kind;
        call->handler = handler;
        call->userdata = userdata;
        call->destroy = destroy;
        memcpy(call->to, to ? to : "", n);
    }
    return call;
}

static void release(void *userdata)
{
    struct call *call = userdata;
    if (!call || --call->refs > 0) {
        return;
    }
    if (call->destroy) {
        call->destroy(call->userdata);
    }
    xmpp_register_form_unref(call->form);
    xmpp_stanza_unref(call->request);
    free(call);
}

/* It never began: the userdata is still the caller's. */
static int discard(struct call *call, int result)
{
    call->destroy = NULL;
    release(call);
    return result;
}

static void tell(xmpp_conn *conn, struct call *call, int error, const xmpp_stanza *reply,
                 xmpp_register_form *form)
{
    xmpp_register_fn handler = call->handler;
    call->handler = NULL;
    if (handler) {
        handler(conn, error, reply, form, call->userdata);
    }
}

/* --- what follows ------------------------------------------------------------------------------- */

static void renew_password(xmpp_conn *conn, const struct call *call)
{
    const xmpp_elem *query =
        xmpp_elem_get_child(xmpp_stanza_get_root(call->request), "query", XM_NS_REGISTER);
    const char *password = call->form ? xmpp_register_form_get_value(call->form, "password")
                                      : xmpp_elem_get_child_text(query, "password", NULL);
    if (password && xmpp_conn_renew_password(conn, password) == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, XMPP_E_NOMEM, name);
    }
}

/* XEP-0077 3.2: the end of the stream may come in the place of the answer, with `not-authorized`, or as
 * ejabberd has it with `conflict`. The advice stands for these among stream errors, and is there also if
 * there was no memory for the name. */
static int is_cancelled(const xmpp_conn *conn)
{
    const xmpp_error *error = xmpp_conn_get_error(conn);
    int advice = xmpp_error_get_advice(error);
    return xmpp_error_get_code(error) == XMPP_E_STREAM &&
           (advice == XMPP_ADVICE_ASK_PASSWORD || advice == XMPP_ADVICE_FIX_SETTINGS);
}

/* What was asked is done, or not: the outcome that is told. */
static int settle(xmpp_conn *conn, const struct call *call, int error)
{
    int is_account = call->kind == XM_REGISTER_CANCEL && call->to[0] == '\0';
    if (is_account && error == XMPP_E_DISCONNECTED && is_cancelled(conn)) {
        error = 0;
    }
    if (error == 0 && is_account) {
        xmpp_conn_disconnect(conn);
    }
    if (error == 0 && call->kind == XM_REGISTER_CHANGE) {
        renew_password(conn, call);
    }
    if (error == 0 && call->kind == XM_REGISTER_NEW && call->form) {
        xmpp_conn_end_step(conn, 0); /* of a registration before login */
    }
    return error;
}

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct call *call = userdata;
    xmpp_register_form *form = NULL;
    int is_asking = call->kind == XM_REGISTER_NEW && !call->form;
    error = settle(conn, call, error);
    if ((error == 0 && is_asking) || error == XMPP_E_REMOTE) {
        const char *to = call->to[0] ? call->to : NULL;
        if (!to && call->kind == XM_REGISTER_CANCEL) { /* example 21: a form is for the server */
            to = xmpp_jid_get_domain(xmpp_conn_get_jid(conn));
        }
        int result = xm_register_form_make(&form, reply, call->kind, to);
        if (result < 0) {
            tell(conn, call, result, NULL, NULL);
            return;
        }
    }
    if (error == 0 && is_asking && !form) { /* an answer without a query */
        error = XMPP_E_PROTOCOL;
    }
    tell(conn, call, error, reply, form);
    xmpp_register_form_unref(form);
}

/* Asks, and owns the call from now on if that went well. */
static int ask(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_stanza *iq, struct call *call)
{
    int result =
        iq ? xmpp_conn_request(conn, ret_slot, iq, 0, on_reply, call, release) : XMPP_E_NOMEM;
    return result < 0 && result != XMPP_E_GONE ? discard(call, result) : result;
}

/* 0, or why nothing can be asked. */
static int check(const xmpp_conn *conn, xmpp_register_fn handler)
{
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    return xmpp_conn_get_data(conn, &key) ? 0 : XMPP_E_REQUIRES;
}

/* A request with an empty query, which is handed back; NULL stays NULL. */
static xmpp_elem *begin(xmpp_stanza *iq)
{
    return xmpp_elem_add(xmpp_stanza_root(iq), "query", XM_NS_REGISTER);
}

/* --- before login ------------------------------------------------------------------------------- */

/* The attempt of this call is not waited for any more. The caller holds the call. */
static void stop_waiting(xmpp_conn *conn, struct call *call)
{
    struct registering *registering = xmpp_conn_get_data(conn, &key);
    xmpp_slot *state = call->state;
    if (registering && registering->connecting == call) {
        registering->connecting = NULL;
    }
    call->state = NULL;
    xmpp_slot_unref(state);
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct call *call = userdata;
    if (state != XMPP_STATE_OFFLINE) {
        return;
    }
    call->refs++;
    stop_waiting(conn, call);
    tell(conn, call, XMPP_E_DISCONNECTED, NULL, NULL);
    release(call);
}

/* The answer to the first question; whatever is wrong ends the attempt. */
static void on_fields(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct call *call = userdata;
    xmpp_register_form *form = NULL;
    stop_waiting(conn, call);
    if (error == 0) {
        error = xm_register_form_make(&form, reply, XM_REGISTER_NEW, call->to);
    }
    if (error == 0 && !form) {
        error = XMPP_E_PROTOCOL;
    }
    if (error < 0) {
        xmpp_conn_end_step(conn, error);
    }
    tell(conn, call, error, error == 0 || error == XMPP_E_REMOTE ? reply : NULL, form);
    xmpp_register_form_unref(form);
}

static int on_step(xmpp_conn *conn, const xmpp_elem *features, void *userdata)
{
    struct call *call = ((struct registering *)userdata)->connecting;
    (void)features; /* what they do not offer may be there all the same: XEP-0077 8 */
    if (!call) {
        return XMPP_E_STATE;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, call->to);
    begin(iq);
    call->refs++;
    int result = iq ? xmpp_conn_request(conn, NULL, iq, 0, on_fields, call, release) : XMPP_E_NOMEM;
    if (result < 0) {
        release(call);
    }
    xmpp_stanza_unref(iq);
    return result;
}

/* The handler of states owns the call. On failure nothing is left, and the userdata the caller's. */
static int connect_for(xmpp_conn *conn, struct registering *registering, struct call *call)
{
    int result = xmpp_conn_on_state(conn, &call->state, on_state, call, release);
    if (result < 0) {
        return result == XMPP_E_GONE ? result : discard(call, result);
    }
    result = xmpp_conn_connect_step(conn, name);
    if (result == 0) {
        registering->connecting = call;
    } else if (result != XMPP_E_GONE) {
        xmpp_slot *state = call->state;
        call->destroy = NULL;
        call->state = NULL;
        xmpp_slot_unref(state);
    }
    return result;
}

int xmpp_register_connect(xmpp_conn *conn, xmpp_register_fn handler, void *userdata,
                          xmpp_destroy_fn destroy)
{
    int result = check(conn, handler);
    struct registering *registering = result == 0 ? xmpp_conn_get_data(conn, &key) : NULL;
    if (result == 0 && registering->connecting) {
        result = XMPP_E_STATE;
    }
    if (result < 0) {
        return result;
    }
    const xmpp_jid *jid = xmpp_conn_get_jid(conn);
    struct call *call = new_call(XM_REGISTER_NEW, jid ? xmpp_jid_get_domain(jid) : NULL, handler,
                                 userdata, destroy);
    return call ? connect_for(conn, registering, call) : XMPP_E_NOMEM;
}

/* --- online ------------------------------------------------------------------------------------- */

/* Whom a request is for if nobody is named: the server of the account. */
static const char *server_of(const xmpp_conn *conn)
{
    const xmpp_jid *jid = xmpp_conn_get_jid(conn);
    return jid ? xmpp_jid_get_domain(jid) : NULL;
}

int xmpp_register_get(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                      xmpp_register_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = check(conn, handler);
    if (result < 0) {
        return result;
    }
    to = to ? to : server_of(conn);
    struct call *call = new_call(XM_REGISTER_NEW, to, handler, userdata, destroy);
    if (!call) {
        return XMPP_E_NOMEM;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to);
    begin(iq);
    result = ask(conn, ret_slot, iq, call);
    xmpp_stanza_unref(iq);
    return result;
}

int xmpp_register_submit(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_register_form *form,
                         xmpp_register_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = form ? check(conn, handler) : XMPP_E_INVAL;
    const xmpp_stanza *iq = result == 0 ? xm_register_form_get_request(form, &result) : NULL;
    if (!iq) {
        return result;
    }
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(iq), "to");
    int is_account = xm_register_form_get_kind(form) == XM_REGISTER_CANCEL && to &&
                     server_of(conn) && strcmp(to, server_of(conn)) == 0;
    struct call *call = new_call(xm_register_form_get_kind(form), is_account ? NULL : to, handler,
                                 userdata, destroy);
    if (!call) {
        return XMPP_E_NOMEM;
    }
    call->form = xmpp_register_form_ref(form);
    return ask(conn, ret_slot, iq, call);
}

int xmpp_register_change_password(xmpp_conn *conn, xmpp_slot **ret_slot, const char *password,
                                  xmpp_register_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = check(conn, handler);
    if (result < 0) {
        return result;
    }
    const xmpp_jid *jid = xmpp_conn_get_jid(conn);
    const char *local = jid ? xmpp_jid_get_local(jid) : NULL;
    if (!local || !password || !*password) {
        return XMPP_E_INVAL;
    }
    struct call *call =
        new_call(XM_REGISTER_CHANGE, xmpp_jid_get_domain(jid), handler, userdata, destroy);
    if (!call) {
        return XMPP_E_NOMEM;
    }
    call->request = xmpp_iq_new(XMPP_IQ_SET, call->to);
    xmpp_stanza_set_secret(call->request);
    xmpp_elem *query = begin(call->request);
    xmpp_elem_add_text_child(query, "username", NULL, local);
    xmpp_elem_add_text_child(query, "password", NULL, password);
    return ask(conn, ret_slot, call->request, call);
}

int xmpp_register_cancel(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                         xmpp_register_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = check(conn, handler);
    struct call *call =
        result == 0 ? new_call(XM_REGISTER_CANCEL, to, handler, userdata, destroy) : NULL;
    if (!call) {
        return result < 0 ? result : XMPP_E_NOMEM;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, to); /* the account: without `to`, XEP-0077 3.2 */
    xmpp_elem_add(begin(iq), "remove", NULL);
    result = ask(conn, ret_slot, iq, call);
    xmpp_stanza_unref(iq);
    return result;
}

/* --- enabling ----------------------------------------------------------------------------------- */

int xmpp_register_enable(xmpp_conn *conn)
{
    struct registering *registering = calloc(1, sizeof *registering);
    xmpp_module *module = registering ? xmpp_module_new(&key, name, registering, free) : NULL;
    if (!module) {
        free(registering);
        return XMPP_E_NOMEM;
    }
    xmpp_module_on_step(module, on_step);
    xmpp_module_redact(module, "password", XM_NS_REGISTER, NULL, NULL);
    xmpp_module_redact(module, "key", XM_NS_REGISTER, NULL, NULL);
    xmpp_module_redact(module, "field", XMPP_NS_FORMS, "type", "text-private");
    xmpp_module_redact(module, "field", XMPP_NS_FORMS, "var", "password");
    xmpp_module_redact(module, "field", XMPP_NS_FORMS, "var", "old_password");
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}
