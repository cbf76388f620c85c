/* curl_late - the functions of libcurl that we call, loaded when they are first needed.
 *
 * libcurl brings 27 other libraries along (Kerberos, LDAP, two of TLS, ..), and loading them is
 * more than half of what a short command takes. Most commands use no network: they do not load
 * these libraries, so processes that hold names and document numbers do not have them in memory
 * without need (decision 0134). The program is therefore not linked with libcurl, but with these
 * functions of the same names; http.c, http_transfer.c and http_url.c call them as curl/curl.h
 * declares them. Each call looks its function up again: that takes less than a microsecond, and the
 * call itself takes milliseconds.
 *
 * A missing library means that the program was installed without one of its packages: it says what
 * could not be loaded and ends as with a programming error. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdarg.h>

#include "core/base/error.h"

/* The ABI that curl/curl.h describes. */
#define LIBRARY "libcurl.so.4"

/* The library is never closed, so the next request finds it loaded. */
static void *find(const char *name)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    void *function = library != NULL ? dlsym(library, name) : NULL;
    if (function == NULL) {
        error_bug(HERE, dlerror());
    }
    return function;
}

/* The name is in brackets because curl/curl.h has macros of some names. Making a function pointer
 * from dlsym's object pointer is an extension of C that POSIX promises. */
#define LATE(name) (__extension__(__typeof__(&(name))) find(#name))

CURL *curl_easy_init(void)
{
    return LATE(curl_easy_init)();
}

void curl_easy_cleanup(CURL *curl)
{
    if (curl != NULL) {
        LATE(curl_easy_cleanup)(curl);
    }
}

void curl_easy_reset(CURL *curl)
{
    LATE(curl_easy_reset)(curl);
}

CURLcode curl_easy_perform(CURL *curl)
{
    return LATE(curl_easy_perform)(curl);
}

const char *curl_easy_strerror(CURLcode code)
{
    return LATE(curl_easy_strerror)(code);
}

/* The option's number says which of three types of argument follows. */
CURLcode(curl_easy_setopt)(CURL *curl, CURLoption option, ...)
{
    va_list values;
    CURLcode code;
    va_start(values, option);
    if (option < CURLOPTTYPE_OBJECTPOINT) {
        code = LATE(curl_easy_setopt)(curl, option, va_arg(values, long));
    } else if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB) {
        code = LATE(curl_easy_setopt)(curl, option, va_arg(values, curl_off_t));
    } else { /* objects, functions and blobs are pointers */
        code = LATE(curl_easy_setopt)(curl, option, va_arg(values, void *));
    }
    va_end(values);
    return code;
}

/* Every answer is written through a pointer. */
CURLcode(curl_easy_getinfo)(CURL *curl, CURLINFO info, ...)
{
    va_list values;
    va_start(values, info);
    CURLcode code = LATE(curl_easy_getinfo)(curl, info, va_arg(values, void *));
    va_end(values);
    return code;
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
    return LATE(curl_slist_append)(list, text);
}

void curl_slist_free_all(struct curl_slist *list)
{
    if (list != NULL) {
        LATE(curl_slist_free_all)(list);
    }
}

CURLU *curl_url(void)
{
    return LATE(curl_url)();
}

void curl_url_cleanup(CURLU *url)
{
    if (url != NULL) {
        LATE(curl_url_cleanup)(url);
    }
}

CURLUcode curl_url_get(CURLU *url, CURLUPart what, char **ret_part, unsigned flags)
{
    return LATE(curl_url_get)(url, what, ret_part, flags);
}

CURLUcode curl_url_set(CURLU *url, CURLUPart what, const char *part, unsigned flags)
{
    return LATE(curl_url_set)(url, what, part, flags);
}

void curl_free(void *memory)
{
    if (memory != NULL) {
        LATE(curl_free)(memory);
    }
}
