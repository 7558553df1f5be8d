/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which mechanism, and which channel binding: policy alone, no exchange. There is one choice per
 * attempt and it is never followed by a weaker one. Each rule about binding is told,
 * with what it costs and gains, in doc/decisions/0002-channel-binding.md. */
#include <string.h>

#include "sasl/mechanism.h"
#include "sasl/sasl.h"
#include "xmpp/auth.h"
#include "xmpp/error.h"

const struct xm_scram_name xm_scram_names[XM_SCRAM_NAMES] = {
    {"SCRAM-SHA-512", "SCRAM-SHA-512-PLUS", "SHA-512", XM_SHA512},
    {"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SHA-256", XM_SHA256},
    {"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SHA-1", XM_SHA1},
};

/* The question, and the best SCRAM of the offer with and without binding. */
struct question {
    const struct xm_sasl_policy *policy;
    const struct xm_sasl_offer *offer;
    const struct xm_sasl_channel *channel;
    int is_required;
    int has_any_plus;  /* of whatever mechanism, known or not */
    const char *plus;  /* NULL: none of ours */
    const char *plain; /* NULL: none of ours */
};

/* What each step returns beside a negative code. */
enum { NOTHING_FITS = 0, CHOSEN = 1 };

static int refuse(int code, const char *why, const char **ret_why)
{
    *ret_why = why;
    return code;
}

static int refuse_binding(const char *why, const char **ret_why)
{
    return refuse(XMPP_E_AUTH_BINDING, why, ret_why);
}

static int is_offered(const struct xm_sasl_offer *offer, const char *mechanism)
{
    for (size_t i = 0; i < offer->n_mechanisms; i++) {
        if (strcmp(offer->mechanisms[i], mechanism) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_announced(const struct xm_sasl_offer *offer, const char *type)
{
    for (size_t i = 0; i < offer->n_binding_types; i++) {
        if (strcmp(offer->binding_types[i], type) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_plus(const char *mechanism)
{
    size_t n = strlen(mechanism);
    return n >= 5 && strcmp(mechanism + n - 5, "-PLUS") == 0;
}

static void look_at_offer(struct question *question)
{
    const struct xm_sasl_offer *offer = question->offer;
    for (size_t i = 0; i < offer->n_mechanisms; i++) {
        question->has_any_plus |= is_plus(offer->mechanisms[i]);
    }
    for (size_t i = XM_SCRAM_NAMES; i-- > 0;) {
        if (is_offered(offer, xm_scram_names[i].plain)) {
            question->plain = xm_scram_names[i].plain;
        }
        if (is_offered(offer, xm_scram_names[i].plus)) {
            question->plus = xm_scram_names[i].plus;
        }
    }
}

static int choose(struct xm_sasl_choice *choice, const char *mechanism, int needs_password)
{
    *choice = (struct xm_sasl_choice){.mechanism = mechanism, .needs_password = needs_password};
    return CHOSEN;
}

static int choose_bound(const struct question *question, const char *type,
                        struct xm_sasl_choice *choice)
{
    choose(choice, question->plus, 1);
    choice->gs2_flag = 'p';
    choice->binding_type = type;
    return CHOSEN;
}

static int choose_unbound(const struct question *question, char flag, const char *fact,
                          struct xm_sasl_choice *choice)
{
    if (!question->plain) {
        return NOTHING_FITS;
    }
    choose(choice, question->plain, 1);
    choice->gs2_flag = flag;
    choice->binding_fact = fact;
    return CHOSEN;
}

/* RFC 9266 4.2 and RFC 7677 4: on TLS 1.2 both depend on the extended master secret. */
static int can_export(const struct xm_sasl_channel *channel)
{
    return channel->exporter_len > 0 && (channel->is_tls13 || channel->has_ems);
}

static int can_unique(const struct xm_sasl_channel *channel)
{
    return channel->unique_len > 0 && !channel->is_tls13 && channel->has_ems;
}

/* The strongest announced type that can be had; the end-point last, as it does not notice a stolen
 * key (XEP-0440 3, rules 6 and 7). NULL: none. */
static const char *best_announced(const struct question *question)
{
    const struct xm_sasl_channel *channel = question->channel;
    const struct {
        const char *type;
        int can;
    } types[] = {
        {"tls-exporter", can_export(channel)},
        {"tls-unique", can_unique(channel)},
        {"tls-server-end-point", channel->end_point_len > 0},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].can && is_announced(question->offer, types[i].type)) {
            return types[i].type;
        }
    }
    return NULL;
}

/* -PLUS is offered, and nothing says for which types (servers without XEP-0440). */
static int choose_unannounced(const struct question *question, struct xm_sasl_choice *choice,
                              const char **ret_why)
{
    const struct xm_sasl_channel *channel = question->channel;
    if (question->plus && can_unique(channel)) {
        return choose_bound(question, "tls-unique", choice); /* RFC 5802 6.1 */
    }
    /* Nobody can be asked what would work on TLS 1.3, where servers of today accept nothing that is
     * sound; so it is tried only where the alternative is to give up. */
    if (question->plus && can_export(channel) && (question->is_required || !question->plain)) {
        return choose_bound(question, "tls-exporter", choice); /* RFC 9266 2 */
    }
    if (question->is_required || (question->plus && !question->plain)) {
        return refuse_binding("a -PLUS mechanism is offered, but this channel cannot be bound",
                              ret_why);
    }
    if (!question->plus) {
        return choose_unbound(question, 'n', "binding not used: no -PLUS mechanism that is known",
                              choice);
    }
    return choose_unbound(question, 'n', "binding not used: types not announced", choice);
}

static int choose_scram(const struct question *question, struct xm_sasl_choice *choice,
                        const char **ret_why)
{
    const struct xm_sasl_channel *channel = question->channel;
    if (question->policy->binding == XMPP_BINDING_OFF) {
        return choose_unbound(question, 'n', "binding not used: switched off", choice);
    }
    if (!channel->is_tls || channel->is_unbindable) {
        return choose_unbound(question, 'n',
                              channel->is_tls ? "binding not used: the transport told none"
                                              : "binding not used: no TLS of ours",
                              choice);
    }
    int has_types = question->offer->n_binding_types > 0;
    if (has_types && !question->has_any_plus) {
        /* Somebody took the -PLUS mechanisms out (XEP-0440 3, rule 5). */
        return refuse_binding("binding types are announced, but no -PLUS mechanism", ret_why);
    }
    if (!question->has_any_plus) {
        return question->is_required
                   ? refuse_binding("the server offers no channel binding", ret_why)
                   : choose_unbound(question, 'y', "binding not used: not offered", choice);
    }
    if (!has_types) {
        return choose_unannounced(question, choice, ret_why);
    }
    const char *type = best_announced(question);
    if (!type || !question->plus) {
        return refuse_binding(type ? "no -PLUS mechanism that is known is offered"
                                   : "no announced binding type can be used",
                              ret_why);
    }
    return choose_bound(question, type, choice);
}

/* What the application allowed by name, in front of giving up. RFC 6120 13.8.3. */
static int choose_by_leave(const struct question *question, struct xm_sasl_choice *choice,
                           const char **ret_why)
{
    const struct xm_sasl_policy *policy = question->policy;
    if (policy->allow_digest_md5 && is_offered(question->offer, "DIGEST-MD5")) {
        return choose(choice, "DIGEST-MD5", 1);
    }
    if (!is_offered(question->offer, "PLAIN")) {
        return refuse(XMPP_E_AUTH_MECHANISM, "no mechanism that is known and allowed is offered",
                      ret_why);
    }
    if (!policy->allow_plain) {
        return refuse(XMPP_E_AUTH_MECHANISM, "PLAIN is offered, but it was not allowed", ret_why);
    }
    if (!question->channel->is_tls || !question->channel->verified) {
        return refuse(XMPP_E_AUTH_MECHANISM, "PLAIN is offered, but TLS is not verified", ret_why);
    }
    return choose(choice, "PLAIN", 1);
}

static int choose_anonymous(const struct question *question, struct xm_sasl_choice *choice,
                            const char **ret_why)
{
    if (question->is_required) {
        return refuse_binding("ANONYMOUS cannot be bound to the channel", ret_why);
    }
    if (!is_offered(question->offer, "ANONYMOUS")) {
        return refuse(XMPP_E_AUTH_MECHANISM, "ANONYMOUS is not offered", ret_why);
    }
    return choose(choice, "ANONYMOUS", 0);
}

static int choose_any(const struct question *question, struct xm_sasl_choice *choice,
                      const char **ret_why)
{
    const struct xm_sasl_policy *policy = question->policy;
    if (policy->anonymous) {
        return choose_anonymous(question, choice, ret_why);
    }
    if (question->is_required && !question->channel->is_tls) {
        return refuse_binding("there is no TLS of ours to bind to", ret_why);
    }
    if (question->is_required && question->channel->is_unbindable) {
        return refuse_binding("the transport told no channel binding", ret_why);
    }
    /* Under "required" it does not count: it proves nothing of the server. */
    if (policy->external && question->channel->is_tls && !question->is_required &&
        is_offered(question->offer, "EXTERNAL")) {
        return choose(choice, "EXTERNAL", 0);
    }
    if (!policy->authcid || !*policy->authcid) {
        return refuse(XMPP_E_AUTH_MECHANISM, "there is no account to log in to", ret_why);
    }
    int result = choose_scram(question, choice, ret_why);
    if (result != NOTHING_FITS) {
        return result;
    }
    if (question->is_required) {
        return refuse_binding("the server offers no channel binding", ret_why);
    }
    return choose_by_leave(question, choice, ret_why);
}

int xm_sasl_choose(const struct xm_sasl_policy *policy, const struct xm_sasl_offer *offer,
                   const struct xm_sasl_channel *channel, struct xm_sasl_choice *ret_choice,
                   const char **ret_why)
{
    struct question question = {
        .policy = policy,
        .offer = offer,
        .channel = channel,
        .is_required = policy->binding == XMPP_BINDING_REQUIRED,
    };
    look_at_offer(&question);
    int result = choose_any(&question, ret_choice, ret_why);
    return result < 0 ? result : 0;
}
