/* keyring - the keyring of seal.h, over keyring_file.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/digest.h"
#include "core/io/keyring_file.h"
#include "core/io/messages.h"

FALLIBLE keyring_open(const char *dir, enum store_mode mode, struct keyring **ret,
                      struct error *err)
{
    struct keyring *ring = calloc(1, sizeof *ring);
    MEMORY_UNLESS(ring != NULL);
    int size = snprintf(ring->path, sizeof ring->path, "%s/persons.keys", dir);
    BUG_UNLESS(size > 0 && (size_t)size < sizeof ring->path);
    (void)snprintf(ring->index_path, sizeof ring->index_path, "%s/persons.index", dir); /* fits */
    ring->fd = -1;
    ring->mode = mode;
    outcome result = keyring_file_open(ring, err);
    if (!result.ok) {
        keyring_close(ring);
        return error_trace(err, HERE);
    }
    *ret = ring;
    return OK;
}

void keyring_close(struct keyring *ring)
{
    if (ring != NULL) {
        keyring_file_close(ring);
        memory_wipe(ring, sizeof *ring);
        free(ring);
    }
}

void keyring_look_often(struct keyring *ring, bool often)
{
    struct error ignored;
    if (ring->mode == STORE_READ) {
        return; /* a reader always maps the file */
    }
    if (!often || !keyring_file_map(ring, &ignored).ok) { /* unmapped: a read for each slot */
        keyring_file_unmap(ring);
    }
}

uint64_t keyring_bytes(const struct keyring *ring)
{
    return (ring->in_file + ring->waiting_count + 1) * SLOT_SIZE +
           keyring_index_bytes(&ring->index);
}

static outcome parse_id(str text, uint8_t out[SLOT_ID_SIZE], struct error *err)
{
    size_t size = 0;
    if (text.size != PERSON_ID_SIZE - 1 || !base32_parse(text, out, &size)) {
        FAIL(INVALID, MESSAGE_PERSON_ID_INVALID, ARG_STR("id", text));
    }
    BUG_UNLESS(size == SLOT_ID_SIZE);
    return OK;
}

/* On failure the ring has no file, and the next look opens it again. */
static outcome reopen(struct keyring *ring, struct error *err)
{
    keyring_file_close(ring);
    if (!keyring_file_open(ring, err).ok) {
        keyring_file_close(ring);
        return error_trace(err, HERE);
    }
    return OK;
}

/* When another file has taken the keyring's name, a reader looks there too. */
static outcome look(struct keyring *ring, const uint8_t id[SLOT_ID_SIZE], struct slot *ret,
                    uint64_t *ret_number, struct error *err)
{
    outcome result = OK;
    memset(ret, 0, sizeof *ret);
    *ret_number = SLOT_NONE;
    if (ring->fd >= 0) {
        result = keyring_file_find(ring, id, ret, ret_number, err);
    }
    bool is_found = result.ok && *ret_number != SLOT_NONE;
    if (ring->mode == STORE_READ && !is_found && keyring_file_is_old(ring)) {
        TRY(reopen(ring, err));
        result = ring->fd < 0 ? OK : keyring_file_find(ring, id, ret, ret_number, err);
    }
    TRY(result);
    return OK;
}

static enum key_state take_key(struct slot *slot, uint8_t key[SEAL_KEY_SIZE])
{
    enum key_state state = slot->state == SLOT_PRESENT     ? KEY_PRESENT
                           : slot->state == SLOT_DESTROYED ? KEY_DESTROYED
                                                           : KEY_ABSENT;
    if (slot->state == SLOT_PRESENT) {
        memcpy(key, slot->key, SEAL_KEY_SIZE);
    }
    memory_wipe(slot, sizeof *slot);
    return state;
}

FALLIBLE keyring_find(struct keyring *ring, str person_id, uint8_t key[SEAL_KEY_SIZE],
                      enum key_state *ret_state, struct error *err)
{
    uint8_t id[SLOT_ID_SIZE];
    struct slot slot;
    uint64_t number = SLOT_NONE;
    TRY(parse_id(person_id, id, err));
    TRY(look(ring, id, &slot, &number, err));
    *ret_state = take_key(&slot, key);
    return OK;
}

bool keyring_glance(struct keyring *ring, str person_id, uint8_t key[SEAL_KEY_SIZE],
                    enum key_state *ret_state)
{
    uint8_t id[SLOT_ID_SIZE];
    struct slot slot;
    struct error ignored; /* keyring_find() reports it */
    if (!parse_id(person_id, id, &ignored).ok || !keyring_file_glance(ring, id, &slot)) {
        return false;
    }
    *ret_state = take_key(&slot, key);
    return true;
}

void keyring_expect(const struct keyring *ring, str person_id)
{
    uint8_t id[SLOT_ID_SIZE];
    struct error ignored; /* keyring_make() reports it */
    if (parse_id(person_id, id, &ignored).ok) {
        keyring_file_expect(ring, id);
    }
}

FALLIBLE keyring_make(struct keyring *ring, str person_id, uint8_t key[SEAL_KEY_SIZE],
                      struct error *err)
{
    uint8_t id[SLOT_ID_SIZE];
    struct slot slot;
    uint64_t number = SLOT_NONE;
    BUG_UNLESS(ring->mode == STORE_WRITE);
    TRY(parse_id(person_id, id, err));
    TRY(keyring_file_find(ring, id, &slot, &number, err));
    if (slot.state == SLOT_DESTROYED) {
        FAIL(CONFIG, MESSAGE_KEY_IS_DESTROYED, ARG_STR("id", person_id));
    }
    if (number == SLOT_NONE) {
        slot.state = SLOT_PRESENT;
        memcpy(slot.id, id, sizeof id);
        random_pool_take(&ring->random, slot.key, sizeof slot.key);
        TRY(keyring_file_add(ring, &slot, err));
    }
    memcpy(key, slot.key, SEAL_KEY_SIZE);
    memory_wipe(&slot, sizeof slot);
    return OK;
}

FALLIBLE keyring_flush(struct keyring *ring, struct error *err)
{
    if (ring->is_dirty) {
        TRY(keyring_file_flush(ring, err));
    }
    return OK;
}

FALLIBLE keyring_destroy(struct keyring *ring, str person_id, struct error *err)
{
    uint8_t id[SLOT_ID_SIZE];
    struct slot slot;
    uint64_t number = SLOT_NONE;
    BUG_UNLESS(ring->mode == STORE_WRITE);
    TRY(parse_id(person_id, id, err));
    TRY(keyring_file_find(ring, id, &slot, &number, err));
    slot = (struct slot){.state = SLOT_DESTROYED};
    memcpy(slot.id, id, sizeof id);
    if (number == SLOT_NONE) {
        TRY(keyring_file_add(ring, &slot, err));
    } else {
        TRY(keyring_file_change(ring, number, &slot, err));
    }
    return keyring_file_flush(ring, err);
}
