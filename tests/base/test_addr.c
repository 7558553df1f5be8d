/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numeric addresses (RFC 4291 2.2, printed by RFC 5952) and the hosts file. */
#include <string.h>

#include "base/addr.h"
#include "check.h"

static void numeric_addresses_are_read_and_printed(void)
{
    static const struct {
        const char *text;
        const char *printed; /* NULL: not an address */
    } rows[] = {
        {"127.0.0.1", "127.0.0.1:5222"},
        {"255.255.255.255", "255.255.255.255:5222"},
        {"::", "[::]:5222"},
        {"::1", "[::1]:5222"},
        {"[::1]", "[::1]:5222"},
        {"1::", "[1::]:5222"},
        {"2001:DB8:0:0:1:0:0:1", "[2001:db8::1:0:0:1]:5222"},
        {"1:2:3:4:5:6:7:8", "[1:2:3:4:5:6:7:8]:5222"},
        {"1:2:3:4:5:6:7::", "[1:2:3:4:5:6:7:0]:5222"},
        {"::ffff:192.0.2.1", "[::ffff:c000:201]:5222"},
        {"1:2:3:4:5:6:192.0.2.1", "[1:2:3:4:5:6:c000:201]:5222"},
        {"fe80::1%2", "[fe80::1%2]:5222"},
        {"", NULL},
        {"::1.2.3.4:5", NULL},
        {"1:2:3:4:5:6:7:1.2.3.4", NULL},
        {"::1.2.3", NULL},
        {"127.0.0", NULL},
        {"127.0.0.1.", NULL},
        {"127.0.0.256", NULL},
        {"127.0.0.01", NULL},
        {"0x7f.1", NULL},
        {"1:2:3:4:5:6:7", NULL},
        {"1:2:3:4:5:6:7:8:9", NULL},
        {"1::2::3", NULL},
        {":1", NULL},
        {"1:", NULL},
        {":::", NULL},
        {"12345::", NULL},
        {"[::1", NULL},
        {"::1]", NULL},
        {"fe80::1%eth0", NULL},
        {"::1%4294967296", NULL},
        {"example.org", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_addr addr;
        char printed[XM_ADDR_TEXT];
        check_note("%s", rows[i].text);
        if (CHECK_INT(xm_addr_parse(rows[i].text, 5222, &addr), rows[i].printed != NULL) &&
            rows[i].printed) {
            xm_addr_print(&addr, printed);
            CHECK_STR(printed, rows[i].printed);
        }
    }
}

static void hosts_file_gives_all_addresses_of_a_name(void)
{
    static const char hosts[] = "# comment example.org\n"
                                "127.0.0.1\tlocalhost\n"
                                "  ::1 localhost ip6-localhost # example.org\r\n"
                                "bad example.org\n"
                                "192.0.2.1 other Example.ORG\r\n"
                                "192.0.2.2 example.org.more\n"
                                "\n"
                                "2001:db8::1 example.org";
    struct xm_addr addrs[4];
    char text[XM_ADDR_TEXT];
    size_t n = xm_addr_find_in_hosts(hosts, strlen(hosts), "example.org", 1, addrs, 4);
    CHECK_INT(n, 2);
    xm_addr_print(&addrs[0], text);
    CHECK_STR(text, "192.0.2.1:1");
    xm_addr_print(&addrs[1], text);
    CHECK_STR(text, "[2001:db8::1]:1");
    CHECK_INT(xm_addr_find_in_hosts(hosts, strlen(hosts), "localhost", 1, addrs, 1), 1);
    CHECK_INT(xm_addr_find_in_hosts(hosts, strlen(hosts), "example", 1, addrs, 4), 0);
    CHECK_INT(xm_addr_find_in_hosts("", 0, "example", 1, addrs, 4), 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"numeric addresses are read and printed", numeric_addresses_are_read_and_printed},
        {"the hosts file gives all addresses of a name", hosts_file_gives_all_addresses_of_a_name},
    };
    return CHECK_MAIN(argc, argv, "addr", cases);
}
