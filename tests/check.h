/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test frame: a table of cases, each a function of CHECKs; prints TAP, one line a case.
 *
 *     static void parses_a_bare_jid(void) { CHECK_INT(xmpp_jid_parse(&jid, "a@b"), 0); … }
 *     int main(int argc, char **argv)
 *     {
 *         static const struct check_case cases[] = {{"parses a bare JID", parses_a_bare_jid}, …};
 *         return CHECK_MAIN(argc, argv, "jid", cases);
 *     }
 *
 * A program that is given arguments runs only the cases whose name contains one of them. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stddef.h>
#include <stdint.h>

struct check_case {
    const char *name;
    void (*run)(void);
};

int check_main(int argc, char **argv, const char *suite, const struct check_case *cases, size_t n);
#define CHECK_MAIN(argc, argv, suite, cases)                                                       \
    check_main(argc, argv, suite, cases, sizeof(cases) / sizeof *(cases))

/* Each notes a failure with file and line and goes on; they return 1 if it held. */
#define CHECK(what)          check_true((what) != 0, #what, __FILE__, __LINE__)
#define CHECK_INT(got, want) check_int((int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__)
#define CHECK_STR(got, want) check_str(got, want, #got, __FILE__, __LINE__)
#define CHECK_MEM(got, n_got, want, n_want)                                                        \
    check_mem(got, n_got, want, n_want, #got, __FILE__, __LINE__)
/* Fails the case with a text of its own, printf's form. */
#define CHECK_FAIL(...) check_fail(__FILE__, __LINE__, __VA_ARGS__)

int check_true(int held, const char *what, const char *file, int line);
int check_int(int64_t got, int64_t want, const char *what, const char *file, int line);
int check_str(const char *got, const char *want, const char *what, const char *file, int line);
int check_mem(const void *got, size_t n_got, const void *want, size_t n_want, const char *what,
              const char *file, int line);
void check_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What is printed beside each failure of the case from now on, printf's form: the row of a table,
 * a seed. */
void check_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
