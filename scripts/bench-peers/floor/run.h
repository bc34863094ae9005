#pragma once

#include "wire.h"

#include <pthread.h>

enum { ID_LENGTH = 36 };

/// What all threads share.
struct run {
    /// Lines of the manifest that nobody has taken yet.
    const char *lines, *lines_end;
    pthread_mutex_t lock;
    struct origin api;
    const char *api_path;
    /// Known from the first reply on; all images are there.
    struct origin image_host;
    SSL_CTX *trust;
    const char *images_path;
    int images, results;
};

/// Takes the next job's id from the manifest; false at its end.
bool run_next_id(struct run *run, char id[ID_LENGTH + 1]);
/// Where images are, by the first url that was seen.
const struct origin *run_image_host(struct run *run, const char *url, size_t length);
