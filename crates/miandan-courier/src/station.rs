//! Making tokens: what a station's print component does.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::carrier::CarrierKey;
use crate::contents::Contents;
use crate::key_name;
use crate::token::{Claims, KeyHint, SIGNATURE_CONTEXT, to_text};

/// A station's key, with which it signs tokens. It has no `Debug`, and is wiped when it is dropped.
pub struct Station {
    key: SigningKey,
    hint: KeyHint,
    /// What the ephemeral keys of sealed parts derive from.
    secret: Zeroizing<[u8; 32]>,
}

/// Why no token was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotMade;

impl fmt::Display for NotMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a claim is out of its range, or the carrier's key is not one that can be sealed to")
    }
}

impl core::error::Error for NotMade {}

impl Station {
    /// Of an Ed25519 seed, and of a secret of 32 bytes that is used for nothing else.
    #[must_use]
    pub fn new(seed: &[u8; 32], secret: Zeroizing<[u8; 32]>) -> Self {
        let key = SigningKey::from_bytes(seed);
        let [a, b, c, d, ..] = key_name(key.verifying_key().as_bytes());
        Station { key, hint: [a, b, c, d], secret }
    }

    /// The public key, which an issuer's list of stations vouches for.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// Makes a token without a sealed part. The same claims make the same token.
    ///
    /// # Errors
    /// [`NotMade`] if a claim is out of its range.
    pub fn make(&self, claims: &Claims) -> Result<String, NotMade> {
        Ok(self.sign(self.head(claims, false)?))
    }

    /// Makes a token with a part that only the carrier can open. The same claims and contents make the same token.
    ///
    /// The ephemeral key of each derives from the station's secret, the carrier's key, the claims and the contents: two
    /// tokens have the same only if they are the same token, so nothing of one is learnt from another.
    ///
    /// # Errors
    /// [`NotMade`] if a claim is out of its range, or the carrier's key is one of those that give the same secret to
    /// everybody (RFC 7748, section 6.1).
    pub fn make_sealed(
        &self,
        claims: &Claims,
        carrier: &CarrierKey,
        contents: &Contents,
    ) -> Result<String, NotMade> {
        let mut bytes = self.head(claims, true)?;
        let contents = contents.encode();
        // HMAC-SHA-256 under the secret (RFC 5869, section 2.2: that is what extracting is).
        let parts = [b"W1 ephemeral\0".as_slice(), carrier.public(), &bytes, contents.as_slice()];
        let mut seed = Zeroizing::new([0; 32]);
        let mut extract = hkdf::HkdfExtract::<Sha256>::new(Some(self.secret.as_slice()));
        parts.into_iter().for_each(|part| extract.input_ikm(part));
        let (_, expand): (_, Hkdf<Sha256>) = extract.finalize();
        expand.expand(&[], seed.as_mut_slice()).map_err(|_| NotMade)?;
        let sealed = carrier.seal(&bytes, &contents, seed).ok_or(NotMade)?;
        bytes.extend(sealed);
        Ok(self.sign(bytes))
    }

    /// What stands before the sealed part, in memory that has room for all of a token.
    fn head(&self, claims: &Claims, is_sealed: bool) -> Result<Vec<u8>, NotMade> {
        let mut bytes = Vec::with_capacity(192);
        if claims.encode(self.hint, is_sealed, &mut bytes) { Ok(bytes) } else { Err(NotMade) }
    }

    fn sign(&self, mut bytes: Vec<u8>) -> String {
        let message = [SIGNATURE_CONTEXT, &bytes].concat();
        bytes.extend(self.key.sign(&message).to_bytes());
        to_text(&bytes)
    }
}
