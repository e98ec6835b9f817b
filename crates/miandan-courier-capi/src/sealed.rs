//! The sealed part: a carrier's key, and what it opens.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::c_char;

use miandan_courier::CarrierSecret;

use crate::answer::Answer;
use crate::boundary::{Lent, borrow, bytes, give_into, lend, number, take_back};
use crate::status::Status;
use crate::wiping::leaving_nothing;

/// A carrier's secret key.
pub struct Carrier {
    secret: CarrierSecret,
    code: Lent,
}

/// What a sealed part says.
pub struct Opened {
    virtual_number: Lent,
    virtual_days: u8,
    door: Lent,
    is_incomplete: bool,
}

/// Reads a carrier's key file (`miandan-carrier-1`).
///
/// Answers [`Status::Ok`] and a carrier at `out`, to be freed with [`miandan_courier_carrier_free`]; or
/// [`Status::BadKey`] or [`Status::BadArgument`] and null there. The caller wipes its own copy of the file.
///
/// # Safety
/// At `file` there are `length` bytes; at `out` a pointer can be written unless it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_carrier_new(
    file: *const u8,
    length: usize,
    out: *mut *mut Carrier,
) -> Status {
    // SAFETY: the caller's promises.
    leaving_nothing(|| unsafe {
        give_into(out, || {
            let secret = CarrierSecret::parse(bytes(file, length)?)?;
            Ok(Carrier { code: Lent::new(secret.code()), secret })
        })
    })
}

/// The carrier's code, e.g. `YTO`. It lives as long as the carrier.
///
/// # Safety
/// `carrier` is null, or a carrier that was not freed; at `length` a `size_t` can be written unless it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_carrier_code(
    carrier: *const Carrier,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promises.
    unsafe { lend(carrier, |carrier| Some(&carrier.code), length) }
}

/// Frees a carrier and wipes its key. Null is nothing.
///
/// # Safety
/// `carrier` is null, or a carrier that was not freed; it is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_carrier_free(carrier: *mut Carrier) {
    // SAFETY: the caller's promise.
    unsafe { take_back(carrier) };
}

/// Opens the sealed part of the token that was answered for.
///
/// Anybody can seal to a carrier: ask [`crate::miandan_courier_answer_is_good`] before a number is called.
///
/// Answers [`Status::Ok`] and what was opened at `out`, to be freed with [`miandan_courier_opened_free`]; or
/// [`Status::NothingSealed`], [`Status::OtherCarrier`], [`Status::OtherKey`], [`Status::BadArgument`] and null there.
///
/// # Safety
/// `carrier` and `answer` are null, or were not freed; at `out` a pointer can be written unless it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_open(
    carrier: *const Carrier,
    answer: *const Answer,
    out: *mut *mut Opened,
) -> Status {
    // SAFETY: the caller's promises.
    leaving_nothing(|| unsafe {
        give_into(out, || {
            let contents = borrow(carrier)?.secret.open(&borrow(answer)?.token)?;
            Ok(Opened {
                virtual_number: Lent::new(&contents.virtual_number),
                virtual_days: contents.virtual_days,
                door: Lent::new(&contents.door),
                is_incomplete: contents.is_incomplete,
            })
        })
    })
}

/// The virtual number: digits, and an extension after `-`; empty if there is none. It lives as long as what was opened.
///
/// # Safety
/// `opened` is null, or was not freed; at `length` a `size_t` can be written unless it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_opened_virtual_number(
    opened: *const Opened,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promises.
    unsafe { lend(opened, |opened| Some(&opened.virtual_number), length) }
}

/// For how many whole days after the token was issued the number can be called; 255 for that and longer.
///
/// # Safety
/// `opened` is null, or was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_opened_virtual_days(opened: *const Opened) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { number(opened, |opened| u32::from(opened.virtual_days)) }
}

/// What the label hides of the address, e.g. `2 / 1501`; empty if it hides nothing. It lives as long as what was opened.
///
/// # Safety
/// As of [`miandan_courier_opened_virtual_number`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_opened_door(
    opened: *const Opened,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promises.
    unsafe { lend(opened, |opened| Some(&opened.door), length) }
}

/// Whether more is hidden than fitted: then the courier has to ask the carrier.
///
/// # Safety
/// `opened` is null, or was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_opened_is_incomplete(opened: *const Opened) -> bool {
    // SAFETY: the caller's promise.
    unsafe { number(opened, |opened| opened.is_incomplete) }
}

/// Frees and wipes what was opened. Null is nothing.
///
/// # Safety
/// `opened` is null, or was not freed; it and its texts are not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_opened_free(opened: *mut Opened) {
    // SAFETY: the caller's promise.
    unsafe { take_back(opened) };
}
