/* SPDX-License-Identifier: MIT */
/* Half a second of the processor, and no malloc. */
#include <time.h>

int main(void)
{
    volatile unsigned long turns = 0;
    while (clock() < CLOCKS_PER_SEC / 2) {
        for (int i = 0; i < 100000; i++)
            turns++;
    }
    return 0;
}
