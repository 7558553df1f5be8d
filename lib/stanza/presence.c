/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Presence, RFC 6121 4.7. Who is there and who subscribed is not kept here. */
#include "xmpp/presence.h"

#include <stdio.h>

#include "stanza/lang.h"
#include "stanza/typed.h"
#include "stanza/word.h"
#include "xmpp/error.h"
#include "xmpp/stanza.h"

static const struct xm_word types[] = {
    {"unavailable", XMPP_PRESENCE_UNAVAILABLE},
    {"subscribe", XMPP_PRESENCE_SUBSCRIBE},
    {"subscribed", XMPP_PRESENCE_SUBSCRIBED},
    {"unsubscribe", XMPP_PRESENCE_UNSUBSCRIBE},
    {"unsubscribed", XMPP_PRESENCE_UNSUBSCRIBED},
    {"probe", XMPP_PRESENCE_PROBE},
    {"error", XMPP_PRESENCE_ERROR},
};
static const struct xm_word shows[] = {
    {"away", XMPP_SHOW_AWAY},
    {"chat", XMPP_SHOW_CHAT},
    {"dnd", XMPP_SHOW_DND},
    {"xa", XMPP_SHOW_XA},
};
enum {
    N_TYPES = sizeof types / sizeof *types,
    N_SHOWS = sizeof shows / sizeof *shows,
    PRIORITY_MIN = -128,
    PRIORITY_MAX = 127
};

static void begin(xmpp_stanza *stanza, int type, const char *to)
{
    const char *text = xm_word_text(types, N_TYPES, type);
    if (!text && type != XMPP_PRESENCE_AVAILABLE) {
        xm_typed_refuse(stanza, XMPP_E_INVAL);
    }
    xm_typed_begin(stanza, text, to);
}

xmpp_stanza *xmpp_presence_new(int type, const char *to)
{
    xmpp_stanza *stanza = xmpp_stanza_new("presence", NULL);
    begin(stanza, type, to);
    return stanza;
}

int xmpp_presence_reset(xmpp_stanza *stanza, int type, const char *to)
{
    int result = xmpp_stanza_reset(stanza, "presence", NULL);
    if (result == 0) {
        begin(stanza, type, to);
    }
    return result;
}

int xmpp_presence_get_type(const xmpp_stanza *presence)
{
    const char *type = xmpp_stanza_get_type(presence);
    return xm_word_value(types, N_TYPES, type,
                         type ? XMPP_PRESENCE_UNKNOWN : XMPP_PRESENCE_AVAILABLE);
}

static const char *child_text(const xmpp_stanza *presence, const char *name)
{
    return xmpp_elem_get_child_text(xmpp_stanza_get_root(presence), name, XMPP_NS_CLIENT);
}

int xmpp_presence_get_show(const xmpp_stanza *presence)
{
    return xm_word_value(shows, N_SHOWS, child_text(presence, "show"), XMPP_SHOW_ONLINE);
}

const char *xmpp_presence_get_status(const xmpp_stanza *presence, const char *lang)
{
    return xm_lang_text(xmpp_stanza_get_root(presence), "status", XMPP_NS_CLIENT, lang);
}

/* XML 1.0 2.3: S */
static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_space(const char *text)
{
    while (is_space(*text)) {
        text++;
    }
    return text;
}

/* xs:byte, XML Schema part 2, 3.3.19: white space around it, a sign, digits. 0 for anything else
 * (RFC 6121 4.7.2.3: what has none has priority zero). */
static int read_byte(const char *text)
{
    int value = 0;
    int is_negative = 0;
    text = skip_space(text);
    if (*text == '-' || *text == '+') {
        is_negative = *text++ == '-';
    }
    const char *digits = text;
    for (; *text >= '0' && *text <= '9'; text++) {
        value = value * 10 + (*text - '0');
        if (value > -PRIORITY_MIN) {
            return 0;
        }
    }
    if (text == digits || *skip_space(text) != '\0') {
        return 0;
    }
    value = is_negative ? -value : value;
    return value > PRIORITY_MAX ? 0 : value;
}

int xmpp_presence_get_priority(const xmpp_stanza *presence)
{
    const char *text = child_text(presence, "priority");
    return text ? read_byte(text) : 0;
}

void xmpp_presence_set_show(xmpp_stanza *presence, int show)
{
    const char *text = xm_word_text(shows, N_SHOWS, show);
    xm_typed_clear(presence, "show");
    if (text) {
        xmpp_elem_add_text_child(xmpp_stanza_root(presence), "show", NULL, text);
    } else if (show != XMPP_SHOW_ONLINE) {
        xm_typed_refuse(presence, XMPP_E_INVAL);
    }
}

void xmpp_presence_set_status(xmpp_stanza *presence, const char *lang, const char *text)
{
    xm_lang_set(xmpp_stanza_root(presence), "status", lang, text);
}

void xmpp_presence_set_priority(xmpp_stanza *presence, int priority)
{
    char text[8];
    if (priority < PRIORITY_MIN || priority > PRIORITY_MAX) {
        xm_typed_refuse(presence, XMPP_E_INVAL);
        return;
    }
    snprintf(text, sizeof text, "%d", priority);
    xm_typed_clear(presence, "priority");
    xmpp_elem_add_text_child(xmpp_stanza_root(presence), "priority", NULL, text);
}
