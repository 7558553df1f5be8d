/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file module.h
 * @brief Modules: how every extension is added, those of this library and those of others.
 *
 * A module is described once, as a whole, and then enabled on a connection: its name, what it
 * requires, the features that service discovery announces for it, and what it handles. All its
 * callbacks get the module's one `userdata`, which is destroyed when the module is disabled, or with
 * the connection. By convention a module has one function that does all of it, and that is harmless
 * when called twice:
 *
 *     static const char key;
 *
 *     int xmpp_ping_enable(xmpp_conn *conn)
 *     {
 *         xmpp_module *module = xmpp_module_new(&key, "ping", NULL, NULL);
 *         xmpp_module_add_feature(module, "urn:xmpp:ping");
 *         xmpp_module_on_iq(module, XMPP_IQ_GET, "ping", "urn:xmpp:ping", answer_ping);
 *         int result = xmpp_conn_enable(conn, module);
 *         xmpp_module_unref(module);
 *         return result;
 *     }
 *
 * The functions that describe take NULL and do nothing; what goes wrong sticks to the module and is
 * reported by xmpp_conn_enable().
 *
 * **The road of a received stanza**: the filters of the modules, by enum xmpp_filter_order and then
 * in the order in which the modules were enabled; then, for an iq request, the module that answers
 * its payload; then the handlers of the application (handler.h). So a module is never outrun by the
 * application, whichever of the two came first. Answers go to whoever requested them, and pass no
 * filter.
 *
 * **The road of a sent stanza**: each on_send callback may add children to it, which are written
 * last, and may refuse it. The application's tree is not touched.
 *
 * **Out of memory.** A module that loses something for want of memory cannot go on as if nothing had
 * been: a callback that returns XMPP_E_NOMEM ends the session with that error, and a callback without
 * a result calls xmpp_conn_fail(). Whoever connects anew begins with nothing lost.
 *
 * A module whose request is under way when it is disabled will hear the answer all the same: look
 * the data up then (xmpp_conn_get_data()), and do not carry it in the request's `userdata`.
 *
 * doc/adding-an-extension.md builds one from nothing.
 */
#ifndef XMPP_MODULE_H
#define XMPP_MODULE_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- describing ------------------------------------------------------------------------------- */

/**
 * A new module, not enabled anywhere. It can be enabled on one connection only.
 *
 * @param key      an address of the module's own, such as that of a static variable: what
 *                 xmpp_conn_get_data() finds `userdata` by
 * @param name     copied; what others require it by
 * @param userdata  what all its callbacks get: the data of the module; may be NULL
 * @param destroy  for `userdata`; may be NULL
 * @return shared, drop it with xmpp_module_unref(); NULL if out of memory, or without a key or a
 *         name: then nothing is kept and nothing destroyed
 */
XMPP_API xmpp_module *xmpp_module_new(const void *key, const char *name, void *userdata,
                                      xmpp_destroy_fn destroy);
/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_module *xmpp_module_unref(xmpp_module *module);

/** It cannot be enabled unless the module of this name is, and that one not be disabled before it.
 * `name` is copied. */
XMPP_API void xmpp_module_require(xmpp_module *module, const char *name);
/** It cannot be enabled together with the module of this name. `name` is copied. */
XMPP_API void xmpp_module_exclude(xmpp_module *module, const char *name);
/** A feature for service discovery (XEP-0030), announced as long as the module is enabled. `var` is
 * copied. */
XMPP_API void xmpp_module_add_feature(xmpp_module *module, const char *var);

/**
 * Answers iq requests. Two modules that answer the same cannot be enabled together.
 *
 * @param types    XMPP_IQ_GET, XMPP_IQ_SET or both (iq.h)
 * @param name     of the payload, copied
 * @param ns       of the payload, copied
 * @param handler  as for xmpp_conn_on_iq(): 0 leaves it to the application
 */
XMPP_API void xmpp_module_on_iq(xmpp_module *module, int types, const char *name, const char *ns,
                                xmpp_stanza_fn handler);

/** When a filter runs. */
enum xmpp_filter_order {
    XMPP_FILTER_CHECK = 0,  /**< takes away what its sender may not say */
    XMPP_FILTER_UNWRAP = 1, /**< finds a stanza inside another one */
    XMPP_FILTER_NOTE = 2    /**< takes note of what it says, and attaches facts */
};

/**
 * Sees a stanza before the handlers. The stanza is sealed but for this: children may be taken out
 * with xmpp_elem_remove(), and facts attached with xmpp_stanza_set_fact().
 *
 * @param stanza  borrowed (until the filter returns), as in xmpp_stanza_fn
 * @return 0: it goes on; 1: it goes no further (an iq: answered now or later); negative: failed,
 *         logged, it goes no further; an iq request is answered with `internal-server-error`;
 *         XMPP_E_NOMEM ends the session
 */
typedef int (*xmpp_filter_fn)(xmpp_conn *conn, xmpp_stanza *stanza, void *userdata);
/**
 * Registers a filter.
 *
 * @param kind   XMPP_KIND_MESSAGE, XMPP_KIND_PRESENCE or XMPP_KIND_IQ (stanza.h), of which the get
 *               and set
 * @param order  an enum xmpp_filter_order
 */
XMPP_API void xmpp_module_on_receive(xmpp_module *module, int kind, int order,
                                     xmpp_filter_fn filter);

/**
 * Sees a stanza that is about to be sent. A notification: only getters of the connection may be called.
 *
 * @param stanza  as the application built it
 * @param more    what is added to this element is written as the last children of the stanza. It is
 *                the root of a stanza of the same kind, with the id that will be written. Borrowed
 *                (until the callback returns)
 * @return 0, or a negative code: the stanza is not sent, and whoever sends it gets that code
 */
typedef int (*xmpp_extend_fn)(xmpp_conn *conn, const xmpp_stanza *stanza, xmpp_elem *more,
                              void *userdata);
/** Registers for what is sent. `kind` as for xmpp_module_on_receive(); of iqs all types. */
XMPP_API void xmpp_module_on_send(xmpp_module *module, int kind, xmpp_extend_fn extend);

/** What becomes of the session, and of what modules do in it. */
enum xmpp_session_event {
    XMPP_SESSION_ONLINE = 1,  /**< a new session: nothing of the last one holds */
    XMPP_SESSION_RESUMED = 2, /**< the session goes on over a new stream: nothing was lost */
    XMPP_SESSION_OFFLINE = 3, /**< the session is over */
    XMPP_SESSION_FEATURES = 4 /**< the features of xmpp_conn_get_feature() have changed */
};
/**
 * Hears of the session, an enum xmpp_session_event: in the order in which the modules were enabled,
 * and before the application's state handlers. A module that is enabled while online hears of
 * XMPP_SESSION_ONLINE at the next process. A handler.
 *
 * @return 0, or a negative code, which is logged; XMPP_E_NOMEM ends the session
 */
typedef int (*xmpp_session_fn)(xmpp_conn *conn, int event, void *userdata);
/** Registers for the session; one for a module. */
XMPP_API void xmpp_module_on_session(xmpp_module *module, xmpp_session_fn handler);

/**
 * Marks what the trace (log.h) must not show: the content of each element of this name and
 * namespace, wherever it stands, that has an attribute of this value.
 *
 * @param attr   NULL: whatever its attributes are; all texts are copied
 * @param value  ignored without `attr`
 */
XMPP_API void xmpp_module_redact(xmpp_module *module, const char *name, const char *ns,
                                 const char *attr, const char *value);

/* --- enabling ----------------------------------------------------------------------------------- */

/**
 * Enables a module on a connection, in any state. From now on it cannot be described further.
 *
 * @return 0, also if a module of this key is enabled already (this one is not, then);
 *         XMPP_E_REQUIRES if one that it requires is not enabled; XMPP_E_CONFLICT if another one has
 *         its name, answers what it answers, or is excluded by it or excludes it (the log names
 *         both); what stuck to the description; XMPP_E_STATE if it is enabled elsewhere;
 *         XMPP_E_NOMEM, also for NULL; XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_conn_enable(xmpp_conn *conn, xmpp_module *module);
/**
 * Disables a module, in any state: none of its callbacks is called any more, and its data is
 * destroyed as soon as none is running.
 *
 * @return 0; XMPP_E_NOT_FOUND; XMPP_E_REQUIRES if an enabled module requires it (the log names it);
 *         XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_conn_disable(xmpp_conn *conn, const char *name);
/** 1 if a module of this name is enabled; 0 also when the last reference to the connection has been
 * dropped. A module that tells several things in a row asks after each whether it may go on. */
XMPP_API int xmpp_conn_is_enabled(const xmpp_conn *conn, const char *name);

/** The features of all enabled modules, by number from 0, in the order of enabling; NULL beyond the
 * last. Borrowed (until a module is enabled or disabled). */
XMPP_API const char *xmpp_conn_get_feature(const xmpp_conn *conn, size_t index);
/* What the server offered with its stream is xmpp_conn_get_features() of conn.h. */

/* --- what hangs on a connection, and on a stanza ------------------------------------------------ */

/**
 * Keeps something with the connection. What hangs on it, modules' data included, is destroyed in
 * reverse order.
 *
 * @param key   an address of your own
 * @param data  NULL: removes what is there. What was there before is destroyed
 * @return 0; XMPP_E_INVAL for a NULL key or one of a module; XMPP_E_NOMEM; XMPP_E_BUSY in a
 *         notification
 */
XMPP_API int xmpp_conn_set_data(xmpp_conn *conn, const void *key, void *data,
                                xmpp_destroy_fn destroy);
/** What was kept under this key, or the data of the enabled module with this key; NULL if there is
 * none. Borrowed (as long as it hangs there). */
XMPP_API void *xmpp_conn_get_data(const xmpp_conn *conn, const void *key);

/**
 * Attaches a fact to a stanza: something a module found out about it, which travels with it and is
 * destroyed with it, on whichever thread that is. Possible while it is built, and for a received one
 * in a filter.
 *
 * @param key   an address of the module's own; one fact for each key, the last counts
 * @param fact  what to attach, not NULL
 * @return 0; XMPP_E_INVAL; XMPP_E_STATE if the stanza is sealed; XMPP_E_NOMEM. Then nothing is kept
 */
XMPP_API int xmpp_stanza_set_fact(xmpp_stanza *stanza, const void *key, void *fact,
                                  xmpp_destroy_fn destroy);
/** The fact that was attached under this key; NULL if there is none, and for NULL. Borrowed (as long
 * as the stanza). */
XMPP_API void *xmpp_stanza_get_fact(const xmpp_stanza *stanza, const void *key);
/** 1 if the stanza came inside another one, and was given to xmpp_conn_deliver(): it is not being
 * received now, so nothing may answer it by itself. */
XMPP_API int xmpp_stanza_is_inner(const xmpp_stanza *stanza);

/** Where an inner stanza goes. */
enum xmpp_deliver {
    XMPP_DELIVER_FILTERS = 0, /**< to the filters behind this one, to have facts attached */
    XMPP_DELIVER_HANDLERS = 1 /**< and then to the application's handlers, as if received */
};
/**
 * Gives a stanza that came inside another one to the filters behind the one that is running, and
 * perhaps to the handlers. In a filter only. It is sealed, and may not be an iq.
 *
 * @param to  an enum xmpp_deliver
 * @return 1: it came to the end; 0: a filter stopped it; XMPP_E_STATE outside a filter;
 *         XMPP_E_TOO_BIG if it is a fourth one inside the other; XMPP_E_INVAL; what stuck to it
 */
XMPP_API int xmpp_conn_deliver(xmpp_conn *conn, xmpp_stanza *inner, int to);

/* --- who says something ------------------------------------------------------------------------- */

/** 1 if the stanza came from the account itself: without `from`, or from its bare JID (RFC 6120
 * 8.1.2.1). Nobody else may speak about roster, blocking, carbons and the like. 0 on a component
 * (component.h), which has none. */
XMPP_API int xmpp_conn_is_from_account(const xmpp_conn *conn, const xmpp_stanza *stanza);
/** 1 if the stanza came from the account's server: from its domain. 0 on a component. */
XMPP_API int xmpp_conn_is_from_server(const xmpp_conn *conn, const xmpp_stanza *stanza);

#ifdef __cplusplus
}
#endif

#endif
