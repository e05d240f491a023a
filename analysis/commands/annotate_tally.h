/* SPDX-License-Identifier: MIT */
/* What was executed and sampled of the allocator's library, by address and by function. */
#ifndef ANALYSIS_ANNOTATE_TALLY_H
#define ANALYSIS_ANNOTATE_TALLY_H

#include "annotate_choice.h"
#include "collect/sampler.h"
#include "count_places.h"
#include "report/annotate_model.h"

struct annotate_site {
    uint64_t executed;
    struct annotate_samples samples;
};

struct annotate_counts {
    uint64_t calls; /* of a function: times its first instruction was executed */
    uint64_t executed;
    struct annotate_samples samples;
};

/* Of a function that is shown: its instructions in each call that came to it. */
struct annotate_calls {
    uint32_t *instructions;
    size_t count, capacity;
    uint32_t at_hand; /* in the call that is being read */
};

struct annotate_tally {
    struct attributor *attributor;
    const struct annotate_choice *choice;
    uint64_t first, end; /* offsets in the library's file that have a place */
    struct annotate_site *sites;
    struct annotate_counts *functions; /* of choice->all */
    size_t *shown;                /* of each of these the chosen one it belongs to, or SIZE_MAX */
    struct annotate_calls *calls; /* of choice->chosen */
    uint64_t instructions;        /* of all calls, wherever they were executed */
    struct annotate_samples samples; /* of all the program's time */
};

/* The choice has been made. To be finished in any case. False with errno. */
bool annotate_tally_start(struct annotate_tally *tally, struct attributor *attributor,
                          const struct annotate_choice *choice);
void annotate_tally_finish(struct annotate_tally *tally);

/* Adds every call of the file, of which the places know the mappings. False with errno. */
bool annotate_tally_steps(struct annotate_tally *tally, struct count_places *places,
                          const struct step_file *file);

/* Of the chosen function; once, since it sorts. */
struct count_spread annotate_tally_spread(struct annotate_tally *tally, size_t chosen);

/* Samples of the code at that offset in the file. */
void annotate_tally_sampled(struct annotate_tally *tally, uint64_t offset,
                            const struct annotate_samples *samples);

/* Adds samples and takes the mappings. Samples in the kernel count as time, but belong to no
 * instruction. */
struct sampler_sink annotate_tally_sink(struct annotate_tally *tally);

/* NULL where there is none at that offset in the file. */
const struct annotate_site *annotate_tally_site(const struct annotate_tally *tally,
                                                uint64_t offset);

#endif
