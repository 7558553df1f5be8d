/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mix of traffic. Not random: stanza n is always the same, and any twenty in a row hold each
 * kind in its share. */
#include "mix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ME "alice@example.org/work"

static const char *const people[] = {"bob", "carol", "dave", "erin", "frank", "grace", "heidi"};
static const char *const words[] = {
    "Shall we meet at the station, or is the usual place better for you today? I shall have the "
    "two big boxes with me, and nobody to help carry them.",
    "Yes",
    "I have read the draft &amp; like it; section 3 should say &lt;why&gt; before it says how.",
    "On my way, ten minutes late. Could you order me a coffee please? Milk, no sugar, and a glass "
    "of water.",
    "The build is green again, thanks for the quick fix this morning, that was close :-)",
};
#define PICK(list, n) (list)[(n) % (sizeof(list) / sizeof *(list))]

const char *mix_header(void)
{
    return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
           "xmlns:stream='http://etherx.jabber.org/streams' id='b7c3f0d2-5f0e-4f7c-9c39-1d0a9e' "
           "from='example.org' to='alice@example.org' version='1.0' xml:lang='en'>";
}

static int chat(char *buf, size_t size, unsigned n)
{
    return snprintf(buf, size,
                    "<message from='%s@example.net/phone.%04x' to='" ME "' type='chat' "
                    "id='c8a1f0e4-%08x'><body>%s</body><thread>7d1f9a04e3b2c5d8e6f%05x</thread>"
                    "<request xmlns='urn:xmpp:receipts'/><delay xmlns='urn:xmpp:delay' "
                    "from='example.net' stamp='2024-05-%02uT08:%02u:%02uZ'/>"
                    "<stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.org' id='1714%09u'/>"
                    "<active xmlns='http://jabber.org/protocol/chatstates'/></message>",
                    PICK(people, n), n % 7, n, PICK(words, n), n % 90000, 1 + n % 28, n % 60,
                    n % 59, n);
}

static int presence(char *buf, size_t size, unsigned n)
{
    return snprintf(buf, size,
                    "<presence from='%s@example.net/phone.%04x' to='" ME "'><show>away</show>"
                    "<status>In a meeting until %u, back after it</status><priority>5</priority>"
                    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
                    "node='http://example.com/clients/phone' ver='QgayPKawpkPSDYmwT/WM94uA%04x'/>"
                    "<x xmlns='vcard-temp:x:update'><photo>sha1-hash-of-image-%010u</photo></x>"
                    "</presence>",
                    PICK(people, n), n % 7, n % 24, n % 50, n);
}

static int groupchat(char *buf, size_t size, unsigned n)
{
    return snprintf(buf, size,
                    "<message from='coven@chat.example.net/%s the %u.' to='" ME "' "
                    "type='groupchat' id='%08x-muc'><body>%s</body>"
                    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='dd72603deec90a38ba%08x'/>"
                    "<stanza-id xmlns='urn:xmpp:sid:0' by='coven@chat.example.net' "
                    "id='%09u-archive'/></message>",
                    PICK(people, n), n % 9, n, PICK(words, n + 1), n, n);
}

static int pubsub(char *buf, size_t size, unsigned n)
{
    return snprintf(
        buf, size,
        "<message from='%s@example.net' to='" ME "' type='headline' id='ps-%08x'>"
        "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
        "<items node='http://jabber.org/protocol/tune'><item id='current-%u' "
        "publisher='%s@example.net/phone'><tune xmlns='http://jabber.org/protocol/tune'>"
        "<artist>The Long Winters</artist><length>%u</length><source>Putting the Days "
        "to Bed</source><title>Teaspoon</title><track>%u</track></tune></item></items>"
        "</event></message>",
        PICK(people, n), n, n, PICK(people, n), 100 + n % 300, 1 + n % 20);
}

static int roster(char *buf, size_t size, unsigned n)
{
    int len = snprintf(buf, size,
                       "<iq type='result' id='roster-%08x' to='" ME "'>"
                       "<query xmlns='jabber:iq:roster' ver='ver%u'>",
                       n, n);
    for (unsigned i = 0; i < 20; i++) {
        const char *who = PICK(people, n + i);
        len += snprintf(buf + len, size - (size_t)len,
                        "<item jid='%s.%02u@example.net' name='%s No. %u' subscription='both'>"
                        "<group>Friends of %u</group></item>",
                        who, i, who, i, i % 4);
    }
    return len + snprintf(buf + len, size - (size_t)len, "</query></iq>");
}

size_t mix_stanza(char *buf, size_t size, unsigned number)
{
    /* c chat, p presence, g groupchat, e event, r roster */
    int len = 0;
    switch ("cpcgcpcgecpcgrcpcgep"[number % 20]) {
    case 'c':
        len = chat(buf, size, number);
        break;
    case 'p':
        len = presence(buf, size, number);
        break;
    case 'g':
        len = groupchat(buf, size, number);
        break;
    case 'e':
        len = pubsub(buf, size, number);
        break;
    default:
        len = roster(buf, size, number);
        break;
    }
    return (size_t)len;
}

char *mix_stream(unsigned n, size_t *ret_len)
{
    size_t len = strlen(mix_header());
    char *text = malloc(len + (size_t)n * MIX_MAX);
    if (!text) {
        return NULL;
    }
    memcpy(text, mix_header(), len);
    for (unsigned i = 0; i < n; i++) {
        len += mix_stanza(text + len, MIX_MAX, i);
    }
    *ret_len = len;
    return text;
}
