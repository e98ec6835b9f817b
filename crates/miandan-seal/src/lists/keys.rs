//! The lists that say whose keys are whose: stations for the courier's token, carriers for its sealed part.
//!
//! Such a key comes from a signed list only, never from a host, a template or a command line: a host that could name
//! its own carrier key would read what the label hides.

use miandan_core::Code;
use serde::{Deserialize, Serialize};

use super::{ListHead, ListKind, Unchecked};
use crate::encoding::{self, KeyId};
use crate::header::is_identifier;
use crate::keys::Validity;
use crate::strict;
use crate::trust::TrustSet;

/// The key with which a station signs couriers' tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKey {
    /// Id of the station.
    pub id: String,
    /// Name of the key.
    pub kid: KeyId,
    /// Ed25519 public key.
    #[serde(with = "encoding::bytes")]
    pub ed25519: [u8; 32],
    /// From when on it signs, in seconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub nbf: Option<u64>,
    /// Until when it signs, in seconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub exp: Option<u64>,
    /// Since when nothing that it signed is believed any more, in seconds since 1970 (UTC): it was stolen, say.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub rev: Option<u64>,
}

/// The key to which the hidden part of a token is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarrierKey {
    /// Carrier code, e.g. `YTO`.
    pub carrier: String,
    /// Name of the key.
    pub kid: KeyId,
    /// X25519 public key.
    #[serde(with = "encoding::bytes")]
    pub x25519: [u8; 32],
    /// From when on it is sealed to, in seconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub nbf: Option<u64>,
    /// Until when it is sealed to, in seconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub exp: Option<u64>,
}

/// An entry of a list of keys.
pub(crate) trait Entry {
    /// What it claims: the owner, the key's name, the key, and when it may be used.
    fn parts(&self) -> (&str, KeyId, &[u8; 32], Validity);
}

impl Entry for TokenKey {
    fn parts(&self) -> (&str, KeyId, &[u8; 32], Validity) {
        (&self.id, self.kid, &self.ed25519, Validity { nbf: self.nbf, exp: self.exp })
    }
}

impl Entry for CarrierKey {
    fn parts(&self) -> (&str, KeyId, &[u8; 32], Validity) {
        (&self.carrier, self.kid, &self.x25519, Validity { nbf: self.nbf, exp: self.exp })
    }
}

/// Whether every entry is sound and they ascend by the names of their keys.
pub(crate) fn check(entries: &[impl Entry]) -> Result<(), Code> {
    let sound = entries.iter().all(|entry| {
        let (owner, kid, key, validity) = entry.parts();
        is_identifier(owner) && kid == KeyId::of(key) && validity.is_possible()
    });
    let ascending = entries.windows(2).all(|pair| pair[0].parts().1 < pair[1].parts().1);
    if sound && ascending { Ok(()) } else { Err(Code::Malformed) }
}

macro_rules! list {
    ($(#[$doc:meta])* $list:ident, $body:ident, $entry:ident, $kind:expr, $member:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $list {
            head: ListHead,
            keys: Vec<$entry>,
        }

        #[derive(Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $body {
            pub(crate) iss: String,
            pub(crate) ikid: KeyId,
            pub(crate) iat: u64,
            pub(crate) next: u64,
            #[serde(deserialize_with = "strict::objects")]
            pub(crate) $member: Vec<$entry>,
        }

        impl $list {
            /// Reads a list and checks its signature.
            ///
            /// # Errors
            /// [`Code::Limit`], [`Code::Malformed`], [`Code::UnknownIssuer`], [`Code::BadSignature`], in this order of
            /// checks.
            pub fn verify(file: &[u8], trust: &TrustSet) -> Result<Self, Code> {
                let unchecked = Unchecked::read(file, $kind)?;
                let body: $body = strict::from_slice(&unchecked.body).map_err(|_| Code::Malformed)?;
                check(&body.$member)?;
                let head = ListHead { iss: body.iss, ikid: body.ikid, iat: body.iat, next: body.next };
                unchecked.check($kind, &head, trust)?;
                Ok($list { head, keys: body.$member })
            }

            /// Who signed it, and when.
            #[must_use]
            pub fn head(&self) -> &ListHead {
                &self.head
            }

            /// The keys, in the order of their names.
            #[must_use]
            pub fn keys(&self) -> &[$entry] {
                &self.keys
            }

            /// The key of this name, if it may be used at this time (seconds since 1970, UTC).
            #[must_use]
            pub fn find(&self, kid: KeyId, now: u64) -> Option<&$entry> {
                let place = self.keys.binary_search_by_key(&kid, |key| key.kid).ok()?;
                Some(&self.keys[place]).filter(|key| key.parts().3.holds(now))
            }
        }
    };
}

list! {
    /// The stations of an issuer and the keys with which they sign tokens.
    StationList, StationBody, TokenKey, ListKind::Stations, stations
}

list! {
    /// The keys of the carriers.
    CarrierList, CarrierBody, CarrierKey, ListKind::Carriers, carriers
}
