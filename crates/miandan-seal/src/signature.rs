//! What an issuer signs, and the check of it (Ed25519, RFC 8032).

use miandan_core::Code;
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::encoding::{Hash, sha256};

/// The suite X25519, HKDF-SHA256, AES-256-GCM, Ed25519.
pub const SUITE: u16 = 0x0001;

/// The suite reserved for SM2, SM3 and SM4-GCM (国密). Refused with `UNSUPPORTED_SUITE` until it exists.
pub const SUITE_SM: u16 = 0x0101;

const CONTEXT: &[u8; 9] = b"MSO1 sig\0";

/// The bytes under the signature: `"MSO1 sig" 0x00 ‖ suite(2, big endian) ‖ SHA-256(b) ‖ SHA-256(r)`.
#[must_use]
pub fn message(suite: u16, batch_header: &Hash, recipients: &Hash) -> [u8; 75] {
    let mut message = [0; 75];
    message[..9].copy_from_slice(CONTEXT);
    message[9..11].copy_from_slice(&suite.to_be_bytes());
    message[11..43].copy_from_slice(batch_header);
    message[43..].copy_from_slice(recipients);
    message
}

/// Checks an issuer's signature over the texts `b` and `r` as carried.
///
/// # Errors
/// [`Code::BadSignature`].
pub fn verify(
    public_key: &[u8; 32],
    suite: u16,
    batch_header: &[u8],
    recipients: &[u8],
    signature: &[u8; 64],
) -> Result<(), Code> {
    let message = message(suite, &sha256(batch_header), &sha256(recipients));
    UnparsedPublicKey::new(&ED25519, public_key).verify(&message, signature).map_err(|_| Code::BadSignature)
}
