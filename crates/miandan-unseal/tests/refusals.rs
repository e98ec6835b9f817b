//! Every code, by a case that earns it. The name of a case is the defect.

mod common;

use common::{DAY, NOW, Parts, World, options, plain, printable, station};
use miandan_core::Code;
use miandan_core::field::{FieldId, FieldSet};
use miandan_core::pipe::Failure;
use miandan_seal::TrustSet;
use miandan_seal::issue::{IssuerKey, sign_status};
use miandan_seal::issue::{SealOptions, seal_batch};
use miandan_seal::lists::{Enforcement, StatusList, StatusLists, StatusPolicy};
use miandan_unseal::Opener;
use ring::rand::SystemRandom;
use serde_json::{Value, json};

fn code(opener: &mut Opener, sealed: &str, now: u64) -> Option<Code> {
    opener.open(sealed.as_bytes(), now, printable()).err().map(|failure| failure.code)
}

/// Seals one order, changes it, and answers how it is refused.
fn refused(change: impl FnOnce(&mut Parts, &World)) -> Option<Code> {
    let world = World::new();
    let mut parts = Parts::of(&world.seal(1)[0]);
    change(&mut parts, &world);
    code(&mut world.opener(), &parts.text(), NOW)
}

/// As [`refused`], with a change that the issuer itself made: root, key wrap and signature fit.
fn refused_issued(change: impl FnOnce(&mut Parts)) -> Option<Code> {
    refused(|parts, world| {
        let original = parts.again();
        change(parts);
        parts.issue_again(world, &original);
    })
}

/// As [`refused`], with a change of the batch header that the issuer signs.
fn refused_header(change: impl FnOnce(&mut Value)) -> Option<Code> {
    refused(|parts, world| {
        let mut header = parts.json("b");
        change(&mut header);
        parts.set_json("b", &header);
        parts.sign(&world.signer(), header["suite"].as_u64().unwrap_or(1) as u16);
    })
}

#[test]
fn the_unchanged_order_opens() {
    assert_eq!(refused(|_, _| {}), None);
    assert_eq!(refused_issued(|_| {}), None);
}

#[test]
fn malformed() {
    let malformed = Some(Code::Malformed);
    assert_eq!(refused(|parts, _| parts.0["v"] = json!("MSO2")), malformed, "version");
    assert_eq!(refused(|parts, _| parts.0["x"] = json!(1)), malformed, "unknown member");
    assert_eq!(
        refused(|parts, _| drop(parts.0.as_object_mut().unwrap().remove("s"))),
        malformed,
        "no signature"
    );
    assert_eq!(refused(|parts, _| parts.0["s"] = json!("AAAA")), malformed, "short signature");
    assert_eq!(refused(|parts, _| parts.0["p"] = json!("")), malformed, "path is no array");
    let padded = |parts: &mut Parts, _: &World| {
        let text = format!("{}=", parts.0["b"].as_str().unwrap());
        parts.0["b"] = json!(text);
    };
    assert_eq!(refused(padded), malformed, "padding in base64url");
    assert_eq!(refused_header(|header| header["extra"] = json!(1)), malformed, "unknown member of b");
    assert_eq!(refused_header(|header| header["jti"] = json!("AAAA")), malformed, "short jti");
    let in_order_header = |change: fn(&mut Value)| {
        refused_issued(|parts| {
            let mut header = parts.json("h");
            change(&mut header);
            parts.set_json("h", &header);
        })
    };
    assert_eq!(in_order_header(|header| header["extra"] = json!(1)), malformed, "unknown member of h");
    assert_eq!(in_order_header(|header| header["routing"]["extra"] = json!("x")), malformed, "in routing");
    assert_eq!(in_order_header(|header| header["items"][0]["extra"] = json!("x")), malformed, "in items");
    let retyped = in_order_header(|header| header["fields"]["recipient.mobile"] = json!("virtual"));
    assert_eq!(retyped, malformed, "a mobile as a virtual number");
    assert_eq!(in_order_header(|header| header["fields"]["recipient.nick"] = json!("name")), malformed);

    let world = World::new();
    let sealed = world.seal(1).remove(0);
    let mut opener = world.opener();
    for (defect, text) in [
        ("nothing", String::new()),
        ("a platform's own ciphertext", "AES:c2VjcmV0".to_owned()),
        ("an array", format!("[{sealed}]")),
        ("trailing bytes", format!("{sealed} x")),
        ("two objects", format!("{sealed}{sealed}")),
        ("cut short", sealed[..sealed.len() - 1].to_owned()),
        ("a member twice", sealed.replacen("\"v\":", "\"v\":\"MSO1\",\"v\":", 1)),
    ] {
        assert_eq!(code(&mut opener, &text, NOW), malformed, "{defect}");
    }
}

#[test]
fn limits() {
    let limit = Some(Code::Limit);
    assert_eq!(refused(|parts, _| parts.0["f"] = json!("A".repeat(70_000))), limit, "order over 64 KiB");
    assert_eq!(refused(|parts, _| parts.0["b"] = json!("A".repeat(6_000))), limit, "batch header over 4 KiB");
    assert_eq!(refused(|parts, _| parts.0["p"] = json!(vec!["A".repeat(43); 21])), limit, "path over 20");
    let month = |header: &mut Value| header["exp"] = json!(NOW + 30 * DAY + 1);
    assert_eq!(refused_header(month), limit, "longer than 30 days");
}

#[test]
fn issuer_and_signature() {
    assert_eq!(refused_header(|header| header["suite"] = json!(0x0101)), Some(Code::UnsupportedSuite));
    assert_eq!(refused_header(|header| header["iss"] = json!("other")), Some(Code::UnknownIssuer));
    assert_eq!(
        refused_header(|header| header["ikid"] = json!("0011223344556677")),
        Some(Code::UnknownIssuer)
    );
    let bad = Some(Code::BadSignature);
    assert_eq!(refused(|parts, _| parts.set_bytes("s", &[0; 64])), bad, "zeros");
    let stranger = |parts: &mut Parts, _: &World| parts.sign(&World::new().signer(), 1);
    assert_eq!(refused(stranger), bad, "another key under the same name");
    let later = |parts: &mut Parts, _: &World| {
        let mut header = parts.json("b");
        header["exp"] = json!(NOW + 2 * DAY);
        parts.set_json("b", &header);
    };
    assert_eq!(refused(later), bad, "a longer life that nobody signed");
    let world = World::new();
    let sealed = world.seal(1);
    let mut nobody = Opener::new(vec![world.station], TrustSet::new());
    assert_eq!(code(&mut nobody, &sealed[0], NOW), Some(Code::UnknownIssuer));
}

#[test]
fn the_path_is_consumed_exactly() {
    let world = World::new();
    let sealed = world.seal(5);
    let mut opener = world.opener();
    for order in &sealed {
        assert_eq!(code(&mut opener, order, NOW), None);
        let parts = Parts::of(order);
        let path: Vec<Value> = parts.0["p"].as_array().unwrap().clone();
        let mut longer = path.clone();
        longer.push(json!("A".repeat(43)));
        let mut reversed = path.clone();
        reversed.reverse();
        for (defect, path) in [("short", path[1..].to_vec()), ("long", longer), ("none", Vec::new())] {
            let mut parts = Parts::of(order);
            parts.0["p"] = json!(path);
            assert_eq!(code(&mut opener, &parts.text(), NOW), Some(Code::BadSignature), "{defect}");
        }
        if reversed != path {
            let mut parts = Parts::of(order);
            parts.0["p"] = json!(reversed);
            assert_eq!(code(&mut opener, &parts.text(), NOW), Some(Code::BadSignature));
        }
    }
}

#[test]
fn time_with_a_skew_of_300_seconds() {
    let world = World::new();
    let sealed = world.seal(1);
    let mut opener = world.opener();
    for (now, expected) in [
        (NOW - 301, Some(Code::NotYetValid)),
        (NOW - 300, None),
        (NOW + DAY + 299, None),
        (NOW + DAY + 300, Some(Code::Expired)),
        (u64::MAX, Some(Code::Expired)),
        // Checked for every order, whether or not its batch is remembered.
        (NOW, None),
        (0, Some(Code::NotYetValid)),
    ] {
        assert_eq!(code(&mut opener, &sealed[0], now), expected, "{now}");
    }
}

#[test]
fn audience_station_and_purpose() {
    assert_eq!(refused_header(|header| header["aud"] = json!("SHOP-9")), Some(Code::WrongAudience));
    assert_eq!(
        refused_header(|header| header["aud"] = json!("SHOP-2")),
        Some(Code::AuthFailed),
        "b is bound to wk"
    );
    assert_eq!(refused_header(|header| header["stn"] = json!("ST-02")), Some(Code::WrongStation));
    assert_eq!(refused_header(|header| header["pur"] = json!("show")), Some(Code::WrongPurpose));
    for stn in ["ST-01", "EAST"] {
        let world = World::new();
        let sealed = world.seal_with(1, &SealOptions { stn: Some(stn.to_owned()), ..options() });
        assert_eq!(code(&mut world.opener(), &sealed[0], NOW), None, "{stn}");
    }
}

fn status_list(signer: &IssuerKey, reference: &str, epoch: u32) -> StatusList {
    let list = sign_status(signer, &[(reference.to_owned(), epoch)].into(), NOW, NOW + DAY).unwrap();
    let mut trust = TrustSet::new();
    trust.insert(signer.public()).unwrap();
    StatusList::verify(list.as_bytes(), &trust).unwrap()
}

#[test]
fn nothing_is_opened_without_a_fresh_list_where_one_is_required() {
    let world = World::new();
    let sealed = world.seal(1);
    let required = StatusPolicy { enforcement: Enforcement::Required, max_age: None };
    let without = StatusLists::new(required);
    let mut with = without.clone();
    with.insert(status_list(&world.issuer, "C9", 1));
    let opener = world.opener();
    let mut opener = opener.with_status(without);
    assert_eq!(code(&mut opener, &sealed[0], NOW), Some(Code::StaleStatus));
    opener = opener.with_status(with);
    assert_eq!(code(&mut opener, &sealed[0], NOW), None);
    // Past `next`, in the day of grace; the order itself runs out just after.
    assert_eq!(code(&mut opener, &sealed[0], NOW + DAY), None);
}

#[test]
fn withdrawn_up_to_an_epoch_by_its_own_issuer() {
    for (issuer, reference, epoch, expected) in [
        ("platform", "C0", 3, Some(Code::Withdrawn)),
        ("platform", "C0", 9, Some(Code::Withdrawn)),
        ("platform", "C0", 2, None),
        ("platform", "C1", 9, None),
        ("other", "C0", 9, None),
    ] {
        let world = World::new();
        let sealed = world.seal(1);
        let other = IssuerKey::generate(issuer, &SystemRandom::new()).unwrap();
        let signer = if issuer == world.issuer.iss() { &world.issuer } else { &other };
        let mut status = StatusLists::default();
        status.insert(status_list(signer, reference, epoch));
        let mut opener = world.opener().with_status(status);
        assert_eq!(code(&mut opener, &sealed[0], NOW), expected, "{issuer} {reference} {epoch}");
    }
}

#[test]
fn another_station_has_no_key() {
    let world = World::new();
    let sealed = world.seal(1);
    let mut other = Opener::new(vec![station("ST-01", &[], &["SHOP-1"])], world.trust());
    assert_eq!(code(&mut other, &sealed[0], NOW), Some(Code::UnknownKey));
    let mut none = Opener::new(Vec::new(), world.trust());
    assert!(code(&mut none, &sealed[0], NOW).is_some());
}

#[test]
fn every_way_in_which_decryption_fails_is_one_code() {
    let failed = Some(Code::AuthFailed);
    let recipient = |member: &'static str, value: Value| {
        refused(|parts, world| {
            let mut recipients = parts.json("r");
            recipients[0][member] = value;
            parts.set_json("r", &recipients);
            parts.sign(&world.signer(), 1);
        })
    };
    assert_eq!(recipient("wk", json!("A".repeat(64))), failed, "another batch key");
    assert_eq!(recipient("enc", json!("A".repeat(43))), failed, "a point of low order");
    let other_point = json!(format!("CQ{}", "A".repeat(41)));
    assert_eq!(recipient("enc", other_point), failed, "another encapsulated key");
    let ciphertext = refused_issued(|parts| {
        let mut fields = parts.json("f");
        let text = fields["recipient.name"].as_str().unwrap().to_owned();
        let first = if text.starts_with('A') { "B" } else { "A" };
        fields["recipient.name"] = json!(format!("{first}{}", &text[1..]));
        parts.set_json("f", &fields);
    });
    assert_eq!(ciphertext, failed, "another ciphertext");
    let retyped = refused_issued(|parts| {
        let mut header = parts.json("h");
        header["fields"]["sender.phone"] = json!("mobile");
        parts.set_json("h", &header);
    });
    assert_eq!(retyped, failed, "another type, and with it another header and another key");
}

#[test]
fn a_destroyed_field_matters_only_to_who_asks_for_it() {
    let world = World::new();
    let mut parts = Parts::of(&world.seal(1)[0]);
    let mut fields = parts.json("f");
    let length = fields["recipient.name"].as_str().unwrap().len();
    fields["recipient.name"] = json!("A".repeat(length / 4 * 4));
    let original = parts.again();
    parts.set_json("f", &fields);
    parts.issue_again(&world, &original);
    let mut opener = world.opener();
    let others: FieldSet = printable().iter().filter(|&id| id != FieldId::RecipientName).collect();
    // The order key derives from the header alone, so every other field still opens.
    assert!(opener.open(parts.text().as_bytes(), NOW, others).is_ok());
    let failure = opener.open(parts.text().as_bytes(), NOW, printable()).err();
    assert_eq!(failure, Some(Failure::of_field(Code::AuthFailed, FieldId::RecipientName)));
}

#[test]
fn what_is_never_printed_is_not_opened() {
    let world = World::new();
    let sealed = world.seal(1);
    let mut opener = world.opener();
    for id in [FieldId::BuyerAccount, FieldId::BuyerEmail, FieldId::BuyerIdCard] {
        let failure = opener.open(sealed[0].as_bytes(), NOW, [id].into_iter().collect()).err();
        assert_eq!(failure, Some(Failure::of_field(Code::FieldNotPrintable, id)));
    }
}

#[test]
fn parts_of_two_orders_do_not_mix() {
    let world = World::new();
    let first = world.seal(2);
    let orders: Vec<_> = (0..2).map(plain).collect();
    let second =
        seal_batch(&world.issuer, &[world.station.public()], &orders, &options(), &SystemRandom::new())
            .unwrap();
    let mut opener = world.opener();
    for (one, other) in [(&first[0], &first[1]), (&first[0], &second[0])] {
        for member in ["b", "r", "s", "h", "f", "p"] {
            let mut parts = Parts::of(one);
            let theirs = Parts::of(other).0[member].clone();
            if parts.0[member] == theirs {
                continue;
            }
            parts.0[member] = theirs;
            assert_eq!(code(&mut opener, &parts.text(), NOW), Some(Code::BadSignature), "{member}");
        }
    }
}
