/* SPDX-License-Identifier: MIT */
/* What is known of the allocator that is asked about, and of others that were met. */
#include "attribute.h"

#include "attribute_state.h"
#include "lens.h"

bool attributor_has_debug_information(const struct attributor *attributor)
{
    return attributor && attributor->has_debug_information;
}

bool attributor_is_separated(const struct attributor *attributor)
{
    return attributor && attributor->allocator && !attributor->is_untold;
}

const char *attributor_debug_package(const struct attributor *attributor)
{
    const struct lens *lens = attributor_lens(attributor);
    return lens && !attributor_has_debug_information(attributor) ? lens_debug_package(lens) : NULL;
}

const struct lens *attributor_lens(const struct attributor *attributor)
{
    return attributor ? attributor->lens : NULL;
}

const char *attributor_other(const struct attributor *attributor, size_t index, const char **path)
{
    for (size_t i = 0; attributor && i < attributor->paths.bucket_count; i++) {
        for (struct pooled_name *name = attributor->paths.buckets[i]; name; name = name->next) {
            const struct mapped_file *file = name->value;
            if (!file || !file->other || index-- > 0)
                continue;
            *path = file->path;
            return file->other;
        }
    }
    return NULL;
}
