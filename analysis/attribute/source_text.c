/* SPDX-License-Identifier: MIT */
#include "source_text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "growing.h"

enum { FILE_BYTES_MAX = 4 << 20 };

struct source_file {
    const char *folder, *name; /* as they were told */
    char *text;                /* NULL: can't be read */
    char **lines;              /* in the text */
    size_t count, capacity;
};

struct source_texts {
    time_t built;
    bool are_newer;
    struct source_file *files;
    size_t count, capacity;
};

struct source_texts *source_texts_create(time_t built)
{
    struct source_texts *texts = calloc(1, sizeof *texts);
    if (texts)
        texts->built = built;
    return texts;
}

void source_texts_destroy(struct source_texts *texts)
{
    if (!texts)
        return;
    for (size_t i = 0; i < texts->count; i++) {
        free(texts->files[i].text);
        free(texts->files[i].lines);
    }
    free(texts->files);
    free(texts);
}

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

static bool path_of(const struct source_file *file, char *path, size_t bytes)
{
    const char *folder = file->name[0] == '/' ? "" : file->folder;
    if (!folder || (*folder && *folder != '/'))
        return false;
    return (size_t)snprintf(path, bytes, "%s%s%s", folder, *folder ? "/" : "", file->name) < bytes;
}

/* Only regular files: the path is what a library has told. */
static char *open_text(struct source_texts *texts, const struct source_file *file)
{
    struct stat status;
    char *text = NULL, path[PATH_MAX];
    int descriptor = path_of(file, path, sizeof path)
                         ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
                         : -1;
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size <= FILE_BYTES_MAX)
        text = read_text(descriptor, (size_t)status.st_size);
    texts->are_newer |= text && status.st_mtime > texts->built;
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

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const struct source_file *find_or_read(struct source_texts *texts, const char *folder,
                                              const char *name)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (is_same(texts->files[i].name, name) && is_same(texts->files[i].folder, folder))
            return &texts->files[i];
    }
    if (!growing_reserve(&texts->files, &texts->capacity, texts->count, sizeof *texts->files))
        return NULL;
    struct source_file *file = &texts->files[texts->count++];
    *file = (struct source_file){.folder = folder, .name = name};
    file->text = open_text(texts, file);
    split(file);
    return file;
}

const char *source_texts_line(struct source_texts *texts, const char *folder, const char *file,
                              int line)
{
    const struct source_file *found = line > 0 ? find_or_read(texts, folder, file) : NULL;
    return found && (size_t)line <= found->count ? found->lines[line - 1] : NULL;
}

bool source_texts_are_newer(const struct source_texts *texts)
{
    return texts->are_newer;
}
