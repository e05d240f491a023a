/* SPDX-License-Identifier: MIT */
/* What an attacker must not know: drawn from the kernel once, before the first block. */
#ifndef HAK_SECRET_H
#define HAK_SECRET_H

#include <stdint.h>

#include "compiler.h"
#include "measures.h"

#include HAK_SEAL

/* Fixed once drawn. */
struct hak_secret {
    uint64_t offset;     /* of a canary's address */
    uint64_t multiplier; /* odd */
} HAK_SEAL_ALIGNED;

extern HAK_HIDDEN struct hak_secret hak_secret;

/* Called once, before any block is handed out. */
void hak_secret_draw(void);

#endif
