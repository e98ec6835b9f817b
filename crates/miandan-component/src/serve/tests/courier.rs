//! What is opened, and what is said, for the courier's token.

use miandan_courier::{CarrierSecret, NotOpened, Token};
use miandan_seal::encoding::KeyId;
use miandan_seal::issue::sign_carriers;
use miandan_seal::lists::CarrierKey;

use super::*;

const TOKEN: &str = r#"<page xmlns="http://cloudprint.cainiao.com/print" width="76" height="60"><text left="1" top="1" width="70" height="50"><%=_data.courierToken%></text></page>"#;
const NAME: &str = r#"<page xmlns="http://cloudprint.cainiao.com/print" width="76" height="60"><text left="1" top="1" width="70" height="50"><%=_data.recipient.name%></text></page>"#;

fn carrier(code: &str, secret: u8) -> CarrierSecret {
    CarrierSecret::new(code, &[secret; 32]).unwrap()
}

/// The entry of a carrier's key, good from a time on.
fn entry(code: &str, secret: u8, nbf: u64, exp: u64) -> CarrierKey {
    let x25519 = carrier(code, secret).public_key();
    CarrierKey { carrier: code.to_owned(), kid: KeyId::of(&x25519), x25519, nbf: Some(nbf), exp: Some(exp) }
}

/// A station with a list that its issuer signed at a time, good for an hour.
fn bench(iat: u64, keys: Vec<CarrierKey>) -> Bench {
    Bench::with(|issuer, material| {
        let list = sign_carriers(issuer, keys, iat, iat + HOUR).unwrap();
        material.carrier_lists.push(list.into_bytes());
    })
}

/// The fields of the full order that are opened for a template, and the token that is made of it.
fn opened(bench: &mut Bench, template: &str, purpose: Purpose, now: u64) -> (Vec<FieldId>, String) {
    let order = FULL.replace(
        r#""mobile":"17000004771""#,
        &format!(r#""virtual":{{"main":"17000000000","ext":"0042","until":{}}}"#, NOW + 3 * 86_400),
    );
    let sealed = bench.seal(&[&order]);
    let template = Template::compile(template.as_bytes()).unwrap();
    let station = &mut bench.server.station;
    let order = station.open(sealed[0].as_bytes(), now, &template, FieldSet::EMPTY, purpose).ok().unwrap();
    let fields = FieldId::ALL.iter().copied().filter(|&id| order.expose(id).is_some()).collect();
    let crate::label::MaskedOrder { detail, .. } =
        crate::label::mask(&order, &stamp(0, now), purpose, now).unwrap();
    let courier = station.courier();
    let token = |courier: &crate::courier::Courier| {
        courier.token(&order, detail.as_ref(), &stamp(0, now), purpose, now)
    };
    (fields, courier.map(token).unwrap_or_default())
}

fn stamp(copy: u16, printed_at: u64) -> Stamp {
    Stamp { copy, ..Stamp::first(LabelNumber { index: 12, count: 200 }, printed_at) }
}

#[test]
fn the_number_and_the_door_are_opened_for_a_carrier_whose_key_is_known_and_for_nobody_else() {
    use FieldId::{RecipientDetail, RecipientName, RecipientVirtual};
    let yto = || entry("YTO", 3, NOW, NOW + HOUR);
    let fields = |bench: &mut Bench, template, purpose, now| opened(bench, template, purpose, now).0;
    let sealed = [RecipientVirtual, RecipientDetail];
    let mut known = bench(NOW, vec![yto()]);
    assert_eq!(fields(&mut known, TOKEN, Purpose::Print, NOW), sealed);
    assert_eq!(fields(&mut known, NAME, Purpose::Print, NOW), [RecipientName], "no token is asked for");
    let nothing: [FieldId; 0] = [];
    assert_eq!(fields(&mut known, TOKEN, Purpose::Preview, NOW), nothing, "nothing is delivered");
    let unknown = [
        vec![],
        vec![entry("ZTO", 3, NOW, NOW + HOUR)],
        vec![entry("YTO", 3, NOW + 1, NOW + HOUR)],
        vec![entry("YTO", 3, NOW - HOUR, NOW)],
    ];
    for keys in unknown {
        assert_eq!(fields(&mut bench(NOW, keys), TOKEN, Purpose::Print, NOW), nothing);
    }
    // A list that should have been followed by another a day ago may name a key that was withdrawn.
    let old = NOW - 25 * HOUR;
    let mut stale = bench(old, vec![entry("YTO", 3, old, NOW + HOUR)]);
    assert_eq!(fields(&mut stale, TOKEN, Purpose::Print, NOW), nothing);
}

#[test]
fn a_token_says_what_the_host_tells_of_the_label_and_seals_what_masking_hid() {
    let mut bench =
        bench(NOW, vec![entry("YTO", 3, NOW - HOUR, NOW + HOUR), entry("YTO", 4, NOW, NOW + HOUR)]);
    let token = Token::read(&opened(&mut bench, TOKEN, Purpose::Print, NOW).1).unwrap();
    let claims = token.claims();
    assert_eq!((&*claims.waybill_no, claims.serial, claims.copy), ("YT7000000000012", 12, 0));
    assert_eq!((claims.issued_at(), claims.is_specimen), (NOW / HOUR * HOUR, false));
    // To the key that came last.
    assert_eq!(carrier("YTO", 3).open(&token), Err(NotOpened::OtherKey));
    let contents = carrier("YTO", 4).open(&token).unwrap();
    assert_eq!((contents.virtual_number.as_str(), contents.virtual_days), ("17000000000-0042", 3));
    assert_eq!((contents.door.as_str(), contents.is_incomplete), ("2 / 1603", false));
}

#[test]
fn a_preview_seals_nothing_and_says_what_it_is() {
    let mut bench = bench(NOW, vec![entry("YTO", 3, NOW, NOW + HOUR)]);
    let token = Token::read(&opened(&mut bench, TOKEN, Purpose::Preview, NOW).1).unwrap();
    assert!(token.claims().is_specimen && token.is_sealed());
    let contents = carrier("YTO", 3).open(&token).unwrap();
    assert!(contents.virtual_number.is_empty() && contents.door.is_empty());
}

#[test]
fn a_token_is_never_dated_in_the_future_and_a_copy_is_of_today() {
    let mut bench = Bench::with(|_, material| material.courier_token = true);
    let sealed = bench.seal(&[FULL]);
    let template = Template::compile(TOKEN.as_bytes()).unwrap();
    let station = &mut bench.server.station;
    let later = NOW + HOUR / 2;
    let order =
        station.open(sealed[0].as_bytes(), later, &template, FieldSet::EMPTY, Purpose::Print).ok().unwrap();
    let issued = |copy, printed_at| {
        let token =
            station.courier().unwrap().token(&order, None, &stamp(copy, printed_at), Purpose::Print, later);
        let token = Token::read(&token).unwrap();
        assert!(!token.is_sealed());
        (token.claims().copy, token.claims().issued_at() / HOUR)
    };
    assert_eq!(issued(0, NOW - 5 * HOUR), (0, NOW / HOUR - 5));
    assert_eq!(issued(0, NOW + 50 * HOUR), (0, later / HOUR));
    assert_eq!(issued(0, 0), (0, later / HOUR));
    assert_eq!(issued(3, NOW - 5 * HOUR), (3, later / HOUR));
    assert_eq!(issued(300, NOW), (255, later / HOUR));
}
