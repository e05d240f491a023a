/* SPDX-License-Identifier: MIT */
#include "ablate_save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ablate_save_lines.h"
#include "commands.h"

static int failed(const struct ablate_save *save)
{
    complain("%s: %s", save->path, strerror(errno));
    return EXIT_TOOL_FAILED;
}

static int refuse(const struct ablate_save *save, const char *why)
{
    complain("ablate: --save %s: %s", save->path, why);
    return EXIT_USAGE;
}

/* Whatever stood behind it was cut off. */
static int end_at(struct ablate_save *save, off_t bytes)
{
    return fseeko(save->stream, bytes, SEEK_SET) == 0 && ftruncate(fileno(save->stream), bytes) == 0
               ? 0
               : failed(save);
}

static int write_line(struct ablate_save *save, const char *line)
{
    if (fputs(line, save->stream) == EOF || fflush(save->stream) != 0)
        return failed(save);
    return 0;
}

/* The file's first line is `first`, which has no end where it was cut off. */
static int take_first(struct ablate_save *save, const char *own, const char *first)
{
    char why[128];
    size_t length = strlen(first);
    if (strcmp(own, first) == 0)
        return 0;
    if (strncmp(own, first, length) == 0) {
        int error = end_at(save, 0);
        return error ? error : write_line(save, own);
    }
    ablate_save_difference(own, first, why, sizeof why);
    return refuse(save, why);
}

static int take_runs(struct ablate_save *save, struct ablate_report *report)
{
    char *line = NULL, why[64];
    size_t room = 0, number = 1;
    off_t end = ftello(save->stream);
    ssize_t length;
    int error = 0;
    while (!error && (length = getline(&line, &room, save->stream)) > 0) {
        number++;
        if (line[length - 1] != '\n')
            break;
        if (!ablate_save_take_run(line, report)) {
            snprintf(why, sizeof why, "line %zu is no run of this experiment", number);
            error = refuse(save, why);
        }
        save->runs++;
        end += length;
    }
    free(line);
    return error ? error : end_at(save, end);
}

static int take_file(struct ablate_save *save, struct ablate_report *report)
{
    char *own = ablate_save_description(report), *first = NULL;
    size_t room = 0;
    int error = 0;
    if (!own)
        return failed(save);
    if (getline(&first, &room, save->stream) > 0)
        error = take_first(save, own, first);
    else
        error = write_line(save, own);
    if (!error)
        error = take_runs(save, report);
    free(first);
    free(own);
    return error;
}

int ablate_save_open(struct ablate_save *save, const char *path, struct ablate_report *report)
{
    struct stat status;
    *save = (struct ablate_save){.path = path};
    if (!path)
        return 0;
    save->is_new = access(path, F_OK) != 0;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    save->stream = file >= 0 ? fdopen(file, "r+") : NULL;
    if (!save->stream) {
        int error = errno;
        if (file >= 0)
            close(file);
        errno = error;
        return failed(save);
    }
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return refuse(save, "not a regular file");
    if (flock(file, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? refuse(save, "another hakmem-trace is at it") : failed(save);
    return take_file(save, report);
}

int ablate_save_run(struct ablate_save *save, const struct ablate_report *report, size_t row)
{
    if (!save->path)
        return 0;
    char *line = ablate_save_run_line(report, row);
    int error = line ? write_line(save, line) : failed(save);
    free(line);
    save->runs++;
    return error;
}

void ablate_save_close(struct ablate_save *save)
{
    if (!save->stream)
        return;
    if (save->is_new && !save->runs)
        unlink(save->path);
    fclose(save->stream);
    save->stream = NULL;
}
