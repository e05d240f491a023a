/* SPDX-License-Identifier: MIT */
/* A function that stays one, with a frame of its own. */
#ifndef TESTS_APART_H
#define TESTS_APART_H

#if __has_attribute(noclone)
#    define APART __attribute__((noinline, noclone))
#else
#    define APART __attribute__((noinline))
#endif

#endif
