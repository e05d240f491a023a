/* SPDX-License-Identifier: MIT */
#ifndef TRACE_COMPARED_H
#define TRACE_COMPARED_H

/* Weak: defined by the library that is preloaded, if one is. */
__attribute__((weak)) int compared_figure(void);

#endif
