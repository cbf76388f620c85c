/* web_server - see web_server.h. */
#include "tests/support/web_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/error.h"

/* Is it all there: the blank line behind the headers, and a body as long as they say? */
static bool is_whole(const char *text, size_t size)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "Content-Length: ");
    size_t body = length != NULL ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0;
    return end != NULL && size >= (size_t)(end - text) + 4 + body;
}

static void read_request(int client, struct web_server *server)
{
    char *text = server->request;
    size_t size = 0;
    text[0] = '\0';
    while (size < sizeof server->request - 1 && !is_whole(text, size)) {
        ssize_t got = read(client, text + size, sizeof server->request - 1 - size);
        if (got <= 0) {
            return;
        }
        size += (size_t)got;
        text[size] = '\0';
    }
}

static void *serve(void *context)
{
    struct web_server *server = context;
    for (const char *const *answer = server->answers; *answer != NULL; answer++) {
        int client = accept(server->listener, NULL, NULL);
        if (client < 0) {
            return NULL;
        }
        read_request(client, server);
        size_t size = strlen(*answer);
        for (size_t sent = 0; sent < size;) {
            ssize_t done = send(client, *answer + sent, size - sent, MSG_NOSIGNAL);
            if (done <= 0) {
                break;
            }
            sent += (size_t)done;
        }
        (void)close(client);
    }
    return NULL;
}

void web_server_start(struct web_server *server, const char *const *answers)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    server->answers = answers;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BUG_UNLESS(server->listener >= 0);
    struct sockaddr *any = (struct sockaddr *)&address;
    BUG_UNLESS(bind(server->listener, any, size) == 0);
    BUG_UNLESS(listen(server->listener, 8) == 0);
    BUG_UNLESS(getsockname(server->listener, any, &size) == 0);
    server->port = ntohs(address.sin_port);
    BUG_UNLESS(pthread_create(&server->thread, NULL, serve, server) == 0);
}

void web_server_stop(struct web_server *server)
{
    (void)shutdown(server->listener, SHUT_RDWR); /* wakes a thread that still waits */
    BUG_UNLESS(pthread_join(server->thread, NULL) == 0);
    (void)close(server->listener);
}
