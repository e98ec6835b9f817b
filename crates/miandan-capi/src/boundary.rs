//! From pointers to what Rust is sure of, and back.

#![allow(unsafe_code, reason = "a caller hands over pointers")]

use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::slice;

use miandan_core::Code;
use miandan_print::Status;

use crate::buffer::Buffer;
use crate::outcome::Failed;
use crate::status::MiandanStatus;

/// Does what a call is for and answers its status; where it failed, a caller that asks for one gets a message.
///
/// # Safety
/// Unless it is null, a buffer can be written at `message`.
pub(crate) unsafe fn call(message: *mut Buffer, work: impl FnOnce() -> Result<(), Failed>) -> MiandanStatus {
    // A panic ends here: it would be a fault of this library, and the caller's frames are not Rust's.
    let result = catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Failed::new(Status::Refused(Code::Internal), "a defect of this library")));
    let (status, buffer) = match result {
        Ok(()) => (Status::Ok, Buffer::NONE),
        Err(failed) if message.is_null() => (failed.status, Buffer::NONE),
        Err(failed) => (failed.status, Buffer::give(failed.message.into_bytes())),
    };
    if !message.is_null() {
        // SAFETY: not null, and the caller's promise.
        unsafe { message.write(buffer) };
    }
    status.into()
}

/// Bytes that a caller lends for the time of the call. Null is nothing, if the length says so as well.
///
/// # Safety
/// Unless it is null, `length` bytes can be read at `bytes`, and nobody writes them while the result is alive.
pub(crate) unsafe fn bytes<'c>(name: &str, bytes: *const u8, length: usize) -> Result<&'c [u8], Failed> {
    if bytes.is_null() {
        return if length == 0 { Ok(&[]) } else { Err(Failed::argument(name, "null")) };
    }
    if isize::try_from(length).is_err() {
        return Err(Failed::argument(name, "longer than any memory"));
    }
    // SAFETY: the pointer is not null, the length fits an `isize`, and the caller promises the rest.
    Ok(unsafe { slice::from_raw_parts(bytes, length) })
}

/// A text with a NUL behind it that a caller lends; `None` of null.
///
/// # Safety
/// Unless it is null, there is a NUL behind the text, and nobody writes it while the result is alive.
pub(crate) unsafe fn optional_text<'c>(name: &str, text: *const c_char) -> Result<Option<&'c str>, Failed> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: not null, and the caller's promise.
    let text = unsafe { CStr::from_ptr(text) };
    let text = text.to_str().map_err(|_| Failed::new(Status::NotUnicode, format!("{name}: not UTF-8")))?;
    Ok(Some(text))
}

/// A text that must be there and not be empty.
///
/// # Safety
/// As of [`optional_text`].
pub(crate) unsafe fn text<'c>(name: &str, text: *const c_char) -> Result<&'c str, Failed> {
    // SAFETY: the caller's promise.
    let text = unsafe { optional_text(name, text) }?;
    text.filter(|text| !text.is_empty()).ok_or_else(|| Failed::argument(name, "null or empty"))
}

/// The path of a file, UTF-8.
///
/// # Safety
/// As of [`optional_text`].
pub(crate) unsafe fn path<'c>(name: &str, path: *const c_char) -> Result<&'c Path, Failed> {
    // SAFETY: the caller's promise.
    unsafe { text(name, path) }.map(Path::new)
}

/// Where a caller wants something written: looked at before the work begins, so that nothing is made and then lost.
///
/// # Safety
/// Unless it is null, a `T` can be written at `out` until the call ends.
pub(crate) unsafe fn out<'c, T>(name: &str, out: *mut T) -> Result<Out<'c, T>, Failed> {
    if out.is_null() { Err(Failed::argument(name, "null")) } else { Ok(Out(out, std::marker::PhantomData)) }
}

/// A place that is not null.
pub(crate) struct Out<'c, T>(*mut T, std::marker::PhantomData<&'c mut T>);

impl<T> Out<'_, T> {
    pub(crate) fn write(self, value: T) {
        // SAFETY: what `out` was promised. What was there is not read or dropped: it may be nothing.
        unsafe { self.0.write(value) };
    }
}

/// The same where a caller may not want it.
///
/// # Safety
/// As of [`out`].
pub(crate) unsafe fn write_if_wanted<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: not null, and the caller's promise.
        unsafe { place.write(value) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_memory_is_refused() {
        let word = *b"word\0";
        // SAFETY: the array is alive for as long as each slice is looked at; a length that is refused is not read.
        unsafe {
            assert_eq!(bytes("x", word.as_ptr(), 4).unwrap(), b"word");
            assert_eq!(bytes("x", std::ptr::null(), 0).unwrap(), b"");
            assert_eq!(bytes("x", std::ptr::null(), 1).unwrap_err().status, Status::BadArgument);
            assert_eq!(bytes("x", word.as_ptr(), usize::MAX).unwrap_err().status, Status::BadArgument);
            assert_eq!(text("x", word.as_ptr().cast()).unwrap(), "word");
            assert_eq!(text("x", word[4..].as_ptr().cast()).unwrap_err().status, Status::BadArgument);
            assert_eq!(text("x", std::ptr::null()).unwrap_err().message, "x: null or empty");
            assert_eq!(text("x", [0xFF_u8, 0].as_ptr().cast()).unwrap_err().status, Status::NotUnicode);
            assert!(optional_text("x", std::ptr::null()).unwrap().is_none());
        }
    }

    #[test]
    fn a_panic_becomes_a_status_and_a_message() {
        let mut message = Buffer::NONE;
        // SAFETY: the buffer is alive.
        let status = unsafe {
            call(&raw mut message, || {
                let empty: [u8; 0] = [];
                Err(Failed::argument("x", std::hint::black_box(&empty)[..].first().unwrap()))
            })
        };
        assert_eq!(status, MiandanStatus::Internal);
        assert!(message.length > 0);
        // SAFETY: the buffer is alive.
        assert_eq!(unsafe { crate::miandan_buffer_free(&raw mut message) }, MiandanStatus::Ok);
    }
}
