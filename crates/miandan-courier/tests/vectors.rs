//! The test vectors in `fixtures/courier`: tokens of throw-away keys, what is said of each at a time, and what opens.
//!
//! They are for whoever writes a reader in another language, and are read by those that are here (the C ABI, the package
//! for browsers, a check in Python). `UPDATE_SNAPSHOTS=1 cargo test -p miandan-courier --test vectors` writes them anew;
//! read the difference before you commit it.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use miandan_courier::{
    CarrierId, CarrierKey, CarrierSecret, Claims, Contents, NotAToken, NotOpened, Question, Station,
    TOLERANCE, Token, Trust,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const NOW: u64 = 1_796_000_000;
const DAY: u64 = 24 * 3600;
const NUMBER: &str = "YT7412345678901";
const ISSUER: u8 = 9;

/// Seeds of stations whose keys are on the list, and of one that is not.
const SOUND: u8 = 1;
const REVOKED: u8 = 2;
const RETIRED: u8 = 3;
const UNKNOWN: u8 = 4;

const ABOUT: &[&str] = &[
    "Courier's tokens with what must be said of them: docs/courier-token.md is the format.",
    "`keys`: every key is 32 bytes that are all alike, in hexadecimal; `secret` is what ephemeral keys of sealed parts \
     derive from. `files`: what a reader is given, in this folder.",
    "A token is made by `station` of `claims` and, if they are there, `contents`; then `damage` was done to it, if that \
     is there. `text` stands in the code, `bytes` is what it says.",
    "`checks`: with the issuer and the list of `files`, at the time `now`, beside the number `waybill_no`. A list is old \
     when a day has passed since its issuer promised a newer one.",
    "`opens`: with each key file. `refused`: texts that are no tokens.",
];

#[derive(Serialize)]
struct Vectors {
    about: &'static [&'static str],
    keys: Keys,
    files: Files,
    tokens: Vec<Case>,
    refused: Vec<Refused>,
}

#[derive(Serialize)]
struct Keys {
    issuer: IssuerKey,
    stations: Vec<StationKey>,
    carriers: Vec<CarrierPair>,
}

#[derive(Serialize)]
struct IssuerKey {
    seed: String,
    public: String,
}

#[derive(Serialize)]
struct StationKey {
    station: String,
    seed: String,
    secret: String,
    public: String,
}

#[derive(Serialize)]
struct CarrierPair {
    file: &'static str,
    code: &'static str,
    private: String,
    public: String,
}

#[derive(Serialize)]
struct Files {
    issuers: &'static str,
    stations: &'static str,
    carrier: &'static str,
}

#[derive(Serialize)]
struct Case {
    name: &'static str,
    station: String,
    claims: ClaimsOf,
    #[serde(skip_serializing_if = "Option::is_none")]
    contents: Option<ContentsOf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<&'static str>,
    bytes: String,
    text: String,
    checks: Vec<Check>,
    opens: Vec<Open>,
}

#[derive(Serialize)]
struct ClaimsOf {
    carrier: &'static str,
    waybill_no: String,
    issued: u32,
    lifetime: u16,
    serial: u32,
    copy: u8,
    is_specimen: bool,
}

#[derive(Serialize)]
struct ContentsOf {
    virtual_number: String,
    virtual_days: u8,
    door: String,
    is_incomplete: bool,
}

#[derive(Serialize)]
struct Check {
    now: u64,
    waybill_no: Option<&'static str>,
    verdict: &'static str,
    station: Option<String>,
    is_list_old: bool,
}

#[derive(Serialize)]
struct Open {
    file: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    contents: Option<ContentsOf>,
}

#[derive(Serialize)]
struct Refused {
    text: String,
    reason: &'static str,
}

/// Carriers' key files, the codes and the bytes of which the keys are made.
const CARRIERS: [(&str, &str, u8); 3] =
    [("carrier.key", "YTO", 5), ("carrier-newer.key", "YTO", 6), ("other-carrier.key", "ZTO", 7)];

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn name_of(key: &[u8; 32]) -> String {
    hexadecimal(&Sha256::digest(key)[..8])
}

fn station(seed: u8) -> Station {
    Station::new(&[seed; 32], Zeroizing::new([seed + 100; 32]))
}

fn station_id(seed: u8) -> String {
    format!("ST-{seed}")
}

fn carrier_file((_, code, byte): (&str, &str, u8)) -> String {
    let public = CarrierSecret::new(code, &[byte; 32]).unwrap().public_key();
    let (kid, key) = (name_of(&public), URL_SAFE_NO_PAD.encode([byte; 32]));
    format!(r#"{{"v":"miandan-carrier-1","carrier":"{code}","kid":"{kid}","x25519":"{key}"}}"#) + "\n"
}

fn issuer_file() -> String {
    let key = SigningKey::from_bytes(&[ISSUER; 32]).verifying_key().to_bytes();
    let (kid, key) = (name_of(&key), URL_SAFE_NO_PAD.encode(key));
    format!(r#"{{"v":"miandan-issuer-public-1","iss":"platform","kid":"{kid}","ed25519":"{key}"}}"#) + "\n"
}

/// The list that the issuer signed: of the three stations, one revoked a day after the tokens were made, one whose key
/// had lapsed before.
fn station_list() -> String {
    let entry = |seed: u8, more: String| {
        let key = station(seed).public_key();
        let (id, kid) = (station_id(seed), name_of(&key));
        (
            kid.clone(),
            format!(r#"{{"id":"{id}","kid":"{kid}","ed25519":"{}"{more}}}"#, URL_SAFE_NO_PAD.encode(key)),
        )
    };
    let mut entries = [
        entry(SOUND, String::new()),
        entry(REVOKED, format!(r#","rev":{}"#, NOW + DAY)),
        entry(RETIRED, format!(r#","nbf":{},"exp":{}"#, NOW - 90 * DAY, NOW - 30 * DAY)),
    ];
    entries.sort();
    let entries = entries.map(|(_, entry)| entry).join(",");
    let signer = SigningKey::from_bytes(&[ISSUER; 32]);
    let ikid = name_of(signer.verifying_key().as_bytes());
    let next = NOW + 7 * DAY;
    let body =
        format!(r#"{{"iss":"platform","ikid":"{ikid}","iat":{NOW},"next":{next},"stations":[{entries}]}}"#);
    let body = URL_SAFE_NO_PAD.encode(body);
    let message = [b"MSO1 stations\0".as_slice(), &Sha256::digest(&body)].concat();
    let signature = URL_SAFE_NO_PAD.encode(signer.sign(&message).to_bytes());
    format!(r#"{{"v":"MSO1-stations","l":"{body}","s":"{signature}"}}"#) + "\n"
}

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

fn from_text(text: &str) -> Vec<u8> {
    let digit = |character: u8| ALPHABET.iter().position(|&known| known == character).unwrap() as u32;
    let mut bytes = Vec::new();
    for group in text.as_bytes()[3..].chunks(3) {
        let value = group.iter().rev().fold(0, |value, &character| value * 45 + digit(character));
        bytes.extend_from_slice(&value.to_be_bytes()[5 - group.len()..]);
    }
    bytes
}

fn to_text(bytes: &[u8]) -> String {
    let mut text = String::from("W1:");
    for group in bytes.chunks(2) {
        let mut value = group.iter().fold(0, |value, &byte| value << 8 | u32::from(byte));
        for _ in 0..=group.len() {
            text.push(char::from(ALPHABET[(value % 45) as usize]));
            value /= 45;
        }
    }
    text
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

fn contents(virtual_number: &str, virtual_days: u8, door: &str) -> Contents {
    let text = |text: &str| Zeroizing::new(String::from(text));
    Contents { virtual_number: text(virtual_number), virtual_days, door: text(door), is_incomplete: false }
}

fn usual() -> Contents {
    contents("12000000000-0042", 14, &Contents::join(["2", "1501"]))
}

fn plain_contents(contents: &Contents) -> ContentsOf {
    ContentsOf {
        virtual_number: contents.virtual_number.to_string(),
        virtual_days: contents.virtual_days,
        door: contents.door.to_string(),
        is_incomplete: contents.is_incomplete,
    }
}

/// When and beside what a token is looked at.
type Look = (u64, Option<&'static str>);

/// What was done to the bytes of a token, in words and in deed.
type Damage = (&'static str, Change);
type Change = fn(&mut Vec<u8>);

const AT_ONCE: Look = (NOW, Some(NUMBER));

struct Maker {
    trust: Trust,
    carriers: Vec<(&'static str, CarrierSecret)>,
    cases: Vec<Case>,
}

impl Maker {
    fn new() -> Self {
        let mut trust = Trust::new();
        trust.add_issuers(issuer_file().as_bytes()).unwrap();
        trust.add_stations(station_list().as_bytes()).unwrap();
        let carrier = |carrier: (&'static str, _, _)| {
            (carrier.0, CarrierSecret::parse(carrier_file(carrier).as_bytes()).unwrap())
        };
        Maker { trust, carriers: CARRIERS.map(carrier).into(), cases: Vec::new() }
    }

    fn add(
        &mut self,
        name: &'static str,
        seed: u8,
        claims: &Claims,
        contents: Option<&Contents>,
        looks: &[Look],
    ) {
        self.add_damaged(name, (seed, claims, contents), None, looks);
    }

    fn add_damaged(
        &mut self,
        name: &'static str,
        (seed, claims, contents): (u8, &Claims, Option<&Contents>),
        damage: Option<Damage>,
        looks: &[Look],
    ) {
        let station = station(seed);
        let text = match contents {
            Some(contents) => {
                let key = CarrierKey::new("YTO", &self.carriers[0].1.public_key()).unwrap();
                station.make_sealed(claims, &key, contents)
            }
            None => station.make(claims),
        };
        let mut bytes = from_text(&text.unwrap());
        if let Some((_, damage)) = damage {
            damage(&mut bytes);
        }
        let text = to_text(&bytes);
        let token = Token::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(token.to_string(), text);
        self.cases.push(Case {
            name,
            station: station_id(seed),
            claims: ClaimsOf {
                carrier: "YTO",
                waybill_no: claims.waybill_no.clone(),
                issued: claims.issued,
                lifetime: claims.lifetime,
                serial: claims.serial,
                copy: claims.copy,
                is_specimen: claims.is_specimen,
            },
            contents: contents.map(plain_contents),
            damage: damage.map(|(what, _)| what),
            bytes: hexadecimal(&bytes),
            checks: looks.iter().map(|&look| self.check(&token, look)).collect(),
            opens: self.opens(&token),
            text,
        });
    }

    fn check(&self, token: &Token, (now, waybill_no): Look) -> Check {
        let answer = self.trust.check(token, &Question { now, waybill_no });
        Check {
            now,
            waybill_no,
            verdict: answer.verdict.as_str(),
            station: answer.station,
            is_list_old: answer.is_list_old,
        }
    }

    fn opens(&self, token: &Token) -> Vec<Open> {
        let open = |(file, secret): &(&'static str, CarrierSecret)| {
            let opened = secret.open(token);
            let status = match &opened {
                Ok(_) => "opened",
                Err(NotOpened::Nothing) => "nothing",
                Err(NotOpened::OtherCarrier) => "other-carrier",
                Err(NotOpened::OtherKey) => "other-key",
                Err(error) => panic!("{error}"),
            };
            Open { file, status, contents: opened.ok().as_ref().map(plain_contents) }
        };
        self.carriers.iter().map(open).collect()
    }
}

fn cases() -> Vec<Case> {
    let mut maker = Maker::new();
    let usual = usual();
    let issued = claims().issued_at();
    let end = claims().expires_at();
    let looks = [
        AT_ONCE,
        (NOW, None),
        (NOW, Some("YT7412345678902")),
        (issued - TOLERANCE, None),
        (issued - TOLERANCE - 1, None),
        (end + TOLERANCE - 1, None),
        (end + TOLERANCE, None),
    ];
    maker.add("plain", SOUND, &claims(), None, &looks);
    maker.add("sealed", SOUND, &claims(), Some(&usual), &looks);
    maker.add("copy", SOUND, &Claims { copy: 2, ..claims() }, Some(&usual), &[AT_ONCE, (end + DAY, None)]);
    maker.add("copy 255 without a sealed part", SOUND, &Claims { copy: 255, ..claims() }, None, &[AT_ONCE]);
    let specimen = Claims { is_specimen: true, ..claims() };
    maker.add("specimen", SOUND, &specimen, Some(&usual), &[AT_ONCE, (NOW, Some("YT1"))]);
    let numbers = [
        ("a number of one character", "7"),
        ("a number with small letters", "yt-2026-00042"),
        ("a number of 28 characters", "JD0123456789-1-2/ABC.DEF_001"),
    ];
    for (name, number) in numbers {
        let claims = Claims { waybill_no: number.into(), serial: 0, lifetime: 1, ..claims() };
        maker.add(name, SOUND, &claims, None, &[(NOW, Some(number))]);
    }
    let sealed = [
        ("sealed, with nothing in it", contents("", 0, "")),
        ("sealed, a door alone", contents("", 0, "3号楼2单元1204室")),
        ("sealed, a long virtual number", contents("0095012000000000-00421", 255, "A座18层")),
        (
            "sealed, a door that was cut",
            contents("12000000000-0042", 14, "东门口小卖部后面第三个院子里的白色平房"),
        ),
        ("sealed, a number that did not fit", contents("95012000000000000000-00421", 14, "é🏠 1501")),
    ];
    for (name, contents) in sealed {
        maker.add(name, SOUND, &claims(), Some(&contents), &[AT_ONCE]);
    }
    let before_and_after = [AT_ONCE, (NOW + DAY - 1, None), (NOW + DAY, None)];
    maker.add("of a station that is revoked later", REVOKED, &claims(), Some(&usual), &before_and_after);
    maker.add("of a station whose key had lapsed", RETIRED, &claims(), Some(&usual), &[AT_ONCE]);
    maker.add("of a station that nobody vouches for", UNKNOWN, &claims(), Some(&usual), &[AT_ONCE]);
    let damages: [(_, _, Change); 4] = [
        ("forged: the signature", "the lowest bit of the last byte", |bytes| *bytes.last_mut().unwrap() ^= 1),
        ("forged: the waybill number", "the lowest bit of byte 26", |bytes| bytes[26] ^= 1),
        ("forged: the sealed part", "the lowest bit of byte 60", |bytes| bytes[60] ^= 1),
        ("forged: by another station", "bytes 1 to 4 are those of ST-1", |bytes| {
            let name = Sha256::digest(station(SOUND).public_key());
            bytes[1..5].copy_from_slice(&name[..4]);
        }),
    ];
    for (place, (name, what, damage)) in damages.into_iter().enumerate() {
        let seed = if place == 3 { UNKNOWN } else { SOUND };
        maker.add_damaged(name, (seed, &claims(), Some(&usual)), Some((what, damage)), &[AT_ONCE]);
    }
    maker.cases
}

fn refused() -> Vec<Refused> {
    let sound = station(SOUND).make(&claims()).unwrap();
    let changed = |place: usize, byte: u8| {
        let mut bytes = from_text(&sound);
        bytes[place] = byte;
        to_text(&bytes)
    };
    let texts = [
        String::new(),
        NUMBER.into(),
        "https://example.com/".into(),
        sound.to_lowercase(),
        "W1:".into(),
        "W1:00".into(),
        // Of version 2; with flags that nobody knows; a lifetime of nothing and of too much.
        changed(0, 0x20),
        changed(0, 0x14),
        to_text(&[&from_text(&sound)[..10], &[0, 0], &from_text(&sound)[12..]].concat()),
        to_text(&[&from_text(&sound)[..10], &1441_u16.to_be_bytes(), &from_text(&sound)[12..]].concat()),
        // Said to have a sealed part; a number of nothing; another character in it; too short and too long.
        changed(0, 0x11),
        changed(16, 0),
        sound.replacen("W1:", "W1:,", 1),
        sound[..sound.len() - 3].into(),
        format!("{sound}00"),
        format!("{sound}000"),
    ];
    let refuse = |text: String| {
        let reason = match Token::read(&text).expect_err(&text) {
            NotAToken::Other => "other",
            NotAToken::Version => "version",
            NotAToken::Malformed => "malformed",
            error => panic!("{error}"),
        };
        Refused { text, reason }
    };
    texts.map(refuse).into()
}

fn keys() -> Keys {
    let key = |byte: u8| hexadecimal(&[byte; 32]);
    let station_key = |seed: u8| StationKey {
        station: station_id(seed),
        seed: key(seed),
        secret: key(seed + 100),
        public: hexadecimal(&station(seed).public_key()),
    };
    let carrier = |(file, code, byte): (&'static str, &'static str, u8)| CarrierPair {
        file,
        code,
        private: key(byte),
        public: hexadecimal(&CarrierSecret::new(code, &[byte; 32]).unwrap().public_key()),
    };
    let issuer = SigningKey::from_bytes(&[ISSUER; 32]).verifying_key().to_bytes();
    Keys {
        issuer: IssuerKey { seed: key(ISSUER), public: hexadecimal(&issuer) },
        stations: [SOUND, REVOKED, RETIRED, UNKNOWN].map(station_key).into(),
        carriers: CARRIERS.map(carrier).into(),
    }
}

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/courier").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{} is not as it was; UPDATE_SNAPSHOTS=1 writes it anew", path.display());
}

#[test]
fn the_files_are_what_the_keys_give() {
    compare("issuer.pub", &issuer_file());
    compare("stations.json", &station_list());
    for carrier in CARRIERS {
        compare(carrier.0, &carrier_file(carrier));
    }
}

#[test]
fn the_vectors_are_what_this_crate_makes() {
    let files = Files { issuers: "issuer.pub", stations: "stations.json", carrier: "carrier.key" };
    let vectors = Vectors { about: ABOUT, keys: keys(), files, tokens: cases(), refused: refused() };
    compare("vectors.json", &(serde_json::to_string_pretty(&vectors).unwrap() + "\n"));
}

#[test]
fn every_verdict_and_every_way_not_to_open_is_among_them() {
    let cases = cases();
    let mut verdicts: Vec<_> =
        cases.iter().flat_map(|case| &case.checks).map(|check| check.verdict).collect();
    verdicts.sort_unstable();
    verdicts.dedup();
    let all = [
        "expired",
        "forged",
        "genuine",
        "not-yet-valid",
        "other-waybill",
        "reprint",
        "revoked",
        "specimen",
        "unknown-station",
    ];
    assert_eq!(verdicts, all);
    let mut ways: Vec<_> = cases.iter().flat_map(|case| &case.opens).map(|open| open.status).collect();
    ways.sort_unstable();
    ways.dedup();
    assert_eq!(ways, ["nothing", "opened", "other-carrier", "other-key"]);
    assert!(cases.iter().flat_map(|case| &case.checks).any(|check| check.is_list_old));
    let mut reasons: Vec<_> = refused().iter().map(|refused| refused.reason).collect();
    reasons.dedup();
    assert_eq!(reasons, ["other", "malformed", "version", "malformed"]);
}
