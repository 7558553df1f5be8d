/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The owner's step: behind TLS, in front of authentication, which does not come. */
#include "check.h"
#include "dialogue.h"

static const struct setting step = {
    .account = ANYBODY, .security = XM_STREAM_TLS_REQUIRED, .purpose = XM_STREAM_FOR_STEP};
static const struct setting secure = {
    .account = ANYBODY, .security = XM_STREAM_SECURE, .purpose = XM_STREAM_FOR_STEP};

#define GET   "<iq type='get'><query xmlns='jabber:iq:register'/></iq>"
#define ASKED "<iq type='get' id='made-up'><query xmlns='jabber:iq:register'/></iq>"
#define TO_STEP                                                                                    \
    TO_TLS, {'D', "secured"}, {'C', OPEN}, {'S', HEADER FEATURES(MECHANISMS)},                     \
    {                                                                                              \
        'E', "STEP"                                                                                \
    }

static void it_comes_behind_tls(void)
{
    DIALOGUE(&step, TO_STEP, {'D', "stage stepping"}, {'D', "features mechanisms"},
             {'D', "send " GET}, {'C', ASKED}, {'S', "<iq type='result' id='made-up'/>"},
             {'E', "STANZA iq made-up"}, {'S', "<iq type='error' id='x' from='example.com'/>"},
             {'E', "STANZA iq x"}, {'D', "close"}, {'C', CLOSE}, {'D', "stage closing"},
             {'S', "<iq type='result' id='late'/>" CLOSE}, {'E', "CLOSED"});
}

static void it_needs_tls(void)
{
    DIALOGUE(&step, {'C', OPEN}, {'S', HEADER FEATURES(MECHANISMS)},
             {'E', "FAILED TLS_MISSING tls policy-violation"}, {'C', ERROR("policy-violation")},
             {'D', "!send " GET});
    DIALOGUE(&step, {'D', "!send " GET}, {'C', OPEN});
}

static void it_comes_on_a_protected_channel(void)
{
    DIALOGUE(&secure, {'C', OPEN}, {'S', HEADER FEATURES("")}, {'E', "STEP"},
             {'D', "!auth PLAIN x"}, {'D', "!authenticated"}, {'D', "!handshake x"});
}

/* Threat 25: anything but an answer. */
static void nothing_else_may_come(void)
{
    static const char *const rows[] = {
        "<message/>",
        "<presence/>",
        "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>",
        "<iq type='set' id='1'><query xmlns='jabber:iq:register'/></iq>",
        "<iq type='result'/>",
        "<iq id='1'/>",
        "<iq id='1' type='Result'/>",
        FEATURES(""),
        FEATURES(MECHANISMS),
        SUCCESS,
        PROCEED,
        "<challenge " NS_SASL "/>",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(&step, TO_STEP, {'S', rows[i]}, {'E', "FAILED PROTOCOL stream not-authorized"},
                 {'C', ERROR("not-authorized")});
    }
    DIALOGUE(&step, TO_STEP, {'S', "<handshake/>"},
             {'E', "FAILED PROTOCOL stream unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
}

static void the_server_may_end_it(void)
{
    DIALOGUE(&step, TO_STEP, {'S', CLOSE}, {'E', "FAILED CLOSED stream"}, {'C', CLOSE});
    DIALOGUE(&step, TO_STEP, {'D', "end"}, {'E', "FAILED TRUNCATED stream"});
    DIALOGUE(&step, TO_STEP,
             {'S', "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                   "</stream:error>"},
             {'E', "FAILED STREAM stream not-authorized"}, {'C', CLOSE});
}

/* In a login there is no step, whatever the features say. */
static void a_login_has_none(void)
{
    DIALOGUE(NULL, TO_SECURED,
             {'S', HEADER FEATURES(
                       "<register xmlns='http://jabber.org/features/iq-register'/>" MECHANISMS)},
             {'E', OFFER}, {'D', "!send " GET});
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"it comes behind TLS", it_comes_behind_tls},
        {"it needs TLS", it_needs_tls},
        {"it comes on a protected channel", it_comes_on_a_protected_channel},
        {"nothing else may come", nothing_else_may_come},
        {"the server may end it", the_server_may_end_it},
        {"a login has none", a_login_has_none},
    };
    return CHECK_MAIN(argc, argv, "stream-step", cases);
}
