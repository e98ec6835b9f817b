//! The two acts that need a secret: unwrapping a batch key and opening a field.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, Serializable};
use miandan_seal::encoding::{Hash, KeyId};
use miandan_seal::limits;
use miandan_seal::recipients::Recipient;
use miandan_seal::schedule::{AssociatedData, wrap_info};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Decryption failed. There is one word for every way in which it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unopened;

/// The X25519 key that comes out of 32 random bytes (RFC 9180 §7.1.3), secret and public.
pub(crate) fn x25519_from_random(random: &[u8; 32]) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    let (secret, public) = X25519HkdfSha256::derive_keypair(random);
    let mut bytes = Zeroizing::new([0; 32]);
    secret.write_exact(bytes.as_mut_slice());
    (bytes, public.to_bytes().into())
}

/// The public half of an X25519 key.
pub(crate) fn x25519_public(secret: &[u8; 32]) -> [u8; 32] {
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).expect("every 32 bytes are a key");
    X25519HkdfSha256::sk_to_pk(&secret).to_bytes().into()
}

/// Unwraps the batch key (RFC 9180, base mode). Points of low order are refused: the agreement would be zero.
pub(crate) fn unwrap_batch_key(
    secret: &[u8; 32],
    kid: KeyId,
    recipient: &Recipient,
    batch_header: &Hash,
) -> Result<Zeroizing<[u8; 32]>, Unopened> {
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).map_err(|_| Unopened)?;
    let encapsulated =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&recipient.enc).map_err(|_| Unopened)?;
    let opened = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &encapsulated,
        &wrap_info(kid, batch_header),
        &recipient.wk,
        &[],
    );
    let opened = Zeroizing::new(opened.map_err(|_| Unopened)?);
    let mut key = Zeroizing::new([0; 32]);
    if opened.len() != key.len() {
        return Err(Unopened);
    }
    key.copy_from_slice(&opened);
    Ok(key)
}

/// Opens AES-256-GCM in place; the bytes shrink to the plaintext.
pub(crate) fn open_in_place<'b>(
    key: &[u8; 32],
    nonce: [u8; 12],
    data: &[u8],
    bytes: &'b mut [u8],
) -> Result<&'b mut [u8], Unopened> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| Unopened)?);
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.open_in_place(nonce, Aad::from(data), bytes).map_err(|_| Unopened)
}

/// Opens a field in place, from its key and nonce (44 bytes), and takes the padding away.
///
/// The text is answered as its place in `bytes`. It is UTF-8.
pub(crate) fn open_field(
    secret: &[u8; 44],
    data: &AssociatedData,
    bytes: &mut [u8],
) -> Result<std::ops::Range<usize>, Unopened> {
    let (key, nonce) = secret.split_at(32);
    let key = key.try_into().map_err(|_| Unopened)?;
    let nonce = nonce.try_into().map_err(|_| Unopened)?;
    let padded = open_in_place(key, nonce, data.as_ref(), bytes)?;
    let [high, low, rest @ ..] = &*padded else { return Err(Unopened) };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let (text, padding) = rest.split_at_checked(length).ok_or(Unopened)?;
    let shape = padded.len().is_multiple_of(limits::PADDING) && padding.len() < limits::PADDING;
    if !shape || padding.iter().any(|&byte| byte != 0) || std::str::from_utf8(text).is_err() {
        return Err(Unopened);
    }
    Ok(2..2 + length)
}

#[cfg(test)]
mod tests {
    use miandan_core::field::{FieldId, FieldType};

    use super::*;

    fn data() -> AssociatedData {
        AssociatedData::new(&[1; 32], FieldId::RecipientName, FieldType::Name)
    }

    fn seal(plaintext: &[u8]) -> Vec<u8> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
        let mut bytes = plaintext.to_vec();
        let nonce = Nonce::assume_unique_for_key([7; 12]);
        key.seal_in_place_append_tag(nonce, Aad::from(data().as_ref()), &mut bytes).unwrap();
        bytes
    }

    fn open(plaintext: &[u8]) -> Result<Vec<u8>, Unopened> {
        let mut bytes = seal(plaintext);
        open_field(&[7; 44], &data(), &mut bytes).map(|text| bytes[text].to_vec())
    }

    fn padded(length: u16, text: &[u8], size: usize) -> Vec<u8> {
        let mut bytes = [&length.to_be_bytes(), text].concat();
        bytes.resize(size, 0);
        bytes
    }

    #[test]
    fn padding_is_taken_away() {
        assert_eq!(open(&padded(3, b"abc", 32)), Ok(b"abc".to_vec()));
        assert_eq!(open(&padded(30, &[b'a'; 30], 32)), Ok(vec![b'a'; 30]));
        assert_eq!(open(&padded(31, &[b'a'; 31], 64)), Ok(vec![b'a'; 31]));
        assert_eq!(open(&padded(0, b"", 32)), Ok(Vec::new()));
    }

    #[test]
    fn authentic_but_misshapen_plaintexts_are_not_opened() {
        for (defect, plaintext) in [
            ("nothing", vec![]),
            ("half a length", vec![0]),
            ("no padding", padded(3, b"abc", 5)),
            ("not a multiple of 32", padded(3, b"abc", 33)),
            ("a block too many", padded(3, b"abc", 64)),
            ("length beyond the end", padded(31, &[b'a'; 30], 32)),
            ("non-zero padding", padded(2, b"abc", 32)),
            ("non-zero last byte", [padded(3, b"abc", 31), vec![1]].concat()),
            ("no UTF-8", padded(2, b"\xff\xfe", 32)),
            ("half a character", padded(2, "测".as_bytes(), 32)),
        ] {
            assert_eq!(open(&plaintext), Err(Unopened), "{defect}");
        }
    }

    #[test]
    fn every_input_of_a_field_is_authenticated() {
        let sealed = seal(&padded(3, b"abc", 32));
        let opens = |secret: &[u8; 44], data: &AssociatedData, bytes: &[u8]| {
            open_field(secret, data, &mut bytes.to_vec()).is_ok()
        };
        assert!(opens(&[7; 44], &data(), &sealed));
        for at in [0, 31, 32, 43] {
            let mut secret = [7; 44];
            secret[at] ^= 1;
            assert!(!opens(&secret, &data(), &sealed), "byte {at} of key and nonce");
        }
        let of = |header, id, kind| AssociatedData::new(&[header; 32], id, kind);
        assert!(!opens(&[7; 44], &of(2, FieldId::RecipientName, FieldType::Name), &sealed), "header");
        assert!(!opens(&[7; 44], &of(1, FieldId::SenderName, FieldType::Name), &sealed), "id");
        assert!(!opens(&[7; 44], &of(1, FieldId::RecipientName, FieldType::Org), &sealed), "type");
        assert!(!opens(&[7; 44], &data(), &sealed[..15]), "less than a tag");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(!opens(&[7; 44], &data(), &changed), "byte {at}");
        }
    }

    /// The encapsulated keys with which an agreement would be zero, whatever the secret (RFC 7748 §6.1, and the list in
    /// <https://cr.yp.to/ecdh.html#validate>).
    #[test]
    fn points_of_low_order_are_refused() {
        let (secret, public) = x25519_from_random(&[3; 32]);
        let prime = |last: u8| {
            let mut point = [0xff; 32];
            (point[0], point[31]) = (last, 0x7f);
            point
        };
        let one = {
            let mut point = [0; 32];
            point[0] = 1;
            point
        };
        for enc in [[0; 32], one, prime(0xec), prime(0xed), prime(0xee)] {
            let recipient = Recipient { kid: KeyId::of(&public), enc, wk: [0; 48] };
            assert!(unwrap_batch_key(&secret, recipient.kid, &recipient, &[0; 32]).is_err());
            // HPKE itself refuses before it looks at the ciphertext.
            let key = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret.as_slice()).unwrap();
            let point = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&enc).unwrap();
            let decapsulated = X25519HkdfSha256::decap(&key, None, &point);
            assert!(matches!(decapsulated, Err(hpke::HpkeError::DecapError)));
        }
    }

    #[test]
    fn the_public_half_follows_from_the_secret() {
        let (secret, public) = x25519_from_random(&[9; 32]);
        assert_eq!(x25519_public(&secret), public);
    }
}
