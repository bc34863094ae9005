#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Ends the program: nothing is tried twice here.
_Noreturn static inline void fail(const char *what) {
    fprintf(stderr, "floor: %s\n", what);
    exit(1);
}

/// The same, for a call of the system that failed.
_Noreturn static inline void fail_system(const char *call) {
    fprintf(stderr, "floor: %s: %s\n", call, strerror(errno));
    exit(1);
}
