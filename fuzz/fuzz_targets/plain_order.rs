//! Plain orders, which `seal` reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::watched;
use miandan_seal::issue::PlainOrder;

fuzz_target!(|data: &[u8]| watched(|| {
    let _ = PlainOrder::parse(data);
}));
