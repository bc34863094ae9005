#include "run.h"

#include "failure.h"

bool run_next_id(struct run *run, char id[ID_LENGTH + 1]) {
    pthread_mutex_lock(&run->lock);
    const char *line = run->lines;
    const char *end = line == run->lines_end ? NULL : memchr(line, '\n', (size_t)(run->lines_end - line));
    run->lines = end == NULL ? run->lines_end : end + 1;
    pthread_mutex_unlock(&run->lock);
    if (end == NULL)
        return false;
    static const char name[] = "\"job_id\":\"";
    const char *found = memmem(line, (size_t)(end - line), name, sizeof name - 1);
    if (found == NULL || (size_t)(end - found) < sizeof name - 1 + ID_LENGTH)
        fail("a line without a job id");
    memcpy(id, found + sizeof name - 1, ID_LENGTH);
    id[ID_LENGTH] = '\0';
    return true;
}

const struct origin *run_image_host(struct run *run, const char *url, size_t length) {
    pthread_mutex_lock(&run->lock);
    if (run->image_host.address == NULL)
        origin_read(&run->image_host, url, length);
    pthread_mutex_unlock(&run->lock);
    return &run->image_host;
}
