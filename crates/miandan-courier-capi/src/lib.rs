//! The courier's token for apps: the C ABI of [`miandan_courier`], for C, Swift, Kotlin, Go and whatever else calls C, and
//! the same functions as exports of a WebAssembly module that imports nothing.
//!
//! `include/miandan_courier.h` is the reference for callers; a test holds it against what is here. An app makes a trust of
//! the files that it was given ([`miandan_courier_trust_new`]), asks it of each text that a reader of codes hands over
//! ([`miandan_courier_check`]) and, with its carrier's key file, opens the sealed part of the answer
//! ([`miandan_courier_open`]).
//!
//! There is no input or output here, no clock and no randomness: an app passes files, texts and seconds.
//!
//! Three rules hold at the boundary. Every pointer is looked at before it is used: a null pointer, a length that no memory
//! has, bytes that are no UTF-8 are answered with a status. No panic crosses it. What is handed out is freed by the
//! function of its kind, and every block of memory is wiped before it goes back.

mod answer;
mod boundary;
#[cfg(target_family = "wasm")]
mod browser;
mod sealed;
mod status;
mod trust;
mod wiping;

use std::ffi::c_char;

pub use answer::*;
#[cfg(target_family = "wasm")]
pub use browser::*;
pub use sealed::*;
pub use status::Status;
pub use trust::*;

#[global_allocator]
static ALLOCATOR: wiping::WipingAllocator = wiping::WipingAllocator;

/// The version of this ABI. It grows when a function changes or goes, not when one is added.
const ABI: u32 = 1;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// The version of the library, e.g. `0.1.0`, with a NUL byte behind it. It is never freed.
#[allow(unsafe_code, reason = "a name that is exported is one for the whole program")]
#[unsafe(no_mangle)]
pub extern "C" fn miandan_courier_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// The version of the ABI: compare it with `MIANDAN_COURIER_ABI` of the header that you were compiled with.
#[allow(unsafe_code, reason = "a name that is exported is one for the whole program")]
#[unsafe(no_mangle)]
pub extern "C" fn miandan_courier_abi() -> u32 {
    ABI
}
