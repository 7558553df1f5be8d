/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The version, as the build knows it. */
#include "xmpp/types.h"

const char *xmpp_version(void)
{
    return XM_VERSION;
}
