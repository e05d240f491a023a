/* SPDX-License-Identifier: MIT */
#include "sha256.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64 };

/* The first 32 bits of the fractional part of a root of a prime: FIPS 180-4, 4.2.2 and 5.3.3. */
static uint32_t fraction(long double root)
{
    return (uint32_t)((root - floorl(root)) * 4294967296.0L);
}

static void constants(uint32_t k[ROUNDS], uint32_t h[8])
{
    for (int count = 0, number = 2; count < ROUNDS; number++) {
        int divisor = 2;
        while (divisor * divisor <= number && number % divisor != 0)
            divisor++;
        if (divisor * divisor <= number)
            continue;
        if (count < 8)
            h[count] = fraction(sqrtl(number));
        k[count++] = fraction(cbrtl(number));
    }
}

static uint32_t right(uint32_t word, int bits)
{
    return word >> bits | word << (32 - bits);
}

static void schedule(const unsigned char *block, uint32_t w[ROUNDS])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < ROUNDS; i++) {
        uint32_t s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress(const unsigned char *block, const uint32_t k[ROUNDS], uint32_t h[8])
{
    uint32_t w[ROUNDS], v[8];
    schedule(block, w);
    memcpy(v, h, sizeof v);
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t s1 = right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25);
        uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
        uint32_t s0 = right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22);
        uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

void sha256(const unsigned char *text, size_t length, uint8_t digest[32])
{
    uint32_t k[ROUNDS], h[8];
    unsigned char last[2 * BLOCK] = {0};
    size_t whole = length / BLOCK * BLOCK, rest = length - whole;
    size_t padded = rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
    constants(k, h);
    for (size_t at = 0; at < whole; at += BLOCK)
        compress(text + at, k, h);
    memcpy(last, text + whole, rest);
    last[rest] = 0x80;
    for (int i = 0; i < 8; i++)
        last[padded - 1 - (size_t)i] = (unsigned char)((uint64_t)length * 8 >> 8 * i);
    for (size_t at = 0; at < padded; at += BLOCK)
        compress(last + at, k, h);
    for (int i = 0; i < 32; i++)
        digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_base64(const uint8_t digest[32], char text[45])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 43; i++) {
        int bit = 6 * i, byte = bit / 8;
        unsigned pair = (unsigned)digest[byte] << 8 | (byte + 1 < 32 ? digest[byte + 1] : 0u);
        text[i] = letters[pair >> (10 - bit % 8) & 63];
    }
    memcpy(text + 43, "=", 2);
}
