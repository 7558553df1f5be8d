/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Result sets (XEP-0059): the element in a request and in an answer, and a pager that goes from one
 * to the other. It sends nothing: the protocol around it does. */
#include "xmpp/rsm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/stanza.h"

/* Numbers beyond this are not exact everywhere. */
#define NUMBER_MAX (INT64_C(1) << 53)

struct xmpp_pager {
    int max;
    int is_backwards;
    int is_done;
    int n_pages;
    char *place; /* the item next to the next page; NULL: at the beginning */
    int64_t count;
};

/* --- building ---------------------------------------------------------------------------------- */

static const char *number_text(char *text, size_t size, int64_t n)
{
    snprintf(text, size, "%" PRId64, n);
    return text;
}

static void add_number(xmpp_elem *set, const char *name, int64_t n)
{
    char text[24];
    xmpp_elem_add_text_child(set, name, XMPP_NS_RSM, number_text(text, sizeof text, n));
}

xmpp_elem *xmpp_rsm_add(xmpp_elem *parent, int64_t max)
{
    xmpp_elem *set = xmpp_elem_add(parent, "set", XMPP_NS_RSM);
    if (max >= 0) {
        add_number(set, "max", max);
    }
    return set;
}

void xmpp_rsm_set_after(xmpp_elem *set, const char *item)
{
    xmpp_elem_add_text_child(set, "after", XMPP_NS_RSM, item);
}

void xmpp_rsm_set_before(xmpp_elem *set, const char *item)
{
    xmpp_elem_add_text_child(set, "before", XMPP_NS_RSM, item);
}

void xmpp_rsm_set_index(xmpp_elem *set, int64_t index)
{
    add_number(set, "index", index);
}

xmpp_elem *xmpp_rsm_add_page(xmpp_elem *parent, const char *first, const char *last, int64_t index,
                             int64_t count)
{
    char text[24];
    xmpp_elem *set = xmpp_elem_add(parent, "set", XMPP_NS_RSM);
    if (first) {
        xmpp_elem *elem = xmpp_elem_add_text_child(set, "first", XMPP_NS_RSM, first);
        if (index >= 0) {
            xmpp_elem_set_attr(elem, "index", number_text(text, sizeof text, index));
        }
    }
    if (last) {
        xmpp_elem_add_text_child(set, "last", XMPP_NS_RSM, last);
    }
    if (count >= 0) {
        add_number(set, "count", count);
    }
    return set;
}

/* --- reading ----------------------------------------------------------------------------------- */

/* Digits, and nothing else; -1 for anything else, and beyond what is exact. */
static int64_t read_number(const char *text)
{
    int64_t n = 0;
    if (!text || *text == '\0') {
        return -1;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return -1;
        }
        n = n * 10 + (*text - '0');
        if (n > NUMBER_MAX) {
            return -1;
        }
    }
    return n;
}

static const char *child_text(const xmpp_elem *set, const char *name)
{
    return xmpp_elem_get_child_text(set, name, XMPP_NS_RSM);
}

const xmpp_elem *xmpp_rsm_find(const xmpp_elem *parent)
{
    return xmpp_elem_get_child(parent, "set", XMPP_NS_RSM);
}

int64_t xmpp_rsm_get_max(const xmpp_elem *set)
{
    return read_number(child_text(set, "max"));
}

const char *xmpp_rsm_get_after(const xmpp_elem *set)
{
    return child_text(set, "after");
}

const char *xmpp_rsm_get_before(const xmpp_elem *set)
{
    return child_text(set, "before");
}

int64_t xmpp_rsm_get_index(const xmpp_elem *set)
{
    return read_number(child_text(set, "index"));
}

const char *xmpp_rsm_get_first(const xmpp_elem *set)
{
    return child_text(set, "first");
}

int64_t xmpp_rsm_get_first_index(const xmpp_elem *set)
{
    return read_number(xmpp_elem_get_attr(xmpp_elem_get_child(set, "first", XMPP_NS_RSM), "index"));
}

const char *xmpp_rsm_get_last(const xmpp_elem *set)
{
    return child_text(set, "last");
}

int64_t xmpp_rsm_get_count(const xmpp_elem *set)
{
    return read_number(child_text(set, "count"));
}

/* --- page by page ------------------------------------------------------------------------------ */

xmpp_pager *xmpp_pager_new(int max, int backwards)
{
    xmpp_pager *pager = max > 0 ? calloc(1, sizeof *pager) : NULL;
    if (pager) {
        pager->max = max;
        pager->is_backwards = backwards != 0;
        pager->count = -1;
    }
    return pager;
}

void xmpp_pager_free(xmpp_pager *pager)
{
    if (pager) {
        free(pager->place);
        free(pager);
    }
}

xmpp_elem *xmpp_pager_add(const xmpp_pager *pager, xmpp_elem *parent)
{
    if (!pager || pager->is_done) {
        return NULL;
    }
    xmpp_elem *set = xmpp_rsm_add(parent, pager->max);
    if (pager->is_backwards) {
        xmpp_rsm_set_before(set, pager->place ? pager->place : ""); /* XEP-0059 2.5 */
    } else if (pager->place) {
        xmpp_rsm_set_after(set, pager->place);
    }
    return set;
}

/* XEP-0059 2.2: which page is the last one is not said. It is the one that reaches the count, where
 * that and the index are given; else an empty one follows it. */
static int is_last_page(const xmpp_pager *pager, const xmpp_elem *set, size_t n)
{
    int64_t index = xmpp_rsm_get_first_index(set);
    int64_t count = xmpp_rsm_get_count(set);
    if (pager->is_backwards) {
        return index == 0;
    }
    return index >= 0 && count >= 0 && n <= (uint64_t)NUMBER_MAX && index + (int64_t)n >= count;
}

static int finish(xmpp_pager *pager, int result)
{
    pager->is_done = 1;
    return result;
}

int xmpp_pager_take(xmpp_pager *pager, const xmpp_elem *set, size_t n)
{
    if (!pager) {
        return XMPP_E_INVAL;
    }
    const char *place = pager->is_backwards ? xmpp_rsm_get_first(set) : xmpp_rsm_get_last(set);
    if (pager->is_done || !place || n == 0 || is_last_page(pager, set, n)) {
        pager->count = set ? xmpp_rsm_get_count(set) : pager->count;
        return finish(pager, 0);
    }
    if (pager->place && strcmp(pager->place, place) == 0) {
        return finish(pager, XMPP_E_PROTOCOL);
    }
    if (pager->n_pages + 1 >= XMPP_PAGER_PAGES) {
        return finish(pager, XMPP_E_TOO_BIG);
    }
    size_t size = strlen(place) + 1;
    char *copy = malloc(size);
    if (!copy) {
        return XMPP_E_NOMEM;
    }
    memcpy(copy, place, size);
    free(pager->place);
    pager->place = copy;
    pager->n_pages++;
    pager->count = xmpp_rsm_get_count(set);
    return 1;
}

int xmpp_pager_is_done(const xmpp_pager *pager)
{
    return !pager || pager->is_done;
}

int64_t xmpp_pager_get_count(const xmpp_pager *pager)
{
    return pager ? pager->count : -1;
}
