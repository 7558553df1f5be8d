/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of subscriptions, from the client's side (RFC 6121 A, which has the servers').
 *
 * What the roster says changes by pushes alone, so a presence that is received or sent changes no
 * more than what the roster does not say: that the contact's request waits. A request that is
 * answered is forgotten when the answer is sent: should the answer be lost, the server repeats the
 * request, and it is a new one then. It is not this file's business who may say these things. */
#include "subscription.h"

#include "xmpp/roster.h"

enum {
    N = XMPP_SUBSCRIPTION_STATE_NONE,
    NO = XMPP_SUBSCRIPTION_STATE_NONE_OUT,
    NI = XMPP_SUBSCRIPTION_STATE_NONE_IN,
    NOI = XMPP_SUBSCRIPTION_STATE_NONE_OUT_IN,
    T = XMPP_SUBSCRIPTION_STATE_TO,
    TI = XMPP_SUBSCRIPTION_STATE_TO_IN,
    F = XMPP_SUBSCRIPTION_STATE_FROM,
    FO = XMPP_SUBSCRIPTION_STATE_FROM_OUT,
    B = XMPP_SUBSCRIPTION_STATE_BOTH,

    /* what is told, and what is sent, beside the state in a cell of the table */
    EVENT = 16,
    ASKS = XMPP_ROSTER_EVENT_REQUEST * EVENT,
    OVER = XMPP_ROSTER_EVENT_REQUEST_OVER * EVENT,
    GRANTED = XMPP_ROSTER_EVENT_GRANTED * EVENT,
    REFUSED = XMPP_ROSTER_EVENT_REFUSED * EVENT,
    REVOKED = XMPP_ROSTER_EVENT_REVOKED * EVENT,
    LEFT = XMPP_ROSTER_EVENT_LEFT * EVENT,
    SEND = 1024
};

/* clang-format off */
static const uint16_t table[XM_SUBSCRIPTION_INPUTS][XM_SUBSCRIPTION_STATES] = {
  /*None    +Out        +In      +OutIn       To         +In         From    +Out        Both */

    /* A.3.1: who sees our presence, or has asked already, asks for nothing. */
    [XM_RECEIVED_SUBSCRIBE] =
  {NI+ASKS, NOI+ASKS,   NI,      NOI,         TI+ASKS,   TI,         F,      FO,         B},
    /* A.3.3: who was not asked grants nothing. */
    [XM_RECEIVED_SUBSCRIBED] =
  {N,       NO+GRANTED, NI,      NOI+GRANTED, T,         TI,         F,      FO+GRANTED, B},
    /* A.3.2 */
    [XM_RECEIVED_UNSUBSCRIBE] =
  {N,       NO,         N+OVER,  NO+OVER,     T,         T+OVER,     F+LEFT, FO+LEFT,    B+LEFT},
    /* A.3.4 */
    [XM_RECEIVED_UNSUBSCRIBED] =
  {N,       NO+REFUSED, NI,      NOI+REFUSED, T+REVOKED, TI+REVOKED, F,      FO+REFUSED, B+REVOKED},

    /* What the server says holds; a request that waits goes on waiting, unless it was granted. */
    [XM_PUSHED_NONE] =
  {N,       N,          NI,      NI,          N,         NI,         N,      N,          N},
    [XM_PUSHED_NONE_ASK] =
  {NO,      NO,         NOI,     NOI,         NO,        NOI,        NO,     NO,         NO},
    [XM_PUSHED_TO] =
  {T,       T,          TI,      TI,          T,         TI,         T,      T,          T},
    [XM_PUSHED_FROM] =
  {F,       F,          F+OVER,  F+OVER,      F,         F+OVER,     F,      F,          F},
    [XM_PUSHED_FROM_ASK] =
  {FO,      FO,         FO+OVER, FO+OVER,     FO,        FO+OVER,    FO,     FO,         FO},
    [XM_PUSHED_BOTH] =
  {B,       B,          B+OVER,  B+OVER,      B,         B+OVER,     B,      B,          B},
    /* 2.5.2: with the contact goes its request; a server that keeps it repeats it. */
    [XM_PUSHED_REMOVE] =
  {N,       N,          N+OVER,  N+OVER,      N,         N+OVER,     N,      N,          N},

    /* A.2.1: where the state would not change, nothing is asked for. */
    [XM_WANT_SUBSCRIBE] =
  {N+SEND,  NO,         NI+SEND, NOI,         T,         TI,         F+SEND, FO,         B},
    /* A.2.2 */
    [XM_WANT_UNSUBSCRIBE] =
  {N,       NO+SEND,    NI,      NOI+SEND,    T+SEND,    TI+SEND,    F,      FO+SEND,    B+SEND},
    /* A.2.3, only what is asked for: a pre-approval by mistake would be for ever. */
    [XM_WANT_APPROVE] =
  {N,       NO,         N+SEND,  NO+SEND,     T,         T+SEND,     F,      FO,         B},
    /* A.2.3, 3.4.2 */
    [XM_WANT_PREAPPROVE] =
  {N+SEND,  NO+SEND,    N+SEND,  NO+SEND,     T+SEND,    T+SEND,     F,      FO,         B},
    /* A.2.4 */
    [XM_WANT_DENY] =
  {N,       NO,         N+SEND,  NO+SEND,     T,         T+SEND,     F+SEND, FO+SEND,    B+SEND},
    /* 3.2.2 */
    [XM_WANT_DENY_APPROVED] =
  {N+SEND,  NO+SEND,    N+SEND,  NO+SEND,     T+SEND,    T+SEND,     F+SEND, FO+SEND,    B+SEND},
};
/* clang-format on */

struct xm_subscription_step xm_subscription_step(int state, int input)
{
    if (state < 0 || state >= XM_SUBSCRIPTION_STATES || input < 0 ||
        input >= XM_SUBSCRIPTION_INPUTS) {
        return (struct xm_subscription_step){N, 0, 0};
    }
    unsigned cell = table[input][state];
    return (struct xm_subscription_step){.next = (uint8_t)(cell % EVENT),
                                         .event = (uint8_t)(cell % SEND / EVENT),
                                         .sends = (uint8_t)(cell / SEND)};
}

int xm_subscription_state(int subscription, int is_asked, int is_requesting)
{
    switch (subscription) {
    case XMPP_SUBSCRIPTION_BOTH:
        return B;
    case XMPP_SUBSCRIPTION_FROM:
        return is_asked ? FO : F;
    case XMPP_SUBSCRIPTION_TO:
        return is_requesting ? TI : T;
    default:
        return is_asked ? is_requesting ? NOI : NO : is_requesting ? NI : N;
    }
}

int xm_subscription_pushed(int subscription, int is_asked)
{
    switch (subscription) {
    case XMPP_SUBSCRIPTION_BOTH:
        return XM_PUSHED_BOTH;
    case XMPP_SUBSCRIPTION_FROM:
        return is_asked ? XM_PUSHED_FROM_ASK : XM_PUSHED_FROM;
    case XMPP_SUBSCRIPTION_TO:
        return XM_PUSHED_TO;
    default:
        return is_asked ? XM_PUSHED_NONE_ASK : XM_PUSHED_NONE;
    }
}

int xm_subscription_is_requesting(int state)
{
    return state == NI || state == NOI || state == TI;
}
