//! Whom an app trusts.

#![allow(unsafe_code, reason = "functions that are called from C")]

use miandan_courier::Trust;

use crate::boundary::{borrow_mut, bytes, give, guard, number, status, take_back};
use crate::status::Status;

/// A trust that trusts nobody yet. Free it with [`miandan_courier_trust_free`].
#[unsafe(no_mangle)]
pub extern "C" fn miandan_courier_trust_new() -> *mut Trust {
    give(Trust::new())
}

/// Trusts the issuer of a public file (`miandan-issuer-public-1`), or those of a trust list (`miandan-trust-1`).
///
/// Answers [`Status::Ok`], [`Status::NoIssuer`] or [`Status::BadArgument`].
///
/// # Safety
/// `trust` is null, or a trust that was not freed and that nobody else uses meanwhile; at `file` there are `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_trust_add_issuers(
    trust: *mut Trust,
    file: *const u8,
    length: usize,
) -> Status {
    // SAFETY: the caller's promises.
    status(guard(|| unsafe { Ok(borrow_mut(trust)?.add_issuers(bytes(file, length)?)?) }))
}

/// Takes a signed list of stations (`MSO1-stations`). Of two lists of one issuer the newer one counts.
///
/// Answers [`Status::Ok`], [`Status::NoList`], [`Status::UnknownIssuer`], [`Status::BadSignature`],
/// [`Status::OlderList`] or [`Status::BadArgument`]; what was known before stays.
///
/// # Safety
/// As of [`miandan_courier_trust_add_issuers`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_trust_add_stations(
    trust: *mut Trust,
    file: *const u8,
    length: usize,
) -> Status {
    // SAFETY: the caller's promises.
    status(guard(|| unsafe { Ok(borrow_mut(trust)?.add_stations(bytes(file, length)?)?) }))
}

/// Whether there is a list of stations at all; `false` of null.
///
/// # Safety
/// `trust` is null, or a trust that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_trust_has_stations(trust: *const Trust) -> bool {
    // SAFETY: the caller's promise.
    unsafe { number(trust, Trust::has_stations) }
}

/// Whether a list is older than its issuer promised, at a time in seconds since 1970 (UTC); `false` of null.
///
/// # Safety
/// `trust` is null, or a trust that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_trust_is_old(trust: *const Trust, now: u64) -> bool {
    // SAFETY: the caller's promise.
    unsafe { number(trust, |trust| trust.is_old(now)) }
}

/// Frees a trust. Null is nothing.
///
/// # Safety
/// `trust` is null, or a trust that was not freed; it is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_trust_free(trust: *mut Trust) {
    // SAFETY: the caller's promise.
    unsafe { take_back(trust) };
}
