/* SPDX-License-Identifier: MIT */
/* What is asked about whole stacks, and about the calls in them. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "attribute_state.h"
#include "unwind_rules.h"

/* Enough for any program, and a bound on what a hostile one makes the reader do. */
enum { RULES_ASKED_MOST = 1 << 17 };

struct process_code {
    struct attributor *attributor;
    pid_t pid;
};

static const struct mapping *mapping_at(const struct process_code *code, uint64_t address)
{
    return address_spaces_find(&code->attributor->spaces, code->pid, address);
}

static bool is_mapped(void *context, uint64_t address)
{
    return mapping_at(context, address);
}

/* NULL: there are none at this place. */
static struct unwind_rules *copy_rules(const struct reader_answer *told)
{
    size_t bytes;
    struct unwind_rules rules = {0};
    const char *text = reader_answer_name(told, 0, &bytes);
    if (!text || bytes > sizeof rules)
        return NULL;
    memcpy(&rules, text, bytes);
    struct unwind_rules *copy = unwind_rules_are_valid(&rules, bytes) ? malloc(bytes) : NULL;
    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

/* Rules are asked for once for each stretch of code. */
static const struct unwind_rules *ask_rules(struct attributor *attributor, struct mapped_file *file,
                                            uint64_t offset)
{
    const struct reader_answer *told = &attributor->reader.answer;
    if (file->is_unreadable || file->has_no_rules || attributor->rules_asked == RULES_ASKED_MOST)
        return NULL;
    attributor->rules_asked++;
    file->has_no_rules = attributor_ask(attributor, file, READER_UNWIND, offset) != 0;
    if (file->has_no_rules)
        return NULL;
    struct unwind_rules *rules = copy_rules(told);
    bool is_kept = answered_ranges_keep(&file->frames, offset, told->low, told->high, rules);
    return is_kept ? rules : NULL;
}

static const struct unwind_rules *rules_at(void *context, uint64_t address)
{
    const struct process_code *code = context;
    const struct mapping *mapping = mapping_at(code, address);
    if (!mapping)
        return NULL;
    uint64_t offset = address - mapping->start + mapping->offset;
    const struct answered_range *known = answered_ranges_find(&mapping->file->frames, offset);
    return known ? known->answer : ask_rules(code->attributor, mapping->file, offset);
}

size_t attributor_unwind(struct attributor *attributor, pid_t pid, const struct unwind_input *input,
                         uint64_t *addresses, size_t most)
{
    struct process_code code = {attributor, pid};
    const struct unwind_code known = {&code, is_mapped, rules_at};
    return unwind(input, &known, addresses, most);
}

bool attributor_mapping(struct attributor *attributor, pid_t pid, uint64_t address,
                        struct attributed_mapping *mapping)
{
    const struct mapping *found = address_spaces_find(&attributor->spaces, pid, address);
    if (!found)
        return false;
    *mapping =
        (struct attributed_mapping){found->file->path, found->start, found->end, found->offset};
    return true;
}

bool attributor_place(struct attributor *attributor, pid_t pid, uint64_t address, const char **path,
                      uint64_t *offset)
{
    const struct mapping *mapping = address_spaces_find(&attributor->spaces, pid, address);
    if (!mapping)
        return false;
    *path = mapping->file->path;
    *offset = address - mapping->start + mapping->offset;
    return true;
}

bool attributor_call_line(struct attributor *attributor, const char *path, uint64_t offset,
                          const char **file, int *line)
{
    const struct mapped_file asked = {.path = path};
    if (attributor_ask(attributor, &asked, READER_CALL_LINE, offset) != 0)
        return false;
    *file = attributor_pooled_name(attributor, 0);
    *line = attributor->reader.answer.line;
    return *file && *line > 0;
}

/* "FUNCTION<tab>FILE<tab>LINE<newline>", as the reader tells it and nobody believes it. NULL: it is
 * none. */
static char *take_call(struct attributor *attributor, char *text, struct attributed_call *call)
{
    char *file = strchr(text, '\t'), *line = file ? strchr(file + 1, '\t') : NULL;
    char *end = line ? strchr(line + 1, '\n') : NULL;
    if (!end)
        return NULL;
    *file++ = *line++ = *end++ = '\0';
    long number = strtol(line, NULL, 10);
    *call = (struct attributed_call){
        .function = name_pool_copy(&attributor->names, text),
        .file = *file ? name_pool_copy(&attributor->names, file) : NULL,
        .line = *file && number > 0 && number <= INT_MAX ? (int)number : 0,
    };
    return call->function ? end : NULL;
}

size_t attributor_call_chain(struct attributor *attributor, const char *path, uint64_t offset,
                             struct attributed_call *calls, size_t most)
{
    const struct mapped_file asked = {.path = path};
    size_t bytes, count = 0;
    if (attributor_ask(attributor, &asked, READER_CALL_CHAIN, offset) != 0)
        return 0;
    const char *told = reader_answer_name(&attributor->reader.answer, 0, &bytes);
    char *text = told ? strndup(told, bytes) : NULL, *at = text;
    while (at && *at && count < most && (at = take_call(attributor, at, &calls[count])))
        count++;
    free(text);
    return count;
}

const char *attributor_build_id(struct attributor *attributor, const char *path)
{
    const struct mapped_file asked = {.path = path};
    if (path[0] != '/' || attributor_ask(attributor, &asked, READER_BUILD_ID, 0) != 0)
        return NULL;
    return attributor_pooled_name(attributor, 0);
}
