/* program - see program.h. Build ids are notes that the linker writes: a hash of what it linked. */
#include "core/io/program.h"

#include <link.h>
#include <string.h>

struct identity {
    struct digester digester;
    bool complete;
};

/* The build id among the notes of a segment; empty when there is none. */
static bytes find_build_id(const uint8_t *notes, size_t size)
{
    enum { ALIGN = 4 };
    size_t at = 0;
    while (at + sizeof(ElfW(Nhdr)) <= size) {
        ElfW(Nhdr) note;
        memcpy(&note, notes + at, sizeof note);
        size_t name = at + sizeof note;
        size_t text = name + (note.n_namesz + ALIGN - 1U) / ALIGN * ALIGN;
        size_t next = text + (note.n_descsz + ALIGN - 1U) / ALIGN * ALIGN;
        if (next > size) {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof ELF_NOTE_GNU &&
            memcmp(notes + name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0) {
            return bytes_of(notes + text, note.n_descsz);
        }
        at = next;
    }
    return (bytes){0};
}

/* Objects come in the order of loading. libcurl is loaded late (curl_late.c), so it and its
 * libraries come after everything that the program starts with; no kept result depends on them. */
static int add_object(struct dl_phdr_info *object, size_t info_size, void *state)
{
    (void)info_size;
    struct identity *identity = state;
    bytes id = {0};
    if (strstr(object->dlpi_name, "/libcurl.so") != NULL) {
        return 1; /* no more of them */
    }
    /* the kernel's vdso; iconv's modules, which come and go and belong to libc's build */
    if (strncmp(object->dlpi_name, "linux-", 6) == 0 ||
        strstr(object->dlpi_name, "/gconv/") != NULL) {
        return 0;
    }
    for (size_t i = 0; i < object->dlpi_phnum && id.size == 0; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type == PT_NOTE) {
            uintptr_t at = object->dlpi_addr + segment->p_vaddr;
            const void *notes =
                (const void *)at; /* NOLINT(performance-no-int-to-ptr): an address */
            id = find_build_id(notes, segment->p_memsz);
        }
    }
    identity->complete &= id.size > 0;
    digester_update(&identity->digester, id);
    return 0;
}

bool program_identity(struct digest *ret)
{
    struct identity identity = {.complete = true};
    digester_init(&identity.digester);
    (void)dl_iterate_phdr(add_object, &identity); /* what the last call returned */
    *ret = digester_final(&identity.digester);
    return identity.complete;
}
