//! The issuer's secret key: it signs batches and makes the merge marks.

use ring::hkdf::{HKDF_SHA256, Salt};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::encoding::{KeyId, array_from_base64url, to_base64url};
use crate::header::is_identifier;
use crate::keys::{IssuerPublic, Validity};
use crate::strict;

/// `v` of an issuer's key file.
pub const ISSUER_KEY: &str = "miandan-issuer-1";

/// An issuer's key. It has no `Debug` and no `Clone`; the secret is wiped when it is dropped.
pub struct IssuerKey {
    iss: String,
    kid: KeyId,
    public: [u8; 32],
    seed: Zeroizing<[u8; 32]>,
}

/// Why an issuer key was refused or not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerKeyError {
    /// The file is not JSON of the right shape.
    #[error("not an issuer key file of the kind `{ISSUER_KEY}`")]
    Malformed,
    /// The issuer's id is empty or has control characters.
    #[error("the issuer's id is empty or has control characters")]
    Name,
    /// `kid` is not the name of the key.
    #[error("`kid` does not belong to the key")]
    KeyId,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Randomness,
}

impl IssuerKey {
    /// Makes a key.
    ///
    /// # Errors
    /// [`IssuerKeyError::Name`], [`IssuerKeyError::Randomness`].
    pub fn generate(iss: &str, random: &SystemRandom) -> Result<Self, IssuerKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        random.fill(seed.as_mut_slice()).map_err(|_| IssuerKeyError::Randomness)?;
        IssuerKey::from_seed(iss, seed)
    }

    /// Reads a key file: `{"v": "miandan-issuer-1", "iss", "kid", "ed25519"}`, the last the seed of RFC 8032.
    ///
    /// # Errors
    /// [`IssuerKeyError`].
    pub fn parse(file: &[u8]) -> Result<Self, IssuerKeyError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File<'a> {
            v: &'a str,
            iss: String,
            kid: KeyId,
            ed25519: &'a str,
        }

        let file: File<'_> = strict::from_slice(file.trim_ascii()).map_err(|_| IssuerKeyError::Malformed)?;
        if file.v != ISSUER_KEY {
            return Err(IssuerKeyError::Malformed);
        }
        let seed = array_from_base64url(file.ed25519).map_err(|_| IssuerKeyError::Malformed)?;
        let key = IssuerKey::from_seed(&file.iss, Zeroizing::new(seed))?;
        if key.kid == file.kid { Ok(key) } else { Err(IssuerKeyError::KeyId) }
    }

    pub(crate) fn from_seed(iss: &str, seed: Zeroizing<[u8; 32]>) -> Result<Self, IssuerKeyError> {
        if !is_identifier(iss) {
            return Err(IssuerKeyError::Name);
        }
        let mut public = [0; 32];
        public.copy_from_slice(pair(&seed).public_key().as_ref());
        Ok(IssuerKey { iss: iss.to_owned(), kid: KeyId::of(&public), public, seed })
    }

    /// Id of the issuer.
    #[must_use]
    pub fn iss(&self) -> &str {
        &self.iss
    }

    /// Name of the key.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        self.kid
    }

    /// The public half, trusted for every merchant and without dates.
    #[must_use]
    pub fn public(&self) -> IssuerPublic {
        IssuerPublic {
            iss: self.iss.clone(),
            kid: self.kid,
            ed25519: self.public,
            merchants: None,
            validity: Validity::default(),
        }
    }

    /// The text of the key file, ending with a line end. To be written with mode 0600.
    #[must_use]
    pub fn expose_text(&self) -> Zeroizing<String> {
        let iss = serde_json::to_string(&self.iss).expect("a text is always JSON");
        let seed = Zeroizing::new(to_base64url(self.seed.as_slice()));
        Zeroizing::new(format!(
            "{{\"v\":\"{ISSUER_KEY}\",\"iss\":{iss},\"kid\":\"{}\",\"ed25519\":\"{}\"}}\n",
            self.kid, *seed
        ))
    }

    /// Signs a message (RFC 8032).
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(pair(&self.seed).sign(message).as_ref());
        signature
    }

    /// The 16 bytes that parcels of one consignee share: HMAC-SHA-256 over the merchant and the merchant's merge key,
    /// under a key that only this issuer has, so nobody can try out merge keys.
    pub(crate) fn merge_mark(&self, aud: &str, merge_key: &str) -> [u8; 16] {
        let extracted = Salt::new(HKDF_SHA256, &[]).extract(self.seed.as_slice());
        let mut key = Zeroizing::new([0; 32]);
        extracted
            .expand(&[b"MSO1 merge"], HKDF_SHA256)
            .and_then(|material| material.fill(key.as_mut_slice()))
            .expect("HKDF gives 32 bytes");
        let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()));
        mac.update(&(aud.len() as u64).to_be_bytes());
        mac.update(aud.as_bytes());
        mac.update(merge_key.as_bytes());
        let mut mark = [0; 16];
        mark.copy_from_slice(&mac.sign().as_ref()[..16]);
        mark
    }
}

fn pair(seed: &Zeroizing<[u8; 32]>) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).expect("every 32 bytes are a seed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_goes_both_ways() {
        let key = IssuerKey::generate("platform \"一\"", &SystemRandom::new()).unwrap();
        let read = IssuerKey::parse(key.expose_text().as_bytes()).unwrap();
        assert_eq!(read.public(), key.public());
        assert_eq!(read.sign(b"x"), key.sign(b"x"));
        assert_eq!(IssuerPublic::parse(key.public().to_text().as_bytes()), Ok(key.public()));
    }

    #[test]
    fn broken_key_files_are_refused() {
        let good = IssuerKey::generate("i", &SystemRandom::new()).unwrap();
        let other = IssuerKey::generate("i", &SystemRandom::new()).unwrap();
        let text = good.expose_text();
        let refused = |text: &str| IssuerKey::parse(text.as_bytes()).err();
        assert_eq!(refused(""), Some(IssuerKeyError::Malformed));
        assert_eq!(refused(&text.replace("issuer-1", "issuer-2")), Some(IssuerKeyError::Malformed));
        assert_eq!(refused(&text.replace("}", ",\"x\":1}")), Some(IssuerKeyError::Malformed));
        assert_eq!(refused(&text.replace("\"i\"", "\"\"")), Some(IssuerKeyError::Name));
        let kid = good.kid().to_string();
        assert_eq!(refused(&text.replace(&kid, &other.kid().to_string())), Some(IssuerKeyError::KeyId));
    }

    #[test]
    fn merge_marks_depend_on_issuer_merchant_and_key() {
        let one = IssuerKey::generate("i", &SystemRandom::new()).unwrap();
        let two = IssuerKey::generate("i", &SystemRandom::new()).unwrap();
        let mark = one.merge_mark("shop", "consignee");
        assert_eq!(one.merge_mark("shop", "consignee"), mark);
        assert_ne!(one.merge_mark("shop", "consignee 2"), mark);
        assert_ne!(one.merge_mark("shopc", "onsignee"), mark);
        assert_ne!(two.merge_mark("shop", "consignee"), mark);
    }
}
