/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stanzas as text. */
#include "given.h"

#include <string.h>

xmpp_stanza *given(const char *text)
{
    xmpp_stanza *stanza = NULL;
    CHECK_INT(xmpp_stanza_parse(&stanza, text, strlen(text)), 0);
    xmpp_stanza_seal(stanza);
    return stanza;
}

void written(xmpp_stanza *stanza, const char *want)
{
    char *text = NULL;
    if (CHECK_INT(xmpp_stanza_to_text(stanza, &text, NULL), 0)) {
        CHECK_STR(text, want);
    }
    xmpp_free(text);
    xmpp_stanza_unref(stanza);
}

void refused(xmpp_stanza *stanza, int error)
{
    char *text = NULL;
    CHECK_INT(xmpp_stanza_get_error(stanza), error);
    CHECK_INT(xmpp_stanza_to_text(stanza, &text, NULL), error);
    CHECK(text == NULL);
    xmpp_stanza_unref(stanza);
}
