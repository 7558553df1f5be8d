/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dice: see dice.h. It does not draw good random numbers. */
#include "dice.h"

#include <stdlib.h>

#define NS_DICE "urn:example:dice"

/* What hangs on each connection. */
struct dice {
    int is_rolling;
    int n_rolled;
};

/* Addresses that are nobody else's: of the module, and of the fact it attaches. */
static const char key, boast_key;

/* --- the numbers ---------------------------------------------------------------------------- */

/* An attribute as a number from 1 to `max`; 0 for anything else. */
static int read_number(const xmpp_elem *elem, const char *name, int max)
{
    const char *text = xmpp_elem_get_attr(elem, name);
    int number = 0;
    for (; text && *text >= '0' && *text <= '9' && number <= max; text++)
        number = 10 * number + (*text - '0');
    return text && *text == '\0' && number <= max ? number : 0;
}

/* A <rolled/>: its number; 0 if it is not one that this die has. */
static int read_rolled(const xmpp_elem *rolled)
{
    int sides = read_number(rolled, "sides", DICE_SIDES_MAX);
    return read_number(rolled, "number", sides);
}

static void add_number(xmpp_elem *elem, const char *name, int number)
{
    char digits[8];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 && at > digits);
    xmpp_elem_set_attr(elem, name, at);
}

static void add_rolled(xmpp_elem *parent, int sides, int number)
{
    xmpp_elem *rolled = xmpp_elem_add(parent, "rolled", NS_DICE);
    add_number(rolled, "sides", sides);
    add_number(rolled, "number", number);
}

/* --- answering ------------------------------------------------------------------------------ */

static int answer_roll(xmpp_conn *conn, const xmpp_stanza *iq, void *userdata)
{
    struct dice *dice = userdata;
    int sides = read_number(xmpp_iq_get_payload(iq), "sides", DICE_SIDES_MAX);
    if (!dice->is_rolling)
        return 0; /* goes on: to the application, or to service-unavailable */
    if (sides == 0) {
        int refused = xmpp_conn_answer_error(conn, iq, XMPP_CONDITION_BAD_REQUEST, "sides");
        return refused < 0 ? refused : 1;
    }
    xmpp_stanza *result = xmpp_iq_result(iq);
    add_rolled(xmpp_stanza_root(result), sides, 1 + rand() % sides);
    int code = xmpp_conn_answer(conn, result);
    xmpp_stanza_unref(result);
    dice->n_rolled += code == 0;
    return code < 0 ? code : 1;
}

/* --- asking --------------------------------------------------------------------------------- */

/* A question under way: its own, not the module's, which may be disabled by then. */
struct question {
    dice_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
};

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct question *question = userdata;
    int number = error == 0 ? read_rolled(xmpp_iq_get_payload(reply)) : 0;
    if (error == 0 && number == 0)
        error = XMPP_E_PROTOCOL;
    question->handler(conn, error, number, question->userdata);
}

static void end_question(void *userdata)
{
    struct question *question = userdata;
    if (question->destroy)
        question->destroy(question->userdata);
    free(question);
}

int dice_roll(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, int sides, dice_fn handler,
              void *userdata, xmpp_destroy_fn destroy)
{
    if (!to || !handler || sides < 1 || sides > DICE_SIDES_MAX)
        return XMPP_E_INVAL;
    struct question *question = malloc(sizeof *question);
    if (!question)
        return XMPP_E_NOMEM;
    *question = (struct question){handler, userdata, destroy};
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to);
    xmpp_elem *roll = xmpp_elem_add(xmpp_stanza_root(iq), "roll", NS_DICE);
    add_number(roll, "sides", sides);
    int result = xmpp_conn_request(conn, ret_slot, iq, 0, on_reply, question, end_question);
    if (result < 0 && result != XMPP_E_GONE)
        free(question); /* what fails keeps nothing, and destroys nothing */
    xmpp_stanza_unref(iq);
    return result;
}

/* --- boasts --------------------------------------------------------------------------------- */

/* Looked at once, for all who will ask. */
static int note_boast(xmpp_conn *conn, xmpp_stanza *message, void *userdata)
{
    (void)conn;
    (void)userdata;
    const xmpp_elem *rolled = xmpp_elem_get_child(xmpp_stanza_get_root(message), "rolled", NS_DICE);
    int number = read_rolled(rolled);
    if (number == 0)
        return 0;
    int *fact = malloc(sizeof *fact);
    if (!fact)
        return XMPP_E_NOMEM;
    *fact = number;
    int result = xmpp_stanza_set_fact(message, &boast_key, fact, free);
    if (result < 0)
        free(fact);
    return result;
}

int dice_get_boast(const xmpp_stanza *message)
{
    const int *fact = xmpp_stanza_get_fact(message, &boast_key);
    return fact ? *fact : 0;
}

void dice_add_boast(xmpp_stanza *message, int sides, int number)
{
    add_rolled(xmpp_stanza_root(message), sides, number);
}

/* --- the module ----------------------------------------------------------------------------- */

static int on_session(xmpp_conn *conn, int event, void *userdata)
{
    struct dice *dice = userdata;
    (void)conn;
    if (event == XMPP_SESSION_ONLINE)
        dice->n_rolled = 0;
    return 0;
}

int dice_set_rolling(xmpp_conn *conn, int on)
{
    struct dice *dice = xmpp_conn_get_data(conn, &key);
    if (!dice)
        return XMPP_E_REQUIRES;
    dice->is_rolling = on != 0;
    return 0;
}

int dice_get_n_rolled(const xmpp_conn *conn)
{
    const struct dice *dice = xmpp_conn_get_data(conn, &key);
    return dice ? dice->n_rolled : 0;
}

int dice_enable(xmpp_conn *conn)
{
    struct dice *dice = calloc(1, sizeof *dice);
    xmpp_module *module = dice ? xmpp_module_new(&key, "dice", dice, free) : NULL;
    if (!module) {
        free(dice);
        return XMPP_E_NOMEM;
    }
    xmpp_module_add_feature(module, NS_DICE);
    xmpp_module_on_iq(module, XMPP_IQ_GET, "roll", NS_DICE, answer_roll);
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_NOTE, note_boast);
    xmpp_module_on_session(module, on_session);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}
