/* SPDX-License-Identifier: MIT */
#include "counter_note.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "process_memory.h"

/* More than any sane file has; nothing read is believed beyond it. */
enum { SEGMENTS_MAX = 64, NOTES_MAX = 16384 };

static uint64_t padded(uint64_t bytes)
{
    return (bytes + 3) & ~UINT64_C(3);
}

/* The notes stand at `address`. */
static uint64_t find_in(const unsigned char *notes, size_t bytes, uint64_t address)
{
    static const char owner[] = HAK_COUNTER_NOTE_OWNER;
    Elf64_Nhdr note;
    for (uint64_t at = 0; at + sizeof note <= bytes;) {
        memcpy(&note, notes + at, sizeof note);
        uint64_t name = at + sizeof note, descriptor = name + padded(note.n_namesz);
        int32_t distance;
        if (descriptor + note.n_descsz > bytes)
            break;
        if (note.n_type == HAK_COUNTER_NOTE_TYPE && note.n_namesz == sizeof owner &&
            note.n_descsz == sizeof distance && memcmp(notes + name, owner, sizeof owner) == 0) {
            memcpy(&distance, notes + descriptor, sizeof distance);
            return address + descriptor + (uint64_t)(int64_t)distance;
        }
        at = descriptor + padded(note.n_descsz);
    }
    return 0;
}

static uint64_t find_in_segment(pid_t pid, const Elf64_Phdr *segment, uint64_t bias)
{
    size_t bytes = segment->p_memsz < NOTES_MAX ? segment->p_memsz : NOTES_MAX;
    unsigned char *notes = malloc(bytes + 1);
    uint64_t found = 0, address = bias + segment->p_vaddr;
    if (notes && process_memory_read(pid, address, notes, bytes))
        found = find_in(notes, bytes, address);
    free(notes);
    return found;
}

/* How much higher the file is mapped than it says; its first page is at `base`. */
static uint64_t bias_of(const Elf64_Phdr *segments, size_t count, uint64_t base)
{
    for (size_t i = 0; i < count; i++) {
        if (segments[i].p_type == PT_LOAD)
            return base - (segments[i].p_vaddr - segments[i].p_offset);
    }
    return base;
}

uint64_t counter_note_find(pid_t pid, uint64_t base)
{
    Elf64_Ehdr header;
    Elf64_Phdr segments[SEGMENTS_MAX];
    if (!process_memory_read(pid, base, &header, sizeof header))
        return 0;
    errno = 0;
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_phentsize != sizeof segments[0] || header.e_phnum > SEGMENTS_MAX ||
        !process_memory_read(pid, base + header.e_phoff, segments,
                             header.e_phnum * sizeof segments[0]))
        return 0;
    uint64_t bias = bias_of(segments, header.e_phnum, base), found = 0;
    for (size_t i = 0; i < header.e_phnum && !found; i++) {
        if (segments[i].p_type == PT_NOTE)
            found = find_in_segment(pid, &segments[i], bias);
    }
    errno = 0;
    return found;
}

static bool read_pages(pid_t pid, uint64_t region, uint32_t count, struct hak_counter_page *sum)
{
    enum { AT_ONCE = 32 };
    unsigned char *pages = malloc((size_t)AT_ONCE * HAK_COUNTER_PAGE_BYTES);
    bool done = pages != NULL;
    memset(sum, 0, sizeof *sum);
    for (uint32_t i = 0; done && i < count; i += AT_ONCE) {
        uint32_t n = count - i < AT_ONCE ? count - i : AT_ONCE;
        uint64_t from = region + HAK_COUNTER_HEADER_BYTES + (uint64_t)i * HAK_COUNTER_PAGE_BYTES;
        done = process_memory_read(pid, from, pages, (size_t)n * HAK_COUNTER_PAGE_BYTES);
        for (uint32_t p = 0; done && p < n; p++) {
            struct hak_counter_page page;
            memcpy(&page, pages + (size_t)p * HAK_COUNTER_PAGE_BYTES, sizeof page);
            counters_add_page(sum, &page);
        }
    }
    free(pages);
    return done;
}

bool counter_note_read(pid_t pid, uint64_t pointer, struct counters_image *image)
{
    uint64_t region;
    if (!process_memory_read(pid, pointer, &region, sizeof region) ||
        !process_memory_read(pid, region, &image->header, sizeof image->header))
        return false;
    if (!counters_check_header(&image->header)) {
        errno = EPROTO;
        return false;
    }
    return read_pages(pid, region, image->header.page_count, &image->sum);
}
