//! Bytes that are handed out and belong to the caller.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use miandan_print::Status;

use crate::status::MiandanStatus;

/// Bytes that belong to the caller, who frees them with `miandan_buffer_free`. Behind them is a NUL that the length does not
/// count, so a message is a string of C as well.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Buffer {
    /// The first byte; null of nothing.
    pub bytes: *const u8,
    /// How many there are.
    pub length: usize,
}

/// What was handed out and not yet freed, by its address: so that a copy of a buffer that is freed a second time is found to be
/// none.
static HANDED_OUT: LazyLock<Mutex<HashMap<usize, Box<[u8]>>>> = LazyLock::new(Mutex::default);

impl Buffer {
    /// Nothing.
    pub(crate) const NONE: Buffer = Buffer { bytes: std::ptr::null(), length: 0 };

    /// Hands out bytes.
    pub(crate) fn give(mut bytes: Vec<u8>) -> Self {
        let length = bytes.len();
        bytes.reserve_exact(1);
        bytes.push(0);
        let bytes = bytes.into_boxed_slice();
        let place = bytes.as_ptr();
        HANDED_OUT.lock().unwrap_or_else(PoisonError::into_inner).insert(place as usize, bytes);
        Buffer { bytes: place, length }
    }
}

/// Frees what a buffer holds and makes it one of nothing. Null, and a buffer of nothing, are nothing.
///
/// Answers `MIANDAN_STATUS_OK`, or `MIANDAN_STATUS_BAD_HANDLE` where the buffer is not one of this library's, or was freed
/// already through a copy.
///
/// # Safety
/// `buffer` is null, or a buffer that was written by this library or is all zeros. Nobody reads its bytes any more.
#[allow(unsafe_code, reason = "a function that is called from C")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_buffer_free(buffer: *mut Buffer) -> MiandanStatus {
    // SAFETY: the caller's promise; null becomes `None`.
    let Some(buffer) = (unsafe { buffer.as_mut() }) else { return MiandanStatus::Ok };
    let Buffer { bytes, .. } = std::mem::replace(buffer, Buffer::NONE);
    if bytes.is_null() {
        return MiandanStatus::Ok;
    }
    match HANDED_OUT.lock().unwrap_or_else(PoisonError::into_inner).remove(&(bytes as usize)) {
        Some(_) => MiandanStatus::Ok,
        None => Status::BadHandle.into(),
    }
}

#[cfg(test)]
#[allow(unsafe_code, reason = "as a caller would")]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_freed_once_however_often_it_was_copied() {
        let mut one = Buffer::give(b"label".to_vec());
        let mut copy = one;
        // SAFETY: the bytes are alive until they are freed, and the buffers are this library's.
        unsafe {
            assert_eq!(std::slice::from_raw_parts(one.bytes, 6), b"label\0");
            assert_eq!(miandan_buffer_free(&raw mut one), MiandanStatus::Ok);
            assert!(one.bytes.is_null());
            assert_eq!(miandan_buffer_free(&raw mut one), MiandanStatus::Ok);
            assert_eq!(miandan_buffer_free(&raw mut copy), MiandanStatus::BadHandle);
            assert_eq!(miandan_buffer_free(std::ptr::null_mut()), MiandanStatus::Ok);
        }
    }
}
