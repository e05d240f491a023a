/* SPDX-License-Identifier: MIT */
#include "source_text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "growing.h"

enum { FILE_BYTES_MAX = 4 << 20 };

struct source_file {
    const char *path;
    time_t written;
    char *text;   /* NULL: can't be read */
    char **lines; /* in the text */
    size_t count, capacity;
};

/* NULL where it can't be had. */
static char *read_text(int descriptor, size_t bytes)
{
    char *text = calloc(1, bytes + 1);
    size_t used = 0;
    while (text && used < bytes) {
        ssize_t got = read(descriptor, text + used, bytes - used);
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    return text;
}

/* Only regular files: the path is what a library has told. */
static char *open_text(struct source_file *file)
{
    struct stat status;
    char *text = NULL;
    int descriptor = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size <= FILE_BYTES_MAX) {
        file->written = status.st_mtime;
        text = read_text(descriptor, (size_t)status.st_size);
    }
    close(descriptor);
    return text;
}

static char *trimmed(char *line)
{
    line += strspn(line, " \t");
    for (char *end = line + strlen(line); end > line && strchr(" \t\r", end[-1]); end--)
        end[-1] = '\0';
    for (char *c = line; *c; c++)
        *c = *c == '\t' ? ' ' : *c;
    return line;
}

static void split(struct source_file *file)
{
    char *line = file->text, *end;
    for (; line && *line; line = end ? end + 1 : NULL) {
        end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (!growing_reserve(&file->lines, &file->capacity, file->count, sizeof *file->lines))
            return;
        file->lines[file->count++] = trimmed(line);
    }
}

static const struct source_file *find_or_read(struct source_texts *texts, const char *path)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->files[i].path, path) == 0)
            return &texts->files[i];
    }
    if (!growing_reserve(&texts->files, &texts->capacity, texts->count, sizeof *texts->files))
        return NULL;
    struct source_file *file = &texts->files[texts->count++];
    *file = (struct source_file){.path = path};
    file->text = open_text(file);
    split(file);
    return file;
}

const char *source_texts_line(struct source_texts *texts, const char *path, uint64_t line,
                              time_t *written)
{
    const struct source_file *file = line > 0 ? find_or_read(texts, path) : NULL;
    if (!file || line > file->count)
        return NULL;
    *written = file->written;
    return file->lines[line - 1];
}

void source_texts_finish(struct source_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(texts->files[i].text);
        free(texts->files[i].lines);
    }
    free(texts->files);
    *texts = (struct source_texts){0};
}
