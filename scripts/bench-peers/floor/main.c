// How little the work can take: floor API MANIFEST IMAGES CAP HTTP [CA]. Polls, downloads, hashes, checks the chunks,
// renames, records, and nothing else: two threads with a loop around epoll each, which expect what the bench's own
// server sends. Whatever else comes ends the program.

#include "failure.h"
#include "slot.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS = 2, READ_SIZE = 256 * 1024, EVENTS = 64 };

struct share {
    struct run *run;
    int slots;
};

/// A thread's work: its share of the cap, until no job is left.
static void *work(void *argument) {
    const struct share *share = argument;
    int loop = epoll_create1(EPOLL_CLOEXEC);
    struct slot *slots = calloc((size_t)share->slots, sizeof *slots);
    unsigned char *buffer = malloc(READ_SIZE);
    if (loop < 0 || slots == NULL || buffer == NULL)
        fail_system("a thread");
    int busy = 0;
    for (int i = 0; i < share->slots; i++) {
        slots[i] = (struct slot){.run = share->run, .loop = loop, .wires = {{.fd = -1}, {.fd = -1}}};
        slot_begin(&slots[i]);
        busy += slots[i].awaits != NOTHING;
    }
    while (busy > 0) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(loop, events, EVENTS, -1);
        if (count < 0)
            fail_system("epoll_wait");
        for (int i = 0; i < count; i++) {
            struct slot *slot = events[i].data.ptr;
            bool was_busy = slot->awaits != NOTHING;
            slot_read(slot, buffer, READ_SIZE);
            busy -= was_busy && slot->awaits == NOTHING;
        }
    }
    return NULL;
}

static void map_manifest(struct run *run, const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0 || status.st_size == 0)
        fail_system("the manifest");
    run->lines = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (run->lines == MAP_FAILED)
        fail_system("mmap");
    run->lines_end = run->lines + status.st_size;
}

int main(int count, char **arguments) {
    if (count < 6 || count > 7)
        fail("usage: floor API MANIFEST IMAGES CAP HTTP [CA]");
    if (strcmp(arguments[5], "1.1") != 0)
        fail("only HTTP/1.1 is spoken here");
    static struct run run = {.lock = PTHREAD_MUTEX_INITIALIZER};
    run.api_path = origin_read(&run.api, arguments[1], strlen(arguments[1]));
    map_manifest(&run, arguments[2]);
    run.images_path = arguments[3];
    run.images = open(run.images_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run.images < 0)
        fail_system("the images' directory");
    run.results = openat(run.images, "results.jsonl", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (run.results < 0)
        fail_system("the results");
    int cap = atoi(arguments[4]);
    if (count == 7)
        run.trust = wire_trust(arguments[6]);

    pthread_t threads[THREADS];
    struct share shares[THREADS];
    for (int i = 0; i < THREADS; i++) {
        shares[i] = (struct share){&run, (cap + i) / THREADS};
        if (shares[i].slots > 0 && pthread_create(&threads[i], NULL, work, &shares[i]) != 0)
            fail("no thread");
    }
    for (int i = 0; i < THREADS; i++)
        if (shares[i].slots > 0)
            pthread_join(threads[i], NULL);
    return 0;
}
