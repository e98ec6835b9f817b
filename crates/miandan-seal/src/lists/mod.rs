//! Signed lists: which authorisations were withdrawn, which stations sign couriers' tokens, which keys carriers have.
//!
//! A list is one JSON object `{"v", "l", "s"}`: its kind, the base64url of its JSON body, and the issuer's Ed25519
//! signature over `context ‖ 0x00 ‖ SHA-256(l)`. Each kind has a context of its own, so none passes for another.
//! The body says who signed it and when, `{iss, ikid, iat, next, …}`, and holds its entries in ascending order, each
//! once; `next` is when the issuer means to have published a newer one.
//!
//! Whether a list is too old, or older than the one before it, is decided where the time and the past are known:
//! [`StatusLists`] for each order, the component for the lists it has seen.

pub(crate) mod keys;
mod status;

use miandan_core::Code;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::Deserialize;

use crate::encoding::{KeyId, append_base64url, array_from_base64url, decoded_length, sha256};
use crate::trust::TrustSet;
use crate::{limits, strict};

pub use keys::{CarrierKey, CarrierList, StationList, TokenKey};
pub use status::{Enforcement, StatusList, StatusLists, StatusPolicy, StatusReport};

/// What a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListKind {
    /// Which authorisations were withdrawn.
    Status,
    /// With which keys stations sign couriers' tokens.
    Stations,
    /// To which keys the hidden part of a token is sealed.
    Carriers,
}

impl ListKind {
    /// Every kind.
    pub const ALL: [ListKind; 3] = [ListKind::Status, ListKind::Stations, ListKind::Carriers];

    /// `v` of the file.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            ListKind::Status => "MSO1-status",
            ListKind::Stations => "MSO1-stations",
            ListKind::Carriers => "MSO1-carriers",
        }
    }

    const fn context(self) -> &'static [u8] {
        match self {
            ListKind::Status => b"MSO1 status\0",
            ListKind::Stations => b"MSO1 stations\0",
            ListKind::Carriers => b"MSO1 carriers\0",
        }
    }

    /// The bytes under the signature.
    #[must_use]
    pub fn message(self, body: &str) -> Vec<u8> {
        [self.context(), &sha256(body.as_bytes())].concat()
    }
}

/// What every list says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListHead {
    /// Who signed it.
    pub iss: String,
    /// Name of the key that signed it.
    pub ikid: KeyId,
    /// When it was signed, in seconds since 1970 (UTC).
    pub iat: u64,
    /// When a newer one is to be expected, in seconds since 1970 (UTC).
    pub next: u64,
}

impl ListHead {
    /// Until when the list is believed to be the last one, in seconds since 1970 (UTC): a day after the next was to be
    /// expected.
    #[must_use]
    pub fn fresh_until(&self) -> u64 {
        self.next.saturating_add(limits::STATUS_GRACE)
    }

    /// Whether ids and times make sense.
    pub(crate) fn check(&self) -> Result<(), Code> {
        if !crate::header::is_identifier(&self.iss) || self.next <= self.iat {
            return Err(Code::Malformed);
        }
        if self.next - self.iat > limits::LIST_LIFETIME {
            return Err(Code::Limit);
        }
        Ok(())
    }
}

/// The file as it comes. Its body is only believed once the signature was checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    v: &'a str,
    l: &'a str,
    s: &'a str,
}

struct Unchecked<'a> {
    text: &'a str,
    signature: [u8; 64],
    body: Vec<u8>,
}

impl<'a> Unchecked<'a> {
    fn read(file: &'a [u8], kind: ListKind) -> Result<Self, Code> {
        if file.len() > limits::LIST {
            return Err(Code::Limit);
        }
        let Envelope { v, l, s } = strict::from_slice(file.trim_ascii()).map_err(|_| Code::Malformed)?;
        if v != kind.version() {
            return Err(Code::Malformed);
        }
        let signature = array_from_base64url(s).map_err(|_| Code::Malformed)?;
        let mut body = Vec::with_capacity(decoded_length(l) + 4);
        append_base64url(l, &mut body).map_err(|_| Code::Malformed)?;
        Ok(Unchecked { text: l, signature, body })
    }

    /// Whether the list is signed by who it says, with a key that was trusted when it was signed.
    fn check(&self, kind: ListKind, head: &ListHead, trust: &TrustSet) -> Result<(), Code> {
        head.check()?;
        let issuer = trust
            .find(&head.iss, head.ikid)
            .filter(|issuer| issuer.validity.holds(head.iat))
            .ok_or(Code::UnknownIssuer)?;
        UnparsedPublicKey::new(&ED25519, &issuer.ed25519)
            .verify(&kind.message(self.text), &self.signature)
            .map_err(|_| Code::BadSignature)
    }
}
