#pragma once

// What the C library has and its headers show only to those who ask for all of GNU, which Swift does not.

/// The flag by which a rename puts nothing in the place of a file.
static const unsigned int rename_without_replacing = 1;

/// rename(2), with flags and from directory to directory.
extern int renameat2(int from, const char *name, int to, const char *new_name, unsigned int flags);
