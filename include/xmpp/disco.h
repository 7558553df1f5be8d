/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file disco.h
 * @brief Service discovery: what others are and can do, and what we tell them.
 *
 * Asking needs no enabling. Answering is the module "disco": it tells the features of all enabled
 * modules, the identities and forms that were set here, and what the handlers of nodes add. Whom it
 * answers is a setting; by default only those who may see our presence, and to everybody else it is
 * as if nobody were there (XEP-0030 7 and 8).
 *
 * @par Specifications
 * - XEP-0030, 2.5.0: complete
 * - XEP-0128, 1.0.1: complete
 */
#ifndef XMPP_DISCO_H
#define XMPP_DISCO_H

#include "xmpp/rsm.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace of what an entity is and can do. */
#define XMPP_NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
/** The namespace of what an entity has. */
#define XMPP_NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
/** The most identities that are read in one answer. */
#define XMPP_DISCO_MAX_IDENTITIES 256
/** The most features that are read in one answer. */
#define XMPP_DISCO_MAX_FEATURES 4096
/** The most forms that are read in one answer. */
#define XMPP_DISCO_MAX_FORMS 64
/** The most items that are read in one answer: what is longer is asked for page by page. */
#define XMPP_DISCO_MAX_ITEMS 16384

/** What an entity is and can do; immutable, readable from any thread (disco.h). */
typedef struct xmpp_disco_info xmpp_disco_info;
/** What an entity has; immutable, readable from any thread (disco.h). */
typedef struct xmpp_disco_items xmpp_disco_items;

/* --- what an entity is and can do --------------------------------------------------------------- */

/**
 * Reads a `<query xmlns='http://jabber.org/protocol/disco#info'/>`. It is copied; the language that
 * holds for an identity is kept with it.
 *
 * @param ret_info  shared, xmpp_disco_info_unref()
 * @return 0; XMPP_E_INVAL if it is something else; XMPP_E_TOO_BIG beyond the bounds above;
 *         XMPP_E_NOMEM
 */
XMPP_API int xmpp_disco_info_parse(xmpp_disco_info **ret_info, const xmpp_elem *query);
/** Another reference. @return the same; NULL for NULL */
XMPP_API const xmpp_disco_info *xmpp_disco_info_ref(const xmpp_disco_info *info);
/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_disco_info *xmpp_disco_info_unref(const xmpp_disco_info *info);
/* What these return is borrowed (as long as the object); they take NULL. */
/** The node that was asked about; NULL for none. */
XMPP_API const char *xmpp_disco_info_get_node(const xmpp_disco_info *info);
/** How many identities there are. */
XMPP_API size_t xmpp_disco_info_get_n_identities(const xmpp_disco_info *info);
/** The category of an identity by number from 0, such as "client"; "" if it has none; NULL beyond
 * the last. */
XMPP_API const char *xmpp_disco_info_get_category(const xmpp_disco_info *info, size_t index);
/** Its type, such as "pc", as xmpp_disco_info_get_category(). */
XMPP_API const char *xmpp_disco_info_get_type(const xmpp_disco_info *info, size_t index);
/** Its name for a person; NULL if it has none. Hostile text: filter it before a terminal sees it. */
XMPP_API const char *xmpp_disco_info_get_name(const xmpp_disco_info *info, size_t index);
/** The language of its name, said or inherited; NULL if none holds. */
XMPP_API const char *xmpp_disco_info_get_lang(const xmpp_disco_info *info, size_t index);
/** 1 if there is an identity of this category (NULL: any) and type (NULL: any). */
XMPP_API int xmpp_disco_info_is(const xmpp_disco_info *info, const char *category,
                                const char *type);
/** How many features there are. */
XMPP_API size_t xmpp_disco_info_get_n_features(const xmpp_disco_info *info);
/** A feature by number from 0, in the order of their bytes; NULL beyond the last. */
XMPP_API const char *xmpp_disco_info_get_feature(const xmpp_disco_info *info, size_t index);
/** 1 if there is this feature. */
XMPP_API int xmpp_disco_info_has_feature(const xmpp_disco_info *info, const char *var);
/** A form (forms.h) by number from 0; NULL beyond the last. */
XMPP_API const xmpp_elem *xmpp_disco_info_get_form(const xmpp_disco_info *info, size_t index);
/** The form of this FORM_TYPE; NULL if there is none. */
XMPP_API const xmpp_elem *xmpp_disco_info_find_form(const xmpp_disco_info *info,
                                                    const char *form_type);
/** The `<query/>`, as it was copied. */
XMPP_API const xmpp_elem *xmpp_disco_info_get_elem(const xmpp_disco_info *info);

/* --- what an entity has ------------------------------------------------------------------------- */

/**
 * Reads a `<query xmlns='http://jabber.org/protocol/disco#items'/>`. It is copied; items without an
 * address that is one are left out.
 *
 * @param ret_items  shared, xmpp_disco_items_unref()
 * @return as xmpp_disco_info_parse()
 */
XMPP_API int xmpp_disco_items_parse(xmpp_disco_items **ret_items, const xmpp_elem *query);
/** Another reference. @return the same; NULL for NULL */
XMPP_API const xmpp_disco_items *xmpp_disco_items_ref(const xmpp_disco_items *items);
/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_disco_items *xmpp_disco_items_unref(const xmpp_disco_items *items);
/* What these return is borrowed (as long as the object); they take NULL. */
/** How many items there are. */
XMPP_API size_t xmpp_disco_items_get_n(const xmpp_disco_items *items);
/** The address of an item by number from 0; NULL beyond the last. */
XMPP_API const xmpp_jid *xmpp_disco_items_get_jid(const xmpp_disco_items *items, size_t index);
/** The node of an item; NULL if it has none. */
XMPP_API const char *xmpp_disco_items_get_node(const xmpp_disco_items *items, size_t index);
/** The name of an item for a person; NULL if it has none. Hostile text. */
XMPP_API const char *xmpp_disco_items_get_name(const xmpp_disco_items *items, size_t index);
/** The `<set/>` (rsm.h) of a page; NULL if there is none. */
XMPP_API const xmpp_elem *xmpp_disco_items_get_set(const xmpp_disco_items *items);

/* --- asking ------------------------------------------------------------------------------------- */

/**
 * Hears what an entity is and can do, exactly once.
 *
 * @param error  0; XMPP_E_PROTOCOL or XMPP_E_TOO_BIG: the answer is none; XMPP_E_NOMEM: it could not
 *               be read; or as in xmpp_reply_fn
 * @param info   NULL unless the error is 0. Borrowed (until the handler returns):
 *               xmpp_disco_info_ref() keeps it
 * @param reply  the stanza, if there is one. Borrowed (until the handler returns)
 */
typedef void (*xmpp_disco_info_fn)(xmpp_conn *conn, int error, const xmpp_disco_info *info,
                                   const xmpp_stanza *reply, void *userdata);
/** Hears what an entity has, exactly once. As xmpp_disco_info_fn. */
typedef void (*xmpp_disco_items_fn)(xmpp_conn *conn, int error, const xmpp_disco_items *items,
                                    const xmpp_stanza *reply, void *userdata);
/**
 * Asks an entity what it is and can do.
 *
 * @param ret_slot  owned; dropping it cancels. May be NULL
 * @param to        the address; NULL: the own account
 * @param node      copied; NULL for none
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_disco_get_info(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                 const char *node, xmpp_disco_info_fn handler, void *userdata,
                                 xmpp_destroy_fn destroy);
/**
 * Asks an entity what it has.
 *
 * @param pager  asks for its next page (rsm.h), and is not changed: xmpp_pager_take() takes note of
 *               what came; NULL: for all
 * @return as xmpp_disco_get_info()
 */
XMPP_API int xmpp_disco_get_items(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                  const char *node, const xmpp_pager *pager,
                                  xmpp_disco_items_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy);

/* --- answering ---------------------------------------------------------------------------------- */

/** Enables the module "disco": it answers. @return as xmpp_conn_enable() */
XMPP_API int xmpp_disco_enable(xmpp_conn *conn);

/** Who is answered. */
enum xmpp_disco_policy {
    XMPP_DISCO_PRESENCE = 0, /**< those who may see our presence (presence_session.h, if the module
                                  "presence" is enabled) and the servers of contacts who may, the
                                  own account and its server */
    XMPP_DISCO_ANYBODY = 1,  /**< everybody who asks: for services, and components */
    XMPP_DISCO_NOBODY = 2    /**< nobody; then no capabilities (caps.h) are announced */
};
/** Sets who is answered; all others get `service-unavailable`, as if nobody were there. @param policy
 * an enum xmpp_disco_policy @return 0; XMPP_E_REQUIRES without the module; XMPP_E_INVAL */
XMPP_API int xmpp_disco_set_policy(xmpp_conn *conn, int policy);
/** The enum xmpp_disco_policy; XMPP_DISCO_NOBODY if the module is not enabled. */
XMPP_API int xmpp_disco_get_policy(const xmpp_conn *conn);

/**
 * Adds an identity. Without any it is that of a client on a computer: `client/pc`.
 *
 * @param category  copied; of the registry of XEP-0030, as "client"
 * @param type      copied; as "bot", "pc", "phone", "web"
 * @param lang      copied; the language of the name, NULL for "en": it is always said, since what is
 *                  inherited from a stream is not the same for everybody (XEP-0390 4.1)
 * @param name      copied; for a person, NULL for none
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_CONFLICT if there is one of this
 *         category, type and language; XMPP_E_INVAL; XMPP_E_CHAR; XMPP_E_NOMEM
 */
XMPP_API int xmpp_disco_add_identity(xmpp_conn *conn, const char *category, const char *type,
                                     const char *lang, const char *name);
/** Removes all identities that were added. @return 0; XMPP_E_REQUIRES without the module;
 * XMPP_E_INVAL */
XMPP_API int xmpp_disco_clear_identities(xmpp_conn *conn);
/** Adds a feature that is not a module's: for what the application does by itself. Harmless if it is
 * there. @param var copied @return as xmpp_disco_add_identity() */
XMPP_API int xmpp_disco_add_feature(xmpp_conn *conn, const char *var);
/** Removes a feature that was added. @return 0; XMPP_E_NOT_FOUND; XMPP_E_INVAL */
XMPP_API int xmpp_disco_remove_feature(xmpp_conn *conn, const char *var);
/** Sets a form that says more (XEP-0128), of type `result`, in the place of one of the same FORM_TYPE.
 * @param form copied; has a FORM_TYPE @return as xmpp_disco_add_identity() */
XMPP_API int xmpp_disco_set_form(xmpp_conn *conn, const xmpp_elem *form);
/** Removes a form. @return as xmpp_disco_remove_feature() */
XMPP_API int xmpp_disco_remove_form(xmpp_conn *conn, const char *form_type);
/** What the module would tell now, without a node. @param ret_info shared, xmpp_disco_info_unref()
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_INVAL; XMPP_E_NOMEM */
XMPP_API int xmpp_disco_get_own(xmpp_conn *conn, xmpp_disco_info **ret_info);

/** What a handler of nodes did. */
enum xmpp_disco_answer {
    XMPP_DISCO_NOT_MINE = 0, /**< nothing: the next one is asked */
    XMPP_DISCO_FILLED = 1,   /**< it added to the `<query/>`, which is the answer now */
    XMPP_DISCO_ANSWERED = 2 /**< it answered the request itself, or will: with an error, or later */
};
/**
 * Answers about a node. It is asked after the sender was found to be one who is answered. Requests
 * without a node are shown too: of those for information the first that fills the `<query/>` takes
 * the place of the module's own answer, which is how a component answers for many addresses; of
 * those for items all are asked, and what they add is joined.
 *
 * @param request  with its sender, its addressee and its `<set/>`. Borrowed (until the handler
 *                 returns)
 * @param node     NULL for none. Borrowed (until the handler returns)
 * @param query    the `<query/>` of the answer, its namespace says which: XMPP_NS_DISCO_INFO or
 *                 XMPP_NS_DISCO_ITEMS. Borrowed (until the handler returns)
 * @return an enum xmpp_disco_answer, or a negative code: `internal-server-error`
 */
typedef int (*xmpp_disco_node_fn)(xmpp_conn *conn, const xmpp_stanza *request, const char *node,
                                  xmpp_elem *query, void *userdata);
/**
 * Registers a handler of nodes, asked in the order of registration. A node that none knows is
 * answered with `item-not-found`.
 *
 * @param key      an address of its own: one handler for each
 * @param handler  NULL removes it
 * @return as xmpp_disco_add_identity(); XMPP_E_CONFLICT if there is one with this key
 */
XMPP_API int xmpp_disco_on_node(xmpp_conn *conn, const void *key, xmpp_disco_node_fn handler,
                                void *userdata, xmpp_destroy_fn destroy);
/** Adds an identity to a `<query/>` that is being built; `lang` and `name` NULL for none. Errors
 * stick. */
XMPP_API void xmpp_disco_query_add_identity(xmpp_elem *query, const char *category,
                                            const char *type, const char *lang, const char *name);
/** Adds a feature to a `<query/>` that is being built. Errors stick. */
XMPP_API void xmpp_disco_query_add_feature(xmpp_elem *query, const char *var);
/** Adds an item to a `<query/>` that is being built; `node` and `name` NULL for none. Errors stick. */
XMPP_API void xmpp_disco_query_add_item(xmpp_elem *query, const char *jid, const char *node,
                                        const char *name);

/** Hears that what the module tells has changed by one of the calls above. Of features of modules
 * that come and go XMPP_SESSION_FEATURES tells. A handler. */
typedef void (*xmpp_disco_changed_fn)(xmpp_conn *conn, void *userdata);
/** Registers for changes, of which those that come together are told together. @param key,handler as
 * for xmpp_disco_on_node() @return as xmpp_disco_on_node() */
XMPP_API int xmpp_disco_on_changed(xmpp_conn *conn, const void *key, xmpp_disco_changed_fn handler,
                                   void *userdata, xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
