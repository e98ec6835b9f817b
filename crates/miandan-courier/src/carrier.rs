//! The sealed part: HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305.
//!
//! `info` is `"W1 seal" 0x00` and the carrier's code; the associated data is everything in the token before the part, so
//! none can be moved to another waybill.

use alloc::string::String;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem as _, X25519HkdfSha256};
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::contents::{self, Contents};
use crate::token::{CarrierId, ENCAPSULATED, SEALED, Token};
use crate::{json, key_name};

type PublicKey = <X25519HkdfSha256 as hpke::Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as hpke::Kem>::PrivateKey;
type Encapsulated = <X25519HkdfSha256 as hpke::Kem>::EncappedKey;

/// A carrier's public key, to which stations seal.
pub struct CarrierKey {
    code: String,
    bytes: [u8; 32],
    key: PublicKey,
    /// Made when it is first sealed to: lists have many carriers of which a station sees a few.
    #[cfg(feature = "fast")]
    table: core::cell::OnceCell<Option<crate::table::TabledKey>>,
}

impl CarrierKey {
    /// Of a carrier's code and its X25519 key; `None` if nothing can be sealed to that key (all zeros).
    #[must_use]
    pub fn new(code: &str, x25519: &[u8; 32]) -> Option<Self> {
        let key = PublicKey::from_bytes(x25519).ok()?;
        Some(CarrierKey {
            code: code.into(),
            bytes: *x25519,
            key,
            #[cfg(feature = "fast")]
            table: core::cell::OnceCell::new(),
        })
    }

    /// The carrier's code, e.g. `YTO`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    pub(crate) fn public(&self) -> &[u8] {
        &self.bytes
    }

    /// The encapsulated key and the sealed contents. The seed must never come twice with other contents.
    pub(crate) fn seal(
        &self,
        head: &[u8],
        contents: &[u8; contents::LENGTH],
        seed: Zeroizing<[u8; 32]>,
    ) -> Option<Vec<u8>> {
        #[cfg(feature = "fast")]
        if let Some(table) = self.table.get_or_init(|| crate::table::TabledKey::new(&self.bytes)) {
            return self.seal_with::<crate::table::Tabled>(table, head, contents, seed);
        }
        self.seal_with::<X25519HkdfSha256>(&self.key, head, contents, seed)
    }

    fn seal_with<K: hpke::Kem>(
        &self,
        key: &K::PublicKey,
        head: &[u8],
        contents: &[u8; contents::LENGTH],
        seed: Zeroizing<[u8; 32]>,
    ) -> Option<Vec<u8>> {
        let (mode, info) = (OpModeS::Base, info(&self.code));
        let (encapsulated, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, K>(
            &mode,
            key,
            &info,
            contents,
            head,
            &mut Seed(seed),
        )
        .ok()?;
        Some([&*encapsulated.to_bytes(), &sealed].concat())
    }
}

/// Thirty-two bytes in the place of randomness: what HPKE makes its ephemeral key from, and nothing else.
pub(crate) struct Seed(pub(crate) Zeroizing<[u8; 32]>);

impl TryRng for Seed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("HPKE asks for bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("HPKE asks for bytes")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        // Of another length there would be no more than that, and asked again it would be the same.
        bytes.copy_from_slice(self.0.as_slice());
        Ok(())
    }
}

impl TryCryptoRng for Seed {}

/// A carrier's secret key, which opens sealed parts. It has no `Debug`.
pub struct CarrierSecret {
    code: String,
    key: PrivateKey,
}

/// Why a carrier's key file was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKey;

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not the key file of a carrier")
    }
}

impl core::error::Error for BadKey {}

/// Why a sealed part was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotOpened {
    /// The token has no sealed part.
    Nothing,
    /// It is for another carrier.
    OtherCarrier,
    /// It is for another key of this carrier, or was changed.
    OtherKey,
}

impl fmt::Display for NotOpened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotOpened::Nothing => "the token has no sealed part",
            NotOpened::OtherCarrier => "the sealed part is for another carrier",
            NotOpened::OtherKey => "the sealed part is for another key of this carrier, or was changed",
        })
    }
}

impl core::error::Error for NotOpened {}

impl CarrierSecret {
    /// Reads a key file, as `miandan keygen carrier` makes it.
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn parse(file: &[u8]) -> Result<Self, BadKey> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File<'a> {
            v: &'a str,
            carrier: String,
            kid: &'a str,
            x25519: &'a str,
        }

        let File { v, carrier, kid, x25519 } = json::read(file).ok_or(BadKey)?;
        let secret = Zeroizing::new(json::array::<32>(x25519).ok_or(BadKey)?);
        let secret = Self::new(&carrier, &secret).ok_or(BadKey)?;
        let public = X25519HkdfSha256::sk_to_pk(&secret.key).to_bytes();
        let is_named = json::key_name(kid) == Some(key_name(&public.into()));
        if v == "miandan-carrier-1" && is_named { Ok(secret) } else { Err(BadKey) }
    }

    /// Of a carrier's code and its X25519 key.
    #[must_use]
    pub fn new(code: &str, x25519: &[u8; 32]) -> Option<Self> {
        Some(CarrierSecret { code: code.into(), key: PrivateKey::from_bytes(x25519).ok()? })
    }

    /// The carrier's code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        X25519HkdfSha256::sk_to_pk(&self.key).to_bytes().into()
    }

    /// Opens the sealed part of a token.
    ///
    /// It says nothing of whether the token is genuine: anybody can seal to a carrier. Ask [`crate::Trust::check`] before
    /// a number is called.
    ///
    /// # Errors
    /// [`NotOpened`].
    pub fn open(&self, token: &Token) -> Result<Contents, NotOpened> {
        let sealed: &[u8; SEALED] = token.sealed().ok_or(NotOpened::Nothing)?;
        if token.claims().carrier != CarrierId::of(&self.code) {
            return Err(NotOpened::OtherCarrier);
        }
        let (encapsulated, ciphertext) = sealed.split_at(ENCAPSULATED);
        let open = |encapsulated| {
            hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeR::Base,
                &self.key,
                &encapsulated,
                &info(&self.code),
                ciphertext,
                token.head(),
            )
        };
        let opened = Encapsulated::from_bytes(encapsulated).and_then(open).map(Zeroizing::new);
        opened.ok().and_then(|bytes| Contents::decode(&bytes)).ok_or(NotOpened::OtherKey)
    }
}

fn info(code: &str) -> Vec<u8> {
    [b"W1 seal\0", code.as_bytes()].concat()
}
