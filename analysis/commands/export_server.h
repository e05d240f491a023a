/* SPDX-License-Identifier: MIT */
/* Answers GET /metrics by HTTP: one thread, few connections at a time, of which the oldest goes
 * where a new one finds no place. */
#ifndef ANALYSIS_EXPORT_SERVER_H
#define ANALYSIS_EXPORT_SERVER_H

#include <stdio.h>

#include "export_client.h"

enum { EXPORT_CLIENTS = 16 };

struct export_server {
    int socket; /* -1: none */
    struct export_client clients[EXPORT_CLIENTS];
    void (*write)(void *context, FILE *stream); /* the metrics as they are now */
    void *context;
    const char *content_type;
    struct export_page *page; /* the last one made */
    double made_s;
};

/* `address` is a number, `port` too; "0": whichever is free. 0, or the exit code after one line on
 * stderr. */
int export_server_open(struct export_server *server, const char *address, const char *port);

/* Says on stderr where it can be asked. */
void export_server_say(const struct export_server *server);

/* Serves until then, or until a signal has come. Without a socket it waits. */
void export_server_serve(struct export_server *server, double until_s);

void export_server_close(struct export_server *server);

#endif
