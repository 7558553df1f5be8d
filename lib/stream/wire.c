/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fixed elements into the queue. It is not the serialiser of trees, which is stanza/write.h. */
#include "stream/wire.h"

#include <string.h>

#include "base/b64.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "xmpp/error.h"

struct xm_wire xm_wire_begin(struct xm_buf *out)
{
    return (struct xm_wire){.out = out, .mark = xm_buf_len(out)};
}

static void add(struct xm_wire *wire, const char *bytes, size_t n)
{
    if (wire->error == 0) {
        wire->error = xm_buf_add(wire->out, bytes, n);
    }
}

void xm_wire_add(struct xm_wire *wire, const char *text)
{
    add(wire, text, strlen(text));
}

static const char *reference(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\'':
        return "&apos;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    default:
        return "&#13;";
    }
}

void xm_wire_add_escaped(struct xm_wire *wire, const char *text)
{
    if (wire->error == 0 && !xm_utf8_is_xml(text, strlen(text))) {
        wire->error = XMPP_E_CHAR;
    }
    for (;;) {
        size_t plain = strcspn(text, "&<>'\"\t\n\r");
        add(wire, text, plain);
        if (!text[plain]) {
            return;
        }
        xm_wire_add(wire, reference(text[plain]));
        text += plain + 1;
    }
}

void xm_wire_add_base64(struct xm_wire *wire, const uint8_t *bytes, size_t n)
{
    if (wire->error == 0) {
        wire->error = xm_b64_add(wire->out, bytes, n);
    }
}

int xm_wire_end(struct xm_wire *wire)
{
    if (wire->error != 0) {
        /* what is cut off may be a credential */
        size_t len = xm_buf_len(wire->out);
        if (len > wire->mark) {
            xm_mem_wipe(xm_buf_head(wire->out) + wire->mark, len - wire->mark);
        }
        xm_buf_cut(wire->out, wire->mark);
    }
    return wire->error;
}
