//! An allocator that wipes what is given back.
//!
//! A key file is read through a parser of JSON, and an opened door is put together in strings: what passes through them is
//! gone as soon as its block is freed, not only what we know to be secret. It is the allocator of this library alone: what
//! an app takes from its own is not touched. In a browser the memory of the module is its own as well.
//!
//! What is done with a secret leaves copies on the stack too, which the next calls write over some time or never:
//! [`leaving_nothing`] does at once.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout, System};

use zeroize::Zeroize;

/// More stack than opening a sealed part takes, in bytes.
const STACK: usize = 64 << 10;

/// The allocator of the system, with every block wiped before it goes back.
pub(crate) struct WipingAllocator;

// SAFETY: every block comes from `System` and goes back to it with the layout it was asked for; wiping touches only the
// bytes of a block that its owner has given up. `realloc` is the default of the trait: a new block, a copy, and the old
// one given back through `dealloc`, so that nothing stays where it was.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises of `GlobalAlloc::alloc`, which are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller owns `layout.size()` bytes at `block` and gives them up.
        unsafe {
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }
}

/// Zeroes memory that nobody reads again: writes that are volatile are not left out.
///
/// # Safety
/// `size` bytes at `block` can be written, and no reference to them is alive.
unsafe fn wipe(block: *mut u8, size: usize) {
    for place in 0..size {
        // SAFETY: the promise of the caller.
        unsafe { block.add(place).write_volatile(0) };
    }
}

/// Does something with a secret, and writes over the stack that it used.
pub(crate) fn leaving_nothing<T>(call: impl FnOnce() -> T) -> T {
    let result = apart(call);
    wipe_stack();
    result
}

/// In a frame of its own, so that it is gone when the stack is written over.
#[inline(never)]
fn apart<T>(call: impl FnOnce() -> T) -> T {
    call()
}

#[inline(never)]
fn wipe_stack() {
    // It lies where the frames of the call lay.
    let mut room = [0_u8; STACK];
    room.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_grows_or_shrinks_keeps_its_contents() {
        let layout = Layout::array::<u8>(100).unwrap();
        // SAFETY: the layouts are those that the block has at each step, and the block is used only while alive.
        unsafe {
            let block = WipingAllocator.alloc_zeroed(layout);
            block.write_bytes(7, 100);
            let block = WipingAllocator.realloc(block, layout, 5000);
            assert!(std::slice::from_raw_parts(block, 100).iter().all(|&byte| byte == 7));
            let block = WipingAllocator.realloc(block, Layout::array::<u8>(5000).unwrap(), 10);
            assert_eq!(std::slice::from_raw_parts(block, 10), [7; 10]);
            WipingAllocator.dealloc(block, Layout::array::<u8>(10).unwrap());
        }
    }

    #[test]
    fn wiping_leaves_nothing() {
        let mut secret = *b"a virtual number";
        // SAFETY: the array is alive and not borrowed.
        unsafe { wipe(secret.as_mut_ptr(), secret.len()) };
        assert_eq!(secret, [0; 16]);
    }
}
