/* SPDX-License-Identifier: MIT */
/*
 * The chosen level of each factor, the five suspected overheads, `check` and the measures of
 * hardening. Meson defines the paths; every level of a factor has the same
 * inline functions and the same constants, so nothing else in the allocator knows which it is.
 */
#ifndef HAK_FACTORS_H
#define HAK_FACTORS_H

#include "measures.h"

#include HAK_HEADER
#include HAK_CACHE
#include HAK_METADATA
#include HAK_CLASSIFY
#include HAK_FREELIST
#include HAK_CHECK

#include HAK_CANARY
#include HAK_GUARD
#include HAK_QUARANTINE
#include HAK_SEAL
#include HAK_SIZED
#include HAK_SLOTS
#include HAK_ZERO

#endif
