/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches an account: the roster, what changes in it, who asks to see our presence, and which
 * contacts are there; a line for each. It stays until SIGINT or SIGTERM.
 *
 * What it does not do: answer anybody. Its priority is negative, so that messages go to the
 * account's other clients.
 *
 *     XMPP_PASSWORD=… roster_watch [options] JID */
#include <string.h>
#include <sysexits.h>

#include "account.h"
#include "stop.h"
#include "text.h"

static const char *const subscription_names[] = {"none", "to", "from", "both"};
static const char *const show_names[] = {"online", "chat", "away", "dnd", "xa"};

/* --- the roster ------------------------------------------------------------------------------- */

/* "romeo@example.net both Romeo [Friends, Lovers]" */
static void print_item(const xmpp_roster_item *item)
{
    text_print(stdout, xmpp_jid_get_text(xmpp_roster_item_get_jid(item)));
    printf(" %s%s%s ", subscription_names[xmpp_roster_item_get_subscription(item)],
           xmpp_roster_item_is_asked(item) ? "+asked" : "",
           xmpp_roster_item_is_approved(item) ? "+approved" : "");
    const char *name = xmpp_roster_item_get_name(item);
    text_print(stdout, name ? name : "-");
    const char *group;
    for (size_t i = 0; (group = xmpp_roster_item_get_group(item, i)); i++) {
        fputs(i == 0 ? " [" : ", ", stdout);
        text_print(stdout, group);
    }
    if (xmpp_roster_item_get_n_groups(item) > 0)
        fputc(']', stdout);
}

/* What somebody who asks says: anybody can be called anything. */
static void print_request(const xmpp_roster_event *event)
{
    const char *nick = xmpp_roster_event_get_nick(event);
    const char *status = xmpp_presence_get_status(xmpp_roster_event_get_stanza(event), NULL);
    if (nick) {
        fputs(" as ", stdout);
        text_print(stdout, nick);
    }
    if (status) {
        fputs(": ", stdout);
        text_print(stdout, status);
    }
}

static const char *event_name(int type)
{
    switch (type) {
    case XMPP_ROSTER_EVENT_ADDED:
        return "added";
    case XMPP_ROSTER_EVENT_CHANGED:
        return "changed";
    case XMPP_ROSTER_EVENT_REMOVED:
        return "removed";
    case XMPP_ROSTER_EVENT_REQUEST:
        return "request";
    case XMPP_ROSTER_EVENT_REQUEST_OVER:
        return "request-over";
    case XMPP_ROSTER_EVENT_GRANTED:
        return "granted";
    case XMPP_ROSTER_EVENT_REFUSED:
        return "refused";
    case XMPP_ROSTER_EVENT_REVOKED:
        return "revoked";
    case XMPP_ROSTER_EVENT_LEFT:
        return "left";
    case XMPP_ROSTER_EVENT_FULL:
        return "full";
    default:
        return NULL;
    }
}

static void on_roster(xmpp_conn *conn, const xmpp_roster_event *event, void *userdata)
{
    int type = xmpp_roster_event_get_type(event);
    const char *name = event_name(type);
    (void)userdata;
    if (type == XMPP_ROSTER_EVENT_COMPLETE) {
        printf("roster: %zu contacts, %s\n", xmpp_roster_get_n_items(conn),
               xmpp_roster_event_is_cached(event) ? "as they were" : "fetched");
    } else if (type == XMPP_ROSTER_EVENT_FAILED) {
        printf("roster: %s\n", xmpp_strerror(xmpp_roster_event_get_error(event)));
    } else if (name) {
        const xmpp_jid *jid = xmpp_roster_event_get_jid(event);
        printf("%s ", name);
        if (type == XMPP_ROSTER_EVENT_ADDED || type == XMPP_ROSTER_EVENT_CHANGED)
            print_item(xmpp_roster_event_get_item(event));
        else
            text_print(stdout, jid ? xmpp_jid_get_text(jid) : "-");
        if (type == XMPP_ROSTER_EVENT_REQUEST)
            print_request(event);
        fputc('\n', stdout);
    }
    fflush(stdout);
}

/* --- presence --------------------------------------------------------------------------------- */

/* "presence romeo@example.net/orchard away 5: Gone fishing" */
static void on_resource(xmpp_conn *conn, int event, const xmpp_resource *resource,
                        const xmpp_stanza *presence, void *userdata)
{
    const char *status = xmpp_presence_get_status(presence, NULL);
    (void)conn;
    (void)userdata;
    fputs("presence ", stdout);
    text_print(stdout, xmpp_jid_get_text(xmpp_resource_get_jid(resource)));
    if (event == XMPP_RESOURCE_LEFT)
        fputs(" gone", stdout);
    else
        printf(" %s %d", show_names[xmpp_presence_get_show(presence)],
               xmpp_presence_get_priority(presence));
    if (status) {
        fputs(": ", stdout);
        text_print(stdout, status);
    }
    fputc('\n', stdout);
    fflush(stdout);
}

/* Sent in each session behind the request for the roster. */
static int set_presence(xmpp_conn *conn)
{
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    xmpp_presence_set_priority(presence, -1);
    int result = xmpp_presence_set_own(conn, presence);
    xmpp_stanza_unref(presence);
    return result;
}

/* --- the session ------------------------------------------------------------------------------ */

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    const struct account *account = userdata;
    if (state == XMPP_STATE_ONLINE)
        account_print_session(stdout, conn);
    else if (state == XMPP_STATE_OFFLINE || state == XMPP_STATE_WAITING)
        account_print_error(account, conn);
}

static int begin(struct account *account, xmpp_conn *conn)
{
    int result = xmpp_conn_set_reconnect(conn, 1);
    if (result == 0)
        result = xmpp_conn_on_state(conn, NULL, on_state, account, NULL);
    if (result == 0)
        result = xmpp_roster_enable(conn);
    if (result == 0)
        result = xmpp_presence_enable(conn);
    if (result == 0)
        result = xmpp_roster_on_event(conn, on_roster, NULL, NULL);
    if (result == 0)
        result = xmpp_presence_on_resource(conn, on_resource, NULL, NULL);
    if (result == 0)
        result = set_presence(conn);
    return result == 0 ? xmpp_conn_connect(conn) : result;
}

int main(int argc, char **argv)
{
    struct account account = {.program = NULL};
    account_parse(&account, argc, argv, "JID", 0, 0);
    xmpp_conn *conn = account_new_conn(&account);
    int stop_fd = stop_init();
    if (!conn || stop_fd < 0)
        return EX_CONFIG;
    int result = begin(&account, conn);
    if (result < 0) {
        account_print_failure(&account, conn, result);
        xmpp_conn_unref(conn);
        return EX_CONFIG;
    }
    int status = stop_run(conn, stop_fd, NULL) ? EX_OK : account_exit_status(conn);
    xmpp_conn_unref(conn);
    return status;
}
