/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modules: what one consists of (module.c), those of a connection (modules.c), what they see of
 * stanzas on their way (filters.c) and what hangs on a connection (data.c). */
#ifndef XM_CONN_MODULES_H
#define XM_CONN_MODULES_H

#include <stdint.h>

#include "base/map.h"
#include "conn/slot.h"
#include "xmpp/module.h"
#include "xmpp/step.h"
#include "xmpp/stanza.h"

/* What a module says about itself in words. */
enum xm_note_kind {
    XM_NOTE_REQUIRES, /* a module's name */
    XM_NOTE_EXCLUDES, /* a module's name */
    XM_NOTE_FEATURE,  /* of service discovery */
    XM_NOTE_SECRET    /* name, namespace, attribute, value: what the trace does not show */
};

enum { XM_NOTE_TEXTS = 4 };

struct xm_note {
    struct xm_note *next;
    enum xm_note_kind kind;
    const char *texts[XM_NOTE_TEXTS]; /* in `bytes`; NULL: not given */
    char bytes[];
};

enum xm_hook_kind {
    XM_HOOK_RECEIVE,
    XM_HOOK_SEND,
    XM_HOOK_IQ /* answers requests */
};

/* Something a module handles. */
struct xm_hook {
    struct xm_hook *next; /* of the module */
    struct xm_hook *run;  /* behind this one on the road of stanzas of this kind */
    xmpp_module *module;
    enum xm_hook_kind kind;
    int what;  /* the enum xmpp_kind of the stanzas; of XM_HOOK_IQ, the types */
    int order; /* an enum xmpp_filter_order */
    xm_any_fn call;
    const char *ns; /* XM_HOOK_IQ, of the payload, in `bytes` */
    const char *name;
    char bytes[];
};

struct xmpp_module {
    unsigned refs;
    const void *key;
    char *name;
    void *data;
    xmpp_destroy_fn destroy;
    xmpp_session_fn on_session; /* NULL: does not want to hear */
    xmpp_step_fn on_step;       /* NULL: it has no step */
    struct xm_note *notes;      /* in the order in which they were made, as all lists here */
    struct xm_hook *hooks;
    int error;           /* the first that stuck */
    xmpp_conn *conn;     /* NULL: not enabled */
    xmpp_module *next;   /* enabled behind this one */
    uint64_t number;     /* of enabling, among the registrations */
    uint8_t was_enabled; /* for good: it is described no further */
    uint8_t is_dead;     /* disabled, while somebody was called */
    uint8_t is_online;   /* it has heard of the session */
};

/* Something that hangs on a connection. */
struct xm_datum {
    struct xm_datum *next; /* older */
    const void *key;
    void *data;
    xmpp_destroy_fn destroy;
    uint64_t number; /* among the registrations and modules */
};

/* A filter that is running; those inside it lead to it. */
struct xm_filtering {
    struct xm_filtering *outer;
    const struct xm_hook *hook;
    uint64_t last; /* what was enabled later does not see this stanza */
};

enum { XM_KINDS = XMPP_KIND_IQ + 1 };

struct xm_modules {
    xmpp_module *first;
    struct xm_hook *received[XM_KINDS]; /* in the order of running */
    struct xm_hook *sent[XM_KINDS];
    struct xm_map answers; /* XM_HOOK_IQ by name */
    struct xm_datum *data; /* the newest first */
    struct xm_filtering *filtering;
    uint8_t is_changed; /* features: to be told */
    uint8_t is_new;     /* a module may have to hear that the session is there */
    uint8_t n_dead;     /* to be swept when nobody is called; 255 is many */
};

/* --- module.c --------------------------------------------------------------------------------- */

/* The first note of a kind behind `note` (NULL: from the first); NULL if there is none. */
const struct xm_note *xm_module_get_note(const xmpp_module *module, enum xm_note_kind kind,
                                         const struct xm_note *note);

/* --- modules.c -------------------------------------------------------------------------------- */

/* The enabled module of this name, or with this key; NULL if there is none. */
xmpp_module *xm_modules_find(const xmpp_conn *conn, const char *name);
xmpp_module *xm_modules_find_key(const xmpp_conn *conn, const void *key);
/* Makes room for what hangs on a connection. 0 or XMPP_E_NOMEM. */
int xm_modules_make(xmpp_conn *conn);
/* The application is about to be told a state: modules hear of the session before it. */
void xm_modules_tell(xmpp_conn *conn, int state);
/* 1 if there is something to tell them now. */
int xm_modules_have_work(const xmpp_conn *conn);
/* Tells those that were enabled meanwhile, and that features changed. */
void xm_modules_tick(xmpp_conn *conn);
/* What was disabled is freed; nobody is called. */
void xm_modules_sweep(xmpp_conn *conn);
/* All data is destroyed, the newest first, modules included. */
void xm_modules_end(xmpp_conn *conn);
void xm_modules_free(xmpp_conn *conn);
/* 1 if a trace must not show the content of this element. */
int xm_modules_hide(const xmpp_elem *elem, const void *conn);

/* --- filters.c -------------------------------------------------------------------------------- */

/* Whether a filter of a stanza, or a module that answers it, has taken it: 1, or a negative code; 0:
 * it goes on to the handlers. */
int xm_filters_run(xmpp_conn *conn, const xmpp_stanza *stanza);
int xm_filters_answer(xmpp_conn *conn, const xmpp_stanza *stanza, int type);
/* What modules add to a stanza that is sent with this id, as the children of a tree that is the
 * caller's to drop; NULL: nothing. 0, or the code that a module refused it with. */
int xm_filters_extend(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id,
                      xmpp_stanza **ret_more);

/* --- data.c ----------------------------------------------------------------------------------- */

/* Destroys the newest datum. */
void xm_data_end_newest(xmpp_conn *conn);

#endif
