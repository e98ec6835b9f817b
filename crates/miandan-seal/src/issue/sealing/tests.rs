//! What sealing makes, what it refuses, and the bytes of `fixtures/mso1`.

use super::*;
use std::collections::BTreeMap;

use crate::check::without_opening;
use crate::issue::plain::{PlainParty, PlainVirtual};
use crate::keys::{StationScope, Validity};
use crate::lists::{StatusList, StatusLists};
use crate::wire::SealedOrder;
use crate::{inspect, trust::TrustSet};
use miandan_core::order::{Consent, Item, Routing};

const NOW: u64 = 1_800_000_000;

fn issuer() -> IssuerKey {
    IssuerKey::generate("platform", &SystemRandom::new()).unwrap()
}

fn station(number: u8) -> StationPublic {
    let (_, public) = X25519HkdfSha256::derive_keypair(&[number; 32]);
    let x25519 = public.to_bytes().into();
    StationPublic {
        scope: StationScope {
            id: format!("S{number}"),
            groups: vec!["east".into()],
            merchants: vec!["shop".into()],
        },
        kid: KeyId::of(&x25519),
        x25519,
        ed25519: [0; 32],
        validity: Validity::default(),
    }
}

fn order(number: usize) -> PlainOrder {
    PlainOrder {
        order_id: format!("o{number}"),
        waybill_no: format!("w{number}"),
        carrier: "YTO".into(),
        recipient: PlainParty {
            name: "测试一".into(),
            phone: "13800000000".into(),
            virtual_number: Some(PlainVirtual { main: "19900000000".into(), ext: "12".into(), until: NOW }),
            ..PlainParty::default()
        },
        consent: Some(Consent { reference: "c1".into(), epoch: 1 }),
        ..PlainOrder::default()
    }
}

fn options() -> SealOptions {
    SealOptions {
        aud: "shop".into(),
        stn: None,
        iat: NOW,
        nbf: NOW,
        exp: NOW + 3600,
        mask: None,
        max: Some(3),
    }
}

fn seal(orders: &[PlainOrder], options: &SealOptions) -> Result<Vec<String>, SealError> {
    seal_batch(&issuer(), &[station(1)], orders, options, &SystemRandom::new())
}

/// The problem of the second of two orders after a change.
fn problem(change: impl Fn(&mut PlainOrder)) -> Option<OrderProblem> {
    let mut orders = [order(0), order(1)];
    change(&mut orders[1]);
    match seal(&orders, &options()) {
        Err(SealError::Order { index: 1, order_id, problem }) if order_id == orders[1].order_id => {
            Some(problem)
        }
        Err(error) => panic!("{error}"),
        Ok(_) => None,
    }
}

#[test]
fn what_is_sealed_passes_every_check_without_a_secret() {
    let issuer = issuer();
    let mut trust = TrustSet::new();
    trust.insert(issuer.public()).unwrap();
    let orders: Vec<PlainOrder> = (0..7).map(order).collect();
    let stations = [station(1), station(2), station(3)];
    let sealed = seal_batch(&issuer, &stations, &orders, &options(), &SystemRandom::new()).unwrap();
    for (index, object) in sealed.iter().enumerate() {
        let none = StatusLists::default();
        let (batch, header) =
            without_opening(object.as_bytes(), &trust, &none, &stations[0].scope, NOW).unwrap();
        assert_eq!((batch.n, header.i as usize, header.ord), (7, index, orders[index].order_id.clone()));
        let mut withdrawn = StatusLists::default();
        let list = BTreeMap::from([("c1".to_owned(), 1)]);
        let list = crate::issue::sign_status(&issuer, &list, NOW, NOW + 1).unwrap();
        withdrawn.insert(StatusList::verify(list.as_bytes(), &trust).unwrap());
        assert_eq!(
            without_opening(object.as_bytes(), &trust, &withdrawn, &stations[0].scope, NOW).err(),
            Some(Code::Withdrawn)
        );
    }
}

#[test]
fn inspection_says_what_is_not_personal() {
    let sealed = seal(&[order(4)], &options()).unwrap();
    let inspection = inspect(sealed[0].as_bytes()).unwrap();
    assert_eq!(inspection.waybill_no, "w4");
    assert_eq!(inspection.print_limit, Some(3));
    assert_eq!(inspection.recipients, [station(1).kid]);
    let json = serde_json::to_string(&inspection).unwrap();
    assert!(json.contains(r#"{"id":"recipient.phone","type":"mobile","size":48}"#), "{json}");
    let object: serde_json::Value = serde_json::from_str(&sealed[0]).unwrap();
    assert!(!json.contains(object["f"].as_str().unwrap()));
}

#[test]
fn nothing_personal_is_readable() {
    let sealed = seal(&[order(4)], &options()).unwrap();
    let object: serde_json::Value = serde_json::from_str(&sealed[0]).unwrap();
    for member in ["b", "r", "h", "f"] {
        let json = crate::encoding::from_base64url(object[member].as_str().unwrap()).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert!(!json.contains("测试") && !json.contains("138000") && !json.contains("199000"));
    }
}

#[test]
fn sizes_are_padded() {
    let size = |name: &str| {
        let mut order = order(0);
        order.recipient = PlainParty { name: name.into(), ..PlainParty::default() };
        inspect(seal(&[order], &options()).unwrap()[0].as_bytes()).unwrap().fields[0].size
    };
    assert_eq!((size("a"), size(&"a".repeat(30)), size(&"a".repeat(31))), (48, 48, 80));
    assert_eq!(size(&"a".repeat(limits::FIELD_TEXT)), 4080);
}

#[test]
fn no_two_batches_are_alike() {
    let issuer = issuer();
    let seal = || {
        let sealed =
            seal_batch(&issuer, &[station(1)], &[order(0)], &options(), &SystemRandom::new()).unwrap();
        serde_json::from_str::<serde_json::Value>(&sealed[0]).unwrap()
    };
    let (one, two) = (seal(), seal());
    for member in ["b", "r", "s", "h", "f"] {
        assert_ne!(one[member], two[member], "{member}");
    }
}

#[test]
fn problems_name_the_order_and_the_field() {
    assert_eq!(problem(|_| ()), None);
    for (member, change) in [
        ("order_id", (|order| order.order_id.clear()) as fn(&mut PlainOrder)),
        ("waybill_no", |order| order.waybill_no.clear()),
        ("carrier", |order| order.carrier = "\u{7}".into()),
        ("payment_id", |order| order.payment_id = "a\nb".into()),
        ("consent.ref", |order| order.consent = Some(Consent::default())),
    ] {
        assert_eq!(problem(change), Some(OrderProblem::Name(member)));
    }
    let long = problem(|order| order.sender.detail = "a".repeat(limits::FIELD_TEXT + 1).into());
    assert_eq!(long, Some(OrderProblem::FieldTooLong(FieldId::SenderDetail)));
    let number = problem(|order| order.sender.virtual_number = Some(PlainVirtual::default()));
    assert_eq!(number, Some(OrderProblem::Virtual(FieldId::SenderVirtual)));
    let header = problem(|order| order.memo = "a".repeat(17_000).into());
    assert_eq!(header, Some(OrderProblem::HeaderTooLong));
    let whole = problem(|order| {
        let long = || "a".repeat(4000).into();
        for party in [&mut order.recipient, &mut order.sender] {
            *party = PlainParty {
                name: long(),
                org: long(),
                mobile: long(),
                town: long(),
                detail: long(),
                ..PlainParty::default()
            };
        }
    });
    assert_eq!(whole, Some(OrderProblem::OrderTooLong));
    assert!(!OrderProblem::Virtual(FieldId::SenderVirtual).to_string().contains("199"));
}

#[test]
fn white_space_is_no_field() {
    let mut blank = order(0);
    blank.recipient = PlainParty { name: " \u{3000}".into(), org: "x".into(), ..PlainParty::default() };
    let fields = inspect(seal(&[blank], &options()).unwrap()[0].as_bytes()).unwrap().fields;
    assert_eq!(fields.iter().map(|field| field.id).collect::<Vec<_>>(), [FieldId::RecipientOrg]);
}

#[test]
fn options_and_recipients_are_checked() {
    let refused = |change: &dyn Fn(&mut SealOptions)| {
        let mut options = options();
        change(&mut options);
        seal(&[order(0)], &options).err()
    };
    assert_eq!(refused(&|o| o.aud.clear()), Some(SealError::Name));
    assert_eq!(refused(&|o| o.stn = Some(String::new())), Some(SealError::Name));
    assert_eq!(refused(&|o| o.exp = o.nbf), Some(SealError::Dates));
    assert_eq!(refused(&|o| o.exp = o.iat + limits::LIFETIME + 1), Some(SealError::Dates));
    assert_eq!(refused(&|o| o.exp = o.iat + limits::LIFETIME), None);
    let refuses = |code| Some(SealError::RecipientRefuses { station: "S1".into(), code });
    assert_eq!(refused(&|o| o.aud = "other".into()), refuses(Code::WrongAudience));
    assert_eq!(refused(&|o| o.stn = Some("S2".into())), refuses(Code::WrongStation));
    assert_eq!(refused(&|o| o.stn = Some("east".into())), None);

    let seal_to = |stations: &[StationPublic]| {
        seal_batch(&issuer(), stations, &[order(0)], &options(), &SystemRandom::new()).err()
    };
    assert_eq!(seal_to(&[]), Some(SealError::RecipientCount));
    let many: Vec<_> = (0..17).map(station).collect();
    assert_eq!(seal_to(&many), Some(SealError::RecipientCount));
    assert_eq!(seal_to(&many[..16]), None);
    assert_eq!(seal_to(&[station(1), station(1)]), Some(SealError::RecipientTwice(station(1).kid)));
    let mut late = station(1);
    late.validity.exp = Some(NOW);
    assert_eq!(seal_to(&[late]), refuses(Code::UnknownKey));
    let mut low = station(1);
    (low.x25519, low.kid) = ([0; 32], KeyId::of(&[0; 32]));
    assert_eq!(seal_to(&[low.clone()]), Some(SealError::RecipientKey(low.kid)));
    assert_eq!(seal(&[], &options()).err(), Some(SealError::BatchSize));
}

#[test]
fn randomness_that_fails_seals_nothing() {
    struct Failing(usize);
    impl Source for Failing {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), SealError> {
            self.0 = self.0.checked_sub(1).ok_or(SealError::Randomness)?;
            Ok(())
        }
    }
    let seal = |after| seal_with(&issuer(), &[station(1)], &[order(0)], &options(), Failing(after)).err();
    assert_eq!([seal(0), seal(1), seal(2)], [(); 3].map(|()| Some(SealError::Randomness)));
    assert_eq!(seal(3), None);
}

/// The same bytes as `fixtures/mso1`, which other implementations open. `REPLACE=1` writes them anew.
#[test]
fn fixtures_are_what_is_sealed() {
    struct Counter(u8);
    impl Source for Counter {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), SealError> {
            for chunk in bytes.chunks_mut(32) {
                chunk.copy_from_slice(&sha256(&[self.0])[..chunk.len()]);
                self.0 += 1;
            }
            Ok(())
        }
    }

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mso1/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).unwrap();
    let issuer = IssuerKey::parse(read("issuer.key").as_bytes()).unwrap();
    let stations = [
        StationPublic::parse(read("station.key.pub").as_bytes()).unwrap(),
        StationPublic::parse(read("station-2.key.pub").as_bytes()).unwrap(),
    ];
    let orders: Vec<PlainOrder> =
        read("orders.jsonl").lines().map(|line| PlainOrder::parse(line.as_bytes()).unwrap()).collect();
    let options = SealOptions {
        aud: "M1".into(),
        stn: Some("east".into()),
        iat: NOW,
        nbf: NOW,
        exp: NOW + limits::LIFETIME,
        mask: Some(Masking { address: miandan_core::masking::ShownAddress::Digits, ..Masking::DEFAULT }),
        max: Some(2),
    };
    let mut sealed = seal_with(&issuer, &stations, &orders, &options, Counter(0)).unwrap().join("\n");
    sealed.push('\n');
    if std::env::var_os("REPLACE").is_some() {
        std::fs::write(format!("{folder}orders.sealed.jsonl"), &sealed).unwrap();
    }
    assert!(sealed == read("orders.sealed.jsonl"), "sealing gives other bytes than before");
}

#[test]
fn clear_parts_are_carried_over() {
    let mut full = order(0);
    full.routing = Routing { code: "356".into(), ..Routing::default() };
    full.items = vec![Item { name: "书".into(), sku: String::new(), count: 1 }];
    full.merge_key = "somebody".into();
    let sealed = seal(&[full.clone()], &options()).unwrap();
    let object = SealedOrder::parse(sealed[0].as_bytes()).unwrap();
    let header = OrderHeader::decode(object.order_header()).unwrap();
    assert_eq!((header.routing, header.items), (full.routing, full.items));
    assert_eq!((header.consent, header.pay), (full.consent, None));
    assert!(header.mrg.is_some());
}

#[test]
fn a_batch_header_that_no_opener_takes_is_not_sealed() {
    let sealed_for = |length: usize| {
        let mut station = station(1);
        station.scope.merchants = vec!["m".repeat(length)];
        let options = SealOptions { aud: "m".repeat(length), ..options() };
        seal_batch(&issuer(), &[station], &[order(1)], &options, &SystemRandom::new())
    };
    let shortest =
        BatchHeader::decode(SealedOrder::parse(sealed_for(1).unwrap()[0].as_bytes()).unwrap().batch_header());
    let room = limits::BATCH_HEADER - json(&shortest.unwrap()).len() + 1;
    let longest = sealed_for(room).unwrap();
    let order = SealedOrder::parse(longest[0].as_bytes()).unwrap();
    assert_eq!(BatchHeader::decode(order.batch_header()).unwrap().aud.len(), room);
    assert_eq!(sealed_for(room + 1), Err(SealError::BatchHeaderTooLong));
}
