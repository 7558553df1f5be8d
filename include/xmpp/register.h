/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file register.h
 * @brief Registering accounts in band: with a server before login, and with services.
 *
 * A host says what it wants to know, and is told. What it wants is a form (xmpp_register_form), whichever
 * of its three ways the host has to say it (XEP-0077 6): a data form (forms.h), the fields of the old
 * protocol, or nothing but words and an address of the web. It is filled in whenever a person has done
 * that, and submitted with xmpp_register_submit(), as often as it takes.
 *
 * **With a server, before login**: xmpp_register_connect() connects for that alone (step.h); nothing of it
 * happens in a login. **Online** there are changing the password, giving up the account, and
 * registering with services such as gateways.
 *
 * Passwords are not told to log and trace, and what holds them here is wiped. Before login there is nothing
 * but verified TLS. A password that is changed online goes the way of the session: one that was begun in
 * clear text (xmpp_conn_allow_cleartext_insecure()) shows it to everybody on the way.
 *
 * doc/registration.md shows it.
 *
 * @par Specifications
 * - XEP-0077, 2.4: complete, for the side that registers; a gateway is the other (gateway.h). The
 *   obsolete key is sent back as it came
 */
#ifndef XMPP_REGISTER_H
#define XMPP_REGISTER_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Enables the module "register". @return as xmpp_conn_enable() */
XMPP_API int xmpp_register_enable(xmpp_conn *conn);

/** What a host wants to know, and what it is told (register.h). */
typedef struct xmpp_register_form xmpp_register_form;

/**
 * Hears what became of it, exactly once.
 *
 * @param error  0; XMPP_E_REMOTE: the host refused, and xmpp_register_get_condition() says why; or as
 *               in xmpp_reply_fn
 * @param reply  the stanza, if there is one. Borrowed (until the handler returns)
 * @param form   what to fill in: the answer of xmpp_register_connect() and xmpp_register_get(), and with
 *               XMPP_E_REMOTE what the host wants to know on top before it does what was asked. NULL: nothing.
 *               Borrowed (until the handler returns): xmpp_register_form_ref() keeps it
 */
typedef void (*xmpp_register_fn)(xmpp_conn *conn, int error, const xmpp_stanza *reply,
                                 xmpp_register_form *form, void *userdata);

/**
 * Why the host refused, an enum xmpp_condition: XMPP_CONDITION_CONFLICT if the name is taken,
 * XMPP_CONDITION_NOT_ACCEPTABLE if something is missing, too many have registered, or the password is
 * too weak, and so on. Where there is nothing but a code of the old protocol, what it stands for
 * (XEP-0086). 0 if the stanza is no error.
 */
XMPP_API int xmpp_register_get_condition(const xmpp_stanza *reply);

/* --- before login ------------------------------------------------------------------------------- */

/**
 * Connects to the server of the JID that is set, which needs no localpart, and asks what it wants to know.
 * It is asked also where its features do not offer registration, as they need not (XEP-0077 8): then
 * mostly `service-unavailable` is the answer, or the end of the stream.
 *
 * If the handler hears an error, the attempt ends with it. Else it is the application's turn, for as
 * long as it likes: xmpp_register_submit(), again after each refusal, or xmpp_conn_end_step(). With an
 * account registered the attempt ends by itself in XMPP_STATE_OFFLINE, without error, and
 * xmpp_conn_connect() can log in.
 *
 * @param handler  hears XMPP_E_DISCONNECTED if the attempt ends before there is an answer
 * @return as xmpp_conn_connect_step(); XMPP_E_STATE also while the handler of the last call has not
 *         heard yet; XMPP_E_REQUIRES without the module
 */
XMPP_API int xmpp_register_connect(xmpp_conn *conn, xmpp_register_fn handler, void *userdata,
                                   xmpp_destroy_fn destroy);

/* --- online ------------------------------------------------------------------------------------- */

/**
 * Asks what a service wants to know, or has on file.
 *
 * @param ret_slot  owned; dropping it cancels. May be NULL
 * @param to        the service; NULL: the own server
 * @return as xmpp_conn_request(); XMPP_E_REQUIRES without the module
 */
XMPP_API int xmpp_register_get(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                               xmpp_register_fn handler, void *userdata, xmpp_destroy_fn destroy);
/**
 * Changes the password of the account. When the server has done so, xmpp_conn_renew_password() is called
 * for the next login.
 *
 * @param password  copied, and wiped; not empty
 * @return as xmpp_register_get(); XMPP_E_INVAL also for a connection without an account; XMPP_E_CHAR
 */
XMPP_API int xmpp_register_change_password(xmpp_conn *conn, xmpp_slot **ret_slot,
                                           const char *password, xmpp_register_fn handler,
                                           void *userdata, xmpp_destroy_fn destroy);
/**
 * Gives up a registration: that with a service, or the account itself, with all that the server keeps of it.
 * Behind the latter the server ends the session, with or without an answer in front (XEP-0077 3.2); both
 * are success, and the connection does not come back. If it ends for another reason, which with ejabberd
 * 23.01 it does (it answers in a name that does not count, xmpp_conn_request(), and says `conflict`), the
 * handler hears XMPP_E_DISCONNECTED, and whether the account is still there the next login tells.
 *
 * @param to  the service; NULL: the account
 * @return as xmpp_register_get()
 */
XMPP_API int xmpp_register_cancel(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                  xmpp_register_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy);

/* --- the form ----------------------------------------------------------------------------------- */
/* The getters take NULL, and what they return is borrowed (as long as the form). Texts are the host's:
 * filter them before a terminal sees them. */

/** Another reference. @return the same form, shared */
XMPP_API xmpp_register_form *xmpp_register_form_ref(xmpp_register_form *form);
/** Drops a reference. What was filled in is wiped with the last one. Takes NULL. @return NULL */
XMPP_API xmpp_register_form *xmpp_register_form_unref(xmpp_register_form *form);
/** 1 if somebody of this address is registered already: the values are what is on file. */
XMPP_API int xmpp_register_form_is_registered(const xmpp_register_form *form);
/** What to tell a person; NULL if the host says nothing. */
XMPP_API const char *xmpp_register_form_get_instructions(const xmpp_register_form *form);
/** Where on the web one registers, beside the fields or, if there are none, instead; only `http` and
 * `https` are told. NULL if there is no such address. */
XMPP_API const char *xmpp_register_form_get_url(const xmpp_register_form *form);
/** The data form, to be read with forms.h; NULL if there is none. It goes before the fields. */
XMPP_API const xmpp_elem *xmpp_register_form_get_form(const xmpp_register_form *form);
/** The answer to the data form, to be filled in with forms.h: from the beginning it has what the form
 * proposes. NULL if there is no data form. */
XMPP_API xmpp_elem *xmpp_register_form_get_submit(xmpp_register_form *form);
/** How many fields there are: of the data form those to fill in, else those of the old protocol. 0:
 * nothing can be submitted. */
XMPP_API size_t xmpp_register_form_get_n_fields(const xmpp_register_form *form);
/** The name of a field by number from 0, such as "username"; NULL beyond the last. */
XMPP_API const char *xmpp_register_form_get_name(const xmpp_register_form *form, size_t index);
/** What is in a field now: proposed, on file, or set. NULL for none. */
XMPP_API const char *xmpp_register_form_get_value(const xmpp_register_form *form, const char *name);
/**
 * Fills in a field.
 *
 * @param name   copied
 * @param value  copied, and wiped
 * @return 0; XMPP_E_NOT_FOUND if there is no such field; XMPP_E_INVAL; XMPP_E_CHAR; XMPP_E_NOMEM
 */
XMPP_API int xmpp_register_form_set(xmpp_register_form *form, const char *name, const char *value);

/**
 * Submits a form: to whom it came from, and for what it was wanted. It can be changed and submitted again.
 *
 * @param ret_slot  owned; dropping it cancels. May be NULL
 * @return as xmpp_conn_request(); XMPP_E_INVAL if nothing can be submitted, or a field of the old
 *         protocol was never filled in, all of which must be (XEP-0077 3.1); what xmpp_form_check()
 *         finds wrong
 */
XMPP_API int xmpp_register_submit(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_register_form *form,
                                  xmpp_register_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
