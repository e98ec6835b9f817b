//! A sealed order as it comes, and what is said of it without opening.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::{open, watched};

fuzz_target!(|data: &[u8]| watched(|| {
    let _ = miandan_seal::inspect(data);
    open(data);
}));
