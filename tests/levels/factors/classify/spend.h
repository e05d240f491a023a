/* SPDX-License-Identifier: MIT */
/*
 * For the tests of hakmem-trace alone: level direct of the factor classify, but for instructions
 * that do nothing, HAK_SPENT of them in every malloc. They wait for nothing, so no other work can
 * run beside them: time in them is time lost.
 */
#ifndef HAK_FACTOR_CLASSIFY_SPEND_H
#define HAK_FACTOR_CLASSIFY_SPEND_H

#define classify_size classify_size_alone
#include "factors/classify/direct.h"
#undef classify_size

static inline bool classify_size(size_t bytes, size_t *size_class)
{
    __asm__ volatile(".rept %c0\n\tnop\n\t.endr" ::"i"(HAK_SPENT));
    return classify_size_alone(bytes, size_class);
}

#endif
