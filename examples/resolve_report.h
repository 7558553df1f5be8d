/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was asked, found and tried, for a person or a program. */
#ifndef EXAMPLES_RESOLVE_REPORT_H
#define EXAMPLES_RESOLVE_REPORT_H

#include <xmpp/xmpp.h>

/* 1 if the attempt came as far as it was to: something to try, or an open stream. */
int resolve_is_ok(const xmpp_conn *conn);
/* As tables. `is_by_proxy`: what was tried is not the server itself. */
void resolve_print(const xmpp_conn *conn, const char *domain, int is_by_proxy);
/* As one JSON object: doc/xmpp_resolve.schema.json. */
void resolve_print_json(const xmpp_conn *conn, const char *domain);

#endif
