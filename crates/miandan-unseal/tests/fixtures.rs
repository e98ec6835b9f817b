//! `fixtures/mso1` opens with both of its stations, clear key and passphrase alike, and holds what was sealed.

use miandan_core::Code;
use miandan_core::field::{FieldId, FieldSet, FieldType};
use miandan_seal::TrustSet;
use miandan_unseal::{OpenedOrder, Opener, StationKey};
use serde_json::Value;

/// When the fixtures were sealed, in seconds since 1970.
const NOW: u64 = 1_800_000_000;

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../fixtures/mso1/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn opener(key: &str, passphrase: Option<&[u8]>) -> Opener {
    let key = StationKey::from_bytes(read(key).as_bytes(), passphrase).unwrap();
    Opener::new(vec![key], TrustSet::from_files([read("issuer.key.pub").as_bytes()]).unwrap())
}

/// Demands that an opened order says what the plain order said, no more and no less.
fn compare(opened: &OpenedOrder, plain: &Value) {
    assert_eq!(opened.header().ord, plain["order_id"]);
    assert_eq!(opened.header().wbn, plain["waybill_no"]);
    for &id in FieldId::ALL.iter().filter(|id| id.is_printable()) {
        let (party, member) = id.as_str().split_once('.').unwrap();
        let expected = &plain[party][member];
        match opened.expose(id) {
            None => assert!(expected.is_null(), "{id}"),
            Some((FieldType::Virtual, _)) => {
                let number = opened.expose_virtual(id).unwrap();
                assert_eq!((number.main, number.ext), (expected["main"].as_str().unwrap(), "1234"));
                assert_eq!(number.until, expected["until"]);
            }
            Some((_, text)) => assert_eq!(text, expected, "{id}"),
        }
    }
}

#[test]
fn the_fixtures_open_as_what_was_sealed() {
    let printable: FieldSet = FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect();
    let (sealed, plain) = (read("orders.sealed.jsonl"), read("orders.jsonl"));
    for (key, passphrase) in [("station.key", None), ("station-2.key", Some(&b"miandan"[..]))] {
        let mut opener = opener(key, passphrase);
        assert_eq!(sealed.lines().count(), plain.lines().count());
        for (sealed, plain) in sealed.lines().zip(plain.lines()) {
            let opened = opener.open(sealed.as_bytes(), NOW, printable).unwrap();
            compare(&opened, &serde_json::from_str(plain).unwrap());
            assert_eq!(opened.key(), opener.keys()[0].kid());
        }
    }
}

#[test]
fn types_are_those_of_the_document() {
    let sealed = read("orders.sealed.jsonl");
    let phones: FieldSet = [FieldId::RecipientPhone, FieldId::SenderPhone].into_iter().collect();
    let mut opener = opener("station.key", None);
    let opened = opener.open(sealed.lines().next().unwrap().as_bytes(), NOW, phones).unwrap();
    let kind = |id| opened.expose(id).map(|(kind, _)| kind);
    assert_eq!(kind(FieldId::RecipientPhone), Some(FieldType::Landline));
    assert_eq!(kind(FieldId::SenderPhone), Some(FieldType::Mobile));
}

#[test]
fn parcels_of_one_consignee_share_a_mark() {
    let mut opener = opener("station.key", None);
    let sealed = read("orders.sealed.jsonl");
    let marks: Vec<_> = sealed
        .lines()
        .map(|order| opener.open(order.as_bytes(), NOW, FieldSet::EMPTY).unwrap().header().mrg)
        .collect();
    assert!(marks[0].is_some() && marks[0] == marks[1] && marks[2].is_none());
}

/// Faults that come together are told in the order of checks of the format.
#[test]
fn the_first_fault_in_the_order_of_checks_is_told() {
    let sealed = read("orders.sealed.jsonl");
    let order: Value = serde_json::from_str(sealed.lines().next().unwrap()).unwrap();
    let change = |members: &[(&str, &str)]| {
        let mut order = order.clone();
        for &(member, text) in members {
            order[member] = text.into();
        }
        order.to_string()
    };
    let code = |object: &str, now| {
        let mut opener = opener("station.key", None);
        opener.open(object.as_bytes(), now, FieldSet::EMPTY).err().map(|failure| failure.code)
    };
    let zeros = "A".repeat(86);
    let late = NOW + 31 * 86_400;
    let no_fields = "e30";
    assert_eq!(code(&change(&[]), late), Some(Code::Expired));
    assert_eq!(code(&change(&[("s", &zeros)]), late), Some(Code::BadSignature), "signature before time");
    assert_eq!(code(&change(&[("h", "AAAA"), ("s", &zeros)]), late), Some(Code::Malformed), "shape first");
    assert_eq!(code(&change(&[("f", no_fields)]), late), Some(Code::Malformed), "fields that are not there");

    let mut path = order.clone();
    path["p"] = Value::Array(Vec::new());
    assert_eq!(code(&path.to_string(), late), Some(Code::Expired), "time before the path");
    assert_eq!(code(&path.to_string(), NOW), Some(Code::BadSignature));
}
