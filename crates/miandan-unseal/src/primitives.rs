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
