//! Who vouches for stations: issuers, by signed lists of the stations' keys.
//!
//! What a reader trusts is the public files of issuers (`miandan-issuer-public-1`, or several in a `miandan-trust-1`),
//! which come with the app; the lists (`MSO1-stations`) come whenever there is a network, and are checked against those.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{KeyName, json, key_name};

/// A list at most, in bytes.
const MAX_LIST: usize = 8 << 20;

/// How long after its `next` a list counts as fresh, in seconds.
const GRACE: u64 = 24 * 3600;

/// How far clocks may differ, in seconds.
const SKEW: u64 = 300;

/// Under the signature of a list, before SHA-256 of its text.
const LIST_CONTEXT: &[u8] = b"MSO1 stations\0";

/// What a reader knows: whom it trusts, and which stations those vouch for.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    issuers: Vec<Issuer>,
    lists: Vec<List>,
}

/// An issuer whose lists are believed.
#[derive(Clone, Debug)]
struct Issuer {
    iss: String,
    kid: KeyName,
    key: VerifyingKey,
    validity: Validity,
}

/// A list that was checked.
#[derive(Clone, Debug)]
struct List {
    iss: String,
    iat: u64,
    next: u64,
    /// In the order of their names.
    stations: Vec<StationKey>,
}

/// A station's key, as a list has it.
#[derive(Clone, Debug)]
pub(crate) struct StationKey {
    pub(crate) id: String,
    name: KeyName,
    pub(crate) key: VerifyingKey,
    validity: Validity,
    /// Since when nothing that it signed is believed any more.
    pub(crate) revoked: Option<u64>,
}

impl StationKey {
    /// Whether the key signed tokens in the hour that begins at this time.
    pub(crate) fn signed_in_hour(&self, from: u64) -> bool {
        let Validity { nbf, exp } = self.validity;
        nbf.is_none_or(|nbf| from + 3600 + SKEW > nbf)
            && exp.is_none_or(|exp| from < exp.saturating_add(SKEW))
    }
}

/// Both ends optional, in seconds since 1970 (UTC).
#[derive(Clone, Copy, Debug)]
struct Validity {
    nbf: Option<u64>,
    exp: Option<u64>,
}

impl Validity {
    fn holds(self, at: u64) -> bool {
        self.nbf.is_none_or(|nbf| at.saturating_add(SKEW) >= nbf)
            && self.exp.is_none_or(|exp| at < exp.saturating_add(SKEW))
    }
}

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustError {
    /// It is neither the public file of an issuer nor a list of several.
    NoIssuer,
    /// It is not a list of stations.
    NoList,
    /// Nobody who is trusted signed the list, or the key was not valid then.
    UnknownIssuer,
    /// The list was changed.
    BadSignature,
    /// A newer list of this issuer is there already.
    Older,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrustError::NoIssuer => "this is neither the public file of an issuer nor a trust list",
            TrustError::NoList => "this is not a signed list of stations",
            TrustError::UnknownIssuer => "nobody who is trusted signed this list",
            TrustError::BadSignature => "the list was changed after it was signed",
            TrustError::Older => "a newer list of this issuer is there already",
        })
    }
}

impl core::error::Error for TrustError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerFile<'f> {
    v: Option<&'f str>,
    iss: String,
    kid: &'f str,
    ed25519: &'f str,
    /// For whom it may have orders printed; it vouches for stations all the same.
    #[serde(default, rename = "merchants")]
    _merchants: Option<Vec<String>>,
    nbf: Option<u64>,
    exp: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustFile<'f> {
    v: &'f str,
    #[serde(borrow)]
    issuers: Vec<IssuerFile<'f>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'f> {
    v: &'f str,
    l: &'f str,
    s: &'f str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'f> {
    iss: String,
    ikid: &'f str,
    iat: u64,
    next: u64,
    #[serde(borrow)]
    stations: Vec<Entry<'f>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<'f> {
    id: String,
    kid: &'f str,
    ed25519: &'f str,
    nbf: Option<u64>,
    exp: Option<u64>,
    rev: Option<u64>,
}

impl Trust {
    /// Nobody is trusted: every token is of an unknown station.
    #[must_use]
    pub fn new() -> Self {
        Trust::default()
    }

    /// Trusts the issuer of a public file, or those of a trust list.
    ///
    /// # Errors
    /// [`TrustError::NoIssuer`].
    pub fn add_issuers(&mut self, file: &[u8]) -> Result<(), TrustError> {
        let issuers = match json::read::<TrustFile<'_>>(file) {
            Some(TrustFile { v: "miandan-trust-1", issuers }) => issuers,
            Some(_) => return Err(TrustError::NoIssuer),
            None => {
                let issuer: IssuerFile<'_> = json::read(file).ok_or(TrustError::NoIssuer)?;
                if issuer.v != Some("miandan-issuer-public-1") {
                    return Err(TrustError::NoIssuer);
                }
                alloc::vec![issuer]
            }
        };
        let issuer = |file: IssuerFile<'_>| {
            let (kid, key) = named_key(file.kid, file.ed25519)?;
            Some(Issuer { iss: file.iss, kid, key, validity: Validity { nbf: file.nbf, exp: file.exp } })
        };
        let issuers: Option<Vec<Issuer>> = issuers.into_iter().map(issuer).collect();
        self.issuers.extend(issuers.ok_or(TrustError::NoIssuer)?);
        Ok(())
    }

    /// Takes a signed list of stations. Of two lists of one issuer the newer one counts.
    ///
    /// # Errors
    /// [`TrustError`]; what was known before stays.
    pub fn add_stations(&mut self, file: &[u8]) -> Result<(), TrustError> {
        if file.len() > MAX_LIST {
            return Err(TrustError::NoList);
        }
        let envelope: Envelope<'_> = json::read(file).ok_or(TrustError::NoList)?;
        let signature = json::array(envelope.s).filter(|_| envelope.v == "MSO1-stations");
        let signature = Signature::from_bytes(&signature.ok_or(TrustError::NoList)?);
        let body = json::bytes(envelope.l).ok_or(TrustError::NoList)?;
        let body: Body<'_> = json::read(&body).ok_or(TrustError::NoList)?;

        let signer = json::key_name(body.ikid)
            .and_then(|kid| self.issuers.iter().find(|issuer| (&issuer.iss, issuer.kid) == (&body.iss, kid)));
        let signer =
            signer.filter(|issuer| issuer.validity.holds(body.iat)).ok_or(TrustError::UnknownIssuer)?;
        let message = [LIST_CONTEXT, &Sha256::digest(envelope.l.as_bytes())].concat();
        signer.key.verify_strict(&message, &signature).map_err(|_| TrustError::BadSignature)?;

        let list = read_list(body).ok_or(TrustError::NoList)?;
        match self.lists.iter_mut().find(|known| known.iss == list.iss) {
            Some(known) if known.iat > list.iat => return Err(TrustError::Older),
            Some(known) => *known = list,
            None => self.lists.push(list),
        }
        Ok(())
    }

    /// Whether there is a list at all.
    #[must_use]
    pub fn has_stations(&self) -> bool {
        !self.lists.is_empty()
    }

    /// Whether a list is past the time at which its issuer promised a newer one, a day of grace added: a station may have
    /// been revoked since. `now` is in seconds since 1970 (UTC).
    #[must_use]
    pub fn is_old(&self, now: u64) -> bool {
        self.lists.iter().any(|list| now >= list.next.saturating_add(GRACE))
    }

    /// The keys whose names begin like this: one, hardly ever two.
    pub(crate) fn keys(&self, hint: [u8; 4]) -> impl Iterator<Item = &StationKey> {
        self.lists.iter().flat_map(move |list| {
            let start = list.stations.partition_point(|station| station.name[..4] < hint[..]);
            list.stations[start..].iter().take_while(move |station| station.name[..4] == hint)
        })
    }
}

fn read_list(body: Body<'_>) -> Option<List> {
    let station = |entry: Entry<'_>| {
        let (name, key) = named_key(entry.kid, entry.ed25519)?;
        let validity = Validity { nbf: entry.nbf, exp: entry.exp };
        Some(StationKey { id: entry.id, name, key, validity, revoked: entry.rev })
    };
    let stations: Vec<StationKey> = body.stations.into_iter().map(station).collect::<Option<_>>()?;
    let is_ordered = stations.is_sorted_by(|one, next| one.name < next.name);
    let is_possible = body.iat < body.next;
    (is_ordered && is_possible).then_some(List { iss: body.iss, iat: body.iat, next: body.next, stations })
}

/// A key and its name, which must be its own.
fn named_key(name: &str, key: &str) -> Option<(KeyName, VerifyingKey)> {
    let bytes = json::array(key)?;
    let name = json::key_name(name).filter(|name| *name == key_name(&bytes))?;
    Some((name, VerifyingKey::from_bytes(&bytes).ok()?))
}
