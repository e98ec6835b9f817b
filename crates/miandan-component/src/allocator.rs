//! An allocator that wipes what is given back.
//!
//! An opened field is copied on its way to the label: into JSON, into strings, into lines of text, into a page.
//! Wiping the buffers that we know of left three copies of an address in memory; wiping every block as it is freed
//! left none, at no cost that could be measured.
//!
//! A block that grows is moved, never stretched in place by the system: `realloc` of the C library may leave the old
//! bytes behind. What stays: registers, the stack, and blocks that are alive.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;

/// Whether blocks are wiped. Only the control of a test of the memory turns it off, and only there can it be.
#[cfg(feature = "attacks")]
pub(crate) static WIPING: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(true);

/// The allocator of the system, with every block wiped before it goes back.
pub(crate) struct WipingAllocator;

// SAFETY: every block comes from `System` and goes back to it with the layout it was asked for; wiping touches only
// the bytes of a block that its owner has given up.
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

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `new_size`, rounded up to the alignment, fits an `isize`.
        let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        // SAFETY: `new_size` is not zero, as the caller promises.
        let moved = unsafe { System.alloc(new_layout) };
        if !moved.is_null() {
            // SAFETY: both blocks are alive, distinct, and at least as long as what is copied; the old one is given
            // up only now that the new one is there.
            unsafe {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
        }
        moved
    }
}

/// Zeroes memory in a way that the compiler cannot leave out although nobody reads it again.
///
/// # Safety
/// `size` bytes at `block` can be written, and no reference to them is alive.
unsafe fn wipe(block: *mut u8, size: usize) {
    #[cfg(feature = "attacks")]
    if !WIPING.load(std::sync::atomic::Ordering::Relaxed) {
        return;
    }
    // SAFETY: the promise of the caller. One call whatever the size: the C library picks the fastest way for it.
    unsafe { ptr::write_bytes(block, 0, size) };
    keep(block);
}

/// Tells the compiler that somebody may look at the memory behind the pointer.
#[inline(always)]
fn keep(block: *mut u8) {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))]
    // SAFETY: no instruction is emitted. Without `nomem` or `readonly` the compiler must have all stores done.
    unsafe {
        std::arch::asm!("/* {0} */", in(reg) block, options(nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
    std::hint::black_box(block);
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
        let mut secret = *b"a name and a phone";
        // SAFETY: the array is alive and not borrowed.
        unsafe { wipe(secret.as_mut_ptr(), secret.len()) };
        assert_eq!(secret, [0; 18]);
    }
}
