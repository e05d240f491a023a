/* SPDX-License-Identifier: MIT */
/* What the level `ring` of the measure quarantine needs besides its header. */
#ifndef HAK_QUARANTINE_SPANS_H
#define HAK_QUARANTINE_SPANS_H

#include <stdint.h>

#include "compiler.h"
#include "size_class.h"

extern HAK_HIDDEN const uint8_t hak_quarantine_mask[HAK_CLASSES];

/* See factors/quarantine/none.h. */
uint32_t hak_quarantine_span(uint32_t unit);
uint32_t hak_quarantine_span_out(void);

#endif
