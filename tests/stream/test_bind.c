/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resource binding, RFC 6120 7, the session of RFC 3921, and being online. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dialogue.h"
#include "nomem.h"

static const struct setting no_resource = {.account = JULIET};
static const struct setting anybody = {.account = ANYBODY, .resource = "balcony"};

#define RESULT(inside) "<iq type='result' id='" ID "-1'>" inside "</iq>"
#define JULIET_BALCONY "juliet@example.com/balcony"

/* As TO_BIND, for who has no address yet. */
#define TO_BIND_ANYBODY                                                                            \
    TO_TLS, {'D', "secured"}, {'C', OPEN}, {'S', HEADER FEATURES(MECHANISMS)}, {'E', OFFER},       \
        {'D', "auth ANONYMOUS"}, {'C', "<auth " NS_SASL " mechanism='ANONYMOUS'></auth>"},         \
        {'S', SUCCESS}, {'E', "SUCCESS"}, {'D', "authenticated"}, {'C', OPEN},                     \
        {'S', HEADER FEATURES(BIND)},                                                              \
    {                                                                                              \
        'C', BIND_ASKED                                                                            \
    }

/* --- asking ----------------------------------------------------------------------------------- */

static void resource_is_asked_for(void)
{
    DIALOGUE(NULL, TO_BIND, {'D', "stage binding"}, {'D', "features bind"},
             {'D', "!send <presence/>"}, {'C', ""});
}

static void server_makes_the_resource(void)
{
    static const struct setting empty = {.account = JULIET, .resource = ""};
    const struct setting *const rows[] = {&no_resource, &empty};
    for (size_t i = 0; i < 2; i++) {
        DIALOGUE(rows[i], TO_RESTART, {'S', HEADER FEATURES(BIND)},
                 {'C', "<iq type='set' id='" ID "-1'><bind " NS_BIND "/></iq>"},
                 {'S', BOUND("", "juliet@example.com/4db06f06")},
                 {'E', "ONLINE juliet@example.com/4db06f06"}, {'D', "stage open"});
    }
}

static void resource_is_escaped(void)
{
    static const struct setting odd = {.account = JULIET, .resource = "<&'\">\xc3\xa9"};
    DIALOGUE(&odd, TO_RESTART, {'S', HEADER FEATURES(BIND)},
             {'C', "<iq type='set' id='" ID "-1'><bind " NS_BIND
                   "><resource>&lt;&amp;&apos;&quot;&gt;\xc3\xa9</resource></bind></iq>"});
}

static void resource_that_cannot_be_written_fails(void)
{
    static const struct setting odd = {.account = JULIET, .resource = "a\x01"};
    DIALOGUE(&odd, TO_RESTART, {'S', HEADER FEATURES(BIND)}, {'E', "FAILED CHAR bind"},
             {'C', ERROR("undefined-condition")});
}

static void no_bind_offered_is_fatal(void)
{
    DIALOGUE(NULL, TO_RESTART, {'S', HEADER FEATURES("")},
             {'E', "FAILED PROTOCOL bind unsupported-feature"},
             {'C', ERROR("unsupported-feature")});
    DIALOGUE(NULL, TO_RESTART,
             {'S', HEADER FEATURES(MECHANISMS STARTTLS SESSION "<bind xmlns='urn:xmpp:bind:0'/>")},
             {'E', "FAILED PROTOCOL bind unsupported-feature"},
             {'C', ERROR("unsupported-feature")});
}

/* RFC 6120 7.3.1: not before the authentication. */
static void bind_waits_for_the_authentication(void)
{
    DIALOGUE(NULL, TO_SECURED, {'S', HEADER FEATURES(BIND SESSION)}, {'E', "OFFER;"}, {'C', ""});
}

/* --- what was bound --------------------------------------------------------------------------- */

static void bound_address_is_the_truth(void)
{
    DIALOGUE(NULL, TO_BIND, {'S', BOUND("", "juliet@example.com/balcony 4db06f06")},
             {'E', "ONLINE juliet@example.com/balcony 4db06f06"});
    DIALOGUE(NULL, TO_BIND, {'S', BOUND("", "JULIET@Example.COM/Balcony")},
             {'E', "ONLINE juliet@example.com/Balcony"});
}

static void bound_address_has_to_be_ours(void)
{
    static const struct {
        const char *result;
        const char *condition;
    } rows[] = {
        {RESULT(""), "bad-format"},
        {RESULT("<bind " NS_BIND "/>"), "bad-format"},
        {RESULT("<bind " NS_BIND "><jid xmlns='urn:x'>" JULIET_BALCONY "</jid></bind>"),
         "bad-format"},
        {RESULT("<jid " NS_BIND ">" JULIET_BALCONY "</jid>"), "bad-format"},
        {BOUND("", ""), "policy-violation"},
        {BOUND("", "juliet@example.com"), "policy-violation"},
        {BOUND("", "juliet@example.com/"), "policy-violation"},
        {BOUND("", "example.com/balcony"), "policy-violation"},
        {BOUND("", "@example.com/balcony"), "policy-violation"},
        {BOUND("", "romeo@example.com/balcony"), "policy-violation"},
        {BOUND("", "juliet@example.net/balcony"), "policy-violation"},
        {BOUND("", "juliet@example.com.example.net/balcony"), "policy-violation"},
        {BOUND("", "romeo@example.net/juliet@example.com/balcony"), "policy-violation"},
        {BOUND("", " juliet@example.com/balcony"), "policy-violation"},
        {BOUND("", "jul\xd1\x96"
                   "et@example.com/balcony"),
         "policy-violation"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char event[100];
        char said[200];
        snprintf(event, sizeof event, "FAILED BOUND_JID bind %s", rows[i].condition);
        snprintf(said, sizeof said,
                 "<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                 "</stream:error></stream:stream>",
                 rows[i].condition);
        DIALOGUE(NULL, TO_BIND, {'S', rows[i].result}, {'E', event}, {'C', said},
                 {'D', "!send <presence/>"});
    }
}

static void anonymous_may_be_anybody_of_the_domain(void)
{
    DIALOGUE(&anybody, TO_BIND_ANYBODY, {'S', BOUND("", "e1f2@example.com/x")},
             {'E', "ONLINE e1f2@example.com/x"});
    DIALOGUE(&anybody, TO_BIND_ANYBODY, {'S', BOUND("", "e1f2@example.net/x")},
             {'E', "FAILED BOUND_JID bind policy-violation"}, {'C', ERROR("policy-violation")});
    DIALOGUE(&anybody, TO_BIND_ANYBODY, {'S', BOUND("", "e1f2@example.com")},
             {'E', "FAILED BOUND_JID bind policy-violation"}, {'C', ERROR("policy-violation")});
}

/* --- the answer, and what is none ------------------------------------------------------------- */

static void answer_may_be_from_the_server_or_the_account(void)
{
    static const char *const rows[] = {
        BOUND(" from='example.com'", JULIET_BALCONY),
        BOUND(" from='EXAMPLE.COM'", JULIET_BALCONY),
        BOUND(" from='juliet@example.com'", JULIET_BALCONY),
        BOUND(" to='juliet@example.com/balcony'", JULIET_BALCONY),
        BOUND(" to='example.com/temporary'", JULIET_BALCONY),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, TO_BIND, {'S', rows[i]}, {'E', "ONLINE " JULIET_BALCONY});
    }
}

/* Threats 3 and 25: kind, type, id and sender have to match, all else is a stanza too early. */
static void stanzas_before_bind_are_fatal(void)
{
    static const char *const rows[] = {
        "<message/>",
        "<presence/>",
        "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='result'/>",
        "<iq type='result' id='" ID "'/>",
        "<iq type='result' id='" ID "-2'><bind " NS_BIND "><jid>" JULIET_BALCONY
        "</jid></bind></iq>",
        "<iq type='set' id='" ID "-1'><bind " NS_BIND "><jid>" JULIET_BALCONY "</jid></bind></iq>",
        "<iq id='" ID "-1'><bind " NS_BIND "><jid>" JULIET_BALCONY "</jid></bind></iq>",
        "<message type='result' id='" ID "-1'><bind " NS_BIND "><jid>" JULIET_BALCONY
        "</jid></bind></message>",
        BOUND(" from='romeo@example.com'", JULIET_BALCONY),
        BOUND(" from='example.net'", JULIET_BALCONY),
        BOUND(" from='example.com/x'", JULIET_BALCONY),
        BOUND(" from='juliet@example.com/balcony'", JULIET_BALCONY),
        BOUND(" from='x@example.com'", JULIET_BALCONY),
        BOUND(" from=''", JULIET_BALCONY),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, TO_BIND, {'S', rows[i]}, {'E', "FAILED PROTOCOL bind not-authorized"},
                 {'C', ERROR("not-authorized")});
    }
}

#define REFUSED(n, inside)                                                                         \
    "<iq type='error' id='" ID "-" n "'><error type='cancel'>" inside "</error></iq>"
#define NS_STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

static void bind_errors_are_told_as_such(void)
{
    static const char *const conditions[] = {"resource-constraint", "not-allowed", "bad-request",
                                             "conflict"};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        char said[300];
        char event[100];
        snprintf(said, sizeof said,
                 REFUSED("1", "<%s " NS_STANZAS "/><text " NS_STANZAS ">no room</text>"),
                 conditions[i]);
        snprintf(event, sizeof event, "FAILED BIND bind %s \"no room\"", conditions[i]);
        DIALOGUE(NULL, TO_BIND, {'S', said}, {'E', event}, {'C', CLOSE});
    }
    DIALOGUE(NULL, TO_BIND, {'S', REFUSED("1", "<future " NS_STANZAS "/>")},
             {'E', "FAILED BIND bind undefined-condition"}, {'C', CLOSE});
    DIALOGUE(NULL, TO_BIND, {'S', "<iq type='error' id='" ID "-1'/>"},
             {'E', "FAILED BIND bind undefined-condition"}, {'C', CLOSE});
}

/* --- the session of RFC 3921 3 ---------------------------------------------------------------- */

#define TO_SESSION                                                                                 \
    TO_RESTART, {'S', HEADER FEATURES(SESSION BIND)}, {'C', BIND_ASKED},                           \
        {'S', BOUND("", JULIET_BALCONY)},                                                          \
    {                                                                                              \
        'C', SESSION_ASKED                                                                         \
    }

static void session_is_made_where_mandatory(void)
{
    DIALOGUE(NULL, TO_SESSION, {'D', "stage binding"},
             {'S', "<iq type='result' id='" ID "-2' from='example.com'/>"},
             {'E', "ONLINE " JULIET_BALCONY}, {'D', "stage open"});
}

static void session_is_skipped_where_optional(void)
{
    DIALOGUE(NULL, TO_RESTART,
             {'S', HEADER FEATURES(BIND "<session " NS_SESSION "><optional/></session>")},
             {'C', BIND_ASKED}, {'S', BOUND("", JULIET_BALCONY)}, {'E', "ONLINE " JULIET_BALCONY});
}

static void session_refused_is_told(void)
{
    DIALOGUE(NULL, TO_SESSION, {'S', REFUSED("2", "<forbidden " NS_STANZAS "/>")},
             {'E', "FAILED BIND bind forbidden"}, {'C', CLOSE});
}

/* The resource is bound: whoever knows or guesses it can send to it, and must not be able to end
 * the login with that. */
static void stanzas_before_the_session_are_delivered(void)
{
    DIALOGUE(NULL, TO_SESSION, {'S', "<message id='m' from='romeo@example.net'/>"},
             {'E', "STANZA message m"}, {'D', "send <message id='a'/>"}, {'C', "<message id='a'/>"},
             {'S', "<iq type='result' id='" ID "-2' from='romeo@"
                   "example.net'/>"},
             {'E', "STANZA iq " ID "-2"}, {'S', "<iq type='result' id='" ID "-2'/>"},
             {'E', "ONLINE " JULIET_BALCONY});
    DIALOGUE(NULL, TO_SESSION, {'S', FEATURES(BIND)}, {'E', "FAILED PROTOCOL bind not-authorized"},
             {'C', ERROR("not-authorized")});
}

/* --- online ----------------------------------------------------------------------------------- */

static void stanzas_go_both_ways(void)
{
    DIALOGUE(NULL, TO_ONLINE, {'S', "<message id='1'><body>a</body></message><presence/>"},
             {'E', "STANZA message 1"}, {'E', "STANZA presence"},
             {'D', "send <message to='romeo@example.net'><body>b &amp; c</body></message>"},
             {'C', "<message to='romeo@example.net' id='made-up'><body>b &amp; c</body></message>"},
             {'D', "send <iq type='get' id='7'><query xmlns='jabber:iq:roster'/></iq>"},
             {'C', "<iq type='get' id='7'><query xmlns='jabber:iq:roster'/></iq>"});
}

static void idle_gives_memory_back_and_goes_on(void)
{
    DIALOGUE(NULL, TO_ONLINE, {'D', "idle"}, {'S', " <presence/>"}, {'E', "STANZA presence"},
             {'D', "idle"}, {'D', "idle"}, {'S', "<x:y xmlns:x='urn:x' id='2'/>"},
             {'E', "STANZA y 2 {urn:x}"});
}

static void feed_all(struct xm_stream *stream, const char *text, unsigned *ret_n_stanzas)
{
    size_t n = strlen(text);
    while (n > 0) {
        struct xm_stream_event event;
        size_t used;
        xm_stream_recv(stream, (const uint8_t *)text, n, &used, &event);
        *ret_n_stanzas += event.type == XM_STREAM_STANZA;
        if (event.type == XM_STREAM_OFFER) {
            CHECK_INT(xm_stream_auth(stream, "PLAIN", NULL, 0), 0);
        } else if (event.type == XM_STREAM_SUCCESS) {
            CHECK_INT(xm_stream_authenticated(stream), 0);
        }
        text += used;
        n -= used;
    }
}

/* Threat 31: an endless stream costs nothing that adds up, and a stanza that nobody keeps costs no
 * allocation of ours at all. */
static void a_flood_allocates_nothing(void)
{
    static const struct xm_stream_config config = {.domain = "example.com",
                                                   .security = XM_STREAM_SECURE};
    struct xm_buf out = {0};
    struct xm_stream *stream = NULL;
    unsigned n_stanzas = 0;
    CHECK_INT(xm_stream_new(&stream, &config, &out, ID), 0);
    feed_all(stream, HEADER FEATURES(MECHANISMS) SUCCESS HEADER FEATURES(BIND), &n_stanzas);
    feed_all(stream, BOUND("", "x@example.com/y") "<message><body>a</body></message>", &n_stanzas);
    CHECK_INT(n_stanzas, 1);
    nomem_at(-1);
    for (unsigned i = 0; i < 10000; i++) {
        feed_all(stream, "<iq type='get' id='1'/> <r xmlns='urn:xmpp:sm:3'/><stream:features/>\n",
                 &n_stanzas);
    }
    CHECK_INT(n_stanzas, 20001);
    CHECK_INT(nomem_count(), 0);
    xm_stream_free(stream);
    xm_buf_done(&out);
}

/* Odd but well-formed: nothing of this ends the session. */
static void odd_stanzas_are_delivered(void)
{
    static const struct {
        const char *said;
        const char *event;
    } rows[] = {
        {"<iq/>", "STANZA iq"},
        {"<iq type='unheard-of' id='1'/>", "STANZA iq 1"},
        {"<iq type='get' id='1'><a xmlns='u'/><b xmlns='u'/></iq>", "STANZA iq 1"},
        {"<message from='not an address@@' to='/'/>", "STANZA message"},
        {"<message id=''/>", "STANZA message "},
        {"<pubsub/>", "STANZA pubsub"},
        {"<message xmlns='jabber:server'/>", "STANZA message {jabber:server}"},
        {"<message xmlns=''/>", "STANZA message {}"},
        {"<r xmlns='urn:xmpp:sm:3'/>", "STANZA r {urn:xmpp:sm:3}"},
        {"<features/>", "STANZA features"},
        {"<error/>", "STANZA error"},
        {"<success/>", "STANZA success"},
        {"<message><stream:error xmlns:stream='http://etherx.jabber.org/streams'/></message>",
         "STANZA message"},
        {BOUND("", "romeo@example.com/x"), "STANZA iq " ID "-1"},
        {"<iq type='result' id='" ID "-3'/>", "STANZA iq " ID "-3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, TO_ONLINE, {'S', rows[i].said}, {'E', rows[i].event},
                 {'S', "<presence id='next'/>"}, {'E', "STANZA presence next"},
                 {'D', "stage open"});
    }
}

/* RFC 6120 4.3.5: empty features may come, others must not. */
static void late_features_are_ignored_if_empty(void)
{
    DIALOGUE(NULL, TO_ONLINE, {'S', "<stream:features/><presence/>"}, {'E', "STANZA presence"});
    DIALOGUE(NULL, TO_ONLINE, {'S', FEATURES(BIND)},
             {'E', "FAILED PROTOCOL session not-authorized"}, {'C', ERROR("not-authorized")});
}

static void negotiation_online_is_fatal(void)
{
    static const char *const rows[] = {PROCEED, SUCCESS, "<challenge " NS_SASL "/>",
                                       "<failure " NS_TLS "/>", "<stream:stream/>"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DIALOGUE(NULL, TO_ONLINE, {'S', rows[i]}, {'E', "FAILED PROTOCOL session not-authorized"},
                 {'C', ERROR("not-authorized")});
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a resource is asked for", resource_is_asked_for},
        {"the server makes the resource", server_makes_the_resource},
        {"the resource is escaped", resource_is_escaped},
        {"a resource that cannot be written fails", resource_that_cannot_be_written_fails},
        {"no bind offered is fatal", no_bind_offered_is_fatal},
        {"bind waits for the authentication", bind_waits_for_the_authentication},
        {"the bound address is the truth", bound_address_is_the_truth},
        {"the bound address has to be ours", bound_address_has_to_be_ours},
        {"ANONYMOUS may be anybody of the domain", anonymous_may_be_anybody_of_the_domain},
        {"the answer may be from server or account", answer_may_be_from_the_server_or_the_account},
        {"stanzas before bind are fatal", stanzas_before_bind_are_fatal},
        {"bind errors are told as such", bind_errors_are_told_as_such},
        {"a session is made where mandatory", session_is_made_where_mandatory},
        {"a session is skipped where optional", session_is_skipped_where_optional},
        {"a session refused is told", session_refused_is_told},
        {"stanzas before the session are delivered", stanzas_before_the_session_are_delivered},
        {"stanzas go both ways", stanzas_go_both_ways},
        {"idle gives memory back and goes on", idle_gives_memory_back_and_goes_on},
        {"a flood allocates nothing", a_flood_allocates_nothing},
        {"odd stanzas are delivered", odd_stanzas_are_delivered},
        {"late features are ignored if empty", late_features_are_ignored_if_empty},
        {"negotiation online is fatal", negotiation_online_is_fatal},
    };
    return CHECK_MAIN(argc, argv, "stream-bind", cases);
}
