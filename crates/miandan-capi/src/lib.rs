//! Miandan for programs in C, C++, C#, Java and Go: the C ABI of [`miandan_print`].
//!
//! `include/miandan.h` is the reference for callers; cbindgen makes it from what is here, and CI compares the two. A program
//! says where the component and its files are ([`miandan_component_new`]), reads orders ([`miandan_orders_open`]), and has
//! them printed into a file ([`miandan_batch_print_pdf`]), handed over one by one ([`miandan_labels_next`]), or sent to
//! printers through the journal ([`miandan_station_print`]).
//!
//! It opens no order and cannot: see [`miandan_print`].
//!
//! Four rules hold at the boundary. What a caller hands over is looked at before it is used: a null pointer, a text that is not
//! UTF-8, a number out of its range is answered with a status. A handle is a number, looked up with every call, so one that was
//! freed, or is of another kind, is answered with a status and never followed. No panic crosses. What is handed out belongs
//! to the caller, who frees it once; a second time is a status as well.

mod batch;
mod boundary;
mod buffer;
mod catalogue;
mod component;
mod handle;
mod labels;
mod orders;
mod outcome;
mod place;
mod station;
mod status;
mod steps;

use std::ffi::c_char;

pub use batch::*;
pub use buffer::{Buffer, miandan_buffer_free};
pub use catalogue::*;
pub use component::*;
pub use labels::*;
pub use orders::*;
pub use outcome::{Outcome, Progress, Summary};
pub use station::*;
pub use status::{MiandanStatus, miandan_status_meaning, miandan_status_name};
pub use steps::*;

use boundary::call;
use miandan_print::Status;
use outcome::Failed;

/// The version of this ABI. It grows when a function changes or goes, not when one is added.
pub const MIANDAN_ABI: u32 = 1;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// The version of the library, e.g. `0.1.0`, with a NUL byte behind it. It is never freed.
#[allow(unsafe_code, reason = "a name that is exported is one for the whole program")]
#[unsafe(no_mangle)]
pub extern "C" fn miandan_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// Whether this library is the one that a program was compiled for: call it first, with `MIANDAN_ABI`.
///
/// Answers `MIANDAN_STATUS_OK`, or `MIANDAN_STATUS_COMPONENT_VERSION` with a message.
///
/// # Safety
/// `message` is null, or a buffer can be written there.
#[allow(unsafe_code, reason = "a function that is called from C")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_require(abi: u32, message: *mut Buffer) -> MiandanStatus {
    let check = || match abi {
        MIANDAN_ABI => Ok(()),
        other => Err(Failed::new(
            Status::ComponentVersion,
            format!(
                "the program was compiled for version {other} of the ABI, this library has {MIANDAN_ABI}"
            ),
        )),
    };
    // SAFETY: the caller's promise.
    unsafe { call(message, check) }
}
