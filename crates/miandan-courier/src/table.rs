//! Sealing many times to one key. Half of what a sealed part costs is a multiplication of the carrier's key, which is the same
//! for all of its labels: with a table of its multiples it costs less than half.
//!
//! This is HPKE's `Encap` (RFC 9180, section 4.1) for DHKEM(X25519, HKDF-SHA256) and nothing else of it: the rest is left to
//! the library, and what comes out is the same, byte for byte.

use alloc::boxed::Box;
use core::fmt;

use curve25519_dalek::edwards::EdwardsBasepointTable;
use curve25519_dalek::montgomery::MontgomeryPoint;
use curve25519_dalek::traits::BasepointTable;
use hkdf::{Hkdf, HkdfExtract};
use hpke::hybrid_array::typenum::Unsigned;
use hpke::kem::{Kem, SharedSecret, X25519HkdfSha256};
use hpke::rand_core::CryptoRng;
use hpke::{Deserializable, HpkeError, Serializable};
use sha2::Sha256;
use zeroize::Zeroizing;

type Plain = X25519HkdfSha256;

/// What `Encap` is, with a table of the receiver's key.
pub(crate) enum Tabled {}

/// A receiver's key and the table of its multiples, 30 KiB.
#[derive(Clone)]
pub(crate) struct TabledKey {
    bytes: [u8; 32],
    table: Box<EdwardsBasepointTable>,
}

impl TabledKey {
    /// Of an X25519 key; `None` if it is not one of the curve but of its twist, for which there are no tables.
    pub(crate) fn new(x25519: &[u8; 32]) -> Option<Self> {
        // Either of the two points with this coordinate: what comes out has the same one again.
        let point = MontgomeryPoint(*x25519).to_edwards(0)?;
        Some(TabledKey { bytes: *x25519, table: Box::new(EdwardsBasepointTable::create(&point)) })
    }
}

impl fmt::Debug for TabledKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TabledKey").field(&self.bytes).finish()
    }
}

impl PartialEq for TabledKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for TabledKey {}

impl Serializable for TabledKey {
    type OutputSize = <<Plain as Kem>::PublicKey as Serializable>::OutputSize;

    fn write_exact(&self, buffer: &mut [u8]) {
        buffer.copy_from_slice(&self.bytes);
    }
}

impl Deserializable for TabledKey {
    fn from_bytes(encoded: &[u8]) -> Result<Self, HpkeError> {
        let wrong = HpkeError::IncorrectInputLength(32, encoded.len());
        let bytes = encoded.try_into().map_err(|_| wrong)?;
        TabledKey::new(bytes).ok_or(HpkeError::ValidationError)
    }
}

impl Kem for Tabled {
    type PublicKey = TabledKey;
    type PrivateKey = <Plain as Kem>::PrivateKey;
    type EncappedKey = <Plain as Kem>::EncappedKey;
    type NSecret = <Plain as Kem>::NSecret;

    const KEM_ID: u16 = Plain::KEM_ID;

    fn sk_to_pk(secret: &Self::PrivateKey) -> TabledKey {
        let bytes: [u8; 32] = Plain::sk_to_pk(secret).to_bytes().into();
        TabledKey::new(&bytes).expect("a multiple of the base point is on the curve")
    }

    fn derive_keypair(material: &[u8]) -> (Self::PrivateKey, TabledKey) {
        let (secret, _) = Plain::derive_keypair(material);
        let public = Self::sk_to_pk(&secret);
        (secret, public)
    }

    fn decap(
        secret: &Self::PrivateKey,
        sender: Option<&TabledKey>,
        encapsulated: &Self::EncappedKey,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        let sender = sender.map(|key| <Plain as Kem>::PublicKey::from_bytes(&key.bytes)).transpose()?;
        let shared = Plain::decap(secret, sender.as_ref(), encapsulated)?;
        Ok(SharedSecret(shared.0))
    }

    /// Base mode alone: nobody seals in the name of a sender here.
    fn encap_with_rng(
        receiver: &TabledKey,
        sender: Option<(&Self::PrivateKey, &TabledKey)>,
        random: &mut impl CryptoRng,
    ) -> Result<(SharedSecret<Self>, Self::EncappedKey), HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::EncapError);
        }
        let mut material = Zeroizing::new([0; 32]);
        random.fill_bytes(material.as_mut_slice());
        let (secret, public) = Plain::derive_keypair(material.as_slice());
        let encapsulated: [u8; 32] = public.to_bytes().into();
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(secret.to_bytes().into());
        let product = Zeroizing::new(receiver.table.mul_base_clamped(*secret).to_montgomery().to_bytes());
        // RFC 7748, section 6.1: keys of low order give the same secret to everybody.
        if *product == [0; 32] {
            return Err(HpkeError::EncapError);
        }
        let shared = extract_and_expand(&product, &[encapsulated, receiver.bytes].concat())?;
        Ok((shared, Self::EncappedKey::from_bytes(&encapsulated)?))
    }
}

/// RFC 9180, section 4.1: `ExtractAndExpand`, with the labels of section 4.
fn extract_and_expand(product: &[u8; 32], context: &[u8]) -> Result<SharedSecret<Tabled>, HpkeError> {
    let suite = [b"KEM".as_slice(), &Tabled::KEM_ID.to_be_bytes()].concat();
    let mut extract = HkdfExtract::<Sha256>::new(None);
    for part in [b"HPKE-v1".as_slice(), &suite, b"eae_prk", product] {
        extract.input_ikm(part);
    }
    let (_, expand): (_, Hkdf<Sha256>) = extract.finalize();
    let length = <Tabled as Kem>::NSecret::to_u16().to_be_bytes();
    let info = [&length, b"HPKE-v1".as_slice(), &suite, b"shared_secret", context];
    let mut shared = SharedSecret::<Tabled>::default();
    expand.expand_multi_info(&info, &mut shared.0).map_err(|_| HpkeError::EncapError)?;
    Ok(shared)
}

#[cfg(test)]
mod tests {
    use hpke::aead::ChaCha20Poly1305;
    use hpke::kdf::HkdfSha256;
    use hpke::{OpModeR, OpModeS};
    use proptest::prelude::*;

    use super::*;
    use crate::carrier::Seed;

    fn sealed<K: Kem>(key: &K::PublicKey, seed: [u8; 32]) -> Option<([u8; 32], alloc::vec::Vec<u8>)>
    where
        K::EncappedKey: Serializable,
    {
        let (mode, mut seed) = (OpModeS::Base, Seed(Zeroizing::new(seed)));
        let sealed = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, K>(
            &mode,
            key,
            b"info",
            b"contents",
            b"head",
            &mut seed,
        );
        let (encapsulated, sealed) = sealed.ok()?;
        Some((encapsulated.to_bytes().as_slice().try_into().ok()?, sealed))
    }

    proptest! {
        /// The library's own way is the oracle: for any key, on the curve or of low order, with any ephemeral key.
        #[test]
        fn the_same_comes_out_as_without_a_table(key: [u8; 32], seed: [u8; 32]) {
            let plain = <Plain as Kem>::PublicKey::from_bytes(&key).unwrap();
            if let Some(tabled) = TabledKey::new(&key) {
                prop_assert_eq!(sealed::<Tabled>(&tabled, seed), sealed::<Plain>(&plain, seed));
            }
        }

        #[test]
        fn its_owner_opens_it(secret: [u8; 32], seed: [u8; 32]) {
            let (secret, public) = Plain::derive_keypair(&secret);
            let tabled = TabledKey::from_bytes(&public.to_bytes()).unwrap();
            let (encapsulated, sealed) = sealed::<Tabled>(&tabled, seed).unwrap();
            let encapsulated = <Plain as Kem>::EncappedKey::from_bytes(&encapsulated).unwrap();
            let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Plain>(
                &OpModeR::Base, &secret, &encapsulated, b"info", &sealed, b"head",
            );
            prop_assert_eq!(opened.unwrap(), b"contents");
        }
    }

    /// The points of low order (RFC 7748, section 7, and Bernstein's list): nothing is sealed to any of them.
    #[test]
    fn nothing_is_sealed_to_a_key_of_low_order() {
        let mut eight = [0; 32];
        eight.copy_from_slice(&[
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
            0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ]);
        let one = core::array::from_fn(|at| u8::from(at == 0));
        for key in [[0; 32], one, eight] {
            if let Some(tabled) = TabledKey::new(&key) {
                assert!(sealed::<Tabled>(&tabled, [7; 32]).is_none(), "{key:?}");
            }
        }
    }
}
