//! What signing makes, what reading refuses, and when an order is withdrawn.

use miandan_core::Code;
use miandan_core::order::Consent;
use ring::rand::SystemRandom;

use super::*;
use crate::encoding::from_base64url;
use crate::keys::Validity;
use crate::lists::{CarrierList, Enforcement, StationList, StatusList, StatusLists, StatusPolicy};
use crate::trust::TrustSet;

const NOW: u64 = 1_800_000_000;
const DAY: u64 = 86_400;

fn issuer(iss: &str) -> IssuerKey {
    IssuerKey::generate(iss, &SystemRandom::new()).unwrap()
}

fn trusting(issuers: &[&IssuerKey]) -> TrustSet {
    let mut trust = TrustSet::new();
    issuers.iter().for_each(|issuer| trust.insert(issuer.public()).unwrap());
    trust
}

fn withdrawn(entries: &[(&str, u32)]) -> BTreeMap<String, u32> {
    entries.iter().map(|&(reference, epoch)| (reference.to_owned(), epoch)).collect()
}

fn status(issuer: &IssuerKey, entries: &[(&str, u32)], iat: u64) -> StatusList {
    let file = sign_status(issuer, &withdrawn(entries), iat, iat + DAY).unwrap();
    StatusList::verify(file.as_bytes(), &trusting(&[issuer])).unwrap()
}

fn consent(reference: &str, epoch: u32) -> Consent {
    Consent { reference: reference.into(), epoch }
}

fn token_key(number: u8) -> TokenKey {
    let ed25519 = [number; 32];
    TokenKey {
        id: format!("ST-{number}"),
        kid: KeyId::of(&ed25519),
        ed25519,
        nbf: Some(NOW),
        exp: Some(NOW + DAY),
        rev: (number == 7).then_some(NOW),
    }
}

fn carrier_key(number: u8) -> CarrierKey {
    let x25519 = [number; 32];
    CarrierKey { carrier: "YTO".into(), kid: KeyId::of(&x25519), x25519, nbf: None, exp: None }
}

/// A list with another body, signed by the issuer as a list of this kind.
fn forged(issuer: &IssuerKey, kind: ListKind, body: &str) -> String {
    let body = to_base64url(body.as_bytes());
    let signature = to_base64url(&issuer.sign(&kind.message(&body)));
    format!("{{\"v\":\"{}\",\"l\":\"{body}\",\"s\":\"{signature}\"}}", kind.version())
}

fn body_of(file: &str) -> String {
    let object: serde_json::Value = serde_json::from_str(file).unwrap();
    String::from_utf8(from_base64url(object["l"].as_str().unwrap()).unwrap()).unwrap()
}

#[test]
fn an_authorisation_is_withdrawn_up_to_its_epoch() {
    let list = status(&issuer("p"), &[("b", 3), ("a\u{9}".trim(), 0), ("丙", 1), ("ab", 2)], NOW);
    assert_eq!((list.len(), list.is_empty()), (4, false));
    for (reference, epoch, covered) in [
        ("a", 0, true),
        ("a", 1, false),
        ("b", 3, true),
        ("b", 0, true),
        ("b", 4, false),
        ("ab", 2, true),
        ("丙", 1, true),
        ("", 0, false),
        ("c", 0, false),
        ("丁", 0, false),
    ] {
        assert_eq!(list.covers(&consent(reference, epoch)), covered, "{reference} {epoch}");
    }
}

#[test]
fn one_issuer_does_not_withdraw_what_another_was_given() {
    let (one, two) = (issuer("one"), issuer("two"));
    let mut lists = StatusLists::default();
    lists.insert(status(&one, &[("c", 1)], NOW));
    assert_eq!(lists.check("one", Some(&consent("c", 1)), NOW), Err(Code::Withdrawn));
    assert_eq!(lists.check("two", Some(&consent("c", 1)), NOW), Ok(()));
    assert_eq!(lists.check("one", None, NOW), Ok(()));
    lists.insert(status(&two, &[("c", 1)], NOW));
    assert_eq!(lists.check("two", Some(&consent("c", 1)), NOW), Err(Code::Withdrawn));
}

#[test]
fn of_two_lists_the_newer_counts_in_whatever_order_they_come() {
    let issuer = issuer("p");
    let (old, new) = (status(&issuer, &[("c", 1)], NOW), status(&issuer, &[], NOW + 1));
    for order in [[&old, &new], [&new, &old]] {
        let mut lists = StatusLists::default();
        order.iter().for_each(|&list| lists.insert(list.clone()));
        assert_eq!(lists.check("p", Some(&consent("c", 1)), NOW), Ok(()));
        assert_eq!(lists.iter().count(), 1);
    }
}

#[test]
fn the_policy_decides_what_a_list_that_is_missing_or_too_old_means() {
    let key = issuer("p");
    let with = |enforcement, max_age| {
        let mut lists = StatusLists::new(StatusPolicy { enforcement, max_age });
        lists.insert(status(&key, &[("c", 1)], NOW));
        lists
    };
    let stale = Err(Code::StaleStatus);
    // `next` is a day after the list was signed, and a day of grace follows.
    for (enforcement, max_age, now, other, withdrawn) in [
        (Enforcement::Off, None, NOW, Ok(()), Ok(())),
        (Enforcement::Warn, None, NOW + 9 * DAY, Ok(()), Err(Code::Withdrawn)),
        (Enforcement::Required, None, NOW, Ok(()), Err(Code::Withdrawn)),
        (Enforcement::Required, None, NOW + 2 * DAY - 1, Ok(()), Err(Code::Withdrawn)),
        (Enforcement::Required, None, NOW + 2 * DAY, stale, Err(Code::Withdrawn)),
        (Enforcement::Required, Some(3600), NOW + 3599, Ok(()), Err(Code::Withdrawn)),
        (Enforcement::Required, Some(3600), NOW + 3600, stale, Err(Code::Withdrawn)),
        (Enforcement::Required, Some(0), 0, Ok(()), Err(Code::Withdrawn)),
    ] {
        let lists = with(enforcement, max_age);
        assert_eq!(lists.check("p", Some(&consent("d", 1)), now), other, "{enforcement:?} {now}");
        assert_eq!(lists.check("p", Some(&consent("c", 1)), now), withdrawn, "{enforcement:?} {now}");
    }
    assert_eq!(with(Enforcement::Required, None).check("another", None, NOW), stale);
    let other = issuer("q");
    let report = with(Enforcement::Warn, None).report(&trusting(&[&key, &other]), NOW);
    let told: Vec<_> = report.iter().map(|of| (of.iss.as_str(), of.iat, of.stale)).collect();
    assert_eq!(told, [("p", Some(NOW), false), ("q", None, true)]);
    assert!(with(Enforcement::Off, None).report(&trusting(&[&key]), NOW).is_empty());
}

#[test]
fn no_list_passes_for_another() {
    let issuer = issuer("p");
    let trust = trusting(&[&issuer]);
    let files = [
        sign_status(&issuer, &BTreeMap::new(), NOW, NOW + DAY).unwrap(),
        sign_stations(&issuer, vec![], NOW, NOW + DAY).unwrap(),
        sign_carriers(&issuer, vec![], NOW, NOW + DAY).unwrap(),
    ];
    let read = |file: &str| {
        [
            StatusList::verify(file.as_bytes(), &trust).err(),
            StationList::verify(file.as_bytes(), &trust).err(),
            CarrierList::verify(file.as_bytes(), &trust).err(),
        ]
    };
    for (at, file) in files.iter().enumerate() {
        for (reader, refused) in read(file).into_iter().enumerate() {
            assert_eq!(refused, (at != reader).then_some(Code::Malformed));
        }
        // The same body under the name of another kind: the signature is of this kind alone.
        for other in ListKind::ALL {
            let renamed = forged(&issuer, ListKind::ALL[at], &body_of(&files[other as usize]))
                .replace(ListKind::ALL[at].version(), other.version());
            let expected = (at != other as usize).then_some(Code::BadSignature);
            assert_eq!(read(&renamed)[other as usize], expected, "{at} as {other:?}");
        }
    }
}

#[test]
fn lists_of_keys_go_both_ways() {
    let issuer = issuer("p");
    let trust = trusting(&[&issuer]);
    let file =
        sign_stations(&issuer, vec![token_key(2), token_key(1), token_key(3)], NOW, NOW + DAY).unwrap();
    let list = StationList::verify(file.as_bytes(), &trust).unwrap();
    assert_eq!((list.keys().len(), list.head().iss.as_str()), (3, "p"));
    let kid = token_key(2).kid;
    assert_eq!(list.find(kid, NOW).map(|key| key.id.as_str()), Some("ST-2"));
    assert_eq!(list.find(kid, NOW + 2 * DAY), None, "after its dates");
    assert_eq!(list.find(KeyId::of(&[9; 32]), NOW), None);
    let file = sign_carriers(&issuer, vec![carrier_key(1), carrier_key(2)], NOW, NOW + DAY).unwrap();
    assert_eq!(CarrierList::verify(file.as_bytes(), &trust).unwrap().keys().len(), 2);
}

#[test]
fn what_makes_no_sense_is_not_signed() {
    let issuer = issuer("p");
    let none = BTreeMap::new();
    assert_eq!(sign_status(&issuer, &none, NOW, NOW).err(), Some(ListError::Dates));
    assert_eq!(sign_status(&issuer, &none, NOW, NOW + 31 * DAY + 1).err(), Some(ListError::Dates));
    assert_eq!(sign_status(&issuer, &withdrawn(&[("", 1)]), NOW, NOW + 1).err(), Some(ListError::Name));
    let twice = vec![token_key(1), token_key(1)];
    assert_eq!(sign_stations(&issuer, twice, NOW, NOW + 1).err(), Some(ListError::Key));
    let backwards = CarrierKey { nbf: Some(2), exp: Some(1), ..carrier_key(1) };
    assert_eq!(sign_carriers(&issuer, vec![backwards], NOW, NOW + 1).err(), Some(ListError::Key));
    let nobody = TokenKey { id: String::new(), ..token_key(1) };
    assert_eq!(sign_stations(&issuer, vec![nobody], NOW, NOW + 1).err(), Some(ListError::Name));
    let many = (0..200_000).map(|number| (format!("authorisation-{number:020}"), 1)).collect();
    assert_eq!(sign_status(&issuer, &many, NOW, NOW + 1).err(), Some(ListError::TooLong));
}

#[test]
fn whose_list_it_is_is_checked() {
    let (known, unknown) = (issuer("p"), issuer("p"));
    let file = sign_status(&unknown, &BTreeMap::new(), NOW, NOW + DAY).unwrap();
    let refused = |file: &str, trust: &TrustSet| StatusList::verify(file.as_bytes(), trust).err();
    assert_eq!(refused(&file, &trusting(&[&known])), Some(Code::UnknownIssuer));
    // A body that names a trusted key, signed by another one.
    let body = body_of(&file).replace(&unknown.kid().to_string(), &known.kid().to_string());
    let named = forged(&unknown, ListKind::Status, &body);
    assert_eq!(refused(&named, &trusting(&[&known])), Some(Code::BadSignature));
    // A key that was not trusted yet when the list was signed.
    let mut late = TrustSet::new();
    let mut public = unknown.public();
    public.validity = Validity { nbf: Some(NOW + 301), exp: None };
    late.insert(public).unwrap();
    assert_eq!(refused(&file, &late), Some(Code::UnknownIssuer));
}

#[test]
fn a_body_that_breaks_a_rule_is_refused_though_it_is_signed() {
    let issuer = issuer("p");
    let trust = trusting(&[&issuer]);
    let good = body_of(&sign_status(&issuer, &withdrawn(&[("a", 1), ("b", 2)]), NOW, NOW + DAY).unwrap());
    let verify = |body: &str| StatusList::verify(forged(&issuer, ListKind::Status, body).as_bytes(), &trust);
    assert!(verify(&good).is_ok());
    for (defect, from, to) in [
        ("unknown member", "{\"iss\"", "{\"x\":1,\"iss\""),
        ("duplicate", "\"iat\"", "\"iat\":1,\"iat\""),
        ("duplicate inside", "\"epoch\":2", "\"epoch\":2,\"epoch\":2"),
        ("unknown inside", "\"epoch\":2", "\"epoch\":2,\"x\":2"),
        ("an array for an entry", "{\"ref\":\"a\",\"epoch\":1}", "[\"a\",1]"),
        ("descending", "\"ref\":\"a\"", "\"ref\":\"c\""),
        ("twice", "\"ref\":\"a\"", "\"ref\":\"b\""),
        ("twice, once escaped", "\"ref\":\"a\"", "\"ref\":\"\\u0062\""),
        ("empty reference", "\"ref\":\"a\"", "\"ref\":\"\""),
        ("control character", "\"ref\":\"a\"", "\"ref\":\"\\u0007\""),
        ("no issuer", "\"iss\":\"p\"", "\"iss\":\"\""),
        ("negative epoch", "\"epoch\":1", "\"epoch\":-1"),
        ("due before it was signed", "\"next\":1800086400", "\"next\":1800000000"),
    ] {
        assert!(good.contains(from), "{defect}");
        assert_eq!(verify(&good.replacen(from, to, 1)).err(), Some(Code::Malformed), "{defect}");
    }
    let long = good.replace("1800086400", &(NOW + 31 * DAY + 1).to_string());
    assert_eq!(verify(&long).err(), Some(Code::Limit));
    assert_eq!(StatusList::verify(&vec![b' '; limits::LIST + 1], &trust).err(), Some(Code::Limit));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let issuer = issuer("p");
    let trust = trusting(&[&issuer]);
    let file = sign_status(&issuer, &withdrawn(&[("a", 1)]), NOW, NOW + DAY).unwrap();
    let file = file.trim_end().as_bytes();
    for at in 0..file.len() * 8 {
        let mut changed = file.to_vec();
        changed[at / 8] ^= 1 << (at % 8);
        assert!(StatusList::verify(&changed, &trust).is_err(), "bit {at}");
    }
}

proptest::proptest! {
    /// A list covers what a map of the same entries says, and nothing else.
    #[test]
    fn a_list_says_what_a_map_says(
        entries in proptest::collection::btree_map("[a-e丙]{1,3}", 0_u32..4, 0..40),
        asked in proptest::collection::vec(("[a-e丙]{0,3}", 0_u32..5), 0..40),
    ) {
        let issuer = issuer("p");
        let file = sign_status(&issuer, &entries, NOW, NOW + 1).unwrap();
        let list = StatusList::verify(file.as_bytes(), &trusting(&[&issuer])).unwrap();
        proptest::prop_assert_eq!(list.len(), entries.len());
        for (reference, epoch) in asked {
            let expected = entries.get(&reference).is_some_and(|&highest| epoch <= highest);
            proptest::prop_assert_eq!(list.covers(&consent(&reference, epoch)), expected, "{}", reference);
        }
    }

    /// Whatever is signed as the body of a list is read or refused, as every kind.
    #[test]
    fn signed_bodies_never_panic(body in "\\PC{0,200}", kind in 0_usize..3) {
        let issuer = issuer("p");
        let trust = trusting(&[&issuer]);
        let file = forged(&issuer, ListKind::ALL[kind], &body);
        let _ = StatusList::verify(file.as_bytes(), &trust);
        let _ = StationList::verify(file.as_bytes(), &trust);
        let _ = CarrierList::verify(file.as_bytes(), &trust);
    }

    /// Any bytes are a list, a trust list, or refused.
    #[test]
    fn arbitrary_files_never_panic(file in proptest::collection::vec(0_u8.., 0..300)) {
        let _ = StatusList::verify(&file, &TrustSet::new());
        let _ = TrustSet::from_files([file.as_slice()]);
    }
}
