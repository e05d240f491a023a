/* SPDX-License-Identifier: MIT */
/* The reader, as its asker sees it: started, asked, given up on, started again. */
#ifndef ANALYSIS_READER_PROCESS_H
#define ANALYSIS_READER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "privilege/helper_process.h"
#include "reader_protocol.h"

enum { READER_WHY = 96 };

/* Seconds of processor time that a question may take: the largest debug files are read in a few. A
 * test makes it less. */
extern double reader_process_patience;

struct reader_process {
    int allocator; /* its file, which readers are started with; -1: there is none */
    struct helper_process helper;
    int filter_error;  /* errno: its system calls are not filtered; else 0 */
    double ended_cpu;  /* seconds of the readers that have ended */
    unsigned restarts; /* bounded */
    double waited;     /* seconds for answers, of all readers; bounded */
    struct reader_request request;
    struct reader_answer answer;
};

/* `allocator` is set. -1 with errno. Better called before there are threads or privileged
 * descriptors. */
int reader_process_start(struct reader_process *reader);
void reader_process_end(struct reader_process *reader);

/* Asks `request`, whose path is set; the answer is well-formed then: its names fit, its range holds
 * the offset. A reader that ends is asked a second time anew. False where there is no answer; `why`
 * says in one clause what became of the reader. */
bool reader_process_ask(struct reader_process *reader, char why[READER_WHY]);

/* Name `which` of the answer, not ended; NULL where it has none. */
const char *reader_answer_name(const struct reader_answer *answer, int which, size_t *bytes);

/* Processor time of all readers so far. */
double reader_process_cpu_seconds(const struct reader_process *reader);

#endif
