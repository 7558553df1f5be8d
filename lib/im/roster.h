/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What hangs on a connection for the module "roster", and what its files say to each other:
 *   roster.c                fetched, pushed, read           roster_change.c  contacts come and go
 *   roster_subscriptions.c  who may see whose presence      roster_set.c     what we want changed
 *   roster_requests.c       who asks and waits
 *   roster_events.c         what the application hears      roster_cache.c   what it keeps */
#ifndef XM_IM_ROSTER_H
#define XM_IM_ROSTER_H

#include <stdint.h>

#include "roster_item.h"
#include "xmpp/map.h"
#include "xmpp/roster.h"

#define XM_NS_NICK "http://jabber.org/protocol/nick" /* XEP-0172 */

enum {
    XM_ROSTER_MAX = 10000,        /* contacts, unless the application says otherwise */
    XM_ROSTER_VERSION_MAX = 1023, /* bytes of the server's version; a longer one is none */
    XM_ROSTER_REQUESTS_MAX = 1000 /* a stranger can be anybody, and as many as he likes */
};

/* Userdata of the application: destroyed when it is not registered and not in use. */
struct xm_roster_owned {
    unsigned refs;
    void *userdata;
    xmpp_destroy_fn destroy;
};

struct xm_roster {
    unsigned refs;             /* the module, and each request under way */
    uint8_t has_base;          /* the list is a whole roster, of the server's or the cache's */
    uint8_t is_current;        /* … in this session */
    uint8_t is_lossy;          /* something is not in it: no version says what we have */
    uint8_t has_asked_version; /* by which the server knows what we have */
    uint8_t was_full_told;     /* in this session */
    uint8_t was_loaded;        /* the cache was asked for this account's */
    uint8_t is_cache_whole;    /* it has what the list has, the version included */
    char *account;             /* bare JID, whose roster it is; NULL: not known yet */
    char *version;             /* of the list; NULL: none */
    xmpp_slot *fetch;          /* the request for the roster; NULL: none is under way */
    size_t max_items;
    int policy;
    xmpp_map *items;               /* struct xmpp_roster_item by bare JID */
    xmpp_map *requests;            /* struct xm_roster_request by bare JID */
    xmpp_roster_event_fn on_event; /* NULL: none */
    struct xm_roster_owned *hearer;
    xmpp_roster_load_fn load; /* NULL: no cache */
    xmpp_roster_save_fn save;
    struct xm_roster_owned *cache;
};

struct xmpp_roster_event {
    int type;
    const xmpp_jid *jid;
    const struct xmpp_roster_item *item;
    const xmpp_stanza *stanza;
    int answer;
    int is_cached;
    int error;
};

/* A copy of a text in the place of the one that is there; NULL: none. 0 or XMPP_E_NOMEM. */
int xm_roster_set_text(char **slot, const char *text);

/* --- roster.c --- */
/* NULL if the module is not enabled, and for NULL. */
struct xm_roster *xm_roster_of(const xmpp_conn *conn);
/* 1 if the module was disabled or the connection dropped, perhaps by whoever has just been told
 * something: nothing more is. */
int xm_roster_is_over(const struct xm_roster *roster, const xmpp_conn *conn);
struct xm_roster *xm_roster_ref(struct xm_roster *roster);
void xm_roster_unref(void *roster);

/* --- roster_change.c --- */
/* By any JID with this bare one; NULL if it is not in the roster, and for NULL. */
struct xmpp_roster_item *xm_roster_find(const struct xm_roster *roster, const xmpp_jid *jid);
/* Puts a whole roster in the place of the one that is there, and tells what is different. It is
 * the roster's from then on. */
void xm_roster_replace(struct xm_roster *roster, xmpp_conn *conn, xmpp_map *fresh);
/* Reads the items of a result, what cannot be used is left out. 0 or XMPP_E_NOMEM. */
int xm_roster_read_all(const struct xm_roster *roster, xmpp_map **ret_fresh, const xmpp_elem *query,
                       int *ret_is_cut);
/* What a push has done. */
struct xm_roster_pushed {
    struct xmpp_roster_item *item; /* in the list now; NULL: none */
    struct xmpp_roster_item *old;  /* not in it; NULL: none */
    int type;                      /* the event; 0: nothing is different */
    int is_over;                   /* and a request is */
    int is_left_out;               /* there was no room for it */
};
/* Takes over what a push says, with the item that was read from it. 0, and
 * xm_roster_tell_pushed() must follow; or XMPP_E_NOMEM, then nothing has changed, and the item is
 * the caller's. */
int xm_roster_push(struct xm_roster *roster, struct xmpp_roster_item *fresh,
                   struct xm_roster_pushed *ret_pushed);
/* Tells it, and frees what is not in the list any more. */
void xm_roster_tell_pushed(struct xm_roster *roster, xmpp_conn *conn,
                           struct xm_roster_pushed *pushed);

/* --- roster_subscriptions.c --- */
int xm_roster_note_presence(xmpp_conn *conn, xmpp_stanza *stanza, void *data);
/* The enum xmpp_subscription_state with somebody, who need not be in the roster. */
int xm_roster_state(const struct xm_roster *roster, const xmpp_jid *jid);

/* --- roster_requests.c --- */
struct xm_roster_request {
    xmpp_jid *jid; /* bare */
    char *id;      /* of the presence; NULL: none */
};
void xm_roster_request_free(void *request);
/* NULL if none waits. */
struct xm_roster_request *xm_roster_get_request(const struct xm_roster *roster, const char *bare);
/* 0; XMPP_E_TOO_BIG if there are too many; XMPP_E_NOMEM. */
int xm_roster_add_request(struct xm_roster *roster, xmpp_jid *bare, const char *id);
/* A presence with this id is another request than the one that waits: 1, and it is known as this one
 * then; 0; or XMPP_E_NOMEM. */
int xm_roster_renew_request(struct xm_roster_request *request, const char *id);
/* It needs no answer any more. */
void xm_roster_forget_request(struct xm_roster *roster, const char *bare);

/* --- roster_events.c --- */
void xm_roster_tell(struct xm_roster *roster, xmpp_conn *conn,
                    const struct xmpp_roster_event *event);
/* One without a contact. */
void xm_roster_tell_error(struct xm_roster *roster, xmpp_conn *conn, int type, int error,
                          const xmpp_stanza *stanza);
/* Once a session. */
void xm_roster_tell_full(struct xm_roster *roster, xmpp_conn *conn, const xmpp_jid *jid);
/* NULL if out of memory. */
struct xm_roster_owned *xm_roster_owned_new(void *userdata, xmpp_destroy_fn destroy);
/* Takes NULL. @return NULL */
struct xm_roster_owned *xm_roster_owned_unref(struct xm_roster_owned *owned);

/* --- roster_cache.c --- */
/* What the application has kept, if it is good; asked for once. */
void xm_roster_load(struct xm_roster *roster, xmpp_conn *conn);
/* The list as a whole; without a version nothing. */
void xm_roster_save_all(struct xm_roster *roster, xmpp_conn *conn);
/* One contact that has changed or, with is_gone, is not there any more; then the version. */
void xm_roster_save_one(struct xm_roster *roster, xmpp_conn *conn,
                        const struct xmpp_roster_item *item, int is_gone);
/* No version says what we have, until the roster is fetched as a whole. */
void xm_roster_forget_version(struct xm_roster *roster, xmpp_conn *conn);

#endif
