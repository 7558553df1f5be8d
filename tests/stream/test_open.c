/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening: headers, features, STARTTLS. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dialogue.h"
#include "xmpp/error.h"

static const struct setting secure = {
    .account = JULIET, .security = XM_STREAM_SECURE, .resource = "balcony"};
static const struct setting clear = {
    .account = JULIET, .security = XM_STREAM_CLEARTEXT, .resource = "balcony"};
static const struct setting anybody = {.account = ANYBODY, .security = XM_STREAM_TLS_REQUIRED};

/* --- headers ---------------------------------------------------------------------------------- */

/* RFC 6120 4.7.1: no `from` before TLS, with `from` after. */
static void from_is_told_after_tls_only(void)
{
    DIALOGUE(NULL, {'D', "stage opening"}, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)},
             {'C', "<starttls " NS_TLS "/>"}, {'D', "stage securing"}, {'S', PROCEED},
             {'E', "START_TLS"}, {'D', "stage securing"}, {'D', "secured"}, {'C', OPEN_FROM},
             {'D', "stage opening"});
}

static void from_is_told_on_a_protected_channel(void)
{
    DIALOGUE(&secure, {'C', OPEN_FROM}, {'S', HEADER FEATURES(MECHANISMS)}, {'E', OFFER},
             {'D', "stage authenticating"});
}

static void from_is_never_told_in_clear_text(void)
{
    DIALOGUE(&clear, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS MECHANISMS)}, {'E', OFFER},
             {'D', "auth PLAIN x"}, {'C', "<auth " NS_SASL " mechanism='PLAIN'>eA==</auth>"},
             {'S', SUCCESS}, {'E', "SUCCESS"}, {'D', "authenticated"}, {'C', OPEN});
}

static void anonymous_has_no_from(void)
{
    DIALOGUE(&anybody, TO_TLS, {'D', "secured"}, {'C', OPEN});
}

static void settings_are_escaped(void)
{
    static const struct setting odd = {
        .security = XM_STREAM_SECURE, .account = ANYBODY, .lang = "a'b<c>&\"\t"};
    DIALOGUE(&odd, {'C', "<?xml version='1.0'?><stream:stream to='example.com' version='1.0' "
                         "xml:lang='a&apos;b&lt;c&gt;&amp;&quot;&#9;' xmlns='jabber:client'"
                         " xmlns:stream='http://etherx.jabber.org/streams'>"});
}

static void language_is_told(void)
{
    static const struct setting german = {
        .security = XM_STREAM_SECURE, .account = JULIET, .lang = "de-CH"};
    DIALOGUE(&german, {'C', "<?xml version='1.0'?><stream:stream from='juliet@example.com' "
                            "to='example.com' version='1.0' xml:lang='de-CH' "
                            "xmlns='jabber:client'"
                            " xmlns:stream='http://etherx.jabber.org/streams'>"});
}

#define NS_STREAM  "xmlns:stream='http://etherx.jabber.org/streams'"
#define GOOD_ATTRS " xmlns='jabber:client' " NS_STREAM " version='1.0'"

static void odd_headers_are_accepted(void)
{
    static const char *const rows[] = {
        /* RFC 6120 11.5: the declaration is not a must */
        "<stream:stream" GOOD_ATTRS ">",
        "<?xml version=\"1.0\" encoding='UTF-8'?>\n<stream:stream" GOOD_ATTRS ">",
        /* 4.8.2: nothing but explicit namespaces, either way */
        "<stream xmlns='http://etherx.jabber.org/streams' version='1.0'>",
        "<stream:stream " NS_STREAM " version='1.0'>",
        "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams' "
        "version='1.0'>",
        /* 4.7.5: numbers, of any length, leading zeros ignored */
        "<stream:stream xmlns='jabber:client' " NS_STREAM " version='1.10'>",
        "<stream:stream xmlns='jabber:client' " NS_STREAM " version='01.00'>",
        "<stream:stream xmlns='jabber:client' " NS_STREAM " version='2.0'>",
        "<stream:stream xmlns='jabber:client' " NS_STREAM
        " version='99999999999999999999999999.0'>",
        /* 4.7.1 to 4.7.3: servers of RFC 3920 */
        "<stream:stream from='elsewhere.example' to='' id=''" GOOD_ATTRS ">",
        /* what nobody knows */
        "<stream:stream xmlns:db='jabber:server:dialback' db:x='1' more='2'" GOOD_ATTRS ">",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(
            &secure, {'C', OPEN_FROM}, {'S', rows[i]},
            {'S', "<features xmlns='http://etherx.jabber.org/streams'>" MECHANISMS "</features>"},
            {'E', OFFER});
    }
}

static void wrong_headers_are_fatal(void)
{
    static const struct {
        const char *header;
        const char *condition;
    } rows[] = {
        {"<stream:stream xmlns='jabber:client' xmlns:stream='urn:other' version='1.0'>",
         "invalid-namespace"},
        {"<stream xmlns='jabber:client' version='1.0'>", "invalid-namespace"},
        {"<stream version='1.0'>", "invalid-namespace"},
        {"<html>", "invalid-namespace"},
        {"<stream:features" GOOD_ATTRS ">", "bad-format"},
        {"<stream:stream xmlns='jabber:server' " NS_STREAM " version='1.0'>", "invalid-namespace"},
        {"<stream:stream xmlns='urn:other' " NS_STREAM " version='1.0'>", "invalid-namespace"},
        {"<stream:stream xmlns='jabber:client2' " NS_STREAM " version='1.0'>", "invalid-namespace"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM ">", "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version=''>", "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='0.9'>",
         "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='00.10'>",
         "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='1'>", "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='1.'>", "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='.0'>", "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='-1.0'>",
         "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='1.0.0'>",
         "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='1.0 '>",
         "unsupported-version"},
        {"<stream:stream xmlns='jabber:client' " NS_STREAM " version='x.y'>",
         "unsupported-version"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char event[100];
        char said[200];
        snprintf(event, sizeof event, "FAILED PROTOCOL stream %s", rows[i].condition);
        snprintf(said, sizeof said,
                 "<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                 "</stream:error></stream:stream>",
                 rows[i].condition);
        DIALOGUE(NULL, {'C', OPEN}, {'S', rows[i].header}, {'E', event}, {'C', said},
                 {'D', "stage over"}, {'S', "<more/>"});
    }
}

/* After TLS and after SASL a header is looked at as the first one is. */
static void every_header_is_checked(void)
{
    DIALOGUE(NULL, TO_SECURED, {'S', "<stream:stream xmlns='jabber:client' " NS_STREAM ">"},
             {'E', "FAILED PROTOCOL stream unsupported-version"},
             {'C', ERROR("unsupported-version")});
    DIALOGUE(NULL, TO_RESTART, {'D', "stage binding"},
             {'S', "<stream:stream xmlns='jabber:server' " NS_STREAM " version='1.0'>"},
             {'E', "FAILED PROTOCOL bind invalid-namespace"}, {'C', ERROR("invalid-namespace")});
}

static void what_is_no_xml_is_fatal(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', "HTTP/1.1 400 Bad Request\r\n"},
             {'E', "FAILED XML stream not-well-formed"}, {'C', ERROR("not-well-formed")});
    DIALOGUE(NULL, {'C', OPEN}, {'S', "<?xml version='1.0'?><!DOCTYPE x []>"},
             {'E', "FAILED XML stream restricted-xml"}, {'C', ERROR("restricted-xml")});
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER "<!-- -->"}, {'E', "FAILED XML stream restricted-xml"},
             {'C', ERROR("restricted-xml")});
}

/* A stream that is closed in its own start tag was never one. */
static void empty_stream_is_fatal(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', "<stream:stream" GOOD_ATTRS "/>"},
             {'E', "FAILED XML stream bad-format"}, {'C', ERROR("bad-format")});
}

static void header_has_a_limit(void)
{
    static const struct setting small = {.account = JULIET, .limits = {0, 0, 0, 200}};
    DIALOGUE(&small, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)},
             {'C', "<starttls " NS_TLS "/>"});
    DIALOGUE(&small, {'C', OPEN},
             {'S',
              "<stream:stream a='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"},
             {'E', "FAILED TOO_BIG stream policy-violation"}, {'C', ERROR("policy-violation")});
}

static void features_have_a_limit(void)
{
    static const struct setting small = {.account = JULIET, .limits = {100, 0, 0, 0}};
    DIALOGUE(
        &small, {'C', OPEN},
        {'S', HEADER FEATURES("<a xmlns='u'>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</a>")},
        {'E', "FAILED TOO_BIG stream policy-violation"}, {'C', ERROR("policy-violation")});
}

static void settings_that_cannot_be_are_refused(void)
{
    static const struct {
        struct xm_stream_config config;
        int code;
    } rows[] = {
        {{.domain = "exa mple"}, XMPP_E_JID},
        {{.domain = "example.com", .lang = "\x01"}, XMPP_E_CHAR},
        {{.domain = "example.com", .limits = {-1, 0, 0, 0}}, XMPP_E_INVAL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_buf out = {0};
        struct xm_stream *stream = NULL;
        check_note("row %zu", i);
        CHECK_INT(xm_stream_new(&stream, &rows[i].config, &out, "id"), rows[i].code);
        CHECK(!stream);
        CHECK_INT(xm_buf_len(&out), 0);
        xm_buf_done(&out);
    }
    xm_stream_free(NULL);
}

/* --- features --------------------------------------------------------------------------------- */

static void unknown_features_are_ignored(void)
{
    DIALOGUE(NULL, {'C', OPEN},
             {'S', HEADER FEATURES("<compression xmlns='http://jabber.org/features/compress'>"
                                   "<method>zlib</method></compression><x xmlns='urn:x'>"
                                   "<required/></x><starttls xmlns='urn:not-tls'/>" STARTTLS)},
             {'C', "<starttls " NS_TLS "/>"});
}

static void whitespace_between_elements_is_ignored(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER "\n  \t\r\n" FEATURES("\n " STARTTLS "\n") "\n"},
             {'C', "<starttls " NS_TLS "/>"}, {'S', "\n" PROCEED}, {'E', "START_TLS"});
}

static void only_features_may_follow_the_header(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER PROCEED},
             {'E', "FAILED PROTOCOL stream not-authorized"}, {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER SUCCESS},
             {'E', "FAILED PROTOCOL stream not-authorized"}, {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER "<message/>"},
             {'E', "FAILED PROTOCOL stream not-authorized"}, {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER "<x xmlns='urn:x'/>"},
             {'E', "FAILED PROTOCOL stream unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER "<features/>"},
             {'E', "FAILED PROTOCOL stream unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
}

static void text_between_elements_is_fatal(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER "text"}, {'E', "FAILED XML stream bad-format"},
             {'C', ERROR("bad-format")});
}

/* Threat 25. */
static void features_twice_are_fatal(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)}, {'C', "<starttls " NS_TLS "/>"},
             {'S', FEATURES(STARTTLS)}, {'E', "FAILED PROTOCOL tls not-authorized"},
             {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, TO_OFFER, {'S', FEATURES(MECHANISMS)},
             {'E', "FAILED PROTOCOL sasl not-authorized"}, {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, TO_BIND, {'S', FEATURES(BIND)}, {'E', "FAILED PROTOCOL bind not-authorized"},
             {'C', ERROR("not-authorized")});
}

/* RFC 6120 5.4.3.3: what was heard before TLS is forgotten. */
static void features_before_tls_are_forgotten(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'D', "features none"}, {'S', HEADER FEATURES(STARTTLS MECHANISMS)},
             {'C', "<starttls " NS_TLS "/>"}, {'D', "features mechanisms"}, {'D', "!auth PLAIN x"},
             {'S', PROCEED}, {'E', "START_TLS"}, {'D', "!auth PLAIN x"}, {'D', "secured"},
             {'C', OPEN_FROM}, {'D', "features none"}, {'D', "!auth PLAIN x"},
             {'S', HEADER FEATURES("")}, {'E', "OFFER;"});
    DIALOGUE(NULL, TO_SUCCESS, {'D', "features mechanisms"}, {'D', "authenticated"},
             {'C', OPEN_FROM}, {'D', "features none"});
}

/* --- STARTTLS --------------------------------------------------------------------------------- */

static void starttls_need_not_be_required(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(MECHANISMS "<starttls " NS_TLS "/>")},
             {'C', "<starttls " NS_TLS "/>"});
}

/* Threat 14. */
static void starttls_stripped_is_fatal(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(MECHANISMS)},
             {'E', "FAILED TLS_MISSING tls policy-violation"}, {'C', ERROR("policy-violation")},
             {'D', "!auth PLAIN x"}, {'D', "!secured"});
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES("")},
             {'E', "FAILED TLS_MISSING tls policy-violation"}, {'C', ERROR("policy-violation")});
    DIALOGUE(NULL, {'C', OPEN},
             {'S', HEADER FEATURES("<starttls xmlns='jabber:client'/>"
                                   "<x xmlns='u'>" STARTTLS "</x>" MECHANISMS)},
             {'E', "FAILED TLS_MISSING tls policy-violation"}, {'C', ERROR("policy-violation")});
}

static void starttls_refused_is_told(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)}, {'C', "<starttls " NS_TLS "/>"},
             {'S', "<failure " NS_TLS "/>" CLOSE}, {'E', "FAILED TLS tls"}, {'C', CLOSE});
}

static void only_an_answer_may_follow_starttls(void)
{
    static const char *const rows[] = {SUCCESS, "<failure " NS_SASL "/>", "<iq type='result'/>",
                                       "<starttls " NS_TLS "/>"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)},
                 {'C', "<starttls " NS_TLS "/>"}, {'S', rows[i]},
                 {'E', "FAILED PROTOCOL tls not-authorized"}, {'C', ERROR("not-authorized")});
    }
    DIALOGUE(NULL, {'C', OPEN}, {'S', HEADER FEATURES(STARTTLS)}, {'C', "<starttls " NS_TLS "/>"},
             {'S', "<proceed xmlns='jabber:client'/>"},
             {'E', "FAILED PROTOCOL tls unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
}

static void starttls_is_not_offered_again(void)
{
    DIALOGUE(NULL, TO_SECURED, {'S', HEADER FEATURES(STARTTLS MECHANISMS)}, {'E', OFFER});
}

/* Threat 15: one write of the attacker's, whatever it is. */
static void bytes_behind_proceed_are_an_injection(void)
{
    static const char *const rows[] = {PROCEED HEADER, PROCEED " ", PROCEED "\n",
                                       PROCEED "\x16", PROCEED "<", PROCEED CLOSE};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_buf out = {0};
        struct xm_stream *stream = NULL;
        struct xm_stream_event event;
        size_t used = 0;
        const struct xm_stream_config config = {.domain = "example.com"};
        check_note("row %zu", i);
        CHECK_INT(xm_stream_new(&stream, &config, &out, "id"), 0);
        xm_stream_recv(stream, (const uint8_t *)HEADER FEATURES(STARTTLS),
                       strlen(HEADER FEATURES(STARTTLS)), &used, &event);
        xm_buf_clear(&out);
        xm_stream_recv(stream, (const uint8_t *)rows[i], strlen(rows[i]), &used, &event);
        CHECK_INT(event.type, XM_STREAM_FAILED);
        CHECK_INT(event.code, XMPP_E_TLS_INJECTED);
        CHECK_INT(event.phase, XMPP_PHASE_TLS);
        CHECK_INT(xm_stream_secured(stream), XMPP_E_STATE);
        CHECK_INT(xm_buf_len(&out), 0); /* nothing is said on a channel that changes hands */
        xm_stream_free(stream);
        xm_buf_done(&out);
    }
}

static void bytes_after_start_tls_are_an_injection(void)
{
    DIALOGUE(NULL, TO_TLS, {'S', "<"}, {'E', "FAILED TLS_INJECTED tls"}, {'D', "!secured"});
}

static void nothing_is_said_while_tls_is_made(void)
{
    DIALOGUE(NULL, TO_TLS, {'D', "close"}, {'D', "stage over"}, {'D', "!secured"}, {'C', ""});
    DIALOGUE(NULL, TO_TLS, {'D', "fail policy-violation"}, {'D', "stage over"}, {'C', ""});
    DIALOGUE(NULL, TO_TLS, {'D', "end"}, {'E', "FAILED TRUNCATED tls"}, {'C', ""});
}

static void calls_out_of_turn_are_refused(void)
{
    DIALOGUE(NULL, {'C', OPEN}, {'D', "!secured"}, {'D', "!auth PLAIN x"}, {'D', "!respond x"},
             {'D', "!abort"}, {'D', "!authenticated"}, {'D', "!send <message/>"}, {'C', ""});
    DIALOGUE(NULL, TO_SECURED, {'D', "!secured"}, {'C', ""});
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"from is told after TLS only", from_is_told_after_tls_only},
        {"from is told on a protected channel", from_is_told_on_a_protected_channel},
        {"from is never told in clear text", from_is_never_told_in_clear_text},
        {"ANONYMOUS has no from", anonymous_has_no_from},
        {"settings are escaped", settings_are_escaped},
        {"the language is told", language_is_told},
        {"odd headers are accepted", odd_headers_are_accepted},
        {"wrong headers are fatal", wrong_headers_are_fatal},
        {"every header is checked", every_header_is_checked},
        {"what is no XML is fatal", what_is_no_xml_is_fatal},
        {"an empty stream is fatal", empty_stream_is_fatal},
        {"the header has a limit", header_has_a_limit},
        {"features have a limit", features_have_a_limit},
        {"settings that cannot be are refused", settings_that_cannot_be_are_refused},
        {"unknown features are ignored", unknown_features_are_ignored},
        {"white space between elements is ignored", whitespace_between_elements_is_ignored},
        {"only features may follow the header", only_features_may_follow_the_header},
        {"text between elements is fatal", text_between_elements_is_fatal},
        {"features twice are fatal", features_twice_are_fatal},
        {"features before TLS are forgotten", features_before_tls_are_forgotten},
        {"STARTTLS need not be required", starttls_need_not_be_required},
        {"STARTTLS stripped is fatal", starttls_stripped_is_fatal},
        {"STARTTLS refused is told", starttls_refused_is_told},
        {"only an answer may follow STARTTLS", only_an_answer_may_follow_starttls},
        {"STARTTLS is not taken twice", starttls_is_not_offered_again},
        {"bytes behind proceed are an injection", bytes_behind_proceed_are_an_injection},
        {"bytes after START_TLS are an injection", bytes_after_start_tls_are_an_injection},
        {"nothing is said while TLS is made", nothing_is_said_while_tls_is_made},
        {"calls out of turn are refused", calls_out_of_turn_are_refused},
    };
    return CHECK_MAIN(argc, argv, "stream-open", cases);
}
