/* SPDX-License-Identifier: MIT */
#include "sample_stack.h"

#include <string.h>

#include "compiler.h"
#include "follow_layout.h"
#include "os.h"
#include "os_file.h"
#include "own_registers.h"

/* Of the linker: our code where libhakmem.a is a part of the program (one_object.sh), else all of
 * this library's. */
extern const char __start_hakmem_text[] __attribute__((weak, visibility("hidden")));
extern const char __stop_hakmem_text[] __attribute__((weak, visibility("hidden")));
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[] __attribute__((visibility("hidden")));

enum { STACK_PAGE = 4096, FRAMES_OWN = 16, MAPS_LINE = 512 };

/* What a function saves first, on both processors. */
struct frame {
    uintptr_t caller; /* its frame */
    uintptr_t back;   /* where it goes on */
};

static bool is_own(uintptr_t address)
{
    uintptr_t start = (uintptr_t)__start_hakmem_text, end = (uintptr_t)__stop_hakmem_text;
    if (start == 0) {
        start = (uintptr_t)__ehdr_start;
        end = (uintptr_t)etext;
    }
    return address - start < end - start;
}

/* A program's own frame pointer may be any number. No frame below it, none astride of a page, and
 * none on a page further up than the next frame known to be there. */
static bool is_near(uintptr_t frame, uintptr_t known)
{
    return frame > known && frame % sizeof(void *) == 0 &&
           (frame + sizeof(struct frame) - 1) / STACK_PAGE == known / STACK_PAGE;
}

/* Our own functions keep frame pointers (src/meson.build) and have small frames. Where the linker
 * can't tell our code from the program's, theirs look the same, with any number for a frame. */
static bool is_frame_of_ours(uintptr_t frame, uintptr_t known)
{
    return frame > known && frame - known < STACK_PAGE && frame % sizeof(void *) == 0;
}

HAK_NOINLINE size_t hak_sample_callers(uintptr_t *addresses, size_t most)
{
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0), own = 0;
    size_t count = 0;
    for (int i = 0; i < FRAMES_OWN && count < most; i++) {
        const struct frame *at = (const struct frame *)frame;
        if (!is_own(at->back))
            addresses[count++] = at->back;
        else if (count > 0)
            break;
        else
            own = at->back;
        if (count > 0 ? !is_near(at->caller, frame) : !is_frame_of_ours(at->caller, frame))
            break;
        frame = at->caller;
    }
    if (count == 0 && own != 0)
        addresses[count++] = own;
    return count;
}

HAK_NOINLINE size_t hak_sample_copy_stack(uint64_t *registers, void *to, size_t bytes)
{
    memset(registers, 0, FOLLOW_REGISTERS * sizeof *registers);
    HAK_STORE_REGISTERS(registers);
    return hak_os_copy_own(to, registers[FOLLOW_SP], bytes);
}

/* /proc/self/maps, a line after the other. */
struct maps {
    long file;
    size_t used, place;
    char text[2 * MAPS_LINE];
};

static void maps_open(struct maps *maps)
{
    maps->file = hak_os_file_open("/proc/self/maps");
    maps->used = maps->place = 0;
}

/* With its end, cut where it is longer; NULL: that was the last. */
static const char *maps_next(struct maps *maps, size_t *bytes)
{
    char *start = maps->text + maps->place, *end;
    while (!(end = memchr(start, '\n', maps->used - maps->place))) {
        memmove(maps->text, start, maps->used - maps->place);
        maps->used -= maps->place;
        maps->place = 0;
        start = maps->text;
        if (maps->used == sizeof maps->text) { /* a long name's middle is left out */
            maps->used = MAPS_LINE;
        }
        long got =
            hak_os_file_read(maps->file, maps->text + maps->used, sizeof maps->text - maps->used);
        if (got <= 0)
            return NULL;
        maps->used += (size_t)got;
    }
    *bytes = (size_t)(end + 1 - start);
    maps->place = (size_t)(end + 1 - maps->text);
    return start;
}

/* "55d0c0000000-55d0c0001000 r-xp 00002000 08:01 123 ... /usr/bin/true" */
static uint64_t hexadecimal(const char **text)
{
    uint64_t number = 0;
    for (;; ++*text) {
        unsigned digit = (unsigned char)**text;
        digit = digit - '0' < 10 ? digit - '0' : digit - 'a' < 6 ? digit - 'a' + 10 : 16;
        if (digit == 16)
            return number;
        number = number * 16 + digit;
    }
}

struct mapping {
    uint64_t start, end, offset;
    bool is_code;
};

static struct mapping parse(const char *line)
{
    struct mapping mapping = {.start = hexadecimal(&line)};
    if (*line++ != '-')
        return mapping;
    mapping.end = hexadecimal(&line);
    if (*line++ != ' ')
        return mapping;
    mapping.is_code = line[2] == 'x';
    line += sizeof "r-xp";
    mapping.offset = hexadecimal(&line);
    return mapping;
}

size_t hak_sample_code_maps(char *to, size_t bytes)
{
    struct maps maps;
    const char *line;
    size_t used = 0, length;
    maps_open(&maps);
    if (maps.file < 0)
        return 0;
    while ((line = maps_next(&maps, &length)) && used + length <= bytes) {
        if (!parse(line).is_code)
            continue;
        memcpy(to + used, line, length);
        used += length;
    }
    hak_os_file_close(maps.file);
    return used;
}

bool hak_sample_module(uintptr_t address, char *name, size_t bytes, uint64_t *offset)
{
    struct maps maps;
    const char *line;
    size_t length;
    bool is_found = false;
    maps_open(&maps);
    while (maps.file >= 0 && !is_found && (line = maps_next(&maps, &length))) {
        struct mapping mapping = parse(line);
        const char *path = memchr(line, '/', length);
        is_found = mapping.start <= address && address < mapping.end && path;
        if (!is_found)
            continue;
        length -= (size_t)(path + 1 - line); /* without the line's end */
        length = length < bytes - 1 ? length : bytes - 1;
        memcpy(name, path, length);
        name[length] = '\0';
        *offset = address - mapping.start + mapping.offset;
    }
    if (maps.file >= 0)
        hak_os_file_close(maps.file);
    return is_found;
}
