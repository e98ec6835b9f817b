//! From pointers to what Rust is sure of, and back.

#![allow(unsafe_code, reason = "a caller hands over pointers")]

use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use zeroize::Zeroizing;

use crate::status::Status;

/// Bytes that a caller lends for the time of the call. Null is nothing, if the length says so as well.
///
/// # Safety
/// Unless it is null, `length` bytes can be read at `bytes`, and nobody writes them while the result is alive.
pub(crate) unsafe fn bytes<'c>(bytes: *const u8, length: usize) -> Result<&'c [u8], Status> {
    if bytes.is_null() {
        return if length == 0 { Ok(&[]) } else { Err(Status::BadArgument) };
    }
    if isize::try_from(length).is_err() {
        return Err(Status::BadArgument);
    }
    // SAFETY: the pointer is not null, the length fits an `isize`, and the caller promises the rest.
    Ok(unsafe { slice::from_raw_parts(bytes, length) })
}

/// A text that a caller lends.
///
/// # Safety
/// As of [`bytes`].
pub(crate) unsafe fn text<'c>(text: *const c_char, length: usize) -> Result<&'c str, Status> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { bytes(text.cast(), length) }?;
    str::from_utf8(bytes).map_err(|_| Status::NotUtf8)
}

/// What a handle stands for.
///
/// # Safety
/// Unless it is null, the handle was given out by [`give`] for a `T`, was not freed, and nobody changes it meanwhile.
pub(crate) unsafe fn borrow<'c, T>(handle: *const T) -> Result<&'c T, Status> {
    // SAFETY: the caller's promise; null becomes `None`.
    unsafe { handle.as_ref() }.ok_or(Status::BadArgument)
}

/// What a handle stands for, to be changed.
///
/// # Safety
/// As of [`borrow`], and nobody else uses it meanwhile.
pub(crate) unsafe fn borrow_mut<'c, T>(handle: *mut T) -> Result<&'c mut T, Status> {
    // SAFETY: the caller's promise; null becomes `None`.
    unsafe { handle.as_mut() }.ok_or(Status::BadArgument)
}

/// A handle of its own.
pub(crate) fn give<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Writes a new handle, or null, where a caller wants it, and answers the status.
///
/// # Safety
/// Unless it is null, a pointer can be written at `out`.
pub(crate) unsafe fn give_into<T>(out: *mut *mut T, make: impl FnOnce() -> Result<T, Status>) -> Status {
    if out.is_null() {
        return Status::BadArgument;
    }
    let (handle, status) = match guard(make) {
        Ok(value) => (give(value), Status::Ok),
        Err(status) => (std::ptr::null_mut(), status),
    };
    // SAFETY: not null, and the caller's promise.
    unsafe { out.write(handle) };
    status
}

/// Frees what a handle stands for. Null is nothing.
///
/// # Safety
/// Unless it is null, the handle was given out by [`give`] for a `T`, and it is not used again.
pub(crate) unsafe fn take_back<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: the caller's promise: the box is the one that `give` let go.
        drop(unsafe { Box::from_raw(handle) });
    }
}

/// Does what a call is for. A panic ends here: it would be a fault of this library, and the caller's frames are not Rust's.
pub(crate) fn guard<T>(call: impl FnOnce() -> Result<T, Status>) -> Result<T, Status> {
    // What a panic could leave half done is in `call` alone, or is a trust that is added to last of all.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(Err(Status::Internal))
}

/// A status for its caller.
pub(crate) fn status(result: Result<(), Status>) -> Status {
    match result {
        Ok(()) => Status::Ok,
        Err(status) => status,
    }
}

/// A text that is lent to callers: its bytes, with a NUL behind them that its length does not count.
pub(crate) struct Lent(Zeroizing<Vec<u8>>);

impl Lent {
    pub(crate) fn new(text: &str) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() + 1));
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        Lent(bytes)
    }
}

/// The place of a text that belongs to a handle, and its length where a caller wants it. Of no handle there is no text.
///
/// # Safety
/// The handle is as of [`borrow`]; unless it is null, a `usize` can be written at `length`.
pub(crate) unsafe fn lend<T>(
    handle: *const T,
    text: impl FnOnce(&T) -> Option<&Lent>,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's promise.
    let lent = unsafe { borrow(handle) }.ok().and_then(text);
    let (place, size) = match lent {
        Some(Lent(bytes)) => (bytes.as_ptr().cast(), bytes.len() - 1),
        None => (std::ptr::null(), 0),
    };
    if !length.is_null() {
        // SAFETY: not null, and the caller's promise.
        unsafe { length.write(size) };
    }
    place
}

/// A number of a handle; of none it is the default, which says nothing.
///
/// # Safety
/// The handle is as of [`borrow`].
pub(crate) unsafe fn number<T, N: Default>(handle: *const T, number: impl FnOnce(&T) -> N) -> N {
    // SAFETY: the caller's promise.
    unsafe { borrow(handle) }.map(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_memory_is_refused() {
        let word = *b"word";
        // SAFETY: the array is alive for as long as each slice is looked at; a length that is refused is not read.
        unsafe {
            assert_eq!(bytes(word.as_ptr(), 4), Ok(b"word".as_slice()));
            assert_eq!(bytes(word.as_ptr(), 0), Ok(b"".as_slice()));
            assert_eq!(bytes(std::ptr::null(), 0), Ok(b"".as_slice()));
            assert_eq!(bytes(std::ptr::null(), 1), Err(Status::BadArgument));
            assert_eq!(bytes(word.as_ptr(), usize::MAX), Err(Status::BadArgument));
            assert_eq!(text(word.as_ptr().cast(), 4), Ok("word"));
            assert_eq!(text([0xFF_u8, b'x'].as_ptr().cast(), 2), Err(Status::NotUtf8));
            assert_eq!(borrow(std::ptr::null::<u8>()), Err(Status::BadArgument));
            take_back(std::ptr::null_mut::<u8>());
        }
    }

    #[test]
    fn a_panic_becomes_a_status() {
        let result: Result<(), Status> = guard(|| {
            let empty: [u8; 0] = [];
            Err(if std::hint::black_box(&empty)[..].first().unwrap() == &1 {
                Status::Ok
            } else {
                Status::NoList
            })
        });
        assert_eq!(result, Err(Status::Internal));
    }

    fn itself(lent: &Lent) -> Option<&Lent> {
        Some(lent)
    }

    #[test]
    fn a_text_has_a_nul_behind_it_that_does_not_count() {
        let lent = give(Lent::new("室"));
        let mut length = 0;
        // SAFETY: the handle is alive until it is taken back, and the text with it.
        unsafe {
            let place = lend(lent, itself, &raw mut length);
            assert_eq!(length, 3);
            assert_eq!(slice::from_raw_parts(place.cast::<u8>(), 4), "室\0".as_bytes());
            assert!(lend(std::ptr::null(), itself, &raw mut length).is_null());
            assert_eq!(length, 0);
            assert!(!lend(lent, itself, std::ptr::null_mut()).is_null());
            take_back(lent);
        }
    }
}
