/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words. Which ones are here changes nothing but speed and memory; they stand in the order of
 * their bytes. */
#include "stanza/lexicon.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
static const char *const words[] = {
    "a", "acknowledged", "active", "actor", "affiliation", "after", "approved", "artist", "ask",
    "before", "bind", "body", "by", "c", "category", "challenge", "code", "complete", "composing",
    "count", "data", "decline", "delay", "desc", "displayed", "enable", "enabled", "encrypted",
    "encryption", "error", "eu.siacs.conversations.axolotl", "event", "failed", "failure",
    "fallback", "feature", "features", "field", "fin", "first", "forwarded", "from", "gone",
    "group", "h", "hash", "header", "http://etherx.jabber.org/streams",
    "http://jabber.org/protocol/caps", "http://jabber.org/protocol/chatstates",
    "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items",
    "http://jabber.org/protocol/muc", "http://jabber.org/protocol/muc#user",
    "http://jabber.org/protocol/nick", "http://jabber.org/protocol/pubsub",
    "http://jabber.org/protocol/pubsub#event", "http://jabber.org/protocol/rsm",
    "http://jabber.org/protocol/tune", "http://www.w3.org/XML/1998/namespace", "id", "identity",
    "inactive", "index", "invite", "iq", "item", "items", "iv", "jabber:client", "jabber:iq:last",
    "jabber:iq:private", "jabber:iq:roster", "jabber:iq:version", "jabber:x:conference",
    "jabber:x:data", "jabber:x:oob", "jid", "key", "label", "lang", "last", "length", "markable",
    "max", "mechanism", "mechanisms", "message", "name", "nick", "no-copy", "no-permanent-store",
    "no-store", "node", "notify", "occupant-id", "option", "origin-id", "password", "paused",
    "payload", "photo", "presence", "priority", "private", "proceed", "publish", "publisher",
    "query", "r", "reaction", "reactions", "reason", "received", "replace", "reply", "request",
    "required", "resource", "response", "result", "resume", "resumed", "retract", "rid", "role",
    "sent", "session", "set", "show", "sid", "since", "sm", "source", "stamp", "stanza-id",
    "starttls", "status", "store", "stream", "subject", "subscription", "success", "text", "thread",
    "title", "to", "track", "tune", "type", "uri", "url", "urn:ietf:params:xml:ns:xmpp-bind",
    "urn:ietf:params:xml:ns:xmpp-sasl", "urn:ietf:params:xml:ns:xmpp-session",
    "urn:ietf:params:xml:ns:xmpp-stanzas", "urn:ietf:params:xml:ns:xmpp-streams",
    "urn:ietf:params:xml:ns:xmpp-tls", "urn:xmpp:avatar:data", "urn:xmpp:avatar:metadata",
    "urn:xmpp:bind:0", "urn:xmpp:blocking", "urn:xmpp:bob", "urn:xmpp:carbons:2",
    "urn:xmpp:chat-markers:0", "urn:xmpp:csi:0", "urn:xmpp:delay", "urn:xmpp:eme:0",
    "urn:xmpp:fallback:0", "urn:xmpp:forward:0", "urn:xmpp:hints", "urn:xmpp:idle:1",
    "urn:xmpp:mam:2", "urn:xmpp:message-correct:0", "urn:xmpp:occupant-id:0", "urn:xmpp:ping",
    "urn:xmpp:reactions:0", "urn:xmpp:receipts", "urn:xmpp:reply:0", "urn:xmpp:sasl:2",
    "urn:xmpp:sid:0", "urn:xmpp:sm:3", "urn:xmpp:time", "value", "var", "vcard-temp",
    "vcard-temp:x:update", "ver", "version", "x", "xmlns",
};
/* clang-format on */

const char *xm_lexicon_find(const char *text)
{
    size_t low = 0;
    size_t high = sizeof words / sizeof *words;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(text, words[middle]);
        if (order == 0) {
            return words[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
