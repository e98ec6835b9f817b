//! The public halves of key files, and what a station may print.
//!
//! Each is one JSON object; unknown and duplicate members are refused, white space around the object is not.

use std::path::{Path, PathBuf};

use miandan_core::Code;
use serde::{Deserialize, Serialize};

use crate::encoding::{self, KeyId};
use crate::header::is_identifier;
use crate::{limits, strict};

/// `v` of a station's public file.
pub const STATION_PUBLIC: &str = "miandan-station-public-1";
/// `v` of an issuer's public file.
pub const ISSUER_PUBLIC: &str = "miandan-issuer-public-1";
/// `v` of a carrier's public file.
pub const CARRIER_PUBLIC: &str = "miandan-carrier-public-1";

/// A key file is at most this long, in bytes.
pub const MAX_KEY_FILE: usize = 64 << 10;

/// The file beside a key file that holds its public part: `FILE.pub`.
#[must_use]
pub fn public_path(key: &Path) -> PathBuf {
    let mut name = key.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

/// Why a public key file was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// It is not JSON of the right shape.
    #[error("not a public key file of the kind `{0}`")]
    Malformed(&'static str),
    /// An id is empty or has control characters.
    #[error("an id in the public key file is empty or has control characters")]
    Name,
    /// `kid` is not the name of the public key.
    #[error("`kid` does not belong to the public key")]
    KeyId,
    /// `exp` is not after `nbf`.
    #[error("`exp` is not after `nbf`")]
    Dates,
}

/// When a key may be used, both ends optional, in seconds since 1970 (UTC). Clocks may differ by 300 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// From when on.
    pub nbf: Option<u64>,
    /// Until when.
    pub exp: Option<u64>,
}

impl Validity {
    /// Whether the key may be used at this time.
    #[must_use]
    pub fn holds(&self, now: u64) -> bool {
        self.nbf.is_none_or(|nbf| now.saturating_add(limits::SKEW) >= nbf)
            && self.exp.is_none_or(|exp| now < exp.saturating_add(limits::SKEW))
    }

    /// Whether there is a time at which the key may be used.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        !matches!((self.nbf, self.exp), (Some(nbf), Some(exp)) if exp <= nbf)
    }
}

/// What a station may print. Set when its key is made, and part of its key file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StationScope {
    /// Id of the station.
    pub id: String,
    /// Groups that it belongs to.
    pub groups: Vec<String>,
    /// Merchants for whom it prints; none means that it prints nothing.
    pub merchants: Vec<String>,
}

impl StationScope {
    /// Whether the station prints for the merchant `aud` and is, or belongs to, `stn`.
    ///
    /// # Errors
    /// [`Code::WrongAudience`] or [`Code::WrongStation`].
    pub fn admits(&self, aud: &str, stn: Option<&str>) -> Result<(), Code> {
        if !self.merchants.iter().any(|merchant| merchant == aud) {
            return Err(Code::WrongAudience);
        }
        if stn.is_some_and(|stn| self.id != stn && !self.groups.iter().any(|group| group == stn)) {
            return Err(Code::WrongStation);
        }
        Ok(())
    }

    /// Whether every id is one: not empty, no control characters.
    #[must_use]
    pub fn is_well_named(&self) -> bool {
        is_identifier(&self.id) && self.groups.iter().chain(&self.merchants).all(|id| is_identifier(id))
    }
}

/// The public half of a station key: what an issuer seals to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationPublic {
    /// What the station may print.
    pub scope: StationScope,
    /// Name of the X25519 key.
    pub kid: KeyId,
    /// X25519 public key, for sealing.
    pub x25519: [u8; 32],
    /// Ed25519 public key, for the courier's token.
    pub ed25519: [u8; 32],
    /// When the key may be used.
    pub validity: Validity,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StationFile {
    v: String,
    id: String,
    groups: Vec<String>,
    merchants: Vec<String>,
    kid: KeyId,
    #[serde(with = "encoding::bytes")]
    x25519: [u8; 32],
    #[serde(with = "encoding::bytes")]
    ed25519: [u8; 32],
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    nbf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    exp: Option<u64>,
}

impl StationPublic {
    /// Reads a public file.
    ///
    /// # Errors
    /// [`PublicKeyError`].
    pub fn parse(file: &[u8]) -> Result<Self, PublicKeyError> {
        let file: StationFile = read(file, STATION_PUBLIC)?;
        let key = StationPublic {
            scope: StationScope { id: file.id, groups: file.groups, merchants: file.merchants },
            kid: file.kid,
            x25519: file.x25519,
            ed25519: file.ed25519,
            validity: Validity { nbf: file.nbf, exp: file.exp },
        };
        if file.v != STATION_PUBLIC {
            return Err(PublicKeyError::Malformed(STATION_PUBLIC));
        }
        check(key.scope.is_well_named(), key.kid, &key.x25519, key.validity)?;
        Ok(key)
    }

    /// The text of the public file, ending with a line end.
    #[must_use]
    pub fn to_text(&self) -> String {
        write(&StationFile {
            v: STATION_PUBLIC.into(),
            id: self.scope.id.clone(),
            groups: self.scope.groups.clone(),
            merchants: self.scope.merchants.clone(),
            kid: self.kid,
            x25519: self.x25519,
            ed25519: self.ed25519,
            nbf: self.validity.nbf,
            exp: self.validity.exp,
        })
    }
}

/// The public half of an issuer key: who is trusted, for which merchants, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerPublic {
    /// Id of the issuer.
    pub iss: String,
    /// Name of the key.
    pub kid: KeyId,
    /// Ed25519 public key.
    pub ed25519: [u8; 32],
    /// Merchants for whom the issuer is trusted; every merchant if absent.
    pub merchants: Option<Vec<String>>,
    /// When the key is trusted. It is asked for the time of printing, so `exp` has to lie after the `exp` of the last
    /// order that was signed with it.
    pub validity: Validity,
}

/// An issuer as it stands in a file of its own, with `v`, and in a trust list, without.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssuerEntry {
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    v: Option<String>,
    iss: String,
    kid: KeyId,
    #[serde(with = "encoding::bytes")]
    ed25519: [u8; 32],
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    merchants: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    nbf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    exp: Option<u64>,
}

impl IssuerEntry {
    /// The entry of an issuer, in a file of the kind `v` or in a list.
    pub(crate) fn new(issuer: &IssuerPublic, v: Option<&str>) -> Self {
        let IssuerPublic { iss, kid, ed25519, merchants, validity: Validity { nbf, exp } } = issuer.clone();
        IssuerEntry { v: v.map(str::to_owned), iss, kid, ed25519, merchants, nbf, exp }
    }

    /// The issuer, if everything fits and `v` is what it has to be.
    pub(crate) fn checked(self, v: Option<&str>) -> Result<IssuerPublic, PublicKeyError> {
        if self.v.as_deref() != v {
            return Err(PublicKeyError::Malformed(ISSUER_PUBLIC));
        }
        let named = is_identifier(&self.iss) && self.merchants.iter().flatten().all(|id| is_identifier(id));
        let validity = Validity { nbf: self.nbf, exp: self.exp };
        check(named, self.kid, &self.ed25519, validity)?;
        let IssuerEntry { iss, kid, ed25519, merchants, .. } = self;
        Ok(IssuerPublic { iss, kid, ed25519, merchants, validity })
    }
}

impl IssuerPublic {
    /// Reads a public file (`ISSUER.pub`).
    ///
    /// # Errors
    /// [`PublicKeyError`].
    pub fn parse(file: &[u8]) -> Result<Self, PublicKeyError> {
        read::<IssuerEntry>(file, ISSUER_PUBLIC)?.checked(Some(ISSUER_PUBLIC))
    }

    /// The text of the public file, ending with a line end.
    #[must_use]
    pub fn to_text(&self) -> String {
        write(&IssuerEntry::new(self, Some(ISSUER_PUBLIC)))
    }
}

/// The public half of a carrier key: what the hidden part of the courier's token is sealed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierPublic {
    /// Carrier code, e.g. `YTO`.
    pub carrier: String,
    /// Name of the key.
    pub kid: KeyId,
    /// X25519 public key.
    pub x25519: [u8; 32],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CarrierFile {
    v: String,
    carrier: String,
    kid: KeyId,
    #[serde(with = "encoding::bytes")]
    x25519: [u8; 32],
}

impl CarrierPublic {
    /// Reads a public file.
    ///
    /// # Errors
    /// [`PublicKeyError`].
    pub fn parse(file: &[u8]) -> Result<Self, PublicKeyError> {
        let file: CarrierFile = read(file, CARRIER_PUBLIC)?;
        if file.v != CARRIER_PUBLIC {
            return Err(PublicKeyError::Malformed(CARRIER_PUBLIC));
        }
        check(is_identifier(&file.carrier), file.kid, &file.x25519, Validity::default())?;
        Ok(CarrierPublic { carrier: file.carrier, kid: file.kid, x25519: file.x25519 })
    }

    /// The text of the public file, ending with a line end.
    #[must_use]
    pub fn to_text(&self) -> String {
        write(&CarrierFile {
            v: CARRIER_PUBLIC.into(),
            carrier: self.carrier.clone(),
            kid: self.kid,
            x25519: self.x25519,
        })
    }
}

fn read<'de, T: Deserialize<'de>>(file: &'de [u8], kind: &'static str) -> Result<T, PublicKeyError> {
    if file.len() > MAX_KEY_FILE {
        return Err(PublicKeyError::Malformed(kind));
    }
    strict::from_slice(file.trim_ascii()).map_err(|_| PublicKeyError::Malformed(kind))
}

fn check(named: bool, kid: KeyId, public_key: &[u8; 32], validity: Validity) -> Result<(), PublicKeyError> {
    if !named {
        return Err(PublicKeyError::Name);
    }
    if kid != KeyId::of(public_key) {
        return Err(PublicKeyError::KeyId);
    }
    if !validity.is_possible() {
        return Err(PublicKeyError::Dates);
    }
    Ok(())
}

fn write<T: Serialize>(file: &T) -> String {
    let mut text = serde_json::to_string(file).expect("a struct of texts and numbers is always JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station() -> StationPublic {
        StationPublic {
            scope: StationScope {
                id: "S1".into(),
                groups: vec!["east".into()],
                merchants: vec!["shop".into(), "店铺".into()],
            },
            kid: KeyId::of(&[5; 32]),
            x25519: [5; 32],
            ed25519: [6; 32],
            validity: Validity { nbf: Some(1000), exp: Some(2000) },
        }
    }

    #[test]
    fn files_go_both_ways() {
        let mut key = station();
        assert_eq!(StationPublic::parse(key.to_text().as_bytes()), Ok(key.clone()));
        key.validity = Validity::default();
        assert_eq!(StationPublic::parse(format!(" {}\r\n", key.to_text()).as_bytes()), Ok(key));
        let issuer = IssuerPublic {
            iss: "platform".into(),
            kid: KeyId::of(&[7; 32]),
            ed25519: [7; 32],
            merchants: Some(vec!["shop".into()]),
            validity: Validity::default(),
        };
        assert_eq!(IssuerPublic::parse(issuer.to_text().as_bytes()), Ok(issuer));
        let carrier = CarrierPublic { carrier: "YTO".into(), kid: KeyId::of(&[8; 32]), x25519: [8; 32] };
        assert_eq!(CarrierPublic::parse(carrier.to_text().as_bytes()), Ok(carrier));
    }

    #[test]
    fn broken_files_are_refused() {
        let text = station().to_text();
        let refused = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            StationPublic::parse(text.replace(from, to).as_bytes()).err()
        };
        let malformed = Some(PublicKeyError::Malformed(STATION_PUBLIC));
        assert_eq!(refused(STATION_PUBLIC, ISSUER_PUBLIC), malformed);
        assert_eq!(refused(r#""id""#, r#""x":1,"id""#), malformed);
        assert_eq!(refused(r#""id""#, r#""id":"S1","id""#), malformed);
        assert_eq!(refused(r#""groups":["east"],"#, ""), malformed);
        assert_eq!(refused(r#""S1""#, r#""""#), Some(PublicKeyError::Name));
        assert_eq!(refused("east", r"\u0007"), Some(PublicKeyError::Name));
        assert_eq!(
            refused(&KeyId::of(&[5; 32]).to_string(), "0011223344556677"),
            Some(PublicKeyError::KeyId)
        );
        assert_eq!(refused("2000", "1000"), Some(PublicKeyError::Dates));
        assert_eq!(StationPublic::parse(&[b' '; MAX_KEY_FILE + 1]).err(), malformed);
    }

    #[test]
    fn keys_hold_between_their_dates_and_a_little_longer() {
        let validity = Validity { nbf: Some(1000), exp: Some(2000) };
        let held: Vec<bool> = [699, 700, 1500, 2299, 2300].map(|now| validity.holds(now)).to_vec();
        assert_eq!(held, [false, true, true, true, false]);
        assert!(Validity::default().holds(0) && Validity::default().holds(u64::MAX));
    }

    #[test]
    fn a_station_admits_its_own() {
        let scope = station().scope;
        assert_eq!(scope.admits("shop", None), Ok(()));
        assert_eq!(scope.admits("店铺", Some("S1")), Ok(()));
        assert_eq!(scope.admits("shop", Some("east")), Ok(()));
        assert_eq!(scope.admits("shop", Some("west")), Err(Code::WrongStation));
        assert_eq!(scope.admits("other", Some("west")), Err(Code::WrongAudience));
        assert_eq!(StationScope::default().admits("shop", None), Err(Code::WrongAudience));
    }
}
