/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of stanzas, RFC 6120 8.3. */
#include "given.h"
#include "xmpp/error.h"
#include "xmpp/stanza_error.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define NS          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

/* RFC 6120 8.3.3, and the types that it recommends. */
static void every_condition_is_known(void)
{
    static const struct {
        const char *name;
        int condition;
        int type;
    } rows[] = {
        {"bad-request", 1, XMPP_ERROR_TYPE_MODIFY},
        {"conflict", 2, XMPP_ERROR_TYPE_CANCEL},
        {"feature-not-implemented", 3, XMPP_ERROR_TYPE_CANCEL},
        {"forbidden", 4, XMPP_ERROR_TYPE_AUTH},
        {"gone", 5, XMPP_ERROR_TYPE_CANCEL},
        {"internal-server-error", 6, XMPP_ERROR_TYPE_CANCEL},
        {"item-not-found", 7, XMPP_ERROR_TYPE_CANCEL},
        {"jid-malformed", 8, XMPP_ERROR_TYPE_MODIFY},
        {"not-acceptable", 9, XMPP_ERROR_TYPE_MODIFY},
        {"not-allowed", 10, XMPP_ERROR_TYPE_CANCEL},
        {"not-authorized", 11, XMPP_ERROR_TYPE_AUTH},
        {"policy-violation", 12, XMPP_ERROR_TYPE_MODIFY},
        {"recipient-unavailable", 13, XMPP_ERROR_TYPE_WAIT},
        {"redirect", 14, XMPP_ERROR_TYPE_MODIFY},
        {"registration-required", 15, XMPP_ERROR_TYPE_AUTH},
        {"remote-server-not-found", 16, XMPP_ERROR_TYPE_CANCEL},
        {"remote-server-timeout", 17, XMPP_ERROR_TYPE_WAIT},
        {"resource-constraint", 18, XMPP_ERROR_TYPE_WAIT},
        {"service-unavailable", 19, XMPP_ERROR_TYPE_CANCEL},
        {"subscription-required", 20, XMPP_ERROR_TYPE_AUTH},
        {"undefined-condition", 21, XMPP_ERROR_TYPE_CANCEL},
        {"unexpected-request", 22, XMPP_ERROR_TYPE_WAIT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        CHECK_STR(xmpp_condition_get_name(rows[i].condition), rows[i].name);
        CHECK_INT(xmpp_condition_from_name(rows[i].name), rows[i].condition);
        CHECK_INT(xmpp_condition_get_error_type(rows[i].condition), rows[i].type);
    }
    static const int others[] = {0, -1, 23, 2147483647, -2147483647 - 1};
    for (size_t i = 0; i < COUNT(others); i++) {
        CHECK_STR(xmpp_condition_get_name(others[i]), NULL);
        CHECK_INT(xmpp_condition_get_error_type(others[i]), 0);
    }
    CHECK_INT(xmpp_condition_from_name("text"), 0);
    CHECK_INT(xmpp_condition_from_name(""), 0);
    CHECK_INT(xmpp_condition_from_name(NULL), 0);
}

static void errors_are_read(void)
{
    static const struct {
        const char *text;
        int condition;
        const char *name;
        int type;
        const char *by;
        const char *said;
        const char *uri;
        const char *app;
    } rows[] = {
        {"<iq type='error'><error type='cancel' by='b'><item-not-found " NS "/></error></iq>",
         XMPP_CONDITION_ITEM_NOT_FOUND, "item-not-found", XMPP_ERROR_TYPE_CANCEL, "b", NULL, NULL,
         NULL},
        {"<iq type='error'><q xmlns='urn:q'/><error type='wait'><text " NS ">later</text>"
         "<too-many xmlns='urn:app'/><resource-constraint " NS "/></error></iq>",
         XMPP_CONDITION_RESOURCE_CONSTRAINT, "resource-constraint", XMPP_ERROR_TYPE_WAIT, NULL,
         "later", NULL, "too-many"},
        {"<message type='error'><error type='cancel'><gone " NS ">xmpp:a@b</gone></error>"
         "</message>",
         XMPP_CONDITION_GONE, "gone", XMPP_ERROR_TYPE_CANCEL, NULL, NULL, "xmpp:a@b", NULL},
        {"<message type='error'><error type='modify'><redirect " NS "/></error></message>",
         XMPP_CONDITION_REDIRECT, "redirect", XMPP_ERROR_TYPE_MODIFY, NULL, NULL, NULL, NULL},
        {"<message type='error'><error type='auth'><forbidden " NS ">x</forbidden></error>"
         "</message>",
         XMPP_CONDITION_FORBIDDEN, "forbidden", XMPP_ERROR_TYPE_AUTH, NULL, NULL, NULL, NULL},
        /* what is not known, not there, or elsewhere */
        {"<presence type='error'><error type='now'><payment-required " NS "/></error></presence>",
         XMPP_CONDITION_UNDEFINED_CONDITION, "payment-required", 0, NULL, NULL, NULL, NULL},
        {"<iq type='error'/>", XMPP_CONDITION_UNDEFINED_CONDITION, NULL, 0, NULL, NULL, NULL, NULL},
        {"<iq type='error'><error code='404'/></iq>", XMPP_CONDITION_UNDEFINED_CONDITION, NULL, 0,
         NULL, NULL, NULL, NULL},
        {"<iq type='error'><error><conflict/></error></iq>", XMPP_CONDITION_UNDEFINED_CONDITION,
         NULL, 0, NULL, NULL, NULL, NULL},
        {"<iq type='error'><error xmlns='urn:x' type='wait'><conflict " NS "/></error></iq>",
         XMPP_CONDITION_UNDEFINED_CONDITION, NULL, 0, NULL, NULL, NULL, NULL},
        {"<iq type='error'><error type='continue'><text " NS "/></error></iq>",
         XMPP_CONDITION_UNDEFINED_CONDITION, NULL, XMPP_ERROR_TYPE_CONTINUE, NULL, "", NULL, NULL},
        /* RFC 6120 8.3.1: no error if the type does not say so */
        {"<iq type='result'><error type='cancel' by='b'><gone " NS ">u</gone><text " NS ">t</text>"
         "<a xmlns='urn:a'/></error></iq>",
         0, NULL, 0, NULL, NULL, NULL, NULL},
        {"<message><error type='cancel'><gone " NS "/></error></message>", 0, NULL, 0, NULL, NULL,
         NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *stanza = given(rows[i].text);
        CHECK_INT(xmpp_stanza_error_get_condition(stanza), rows[i].condition);
        CHECK_STR(xmpp_stanza_error_get_condition_name(stanza), rows[i].name);
        CHECK_INT(xmpp_stanza_error_get_type(stanza), rows[i].type);
        CHECK_STR(xmpp_stanza_error_get_by(stanza), rows[i].by);
        CHECK_STR(xmpp_stanza_error_get_text(stanza, NULL), rows[i].said);
        CHECK_STR(xmpp_stanza_error_get_uri(stanza), rows[i].uri);
        CHECK_STR(xmpp_elem_get_name(xmpp_stanza_error_get_app(stanza)), rows[i].app);
        xmpp_stanza_unref(stanza);
    }
}

static void null_is_no_error(void)
{
    CHECK(xmpp_stanza_error_get_elem(NULL) == NULL);
    CHECK_INT(xmpp_stanza_error_get_condition(NULL), 0);
    CHECK_STR(xmpp_stanza_error_get_condition_name(NULL), NULL);
    CHECK_INT(xmpp_stanza_error_get_type(NULL), 0);
    CHECK_STR(xmpp_stanza_error_get_by(NULL), NULL);
    CHECK_STR(xmpp_stanza_error_get_text(NULL, "de"), NULL);
    CHECK_STR(xmpp_stanza_error_get_uri(NULL), NULL);
    CHECK(xmpp_stanza_error_get_app(NULL) == NULL);
    CHECK(xmpp_stanza_error_reply(NULL, XMPP_CONDITION_CONFLICT, NULL) == NULL);
    CHECK(xmpp_stanza_error_add(NULL, XMPP_CONDITION_CONFLICT, 0, NULL) == NULL);
    CHECK(xmpp_stanza_error_add(NULL, 99, 0, NULL) == NULL);
    xmpp_stanza_error_set_uri(NULL, "x");
}

static void the_text_is_chosen_by_language(void)
{
    xmpp_stanza *stanza = given("<iq type='error' xml:lang='en'><error><text " NS ">no</text>"
                                "<text " NS " xml:lang='de'>nein</text></error></iq>");
    CHECK_STR(xmpp_stanza_error_get_text(stanza, NULL), "no");
    CHECK_STR(xmpp_stanza_error_get_text(stanza, "de"), "nein");
    CHECK_STR(xmpp_stanza_error_get_text(stanza, "fr"), "no");
    xmpp_stanza_unref(stanza);
}

/* RFC 6120 8.3.1: two ends that answer errors with errors would never stop. */
static void errors_are_answered_by_none(void)
{
    static const struct {
        const char *text;
        const char *reply; /* NULL: none */
    } rows[] = {
        {"<iq type='get' id='1' from='a@b/c'><x/></iq>",
         "<iq to='a@b/c' id='1' type='error'><error type='cancel'><service-unavailable " NS "/>"
         "</error></iq>"},
        {"<iq id='1' from='a@b/c'/>",
         "<iq to='a@b/c' id='1' type='error'><error type='cancel'><service-unavailable " NS "/>"
         "</error></iq>"},
        {"<message from='A@b/ c'><body>x</body></message>",
         "<message to='A@b/ c' type='error'><error type='cancel'><service-unavailable " NS "/>"
         "</error></message>"},
        {"<presence type='subscribe' from='a@b'/>",
         "<presence to='a@b' type='error'><error type='cancel'><service-unavailable " NS "/>"
         "</error></presence>"},
        {"<iq type='result' id='1' from='a@b/c'/>", NULL},
        {"<iq type='error' id='1' from='a@b/c'/>", NULL},
        {"<message type='error' from='a@b/c'/>", NULL},
        {"<presence type='error' from='a@b/c'/>", NULL},
        {"<x from='a@b/c'/>", NULL},
        {"<iq xmlns='urn:x' type='get' from='a@b/c'/>", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *stanza = given(rows[i].text);
        xmpp_stanza *reply =
            xmpp_stanza_error_reply(stanza, XMPP_CONDITION_SERVICE_UNAVAILABLE, NULL);
        if (rows[i].reply) {
            written(reply, rows[i].reply);
        } else {
            CHECK(reply == NULL);
        }
        xmpp_stanza_unref(stanza);
    }
}

static void errors_are_built(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("iq", NULL);
    xmpp_elem *error = xmpp_stanza_error_add(stanza, XMPP_CONDITION_POLICY_VIOLATION,
                                             XMPP_ERROR_TYPE_WAIT, "too <many>");
    xmpp_elem_add(error, "too-many", "urn:app");
    CHECK_INT(xmpp_stanza_error_get_condition(stanza), XMPP_CONDITION_POLICY_VIOLATION);
    written(stanza, "<iq type='error'><error type='wait'><policy-violation " NS "/>"
                    "<text " NS ">too &lt;many&gt;</text><too-many xmlns='urn:app'/></error></iq>");
    stanza = xmpp_stanza_new("message", NULL);
    xmpp_stanza_error_add(stanza, XMPP_CONDITION_GONE, 0, "moved");
    xmpp_stanza_error_set_uri(stanza, "xmpp:new@example.com");
    CHECK_STR(xmpp_stanza_error_get_uri(stanza), "xmpp:new@example.com");
    written(stanza, "<message type='error'><error type='cancel'><gone " NS
                    ">xmpp:new@example.com</gone><text " NS ">moved</text></error></message>");
}

static void mistakes_stick(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("iq", NULL);
    CHECK(xmpp_stanza_error_add(stanza, 0, 0, NULL) == NULL);
    refused(stanza, XMPP_E_INVAL);
    stanza = xmpp_stanza_new("iq", NULL);
    CHECK(xmpp_stanza_error_add(stanza, XMPP_CONDITION_CONFLICT, 6, NULL) == NULL);
    refused(stanza, XMPP_E_INVAL);
    stanza = xmpp_stanza_new("iq", NULL);
    xmpp_stanza_error_add(stanza, XMPP_CONDITION_CONFLICT, 0, NULL);
    xmpp_stanza_error_set_uri(stanza, "xmpp:a@b");
    refused(stanza, XMPP_E_STATE);
    stanza = xmpp_stanza_new("iq", NULL);
    xmpp_stanza_error_add(stanza, XMPP_CONDITION_REDIRECT, 0, NULL);
    xmpp_stanza_error_set_uri(stanza, "xmpp:a@b");
    xmpp_stanza_error_set_uri(stanza, "xmpp:c@d");
    refused(stanza, XMPP_E_STATE);
    xmpp_stanza *request = given("<iq type='get'/>");
    refused(xmpp_stanza_error_reply(request, 23, NULL), XMPP_E_INVAL);
    xmpp_stanza_unref(request);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"every condition is known", every_condition_is_known},
        {"errors are read", errors_are_read},
        {"NULL is no error", null_is_no_error},
        {"the text is chosen by language", the_text_is_chosen_by_language},
        {"errors are answered by none", errors_are_answered_by_none},
        {"errors are built", errors_are_built},
        {"mistakes stick", mistakes_stick},
    };
    return CHECK_MAIN(argc, argv, "stanza_error", cases);
}
