//! Checking a token, and what is said of it.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::c_char;

use miandan_courier::{Question, Token, Trust, Verdict};

use crate::boundary::{Lent, borrow, give_into, lend, number, take_back, text};
use crate::status::{Status, verdict_number};

/// What is said of a token, and what the token says of itself.
pub struct Answer {
    pub(crate) token: Token,
    verdict: Verdict,
    is_list_old: bool,
    word: Lent,
    waybill_no: Lent,
    carrier_id: Lent,
    station: Option<Lent>,
}

fn answer(trust: &Trust, text: &str, question: &Question<'_>) -> Result<Answer, Status> {
    let token = Token::read(text)?;
    let answer = trust.check(&token, question);
    Ok(Answer {
        verdict: answer.verdict,
        is_list_old: answer.is_list_old,
        word: Lent::new(answer.verdict.as_str()),
        waybill_no: Lent::new(&token.claims().waybill_no),
        carrier_id: Lent::new(&token.claims().carrier.to_string()),
        station: answer.station.as_deref().map(Lent::new),
        token,
    })
}

/// Checks the text of a code: is it a courier's token, and is that genuine at a time (seconds since 1970, UTC)?
///
/// `waybill_no` is what stands in the code beside it, or null if nobody has read that.
///
/// Answers [`Status::Ok`] and an answer at `out`, to be freed with [`miandan_courier_answer_free`]; or
/// [`Status::NotAToken`], [`Status::UnknownVersion`], [`Status::Malformed`], [`Status::NotUtf8`],
/// [`Status::BadArgument`] and null there. That it was done says nothing of whether the token is genuine.
///
/// # Safety
/// `trust` is null, or a trust that was not freed and that nobody changes meanwhile; at `text` there are `text_length`
/// bytes, at `waybill_no` `waybill_no_length` unless it is null; at `out` a pointer can be written unless it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_check(
    trust: *const Trust,
    text: *const c_char,
    text_length: usize,
    now: u64,
    waybill_no: *const c_char,
    waybill_no_length: usize,
    out: *mut *mut Answer,
) -> Status {
    // SAFETY: the caller's promises.
    unsafe {
        give_into(out, || {
            let trust = borrow(trust)?;
            let beside = self::text(waybill_no, waybill_no_length)?;
            let waybill_no = (!waybill_no.is_null()).then_some(beside);
            answer(trust, self::text(text, text_length)?, &Question { now, waybill_no })
        })
    }
}

/// The verdict, as a number (`MIANDAN_COURIER_GENUINE` …); 0 of null.
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_verdict(answer: *const Answer) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| verdict_number(answer.verdict)) }
}

/// The verdict as its stable word: `genuine`, `reprint`, `expired`, `not-yet-valid`, `unknown-station`, `revoked`,
/// `forged`, `other-waybill` or `specimen`. It lives as long as the answer.
///
/// # Safety
/// `answer` is null, or an answer that was not freed; at `length` a `size_t` can be written unless it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_word(
    answer: *const Answer,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promises.
    unsafe { lend(answer, |answer| Some(&answer.word), length) }
}

/// Whether the parcel may be taken for what its label says: genuine, or a copy of what is.
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_is_good(answer: *const Answer) -> bool {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| answer.verdict.is_good()) }
}

/// Whether a list is older than its issuer promised: then a station may have been revoked since.
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_is_list_old(answer: *const Answer) -> bool {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| answer.is_list_old) }
}

/// The station that signed it, or null if its signature does not hold. It lives as long as the answer.
///
/// # Safety
/// As of [`miandan_courier_answer_word`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_station(
    answer: *const Answer,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promises.
    unsafe { lend(answer, |answer| answer.station.as_ref(), length) }
}

/// The waybill number that the token names, in ASCII. It lives as long as the answer.
///
/// # Safety
/// As of [`miandan_courier_answer_word`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_waybill_no(
    answer: *const Answer,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promises.
    unsafe { lend(answer, |answer| Some(&answer.waybill_no), length) }
}

/// Who delivers, by four hexadecimal digits: the first bytes of SHA-256 of its code. It lives as long as the answer.
///
/// # Safety
/// As of [`miandan_courier_answer_word`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_carrier_id(
    answer: *const Answer,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promises.
    unsafe { lend(answer, |answer| Some(&answer.carrier_id), length) }
}

/// When the token was issued, in seconds since 1970 (UTC), to the hour.
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_issued_at(answer: *const Answer) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| answer.token.claims().issued_at()) }
}

/// When the token expires, in seconds since 1970 (UTC).
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_expires_at(answer: *const Answer) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| answer.token.claims().expires_at()) }
}

/// The number of the label in its batch.
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_serial(answer: *const Answer) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| answer.token.claims().serial) }
}

/// Which copy of its label it is: 0 for the first print, n for the n-th copy, 255 for that and more.
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_copy(answer: *const Answer) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| u32::from(answer.token.claims().copy)) }
}

/// Whether the token has a part that only the carrier can open.
///
/// # Safety
/// `answer` is null, or an answer that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_is_sealed(answer: *const Answer) -> bool {
    // SAFETY: the caller's promise.
    unsafe { number(answer, |answer| answer.token.is_sealed()) }
}

/// Frees an answer. Null is nothing.
///
/// # Safety
/// `answer` is null, or an answer that was not freed; it and its texts are not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_answer_free(answer: *mut Answer) {
    // SAFETY: the caller's promise.
    unsafe { take_back(answer) };
}
