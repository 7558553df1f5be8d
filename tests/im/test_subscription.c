/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every cell of the client's table of subscriptions, written as RFC 6121 A has them: a line for each
 * input, a column for each of the nine states. "To" is the next state, "!" what is told, ">" that
 * the presence is sent. That client and servers agree is tried by scripts (roster-walk.xmpp). */
#include <stdio.h>
#include <string.h>

#include "../../lib/im/subscription.h"
#include "check.h"
#include "xmpp/roster.h"

static const char *const state_names[] = {"None",  "None+Out", "None+In",  "None+Out+In", "To",
                                          "To+In", "From",     "From+Out", "Both"};
static const struct {
    const char *name;
    int type;
} event_names[] = {
    {"request", XMPP_ROSTER_EVENT_REQUEST}, {"over", XMPP_ROSTER_EVENT_REQUEST_OVER},
    {"granted", XMPP_ROSTER_EVENT_GRANTED}, {"refused", XMPP_ROSTER_EVENT_REFUSED},
    {"revoked", XMPP_ROSTER_EVENT_REVOKED}, {"left", XMPP_ROSTER_EVENT_LEFT},
};

struct row {
    int input;
    const char *cells[XM_SUBSCRIPTION_STATES];
};

/* "-": the state stays, nothing is told or sent. */
/* clang-format off */
static const struct row rows[] = {
    {XM_RECEIVED_SUBSCRIBE,    {"None+In !request", "None+Out+In !request", "-", "-", "To+In !request", "-", "-", "-", "-"}},
    {XM_RECEIVED_UNSUBSCRIBE,  {"-", "-", "None !over", "None+Out !over", "-", "To !over", "From !left", "From+Out !left", "Both !left"}},
    {XM_RECEIVED_SUBSCRIBED,   {"-", "None+Out !granted", "-", "None+Out+In !granted", "-", "-", "-", "From+Out !granted", "-"}},
    {XM_RECEIVED_UNSUBSCRIBED, {"-", "None+Out !refused", "-", "None+Out+In !refused", "To !revoked", "To+In !revoked", "-", "From+Out !refused", "Both !revoked"}},

    {XM_PUSHED_NONE,     {"None", "None", "None+In", "None+In", "None", "None+In", "None", "None", "None"}},
    {XM_PUSHED_NONE_ASK, {"None+Out", "None+Out", "None+Out+In", "None+Out+In", "None+Out", "None+Out+In", "None+Out", "None+Out", "None+Out"}},
    {XM_PUSHED_TO,       {"To", "To", "To+In", "To+In", "To", "To+In", "To", "To", "To"}},
    {XM_PUSHED_FROM,     {"From", "From", "From !over", "From !over", "From", "From !over", "From", "From", "From"}},
    {XM_PUSHED_FROM_ASK, {"From+Out", "From+Out", "From+Out !over", "From+Out !over", "From+Out", "From+Out !over", "From+Out", "From+Out", "From+Out"}},
    {XM_PUSHED_BOTH,     {"Both", "Both", "Both !over", "Both !over", "Both", "Both !over", "Both", "Both", "Both"}},
    {XM_PUSHED_REMOVE,   {"None", "None", "None !over", "None !over", "None", "None !over", "None", "None", "None"}},

    {XM_WANT_SUBSCRIBE,     {"None >", "-", "None+In >", "-", "-", "-", "From >", "-", "-"}},
    {XM_WANT_UNSUBSCRIBE,   {"-", "None+Out >", "-", "None+Out+In >", "To >", "To+In >", "-", "From+Out >", "Both >"}},
    {XM_WANT_APPROVE,       {"-", "-", "None >", "None+Out >", "-", "To >", "-", "-", "-"}},
    {XM_WANT_PREAPPROVE,    {"None >", "None+Out >", "None >", "None+Out >", "To >", "To >", "-", "-", "-"}},
    {XM_WANT_DENY,          {"-", "-", "None >", "None+Out >", "-", "To >", "From >", "From+Out >", "Both >"}},
    {XM_WANT_DENY_APPROVED, {"None >", "None+Out >", "None >", "None+Out >", "To >", "To >", "From >", "From+Out >", "Both >"}},
};
/* clang-format on */

static const char *event_name(int type)
{
    for (size_t i = 0; i < sizeof event_names / sizeof *event_names; i++) {
        if (event_names[i].type == type) {
            return event_names[i].name;
        }
    }
    return "?";
}

static void print(struct xm_subscription_step step, char *text, size_t size)
{
    int at = snprintf(text, size, "%s", state_names[step.next]);
    if (step.event != 0) {
        at += snprintf(text + at, size - (size_t)at, " !%s", event_name(step.event));
    }
    if (step.sends) {
        snprintf(text + at, size - (size_t)at, " >");
    }
}

static void every_cell(void)
{
    CHECK_INT(sizeof rows / sizeof *rows, XM_SUBSCRIPTION_INPUTS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int state = 0; state < XM_SUBSCRIPTION_STATES; state++) {
            char got[64];
            const char *want = rows[i].cells[state];
            check_note("input %d in %s", rows[i].input, state_names[state]);
            print(xm_subscription_step(state, rows[i].input), got, sizeof got);
            CHECK_STR(got, strcmp(want, "-") == 0 ? state_names[state] : want);
        }
    }
}

static void every_input_has_a_row(void)
{
    for (int input = 0; input < XM_SUBSCRIPTION_INPUTS; input++) {
        size_t i = 0;
        while (i < sizeof rows / sizeof *rows && rows[i].input != input) {
            i++;
        }
        CHECK(i < sizeof rows / sizeof *rows);
    }
}

/* What a push says, and a request that waits, is what the state is made of. */
static void pushes_lead_where_they_say(void)
{
    for (int subscription = 0; subscription <= XMPP_SUBSCRIPTION_BOTH; subscription++) {
        for (int asked = 0; asked <= 1; asked++) {
            int input = xm_subscription_pushed(subscription, asked);
            for (int state = 0; state < XM_SUBSCRIPTION_STATES; state++) {
                int is_requesting = xm_subscription_is_requesting(state);
                CHECK_INT(xm_subscription_step(state, input).next,
                          xm_subscription_state(subscription, asked, is_requesting));
            }
        }
    }
}

static void what_cannot_be_does_not_count(void)
{
    CHECK_INT(xm_subscription_state(XMPP_SUBSCRIPTION_TO, 1, 0), XMPP_SUBSCRIPTION_STATE_TO);
    CHECK_INT(xm_subscription_state(XMPP_SUBSCRIPTION_BOTH, 1, 1), XMPP_SUBSCRIPTION_STATE_BOTH);
    CHECK_INT(xm_subscription_state(XMPP_SUBSCRIPTION_FROM, 1, 1),
              XMPP_SUBSCRIPTION_STATE_FROM_OUT);
    CHECK_INT(xm_subscription_step(9, XM_PUSHED_BOTH).next, XMPP_SUBSCRIPTION_STATE_NONE);
    CHECK_INT(xm_subscription_step(-1, XM_WANT_SUBSCRIBE).sends, 0);
    CHECK_INT(xm_subscription_step(0, XM_SUBSCRIPTION_INPUTS).sends, 0);
    CHECK_INT(xm_subscription_step(0, -1).event, 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"every cell of the table", every_cell},
        {"every input has a row", every_input_has_a_row},
        {"pushes lead where they say", pushes_lead_where_they_say},
        {"what cannot be does not count", what_cannot_be_does_not_count},
    };
    return CHECK_MAIN(argc, argv, "subscription", cases);
}
