/* SPDX-License-Identifier: MIT */
#include "choices.h"

#include "os.h"

__thread uint64_t hak_random_state __attribute__((tls_model("initial-exec")));

void hak_random_start(void)
{
    hak_os_random(&hak_random_state, sizeof hak_random_state);
}
