/* SPDX-License-Identifier: MIT */
/*
 * Every answer that users rely on, asked of glibc and of hakmem, side by side.
 *
 *     api_probe LIBHAKMEM    asks both, prints the table, fails where hakmem breaks a promise
 *     api_probe --answers    asks the malloc it runs on, prints "case <tab> answer"
 *
 * Each case runs in a child, so one that crashes is an answer like any other.
 */
#include "api_cases.h"
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct api_case *const lists[] = {api_surface, api_blocks, api_refusals, api_reports};

enum { LISTS = sizeof lists / sizeof lists[0], CASES_MAX = 256, TEXT_BYTES = 64 * 1024 };

static const struct api_case *cases[CASES_MAX];
static unsigned case_count;

static void gather_cases(void)
{
    for (unsigned i = 0; i < LISTS; i++)
        for (const struct api_case *c = lists[i]; c->name && case_count < CASES_MAX; c++)
            cases[case_count++] = c;
}

static void ask_one(void *argument)
{
    const struct api_case *c = argument;
    char answer[API_ANSWER_BYTES] = "no answer";
    c->ask(answer, c->word);
    ssize_t ignored = write(STDERR_FILENO, answer, strlen(answer));
    (void)ignored;
}

static int print_answers(void)
{
    under_hakmem();
    for (unsigned i = 0; i < case_count; i++) {
        struct child_end end = child_run(ask_one, (void *)cases[i], 20);
        bool fine = end.exit_status == 0;
        printf("%u\t%s\n", i, fine ? end.text : child_describe(&end));
        fflush(stdout);
    }
    return 0;
}

/* Runs this program with --answers and the given preload; the answers by case, 0-terminated. */
static bool answers_with(char *self, const char *library, char *text, char **answers)
{
    char command[4096];
    if (library) {
        /* By name and folder: LD_PRELOAD parts its list at spaces, LD_LIBRARY_PATH does not. */
        const char *slash = strrchr(library, '/');
        int folder = slash ? (int)(slash - library) : 1;
        snprintf(command, sizeof command,
                 "LD_LIBRARY_PATH='%.*s' LD_PRELOAD='%s' HAKMEM_TEST_EXPECT=hakmem exec "
                 "$HAKMEM_TEST_RUNNER '%s' --answers",
                 folder, slash ? library : ".", slash ? slash + 1 : library, self);
    } else {
        snprintf(command, sizeof command,
                 "unset LD_PRELOAD; exec $HAKMEM_TEST_RUNNER '%s' --answers", self);
    }
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return false;
    size_t length = fread(text, 1, TEXT_BYTES - 1, pipe);
    text[length] = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        unsigned index = (unsigned)strtoul(line, NULL, 10);
        char *tab = strchr(line, '\t');
        if (tab && index < case_count)
            answers[index] = tab + 1;
    }
    return pclose(pipe) == 0;
}

/* `promise` is a list of alternatives parted by |. */
static bool promised(const char *answer, const char *alternatives)
{
    size_t length = strlen(answer);
    for (const char *start = alternatives; start; start = strchr(start, '|')) {
        start += *start == '|';
        if (strncmp(start, answer, length) == 0 && (start[length] == 0 || start[length] == '|'))
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    static char texts[2][TEXT_BYTES];
    static char *glibc[CASES_MAX], *ours[CASES_MAX];
    gather_cases();
    if (argc == 2 && strcmp(argv[1], "--answers") == 0)
        return print_answers();
    if (argc != 2) {
        fprintf(stderr, "usage: api_probe LIBHAKMEM | --answers\n");
        return 2;
    }
    if (!answers_with(argv[0], NULL, texts[0], glibc)) {
        fprintf(stderr, "api_probe: the control run on glibc failed\n");
        return 2;
    }
    promise(answers_with(argv[0], argv[1], texts[1], ours), "all cases run under %s", argv[1]);
    note("%-44s %-28s %-28s", "case", "glibc", "hakmem");
    for (unsigned i = 0; i < case_count; i++) {
        const char *left = glibc[i] ? glibc[i] : "(none)", *right = ours[i] ? ours[i] : "(none)";
        if (!promise(promised(right, cases[i]->promise), "%-44s %-28s %-28s", cases[i]->name, left,
                     right))
            note("    promised: %s", cases[i]->promise);
    }
    return promises_end();
}
