/* memory - how much memory there is for this process, and memory in large pages. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Bytes: what the machine has, or less where a control group (v2 or v1) or a limit on the address
 * space allows less. Never 0; a gibibyte where nothing can be learned. */
uint64_t memory_of_machine(void);
/* The least limit that a control group's files below `root` set, for a process whose
 * /proc/self/cgroup reads `groups`; UINT64_MAX for none. */
uint64_t memory_of_group(const char *root, const char *groups);

enum { MEMORY_LARGE = 2 << 20 };
/* `size` bytes, a multiple of MEMORY_LARGE, for what is written and read here and there: in large
 * pages, where the system gives them when asked. Takes no more address space than that, for it may
 * be limited. Never NULL. */
void *memory_large(size_t size);
void memory_large_release(void *block, size_t size);
