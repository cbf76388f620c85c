/* limits - the largest sizes that input may have, each with its reason. Larger input is refused
 * where it enters (too_large), so the code behind need not handle it. */
#pragma once

enum {
    /* CONTRACT 1. A line of 1 000 certificates with names is 60 KiB. */
    LIMIT_LINE_BYTES = 1024 * 1024,
    /* CONTRACT 1. One field: the longest honest one, an address, is below 1 KiB. */
    LIMIT_CELL_BYTES = 64 * 1024,
    /* CONTRACT 1. Elements of a list: nobody holds more certificates. */
    LIMIT_LIST_ELEMENTS = 1000,
    /* File, answers and their sealed copies are in memory at the same time, and again when they are
     * taken out: together they must stay below the 4 GiB of an arena. The file of a city has a few
     * MiB. */
    LIMIT_SUBMISSION_BYTES = 1024 * 1024 * 1024,
    LIMIT_ANSWERS_BYTES = 512 * 1024 * 1024,
    /* What a line of two bytes is answered has some 300: else a file of a few MiB would do. */
    LIMIT_SUBMISSION_LINES = 1000000,
    /* CONTRACT 4. Identifies a wish; fits every key of the store (511 bytes) with the actor. */
    LIMIT_ID_BYTES = 64,
    /* R-IN-13, D8: 5 MB, inclusive. */
    LIMIT_PROOF_BYTES = 5 * 1024 * 1024,
    /* R-PF-04, D8: 300 KB, inclusive; of a signature sheet too. */
    LIMIT_SCAN_BYTES = 300 * 1024,
    /* R-DL-20: certificates in one visit without an appointment, inclusive. */
    LIMIT_VISIT_RECORDS = 20,
    /* Records of one application: it is judged and logged as one piece. 1 000 persons with ten
     * each are more than any enterprise names. */
    LIMIT_APPLICATION_RECORDS = 10000,
    /* Scans of one record: a diploma has two pages, a review form some; a new record has room
       again. */
    LIMIT_RECORD_SCANS = 50,
    /* All labels and values of a record together: its event, sealed, has room in the log (64 KiB).
     */
    LIMIT_RECORD_BYTES = 32 * 1024,
    /* An event before it is sealed and gets its envelope (operator, reason, signer): what the log
     * takes (64 KiB - 1, the entries of C2SP tiles) less 4 KiB for those. */
    LIMIT_EVENT_BYTES = 60 * 1024,
    /* CONTRACT 4: numbers in the answer of a wave; the list of the enterprise shows them all. */
    LIMIT_ANSWER_NUMBERS = 100,
};
