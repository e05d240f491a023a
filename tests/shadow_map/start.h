/* SPDX-License-Identifier: MIT */
/* What every program of the shadow map does first. */
#ifndef TESTS_START_H
#define TESTS_START_H

/*
 * A process that was started with a soft limit on its address space (`ulimit -S -v`) made its
 * allocator lay out a small arena, which fills up, so that huge blocks and refusals are met. Lifts
 * the limit, takes the clock over, finds the allocator.
 */
void shadow_map_start(void);

/* If the process dies of a signal, `text` is the last line that it prints: how to see it again. */
void shadow_map_say_if_killed(const char *text);

#endif
