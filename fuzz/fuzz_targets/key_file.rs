//! Key files: a station's, and the public parts of all kinds. No passphrase is given, since stretching one costs 19 MiB.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::watched;
use miandan_seal::issue::IssuerKey;
use miandan_seal::{CarrierPublic, IssuerPublic, StationPublic};
use miandan_unseal::StationKey;

fuzz_target!(|data: &[u8]| watched(|| {
    let _ = StationKey::from_bytes(data, None);
    let _ = IssuerKey::parse(data);
    if let Ok(key) = StationPublic::parse(data) {
        assert_eq!(StationPublic::parse(key.to_text().as_bytes()), Ok(key));
    }
    if let Ok(key) = IssuerPublic::parse(data) {
        assert_eq!(IssuerPublic::parse(key.to_text().as_bytes()), Ok(key));
    }
    if let Ok(key) = CarrierPublic::parse(data) {
        assert_eq!(CarrierPublic::parse(key.to_text().as_bytes()), Ok(key));
    }
}));
