/* SPDX-License-Identifier: MIT */
/* Of the build: writes the files of analysis/lens/ as C, so that hakmem-trace has them in it. One
 * that can't be read as a lens ends the build. */
#include <stdio.h>
#include <string.h>

#include "lens_rules.h"

enum { TEXT_MAX = 1 << 20 };

static char *read_text(const char *path)
{
    static char text[TEXT_MAX];
    FILE *file = fopen(path, "r");
    size_t count = file ? fread(text, 1, sizeof text, file) : 0;
    if (!file || ferror(file) || fclose(file) || count == sizeof text) {
        fprintf(stderr, "%s: can't be read, or is above 1 MiB\n", path);
        return NULL;
    }
    text[count] = '\0';
    return text;
}

static int write_text(const char *path)
{
    static struct lens lens;
    char why[128], *text = read_text(path);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (!text)
        return -1;
    printf("    {\"%.*s\", (const char[]){", (int)strcspn(name, "."), name);
    for (const char *c = text; *c; c++)
        printf("%d,", *c);
    puts("0}},");
    if (lens_parse(&lens, name, text, why, sizeof why))
        return 0;
    fprintf(stderr, "%s: %s\n", path, why);
    return -1;
}

int main(int count, char **paths)
{
    puts("#include <stddef.h>\n#include \"analysis/attribute/lens_rules.h\"\n"
         "const struct lens_text lens_texts[] = {");
    for (int i = 1; i < count; i++) {
        if (write_text(paths[i]) != 0)
            return 1;
    }
    puts("};\nconst size_t lens_text_count = sizeof lens_texts / sizeof lens_texts[0];");
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
