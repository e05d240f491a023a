/* SPDX-License-Identifier: MIT */
#include "clean_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 sequence that begins here; 0: none does. Neither more bytes than needed nor
 * surrogates (RFC 3629, section 4). */
static size_t sequence(const unsigned char *at)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t count = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : 4;
    if (count == 1)
        return 1;
    if (count == 4 && at[0] >> 3 != 30)
        return 0;
    uint32_t code = at[0] & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        code = code << 6 | (at[i] & 0x3f);
    }
    bool is_surrogate = code >= 0xd800 && code < 0xe000;
    return code < least[count] || is_surrogate || code > 0x10ffff ? 0 : count;
}

/* C0, DEL, and C1, whose UTF-8 is c2 80 to c2 9f; U+2028 and U+2029 end lines, too. */
static bool is_control(const unsigned char *at)
{
    return at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0) ||
           (at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9));
}

const char *clean_text(const char *text, const char *special, char clean[CLEAN_TEXT_BYTES])
{
    enum { WIDEST = 4 };
    size_t used = 0;
    const unsigned char *at = (const unsigned char *)text;
    while (*at && used + WIDEST < CLEAN_TEXT_BYTES) {
        size_t bytes = sequence(at);
        if (bytes && !is_control(at) && !strchr(special, *at)) {
            memcpy(clean + used, at, bytes);
            used += bytes;
            at += bytes;
        } else {
            used += (size_t)sprintf(clean + used, "\\x%02x", *at++);
        }
    }
    clean[used] = '\0';
    return clean;
}
