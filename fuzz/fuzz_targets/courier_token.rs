//! What a courier's app is handed: the text of a code, the bytes in it, such bytes behind a signature that holds, and the
//! files that say whom to trust.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_courier::{CarrierSecret, Question, Token, Trust};
use miandan_fuzz::{NOW, sign, watched};
use miandan_seal::encoding::{KeyId, sha256, to_base64url};
use ring::signature::{Ed25519KeyPair, KeyPair};

const ISSUER: &[u8] = include_bytes!("../../fixtures/mso1/issuer.key.pub");
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

struct Courier {
    station: Ed25519KeyPair,
    kid: [u8; 4],
    trust: Trust,
    carrier: CarrierSecret,
}

thread_local! {
    static COURIER: Courier = courier();
}

fn courier() -> Courier {
    let station = Ed25519KeyPair::from_seed_unchecked(&[1; 32]).expect("a seed");
    let public: [u8; 32] = station.public_key().as_ref().try_into().expect("32 bytes");
    let issuer: serde_json::Value = serde_json::from_slice(ISSUER).expect("the fixture");
    let body = format!(
        r#"{{"iss":"platform","ikid":{},"iat":{NOW},"next":{},"stations":[{{"id":"S","kid":"{}","ed25519":"{}"}}]}}"#,
        issuer["kid"],
        NOW + 86_400,
        KeyId::of(&public),
        to_base64url(&public)
    );
    let body = to_base64url(body.as_bytes());
    let s = sign(&[b"MSO1 stations\0".as_slice(), &sha256(body.as_bytes())].concat());
    let mut trust = Trust::new();
    trust.add_issuers(ISSUER).expect("the fixture");
    trust
        .add_stations(format!(r#"{{"v":"MSO1-stations","l":"{body}","s":"{s}"}}"#).as_bytes())
        .expect("a list");
    let hash = sha256(&public);
    let kid = [hash[0], hash[1], hash[2], hash[3]];
    let carrier = CarrierSecret::new("YTO", &[3; 32]).expect("a key");
    Courier { station, kid, trust, carrier }
}

/// Base45, written a second time.
fn text(bytes: &[u8]) -> String {
    let mut text = String::from("W1:");
    for group in bytes.chunks(2) {
        let mut value = group.iter().fold(0, |value, &byte| value << 8 | usize::from(byte));
        for _ in 0..=group.len() {
            text.push(char::from(ALPHABET[value % 45]));
            value /= 45;
        }
    }
    text
}

fuzz_target!(|data: &[u8]| watched(|| COURIER.with(|courier| {
    let [kind, data @ ..] = data else { return };
    let check = |text: &str| {
        let token = Token::read(text).ok()?;
        assert_eq!(token.to_string(), text, "a token has one text");
        assert!(courier.carrier.open(&token).is_err(), "nobody has sealed anything");
        let number = token.claims().waybill_no.clone();
        let question = Question { now: NOW, waybill_no: Some(&number) };
        Some(courier.trust.check(&token, &question))
    };
    match kind % 4 {
        0 => {
            let text = String::from_utf8_lossy(data);
            assert!(check(&format!("W1:{text}")).is_none_or(|answer| !answer.verdict.is_good()));
            assert!(check(&text).is_none_or(|answer| !answer.verdict.is_good()));
        }
        1 => assert!(check(&text(data)).is_none_or(|answer| !answer.verdict.is_good())),
        2 => {
            // As the station might have signed it: every verdict is possible, but for a signature that does not hold.
            let mut bytes = data.to_vec();
            if let Some(place) = bytes.get_mut(1..5) {
                place.copy_from_slice(&courier.kid);
            }
            let message = [b"W1 token\0".as_slice(), &bytes].concat();
            bytes.extend(courier.station.sign(&message).as_ref());
            let answer = check(&text(&bytes));
            assert!(answer.is_none_or(|answer| answer.station.as_deref() == Some("S")));
        }
        _ => {
            let mut trust = Trust::new();
            let _ = trust.add_issuers(data);
            let _ = trust.add_stations(data);
            let _ = CarrierSecret::parse(data);
        }
    }
})));
