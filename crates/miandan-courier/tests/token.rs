//! Tokens from the station to the courier, and what happens to those that somebody has changed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use miandan_courier::{
    CarrierId, CarrierKey, CarrierSecret, Claims, Contents, MAX_LIFETIME, MAX_SERIAL, NotAToken, NotMade,
    NotOpened, Question, Station, TOLERANCE, Token, Trust, TrustError, Verdict,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const NOW: u64 = 1_796_000_000;
const NUMBER: &str = "YT7412345678901";

fn station(seed: u8) -> Station {
    Station::new(&[seed; 32], Zeroizing::new([seed; 32]))
}

fn carrier() -> CarrierSecret {
    CarrierSecret::new("YTO", &[3; 32]).unwrap()
}

fn carrier_key() -> CarrierKey {
    CarrierKey::new("YTO", &carrier().public_key()).unwrap()
}

fn claims() -> Claims {
    Claims {
        carrier: CarrierId::of("YTO"),
        waybill_no: NUMBER.into(),
        issued: (NOW / 3600) as u32,
        lifetime: 15 * 24,
        serial: 12,
        copy: 0,
        is_specimen: false,
    }
}

fn contents() -> Contents {
    let virtual_number = String::from("17000000000-0042").into();
    Contents { virtual_number, virtual_days: 14, door: Contents::join(["2", "1501"]), is_incomplete: false }
}

fn sealed(claims: &Claims) -> Token {
    Token::read(&station(1).make_sealed(claims, &carrier_key(), &contents()).unwrap()).unwrap()
}

fn kid(key: &[u8; 32]) -> String {
    Sha256::digest(key)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The public file of the issuer whose seed is 9.
fn issuer_file() -> String {
    let key = SigningKey::from_bytes(&[9; 32]).verifying_key().to_bytes();
    let (kid, key) = (kid(&key), URL_SAFE_NO_PAD.encode(key));
    format!(r#"{{"v":"miandan-issuer-public-1","iss":"platform","kid":"{kid}","ed25519":"{key}"}}"#)
}

/// A list that the issuer signed at a time, of stations with more members of their entries.
fn list(iat: u64, stations: &[(u8, &str)]) -> String {
    let mut entries: Vec<(String, String)> = Vec::new();
    for (seed, more) in stations {
        let key = station(*seed).public_key();
        let entry = format!(
            r#"{{"id":"ST-{seed}","kid":"{}","ed25519":"{}"{more}}}"#,
            kid(&key),
            URL_SAFE_NO_PAD.encode(key)
        );
        entries.push((kid(&key), entry));
    }
    entries.sort();
    let entries: Vec<&str> = entries.iter().map(|(_, entry)| entry.as_str()).collect();
    let signer = SigningKey::from_bytes(&[9; 32]);
    let body = format!(
        r#"{{"iss":"platform","ikid":"{}","iat":{iat},"next":{},"stations":[{}]}}"#,
        kid(signer.verifying_key().as_bytes()),
        iat + 86_400,
        entries.join(",")
    );
    let body = URL_SAFE_NO_PAD.encode(body);
    let message = [b"MSO1 stations\0".as_slice(), &Sha256::digest(&body)].concat();
    let signature = URL_SAFE_NO_PAD.encode(signer.sign(&message).to_bytes());
    format!(r#"{{"v":"MSO1-stations","l":"{body}","s":"{signature}"}}"#)
}

fn trust(stations: &[(u8, &str)]) -> Trust {
    let mut trust = Trust::new();
    trust.add_issuers(issuer_file().as_bytes()).unwrap();
    trust.add_stations(list(NOW, stations).as_bytes()).unwrap();
    trust
}

fn verdict(trust: &Trust, token: &Token, now: u64, waybill_no: Option<&str>) -> Verdict {
    trust.check(token, &Question { now, waybill_no }).verdict
}

#[test]
fn both_sizes_are_those_that_the_label_has_room_for() {
    // QR at level M (ISO/IEC 18004, table 7): 154 characters in version 6, 262 in version 9.
    let text = |length: usize, is_sealed: bool| {
        let claims = Claims { waybill_no: "A".repeat(length), ..claims() };
        match is_sealed {
            true => station(1).make_sealed(&claims, &carrier_key(), &contents()),
            false => station(1).make(&claims),
        }
        .unwrap()
        .len()
    };
    assert_eq!((text(15, false), text(15, true)), (140, 257));
    assert_eq!((text(28, false), text(19, true)), (153, 261));
}

#[test]
fn a_token_comes_back_as_it_was_made() {
    for is_specimen in [false, true] {
        let claims = Claims { copy: 255, serial: MAX_SERIAL, is_specimen, ..claims() };
        let plain = station(1).make(&claims).unwrap();
        let token = Token::read(&plain).unwrap();
        assert_eq!((token.claims(), token.is_sealed(), token.to_string()), (&claims, false, plain));
        let token = sealed(&claims);
        assert_eq!((token.claims(), token.is_sealed()), (&claims, true));
        assert_eq!(carrier().open(&token).unwrap(), contents());
    }
}

#[test]
fn the_same_token_is_made_from_the_same_and_another_ephemeral_key_from_anything_else() {
    let make = |claims: &Claims, contents: &Contents| {
        let text = station(1).make_sealed(claims, &carrier_key(), contents).unwrap();
        assert_eq!(text, station(1).make_sealed(claims, &carrier_key(), contents).unwrap());
        text
    };
    // The encapsulated key begins in character 3 + 27 / 2 × 3.
    let ephemeral = |text: &str| text[45..90].to_owned();
    let other = Contents { door: Contents::join(["1502"]), ..contents() };
    let first = ephemeral(&make(&claims(), &contents()));
    assert_ne!(first, ephemeral(&make(&claims(), &other)));
    assert_ne!(first, ephemeral(&make(&Claims { copy: 1, ..claims() }, &contents())));
}

#[test]
fn claims_out_of_range_make_no_token() {
    let refused = [
        Claims { waybill_no: String::new(), ..claims() },
        Claims { waybill_no: "运单1".into(), ..claims() },
        Claims { issued: 1 << 24, ..claims() },
        Claims { lifetime: 0, ..claims() },
        Claims { lifetime: MAX_LIFETIME + 1, ..claims() },
        Claims { serial: MAX_SERIAL + 1, ..claims() },
    ];
    for claims in refused {
        assert_eq!(station(1).make(&claims), Err(NotMade), "{claims:?}");
        assert_eq!(station(1).make_sealed(&claims, &carrier_key(), &contents()), Err(NotMade));
    }
    let low_order = CarrierKey::new("YTO", &[0; 32]);
    assert!(low_order.is_none_or(|key| station(1).make_sealed(&claims(), &key, &contents()).is_err()));
}

#[test]
fn verdicts() {
    let trust = trust(&[(1, ""), (2, "")]);
    let token = sealed(&claims());
    let copy = sealed(&Claims { copy: 2, ..claims() });
    let issued = token.claims().issued_at();
    let check = |token: &Token, now, number: Option<&str>| verdict(&trust, token, now, number);
    assert_eq!(check(&token, NOW, None), Verdict::Genuine);
    assert_eq!(check(&token, NOW, Some(NUMBER)), Verdict::Genuine);
    assert_eq!(check(&copy, NOW, Some(NUMBER)), Verdict::Reprint(2));
    assert_eq!(check(&token, NOW, Some("YT7412345678902")), Verdict::OtherWaybill);
    assert_eq!(check(&token, issued - TOLERANCE, None), Verdict::Genuine);
    assert_eq!(check(&token, issued - TOLERANCE - 1, None), Verdict::NotYetValid);
    let end = token.claims().expires_at();
    assert_eq!(check(&token, end + TOLERANCE - 1, None), Verdict::Genuine);
    assert_eq!(check(&token, end + TOLERANCE, None), Verdict::Expired);
    assert_eq!(check(&sealed(&Claims { is_specimen: true, ..claims() }), NOW, None), Verdict::Specimen);
    assert_eq!(verdict(&self::trust(&[(2, "")]), &token, NOW, None), Verdict::UnknownStation);
    assert_eq!(verdict(&Trust::new(), &token, NOW, None), Verdict::UnknownStation);

    let question = Question { now: NOW, waybill_no: None };
    let answer = trust.check(&token, &question);
    assert_eq!((answer.station.as_deref(), answer.is_list_old), (Some("ST-1"), false));
    assert!(trust.check(&token, &Question { now: NOW + 3 * 86_400, ..question }).is_list_old);
}

#[test]
fn a_station_is_believed_while_it_is_vouched_for() {
    let token = sealed(&claims());
    let issued = token.claims().issued_at();
    let check = |more: &str| verdict(&trust(&[(1, more)]), &token, NOW, None);
    let from = |nbf: u64| check(&format!(r#","nbf":{nbf}"#));
    assert_eq!(from(issued + 3600), Verdict::Genuine, "the hour began before the key was valid");
    assert_eq!(from(issued + 4000), Verdict::UnknownStation);
    let until = |exp: u64| check(&format!(r#","exp":{exp}"#));
    assert_eq!(until(issued + 1), Verdict::Genuine);
    assert_eq!(until(issued - 300), Verdict::UnknownStation);
    let revoked = |since: u64| check(&format!(r#","rev":{since}"#));
    assert_eq!((revoked(NOW), revoked(NOW + 1)), (Verdict::Revoked, Verdict::Genuine));
}

#[test]
fn no_flipped_bit_is_believed() {
    let trust = trust(&[(1, ""), (2, "")]);
    for text in [station(1).make(&claims()).unwrap(), sealed(&claims()).to_string()] {
        let mut read = 0;
        for place in 0..text.len() {
            for bit in 0..7 {
                let mut changed = text.clone().into_bytes();
                changed[place] ^= 1 << bit;
                let Ok(token) = Token::read(std::str::from_utf8(&changed).unwrap()) else { continue };
                read += 1;
                let verdict = verdict(&trust, &token, NOW, None);
                assert!(matches!(verdict, Verdict::Forged | Verdict::UnknownStation), "{place} {bit}");
            }
        }
        assert!(read > 200, "{read}");
    }
}

/// As the bytes are, that is; above is what a reader of codes hands over.
#[test]
fn no_flipped_bit_of_the_bytes_is_believed_or_opened() {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let trust = trust(&[(1, "")]);
    let text = sealed(&claims()).to_string();
    let values = |group: &[u8]| {
        group.iter().rev().fold(0_u32, |value, character| {
            value * 45 + ALPHABET.iter().position(|known| known == character).unwrap() as u32
        })
    };
    let groups = text.as_bytes()[3..].chunks(3);
    let bytes = (text.len() - 3) / 3 * 2 + usize::from(!text.len().is_multiple_of(3));
    let sizes: Vec<u32> = groups.clone().map(|group| if group.len() == 3 { 16 } else { 8 }).collect();
    for (place, bits) in sizes.iter().enumerate() {
        for bit in 0..*bits {
            let mut changed = String::from("W1:");
            for (number, group) in groups.clone().enumerate() {
                let mut value = values(group) ^ if number == place { 1 << bit } else { 0 };
                for _ in group {
                    changed.push(char::from(ALPHABET[(value % 45) as usize]));
                    value /= 45;
                }
            }
            let Ok(token) = Token::read(&changed) else { continue };
            assert!(!verdict(&trust, &token, NOW, None).is_good(), "{place} {bit}");
            // Of a sealed part that opens, it is the signature that was changed: everything else is bound to it.
            let byte = 2 * place + usize::from(*bits == 16 && bit < 8);
            assert_eq!(carrier().open(&token).is_ok(), byte >= bytes - 64, "{place} {bit}");
        }
    }
}

#[test]
fn a_sealed_part_is_for_one_key_of_one_carrier_and_one_waybill() {
    let token = sealed(&claims());
    let open = |code: &str, key: u8| CarrierSecret::new(code, &[key; 32]).unwrap().open(&token);
    assert_eq!(open("YTO", 3).unwrap(), contents());
    assert_eq!(open("YTO", 4), Err(NotOpened::OtherKey));
    assert_eq!(open("ZTO", 3), Err(NotOpened::OtherCarrier));
    let plain = Token::read(&station(1).make(&claims()).unwrap()).unwrap();
    assert_eq!(carrier().open(&plain), Err(NotOpened::Nothing));
}

#[test]
fn what_is_no_token_is_said_not_to_be() {
    let text = sealed(&claims()).to_string();
    let read = |text: &str| Token::read(text).err();
    assert_eq!(read(NUMBER), Some(NotAToken::Other));
    assert_eq!(read("https://example.com"), Some(NotAToken::Other));
    assert_eq!(read("W1:"), Some(NotAToken::Malformed));
    assert_eq!(read("W1:00"), Some(NotAToken::Version));
    assert_eq!(read(&text[..text.len() - 2]), Some(NotAToken::Malformed));
    assert_eq!(read(&format!("{text}00")), Some(NotAToken::Malformed));
    assert_eq!(read(&text.to_lowercase()), Some(NotAToken::Other));
    assert_eq!(read(&format!("W1:{}", "0".repeat(10_000))), Some(NotAToken::Malformed));
}

#[test]
fn lists_are_believed_if_an_issuer_signed_them() {
    let refused = |file: &str| {
        let mut trust = trust(&[(1, "")]);
        let error = trust.add_stations(file.as_bytes()).unwrap_err();
        assert_eq!(verdict(&trust, &sealed(&claims()), NOW, None), Verdict::Genuine, "what was known stays");
        error
    };
    let sound = list(NOW + 1, &[(1, "")]);
    assert_eq!(refused(&list(NOW - 1, &[])), TrustError::Older);
    assert_eq!(refused(&sound.replace("stations", "carriers")), TrustError::NoList);
    assert_eq!(refused("{}"), TrustError::NoList);
    let at = sound.find(r#","s":""#).unwrap() + 8;
    let other = if sound.as_bytes()[at] == b'A' { "B" } else { "A" };
    let changed = format!("{}{other}{}", &sound[..at], &sound[at + 1..]);
    assert_eq!(refused(&changed), TrustError::BadSignature);
    assert_eq!(Trust::new().add_stations(sound.as_bytes()), Err(TrustError::UnknownIssuer));

    let mut trust = trust(&[(1, "")]);
    trust.add_stations(list(NOW + 1, &[(2, "")]).as_bytes()).unwrap();
    assert_eq!(
        verdict(&trust, &sealed(&claims()), NOW, None),
        Verdict::UnknownStation,
        "the newer one counts"
    );
}

#[test]
fn issuers_come_from_their_files_or_a_trust_list() {
    let entry = issuer_file().replace(r#""v":"miandan-issuer-public-1","#, "");
    let mut trust = Trust::new();
    trust.add_issuers(format!(r#"{{"v":"miandan-trust-1","issuers":[{entry}]}}"#).as_bytes()).unwrap();
    trust.add_stations(list(NOW, &[(1, "")]).as_bytes()).unwrap();
    assert_eq!(verdict(&trust, &sealed(&claims()), NOW, None), Verdict::Genuine);
    // Not an issuer's, and a name that is not its key's.
    for file in [entry.clone(), issuer_file().replace(r#""kid":""#, r#""kid":"0"#), "[]".into()] {
        assert_eq!(Trust::new().add_issuers(file.as_bytes()), Err(TrustError::NoIssuer), "{file}");
    }
    let expired = entry.replace(r#""iss""#, &format!(r#""exp":{},"iss""#, NOW - 301));
    let mut trust = Trust::new();
    trust.add_issuers(format!(r#"{{"v":"miandan-trust-1","issuers":[{expired}]}}"#).as_bytes()).unwrap();
    assert_eq!(trust.add_stations(list(NOW, &[]).as_bytes()), Err(TrustError::UnknownIssuer));
}

#[test]
fn a_carriers_key_file_is_read() {
    let public = carrier().public_key();
    let file = |kid: &str| {
        let key = URL_SAFE_NO_PAD.encode([3; 32]);
        format!(r#"{{"v":"miandan-carrier-1","carrier":"YTO","kid":"{kid}","x25519":"{key}"}}"#)
    };
    let secret = CarrierSecret::parse(file(&kid(&public)).as_bytes()).unwrap();
    assert_eq!((secret.code(), secret.public_key()), ("YTO", public));
    assert!(CarrierSecret::parse(file("0000000000000000").as_bytes()).is_err());
    assert!(CarrierSecret::parse(issuer_file().as_bytes()).is_err());
}

proptest! {
    #[test]
    fn no_text_is_believed(text in "W1:[0-9A-Z $%*+./:-]{100,270}|.{0,200}") {
        if let Ok(token) = Token::read(&text) {
            prop_assert_eq!(token.to_string(), text);
            prop_assert!(!verdict(&trust(&[(1, "")]), &token, NOW, None).is_good());
        }
    }
}
