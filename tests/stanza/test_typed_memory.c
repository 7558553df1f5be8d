/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each allocation fails in turn while stanzas are built: there is no stanza then, or the error
 * sticks to it; it is never sent without what could not be added. And what is built again in the
 * same memory allocates nothing. */
#include <string.h>

#include "given.h"
#include "nomem.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/message.h"
#include "xmpp/presence.h"
#include "xmpp/stanza_error.h"

enum { MAX_ALLOCATIONS = 50 };

/* So long that the first block of an arena does not hold it. */
static const char *long_text(void)
{
    static char text[5000];
    memset(text, 'x', sizeof text - 1);
    return text;
}

static xmpp_stanza *build_message(const xmpp_stanza *to)
{
    (void)to;
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, "A@\u00e4.example/b");
    xmpp_message_set_body(message, NULL, long_text());
    xmpp_message_set_body(message, "de", long_text());
    xmpp_message_set_subject(message, "de", long_text());
    xmpp_message_set_thread(message, long_text(), long_text() + 1);
    return message;
}

static xmpp_stanza *build_presence(const xmpp_stanza *to)
{
    (void)to;
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    xmpp_presence_set_show(presence, XMPP_SHOW_AWAY);
    xmpp_presence_set_status(presence, "de", long_text());
    xmpp_presence_set_priority(presence, 3);
    return presence;
}

static xmpp_stanza *build_result(const xmpp_stanza *to)
{
    xmpp_stanza *result = xmpp_iq_result(to);
    xmpp_elem_add_text_child(xmpp_stanza_root(result), "x", "urn:x", long_text());
    return result;
}

static xmpp_stanza *build_error(const xmpp_stanza *to)
{
    xmpp_stanza *error = xmpp_stanza_error_reply(to, XMPP_CONDITION_GONE, long_text());
    xmpp_stanza_error_set_uri(error, long_text());
    return error;
}

static xmpp_stanza *build_answer(const xmpp_stanza *to)
{
    return xmpp_message_reply(to);
}

/* Builds until no allocation fails any more. */
static void sweep(xmpp_stanza *(*build)(const xmpp_stanza *), const xmpp_stanza *to)
{
    int hit = 1;
    for (int n = 0; hit && n <= MAX_ALLOCATIONS; n++) {
        check_note("allocation %d", n);
        nomem_at(n);
        xmpp_stanza *stanza = build(to);
        hit = nomem_end();
        CHECK_INT(xmpp_stanza_get_error(stanza), hit ? XMPP_E_NOMEM : 0);
        CHECK(hit || n > 0);
        xmpp_stanza_unref(stanza);
    }
    CHECK(!hit);
}

static void messages(void)
{
    sweep(build_message, NULL);
}

static void presences(void)
{
    sweep(build_presence, NULL);
}

static void answers(void)
{
    xmpp_stanza *iq = given("<iq type='get' from='a@b/c' id='1'><x/></iq>");
    xmpp_stanza *message =
        given("<message type='groupchat' from='a@b/c'><thread>t</thread></message>");
    sweep(build_result, iq);
    sweep(build_error, iq);
    sweep(build_error, message);
    sweep(build_answer, message);
    xmpp_stanza_unref(iq);
    xmpp_stanza_unref(message);
}

static void memory_is_used_again(void)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, "juliet@example.com");
    for (int i = 0; i < 100; i++) {
        nomem_at(-1);
        CHECK_INT(xmpp_message_reset(message, XMPP_MESSAGE_CHAT, "juliet@example.com"), 0);
        xmpp_stanza_set_id(message, "1234567890");
        xmpp_message_add_body(message, NULL, "Art thou not Romeo, and a Montague?");
        check_note("message %d", i);
        CHECK_INT(nomem_count(), 0);
    }
    xmpp_stanza_unref(message);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"messages", messages},
        {"presences", presences},
        {"answers", answers},
        {"memory is used again", memory_is_used_again},
    };
    return CHECK_MAIN(argc, argv, "typed_memory", cases);
}
