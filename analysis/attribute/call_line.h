/* SPDX-License-Identifier: MIT */
/* The line that a byte of code was written in, of any file, for the few places that a report shows.
 */
#ifndef ANALYSIS_CALL_LINE_H
#define ANALYSIS_CALL_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "name_pool.h"

/* `offset` of a byte of code in the file at `path`. The name is pooled. False where the debug
 * information, the file's own or a separate one's, does not tell. */
bool call_line_find(const char *path, uint64_t offset, struct name_pool *names, const char **file,
                    int *line);

#endif
