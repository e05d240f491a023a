/* SPDX-License-Identifier: MIT */
/* From what debug information, or a symbol, says of a piece of code to its attribution. */
#ifndef ANALYSIS_DESCRIPTION_H
#define ANALYSIS_DESCRIPTION_H

#include "attribute.h"
#include "lens.h"
#include "lines.h"
#include "name_pool.h"
#include "scopes.h"

/* What is the same of all pieces of a file. */
struct description {
    const struct scopes *scopes;
    const struct lens_choice *lens;
    struct name_pool *names;
};

/* `scope_at`: the innermost function, or SIZE_MAX; `row`: the line, or NULL. */
struct attribution describe_code(const struct description *of, size_t scope_at,
                                 const struct line_row *row);

/* Of code that nothing but its function's symbol tells of; `function` may be NULL. */
struct attribution describe_symbol(const struct lens_choice *lens, const char *function);

/* Sets the step of one that has its function and file, under a lens that keeps sources. */
void describe_step(struct attribution *result, const struct lens *lens);

#endif
