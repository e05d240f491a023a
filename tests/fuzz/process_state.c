/* SPDX-License-Identifier: MIT */
/* A line of /proc/PID/stat, in which stands the name that the process gave itself:
 * collect/process_state. The input is the line. */
#include "collect/process_state.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const struct fuzz_input input = {bytes, count};
    struct process_state state;
    char *text = fuzz_text(&input);
    if (process_state_parse(text, &state))
        fuzz_check(state.user_s >= 0 && state.system_s >= 0);
    free(text);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    fuzz_keep_text(keep, "usual",
                   "4242 (a name) S 1 4242 4242 0 -1 4194304 1000 20 3 0 12 34 0 0 20 0 2 0 987654 "
                   "10000000 2500 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n");
    fuzz_keep_text(
        keep, "odd_name",
        "7 (x) R 1 (\033[2J) Z 1 4242 4242 0 -1 2097152 1000 20 3 0 12 34 0 0 20 0 2 0 98 1 "
        "18446744073709551616 1\n");
    fuzz_keep_text(keep, "no_name", "7 S 1 2 3 4 5 6\n");
    fuzz_keep_text(keep, "cut", "4242 (a) S 1 4242 4242 0 -1 41943");
}
