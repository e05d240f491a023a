/* SPDX-License-Identifier: MIT */
/*
 * From a sampled address to the source it belongs to.
 *
 * An address in the allocator's library belongs to the innermost inlined function that was written
 * in src/factors/<factor>/: that factor. Where there is none, to the innermost function's file: its
 * source is the file's stem (fast_path, refill, slab, remote, arena, os, ...). No table of names:
 * the folders are the table. Of other allocators a source is a step, told by their lens (lens.h);
 * one for which there is no lens is divided by its files.
 *
 * Files are read by another process that may do nothing else (reader.h): a hostile file costs its
 * names at most. Every answer is kept with the range of code it holds for.
 */
#ifndef ANALYSIS_ATTRIBUTE_H
#define ANALYSIS_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum attribution_domain {
    ATTRIBUTED_APPLICATION, /* the program and its libraries */
    ATTRIBUTED_ALLOCATOR,   /* the preloaded (or named) allocator's code, or another's */
    ATTRIBUTED_UNKNOWN,     /* no mapping covers the address */
};

struct attribution {
    enum attribution_domain domain;
    bool is_factor;     /* source is one of the factors, or a step that is called like one */
    const char *source; /* "cache", "refill", "application", ...; never NULL */
    const char *other;  /* the allocator it is of, where that is not the one asked about; or NULL */
    const char *step;   /* which step of a malloc it is, by the allocator's lens; or NULL */
    const char *function;   /* innermost (inlined) function, or NULL where unknown */
    const char *file;       /* file it was written in, or NULL */
    int line;               /* 0 where unknown */
    const char *row_file;   /* by the line table, whoever inlined it; NULL where unknown */
    const char *row_folder; /* what row_file is relative to, if it is; or NULL */
    int row_line;
};

/* A function of the allocator's library. */
struct attributed_function {
    const char *name;
    uint64_t address; /* as the library's symbols count */
    uint64_t offset;  /* in its file */
    uint64_t bytes;   /* above 0 */
};

struct attributor;
struct unwind_input;
struct lens;

/* `allocator`: path of the allocator's library, or NULL: everything is application. One that the
 * invoking user may not read, or that stops its reader, has no names (attributor_note).
 * Returns NULL with errno set on failure. Forks: to be called before there are threads, and better
 * before anything privileged is open. */
struct attributor *attributor_create(const char *allocator);
void attributor_destroy(struct attributor *attributor);

/* Mappings under this path are of the allocator, whatever stands there now: of a process that runs
 * in another mount namespace, or whose library was removed. -1 with errno. */
int attributor_name(struct attributor *attributor, const char *path);

/* Mappings of executable memory, as perf's MMAP2 records tell them. Paths are copied. */
int attributor_map(struct attributor *attributor, pid_t pid, uint64_t start, uint64_t length,
                   uint64_t offset, const char *path);
void attributor_fork(struct attributor *attributor, pid_t parent,
                     pid_t child);                              /* child inherits the maps */
void attributor_exec(struct attributor *attributor, pid_t pid); /* all maps are gone */

/* Never fails; the result lives as long as the attributor. Cached for each (module, address). */
const struct attribution *attributor_resolve(struct attributor *attributor, pid_t pid,
                                             uint64_t address);

/* The same for a place that attributor_place told. */
const struct attribution *attributor_resolve_place(struct attributor *attributor, const char *path,
                                                   uint64_t offset);

/* The function that the address lies in, whatever is inlined there: the name of its symbol, which
 * is one pointer as long as the attributor lives; NULL where there is none. */
const char *attributor_symbol(struct attributor *attributor, pid_t pid, uint64_t address);

/* Where in the allocator's file the address is. False where it is in another file or in none. */
bool attributor_locate(struct attributor *attributor, pid_t pid, uint64_t address,
                       uint64_t *offset);

/* The file that the address lies in, as it was mapped, and where in it. False where in none. The
 * path lives as long as the attributor. */
bool attributor_place(struct attributor *attributor, pid_t pid, uint64_t address, const char **path,
                      uint64_t *offset);

/* Where the thread of a process is and its functions return to, as unwind() tells it by the rules
 * of the files that are mapped there. */
size_t attributor_unwind(struct attributor *attributor, pid_t pid, const struct unwind_input *input,
                         uint64_t *addresses, size_t most);

/* The line that a byte of code was written in, of any file, for the few places that a report shows.
 * The name lives as long as the attributor. False where the debug information, the file's own or a
 * separate one's, does not tell. */
bool attributor_call_line(struct attributor *attributor, const char *path, uint64_t offset,
                          const char **file, int *line);

/* A mapping as the process has it. */
struct attributed_mapping {
    const char *path; /* as of attributor_place */
    uint64_t start, end;
    uint64_t offset; /* of `start` in the file */
};

/* False where none covers the address. */
bool attributor_mapping(struct attributor *attributor, pid_t pid, uint64_t address,
                        struct attributed_mapping *mapping);

/* A function that a byte of code is of, or was inlined into. */
struct attributed_call {
    const char *function; /* NULL in no case */
    const char *file;     /* NULL: not known */
    int line;             /* 0: not known */
};

/* The functions that a byte of code is of, of any file, the innermost inlined one first, for the
 * places that a report shows. Names live as long as the attributor. How many, at most `most`: 0
 * where debug information does not tell. */
size_t attributor_call_chain(struct attributor *attributor, const char *path, uint64_t offset,
                             struct attributed_call *calls, size_t most);

/* In hexadecimal digits; lives as long as the attributor. NULL where the file has none. */
const char *attributor_build_id(struct attributor *attributor, const char *path);

/* Every function of the allocator's library, in order of address; the list is the caller's, its
 * names the attributor's. NULL with errno. */
struct attributed_function *attributor_functions(struct attributor *attributor, size_t *count);

/* A function may have several names: the one it has in that list; NULL where none is called so. */
const char *attributor_listed_name(struct attributor *attributor, const char *name);

/* The line (the first is 1) of a source file without the blanks around it, as long as the
 * attributor lives, and when the file was `written`. A relative `file` is relative to `folder` (or
 * NULL). NULL where the file can't be found or read, is no regular one or above 4 MiB, or has no
 * such line. */
const char *attributor_source_line(struct attributor *attributor, const char *folder,
                                   const char *file, int line, time_t *written);

/* What follows may be asked of NULL, too: of nothing, nothing is known. */

/* True when the allocator's library has debug information, in it or beside it, or else the note of
 * sources that libhakmem.so carries (src/source_note_layout.h), which tells the same but lines.
 * Otherwise attribution is by function symbol and `source` is "allocator". */
bool attributor_has_debug_information(const struct attributor *attributor);

/* The allocator's code is told from other code. False also where it is a part of a file, as of
 * libc, that does not name its functions. */
bool attributor_is_separated(const struct attributor *attributor);

/* The package that has the debug information of the allocator, where it is missing and that is
 * known; else NULL. */
const char *attributor_debug_package(const struct attributor *attributor);

/* Other allocators of whose code addresses were resolved: linked into the program, or in a library.
 * NULL behind the last. */
const char *attributor_other(const struct attributor *attributor, size_t index, const char **path);

/* NULL where there is none. */
const struct lens *attributor_lens(const struct attributor *attributor);
/* How many bytes there are at `offset` in the file, at most `most`, which is at most 256; 0 where
 * it can't be read. What the kernel maps as [vdso] is the same in this process. */
size_t attributor_code(struct attributor *attributor, const char *path, uint64_t offset,
                       uint8_t *bytes, size_t most);

/* What became of files whose reading went wrong, a sentence each, with the name as it is: NULL
 * behind the last. */
const char *attributor_note(const struct attributor *attributor, size_t index);

/* Processor time so far of the process that reads. */
double attributor_cpu_seconds(const struct attributor *attributor);

#endif
