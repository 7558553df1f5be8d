/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The XML declaration, XML 1.0 2.8 with the restrictions of RFC 6120 11.5, 11.6 and 11.8. */
#include "xml/decl.h"

#include <string.h>

#include "base/nocase.h"
#include "xmpp/error.h"

/* What is left to read. */
struct rest {
    const char *text;
    size_t len;
};

static int take(struct rest *rest, const char *text)
{
    size_t len = strlen(text);
    if (rest->len < len || memcmp(rest->text, text, len) != 0) {
        return 0;
    }
    rest->text += len;
    rest->len -= len;
    return 1;
}

/* ` name = 'value'`; 0 if it is not there. */
static int take_pair(struct rest *rest, const char *name, struct rest *ret_value)
{
    struct rest at = *rest;
    if (!take(&at, " ") || !take(&at, name)) {
        return 0;
    }
    take(&at, " ");
    if (!take(&at, "=")) {
        return 0;
    }
    take(&at, " ");
    const char *quote = at.len > 0 ? at.text : "";
    if (*quote != '\'' && *quote != '"') {
        return 0;
    }
    const char *end = memchr(quote + 1, *quote, at.len - 1);
    if (!end) {
        return 0;
    }
    *ret_value = (struct rest){quote + 1, (size_t)(end - quote) - 1};
    rest->len = (size_t)(rest->text + rest->len - end) - 1;
    rest->text = end + 1;
    return 1;
}

static int value_is(const struct rest *value, const char *text)
{
    return value->len == strlen(text) && xm_nocase_equal(value->text, text, value->len);
}

static int refuse(const char **ret_condition, const char **ret_reason, const char *condition,
                  const char *reason)
{
    *ret_condition = condition;
    *ret_reason = reason;
    return XMPP_E_XML;
}

int xm_decl_check(const char *text, size_t len, const char **ret_condition, const char **ret_reason)
{
    struct rest rest = {text, len};
    struct rest value;
    if (!take(&rest, "<?xml") || !take_pair(&rest, "version", &value)) {
        return refuse(ret_condition, ret_reason, "not-well-formed", "a broken XML declaration");
    }
    if (!value_is(&value, "1.0")) { /* RFC 6120 11.8 */
        return refuse(ret_condition, ret_reason, "bad-format", "the XML is not version 1.0");
    }
    if (take_pair(&rest, "encoding", &value) && !value_is(&value, "utf-8")) {
        return refuse(ret_condition, ret_reason, "unsupported-encoding",
                      "the encoding is not UTF-8");
    }
    if (take_pair(&rest, "standalone", &value) && !value_is(&value, "yes") &&
        !value_is(&value, "no")) {
        return refuse(ret_condition, ret_reason, "not-well-formed", "a broken XML declaration");
    }
    take(&rest, " ");
    if (!take(&rest, "?>") || rest.len > 0) {
        return refuse(ret_condition, ret_reason, "not-well-formed", "a broken XML declaration");
    }
    return 0;
}
