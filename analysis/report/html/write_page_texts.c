/* SPDX-License-Identifier: MIT */
/*
 * Of the build: writes the style and the scripts of the pages as C, as they stand in their
 * elements. page_dark.css becomes html_page_dark_css; of a script there is its digest, too:
 * html_page_js_sha256. CDATA is hidden in comments: XML reads the text as it is, and HTML does so
 * anyway. A text that would end the element it stands in ends the build.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sha256.h"

enum { TEXT_MAX = 1 << 18 };

static char *read_text(const char *path)
{
    static char text[TEXT_MAX];
    FILE *file = fopen(path, "r");
    size_t count = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (!file || ferror(file) || fclose(file) || count == sizeof text - 1) {
        fprintf(stderr, "%s: can't be read, or is above 256 KiB\n", path);
        return NULL;
    }
    text[count] = '\0';
    if (!strstr(text, "]]>") && !strstr(text, "</") && !strstr(text, "<!--"))
        return text;
    fprintf(stderr, "%s: has ]]>, </ or <!--, which would end the element it is in\n", path);
    return NULL;
}

static void write_name(const char *name)
{
    printf("const char html_%.*s_%s", (int)strcspn(name, "."), name, strchr(name, '.') + 1);
}

static int write_text(const char *path)
{
    static char whole[TEXT_MAX + 64];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    bool is_script = strcmp(strchr(name, '.') + 1, "js") == 0;
    char *text = read_text(path);
    if (!text)
        return -1;
    snprintf(whole, sizeof whole, is_script ? "//<![CDATA[\n%s//]]>" : "/*<![CDATA[*/\n%s/*]]>*/",
             text);
    write_name(name);
    printf("[] = {");
    for (const char *c = whole; *c; c++)
        printf("%d,", (signed char)*c);
    puts("0};");
    if (is_script) {
        uint8_t digest[32];
        char base64[45];
        sha256((const unsigned char *)whole, strlen(whole), digest);
        sha256_base64(digest, base64);
        write_name(name);
        printf("_sha256[] = \"%s\";\n", base64);
    }
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
