/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The world: stands in for net/ with a virtual network, clock, random and files, so that the whole
 * client runs deterministically, without ports and without sleeping. There is one world at a time.
 * It also watches how it is used: a socket used before it is connected, after it was closed or
 * closed twice, and descriptors that are left are faults, which world_end() counts.
 *
 * The server's end of a connection is known by the descriptor number that the client has. */
#ifndef TESTS_WORLD_WORLD_H
#define TESTS_WORLD_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* What becomes of a connect to an address; one that is not listed is unreachable at once. */
enum world_way {
    WORLD_ACCEPT,      /* under way, then connected */
    WORLD_ACCEPT_NOW,  /* connected inside the call */
    WORLD_REFUSE,      /* under way, then refused */
    WORLD_REFUSE_NOW,  /* refused inside the call */
    WORLD_UNREACHABLE, /* under way, then no route */
    WORLD_HANG,        /* never an answer */
    WORLD_NO_FD        /* the system has no descriptors left */
};

/* What the library asked of the system since the beginning: of all sockets, or of one. */
struct world_counts {
    unsigned connects; /* to others than services */
    unsigned udps;     /* sockets for datagrams */
    unsigned sources;  /* questions for the way to an address */
    unsigned closes;
    unsigned recvs; /* calls, with those that found nothing */
    unsigned recvs_empty;
    unsigned sends;
    unsigned sends_blocked;
    unsigned files;
    uint64_t bytes_received; /* over streams, but those of services */
    uint64_t bytes_sent;
};

/* What the client did to a connection, and when. */
struct world_deed {
    int64_t at; /* since world_mark() */
    /* "try"; then "connected", "refused", "unreachable", "no-fd", or "cancel": closed before its
     * answer was heard; of a connected one "close" */
    const char *what;
    struct xm_addr addr;
};

/* A service of the world: told the datagram that the client sent, or all that its stream has brought
 * and world_heard_take() has not taken. */
typedef void (*world_serve_fn)(int fd, const uint8_t *bytes, size_t n, void *userdata);

/* A new world at 1,000,000 ms, which is 2026-01-01T00:00:00Z, without anything in it. */
void world_begin(uint64_t seed);
/* Ends it; the number of faults, each printed as a diagnostic. */
unsigned world_end(void);
/* Notes a fault, printf's form. */
void world_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
unsigned world_faults(void);

int64_t world_now(void);
void world_advance(int64_t ms);
/* The next number of the seeded sequence, below `limit`. */
uint64_t world_random(uint64_t limit);

/* When something happens by itself that the client can notice; INT64_MAX: nothing will. */
int64_t world_next(void);

/* `after_ms` is how long the answer takes. */
void world_listen(const char *ip, uint16_t port, enum world_way way, int64_t after_ms);
/* A service stands at this address: what is sent there by UDP is its, and so are connections, which
 * go as world_listen() says, and are accepted if it has said nothing. Datagrams to where none stands
 * are lost. */
void world_serve(const char *ip, uint16_t port, world_serve_fn serve, void *userdata);
/* What begins with the first `n_bits` of `to` is reached from `source`; NULL: there is no way. The
 * longest counts, and of equal ones the last. From the beginning there are 192.0.2.250 and
 * 2001:db8::250 for all, 127.0.0.1 and ::1 for loopback, and fe80::250 for fe80::/10. */
void world_set_source(const char *to, unsigned n_bits, const char *source);
/* A file of the world; NULL takes it away. */
void world_set_file(const char *path, const char *text);
/* The lowest free number is used again for a new descriptor, as systems do. */
void world_reuse_fds(int on);
/* At most so many bytes per receive call; 0: as many as fit. */
void world_set_recv_max(size_t max);
/* The same for streams of services alone. */
void world_set_service_recv_max(size_t max);

/* The next connection that was made and nobody took yet: its descriptor; -1: none. */
int world_accept(void);
/* A connected descriptor to hand to xmpp_conn_connect_fd(). It counts as accepted. */
int world_connected_fd(void);
/* The test closes a descriptor that it was left with. */
void world_forget(int fd);
/* 1 while the client has not closed it. */
int world_is_open(int fd);

/* 1 for a socket for datagrams. */
int world_is_udp(int fd);
/* The address of the other side. Borrowed. */
const struct xm_addr *world_peer(int fd);
/* What xm_net_set_dead_after() has set; 0: nothing. */
int world_dead_after(int fd);

void world_say(int fd, const void *bytes, size_t n);
void world_say_text(int fd, const char *text);
/* The server sends no more. */
void world_say_end(int fd);
/* The connection is cut. */
void world_reset(int fd);
/* From now on the network carries nothing either way, and says nothing: what is sent is not
 * acknowledged, of which the client hears when xm_net_set_dead_after() has asked for it. */
void world_silence(int fd);
/* Later, the same: a datagram, or bytes of a stream; its end; a cut. */
void world_say_later(int fd, int64_t after_ms, const void *bytes, size_t n);
void world_say_end_later(int fd, int64_t after_ms);
void world_reset_later(int fd, int64_t after_ms);
/* ICMP says of a datagram that nobody is there. */
void world_refuse_later(int fd, int64_t after_ms);
/* What the client sent and was not taken yet. Borrowed until the next call. */
const char *world_heard(int fd, size_t *ret_n);
void world_heard_take(int fd, size_t n);
/* What the client has not received yet. */
size_t world_unread(int fd);
/* The client can send only so many bytes more; SIZE_MAX: no end. */
void world_set_room(int fd, size_t room);

/* As poll(): POLLIN, POLLOUT, POLLERR, POLLHUP. */
short world_poll(int fd, short events);
/* How many descriptors are open. */
unsigned world_open_fds(void);
const struct world_counts *world_counts(void);
const struct world_counts *world_counts_of(int fd);

/* From now on deeds are told with the time since now. */
void world_mark(void);
int64_t world_since_mark(void);
/* The next deed in its order. Borrowed; NULL: no more. */
const struct world_deed *world_next_deed(void);

#endif
