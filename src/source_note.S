/* SPDX-License-Identifier: MIT */
/*
 * The note of sources. The library is linked twice: first with an empty note, whose debug information
 * is then read, and again with what was read (HAK_SOURCE_NOTE_BYTES). Nothing else differs, and the
 * note is the last thing in memory, or not in memory at all, so no address does.
 */
#include "source_note_layout.h"

    .section HAK_SOURCE_NOTE_SECTION, HAK_SOURCE_NOTE_FLAGS, %note
    .balign 4
    .long 2f - 1f
    .long 4f - 3f
    .long HAK_SOURCE_NOTE_TYPE
1:
    .asciz HAK_SOURCE_NOTE_OWNER
2:
    .balign 4
3:
#ifdef HAK_SOURCE_NOTE_BYTES
#include HAK_SOURCE_NOTE_BYTES
#endif
4:
    .balign 4

/* Stands before the note in its segment: where somebody removes the note, the segment must not be left
 * empty, for then strip makes one of it that can't be loaded. */
    .section .hakmem.footing, HAK_SOURCE_NOTE_FLAGS, %progbits
    .long 0

    .section .note.GNU-stack, "", %progbits
