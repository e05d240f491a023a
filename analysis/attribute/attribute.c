/* SPDX-License-Identifier: MIT */
#include "attribute.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute_state.h"
#include "lens.h"

static void note(struct attributor *attributor, const char *path, const char *why)
{
    char **text = &attributor->notes[attributor->note_count];
    if (attributor->note_count < ATTRIBUTOR_NOTES_MOST &&
        asprintf(text, "symbols of %s can't be read: %s", path, why) >= 0)
        attributor->note_count++;
}

/* Only whole paths: "[vdso]" or "//anon" are no files. */
static bool set_path(struct reader_request *request, const char *path)
{
    size_t bytes = strlen(path) + 1;
    if (path[0] != '/' || bytes > sizeof request->path)
        return false;
    memcpy(request->path, path, bytes);
    return true;
}

int attributor_ask(struct attributor *attributor, const struct mapped_file *file,
                   enum reader_question question, uint64_t offset)
{
    char why[READER_WHY];
    struct reader_request *request = &attributor->reader.request;
    request->question = question;
    request->is_allocator = file->is_allocator;
    request->offset = offset;
    if (!set_path(request, file->path))
        return ENOEXEC;
    if (reader_process_ask(&attributor->reader, why))
        return attributor->reader.answer.error;
    note(attributor, file->path, why);
    return -1;
}

/* A link of /proc leads to files that have no path from here: then it is the path. */
static bool leads_to(const char *path, const struct stat *wanted)
{
    struct stat status;
    return path && stat(path, &status) == 0 && status.st_dev == wanted->st_dev &&
           status.st_ino == wanted->st_ino;
}

/* Names the allocator's file and opens it, for the reader: with rights that are to be given up. */
static int open_allocator(struct attributor *attributor, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return -1;
    char *real = realpath(path, NULL);
    const char *pooled = name_pool_copy(&attributor->names, leads_to(real, &status) ? real : path);
    free(real);
    attributor->allocator = pooled ? mapped_file_create(pooled, true) : NULL;
    if (!attributor->allocator)
        return -1;
    attributor->device = status.st_dev;
    attributor->inode = status.st_ino;
    attributor->bytes = (uint64_t)status.st_size;
    attributor->reader.allocator = open(pooled, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (attributor->reader.allocator >= 0)
        return 0;
    attributor->allocator->is_unreadable = true;
    if (errno != EACCES) /* the program may have it all the same */
        return -1;
    note(attributor, pooled, strerror(errno));
    return 0;
}

static int read_allocator(struct attributor *attributor)
{
    struct mapped_file *allocator = attributor->allocator;
    if (!allocator || allocator->is_unreadable)
        return 0;
    int error = attributor_ask(attributor, allocator, READER_FILE, 0);
    allocator->is_unreadable = error != 0;
    const struct reader_answer *told = &attributor->reader.answer;
    if (!error) {
        attributor->has_debug_information = told->has_debug_information;
        attributor->lens = lens_numbered(told->lens);
        attributor->is_untold = told->is_untold;
    }
    errno = error > 0 ? error : 0;
    return error > 0 ? -1 : 0;
}

static int start(struct attributor *attributor, const char *allocator)
{
    attributor->reader.allocator = -1;
    if (allocator && open_allocator(attributor, allocator) != 0)
        return -1;
    if (reader_process_start(&attributor->reader) != 0)
        return -1;
    if (attributor->reader.filter_error &&
        asprintf(&attributor->notes[attributor->note_count],
                 "the reader of symbols is confined less than it should be: no seccomp filter "
                 "(CONFIG_SECCOMP_FILTER): %s",
                 strerror(attributor->reader.filter_error)) >= 0)
        attributor->note_count++;
    return read_allocator(attributor);
}

struct attributor *attributor_create(const char *allocator)
{
    struct attributor *attributor = calloc(1, sizeof *attributor);
    if (!attributor)
        return NULL;
    if (start(attributor, allocator) != 0) {
        int error = errno;
        attributor_destroy(attributor);
        errno = error;
        return NULL;
    }
    return attributor;
}

void attributor_destroy(struct attributor *attributor)
{
    if (!attributor)
        return;
    reader_process_end(&attributor->reader);
    if (attributor->reader.allocator >= 0)
        close(attributor->reader.allocator);
    address_spaces_finish(&attributor->spaces);
    for (size_t i = 0; i < attributor->paths.bucket_count; i++) {
        for (struct pooled_name *name = attributor->paths.buckets[i]; name; name = name->next) {
            if (name->value != attributor->allocator)
                mapped_file_destroy(name->value);
        }
    }
    mapped_file_destroy(attributor->allocator);
    name_pool_finish(&attributor->paths);
    name_pool_finish(&attributor->names);
    for (size_t i = 0; i < attributor->note_count; i++)
        free(attributor->notes[i]);
    free(attributor);
}

bool attributor_is_allocator_file(const struct attributor *attributor, const char *path)
{
    const struct stat allocator = {.st_dev = attributor->device, .st_ino = attributor->inode};
    return attributor->allocator &&
           (strcmp(path, attributor->allocator->path) == 0 || leads_to(path, &allocator));
}

/* The kernel marks a file that was removed while it was mapped. What stands at its path now is
 * another file; only the allocator, which was read before, is still known. */
static bool is_removed_allocator(const struct attributor *attributor, const char *path)
{
    if (!attributor->allocator)
        return false;
    const char *real = attributor->allocator->path;
    size_t length = strlen(real);
    return strncmp(path, real, length) == 0 && strcmp(path + length, " (deleted)") == 0;
}

static struct mapped_file *file_at(struct attributor *attributor, const char *path)
{
    struct pooled_name *name = name_pool_entry(&attributor->paths, path);
    if (!name)
        return NULL;
    if (!name->value) {
        bool is_allocator = is_removed_allocator(attributor, path) ||
                            attributor_is_allocator_file(attributor, path);
        name->value = is_allocator ? attributor->allocator : mapped_file_create(name->text, false);
    }
    return name->value;
}

int attributor_name(struct attributor *attributor, const char *path)
{
    struct pooled_name *name = name_pool_entry(&attributor->paths, path);
    if (!name) {
        errno = ENOMEM;
        return -1;
    }
    name->value = attributor->allocator;
    return 0;
}

int attributor_map(struct attributor *attributor, pid_t pid, uint64_t start, uint64_t length,
                   uint64_t offset, const char *path)
{
    if (length == 0 || start > UINT64_MAX - length) {
        errno = EINVAL;
        return -1;
    }
    struct mapped_file *file = file_at(attributor, path ? path : "");
    if (!file) {
        errno = ENOMEM;
        return -1;
    }
    struct mapping mapping = {start, start + length, offset, file};
    return address_spaces_map(&attributor->spaces, pid, &mapping);
}

void attributor_fork(struct attributor *attributor, pid_t parent, pid_t child)
{
    address_spaces_fork(&attributor->spaces, parent, child);
}

void attributor_exec(struct attributor *attributor, pid_t pid)
{
    address_spaces_clear(&attributor->spaces, pid);
}

const char *attributor_pooled_name(struct attributor *attributor, int which)
{
    size_t bytes;
    char text[READER_NAME_MOST + 1];
    const char *name = reader_answer_name(&attributor->reader.answer, which, &bytes);
    if (!name)
        return NULL;
    memcpy(text, name, bytes);
    text[bytes] = '\0';
    return name_pool_copy(&attributor->names, text);
}

static void describe_allocators_code(struct attributor *attributor, struct attribution *code)
{
    const struct reader_answer *told = &attributor->reader.answer;
    const char *source = attributor_pooled_name(attributor, READER_SOURCE);
    code->domain = ATTRIBUTED_ALLOCATOR;
    code->source = source && *source ? source : "allocator";
    code->is_factor = told->is_factor;
    code->step = told->step < LENS_STEPS ? lens_step_names[told->step] : NULL;
    code->file = attributor_pooled_name(attributor, READER_SOURCE_FILE);
    code->line = told->line;
    code->row_file = attributor_pooled_name(attributor, READER_ROW_FILE);
    code->row_folder = attributor_pooled_name(attributor, READER_ROW_FOLDER);
    code->row_line = told->row_line;
}

/* Whose file it is, we know better than the reader. */
static const struct code_answer *keep_answer(struct attributor *attributor,
                                             struct mapped_file *file, uint64_t offset)
{
    const struct reader_answer *told = &attributor->reader.answer;
    struct code_answer answer = file->nameless;
    const struct lens *lens = lens_numbered(told->lens);
    if (told->is_allocators && (file->is_allocator || lens)) {
        describe_allocators_code(attributor, &answer.attribution);
        if (!file->is_allocator)
            answer.attribution.other = file->other = lens_name(lens);
    } else {
        answer.attribution.domain = ATTRIBUTED_APPLICATION;
        answer.attribution.source = "application";
    }
    answer.attribution.function = attributor_pooled_name(attributor, READER_FUNCTION);
    answer.symbol = attributor_pooled_name(attributor, READER_SYMBOL);
    return mapped_file_keep(file, offset, told->low, told->high, &answer);
}

static const struct code_answer *find_in(struct attributor *attributor, struct mapped_file *file,
                                         uint64_t offset)
{
    const struct code_answer *known = mapped_file_find(file, offset);
    if (known)
        return known;
    if (attributor_ask(attributor, file, READER_CODE, offset) == 0)
        return keep_answer(attributor, file, offset);
    file->is_unreadable = true;
    return &file->nameless;
}

/* NULL where nothing is mapped. */
static const struct code_answer *find(struct attributor *attributor, pid_t pid, uint64_t address)
{
    const struct mapping *mapping = address_spaces_find(&attributor->spaces, pid, address);
    if (!mapping)
        return NULL;
    return find_in(attributor, mapping->file, address - mapping->start + mapping->offset);
}

static const struct attribution *attribution_of(const struct code_answer *answer)
{
    static const struct attribution unknown = {.domain = ATTRIBUTED_UNKNOWN, .source = "unknown"};
    return answer ? &answer->attribution : &unknown;
}

const struct attribution *attributor_resolve(struct attributor *attributor, pid_t pid,
                                             uint64_t address)
{
    return attribution_of(find(attributor, pid, address));
}

const struct attribution *attributor_resolve_place(struct attributor *attributor, const char *path,
                                                   uint64_t offset)
{
    struct mapped_file *file = file_at(attributor, path);
    return attribution_of(file ? find_in(attributor, file, offset) : NULL);
}

const char *attributor_symbol(struct attributor *attributor, pid_t pid, uint64_t address)
{
    const struct code_answer *answer = find(attributor, pid, address);
    return answer ? answer->symbol : NULL;
}

bool attributor_locate(struct attributor *attributor, pid_t pid, uint64_t address, uint64_t *offset)
{
    const struct mapping *mapping = address_spaces_find(&attributor->spaces, pid, address);
    if (!mapping || mapping->file != attributor->allocator)
        return false;
    *offset = address - mapping->start + mapping->offset;
    return true;
}

const char *attributor_note(const struct attributor *attributor, size_t index)
{
    return attributor && index < attributor->note_count ? attributor->notes[index] : NULL;
}

double attributor_cpu_seconds(const struct attributor *attributor)
{
    return reader_process_cpu_seconds(&attributor->reader);
}
