/*
 * The C ABI as an app uses it: every vector of fixtures/courier, from the files to what is opened, and every misuse that the
 * header allows. vectors.h is made of vectors.json by the test that compiles this (tests/c_abi.rs).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "miandan_courier.h"
#include "vectors.h"

static int failures = 0;
static unsigned long checked = 0;

static void expect(bool holds, const char *what, const char *name)
{
    checked += 1;
    if (!holds) {
        failures += 1;
        fprintf(stderr, "%s: %s\n", name, what);
    }
}

/* Whether a text that was lent is this one, its length and the NUL byte behind it as well. */
static bool same(const char *lent, size_t length, const char *expected)
{
    if (lent == NULL || expected == NULL)
        return lent == NULL && expected == NULL && length == 0;
    return length == strlen(expected) && memcmp(lent, expected, length + 1) == 0;
}

static miandan_courier_trust *trust(void)
{
    miandan_courier_trust *trust = miandan_courier_trust_new();
    expect(miandan_courier_trust_add_stations(trust, STATIONS, sizeof STATIONS) == MIANDAN_COURIER_UNKNOWN_ISSUER,
           "a list before its issuer", "trust");
    expect(!miandan_courier_trust_has_stations(trust), "there is no list yet", "trust");
    expect(miandan_courier_trust_add_issuers(trust, ISSUERS, sizeof ISSUERS) == MIANDAN_COURIER_OK, "issuer", "trust");
    expect(miandan_courier_trust_add_stations(trust, STATIONS, sizeof STATIONS) == MIANDAN_COURIER_OK, "list", "trust");
    expect(miandan_courier_trust_has_stations(trust), "there is a list", "trust");
    return trust;
}

static void check(const miandan_courier_trust *trust, const struct check *vector)
{
    miandan_courier_answer *answer = NULL;
    size_t length = 7;
    const char *beside = vector->waybill_no;
    miandan_courier_status status =
        miandan_courier_check(trust, vector->text, strlen(vector->text), vector->now, beside,
                              beside == NULL ? 0 : strlen(beside), &answer);

    expect(status == MIANDAN_COURIER_OK && answer != NULL, "it is a token", vector->name);
    expect(miandan_courier_answer_verdict(answer) == vector->verdict, "verdict", vector->name);
    const char *word = miandan_courier_answer_word(answer, &length);
    expect(same(word, length, vector->word), "word", vector->name);
    const char *station = miandan_courier_answer_station(answer, &length);
    expect(same(station, length, vector->station), "station", vector->name);
    bool is_good = vector->verdict == MIANDAN_COURIER_GENUINE || vector->verdict == MIANDAN_COURIER_REPRINT;
    expect(miandan_courier_answer_is_good(answer) == is_good, "good", vector->name);
    expect(miandan_courier_answer_is_list_old(answer) == vector->is_list_old, "age of the list", vector->name);
    expect(miandan_courier_trust_is_old(trust, vector->now) == vector->is_list_old, "age of the trust", vector->name);
    if (vector->is_damaged) {
        miandan_courier_answer_free(answer);
        return;
    }
    const char *number = miandan_courier_answer_waybill_no(answer, &length);
    expect(same(number, length, vector->number), "waybill number", vector->name);
    const char *carrier = miandan_courier_answer_carrier_id(answer, &length);
    expect(same(carrier, length, vector->carrier_id), "carrier", vector->name);
    expect(miandan_courier_answer_issued_at(answer) == vector->issued_at, "issued", vector->name);
    expect(miandan_courier_answer_expires_at(answer) == vector->expires_at, "expires", vector->name);
    expect(miandan_courier_answer_serial(answer) == vector->serial, "serial", vector->name);
    expect(miandan_courier_answer_copy(answer) == vector->copy, "copy", vector->name);
    expect(miandan_courier_answer_is_sealed(answer) == vector->is_sealed, "sealed", vector->name);
    miandan_courier_answer_free(answer);
}

static void open_with(const miandan_courier_trust *trust, const struct opens *vector)
{
    miandan_courier_carrier *carrier = NULL;
    miandan_courier_answer *answer = NULL;
    miandan_courier_opened *opened = NULL;
    size_t length = 7;

    expect(miandan_courier_carrier_new(vector->key, vector->key_length, &carrier) == MIANDAN_COURIER_OK, "key",
           vector->name);
    const char *code = miandan_courier_carrier_code(carrier, &length);
    expect(same(code, length, vector->code), "code", vector->name);
    miandan_courier_check(trust, vector->text, strlen(vector->text), 0, NULL, 0, &answer);
    miandan_courier_status status = miandan_courier_open(carrier, answer, &opened);
    expect(status == vector->status, "status", vector->name);
    expect((opened != NULL) == (status == MIANDAN_COURIER_OK), "opened or null", vector->name);
    /* The token and the key are no longer needed. */
    miandan_courier_answer_free(answer);
    miandan_courier_carrier_free(carrier);
    if (opened != NULL) {
        const char *number = miandan_courier_opened_virtual_number(opened, &length);
        expect(same(number, length, vector->virtual_number), "virtual number", vector->name);
        expect(miandan_courier_opened_virtual_days(opened) == vector->virtual_days, "days", vector->name);
        const char *door = miandan_courier_opened_door(opened, &length);
        expect(same(door, length, vector->door), "door", vector->name);
        expect(miandan_courier_opened_is_incomplete(opened) == vector->is_incomplete, "incomplete", vector->name);
    }
    miandan_courier_opened_free(opened);
}

static void refused(const miandan_courier_trust *trust)
{
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        miandan_courier_answer *answer = (miandan_courier_answer *)&failures;
        miandan_courier_status status =
            miandan_courier_check(trust, REFUSED[i].text, strlen(REFUSED[i].text), 0, NULL, 0, &answer);
        expect(status == REFUSED[i].status, "status", REFUSED[i].text);
        expect(answer == NULL, "null in its place", REFUSED[i].text);
    }
}

/* Nothing of this may crash, and nothing may be believed. */
static void misuse(miandan_courier_trust *trust)
{
    const char *text = CHECKS[0].text;
    size_t size = strlen(text);
    uint64_t now = CHECKS[0].now;
    miandan_courier_answer *answer = NULL;
    miandan_courier_carrier *carrier = NULL;
    miandan_courier_opened *opened = NULL;
    size_t length = 7;
    const miandan_courier_status bad = MIANDAN_COURIER_BAD_ARGUMENT;

    expect(miandan_courier_trust_add_issuers(NULL, ISSUERS, sizeof ISSUERS) == bad, "no trust", "misuse");
    expect(miandan_courier_trust_add_issuers(trust, NULL, 1) == bad, "no file", "misuse");
    expect(miandan_courier_trust_add_issuers(trust, NULL, 0) == MIANDAN_COURIER_NO_ISSUER, "nothing", "misuse");
    expect(miandan_courier_trust_add_issuers(trust, STATIONS, sizeof STATIONS) == MIANDAN_COURIER_NO_ISSUER, "a list",
           "misuse");
    expect(miandan_courier_trust_add_stations(trust, STATIONS, SIZE_MAX) == bad, "more than memory has", "misuse");
    expect(miandan_courier_trust_add_stations(trust, STATIONS, sizeof STATIONS / 2) == MIANDAN_COURIER_NO_LIST,
           "half a list", "misuse");
    expect(miandan_courier_trust_add_stations(trust, ISSUERS, sizeof ISSUERS) == MIANDAN_COURIER_NO_LIST, "an issuer",
           "misuse");
    expect(!miandan_courier_trust_has_stations(NULL) && !miandan_courier_trust_is_old(NULL, UINT64_MAX), "of no trust",
           "misuse");

    expect(miandan_courier_check(NULL, text, size, now, NULL, 0, &answer) == bad, "no trust", "misuse");
    expect(miandan_courier_check(trust, NULL, size, now, NULL, 0, &answer) == bad, "no text", "misuse");
    expect(miandan_courier_check(trust, text, size, now, NULL, 3, &answer) == bad, "no number", "misuse");
    expect(miandan_courier_check(trust, text, size, now, NULL, 0, NULL) == bad, "nowhere to write", "misuse");
    expect(miandan_courier_check(trust, text, SIZE_MAX, now, NULL, 0, &answer) == bad, "too long", "misuse");
    expect(miandan_courier_check(trust, text, size - 3, now, NULL, 0, &answer) == MIANDAN_COURIER_MALFORMED, "cut off",
           "misuse");
    expect(miandan_courier_check(trust, text, size + 1, now, NULL, 0, &answer) == MIANDAN_COURIER_MALFORMED,
           "with its NUL byte", "misuse");
    expect(miandan_courier_check(trust, "W1:\xFF\xFF", 5, now, NULL, 0, &answer) == MIANDAN_COURIER_NOT_UTF8,
           "not UTF-8", "misuse");
    expect(answer == NULL, "never an answer", "misuse");

    expect(miandan_courier_answer_verdict(NULL) == 0 && !miandan_courier_answer_is_good(NULL), "no answer", "misuse");
    expect(miandan_courier_answer_waybill_no(NULL, &length) == NULL && length == 0, "no answer", "misuse");
    expect(miandan_courier_answer_station(NULL, NULL) == NULL, "no answer", "misuse");
    expect(miandan_courier_answer_expires_at(NULL) == 0 && !miandan_courier_answer_is_sealed(NULL), "no answer",
           "misuse");

    expect(miandan_courier_carrier_new(NULL, 4, &carrier) == bad, "no key", "misuse");
    expect(miandan_courier_carrier_new(ISSUERS, sizeof ISSUERS, &carrier) == MIANDAN_COURIER_BAD_KEY, "another file",
           "misuse");
    expect(miandan_courier_carrier_new(OPENS[0].key, OPENS[0].key_length, NULL) == bad, "nowhere to write", "misuse");
    expect(carrier == NULL && miandan_courier_carrier_code(NULL, &length) == NULL, "never a carrier", "misuse");
    expect(miandan_courier_open(NULL, NULL, &opened) == bad && opened == NULL, "nothing to open", "misuse");
    expect(miandan_courier_opened_door(NULL, &length) == NULL && miandan_courier_opened_virtual_days(NULL) == 0,
           "nothing opened", "misuse");

    /* Waybill numbers that are empty are numbers: other than the token's. */
    miandan_courier_check(trust, text, size, now, "", 0, &answer);
    expect(miandan_courier_answer_verdict(answer) == MIANDAN_COURIER_OTHER_WAYBILL, "an empty number", "misuse");
    expect(miandan_courier_open(NULL, answer, &opened) == bad, "no carrier", "misuse");
    miandan_courier_answer_free(answer);

    miandan_courier_trust_free(NULL);
    miandan_courier_answer_free(NULL);
    miandan_courier_carrier_free(NULL);
    miandan_courier_opened_free(NULL);
}

int main(void)
{
    expect(miandan_courier_abi() == MIANDAN_COURIER_ABI, "ABI", "version");
    expect(strcmp(miandan_courier_version(), VERSION) == 0, miandan_courier_version(), "version");

    miandan_courier_trust *known = trust();
    for (size_t i = 0; i < sizeof CHECKS / sizeof *CHECKS; i++)
        check(known, &CHECKS[i]);
    for (size_t i = 0; i < sizeof OPENS / sizeof *OPENS; i++)
        open_with(known, &OPENS[i]);
    refused(known);
    misuse(known);
    /* After all that, what was known is known still. */
    check(known, &CHECKS[0]);
    miandan_courier_trust_free(known);

    if (failures != 0)
        return EXIT_FAILURE;
    printf("%lu\n", checked);
    return EXIT_SUCCESS;
}
