/* SPDX-License-Identifier: MIT */
#include "compare_suite_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"

enum { WORDS_MAX = 64 };

static const char blanks[] = " \t\r\n";

/* Where the reader stands. */
struct place {
    const char *path;
    int folder_length; /* of the path, with its last slash */
    unsigned line;
};

__attribute__((format(printf, 2, 3))) static int wrong(const struct place *place,
                                                       const char *format, ...)
{
    char why[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    complain("compare: %s:%u: %s", place->path, place->line, why);
    return EXIT_USAGE;
}

static int out_of_memory(void)
{
    complain("compare: %s", strerror(ENOMEM));
    return EXIT_TOOL_FAILED;
}

static int check_name(const struct place *place, const struct suite_file *file, const char *name)
{
    for (const char *c = name; *c; c++) {
        if (!isalnum((unsigned char)*c) && !strchr("_-.:+", *c))
            return wrong(place, "%s: a name has letters, digits and _ - . : + only", name);
    }
    if (strlen(name) > SUITE_NAME_MAX)
        return wrong(place, "%s: a name of more than %d characters", name, SUITE_NAME_MAX);
    for (size_t i = 0; i < file->count; i++) {
        if (strcmp(file->workloads[i].name, name) == 0)
            return wrong(place, "%s: this name was there before", name);
    }
    return 0;
}

/* The caller's; NULL without memory. */
static char *beside(const struct place *place, const char *name)
{
    char *path;
    bool is_absolute = *name == '/';
    if (asprintf(&path, "%.*s%s", is_absolute ? 0 : place->folder_length, place->path, name) < 0)
        return NULL;
    return path;
}

static int check_program(const struct place *place, const char *program)
{
    struct stat status;
    if (stat(program, &status) != 0 || access(program, X_OK) != 0)
        return wrong(place, "%s: %s", program, strerror(errno));
    return S_ISREG(status.st_mode) ? 0 : wrong(place, "%s: not a program", program);
}

static int take_command(const struct place *place, struct suite_workload *workload, char *rest)
{
    size_t count = 0;
    workload->command = calloc(WORDS_MAX + 1, sizeof *workload->command);
    if (!workload->command)
        return out_of_memory();
    for (char *word; (word = strtok_r(NULL, blanks, &rest)) != NULL; count++) {
        bool is_file = count > 0 && *word == '@';
        if (count == WORDS_MAX)
            return wrong(place, "more than %d words", WORDS_MAX);
        char **kept = &workload->command[count];
        *kept = count == 0 || is_file ? beside(place, word + is_file) : strdup(word);
        if (!*kept)
            return out_of_memory();
        if (is_file && access(*kept, R_OK) != 0 && !workload->skipped[0])
            snprintf(workload->skipped, sizeof workload->skipped, "%.200s: %s", word + 1,
                     strerror(errno));
    }
    return count ? 0 : wrong(place, "%s: the program is missing", workload->name);
}

static struct suite_workload *add(struct suite_file *file)
{
    if (file->count == file->capacity) {
        size_t more = file->capacity ? 2 * file->capacity : 32;
        void *grown = realloc(file->workloads, more * sizeof *file->workloads);
        if (!grown)
            return NULL;
        file->workloads = grown;
        file->capacity = more;
    }
    struct suite_workload *workload = &file->workloads[file->count++];
    *workload = (struct suite_workload){.command = NULL};
    return workload;
}

static void drop(struct suite_workload *workload)
{
    for (char **word = workload->command; word && *word; word++)
        free(*word);
    free(workload->command);
}

static int take_line(const struct place *place, struct suite_file *file, char *line,
                     const regex_t *only)
{
    char *rest, *comment = strchr(line, '#');
    if (comment)
        *comment = '\0';
    char *name = strtok_r(line, blanks, &rest);
    if (!name)
        return 0;
    int error = check_name(place, file, name);
    if (error)
        return error;
    struct suite_workload *workload = add(file);
    if (!workload)
        return out_of_memory();
    strcpy(workload->name, name);
    error = take_command(place, workload, rest);
    if (!error && only && regexec(only, name, 0, NULL, 0) != 0)
        drop(&file->workloads[--file->count]);
    else if (!error)
        error = check_program(place, workload->command[0]);
    return error;
}

static int read_lines(struct suite_file *file, FILE *stream, struct place *place,
                      const regex_t *only)
{
    char *line = NULL;
    size_t bytes = 0;
    int error = 0;
    for (ssize_t length; !error && (length = getline(&line, &bytes, stream)) >= 0;) {
        place->line++;
        error = strlen(line) == (size_t)length ? take_line(place, file, line, only)
                                               : wrong(place, "not text");
    }
    if (!error && ferror(stream)) {
        complain("compare: %s: %s", place->path, strerror(errno));
        error = EXIT_USAGE;
    }
    free(line);
    return error;
}

int suite_file_read(struct suite_file *file, const char *path, const regex_t *only)
{
    const char *slash = strrchr(path, '/');
    struct place place = {.path = path, .folder_length = slash ? (int)(slash - path) + 1 : 0};
    FILE *stream = fopen(path, "re");
    if (!stream) {
        complain("compare: %s: %s; --suite=FILE or HAKMEM_BENCH, the folder of suite.txt, names "
                 "another",
                 path, strerror(errno));
        return EXIT_USAGE;
    }
    int error = read_lines(file, stream, &place, only);
    fclose(stream);
    if (!error && file->count == 0) {
        complain("compare: %s: no workload%s", path, only ? " whose name matches --only" : "");
        error = EXIT_USAGE;
    }
    return error;
}

void suite_file_finish(struct suite_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        drop(&file->workloads[i]);
    free(file->workloads);
    *file = (struct suite_file){NULL, 0, 0};
}
