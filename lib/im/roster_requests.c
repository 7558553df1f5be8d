/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who asked to see our presence and had no answer: what the server knows, and the roster does not
 * say. A server repeats each request at every login until it is answered, as it was (RFC 6121
 * 3.1.3), so the id tells a repeated one from a new one: of somebody whom another client of the
 * account has refused meanwhile, of which nobody tells us. What a request says is not kept. */
#include <stdlib.h>
#include <string.h>

#include "roster.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

enum { ID_MAX = 255 }; /* bytes of an id; a longer one is none */

void xm_roster_request_free(void *old)
{
    struct xm_roster_request *request = old;
    xmpp_jid_unref(request->jid);
    free(request->id);
    free(request);
}

struct xm_roster_request *xm_roster_get_request(const struct xm_roster *roster, const char *bare)
{
    return xmpp_map_get(roster->requests, bare);
}

static const char *usable(const char *id)
{
    return id && id[0] && strlen(id) <= ID_MAX ? id : NULL;
}

int xm_roster_add_request(struct xm_roster *roster, xmpp_jid *bare, const char *id)
{
    if (xmpp_map_get_size(roster->requests) >= XM_ROSTER_REQUESTS_MAX) {
        return XMPP_E_TOO_BIG;
    }
    struct xm_roster_request *request = calloc(1, sizeof *request);
    if (!request) {
        return XMPP_E_NOMEM;
    }
    request->jid = xmpp_jid_ref(bare);
    if (!request->jid || xm_roster_set_text(&request->id, usable(id)) < 0 ||
        xmpp_map_set(roster->requests, xmpp_jid_get_bare_text(bare), request) < 0) {
        xm_roster_request_free(request);
        return XMPP_E_NOMEM;
    }
    struct xmpp_roster_item *item = xm_roster_find(roster, bare);
    if (item) {
        item->is_requesting = 1;
    }
    return 0;
}

int xm_roster_renew_request(struct xm_roster_request *request, const char *id)
{
    id = usable(id);
    if (!id || (request->id && strcmp(request->id, id) == 0)) {
        return 0;
    }
    int is_other = request->id != NULL;
    int result = xm_roster_set_text(&request->id, id);
    return result < 0 ? result : is_other;
}

void xm_roster_forget_request(struct xm_roster *roster, const char *bare)
{
    struct xmpp_roster_item *item = xmpp_map_get(roster->items, bare);
    if (item) {
        item->is_requesting = 0;
    }
    xmpp_map_remove(roster->requests, bare);
}

size_t xmpp_roster_get_n_requests(const xmpp_conn *conn)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    return roster ? xmpp_map_get_size(roster->requests) : 0;
}

const xmpp_jid *xmpp_roster_get_request(const xmpp_conn *conn, size_t index)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    const struct xm_roster_request *request =
        roster ? xmpp_map_get_value_at(roster->requests, index) : NULL;
    return request ? request->jid : NULL;
}
