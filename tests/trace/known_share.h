/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TRACE_KNOWN_SHARE_H
#define TESTS_TRACE_KNOWN_SHARE_H

#include <stdint.h>

/* Of the preloaded fixture; NULL without it. */
uint64_t fixture_allocator_work(uint64_t steps) __attribute__((weak));

#endif
