/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include "os.h"

struct hak_secret hak_secret;

void hak_secret_draw(void)
{
    hak_os_random(&hak_secret, sizeof(uint64_t[2]));
    hak_secret.multiplier |= 1;
    hak_seal(&hak_secret, sizeof hak_secret);
}
