/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handlers of the module "disco": a list in the order of registration, walked by number. What
 * they answer about is theirs. */
#include "disco_nodes.h"

#include <stdlib.h>

#include "xmpp/error.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"

/* The next one behind this number that is still registered. */
static struct xm_disco_reg *reg_behind(const struct xm_disco_regs *regs, uint64_t number)
{
    struct xm_disco_reg *reg = regs->first;
    while (reg && (reg->number <= number || reg->is_dropped)) {
        reg = reg->next;
    }
    return reg;
}

static struct xm_disco_reg *reg_find(const struct xm_disco_regs *regs, const void *key)
{
    struct xm_disco_reg *reg = regs->first;
    while (reg && (reg->key != key || reg->is_dropped)) {
        reg = reg->next;
    }
    return reg;
}

int xm_disco_regs_add(struct xm_disco_regs *regs, const struct xm_disco_reg *reg)
{
    if (reg_find(regs, reg->key)) {
        return XMPP_E_CONFLICT;
    }
    struct xm_disco_reg *copy = malloc(sizeof *copy);
    if (!copy) {
        return XMPP_E_NOMEM;
    }
    *copy = *reg;
    copy->number = ++regs->n;
    struct xm_disco_reg **end = &regs->first;
    while (*end) {
        end = &(*end)->next;
    }
    *end = copy;
    return 0;
}

/* Frees one that is dropped, once no call of it is running. */
static void sweep(struct xm_disco_regs *regs, struct xm_disco_reg *reg)
{
    if (!reg->is_dropped || reg->n_calls > 0) {
        return;
    }
    struct xm_disco_reg **at = &regs->first;
    while (*at != reg) {
        at = &(*at)->next;
    }
    *at = reg->next;
    if (reg->destroy) {
        reg->destroy(reg->userdata);
    }
    free(reg);
}

int xm_disco_regs_drop(struct xm_disco_regs *regs, const void *key)
{
    struct xm_disco_reg *reg = reg_find(regs, key);
    if (!reg) {
        return XMPP_E_NOT_FOUND;
    }
    reg->is_dropped = 1;
    sweep(regs, reg);
    return 0;
}

void xm_disco_regs_done(struct xm_disco_regs *regs)
{
    while (regs->first) {
        struct xm_disco_reg *reg = regs->first;
        reg->is_dropped = 1;
        reg->n_calls = 0;
        sweep(regs, reg);
    }
}

int xm_disco_regs_ask(struct xm_disco_regs *regs, xmpp_conn *conn, const xmpp_stanza *request,
                      xmpp_elem *query, int is_joined)
{
    const char *node = xmpp_elem_get_attr(query, "node");
    int answer = XMPP_DISCO_NOT_MINE;
    uint64_t number = 0;
    struct xm_disco_reg *reg;
    while ((reg = reg_behind(regs, number)) != NULL) {
        number = reg->number;
        if (!reg->on_node) {
            continue;
        }
        reg->n_calls++;
        int result = reg->on_node(conn, request, node, query, reg->userdata);
        reg->n_calls--;
        sweep(regs, reg);
        if (!xmpp_conn_is_enabled(conn, "disco")) { /* it, or the connection, was dropped there */
            return XMPP_E_STATE;
        }
        if (result < 0 || result == XMPP_DISCO_ANSWERED) {
            return result;
        }
        if (result == XMPP_DISCO_FILLED) {
            answer = result;
            if (!is_joined) {
                return answer;
            }
        }
    }
    return answer;
}

void xm_disco_regs_tell(struct xm_disco_regs *regs, xmpp_conn *conn)
{
    uint64_t number = 0;
    struct xm_disco_reg *reg;
    while (xmpp_conn_is_enabled(conn, "disco") && (reg = reg_behind(regs, number)) != NULL) {
        number = reg->number;
        if (reg->on_changed) {
            reg->n_calls++;
            reg->on_changed(conn, reg->userdata);
            reg->n_calls--;
            sweep(regs, reg);
        }
    }
}
