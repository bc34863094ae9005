#pragma once

#include "proof.h"
#include "run.h"

enum { REPLY_LIMIT = 16 * 1024, REQUEST_LIMIT = 4096 };

/// One of as many as the cap allows: a job at a time, and the connections that the next ones use too.
struct slot {
    struct run *run;
    /// The epoll descriptor of its thread.
    int loop;
    char id[ID_LENGTH + 1];
    enum { STATE, IMAGE, NOTHING } awaits;
    /// A connection to the API, and one to the host of the images where that is another.
    struct wire wires[2];
    struct wire *used;
    char request[REQUEST_LIMIT];
    /// A reply of the API, or of any other as much of its head as has come.
    char reply[REPLY_LIMIT];
    size_t reply_length;
    bool in_body;
    size_t body_left;
    char part_name[ID_LENGTH + 7];
    int part;
    size_t bytes;
    struct proof proof;
};

/// Asks for the state of the next job, if there is one.
void slot_begin(struct slot *slot);
/// Takes what has come on the connection in use, with a buffer that is lent.
void slot_read(struct slot *slot, unsigned char *buffer, size_t room);
