/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers are copied with all they point to, into one block. */
#include <stdlib.h>
#include <string.h>

#include "base/answer.h"
#include "check.h"
#include "nomem.h"

static void a_copy_stands_alone(void)
{
    char target[] = "xmpp.example.org";
    uint8_t data[] = {1, 2, 3};
    struct xm_record records[] = {
        {.priority = 1, .weight = 2, .port = 5222, .target = target},
        {.target = ""},
        {.tlsa = {3, 1, 1, sizeof data, data}},
        {.addr = {.family = 4, .ip = {192, 0, 2, 1}}},
    };
    struct xm_answer answer = {.dnssec = XM_DNSSEC_SECURE, .ttl = 7, .n_records = 4};
    answer.records = records;
    struct xm_answer *copy = xm_answer_dup(&answer);
    if (!CHECK(copy != NULL)) {
        return;
    }
    memset(target, 'x', sizeof target - 1);
    memset(data, 0, sizeof data);
    CHECK_INT(copy->status, XM_ANSWER_FOUND);
    CHECK_INT(copy->dnssec, XM_DNSSEC_SECURE);
    CHECK_INT(copy->ttl, 7);
    CHECK_INT(copy->n_records, 4);
    CHECK_INT(copy->records[0].port, 5222);
    CHECK_STR(copy->records[0].target, "xmpp.example.org");
    CHECK_STR(copy->records[1].target, "");
    CHECK(copy->records[2].target == NULL);
    CHECK_INT(copy->records[2].tlsa.matching, 1);
    CHECK_MEM(copy->records[2].tlsa.data, copy->records[2].tlsa.n_data, "\1\2\3", 3);
    CHECK_INT(copy->records[3].addr.ip[0], 192);
    CHECK(copy->records[3].tlsa.data == NULL);
    free(copy);
}

static void an_answer_without_records_is_copied_too(void)
{
    const struct xm_answer answer = {.status = XM_ANSWER_NO_NAME, .ttl = 60};
    struct xm_answer *copy = xm_answer_dup(&answer);
    CHECK(copy && copy->status == XM_ANSWER_NO_NAME && copy->ttl == 60 && copy->n_records == 0);
    free(copy);
}

static void there_may_be_no_memory(void)
{
    const struct xm_answer answer = {.status = XM_ANSWER_NONE};
    nomem_at(0);
    CHECK(xm_answer_dup(&answer) == NULL);
    CHECK_INT(nomem_end(), 1);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a copy stands alone", a_copy_stands_alone},
        {"an answer without records is copied, too", an_answer_without_records_is_copied_too},
        {"there may be no memory", there_may_be_no_memory},
    };
    return CHECK_MAIN(argc, argv, "answer", cases);
}
