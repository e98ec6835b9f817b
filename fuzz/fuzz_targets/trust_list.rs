//! Trust lists and public files of issuers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::watched;
use miandan_seal::TrustSet;

fuzz_target!(|data: &[u8]| watched(|| {
    if let Ok(trust) = TrustSet::from_files([data]) {
        let text = trust.to_text();
        assert_eq!(TrustSet::from_files([text.as_bytes()]), Ok(trust));
    }
}));
