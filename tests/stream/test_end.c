/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a stream ends: stream errors both ways, closing, truncation. RFC 6120 4.4, 4.9. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dialogue.h"
#include "xmpp/error.h"

#define NS_ERRORS "xmlns='urn:ietf:params:xml:ns:xmpp-streams'"

static const char *const conditions[] = {
    "bad-format",
    "bad-namespace-prefix",
    "conflict",
    "connection-timeout",
    "host-gone",
    "host-unknown",
    "improper-addressing",
    "internal-server-error",
    "invalid-from",
    "invalid-namespace",
    "invalid-xml",
    "not-authorized",
    "not-well-formed",
    "policy-violation",
    "remote-connection-failed",
    "reset",
    "resource-constraint",
    "restricted-xml",
    "see-other-host",
    "system-shutdown",
    "undefined-condition",
    "unsupported-encoding",
    "unsupported-feature",
    "unsupported-stanza-type",
    "unsupported-version",
};

/* --- the peer's errors ------------------------------------------------------------------------ */

static void every_stream_error_is_told(void)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        char bare[200];
        char full[400];
        char event[100];
        char event_with_text[100];
        snprintf(bare, sizeof bare, "<stream:error><%s " NS_ERRORS "/></stream:error>",
                 conditions[i]);
        snprintf(full, sizeof full,
                 "<stream:error><escape-your-data xmlns='http://example.org/ns'/>"
                 "<text " NS_ERRORS " xml:lang='en'>because</text><%s " NS_ERRORS
                 ">detail</%s></stream:error>" CLOSE,
                 conditions[i], conditions[i]);
        snprintf(event, sizeof event, "FAILED STREAM stream %s", conditions[i]);
        snprintf(event_with_text, sizeof event_with_text, "FAILED STREAM session %s \"because\"",
                 conditions[i]);
        DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER}, {'S', bare}, {'E', event}, {'C', CLOSE});
        DIALOGUE(NULL, TO_ONLINE, {'S', full}, {'E', event_with_text}, {'C', CLOSE},
                 {'D', "stage over"});
    }
}

/* RFC 6120 4.9.2. */
static void unknown_stream_errors_are_undefined(void)
{
    static const char *const rows[] = {
        "<stream:error/>",
        "<stream:error>text</stream:error>",
        "<stream:error><xml-not-well-formed " NS_ERRORS "/></stream:error>",
        "<stream:error><reset xmlns='urn:x'/></stream:error>",
        "<stream:error><text " NS_ERRORS "/></stream:error>",
    };
    for (size_t i = 0; i + 1 < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, TO_ONLINE, {'S', rows[i]},
                 {'E', "FAILED STREAM session undefined-condition"}, {'C', CLOSE});
    }
    DIALOGUE(NULL, TO_ONLINE, {'S', rows[4]},
             {'E', "FAILED STREAM session undefined-condition \"\""}, {'C', CLOSE});
}

static void phase_is_that_of_the_moment(void)
{
    static const char said[] = "<stream:error><reset " NS_ERRORS "/></stream:error>";
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)}, {'C', "<starttls " NS_TLS "/>"},
             {'S', said}, {'E', "FAILED STREAM tls reset"}, {'C', CLOSE});
    DIALOGUE(NULL, TO_SECURED, {'S', HEADER}, {'S', said}, {'E', "FAILED STREAM stream reset"},
             {'C', CLOSE});
    DIALOGUE(NULL, TO_AUTH, {'S', said}, {'E', "FAILED STREAM sasl reset"}, {'C', CLOSE});
    DIALOGUE(NULL, TO_RESTART, {'S', HEADER}, {'S', said}, {'E', "FAILED STREAM bind reset"},
             {'C', CLOSE});
    DIALOGUE(NULL, TO_BIND, {'S', said}, {'E', "FAILED STREAM bind reset"}, {'C', CLOSE});
}

static void nothing_is_delivered_behind_a_stream_error(void)
{
    DIALOGUE(NULL, TO_ONLINE,
             {'S', "<message/><stream:error><reset " NS_ERRORS
                   "/></stream:error><message/><stream:error/>" CLOSE "\x01\xff"},
             {'E', "STANZA message"}, {'E', "FAILED STREAM session reset"}, {'C', CLOSE},
             {'D', "!send <message/>"}, {'D', "close"}, {'D', "fail reset"}, {'D', "end"},
             {'C', ""});
}

/* What the condition alone does not say, such as another host or the application's own condition,
 * is in the element. */
static void the_error_itself_can_be_read(void)
{
    static const char said[] =
        HEADER "<stream:error><see-other-host " NS_ERRORS ">[2001:db8::1]:9222</see-other-host>"
               "<app xmlns='urn:app'/></stream:error>";
    struct xm_buf out = {0};
    struct xm_stream *stream = NULL;
    struct xm_stream_event event;
    size_t used;
    const struct xm_stream_config config = {.domain = "example.com"};
    CHECK_INT(xm_stream_new(&stream, &config, &out, "id"), 0);
    xm_stream_recv(stream, (const uint8_t *)said, strlen(said), &used, &event);
    CHECK_INT(event.code, XMPP_E_STREAM);
    const xmpp_elem *error = xmpp_stanza_get_root(event.stanza);
    CHECK_STR(xmpp_elem_get_child_text(error, "see-other-host", NULL), "[2001:db8::1]:9222");
    CHECK(xmpp_elem_get_child(error, "app", "urn:app"));
    xm_stream_free(stream);
    xm_buf_done(&out);
}

/* Header, known and unknown elements, and what was the end: all in the order of the wire. */
static void a_trace_hears_everything(void)
{
    static const char said[] = HEADER "<stream:features><unknown xmlns='u'/>" STARTTLS
                                      "</stream:features><proceed " NS_TLS "/>more";
    static const char *const heard[] = {"stream", "features", "proceed"};
    static const enum xm_stream_event_type types[] = {XM_STREAM_NONE, XM_STREAM_NONE,
                                                      XM_STREAM_FAILED};
    struct xm_buf out = {0};
    struct xm_stream *stream = NULL;
    const struct xm_stream_config config = {.domain = "example.com", .is_traced = 1};
    CHECK_INT(xm_stream_new(&stream, &config, &out, "id"), 0);
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        struct xm_stream_event event;
        size_t used;
        xm_stream_recv(stream, (const uint8_t *)said + at, strlen(said) - at, &used, &event);
        at += used;
        CHECK_STR(xmpp_elem_get_name(xmpp_stanza_get_root(event.heard)), heard[i]);
        CHECK_INT(event.type, types[i]);
    }
    CHECK_INT(at, strlen(said));
    xm_stream_free(stream);
    xm_buf_done(&out);
}

/* --- our errors ------------------------------------------------------------------------------- */

static void every_stream_error_can_be_sent(void)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        char call[100];
        char said[200];
        snprintf(call, sizeof call, "fail %s", conditions[i]);
        snprintf(said, sizeof said,
                 "<stream:error><%s " NS_ERRORS "/></stream:error></stream:stream>", conditions[i]);
        DIALOGUE(NULL, TO_ONLINE, {'D', call}, {'C', said}, {'D', "stage over"}, {'D', call},
                 {'D', "close"}, {'D', "end"}, {'S', "<message/>" CLOSE}, {'C', ""});
    }
    DIALOGUE(NULL, TO_AUTH, {'D', "fail made-up"}, {'C', ERROR("undefined-condition")});
}

/* Threats 26 and 27, at the stream: each is told with its own condition, and is the end. */
static void xml_that_is_forbidden_is_fatal(void)
{
    static const struct {
        const char *said;
        const char *condition;
    } rows[] = {
        {"<message><!-- x --></message>", "restricted-xml"},
        {"<message><?x y?></message>", "restricted-xml"},
        {"<!DOCTYPE x>", "restricted-xml"},
        {"<message>&foo;</message>", "restricted-xml"},
        {"<message></presence>", "not-well-formed"},
        {"<x:message/>", "bad-namespace-prefix"},
        {"<message a='1' a='2'/>", "not-well-formed"},
        {"<message>\x01</message>", "not-well-formed"},
        {"text", "bad-format"},
        {"&#32;", "bad-format"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char event[100];
        char said[200];
        snprintf(event, sizeof event, "FAILED XML session %s", rows[i].condition);
        snprintf(said, sizeof said,
                 "<stream:error><%s " NS_ERRORS "/></stream:error></stream:stream>",
                 rows[i].condition);
        DIALOGUE(NULL, TO_ONLINE, {'S', "<message/>"}, {'E', "STANZA message"}, {'S', rows[i].said},
                 {'E', event}, {'C', said}, {'S', "<message/>"});
    }
}

static void stanzas_have_a_limit(void)
{
    static const struct setting small = {
        .account = JULIET, .resource = "balcony", .limits = {400, 3, 8, 0}};
    DIALOGUE(&small, TO_ONLINE, {'S', "<a><b><c/></b></a>"}, {'E', "STANZA a"},
             {'S', "<a><b><c><d/></c></b></a>"}, {'E', "FAILED TOO_BIG session policy-violation"},
             {'C', ERROR("policy-violation")});
    DIALOGUE(&small, TO_ONLINE, {'S', "<a b='1' c='2' d='3' e='4' f='5' g='6' h='7' i='8' j='9'/>"},
             {'E', "FAILED TOO_BIG session policy-violation"}, {'C', ERROR("policy-violation")});
}

/* --- closing ---------------------------------------------------------------------------------- */

static void peer_closes_and_is_answered(void)
{
    DIALOGUE(NULL, TO_ONLINE, {'S', "<message/>" CLOSE "<message/>"}, {'E', "STANZA message"},
             {'E', "CLOSED"}, {'C', CLOSE}, {'D', "stage over"}, {'D', "!send <message/>"},
             {'D', "close"}, {'D', "end"}, {'C', ""});
}

static void we_close_and_are_answered(void)
{
    DIALOGUE(NULL, TO_ONLINE, {'D', "close"}, {'C', CLOSE}, {'D', "stage closing"}, {'D', "close"},
             {'D', "!send <message/>"}, {'C', ""}, {'S', "<message id='1'/> <presence/>" CLOSE},
             {'E', "STANZA message 1"}, {'E', "STANZA presence"}, {'E', "CLOSED"},
             {'D', "stage over"}, {'C', ""});
}

static void nothing_is_sent_behind_our_close(void)
{
    DIALOGUE(NULL, TO_ONLINE, {'D', "close"}, {'C', CLOSE}, {'S', "<broken></x>"},
             {'E', "FAILED XML session not-well-formed"}, {'C', ""});
    DIALOGUE(NULL, TO_ONLINE, {'D', "close"}, {'C', CLOSE}, {'S', SUCCESS},
             {'E', "FAILED PROTOCOL session not-authorized"}, {'C', ""});
    DIALOGUE(NULL, TO_ONLINE, {'D', "close"}, {'C', CLOSE},
             {'S', "<stream:error><reset " NS_ERRORS "/></stream:error>" CLOSE},
             {'E', "FAILED STREAM session reset"}, {'C', ""});
    DIALOGUE(NULL, TO_ONLINE, {'D', "close"}, {'C', CLOSE}, {'D', "fail reset"}, {'C', ""});
}

static void peer_closes_too_early(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER CLOSE}, {'E', "FAILED CLOSED stream"}, {'C', CLOSE});
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)}, {'C', "<starttls " NS_TLS "/>"},
             {'S', CLOSE}, {'E', "FAILED CLOSED tls"}, {'C', CLOSE});
    DIALOGUE(NULL, TO_OFFER, {'S', CLOSE}, {'E', "FAILED CLOSED sasl"}, {'C', CLOSE},
             {'D', "!auth PLAIN x"});
    DIALOGUE(NULL, TO_AUTH, {'S', CLOSE}, {'E', "FAILED CLOSED sasl"}, {'C', CLOSE});
    DIALOGUE(NULL, TO_SUCCESS, {'S', CLOSE}, {'E', "FAILED CLOSED sasl"}, {'C', CLOSE},
             {'D', "!authenticated"});
    DIALOGUE(NULL, TO_RESTART, {'S', HEADER CLOSE}, {'E', "FAILED CLOSED bind"}, {'C', CLOSE});
    DIALOGUE(NULL, TO_BIND, {'S', CLOSE}, {'E', "FAILED CLOSED bind"}, {'C', CLOSE});
}

/* Who gives up while negotiating hears nothing more of it. */
static void we_close_too_early(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'D', "close"}, {'C', CLOSE}, {'D', "stage closing"},
             {'S', HEADER FEATURES(STARTTLS) "<message/>" CLOSE}, {'E', "CLOSED"}, {'C', ""});
    DIALOGUE(NULL, TO_OFFER, {'D', "close"}, {'C', CLOSE}, {'D', "!auth PLAIN x"}, {'D', "end"},
             {'E', "CLOSED"}, {'C', ""});
    DIALOGUE(NULL, TO_CHALLENGE, {'D', "close"}, {'C', CLOSE}, {'D', "!respond x"}, {'D', "!abort"},
             {'S', "<failure " NS_SASL "><aborted/></failure>" CLOSE}, {'E', "CLOSED"}, {'C', ""});
    DIALOGUE(NULL, TO_SUCCESS, {'D', "close"}, {'C', CLOSE}, {'D', "!authenticated"},
             {'S', "<stream:error><reset " NS_ERRORS "/></stream:error>"},
             {'E', "FAILED STREAM stream reset"}, {'C', ""});
    DIALOGUE(NULL, TO_BIND, {'D', "close"}, {'C', CLOSE},
             {'S', BOUND("", "juliet@example.com/balcony") "<message/>" CLOSE}, {'E', "CLOSED"},
             {'C', ""});
}

/* Threat 19. */
static void end_without_close_is_an_error(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'D', "end"}, {'E', "FAILED TRUNCATED stream"}, {'D', "end"},
             {'C', ""});
    DIALOGUE(NULL, TO_AUTH, {'D', "end"}, {'E', "FAILED TRUNCATED sasl"}, {'C', ""});
    DIALOGUE(NULL, TO_BIND, {'D', "end"}, {'E', "FAILED TRUNCATED bind"}, {'C', ""});
    DIALOGUE(NULL, TO_ONLINE, {'D', "end"}, {'E', "FAILED TRUNCATED session"}, {'D', "end"},
             {'D', "!send <message/>"}, {'C', ""});
    DIALOGUE(NULL, TO_ONLINE, {'S', "<message>"}, {'C', ""}, {'D', "end"},
             {'E', "FAILED TRUNCATED session"}, {'C', ""});
    DIALOGUE(NULL, TO_ONLINE, {'D', "close"}, {'C', CLOSE}, {'D', "end"}, {'E', "CLOSED"},
             {'C', ""});
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"every stream error is told", every_stream_error_is_told},
        {"unknown stream errors are undefined", unknown_stream_errors_are_undefined},
        {"the phase is that of the moment", phase_is_that_of_the_moment},
        {"nothing is delivered behind a stream error", nothing_is_delivered_behind_a_stream_error},
        {"the error itself can be read", the_error_itself_can_be_read},
        {"a trace hears everything", a_trace_hears_everything},
        {"every stream error can be sent", every_stream_error_can_be_sent},
        {"XML that is forbidden is fatal", xml_that_is_forbidden_is_fatal},
        {"stanzas have a limit", stanzas_have_a_limit},
        {"the peer closes and is answered", peer_closes_and_is_answered},
        {"we close and are answered", we_close_and_are_answered},
        {"nothing is sent behind our close", nothing_is_sent_behind_our_close},
        {"the peer closes too early", peer_closes_too_early},
        {"we close too early", we_close_too_early},
        {"an end without close is an error", end_without_close_is_an_error},
    };
    return CHECK_MAIN(argc, argv, "stream-end", cases);
}
