/* SPDX-License-Identifier: MIT */
#include "contents.h"

#include <stdbool.h>
#include <string.h>

enum {
    PIECE = 4096,
    WHOLE_MAX = 256 << 10,
    PART = 32, /* bytes of a piece of a longer block */
    PIECES_MAX = 2048,
    STEP_VALUE = 31, /* from one piece's value to the next's: odd, so 256 pieces differ */
};

/* From one piece that is looked at to the next. */
static size_t stride_of(size_t filled)
{
    size_t pieces = filled / PIECE / PIECES_MAX;
    return pieces > 1 ? pieces * PIECE : PIECE;
}

/* Bytes of the piece at `offset` that are looked at. */
static size_t part_of(size_t offset, size_t filled)
{
    size_t rest = filled - offset < PIECE ? filled - offset : PIECE;
    bool whole = filled <= WHOLE_MAX || offset + PIECE >= filled;
    return whole || rest < PART ? rest : PART;
}

static unsigned char value_at(size_t offset, unsigned char mark)
{
    return (unsigned char)(mark + offset / PIECE * STEP_VALUE);
}

void contents_fill(unsigned char *block, size_t bytes, unsigned char mark)
{
    for (size_t offset = 0; offset < bytes; offset += stride_of(bytes))
        memset(block + offset, value_at(offset, mark), part_of(offset, bytes));
}

static ptrdiff_t check_piece(const unsigned char *block, size_t offset, size_t bytes,
                             unsigned char value)
{
    const unsigned char *piece = block + offset;
    if (piece[0] == value && memcmp(piece, piece + 1, bytes - 1) == 0)
        return CONTENTS_RIGHT;
    size_t i = 0;
    while (piece[i] == value)
        i++;
    return (ptrdiff_t)(offset + i);
}

ptrdiff_t contents_check(const unsigned char *block, size_t bytes, size_t filled,
                         unsigned char mark)
{
    for (size_t offset = 0; offset < bytes; offset += stride_of(filled)) {
        size_t part = part_of(offset, filled);
        if (part > bytes - offset)
            part = bytes - offset;
        ptrdiff_t wrong = check_piece(block, offset, part, value_at(offset, mark));
        if (wrong != CONTENTS_RIGHT)
            return wrong;
    }
    return CONTENTS_RIGHT;
}

ptrdiff_t contents_check_zero(const unsigned char *block, size_t bytes)
{
    for (size_t offset = 0; offset < bytes; offset += stride_of(bytes)) {
        size_t part = bytes - offset < PIECE ? bytes - offset : PIECE;
        ptrdiff_t wrong = check_piece(block, offset, part, 0);
        if (wrong != CONTENTS_RIGHT)
            return wrong;
    }
    return CONTENTS_RIGHT;
}

size_t contents_resident(size_t bytes)
{
    return bytes < PIECES_MAX * PIECE ? bytes : PIECES_MAX * PIECE;
}
