/*
 * The courier's token on a waybill, for apps: is it genuine, without a network, and what does its sealed part say?
 *
 * All texts are UTF-8 with a length in bytes; those that come from here have a NUL byte behind them as well, which the
 * length does not count. Texts and files that are handed over are read during the call and not kept. Times are seconds
 * since 1970 (UTC).
 *
 * What a function hands out is freed by the function of its kind, which wipes it. A text lives as long as the handle that
 * it was asked of. Every function takes a null handle: it answers MIANDAN_COURIER_BAD_ARGUMENT, nothing, or does nothing.
 *
 * Any thread may use any handle. Several may use one at the same time as long as none of them adds to a trust or frees.
 *
 * docs/courier-apps.md has examples; docs/courier-token.md says what a token is and who has to trust whom.
 */
#ifndef MIANDAN_COURIER_H
#define MIANDAN_COURIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this ABI, which miandan_courier_abi() answers as well. It grows when a function changes or goes. */
#define MIANDAN_COURIER_ABI 1

/* What became of a call. Numbers that are not here may come: take them for a failure. */
typedef int32_t miandan_courier_status;
enum {
    MIANDAN_COURIER_OK = 0,
    /* A pointer that must not be null is, or a length is one that no memory has. */
    MIANDAN_COURIER_BAD_ARGUMENT = 1,
    /* A text is not UTF-8. */
    MIANDAN_COURIER_NOT_UTF8 = 2,
    /* A fault of this library. */
    MIANDAN_COURIER_INTERNAL = 3,
    /* The text is not a courier's token at all: another code was read. */
    MIANDAN_COURIER_NOT_A_TOKEN = 10,
    /* A token of a version that this library does not know. */
    MIANDAN_COURIER_UNKNOWN_VERSION = 11,
    /* A token that is cut off or was changed. */
    MIANDAN_COURIER_MALFORMED = 12,
    /* Neither the public file of an issuer nor a trust list. */
    MIANDAN_COURIER_NO_ISSUER = 20,
    /* Not a signed list of stations. */
    MIANDAN_COURIER_NO_LIST = 21,
    /* Nobody who is trusted signed the list. */
    MIANDAN_COURIER_UNKNOWN_ISSUER = 22,
    /* The list was changed after it was signed. */
    MIANDAN_COURIER_BAD_SIGNATURE = 23,
    /* A newer list of this issuer is there already. */
    MIANDAN_COURIER_OLDER_LIST = 24,
    /* Not the key file of a carrier. */
    MIANDAN_COURIER_BAD_KEY = 30,
    /* The token has no sealed part. */
    MIANDAN_COURIER_NOTHING_SEALED = 31,
    /* The sealed part is for another carrier. */
    MIANDAN_COURIER_OTHER_CARRIER = 32,
    /* The sealed part is for another key of this carrier, or was changed. */
    MIANDAN_COURIER_OTHER_KEY = 33
};

/* What is said of a token. Numbers that are not here may come: take them for a token that is not to be trusted. */
typedef int32_t miandan_courier_verdict;
enum {
    /* A station that an issuer vouches for made it for this waybill. So is a photocopy of the label. */
    MIANDAN_COURIER_GENUINE = 1,
    /* Genuine, and a copy of its label: miandan_courier_answer_copy says which. */
    MIANDAN_COURIER_REPRINT = 2,
    /* It was genuine once. */
    MIANDAN_COURIER_EXPIRED = 3,
    /* It is from the future: a clock is wrong, this one or the station's. */
    MIANDAN_COURIER_NOT_YET_VALID = 4,
    /* Nobody vouches for the station, or not for that time. */
    MIANDAN_COURIER_UNKNOWN_STATION = 5,
    /* The issuer has taken back its word for the station's key. */
    MIANDAN_COURIER_REVOKED = 6,
    /* The signature is not the station's: made up, or changed. */
    MIANDAN_COURIER_FORGED = 7,
    /* It is genuine, and from the label of another waybill. */
    MIANDAN_COURIER_OTHER_WAYBILL = 8,
    /* It is from a label that was made to be looked at, and vouches for nothing. */
    MIANDAN_COURIER_SPECIMEN = 9
};

/* The version of the library, e.g. "0.1.0". It is never freed. */
const char *miandan_courier_version(void);
uint32_t miandan_courier_abi(void);

/*
 * Whom the app trusts: public files of issuers, which come with it or by a safe way, and signed lists of stations, which
 * come whenever there is a network, from anywhere.
 */
typedef struct miandan_courier_trust miandan_courier_trust;

/* Trusts nobody yet. */
miandan_courier_trust *miandan_courier_trust_new(void);

/* The public file of an issuer, or a trust list of several. OK, NO_ISSUER or BAD_ARGUMENT. */
miandan_courier_status miandan_courier_trust_add_issuers(miandan_courier_trust *trust, const uint8_t *file,
                                                         size_t length);

/*
 * A signed list of stations, after its issuer. OK, NO_LIST, UNKNOWN_ISSUER, BAD_SIGNATURE, OLDER_LIST or BAD_ARGUMENT;
 * what was known before stays.
 */
miandan_courier_status miandan_courier_trust_add_stations(miandan_courier_trust *trust, const uint8_t *file,
                                                          size_t length);

/* Whether there is a list of stations at all. */
bool miandan_courier_trust_has_stations(const miandan_courier_trust *trust);

/* Whether a list is older than its issuer promised: then a station may have been revoked since. */
bool miandan_courier_trust_is_old(const miandan_courier_trust *trust, uint64_t now);

void miandan_courier_trust_free(miandan_courier_trust *trust);

/* What is said of a token, and what the token says of itself. */
typedef struct miandan_courier_answer miandan_courier_answer;

/*
 * Checks the text of a code at a time. waybill_no is what stands in the code beside it, or null if nobody has read that.
 *
 * OK and an answer, to be freed; or NOT_A_TOKEN, UNKNOWN_VERSION, MALFORMED, NOT_UTF8, BAD_ARGUMENT, and null in its
 * place. OK says nothing of whether the token is genuine: ask for the verdict.
 */
miandan_courier_status miandan_courier_check(const miandan_courier_trust *trust, const char *text, size_t text_length,
                                             uint64_t now, const char *waybill_no, size_t waybill_no_length,
                                             miandan_courier_answer **out);

/* One of the numbers above; 0 of null. */
miandan_courier_verdict miandan_courier_answer_verdict(const miandan_courier_answer *answer);

/*
 * The verdict as its stable word: genuine, reprint, expired, not-yet-valid, unknown-station, revoked, forged,
 * other-waybill or specimen.
 */
const char *miandan_courier_answer_word(const miandan_courier_answer *answer, size_t *length);

/* Whether the parcel may be taken for what its label says: genuine, or a copy of what is. */
bool miandan_courier_answer_is_good(const miandan_courier_answer *answer);

/* As miandan_courier_trust_is_old, at the time that was asked for. */
bool miandan_courier_answer_is_list_old(const miandan_courier_answer *answer);

/* The station that signed it, or null if its signature does not hold. */
const char *miandan_courier_answer_station(const miandan_courier_answer *answer, size_t *length);

/* The waybill number that the token names, in ASCII. */
const char *miandan_courier_answer_waybill_no(const miandan_courier_answer *answer, size_t *length);

/* Who delivers, by four hexadecimal digits: the first bytes of SHA-256 of its code. */
const char *miandan_courier_answer_carrier_id(const miandan_courier_answer *answer, size_t *length);

/* When the token was issued, to the hour, and when it expires. */
uint64_t miandan_courier_answer_issued_at(const miandan_courier_answer *answer);
uint64_t miandan_courier_answer_expires_at(const miandan_courier_answer *answer);

/* The number of the label in its batch. */
uint32_t miandan_courier_answer_serial(const miandan_courier_answer *answer);

/* Which copy of its label it is: 0 for the first print, n for the n-th copy, 255 for that and more. */
uint32_t miandan_courier_answer_copy(const miandan_courier_answer *answer);

/* Whether the token has a part that only the carrier can open. */
bool miandan_courier_answer_is_sealed(const miandan_courier_answer *answer);

void miandan_courier_answer_free(miandan_courier_answer *answer);

/* A carrier's secret key, which opens the sealed parts of that carrier's tokens. */
typedef struct miandan_courier_carrier miandan_courier_carrier;

/* A carrier's key file. OK, BAD_KEY or BAD_ARGUMENT. Wipe your own copy of the file. */
miandan_courier_status miandan_courier_carrier_new(const uint8_t *file, size_t length, miandan_courier_carrier **out);

/* The carrier's code, e.g. "YTO". */
const char *miandan_courier_carrier_code(const miandan_courier_carrier *carrier, size_t *length);

void miandan_courier_carrier_free(miandan_courier_carrier *carrier);

/* What a sealed part says. It is personal: show it, do not log or store it, and free it when it is off the screen. */
typedef struct miandan_courier_opened miandan_courier_opened;

/*
 * Opens the sealed part of the token that was answered for. OK, NOTHING_SEALED, OTHER_CARRIER, OTHER_KEY or BAD_ARGUMENT.
 *
 * Anybody can seal to a carrier: ask miandan_courier_answer_is_good before a number is called.
 */
miandan_courier_status miandan_courier_open(const miandan_courier_carrier *carrier,
                                            const miandan_courier_answer *answer, miandan_courier_opened **out);

/* The virtual number: digits, and an extension after "-"; empty if there is none. */
const char *miandan_courier_opened_virtual_number(const miandan_courier_opened *opened, size_t *length);

/* For how many whole days after the token was issued the number can be called; 255 for that and longer. */
uint32_t miandan_courier_opened_virtual_days(const miandan_courier_opened *opened);

/* What the label hides of the address, e.g. "2 / 1501"; empty if it hides nothing. */
const char *miandan_courier_opened_door(const miandan_courier_opened *opened, size_t *length);

/* Whether more is hidden than fitted: then the courier has to ask the carrier. */
bool miandan_courier_opened_is_incomplete(const miandan_courier_opened *opened);

void miandan_courier_opened_free(miandan_courier_opened *opened);

#ifdef __cplusplus
}
#endif

#endif
