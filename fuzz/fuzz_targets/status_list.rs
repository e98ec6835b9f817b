//! Signed lists of every kind, as they come.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::{trust, watched};
use miandan_seal::lists::{CarrierList, StationList, StatusList};

fuzz_target!(|data: &[u8]| watched(|| {
    let trust = trust();
    let _ = StatusList::verify(data, &trust);
    let _ = StationList::verify(data, &trust);
    let _ = CarrierList::verify(data, &trust);
}));
