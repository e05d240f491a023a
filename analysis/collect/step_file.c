/* SPDX-License-Identifier: MIT */
#include "step_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool header_is_sound(const struct step_header *header)
{
    return memcmp(header->magic, STEP_MAGIC, sizeof header->magic) == 0 &&
           header->version == STEP_VERSION && header->map_bytes <= STEP_MAPS_BYTES &&
           header->words <= STEP_BYTES_MAX / sizeof(uint64_t) && header->calls <= header->words;
}

/* Of zeroes where `bytes` is 0; NULL with errno. */
static void *read_part(int descriptor, off_t start, size_t bytes)
{
    char *part = calloc(1, bytes + 1);
    for (size_t used = 0; part && used < bytes;) {
        ssize_t got = pread(descriptor, part + used, bytes - used, start + (off_t)used);
        if (got > 0) {
            used += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            free(part);
            errno = got == 0 ? ENODATA : errno;
            return NULL;
        }
    }
    return part;
}

/* Every word is a call's or an address, and every call has one. */
static bool words_are_sound(const struct step_file *file)
{
    const struct step_header *header = &file->header;
    uint64_t calls = 0;
    bool needs_address = false;
    for (uint64_t i = 0; i < header->words; i++) {
        uint64_t word = file->words[i];
        bool is_call = word & STEP_IS_CALL;
        if (is_call ? needs_address || (word & ~STEP_IS_CALL) >> 48 >= STEP_KINDS
                    : calls == 0 || word >= CODE_ADDRESS_END)
            return false;
        calls += is_call;
        needs_address = is_call;
    }
    return calls == header->calls && !needs_address;
}

static bool read_all(struct step_file *file, int descriptor)
{
    struct step_header *header = &file->header;
    file->maps = read_part(descriptor, STEP_MAPS_AT, header->map_bytes);
    file->words = read_part(descriptor, STEP_WORDS_AT, header->words * sizeof *file->words);
    if (!file->maps || !file->words)
        return false;
    char *end = strrchr(file->maps, '\n');
    if (end)
        end[1] = '\0';
    else
        file->maps[0] = '\0';
    return true;
}

bool step_file_open(struct step_file *file, int descriptor, char *why, size_t why_bytes)
{
    *file = (struct step_file){0};
    struct step_header *header = &file->header;
    if (pread(descriptor, header, sizeof *header, 0) != (ssize_t)sizeof *header ||
        !header_is_sound(header)) {
        snprintf(why, why_bytes, "the steps are damaged: their header");
        return false;
    }
    header->program[sizeof header->program - 1] = '\0';
    if (!read_all(file, descriptor)) {
        snprintf(why, why_bytes, "the steps can't be read: %s",
                 errno == ENODATA ? "the file is too short" : strerror(errno));
        return false;
    }
    if (words_are_sound(file))
        return true;
    snprintf(why, why_bytes, "the steps are damaged: they are no calls and addresses");
    return false;
}

void step_file_close(struct step_file *file)
{
    free(file->maps);
    free(file->words);
    *file = (struct step_file){0};
}

bool step_file_mapping(struct step_file *file, size_t *place, struct code_mapping *mapping)
{
    return code_maps_next(file->maps, file->header.map_bytes, place, mapping);
}

bool step_file_call(const struct step_file *file, size_t *place, struct step_call *call)
{
    if (*place >= file->header.words)
        return false;
    uint64_t word = file->words[(*place)++];
    *call = (struct step_call){
        .kind = (enum step_kind)((word & ~STEP_IS_CALL) >> 48),
        .bytes = word & STEP_SIZE_MAX,
        .addresses = &file->words[*place],
    };
    while (*place < file->header.words && !(file->words[*place] & STEP_IS_CALL)) {
        (*place)++;
        call->count++;
    }
    return true;
}
