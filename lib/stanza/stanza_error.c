/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of stanzas, RFC 6120 8.3. Errors of the stream are not here. */
#include "xmpp/stanza_error.h"

#include <string.h>

#include "stanza/lang.h"
#include "stanza/typed.h"
#include "stanza/word.h"
#include "xmpp/error.h"
#include "xmpp/stanza.h"

/* RFC 6120 8.3.3, in the order of the enum. Where it leaves a choice of two types, the one that fits
 * what a program of this library answers with. */
static const struct {
    const char *name;
    int type;
} conditions[] = {
    {NULL, 0},
    {"bad-request", XMPP_ERROR_TYPE_MODIFY},
    {"conflict", XMPP_ERROR_TYPE_CANCEL},
    {"feature-not-implemented", XMPP_ERROR_TYPE_CANCEL},
    {"forbidden", XMPP_ERROR_TYPE_AUTH},
    {"gone", XMPP_ERROR_TYPE_CANCEL},
    {"internal-server-error", XMPP_ERROR_TYPE_CANCEL},
    {"item-not-found", XMPP_ERROR_TYPE_CANCEL},
    {"jid-malformed", XMPP_ERROR_TYPE_MODIFY},
    {"not-acceptable", XMPP_ERROR_TYPE_MODIFY},
    {"not-allowed", XMPP_ERROR_TYPE_CANCEL},
    {"not-authorized", XMPP_ERROR_TYPE_AUTH},
    {"policy-violation", XMPP_ERROR_TYPE_MODIFY},
    {"recipient-unavailable", XMPP_ERROR_TYPE_WAIT},
    {"redirect", XMPP_ERROR_TYPE_MODIFY},
    {"registration-required", XMPP_ERROR_TYPE_AUTH},
    {"remote-server-not-found", XMPP_ERROR_TYPE_CANCEL},
    {"remote-server-timeout", XMPP_ERROR_TYPE_WAIT},
    {"resource-constraint", XMPP_ERROR_TYPE_WAIT},
    {"service-unavailable", XMPP_ERROR_TYPE_CANCEL},
    {"subscription-required", XMPP_ERROR_TYPE_AUTH},
    {"undefined-condition", XMPP_ERROR_TYPE_CANCEL},
    {"unexpected-request", XMPP_ERROR_TYPE_WAIT},
};
static const struct xm_word types[] = {
    {"cancel", XMPP_ERROR_TYPE_CANCEL},     {"auth", XMPP_ERROR_TYPE_AUTH},
    {"modify", XMPP_ERROR_TYPE_MODIFY},     {"wait", XMPP_ERROR_TYPE_WAIT},
    {"continue", XMPP_ERROR_TYPE_CONTINUE},
};
enum {
    N_CONDITIONS = sizeof conditions / sizeof *conditions,
    N_TYPES = sizeof types / sizeof *types
};

/* --- conditions ----------------------------------------------------------------------------- */

const char *xmpp_condition_get_name(int condition)
{
    return condition > 0 && condition < N_CONDITIONS ? conditions[condition].name : NULL;
}

int xmpp_condition_from_name(const char *name)
{
    for (int i = 1; name && i < N_CONDITIONS; i++) {
        if (strcmp(conditions[i].name, name) == 0) {
            return i;
        }
    }
    return 0;
}

int xmpp_condition_get_error_type(int condition)
{
    return condition > 0 && condition < N_CONDITIONS ? conditions[condition].type : 0;
}

/* --- reading -------------------------------------------------------------------------------- */

static int is_error(const xmpp_stanza *stanza)
{
    const char *type = xmpp_stanza_get_type(stanza);
    return type && strcmp(type, "error") == 0;
}

const xmpp_elem *xmpp_stanza_error_get_elem(const xmpp_stanza *stanza)
{
    if (!is_error(stanza)) {
        return NULL;
    }
    return xmpp_elem_get_child(xmpp_stanza_get_root(stanza), "error", XMPP_NS_CLIENT);
}

/* The element of the condition: the first of its namespace that is not the text. */
static const xmpp_elem *condition_of(const xmpp_stanza *stanza)
{
    const xmpp_elem *error = xmpp_stanza_error_get_elem(stanza);
    const xmpp_elem *at = xmpp_elem_get_child(error, NULL, XMPP_NS_STANZA_ERROR);
    while (xmpp_elem_is(at, "text", NULL)) {
        at = xmpp_elem_get_next(at, NULL, XMPP_NS_STANZA_ERROR);
    }
    return at;
}

const char *xmpp_stanza_error_get_condition_name(const xmpp_stanza *stanza)
{
    return xmpp_elem_get_name(condition_of(stanza));
}

int xmpp_stanza_error_get_condition(const xmpp_stanza *stanza)
{
    if (!is_error(stanza)) {
        return 0;
    }
    int condition = xmpp_condition_from_name(xmpp_stanza_error_get_condition_name(stanza));
    return condition ? condition : XMPP_CONDITION_UNDEFINED_CONDITION; /* RFC 6120 8.3.2 */
}

int xmpp_stanza_error_get_type(const xmpp_stanza *stanza)
{
    const char *type = xmpp_elem_get_attr(xmpp_stanza_error_get_elem(stanza), "type");
    return xm_word_value(types, N_TYPES, type, 0);
}

const char *xmpp_stanza_error_get_by(const xmpp_stanza *stanza)
{
    return xmpp_elem_get_attr(xmpp_stanza_error_get_elem(stanza), "by");
}

const char *xmpp_stanza_error_get_text(const xmpp_stanza *stanza, const char *lang)
{
    return xm_lang_text(xmpp_stanza_error_get_elem(stanza), "text", XMPP_NS_STANZA_ERROR, lang);
}

/* RFC 6120 8.3.3.5, 8.3.3.14: the conditions that have content. */
static int has_uri(const xmpp_elem *condition)
{
    return xmpp_elem_is(condition, "gone", NULL) || xmpp_elem_is(condition, "redirect", NULL);
}

const char *xmpp_stanza_error_get_uri(const xmpp_stanza *stanza)
{
    const xmpp_elem *condition = condition_of(stanza);
    const char *uri = has_uri(condition) ? xmpp_elem_get_text(condition, NULL) : NULL;
    return uri && *uri ? uri : NULL;
}

const xmpp_elem *xmpp_stanza_error_get_app(const xmpp_stanza *stanza)
{
    const xmpp_elem *at = xmpp_elem_get_child(xmpp_stanza_error_get_elem(stanza), NULL, NULL);
    while (xmpp_elem_is(at, NULL, XMPP_NS_STANZA_ERROR) || xmpp_elem_is(at, NULL, XMPP_NS_CLIENT)) {
        at = xmpp_elem_get_next(at, NULL, NULL);
    }
    return at;
}

/* --- building ------------------------------------------------------------------------------- */

xmpp_elem *xmpp_stanza_error_add(xmpp_stanza *stanza, int condition, int type, const char *text)
{
    const char *name = xmpp_condition_get_name(condition);
    const char *type_text =
        xm_word_text(types, N_TYPES, type ? type : xmpp_condition_get_error_type(condition));
    if (!name || !type_text) {
        xm_typed_refuse(stanza, XMPP_E_INVAL);
        return NULL;
    }
    xmpp_stanza_set_type(stanza, "error");
    xmpp_elem *error = xmpp_elem_add(xmpp_stanza_root(stanza), "error", NULL);
    xmpp_elem_set_attr(error, "type", type_text);
    xmpp_elem_add(error, name, XMPP_NS_STANZA_ERROR);
    if (text) {
        xmpp_elem_add_text_child(error, "text", XMPP_NS_STANZA_ERROR, text);
    }
    return error;
}

/* RFC 6120 8.3.1: errors are not answered, nor are results, or two ends would never stop. */
int xm_typed_may_be_answered(const xmpp_stanza *stanza)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    if (!root || is_error(stanza)) {
        return 0;
    }
    if (xmpp_elem_is(root, "iq", XMPP_NS_CLIENT)) {
        const char *type = xmpp_stanza_get_type(stanza);
        return !type || strcmp(type, "result") != 0;
    }
    return xmpp_elem_is(root, "message", XMPP_NS_CLIENT) ||
           xmpp_elem_is(root, "presence", XMPP_NS_CLIENT);
}

xmpp_stanza *xmpp_stanza_error_reply(const xmpp_stanza *stanza, int condition, const char *text)
{
    if (!xm_typed_may_be_answered(stanza)) {
        return NULL;
    }
    xmpp_stanza *reply = xm_typed_reply(stanza, "error");
    xmpp_stanza_error_add(reply, condition, 0, text);
    return reply;
}

void xmpp_stanza_error_set_uri(xmpp_stanza *stanza, const char *uri)
{
    /* of a stanza that may be changed, its elements may be */
    xmpp_elem *condition = (xmpp_elem *)condition_of(stanza);
    if (!has_uri(condition) || xmpp_stanza_error_get_uri(stanza)) {
        xm_typed_refuse(stanza, XMPP_E_STATE);
        return;
    }
    xmpp_elem_add_text(condition, uri);
}
