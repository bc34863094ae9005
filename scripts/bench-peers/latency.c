// A way to a server on this machine that is as long as one across a sea: latency LISTEN TARGET REPLY_MS CONNECTION_MS.
// Whatever comes to port LISTEN of 127.0.0.1 goes on to port TARGET. What the server sends arrives REPLY_MS later, and
// nothing is taken from a client before its connection is CONNECTION_MS old. Nothing else is slowed.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024, EVENTS = 256, BACKLOG = 4096 };

struct pair;

/// One end of a pair, as epoll names it.
struct end {
    struct pair *pair;
    int fd;
};

/// A client's connection and ours to the server. It is never freed, since an event or a reply may still name it.
struct pair {
    struct end client, server;
    bool closed;
};

/// Something to be done for a pair at a time. All that is in one queue waits equally long, so that the first is due
/// first.
struct due {
    struct due *next;
    struct pair *pair;
    int64_t at;
    size_t count;
    unsigned char bytes[];
};

struct queue {
    struct due *first, **last;
    int64_t wait;
};

static struct queue replies, connections;
static int loop, timer;
static in_port_t target;

_Noreturn static void fail(const char *call) {
    fprintf(stderr, "latency: %s: %s\n", call, strerror(errno));
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void enqueue(struct queue *queue, struct pair *pair, const unsigned char *bytes, size_t count) {
    struct due *due = malloc(sizeof *due + count);
    if (due == NULL)
        fail("malloc");
    *due = (struct due){.pair = pair, .at = now() + queue->wait, .count = count};
    if (count > 0)
        memcpy(due->bytes, bytes, count);
    *queue->last = due;
    queue->last = &due->next;
}

/// Sets the timer to what is due first.
static void set_timer(void) {
    int64_t at = INT64_MAX;
    if (replies.first != NULL)
        at = replies.first->at;
    if (connections.first != NULL && connections.first->at < at)
        at = connections.first->at;
    struct itimerspec time = {0};
    if (at != INT64_MAX)
        time.it_value = (struct timespec){.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000};
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &time, NULL) != 0)
        fail("timerfd_settime");
}

static struct sockaddr_in loopback(in_port_t port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/// A reply in two pieces must not wait for the first to be acknowledged.
static void send_at_once(int fd) {
    int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("setsockopt");
}

static void watch(int fd, void *pointer) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = pointer};
    if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event) != 0)
        fail("epoll_ctl");
}

static void close_pair(struct pair *pair) {
    if (!pair->closed) {
        close(pair->client.fd);
        if (pair->server.fd >= 0)
            close(pair->server.fd);
        pair->closed = true;
    }
}

/// Passes bytes on. Loopback takes what a socket's buffer holds at once; for the rest it is waited.
static void pass_on(struct pair *pair, int fd, const unsigned char *bytes, size_t count) {
    while (count > 0 && !pair->closed) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0) {
            close_pair(pair);
            return;
        }
        bytes += sent;
        count -= (size_t)sent;
    }
}

/// The connection is old enough: goes on to the server, and takes what the client sends from now on.
static void open_server(struct pair *pair) {
    struct sockaddr_in address = loopback(target);
    pair->server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (pair->server.fd < 0 || connect(pair->server.fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect");
    send_at_once(pair->server.fd);
    watch(pair->server.fd, &pair->server);
    watch(pair->client.fd, &pair->client);
}

static void do_what_is_due(struct queue *queue) {
    int64_t time = now();
    while (queue->first != NULL && queue->first->at <= time) {
        struct due *due = queue->first;
        struct pair *pair = due->pair;
        if ((queue->first = due->next) == NULL)
            queue->last = &queue->first;
        if (queue == &connections)
            open_server(pair);
        else if (due->count > 0)
            pass_on(pair, pair->client.fd, due->bytes, due->count);
        else
            close_pair(pair);
        free(due);
    }
}

static void take(struct end *end) {
    static unsigned char bytes[READ_SIZE];
    struct pair *pair = end->pair;
    if (pair->closed)
        return;
    bool from_client = end == &pair->client;
    ssize_t count = recv(end->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN)
        return;
    if (from_client && count <= 0)
        close_pair(pair);
    else if (from_client)
        pass_on(pair, pair->server.fd, bytes, (size_t)count);
    else if (count > 0)
        enqueue(&replies, pair, bytes, (size_t)count);
    else {
        // The client hears of the end as late as of everything else.
        if (epoll_ctl(loop, EPOLL_CTL_DEL, end->fd, NULL) != 0)
            fail("epoll_ctl");
        enqueue(&replies, pair, NULL, 0);
    }
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        struct pair *pair = malloc(sizeof *pair);
        if (pair == NULL)
            fail("malloc");
        send_at_once(fd);
        *pair = (struct pair){.client = {pair, fd}, .server = {pair, -1}};
        enqueue(&connections, pair, NULL, 0);
    }
    if (errno != EAGAIN)
        fail("accept4");
}

static int64_t milliseconds(const char *text) { return strtoll(text, NULL, 10) * 1000000; }

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: latency LISTEN TARGET REPLY_MS CONNECTION_MS\n");
        return 64;
    }
    struct sockaddr_in address = loopback((in_port_t)atoi(arguments[1]));
    target = (in_port_t)atoi(arguments[2]);
    replies = (struct queue){.last = &replies.first, .wait = milliseconds(arguments[3])};
    connections = (struct queue){.last = &connections.first, .wait = milliseconds(arguments[4])};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, BACKLOG) != 0)
        fail("listen");
    loop = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (loop < 0 || timer < 0)
        fail("epoll or timer");
    watch(listener, &listener);
    watch(timer, &timer);
    for (;;) {
        struct epoll_event events[EVENTS];
        int number = epoll_wait(loop, events, EVENTS, -1);
        if (number < 0)
            fail("epoll_wait");
        for (int i = 0; i < number; i++) {
            void *what = events[i].data.ptr;
            uint64_t ticks;
            if (what == &listener)
                accept_all(listener);
            else if (what != &timer)
                take(what);
            else if (read(timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN)
                fail("read of the timer");
        }
        do_what_is_due(&connections);
        do_what_is_due(&replies);
        set_timer();
    }
}
