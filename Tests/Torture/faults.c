// Makes one call of the system fail, for a program that is started with this library in LD_PRELOAD.
//
// It counts the calls of the whole process, not of a thread, and only those that concern files below one folder, or
// with the calls of the second half sockets, what waits for them, and threads. What the C library calls by itself does
// not come by here, and so is left alone.
//
// TORTURE_FOLDER  the folder; the program's working directory has to be in it
// TORTURE_COUNTS  a file of zeros that is mapped: of each call how often it was seen, and last how often one failed
// TORTURE_CALL    which call fails, by the names below; TORTURE_NUMBER, which one of them, from 1
// TORTURE_ERRNO   with which error, as a number; 0 makes a read or a write stop half way
// TORTURE_ON      set: all later ones fail too

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#define CALLS(CALL) \
    CALL(open) CALL(read) CALL(write) CALL(fsync) CALL(fdatasync) CALL(rename) CALL(unlink) CALL(close) CALL(flock) \
    CALL(stat) CALL(mkdir) CALL(ftruncate) CALL(fcntl) CALL(faccessat) CALL(fdopendir) CALL(readdir) \
    CALL(socket) CALL(connect) CALL(receive) CALL(send) CALL(setsockopt) CALL(getsockopt) CALL(getaddrinfo) CALL(poll) \
    CALL(pipe) CALL(epoll_create) CALL(epoll_ctl) CALL(epoll_wait) CALL(eventfd) CALL(timerfd_create) \
    CALL(timerfd_settime) CALL(pthread_create)

enum call {
#define CALL(name) call_##name,
    CALLS(CALL)
#undef CALL
    call_count
};

static const char *const names[] = {
#define CALL(name) #name,
    CALLS(CALL)
#undef CALL
};

static _Atomic uint32_t *counts;
static const char *folder;
static size_t folder_length;
static int target = -1, error;
static uint32_t number;
static int goes_on;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("TORTURE_COUNTS"), *name = getenv("TORTURE_CALL");
    folder = getenv("TORTURE_FOLDER");
    if (path == NULL || folder == NULL) return;
    folder_length = strlen(folder);
    int file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    size_t bytes = (call_count + 1) * sizeof *counts;
    void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (map == MAP_FAILED) return;
    for (int call = 0; name != NULL && call < call_count; call++)
        if (strcmp(name, names[call]) == 0) target = call;
    if (target >= 0) {
        number = atoi(getenv("TORTURE_NUMBER"));
        error = atoi(getenv("TORTURE_ERRNO"));
        goes_on = getenv("TORTURE_ON") != NULL;
    }
    // Nothing that the program starts is to be counted, and nothing is to be in its environment.
    for (const char *const *variable = (const char *const[]) {"LD_PRELOAD", "TORTURE_COUNTS", NULL}; *variable; variable++)
        unsetenv(*variable);
    counts = map;
}

// Counts a call and tells whether it is to fail, or to stop half way; errno is set.
static int strikes(enum call call) {
    if (counts == NULL) return 0;
    uint32_t now = atomic_fetch_add(&counts[call], 1) + 1;
    if ((int)call != target || now < number || (now > number && !goes_on)) return 0;
    atomic_fetch_add(&counts[call_count], 1);
    errno = error;
    return 1;
}

static int is_below(const char *path) {
    return strncmp(path, folder, folder_length) == 0 && (path[folder_length] == '/' || path[folder_length] == 0);
}

static int is_ours(int file) {
    char link[64], path[4096];
    if (counts == NULL) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

static int is_our_path(int directory, const char *path) {
    if (counts == NULL) return 0;
    if (path[0] == '/') return is_below(path);
    return directory == AT_FDCWD || is_ours(directory);
}

static int is_socket(int file) {
    struct stat status;
    return counts != NULL && syscall(SYS_fstat, file, &status) == 0 && S_ISSOCK(status.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// Files.

int openat(int directory, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (is_our_path(directory, path) && strikes(call_open)) return -1;
    return REAL(openat)(directory, path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (is_our_path(AT_FDCWD, path) && strikes(call_open)) return -1;
    return REAL(open)(path, flags, mode);
}

// Half of what was asked for is what a read or a write that stops half way moves.
#define HALVES(name, type, counted, counted_of_sockets) \
    ssize_t name(int file, type *bytes, size_t count) { \
        if (is_ours(file) ? strikes(call_##counted) : is_socket(file) && strikes(call_##counted_of_sockets)) { \
            if (error != 0) return -1; \
            if (count > 1) count /= 2; \
        } \
        return REAL(name)(file, bytes, count); \
    }

HALVES(read, void, read, receive)
HALVES(write, const void, write, send)

#define ON_FILE(result, name, counted, parameters, arguments) \
    result name parameters { return is_ours(file) && strikes(call_##counted) ? -1 : REAL(name) arguments; }

ON_FILE(int, fsync, fsync, (int file), (file))
ON_FILE(int, fdatasync, fdatasync, (int file), (file))
ON_FILE(int, flock, flock, (int file, int operation), (file, operation))
ON_FILE(int, ftruncate, ftruncate, (int file, off_t length), (file, length))
ON_FILE(int, fstat, stat, (int file, struct stat *status), (file, status))

// The number is free again, whatever close returns, as Linux has it.
int close(int file) {
    int fails = is_ours(file) && strikes(call_close);
    int result = REAL(close)(file);
    if (!fails) return result;
    errno = error;
    return -1;
}

#define ON_PATH(name, counted, parameters, directory, path, arguments) \
    int name parameters { \
        return is_our_path(directory, path) && strikes(call_##counted) ? -1 : REAL(name) arguments; \
    }

ON_PATH(rename, rename, (const char *from, const char *to), AT_FDCWD, from, (from, to))
ON_PATH(renameat, rename, (int at, const char *from, int there, const char *to), at, from, (at, from, there, to))
ON_PATH(unlink, unlink, (const char *path), AT_FDCWD, path, (path))
ON_PATH(unlinkat, unlink, (int at, const char *path, int flags), at, path, (at, path, flags))
ON_PATH(mkdir, mkdir, (const char *path, mode_t mode), AT_FDCWD, path, (path, mode))
ON_PATH(mkdirat, mkdir, (int at, const char *path, mode_t mode), at, path, (at, path, mode))
ON_PATH(stat, stat, (const char *path, struct stat *status), AT_FDCWD, path, (path, status))
ON_PATH(lstat, stat, (const char *path, struct stat *status), AT_FDCWD, path, (path, status))
ON_PATH(fstatat, stat, (int at, const char *path, struct stat *status, int flags), at, path, (at, path, status, flags))
ON_PATH(faccessat, faccessat, (int at, const char *path, int mode, int flags), at, path, (at, path, mode, flags))

int fcntl(int file, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (is_ours(file) && strikes(call_fcntl)) return -1;
    return REAL(fcntl)(file, command, argument);
}

DIR *fdopendir(int file) { return is_ours(file) && strikes(call_fdopendir) ? NULL : REAL(fdopendir)(file); }

struct dirent *readdir(DIR *directory) {
    return is_ours(dirfd(directory)) && strikes(call_readdir) ? NULL : REAL(readdir)(directory);
}

// Sockets, what waits for them, and threads.

#define ANY(name, counted, parameters, arguments) \
    int name parameters { return strikes(call_##counted) ? -1 : REAL(name) arguments; }

ANY(socket, socket, (int domain, int type, int protocol), (domain, type, protocol))
ANY(connect, connect, (int socket, const struct sockaddr *address, socklen_t length), (socket, address, length))
ANY(setsockopt, setsockopt, (int socket, int level, int name, const void *value, socklen_t length),
    (socket, level, name, value, length))
ANY(getsockopt, getsockopt, (int socket, int level, int name, void *value, socklen_t *length),
    (socket, level, name, value, length))
ANY(poll, poll, (struct pollfd *files, nfds_t count, int wait), (files, count, wait))
ANY(pipe, pipe, (int ends[2]), (ends))
ANY(epoll_create, epoll_create, (int size), (size))
ANY(epoll_create1, epoll_create, (int flags), (flags))
// Only what adds a file takes memory, and so can fail.
int epoll_ctl(int queue, int operation, int file, struct epoll_event *event) {
    return operation == EPOLL_CTL_ADD && strikes(call_epoll_ctl)
        ? -1 : REAL(epoll_ctl)(queue, operation, file, event);
}

ANY(epoll_wait, epoll_wait, (int queue, struct epoll_event *events, int count, int wait),
    (queue, events, count, wait))
ANY(eventfd, eventfd, (unsigned value, int flags), (value, flags))
ANY(timerfd_create, timerfd_create, (clockid_t clock, int flags), (clock, flags))
ANY(timerfd_settime, timerfd_settime, (int timer, int flags, const struct itimerspec *new, struct itimerspec *old),
    (timer, flags, new, old))

#define MOVES(name, counted, parameters, arguments) \
    ssize_t name parameters { return is_socket(socket) && strikes(call_##counted) ? -1 : REAL(name) arguments; }

MOVES(recv, receive, (int socket, void *bytes, size_t count, int flags), (socket, bytes, count, flags))
MOVES(recvmsg, receive, (int socket, struct msghdr *message, int flags), (socket, message, flags))
MOVES(send, send, (int socket, const void *bytes, size_t count, int flags), (socket, bytes, count, flags))
MOVES(sendmsg, send, (int socket, const struct msghdr *message, int flags), (socket, message, flags))
MOVES(writev, send, (int socket, const struct iovec *pieces, int count), (socket, pieces, count))

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    return strikes(call_pthread_create) ? error : REAL(pthread_create)(thread, attributes, body, argument);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    return strikes(call_getaddrinfo) ? EAI_SYSTEM : REAL(getaddrinfo)(name, service, hints, found);
}
