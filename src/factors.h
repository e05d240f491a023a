/* SPDX-License-Identifier: MIT */
/*
 * The chosen level of each factor. Meson defines the paths; every level of a factor has the same
 * inline functions and the same constants, so nothing else in the allocator knows which it is.
 */
#ifndef HAK_FACTORS_H
#define HAK_FACTORS_H

#include HAK_HEADER
#include HAK_CACHE
#include HAK_METADATA
#include HAK_CLASSIFY
#include HAK_FREELIST
#include HAK_CHECK

#endif
