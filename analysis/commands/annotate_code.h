/* SPDX-License-Identifier: MIT */
/* The instructions of one function, with what is known of each. */
#ifndef ANALYSIS_ANNOTATE_CODE_H
#define ANALYSIS_ANNOTATE_CODE_H

#include <time.h>

#include "annotate_tally.h"

struct annotate_code {
    const struct annotate_choice *choice;
    const struct annotate_tally *tally;
    struct count_places *places;
    const char *library; /* the file the code is read from */
    time_t built;        /* when that was written */
    bool *has_newer;     /* set where a source file is newer */
};

/*
 * Fills the function's parts and instructions; its pieces only where they were executed or sampled.
 * Code is read from its beginning, one instruction after another; what was executed from a place
 * within such an instruction (behind a lock prefix that was jumped over) is one of its own. Without
 * a disassembler only what was executed or sampled is known to begin an instruction. False with
 * errno.
 */
bool annotate_code_fill(const struct annotate_code *code, const struct annotate_chosen *chosen,
                        struct annotate_function *function);

#endif
