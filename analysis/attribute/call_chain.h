/* SPDX-License-Identifier: MIT */
/* The functions that a byte of code is of, of any file: that whose code it is, and those that were
 * inlined there; for the places that a report shows. */
#ifndef ANALYSIS_CALL_CHAIN_H
#define ANALYSIS_CALL_CHAIN_H

#include <stddef.h>
#include <stdint.h>

enum { CALL_CHAIN_MOST = 16 };

/* Lines of "FUNCTION<tab>FILE<tab>LINE", the innermost first: LINE is where the code is in it, or
 * the call of the function before. FILE is empty and LINE 0 where that is not known. Written to
 * `text`, as many as fit and CALL_CHAIN_MOST at most; how many bytes, 0 where the debug
 * information, the file's own or a separate one's, does not tell. */
size_t call_chain_find(const char *path, uint64_t offset, char *text, size_t bytes);

#endif
