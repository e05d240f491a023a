/* SPDX-License-Identifier: MIT */
/* The little of HTTP/1.1 that scraping takes (RFC 9112): one request a connection, none with a
 * body. Whatever else comes is refused. */
#ifndef ANALYSIS_EXPORT_REQUEST_H
#define ANALYSIS_EXPORT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum { EXPORT_REQUEST_BYTES = 4096 };

struct export_request {
    int status;       /* 200, 400, 404, 405, 431, 505; 0: more is to come */
    bool has_metrics; /* of 200: /metrics, else the page that leads there */
    bool is_head;
};

/* Of what has come so far; EXPORT_REQUEST_BYTES is all that is looked at. */
struct export_request export_request_read(const char *text, size_t bytes);

/* "404 Not Found". */
const char *export_request_status(int status);

#endif
