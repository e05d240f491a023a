/* SPDX-License-Identifier: MIT */
#include "sample_file.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "follow_layout.h"
#include "os.h"
#include "os_file.h"
#include "sample.h"
#include "sample_stack.h"
#include "sample_table.h"

enum { MAPS_PART = 100, SAMPLE_MAX_NS = 20000 };

#define MAPS_APART_NS ((uint64_t)50000000)

static struct {
    struct follow_header *header; /* NULL: no file */
    char *records;                /* FOLLOW_BYTES_MAX of addresses */
    uint64_t mapped;              /* bytes of them that are the file */
    uint64_t maps_due, maps_hash;
    char *maps; /* FOLLOW_MAPS_BYTES to put text together */
    uint32_t samples;
    uint64_t began, spent; /* ns, since I is what it is */
    char folder[384];
    char path[512];
} file;

static void stop(int why)
{
    if (file.header->stopped == FOLLOW_RUNNING)
        file.header->stopped = why;
}

static bool start(void)
{
    if (!file.records) {
        file.records = hak_os_reserve(FOLLOW_BYTES_MAX, hak_os_page_bytes());
        if (file.records)
            hak_os_not_in_children(file.records, FOLLOW_BYTES_MAX);
    }
    if (!file.maps)
        file.maps = hak_os_map(FOLLOW_MAPS_BYTES, hak_os_page_bytes());
    if (!file.records || !file.maps)
        return false;
    long made = hak_os_file_create_own(file.path, sizeof file.path, file.folder, ".heap");
    if (made < 0)
        return false;
    hak_os_file_let_read(made); /* the folder is its reader's alone, who may be another user */
    hak_os_file_close(made);
    struct follow_header *header = hak_os_file_map(file.path, NULL, 0, FOLLOW_RECORDS_AT);
    if (!header)
        return false;
    header->version = FOLLOW_VERSION;
    header->pid = hak_os_process_id();
    hak_os_own_program(header->program, sizeof header->program);
    __atomic_signal_fence(__ATOMIC_RELEASE);
    memcpy(header->magic, FOLLOW_HEAP_MAGIC, sizeof header->magic);
    file.mapped = file.maps_due = file.maps_hash = 0;
    file.samples = 0;
    file.spent = 0;
    file.began = hak_os_nanoseconds();
    file.header = header;
    return true;
}

void hak_sample_file_start(const char *folder)
{
    size_t bytes = strlen(folder) + 1;
    if (bytes <= sizeof file.folder)
        memcpy(file.folder, folder, bytes);
}

/* The file's mappings are not in a child. */
void hak_sample_file_forked(void)
{
    file.header = NULL;
    file.records = NULL; /* a hole now, in which others may be mapped already */
}

/* Not before there is a sample: of many programs there is none. */
static bool is_open(void)
{
    if (!file.header && file.folder[0] && !start())
        file.folder[0] = '\0';
    return file.header && file.header->stopped == FOLLOW_RUNNING;
}

/* A part of what was reserved becomes the file. */
static bool grow(uint64_t end)
{
    while (file.mapped < end) {
        if (!hak_os_file_map(file.path, file.records + file.mapped, FOLLOW_RECORDS_AT + file.mapped,
                             FOLLOW_WINDOW_BYTES)) {
            stop(ENOSPC);
            return false;
        }
        file.mapped += FOLLOW_WINDOW_BYTES;
    }
    return true;
}

static struct follow_record *reserve(size_t bytes)
{
    uint64_t place = file.header->used;
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > FOLLOW_BYTES_MAX - place) {
        stop(FOLLOW_FULL);
        return NULL;
    }
    if (!grow(place + bytes))
        return NULL;
    struct follow_record *record = (struct follow_record *)(file.records + place);
    record->bytes = (uint32_t)bytes;
    return record;
}

/* It is read from then on. */
static void finish(struct follow_record *record, size_t bytes, enum follow_kind kind)
{
    record->bytes = (uint32_t)((bytes + 7) & ~(size_t)7);
    __atomic_store_n(&record->kind, (uint32_t)kind, __ATOMIC_RELEASE);
    __atomic_store_n(&file.header->used, file.header->used + record->bytes, __ATOMIC_RELEASE);
}

static uint64_t hash_of(const char *text, size_t bytes)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

/* What is mapped, if that has changed; at most a hundredth of the time goes into it. */
static void write_maps(uint64_t now)
{
    if (now < file.maps_due)
        return;
    size_t bytes = hak_sample_code_maps(file.maps, FOLLOW_MAPS_BYTES);
    uint64_t hash = hash_of(file.maps, bytes);
    struct follow_maps *maps =
        hash == file.maps_hash ? NULL : (void *)reserve(sizeof *maps + bytes);
    if (maps) {
        maps->time = now;
        maps->text_bytes = bytes;
        memcpy(maps->text, file.maps, bytes);
        finish(&maps->record, sizeof *maps + bytes, FOLLOW_MAPS);
        file.maps_hash = hash;
    }
    uint64_t end = hak_os_nanoseconds(), rest = (end - now) * MAPS_PART;
    file.maps_due = end + (rest > MAPS_APART_NS ? rest : MAPS_APART_NS);
}

/* Too many of this I, or too dear. */
static bool is_to_double(uint64_t now, uint64_t interval)
{
    bool many = file.samples >= HAK_SAMPLE_FILE_SAMPLES;
    bool dear = interval >= HAK_SAMPLE_INTERVAL && file.samples % HAK_SAMPLE_FILE_LOOK == 0 &&
                file.spent > (now - file.began) / HAK_SAMPLE_FILE_PART;
    if (!many && !dear)
        return false;
    file.samples = 0;
    file.spent = 0;
    file.began = now;
    return true;
}

uint64_t hak_sample_file_time(void)
{
    return file.folder[0] ? hak_os_nanoseconds() : (uint64_t)hak_os_milliseconds() * 1000000;
}

bool hak_sample_file_write(struct hak_sample *sample)
{
    if (!is_open())
        return false;
    write_maps(sample->born);
    struct follow_sample *record = (void *)reserve(sizeof *record + FOLLOW_STACK_BYTES);
    if (!record)
        return false;
    record->time = sample->born;
    record->mean = sample->interval;
    record->size = sample->size;
    record->usable = sample->length;
    record->thread = sample->thread;
    record->stack_bytes =
        hak_sample_copy_stack(record->registers, record->stack, FOLLOW_STACK_BYTES);
    sample->record = record;
    finish(&record->record, sizeof *record + record->stack_bytes, FOLLOW_SAMPLE);
    uint64_t now = hak_os_nanoseconds();
    file.samples++;
    uint64_t took = now - sample->born; /* or others ran meanwhile */
    file.spent += took < SAMPLE_MAX_NS ? took : SAMPLE_MAX_NS;
    return is_to_double(now, sample->interval);
}

void hak_sample_file_end(struct hak_sample *sample)
{
    if (!sample->record)
        return;
    sample->record->end_time = hak_os_nanoseconds();
    __atomic_store_n(&sample->record->end, (uint32_t)FOLLOW_FREED, __ATOMIC_RELEASE);
}

void hak_sample_file_lose(void)
{
    if (is_open())
        file.header->lost++;
}
