//! Sealed orders.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::c_char;
use std::sync::Arc;

use miandan_print::Orders;

use crate::boundary::{bytes, call, out, path};
use crate::buffer::Buffer;
use crate::handle::{self, Object};
use crate::status::MiandanStatus;

pub(crate) struct OrdersHandle(pub(crate) Arc<Orders>);

impl Object for OrdersHandle {
    const NAME: &'static str = "orders";
}

/// Finds the sealed orders of a file, one JSON object a line. Of each its place in the file is kept and nothing else; the file
/// must stay as it is. Free it with `miandan_orders_free`.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_UNREADABLE` or `MIANDAN_STATUS_NO_ORDERS`.
///
/// # Safety
/// `file` is null or ends with a NUL; at `orders` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_orders_open(
    file: *const c_char,
    orders: *mut u64,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let orders = out("orders", orders)?;
            let found = Orders::open(path("file", file)?)?;
            orders.write(handle::give(OrdersHandle(Arc::new(found))));
            Ok(())
        })
    }
}

/// Takes sealed orders from memory, one JSON object a line. They are put aside in a temporary file without a name, still
/// sealed. Free it with `miandan_orders_free`.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_NO_ORDERS`, `MIANDAN_STATUS_UNWRITABLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// At `lines` are `length` bytes; at `orders` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_orders_read(
    lines: *const u8,
    length: usize,
    orders: *mut u64,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let orders = out("orders", orders)?;
            let found = Orders::spool(bytes("lines", lines, length)?)?;
            orders.write(handle::give(OrdersHandle(Arc::new(found))));
            Ok(())
        })
    }
}

/// How many orders there are.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// Unless it is null, a number can be written at `count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_orders_count(orders: u64, count: *mut u64) -> MiandanStatus {
    // SAFETY: the caller's promise; no message is asked for.
    unsafe {
        call(std::ptr::null_mut(), || {
            let count = out("count", count)?;
            count.write(handle::find::<OrdersHandle>(orders)?.0.len() as u64);
            Ok(())
        })
    }
}

/// Frees orders. Batches that are made of them keep them. 0 is nothing.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn miandan_orders_free(orders: u64) -> MiandanStatus {
    // SAFETY: no message is asked for.
    unsafe { call(std::ptr::null_mut(), || handle::free::<OrdersHandle>(orders)) }
}
