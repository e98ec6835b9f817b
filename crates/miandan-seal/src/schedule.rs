//! The key schedule that sealing and opening share: what goes into HKDF, HPKE and AES-GCM, byte by byte.
//!
//! It turns a batch key that the caller already holds into the keys of an order and of its fields.
//! It holds no key of its own and encrypts and decrypts nothing.

use miandan_core::field::{FieldId, FieldType};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk};
use ring::hmac;
use zeroize::Zeroizing;

use crate::encoding::{Hash, KeyId};
use crate::signature::SUITE;

/// The HPKE `info` under which a batch key is sealed to a recipient:
/// `"MSO1 key" 0x00 ‖ suite ‖ len(kid)(2) ‖ kid ‖ SHA-256(b)`, with the key id as its 16 hexadecimal digits.
/// The HPKE `aad` is empty.
#[must_use]
pub fn wrap_info(recipient: KeyId, batch_header: &Hash) -> [u8; 61] {
    let mut info = [0; 61];
    info[..9].copy_from_slice(b"MSO1 key\0");
    info[9..11].copy_from_slice(&SUITE.to_be_bytes());
    info[11..13].copy_from_slice(&16_u16.to_be_bytes());
    info[13..29].copy_from_slice(&recipient.digits());
    info[29..].copy_from_slice(batch_header);
    info
}

/// What the order keys of a batch come from: the first half of HKDF, done once. Wiped when dropped.
pub struct BatchSecret(Zeroizing<[u8; 32]>);

impl BatchSecret {
    /// `HKDF-Extract(salt = jti, ikm = batch key)`, which is HMAC-SHA-256 (RFC 5869 §2.2).
    #[must_use]
    pub fn extract(batch_key: &[u8; 32], jti: &[u8; 16]) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, jti), batch_key);
        secret.copy_from_slice(extracted.as_ref());
        BatchSecret(secret)
    }
}

/// The key of one order, from which the keys of its fields come.
pub struct OrderKey(Prk);

impl OrderKey {
    /// `HKDF-SHA256(ikm = batch key, salt = jti, info = "MSO1 order" ‖ SHA-256(h))`, 32 bytes (RFC 5869); the batch
    /// key and the `jti` are in the batch secret already.
    #[must_use]
    pub fn derive(batch: &BatchSecret, order_header: &Hash) -> Self {
        let extracted = Prk::new_less_safe(HKDF_SHA256, batch.0.as_slice());
        let mut key = Zeroizing::new([0; 32]);
        expand(&extracted, &[b"MSO1 order", order_header], key.as_mut_slice());
        OrderKey(Prk::new_less_safe(HKDF_SHA256, key.as_slice()))
    }

    /// Key (32 bytes) and nonce (12) of a field: `HKDF-Expand(order key, "MSO1 field" ‖ id, 44)`.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Zeroizing<[u8; 44]> {
        let mut secret = Zeroizing::new([0; 44]);
        expand(&self.0, &[b"MSO1 field", id.as_str().as_bytes()], secret.as_mut_slice());
        secret
    }
}

/// The data authenticated with a field: `SHA-256(h) ‖ id ‖ 0x00 ‖ type`.
pub struct AssociatedData {
    bytes: [u8; 64],
    length: usize,
}

impl AssociatedData {
    /// For a field of the order whose header text has this hash.
    #[must_use]
    pub fn new(order_header: &Hash, id: FieldId, kind: FieldType) -> Self {
        let mut bytes = [0; 64];
        let mut length = 0;
        for part in [order_header, id.as_str().as_bytes(), &[0], kind.as_str().as_bytes()] {
            bytes[length..length + part.len()].copy_from_slice(part);
            length += part.len();
        }
        AssociatedData { bytes, length }
    }
}

impl AsRef<[u8]> for AssociatedData {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(key: &Prk, info: &[&[u8]], output: &mut [u8]) {
    key.expand(info, Length(output.len()))
        .and_then(|material| material.fill(output))
        .expect("HKDF gives up to 8160 bytes, 44 at most are asked for");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5869 written out with HMAC, against the library's HKDF.
    #[test]
    fn keys_are_those_of_the_document() {
        let (batch_key, jti, header) = ([1; 32], [2; 16], [3; 32]);
        let mac = |key: &[u8], parts: &[&[u8]]| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &parts.concat()).as_ref().to_vec()
        };
        let extracted = mac(&jti, &[&batch_key]);
        let order_key = mac(&extracted, &[b"MSO1 order", &header, &[1]]);
        let first = mac(&order_key, &[b"MSO1 fieldsender.name", &[1]]);
        let second = mac(&order_key, &[&first, b"MSO1 fieldsender.name", &[2]]);

        let secret =
            OrderKey::derive(&BatchSecret::extract(&batch_key, &jti), &header).field(FieldId::SenderName);
        assert_eq!(secret[..32], first);
        assert_eq!(secret[32..], second[..12]);
    }

    #[test]
    fn associated_data_fit_for_every_field() {
        for &id in FieldId::ALL {
            for &kind in id.types() {
                let data = AssociatedData::new(&[9; 32], id, kind);
                assert_eq!(data.as_ref(), [&[9; 32], format!("{id}\0{kind}").as_bytes()].concat());
            }
        }
    }
}
