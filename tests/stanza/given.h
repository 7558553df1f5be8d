/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stanzas as text, in and out: what the tests of the typed readers and builders begin and end with. */
#ifndef TESTS_STANZA_GIVEN_H
#define TESTS_STANZA_GIVEN_H

#include "check.h"
#include "xmpp/stanza.h"

/* A stanza as it is received: parsed and sealed. */
xmpp_stanza *given(const char *text);
/* Checks that a stanza that was built has this text, and drops it. */
void written(xmpp_stanza *stanza, const char *want);
/* Checks that this error stuck to it, and drops it. */
void refused(xmpp_stanza *stanza, int error);

#endif
