/* wishes - the lines of action files; see life.h. */
#include <string.h>

#include "events/terms/identity.h"
#include "jobs/sample/life.h"

struct json *wish_begin(struct life *life, const struct task *task, const char *action)
{
    const struct city *city = life->city;
    struct arena *arena = &life->output->item;
    struct json *wish = json_new_record();
    json_put_text(wish, "id", arena_format(arena, "S%08u", ++life->wishes_count));
    json_put_text(wish, "action", str_of(action));
    if (task->actor < city->enterprises_count) {
        json_put_text(wish, "enterprise", city->enterprises[task->actor].code);
    } else {
        json_put_text(wish, "clerk", output_clerk(task->actor - city->enterprises_count, arena));
    }
    return wish;
}

void wish_put_person(const struct city *city, struct json *record, uint32_t person)
{
    const struct person *p = &city->persons[person];
    json_put_text(record, "name", p->name);
    json_put_text(record, "id_type", id_type_text(p->id_type));
    json_put_text(record, "id_number", p->number);
}

void wish_person(const struct life *life, struct json *wish, uint32_t person)
{
    wish_put_person(life->city, json_put_record(wish, "person"), person);
}

void wish_certificate(struct life *life, struct json *wish, uint32_t certificate)
{
    json_put_text(wish, "certificate",
                  city_number_text(life->city, certificate, &life->output->item));
}

void wish_list(struct life *life, struct json *wish, uint32_t certificate, struct json **list)
{
    if (*list == NULL) {
        *list = json_put_list(wish, "certificates");
    }
    json_add_text(*list, city_number_text(life->city, certificate, &life->output->item));
}

void wish_confirm(struct json *wish)
{
    json_put_bool(wish, "confirmed", true);
}

FALLIBLE wish_send(struct life *life, const struct task *task, struct json *wish, const char *code,
                   struct error *err)
{
    const char *answer = code == NULL                          ? NULL
                         : strcmp(code, "duplicate") == 0      ? "duplicate"
                         : strcmp(code, "missing_field") == 0  ? "invalid"
                         : strcmp(code, "unknown_action") == 0 ? "invalid"
                                                               : "refused";
    bool duplicate = answer != NULL && strcmp(answer, "duplicate") == 0;
    return output_line(life->output, task->actor, wish, answer, duplicate ? "" : code, err);
}

FALLIBLE wish_end(struct life *life, const struct task *task, struct json *wish, const char *code,
                  struct error *err)
{
    outcome sent = wish_send(life, task, wish, code, err);
    json_release(wish);
    return sent.ok ? OK : error_trace(err, HERE);
}
