/* web_server - answers one request after another on loopback, in a thread, from a fixed list. */
#pragma once

#include <pthread.h>

struct web_server {
    int listener;
    int port;
    const char *const *answers; /* whole responses; the last one is NULL */
    char request[8192];         /* the last one, with its body; to be read after the stop */
    pthread_t thread;
};

/* Starts; the port is chosen by the system. */
void web_server_start(struct web_server *server, const char *const *answers);
/* Ends the thread, whether every answer was given or not. */
void web_server_stop(struct web_server *server);
