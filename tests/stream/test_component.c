/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A component's stream, XEP-0114: headers, handshake, the namespace that is another on the wire. */
#include "check.h"
#include "dialogue.h"

static const struct setting component = {
    .account = ANYBODY, .purpose = XM_STREAM_FOR_COMPONENT, .domain = "plays.shakespeare.lit"};

#define NS        " xmlns='jabber:component:accept'"
#define NS_STREAM " xmlns:stream='http://etherx.jabber.org/streams'"
#define OURS      "<?xml version='1.0'?><stream:stream to='plays.shakespeare.lit'" NS NS_STREAM ">"
/* XEP-0114, example 2 */
#define THEIRS "<stream:stream" NS_STREAM NS " from='plays.shakespeare.lit' id='3BF96D32'>"
#define DIGEST "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e"

#define TO_HANDSHAKE                                                                               \
    {'C', OURS}, {'S', THEIRS},                                                                    \
    {                                                                                              \
        'E', "HANDSHAKE 3BF96D32"                                                                  \
    }
#define TO_PROVED                                                                                  \
    TO_HANDSHAKE, {'D', "handshake " DIGEST},                                                      \
    {                                                                                              \
        'C', "<handshake>" DIGEST "</handshake>"                                                   \
    }
#define TO_BELIEVED                                                                                \
    TO_PROVED, {'S', "<handshake/>"},                                                              \
    {                                                                                              \
        'E', "ONLINE plays.shakespeare.lit"                                                        \
    }

static void the_dialogue_of_the_xep(void)
{
    DIALOGUE(&component, {'D', "stage opening"}, TO_HANDSHAKE, {'D', "stage authenticating"},
             {'D', "handshake " DIGEST}, {'C', "<handshake>" DIGEST "</handshake>"},
             {'S', "<handshake/>"}, {'E', "ONLINE plays.shakespeare.lit"}, {'D', "stage open"},
             {'D', "features none"});
}

/* In trees it is jabber:client, whichever of the two it was; other namespaces are as they are. */
static void stanzas_are_those_of_clients(void)
{
    DIALOGUE(&component, TO_BELIEVED, {'S', "<message id='1'><body>x</body></message>"},
             {'E', "STANZA message 1"}, {'S', "<presence id='2' xmlns='jabber:client'/>"},
             {'E', "STANZA presence 2"}, {'S', "<iq id='3' type='get' xmlns='jabber:server'/>"},
             {'E', "STANZA iq 3 {jabber:server}"}, {'S', "<route id='4'/>"},
             {'E', "STANZA route 4"});
}

/* What is inside of another namespace keeps its own name. */
static void stanzas_are_written_in_the_namespace_of_the_stream(void)
{
    DIALOGUE(&component, TO_BELIEVED, {'D', "send <message id='1'><body>x</body></message>"},
             {'C', "<message id='1'><body>x</body></message>"},
             {'D', "send <message id='2'><forwarded xmlns='urn:xmpp:forward:0'><message "
                   "xmlns='jabber:client'/></forwarded></message>"},
             {'C', "<message id='2'><forwarded xmlns='urn:xmpp:forward:0'><message "
                   "xmlns='jabber:client'/></forwarded></message>"});
}

static void the_handshake_is_in_the_namespace_of_the_stream(void)
{
    DIALOGUE(&component, TO_PROVED, {'S', "<handshake xmlns='urn:other'/>"},
             {'E', "FAILED PROTOCOL sasl unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
}

static void nothing_is_said_before_it_is_believed(void)
{
    DIALOGUE(&component, {'C', OURS}, {'D', "!handshake " DIGEST}, {'D', "!send <message/>"});
    DIALOGUE(&component, TO_HANDSHAKE, {'D', "!send <message/>"}, {'D', "!auth PLAIN x"},
             {'D', "!authenticated"});
    DIALOGUE(&component, TO_PROVED, {'D', "!handshake " DIGEST}, {'D', "!send <message/>"});
    DIALOGUE(&component, TO_BELIEVED, {'D', "!handshake " DIGEST});
}

/* Threat 25. */
static void what_comes_out_of_turn_is_fatal(void)
{
    static const char *const rows[] = {
        "<message/>",
        "<presence from='a@b' to='plays.shakespeare.lit'/>",
        "<iq type='get' id='1' xmlns='jabber:client'><query xmlns='jabber:iq:version'/></iq>",
        FEATURES(""),
        FEATURES(MECHANISMS),
        SUCCESS,
        PROCEED,
    };
    DIALOGUE(&component, TO_HANDSHAKE, {'S', "<handshake/>"},
             {'E', "FAILED PROTOCOL sasl not-authorized"}, {'C', ERROR("not-authorized")});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(&component, TO_HANDSHAKE, {'S', rows[i]},
                 {'E', "FAILED PROTOCOL sasl not-authorized"}, {'C', ERROR("not-authorized")});
        DIALOGUE(&component, TO_PROVED, {'S', rows[i]},
                 {'E', "FAILED PROTOCOL sasl not-authorized"}, {'C', ERROR("not-authorized")});
    }
    DIALOGUE(&component, TO_BELIEVED, {'S', "<handshake/>"},
             {'E', "FAILED PROTOCOL session not-authorized"}, {'C', ERROR("not-authorized")});
    DIALOGUE(&component, TO_BELIEVED, {'S', FEATURES(MECHANISMS)},
             {'E', "FAILED PROTOCOL session not-authorized"}, {'C', ERROR("not-authorized")});
}

static void headers_in_another_namespace_are_refused(void)
{
    static const char *const rows[] = {
        "<stream:stream" NS_STREAM " xmlns='jabber:client' id='1' version='1.0'>",
        "<stream:stream" NS_STREAM " xmlns='jabber:component:connect' id='1'>",
        "<stream:stream" NS_STREAM " xmlns='' id='1'>",
        "<stream:stream" NS_STREAM " id='1'>",
        "<stream xmlns='http://etherx.jabber.org/streams' id='1'>",
        "<stream xmlns='jabber:component:accept' id='1'>",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(&component, {'C', OURS}, {'S', rows[i]},
                 {'E', "FAILED PROTOCOL stream invalid-namespace"},
                 {'C', ERROR("invalid-namespace")});
    }
}

static void a_header_without_id_is_refused(void)
{
    DIALOGUE(&component, {'C', OURS}, {'S', "<stream:stream" NS_STREAM NS ">"},
             {'E', "FAILED PROTOCOL stream bad-format"}, {'C', ERROR("bad-format")});
    DIALOGUE(&component, {'C', OURS}, {'S', "<stream:stream" NS_STREAM NS " id=''>"},
             {'E', "FAILED PROTOCOL stream bad-format"}, {'C', ERROR("bad-format")});
}

#define STREAM_ERROR(condition)                                                                    \
    "<stream:error><" condition                                                                    \
    " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"

static void the_server_says_what_is_wrong(void)
{
    DIALOGUE(&component, {'C', OURS}, {'S', THEIRS}, {'E', "HANDSHAKE 3BF96D32"},
             {'S', STREAM_ERROR("conflict")}, {'E', "FAILED STREAM sasl conflict"}, {'C', CLOSE});
    DIALOGUE(&component, TO_PROVED, {'S', STREAM_ERROR("not-authorized")},
             {'E', "FAILED AUTH sasl not-authorized"}, {'C', CLOSE});
    DIALOGUE(&component, TO_PROVED, {'S', STREAM_ERROR("host-unknown")},
             {'E', "FAILED STREAM sasl host-unknown"}, {'C', CLOSE});
    DIALOGUE(&component, TO_BELIEVED, {'S', STREAM_ERROR("not-authorized")},
             {'E', "FAILED STREAM session not-authorized"}, {'C', CLOSE});
    DIALOGUE(&component, TO_PROVED, {'S', CLOSE}, {'E', "FAILED CLOSED sasl"}, {'C', CLOSE});
    DIALOGUE(&component, TO_PROVED, {'D', "end"}, {'E', "FAILED TRUNCATED sasl"});
}

static void it_is_closed_in_order(void)
{
    DIALOGUE(&component, TO_BELIEVED, {'D', "close"}, {'C', CLOSE}, {'S', "<message id='1'/>"},
             {'E', "STANZA message 1"}, {'S', CLOSE}, {'E', "CLOSED"});
    DIALOGUE(&component, TO_PROVED, {'D', "close"}, {'C', CLOSE}, {'S', "<handshake/>" CLOSE},
             {'E', "CLOSED"});
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"the dialogue of the XEP", the_dialogue_of_the_xep},
        {"stanzas are those of clients", stanzas_are_those_of_clients},
        {"stanzas are written in the namespace of the stream",
         stanzas_are_written_in_the_namespace_of_the_stream},
        {"the handshake is in the namespace of the stream",
         the_handshake_is_in_the_namespace_of_the_stream},
        {"nothing is said before it is believed", nothing_is_said_before_it_is_believed},
        {"what comes out of turn is fatal", what_comes_out_of_turn_is_fatal},
        {"headers in another namespace are refused", headers_in_another_namespace_are_refused},
        {"a header without id is refused", a_header_without_id_is_refused},
        {"the server says what is wrong", the_server_says_what_is_wrong},
        {"it is closed in order", it_is_closed_in_order},
    };
    return CHECK_MAIN(argc, argv, "stream-component", cases);
}
