/* SPDX-License-Identifier: MIT */
/* A connection to `export`: a request comes, an answer goes, and it is closed. Nothing waits for
 * the other side, and what it may take of memory and time is bounded. */
#ifndef ANALYSIS_EXPORT_CLIENT_H
#define ANALYSIS_EXPORT_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "export_request.h"

/* Seconds from connecting to the last byte. */
#define EXPORT_CLIENT_S 10

/* What is sent, by as many clients as want it. */
struct export_page {
    char *text;
    size_t bytes;
    size_t users; /* released with the last */
};

void export_page_release(struct export_page *page);

struct export_client {
    int socket; /* -1: this place is free */
    double began_s;
    char request[EXPORT_REQUEST_BYTES];
    size_t received;
    char head[512]; /* of the answer; with a small body */
    size_t head_bytes;
    struct export_page *page; /* what follows it; NULL: nothing */
    size_t sent;              /* of both */
};

void export_client_open(struct export_client *client, int socket);
void export_client_close(struct export_client *client);

/* What poll(2) is to wait for. */
short export_client_events(const struct export_client *client);

/* Reads or writes what can be. `make` gives the page of metrics, with one more user; NULL: memory
 * is out. The connection is closed when it is done, or hopeless. */
void export_client_go_on(struct export_client *client, struct export_page *(*make)(void *context),
                         void *context, const char *content_type);

#endif
