/* replay_postgres - the same events and records in PostgreSQL, over COPY in its binary form.
 *
 *     replay_postgres EVENTS RECORDS CONNECTION     prints seconds: scan, records
 *
 * As replay_sqlite.c. The table of records gets its key when all are in, which is quicker. */
#include <arpa/inet.h>
#include <libpq-fe.h>

#include "replay_parts.h"

enum { BLOCK = 1 << 20, HEAD = 19 };
static const char COPY_HEAD[HEAD] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";

struct copy {
    PGconn *connection;
    size_t used;
    char block[BLOCK + (1 << 17)];
};

static void run(PGconn *connection, const char *sql, ExecStatusType wanted)
{
    PGresult *result = PQexec(connection, sql);
    need(PQresultStatus(result) == wanted, PQerrorMessage(connection));
    PQclear(result);
}

static void copy_begin(struct copy *copy, PGconn *connection, const char *sql)
{
    run(connection, sql, PGRES_COPY_IN);
    copy->connection = connection;
    memcpy(copy->block, COPY_HEAD, HEAD);
    copy->used = HEAD;
}

static void copy_fields(struct copy *copy, uint16_t count)
{
    if (copy->used > BLOCK) {
        need(PQputCopyData(copy->connection, copy->block, (int)copy->used) == 1,
             PQerrorMessage(copy->connection));
        copy->used = 0;
    }
    uint16_t word = htons(count);
    memcpy(copy->block + copy->used, &word, sizeof word);
    copy->used += sizeof word;
}

static void copy_bytes(struct copy *copy, const void *data, uint32_t size)
{
    uint32_t word = htonl(size);
    need(copy->used + size + sizeof word <= sizeof copy->block, "an entry is too large");
    memcpy(copy->block + copy->used, &word, sizeof word);
    memcpy(copy->block + copy->used + sizeof word, data, size);
    copy->used += size + sizeof word;
}

static void copy_end(struct copy *copy)
{
    copy_fields(copy, UINT16_MAX);
    need(PQputCopyData(copy->connection, copy->block, (int)copy->used) == 1 &&
             PQputCopyEnd(copy->connection, NULL) == 1,
         PQerrorMessage(copy->connection));
    PGresult *result = PQgetResult(copy->connection);
    need(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(copy->connection));
    PQclear(result);
    need(PQgetResult(copy->connection) == NULL, "more than was asked for");
}

static uint64_t load(struct copy *copy, PGconn *connection, struct mapped events)
{
    uint64_t sum = 0;
    uint32_t seq = 0;
    run(connection, "CREATE TABLE events (seq int4 PRIMARY KEY, event bytea NOT NULL)",
        PGRES_COMMAND_OK);
    copy_begin(copy, connection, "COPY events FROM STDIN BINARY");
    for (size_t at = 0; at < events.size;) {
        uint32_t size = u32_at(events.data + at);
        uint32_t key = htonl(++seq);
        copy_fields(copy, 2);
        copy_bytes(copy, &key, sizeof key);
        copy_bytes(copy, events.data + at + 4, size);
        sum += touch(events.data + at + 4, size);
        at += 4 + size;
    }
    copy_end(copy);
    run(connection, "VACUUM ANALYZE events", PGRES_COMMAND_OK);
    run(connection, "CHECKPOINT", PGRES_COMMAND_OK);
    return sum;
}

/* Rows come one by one: the head before the first, count, size and bytes. */
static uint64_t scan(PGconn *connection)
{
    uint64_t sum = 0;
    size_t skip = HEAD;
    char *row = NULL;
    int size = 0;
    run(connection, "COPY (SELECT event FROM events ORDER BY seq) TO STDOUT BINARY",
        PGRES_COPY_OUT);
    while ((size = PQgetCopyData(connection, &row, 0)) > 0) {
        if ((size_t)size >= skip + 6) { /* the end has a count alone */
            sum += touch(row + skip + 6, (size_t)size - skip - 6);
        }
        skip = 0;
        PQfreemem(row);
    }
    need(size == -1, PQerrorMessage(connection));
    PQclear(PQgetResult(connection));
    need(PQgetResult(connection) == NULL, "more than was asked for");
    return sum;
}

static void write_records(struct copy *copy, PGconn *connection, struct mapped records)
{
    run(connection, "CREATE TABLE records (key bytea NOT NULL, value bytea NOT NULL)",
        PGRES_COMMAND_OK);
    copy_begin(copy, connection, "COPY records FROM STDIN BINARY");
    for (size_t at = 0; at < records.size;) {
        uint32_t key = u32_at(records.data + at);
        uint32_t value = u32_at(records.data + at + 4);
        copy_fields(copy, 2);
        copy_bytes(copy, records.data + at + 8, key);
        copy_bytes(copy, records.data + at + 8 + key, value);
        at += 8 + (size_t)key + value;
    }
    copy_end(copy);
    run(connection, "CREATE UNIQUE INDEX ON records (key)", PGRES_COMMAND_OK);
    run(connection, "CHECKPOINT", PGRES_COMMAND_OK);
}

int main(int argc, char **argv)
{
    need(argc == 4, "usage: replay_postgres EVENTS RECORDS CONNECTION");
    struct copy *copy = malloc(sizeof *copy);
    PGconn *connection = PQconnectdb(argv[3]);
    need(copy != NULL && PQstatus(connection) == CONNECTION_OK, PQerrorMessage(connection));
    uint64_t sum = load(copy, connection, map_file(argv[1]));
    double begun = now();
    need(scan(connection) == sum, "other events came back");
    double scanned = now();
    write_records(copy, connection, map_file(argv[2]));
    double written = now();
    PQfinish(connection);
    free(copy);
    (void)printf("%.6f %.6f\n", scanned - begun, written - scanned);
    return 0;
}
