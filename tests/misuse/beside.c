/* SPDX-License-Identifier: MIT */
#include "beside.h"

#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CASES_MAX = 512, TEXT_BYTES = 128 * 1024 };

struct expectation *expected;

void *accuse(void *pointer)
{
    expected->pointer = pointer;
    return opaque(pointer);
}

void expect(void *pointer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected->line, sizeof expected->line, format, arguments);
    va_end(arguments);
    expected->pointer = pointer;
}

static void act(void *argument)
{
    const struct misuse_case *c = argument;
    c->act(c->size);
}

static bool is_as_promised(const struct child_end *end)
{
    size_t length = strlen(expected->line);
    return expected->pointer && child_accused(end, expected->pointer) &&
           (length == 0 ||
            (end->length == length + 1 && memcmp(end->text, expected->line, length) == 0));
}

/* One line: the case's number, whether it is as promised, how the child ended. */
static int print_answers(const struct misuse_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        memset(expected, 0, sizeof *expected);
        struct child_end end = child_run(act, (void *)&cases[i], 20);
        bool kept = is_as_promised(&end);
        printf("%zu\t%d\t%s\n", i, kept, child_describe(&end));
        if (!kept && under_hakmem())
            fprintf(stderr, "%s (%zu bytes)\n  expected %s\n  found    %s\n", cases[i].name,
                    cases[i].size,
                    expected->line[0] ? expected->line : "any line that names the pointer",
                    end.text);
        fflush(stdout);
    }
    return 0;
}

struct answer {
    bool kept;
    char *text;
};

/* Runs this program with --answers, with or without the preload. */
static bool ask(const char *self, const char *library, char *text, struct answer *answers,
                size_t count)
{
    char command[4096];
    const char *slash = library ? strrchr(library, '/') : NULL;
    if (library)
        /* By name and folder: LD_PRELOAD parts its list at spaces, LD_LIBRARY_PATH does not. */
        snprintf(
            command, sizeof command,
            "LD_LIBRARY_PATH='%.*s' LD_PRELOAD='%s' HAKMEM_TEST_EXPECT=hakmem exec '%s' --answers",
            slash ? (int)(slash - library) : 1, slash ? library : ".", slash ? slash + 1 : library,
            self);
    else
        snprintf(command, sizeof command,
                 "unset LD_PRELOAD HAKMEM_TEST_EXPECT; MALLOC_PERTURB_=0 exec '%s' --answers",
                 self);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return false;
    text[fread(text, 1, TEXT_BYTES - 1, pipe)] = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *tab = strchr(line, '\t'), *second = tab ? strchr(tab + 1, '\t') : NULL;
        size_t index = strtoul(line, NULL, 10);
        if (second && index < count)
            answers[index] = (struct answer){tab[1] == '1', second + 1};
    }
    return pclose(pipe) == 0;
}

/* glibc's answer without its numbers, as wide as the column. */
static const char *shortened(const char *text)
{
    return text ? strncmp(text, "exit 0: (silent)", 16) == 0 ? "(silent)" : text : "(none)";
}

static int print_table(char **argv, const struct misuse_case *cases, size_t count)
{
    static char texts[2][TEXT_BYTES];
    static struct answer glibc[CASES_MAX], ours[CASES_MAX];
    if (!ask(argv[0], NULL, texts[0], glibc, count)) {
        fprintf(stderr, "%s: the control run on glibc failed\n", argv[0]);
        return 2;
    }
    promise(ask(argv[0], argv[1], texts[1], ours, count), "all cases run under %s", argv[1]);
    note("%-46s %6s  %-7s %s", "case", "bytes", "hakmem", "glibc");
    size_t silent = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        promise(ours[i].kept, "%-46s %6zu  %-7s %.60s", cases[i].name, cases[i].size,
                ours[i].kept ? "by name" : "NO", shortened(glibc[i].text));
        kept += ours[i].kept;
        silent += !glibc[i].text || strncmp(glibc[i].text, "exit 0", 6) == 0;
    }
    note("hakmem stopped %zu of %zu by name; glibc was silent in %zu", kept, count, silent);
    return promises_end();
}

int beside_main(int argc, char **argv, const struct misuse_case *cases, size_t count)
{
    expected =
        mmap(NULL, sizeof *expected, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (expected == MAP_FAILED || count > CASES_MAX || argc > 2)
        return 2;
    if (argc == 2 && strcmp(argv[1], "--answers") == 0)
        return print_answers(cases, count);
    if (argc == 2)
        return print_table(argv, cases, count);
    if (!under_hakmem())
        return 2;
    size_t broken = 0;
    for (size_t i = 0; i < count; i++) {
        memset(expected, 0, sizeof *expected);
        struct child_end end = child_run(act, (void *)&cases[i], 20);
        bool kept = is_as_promised(&end);
        broken += !kept;
        if (!kept)
            note("%s (%zu bytes): %s", cases[i].name, cases[i].size, child_describe(&end));
    }
    promise(broken == 0, "%zu of %zu cases stopped by the line that is promised", count - broken,
            count);
    return promises_end();
}
