/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "call_line.h"
#include "code_bytes.h"
#include "debug_file.h"
#include "inlined.h"
#include "lens.h"
#include "module.h"
#include "name_pool.h"
#include "privilege/call_filter.h"
#include "privilege/helper_process.h"
#include "privilege/limits.h"
#include "privilege/privilege.h"
#include "reader_protocol.h"
#include "source_text.h"
#include "unwind_file.h"

/* Debug files have gigabytes; split ones are many. */
#define ADDRESS_SPACE ((uint64_t)8 << 30)
enum { DESCRIPTORS = 256, ALLOCATOR = 1, INLINED_OPEN = 32 };

/* What libelf, libdw, zlib and the C library need to read files. */
static const struct allowed_call calls[] = {
    {SYS_recvfrom, 0, 0},
    {SYS_sendto, 0, 0},
    {SYS_openat, 2, OPEN_FOR_MORE},
    {SYS_read, 0, 0},
    {SYS_pread64, 0, 0},
    {SYS_lseek, 0, 0},
    {SYS_close, 0, 0},
    {SYS_fstat, 0, 0},
    {SYS_newfstatat, 0, 0},
    {SYS_statx, 0, 0},
    {SYS_readlinkat, 0, 0},
#ifdef SYS_readlink
    {SYS_readlink, 0, 0},
#endif
    {SYS_fcntl, 1, ~(uint32_t)(F_GETFD | F_GETFL)},
    {SYS_mmap, 2, PROT_EXEC},
    {SYS_mprotect, 2, PROT_EXEC},
    {SYS_munmap, 0, 0},
    {SYS_mremap, 0, 0},
    {SYS_madvise, 0, 0},
    {SYS_brk, 0, 0},
    {SYS_sysinfo, 0, 0}, /* qsort asks how much memory there is */
    {SYS_futex, 0, 0},
    {SYS_getrandom, 0, 0},
    {SYS_clock_gettime, 0, 0},
    {SYS_restart_syscall, 0, 0},
    {SYS_rt_sigreturn, 0, 0},
    {SYS_exit_group, 0, 0},
};

struct reader {
    struct name_pool names;  /* functions, files, sources */
    struct name_pool paths;  /* by use and path; value: what was read there */
    struct code_bytes bytes; /* of the file asked last */
    struct source_texts texts;
    struct pooled_name *inlined[INLINED_OPEN]; /* of paths: those whose debug information is open */
    size_t inlined_next;
    struct reader_request request;
    struct reader_answer answer;
    size_t used; /* of the answer's text */
};

static int give_up(struct reader_greeting *greeting)
{
    *greeting = (struct reader_greeting){0};
    limits_set(ADDRESS_SPACE, DESCRIPTORS);
    if (privilege_drop_to_invoker(0) != 0) {
        greeting->error = errno;
        return -1;
    }
    helper_process_end_with_parent();
    if (call_filter_set(calls, sizeof calls / sizeof calls[0]) != 0)
        greeting->filter_error = errno;
    return 0;
}

/* The request's path, once for each `use` of the file. */
static struct pooled_name *entry_of(struct reader *reader, char use)
{
    char key[sizeof reader->request.path + 1];
    key[0] = use;
    strcpy(key + 1, reader->request.path);
    return name_pool_entry(&reader->paths, key);
}

/* The same file is another module where its debug information is wanted. */
static struct module *module_at(struct reader *reader)
{
    bool is_allocator = reader->request.is_allocator;
    struct pooled_name *name = entry_of(reader, is_allocator ? 'a' : 'm');
    if (name && !name->value)
        name->value = module_create(name->text + 1, is_allocator, is_allocator ? ALLOCATOR : -1);
    return name ? name->value : NULL;
}

/* Its rules are read apart: most files have no other part in a stack. */
static struct unwind_file *unwind_file_at(struct reader *reader)
{
    bool is_allocator = reader->request.is_allocator;
    struct pooled_name *name = entry_of(reader, is_allocator ? 'A' : 'u');
    if (name && !name->value)
        name->value = unwind_file_read(name->text + 1, is_allocator ? ALLOCATOR : -1);
    return name ? name->value : NULL;
}

static void put_name(struct reader *reader, int which, const char *name)
{
    struct reader_answer *answer = &reader->answer;
    size_t bytes = name ? strnlen(name, READER_NAME_MOST) : 0;
    answer->bytes[which] = name ? (uint16_t)bytes : READER_NO_NAME;
    if (bytes)
        memcpy(answer->text + reader->used, name, bytes);
    reader->used += bytes;
}

static void answer_code(struct reader *reader, struct module *module)
{
    struct module_place place;
    module_find(module, reader->request.offset, &place, &reader->names);
    reader->answer.low = place.low;
    reader->answer.high = place.high;
    reader->answer.is_factor = place.attribution.is_factor;
    reader->answer.is_allocators = place.attribution.domain == ATTRIBUTED_ALLOCATOR;
    reader->answer.step = (uint8_t)lens_step_named(place.attribution.step);
    reader->answer.lens = (uint8_t)lens_number(module->lens.lens);
    reader->answer.line = place.attribution.line;
    reader->answer.row_line = place.attribution.row_line;
    put_name(reader, READER_SOURCE, place.attribution.source);
    put_name(reader, READER_FUNCTION, place.attribution.function);
    put_name(reader, READER_SOURCE_FILE, place.attribution.file);
    put_name(reader, READER_SYMBOL, place.symbol);
    put_name(reader, READER_ROW_FILE, place.attribution.row_file);
    put_name(reader, READER_ROW_FOLDER, place.attribution.row_folder);
}

static void answer_symbol(struct reader *reader, const struct module *module)
{
    struct attributed_function function;
    if (reader->request.offset >= module->symbols.count) {
        reader->answer.error = ENOENT;
        return;
    }
    module_function(module, reader->request.offset, &function);
    reader->answer.address = function.address;
    reader->answer.low = function.offset;
    reader->answer.high = function.offset + function.bytes;
    put_name(reader, 0, function.name);
}

static void answer_line(struct reader *reader)
{
    time_t written;
    const char *path = name_pool_copy(&reader->names, reader->request.path);
    const char *line =
        path ? source_texts_line(&reader->texts, path, reader->request.offset, &written) : NULL;
    if (!line)
        reader->answer.error = ENOENT;
    else
        reader->answer.written = written;
    put_name(reader, 0, line);
}

static void answer_call_line(struct reader *reader)
{
    const char *file;
    if (call_line_find(reader->request.path, reader->request.offset, &reader->names, &file,
                       &reader->answer.line))
        put_name(reader, 0, file);
    else
        reader->answer.error = ENOENT;
}

/* Its debug information stays open for the next question, and in its place goes that of the one
 * that was opened longest ago: descriptors are few. */
static void open_inlined(struct reader *reader, struct pooled_name *name)
{
    struct pooled_name **place = &reader->inlined[reader->inlined_next];
    if (*place) {
        inlined_file_close((*place)->value);
        (*place)->value = NULL;
    }
    *place = NULL;
    name->value = inlined_file_open(name->text + 1);
    if (!name->value)
        return;
    *place = name;
    reader->inlined_next = (reader->inlined_next + 1) % INLINED_OPEN;
}

/* A file without debug information is not opened again: it has the address of `nothing`. */
static struct inlined_file *inlined_file_at(struct reader *reader)
{
    static char nothing;
    struct pooled_name *name = entry_of(reader, 'i');
    if (name && !name->value) {
        open_inlined(reader, name);
        if (!name->value)
            name->value = &nothing;
    }
    return name && name->value != &nothing ? name->value : NULL;
}

/* Tabs and newlines end texts in the answer. */
static void copy_plain(char *to, const char *from, size_t room)
{
    size_t i = 0;
    for (; from && from[i] && i + 1 < room; i++)
        to[i] = from[i] == '\t' || from[i] == '\n' ? '?' : from[i];
    to[i] = '\0';
}

/* Function, file and line, if there is room for all. */
static bool put_frame(struct reader *reader, const struct inlined_frame *frame)
{
    enum { NAME_MOST = 2000 };
    char function[NAME_MOST + 1], file[NAME_MOST + 1];
    size_t left = READER_NAME_MOST - reader->used;
    copy_plain(function, frame->function, sizeof function);
    copy_plain(file, frame->file, sizeof file);
    int bytes = snprintf(reader->answer.text + reader->used, left, "%s\t%s\t%d\n",
                         function[0] ? function : "[inlined]", file, frame->line);
    if (bytes < 0 || (size_t)bytes >= left)
        return false;
    reader->used += (size_t)bytes;
    return true;
}

static void answer_call_chain(struct reader *reader)
{
    enum { MOST = 32 };
    struct inlined_frame frames[MOST];
    struct inlined_file *file = inlined_file_at(reader);
    size_t count =
        file ? inlined_find(file, reader->request.offset, &reader->names, frames, MOST) : 0;
    for (size_t i = 0; i < count && put_frame(reader, &frames[i]); i++)
        ;
    reader->answer.bytes[0] = (uint16_t)reader->used;
    if (reader->used == 0)
        reader->answer.error = ENOENT;
}

static void answer_build_id(struct reader *reader)
{
    struct elf_file file;
    char digits[2 * BUILD_ID_MOST + 1] = "";
    if (elf_file_open(&file, reader->request.path) == 0) {
        elf_build_id(file.elf, digits, sizeof digits);
        elf_file_close(&file);
    }
    put_name(reader, 0, digits[0] ? name_pool_copy(&reader->names, digits) : NULL);
}

static void answer_unwind(struct reader *reader)
{
    struct unwind_rules rules;
    const struct unwind_file *file = unwind_file_at(reader);
    put_name(reader, 0, NULL);
    if (!file) {
        reader->answer.error = errno ? errno : ENOEXEC;
    } else if (unwind_file_rules(file, reader->request.offset, &rules, &reader->answer.low,
                                 &reader->answer.high)) {
        reader->used = unwind_rules_bytes(&rules);
        reader->answer.bytes[0] = (uint16_t)reader->used;
        memcpy(reader->answer.text, &rules, reader->used);
    }
}

static void answer_bytes(struct reader *reader)
{
    size_t most = reader->request.count;
    if (most > READER_NAME_MOST)
        most = READER_NAME_MOST;
    uint8_t *to = (uint8_t *)reader->answer.text;
    const char *path = name_pool_copy(&reader->names, reader->request.path);
    if (reader->request.is_allocator)
        reader->used = code_bytes_at(ALLOCATOR, reader->request.offset, to, most);
    else if (path)
        reader->used = code_bytes_read(&reader->bytes, path, reader->request.offset, to, most);
    reader->answer.bytes[0] = (uint16_t)reader->used;
}

static void answer_of_module(struct reader *reader)
{
    struct module *module = module_at(reader);
    if (!module || module_read(module, &reader->names) != 0) {
        reader->answer.error = module ? errno : ENOMEM;
        return;
    }
    switch (reader->request.question) {
    case READER_CODE:
        answer_code(reader, module);
        break;
    case READER_SYMBOL_AT:
        answer_symbol(reader, module);
        break;
    case READER_LISTED_NAME:
        put_name(reader, 0, symbols_listed_name(&module->symbols, reader->request.name));
        break;
    default:
        reader->answer.has_debug_information = module->debug.flat.count != 0;
        reader->answer.is_untold = module->lens.is_untold;
        reader->answer.lens = (uint8_t)lens_number(module->lens.lens);
    }
}

static void answer(struct reader *reader)
{
    reader->used = 0;
    memset(&reader->answer, 0, offsetof(struct reader_answer, text));
    switch (reader->request.question) {
    case READER_BYTES:
        answer_bytes(reader);
        break;
    case READER_TEXT_LINE:
        answer_line(reader);
        break;
    case READER_CALL_LINE:
        answer_call_line(reader);
        break;
    case READER_CALL_CHAIN:
        answer_call_chain(reader);
        break;
    case READER_BUILD_ID:
        answer_build_id(reader);
        break;
    case READER_UNWIND:
        answer_unwind(reader);
        break;
    default:
        answer_of_module(reader);
    }
}

void reader_serve(void *context, int socket)
{
    static struct reader reader; /* too big for a stack that the user may have bounded */
    struct reader_greeting greeting;
    int failed = give_up(&greeting);
    if (send(socket, &greeting, sizeof greeting, MSG_NOSIGNAL) < 0 || failed)
        return;
    const size_t least = offsetof(struct reader_request, path);
    for (;;) {
        ssize_t got = recv(socket, &reader.request, sizeof reader.request, 0);
        if (got <= (ssize_t)least || reader.request.path[(size_t)got - least - 1] != '\0')
            return;
        answer(&reader);
        size_t bytes = offsetof(struct reader_answer, text) + reader.used;
        if (send(socket, &reader.answer, bytes, MSG_NOSIGNAL) < 0)
            return;
    }
}
