//! Behind the signature: the body of a list is any bytes, and the issuer has signed it, as a list of one kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::order::Consent;
use miandan_fuzz::{NOW, sign, trust, watched};
use miandan_seal::encoding::to_base64url;
use miandan_seal::lists::{CarrierList, ListKind, StationList, StatusList, StatusLists};

fuzz_target!(|data: &[u8]| watched(|| {
    let [kind, body @ ..] = data else { return };
    let kind = ListKind::ALL[usize::from(*kind) % 3];
    let body = to_base64url(body);
    let s = sign(&kind.message(&body));
    let file = format!(r#"{{"v":"{}","l":"{body}","s":"{s}"}}"#, kind.version());
    let trust = trust();
    let status = StatusList::verify(file.as_bytes(), &trust);
    let others = [
        StationList::verify(file.as_bytes(), &trust).is_ok(),
        CarrierList::verify(file.as_bytes(), &trust).is_ok(),
    ];
    assert!(status.is_err() || kind == ListKind::Status);
    assert!(!others[0] || kind == ListKind::Stations);
    assert!(!others[1] || kind == ListKind::Carriers);
    if let Ok(list) = status {
        let mut lists = StatusLists::default();
        lists.insert(list);
        let _ = lists.check("platform", Some(&Consent { reference: "c".into(), epoch: 1 }), NOW);
    }
}));
