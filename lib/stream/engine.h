/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of this folder share: the stream's struct, its states, and who does what. Nobody
 * outside the folder includes it. */
#ifndef XM_STREAM_ENGINE_H
#define XM_STREAM_ENGINE_H

#include "stream/conditions.h"
#include "stream/stream.h"
#include "xmpp/error.h"

#define XM_NS_TLS     "urn:ietf:params:xml:ns:xmpp-tls"
#define XM_NS_SASL_CB "urn:xmpp:sasl-cb:0"
#define XM_NS_BIND    "urn:ietf:params:xml:ns:xmpp-bind"
#define XM_NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"
/* Of a component's stream: in trees it is jabber:client. */
#define XM_NS_COMPONENT "jabber:component:accept"

/* Read by one switch, in recv.c. */
enum xm_stream_state {
    XM_AT_HEADER,   /* our header is out, the peer's is awaited */
    XM_AT_FEATURES, /* the peer's header came, its features are awaited */
    XM_AT_STEP,     /* a negotiation step is under way: its row says what may come */
    XM_AT_TLS,      /* <proceed/> came: TLS is being made, no byte belongs to the stream */
    XM_ONLINE,      /* all steps are done */
    XM_CLOSING,     /* ours is closed; what arrives is still delivered */
    XM_DRAINING,    /* ours was closed while negotiating; what arrives is dropped */
    XM_OVER         /* CLOSED or FAILED was told, or the owner ended it */
};

/* Whose turn it is in the SASL exchange; of a component's handshake, CHOICE and SENT. */
enum xm_auth_turn {
    XM_AUTH_IDLE,       /* it has not begun, or is done */
    XM_AUTH_CHOICE,     /* the owner's: OFFER was told */
    XM_AUTH_SENT,       /* the server's: <auth/> or <response/> is out */
    XM_AUTH_CHALLENGED, /* the owner's: CHALLENGE was told */
    XM_AUTH_ABORTED,    /* the server's: <abort/> is out, only <failure/> can follow */
    XM_AUTH_VERDICT     /* the owner's: SUCCESS was told */
};

/* Texts that are borrowed from the features. */
struct xm_stream_names {
    const char **items;
    size_t n;
};

struct xm_step;

struct xm_stream {
    struct xm_stream_config config;
    struct xm_buf *out; /* the owner's */
    xmpp_parser *parser;
    xmpp_jid *server; /* the domain of the account, prepared */
    char *id;         /* in front of the ids of our own iqs */
    unsigned n_ids;   /* how many of them there were */
    enum xm_stream_state state;
    const struct xm_step *step; /* XM_AT_STEP: which */
    enum xm_auth_turn turn;
    int is_secured;       /* TLS was made on this stream */
    int is_authenticated; /* the owner believed the success */
    int is_established;   /* the session of RFC 3921 3 was made */
    int is_closed;        /* </stream:stream> is out: nothing may follow it */
    xmpp_jid *jid;        /* what was bound */
    const xmpp_stanza *features;
    struct xm_stream_names mechanisms;
    struct xm_stream_names binding_types;
    struct xm_buf data; /* of the last challenge or success */
};

/* --- errors.c: every way in which it ends ---------------------------------------------------- */

/* The peer broke a rule: tells it with a stream error, and the owner with FAILED. */
void xm_fail_rule(struct xm_stream *stream, struct xm_stream_event *event, int code,
                  const char *condition, const char *reason);
/* The peer refused in order, or went: closes, without a stream error. `error` is the element that
 * says why, read by the table; both may be NULL. */
void xm_fail_refused(struct xm_stream *stream, struct xm_stream_event *event, int code,
                     const struct xm_conditions *table, const xmpp_elem *error);
/* The peer sent <stream:error/>. */
void xm_fail_stream_error(struct xm_stream *stream, struct xm_stream_event *event,
                          const xmpp_elem *error);
/* Something in here failed: out of memory, or a setting that cannot be written as XML. */
void xm_fail_inside(struct xm_stream *stream, struct xm_stream_event *event, int code);
/* An element that has no place where it came (RFC 6120 4.9.3.12, 4.9.3.24). */
void xm_fail_unexpected(struct xm_stream *stream, struct xm_stream_event *event,
                        const xmpp_stanza *stanza);
/* FAILED, nothing written. */
void xm_fail_silently(struct xm_stream *stream, struct xm_stream_event *event, int code,
                      const char *reason);

/* --- header.c ---------------------------------------------------------------------------------*/

/* Appends our header. 0 or XMPP_E_NOMEM. */
int xm_header_write(const struct xm_stream *stream);
/* NULL if the peer's header is in order, else the stream error condition; *ret_reason says more. */
const char *xm_header_check(const struct xm_stream *stream, const char **ret_reason);

/* --- stream.c ---------------------------------------------------------------------------------*/

/* A new header goes out and all that was heard is forgotten (RFC 6120 4.3.3). */
int xm_stream_restart(struct xm_stream *stream);

/* --- recv.c -----------------------------------------------------------------------------------*/

/* 1 if it is an element of the stream itself, of STARTTLS or of SASL, or a component's handshake. */
int xm_stream_is_negotiation(const struct xm_stream *stream, const xmpp_elem *elem);

#endif
