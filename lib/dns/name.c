/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names as text: what may be one, and their case. Not IDNA: names come here as A-labels. */
#include "dns/name.h"

#include <string.h>

#include "base/nocase.h"
#include "xmpp/error.h"

enum { LABEL_MAX = 63 }; /* RFC 1035 2.3.4 */

int xm_dns_name_read(const char *text, char ret_name[XM_DNS_NAME_MAX])
{
    char name[XM_DNS_NAME_MAX];
    size_t len = strlen(text);
    len -= len > 0 && text[len - 1] == '.';
    if (len == 0 || len >= sizeof name) {
        return XMPP_E_INVAL;
    }
    size_t label = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        label = c == '.' ? 0 : label + 1;
        int is_empty = c == '.' && (i == 0 || text[i - 1] == '.' || i + 1 == len);
        if (c <= ' ' || c > '~' || c == '\\' || is_empty || label > LABEL_MAX) {
            return XMPP_E_INVAL;
        }
        name[i] = xm_nocase_lower(c);
    }
    name[len] = '\0';
    memcpy(ret_name, name, len + 1);
    return 0;
}

int xm_dns_name_is_host(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    return name[strspn(name, allowed)] == '\0';
}

int xm_dns_name_is_within(const char *name, const char *zone)
{
    size_t n_name = strlen(name);
    size_t n_zone = strlen(zone);
    if (n_zone == 0 || strcmp(name, zone) == 0) {
        return 1;
    }
    return n_name > n_zone && name[n_name - n_zone - 1] == '.' &&
           strcmp(name + n_name - n_zone, zone) == 0;
}

void xm_dns_name_mix(const char *name, struct xm_draw *draw, char ret_mixed[XM_DNS_NAME_MAX])
{
    uint8_t bits[XM_DNS_NAME_MAX / 8 + 1];
    size_t len = strlen(name);
    xm_draw_bytes(draw, bits, len / 8 + 1);
    for (size_t i = 0; i < len; i++) {
        int is_letter = name[i] >= 'a' && name[i] <= 'z';
        int is_flipped = is_letter && (bits[i / 8] >> i % 8 & 1);
        ret_mixed[i] = is_flipped ? (char)(name[i] & ~0x20) : name[i];
    }
    ret_mixed[len] = '\0';
}
