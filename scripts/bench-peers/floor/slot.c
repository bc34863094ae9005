#include "slot.h"

#include "failure.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

static void send_request(struct slot *slot, struct wire *wire, const struct origin *origin, int length) {
    if (length < 0 || (size_t)length >= sizeof slot->request)
        fail("a request that is too long");
    if (wire->fd < 0) {
        wire_open(wire, origin, slot->run->trust);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = slot};
        if (epoll_ctl(slot->loop, EPOLL_CTL_ADD, wire->fd, &event) != 0)
            fail_system("epoll_ctl");
    }
    slot->reply_length = 0;
    slot->in_body = false;
    slot->used = wire;
    wire_send(wire, slot->request, (size_t)length);
}

void slot_begin(struct slot *slot) {
    if (!run_next_id(slot->run, slot->id)) {
        slot->awaits = NOTHING;
        return;
    }
    slot->awaits = STATE;
    const struct run *run = slot->run;
    int length = snprintf(slot->request, sizeof slot->request,
                          "GET %s/v1/jobs/%s HTTP/1.1\r\nHost: %s\r\nAuthorization: pictai_simulator\r\n\r\n",
                          run->api_path, slot->id, run->api.authority);
    send_request(slot, &slot->wires[0], &run->api, length);
}

/// The API's reply is whole: asks for the image that it names.
static void take_state(struct slot *slot) {
    static const char completed[] = "\"status\":\"completed\"", name[] = "\"url\":\"";
    if (memmem(slot->reply, slot->reply_length, completed, sizeof completed - 1) == NULL)
        fail("a job that is not completed");
    const char *url = memmem(slot->reply, slot->reply_length, name, sizeof name - 1);
    const char *reply_end = slot->reply + slot->reply_length;
    const char *end =
        url == NULL ? NULL : memchr(url + sizeof name - 1, '"', (size_t)(reply_end - url) - sizeof name + 1);
    if (end == NULL)
        fail("a reply without a url");
    url += sizeof name - 1;
    const struct origin *host = run_image_host(slot->run, url, (size_t)(end - url));
    size_t origin_length = strlen(host->text);
    if ((size_t)(end - url) <= origin_length || memcmp(url, host->text, origin_length) != 0)
        fail("images at several hosts");
    const char *path = url + origin_length;
    bool same = strcmp(host->text, slot->run->api.text) == 0;
    slot->awaits = IMAGE;
    int length = snprintf(slot->request, sizeof slot->request, "GET %.*s HTTP/1.1\r\nHost: %s\r\n\r\n",
                          (int)(end - path), path, host->authority);
    send_request(slot, &slot->wires[same ? 0 : 1], host, length);
}

static void begin_image(struct slot *slot) {
    snprintf(slot->part_name, sizeof slot->part_name, ".%s.part", slot->id);
    slot->part = openat(slot->run->images, slot->part_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (slot->part < 0)
        fail_system("open");
    slot->bytes = 0;
    proof_begin(&slot->proof);
}

/// The image is whole: gives it its name, and records it.
static void end_image(struct slot *slot) {
    char sha256[65], name[ID_LENGTH + 5], record[REQUEST_LIMIT];
    proof_end(&slot->proof, sha256);
    if (close(slot->part) != 0)
        fail_system("close");
    snprintf(name, sizeof name, "%s.png", slot->id);
    if (renameat(slot->run->images, slot->part_name, slot->run->images, name) != 0)
        fail_system("rename");
    int length = snprintf(record, sizeof record,
                          "{\"job_id\":\"%s\",\"status\":\"downloaded\",\"path\":\"%s/%s\",\"bytes\":%zu,"
                          "\"sha256\":\"%s\"}\n",
                          slot->id, slot->run->images_path, name, slot->bytes, sha256);
    if (length < 0 || (size_t)length >= sizeof record)
        fail("a path that is too long");
    if (write(slot->run->results, record, (size_t)length) != length)
        fail_system("write of a record");
}

/// Takes bytes up to the end of the head, and returns how many.
static size_t take_head(struct slot *slot, const unsigned char *bytes, size_t count) {
    size_t room = sizeof slot->reply - slot->reply_length, had = slot->reply_length;
    size_t now = count < room ? count : room;
    memcpy(slot->reply + had, bytes, now);
    const char *end = memmem(slot->reply, had + now, "\r\n\r\n", 4);
    if (end == NULL) {
        if (now == room)
            fail("a head that is too long");
        slot->reply_length += now;
        return now;
    }
    static const char length_field[] = "\r\nContent-Length: ";
    size_t head_length = (size_t)(end + 4 - slot->reply);
    const char *length = memmem(slot->reply, head_length, length_field, sizeof length_field - 1);
    if (memcmp(slot->reply, "HTTP/1.1 200 ", 13) != 0 || length == NULL)
        fail("an answer other than 200 with a length");
    slot->body_left = strtoul(length + sizeof length_field - 1, NULL, 10);
    slot->in_body = true;
    slot->reply_length = 0;
    if (slot->awaits == IMAGE)
        begin_image(slot);
    return head_length - had;
}

static size_t take_body(struct slot *slot, const unsigned char *bytes, size_t count) {
    size_t now = count < slot->body_left ? count : slot->body_left;
    if (slot->awaits == IMAGE) {
        proof_update(&slot->proof, bytes, now);
        if (write(slot->part, bytes, now) != (ssize_t)now)
            fail_system("write of an image");
        slot->bytes += now;
    } else {
        if (now > sizeof slot->reply - slot->reply_length)
            fail("a reply that is too long");
        memcpy(slot->reply + slot->reply_length, bytes, now);
        slot->reply_length += now;
    }
    slot->body_left -= now;
    return now;
}

void slot_read(struct slot *slot, unsigned char *buffer, size_t room) {
    bool more = true;
    while (more) {
        size_t count, taken = 0;
        more = wire_read(slot->used, buffer, room, &count);
        while (taken < count) {
            if (slot->awaits == NOTHING)
                fail("more than was asked for");
            if (!slot->in_body)
                taken += take_head(slot, buffer + taken, count - taken);
            else
                taken += take_body(slot, buffer + taken, count - taken);
            if (!slot->in_body || slot->body_left > 0)
                continue;
            if (slot->awaits == STATE) {
                take_state(slot);
            } else {
                end_image(slot);
                slot_begin(slot);
            }
        }
    }
}
