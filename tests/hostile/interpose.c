/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can sleep, stands here in front of the C library's: linked into the program and exported by
 * it, these functions are found before libc's by every shared library that the program loads,
 * libxmpp and all below it, also where a sanitizer's runtime has its own; nothing is preloaded.
 * Each tells inside.c when it is called, in the library, in a way that could sleep, and then does
 * what it always does. Outside of the library's calls they change nothing.
 *
 * Reading local files is no sin: a setting that names one says so. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "inside.h"

/* The next function of that name, as a function of this file's own type. */
#define NEXT(name, result, ...)                                                                    \
    static result (*next)(__VA_ARGS__);                                                            \
    if (!next) {                                                                                   \
        *(void **)(&next) = dlsym(RTLD_NEXT, #name);                                               \
    }

/* What fortified programs call instead; no header declares these. */
int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t size);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask,
                size_t size);
ssize_t __read_chk(int fd, void *bytes, size_t n, size_t size);
ssize_t __recv_chk(int fd, void *bytes, size_t n, size_t size, int flags);
ssize_t __recvfrom_chk(int fd, void *bytes, size_t n, size_t size, int flags, struct sockaddr *from,
                       socklen_t *len);

/* The headers declare these with a union of all kinds of addresses: they get their names here. */
int over_connect(int fd, const struct sockaddr *addr, socklen_t len) __asm__("connect");
int over_accept(int fd, struct sockaddr *addr, socklen_t *len) __asm__("accept");
int over_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags) __asm__("accept4");
ssize_t over_recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *from,
                      socklen_t *len) __asm__("recvfrom");
ssize_t over_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to,
                    socklen_t len) __asm__("sendto");

/* --- waiting -------------------------------------------------------------------------------- */

static void waits(const char *function, int64_t timeout)
{
    if (inside_is() && timeout != 0) {
        inside_sin(function, timeout);
    }
}

static int64_t of_timespec(const struct timespec *time)
{
    return time ? (int64_t)time->tv_sec * 1000000000 + time->tv_nsec : -1;
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    NEXT(poll, int, struct pollfd *, nfds_t, int)
    waits("poll", timeout);
    return next(fds, n, timeout);
}

int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t size)
{
    (void)size;
    return poll(fds, n, timeout);
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
    NEXT(ppoll, int, struct pollfd *, nfds_t, const struct timespec *, const sigset_t *)
    waits("ppoll", of_timespec(timeout));
    return next(fds, n, timeout, mask);
}

int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask,
                size_t size)
{
    (void)size;
    return ppoll(fds, n, timeout, mask);
}

int select(int n, fd_set *in, fd_set *out, fd_set *err, struct timeval *timeout)
{
    NEXT(select, int, int, fd_set *, fd_set *, fd_set *, struct timeval *)
    waits("select", timeout ? (int64_t)timeout->tv_sec * 1000000 + timeout->tv_usec : -1);
    return next(n, in, out, err, timeout);
}

int pselect(int n, fd_set *in, fd_set *out, fd_set *err, const struct timespec *timeout,
            const sigset_t *mask)
{
    NEXT(pselect, int, int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *)
    waits("pselect", of_timespec(timeout));
    return next(n, in, out, err, timeout, mask);
}

int epoll_wait(int epoll, struct epoll_event *events, int n, int timeout)
{
    NEXT(epoll_wait, int, int, struct epoll_event *, int, int)
    waits("epoll_wait", timeout);
    return next(epoll, events, n, timeout);
}

int epoll_pwait(int epoll, struct epoll_event *events, int n, int timeout, const sigset_t *mask)
{
    NEXT(epoll_pwait, int, int, struct epoll_event *, int, int, const sigset_t *)
    waits("epoll_pwait", timeout);
    return next(epoll, events, n, timeout, mask);
}

/* --- sleeping ------------------------------------------------------------------------------- */

int nanosleep(const struct timespec *time, struct timespec *left)
{
    NEXT(nanosleep, int, const struct timespec *, struct timespec *)
    waits("nanosleep", -1);
    return next(time, left);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left)
{
    NEXT(clock_nanosleep, int, clockid_t, int, const struct timespec *, struct timespec *)
    waits("clock_nanosleep", -1);
    return next(clock, flags, time, left);
}

int usleep(useconds_t time)
{
    NEXT(usleep, int, useconds_t)
    waits("usleep", -1);
    return next(time);
}

unsigned sleep(unsigned time)
{
    NEXT(sleep, unsigned, unsigned)
    waits("sleep", -1);
    return next(time);
}

int pause(void)
{
    NEXT(pause, int, void)
    waits("pause", -1);
    return next();
}

int sigwait(const sigset_t *mask, int *signal)
{
    NEXT(sigwait, int, const sigset_t *, int *)
    waits("sigwait", -1);
    return next(mask, signal);
}

/* --- names ---------------------------------------------------------------------------------- */

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    NEXT(getaddrinfo, int, const char *, const char *, const struct addrinfo *, struct addrinfo **)
    waits("getaddrinfo", -1);
    return next(name, service, hints, found);
}

struct hostent *gethostbyname(const char *name)
{
    NEXT(gethostbyname, struct hostent *, const char *)
    waits("gethostbyname", -1);
    return next(name);
}

/* --- other threads and processes ------------------------------------------------------------ */

int pthread_join(pthread_t thread, void **result)
{
    NEXT(pthread_join, int, pthread_t, void **)
    waits("pthread_join", -1);
    return next(thread, result);
}

/* Waking up without a reason is within its rights. */
int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    (void)cond;
    (void)mutex;
    waits("pthread_cond_wait", -1);
    return 0;
}

int sem_wait(sem_t *sem)
{
    NEXT(sem_wait, int, sem_t *)
    waits("sem_wait", -1);
    return next(sem);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    NEXT(waitpid, pid_t, pid_t, int *, int)
    waits("waitpid", options & WNOHANG ? 0 : -1);
    return next(pid, status, options);
}

int system(const char *command)
{
    NEXT(system, int, const char *)
    waits("system", -1);
    return next(command);
}

FILE *popen(const char *command, const char *mode)
{
    NEXT(popen, FILE *, const char *, const char *)
    waits("popen", -1);
    return next(command, mode);
}

int flock(int fd, int operation)
{
    NEXT(flock, int, int, int)
    waits("flock", operation & LOCK_NB ? 0 : -1);
    return next(fd, operation);
}

int fsync(int fd)
{
    NEXT(fsync, int, int)
    waits("fsync", -1);
    return next(fd);
}

int close(int fd)
{
    NEXT(close, int, int)
    inside_closes(fd);
    return next(fd);
}

/* --- sockets and pipes ---------------------------------------------------------------------- */

/* What only a descriptor that blocks can make sleep. */
static void moves(const char *function, int fd, int flags)
{
    struct stat stat;
    if (!inside_is() || fstat(fd, &stat) < 0 || S_ISREG(stat.st_mode) || S_ISDIR(stat.st_mode)) {
        return;
    }
    inside_note();
    if (!(flags & MSG_DONTWAIT) && !(fcntl(fd, F_GETFL) & O_NONBLOCK) && !S_ISCHR(stat.st_mode)) {
        inside_sin(function, fd);
    }
}

int over_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    NEXT(connect, int, int, const struct sockaddr *, socklen_t)
    moves("connect", fd, 0);
    return next(fd, addr, len);
}

int over_accept(int fd, struct sockaddr *addr, socklen_t *len)
{
    NEXT(accept, int, int, struct sockaddr *, socklen_t *)
    moves("accept", fd, 0);
    return next(fd, addr, len);
}

int over_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
    NEXT(accept4, int, int, struct sockaddr *, socklen_t *, int)
    moves("accept4", fd, 0);
    return next(fd, addr, len, flags);
}

ssize_t read(int fd, void *bytes, size_t n)
{
    NEXT(read, ssize_t, int, void *, size_t)
    moves("read", fd, 0);
    return next(fd, bytes, n);
}

ssize_t __read_chk(int fd, void *bytes, size_t n, size_t size)
{
    return read(fd, bytes, n < size ? n : size);
}

ssize_t readv(int fd, const struct iovec *pieces, int n)
{
    NEXT(readv, ssize_t, int, const struct iovec *, int)
    moves("readv", fd, 0);
    return next(fd, pieces, n);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    NEXT(write, ssize_t, int, const void *, size_t)
    moves("write", fd, 0);
    return next(fd, bytes, n);
}

ssize_t writev(int fd, const struct iovec *pieces, int n)
{
    NEXT(writev, ssize_t, int, const struct iovec *, int)
    moves("writev", fd, 0);
    return next(fd, pieces, n);
}

ssize_t recv(int fd, void *bytes, size_t n, int flags)
{
    NEXT(recv, ssize_t, int, void *, size_t, int)
    moves("recv", fd, flags);
    return next(fd, bytes, n, flags);
}

ssize_t __recv_chk(int fd, void *bytes, size_t n, size_t size, int flags)
{
    return recv(fd, bytes, n < size ? n : size, flags);
}

ssize_t over_recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *from,
                      socklen_t *len)
{
    NEXT(recvfrom, ssize_t, int, void *, size_t, int, struct sockaddr *, socklen_t *)
    moves("recvfrom", fd, flags);
    return next(fd, bytes, n, flags, from, len);
}

ssize_t __recvfrom_chk(int fd, void *bytes, size_t n, size_t size, int flags, struct sockaddr *from,
                       socklen_t *len)
{
    return over_recvfrom(fd, bytes, n < size ? n : size, flags, from, len);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    NEXT(recvmsg, ssize_t, int, struct msghdr *, int)
    moves("recvmsg", fd, flags);
    return next(fd, message, flags);
}

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
    NEXT(send, ssize_t, int, const void *, size_t, int)
    moves("send", fd, flags);
    return next(fd, bytes, n, flags);
}

ssize_t over_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to,
                    socklen_t len)
{
    NEXT(sendto, ssize_t, int, const void *, size_t, int, const struct sockaddr *, socklen_t)
    moves("sendto", fd, flags);
    return next(fd, bytes, n, flags, to, len);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    NEXT(sendmsg, ssize_t, int, const struct msghdr *, int)
    moves("sendmsg", fd, flags);
    return next(fd, message, flags);
}
