/* SPDX-License-Identifier: MIT */
#include "export_request.h"

#include <string.h>

static const struct {
    int status;
    const char *text;
} texts[] = {
    {200, "200 OK"},
    {400, "400 Bad Request"},
    {404, "404 Not Found"},
    {405, "405 Method Not Allowed"},
    {431, "431 Request Header Fields Too Large"},
    {505, "505 HTTP Version Not Supported"},
};

const char *export_request_status(int status)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].status == status)
            return texts[i].text;
    }
    return "500 Internal Server Error";
}

/* An empty line, whose line before may end with a line feed alone, too. */
static bool is_whole(const char *text, size_t bytes)
{
    for (size_t i = 0; i + 1 < bytes; i++) {
        if (text[i] == '\n' &&
            (text[i + 1] == '\n' || (text[i + 1] == '\r' && i + 2 < bytes && text[i + 2] == '\n')))
            return true;
    }
    return false;
}

static bool begins(const char *text, size_t bytes, const char *with)
{
    size_t length = strlen(with);
    return bytes >= length && memcmp(text, with, length) == 0;
}

/* What stands behind a question mark asks for nothing here. */
static bool is_path(const char *path, size_t bytes, const char *wanted)
{
    const char *question = memchr(path, '?', bytes);
    bytes = question ? (size_t)(question - path) : bytes;
    return bytes == strlen(wanted) && memcmp(path, wanted, bytes) == 0;
}

/* "GET /metrics HTTP/1.1" */
static struct export_request read_line(const char *line, size_t bytes)
{
    struct export_request request = {.status = 400};
    const char *end = line + bytes, *path = memchr(line, ' ', bytes);
    const char *version = path ? memchr(path + 1, ' ', (size_t)(end - path - 1)) : NULL;
    if (!version || memchr(line, '\0', bytes) || path[1] != '/' ||
        !begins(version + 1, (size_t)(end - version - 1), "HTTP/"))
        return request;
    request.is_head = begins(line, bytes, "HEAD ");
    size_t length = (size_t)(version - path - 1);
    request.has_metrics = is_path(path + 1, length, "/metrics");
    if (!begins(version + 1, (size_t)(end - version - 1), "HTTP/1."))
        request.status = 505;
    else if (!request.is_head && !begins(line, bytes, "GET "))
        request.status = 405;
    else
        request.status = request.has_metrics || is_path(path + 1, length, "/") ? 200 : 404;
    return request;
}

struct export_request export_request_read(const char *text, size_t bytes)
{
    struct export_request request = {.status = 0};
    bool is_full = bytes >= EXPORT_REQUEST_BYTES;
    bytes = is_full ? EXPORT_REQUEST_BYTES : bytes;
    if (!is_whole(text, bytes)) {
        request.status = is_full ? 431 : 0;
        return request;
    }
    const char *end = memchr(text, '\n', bytes);
    size_t length = (size_t)(end - text);
    return read_line(text, length > 0 && text[length - 1] == '\r' ? length - 1 : length);
}
