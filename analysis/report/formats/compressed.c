/* SPDX-License-Identifier: MIT */
#include "compressed.h"

#include <errno.h>

/* zlib's own: 15 bits of window, and 16 more ask for gzip's header; 8 of memory. */
enum { WINDOW = 15 + 16, MEMORY = 8, CHUNK = 16384 };

void compressed_start(struct compressed *compressed, FILE *stream)
{
    *compressed = (struct compressed){.stream = stream};
    if (deflateInit2(&compressed->state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW, MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        compressed->error = ENOMEM;
}

static void drain(struct compressed *compressed, int how)
{
    unsigned char chunk[CHUNK];
    z_stream *state = &compressed->state;
    do {
        state->next_out = chunk;
        state->avail_out = sizeof chunk;
        deflate(state, how);
        size_t bytes = sizeof chunk - state->avail_out;
        if (fwrite(chunk, 1, bytes, compressed->stream) != bytes)
            compressed->error = errno ? errno : EIO;
    } while (state->avail_out == 0 && !compressed->error);
}

void compressed_add(struct compressed *compressed, const void *bytes, size_t count)
{
    if (compressed->error)
        return;
    compressed->state.next_in = (Bytef *)bytes;
    compressed->state.avail_in = (uInt)count;
    drain(compressed, Z_NO_FLUSH);
}

int compressed_end(struct compressed *compressed)
{
    if (!compressed->error)
        drain(compressed, Z_FINISH);
    deflateEnd(&compressed->state);
    errno = compressed->error;
    return compressed->error ? -1 : 0;
}
