//! Whose signatures are believed.

use miandan_core::Code;
use serde::{Deserialize, Serialize};

use crate::encoding::KeyId;
use crate::header::BatchHeader;
use crate::keys::{IssuerEntry, IssuerPublic, PublicKeyError};
use crate::strict;

/// `v` of a trust list.
pub const TRUST_LIST: &str = "miandan-trust-1";

/// A trust list is at most this long, in bytes.
pub const MAX_TRUST_LIST: usize = 1 << 20;

/// The issuer keys that a station trusts, each for some merchants or all of them, and for a time.
///
/// It comes from the public files of issuers, or from trust lists, `{"v": "miandan-trust-1", "issuers": [{iss, kid,
/// ed25519, merchants?, nbf?, exp?}]}`. Neither is signed: what a station trusts is its own decision, and its file.
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

    /// A set of the issuers in these public files and trust lists.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn from_files<'f>(files: impl IntoIterator<Item = &'f [u8]>) -> Result<Self, TrustError> {
        let mut set = TrustSet::new();
        for file in files {
            set.add_file(file)?;
        }
        Ok(set)
    }

    /// Adds the issuers of a public file or of a trust list.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn add_file(&mut self, file: &[u8]) -> Result<(), TrustError> {
        #[derive(Deserialize)]
        struct Kind<'a> {
            v: &'a str,
        }

        let kind: Result<Kind<'_>, _> = serde_json::from_slice(file.trim_ascii());
        if kind.is_ok_and(|kind| kind.v == TRUST_LIST) {
            return read_list(file)?.into_iter().try_for_each(|issuer| self.insert(issuer));
        }
        self.insert(IssuerPublic::parse(file)?)
    }

    /// The text of a trust list, ending with a line end.
    #[must_use]
    pub fn to_text(&self) -> String {
        let issuers = self.0.iter().map(|issuer| IssuerEntry::new(issuer, None)).collect();
        let list = TrustList { v: TRUST_LIST.into(), issuers };
        let mut text = serde_json::to_string(&list).expect("a struct of texts and numbers is always JSON");
        text.push('\n');
        text
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustList {
    v: String,
    #[serde(deserialize_with = "strict::objects")]
    issuers: Vec<IssuerEntry>,
}

fn read_list(file: &[u8]) -> Result<Vec<IssuerPublic>, PublicKeyError> {
    let malformed = PublicKeyError::Malformed(TRUST_LIST);
    if file.len() > MAX_TRUST_LIST {
        return Err(malformed);
    }
    let list: TrustList = strict::from_slice(file.trim_ascii()).map_err(|_| malformed)?;
    list.issuers.into_iter().map(|issuer| issuer.checked(None)).collect()
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
    #[test]
    fn a_trust_list_goes_both_ways() {
        let mut set = TrustSet::new();
        set.insert(issuer("a", 1)).unwrap();
        let mut scoped = issuer("b", 2);
        scoped.merchants = Some(vec!["shop".into()]);
        scoped.validity = Validity { nbf: Some(1), exp: Some(2) };
        set.insert(scoped).unwrap();
        let text = set.to_text();
        assert_eq!(TrustSet::from_files([text.as_bytes()]), Ok(set));
        let public = issuer("c", 3).to_text();
        let both = TrustSet::from_files([text.as_bytes(), public.as_bytes()]).unwrap();
        assert_eq!(both.iter().count(), 3);
        for (from, to) in [
            ("\"issuers\"", "\"x\":1,\"issuers\""),
            ("\"iss\":\"a\"", "\"iss\":\"a\",\"iss\":\"a\""),
            ("\"iss\":\"a\"", "\"iss\":\"a\",\"v\":\"x\""),
            ("\"exp\":2", "\"exp\":1"),
            (&KeyId::of(&[1; 32]).to_string(), "0011223344556677"),
        ] {
            assert!(text.contains(from), "{from}");
            let changed = text.replacen(from, to, 1);
            assert!(matches!(TrustSet::from_files([changed.as_bytes()]), Err(TrustError::File(_))), "{to}");
        }
        let twice = [text.as_bytes(), text.as_bytes()];
        assert!(matches!(TrustSet::from_files(twice), Err(TrustError::Twice(_))));
    }
}
