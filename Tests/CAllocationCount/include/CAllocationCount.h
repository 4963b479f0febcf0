#ifndef C_ALLOCATION_COUNT_H
#define C_ALLOCATION_COUNT_H

#include <stdbool.h>

/// Whether allocations are counted: with glibc, where a program may define its own `malloc`.
bool nn_allocations_are_counted(void);

/// How often the calling thread has asked for memory since it began: `malloc`, `calloc`, `realloc`
/// and their aligned kin, by whatever code in the process.
long nn_allocations_of_this_thread(void);

#endif
