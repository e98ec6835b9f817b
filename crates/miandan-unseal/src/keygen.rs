//! Making keys: a station's, and a carrier's. The component program calls this, so a station key is born inside it.

use miandan_seal::encoding::{KeyId, to_base64url};
use miandan_seal::keys::{CarrierPublic, StationScope, Validity};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::key_file;
use crate::primitives::x25519_from_random;
use crate::station_key::{Secrets, StationKey};

/// `v` of a carrier's key file.
pub const CARRIER_KEY: &str = "miandan-carrier-1";

/// The two files of a new key. Has no `Debug`; the secret one is wiped when it is dropped.
pub struct NewKey {
    /// Name of the key.
    pub kid: KeyId,
    /// Text of the public file.
    pub public: String,
    secret: Zeroizing<String>,
}

impl NewKey {
    /// Text of the key file. To be written with mode 0600.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.secret
    }
}

/// Why no key was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeygenError {
    /// An id is empty or has control characters.
    #[error("an id is empty or has control characters")]
    Name,
    /// A station that prints for no merchant would refuse every order.
    #[error("a station needs at least one merchant")]
    NoMerchant,
    /// `exp` is not after `nbf`.
    #[error("`exp` is not after `nbf`")]
    Dates,
    /// The passphrase is empty.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// Groups and merchants do not fit into a key file of 64 KiB.
    #[error("there are too many groups and merchants for a key file")]
    TooLong,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Randomness,
}

/// Makes a station key; under a passphrase if one is given.
///
/// # Errors
/// [`KeygenError`].
pub fn station(
    scope: &StationScope,
    validity: Validity,
    passphrase: Option<&[u8]>,
    random: &SystemRandom,
) -> Result<NewKey, KeygenError> {
    if !scope.is_well_named() {
        return Err(KeygenError::Name);
    }
    if scope.merchants.is_empty() {
        return Err(KeygenError::NoMerchant);
    }
    if !validity.is_possible() {
        return Err(KeygenError::Dates);
    }
    if passphrase.is_some_and(<[u8]>::is_empty) {
        return Err(KeygenError::EmptyPassphrase);
    }
    // JSON may need six bytes for one of ours.
    let named: usize =
        scope.groups.iter().chain(&scope.merchants).chain([&scope.id]).map(|id| id.len() + 1).sum();
    if named * 6 > MAX_NAMES {
        return Err(KeygenError::TooLong);
    }
    let (x25519, public) = x25519_from_random(&*fresh::<32>(random)?);
    let secrets = Secrets { x25519, ed25519: fresh(random)? };
    let key = StationKey { scope: scope.clone(), validity, kid: KeyId::of(&public), secrets };
    let secret = key_file::write(&key, passphrase, *fresh(random)?, *fresh(random)?);
    Ok(NewKey { kid: key.kid, public: key.public().to_text(), secret })
}

/// The files of a station key that ends earlier than it did: at `exp` (seconds since 1970, UTC), or when it would have
/// ended anyway. Under a passphrase if one is given, which has to be the one that the key was under.
///
/// # Errors
/// [`KeygenError::Dates`] if that is before the key begins, [`KeygenError::EmptyPassphrase`],
/// [`KeygenError::Randomness`].
pub fn retire(
    key: &StationKey,
    exp: u64,
    passphrase: Option<&[u8]>,
    random: &SystemRandom,
) -> Result<NewKey, KeygenError> {
    let exp = key.validity.exp.map_or(exp, |end| end.min(exp));
    let validity = Validity { exp: Some(exp), ..key.validity };
    if !validity.is_possible() {
        return Err(KeygenError::Dates);
    }
    if passphrase.is_some_and(<[u8]>::is_empty) {
        return Err(KeygenError::EmptyPassphrase);
    }
    let secrets = Secrets { x25519: key.secrets.x25519.clone(), ed25519: key.secrets.ed25519.clone() };
    let retired = StationKey { scope: key.scope.clone(), validity, kid: key.kid, secrets };
    let secret = key_file::write(&retired, passphrase, *fresh(random)?, *fresh(random)?);
    Ok(NewKey { kid: retired.kid, public: retired.public().to_text(), secret })
}

/// Bytes of JSON that ids may take in a key file.
const MAX_NAMES: usize = 60 << 10;

/// Makes a carrier key, for the part of the courier's token that the label hides:
/// `{"v": "miandan-carrier-1", "carrier", "kid", "x25519"}`.
///
/// # Errors
/// [`KeygenError::Name`], [`KeygenError::TooLong`], [`KeygenError::Randomness`].
pub fn carrier(carrier: &str, random: &SystemRandom) -> Result<NewKey, KeygenError> {
    if carrier.is_empty() || carrier.chars().any(char::is_control) {
        return Err(KeygenError::Name);
    }
    if carrier.len() * 6 > MAX_NAMES {
        return Err(KeygenError::TooLong);
    }
    let (secret, public) = x25519_from_random(&*fresh::<32>(random)?);
    let kid = KeyId::of(&public);
    let name = serde_json::to_string(carrier).expect("a text is always JSON");
    let x25519 = Zeroizing::new(to_base64url(secret.as_slice()));
    let secret = Zeroizing::new(format!(
        "{{\"v\":\"{CARRIER_KEY}\",\"carrier\":{name},\"kid\":\"{kid}\",\"x25519\":\"{}\"}}\n",
        *x25519
    ));
    let public = CarrierPublic { carrier: carrier.to_owned(), kid, x25519: public }.to_text();
    Ok(NewKey { kid, public, secret })
}

fn fresh<const N: usize>(random: &SystemRandom) -> Result<Zeroizing<[u8; N]>, KeygenError>
where
    [u8; N]: zeroize::Zeroize,
{
    let mut bytes = Zeroizing::new([0; N]);
    random.fill(bytes.as_mut_slice()).map_err(|_| KeygenError::Randomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use miandan_seal::StationPublic;

    use super::*;

    fn scope() -> StationScope {
        StationScope { id: "S1".into(), groups: vec![], merchants: vec!["M1".into()] }
    }

    fn refused(change: impl Fn(&mut StationScope)) -> Option<KeygenError> {
        let mut scope = scope();
        change(&mut scope);
        station(&scope, Validity::default(), None, &SystemRandom::new()).err()
    }

    #[test]
    fn both_files_of_a_station_belong_together() {
        for passphrase in [None, Some(&b"passphrase"[..])] {
            let new = station(&scope(), Validity::default(), passphrase, &SystemRandom::new()).unwrap();
            let key = StationKey::from_bytes(new.expose_secret().as_bytes(), passphrase).unwrap();
            assert_eq!(StationPublic::parse(new.public.as_bytes()).unwrap(), key.public());
            assert_eq!(new.kid, key.kid());
        }
    }

    #[test]
    fn a_retired_key_is_the_same_key_with_an_end() {
        for passphrase in [None, Some(&b"passphrase"[..])] {
            let random = SystemRandom::new();
            let dates = Validity { nbf: Some(10), exp: Some(100) };
            let new = station(&scope(), dates, passphrase, &random).unwrap();
            let key = StationKey::from_bytes(new.expose_secret().as_bytes(), passphrase).unwrap();
            let retired = retire(&key, 50, passphrase, &random).unwrap();
            let read = StationKey::from_bytes(retired.expose_secret().as_bytes(), passphrase).unwrap();
            assert_eq!(read.validity(), Validity { nbf: Some(10), exp: Some(50) });
            assert_eq!((read.kid(), read.expose_token_seed()), (key.kid(), key.expose_token_seed()));
            assert_eq!(StationPublic::parse(retired.public.as_bytes()).unwrap(), read.public());
            assert_eq!(retired.expose_secret().contains("\"sealed\""), passphrase.is_some());
            let later = retire(&key, 5000, passphrase, &random).unwrap();
            let later = StationPublic::parse(later.public.as_bytes()).unwrap();
            assert_eq!(later.validity, dates, "never longer");
            assert_eq!(retire(&key, 10, passphrase, &random).err(), Some(KeygenError::Dates));
        }
    }

    #[test]
    fn no_two_keys_are_alike() {
        let new = || station(&scope(), Validity::default(), None, &SystemRandom::new()).unwrap();
        let (one, two) = (new(), new());
        assert_ne!(one.kid, two.kid);
        let seed = |new: &NewKey| {
            *StationKey::from_bytes(new.expose_secret().as_bytes(), None).unwrap().expose_token_seed()
        };
        assert_ne!(seed(&one), seed(&two));
    }

    #[test]
    fn derived_secrets_depend_on_the_key_and_the_label() {
        let key = |seed: u8| StationKey {
            scope: scope(),
            validity: Validity::default(),
            kid: KeyId::of(&[0; 32]),
            secrets: Secrets { x25519: Zeroizing::new([0; 32]), ed25519: Zeroizing::new([seed; 32]) },
        };
        let derived = key(1).derive_secret(b"state");
        assert_eq!(derived, key(1).derive_secret(b"state"));
        assert_ne!(derived, key(1).derive_secret(b"randomness"));
        assert_ne!(derived, key(2).derive_secret(b"state"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(refused(|_| ()), None);
        assert_eq!(refused(|scope| scope.id.clear()), Some(KeygenError::Name));
        assert_eq!(refused(|scope| scope.groups.push("a\nb".into())), Some(KeygenError::Name));
        assert_eq!(refused(|scope| scope.merchants.clear()), Some(KeygenError::NoMerchant));
        let many = |scope: &mut StationScope| scope.groups = vec!["x".repeat(100); 110];
        assert_eq!(refused(many), Some(KeygenError::TooLong));
        let dates = Validity { nbf: Some(2), exp: Some(1) };
        let late = station(&scope(), dates, None, &SystemRandom::new()).err();
        assert_eq!(late, Some(KeygenError::Dates));
        let empty = station(&scope(), Validity::default(), Some(b""), &SystemRandom::new()).err();
        assert_eq!(empty, Some(KeygenError::EmptyPassphrase));
    }

    #[test]
    fn the_longest_file_can_be_read_again() {
        let scope = StationScope { groups: vec!["\u{1f69a}\"\\".repeat(10); 160], ..scope() };
        let new = station(&scope, Validity::default(), None, &SystemRandom::new()).unwrap();
        assert!(StationKey::from_bytes(new.expose_secret().as_bytes(), None).is_ok());
    }

    #[test]
    fn both_files_of_a_carrier_belong_together() {
        let new = carrier("YTO", &SystemRandom::new()).unwrap();
        let public = CarrierPublic::parse(new.public.as_bytes()).unwrap();
        assert_eq!((public.carrier.as_str(), public.kid), ("YTO", new.kid));
        let file: serde_json::Value = serde_json::from_str(new.expose_secret()).unwrap();
        assert_eq!(file["v"], CARRIER_KEY);
        assert_eq!(file["kid"], new.kid.to_string());
        let secret = miandan_seal::encoding::array_from_base64url(file["x25519"].as_str().unwrap()).unwrap();
        assert_eq!(crate::primitives::x25519_public(&secret), public.x25519);
        assert_eq!(carrier("", &SystemRandom::new()).err(), Some(KeygenError::Name));
        assert_eq!(carrier(&"x".repeat(20_000), &SystemRandom::new()).err(), Some(KeygenError::TooLong));
    }
}
