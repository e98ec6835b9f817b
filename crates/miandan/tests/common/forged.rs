//! Sealed orders that `miandan seal` does not make: taken apart, changed as text, and signed again by the issuer.

use miandan_seal::encoding::{from_base64url, sha256, to_base64url};
use miandan_seal::{merkle, signature};
use ring::signature::Ed25519KeyPair;
use serde_json::Value;

use super::Station;

/// The parts of an order that was sealed alone in its batch, as JSON texts.
#[derive(Clone)]
pub struct Forged {
    pub b: String,
    pub r: String,
    pub h: String,
    pub f: String,
}

impl Forged {
    pub fn of(line: &str) -> Self {
        let order: Value = serde_json::from_str(line).unwrap();
        let text = |member: &str| {
            String::from_utf8(from_base64url(order[member].as_str().unwrap()).unwrap()).unwrap()
        };
        Forged { b: text("b"), r: text("r"), h: text("h"), f: text("f") }
    }

    /// Replaces a text that must be there, once.
    #[track_caller]
    pub fn replace(part: &mut String, from: &str, to: &str) {
        assert!(part.contains(from), "{from} is not in {part}");
        *part = part.replacen(from, to, 1);
    }

    /// The order with a root and a signature of the station's issuer that fit.
    ///
    /// Where header or fields were changed, the batch header changes too, to which the wrapped key is bound: such an
    /// order passes every check before the key.
    pub fn sealed_by(&self, station: &Station) -> String {
        let (r, h, f) = (
            to_base64url(self.r.as_bytes()),
            to_base64url(self.h.as_bytes()),
            to_base64url(self.f.as_bytes()),
        );
        let mut b = self.b.clone();
        let old: Value = serde_json::from_str(&b).unwrap();
        let root = to_base64url(&merkle::leaf(&sha256(h.as_bytes()), &sha256(f.as_bytes())));
        Self::replace(&mut b, old["root"].as_str().unwrap(), &root);
        let b = to_base64url(b.as_bytes());
        let suite = old["suite"].as_u64().unwrap() as u16;
        let message = signature::message(suite, &sha256(b.as_bytes()), &sha256(r.as_bytes()));
        let key: Value = serde_json::from_slice(&station.read("issuer.key")).unwrap();
        let seed = from_base64url(key["ed25519"].as_str().unwrap()).unwrap();
        let s = to_base64url(Ed25519KeyPair::from_seed_unchecked(&seed).unwrap().sign(&message).as_ref());
        format!(r#"{{"v":"MSO1","b":"{b}","r":"{r}","s":"{s}","h":"{h}","f":"{f}","p":[]}}"#)
    }
}
