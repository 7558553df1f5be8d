/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One XML stream from the client's side, RFC 6120, as a sans-I/O engine: header, features, the
 * negotiation steps (STARTTLS, SASL framing, bind, session), stanzas, errors, close. It has no
 * socket and no clock, does no cryptography, and calls nobody: decrypted bytes go in with
 * xm_stream_recv(), which stops at each event; what is to be sent is appended to the queue that
 * the owner gave, credentials included: wiping it is the owner's. Its states are drawn in
 * doc/states.md.
 *
 * What happens at an event, and who goes on:
 *   START_TLS   <proceed/> came, nothing behind it. The owner makes TLS, then xm_stream_secured().
 *   OFFER       mechanisms are on offer. The owner chooses, then xm_stream_auth().
 *   CHALLENGE   the owner answers with xm_stream_respond() or xm_stream_abort().
 *   SUCCESS     the owner verifies it, then xm_stream_authenticated().
 *   STEP        in a stream for a step: the features are there, and the step is the owner's. Requests
 *               may be written by xm_stream_send(), STANZA is an answer to one; xm_stream_close()
 *               ends it.
 *   HANDSHAKE   in a component's stream: the owner makes the digest of xm_stream_get_id() and the
 *               secret (XEP-0114), then xm_stream_handshake().
 *   ONLINE      a resource is bound, or the component believed; stanzas may be written to the queue
 *               by xm_stream_send().
 *   STANZA      a stanza for the application, or any other element that came between stanzas.
 *               Where an old server insists on a session, stanzas may come in front of ONLINE:
 *               the resource is bound, so anybody can send to it.
 *   CLOSED      the peer closed its stream; ours is closed too. Nothing follows.
 *   FAILED      it is over; a stream error for the peer may be in the queue. Nothing follows. */
#ifndef XM_STREAM_STREAM_H
#define XM_STREAM_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "stanza/parser.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

/* Of the elements that hold what authenticates. */
#define XM_NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

struct xm_stream;

enum xm_stream_security {
    XM_STREAM_TLS_REQUIRED, /* STARTTLS before all else; its absence is an error */
    XM_STREAM_SECURE,       /* the channel is protected from the start */
    XM_STREAM_CLEARTEXT /* by the application's loud leave; STARTTLS is not used even if offered */
};

/* What the stream is for. */
enum xm_stream_purpose {
    XM_STREAM_FOR_LOGIN = 0,
    XM_STREAM_FOR_STEP,     /* the owner's step behind the features, and nothing further */
    XM_STREAM_FOR_COMPONENT /* XEP-0114: without TLS whatever `security` says, and without features */
};

/* Borrowed for the life of the stream. */
struct xm_stream_config {
    enum xm_stream_purpose purpose;
    const char *domain; /* the `to` of the header; of a component its own */
    /* whose bare JID is the `from`, once the stream is protected, and whose the bound JID must be;
     * NULL: ANONYMOUS, any JID of the domain */
    const xmpp_jid *account;
    const char *resource; /* asked for; NULL: the server makes one */
    const char *lang;     /* xml:lang of the header; NULL: "en" */
    enum xm_stream_security security;
    int64_t limits[XM_PARSER_LIMITS]; /* enum xmpp_parser_limit; 0: its default */
    int is_traced;                    /* stop at every element, and tell it as heard */
};

enum xm_stream_event_type {
    XM_STREAM_NONE = 0, /* all bytes used, nothing to tell */
    XM_STREAM_START_TLS,
    XM_STREAM_OFFER,
    XM_STREAM_CHALLENGE,
    XM_STREAM_SUCCESS,
    XM_STREAM_STEP,
    XM_STREAM_HANDSHAKE,
    XM_STREAM_ONLINE,
    XM_STREAM_STANZA,
    XM_STREAM_CLOSED,
    XM_STREAM_FAILED
};

/* All borrowed until the next call that takes the stream. */
struct xm_stream_event {
    enum xm_stream_event_type type;
    const xmpp_stanza *heard;  /* in a traced stream: what was parsed, whatever it led to */
    const xmpp_stanza *stanza; /* STANZA; FAILED: what the peer said it with (stream error, SASL
                                  failure, iq), NULL: nothing */
    const uint8_t *bytes;      /* CHALLENGE, SUCCESS: decoded; NULL in SUCCESS: no data was there */
    size_t n_bytes;
    int code;              /* FAILED: an XMPP_E_… */
    int phase;             /* FAILED: an enum xmpp_phase */
    const char *condition; /* FAILED: the peer's condition, or the one we sent */
    const char *text;      /* FAILED: the peer's text; NULL: none */
    const char *reason;    /* FAILED: what exactly, static, ours; NULL: the code says it */
};

/* Where the negotiation is, for states, deadlines and reports. */
enum xm_stream_stage {
    XM_STREAM_OPENING,  /* in front of features */
    XM_STREAM_SECURING, /* STARTTLS asked for, or TLS being made */
    XM_STREAM_AUTHENTICATING,
    XM_STREAM_BINDING,  /* opened anew after SASL, bind, session */
    XM_STREAM_STEPPING, /* the owner's step */
    XM_STREAM_OPEN,     /* online */
    XM_STREAM_CLOSING,  /* ours is closed, the peer's not */
    XM_STREAM_OVER
};

/* Writes the first header into `out`. `id` is 24 random hexadecimal characters or so, at most 64,
 * for the ids of the stream's own iqs, copied. 0, XMPP_E_NOMEM, XMPP_E_JID (the domain),
 * XMPP_E_CHAR (a setting that cannot be written) or XMPP_E_INVAL (id, limits). */
int xm_stream_new(struct xm_stream **ret_stream, const struct xm_stream_config *config,
                  struct xm_buf *out, const char *id);
/* Takes NULL. What is in the queue stays there. */
void xm_stream_free(struct xm_stream *stream);

/* Parses until the first event or the end of the bytes. *ret_used as xmpp_parser_feed(). Bytes
 * behind <proceed/> are XMPP_E_TLS_INJECTED; bytes behind the end are swallowed. Running out of
 * memory is a FAILED event as well. */
void xm_stream_recv(struct xm_stream *stream, const uint8_t *bytes, size_t n, size_t *ret_used,
                    struct xm_stream_event *ret_event);
/* The channel ended without </stream:stream>: FAILED with XMPP_E_TRUNCATED or, after our own
 * close, CLOSED. */
void xm_stream_recv_end(struct xm_stream *stream, struct xm_stream_event *ret_event);

/* TLS is made and verified: parser, features, all that was heard is forgotten; a new header goes
 * out, with `from`. Each of these: 0, XMPP_E_NOMEM, or XMPP_E_STATE when it was not asked for. */
int xm_stream_secured(struct xm_stream *stream);
/* The offer, valid from OFFER until xm_stream_auth(). */
const char *const *xm_stream_get_mechanisms(const struct xm_stream *stream, size_t *ret_n);
const char *const *xm_stream_get_binding_types(const struct xm_stream *stream, size_t *ret_n);
/* <auth/>; an initial response of no bytes is "=", bytes NULL is none (RFC 6120 6.4.2). */
int xm_stream_auth(struct xm_stream *stream, const char *mechanism, const uint8_t *bytes, size_t n);
/* Of no bytes: an empty element. */
int xm_stream_respond(struct xm_stream *stream, const uint8_t *bytes, size_t n);
/* While the exchange runs, not behind SUCCESS; the server's <failure/> is awaited. */
int xm_stream_abort(struct xm_stream *stream);
/* <handshake/> with the digest, which is 40 hexadecimal digits. */
int xm_stream_handshake(struct xm_stream *stream, const char *digest);
/* The success was believed: the stream is opened anew, then a resource bound. */
int xm_stream_authenticated(struct xm_stream *stream);

/* What the server bound; NULL before. Borrowed (as long as the stream). */
const xmpp_jid *xm_stream_get_jid(const struct xm_stream *stream);
/* The id that the server gave the stream (RFC 6120 4.7.3); NULL before, or if it gave none. Borrowed
 * (until the stream is opened anew). */
const char *xm_stream_get_id(const struct xm_stream *stream);
/* The features last received; NULL before. Borrowed (until the next ones). */
const xmpp_stanza *xm_stream_get_features(const struct xm_stream *stream);
enum xm_stream_stage xm_stream_get_stage(const struct xm_stream *stream);

/* Serialises a stanza into the queue; `id` is for one that has none, NULL: none is written; the
 * children of `more` are written as its last, NULL: none. 0, XMPP_E_STATE when no resource is bound or ours is closed, XMPP_E_NOMEM, or what stuck while
 * building; on failure nothing of it is in the queue. */
int xm_stream_send(struct xm_stream *stream, const xmpp_stanza *stanza, const char *id,
                   const xmpp_elem *more);
/* Sends </stream:stream> once; what arrives is still delivered if a resource was bound, and dropped
 * if not. While TLS is being made nothing can be sent: it is over at once, without an event. */
void xm_stream_close(struct xm_stream *stream);
/* Sends a stream error with this condition (RFC 6120 4.9.3) and the closing tag, if ours is not
 * closed yet; it is over, without an event. */
void xm_stream_fail(struct xm_stream *stream, const char *condition);
/* Begins or ends to tell what is heard. */
void xm_stream_set_traced(struct xm_stream *stream, int on);
/* Between stanzas: gives back all memory that an idle stream does not need. */
void xm_stream_idle(struct xm_stream *stream);

#endif
