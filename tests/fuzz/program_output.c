/* SPDX-License-Identifier: MIT */
/*
 * What a program printed, in which compare looks for its figure and its memory:
 * commands/compare_outcome.
 *
 *     status | output
 *
 * The program's run is this file's.
 */
#include <math.h>

#include "commands/compare_outcome.h"
#include "fuzz.h"

static const struct fuzz_input *printed;
static unsigned status;

int compare_process_run(struct compare_process *process, char *const *command, const char *preload,
                        size_t padding, struct compare_end *end)
{
    static const int ends[] = {0, 0, 0, 0, 0, 1 << 8, 11, 255 << 8};
    *end = (struct compare_end){.status = ends[status % 8], .seconds = 1};
    process->output.bytes = fuzz_text(printed);
    process->tail.bytes = fuzz_text(printed);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    struct compare_options options = {.metric = "([0-9.]+) M ops/s"};
    struct compare_process process = {.core = -1};
    struct compare_run runs[2];
    struct compare_row row = {.library = "/lib/a", .runs = runs};
    static char *command[] = {NULL};
    status = fuzz_take_byte(&input);
    printed = &input;
    options.expected = status & 8 ? "sum" : NULL;
    fuzz_check(regcomp(&options.pattern, options.metric, REG_EXTENDED) == 0);
    fuzz_check(compare_outcome_of_run(&options, &process, command, NULL,
                                      (struct compare_run){.round = 1}, &row) == 0);
    fuzz_check((row.run_count == 1) == !row.failure[0]);
    fuzz_check(!row.run_count || (isfinite(runs[0].figure) && runs[0].figure > 0));
    fuzz_check(!row.last_output == !row.failure[0]);
    free(row.last_output);
    free(process.output.bytes);
    free(process.tail.bytes);
    regfree(&options.pattern);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    fuzz_keep_text(keep, "usual",
                   "\1name: 140.10 M ops/s  1.4 s\nRSS 5 MB  then 2.3 MB of which 1.5 MB live\n");
    fuzz_keep_text(keep, "several",
                   "\1 1 M ops/s\n2.5 M ops/s\n  then   then 1e400 MB of which nan MB live");
    fuzz_keep_text(keep, "none", "\1 0 M ops/s\n");
    fuzz_keep_text(keep, "odd", "\1 1.2.3 M ops/s ... M ops/s\n");
    fuzz_keep_text(keep, "expected", "\011sum\n9 M ops/s\n");
    fuzz_keep_text(keep, "not_expected", "\011 9 M ops/s\n");
    fuzz_keep_text(keep, "refused", "\1ERROR: ld.so: object '/lib/a'\n9 M ops/s\n");
    fuzz_keep_text(keep, "failed", "\5\033[2J\n");
    fuzz_keep_text(keep, "killed", "\6\n");
}
