/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every public function of a module is given nothing: a documented result, never a crash. That none
 * is left out is the lint's to see (tests/lint/null.py). One case a module, in the order of names. */
#include "conn/kit.h"

#define INVAL(call)   CHECK_INT(call, XMPP_E_INVAL)
#define NOTHING(call) CHECK((call) == NULL)

static void a_connection_that_is_null_has_no_modules(void)
{
    CHECK(!xmpp_conn_is_enabled(NULL, "roster"));
    NOTHING(xmpp_conn_get_feature(NULL, 0));
    INVAL(xmpp_conn_disable(NULL, "roster"));
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a connection that is NULL has no modules", a_connection_that_is_null_has_no_modules},
    };
    return CHECK_MAIN(argc, argv, "conn-null-modules", cases);
}
