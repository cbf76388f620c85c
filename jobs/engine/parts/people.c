/* people - see people.h. */
#include "jobs/engine/parts/people.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/record.h"
#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/seal.h"
#include "events/decide.h"
#include "events/terms/identity.h"
#include "jobs/messages.h"

struct people {
    struct keyring *ring;
    struct sealer *sealer;
    struct hmac_key hash_key;
    struct arena arena;   /* of `forgotten` */
    struct map forgotten; /* person ids whose keys are not to be used */
    pthread_mutex_t lock; /* of the keyring, between threads */
    /* Guards the keyring's mapping while it is used often. Threads that find a key there hold it
     * together and do not wait for one another; lock() holds it alone. */
    pthread_rwlock_t mapping;
    bool looks_often; /* set while there is one thread */
    bool rehearsing;
    struct hmac_key rehearsal; /* what made-up keys come from */
    uint64_t changes;          /* what a reader remembers holds until the next one; from 1 on */
};

/* A sealer belongs to one thread; the keyring is the people's. */
struct people_reader {
    struct people *people;
    struct sealer *sealer;
    /* The last key that was looked for: events of one person often come together. */
    char last_id[PERSON_ID_SIZE];
    uint8_t last_key[SEAL_KEY_SIZE];
    enum key_state last_state;
    uint64_t last_change;
};

FALLIBLE people_make(const char *keys_dir, struct error *err)
{
    struct keyring *ring = NULL;
    TRY(hash_key_make(keys_dir, err));
    TRY(keyring_open(keys_dir, STORE_WRITE, &ring, err));
    keyring_close(ring);
    return OK;
}

/* Opening for writing would silently replace a lost keyring by an empty one. */
static outcome check_keyring(const char *keys_dir, struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    const char *path = arena_format(&arena, "%s/persons.keys", keys_dir).data;
    outcome found = OK;
    if (!file_exists(path)) {
        found = ERROR_SET(err, CONFIG, MESSAGE_STORE_FILE_MISSING, ARG_TEXT("path", path));
    }
    arena_release(&arena);
    return found;
}

static outcome load_hash_key(struct people *people, const char *keys_dir, struct error *err)
{
    uint8_t key[SEAL_KEY_SIZE];
    TRY(hash_key_load(keys_dir, key, err));
    hmac_key_init(&people->hash_key, bytes_of(key, sizeof key));
    memory_wipe(key, sizeof key);
    return OK;
}

FALLIBLE people_open(const char *keys_dir, enum store_mode mode, struct people **ret,
                     struct error *err)
{
    struct people *people = calloc(1, sizeof *people);
    MEMORY_UNLESS(people != NULL);
    arena_init(&people->arena, 0);
    map_init(&people->forgotten, &people->arena);
    pthread_mutexattr_t spins; /* finding a key takes less time than waking a thread */
    (void)pthread_mutexattr_init(&spins);
    (void)pthread_mutexattr_settype(&spins, PTHREAD_MUTEX_ADAPTIVE_NP); /* none of these fail */
    (void)pthread_mutex_init(&people->lock, &spins);
    (void)pthread_mutexattr_destroy(&spins);
    (void)pthread_rwlock_init(&people->mapping, NULL); /* nor does this */
    people->changes = 1;
    if (!load_hash_key(people, keys_dir, err).ok || !check_keyring(keys_dir, err).ok ||
        !keyring_open(keys_dir, mode, &people->ring, err).ok ||
        !sealer_open(&people->sealer, err).ok) {
        people_close(people);
        return error_trace(err, HERE);
    }
    *ret = people;
    return OK;
}

void people_close(struct people *people)
{
    if (people == NULL) {
        return;
    }
    if (people->ring != NULL) {
        keyring_close(people->ring);
    }
    if (people->sealer != NULL) {
        sealer_close(people->sealer);
    }
    memory_wipe(&people->hash_key, sizeof people->hash_key);
    memory_wipe(&people->rehearsal, sizeof people->rehearsal);
    arena_release(&people->arena);
    (void)pthread_mutex_destroy(&people->lock);     /* no reader is left */
    (void)pthread_rwlock_destroy(&people->mapping); /* as above */
    free(people);
}

static const char *id_of_key(struct people *people, str identity_key, struct arena *arena)
{
    char *id = arena_new(arena, PERSON_ID_SIZE);
    person_id_make(&people->hash_key, identity_key, id);
    return id;
}

const char *people_id(struct people *people, IdType__Code type, str normal, struct arena *arena)
{
    return id_of_key(people, identity_key(type, normal, arena), arena);
}

const char *people_id_of_clerk(struct people *people, str clerk, struct arena *arena)
{
    return id_of_key(people, arena_format(arena, "clerk:%.*s", STR_ARGS(clerk)), arena);
}

const char *people_id_of_masked(struct people *people, str certificate, str masked,
                                struct arena *arena)
{
    return id_of_key(
        people, arena_format(arena, "masked:%.*s:%.*s", STR_ARGS(certificate), STR_ARGS(masked)),
        arena);
}

const char *people_id_of_file(struct people *people, bytes sha256, struct arena *arena)
{
    str text = base64_encode(sha256, arena);
    return id_of_key(people, arena_format(arena, "file:%.*s", STR_ARGS(text)), arena);
}

const char *people_id_of_phone(struct people *people, str phone, struct arena *arena)
{
    return id_of_key(people, arena_format(arena, "phone:%.*s", STR_ARGS(phone)), arena);
}

struct digest people_hash(struct people *people, const char *label, str text, struct arena *arena)
{
    str labelled = arena_format(arena, "%s:%.*s", label, STR_ARGS(text));
    return hmac_sha256(&people->hash_key, str_bytes(labelled));
}

str people_token(struct people *people, str text, struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    struct digest digest = people_hash(people, "token", text, arena);
    digest_hex(&digest, hex);
    return arena_str(arena, str_first(str_of(hex), 20));
}

static void note_change(struct people *people)
{
    (void)__atomic_add_fetch(&people->changes, 1, __ATOMIC_RELEASE); /* readers look at it */
}

static void lock(struct people *people)
{
    (void)pthread_mutex_lock(&people->lock); /* cannot fail on an initialised mutex */
    if (people->looks_often) {
        (void)pthread_rwlock_wrlock(&people->mapping); /* nor can this, by who has not got it */
    }
}

static void unlock(struct people *people)
{
    if (people->looks_often) {
        (void)pthread_rwlock_unlock(&people->mapping); /* as above */
    }
    (void)pthread_mutex_unlock(&people->lock); /* as above */
}

void people_rehearse(struct people *people)
{
    people->rehearsing = true;
    uint8_t secret[SEAL_KEY_SIZE];
    random_bytes(secret, sizeof secret);
    hmac_key_init(&people->rehearsal, bytes_of(secret, sizeof secret));
    memory_wipe(secret, sizeof secret);
}

/* With the lock. */
static outcome find_in_ring(struct people *people, str person_id, uint8_t key[SEAL_KEY_SIZE],
                            enum key_state *ret, struct error *err)
{
    TRY(keyring_find(people->ring, person_id, key, ret, err));
    if (people->rehearsing && *ret == KEY_ABSENT) {
        struct digest made = hmac_sha256(&people->rehearsal, str_bytes(person_id));
        memcpy(key, made.data, SEAL_KEY_SIZE);
        memory_wipe(&made, sizeof made);
        *ret = KEY_PRESENT;
    }
    return OK;
}

/* With the lock. */
static outcome make_key(struct people *people, str person_id, uint8_t key[SEAL_KEY_SIZE],
                        struct error *err)
{
    enum key_state state = KEY_ABSENT;
    if (people->rehearsing) {
        TRY(find_in_ring(people, person_id, key, &state, err));
    }
    return state == KEY_PRESENT ? OK : keyring_make(people->ring, person_id, key, err);
}

static outcome key_for(struct people *people, str person_id, uint8_t key[SEAL_KEY_SIZE],
                       struct error *err)
{
    note_change(people);
    lock(people);
    outcome made = make_key(people, person_id, key, err);
    unlock(people);
    return made;
}

FALLIBLE people_seal_bytes(struct people *people, str person_id, bytes plain, struct arena *arena,
                           bytes *ret, struct error *err)
{
    uint8_t key[SEAL_KEY_SIZE];
    TRY(key_for(people, person_id, key, err));
    *ret = seal(people->sealer, key, plain, str_bytes(person_id), arena);
    memory_wipe(key, sizeof key);
    return OK;
}

static bool glance(struct people *people, str person_id, uint8_t key[SEAL_KEY_SIZE],
                   enum key_state *ret)
{
    (void)pthread_rwlock_rdlock(&people->mapping); /* fails for billions of readers only */
    bool found = map_find(&people->forgotten, str_bytes(person_id)) == NULL &&
                 keyring_glance(people->ring, person_id, key, ret);
    (void)pthread_rwlock_unlock(&people->mapping); /* cannot fail */
    return found;
}

static outcome find_key(struct people *people, str person_id, uint8_t key[SEAL_KEY_SIZE],
                        enum key_state *ret, struct error *err)
{
    outcome found = OK;
    if (people->looks_often && glance(people, person_id, key, ret)) {
        return OK;
    }
    *ret = KEY_ABSENT;
    lock(people);
    if (map_find(&people->forgotten, str_bytes(person_id)) == NULL) {
        found = find_in_ring(people, person_id, key, ret, err);
    }
    unlock(people);
    return found;
}

/* An id that is too long becomes empty; the keyring refuses it. */
static outcome find_again(struct people_reader *reader, str person_id, struct error *err)
{
    uint64_t changes = __atomic_load_n(&reader->people->changes, __ATOMIC_ACQUIRE);
    bool known = reader->last_change == changes && str_equal_c(person_id, reader->last_id);
    if (!known) {
        reader->last_change = 0;
        TRY(find_key(reader->people, person_id, reader->last_key, &reader->last_state, err));
        if (person_id.size < sizeof reader->last_id) {
            memcpy(reader->last_id, person_id.data, person_id.size);
            reader->last_id[person_id.size] = 0;
            reader->last_change = changes;
        }
    }
    return OK;
}

static outcome open_bytes(struct people_reader *reader, str person_id, bytes sealed,
                          struct arena *arena, bytes *ret, struct error *err)
{
    TRY(find_again(reader, person_id, err));
    if (reader->last_state != KEY_PRESENT) {
        *ret = (bytes){0};
        return OK;
    }
    TRY(unseal(reader->sealer, reader->last_key, sealed, str_bytes(person_id), arena, ret, err));
    return OK;
}

FALLIBLE people_open_bytes(struct people *people, str person_id, bytes sealed, struct arena *arena,
                           bytes *ret, struct error *err)
{
    struct people_reader reader = {.people = people, .sealer = people->sealer};
    outcome opened = open_bytes(&reader, person_id, sealed, arena, ret, err);
    memory_wipe(&reader, sizeof reader);
    return opened;
}

struct packed_event people_pack_event(Event *event, struct arena *arena)
{
    struct personal_slot slot = event_personal(event);
    struct packed_event packed = {.sequence = event->sequence};
    if (slot.personal == NULL || *slot.personal == NULL) {
        packed.data = record_pack(&event->base, arena);
        return packed;
    }
    Personal *personal = *slot.personal;
    ProtobufCBinaryData sealed = *slot.sealed;
    packed.person_id = arena_str(arena, str_of(*slot.person_id));
    packed.personal = record_pack(&personal->base, arena);
    *slot.personal = NULL;
    slot.sealed->len = packed.personal.size + SEAL_OVERHEAD;
    packed.data = record_pack_around(&event->base, slot.sealed, arena, &packed.gap);
    *slot.sealed = sealed;
    *slot.personal = personal;
    return packed;
}

void people_expect_packed(struct people *people, const struct packed_event *packed)
{
    if (packed->gap != NULL) {
        lock(people);
        keyring_expect(people->ring, packed->person_id);
        unlock(people);
    }
}

FALLIBLE people_seal_packed(struct people *people, struct sealer *sealer,
                            const struct packed_event *packed, struct error *err)
{
    uint8_t key[SEAL_KEY_SIZE];
    if (packed->gap == NULL) {
        return OK;
    }
    TRY(key_for(people, packed->person_id, key, err));
    seal_to(sealer, key, packed->personal, str_bytes(packed->person_id), packed->gap);
    memory_wipe(key, sizeof key);
    return OK;
}

FALLIBLE people_seal_event(struct people *people, Event *event, struct arena *arena, bytes *ret,
                           struct error *err)
{
    struct packed_event packed = people_pack_event(event, arena);
    TRY(people_seal_packed(people, people->sealer, &packed, err));
    *ret = packed.data;
    return OK;
}

FALLIBLE people_reader_reveal(struct people_reader *reader, Event *event, struct arena *arena,
                              struct error *err)
{
    ProtobufCMessage *message = NULL;
    bytes plain = {0};
    struct personal_slot slot = event_personal(event);
    if (reader->people == NULL || slot.personal == NULL || slot.sealed->len == 0) {
        return OK;
    }
    TRY(open_bytes(reader, str_of(*slot.person_id), bytes_of(slot.sealed->data, slot.sealed->len),
                   arena, &plain, err));
    if (plain.data != NULL) {
        TRY(record_unpack(&personal__descriptor, plain, arena, &message, err));
        *slot.personal = (Personal *)(void *)message;
    }
    return OK;
}

FALLIBLE people_open_event(struct people *people, bytes stored, struct arena *arena, Event **ret,
                           struct error *err)
{
    struct people_reader reader = {.people = people,
                                   .sealer = people != NULL ? people->sealer : NULL};
    ProtobufCMessage *message = NULL;
    TRY(record_unpack(&event__descriptor, stored, arena, &message, err));
    Event *event = (Event *)(void *)message;
    outcome revealed = people_reader_reveal(&reader, event, arena, err);
    memory_wipe(&reader, sizeof reader);
    TRY(revealed);
    *ret = event;
    return OK;
}

void people_look_often(struct people *people, uint64_t memory_bytes)
{
    if (people != NULL && keyring_bytes(people->ring) <= memory_bytes) {
        keyring_look_often(people->ring, true);
        people->looks_often = true;
    }
}

void people_look_seldom(struct people *people)
{
    if (people != NULL) {
        people->looks_often = false;
        keyring_look_often(people->ring, false);
    }
}

FALLIBLE people_reader_open(struct people *people, struct people_reader **ret, struct error *err)
{
    struct people_reader *reader = calloc(1, sizeof *reader);
    MEMORY_UNLESS(reader != NULL);
    reader->people = people;
    if (people != NULL && !sealer_open(&reader->sealer, err).ok) {
        free(reader);
        return error_trace(err, HERE);
    }
    *ret = reader;
    return OK;
}

void people_reader_close(struct people_reader *reader)
{
    if (reader != NULL && reader->sealer != NULL) {
        sealer_close(reader->sealer);
    }
    if (reader != NULL) {
        memory_wipe(reader, sizeof *reader);
    }
    free(reader);
}

FALLIBLE people_forget(struct people *people, str person_id, bool *ret_found, struct error *err)
{
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state state = KEY_ABSENT;
    bool made = false;
    lock(people);
    outcome found = keyring_find(people->ring, person_id, key, &state, err);
    unlock(people);
    TRY(found);
    memory_wipe(key, sizeof key);
    if (state == KEY_PRESENT) {
        note_change(people);
        (void)map_put(&people->forgotten, str_bytes(arena_str(&people->arena, person_id)), &made);
    }
    *ret_found = made;
    return OK;
}

FALLIBLE people_is_erased(struct people *people, str person_id, bool *ret, struct error *err)
{
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state state = KEY_ABSENT;
    lock(people);
    outcome found = keyring_find(people->ring, person_id, key, &state, err);
    unlock(people);
    TRY(found);
    memory_wipe(key, sizeof key);
    *ret = state == KEY_DESTROYED || map_find(&people->forgotten, str_bytes(person_id)) != NULL;
    return OK;
}

FALLIBLE people_has_key(struct people *people, str person_id, bool *ret, struct error *err)
{
    uint8_t key[SEAL_KEY_SIZE];
    enum key_state state = KEY_ABSENT;
    TRY(find_key(people, person_id, key, &state, err));
    memory_wipe(key, sizeof key);
    *ret = state == KEY_PRESENT;
    return OK;
}

FALLIBLE people_destroy(struct people *people, str person_id, struct error *err)
{
    note_change(people);
    lock(people);
    outcome destroyed = keyring_destroy(people->ring, person_id, err);
    unlock(people);
    return destroyed;
}

FALLIBLE people_flush(struct people *people, struct error *err)
{
    lock(people);
    outcome flushed = keyring_flush(people->ring, err);
    unlock(people);
    return flushed;
}
