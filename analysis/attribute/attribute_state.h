/* SPDX-License-Identifier: MIT */
/* What the attributor's own files share: attribute.c, which is asked by address,
 * attribute_contents.c, by what stands in a file, attribute_stack.c, by a stack. */
#ifndef ANALYSIS_ATTRIBUTE_STATE_H
#define ANALYSIS_ATTRIBUTE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "address_space.h"
#include "mapped_file.h"
#include "name_pool.h"
#include "reader_process.h"

enum { ATTRIBUTOR_NOTES_MOST = 8 };

struct attributor {
    struct name_pool names; /* functions, files, sources */
    struct name_pool paths; /* as mapped; value: the file there */
    struct address_spaces spaces;
    struct mapped_file *allocator; /* NULL: everything is application */
    bool has_debug_information;
    const struct lens *lens; /* of the allocator, or NULL */
    bool is_untold;          /* the lens can't tell the allocator from the rest of its file */
    dev_t device;            /* of the allocator's file */
    ino_t inode;
    uint64_t bytes;
    struct reader_process reader;
    unsigned rules_asked; /* bounded */
    char *notes[ATTRIBUTOR_NOTES_MOST];
    size_t note_count;
};

/* 0, or the errno of the reading; -1 where there is no answer, which is noted once. The request's
 * `count` and `name` are set, where the question has them. */
int attributor_ask(struct attributor *attributor, const struct mapped_file *file,
                   enum reader_question question, uint64_t offset);

/* Name `which` of the last answer, pooled; NULL where it has none. */
const char *attributor_pooled_name(struct attributor *attributor, int which);

/* The same file under another name is still the allocator: a symbolic link, another mount. By its
 * own name it is also where this user may not look it up. */
bool attributor_is_allocator_file(const struct attributor *attributor, const char *path);

#endif
