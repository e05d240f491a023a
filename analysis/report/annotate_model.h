/* SPDX-License-Identifier: MIT */
/*
 * The report of annotated functions: their instructions with what each belongs to, how often it was
 * executed and how often it was met by a sample. Texts live as long as those who gave them.
 */
#ifndef ANALYSIS_ANNOTATE_MODEL_H
#define ANALYSIS_ANNOTATE_MODEL_H

#include "count_model.h"
#include "stepped_head.h"

enum { ANNOTATE_NOTES_MAX = 16, ANNOTATE_SOURCES_MAX = 64 };

/* Samples of the program's processor time; `weight` is what they stand for, ns or cycles. */
struct annotate_samples {
    uint64_t count, weight;
};

struct annotate_instruction {
    uint64_t offset;   /* from the beginning of its part */
    char text[200];    /* as the assembler writes it; empty: no disassembler */
    const char *label; /* its source: factor, file or function; never NULL */
    enum count_group group;
    const char *inlined;          /* the function it was written in; NULL: unknown */
    const char *file;             /* and the file; NULL: unknown */
    int line;                     /* 0: unknown */
    const char *line_text;        /* NULL: can't be read */
    uint64_t target;              /* of a jump or call to a fixed place: its address; else 0 */
    bool is_target;               /* of a jump in this function */
    uint64_t executed;            /* times, in the calls that were stepped */
    struct count_effects effects; /* of one execution */
    struct annotate_samples samples;
};

/* A function's code in one piece: compilers put what is rarely executed elsewhere. */
struct annotate_part {
    const char *name;        /* "malloc", "malloc.cold" */
    uint64_t address, bytes; /* as the library's symbols count */
    size_t first, count; /* of the function's instructions; none: neither executed nor sampled */
};

struct annotate_source {
    const char *name;
    enum count_group group;
    struct count_effects effects; /* of all executions */
    struct annotate_samples samples;
};

struct annotate_function {
    const char *name;
    uint64_t calls;             /* times its first instruction was executed */
    struct count_spread spread; /* of the calls of malloc, free... that came here */
    struct count_effects effects;
    struct annotate_samples samples;
    struct annotate_part *parts; /* the first is the entry's */
    size_t part_count;
    struct annotate_instruction *instructions;
    size_t instruction_count;
    struct annotate_source sources[ANNOTATE_SOURCES_MAX]; /* factors, the allocator's, others */
    size_t source_count;
};

/* One of the hottest functions. */
struct annotate_row {
    const char *name;
    uint64_t calls, instructions;
    struct annotate_samples samples;
};

struct annotate_report {
    struct stepped_head head;
    uint64_t instructions;           /* of all those calls, wherever they were executed */
    const char *event;               /* NULL: nothing was sampled */
    unsigned frequency;              /* Hz */
    struct annotate_samples samples; /* of all the program's time, the kernel's too */
    uint64_t lost;
    bool disassembled, is_list;          /* is_list: rows, else functions */
    struct annotate_function *functions; /* in the order they were asked for */
    size_t function_count;
    struct annotate_row *rows; /* the hottest first */
    size_t row_count;
    char notes[ANNOTATE_NOTES_MAX][400];
    size_t note_count;
};

__attribute__((format(printf, 2, 3))) void annotate_note(struct annotate_report *report,
                                                         const char *format, ...);

/* Of `whole`, 0 to 1; NAN where nothing was sampled. */
double annotate_share(const struct annotate_samples *part, const struct annotate_samples *whole);

void annotate_samples_add(struct annotate_samples *sum, const struct annotate_samples *samples);

#endif
