/* pages_meta - the two pages a file of LMDB begins with; see pages.h. */
#include <sys/stat.h>

#include "core/io/pages_parts.h"

enum { META_ADDRESS = 8 };

#define PAGES_BEHIND_MAX (UINT64_C(1) << 24)

static bool read_meta(struct check *check, unsigned number, uint8_t out[META_SIZE])
{
    uint8_t page[HEADER_SIZE + META_SIZE];
    if (!read_ahead_at(&check->reader, number * check->page_size, page, sizeof page)) {
        return bad(check, number, "the file is too short");
    }
    memcpy(out, page + HEADER_SIZE, META_SIZE);
    if (read_u64(page) != number || read_u16(page + 10) != FLAG_META ||
        read_u32(out) != META_MAGIC || read_u32(out + 4) != 1) {
        return bad(check, number, "not a meta page");
    }
    size_t page_size = read_u32(out + 24);
    if (page_size < PAGE_SIZE_MIN || page_size > PAGE_SIZE_MAX ||
        (page_size & (page_size - 1)) != 0 || (number > 0 && page_size != check->page_size)) {
        return bad(check, number, "the page size");
    }
    if (read_u64(out + META_ADDRESS) != 0) {
        return bad(check, number, "a fixed address");
    }
    check->page_size = page_size;
    return true;
}

static uint64_t meta_txn(const uint8_t meta[META_SIZE])
{
    return read_u64(meta + META_SIZE - 8);
}

/* Each transaction writes the meta of its parity: the elder one is that of the transaction before.
 * In a new environment both are of transaction 0. */
static bool are_neighbours(struct check *check, uint64_t newest, uint64_t elder, unsigned number)
{
    bool made = newest == 0 && elder == 0;
    return made || newest - elder == 1
               ? true
               : bad(check, 1 - number, "a meta page of the wrong transaction");
}

bool pages_metas(struct check *check, bool strict, uint8_t newest[META_SIZE])
{
    uint8_t both[2][META_SIZE];
    struct stat status;
    if (!read_meta(check, 0, both[0]) || !read_meta(check, 1, both[1])) {
        return false;
    }
    unsigned number = meta_txn(both[1]) > meta_txn(both[0]) ? 1 : 0;
    const uint8_t *elder = both[1 - number];
    memcpy(newest, both[number], META_SIZE);
    /* LMDB picks the newest meta page at opening, but later the one of the transaction's parity. */
    if (meta_txn(newest) % 2 != number) {
        return bad(check, number, "a meta page of the wrong transaction");
    }
    if (strict && !are_neighbours(check, meta_txn(newest), meta_txn(elder), number)) {
        return false;
    }
    uint64_t last = read_u64(newest + META_SIZE - 16);
    /* The size is asked after the meta was read: the file only grows. */
    if (fstat(check->fd, &status) != 0) {
        return bad(check, 0, "not readable");
    }
    check->report.pages = (uint64_t)status.st_size / check->page_size;
    /* Pages behind the end were taken and freed by one transaction. A transaction can take at most
     * 2^17 dirty pages and those that it spilled: a larger number is damaged. */
    if (last < 1 || (uint64_t)status.st_size < 2 * check->page_size ||
        last > check->report.pages + PAGES_BEHIND_MAX) {
        return bad(check, last, SHORT_FILE);
    }
    check->pages = last + 1;
    return true;
}
