/* SPDX-License-Identifier: MIT */
/*
 * The layout of libhakmem.so's note of sources: which source each byte of its code was written in,
 * as its debug information tells it. Stripping a library takes its debug information and leaves
 * this. The build writes it (source_note.S, analysis/attribute/source_note_encode.c); hakmem-trace
 * reads it. This header depends on nothing.
 *
 * It is an ELF note of the section HAK_SOURCE_NOTE_SECTION, whose owner and type are those below.
 * What it describes has no alignment; numbers are little-endian, or varints: seven bits a byte, the
 * lowest first, the top bit set in every byte but the last.
 *
 *     | header | names | places | pieces |
 *
 *      0  4 bytes  version
 *      4  4        bytes of the names
 *      8  4        number of places
 *     12  4        number of pieces
 *     16  8        address of the code, as the file's symbols count
 *     24  8        bytes of the code
 *     32  8        FNV-1a of the code: a note that belongs to other code is no note
 *     40           names: each ends with a zero byte
 *
 * A place is a function and the file it was written in: two varints, each the offset of a name and
 * one, or 0 for none. The function is the innermost inlined one that has a source; the file is cut
 * to what names its source: `factors/cache/magazine.h`, `refill.c`.
 *
 * Pieces follow one another from the code's first byte to its last, and nothing follows them. A
 * piece is two varints: the number of its place and one, or 0 where debug information covers no
 * code, and its bytes. An empty note, without even a header, says that there was no debug
 * information.
 */
#ifndef HAK_SOURCE_NOTE_LAYOUT_H
#define HAK_SOURCE_NOTE_LAYOUT_H

#define HAK_SOURCE_NOTE_SECTION ".note.hakmem.sources"
#define HAK_SOURCE_NOTE_OWNER   "hakmem"
#define HAK_SOURCE_NOTE_TYPE    1
#define HAK_SOURCE_NOTE_VERSION 1

#define HAK_SOURCE_NOTE_HEADER_BYTES 40

/* FNV-1a of 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
#define HAK_SOURCE_NOTE_HASH_START 0xcbf29ce484222325
#define HAK_SOURCE_NOTE_HASH_PRIME 0x100000001b3

#endif
