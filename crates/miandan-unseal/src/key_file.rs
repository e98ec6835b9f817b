//! The key file of a station, with its secrets in clear or sealed under a passphrase.
//!
//! In clear: `{"v": "miandan-station-1", "id", "groups", "merchants", "kid", "x25519", "ed25519", "nbf"?, "exp"?}`.
//! Under a passphrase the two secrets are replaced by
//! `"sealed": {"kdf": "argon2id", "m", "t", "p", "salt", "nonce", "box"}`: Argon2id version 0x13 (RFC 9106) with
//! `m` KiB, `t` passes and `p` lanes over the passphrase and 16 bytes of salt gives the key of AES-256-GCM; the box
//! holds the X25519 key and the Ed25519 seed, 64 bytes, and its tag.
//! Everything else in the file is authenticated with the box, so nobody can widen what the station may print:
//! the associated data are [`associated_data`].

use argon2::{Algorithm, Argon2, Params, Version};
use miandan_seal::encoding::{self, KeyId, append_base64url, to_base64url};
use miandan_seal::keys::{MAX_KEY_FILE, StationScope, Validity};
use miandan_seal::strict;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::primitives::{open_in_place, x25519_public};
use crate::station_key::{STATION_KEY, Secrets, StationKey};

/// Why a station's key file was refused. Nothing of its content is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// It is not JSON of the right shape.
    #[error("not a station key file of the kind `{STATION_KEY}`")]
    Malformed,
    /// An id is empty or has control characters.
    #[error("an id in the key file is empty or has control characters")]
    Name,
    /// `kid` is not the name of the key.
    #[error("`kid` does not belong to the key")]
    KeyId,
    /// `exp` is not after `nbf`.
    #[error("`exp` is not after `nbf`")]
    Dates,
    /// The secrets are sealed and no passphrase was given.
    #[error("the key file needs a passphrase")]
    PassphraseNeeded,
    /// The passphrase is wrong, or the file was changed.
    #[error("the passphrase is wrong, or the key file was changed")]
    PassphraseWrong,
    /// The cost of the passphrase is outside of what is accepted: 8 to 256 MiB, 1 to 10 passes, 1 to 4 lanes.
    #[error("the cost of the passphrase is too low or too high")]
    Cost,
}

/// What Argon2id costs, as it stands in the file.
#[derive(Clone, Copy)]
struct Cost {
    /// Memory in KiB.
    m: u32,
    /// Passes.
    t: u32,
    /// Lanes.
    p: u32,
}

/// 19 MiB, 2 passes, 1 lane: the first choice of the OWASP password storage cheat sheet.
const COST: Cost = Cost { m: 19_456, t: 2, p: 1 };

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    v: &'a str,
    id: String,
    groups: Vec<String>,
    merchants: Vec<String>,
    kid: KeyId,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    x25519: Option<&'a str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    ed25519: Option<&'a str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    sealed: Option<SealedSecrets<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    nbf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    exp: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedSecrets<'a> {
    kdf: &'a str,
    m: u32,
    t: u32,
    p: u32,
    #[serde(with = "encoding::bytes")]
    salt: [u8; 16],
    #[serde(with = "encoding::bytes")]
    nonce: [u8; 12],
    #[serde(rename = "box", with = "encoding::bytes")]
    contents: [u8; 80],
}

const KDF: &str = "argon2id";

/// Reads a key file.
pub(crate) fn read(file: &[u8], passphrase: Option<&[u8]>) -> Result<StationKey, KeyFileError> {
    if file.len() > MAX_KEY_FILE {
        return Err(KeyFileError::Malformed);
    }
    let file: File<'_> = strict::from_slice(file.trim_ascii()).map_err(|_| KeyFileError::Malformed)?;
    if file.v != STATION_KEY {
        return Err(KeyFileError::Malformed);
    }
    let scope = StationScope { id: file.id, groups: file.groups, merchants: file.merchants };
    let validity = Validity { nbf: file.nbf, exp: file.exp };
    if !scope.is_well_named() {
        return Err(KeyFileError::Name);
    }
    if !validity.is_possible() {
        return Err(KeyFileError::Dates);
    }
    let secrets = match (file.x25519, file.ed25519, file.sealed) {
        (Some(x25519), Some(ed25519), None) => {
            Secrets { x25519: secret_from(x25519)?, ed25519: secret_from(ed25519)? }
        }
        (None, None, Some(sealed)) => {
            unseal(&sealed, &associated_data(&scope, validity, file.kid), passphrase)?
        }
        _ => return Err(KeyFileError::Malformed),
    };
    if KeyId::of(&x25519_public(&secrets.x25519)) != file.kid {
        return Err(KeyFileError::KeyId);
    }
    Ok(StationKey { scope, validity, kid: file.kid, secrets })
}

/// Writes a key file, in clear or under a passphrase. Salt and nonce have to be fresh random bytes.
pub(crate) fn write(
    key: &StationKey,
    passphrase: Option<&[u8]>,
    salt: [u8; 16],
    nonce: [u8; 12],
) -> Zeroizing<String> {
    let x25519 = Zeroizing::new(to_base64url(key.secrets.x25519.as_slice()));
    let ed25519 = Zeroizing::new(to_base64url(key.secrets.ed25519.as_slice()));
    let sealed = passphrase.map(|passphrase| {
        let mut contents = [0; 80];
        contents[..32].copy_from_slice(key.secrets.x25519.as_slice());
        contents[32..64].copy_from_slice(key.secrets.ed25519.as_slice());
        let data = associated_data(&key.scope, key.validity, key.kid);
        let stretched = stretch(passphrase, &salt, COST).expect("the cost is within the limits");
        let tag = UnboundKey::new(&AES_256_GCM, stretched.as_slice()).and_then(|sealing| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            LessSafeKey::new(sealing).seal_in_place_separate_tag(nonce, Aad::from(&data), &mut contents[..64])
        });
        contents[64..].copy_from_slice(tag.expect("64 bytes can be sealed").as_ref());
        SealedSecrets { kdf: KDF, m: COST.m, t: COST.t, p: COST.p, salt, nonce, contents }
    });
    let clear = sealed.is_none();
    let file = File {
        v: STATION_KEY,
        id: key.scope.id.clone(),
        groups: key.scope.groups.clone(),
        merchants: key.scope.merchants.clone(),
        kid: key.kid,
        x25519: clear.then_some(x25519.as_str()),
        ed25519: clear.then_some(ed25519.as_str()),
        sealed,
        nbf: key.validity.nbf,
        exp: key.validity.exp,
    };
    // A buffer that never grows leaves no copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(MAX_KEY_FILE));
    serde_json::to_writer(&mut *text, &file).expect("a struct of texts and numbers is always JSON");
    text.push(b'\n');
    Zeroizing::new(std::str::from_utf8(&text).expect("JSON is UTF-8").to_owned())
}

/// What is authenticated with sealed secrets: `"miandan-station-1 sealed" 0x00`, then each of these with its length
/// in 4 bytes, big endian, in front: id, kid (16 hexadecimal digits), `nbf`, `exp` (8 bytes big endian, or nothing);
/// then the number of groups in 4 bytes and each group, the number of merchants and each merchant, with their lengths.
fn associated_data(scope: &StationScope, validity: Validity, kid: KeyId) -> Vec<u8> {
    fn number(data: &mut Vec<u8>, number: usize) {
        data.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes());
    }
    fn text(data: &mut Vec<u8>, bytes: &[u8]) {
        number(data, bytes.len());
        data.extend_from_slice(bytes);
    }

    let mut data = b"miandan-station-1 sealed\0".to_vec();
    text(&mut data, scope.id.as_bytes());
    text(&mut data, &kid.digits());
    for date in [validity.nbf, validity.exp] {
        text(&mut data, date.map(u64::to_be_bytes).as_ref().map_or(&[], |date| date.as_slice()));
    }
    for list in [&scope.groups, &scope.merchants] {
        number(&mut data, list.len());
        list.iter().for_each(|id| text(&mut data, id.as_bytes()));
    }
    data
}

fn unseal(
    sealed: &SealedSecrets<'_>,
    data: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Secrets, KeyFileError> {
    if sealed.kdf != KDF {
        return Err(KeyFileError::Malformed);
    }
    let passphrase = passphrase.ok_or(KeyFileError::PassphraseNeeded)?;
    let cost = Cost { m: sealed.m, t: sealed.t, p: sealed.p };
    let key = stretch(passphrase, &sealed.salt, cost)?;
    let mut contents = Zeroizing::new(sealed.contents);
    let secrets = open_in_place(&key, sealed.nonce, data, contents.as_mut_slice())
        .map_err(|_| KeyFileError::PassphraseWrong)?;
    let mut both = Secrets { x25519: Zeroizing::new([0; 32]), ed25519: Zeroizing::new([0; 32]) };
    both.x25519.copy_from_slice(&secrets[..32]);
    both.ed25519.copy_from_slice(&secrets[32..]);
    Ok(both)
}

/// Argon2id, version 0x13 (RFC 9106).
fn stretch(passphrase: &[u8], salt: &[u8; 16], cost: Cost) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
    let Cost { m, t, p } = cost;
    // A file with a cost of nothing would make guessing cheap; one with a huge cost would stop the component.
    if !(8 << 10..=256 << 10).contains(&m) || !(1..=10).contains(&t) || !(1..=4).contains(&p) {
        return Err(KeyFileError::Cost);
    }
    let params = Params::new(m, t, p, Some(32)).map_err(|_| KeyFileError::Cost)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, salt, key.as_mut_slice())
        .map_err(|_| KeyFileError::PassphraseWrong)?;
    Ok(key)
}

fn secret_from(text: &str) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
    // Room for the decoder's slack: a buffer that never grows leaves no copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    if text.len() != 43 || append_base64url(text, &mut bytes).is_err() || bytes.len() != 32 {
        return Err(KeyFileError::Malformed);
    }
    let mut secret = Zeroizing::new([0; 32]);
    secret.copy_from_slice(&bytes);
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;
    use crate::keygen;

    fn scope() -> StationScope {
        StationScope {
            id: "S1".into(),
            groups: vec!["east".into()],
            merchants: vec!["M1".into(), "店".into()],
        }
    }

    fn file(passphrase: Option<&[u8]>) -> String {
        let validity = Validity { nbf: Some(1000), exp: Some(2000) };
        keygen::station(&scope(), validity, passphrase, &SystemRandom::new())
            .unwrap()
            .expose_secret()
            .to_owned()
    }

    fn refused(file: &str, passphrase: Option<&[u8]>) -> Option<KeyFileError> {
        StationKey::from_bytes(file.as_bytes(), passphrase).err()
    }

    #[test]
    fn a_clear_file_is_read() {
        let text = file(None);
        let key = StationKey::from_bytes(text.as_bytes(), None).unwrap();
        assert_eq!(key.scope(), &scope());
        assert_eq!(key.validity(), Validity { nbf: Some(1000), exp: Some(2000) });
        assert_eq!(key.public().kid, key.kid());
        assert!(StationKey::from_bytes(text.as_bytes(), Some(b"not needed")).is_ok());
        assert!(StationKey::from_bytes(format!("\n {text}\r\n").as_bytes(), None).is_ok());
    }

    #[test]
    fn broken_files_are_refused() {
        let text = file(None);
        let kid = StationKey::from_bytes(text.as_bytes(), None).unwrap().kid().to_string();
        let change = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            refused(&text.replacen(from, to, 1), None)
        };
        let malformed = Some(KeyFileError::Malformed);
        assert_eq!(refused("", None), malformed);
        assert_eq!(refused(&" ".repeat(MAX_KEY_FILE + 1), None), malformed);
        assert_eq!(change("station-1", "station-2"), malformed);
        assert_eq!(change("{", r#"{"x":1,"#), malformed);
        assert_eq!(change("{", r#"{"id":"S1","#), malformed);
        assert_eq!(change(r#""x25519""#, r#""x25518""#), malformed);
        assert_eq!(change(r#""x25519":""#, r#""x25519":"A"#), malformed);
        assert_eq!(change("S1", r"\u0007"), Some(KeyFileError::Name));
        assert_eq!(change("2000", "1000"), Some(KeyFileError::Dates));
        assert_eq!(change(&kid, "0011223344556677"), Some(KeyFileError::KeyId));
        let secret = text.split(r#""x25519":""#).nth(1).unwrap()[..43].to_owned();
        assert_eq!(change(&format!(r#""x25519":"{secret}","#), ""), malformed, "half of the secrets");
        for error in [KeyFileError::Malformed, KeyFileError::PassphraseWrong, KeyFileError::Cost] {
            assert!(!error.to_string().contains(&secret));
        }
    }

    #[test]
    fn every_clear_member_is_authenticated_with_the_box() {
        let text = file(Some(b"passphrase"));
        assert!(StationKey::from_bytes(text.as_bytes(), Some(b"passphrase")).is_ok());
        let wrong = Some(KeyFileError::PassphraseWrong);
        for (from, to) in [
            (r#""id":"S1""#, r#""id":"S2""#),
            (r#""groups":["east"]"#, r#""groups":["west"]"#),
            (r#""groups":["east"]"#, r#""groups":[]"#),
            (r#""groups":["east"],"merchants":["M1","店"]"#, r#""groups":["east","M1"],"merchants":["店"]"#),
            (r#""merchants":["M1","#, r#""merchants":["M1","M2","#),
            (r#""nbf":1000"#, r#""nbf":1001"#),
            (r#""exp":2000"#, r#""exp":2001"#),
            (r#","exp":2000"#, ""),
        ] {
            assert!(text.contains(from), "{from}");
            assert_eq!(refused(&text.replace(from, to), Some(b"passphrase")), wrong, "{to}");
        }
        assert_eq!(refused(&text, Some(b"Passphrase")), wrong);
        assert_eq!(refused(&text, Some(b"")), wrong);
        assert_eq!(refused(&text, None), Some(KeyFileError::PassphraseNeeded));
    }

    #[test]
    fn absurd_costs_are_refused_before_they_are_paid() {
        let text = file(Some(b"passphrase"));
        for (from, to) in [
            (r#""m":19456"#, r#""m":8191"#),
            (r#""m":19456"#, r#""m":262145"#),
            (r#""m":19456"#, r#""m":4294967295"#),
            (r#""t":2"#, r#""t":0"#),
            (r#""t":2"#, r#""t":11"#),
            (r#""p":1"#, r#""p":0"#),
            (r#""p":1"#, r#""p":5"#),
        ] {
            assert!(text.contains(from), "{from}");
            let changed = text.replace(from, to);
            assert_eq!(refused(&changed, Some(b"passphrase")), Some(KeyFileError::Cost), "{to}");
        }
        let another = text.replace("argon2id", "scrypt");
        assert_eq!(refused(&another, Some(b"passphrase")), Some(KeyFileError::Malformed));
    }

    #[test]
    fn a_sealed_file_has_no_secret_in_clear() {
        let text = file(Some(b"passphrase"));
        assert!(!text.contains(r#""x25519""#) && !text.contains(r#""ed25519""#));
        let both = text.replacen('{', &format!(r#"{{"x25519":"{0}","ed25519":"{0}","#, "A".repeat(43)), 1);
        assert_eq!(refused(&both, Some(b"passphrase")), Some(KeyFileError::Malformed));
    }
}
