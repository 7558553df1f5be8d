/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages: their types, languages, threads and answers, RFC 6121 5. */
#include "given.h"
#include "stanza/typed.h"
#include "xmpp/error.h"
#include "xmpp/message.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void types_are_read(void)
{
    static const struct {
        const char *text;
        int type;
    } rows[] = {
        {"<message/>", XMPP_MESSAGE_NORMAL},
        {"<message type='normal'/>", XMPP_MESSAGE_NORMAL},
        {"<message type='chat'/>", XMPP_MESSAGE_CHAT},
        {"<message type='groupchat'/>", XMPP_MESSAGE_GROUPCHAT},
        {"<message type='headline'/>", XMPP_MESSAGE_HEADLINE},
        {"<message type='error'/>", XMPP_MESSAGE_ERROR},
        {"<message type='Chat'/>", XMPP_MESSAGE_NORMAL},
        {"<message type=''/>", XMPP_MESSAGE_NORMAL},
        {"<message type='chatter'/>", XMPP_MESSAGE_NORMAL},
        {"<message x:type='chat' xmlns:x='urn:x'/>", XMPP_MESSAGE_NORMAL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *message = given(rows[i].text);
        CHECK_INT(xmpp_message_get_type(message), rows[i].type);
        xmpp_stanza_unref(message);
    }
    CHECK_INT(xmpp_message_get_type(NULL), XMPP_MESSAGE_NORMAL);
}

static void a_body_is_chosen_by_language(void)
{
    static const struct {
        const char *text;
        const char *lang;
        const char *body;
    } rows[] = {
        {"<message/>", NULL, NULL},
        {"<message/>", "de", NULL},
        {"<message><body/></message>", NULL, ""},
        {"<message><body>a</body></message>", NULL, "a"},
        {"<message><body>a</body></message>", "de", "a"},
        {"<message><body xmlns='urn:x'>x</body></message>", NULL, NULL},
        {"<message><x xmlns='urn:x'><body xmlns='jabber:client'>x</body></x></message>", NULL,
         NULL},
        {"<message><body xml:lang='de'>d</body></message>", NULL, "d"},
        {"<message><body xml:lang='de'>d</body><body>a</body></message>", NULL, "a"},
        {"<message><body xml:lang='de'>d</body><body>a</body></message>", "de", "d"},
        {"<message><body xml:lang='de'>d</body><body>a</body></message>", "DE", "d"},
        {"<message><body xml:lang='de'>d</body><body>a</body></message>", "fr", "a"},
        {"<message><body xml:lang='de'>d</body><body>a</body></message>", "d", "a"},
        {"<message><body xml:lang='de'>d</body><body>a</body></message>", "", "a"},
        {"<message><body xml:lang='de'>d</body><body>a</body></message>", "*", "a"},
        /* the range is a prefix of the tag, RFC 4647 3.3.1 */
        {"<message><body>a</body><body xml:lang='de-AT'>at</body></message>", "de", "at"},
        {"<message><body>a</body><body xml:lang='del'>l</body></message>", "de", "a"},
        {"<message><body xml:lang='de-AT'>at</body><body xml:lang='de'>d</body></message>", "de",
         "d"},
        /* the tag is a prefix of the range, RFC 4647 3.4 */
        {"<message><body>a</body><body xml:lang='de'>d</body></message>", "de-CH-1996", "d"},
        {"<message><body>a</body><body xml:lang='zh-hant'>z</body></message>", "zh-Hant-x-private",
         "z"},
        {"<message><body>a</body><body xml:lang='x'>z</body></message>", "-", "a"},
        {"<message><body>a</body><body xml:lang='x'>z</body></message>", "a-b-", "a"},
        /* the language of the message counts for what has none of its own */
        {"<message xml:lang='de'><body xml:lang='en'>e</body><body>d</body></message>", "de-DE",
         "d"},
        {"<message xml:lang='de'><body xml:lang='en'>e</body><body "
         "xml:lang='DE'>d</body></message>",
         NULL, "d"},
        {"<message><body xml:lang='en'>e</body><body xml:lang='de'>d</body></message>", NULL, "e"},
        {"<message><body xml:lang=''>u</body><body xml:lang='de'>d</body></message>", NULL, "u"},
        {"<message xml:lang='de'><body xml:lang=''>u</body><body>d</body></message>", "de", "d"},
        /* twice in one language: the first */
        {"<message><body>1</body><body>2</body></message>", NULL, "1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *message = given(rows[i].text);
        CHECK_STR(xmpp_message_get_body(message, rows[i].lang), rows[i].body);
        xmpp_stanza_unref(message);
    }
    CHECK_STR(xmpp_message_get_body(NULL, "de"), NULL);
}

/* XEP-0045 7.2.15: a room without a subject says so. */
static void an_empty_subject_is_not_a_missing_one(void)
{
    xmpp_stanza *missing = given("<message><body>x</body></message>");
    xmpp_stanza *empty = given("<message><subject/></message>");
    xmpp_stanza *two = given("<message><subject xml:lang='de'>d</subject><subject/></message>");
    CHECK_STR(xmpp_message_get_subject(missing, NULL), NULL);
    CHECK_STR(xmpp_message_get_subject(empty, NULL), "");
    CHECK_STR(xmpp_message_get_subject(two, NULL), "");
    CHECK_STR(xmpp_message_get_subject(two, "de"), "d");
    xmpp_stanza_unref(missing);
    xmpp_stanza_unref(empty);
    xmpp_stanza_unref(two);
}

static void threads_are_read(void)
{
    xmpp_stanza *message = given("<message><thread parent='p'>t</thread></message>");
    CHECK_STR(xmpp_message_get_thread(message), "t");
    CHECK_STR(xmpp_message_get_thread_parent(message), "p");
    xmpp_stanza_unref(message);
    message = given("<message><thread>t</thread></message>");
    CHECK_STR(xmpp_message_get_thread_parent(message), NULL);
    xmpp_stanza_unref(message);
    message = given("<message><thread parent='t'>t</thread></message>");
    CHECK_STR(xmpp_message_get_thread_parent(message), NULL);
    xmpp_stanza_unref(message);
    message = given("<message/>");
    CHECK_STR(xmpp_message_get_thread(message), NULL);
    CHECK_STR(xmpp_message_get_thread_parent(message), NULL);
    xmpp_stanza_unref(message);
}

/* The texts of XEP-0245 2. */
static void actions_are_read(void)
{
    static const struct {
        const char *body;
        const char *action;
    } rows[] = {
        {"/me shrugs in disgust", "shrugs in disgust"},
        {"/me ", ""},
        {"/me  /me ", " /me "},
        {"/me", NULL},
        {"/meshrugs in disgust", NULL},
        {"/me's disgusted", NULL},
        {" /me shrugs in disgust", NULL},
        {"\"/me shrugs in disgust\"", NULL},
        {"* Atlas shrugs in disgust", NULL},
        {"Why did Atlas say \"/me shrugs in disgust\"?", NULL},
        {"/ME shrugs", NULL},
        {"/me\tshrugs", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_GROUPCHAT, "olympians@chat.gods.lit");
        xmpp_message_set_body(message, NULL, rows[i].body);
        check_note("row %zu", i);
        CHECK_STR(xmpp_message_get_action(message, NULL), rows[i].action);
        xmpp_stanza_unref(message);
    }
    xmpp_stanza *two = given("<message><body>/me laughs</body>"
                             "<body xml:lang='de'>/me lacht</body></message>");
    CHECK_STR(xmpp_message_get_action(two, "de"), "lacht");
    CHECK_STR(xmpp_message_get_action(two, NULL), "laughs");
    xmpp_stanza_unref(two);
}

static void messages_are_built(void)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, "Bob@Example.net");
    CHECK_INT(xmpp_stanza_get_kind(message), XMPP_KIND_MESSAGE);
    xmpp_message_add_body(message, NULL, "1 < 2");
    xmpp_message_add_body(message, "de", "1 kleiner 2");
    xmpp_message_set_subject(message, NULL, "");
    xmpp_message_set_thread(message, "t", "p");
    written(message, "<message type='chat' to='bob@example.net'><body>1 &lt; 2</body>"
                     "<body xml:lang='de'>1 kleiner 2</body><subject/>"
                     "<thread parent='p'>t</thread></message>");
    written(xmpp_message_new(XMPP_MESSAGE_NORMAL, NULL), "<message/>");
    written(xmpp_message_new(XMPP_MESSAGE_ERROR, NULL), "<message type='error'/>");
}

static void what_is_set_again_is_replaced(void)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_HEADLINE, "a@b");
    xmpp_message_set_body(message, NULL, "1");
    xmpp_message_set_body(message, "de", "2");
    xmpp_message_set_body(message, NULL, "3");
    xmpp_message_set_body(message, "DE", "4");
    xmpp_message_set_body(message, "en", "5");
    xmpp_message_set_body(message, "en", NULL);
    xmpp_message_set_subject(message, NULL, "s");
    xmpp_message_set_subject(message, NULL, NULL);
    xmpp_message_set_thread(message, "t", "p");
    xmpp_message_set_thread(message, "u", NULL);
    CHECK_STR(xmpp_message_get_body(message, "de"), "4");
    written(message, "<message type='headline' to='a@b'><body>3</body>"
                     "<body xml:lang='DE'>4</body><thread>u</thread></message>");
    message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    xmpp_message_set_thread(message, "t", NULL);
    xmpp_message_set_thread(message, NULL, "p");
    written(message, "<message type='chat'/>");
}

static void the_memory_is_used_again(void)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, "not valid@b");
    CHECK_INT(xmpp_stanza_get_error(message), XMPP_E_JID);
    CHECK_INT(xmpp_message_reset(message, XMPP_MESSAGE_CHAT, "a@b"), 0);
    xmpp_message_add_body(message, NULL, "again");
    const xmpp_stanza *kept = xmpp_stanza_ref(message);
    CHECK_INT(xmpp_message_reset(message, XMPP_MESSAGE_CHAT, "c@d"), XMPP_E_BUSY);
    xmpp_stanza_unref(kept);
    CHECK_INT(xmpp_message_reset(NULL, XMPP_MESSAGE_CHAT, "c@d"), XMPP_E_INVAL);
    written(message, "<message type='chat' to='a@b'><body>again</body></message>");
}

static void mistakes_stick(void)
{
    refused(xmpp_message_new(5, "a@b"), XMPP_E_INVAL);
    refused(xmpp_message_new(-1, "a@b"), XMPP_E_INVAL);
    refused(xmpp_message_new(XMPP_MESSAGE_CHAT, "a b@c"), XMPP_E_JID);
    refused(xmpp_message_new(XMPP_MESSAGE_CHAT, ""), XMPP_E_JID);
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, "a@b");
    xmpp_message_add_body(message, NULL, "\x01");
    refused(message, XMPP_E_CHAR);
    message = xmpp_message_new(XMPP_MESSAGE_CHAT, "a@b");
    xmpp_message_set_thread(message, "t", "t");
    refused(message, XMPP_E_INVAL);
    xmpp_message_add_body(NULL, NULL, "x");
    xmpp_message_set_body(NULL, NULL, "x");
    xmpp_message_set_subject(NULL, NULL, "x");
    xmpp_message_set_thread(NULL, "x", NULL);
}

static void what_is_sealed_stays(void)
{
    xmpp_stanza *message = given("<message><body>a</body><thread>t</thread></message>");
    xmpp_message_set_body(message, NULL, "b");
    xmpp_message_set_thread(message, NULL, NULL);
    CHECK_STR(xmpp_message_get_body(message, NULL), "a");
    CHECK_STR(xmpp_message_get_thread(message), "t");
    CHECK_INT(xmpp_stanza_get_error(message), 0);
    xmpp_stanza_unref(message);
}

static void answers_go_back(void)
{
    static const struct {
        const char *text;
        const char *answer; /* NULL: none */
    } rows[] = {
        {"<message type='chat' from='a@b/c' to='d@e' id='1'><body>x</body>"
         "<thread parent='p'>t</thread></message>",
         "<message type='chat' to='a@b/c'><thread parent='p'>t</thread></message>"},
        {"<message from='a@b'/>", "<message to='a@b'/>"},
        {"<message/>", "<message/>"},
        /* as it names itself, prepared or not */
        {"<message from='A@B/ x'/>", "<message to='A@B/ x'/>"},
        {"<message type='groupchat' from='room@muc/Nick/1'/>",
         "<message type='groupchat' to='room@muc'/>"},
        {"<message type='groupchat' from='room@muc'/>",
         "<message type='groupchat' to='room@muc'/>"},
        {"<message type='error' from='a@b'/>", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *message = given(rows[i].text);
        xmpp_stanza *answer = xmpp_message_reply(message);
        if (rows[i].answer) {
            written(answer, rows[i].answer);
        } else {
            CHECK(answer == NULL);
        }
        xmpp_stanza_unref(message);
    }
    CHECK(xmpp_message_reply(NULL) == NULL);
}

/* Not in the tree, where a client's server would have to like it: a component writes it. */
static void an_answer_knows_whom_it_is_from(void)
{
    xmpp_stanza *message = given("<message from='a@b/c' to='D@e/f'/>");
    xmpp_stanza *answer = xmpp_message_reply(message);
    CHECK_STR(xm_typed_answers_as(answer), "D@e/f");
    xmpp_stanza_unref(message);
    written(answer, "<message to='a@b/c'/>");
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"types are read", types_are_read},
        {"a body is chosen by language", a_body_is_chosen_by_language},
        {"an empty subject is not a missing one", an_empty_subject_is_not_a_missing_one},
        {"threads are read", threads_are_read},
        {"actions are read", actions_are_read},
        {"messages are built", messages_are_built},
        {"what is set again is replaced", what_is_set_again_is_replaced},
        {"the memory is used again", the_memory_is_used_again},
        {"mistakes stick", mistakes_stick},
        {"what is sealed stays", what_is_sealed_stays},
        {"answers go back", answers_go_back},
        {"an answer knows whom it is from", an_answer_knows_whom_it_is_from},
    };
    return CHECK_MAIN(argc, argv, "message", cases);
}
