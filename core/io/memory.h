/* memory - how much memory there is for this process. */
#pragma once

#include <stdint.h>

/* Bytes: what the machine has, or less where a control group (v2 or v1) or a limit on the address
 * space allows less. Never 0; a gibibyte where nothing can be learned. */
uint64_t memory_of_machine(void);
/* The least limit that a control group's files below `root` set, for a process whose
 * /proc/self/cgroup reads `groups`; UINT64_MAX for none. */
uint64_t memory_of_group(const char *root, const char *groups);
