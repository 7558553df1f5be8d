/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* resolv.conf(5): what is read, what is passed over. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dns/resolv_conf.h"

static uint32_t scope_of(const char *name)
{
    return strcmp(name, "eth0") == 0 ? 7 : 0;
}

/* "127.0.0.1:53 [::1]:53 2x5000", then the options that are on. */
static void print(const struct xm_dns_config *config, char *text, size_t size)
{
    size_t n = 0;
    for (int i = 0; i < config->n_servers; i++) {
        char server[XM_ADDR_TEXT];
        xm_addr_print(&config->servers[i], server);
        n += (size_t)snprintf(text + n, size - n, "%s ", server);
    }
    snprintf(text + n, size - n, "%ux%d%s%s%s", config->attempts, config->timeout_ms,
             config->rotate ? " rotate" : "", config->trust_ad ? " trust-ad" : "",
             config->edns0 ? " edns0" : "");
}

#define DEFAULTS "127.0.0.1:53 [::1]:53 "

static const struct {
    const char *text;
    const char *config;
} rows[] = {
    {"", DEFAULTS "2x5000"},
    {"nameserver 192.0.2.1", "192.0.2.1:53 2x5000"},
    {"nameserver 192.0.2.1\nnameserver\t2001:db8::1 \r\n", "192.0.2.1:53 [2001:db8::1]:53 2x5000"},
    {"  nameserver 192.0.2.1 # the first\nnameserver 192.0.2.2;x\n#nameserver 192.0.2.3\n"
     ";nameserver 192.0.2.4\n\r\n\n",
     "192.0.2.1:53 192.0.2.2:53 2x5000"},
    {"nameserver fe80::1%eth0\nnameserver fe80::2%3\nnameserver fe80::3%eth1\n"
     "nameserver 192.0.2.1%eth0\nnameserver fe80::4%\nnameserver %eth0\nnameserver fe80::5",
     "[fe80::1%7]:53 [fe80::2%3]:53 [fe80::5]:53 2x5000"},
    {"nameserver 192.0.2.1%eth0\nnameserver example.org\nnameserver\nnameserver 192.0.2\n"
     "nameservers 192.0.2.1\nNAMESERVER 192.0.2.1",
     DEFAULTS "2x5000"},
    {"search example.org\ndomain example.org\nsortlist 192.0.2.0/24\nlookup file bind\n",
     DEFAULTS "2x5000"},
    {"nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n"
     "nameserver 192.0.2.5\nnameserver 192.0.2.6\nnameserver 192.0.2.7\nnameserver 192.0.2.8\n"
     "nameserver 192.0.2.9\n",
     "192.0.2.1:53 192.0.2.2:53 192.0.2.3:53 192.0.2.4:53 192.0.2.5:53 192.0.2.6:53 192.0.2.7:53 "
     "192.0.2.8:53 2x5000"},
    {"options timeout:3 attempts:4 rotate trust-ad edns0", DEFAULTS "4x3000 rotate trust-ad edns0"},
    {"options rotate\noptions ndots:5 timeout:1 debug\noptions timeout:2\r\n",
     DEFAULTS "2x2000 rotate"},
    {"options timeout:0 attempts:0", DEFAULTS "1x1000"},
    {"options timeout:31 attempts:6", DEFAULTS "5x30000"},
    {"options timeout:99999999999999999999 attempts:4294967297", DEFAULTS "5x30000"},
    {"options timeout: attempts:x timeout:-1 attempts:1x timeout 7 timeout:+3 # rotate",
     DEFAULTS "2x5000"},
    {"option rotate\noptions#rotate\noptions rotated", DEFAULTS "2x5000"},
};

static void the_file_is_read(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_dns_config config;
        char text[1024];
        xm_dns_config_init(&config);
        xm_dns_config_read(&config, rows[i].text, strlen(rows[i].text), scope_of);
        print(&config, text, sizeof text);
        check_note("row %zu", i);
        CHECK_STR(text, rows[i].config);
    }
}

static void lines_too_long_or_binary_are_passed_over(void)
{
    static const char binary[] = "nameserver 192.0.2.1\0\nnameserver 192.0.2.2\n";
    char text[1200];
    char printed[256];
    struct xm_dns_config config;
    memset(text, ' ', sizeof text);
    memcpy(text, "nameserver 192.0.2.1", 20);
    text[600] = '\n';
    memcpy(text + 601, "nameserver 192.0.2.2\n", 21);
    memcpy(text + 1180, "nameserver 192.0.2.3", 20);
    xm_dns_config_init(&config);
    xm_dns_config_read(&config, text, sizeof text, scope_of);
    print(&config, printed, sizeof printed);
    CHECK_STR(printed, "192.0.2.2:53 2x5000");
    xm_dns_config_init(&config);
    xm_dns_config_read(&config, binary, sizeof binary - 1, scope_of);
    print(&config, printed, sizeof printed);
    CHECK_STR(printed, "192.0.2.2:53 2x5000");
}

static void scopes_need_somebody_who_knows_them(void)
{
    static const char text[] = "nameserver fe80::1%eth0\nnameserver fe80::1%5";
    char printed[256];
    struct xm_dns_config config;
    xm_dns_config_init(&config);
    xm_dns_config_read(&config, text, strlen(text), NULL);
    print(&config, printed, sizeof printed);
    CHECK_STR(printed, "[fe80::1%5]:53 2x5000");
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"the file is read", the_file_is_read},
        {"lines too long or binary are passed over", lines_too_long_or_binary_are_passed_over},
        {"scopes need somebody who knows them", scopes_need_somebody_who_knows_them},
    };
    return CHECK_MAIN(argc, argv, "dns-resolv-conf", cases);
}
