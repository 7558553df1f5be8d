/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nine states of a subscription (RFC 6121 A.1), and what each thing that is received, pushed or
 * wanted does in each of them: one table, without memory and without a connection. */
#ifndef XM_IM_SUBSCRIPTION_H
#define XM_IM_SUBSCRIPTION_H

#include <stdint.h>

/* What can happen. */
enum xm_subscription_input {
    XM_RECEIVED_SUBSCRIBE,    /* a presence of the contact's, of this type */
    XM_RECEIVED_SUBSCRIBED,   /* … */
    XM_RECEIVED_UNSUBSCRIBE,  /* … */
    XM_RECEIVED_UNSUBSCRIBED, /* … */
    XM_PUSHED_NONE,           /* the server says: subscription='none' */
    XM_PUSHED_NONE_ASK,       /* … and ask='subscribe' */
    XM_PUSHED_TO,
    XM_PUSHED_FROM,
    XM_PUSHED_FROM_ASK,
    XM_PUSHED_BOTH,
    XM_PUSHED_REMOVE,
    XM_WANT_SUBSCRIBE,     /* we want to see the contact's presence */
    XM_WANT_UNSUBSCRIBE,   /* … to see it no more */
    XM_WANT_APPROVE,       /* … to grant what the contact asks for */
    XM_WANT_PREAPPROVE,    /* … to grant it, asked for or not; it is not pre-approved */
    XM_WANT_DENY,          /* … the contact not to see ours; it is not pre-approved */
    XM_WANT_DENY_APPROVED, /* the same; it is */
    XM_SUBSCRIPTION_INPUTS
};

enum { XM_SUBSCRIPTION_STATES = 9 };

/* What comes of it. */
struct xm_subscription_step {
    uint8_t next;  /* the enum xmpp_subscription_state from now on */
    uint8_t event; /* an enum xmpp_roster_event_type to tell; 0: none */
    uint8_t sends; /* the presence that is wanted has an effect, and is sent */
};

/* Looks it up; what is out of the table's bounds does nothing. */
struct xm_subscription_step xm_subscription_step(int state, int input);
/* The state that is made of enum xmpp_subscription, ask='subscribe', and a request that waits. What
 * cannot be, does not count: who sees does not ask. */
int xm_subscription_state(int subscription, int is_asked, int is_requesting);
/* The input that a push, or a result, with these is. */
int xm_subscription_pushed(int subscription, int is_asked);
/* 1 if the contact's request waits in this state. */
int xm_subscription_is_requesting(int state);

#endif
