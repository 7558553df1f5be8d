/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of an account, and a connection made of them. It runs no loop and registers no
 * handler: that is what each example shows. */
#include "account.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "text.h"

static const struct option options[] = {
    {"server", required_argument, NULL, 's'},
    {"direct-tls", no_argument, NULL, 'd'},
    {"nameserver", required_argument, NULL, 'n'},
    {"proxy", required_argument, NULL, 'x'},
    {"ca", required_argument, NULL, 'c'},
    {"hosts-file", required_argument, NULL, 'h'},
    {"password-file", required_argument, NULL, 'p'},
    {"cert", required_argument, NULL, 'C'},
    {"key", required_argument, NULL, 'K'},
    {"channel-binding", required_argument, NULL, 'b'},
    {"allow-plain", no_argument, NULL, 'P'},
    {"anonymous", no_argument, NULL, 'A'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'H'},
    {NULL, 0, NULL, 0},
};

_Noreturn static void usage(const char *program, const char *arguments, int status)
{
    fprintf(status == EX_OK ? stdout : stderr,
            "usage: %s [options] %s\n"
            "  --server HOST[:PORT]     connect there, instead of where DNS says\n"
            "  --direct-tls             with --server: TLS from the first byte\n"
            "  --nameserver ADDR[:PORT] ask this one, instead of those of resolv.conf\n"
            "  --proxy KIND://HOST:PORT socks5 or http; with XMPP_PROXY_LOGIN=USER:PASSWORD\n"
            "  --ca FILE                trust these authorities (PEM) instead of the system's\n"
            "  --hosts-file FILE        instead of /etc/hosts\n"
            "  --password-file FILE     its first line; - is standard input; else XMPP_PASSWORD\n"
            "  --cert FILE --key FILE   a client certificate (PEM)\n"
            "  --channel-binding WHICH  off, possible (default) or required\n"
            "  --allow-plain            PLAIN may be used inside verified TLS\n"
            "  --anonymous              log in without an account; the JID is a domain\n"
            "  --verbose                tell each step on standard error\n"
            "  --help                   this\n",
            program, arguments);
    exit(status);
}

/* HOST, HOST:PORT, IPv6, [IPv6] or [IPv6]:PORT. */
static int parse_endpoint(const char *text, char *ret_host, size_t size, uint16_t *ret_port)
{
    const char *host = text;
    size_t len = strlen(text);
    const char *port = NULL;
    if (text[0] == '[') {
        const char *end = strchr(text, ']');
        if (!end || (end[1] != '\0' && end[1] != ':'))
            return -1;
        host = text + 1;
        len = (size_t)(end - host);
        port = end[1] == ':' ? end + 2 : NULL;
    } else {
        const char *colon = strchr(text, ':');
        if (colon && !strchr(colon + 1, ':')) {
            len = (size_t)(colon - text);
            port = colon + 1;
        }
    }
    if (len == 0 || len >= size)
        return -1;
    memcpy(ret_host, host, len);
    ret_host[len] = '\0';
    if (port) {
        char *end;
        unsigned long value = strtoul(port, &end, 10);
        if (port[0] < '0' || port[0] > '9' || *end != '\0' || value < 1 || value > 65535)
            return -1;
        *ret_port = (uint16_t)value;
    }
    return 0;
}

/* socks5://HOST:PORT, http://HOST:PORT */
static int parse_proxy(struct account *account, const char *text)
{
    static const char *const kinds[] = {NULL, "socks5://", "http://"}; /* in the enum's order */
    for (int kind = XMPP_PROXY_SOCKS5; kind <= XMPP_PROXY_HTTP; kind++) {
        size_t len = strlen(kinds[kind]);
        if (strncmp(text, kinds[kind], len) == 0) {
            account->proxy_kind = kind;
            int result = parse_endpoint(text + len, account->proxy, sizeof(account->proxy),
                                        &account->proxy_port);
            return account->proxy_port == 0 ? -1 : result;
        }
    }
    return -1;
}

static int parse_binding(struct account *account, const char *text)
{
    static const char *const names[] = {"off", "possible", "required"}; /* in the enum's order */
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            account->channel_binding = i;
            return 0;
        }
    }
    return -1;
}

static int parse_option(struct account *account, int option, const char *value)
{
    switch (option) {
    case 's':
        return parse_endpoint(value, account->host, sizeof(account->host), &account->port);
    case 'd':
        account->is_direct_tls = 1;
        return 0;
    case 'n':
        return parse_endpoint(value, account->nameserver, sizeof(account->nameserver),
                              &account->nameserver_port);
    case 'x':
        return parse_proxy(account, value);
    case 'c':
        account->ca_file = value;
        return 0;
    case 'h':
        account->hosts_file = value;
        return 0;
    case 'p':
        account->password_file = value;
        return 0;
    case 'C':
        account->cert_file = value;
        return 0;
    case 'K':
        account->key_file = value;
        return 0;
    case 'b':
        return parse_binding(account, value);
    case 'P':
        account->allow_plain = 1;
        return 0;
    case 'A':
        account->is_anonymous = 1;
        return 0;
    case 'v':
        account->is_verbose = 1;
        return 0;
    default:
        return -1;
    }
}

int account_parse_options(struct account *account, int argc, char **argv, const char *arguments,
                          int min, int max)
{
    const char *slash = strrchr(argv[0], '/');
    *account = (struct account){.program = slash ? slash + 1 : argv[0],
                                .channel_binding = XMPP_BINDING_POSSIBLE};
    int option;
    /* `+`: options stand in front of the arguments, so that a text may begin with a dash */
    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (option == 'H')
            usage(account->program, arguments, EX_OK);
        if (parse_option(account, option, optarg) < 0)
            usage(account->program, arguments, EX_USAGE);
    }
    if (argc - optind < min || argc - optind > max || !account->cert_file != !account->key_file)
        usage(account->program, arguments, EX_USAGE);
    return optind;
}

int account_parse(struct account *account, int argc, char **argv, const char *arguments, int min,
                  int max)
{
    int first = account_parse_options(account, argc, argv, arguments, min + 1, max + 1);
    account->jid = argv[first];
    return first + 1;
}

/* Prints what failed with which argument, and returns the code. */
static int tell(const struct account *account, int code, const char *what)
{
    if (code < 0)
        fprintf(stderr, "%s: %s: %s\n", account->program, what, xmpp_strerror(code));
    return code;
}

/* The first line of a descriptor, byte by byte, so that nothing behind it is taken from whoever
 * reads standard input next. Its length, or -1. */
static ssize_t read_line(int fd, char *line, size_t size)
{
    size_t n = 0;
    for (;;) {
        ssize_t got = read(fd, line + n, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || n + 1 == size)
            return -1;
        if (got == 0 || line[n] == '\n') {
            line[n] = '\0';
            return (ssize_t)n;
        }
        n++;
    }
}

static int set_password_from_file(const struct account *account, xmpp_conn *conn)
{
    const char *name = account->password_file;
    int is_stdin = strcmp(name, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return tell(account, XMPP_E_FILE, name);
    char line[1024];
    ssize_t len = read_line(fd, line, sizeof(line));
    if (!is_stdin)
        close(fd);
    int result = len < 0 ? XMPP_E_FILE : xmpp_conn_set_password(conn, line);
    explicit_bzero(line, sizeof(line));
    return tell(account, result, name);
}

static int set_password(const struct account *account, xmpp_conn *conn)
{
    if (account->password_file)
        return set_password_from_file(account, conn);
    const char *password = getenv("XMPP_PASSWORD");
    return password ? tell(account, xmpp_conn_set_password(conn, password), "XMPP_PASSWORD") : 0;
}

static void on_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata)
{
    const struct account *account = userdata;
    (void)conn;
    (void)area;
    (void)level;
    fprintf(stderr, "%s: %s\n", account->program, text);
}

int account_load_trust(const struct account *account, xmpp_trust **ret_trust)
{
    *ret_trust = NULL;
    if (!account->ca_file)
        return 0;
    xmpp_trust *trust = xmpp_trust_new();
    int result = trust ? xmpp_trust_add_ca_file(trust, account->ca_file) : XMPP_E_NOMEM;
    if (result < 0) {
        xmpp_trust_unref(trust);
        return tell(account, result, account->ca_file);
    }
    *ret_trust = trust;
    return 0;
}

/* The proxy, whose login, as any password, does not stand on the command line. */
static int apply_proxy(const struct account *account, xmpp_conn *conn)
{
    const char *login = getenv("XMPP_PROXY_LOGIN");
    const char *colon = login ? strchr(login, ':') : NULL;
    char user[256];
    size_t len = colon ? (size_t)(colon - login) : 0;
    if (login && (!colon || len >= sizeof(user)))
        return tell(account, XMPP_E_INVAL, "XMPP_PROXY_LOGIN");
    if (colon)
        memcpy(user, login, len);
    user[len] = '\0';
    return tell(account,
                xmpp_conn_set_proxy(conn, account->proxy_kind, account->proxy, account->proxy_port,
                                    colon ? user : NULL, colon ? colon + 1 : NULL),
                "--proxy");
}

/* How the server is found and reached. */
static int apply_way(const struct account *account, xmpp_conn *conn)
{
    int result = 0;
    if (account->hosts_file)
        result = tell(account, xmpp_conn_set_hosts_file(conn, account->hosts_file), "--hosts-file");
    if (result == 0 && account->host[0] != '\0')
        result =
            tell(account, xmpp_conn_set_server(conn, account->host, account->port), "--server");
    if (result == 0 && account->is_direct_tls)
        result = tell(account, xmpp_conn_set_direct_tls(conn, 1), "--direct-tls");
    if (result == 0 && account->nameserver[0] != '\0')
        result = tell(account,
                      xmpp_conn_add_nameserver(conn, account->nameserver, account->nameserver_port),
                      "--nameserver, an address");
    return result == 0 && account->proxy[0] != '\0' ? apply_proxy(account, conn) : result;
}

int account_apply(const struct account *account, xmpp_conn *conn, xmpp_trust *trust)
{
    int result = xmpp_conn_set_trust(conn, trust);
    if (result == 0)
        result = xmpp_conn_set_channel_binding(conn, account->channel_binding);
    if (result == 0)
        result = xmpp_conn_allow_plain(conn, account->allow_plain);
    if (result == 0)
        result = xmpp_conn_set_anonymous(conn, account->is_anonymous);
    if (result == 0 && account->is_verbose)
        result =
            xmpp_conn_set_log(conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, (void *)account, NULL);
    if (tell(account, result, "settings") < 0)
        return result;
    result = apply_way(account, conn);
    if (result == 0 && account->cert_file)
        result = tell(account,
                      xmpp_conn_set_client_cert_file(conn, account->cert_file, account->key_file),
                      account->cert_file);
    return result;
}

xmpp_conn *account_new_conn(const struct account *account)
{
    xmpp_trust *trust;
    if (account_load_trust(account, &trust) < 0)
        return NULL;
    xmpp_conn *conn = xmpp_conn_new();
    int result = conn ? account_apply(account, conn, trust) : tell(account, XMPP_E_NOMEM, "conn");
    xmpp_trust_unref(trust); /* the connection has its own reference */
    if (result == 0)
        result = tell(account, xmpp_conn_set_jid(conn, account->jid), account->jid);
    if (result == 0)
        result = set_password(account, conn);
    return result == 0 ? conn : xmpp_conn_unref(conn);
}
