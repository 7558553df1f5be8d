/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Presence: types, show, status and priority, RFC 6121 4.7. */
#include <stdio.h>

#include "given.h"
#include "xmpp/error.h"
#include "xmpp/presence.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void types_are_read(void)
{
    static const struct {
        const char *text;
        int type;
    } rows[] = {
        {"<presence/>", XMPP_PRESENCE_AVAILABLE},
        {"<presence type='unavailable'/>", XMPP_PRESENCE_UNAVAILABLE},
        {"<presence type='subscribe'/>", XMPP_PRESENCE_SUBSCRIBE},
        {"<presence type='subscribed'/>", XMPP_PRESENCE_SUBSCRIBED},
        {"<presence type='unsubscribe'/>", XMPP_PRESENCE_UNSUBSCRIBE},
        {"<presence type='unsubscribed'/>", XMPP_PRESENCE_UNSUBSCRIBED},
        {"<presence type='probe'/>", XMPP_PRESENCE_PROBE},
        {"<presence type='error'/>", XMPP_PRESENCE_ERROR},
        {"<presence type='available'/>", XMPP_PRESENCE_UNKNOWN},
        {"<presence type=''/>", XMPP_PRESENCE_UNKNOWN},
        {"<presence type='Subscribed'/>", XMPP_PRESENCE_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *presence = given(rows[i].text);
        CHECK_INT(xmpp_presence_get_type(presence), rows[i].type);
        xmpp_stanza_unref(presence);
    }
    CHECK_INT(xmpp_presence_get_type(NULL), XMPP_PRESENCE_AVAILABLE);
}

static void show_is_read(void)
{
    static const struct {
        const char *text;
        int show;
    } rows[] = {
        {"<presence/>", XMPP_SHOW_ONLINE},
        {"<presence><show>chat</show></presence>", XMPP_SHOW_CHAT},
        {"<presence><show>away</show></presence>", XMPP_SHOW_AWAY},
        {"<presence><show>dnd</show></presence>", XMPP_SHOW_DND},
        {"<presence><show>xa</show></presence>", XMPP_SHOW_XA},
        {"<presence><show/></presence>", XMPP_SHOW_ONLINE},
        {"<presence><show>online</show></presence>", XMPP_SHOW_ONLINE},
        {"<presence><show xmlns='urn:x'>xa</show></presence>", XMPP_SHOW_ONLINE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *presence = given(rows[i].text);
        CHECK_INT(xmpp_presence_get_show(presence), rows[i].show);
        xmpp_stanza_unref(presence);
    }
}

/* xs:byte: what is none has priority zero, and can overflow nothing. */
static void priority_is_read_strictly(void)
{
    static const struct {
        const char *text;
        int priority;
    } rows[] = {
        {"0", 0},
        {"1", 1},
        {"+5", 5},
        {"-0", 0},
        {"127", 127},
        {"-128", -128},
        {"007", 7},
        {"00000000000000000000012", 12},
        {" \t\r\n-3\n ", -3},
        {"128", 0},
        {"-129", 0},
        {"1000", 0},
        {"99999999999999999999999999", 0},
        {"-99999999999999999999999999", 0},
        {"", 0},
        {" ", 0},
        {"-", 0},
        {"+", 0},
        {"+-1", 0},
        {"--1", 0},
        {"- 1", 0},
        {"1 2", 0},
        {"1.0", 0},
        {"1e1", 0},
        {"0x10", 0},
        {"12a", 0},
        {"\u0661", 0},
        {"\u00a05", 0},
        {"<x/>5", 5},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128];
        check_note("row %zu, \"%s\"", i, rows[i].text);
        snprintf(text, sizeof text, "<presence><priority>%s</priority></presence>", rows[i].text);
        xmpp_stanza *presence = given(text);
        CHECK_INT(xmpp_presence_get_priority(presence), rows[i].priority);
        xmpp_stanza_unref(presence);
    }
    CHECK_INT(xmpp_presence_get_priority(NULL), 0);
}

static void status_is_chosen_by_language(void)
{
    xmpp_stanza *presence =
        given("<presence><status xml:lang='de'>weg</status><status>gone</status></presence>");
    CHECK_STR(xmpp_presence_get_status(presence, NULL), "gone");
    CHECK_STR(xmpp_presence_get_status(presence, "de"), "weg");
    xmpp_stanza_unref(presence);
    CHECK_STR(xmpp_presence_get_status(NULL, NULL), NULL);
}

static void presences_are_built(void)
{
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    CHECK_INT(xmpp_stanza_get_kind(presence), XMPP_KIND_PRESENCE);
    xmpp_presence_set_show(presence, XMPP_SHOW_DND);
    xmpp_presence_set_show(presence, XMPP_SHOW_AWAY);
    xmpp_presence_set_status(presence, NULL, "lunch");
    xmpp_presence_set_status(presence, "de", "Essen");
    xmpp_presence_set_priority(presence, 5);
    xmpp_presence_set_priority(presence, -128);
    written(presence, "<presence><show>away</show><status>lunch</status>"
                      "<status xml:lang='de'>Essen</status><priority>-128</priority></presence>");
    presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    xmpp_presence_set_show(presence, XMPP_SHOW_XA);
    xmpp_presence_set_show(presence, XMPP_SHOW_ONLINE);
    xmpp_presence_set_priority(presence, 127);
    written(presence, "<presence><priority>127</priority></presence>");
    presence = xmpp_presence_new(XMPP_PRESENCE_SUBSCRIBE, "a@b");
    CHECK_INT(xmpp_presence_reset(presence, XMPP_PRESENCE_UNAVAILABLE, NULL), 0);
    written(presence, "<presence type='unavailable'/>");
    written(xmpp_presence_new(XMPP_PRESENCE_SUBSCRIBED, "A@b"),
            "<presence type='subscribed' to='a@b'/>");
}

static void mistakes_stick(void)
{
    static const int priorities[] = {-129, 128, 1000, -2147483647 - 1, 2147483647};
    for (size_t i = 0; i < COUNT(priorities); i++) {
        xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
        check_note("priority %d", priorities[i]);
        xmpp_presence_set_priority(presence, priorities[i]);
        refused(presence, XMPP_E_INVAL);
    }
    refused(xmpp_presence_new(XMPP_PRESENCE_UNKNOWN, NULL), XMPP_E_INVAL);
    refused(xmpp_presence_new(-1, NULL), XMPP_E_INVAL);
    refused(xmpp_presence_new(XMPP_PRESENCE_PROBE, "@"), XMPP_E_JID);
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    xmpp_presence_set_show(presence, 5);
    refused(presence, XMPP_E_INVAL);
    xmpp_presence_set_show(NULL, XMPP_SHOW_XA);
    xmpp_presence_set_show(NULL, 17);
    xmpp_presence_set_status(NULL, NULL, "x");
    xmpp_presence_set_priority(NULL, 1);
    xmpp_presence_set_priority(NULL, 1000);
    CHECK_INT(xmpp_presence_reset(NULL, 0, NULL), XMPP_E_INVAL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"types are read", types_are_read},
        {"show is read", show_is_read},
        {"priority is read strictly", priority_is_read_strictly},
        {"status is chosen by language", status_is_chosen_by_language},
        {"presences are built", presences_are_built},
        {"mistakes stick", mistakes_stick},
    };
    return CHECK_MAIN(argc, argv, "presence", cases);
}
