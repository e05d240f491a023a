/* SPDX-License-Identifier: MIT */
#ifndef TRACE_ABLATED_H
#define TRACE_ABLATED_H

/* Nanoseconds an operation. Weak: defined by the library that is preloaded, if one is. */
__attribute__((weak)) double ablated_cost(void);

#endif
