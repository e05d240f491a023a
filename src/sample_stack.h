/* SPDX-License-Identifier: MIT */
/* Who asked for a block: some addresses at once, or all of it by unwinding outside. */
#ifndef HAK_SAMPLE_STACK_H
#define HAK_SAMPLE_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the program goes on after its call of malloc, then what led there, as far as frame pointers
 * tell it on the pages of the stack that frames known to be there reach into: one address where the
 * program has none. At most `most`; how many. */
size_t hak_sample_callers(uintptr_t *addresses, size_t most);

/* This thread's registers (FOLLOW_REGISTERS of follow_layout.h; those that a function may overwrite
 * are 0), and at most `bytes` of its stack from there, as far as it can be read: how many. */
size_t hak_sample_copy_stack(uint64_t *registers, void *to, size_t bytes);

/* The lines of /proc/self/maps that are of code, at most `bytes`: how many. `bytes` above 64 KiB.
 */
size_t hak_sample_code_maps(char *to, size_t bytes);

/* The file that the address lies in and where, for the last line of a process: the name's end is
 * cut. False: in none. */
bool hak_sample_module(uintptr_t address, char *name, size_t bytes, uint64_t *offset);

#endif
