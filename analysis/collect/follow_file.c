/* SPDX-License-Identifier: MIT */
#include "follow_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_BYTES_MAX = FOLLOW_MAPS_BYTES + 4096 };

_Static_assert(sizeof(struct follow_sample) + FOLLOW_STACK_BYTES < RECORD_BYTES_MAX, "it fits");

static bool read_at(const struct follow_file *file, void *to, size_t bytes, uint64_t place)
{
    return pread(file->descriptor, to, bytes, (off_t)place) == (ssize_t)bytes;
}

bool follow_file_open(struct follow_file *file, int descriptor, const char *magic)
{
    struct follow_header *header = &file->header;
    *file = (struct follow_file){.descriptor = descriptor};
    if (!read_at(file, header, sizeof *header, 0) ||
        memcmp(header->magic, magic, sizeof header->magic) != 0 ||
        header->version != FOLLOW_VERSION || header->used > FOLLOW_BYTES_MAX)
        return false;
    header->program[sizeof header->program - 1] = '\0';
    file->buffer = malloc(RECORD_BYTES_MAX + 1);
    return file->buffer;
}

void follow_file_close(struct follow_file *file)
{
    free(file->buffer);
    *file = (struct follow_file){.descriptor = -1};
}

void follow_file_rewind(struct follow_file *file)
{
    file->place = 0;
}

static bool sample_is_sound(const struct follow_sample *sample)
{
    return sample->stack_bytes <= sample->record.bytes - sizeof *sample && sample->mean > 0 &&
           sample->mean <= FOLLOW_MEAN_MAX && sample->size <= INT64_MAX &&
           sample->end < FOLLOW_ENDS && sample->call < FOLLOW_CALLS;
}

static bool is_sound(const struct follow_record *record)
{
    const struct follow_maps *maps = (const void *)record;
    if (record->kind == FOLLOW_SAMPLE)
        return record->bytes >= sizeof(struct follow_sample) &&
               sample_is_sound((const void *)record);
    return record->bytes >= sizeof *maps && maps->text_bytes <= record->bytes - sizeof *maps;
}

struct follow_record *follow_file_next(struct follow_file *file)
{
    struct follow_record *record = (struct follow_record *)file->buffer;
    while (file->place + sizeof *record <= file->header.used) {
        uint64_t at = FOLLOW_RECORDS_AT + file->place;
        if (!read_at(file, record, sizeof *record, at) || record->bytes < sizeof *record ||
            record->bytes % 8 || record->bytes > RECORD_BYTES_MAX ||
            record->bytes > file->header.used - file->place)
            return NULL;
        uint32_t bytes = record->bytes;
        file->place += bytes;
        if (record->kind == FOLLOW_NONE || record->kind >= FOLLOW_KINDS)
            continue;
        if (!read_at(file, record, bytes, at) || record->bytes != bytes ||
            record->kind == FOLLOW_NONE || record->kind >= FOLLOW_KINDS || !is_sound(record))
            return NULL;
        file->buffer[bytes] = '\0';
        return record;
    }
    return NULL;
}
