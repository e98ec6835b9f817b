//! Which key opens what: validity of keys, scopes of issuers and stations, several keys in one opener; and that no
//! mixture of two orders opens.

use miandan_core::Code;
use miandan_core::field::{FieldId, FieldSet};
use miandan_seal::issue::{IssuerKey, PlainOrder, SealOptions, seal_batch};
use miandan_seal::keys::{IssuerPublic, StationScope, Validity};
use miandan_seal::{StationPublic, TrustSet};
use miandan_unseal::{Opener, StationKey, keygen};
use ring::rand::SystemRandom;
use serde_json::Value;

const NOW: u64 = 1_800_000_000;
const DAY: u64 = 86_400;

fn issuer() -> IssuerKey {
    IssuerKey::generate("platform", &SystemRandom::new()).unwrap()
}

fn trust(issuer: &IssuerKey, change: impl FnOnce(&mut IssuerPublic)) -> TrustSet {
    let mut public = issuer.public();
    change(&mut public);
    let mut trust = TrustSet::new();
    trust.insert(public).unwrap();
    trust
}

fn station(id: &str, merchant: &str, validity: Validity) -> StationKey {
    let scope = StationScope { id: id.into(), groups: vec![], merchants: vec![merchant.into()] };
    let new = keygen::station(&scope, validity, None, &SystemRandom::new()).unwrap();
    StationKey::from_bytes(new.expose_secret().as_bytes(), None).unwrap()
}

fn seal(issuer: &IssuerKey, stations: &[StationPublic], aud: &str, stn: Option<&str>) -> Vec<String> {
    let order = |number: u32| {
        let json = format!(
            r#"{{"order_id":"o{number}","waybill_no":"w{number}","carrier":"YTO","recipient":{{"name":"测试{number}"}}}}"#
        );
        PlainOrder::parse(json.as_bytes()).unwrap()
    };
    let options = SealOptions {
        aud: aud.into(),
        stn: stn.map(Into::into),
        iat: NOW,
        nbf: NOW,
        exp: NOW + 20 * DAY,
        mask: None,
        max: None,
    };
    seal_batch(issuer, stations, &[order(0), order(1), order(2)], &options, &SystemRandom::new()).unwrap()
}

fn code(opener: &mut Opener, object: &str, now: u64) -> Option<Code> {
    let name: FieldSet = [FieldId::RecipientName].into_iter().collect();
    opener.open(object.as_bytes(), now, name).err().map(|failure| failure.code)
}

#[test]
fn an_issuer_is_trusted_for_its_merchants_and_its_time() {
    let issuer = issuer();
    let key = || station("S1", "M1", Validity::default());
    let only = |merchants: &[&str], exp| {
        trust(&issuer, |public| {
            public.merchants = Some(merchants.iter().map(|&merchant| merchant.to_owned()).collect());
            public.validity = Validity { nbf: Some(NOW), exp };
        })
    };
    let first = key();
    let sealed = seal(&issuer, &[first.public()], "M1", None);
    let mut opener = Opener::new(vec![first], only(&["M0", "M1"], Some(NOW + 5 * DAY)));
    assert_eq!(code(&mut opener, &sealed[0], NOW), None);
    let late = NOW + 6 * DAY;
    assert_eq!(code(&mut opener, &sealed[0], late), Some(Code::UnknownIssuer), "remembered, but out of date");
    for merchants in [&["M2"][..], &[]] {
        let key = key();
        let sealed = seal(&issuer, &[key.public()], "M1", None);
        let mut opener = Opener::new(vec![key], only(merchants, None));
        assert_eq!(code(&mut opener, &sealed[0], NOW), Some(Code::UnknownIssuer));
    }
}

#[test]
fn a_station_key_is_used_within_its_time() {
    let issuer = issuer();
    let old = station("S1", "M1", Validity { nbf: None, exp: Some(NOW + DAY) });
    let new = station("S1", "M1", Validity { nbf: Some(NOW + DAY), exp: None });
    let to_old = seal(&issuer, &[old.public()], "M1", None);
    let to_both = seal(&issuer, &[old.public(), new.public()], "M1", None);
    let (old_kid, new_kid) = (old.kid(), new.kid());
    let mut opener = Opener::new(vec![old, new], trust(&issuer, |_| ()));
    let late = NOW + 2 * DAY;
    assert_eq!(code(&mut opener, &to_old[0], NOW), None);
    assert_eq!(code(&mut opener, &to_old[0], late), Some(Code::UnknownKey), "remembered, but out of date");
    for (now, kid) in [(NOW, old_kid), (late, new_kid), (NOW, old_kid)] {
        let opened = opener.open(to_both[0].as_bytes(), now, FieldSet::EMPTY).unwrap();
        assert_eq!(opened.key(), kid);
    }
}

#[test]
fn several_stations_in_one_opener_keep_their_scopes() {
    let issuer = issuer();
    let (first, second) =
        (station("S1", "M1", Validity::default()), station("S2", "M2", Validity::default()));
    let to_first = seal(&issuer, &[first.public()], "M1", None);
    let to_second = seal(&issuer, &[second.public()], "M2", Some("S2"));
    // An order for M2 that only the key of S1 could open: its issuer sealed it to a station that claimed more.
    let mut greedy = first.public();
    greedy.scope.merchants.push("M2".into());
    let beyond = seal(&issuer, &[greedy], "M2", None);
    let elsewhere = seal(&issuer, &[station("S3", "M1", Validity::default()).public()], "M1", Some("S3"));
    let nobody = seal(&issuer, &[station("S3", "M3", Validity::default()).public()], "M3", None);

    let mut opener = Opener::new(vec![first, second], trust(&issuer, |_| ()));
    assert_eq!(code(&mut opener, &to_first[0], NOW), None);
    assert_eq!(code(&mut opener, &to_second[0], NOW), None);
    assert_eq!(code(&mut opener, &beyond[0], NOW), Some(Code::UnknownKey));
    assert_eq!(code(&mut opener, &elsewhere[0], NOW), Some(Code::WrongStation));
    assert_eq!(code(&mut opener, &nobody[0], NOW), Some(Code::WrongAudience));
}

/// Every choice of members from two orders: of one batch, of two batches, and of two issuers.
#[test]
fn no_mixture_of_two_orders_opens() {
    let (issuer, other) = (issuer(), issuer());
    let key = station("S1", "M1", Validity::default());
    let stations = [key.public(), station("S2", "M1", Validity::default()).public()];
    let seal = |issuer| seal(issuer, &stations, "M1", None);
    let (batch, second, foreign) = (seal(&issuer), seal(&issuer), seal(&other));
    let mut both = trust(&issuer, |_| ());
    both.insert(other.public()).unwrap();
    let mut opener = Opener::new(vec![key], both);

    let mut tried = 0;
    for (one, two) in [(&batch[0], &batch[1]), (&batch[0], &second[0]), (&batch[0], &foreign[0])] {
        let (one, two): (Value, Value) =
            (serde_json::from_str(one).unwrap(), serde_json::from_str(two).unwrap());
        for choice in 1..63_u32 {
            let mut mixture = one.clone();
            for (at, member) in ["b", "r", "s", "h", "f", "p"].into_iter().enumerate() {
                if choice >> at & 1 == 1 {
                    mixture[member] = two[member].clone();
                }
            }
            if mixture == one || mixture == two {
                continue;
            }
            let refused = code(&mut opener, &mixture.to_string(), NOW);
            let expected = [Code::BadSignature, Code::Malformed].map(Some);
            assert!(expected.contains(&refused), "choice {choice:06b}: {refused:?}");
            tried += 1;
        }
        assert_eq!(code(&mut opener, &one.to_string(), NOW), None);
        assert_eq!(code(&mut opener, &two.to_string(), NOW), None);
    }
    // Within a batch `b`, `r` and `s` are the same, so each mixture of the other three comes eight times.
    assert_eq!(tried, 6 * 8 + 62 + 62);
}
