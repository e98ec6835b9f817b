//! A sealed order as it comes, and what is said of it without opening.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::{open, watched};

fuzz_target!(|data: &[u8]| watched(|| {
    assert_eq!(miandan_seal::clear_header(data).err(), miandan_seal::inspect(data).err());
    open(data);
}));
