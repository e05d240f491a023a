/* SPDX-License-Identifier: MIT */
/* Of the build: writes the style and the script of the pages as C. page_dark.css becomes
 * html_page_dark_css. A text that would end the element it stands in ends the build. */
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 18 };

static int write_text(const char *path)
{
    static char text[TEXT_MAX];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    FILE *file = fopen(path, "r");
    size_t count = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (!file || ferror(file) || fclose(file) || count == sizeof text - 1) {
        fprintf(stderr, "%s: can't be read, or is above 256 KiB\n", path);
        return -1;
    }
    text[count] = '\0';
    if (strstr(text, "]]>") || strstr(text, "</") || strstr(text, "<!--")) {
        fprintf(stderr, "%s: has ]]>, </ or <!--, which would end the element it is in\n", path);
        return -1;
    }
    printf("const char html_%.*s_%s[] = {", (int)strcspn(name, "."), name, strchr(name, '.') + 1);
    for (const char *c = text; *c; c++)
        printf("%d,", (signed char)*c);
    puts("0};");
    return 0;
}

int main(int count, char **paths)
{
    puts("#include \"analysis/report/html/page_texts.h\"");
    for (int i = 1; i < count; i++) {
        if (!strchr(paths[i], '.') || write_text(paths[i]) != 0)
            return 1;
    }
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
