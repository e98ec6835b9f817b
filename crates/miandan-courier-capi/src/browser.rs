//! Memory for the other side: a page has none that this module can read, so it takes some of ours.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use std::alloc::{Layout, alloc_zeroed, dealloc};

/// Of everything that is handed over: pointers are written into such blocks as well.
const ALIGNMENT: usize = 8;

/// Memory of so many bytes, all zero; null if there is none. Give it back with [`miandan_courier_give_back`].
#[unsafe(no_mangle)]
pub extern "C" fn miandan_courier_take(size: usize) -> *mut u8 {
    match Layout::from_size_align(size.max(1), ALIGNMENT) {
        // SAFETY: the size is not zero.
        Ok(layout) => unsafe { alloc_zeroed(layout) },
        Err(_) => std::ptr::null_mut(),
    }
}

/// Wipes memory and gives it back. Null is nothing.
///
/// # Safety
/// `block` is null, or what [`miandan_courier_take`] answered for the same size; it is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_courier_give_back(block: *mut u8, size: usize) {
    if let Ok(layout) = Layout::from_size_align(size.max(1), ALIGNMENT)
        && !block.is_null()
    {
        // SAFETY: the caller's promise: the layout is the one that the block was taken with.
        unsafe { dealloc(block, layout) };
    }
}
