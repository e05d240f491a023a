/* SPDX-License-Identifier: MIT */
#include "size_class.h"

#include HAK_HEADER

const uint32_t hak_class_bytes[HAK_CLASSES] = {
#define HAK_BYTES(c, below, bytes) [c] = bytes,
    HAK_SIZE_CLASSES(HAK_BYTES)
#undef HAK_BYTES
};

const uint32_t hak_class_inverse[HAK_CLASSES] = {
#define HAK_INVERSE(c, below, bytes) [c] = (uint32_t)(((UINT64_C(1) << 32) + (bytes)-1) / (bytes)),
    HAK_SIZE_CLASSES(HAK_INVERSE)
#undef HAK_INVERSE
};

const uint8_t hak_class_lut[HAK_SLAB_MAX / HAK_GRAIN + 1] = {
/* With a header, the smallest class would have no room for the check factor's mark. */
#define HAK_LEAST(c)             (c) < HAK_HEADER_ROOM ? HAK_HEADER_ROOM : (c)
#define HAK_LUT(c, below, bytes) [(below) / HAK_GRAIN + 1 ...(bytes) / HAK_GRAIN] = HAK_LEAST(c),
    HAK_SIZE_CLASSES(HAK_LUT)
#undef HAK_LUT
};
