/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the modules: a session is online with all of them, and what is fed is what its server says.
 * Pieces end at a byte that XML forbids, NUL: behind each the client has its say. "*0" to "*9" stand
 * for the ids of the client's first requests, so that they can be answered. Whatever comes, what an
 * application reads of a message must hold: nobody is believed who may not say it. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "xmpp/xmpp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEADER                                                                                     \
    "<stream:stream from='capulet.example' id='s' version='1.0' xmlns='jabber:client' "            \
    "xmlns:stream='http://etherx.jabber.org/streams'>"
#define OFFER                                                                                      \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"                       \
    "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"
#define BIND                                                                                       \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"                            \
    "<ver xmlns='urn:xmpp:features:rosterver'/><sub xmlns='urn:xmpp:features:pre-approval'/>"      \
    "</stream:features>"
#define BOUND                                                                                      \
    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@capulet.example/balcony</jid>"     \
    "</bind>"
#define ROSTER                                                                                     \
    "<query xmlns='jabber:iq:roster'><item jid='romeo@montague.example' subscription='both'/>"     \
    "<item jid='tybalt@capulet.example' subscription='to'/></query>"

enum { IDS = 10, ID_SIZE = 64, TURNS = 200, LONGEST = 4096 };

/* A session, and what its server has heard. */
struct session {
    xmpp_conn *conn;
    char ids[IDS][ID_SIZE]; /* of the requests that were not answered by us, in order */
    size_t n_ids;
    const xmpp_stanza *last; /* message before this one */
    xmpp_map *known;         /* contacts, by what was told of them */
};

static void demand(int held)
{
    if (!held) {
        abort();
    }
}

/* --- what an application reads ------------------------------------------------------------------ */

static void read_forwarded(const xmpp_elem *root, int depth)
{
    int64_t ms;
    xmpp_stanza *inner = NULL;
    const xmpp_elem *forwarded = xmpp_forwarded_find(root);
    xmpp_forwarded_get_time(forwarded, &ms);
    if (forwarded && xmpp_forwarded_read(forwarded, &inner) == 0) {
        demand(depth < XMPP_FORWARDED_MAX);
        read_forwarded(xmpp_stanza_get_root(inner), depth + 1);
        xmpp_stanza_unref(inner);
    }
}

static int is_own(const xmpp_jid *jid)
{
    const char *text = jid ? xmpp_jid_get_bare_text(jid) : NULL;
    return text && strcmp(text, "juliet@capulet.example") == 0;
}

/* Those that were left count: they are by the own account, or by the sender's bare address. */
static void read_ids(const xmpp_stanza *message)
{
    const xmpp_elem *root = xmpp_stanza_get_root(message);
    const xmpp_elem *elem = xmpp_elem_get_child(root, "stanza-id", "urn:xmpp:sid:0");
    for (; elem; elem = xmpp_elem_get_next(elem, "stanza-id", "urn:xmpp:sid:0")) {
        xmpp_jid *by = NULL;
        demand(xmpp_jid_parse(&by, xmpp_elem_get_attr(elem, "by")) == 0);
        demand(is_own(by) || xmpp_jid_equal_bare(by, xmpp_stanza_get_from(message)));
        demand(xmpp_stanza_id_get(message, by) != NULL);
        xmpp_jid_unref(by);
    }
}

static void read_message(const xmpp_stanza *message, const xmpp_stanza *last)
{
    int64_t ms;
    int by;
    demand(xmpp_delay_get(message, &ms, &by) != 0 || xmpp_delay_is_delayed(message));
    demand(!xmpp_receipt_get_id(message) || xmpp_stanza_get_from(message));
    xmpp_chat_state_get(message);
    xmpp_chat_state_is_alone(message);
    xmpp_hints_get(message);
    xmpp_marker_get_id(message);
    xmpp_origin_id_get(message);
    if (last && xmpp_correction_fits(last, message, 0)) {
        demand(xmpp_jid_equal_bare(xmpp_stanza_get_from(last), xmpp_stanza_get_from(message)));
    }
    xmpp_stanza *reply = xmpp_receipt_new(message);
    demand(!reply || (!xmpp_stanza_is_inner(message) && !xmpp_delay_is_delayed(message)));
    xmpp_stanza_unref(reply);
    read_ids(message);
    read_forwarded(xmpp_stanza_get_root(message), 0);
}

/* Threat 1. */
static void read_carbon(const xmpp_stanza *wrapper, const xmpp_stanza *last)
{
    const xmpp_stanza *message = xmpp_carbon_get_message(wrapper);
    int direction = xmpp_carbon_get_direction(wrapper);
    demand((message != NULL) == (direction != XMPP_CARBON_NONE));
    if (!message) {
        return;
    }
    const xmpp_jid *from = xmpp_stanza_get_from(wrapper);
    demand(is_own(from) && xmpp_jid_is_bare(from) && xmpp_stanza_is_inner(message));
    demand(is_own(direction == XMPP_CARBON_SENT ? xmpp_stanza_get_from(message)
                                                : xmpp_stanza_get_to(message)));
    read_message(message, last);
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    struct session *session = userdata;
    read_message(stanza, session->last);
    read_carbon(stanza, session->last);
    xmpp_marker_send(conn, stanza);
    xmpp_stanza_unref(session->last);
    session->last = xmpp_stanza_ref(stanza);
    return 0;
}

/* --- the roster --------------------------------------------------------------------------------- */

/* Who follows the events has what the roster has: `known` is made of them alone. */
static void on_roster(xmpp_conn *conn, const xmpp_roster_event *event, void *userdata)
{
    struct session *session = userdata;
    const xmpp_jid *jid = xmpp_roster_event_get_jid(event);
    const char *text = jid ? xmpp_jid_get_text(jid) : NULL;
    const xmpp_roster_item *item = xmpp_roster_event_get_item(event);
    demand(!jid || (xmpp_jid_is_bare(jid) && !xmpp_jid_is_malformed(jid)));
    switch (xmpp_roster_event_get_type(event)) {
    case XMPP_ROSTER_EVENT_ADDED:
        demand(item && xmpp_map_get(session->known, text) == NULL);
        demand(xmpp_map_set(session->known, text, session) == 0);
        break;
    case XMPP_ROSTER_EVENT_CHANGED:
        demand(item && xmpp_map_get(session->known, text) != NULL);
        break;
    case XMPP_ROSTER_EVENT_REMOVED:
        demand(item && xmpp_map_remove(session->known, text) == 1);
        break;
    case XMPP_ROSTER_EVENT_REQUEST:
        demand(xmpp_roster_event_get_answer(event) == 0);
        xmpp_roster_event_get_nick(event);
        break;
    case XMPP_ROSTER_EVENT_GRANTED:
        demand(item != NULL);
        break;
    default:
        break;
    }
    demand(xmpp_roster_find(conn, jid) != NULL || !item ||
           xmpp_roster_event_get_type(event) == XMPP_ROSTER_EVENT_REMOVED);
}

static void read_roster(const struct session *session)
{
    const xmpp_roster_item *item;
    size_t n = xmpp_roster_get_n_items(session->conn);
    demand(n == xmpp_map_get_size(session->known));
    for (size_t i = 0; (item = xmpp_roster_get_item(session->conn, i)); i++) {
        const xmpp_jid *jid = xmpp_roster_item_get_jid(item);
        demand(xmpp_map_get(session->known, xmpp_jid_get_text(jid)) != NULL);
        demand(xmpp_roster_find(session->conn, jid) == item);
        demand(xmpp_roster_get_state(session->conn, jid) == xmpp_roster_item_get_state(item));
        for (size_t k = 0; k < xmpp_roster_item_get_n_groups(item); k++) {
            demand(xmpp_roster_item_get_group(item, k)[0] != '\0');
        }
    }
}

/* --- the server --------------------------------------------------------------------------------- */

/* Learns the ids of the requests that the client sent, and forgets the rest. */
static void hear(struct session *session)
{
    size_t n = 0;
    const char *text = xmpp_conn_peek_output(session->conn, &n);
    const char *end = text ? text + n : NULL;
    while (text && session->n_ids < IDS) {
        const char *iq = memmem(text, (size_t)(end - text), "<iq ", 4);
        const char *close = iq ? memchr(iq, '>', (size_t)(end - iq)) : NULL;
        const char *id = close ? memmem(iq, (size_t)(close - iq), " id='", 5) : NULL;
        if (!close) {
            break;
        }
        if (id && (size_t)(close - id) < ID_SIZE) {
            size_t len = strcspn(id + 5, "'");
            memcpy(session->ids[session->n_ids], id + 5, len);
            session->ids[session->n_ids++][len] = '\0';
        }
        text = close;
    }
    xmpp_conn_take_output(session->conn, n);
}

static void say(struct session *session, const void *bytes, size_t n)
{
    xmpp_conn_feed(session->conn, bytes, n);
    for (int i = 0; i < TURNS && xmpp_conn_get_timeout(session->conn) == 0; i++) {
        xmpp_conn_process(session->conn);
    }
    hear(session);
}

static void say_text(struct session *session, const char *text)
{
    say(session, text, strlen(text));
}

/* Answers the oldest request that is known. */
static void answer(struct session *session, const char *payload)
{
    struct xm_buf text = {0};
    demand(session->n_ids > 0);
    xm_buf_add_text(&text, "<iq type='result' id='");
    xm_buf_add_text(&text, session->ids[0]);
    xm_buf_add_text(&text, "'>");
    xm_buf_add_text(&text, payload);
    xm_buf_add_text(&text, "</iq>");
    memmove(session->ids, session->ids + 1, sizeof session->ids - sizeof *session->ids);
    session->n_ids--;
    say(session, xm_buf_head(&text), xm_buf_len(&text));
    xm_buf_done(&text);
}

/* A command of two stages, for everybody: none is run that the one before did not allow. */
static int run_command(xmpp_conn *conn, xmpp_command_session *command, int action,
                       const xmpp_elem *submit, xmpp_elem *answer, void *userdata)
{
    int is_first = xmpp_command_session_get_data(command) == NULL;
    (void)conn;
    (void)userdata;
    demand(action == (is_first ? XMPP_COMMAND_EXECUTE : XMPP_COMMAND_NEXT));
    demand(!submit || xmpp_form_get_type(submit) == XMPP_FORM_SUBMIT);
    if (!is_first) {
        return XMPP_COMMAND_COMPLETED;
    }
    xmpp_form_add(answer, XMPP_FORM_FORM, NULL);
    xmpp_command_session_set_data(command, answer, NULL);
    xmpp_command_session_set_actions(command, XMPP_COMMAND_NEXT, XMPP_COMMAND_NEXT);
    return XMPP_COMMAND_EXECUTING;
}

static void on_caps(xmpp_conn *conn, const xmpp_jid *who, const xmpp_disco_info *info,
                    void *userdata)
{
    (void)userdata;
    demand(!xmpp_jid_is_malformed(who));
    demand(xmpp_caps_get(conn, who) == info);
}

static void enable_all(xmpp_conn *conn)
{
    static int (*const enables[])(xmpp_conn * conn) = {
        xmpp_roster_enable,      xmpp_presence_enable,
        xmpp_chat_enable,        xmpp_disco_enable,
        xmpp_carbons_enable,     xmpp_receipts_enable,
        xmpp_chat_states_enable, xmpp_markers_enable,
        xmpp_correction_enable,  xmpp_stanza_ids_enable,
        xmpp_forwarded_enable,   xmpp_forms_enable,
        xmpp_ping_enable,        xmpp_time_enable,
        xmpp_version_enable,     xmpp_last_activity_enable,
        xmpp_idle_enable,        xmpp_blocking_enable,
        xmpp_privacy_enable,     xmpp_offline_retrieval_enable,
        xmpp_invisible_enable,   xmpp_caps_enable,
        xmpp_commands_enable,
    };
    for (size_t i = 0; i < sizeof enables / sizeof *enables; i++) {
        demand(enables[i](conn) == 0);
    }
    xmpp_receipts_set_answering(conn, 1);
    demand(xmpp_caps_on_known(conn, on_caps, NULL, NULL) == 0);
    demand(xmpp_commands_add(conn, "wizard", "Configure", XMPP_COMMAND_ANYBODY, run_command, NULL,
                             NULL) == 0);
}

static void begin(struct session *session)
{
    xmpp_conn *conn = xmpp_conn_new();
    *session = (struct session){.conn = conn, .known = xmpp_map_new(NULL)};
    demand(xmpp_conn_set_jid(conn, "capulet.example") == 0);
    demand(xmpp_conn_set_anonymous(conn, 1) == 0);
    xmpp_trust *trust = xmpp_trust_new(); /* nobody: that of the system would be loaded each time */
    demand(xmpp_conn_set_trust(conn, trust) == 0);
    xmpp_trust_unref(trust);
    demand(xmpp_conn_on_message(conn, NULL, on_message, session, NULL) == 0);
    enable_all(conn);
    demand(xmpp_roster_on_event(conn, on_roster, session, NULL) == 0);
    demand(xmpp_conn_connect_transport(conn, XMPP_TRANSPORT_IS_VERIFIED_TLS, NULL, NULL, NULL) ==
           0);
    say_text(session, "");
    say_text(session, HEADER OFFER);
    say_text(session, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    say_text(session, HEADER BIND);
    answer(session, BOUND);
    demand(xmpp_conn_get_state(conn) == XMPP_STATE_ONLINE);
    answer(session, ROSTER);
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    demand(xmpp_presence_set_own(conn, presence) == 0);
    xmpp_stanza_unref(presence);
    say_text(session, "");
}

static void end(struct session *session)
{
    read_roster(session);
    xmpp_stanza_unref(session->last);
    xmpp_conn_unref(session->conn);
    xmpp_map_free(session->known);
}

/* A piece with ids in the place of "*N". */
static void say_piece(struct session *session, const uint8_t *data, size_t n)
{
    struct xm_buf text = {0};
    const uint8_t *end = data + n;
    while (data < end) {
        const uint8_t *star = memchr(data, '*', (size_t)(end - data));
        size_t which = star && star + 1 < end ? (size_t)star[1] - '0' : IDS;
        int is_id = which < session->n_ids;
        const uint8_t *to = is_id ? star : star ? star + 1 : end;
        xm_buf_add(&text, data, (size_t)(to - data));
        xm_buf_add_text(&text, is_id ? session->ids[which] : "");
        data = is_id ? to + 2 : to;
    }
    say(session, xm_buf_head(&text), xm_buf_len(&text));
    xm_buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct session session;
    if (size > LONGEST) { /* what is found in it is found in less, and sooner */
        return 0;
    }
    begin(&session);
    while (size > 0) {
        const uint8_t *nul = memchr(data, '\0', size);
        size_t n = nul ? (size_t)(nul - data) : size;
        say_piece(&session, data, n);
        n += nul != NULL;
        data += n;
        size -= n;
    }
    end(&session);
    return 0;
}
