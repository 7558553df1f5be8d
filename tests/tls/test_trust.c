/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trust object: what it takes, when it is frozen, and that the system's goes with its last
 * user. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "tls/link.h"
#include "tls/trust.h"
#include "xmpp/error.h"

static const struct xm_tls_config example = {.domain = "example.org",
                                             .domain_ascii = "example.org"};

static void what_it_takes(void)
{
    xmpp_trust *trust = xmpp_trust_new();
    gnutls_datum_t ca = cert_pem(fixture_ca());
    gnutls_datum_t leaf = cert_pem(fixture_leaf());
    char text[8192];
    int n = snprintf(text, sizeof text, "An authority:\n%s\nand one more:\n%s", ca.data, leaf.data);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)ca.data, ca.size), 1);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)ca.data, ca.size), 1); /* again */
    CHECK_INT(xmpp_trust_add_ca_pem(trust, text, (size_t)n), 2);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, "", 0), XMPP_E_CERT_BAD);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, "nothing", 7), XMPP_E_CERT_BAD);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, NULL, 0), XMPP_E_INVAL);
    CHECK_INT(xmpp_trust_add_ca_pem(NULL, "x", 1), XMPP_E_INVAL);
    CHECK_INT(xmpp_trust_add_ca_file(trust, "/nonexistent/ca.pem"), XMPP_E_FILE);
    CHECK_INT(xmpp_trust_add_ca_file(trust, NULL), XMPP_E_INVAL);
    CHECK(xmpp_trust_ref(NULL) == NULL);
    CHECK(xmpp_trust_unref(NULL) == NULL);
    CHECK(xmpp_trust_unref(trust) == NULL);
    gnutls_free(ca.data);
    gnutls_free(leaf.data);
}

/* Of a file with one bad certificate none is taken. */
static void all_or_none(void)
{
    xmpp_trust *trust = xmpp_trust_new();
    gnutls_datum_t ca = cert_pem(fixture_ca());
    char text[8192];
    int n = snprintf(text, sizeof text,
                     "%s-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", ca.data);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, text, (size_t)n), XMPP_E_CERT_BAD);
    struct xm_tls_config client = example;
    struct tls_link link;
    client.trust = trust;
    CHECK_INT(tls_link_init(&link, &client, NULL), 0);
    CHECK_INT(tls_link_handshake(&link), XMPP_E_CERT_UNTRUSTED);
    tls_link_done(&link);
    xmpp_trust_unref(trust);
    gnutls_free(ca.data);
}

static void from_a_file(void)
{
    char path[] = "/tmp/xmpp-trust-XXXXXX";
    gnutls_datum_t ca = cert_pem(fixture_ca());
    xmpp_trust *trust = xmpp_trust_new();
    struct xm_tls_config client = example;
    struct tls_link link;
    int fd = mkstemp(path);
    CHECK_INT(write(fd, ca.data, ca.size), ca.size);
    close(fd);
    CHECK_INT(xmpp_trust_add_ca_file(trust, path), 1);
    unlink(path);
    client.trust = trust;
    CHECK_INT(tls_link_init(&link, &client, NULL), 0);
    CHECK_INT(tls_link_handshake(&link), 1);
    tls_link_done(&link);
    xmpp_trust_unref(trust);
    gnutls_free(ca.data);
}

static void nobody_is_trusted(void)
{
    xmpp_trust *trust = xmpp_trust_new();
    struct xm_tls_config client = example;
    struct tls_link link;
    client.trust = trust;
    CHECK_INT(tls_link_init(&link, &client, NULL), 0);
    CHECK_INT(tls_link_handshake(&link), XMPP_E_CERT_UNTRUSTED);
    tls_link_done(&link);
    xmpp_trust_unref(trust);
}

static void shared_and_frozen(void)
{
    xmpp_trust *trust = fixture_trust();
    gnutls_datum_t ca = cert_pem(fixture_ca());
    struct xm_tls_config client = example;
    struct tls_link first;
    struct tls_link second;
    client.trust = trust;
    CHECK_INT(tls_link_init(&first, &client, NULL), 0);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)ca.data, ca.size), XMPP_E_BUSY);
    CHECK_INT(xmpp_trust_add_ca_file(trust, "/nonexistent/ca.pem"), XMPP_E_FILE);
    CHECK_INT(xmpp_trust_add_system(trust), XMPP_E_BUSY);
    CHECK_INT(tls_link_init(&second, &client, NULL), 0);
    trust = xmpp_trust_unref(trust); /* the sessions hold it */
    CHECK_INT(tls_link_handshake(&first), 1);
    tls_link_done(&first);
    CHECK_INT(tls_link_handshake(&second), 1);
    tls_link_done(&second);
    gnutls_free(ca.data);
}

/* The sanitizer's heap is not the C library's. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t heap(void)
{
    return __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes()
                                                   : mallinfo2().uordblks;
}

/* It costs megabytes: loaded once for all, gone with the last. On a machine without a store the
 * answer is that there is none. */
static void the_systems_trust(void)
{
    xmpp_trust *own = xmpp_trust_new();
    xmpp_trust *first = NULL;
    xmpp_trust *second = NULL;
    int n = xmpp_trust_add_system(own);
    xmpp_trust_unref(own);
    size_t before = heap();
    int ret = xm_trust_use(&first, NULL);
    if (n < 0) {
        CHECK_INT(n, XMPP_E_FILE);
        CHECK_INT(ret, XMPP_E_FILE);
        return;
    }
    CHECK_INT(ret, 0);
    size_t loaded = heap();
    CHECK_INT(xm_trust_use(&second, NULL), 0);
    CHECK(first == second);
    CHECK(heap() < loaded + 1000);
    xmpp_trust_unref(first);
    CHECK(heap() + 1000 > loaded);
    xmpp_trust_unref(second);
    CHECK(heap() < before + (loaded - before) / 20 + 1000);
    /* and again */
    CHECK_INT(xm_trust_use(&first, NULL), 0);
    xmpp_trust_unref(first);
}

/* The server of the tests is none that the system's authorities know. */
static void the_systems_trust_verifies(void)
{
    struct xm_tls *tls = NULL;
    struct tls_link link;
    xmpp_trust *trust = NULL;
    if (xm_trust_use(&trust, NULL) == 0) {
        struct xm_tls_config client = example;
        client.trust = trust;
        CHECK_INT(tls_link_init(&link, &client, NULL), 0);
        CHECK_INT(tls_link_handshake(&link), XMPP_E_CERT_UNTRUSTED);
        tls_link_done(&link);
        xmpp_trust_unref(trust);
        CHECK_INT(xm_tls_new(&tls, &example), 0);
    } else {
        CHECK_INT(xm_tls_new(&tls, &example), XMPP_E_FILE);
    }
    xm_tls_free(tls);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"what it takes", what_it_takes},
        {"all of a text or none", all_or_none},
        {"authorities from a file", from_a_file},
        {"nobody is trusted at first", nobody_is_trusted},
        {"shared, and frozen by its first use", shared_and_frozen},
        {"the system's goes with its last user", the_systems_trust},
        {"the system's verifies", the_systems_trust_verifies},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls trust", cases);
}
