/* replay_sqlite - the same events and records in SQLite: what reading and writing alone takes.
 *
 *     replay_sqlite EVENTS RECORDS DATABASE     prints seconds: scan, records
 *
 * scan: all events in their order. records: the finished records of the views into a table by key,
 * in the order of the keys, in one transaction, flushed. It is given the records that a rebuild
 * has to make first. */
#include <sqlite3.h>

#include "replay_parts.h"

static void run(sqlite3 *db, const char *sql)
{
    need(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    need(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    return statement;
}

static void insert_done(sqlite3 *db, sqlite3_stmt *statement)
{
    need(sqlite3_step(statement) == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK,
         sqlite3_errmsg(db));
}

static uint64_t load(sqlite3 *db, struct mapped events)
{
    uint64_t sum = 0;
    run(db, "CREATE TABLE events (seq INTEGER PRIMARY KEY, event BLOB NOT NULL); BEGIN");
    sqlite3_stmt *insert = prepared(db, "INSERT INTO events (event) VALUES (?)");
    for (size_t at = 0; at < events.size;) {
        uint32_t size = u32_at(events.data + at);
        sqlite3_bind_blob(insert, 1, events.data + at + 4, (int)size, SQLITE_STATIC);
        insert_done(db, insert);
        sum += touch(events.data + at + 4, size);
        at += 4 + size;
    }
    sqlite3_finalize(insert);
    run(db, "COMMIT");
    return sum;
}

static uint64_t scan(sqlite3 *db)
{
    uint64_t sum = 0;
    int result = SQLITE_OK;
    sqlite3_stmt *all = prepared(db, "SELECT event FROM events ORDER BY seq");
    while ((result = sqlite3_step(all)) == SQLITE_ROW) {
        sum += touch(sqlite3_column_blob(all, 0), (size_t)sqlite3_column_bytes(all, 0));
    }
    need(result == SQLITE_DONE, sqlite3_errmsg(db));
    sqlite3_finalize(all);
    return sum;
}

static void write_records(sqlite3 *db, struct mapped records)
{
    run(db,
        "CREATE TABLE records (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID; BEGIN");
    sqlite3_stmt *insert = prepared(db, "INSERT INTO records VALUES (?, ?)");
    for (size_t at = 0; at < records.size;) {
        uint32_t key = u32_at(records.data + at);
        uint32_t value = u32_at(records.data + at + 4);
        sqlite3_bind_blob(insert, 1, records.data + at + 8, (int)key, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 2, records.data + at + 8 + key, (int)value, SQLITE_STATIC);
        insert_done(db, insert);
        at += 8 + (size_t)key + value;
    }
    sqlite3_finalize(insert);
    run(db, "COMMIT");
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    need(argc == 4, "usage: replay_sqlite EVENTS RECORDS DATABASE");
    need(sqlite3_open(argv[3], &db) == SQLITE_OK, "the database cannot be made");
    run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144;"
            "PRAGMA mmap_size=17179869184; PRAGMA wal_autocheckpoint=100000");
    uint64_t sum = load(db, map_file(argv[1]));
    run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    double begun = now();
    need(scan(db) == sum, "other events came back");
    double scanned = now();
    write_records(db, map_file(argv[2]));
    double written = now();
    need(sqlite3_close(db) == SQLITE_OK, "the database cannot be closed");
    (void)printf("%.6f %.6f\n", scanned - begun, written - scanned);
    return 0;
}
