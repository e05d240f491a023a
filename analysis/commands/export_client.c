/* SPDX-License-Identifier: MIT */
#include "export_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/clock.h"

void export_page_release(struct export_page *page)
{
    if (!page || --page->users > 0)
        return;
    free(page->text);
    free(page);
}

void export_client_open(struct export_client *client, int socket)
{
    *client = (struct export_client){.socket = socket, .began_s = clock_seconds()};
}

void export_client_close(struct export_client *client)
{
    if (client->socket >= 0)
        close(client->socket);
    export_page_release(client->page);
    client->page = NULL;
    client->socket = -1;
}

short export_client_events(const struct export_client *client)
{
    return client->head_bytes > 0 ? POLLOUT : POLLIN;
}

/* A page that leads to the metrics, and every refusal, is a line of text. */
static void answer_with_line(struct export_client *client, const struct export_request *request)
{
    char line[64];
    int bytes = request->status == 200
                    ? snprintf(line, sizeof line, "hakmem-trace export: see /metrics\n")
                    : snprintf(line, sizeof line, "%s\n", export_request_status(request->status));
    int length = snprintf(client->head, sizeof client->head,
                          "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                          "Content-Length: %d\r\n%sConnection: close\r\n\r\n%s",
                          export_request_status(request->status), bytes,
                          request->status == 405 ? "Allow: GET, HEAD\r\n" : "",
                          request->is_head ? "" : line);
    client->head_bytes = (size_t)length;
}

static void answer(struct export_client *client, const struct export_request *request,
                   struct export_page *(*make)(void *), void *context, const char *content_type)
{
    if (request->status != 200 || !request->has_metrics) {
        answer_with_line(client, request);
        return;
    }
    struct export_page *page = make(context);
    if (!page) {
        export_client_close(client);
        return;
    }
    int length = snprintf(client->head, sizeof client->head,
                          "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                          "Cache-Control: no-store\r\nConnection: close\r\n\r\n",
                          content_type, page->bytes);
    client->head_bytes = (size_t)length;
    if (request->is_head)
        export_page_release(page);
    else
        client->page = page;
}

/* False: nothing more will come. */
static bool receive(struct export_client *client)
{
    ssize_t got = recv(client->socket, client->request + client->received,
                       sizeof client->request - client->received, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    client->received += (size_t)got;
    return got > 0;
}

/* False: done, or the other side is gone. */
static bool send_more(struct export_client *client)
{
    bool in_head = client->sent < client->head_bytes;
    size_t total = client->head_bytes + (client->page ? client->page->bytes : 0);
    const char *from = in_head ? client->head + client->sent
                               : client->page->text + (client->sent - client->head_bytes);
    size_t bytes = (in_head ? client->head_bytes : total) - client->sent;
    ssize_t sent = send(client->socket, from, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR;
    client->sent += (size_t)sent;
    return client->sent < total;
}

void export_client_go_on(struct export_client *client, struct export_page *(*make)(void *),
                         void *context, const char *content_type)
{
    if (client->head_bytes == 0) {
        bool more = receive(client);
        struct export_request request = export_request_read(client->request, client->received);
        if (request.status)
            answer(client, &request, make, context, content_type);
        else if (!more)
            export_client_close(client);
        return;
    }
    if (send_more(client))
        return;
    shutdown(client->socket, SHUT_WR);
    export_client_close(client);
}
