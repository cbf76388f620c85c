/* test_document - the view of documents: wanted, rendered, failed, ended. */
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define NUMBER    "沪建安B(2025)0000007"
#define ELSEWHERE "苏建安B(2023)0000001"
#define RENDERED  "document=" NUMBER " template_id=t1 pdf_sha256=0a0b page_sha256=0c size=99 "

static struct history *with_issued(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued",
                "certificate=" NUMBER " category=B person_id=p1 enterprise=E1");
    return history;
}

static void check(struct history *history, const char *field, const char *expected)
{
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key_document(STR(NUMBER)), field),
                        expected);
}

/* Is the document in the index of this status alone, or in none? */
static void check_index(struct history *history, DocumentStatus__Code status)
{
    for (int other = 1; other <= DOCUMENT_STATUS__CODE__FAILED; other++) {
        struct view_key prefix = index_documents((DocumentStatus__Code)other);
        size_t count = memory_views_count(&history->views, VIEW_INDEX, &prefix);
        assert_int_equal(count, other == (int)status ? 1 : 0);
    }
}

static bool has_document(struct history *history)
{
    return memory_views_get(&history->views, VIEW_DOCUMENT, key_document(STR(NUMBER)),
                            history->arena) != NULL;
}

static void test_issued_wants_a_document(void **state)
{
    struct history *history = with_issued(state);
    check(history, "id", NUMBER);
    check(history, "kind", "certificate");
    check(history, "status", "pending");
    check(history, "wanted_event", "1");
    check_index(history, DOCUMENT_STATUS__CODE__PENDING);
}

static void test_entered_wants_a_document(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "national_recorded", "person_id=m1 record.certificate=" ELSEWHERE);
    history_add(history, "certificate_entered",
                "certificate=" NUMBER " category=B person_id=p1 enterprise=E1 "
                "national_person_id=m1 original_certificate=" ELSEWHERE);
    check(history, "status", "pending");
    check(history, "wanted_event", "2");
    check_index(history, DOCUMENT_STATUS__CODE__PENDING);
}

static void test_rendered_makes_it_ready(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "document_failed",
                "document=" NUMBER " content_event=1 code=glyph_missing detail=U+31234");
    check(history, "status", "failed");
    check(history, "attempts", "1");
    check(history, "error_code", "glyph_missing");
    check_index(history, DOCUMENT_STATUS__CODE__FAILED);
    history_add(history, "document_failed", "document=" NUMBER " content_event=1 code=again");
    check(history, "attempts", "2");
    history_add(history, "document_rendered", RENDERED "content_event=1");
    check(history, "status", "ready");
    check(history, "rendered_event", "1");
    check(history, "attempts", "");
    check(history, "error_code", "");
    check(history, "error_detail", "");
    check(history, "pdf_sha256", "0a0b");
    check(history, "size", "99");
    check_index(history, DOCUMENT_STATUS__CODE__READY);
    struct view_key prefix = index_documents_of_template(DOCUMENT_STATUS__CODE__READY, STR("t1"));
    assert_true(memory_views_indexed(&history->views, prefix, STR(NUMBER)));
}

static void test_rendered_of_an_older_state_stays_pending(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "enterprise_name_changed", "certificate=" NUMBER " enterprise_name=新");
    check(history, "wanted_event", "2");
    history_add(history, "document_rendered", RENDERED "content_event=1");
    check(history, "status", "pending");
    check(history, "rendered_event", "1");
    check(history, "pdf_sha256", "0a0b");
    history_add(history, "document_failed", "document=" NUMBER " content_event=1 code=late");
    check(history, "status", "pending");
    history_add(history, "document_rendered", RENDERED "content_event=2");
    check(history, "status", "ready");
}

static void test_every_change_wants_it_anew(void **state)
{
    static const char *const changes[] = {"certificate_extended",    "affiliation_changed",
                                          "enterprise_name_changed", "holder_renamed",
                                          "certificate_corrected",   "post_changed",
                                          "validity_extended",       "category_converted",
                                          "certificate_reinstated",  "departure_withdrawn"};
    struct history *history = with_issued(state);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        uint64_t sequence = history_add(history, changes[i], "certificate=" NUMBER);
        str text = arena_format(history->arena, "%d", (int)sequence);
        check(history, "status", "pending");
        check(history, "wanted_event", text.data);
        str fields = arena_format(history->arena, RENDERED "content_event=%s", text.data);
        history_add(history, "document_rendered", fields.data);
        check(history, "status", "ready");
    }
}

static void test_paper_has_no_document(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "paper_registered",
                "certificate=" NUMBER " status=valid person_id=p1 enterprise=E1");
    history_add(history, "enterprise_name_changed", "certificate=" NUMBER " enterprise_name=新");
    history_add(history, "holder_renamed", "certificate=" NUMBER);
    assert_false(has_document(history));
    check_index(history, DOCUMENT_STATUS__CODE__NONE);
    history_add(history, "certificate_exchanged", "certificate=" NUMBER " identity_event=1");
    check(history, "status", "pending");
    check(history, "wanted_event", "4");
}

static void test_cancelled_paper_has_no_document(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "paper_registered",
                "certificate=" NUMBER " status=valid person_id=p1 enterprise=E1");
    history_add(history, "certificate_cancelled", "certificate=" NUMBER);
    assert_false(has_document(history));
}

static void test_regeneration_makes_one_job(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "regeneration_requested", "certificate=" NUMBER);
    check(history, "wanted_event", "1"); /* pending already */
    history_add(history, "document_rendered", RENDERED "content_event=1");
    history_add(history, "regeneration_requested", "certificate=" NUMBER);
    check(history, "status", "pending");
    check(history, "wanted_event", "4");
    history_add(history, "document_failed", "document=" NUMBER " content_event=4 code=x");
    history_add(history, "regeneration_requested", "certificate=" NUMBER);
    check(history, "status", "pending");
    check(history, "wanted_event", "6");
    check(history, "error_code", "");
    check(history, "attempts", "1");
}

static void test_ended_waits_for_nothing(void **state)
{
    static const char *const endings[] = {"certificate_cancelled",  "certificate_departed",
                                          "certificate_superseded", "certificate_revoked",
                                          "certificate_withdrawn",  "authority_cancelled"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct history *history = with_issued(state);
        history_add(history, endings[i], "certificate=" NUMBER);
        check(history, "status", "");
        check_index(history, DOCUMENT_STATUS__CODE__NONE);
        history_add(history, "document_failed", "document=" NUMBER " content_event=1 code=x");
        check(history, "status", "");
    }
}

static void test_ended_keeps_what_was_rendered(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "document_rendered", RENDERED "content_event=1");
    history_add(history, "holder_renamed", "certificate=" NUMBER);
    history_add(history, "document_failed", "document=" NUMBER " content_event=3 code=x detail=y");
    check(history, "error_detail", "y");
    history_add(history, "certificate_cancelled", "certificate=" NUMBER " released=true");
    check(history, "status", "ready");
    check(history, "error_code", "");
    check(history, "error_detail", "");
    check(history, "attempts", "");
    check(history, "rendered_event", "1");
    check_index(history, DOCUMENT_STATUS__CODE__READY);
    history_add(history, "affiliation_changed", "certificate=" NUMBER " enterprise=E2");
    check(history, "status", "pending");
    check(history, "wanted_event", "6");
}

static void test_suspended_goes_on_waiting(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "certificate_suspended", "certificate=" NUMBER);
    check(history, "status", "pending");
    check(history, "wanted_event", "1");
    history_add(history, "document_rendered", RENDERED "content_event=1");
    history_add(history, "certificate_suspended", "certificate=" NUMBER);
    check(history, "status", "ready");
    check_index(history, DOCUMENT_STATUS__CODE__READY);
}

/* What waited when it departed waits again, though it had been taken off the list. */
static void test_departure_withdrawn_wants_it_again(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "certificate_departed", "certificate=" NUMBER);
    check(history, "status", "");
    history_add(history, "departure_withdrawn", "certificate=" NUMBER);
    check(history, "status", "pending");
    check(history, "wanted_event", "3");
    check_index(history, DOCUMENT_STATUS__CODE__PENDING);
}

static void test_the_authority_makes_no_document_of_paper(void **state)
{
    static const char *const changes[] = {
        "certificate_suspended", "certificate_reinstated", "certificate_corrected",
        "post_changed",          "validity_extended",      "category_converted",
        "certificate_departed",  "departure_withdrawn",    "certificate_revoked"};
    struct history *history = history_new(*state);
    history_add(history, "paper_registered",
                "certificate=" NUMBER " status=valid person_id=p1 enterprise=E1");
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        history_add(history, changes[i], "certificate=" NUMBER);
    }
    assert_false(has_document(history));
    check_index(history, DOCUMENT_STATUS__CODE__NONE);
}

static void test_proofs_are_ordered(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "cancellation_proof_ordered",
                "document=cancellation:X certificate=X person_id=p1 enterprise=E1 "
                "enterprise_name=甲");
    struct view_key key = key_document(STR("cancellation:X"));
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key, "kind"), "cancellation_proof");
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key, "status"), "pending");
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key, "certificates"), "X");
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key, "ordered_on"), "2025-03-01");
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key, "wanted_event"), "2");
    history_add(history, "departure_proof_ordered",
                "document=departure:$ certificates=X certificates=Y person_id=p1 enterprise=E1");
    key = key_document(STR("departure:3"));
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key, "kind"), "departure_proof");
    assert_string_equal(history_field(history, VIEW_DOCUMENT, key, "certificates"), "X,Y");
    history_refuse(history, "departure_proof_ordered", "document=departure:3");
}

static void test_rendering_an_unknown_document_is_corrupt(void **state)
{
    struct history *history = history_new(*state);
    history_refuse(history, "document_rendered", RENDERED "content_event=1");
    history_refuse(history, "document_failed", "document=" NUMBER " content_event=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_issued_wants_a_document),
        TEST_WITH_ARENA(test_entered_wants_a_document),
        TEST_WITH_ARENA(test_rendered_makes_it_ready),
        TEST_WITH_ARENA(test_rendered_of_an_older_state_stays_pending),
        TEST_WITH_ARENA(test_every_change_wants_it_anew),
        TEST_WITH_ARENA(test_paper_has_no_document),
        TEST_WITH_ARENA(test_cancelled_paper_has_no_document),
        TEST_WITH_ARENA(test_regeneration_makes_one_job),
        TEST_WITH_ARENA(test_ended_waits_for_nothing),
        TEST_WITH_ARENA(test_ended_keeps_what_was_rendered),
        TEST_WITH_ARENA(test_suspended_goes_on_waiting),
        TEST_WITH_ARENA(test_departure_withdrawn_wants_it_again),
        TEST_WITH_ARENA(test_the_authority_makes_no_document_of_paper),
        TEST_WITH_ARENA(test_proofs_are_ordered),
        TEST_WITH_ARENA(test_rendering_an_unknown_document_is_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
