/* SPDX-License-Identifier: MIT */
/*
 * What the attributor and its reader say to one another: a request, an answer, each one message of
 * a SOCK_SEQPACKET. A request holds all there is to know, so another reader can answer it as well.
 * An answer may be forged by a file that has taken the reader over: nothing in it is believed
 * before it was checked.
 */
#ifndef ANALYSIS_READER_PROTOCOL_H
#define ANALYSIS_READER_PROTOCOL_H

#include <limits.h>
#include <stdint.h>

enum reader_question {
    READER_FILE,        /* can it be read, has it debug information? */
    READER_CODE,        /* whose is the byte at `offset` */
    READER_BYTES,       /* `count` bytes at `offset` */
    READER_SYMBOL_AT,   /* number `offset` of its function symbols; ENOENT behind the last */
    READER_LISTED_NAME, /* what that list calls the function that has this `name`, too */
    READER_TEXT_LINE,   /* line `offset` of a file of source text */
    READER_CALL_LINE,   /* the line that the byte at `offset` was written in */
    READER_CALL_CHAIN,  /* the functions it stands in, inlined ones first */
    READER_BUILD_ID,    /* of the file, as hexadecimal digits */
    READER_UNWIND       /* the rules by which a frame of the code at `offset` is left */
};

enum { READER_NAME_MOST = 8191, READER_ASKED_MOST = 1023 };

struct reader_request {
    uint32_t question;
    uint32_t is_allocator; /* the file that the reader was started with, whatever the path */
    uint64_t offset;       /* in the file */
    uint32_t count;
    char name[READER_ASKED_MOST + 1]; /* ended */
    char path[PATH_MAX];              /* ended; only as many bytes as it has are sent */
};

/* Of READER_CODE; the other questions have one name at most, which is the first. */
enum {
    READER_SOURCE,
    READER_FUNCTION,
    READER_SOURCE_FILE,
    READER_SYMBOL,
    READER_ROW_FILE,
    READER_ROW_FOLDER,
    READER_NAMES
};
enum { READER_NO_NAME = UINT16_MAX };

struct reader_answer {
    int32_t error; /* errno, or 0 */
    int32_t line, row_line;
    uint64_t low, high; /* the same holds for low <= offset < high; READER_SYMBOL_AT: its code */
    uint64_t address;   /* READER_SYMBOL_AT: as the file's symbols count */
    int64_t written;    /* READER_TEXT_LINE: seconds since 1970, of the file */
    uint8_t is_factor;
    uint8_t is_allocators; /* the code is an allocator's */
    uint8_t is_untold;     /* READER_FILE: see lens_choice */
    uint8_t step;          /* LENS_NO_STEP: none */
    uint8_t lens;          /* number of the file's; 0: none */
    uint8_t has_debug_information;
    uint16_t
        bytes[READER_NAMES]; /* of each name, or READER_NO_NAME; [0] of READER_BYTES; of
                                READER_FRAMES: function, file and line of each, all ended by a zero;
                                of READER_UNWIND: a struct unwind_rules, as far as it is used */
    char text[READER_NAMES * READER_NAME_MOST];
};

/* What the reader says first. */
struct reader_greeting {
    int32_t error;        /* errno: it could not give up what it had, and ends */
    int32_t filter_error; /* errno: its system calls are not filtered */
};

#endif
