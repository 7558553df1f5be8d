/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file commands.h
 * @brief Ad-hoc commands: running those of others, and offering one's own.
 *
 * **Running** needs no enabling. A command is run in stages; each answer is one, and is gone on with
 * as long as it is XMPP_COMMAND_EXECUTING:
 *
 *     static void stage(xmpp_conn *conn, int error, const xmpp_command *command,
 *                       const xmpp_stanza *reply, void *userdata)
 *     {
 *         const xmpp_elem *form = xmpp_command_get_form(command);
 *         …
 *         xmpp_command_go_on(conn, NULL, command, XMPP_COMMAND_EXECUTE, submit, stage, NULL, NULL);
 *     }
 *
 * **Offering** is the module "commands". Who may run a command is said with each; by default only the
 * own account. A session belongs to the full JID that began it, there are not more than
 * XMPP_COMMAND_MAX_SESSIONS, and one that nobody goes on with ends after XMPP_COMMAND_TIME.
 *
 * A list of commands that comes unasked, in a message, is read by xmpp_disco_items_parse().
 *
 * @par Specifications
 * - XEP-0050, 1.3.0: complete
 */
#ifndef XMPP_COMMANDS_H
#define XMPP_COMMANDS_H

#include "xmpp/disco.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace, the feature, and the node that lists commands. */
#define XMPP_NS_COMMANDS "http://jabber.org/protocol/commands"
/** The most sessions of own commands at the same time; beyond, another one has to wait. */
#define XMPP_COMMAND_MAX_SESSIONS 256
/** The most of them that one bare JID may have. */
#define XMPP_COMMAND_MAX_OF_ONE 16
/** After so many milliseconds without the next stage a session ends. */
#define XMPP_COMMAND_TIME 600000

/** A stage of a command that is run elsewhere; immutable, readable from any thread (commands.h). */
typedef struct xmpp_command xmpp_command;
/** A session of an own command that somebody runs (commands.h). */
typedef struct xmpp_command_session xmpp_command_session;

/** What is to be done: bits, so that those that are allowed can be said (XEP-0050 4.4). */
enum xmpp_command_action {
    XMPP_COMMAND_EXECUTE = 1,  /**< begin; later whatever the stage proposes */
    XMPP_COMMAND_PREV = 2,     /**< back to the stage before */
    XMPP_COMMAND_NEXT = 4,     /**< on to the next stage */
    XMPP_COMMAND_COMPLETE = 8, /**< finish */
    XMPP_COMMAND_CANCEL = 16   /**< end without having done anything; always allowed */
};
/** How far it is (XEP-0050 5.1). */
enum xmpp_command_status {
    XMPP_COMMAND_EXECUTING = 1, /**< another stage follows */
    XMPP_COMMAND_COMPLETED = 2, /**< it is done; a note says if it failed */
    XMPP_COMMAND_CANCELED = 3   /**< it was cancelled */
};
/** How grave a note is (XEP-0050 5.3). */
enum xmpp_command_note {
    XMPP_COMMAND_INFO = 1, /**< for information */
    XMPP_COMMAND_WARN = 2, /**< a warning */
    XMPP_COMMAND_ERROR = 3 /**< it failed */
};

/* --- running ------------------------------------------------------------------------------------ */

/**
 * Asks which commands an entity offers. Nodes that it reports for somebody else are left out
 * (XEP-0050 9).
 *
 * @param to  the address; NULL: the own account
 * @return as xmpp_disco_get_items()
 */
XMPP_API int xmpp_commands_list(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                xmpp_disco_items_fn handler, void *userdata,
                                xmpp_destroy_fn destroy);
/**
 * Hears of a stage, exactly once.
 *
 * @param error    0; XMPP_E_PROTOCOL: the answer is none; XMPP_E_NOMEM: it could not be read; or as in
 *                 xmpp_reply_fn
 * @param command  NULL unless the error is 0. Borrowed (until the handler returns): xmpp_command_ref()
 *                 keeps it
 * @param reply    the stanza, if there is one. Borrowed (until the handler returns)
 */
typedef void (*xmpp_command_fn)(xmpp_conn *conn, int error, const xmpp_command *command,
                                const xmpp_stanza *reply, void *userdata);
/** Begins to run a command. @param to the address; NULL: the own account @param node copied @return as
 * xmpp_conn_request() */
XMPP_API int xmpp_command_execute(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                  const char *node, xmpp_command_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy);
/**
 * Goes on with a stage.
 *
 * @param action  one enum xmpp_command_action
 * @param submit  what was filled in, a submission (forms.h), copied; NULL for none
 * @return as xmpp_conn_request(); XMPP_E_STATE if the stage does not allow this, or is the last
 */
XMPP_API int xmpp_command_go_on(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_command *command,
                                int action, const xmpp_elem *submit, xmpp_command_fn handler,
                                void *userdata, xmpp_destroy_fn destroy);
/** Another reference. @return the same; NULL for NULL */
XMPP_API const xmpp_command *xmpp_command_ref(const xmpp_command *command);
/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_command *xmpp_command_unref(const xmpp_command *command);
/* What these return is borrowed (as long as the object); they take NULL. Texts come from a peer. */
/** The node of the command. */
XMPP_API const char *xmpp_command_get_node(const xmpp_command *command);
/** The enum xmpp_command_status; 0 for NULL. */
XMPP_API int xmpp_command_get_status(const xmpp_command *command);
/** The actions that this stage allows, enum xmpp_command_action bits. */
XMPP_API int xmpp_command_get_actions(const xmpp_command *command);
/** The action that XMPP_COMMAND_EXECUTE means in this stage; 0 in the last. */
XMPP_API int xmpp_command_get_default(const xmpp_command *command);
/** The form of this stage; NULL if there is none. */
XMPP_API const xmpp_elem *xmpp_command_get_form(const xmpp_command *command);
/** The `<command/>`, with all that is in it. */
XMPP_API const xmpp_elem *xmpp_command_get_elem(const xmpp_command *command);
/** The text of a note by number from 0; NULL beyond the last. */
XMPP_API const char *xmpp_command_get_note(const xmpp_command *command, size_t index);
/** The enum xmpp_command_note of a note; 0 beyond the last. */
XMPP_API int xmpp_command_get_note_type(const xmpp_command *command, size_t index);

/* --- offering ----------------------------------------------------------------------------------- */

/** Enables the module "commands", which needs "disco". @return as xmpp_conn_enable() */
XMPP_API int xmpp_commands_enable(xmpp_conn *conn);

/** Who may see and run a command. */
enum xmpp_command_who {
    XMPP_COMMAND_OWN_ACCOUNT = 0, /**< the own account */
    XMPP_COMMAND_CONTACTS = 1,    /**< whoever may see our presence, if the module "presence" is
                                       enabled */
    XMPP_COMMAND_ASK = 2,         /**< the own account, and whom xmpp_commands_on_may() lets */
    XMPP_COMMAND_ANYBODY = 3      /**< everybody; disco.h decides who can see it in a list */
};
/** What a handler of a command returns, besides an enum xmpp_command_status. */
enum xmpp_command_result {
    XMPP_COMMAND_BAD_FORM =
        10,                 /**< what was filled in is not acceptable: the stage stays as it is */
    XMPP_COMMAND_LATER = 11 /**< xmpp_command_session_finish() will tell */
};
/**
 * Runs a stage of an own command.
 *
 * @param session  who, and what is kept with it. Borrowed (until the handler returns, or with
 *                 XMPP_COMMAND_LATER until it is finished)
 * @param action   XMPP_COMMAND_EXECUTE for the first stage, then one of those that the stage before
 *                 allowed; never XMPP_COMMAND_CANCEL: then only what is kept is destroyed
 * @param submit   what was filled in, not checked yet: xmpp_form_check(). NULL for nothing. Borrowed
 *                 (until the handler returns)
 * @param answer   the `<command/>` of the answer, for a form (forms.h), other elements, and
 *                 xmpp_command_answer_add_note(). Borrowed (until the session is finished with this
 *                 stage)
 * @return an enum xmpp_command_status, an enum xmpp_command_result, or a negative code: the session
 *         ends with `internal-server-error`
 */
typedef int (*xmpp_command_run_fn)(xmpp_conn *conn, xmpp_command_session *session, int action,
                                   const xmpp_elem *submit, xmpp_elem *answer, void *userdata);
/**
 * Offers a command.
 *
 * @param node  copied; what it is called by
 * @param name  copied; for a person
 * @param who   an enum xmpp_command_who
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_CONFLICT if there is one with this
 *         node; XMPP_E_INVAL; XMPP_E_CHAR; XMPP_E_NOMEM. Then nothing
 *         is kept
 */
XMPP_API int xmpp_commands_add(xmpp_conn *conn, const char *node, const char *name, int who,
                               xmpp_command_run_fn handler, void *userdata,
                               xmpp_destroy_fn destroy);
/** Offers it no more; its sessions end. @return 0; XMPP_E_REQUIRES without the module;
 * XMPP_E_NOT_FOUND; XMPP_E_INVAL */
XMPP_API int xmpp_commands_remove(xmpp_conn *conn, const char *node);
/** Decides who may see and run a command of XMPP_COMMAND_ASK. A handler. @param who,node borrowed
 * (until the handler returns) @return 1 for yes */
typedef int (*xmpp_command_may_fn)(xmpp_conn *conn, const xmpp_jid *who, const char *node,
                                   void *userdata);
/** Registers the one handler; NULL for none: then nobody else may. @return 0; XMPP_E_REQUIRES without
 * the module; XMPP_E_BUSY in a handler of a command; XMPP_E_INVAL.
 * Then nothing is kept */
XMPP_API int xmpp_commands_on_may(xmpp_conn *conn, xmpp_command_may_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy);

/* --- in a session of an own command --------------------------------------------------------------- */

/** Who runs it. Borrowed (as long as the session). NULL for NULL. */
XMPP_API const xmpp_jid *xmpp_command_session_get_jid(const xmpp_command_session *session);
/** The node of the command. Borrowed (as long as the session). NULL for NULL. */
XMPP_API const char *xmpp_command_session_get_node(const xmpp_command_session *session);
/** Its id, which nobody else can guess. Borrowed (as long as the session). NULL for NULL. */
XMPP_API const char *xmpp_command_session_get_id(const xmpp_command_session *session);
/** The language that was asked for; NULL if none was. Borrowed (as long as the session). */
XMPP_API const char *xmpp_command_session_get_lang(const xmpp_command_session *session);
/** Keeps something with the session; what was there before is destroyed. NULL: nothing. @return 0;
 * XMPP_E_INVAL for NULL: nothing is kept */
XMPP_API int xmpp_command_session_set_data(xmpp_command_session *session, void *data,
                                           xmpp_destroy_fn destroy);
/** What was kept. Borrowed (as long as it is kept). NULL for NULL. */
XMPP_API void *xmpp_command_session_get_data(const xmpp_command_session *session);
/**
 * Says what the stage that is being answered allows. Without it, all that is possible is to finish.
 *
 * @param actions  of XMPP_COMMAND_PREV, XMPP_COMMAND_NEXT and XMPP_COMMAND_COMPLETE
 * @param usual    the one of them that is usual
 * @return 0; XMPP_E_INVAL
 */
XMPP_API int xmpp_command_session_set_actions(xmpp_command_session *session, int actions,
                                              int usual);
/** Adds a note to an answer. @param type an enum xmpp_command_note @param text copied. Errors stick. */
XMPP_API void xmpp_command_answer_add_note(xmpp_elem *answer, int type, const char *text);
/**
 * Finishes a stage that was answered XMPP_COMMAND_LATER.
 *
 * @param id      of the session: it may have ended meanwhile
 * @param status  as xmpp_command_run_fn returns it, not XMPP_COMMAND_LATER
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_NOT_FOUND if there is no such session;
 *         XMPP_E_STATE if it does not wait; XMPP_E_INVAL; or as xmpp_conn_answer()
 */
XMPP_API int xmpp_command_session_finish(xmpp_conn *conn, const char *id, int status);
/** The `<command/>` of the answer that a stage waits to be finished with. Borrowed (until it is).
 * NULL for NULL, and if it does not wait. */
XMPP_API xmpp_elem *xmpp_command_session_get_answer(xmpp_command_session *session);

#ifdef __cplusplus
}
#endif

#endif
