/* SPDX-License-Identifier: MIT */
/* The list of a suite's workloads: commands/compare_suite_file. The input is the file. */
#include <regex.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/compare_suite_file.h"
#include "fuzz.h"
#include "world.h"

static unsigned complaints;

/* Counted instead of printed. */
void complain(const char *format, ...)
{
    complaints++;
}

static int read_file(const char *path, const regex_t *only)
{
    struct suite_file suite = {NULL, 0, 0};
    complaints = 0;
    int error = suite_file_read(&suite, path, only);
    fuzz_check(error ? complaints == 1 : complaints == 0 && suite.count > 0);
    for (size_t i = 0; !error && i < suite.count; i++) {
        fuzz_check(suite.workloads[i].name[0] && suite.workloads[i].command[0]);
        fuzz_check(strlen(suite.workloads[i].name) <= SUITE_NAME_MAX);
    }
    suite_file_finish(&suite);
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    regex_t only;
    int file = world_file(bytes, count, 0);
    read_file(world_path(file), NULL);
    fuzz_check(regcomp(&only, "^b", REG_EXTENDED | REG_NOSUB) == 0);
    read_file(world_path(file), &only);
    regfree(&only);
    close(file);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    char many[4096];
    fuzz_keep_text(keep, "whole",
                   "# a list\n\na /bin/true 1 2 3\nb_2 /bin/sh @/etc/passwd @/nosuch @/none # x\n"
                   "b-3\t/bin/true\r\n");
    fuzz_keep_text(keep, "odd_name", "a\033b /bin/true\n");
    fuzz_keep_text(keep, "long_name", "a12345678901234567 /bin/true\n");
    fuzz_keep_text(keep, "twice", "a /bin/true\na /bin/true\n");
    fuzz_keep_text(keep, "no_program", "a\n");
    fuzz_keep_text(keep, "no_such_program", "a nosuch\n");
    fuzz_keep_text(keep, "folder", "a /tmp\n");
    fuzz_keep_text(keep, "empty", "\n#\n");
    keep("zero", "a /bin/true \0\n", 14);
    strcpy(many, "a /bin/true");
    for (int i = 0; i < 70; i++)
        strcat(many, " w");
    fuzz_keep_text(keep, "many_words", many);
    many[0] = '\0';
    for (int i = 0; i < 40; i++)
        sprintf(many + strlen(many), "b%d /bin/true\n", i);
    fuzz_keep_text(keep, "many_lines", many);
}
