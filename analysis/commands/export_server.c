/* SPDX-License-Identifier: MIT */
#include "export_server.h"

#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/clock.h"
#include "commands.h"
#include "top_wait.h"

/* Who asks more often gets the same again: reading takes time of this machine. */
#define PAGE_S 0.1

static int listen_at(const struct addrinfo *found)
{
    int yes = 1, socket_ = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0)
        return -1;
    if (setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(socket_, found->ai_addr, found->ai_addrlen) == 0 &&
        listen(socket_, EXPORT_CLIENTS) == 0)
        return socket_;
    int error = errno;
    close(socket_);
    errno = error;
    return -1;
}

int export_server_open(struct export_server *server, const char *address, const char *port)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    for (size_t i = 0; i < EXPORT_CLIENTS; i++)
        server->clients[i].socket = -1;
    int error = getaddrinfo(address, port, &hints, &found);
    if (error) {
        complain("export: --listen %s: not an address in numbers", address);
        return EXIT_USAGE;
    }
    server->socket = listen_at(found);
    error = errno;
    freeaddrinfo(found);
    if (server->socket >= 0)
        return 0;
    complain("export: --listen %s, port %s: %s", address, port, strerror(error));
    return EXIT_TOOL_FAILED;
}

void export_server_say(const struct export_server *server)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[64], port[8];
    if (getsockname(server->socket, (struct sockaddr *)&address, &length) != 0 ||
        getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    bool brackets = address.ss_family == AF_INET6;
    fprintf(stderr, "hakmem-trace: listening at http://%s%s%s:%s/metrics\n", brackets ? "[" : "",
            host, brackets ? "]" : "", port);
}

static struct export_page *make_page(const struct export_server *server)
{
    struct export_page *page = calloc(1, sizeof *page);
    FILE *stream = page ? open_memstream(&page->text, &page->bytes) : NULL;
    if (!stream) {
        free(page);
        return NULL;
    }
    server->write(server->context, stream);
    bool done = !ferror(stream);
    page->users = 1;
    if (fclose(stream) == 0 && done)
        return page;
    export_page_release(page);
    return NULL;
}

static struct export_page *page_now(void *context)
{
    struct export_server *server = context;
    double now = clock_seconds();
    if (!server->page || now > server->made_s + PAGE_S) {
        export_page_release(server->page);
        server->page = make_page(server);
        server->made_s = now;
    }
    if (server->page)
        server->page->users++;
    return server->page;
}

static struct export_client *place_for_one_more(struct export_server *server)
{
    struct export_client *oldest = &server->clients[0];
    for (size_t i = 0; i < EXPORT_CLIENTS; i++) {
        if (server->clients[i].socket < 0)
            return &server->clients[i];
        if (server->clients[i].began_s < oldest->began_s)
            oldest = &server->clients[i];
    }
    export_client_close(oldest);
    return oldest;
}

static void accept_one(struct export_server *server)
{
    int socket = accept4(server->socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket >= 0)
        export_client_open(place_for_one_more(server), socket);
}

static void close_the_late(struct export_server *server)
{
    double now = clock_seconds();
    for (size_t i = 0; i < EXPORT_CLIENTS; i++) {
        if (server->clients[i].socket >= 0 && now > server->clients[i].began_s + EXPORT_CLIENT_S)
            export_client_close(&server->clients[i]);
    }
}

static void serve_once(struct export_server *server, double until_s)
{
    struct pollfd polled[EXPORT_CLIENTS + 1] = {{.fd = server->socket, .events = POLLIN}};
    for (size_t i = 0; i < EXPORT_CLIENTS; i++)
        polled[i + 1] =
            (struct pollfd){.fd = server->clients[i].socket, /* below zero: not polled */
                            .events = export_client_events(&server->clients[i])};
    if (top_wait_poll(until_s, polled, EXPORT_CLIENTS + 1) <= 0)
        return;
    for (size_t i = 0; i < EXPORT_CLIENTS; i++) {
        if (polled[i + 1].revents)
            export_client_go_on(&server->clients[i], page_now, server, server->content_type);
    }
    if (polled[0].revents)
        accept_one(server);
}

void export_server_serve(struct export_server *server, double until_s)
{
    while (clock_seconds() < until_s && !top_wait_signal()) {
        if (server->socket < 0)
            top_wait_poll(until_s, NULL, 0);
        else
            serve_once(server, fmin(until_s, clock_seconds() + 1));
        close_the_late(server);
    }
}

void export_server_close(struct export_server *server)
{
    if (server->socket < 0)
        return;
    for (size_t i = 0; i < EXPORT_CLIENTS; i++) {
        if (server->clients[i].socket >= 0)
            export_client_close(&server->clients[i]);
    }
    export_page_release(server->page);
    close(server->socket);
}
