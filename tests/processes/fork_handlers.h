/* SPDX-License-Identifier: MIT */
/* Handlers of pthread_atfork that allocate; see fork_handlers_library.c. */
#ifndef FORK_HANDLERS_H
#define FORK_HANDLERS_H

/* How often they ran: before a fork, after it in the parent, in the child. And allocations that
 * failed in them. */
extern unsigned handlers_run[3], handlers_failed;

/* Registers them once more: these run with the allocator unlocked. */
void register_handlers(void);

#endif
