/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests and answers, RFC 6120 8.2.3. */
#include "given.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void types_and_payloads_are_read(void)
{
    static const struct {
        const char *text;
        int type;
        size_t n;
        const char *payload;
    } rows[] = {
        {"<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>", XMPP_IQ_GET, 1, "ping"},
        {"<iq type='set'><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>", XMPP_IQ_SET, 2, "a"},
        {"<iq type='result'/>", XMPP_IQ_RESULT, 0, NULL},
        {"<iq type='get'>text</iq>", XMPP_IQ_GET, 0, NULL},
        {"<iq type='error'><error type='wait'/></iq>", XMPP_IQ_ERROR, 0, NULL},
        {"<iq type='error'><a xmlns='urn:a'/><error type='wait'/></iq>", XMPP_IQ_ERROR, 1, "a"},
        {"<iq type='error'><error type='wait'/><a xmlns='urn:a'/></iq>", XMPP_IQ_ERROR, 1, "a"},
        {"<iq type='set'><error xmlns='urn:a'/></iq>", XMPP_IQ_SET, 1, "error"},
        {"<iq><a/></iq>", 0, 1, "a"},
        {"<iq type='GET'/>", 0, 0, NULL},
        {"<iq type='gets'/>", 0, 0, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *iq = given(rows[i].text);
        CHECK_INT(xmpp_iq_get_type(iq), rows[i].type);
        CHECK_INT(xmpp_iq_get_n_payloads(iq), rows[i].n);
        CHECK_STR(xmpp_elem_get_name(xmpp_iq_get_payload(iq)), rows[i].payload);
        xmpp_stanza_unref(iq);
    }
    CHECK_INT(xmpp_iq_get_type(NULL), 0);
    CHECK_INT(xmpp_iq_get_n_payloads(NULL), 0);
    CHECK(xmpp_iq_get_payload(NULL) == NULL);
}

static void iqs_are_built(void)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, "Example.com");
    CHECK_INT(xmpp_stanza_get_kind(iq), XMPP_KIND_IQ);
    xmpp_elem_add(xmpp_stanza_root(iq), "ping", "urn:xmpp:ping");
    CHECK_INT(xmpp_iq_get_type(iq), XMPP_IQ_GET);
    CHECK_INT(xmpp_iq_get_n_payloads(iq), 1);
    written(iq, "<iq type='get' to='example.com'><ping xmlns='urn:xmpp:ping'/></iq>");
    iq = xmpp_iq_new(XMPP_IQ_SET, "a@b");
    CHECK_INT(xmpp_iq_reset(iq, XMPP_IQ_RESULT, NULL), 0);
    written(iq, "<iq type='result'/>");
    refused(xmpp_iq_new(0, NULL), XMPP_E_INVAL);
    refused(xmpp_iq_new(XMPP_IQ_GET | XMPP_IQ_SET, NULL), XMPP_E_INVAL);
    refused(xmpp_iq_new(XMPP_IQ_GET, "a b@c"), XMPP_E_JID);
    CHECK_INT(xmpp_iq_reset(NULL, XMPP_IQ_GET, NULL), XMPP_E_INVAL);
}

static void results_answer_requests_alone(void)
{
    static const struct {
        const char *text;
        const char *result; /* NULL: none */
    } rows[] = {
        {"<iq type='get' id='1' from='a@b/c' to='d@e'><x/></iq>",
         "<iq to='a@b/c' id='1' type='result'/>"},
        {"<iq type='set' id='1'/>", "<iq id='1' type='result'/>"},
        {"<iq type='set' id='&lt;&apos;' from='A b@'/>",
         "<iq to='A b@' id='&lt;&apos;' type='result'/>"},
        {"<iq type='result' id='1' from='a@b'/>", NULL},
        {"<iq type='error' id='1' from='a@b'/>", NULL},
        {"<iq id='1' from='a@b'/>", NULL},
        {"<message type='get' id='1' from='a@b'/>", NULL},
        {"<iq xmlns='urn:x' type='get' id='1' from='a@b'/>", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("row %zu", i);
        xmpp_stanza *request = given(rows[i].text);
        xmpp_stanza *result = xmpp_iq_result(request);
        if (rows[i].result) {
            written(result, rows[i].result);
        } else {
            CHECK(result == NULL);
        }
        xmpp_stanza_unref(request);
    }
    CHECK(xmpp_iq_result(NULL) == NULL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"types and payloads are read", types_and_payloads_are_read},
        {"iqs are built", iqs_are_built},
        {"results answer requests alone", results_answer_requests_alone},
    };
    return CHECK_MAIN(argc, argv, "iq", cases);
}
