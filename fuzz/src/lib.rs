//! What the fuzz targets share: a station and an issuer with throw-away keys, orders that are signed whatever they
//! say, and a watch on the time that a case takes.

use std::cell::RefCell;

use miandan_core::field::{FieldId, FieldSet};
use miandan_seal::encoding::{sha256, to_base64url};
use miandan_seal::{TrustSet, merkle, signature};
use miandan_unseal::{Opener, StationKey};
use ring::signature::Ed25519KeyPair;

/// When everything happens: within the life of the orders in `fixtures/mso1`.
pub const NOW: u64 = 1_800_000_100;

const STATION: &[u8] = include_bytes!("../../fixtures/mso1/station.key");
const ISSUER: &[u8] = include_bytes!("../../fixtures/mso1/issuer.key");
const ISSUER_PUBLIC: &[u8] = include_bytes!("../../fixtures/mso1/issuer.key.pub");
const ORDERS: &str = include_str!("../../fixtures/mso1/orders.sealed.jsonl");

/// A case may take this much processor time, in seconds.
const MOST: f64 = 0.05;

/// Runs a case and panics if it took longer than it may. Processor time, since the machine has other things to do.
pub fn watched(case: impl FnOnce()) {
    let before = processor_time();
    case();
    let took = processor_time() - before;
    assert!(took < MOST, "the case took {took:.3} s");
}

fn processor_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure lives to the end of the call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Whom the station trusts.
pub fn trust() -> TrustSet {
    TrustSet::from_files([ISSUER_PUBLIC]).expect("the fixture")
}

/// Every field that may be printed.
pub fn printable() -> FieldSet {
    FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect()
}

/// Opens an order with the station's key, everything in it that may be printed.
pub fn open(sealed: &[u8]) -> bool {
    thread_local! {
        static OPENER: RefCell<Opener> = RefCell::new(Opener::new(
            vec![StationKey::from_bytes(STATION, None).expect("the fixture")],
            trust(),
        ));
    }
    OPENER.with_borrow_mut(|opener| opener.open(sealed, NOW, printable()).is_ok())
}

/// A member of the first order of the fixtures, as carried.
pub fn member(name: &str) -> String {
    let order: serde_json::Value =
        serde_json::from_str(ORDERS.lines().next().expect("an order")).expect("JSON");
    order[name].as_str().expect("a text").to_owned()
}

/// The text of the batch header in the fixtures.
pub fn batch_header() -> String {
    let bytes = miandan_seal::encoding::from_base64url(member("b")).expect("base64url");
    String::from_utf8(bytes).expect("JSON")
}

/// The issuer's signature over a message.
pub fn sign(message: &[u8]) -> String {
    let key: serde_json::Value = serde_json::from_slice(ISSUER).expect("the fixture");
    let seed =
        miandan_seal::encoding::from_base64url(key["ed25519"].as_str().expect("a text")).expect("a seed");
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("32 bytes");
    to_base64url(pair.sign(message).as_ref())
}

/// An order with these headers, recipients and fields, under a signature that holds.
pub fn signed_order(b: &[u8], r: &[u8], h: &[u8], f: &[u8], path: &str) -> String {
    let [b, r, h, f] = [b, r, h, f].map(to_base64url);
    let s = sign(&signature::message(1, &sha256(b.as_bytes()), &sha256(r.as_bytes())));
    format!(r#"{{"v":"MSO1","b":"{b}","r":"{r}","s":"{s}","h":"{h}","f":"{f}","p":[{path}]}}"#)
}

/// The batch header of the fixtures, for one order alone with this header and these fields.
pub fn batch_of(h: &[u8], f: &[u8]) -> String {
    let root = merkle::leaf(&sha256(to_base64url(h).as_bytes()), &sha256(to_base64url(f).as_bytes()));
    let mut header: serde_json::Value = serde_json::from_str(&batch_header()).expect("JSON");
    header["n"] = 1.into();
    header["root"] = to_base64url(&root).into();
    header.to_string()
}
