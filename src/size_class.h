/* SPDX-License-Identifier: MIT */
/*
 * Size classes: 16-byte steps to 128, then 8 a doubling to 8192, and above that 64 KiB / n, so that
 * one slab of 64 KiB serves every class and no block straddles two slabs. Every block size is a
 * multiple of 16; blocks lie at multiples of their size from the slab's start, so a block is
 * aligned to every power of two that divides its size.
 *
 * From 1 KiB on the first class above a power of two (1040, 2112, 4368 bytes) is the largest of
 * which a slab holds only one block less: programs ask for a power of two and a few words of their
 * own, as SQLite does for its pages. The others are multiples of 64, for aligned requests, with
 * little left over at a slab's end.
 */
#ifndef HAK_SIZE_CLASS_H
#define HAK_SIZE_CLASS_H

#include <stddef.h>
#include <stdint.h>

#include "compiler.h"

/* X(class, size of the class below, size), sizes in bytes */
/* clang-format off */
#define HAK_SIZE_CLASSES(X)                                                                        \
    X(0, 0, 16) X(1, 16, 32) X(2, 32, 48) X(3, 48, 64) X(4, 64, 80) X(5, 80, 96)                   \
    X(6, 96, 112) X(7, 112, 128) X(8, 128, 144) X(9, 144, 160) X(10, 160, 176)                     \
    X(11, 176, 192) X(12, 192, 208) X(13, 208, 224) X(14, 224, 240) X(15, 240, 256)                \
    X(16, 256, 288) X(17, 288, 320) X(18, 320, 352) X(19, 352, 384) X(20, 384, 416)                \
    X(21, 416, 448) X(22, 448, 480) X(23, 480, 512) X(24, 512, 576) X(25, 576, 640)                \
    X(26, 640, 704) X(27, 704, 768) X(28, 768, 832) X(29, 832, 896) X(30, 896, 960)                \
    X(31, 960, 1024) X(32, 1024, 1040) X(33, 1040, 1152) X(34, 1152, 1280)                         \
    X(35, 1280, 1408) X(36, 1408, 1536) X(37, 1536, 1664) X(38, 1664, 1792)                        \
    X(39, 1792, 2048) X(40, 2048, 2112) X(41, 2112, 2304) X(42, 2304, 2560)                        \
    X(43, 2560, 2816) X(44, 2816, 3072) X(45, 3072, 3264) X(46, 3264, 3584)                        \
    X(47, 3584, 4096) X(48, 4096, 4368) X(49, 4368, 4672) X(50, 4672, 4992)                        \
    X(51, 4992, 5440) X(52, 5440, 5952) X(53, 5952, 6528) X(54, 6528, 7232)                        \
    X(55, 7232, 8192) X(56, 8192, 9360) X(57, 9360, 10912) X(58, 10912, 13104)                     \
    X(59, 13104, 16384) X(60, 16384, 21840) X(61, 21840, 32768)
/* clang-format on */

enum {
    HAK_CLASSES = 62,
    HAK_SMALL_CLASSES = 40, /* of blocks up to 2 KiB, of which a heap may keep many unused */
    HAK_SLAB_MAX = 32768,   /* the largest request a slab serves, bytes */
    HAK_SLAB_BYTES = 65536, /* a slab, and the unit of the arena */
    HAK_SLAB_SHIFT = 16,
    HAK_GRAIN = 16, /* alignment of every block, bytes */
    HAK_START_BOUND = 1 << 16,
};

extern HAK_HIDDEN const uint32_t hak_class_bytes[HAK_CLASSES];

/* ceil(2^32 / bytes): (offset * this) >> 32 is offset / bytes, and the low 32 bits are below
 * HAK_START_BOUND exactly when bytes divides the offset; both exact for offsets up to 2^16 and
 * sizes up to 2^15. (Lemire, Kaser, Kurz: Faster remainder by direct computation, 2019. With r the
 * remainder and e the inverse's error, below bytes, the low bits are r * this + quotient * e: the
 * second term stays below 2^16, and one step of the first is 2^17 at least.) */
extern HAK_HIDDEN const uint32_t hak_class_inverse[HAK_CLASSES];

/* Class of a request, indexed by (bytes + 15) / 16. */
extern HAK_HIDDEN const uint8_t hak_class_lut[HAK_SLAB_MAX / HAK_GRAIN + 1];

static inline uint32_t hak_block_index(size_t size_class, uint32_t offset)
{
    return (uint32_t)((uint64_t)offset * hak_class_inverse[size_class] >> 32);
}

/* Most blocks in one magazine of the class: 2^k - 1, `slots` at the most, and about 128 KiB of
 * them.
 */
static inline uint32_t hak_class_slots(size_t size_class, uint32_t slots)
{
    while (slots > 1 && slots * hak_class_bytes[size_class] > 2 * HAK_SLAB_BYTES)
        slots /= 2;
    return slots;
}

/* The least class whose blocks hold `bytes` at `alignment` (a power of two), or HAK_CLASSES where
 * none does. Up to 1 KiB every class above a multiple of the alignment is one itself; beyond, a few
 * are passed over. */
static inline size_t hak_class_aligned(size_t bytes, size_t alignment)
{
    if (bytes > HAK_SLAB_MAX || alignment > HAK_SLAB_MAX)
        return HAK_CLASSES;
    size_t rounded =
        (bytes + alignment - 1) & ~(alignment - 1); /* no more than the largest: a power of two */
    size_t size_class = hak_class_lut[(rounded + HAK_GRAIN - 1) / HAK_GRAIN];
    while ((hak_class_bytes[size_class] & (alignment - 1)) != 0)
        size_class++;
    return size_class;
}

static inline int hak_is_block_start(size_t size_class, uint32_t offset)
{
    return offset * hak_class_inverse[size_class] < HAK_START_BOUND;
}

#endif
