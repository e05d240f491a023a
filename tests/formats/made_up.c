/* SPDX-License-Identifier: MIT */
/*
 * Stacks that no program has, in every format: hostile names, a range that is another's, values
 * up to the greatest.
 *   formats_made_up FOLDER
 */
#include <stdio.h>
#include <string.h>

#include "report/formats/collapsed.h"
#include "report/formats/pprof.h"
#include "report/formats/speedscope.h"

/* made_up.py has the same list, and what is to become of them. */
static const char *const names[] = {
    "plain",
    "a;b c",
    "new\nline\r\t",
    "quote\"back\\slash'",
    "\xff\xfe not UTF-8",
    "\xc0\xaf",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    ("\xc2\x9b"
     "31m"),
    "\x1b[31mred\x07\x7f",
    "n\xc3\xa4me",
    "\xe2\x80\xa8ls",
    "\xf0\x9f\x92\xa9",
    "cut \xe2\x82",
    " 12",
    "</script>",
    "%s%n",
};
enum { NAMES = sizeof names / sizeof names[0], LONG = 10000, DEEP = 500 };

static const struct stacks_type types[] = {{"time", "nanoseconds"}, {"alloc_space", "bytes"}};

static void add_line(struct stacks *stacks, const char *name, const char *file, int line)
{
    stacks_add_line(stacks, &(struct stacks_line){name, file, line});
}

static void fill(struct stacks *stacks)
{
    static char text[LONG + 1];
    const struct stacks_module module = {"/bin/\x1b;\"odd\xff", "00ff", 0x1000, 0x2000, 0x400},
                               other = {"/lib/other", NULL, 0x1800, 0x2800, 0};
    int first = stacks_add_module(stacks, &module), second = stacks_add_module(stacks, &other);
    memset(text, 'x', LONG);
    for (int i = 0; i < NAMES; i++) {
        size_t place = stacks_add_place(stacks, i % 2 ? first : second, 0x400 + (uint64_t)i);
        add_line(stacks, names[i], "file\n;\"\xff.c", i + 1);
        add_line(stacks, "outer", NULL, 0);
        stacks_add_path(stacks, &place, 1, (const int64_t[]){i + 1, i % 3});
    }
    size_t place = stacks_add_place(stacks, STACKS_NO_MODULE, 0);
    add_line(stacks, text, NULL, 0);
    stacks_add_path(stacks, &place, 1, (const int64_t[]){0, INT64_C(1) << 52});
    /* Longer than any piece that is written at once. */
    size_t many[DEEP];
    for (size_t i = 0; i < DEEP; i++)
        many[i] = i % NAMES;
    stacks_add_path(stacks, many, DEEP, (const int64_t[]){7, 0});
}

static int write_one(const char *folder, const char *name, const struct stacks *stacks,
                     int (*print)(const struct stacks *stacks, FILE *stream))
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "w");
    if (!stream || print(stacks, stream) != 0 || fclose(stream) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

static int print_collapsed(const struct stacks *stacks, FILE *stream)
{
    return collapsed_print(stacks, 0, stream);
}

int main(int argc, char **argv)
{
    char *command[] = {"odd\x1b[1m;command", "with\nwords", NULL};
    struct stacks stacks = {.command = command,
                            .types = types,
                            .type_count = 2,
                            .shown = 1,
                            .period = 1,
                            .began_ns = 1,
                            .lasted_ns = 2};
    if (argc != 2)
        return 2;
    if (pprof_obstacle()) {
        puts(pprof_obstacle());
        return 77;
    }
    fill(&stacks);
    int failed = stacks.no_memory || write_one(argv[1], "pprof", &stacks, pprof_print) ||
                 write_one(argv[1], "collapsed", &stacks, print_collapsed) ||
                 write_one(argv[1], "speedscope", &stacks, speedscope_print);
    stacks_finish(&stacks);
    return failed;
}
