//! Readers of foreign files that panic.

use std::panic;

/// Runs a reader of foreign files. If it panics, that is its error: what it would say may quote the file.
pub fn run<T>(read: impl FnOnce() -> T) -> Option<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(panic::AssertUnwindSafe(read));
    panic::set_hook(hook);
    result.ok()
}
