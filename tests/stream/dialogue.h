/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dialogues for the stream engine, told as they go over the wire. A line is one of
 *
 *     S  what the server sends, given to the engine when something is expected of it
 *     C  what the client must have sent since, exactly
 *     E  the event that comes next, as dialogue.c prints it; see there
 *     D  what the owner does: secured | auth MECHANISM [DATA] | respond DATA | abort |
 *        authenticated | handshake DIGEST | close | fail CONDITION | end | send XML | idle | stage NAME |
 *        features NAME (one of the last ones; "none": there are none);
 *        behind a '!': and it must be refused with XMPP_E_STATE
 *
 * DATA is text, "=" for none at all of it. At the end of the lines nothing may be left unsaid: no
 * event and no output. Each dialogue is run whole, byte by byte, split at random, traced, and with
 * every single allocation failing in turn. */
#ifndef TESTS_STREAM_DIALOGUE_H
#define TESTS_STREAM_DIALOGUE_H

#include "stream/stream.h"

struct line {
    char who;
    const char *text;
};

enum account { JULIET, ANYBODY };

struct setting {
    enum account account;
    enum xm_stream_security security;
    enum xm_stream_purpose purpose;
    const char *domain;   /* NULL: example.com */
    const char *resource; /* NULL: none */
    const char *lang;     /* NULL: none */
    int64_t limits[4];
};

/* NULL: juliet@example.com with TLS, resource "balcony". */
void dialogue_run(const struct setting *setting, const struct line *lines, const char *file,
                  int line);
#define DIALOGUE(setting, ...)                                                                     \
    dialogue_run(setting, (const struct line[]){__VA_ARGS__, {0, NULL}}, __FILE__, __LINE__)

/* --- what is said in most of them -------------------------------------------------------------- */

#define ID "0123456789abcdef01234567"

#define STREAM_ATTRS                                                                               \
    " version='1.0' xml:lang='en' xmlns='jabber:client'"                                           \
    " xmlns:stream='http://etherx.jabber.org/streams'>"
#define OPEN "<?xml version='1.0'?><stream:stream to='example.com'" STREAM_ATTRS
#define OPEN_FROM                                                                                  \
    "<?xml version='1.0'?><stream:stream from='juliet@example.com' to='example.com'" STREAM_ATTRS
#define HEADER "<?xml version='1.0'?><stream:stream from='example.com' id='s1'" STREAM_ATTRS
#define CLOSE  "</stream:stream>"
#define ERROR(condition)                                                                           \
    "<stream:error><" condition                                                                    \
    " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"

#define NS_TLS     "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
#define NS_SASL    "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define NS_BIND    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
#define NS_SESSION "xmlns='urn:ietf:params:xml:ns:xmpp-session'"

#define FEATURES(list) "<stream:features>" list "</stream:features>"
#define STARTTLS       "<starttls " NS_TLS "><required/></starttls>"
#define PROCEED        "<proceed " NS_TLS "/>"
#define MECHANISMS                                                                                 \
    "<mechanisms " NS_SASL                                                                         \
    "><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></mechanisms>"
#define OFFER   "OFFER SCRAM-SHA-1 PLAIN;"
#define SUCCESS "<success " NS_SASL "/>"
#define BIND    "<bind " NS_BIND "/>"
#define SESSION "<session " NS_SESSION "/>"

#define BIND_ASKED                                                                                 \
    "<iq type='set' id='" ID "-1'><bind " NS_BIND "><resource>balcony</resource></bind></iq>"
#define SESSION_ASKED "<iq type='set' id='" ID "-2'>" SESSION "</iq>"
#define BOUND(attrs, jid)                                                                          \
    "<iq type='result' id='" ID "-1'" attrs "><bind " NS_BIND "><jid>" jid "</jid></bind></iq>"

#define TO_TLS                                                                                     \
    {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)}, {'C', "<starttls " NS_TLS "/>"},                \
        {'S', PROCEED},                                                                            \
    {                                                                                              \
        'E', "START_TLS"                                                                           \
    }
#define TO_SECURED                                                                                 \
    TO_TLS, {'D', "secured"},                                                                      \
    {                                                                                              \
        'C', OPEN_FROM                                                                             \
    }
#define TO_OFFER                                                                                   \
    TO_SECURED, {'S', HEADER FEATURES(MECHANISMS)},                                                \
    {                                                                                              \
        'E', OFFER                                                                                 \
    }
#define TO_AUTH                                                                                    \
    TO_OFFER, {'D', "auth SCRAM-SHA-1 n,,n=juliet"},                                               \
    {                                                                                              \
        'C', "<auth " NS_SASL " mechanism='SCRAM-SHA-1'>biwsbj1qdWxpZXQ=</auth>"                   \
    }
#define TO_CHALLENGE                                                                               \
    TO_AUTH, {'S', "<challenge " NS_SASL ">cj0x</challenge>"},                                     \
    {                                                                                              \
        'E', "CHALLENGE r=1"                                                                       \
    }
#define TO_SUCCESS                                                                                 \
    TO_AUTH, {'S', SUCCESS},                                                                       \
    {                                                                                              \
        'E', "SUCCESS"                                                                             \
    }
#define TO_RESTART                                                                                 \
    TO_SUCCESS, {'D', "authenticated"},                                                            \
    {                                                                                              \
        'C', OPEN_FROM                                                                             \
    }
#define TO_BIND                                                                                    \
    TO_RESTART, {'S', HEADER FEATURES(BIND)},                                                      \
    {                                                                                              \
        'C', BIND_ASKED                                                                            \
    }
#define TO_ONLINE                                                                                  \
    TO_BIND, {'S', BOUND("", "juliet@example.com/balcony")},                                       \
    {                                                                                              \
        'E', "ONLINE juliet@example.com/balcony"                                                   \
    }

#endif
