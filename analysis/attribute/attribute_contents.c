/* SPDX-License-Identifier: MIT */
/* What stands in files: functions, code, lines of source text. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "attribute_state.h"
#include "code_bytes.h"
#include "growing.h"

/* A library of a million functions would be a hostile one. */
enum { FUNCTIONS_MOST = 1 << 20 };

/* False behind the last; `bytes` 0: none that lies in the file behind the one before. */
static bool ask_function(struct attributor *attributor, size_t at, uint64_t behind,
                         struct attributed_function *function)
{
    const struct reader_answer *told = &attributor->reader.answer;
    if (attributor_ask(attributor, attributor->allocator, READER_SYMBOL_AT, at) != 0)
        return false;
    *function = (struct attributed_function){.name = attributor_pooled_name(attributor, 0),
                                             .address = told->address,
                                             .offset = told->low};
    if (function->name && told->low < told->high && told->high <= attributor->bytes &&
        told->address >= behind && told->address <= UINT64_MAX - (told->high - told->low))
        function->bytes = told->high - told->low;
    return true;
}

struct attributed_function *attributor_functions(struct attributor *attributor, size_t *count)
{
    struct attributed_function *list = NULL, function;
    size_t capacity = 0;
    uint64_t behind = 0;
    *count = 0;
    if (!growing_reserve(&list, &capacity, 0, sizeof *list))
        return NULL;
    for (size_t i = 0; !attributor->allocator->is_unreadable && i < FUNCTIONS_MOST &&
                       ask_function(attributor, i, behind, &function);
         i++) {
        if (!function.bytes)
            continue;
        if (!growing_reserve(&list, &capacity, *count, sizeof *list))
            break;
        list[(*count)++] = function;
        behind = function.address + 1;
    }
    return list;
}

const char *attributor_listed_name(struct attributor *attributor, const char *name)
{
    struct reader_request *request = &attributor->reader.request;
    if (attributor->allocator->is_unreadable || strlen(name) >= sizeof request->name)
        return NULL;
    strcpy(request->name, name);
    return attributor_ask(attributor, attributor->allocator, READER_LISTED_NAME, 0) == 0
               ? attributor_pooled_name(attributor, 0)
               : NULL;
}

size_t attributor_code(struct attributor *attributor, const char *path, uint64_t offset,
                       uint8_t *bytes, size_t most)
{
    const struct mapped_file file = {
        .path = path, .is_allocator = attributor_is_allocator_file(attributor, path)};
    const struct reader_answer *told = &attributor->reader.answer;
    if (strcmp(path, "[vdso]") == 0)
        return code_bytes_of_vdso(offset, bytes, most);
    attributor->reader.request.count = (uint32_t)most;
    if (attributor_ask(attributor, &file, READER_BYTES, offset) != 0)
        return 0;
    memcpy(bytes, told->text, told->bytes[0]);
    return told->bytes[0];
}

const char *attributor_source_line(struct attributor *attributor, const char *folder,
                                   const char *name, int line, time_t *written)
{
    char path[PATH_MAX];
    const struct mapped_file file = {.path = path};
    if (name[0] == '/' || !folder)
        folder = "";
    if (line <= 0 || (size_t)snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "",
                                      name) >= sizeof path)
        return NULL;
    if (attributor_ask(attributor, &file, READER_TEXT_LINE, (uint64_t)line) != 0)
        return NULL;
    *written = attributor->reader.answer.written;
    return attributor_pooled_name(attributor, 0);
}
