//! Signing lists: what a platform publishes beside its orders.

use std::collections::BTreeMap;

use serde::Serialize;

use super::IssuerKey;
use crate::encoding::{KeyId, to_base64url};
use crate::header::is_identifier;
use crate::limits;
use crate::lists::keys::{CarrierBody, Entry, StationBody, check};
use crate::lists::{CarrierKey, ListKind, TokenKey};

/// Why a list was not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// `next` is not after `iat`, or more than 31 days after it.
    #[error("the next list has to be due after this one, within 31 days")]
    Dates,
    /// A reference, or the owner of a key, is empty or has control characters.
    #[error("an id is empty or has control characters")]
    Name,
    /// A key stands twice, or its dates make no sense.
    #[error("a key stands twice, or its dates make no sense")]
    Key,
    /// The list would be longer than 8 MiB.
    #[error("the list is longer than 8 MiB; publish only authorisations that can still be printed")]
    TooLong,
}

/// Signs the list of withdrawn authorisations: reference → highest withdrawn epoch. Times in seconds since 1970 (UTC).
///
/// # Errors
/// [`ListError`].
pub fn sign_status(
    issuer: &IssuerKey,
    withdrawn: &BTreeMap<String, u32>,
    iat: u64,
    next: u64,
) -> Result<String, ListError> {
    #[derive(Serialize)]
    struct Body<'a> {
        iss: &'a str,
        ikid: KeyId,
        iat: u64,
        next: u64,
        withdrawn: Vec<Withdrawn<'a>>,
    }

    #[derive(Serialize)]
    struct Withdrawn<'a> {
        #[serde(rename = "ref")]
        reference: &'a str,
        epoch: u32,
    }

    if !withdrawn.keys().all(|reference| is_identifier(reference)) {
        return Err(ListError::Name);
    }
    // A map of texts ascends in byte order, as the format asks.
    let withdrawn = withdrawn.iter().map(|(reference, &epoch)| Withdrawn { reference, epoch }).collect();
    sign(
        issuer,
        ListKind::Status,
        &Body { iss: issuer.iss(), ikid: issuer.kid(), iat, next, withdrawn },
        iat,
        next,
    )
}

/// Signs the list of stations' token keys.
///
/// # Errors
/// [`ListError`].
pub fn sign_stations(
    issuer: &IssuerKey,
    stations: Vec<TokenKey>,
    iat: u64,
    next: u64,
) -> Result<String, ListError> {
    let stations = sorted(stations)?;
    let body = StationBody { iss: issuer.iss().to_owned(), ikid: issuer.kid(), iat, next, stations };
    sign(issuer, ListKind::Stations, &body, iat, next)
}

/// Signs the list of carriers' keys.
///
/// # Errors
/// [`ListError`].
pub fn sign_carriers(
    issuer: &IssuerKey,
    carriers: Vec<CarrierKey>,
    iat: u64,
    next: u64,
) -> Result<String, ListError> {
    let carriers = sorted(carriers)?;
    let body = CarrierBody { iss: issuer.iss().to_owned(), ikid: issuer.kid(), iat, next, carriers };
    sign(issuer, ListKind::Carriers, &body, iat, next)
}

fn sorted<E: Entry>(mut entries: Vec<E>) -> Result<Vec<E>, ListError> {
    if !entries.iter().all(|entry| is_identifier(entry.parts().0)) {
        return Err(ListError::Name);
    }
    entries.sort_by_key(|entry| entry.parts().1);
    check(&entries).map_err(|_| ListError::Key)?;
    Ok(entries)
}

fn sign(
    issuer: &IssuerKey,
    kind: ListKind,
    body: &impl Serialize,
    iat: u64,
    next: u64,
) -> Result<String, ListError> {
    if next <= iat || next - iat > limits::LIST_LIFETIME {
        return Err(ListError::Dates);
    }
    let body = serde_json::to_vec(body).expect("a struct of texts and numbers is always JSON");
    let body = to_base64url(&body);
    let signature = to_base64url(&issuer.sign(&kind.message(&body)));
    let file = format!("{{\"v\":\"{}\",\"l\":\"{body}\",\"s\":\"{signature}\"}}\n", kind.version());
    if file.len() > limits::LIST { Err(ListError::TooLong) } else { Ok(file) }
}

#[cfg(test)]
mod tests;
