/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a hosts file; its first line is the name that is looked for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(int held)
{
    if (!held) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    enum { ADDRS = 4 };
    struct xm_addr addrs[ADDRS];
    const uint8_t *newline = n > 0 ? memchr(bytes, '\n', n) : NULL;
    if (!newline) {
        return 0;
    }
    size_t n_name = (size_t)(newline - bytes);
    size_t n_hosts = n - n_name - 1;
    char *name = calloc(1, n_name + 1);
    char *hosts = malloc(n_hosts ? n_hosts : 1);
    require(name && hosts);
    memcpy(name, bytes, n_name);
    memcpy(hosts, newline + 1, n_hosts);
    size_t found = xm_addr_find_in_hosts(hosts, n_hosts, name, 5222, addrs, ADDRS);
    require(found <= ADDRS);
    for (size_t i = 0; i < found; i++) {
        char text[XM_ADDR_TEXT];
        struct xm_addr again;
        require(addrs[i].port == 5222 && (addrs[i].family == 4 || addrs[i].family == 6));
        xm_addr_print(&addrs[i], text);
        *strrchr(text, ':') = '\0';
        require(xm_addr_parse(text, 5222, &again) == 1);
        require(memcmp(addrs[i].ip, again.ip, addrs[i].family == 4 ? 4 : 16) == 0);
    }
    free(name);
    free(hosts);
    return 0;
}
