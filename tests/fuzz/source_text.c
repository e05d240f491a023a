/* SPDX-License-Identifier: MIT */
/* Lines of a file that a library calls its source: attribute/source_text. The input is the file. */
#include <unistd.h>

#include "attribute/source_text.h"
#include "fuzz.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct source_texts texts = {0};
    time_t written;
    int file = world_file(bytes, count, 0);
    const char *path = world_path(file), *line;
    for (uint64_t number = 0; number < 100; number++) {
        line = source_texts_line(&texts, path, number, &written);
        fuzz_check(!line || (strlen(line) <= count && !strchr(line, '\n') && !strchr(line, '\t')));
    }
    fuzz_check(!source_texts_line(&texts, path, UINT64_MAX, &written));
    fuzz_check(!source_texts_line(&texts, "/dev/zero", 1, &written));
    fuzz_check(!source_texts_line(&texts, "/nosuch", 1, &written));
    source_texts_finish(&texts);
    close(file);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const char usual[] = "int main(void)\n{\n\treturn\t0; \r\n}\n\n  \t\n";
    keep("usual", usual, sizeof usual - 1);
    keep("no_end", "a\nb", 3);
    keep("zeroes", "a\0b\nc\n", 6);
    keep("empty", "", 0);
}
