/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SASL's framing, RFC 6120 6. */
#include <stdio.h>
#include <string.h>

#include "base/b64.h"
#include "check.h"
#include "dialogue.h"

#define AUTH(inside) "<auth " NS_SASL " mechanism='SCRAM-SHA-1'>" inside "</auth>"

/* --- the offer -------------------------------------------------------------------------------- */

static void mechanisms_and_bindings_are_offered(void)
{
    DIALOGUE(
        NULL, TO_SECURED,
        {'S', HEADER FEATURES("<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"
                              "<channel-binding type='tls-server-end-point'/><channel-binding/>"
                              "<other type='x'/><channel-binding type='tls-exporter'/>"
                              "</sasl-channel-binding><mechanisms " NS_SASL ">"
                              "<mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism/>"
                              "<mechanism xmlns='urn:x'>X</mechanism>"
                              "<hostname xmlns='urn:xmpp:domain-based-name:1'>h</hostname>"
                              "<mechanism>EXTERNAL</mechanism></mechanisms>")},
        {'E', "OFFER SCRAM-SHA-256-PLUS EXTERNAL; tls-server-end-point tls-exporter"});
}

static void no_mechanisms_are_an_empty_offer(void)
{
    DIALOGUE(NULL, TO_SECURED, {'S', HEADER FEATURES("")}, {'E', "OFFER;"}, {'D', "close"},
             {'C', CLOSE});
    DIALOGUE(NULL, TO_SECURED, {'S', HEADER FEATURES("<mechanisms " NS_SASL "/>" BIND)},
             {'E', "OFFER;"});
}

static void offer_is_valid_until_auth(void)
{
    DIALOGUE(NULL, TO_AUTH, {'D', "!auth PLAIN x"}, {'D', "!authenticated"}, {'D', "!respond x"},
             {'C', ""});
}

/* --- what is sent ----------------------------------------------------------------------------- */

static void initial_response_is_told_apart(void)
{
    DIALOGUE(NULL, TO_OFFER, {'D', "auth SCRAM-SHA-1"}, {'C', AUTH("")});
    DIALOGUE(NULL, TO_OFFER, {'D', "auth SCRAM-SHA-1 ="}, {'C', AUTH("=")});
    DIALOGUE(NULL, TO_OFFER, {'D', "auth SCRAM-SHA-1 f"}, {'C', AUTH("Zg==")});
    DIALOGUE(NULL, TO_OFFER, {'D', "auth SCRAM-SHA-1 fo"}, {'C', AUTH("Zm8=")});
}

static void mechanism_is_escaped(void)
{
    DIALOGUE(NULL, TO_OFFER, {'D', "auth A'><x/> x"},
             {'C', "<auth " NS_SASL " mechanism='A&apos;&gt;&lt;x/&gt;'>eA==</auth>"});
}

static void challenges_are_answered(void)
{
    DIALOGUE(NULL, TO_CHALLENGE, {'D', "!authenticated"}, {'D', "!auth PLAIN x"},
             {'D', "respond c=1"}, {'C', "<response " NS_SASL ">Yz0x</response>"},
             {'S', "<challenge " NS_SASL ">dj0x</challenge>"}, {'E', "CHALLENGE v=1"},
             {'D', "respond ="}, {'C', "<response " NS_SASL "></response>"}, {'S', SUCCESS},
             {'E', "SUCCESS"});
}

static void empty_challenges_are_empty(void)
{
    DIALOGUE(NULL, TO_AUTH, {'S', "<challenge " NS_SASL "/>"}, {'E', "CHALLENGE ="});
    DIALOGUE(NULL, TO_AUTH, {'S', "<challenge " NS_SASL ">=</challenge>"}, {'E', "CHALLENGE ="});
}

/* RFC 6120 6.4.6: no data is not empty data. */
static void data_with_success_is_told(void)
{
    DIALOGUE(NULL, TO_AUTH, {'S', SUCCESS}, {'E', "SUCCESS"});
    DIALOGUE(NULL, TO_AUTH, {'S', "<success " NS_SASL ">=</success>"}, {'E', "SUCCESS ="});
    DIALOGUE(NULL, TO_AUTH, {'S', "<success " NS_SASL ">dj0x</success>"}, {'E', "SUCCESS v=1"});
}

/* RFC 6120 6.3.5, 13.9.1. */
static void sloppy_base64_is_fatal(void)
{
    static const char *const rows[] = {"Zg",
                                       "Zg=",
                                       "Zh==",
                                       "Z g=",
                                       " Zg==",
                                       "Zg==\n",
                                       "Zg==Zg",
                                       "====",
                                       "==",
                                       "Zm-_",
                                       "Z\xc3\xa9==",
                                       "Zg==<x xmlns='u'/>",
                                       "<x xmlns='u'/>"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char challenge[200];
        char success[200];
        snprintf(challenge, sizeof challenge, "<challenge " NS_SASL ">%s</challenge>", rows[i]);
        snprintf(success, sizeof success, "<success " NS_SASL ">%s</success>", rows[i]);
        DIALOGUE(NULL, TO_AUTH, {'S', challenge}, {'E', "FAILED AUTH_PROTOCOL sasl bad-format"},
                 {'C', ERROR("bad-format")});
        DIALOGUE(NULL, TO_AUTH, {'S', success}, {'E', "FAILED AUTH_PROTOCOL sasl bad-format"},
                 {'C', ERROR("bad-format")}, {'D', "!authenticated"});
    }
}

/* Beyond what the queue has room for: if there is no memory for it, no piece of it is left. */
static void long_responses_are_whole_or_not_there(void)
{
    char bytes[4001];
    char call[4100];
    char said[6000];
    memset(bytes, 'x', 4000);
    bytes[4000] = '\0';
    snprintf(call, sizeof call, "respond %s", bytes);
    size_t n = (size_t)snprintf(said, sizeof said, "<response " NS_SASL ">");
    xm_b64_encode(said + n, bytes, 4000);
    strcat(said, "</response>");
    DIALOGUE(NULL, TO_CHALLENGE, {'D', call}, {'C', said});
}

/* --- how it ends ------------------------------------------------------------------------------ */

static void success_opens_the_stream_anew(void)
{
    DIALOGUE(NULL, TO_SUCCESS, {'D', "stage authenticating"}, {'D', "!abort"}, {'D', "!respond x"},
             {'D', "authenticated"}, {'C', OPEN_FROM}, {'D', "stage binding"},
             {'D', "!authenticated"}, {'C', ""});
}

static const char *const conditions[] = {
    "aborted",
    "account-disabled",
    "credentials-expired",
    "encryption-required",
    "incorrect-encoding",
    "invalid-authzid",
    "invalid-mechanism",
    "malformed-request",
    "mechanism-too-weak",
    "not-authorized",
    "temporary-auth-failure",
};

static void every_failure_is_told(void)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        char bare[200];
        char full[300];
        char event[100];
        char event_with_text[100];
        snprintf(bare, sizeof bare, "<failure " NS_SASL "><%s/></failure>", conditions[i]);
        snprintf(full, sizeof full,
                 "<failure " NS_SASL "><text xml:lang='en'>Call 212</text><%s/></failure>",
                 conditions[i]);
        snprintf(event, sizeof event, "FAILED AUTH sasl %s", conditions[i]);
        snprintf(event_with_text, sizeof event_with_text, "FAILED AUTH sasl %s \"Call 212\"",
                 conditions[i]);
        DIALOGUE(NULL, TO_AUTH, {'S', bare}, {'E', event}, {'C', CLOSE});
        DIALOGUE(NULL, TO_CHALLENGE, {'D', "respond x"},
                 {'C', "<response " NS_SASL ">eA==</response>"}, {'S', full},
                 {'E', event_with_text}, {'C', CLOSE}, {'D', "!auth PLAIN x"});
    }
}

/* RFC 6120 6.5: it counts as not-authorized. */
static void unknown_failures_are_not_authorized(void)
{
    static const char *const rows[] = {
        "<failure " NS_SASL "/>",
        "<failure " NS_SASL "><bad-protocol/></failure>",
        "<failure " NS_SASL "><aborted xmlns='urn:other'/></failure>",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, TO_AUTH, {'S', rows[i]}, {'E', "FAILED AUTH sasl not-authorized"},
                 {'C', CLOSE});
    }
}

static void text_is_in_our_language_if_it_can_be(void)
{
    static const struct setting german = {
        .account = ANYBODY, .security = XM_STREAM_SECURE, .lang = "de"};
    DIALOGUE(&german,
             {'C', "<?xml version='1.0'?><stream:stream to='example.com' version='1.0' "
                   "xml:lang='de' xmlns='jabber:client'"
                   " xmlns:stream='http://etherx.jabber.org/streams'>"},
             {'S', HEADER FEATURES(MECHANISMS)}, {'E', OFFER}, {'D', "auth SCRAM-SHA-1"},
             {'C', AUTH("")},
             {'S', "<failure " NS_SASL "><not-authorized/><text>no</text>"
                   "<text xml:lang='DE'>nein</text></failure>"},
             {'E', "FAILED AUTH sasl not-authorized \"nein\""}, {'C', CLOSE});
    DIALOGUE(NULL, TO_AUTH,
             {'S', "<failure " NS_SASL "><not-authorized/><text xml:lang='de'>nein</text>"
                   "<text>no</text></failure>"},
             {'E', "FAILED AUTH sasl not-authorized \"no\""}, {'C', CLOSE});
    DIALOGUE(NULL, TO_AUTH,
             {'S', "<failure " NS_SASL "><not-authorized/><text xml:lang='de'>nein</text>"
                   "<text xml:lang='fr'>non</text></failure>"},
             {'E', "FAILED AUTH sasl not-authorized \"nein\""}, {'C', CLOSE});
}

static void abort_is_confirmed(void)
{
    DIALOGUE(NULL, TO_CHALLENGE, {'D', "abort"}, {'C', "<abort " NS_SASL "/>"}, {'D', "!respond x"},
             {'D', "!abort"}, {'S', "<failure " NS_SASL "><aborted/></failure>"},
             {'E', "FAILED AUTH sasl aborted"}, {'C', CLOSE});
    DIALOGUE(NULL, TO_AUTH, {'D', "abort"}, {'C', "<abort " NS_SASL "/>"}, {'S', SUCCESS},
             {'E', "FAILED PROTOCOL sasl not-authorized"}, {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, TO_OFFER, {'D', "!abort"}, {'C', ""});
}

/* The server need not wait until somebody has typed a password. */
static void failure_may_come_while_we_compute(void)
{
    DIALOGUE(NULL, TO_CHALLENGE, {'S', "<failure " NS_SASL "><temporary-auth-failure/></failure>"},
             {'E', "FAILED AUTH sasl temporary-auth-failure"}, {'C', CLOSE});
}

/* --- the attacker ------------------------------------------------------------------------------ */

/* Threats 21 and 25: nothing counts that was not asked for. */
static void nothing_unasked_is_taken(void)
{
    static const char *const rows[] = {SUCCESS,
                                       "<challenge " NS_SASL "/>",
                                       "<failure " NS_SASL "/>",
                                       PROCEED,
                                       "<message><body>hi</body></message>",
                                       "<presence/>",
                                       "<iq type='get' id='1'/>"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, TO_OFFER, {'S', rows[i]}, {'E', "FAILED PROTOCOL sasl not-authorized"},
                 {'C', ERROR("not-authorized")}, {'D', "!authenticated"});
        DIALOGUE(NULL, TO_SUCCESS, {'S', rows[i]}, {'E', "FAILED PROTOCOL sasl not-authorized"},
                 {'C', ERROR("not-authorized")}, {'D', "!authenticated"});
    }
    DIALOGUE(NULL, TO_CHALLENGE, {'S', SUCCESS}, {'E', "FAILED PROTOCOL sasl not-authorized"},
             {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, TO_CHALLENGE, {'S', "<challenge " NS_SASL "/>"},
             {'E', "FAILED PROTOCOL sasl not-authorized"}, {'C', ERROR("not-authorized")});
}

static void success_twice_is_fatal(void)
{
    DIALOGUE(NULL, TO_AUTH, {'S', SUCCESS SUCCESS}, {'E', "SUCCESS"}, {'D', "authenticated"},
             {'E', "FAILED XML bind bad-format"}, {'C', OPEN_FROM ERROR("bad-format")});
    DIALOGUE(NULL, TO_RESTART, {'S', HEADER SUCCESS}, {'E', "FAILED PROTOCOL bind not-authorized"},
             {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, TO_BIND, {'S', SUCCESS}, {'E', "FAILED PROTOCOL bind not-authorized"},
             {'C', ERROR("not-authorized")});
    DIALOGUE(NULL, TO_ONLINE, {'S', SUCCESS}, {'E', "FAILED PROTOCOL session not-authorized"},
             {'C', ERROR("not-authorized")});
}

static void unknown_elements_are_fatal(void)
{
    DIALOGUE(NULL, TO_AUTH, {'S', "<x xmlns='urn:x'/>"},
             {'E', "FAILED PROTOCOL sasl unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
    DIALOGUE(NULL, TO_AUTH, {'S', "<success xmlns='jabber:client'/>"},
             {'E', "FAILED PROTOCOL sasl unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
    DIALOGUE(NULL, TO_AUTH, {'S', "<success xmlns='urn:xmpp:sasl:2'/>"},
             {'E', "FAILED PROTOCOL sasl unsupported-stanza-type"},
             {'C', ERROR("unsupported-stanza-type")});
}

static void a_stream_error_ends_it_at_any_turn(void)
{
    static const char said[] =
        "<stream:error><connection-timeout xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        "</stream:error>";
    DIALOGUE(NULL, TO_OFFER, {'S', said}, {'E', "FAILED STREAM sasl connection-timeout"},
             {'C', CLOSE});
    DIALOGUE(NULL, TO_CHALLENGE, {'S', said}, {'E', "FAILED STREAM sasl connection-timeout"},
             {'C', CLOSE}, {'D', "!respond x"});
    DIALOGUE(NULL, TO_SUCCESS, {'S', said}, {'E', "FAILED STREAM sasl connection-timeout"},
             {'C', CLOSE}, {'D', "!authenticated"});
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"mechanisms and bindings are offered", mechanisms_and_bindings_are_offered},
        {"no mechanisms are an empty offer", no_mechanisms_are_an_empty_offer},
        {"the offer is valid until auth", offer_is_valid_until_auth},
        {"an initial response is told apart from none", initial_response_is_told_apart},
        {"the mechanism is escaped", mechanism_is_escaped},
        {"challenges are answered", challenges_are_answered},
        {"empty challenges are empty", empty_challenges_are_empty},
        {"data with success is told", data_with_success_is_told},
        {"sloppy base64 is fatal", sloppy_base64_is_fatal},
        {"long responses are whole or not there", long_responses_are_whole_or_not_there},
        {"success opens the stream anew", success_opens_the_stream_anew},
        {"every failure is told", every_failure_is_told},
        {"unknown failures are not-authorized", unknown_failures_are_not_authorized},
        {"the text is in our language if it can be", text_is_in_our_language_if_it_can_be},
        {"abort is confirmed", abort_is_confirmed},
        {"failure may come while we compute", failure_may_come_while_we_compute},
        {"nothing unasked is taken", nothing_unasked_is_taken},
        {"success twice is fatal", success_twice_is_fatal},
        {"unknown elements are fatal", unknown_elements_are_fatal},
        {"a stream error ends it at any turn", a_stream_error_ends_it_at_any_turn},
    };
    return CHECK_MAIN(argc, argv, "stream-auth", cases);
}
