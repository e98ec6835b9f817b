//! Whose signatures are believed.

use miandan_core::Code;

use crate::encoding::KeyId;
use crate::header::BatchHeader;
use crate::keys::{IssuerPublic, PublicKeyError};

/// The issuer keys that a station trusts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustSet(Vec<IssuerPublic>);

/// Why a key was not added to a trust set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// The public file was refused.
    #[error(transparent)]
    File(#[from] PublicKeyError),
    /// The set has a key of this issuer with this name already.
    #[error("the issuer's key {0} is given twice")]
    Twice(KeyId),
}

impl TrustSet {
    /// The set with nobody in it: every order is `UNKNOWN_ISSUER`.
    #[must_use]
    pub fn new() -> Self {
        TrustSet::default()
    }

    /// A set of the issuers in these public files.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn from_files<'f>(files: impl IntoIterator<Item = &'f [u8]>) -> Result<Self, TrustError> {
        let mut set = TrustSet::new();
        for file in files {
            set.insert(IssuerPublic::parse(file)?)?;
        }
        Ok(set)
    }

    /// Adds a key.
    ///
    /// # Errors
    /// [`TrustError::Twice`].
    pub fn insert(&mut self, key: IssuerPublic) -> Result<(), TrustError> {
        if self.find(&key.iss, key.kid).is_some() {
            return Err(TrustError::Twice(key.kid));
        }
        self.0.push(key);
        Ok(())
    }

    /// The key of an issuer by its name.
    #[must_use]
    pub fn find(&self, iss: &str, kid: KeyId) -> Option<&IssuerPublic> {
        self.0.iter().find(|key| key.kid == kid && key.iss == iss)
    }

    /// Every key, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &IssuerPublic> {
        self.0.iter()
    }

    /// The key that a batch claims to be signed with, if its issuer is trusted for the batch's merchant.
    ///
    /// # Errors
    /// [`Code::UnknownIssuer`].
    pub fn issuer_of(&self, header: &BatchHeader) -> Result<&IssuerPublic, Code> {
        let trusted = |key: &&IssuerPublic| {
            key.merchants.as_ref().is_none_or(|merchants| merchants.contains(&header.aud))
        };
        self.find(&header.iss, header.ikid).filter(trusted).ok_or(Code::UnknownIssuer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Validity;

    fn issuer(iss: &str, key: u8) -> IssuerPublic {
        IssuerPublic {
            iss: iss.into(),
            kid: KeyId::of(&[key; 32]),
            ed25519: [key; 32],
            merchants: None,
            validity: Validity::default(),
        }
    }

    #[test]
    fn an_issuer_may_have_several_keys_each_once() {
        let files = [issuer("a", 1).to_text(), issuer("a", 2).to_text(), issuer("b", 1).to_text()];
        let set = TrustSet::from_files(files.iter().map(String::as_bytes)).unwrap();
        assert_eq!(set.iter().count(), 3);
        assert_eq!(set.find("a", KeyId::of(&[2; 32])), Some(&issuer("a", 2)));
        assert_eq!(set.find("b", KeyId::of(&[2; 32])), None);
        let twice = [files[0].as_bytes(), files[0].as_bytes()];
        assert_eq!(TrustSet::from_files(twice).err(), Some(TrustError::Twice(KeyId::of(&[1; 32]))));
        assert!(matches!(TrustSet::from_files([&b"{}"[..]]), Err(TrustError::File(_))));
    }
}
