/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which software it is, XEP-0092. Tells nothing that the application has not said: not the library's
 * own name, and not the system's. */
#include "xmpp/version.h"

#include <stdlib.h>
#include <string.h>

#include "question.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"

static const char ns[] = "jabber:iq:version";
static const char key;

struct software {
    char *name; /* NULL: nothing was said */
    char *version;
    char *os;
};

static void clear(struct software *software)
{
    free(software->name);
    free(software->version);
    free(software->os);
    *software = (struct software){0};
}

static void free_software(void *data)
{
    clear(data);
    free(data);
}

/* --- answering ------------------------------------------------------------------------------------ */

static int answer(xmpp_conn *conn, const xmpp_stanza *iq, void *data)
{
    const struct software *software = data;
    if (!software->name || !xmpp_presence_may_see(conn, xmpp_stanza_get_from(iq))) {
        return 0;
    }
    xmpp_stanza *told = xmpp_iq_result(iq);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(told), "query", ns);
    xmpp_elem_add_text_child(query, "name", NULL, software->name);
    xmpp_elem_add_text_child(query, "version", NULL, software->version);
    if (software->os) {
        xmpp_elem_add_text_child(query, "os", NULL, software->os);
    }
    int result = xmpp_conn_answer(conn, told);
    xmpp_stanza_unref(told);
    return result < 0 ? result : 1;
}

int xmpp_version_enable(xmpp_conn *conn)
{
    struct software *software = calloc(1, sizeof *software);
    xmpp_module *module =
        software ? xmpp_module_new(&key, "version", software, free_software) : NULL;
    if (!module) {
        free(software);
        return XMPP_E_NOMEM;
    }
    xmpp_module_require(module, "presence");
    xmpp_module_add_feature(module, ns);
    xmpp_module_on_iq(module, XMPP_IQ_GET, "query", ns, answer);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

/* 0, also for NULL, of which nothing is kept. */
static int copy(char **ret_copy, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    char *made = text ? malloc(size) : NULL;
    if (made) {
        memcpy(made, text, size);
    }
    *ret_copy = made;
    return made || !text ? 0 : XMPP_E_NOMEM;
}

int xmpp_version_set_software(xmpp_conn *conn, const char *name, const char *version,
                              const char *os)
{
    struct software *software = xmpp_conn_get_data(conn, &key);
    struct software said = {0};
    if (!software) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    if (name && (copy(&said.name, name) < 0 || copy(&said.version, version ? version : "") < 0 ||
                 copy(&said.os, os) < 0)) {
        clear(&said);
        return XMPP_E_NOMEM;
    }
    clear(software);
    *software = said;
    return 0;
}

/* --- asking --------------------------------------------------------------------------------------- */

static void hear(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *data)
{
    const struct xm_question *question = data;
    const xmpp_elem *query =
        error == 0 ? xmpp_elem_get_child(xmpp_stanza_get_root(reply), "query", ns) : NULL;
    const char *name = xmpp_elem_get_child_text(query, "name", ns);
    if (error == 0 && !name) {
        error = XMPP_E_PROTOCOL;
        query = NULL;
    }
    ((xmpp_version_fn)question->handler)(
        conn, error, name, xmpp_elem_get_child_text(query, "version", ns),
        xmpp_elem_get_child_text(query, "os", ns), reply, question->userdata);
}

int xmpp_version_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, int timeout_ms,
                         xmpp_version_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    if (!to || !handler) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to);
    xmpp_elem_add(xmpp_stanza_root(iq), "query", ns);
    return xm_question_ask(conn, ret_slot, iq, timeout_ms, hear,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}
