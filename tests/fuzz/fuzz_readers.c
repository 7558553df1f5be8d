/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What extensions read out of stanzas of peers: any element through all readers that need no
 * connection. None may crash, and what they make is well-formed; a time that is read comes out again
 * and is the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xmpp/xmpp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(int held)
{
    if (!held) {
        abort();
    }
}

static void check_time(const char *text)
{
    int64_t ms = 0;
    int64_t again = 0;
    char written[XMPP_TIME_MAX];
    int result = text ? xmpp_time_parse_legacy(text, &ms) : XMPP_E_CHAR;
    must(result == 0 || result == XMPP_E_CHAR);
    if (result == 0 &&
        xmpp_time_format(ms, written) == 0) { /* an offset can lead beyond a year 9999 */
        must(xmpp_time_parse(written, &again) == 0 && again == ms);
    }
}

static void check_addresses(const xmpp_stanza *stanza, const xmpp_jid *own)
{
    xmpp_stanza *reply = NULL;
    const xmpp_elem *address;
    for (size_t i = 0; (address = xmpp_addresses_get_at(stanza, i)); i++) {
        xmpp_jid *jid = NULL;
        must(i < XMPP_ADDRESSES_MAX);
        (void)xmpp_address_get_jid(address, &jid);
        (void)xmpp_address_is_delivered(address);
        xmpp_jid_unref(jid);
    }
    (void)xmpp_addresses_is_diverted(stanza);
    int way = xmpp_addresses_reply(stanza, own, own, &reply);
    if (way >= 0 && reply) {
        must(way < XMPP_REPLY_ROOM && xmpp_stanza_get_error(reply) == 0);
    }
    xmpp_stanza_unref(reply);
}

static void check_vcard(const xmpp_stanza *stanza)
{
    uint8_t *photo = NULL;
    size_t n = 0;
    const xmpp_elem *card = xmpp_vcard_read(stanza);
    (void)xmpp_vcard_is_none(stanza);
    (void)xmpp_vcard_get_text(card, "N/FAMILY");
    (void)xmpp_vcard_get_text(xmpp_vcard_get_preferred(card, "TEL"), "NUMBER");
    if (card && xmpp_vcard_get_photo(card, "PHOTO", 100, NULL, &photo, &n) == 0) {
        must(n <= 100 && photo[n] == '\0');
    }
    xmpp_free(photo);
}

static void check_privacy(const xmpp_stanza *stanza)
{
    const xmpp_elem *rule = xmpp_elem_get_child(xmpp_privacy_get_list(stanza), NULL, NULL);
    (void)xmpp_privacy_get_active(stanza);
    (void)xmpp_privacy_get_name_at(stanza, 1);
    for (; rule; rule = xmpp_elem_get_next(rule, NULL, NULL)) {
        int64_t order = xmpp_privacy_rule_get_order(rule);
        int what = xmpp_privacy_rule_get_what(rule);
        must(order >= -1 && order <= UINT32_MAX);
        must(what > 0 && what <= XMPP_PRIVACY_EVERYTHING);
        (void)xmpp_privacy_rule_get_value(rule);
    }
}

static void check_rest(const xmpp_stanza *stanza)
{
    int64_t ms = 0;
    const xmpp_elem *header = NULL;
    while ((header = xmpp_offline_retrieval_get_header(stanza, header))) {
        must(xmpp_offline_header_get_node(header) != NULL);
    }
    (void)xmpp_idle_get_since(stanza, &ms);
    (void)xmpp_blocking_is_error(stanza);
    (void)xmpp_private_storage_read(stanza, "a", "b");
    check_time(xmpp_elem_get_text(xmpp_stanza_get_root(stanza), NULL));
    check_time(xmpp_stanza_get_id(stanza));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    xmpp_stanza *stanza = NULL;
    xmpp_jid *own = NULL;
    if (xmpp_stanza_parse(&stanza, (const char *)bytes, n) < 0) {
        return 0;
    }
    must(xmpp_jid_parse(&own, "juliet@capulet.example/balcony") == 0);
    xmpp_stanza_seal(stanza);
    check_addresses(stanza, own);
    check_vcard(stanza);
    check_privacy(stanza);
    check_rest(stanza);
    xmpp_jid_unref(own);
    xmpp_stanza_unref(stanza);
    return 0;
}
