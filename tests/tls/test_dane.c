/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLSA records against what a server shows (RFC 6698, RFC 7671, RFC 7673 4): each row is a chain and
 * some records, run on TLS 1.2 and on TLS 1.3. Threats 13, 16 and 18. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tls/link.h"
#include "tls/tlsa.h"
#include "xmpp/error.h"

enum { RECORDS = 3, CHAIN = 4, ROOM = 8192 };

/* Whose certificates there are. The client trusts "Test Authority" and "Other Authority". */
enum who { NOBODY, LEAF, MIDDLE, AUTHORITY, OTHER, PRIVATE, N_WHO };

struct record {
    uint8_t usage, selector, matching;
    enum who of; /* NOBODY: there is no such record */
    enum { RIGHT, WRONG, SHORT, LONG } how;
};

struct row {
    const char *what;
    struct cert_spec leaf;
    enum who by; /* NOBODY: by itself */
    struct record records[RECORDS];
    enum who sends[CHAIN - 1];                /* behind the leaf */
    const struct cert_spec *middle, *private; /* NULL: good ones */
    enum who above;                           /* the middle; NOBODY: the authority */
    const char *host;
    const char *says;
    int code; /* 0: accepted, by */
    int usage;
    uint32_t findings;
};

#define GOOD         .dns = {"example.org"}, .eku = {GNUTLS_KP_TLS_WWW_SERVER}
#define AT_HOST      .dns = {"xmpp.example.net"}, .eku = {GNUTLS_KP_TLS_WWW_SERVER}
#define EXPIRED      .from_days = -20, .to_days = -10
#define REFUSED(why) .code = XMPP_E_CERT_##why, .findings = XMPP_CERT_##why
#define HOST         .host = "xmpp.example.net"

struct world {
    struct cert certs[N_WHO];
    xmpp_trust *trust;
};

static xmpp_trust *trust_in(const struct cert *a, const struct cert *b)
{
    xmpp_trust *trust = xmpp_trust_new();
    const struct cert *both[] = {a, b};
    for (int i = 0; i < 2; i++) {
        gnutls_datum_t pem = cert_pem(both[i]);
        CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)pem.data, pem.size), 1);
        gnutls_free(pem.data);
    }
    return trust;
}

static void world_init(struct world *world, const struct row *row)
{
    static const struct cert_spec authority = {.cn = "Test Authority", .is_ca = 1};
    static const struct cert_spec other = {.cn = "Other Authority", .is_ca = 1};
    static const struct cert_spec private = {.cn = "Private Authority", .is_ca = 1};
    static const struct cert_spec middle = {.cn = "Middle", .is_ca = 1};
    struct cert *certs = world->certs;
    *world = (struct world){.trust = NULL};
    certs[AUTHORITY] = cert_make(&authority, NULL);
    certs[OTHER] = cert_make(&other, NULL);
    certs[PRIVATE] = cert_make(row->private ? row->private : &private, NULL);
    certs[MIDDLE] = cert_make(row->middle ? row->middle : &middle,
                              &certs[row->above == NOBODY ? AUTHORITY : row->above]);
    certs[LEAF] = cert_make(&row->leaf, row->by == NOBODY ? NULL : &certs[row->by]);
    world->trust = trust_in(&certs[AUTHORITY], &certs[OTHER]);
}

static void world_done(struct world *world)
{
    for (int i = 0; i < N_WHO; i++) {
        cert_free(&world->certs[i]);
    }
    xmpp_trust_unref(world->trust);
}

static void spoil(struct xm_tlsa *tlsa, uint8_t *room, const struct record *record)
{
    switch (record->how) {
    case RIGHT:
        break;
    case WRONG:
        room[tlsa->n_data - 1] ^= 1;
        break;
    case SHORT:
        tlsa->n_data--;
        break;
    case LONG:
        room[tlsa->n_data++] = 0;
        break;
    }
}

static size_t make_records(struct xm_tlsa *tlsa, uint8_t room[RECORDS][ROOM],
                           const struct world *world, const struct row *row)
{
    size_t n = 0;
    for (; n < RECORDS && row->records[n].of != NOBODY; n++) {
        const struct record *record = &row->records[n];
        tlsa[n] = tlsa_make(&world->certs[record->of], record->usage, record->selector,
                            record->matching, room[n], ROOM - 1);
        spoil(&tlsa[n], room[n], record);
    }
    return n;
}

static void check_outcome(struct tls_link *link, const struct row *row)
{
    struct xm_tls_facts facts;
    CHECK_INT(tls_link_handshake(link), row->code ? row->code : 1);
    CHECK_INT(xm_tls_get_findings(link->client), row->findings);
    xm_tls_get_facts(link->client, &facts);
    CHECK_INT(facts.dane, row->code ? -1 : row->usage);
    const char *reason = xm_tls_get_reason(link->client);
    if (row->code == 0) {
        CHECK_STR(reason, "");
        return;
    }
    CHECK(strlen(reason) > 0);
    if (row->says && !strstr(reason, row->says)) {
        CHECK_FAIL("\"%s\" does not say \"%s\"", reason, row->says);
    }
    CHECK_INT(xm_tls_send(link->client, "secret", 6), row->code);
    CHECK(!link->server->is_open);
}

static void run_version(const struct world *world, const struct row *row, const char *priority)
{
    static uint8_t room[RECORDS][ROOM];
    struct xm_tlsa tlsa[RECORDS];
    struct cert chain[CHAIN] = {world->certs[LEAF]};
    size_t n = 1;
    for (; n < CHAIN && row->sends[n - 1] != NOBODY; n++) {
        chain[n] = world->certs[row->sends[n - 1]];
    }
    const struct xm_tls_config client = {.domain = "example.org",
                                         .domain_ascii = "example.org",
                                         .trust = world->trust,
                                         .tlsa = tlsa,
                                         .n_tlsa = make_records(tlsa, room, world, row),
                                         .tlsa_host = row->host};
    const struct tls_peer_config server = {.chain = chain, .n_chain = n, .priority = priority};
    struct tls_link link;
    check_note("%s, %s", row->what, strstr(priority, "TLS1.3") ? "TLS 1.3" : "TLS 1.2");
    if (CHECK_INT(tls_link_init(&link, &client, &server), 0)) {
        memset(tlsa, 0xFF, sizeof tlsa); /* they were copied */
        memset(room, 0xFF, sizeof room);
        check_outcome(&link, row);
    }
    tls_link_done(&link);
}

static void run_row(const struct row *row)
{
    struct world world;
    world_init(&world, row);
    run_version(&world, row, TLS12 ":%VERIFY_ALLOW_BROKEN:%PROFILE_VERY_WEAK:+SIGN-RSA-SHA1");
    run_version(&world, row, TLS13 ":%VERIFY_ALLOW_BROKEN:%PROFILE_VERY_WEAK");
    world_done(&world);
}

static void run(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        run_row(&rows[i]);
    }
}
#define RUN(rows) run(rows, sizeof(rows) / sizeof *(rows))

/* 4 usages, 2 selectors, 3 matching types: the right data, and data that differs in one bit. */
static void every_kind_of_record(void)
{
    static const struct row by_usage[] = {
        {"usage 0", .leaf = {GOOD}, .by = AUTHORITY, .records = {{.of = AUTHORITY}}},
        {"usage 1", .leaf = {GOOD}, .by = AUTHORITY, .records = {{.of = LEAF}}},
        {"usage 2", .leaf = {GOOD}, .by = PRIVATE, .records = {{.of = PRIVATE}},
         .sends = {PRIVATE}},
        {"usage 3", .leaf = {.dns = {"another.name"}}, .records = {{.of = LEAF}}},
    };
    for (int i = 0; i < 4 * 2 * 3 * 2; i++) {
        struct row row = by_usage[i & 3];
        char what[40];
        struct record *record = &row.records[0];
        record->usage = (uint8_t)(i & 3);
        record->selector = i >> 2 & 1;
        record->matching = (uint8_t)((i >> 3) % 3);
        row.usage = i & 3;
        if ((i >> 3) / 3) {
            int is_anchor = record->usage == 2 && record->selector + record->matching == 0;
            record->how = is_anchor ? SHORT : WRONG; /* no one's own signature makes an anchor */
            row.code = XMPP_E_CERT_DANE;
            row.findings = XMPP_CERT_DANE;
            row.says = "none of those";
        }
        snprintf(what, sizeof what, "%d %d %d %s", record->usage, record->selector,
                 record->matching, record->how == RIGHT ? "right" : "wrong");
        row.what = what;
        run_row(&row);
    }
}

static void records_that_do_not_count(void)
{
    static const struct row rows[] = {
        {"none", .leaf = {GOOD}, .by = AUTHORITY, .usage = -1},
        {"unusable, PKIX is content", .leaf = {GOOD}, .by = AUTHORITY, .usage = -1,
         .records = {{4, 1, 1, LEAF, WRONG}, {3, 2, 1, LEAF, WRONG}, {3, 1, 3, LEAF, WRONG}}},
        {"digests of no length", .leaf = {GOOD}, .by = AUTHORITY, .usage = -1,
         .records = {{3, 1, 1, LEAF, SHORT}, {3, 1, 2, LEAF, LONG}}},
        {"unusable, PKIX is not content", .leaf = {GOOD}, REFUSED(UNTRUSTED),
         .records = {{3, 1, 1, LEAF, SHORT}}},
        {"the host's name without records", .leaf = {AT_HOST}, .by = AUTHORITY, HOST, REFUSED(NAME),
         .says = "another name than example.org: xmpp.example.net"},
        {"the host's name with unusable ones", .leaf = {AT_HOST}, .by = AUTHORITY, HOST,
         REFUSED(NAME), .records = {{1, 1, 1, LEAF, LONG}, {255, 0, 0, LEAF, RIGHT}}},
        {"unusable beside the right one", .leaf = {.cn = "x"}, .usage = 3,
         .records = {{3, 1, 9, LEAF, RIGHT}, {3, 1, 2, LEAF, SHORT}, {3, 1, 1, LEAF, RIGHT}}},
        {"unusable beside a wrong one", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{3, 1, 9, LEAF, RIGHT}, {3, 1, 1, LEAF, WRONG}}},
        /* a full record one byte too long is usable, and names nothing */
        {"bytes behind a whole key", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{3, 1, 0, LEAF, LONG}}},
        {"a whole key cut short", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{3, 1, 0, LEAF, SHORT}}},
    };
    RUN(rows);
}

/* RFC 7671 9. */
static void several_records(void)
{
    static const struct row rows[] = {
        {"wrong and right", .leaf = {.cn = "x"}, .usage = 3,
         .records = {{3, 1, 1, OTHER, RIGHT}, {3, 0, 1, LEAF, WRONG}, {3, 1, 1, LEAF, RIGHT}}},
        {"all wrong", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{3, 1, 1, OTHER, RIGHT}, {2, 0, 1, PRIVATE, RIGHT}, {1, 0, 2, OTHER, RIGHT}}},
        {"the weaker digest alone matches", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{3, 1, 1, LEAF, RIGHT}, {3, 1, 2, OTHER, RIGHT}}},
        {"the stronger digest matches", .leaf = {.cn = "x"}, .usage = 3,
         .records = {{3, 1, 1, OTHER, RIGHT}, {3, 1, 2, LEAF, RIGHT}}},
        {"a weaker digest for another selector", .leaf = {.cn = "x"}, .usage = 3,
         .records = {{3, 1, 1, LEAF, RIGHT}, {3, 0, 2, OTHER, RIGHT}}},
        {"a weaker digest for another usage", .leaf = {GOOD}, .by = AUTHORITY, .usage = 1,
         .records = {{1, 1, 1, LEAF, RIGHT}, {3, 1, 2, OTHER, RIGHT}}},
        {"a stronger digest that is unusable", .leaf = {.cn = "x"}, .usage = 3,
         .records = {{3, 1, 1, LEAF, RIGHT}, {3, 1, 2, OTHER, SHORT}}},
        {"all of it, beside a stronger digest", .leaf = {.cn = "x"}, .usage = 3,
         .records = {{3, 1, 0, LEAF, RIGHT}, {3, 1, 2, OTHER, RIGHT}}},
        {"usage 1 in vain, usage 2", .leaf = {GOOD}, .by = PRIVATE, .sends = {PRIVATE}, .usage = 2,
         .records = {{1, 1, 1, LEAF, RIGHT}, {2, 0, 1, PRIVATE, RIGHT}}},
        {"usage 2 in vain, usage 0", .leaf = {GOOD}, .by = AUTHORITY, .usage = 0,
         .records = {{2, 0, 1, PRIVATE, RIGHT}, {0, 0, 1, AUTHORITY, RIGHT}}},
        {"usage 1 of another, usage 0", .leaf = {GOOD}, .by = AUTHORITY, .usage = 0,
         .records = {{1, 1, 1, OTHER, RIGHT}, {0, 1, 1, AUTHORITY, RIGHT}}},
        {"one that fails is told, not those that are of another", .leaf = {GOOD, EXPIRED},
         .by = PRIVATE, .sends = {PRIVATE}, REFUSED(EXPIRED),
         .records = {{3, 1, 1, OTHER, RIGHT}, {2, 0, 1, PRIVATE, RIGHT}, {1, 1, 1, OTHER, RIGHT}}},
    };
    RUN(rows);
}

/* RFC 7671 5.1. */
static void the_leaf_itself(void)
{
#define THE_LEAF .records = { {3, 1, 1, LEAF, RIGHT} }
    static const struct row rows[] = {
        {"another name", .leaf = {.dns = {"example.com"}}, .by = AUTHORITY, .usage = 3, THE_LEAF},
        {"no name", .leaf = {.cn = "x"}, .usage = 3, THE_LEAF},
        {"expired", .leaf = {EXPIRED}, .usage = 3, THE_LEAF},
        {"not valid yet", .leaf = {.from_days = 10}, .usage = 3, THE_LEAF},
        {"not for servers", .leaf = {.eku = {GNUTLS_KP_CODE_SIGNING}}, .usage = 3, THE_LEAF},
        {"by somebody unknown", .leaf = {GOOD}, .by = PRIVATE, .usage = 3, THE_LEAF},
        {"signed with SHA-1", .leaf = {GOOD, .hash = GNUTLS_DIG_SHA1}, .usage = 3, THE_LEAF},
        {"with a stapled state that is missing", .leaf = {GOOD, .is_must_staple = 1}, .usage = 3,
         THE_LEAF},
        {"version 1", .leaf = {.is_v1 = 1}, .usage = 3, THE_LEAF},
        {"Ed25519", .leaf = {.is_ed25519 = 1}, .usage = 3, THE_LEAF},
        {"RSA 2048", .leaf = {.rsa_bits = 2048}, .usage = 3, THE_LEAF},
        {"RSA 1024", .leaf = {GOOD, .rsa_bits = 1024}, .by = AUTHORITY, REFUSED(WEAK), THE_LEAF,
         .says = "too weak"},
        {"another of the chain", .leaf = {GOOD}, .by = MIDDLE, .sends = {MIDDLE}, REFUSED(DANE),
         .records = {{3, 1, 1, MIDDLE, RIGHT}}, HOST, .says = "example.org at xmpp.example.net"},
    };
    RUN(rows);
}

static void names_under_an_asserted_authority(void)
{
#define ASSERTED                                                                                   \
    .by = PRIVATE, .sends = {PRIVATE}, .records = {{2, 0, 1, PRIVATE, RIGHT}}, .usage = 2
    static const struct cert_spec may_org = {.cn = "P", .is_ca = 1, .permitted_dns = "example.org"};
    static const struct cert_spec may_net = {.cn = "P", .is_ca = 1, .permitted_dns = "example.net"};
    static const struct row rows[] = {
        {"SRV-ID", .leaf = {.srv = {"_xmpp-client.example.org"}}, ASSERTED},
        {"xmppAddr", .leaf = {.xmpp = {"example.org"}}, ASSERTED},
        {"the host", .leaf = {AT_HOST}, HOST, ASSERTED},
        {"a wildcard for the host", .leaf = {.dns = {"*.example.net"}}, HOST, ASSERTED},
        {"the domain, and there is a host", .leaf = {GOOD}, HOST, ASSERTED},
        {"another name", .leaf = {.dns = {"example.com"}}, ASSERTED, REFUSED(NAME)},
        {"another name than the host too", .leaf = {.dns = {"example.com"}}, HOST, ASSERTED,
         REFUSED(NAME), .says = "than example.org or xmpp.example.net: example.com"},
        {"a host, and none is known", .leaf = {AT_HOST}, ASSERTED, REFUSED(NAME)},
        {"an empty host", .leaf = {AT_HOST}, .host = "", ASSERTED, REFUSED(NAME)},
        {"the host as an xmppAddr", .leaf = {.xmpp = {"xmpp.example.net"}}, HOST, ASSERTED,
         REFUSED(NAME)},
        {"the host as an SRV-ID", .leaf = {.srv = {"_xmpp-client.xmpp.example.net"}}, HOST,
         ASSERTED, REFUSED(NAME)},
        {"the host as a CN", .leaf = {.cn = "xmpp.example.net"}, HOST, ASSERTED, REFUSED(NAME)},
        {"a host that is an address", .leaf = {.ip = "192.0.2.1"}, .host = "192.0.2.1", ASSERTED,
         REFUSED(NAME)},
        {"the authority may sign for the domain", .leaf = {GOOD}, .private = &may_org, ASSERTED},
        {"the authority may not sign for the domain", .leaf = {GOOD}, .private = &may_net, ASSERTED,
         REFUSED(CONSTRAINT)},
        {"the authority may sign for the host", .leaf = {AT_HOST}, HOST, .private = &may_net,
         ASSERTED},
        {"the authority may not sign for the host", .leaf = {AT_HOST}, HOST, .private = &may_org,
         ASSERTED, REFUSED(CONSTRAINT)},
        {"round the constraint by an xmppAddr",
         .leaf = {.xmpp = {"example.org"}, .dns = {"a.example.net"}}, .private = &may_net, ASSERTED,
         REFUSED(CONSTRAINT)},
    };
    RUN(rows);
}

static void what_an_asserted_authority_signed(void)
{
    static const struct cert_spec old = {.cn = "P", .is_ca = 1, EXPIRED};
    static const struct cert_spec no_ca = {.cn = "Middle", .dns = {"customer.net"}};
    static const struct cert_spec weak = {.cn = "P", .is_ca = 1, .rsa_bits = 1024};
    static const struct row rows[] = {
        {"expired", .leaf = {GOOD, EXPIRED}, ASSERTED, REFUSED(EXPIRED)},
        {"not valid yet", .leaf = {GOOD, .from_days = 10}, ASSERTED, REFUSED(NOT_YET)},
        {"not for servers", .leaf = {.dns = {"example.org"}, .eku = {GNUTLS_KP_TLS_WWW_CLIENT}},
         ASSERTED, REFUSED(PURPOSE)},
        {"signed with SHA-1", .leaf = {GOOD, .hash = GNUTLS_DIG_SHA1}, ASSERTED, REFUSED(WEAK)},
        {"RSA 1024", .leaf = {GOOD, .rsa_bits = 1024}, ASSERTED, REFUSED(WEAK)},
        {"an authority of RSA 1024", .leaf = {GOOD}, .private = &weak, ASSERTED, REFUSED(WEAK)},
        {"an authority that has expired", .leaf = {GOOD}, .private = &old, ASSERTED,
         REFUSED(EXPIRED)},
        {"a middle", .leaf = {GOOD}, .by = MIDDLE, .above = PRIVATE, .sends = {MIDDLE, PRIVATE},
         .usage = 2, .records = {{2, 0, 1, PRIVATE, RIGHT}}},
        {"a middle, out of order", .leaf = {GOOD}, .by = MIDDLE, .above = PRIVATE,
         .sends = {PRIVATE, MIDDLE}, .usage = 2, .records = {{2, 0, 1, PRIVATE, RIGHT}}},
        {"the middle is asserted, what is above is not sent", .leaf = {GOOD}, .by = MIDDLE,
         .above = PRIVATE, .sends = {MIDDLE}, .usage = 2, .records = {{2, 1, 2, MIDDLE, RIGHT}}},
        {"a middle that is no authority", .leaf = {GOOD}, .by = MIDDLE, .middle = &no_ca,
         .above = PRIVATE, .sends = {MIDDLE, PRIVATE}, REFUSED(UNTRUSTED),
         .records = {{2, 0, 1, PRIVATE, RIGHT}}},
        {"trusted, and by another authority than asserted", .leaf = {GOOD}, .by = AUTHORITY,
         .sends = {PRIVATE}, REFUSED(DANE), .records = {{2, 0, 1, PRIVATE, RIGHT}}},
        {"asserted and trusted", .leaf = {GOOD}, .by = AUTHORITY, .sends = {AUTHORITY}, .usage = 2,
         .records = {{2, 0, 1, AUTHORITY, RIGHT}}},
    };
    RUN(rows);
}

/* RFC 7671 5.2.2, 5.2.3. */
static void where_an_asserted_authority_comes_from(void)
{
    static const struct cert_spec namesake = {.cn = "Test Authority", .is_ca = 1};
    static const struct row rows[] = {
        {"a digest, and it is not sent", .leaf = {GOOD}, .by = PRIVATE, REFUSED(DANE),
         .records = {{2, 0, 1, PRIVATE, RIGHT}}},
        {"the trust object's is not asked", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{2, 0, 1, AUTHORITY, RIGHT}}},
        {"a whole certificate, and it is not sent", .leaf = {GOOD}, .by = PRIVATE, .usage = 2,
         .records = {{2, 0, 0, PRIVATE, RIGHT}}},
        {"a whole certificate above one that is sent", .leaf = {GOOD}, .by = MIDDLE,
         .above = PRIVATE, .sends = {MIDDLE}, .usage = 2, .records = {{2, 0, 0, PRIVATE, RIGHT}}},
        {"a whole certificate whose own signature is wrong: it is the word of DNS that counts",
         .leaf = {GOOD}, .by = PRIVATE, .usage = 2, .records = {{2, 0, 0, PRIVATE, WRONG}}},
        {"a whole certificate that did not sign", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{2, 0, 0, PRIVATE, RIGHT}}},
        {"a whole certificate of the signer's name", .leaf = {GOOD}, .by = AUTHORITY,
         .private = &namesake, REFUSED(UNTRUSTED), .records = {{2, 0, 0, PRIVATE, RIGHT}}},
        {"a whole certificate that cannot be read", .leaf = {GOOD}, .by = PRIVATE, REFUSED(DANE),
         .records = {{2, 0, 0, PRIVATE, SHORT}}},
        {"one that cannot be read, and one that can", .leaf = {GOOD}, .by = PRIVATE, .usage = 2,
         .records = {{2, 0, 0, PRIVATE, SHORT}, {2, 0, 0, PRIVATE, RIGHT}}},
        {"a whole key, and no certificate with it", .leaf = {GOOD}, .by = PRIVATE, REFUSED(DANE),
         .records = {{2, 1, 0, PRIVATE, RIGHT}}},
        {"the leaf, signed by itself", .leaf = {GOOD}, .usage = 2,
         .records = {{2, 0, 1, LEAF, RIGHT}}},
        {"the leaf, signed by itself, for another name", .leaf = {.dns = {"example.com"}},
         REFUSED(NAME), .records = {{2, 0, 1, LEAF, RIGHT}}},
        {"the leaf, signed by itself, expired", .leaf = {GOOD, EXPIRED}, REFUSED(EXPIRED),
         .records = {{2, 1, 1, LEAF, RIGHT}}},
        {"the leaf, signed by another, sent twice", .leaf = {GOOD}, .by = AUTHORITY,
         .sends = {LEAF}, REFUSED(DANE), .records = {{2, 0, 1, LEAF, RIGHT}}},
        {"the leaf, signed by another", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{2, 0, 1, LEAF, RIGHT}}},
    };
    RUN(rows);
}

/* RFC 7671 5.3. */
static void a_chosen_leaf(void)
{
#define CHOSEN_LEAF .records = {{1, 1, 1, LEAF, RIGHT}}, .usage = 1
    static const struct row rows[] = {
        {"the host", .leaf = {AT_HOST}, .by = AUTHORITY, HOST, CHOSEN_LEAF},
        {"another name", .leaf = {.dns = {"example.com"}}, .by = AUTHORITY, HOST, CHOSEN_LEAF,
         REFUSED(NAME)},
        {"signed by itself", .leaf = {GOOD}, CHOSEN_LEAF, REFUSED(UNTRUSTED)},
        {"by somebody unknown", .leaf = {GOOD}, .by = PRIVATE, .sends = {PRIVATE}, CHOSEN_LEAF,
         REFUSED(UNTRUSTED)},
        {"expired", .leaf = {GOOD, EXPIRED}, .by = AUTHORITY, CHOSEN_LEAF, REFUSED(EXPIRED)},
        {"not for servers", .leaf = {.dns = {"example.org"}, .eku = {GNUTLS_KP_CODE_SIGNING}},
         .by = AUTHORITY, CHOSEN_LEAF, REFUSED(PURPOSE)},
        {"a stapled state is missing", .leaf = {GOOD, .is_must_staple = 1}, .by = AUTHORITY,
         CHOSEN_LEAF, REFUSED(REVOKED)},
        {"another that is trusted", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{1, 1, 1, OTHER, RIGHT}}},
    };
    RUN(rows);
}

/* RFC 7671 5.4. */
static void a_chosen_authority(void)
{
#define CHOSEN .records = {{0, 0, 1, AUTHORITY, RIGHT}}, .usage = 0
    static const struct row rows[] = {
        {"above a middle", .leaf = {GOOD}, .by = MIDDLE, .sends = {MIDDLE}, CHOSEN},
        {"sent along", .leaf = {GOOD}, .by = MIDDLE, .sends = {MIDDLE, AUTHORITY}, CHOSEN},
        {"the middle", .leaf = {GOOD}, .by = MIDDLE, .sends = {MIDDLE}, .usage = 0,
         .records = {{0, 1, 1, MIDDLE, RIGHT}}},
        {"the host", .leaf = {AT_HOST}, .by = AUTHORITY, HOST, CHOSEN},
        {"another name", .leaf = {.dns = {"example.com"}}, .by = AUTHORITY, HOST, CHOSEN,
         REFUSED(NAME)},
        {"expired", .leaf = {GOOD, EXPIRED}, .by = AUTHORITY, CHOSEN, REFUSED(EXPIRED)},
        {"another that is trusted", .leaf = {GOOD}, .by = OTHER, CHOSEN, REFUSED(DANE)},
        {"another that is trusted, and the chosen one is shown", .leaf = {GOOD}, .by = OTHER,
         .sends = {AUTHORITY}, CHOSEN, REFUSED(DANE)},
        {"a private one", .leaf = {GOOD}, .by = PRIVATE, .sends = {PRIVATE}, REFUSED(UNTRUSTED),
         .records = {{0, 0, 1, PRIVATE, RIGHT}}},
        {"a private one, for show", .leaf = {GOOD}, .by = AUTHORITY, .sends = {PRIVATE},
         REFUSED(DANE), .records = {{0, 0, 1, PRIVATE, RIGHT}}},
        {"the leaf, sent twice, is no authority", .leaf = {GOOD}, .by = AUTHORITY, .sends = {LEAF},
         REFUSED(DANE), .records = {{0, 0, 1, LEAF, RIGHT}}},
        {"the leaf is no authority", .leaf = {GOOD}, .by = AUTHORITY, REFUSED(DANE),
         .records = {{0, 0, 1, LEAF, RIGHT}}},
    };
    RUN(rows);
}

/* A certificate with the chosen authority's key (which is public) and the true issuer's name: it has
 * the right key, stands in the right place, and nobody signed with it. */
static void a_chosen_key_that_signed_nothing(void)
{
    static const struct row row = {"a key for show",
                                   .leaf = {GOOD},
                                   .by = OTHER,
                                   REFUSED(DANE),
                                   .records = {{0, 1, 1, AUTHORITY, RIGHT}},
                                   .sends = {OTHER, MIDDLE}};
    static const struct cert_spec namesake = {.cn = "Other Authority", .is_ca = 1};
    struct world world;
    world_init(&world, &row);
    struct cert *fake = &world.certs[MIDDLE];
    cert_free(fake);
    *fake = cert_make(&namesake, &world.certs[PRIVATE]);
    CHECK_INT(gnutls_x509_crt_set_key(fake->crt, world.certs[AUTHORITY].key), 0);
    cert_sign_again(fake, &world.certs[PRIVATE]);
    run_version(&world, &row, TLS12);
    run_version(&world, &row, TLS13);
    world_done(&world);
}

/* The issuer is trusted itself. Somebody unknown has signed its key too, and is what the records
 * name: the path to him is whole, but not one of PKIX. */
static void a_chosen_authority_that_signed_and_is_unknown(void)
{
    static const struct row row = {"unknown",
                                   .leaf = {GOOD},
                                   .by = MIDDLE,
                                   REFUSED(DANE),
                                   .sends = {MIDDLE, PRIVATE},
                                   .records = {{0, 0, 1, PRIVATE, RIGHT}}};
    static const struct row known = {"known",
                                     .leaf = {GOOD},
                                     .by = MIDDLE,
                                     .usage = 0,
                                     .sends = {MIDDLE, PRIVATE},
                                     .records = {{0, 0, 1, PRIVATE, RIGHT}}};
    struct world world;
    world_init(&world, &row);
    xmpp_trust_unref(world.trust);
    world.trust = trust_in(&world.certs[MIDDLE], &world.certs[OTHER]);
    cert_sign_again(&world.certs[MIDDLE], &world.certs[PRIVATE]);
    run_version(&world, &row, TLS12);
    run_version(&world, &row, TLS13);
    xmpp_trust_unref(world.trust);
    world.trust = trust_in(&world.certs[PRIVATE], &world.certs[OTHER]);
    run_version(&world, &known, TLS13);
    world_done(&world);
}

/* An authority of before, with the same name and key, goes round for years after it has expired. */
static void a_chosen_authority_of_which_an_old_one_is_sent(void)
{
    static const struct row row = {"the key",
                                   .leaf = {GOOD},
                                   .by = AUTHORITY,
                                   .sends = {MIDDLE},
                                   .records = {{0, 1, 1, AUTHORITY, RIGHT}},
                                   .usage = 0};
    static const struct row old = {"the old one",
                                   .leaf = {GOOD},
                                   .by = AUTHORITY,
                                   .sends = {MIDDLE},
                                   .records = {{0, 0, 1, MIDDLE, RIGHT}},
                                   REFUSED(DANE)};
    static const struct cert_spec spec = {.cn = "Test Authority", .is_ca = 1, EXPIRED};
    struct world world;
    world_init(&world, &row);
    struct cert *sent = &world.certs[MIDDLE];
    cert_free(sent);
    *sent = cert_make(&spec, NULL);
    CHECK_INT(gnutls_x509_crt_set_key(sent->crt, world.certs[AUTHORITY].key), 0);
    cert_sign_again(sent, &world.certs[PRIVATE]);
    run_version(&world, &row, TLS12);
    run_version(&world, &row, TLS13);
    run_version(&world, &old, TLS13);
    world_done(&world);
}

/* The record's certificate is public: what counts is the key. */
static void a_leaf_whose_key_the_server_has_not(void)
{
    static const char *const versions[] = {TLS12, TLS13};
    for (int v = 0; v < 2; v++) {
        uint8_t room[ROOM];
        const struct xm_tlsa tlsa = tlsa_make(fixture_leaf(), 3, 1, 1, room, sizeof room);
        const struct xm_tls_config client = {
            .domain = "example.org", .domain_ascii = "example.org", .tlsa = &tlsa, .n_tlsa = 1};
        const struct tls_peer_config server = {.priority = versions[v]};
        struct tls_link link;
        gnutls_certificate_credentials_t stolen;
        CHECK_INT(tls_link_init(&link, &client, &server), 0);
        CHECK_INT(gnutls_certificate_allocate_credentials(&stolen), 0);
        gnutls_certificate_set_flags(stolen, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
        CHECK(gnutls_certificate_set_x509_key(stolen, &fixture_leaf()->crt, 1, fixture_ca()->key) >=
              0);
        gnutls_certificate_free_credentials(link.server->credentials);
        link.server->credentials = stolen;
        CHECK_INT(gnutls_credentials_set(link.server->session, GNUTLS_CRD_CERTIFICATE, stolen), 0);
        CHECK_INT(tls_link_handshake(&link), XMPP_E_TLS);
        CHECK(!link.server->is_open);
        tls_link_done(&link);
    }
}

/* Nothing of the size of a zone comes to cost: a record for each bit, and the right one at last. */
static void many_records(void)
{
    enum { N = 257 };
    static uint8_t rooms[N][32];
    static struct xm_tlsa tlsa[N];
    for (int i = 0; i < N; i++) {
        tlsa[i] = tlsa_make(fixture_leaf(), 3, 0, 1, rooms[i], sizeof rooms[i]);
        if (i < N - 1) {
            rooms[i][i / 8] ^= (uint8_t)(1 << i % 8);
        }
    }
    for (size_t n = N - 1; n <= N; n++) {
        const struct xm_tls_config client = {
            .domain = "example.org", .domain_ascii = "example.org", .tlsa = tlsa, .n_tlsa = n};
        struct tls_link link;
        CHECK_INT(tls_link_init(&link, &client, NULL), 0);
        CHECK_INT(tls_link_handshake(&link), n == N ? 1 : XMPP_E_CERT_DANE);
        tls_link_done(&link);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"every kind of record", every_kind_of_record},
        {"records that do not count", records_that_do_not_count},
        {"several records", several_records},
        {"usage 3: the leaf itself", the_leaf_itself},
        {"usage 2: names", names_under_an_asserted_authority},
        {"usage 2: what the authority signed", what_an_asserted_authority_signed},
        {"usage 2: where the authority comes from", where_an_asserted_authority_comes_from},
        {"usage 1", a_chosen_leaf},
        {"usage 0", a_chosen_authority},
        {"usage 0: a key that signed nothing", a_chosen_key_that_signed_nothing},
        {"usage 0: an authority that signed and is unknown",
         a_chosen_authority_that_signed_and_is_unknown},
        {"usage 0: an authority of which an old one is sent",
         a_chosen_authority_of_which_an_old_one_is_sent},
        {"usage 3: a leaf whose key the server has not", a_leaf_whose_key_the_server_has_not},
        {"many records", many_records},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls dane", cases);
}
