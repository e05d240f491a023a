/* SPDX-License-Identifier: MIT */
/* Words are made one by one and joined into lines; a window of lines is kept, and the oldest line
 * is taken apart again. */
#include <stdlib.h>
#include <string.h>

#include "crew.h"

enum { THREADS, LINES, WORDS, WINDOW, SEED, OPTIONS };
enum { WORDS_MAX = 256, LONGEST_WORD = 20 };

static char *make_word(uint64_t random)
{
    size_t length = 1 + workload_below(random, LONGEST_WORD);
    char *word = malloc(length + 1);
    if (word) {
        memset(word, 'a' + (int)(random % 26), length);
        word[length] = '\0';
    }
    return word;
}

static char *join(char **words, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += strlen(words[i]) + 1;
    char *line = malloc(length), *end = line;
    for (size_t i = 0; line && i < count; i++) {
        end = stpcpy(end, words[i]);
        *end++ = i + 1 < count ? ' ' : '\0';
    }
    return line;
}

static char *make_line(size_t count, uint64_t *random)
{
    char *words[WORDS_MAX], *line = NULL;
    size_t made = 0;
    while (made < count && (words[made] = make_word(workload_random(random))) != NULL)
        made++;
    if (made == count)
        line = join(words, count);
    for (size_t i = 0; i < made; i++)
        free(words[i]);
    return line;
}

/* False: memory ran out. */
static bool take_apart(char *line, uint64_t *sum, uint64_t *copies)
{
    bool done = true;
    for (char *rest = line, *word; done && (word = strsep(&rest, " ")) != NULL; ++*copies) {
        char *copy = strdup(word);
        done = copy != NULL;
        if (done)
            *sum = *sum * 31 + strlen(copy) + (uint64_t)(unsigned char)copy[0];
        free(copy);
    }
    free(line);
    return done;
}

static bool work(struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    size_t bytes = numbers[WINDOW] * sizeof(char *);
    char **window = workload_map(bytes);
    uint64_t random = workload_stream(numbers[SEED], member->index), copies = 0;
    bool done = window != NULL;
    for (uint64_t i = 0; done && i < numbers[LINES]; i++) {
        char **place = &window[i % numbers[WINDOW]], *oldest = *place;
        *place = make_line(1 + workload_below(workload_random(&random), numbers[WORDS]), &random);
        done = *place != NULL;
        if (oldest)
            done = take_apart(oldest, &member->checksum, &copies) && done;
    }
    for (uint64_t i = 0; window && i < numbers[WINDOW]; i++)
        if (window[i])
            done = take_apart(window[i], &member->checksum, &copies) && done;
    workload_unmap(window, bytes);
    /* A word is allocated and freed twice, a line once. */
    member->operations = 4 * copies + 2 * numbers[LINES];
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "strings",
        .summary = "Words are joined into lines, and lines taken apart into words.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [LINES] = {"lines", "lines, a thread", 1, 1ull << 40, 400000},
                    [WORDS] = {"words", "of the longest line", 1, WORDS_MAX, 40},
                    [WINDOW] = {"window", "lines kept", 1, 1u << 30, 1000},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
