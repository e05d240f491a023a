/* SPDX-License-Identifier: MIT */
/* Functions that a request, or a block that comes back, may be routed to: see the factor classify.
 */
#ifndef HAK_ROUTES_H
#define HAK_ROUTES_H

#include <stddef.h>

typedef void *hak_malloc_handler(size_t size_class, size_t bytes);
typedef void hak_free_handler(void *block, size_t size_class);

#endif
