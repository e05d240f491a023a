/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), for the build: a page's policy names the scripts that may run by it. */
#ifndef ANALYSIS_SHA256_H
#define ANALYSIS_SHA256_H

#include <stddef.h>
#include <stdint.h>

void sha256(const unsigned char *text, size_t length, uint8_t digest[32]);

/* As a policy writes it, in base64 (RFC 4648) with its end. */
void sha256_base64(const uint8_t digest[32], char text[45]);

#endif
