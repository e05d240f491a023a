/* SPDX-License-Identifier: MIT */
/*
 * Several threads at once, each with a shadow of its own, that hand blocks to each other. In ten
 * generations: the threads end, and new ones take their shadows over. What the operating system
 * makes of it is another interleaving each time, so what it finds may not come back; interleaved.h
 * is the one that repeats.
 */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H

enum { CROWD_MAX = 64, CROWD_GENERATIONS = 10 };

/* `done` is called after each generation, with how many there were. */
void crowd_run(unsigned long seed, unsigned long operations, unsigned threads,
               void (*done)(unsigned generations));

#endif
