/* SPDX-License-Identifier: MIT */
#include "html_text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FORMATTED_MAX = 1024 };

/* How many bytes the character takes; 0 where these are no UTF-8 (RFC 3629). */
static size_t decode(const unsigned char *text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = *text < 0x80 ? 1 : *text < 0xc2 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : 4;
    if (length == 0 || *text > 0xf4)
        return 0;
    *code = length == 1 ? *text : *text & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (text[i] & 0x3f);
    }
    bool is_surrogate = *code >= 0xd800 && *code < 0xe000;
    return *code < least[length] || *code > 0x10ffff || is_surrogate ? 0 : length;
}

static bool turns_direction(uint32_t code)
{
    return code == 0x200e || code == 0x200f || code == 0x61c ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_no_character(uint32_t code)
{
    return (code >= 0x80 && code < 0xa0) || (code & 0xfffe) == 0xfffe ||
           (code >= 0xfdd0 && code <= 0xfdef) || code == 0x2028 || code == 0x2029;
}

static void put(FILE *stream, const unsigned char *text, size_t length, uint32_t code)
{
    const char *entity = code == '&'    ? "&amp;"
                         : code == '<'  ? "&lt;"
                         : code == '>'  ? "&gt;"
                         : code == '"'  ? "&quot;"
                         : code == '\'' ? "&#39;"
                                        : NULL;
    if (entity)
        fputs(entity, stream);
    else if (code < 0x20 || code == 0x7f)
        fprintf(stream, "\\x%02x", code);
    else if (turns_direction(code) || is_no_character(code))
        fprintf(stream, "\\u{%x}", code);
    else
        fwrite(text, 1, length, stream);
}

static void span(FILE *stream, const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        uint32_t code = 0;
        size_t bytes = decode(at, &code); /* the text's last byte ends any */
        if (bytes)
            put(stream, at, bytes, code);
        else
            fprintf(stream, "\\x%02x", *at);
        at += bytes ? bytes : 1;
    }
}

void html_text(FILE *stream, const char *text)
{
    if (text)
        span(stream, text, strlen(text));
}

void html_format(FILE *stream, const char *format, ...)
{
    char text[FORMATTED_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < FORMATTED_MAX) {
        html_text(stream, text);
        return;
    }
    size_t end = FORMATTED_MAX - 1; /* not within a character */
    while (end > 0 && ((unsigned char)text[end - 1] & 0xc0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)text[end - 1] >= 0xc0)
        end--;
    text[end] = '\0';
    html_text(stream, text);
    fputs("…", stream);
}

char *html_words(char *const *words, const char *after, const char *last)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        return NULL;
    for (size_t i = 0; words[i]; i++)
        fprintf(stream, "%s%s", i ? " " : "", words[i]);
    fprintf(stream, "%s%s", after ? after : "", last ? last : "");
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    for (char *c = text; *c; c++) {
        if (*c == '\n' || *c == '\t' || *c == '\r')
            *c = ' ';
    }
    return text;
}

static void word(FILE *stream, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+=./,:@%^";
    if (*text && text[strspn(text, plain)] == '\0') {
        html_text(stream, text);
        return;
    }
    fputs("&#39;", stream);
    while (*text) {
        size_t length = strcspn(text, "'\n");
        span(stream, text, length);
        text += length;
        if (*text == '\'')
            fputs("&#39;\\&#39;&#39;", stream);
        else if (*text)
            fputc('\n', stream);
        text += *text != '\0';
    }
    fputs("&#39;", stream);
}

void html_command(FILE *stream, char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        if (i > 0)
            fputc(' ', stream);
        word(stream, words[i]);
    }
}
