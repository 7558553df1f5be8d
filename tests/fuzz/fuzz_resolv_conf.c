/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as resolv.conf: what is made of them is within its bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/resolv_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(int held)
{
    if (!held) {
        abort();
    }
}

static uint32_t scope_of(const char *name)
{
    return (uint32_t)strlen(name) % 5;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct xm_dns_config config;
    char *exactly = malloc(n ? n : 1);
    require(exactly != NULL);
    memcpy(exactly, bytes, n);
    xm_dns_config_init(&config);
    xm_dns_config_read(&config, exactly, n, scope_of);
    require(config.n_servers >= 1 && config.n_servers <= XM_DNS_SERVERS_MAX);
    require(config.attempts >= 1 && config.attempts <= 5);
    require(config.timeout_ms >= 1000 && config.timeout_ms <= 30000);
    require(config.rotate <= 1 && config.trust_ad <= 1 && config.edns0 <= 1);
    for (unsigned i = 0; i < config.n_servers; i++) {
        require(config.servers[i].family == 4 || config.servers[i].family == 6);
        require(config.servers[i].family == 6 || config.servers[i].scope == 0);
        require(config.servers[i].port == 53);
    }
    free(exactly);
    return 0;
}
