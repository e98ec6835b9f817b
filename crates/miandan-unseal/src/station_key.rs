//! A station's secret key.

use miandan_seal::encoding::KeyId;
use miandan_seal::keys::{StationPublic, StationScope, Validity};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::signature::{Ed25519KeyPair, KeyPair};
use zeroize::Zeroizing;

use crate::key_file::{self, KeyFileError};
use crate::primitives::x25519_public;

/// `v` of a station's key file.
pub(crate) const STATION_KEY: &str = "miandan-station-1";

/// A station's key. It has no `Debug`, no `Clone` and no serialiser; its secrets are wiped when it is dropped.
pub struct StationKey {
    pub(crate) scope: StationScope,
    pub(crate) validity: Validity,
    pub(crate) kid: KeyId,
    pub(crate) secrets: Secrets,
}

/// The two secrets of a station: an X25519 key and an Ed25519 seed.
pub(crate) struct Secrets {
    pub(crate) x25519: Zeroizing<[u8; 32]>,
    pub(crate) ed25519: Zeroizing<[u8; 32]>,
}

impl StationKey {
    /// Reads a key file, with the passphrase if its secrets are sealed.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn from_bytes(file: &[u8], passphrase: Option<&[u8]>) -> Result<Self, KeyFileError> {
        key_file::read(file, passphrase)
    }

    /// Id of the station.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.scope.id
    }

    /// What the station may print.
    #[must_use]
    pub fn scope(&self) -> &StationScope {
        &self.scope
    }

    /// When the key may be used.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// Name of the X25519 key.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        self.kid
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> StationPublic {
        let pair = Ed25519KeyPair::from_seed_unchecked(self.secrets.ed25519.as_slice())
            .expect("every 32 bytes are a seed");
        let mut ed25519 = [0; 32];
        ed25519.copy_from_slice(pair.public_key().as_ref());
        StationPublic {
            scope: self.scope.clone(),
            kid: self.kid,
            x25519: x25519_public(&self.secrets.x25519),
            ed25519,
            validity: self.validity,
        }
    }

    /// The Ed25519 seed, for signing the courier's token.
    #[must_use]
    pub fn expose_token_seed(&self) -> &[u8; 32] {
        &self.secrets.ed25519
    }

    /// A secret for one use: `HKDF-SHA256(ikm = Ed25519 seed, salt = "miandan station", info = label)`.
    ///
    /// For what needs randomness after the lock, and for authenticating the component's state.
    #[must_use]
    pub fn derive_secret(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut secret = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, b"miandan station")
            .extract(self.secrets.ed25519.as_slice())
            .expand(&[label], HKDF_SHA256)
            .and_then(|material| material.fill(secret.as_mut_slice()))
            .expect("HKDF gives 32 bytes");
        secret
    }
}
