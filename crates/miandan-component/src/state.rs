//! What outlives a component: the highest time that was seen, and how new each issuer's lists were.
//!
//! The host keeps it, or the supervisor in service mode, and hands it over at the next start. It is authenticated by the
//! station's key, so a host cannot make one up: `{"v": "miandan-state-1", "s", "mac"}` with `s` the base64url of
//! `{"time", "lists": [{kind, iss, iat}]}` and `mac` the HMAC-SHA-256 of the text `s`, under a key that is derived from
//! the station's. A host that hands over nothing begins anew: the state is a guard against a clock that is wrong and a
//! list that is old, not against a host that lies.

use std::collections::BTreeMap;

use miandan_seal::encoding::{self, from_base64url, to_base64url};
use miandan_seal::lists::{ListHead, ListKind};
use miandan_seal::strict;
use miandan_unseal::StationKey;
use ring::hmac;
use serde::{Deserialize, Serialize};

const VERSION: &str = "miandan-state-1";

/// For the key under which the state is authenticated.
const LABEL: &[u8] = b"MSO1 state";

/// A state at most, in bytes. Lists of some thousands of issuers fit.
pub(crate) const MAX_STATE: usize = 1 << 20;

/// What is remembered.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The highest time that was seen, in seconds since 1970 (UTC).
    time: u64,
    /// When the newest list of a kind and issuer was signed.
    lists: BTreeMap<(ListKind, String), u64>,
}

/// The state was changed, or is that of another station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Foreign;

/// A list is older than one that was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Older;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    v: &'a str,
    s: &'a str,
    #[serde(with = "encoding::bytes")]
    mac: [u8; 32],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    time: u64,
    #[serde(deserialize_with = "strict::objects")]
    lists: Vec<Seen>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    kind: String,
    iss: String,
    iat: u64,
}

impl State {
    /// Reads a state that one of these keys authenticates: during rotation the key that did is not the current one.
    pub(crate) fn open(file: &[u8], keys: &[StationKey]) -> Result<Self, Foreign> {
        let File { v, s, mac } = strict::from_slice(file.trim_ascii()).map_err(|_| Foreign)?;
        let genuine = |key| hmac::verify(&mac_key(key), s.as_bytes(), &mac).is_ok();
        if v != VERSION || !keys.iter().any(genuine) {
            return Err(Foreign);
        }
        let body = from_base64url(s).map_err(|_| Foreign)?;
        let body: Body = strict::from_slice(&body).map_err(|_| Foreign)?;
        let mut lists = BTreeMap::new();
        for Seen { kind, iss, iat } in body.lists {
            let known = ListKind::ALL.into_iter().find(|known| known.version() == kind).ok_or(Foreign)?;
            lists.insert((known, iss), iat);
        }
        Ok(State { time: body.time, lists })
    }

    /// The text to be kept.
    pub(crate) fn to_text(&self, key: &StationKey) -> String {
        let lists = self.lists.iter().map(|((kind, iss), &iat)| Seen {
            kind: kind.version().to_owned(),
            iss: iss.clone(),
            iat,
        });
        let body = Body { time: self.time, lists: lists.collect() };
        let body = serde_json::to_vec(&body).expect("a struct of texts and numbers is always JSON");
        let s = to_base64url(&body);
        let mut mac = [0; 32];
        mac.copy_from_slice(hmac::sign(&mac_key(key), s.as_bytes()).as_ref());
        let file = File { v: VERSION, s: &s, mac };
        let mut text = serde_json::to_string(&file).expect("a struct of texts and bytes is always JSON");
        text.push('\n');
        text
    }

    /// Takes the time of a request and answers the one that counts: it never goes back, so nobody prints an order that
    /// was already seen to expire.
    pub(crate) fn advance(&mut self, now: u64) -> u64 {
        self.time = self.time.max(now);
        self.time
    }

    /// Notes a list.
    ///
    /// # Errors
    /// [`Older`] if one that was signed later has been seen.
    pub(crate) fn accept(&mut self, kind: ListKind, head: &ListHead) -> Result<(), Older> {
        let newest = self.lists.entry((kind, head.iss.clone())).or_insert(head.iat);
        if head.iat < *newest {
            return Err(Older);
        }
        *newest = head.iat;
        Ok(())
    }
}

fn mac_key(key: &StationKey) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.derive_secret(LABEL).as_slice())
}

#[cfg(test)]
mod tests {
    use miandan_seal::encoding::KeyId;
    use miandan_seal::keys::{StationScope, Validity};
    use ring::rand::SystemRandom;

    use super::*;

    fn key() -> StationKey {
        let scope = StationScope { id: "S".into(), groups: vec![], merchants: vec!["M".into()] };
        let random = SystemRandom::new();
        let new = miandan_unseal::keygen::station(&scope, Validity::default(), None, &random).unwrap();
        StationKey::from_bytes(new.expose_secret().as_bytes(), None).unwrap()
    }

    fn head(iss: &str, iat: u64) -> ListHead {
        ListHead { iss: iss.into(), ikid: KeyId::of(&[0; 32]), iat, next: iat + 1 }
    }

    fn state() -> State {
        let mut state = State::default();
        state.advance(1_800_000_000);
        state.accept(ListKind::Status, &head("p", 5)).unwrap();
        state.accept(ListKind::Carriers, &head("平台", 6)).unwrap();
        state
    }

    #[test]
    fn time_never_goes_back() {
        let mut state = state();
        assert_eq!(state.advance(1), 1_800_000_000);
        assert_eq!(state.advance(1_800_000_001), 1_800_000_001);
        let key = key();
        let mut kept = State::open(state.to_text(&key).as_bytes(), &[key]).unwrap();
        assert_eq!(kept.advance(1), 1_800_000_001);
    }

    #[test]
    fn a_list_is_never_followed_by_an_older_one() {
        let mut state = state();
        assert_eq!(state.accept(ListKind::Status, &head("p", 5)), Ok(()));
        assert_eq!(state.accept(ListKind::Status, &head("p", 4)), Err(Older));
        assert_eq!(state.accept(ListKind::Stations, &head("p", 4)), Ok(()), "another kind");
        assert_eq!(state.accept(ListKind::Status, &head("q", 4)), Ok(()), "another issuer");
        assert_eq!(state.accept(ListKind::Status, &head("p", 9)), Ok(()));
        assert_eq!(state.accept(ListKind::Status, &head("p", 5)), Err(Older));
    }

    #[test]
    fn a_state_is_believed_if_a_key_of_the_station_vouches_for_it() {
        let (old, new, other) = (key(), key(), key());
        let text = state().to_text(&old);
        assert_eq!(State::open(text.as_bytes(), &[new, old]), Ok(state()));
        assert_eq!(State::open(text.as_bytes(), &[other]), Err(Foreign));
        assert_eq!(State::open(text.as_bytes(), &[]), Err(Foreign));
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let keys = [key()];
        let text = state().to_text(&keys[0]);
        let text = text.trim_end().as_bytes();
        for at in 0..text.len() * 8 {
            let mut changed = text.to_vec();
            changed[at / 8] ^= 1 << (at % 8);
            assert_eq!(State::open(&changed, &keys), Err(Foreign), "bit {at}");
        }
        assert_eq!(State::open(b"", &keys), Err(Foreign));
    }
}
