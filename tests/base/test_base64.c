/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public base64; what strictness means is tried by test_base. */
#include <string.h>

#include "check.h"
#include "nomem.h"
#include "xmpp/error.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

static void bytes_become_text_and_bytes_again(void)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *text;
    } rows[] = {
        {"", 0, ""},
        {"f", 1, "Zg=="},
        {"foobar", 6, "Zm9vYmFy"},
        {"\0\0\0", 3, "AAAA"},
        {"\xff\xfe\xfd", 3, "//79"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        uint8_t *bytes = NULL;
        size_t n = 99;
        check_note("row %zu", i);
        CHECK_INT(xmpp_base64_encode(rows[i].bytes, rows[i].n, &text), 0);
        CHECK_STR(text, rows[i].text);
        CHECK_INT(xmpp_base64_decode(text, strlen(text), &bytes, &n), 0);
        CHECK_MEM(bytes, n, rows[i].bytes, rows[i].n);
        CHECK(bytes && bytes[n] == '\0');
        xmpp_free(text);
        xmpp_free(bytes);
    }
}

static void nothing_needs_no_bytes(void)
{
    char *text = NULL;
    CHECK_INT(xmpp_base64_encode(NULL, 0, &text), 0);
    CHECK_STR(text, "");
    xmpp_free(text);
}

static void what_is_not_base64_gives_nothing(void)
{
    static const char *const texts[] = {"Zg", "Zg=", "Zh==", "Zm9v\n", "Zm 9v", "Zm-_", "===="};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t *bytes = NULL;
        size_t n = 99;
        check_note("%s", texts[i]);
        CHECK_INT(xmpp_base64_decode(texts[i], strlen(texts[i]), &bytes, &n), XMPP_E_CHAR);
        CHECK(bytes == NULL && n == 99);
    }
}

static void out_of_memory_is_told(void)
{
    char *text = NULL;
    uint8_t *bytes = NULL;
    size_t n = 0;
    nomem_at(0);
    CHECK_INT(xmpp_base64_encode("x", 1, &text), XMPP_E_NOMEM);
    CHECK(nomem_end());
    nomem_at(0);
    CHECK_INT(xmpp_base64_decode("eA==", 4, &bytes, &n), XMPP_E_NOMEM);
    CHECK(nomem_end());
    CHECK_INT(xmpp_base64_encode("x", SIZE_MAX, &text), XMPP_E_NOMEM);
    CHECK(!text && !bytes);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"bytes become text and bytes again", bytes_become_text_and_bytes_again},
        {"nothing needs no bytes", nothing_needs_no_bytes},
        {"what is not base64 gives nothing", what_is_not_base64_gives_nothing},
        {"out of memory is told", out_of_memory_is_told},
    };
    return CHECK_MAIN(argc, argv, "base64", cases);
}
