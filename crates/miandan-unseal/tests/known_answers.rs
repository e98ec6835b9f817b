//! `fixtures/mso1/known-answers.json`, which another implementation made from `docs/mso1.md`: every order, every list and
//! every key file must be answered as it says, and every value on the way must come out the same.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, Serializable};
use miandan_core::Code;
use miandan_core::field::{FieldId, FieldSet, FieldType};
use miandan_seal::check::without_opening;
use miandan_seal::encoding::{Hash, KeyId, sha256};
use miandan_seal::lists::{
    CarrierList, Enforcement, ListKind, StationList, StatusList, StatusLists, StatusPolicy,
};
use miandan_seal::schedule::{AssociatedData, BatchSecret, OrderKey, wrap_info};
use miandan_seal::{CarrierPublic, IssuerPublic, StationPublic, TrustSet, merkle, signature};
use miandan_unseal::{Opener, StationKey};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::Value;

fn answers() -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mso1/known-answers.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is a text"))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("{name} is an array"))
}

fn bytes(value: &Value, name: &str) -> Vec<u8> {
    from_hex(text(value, name))
}

fn from_hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn array<const N: usize>(value: &Value, name: &str) -> [u8; N] {
    bytes(value, name).try_into().unwrap()
}

fn names<'a>(case: &'a Value, name: &str, otherwise: &'a str) -> Vec<&'a str> {
    match &case[name] {
        Value::Null => vec![otherwise],
        names => names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect(),
    }
}

/// The bytes of a case, padded after the first character where it says so.
fn content(case: &Value, name: &str) -> Vec<u8> {
    let mut content = match &case[name] {
        Value::String(text) => text.clone().into_bytes(),
        _ => URL_SAFE_NO_PAD.decode(text(case, &format!("{name}_base64url"))).unwrap(),
    };
    let missing = case["pad_to"].as_u64().map_or(0, |size| size as usize - content.len());
    content.splice(content.len().min(1)..content.len().min(1), vec![b' '; missing]);
    content
}

fn trust(answers: &Value, issuers: &[&str]) -> TrustSet {
    TrustSet::from_files(issuers.iter().map(|name| text(&answers["issuers"][name], "public").as_bytes()))
        .unwrap()
}

fn status(answers: &Value, case: &Value) -> StatusLists {
    let of_case = &case["status"];
    let enforcement = match of_case["policy"].as_str() {
        Some("warn") => Enforcement::Warn,
        Some("required") => Enforcement::Required,
        Some("off") | None => Enforcement::Off,
        Some(other) => panic!("{other}"),
    };
    let mut lists = StatusLists::new(StatusPolicy { enforcement, max_age: of_case["max_age"].as_u64() });
    for name in of_case["lists"].as_array().into_iter().flatten() {
        let file = text(&answers["status_lists"], name.as_str().unwrap());
        lists.insert(StatusList::verify(file.as_bytes(), &trust(answers, &["platform", "other"])).unwrap());
    }
    lists
}

fn stations(answers: &Value, case: &Value) -> Vec<StationKey> {
    let file = |name| text(&answers["stations"][name], "secret").as_bytes();
    names(case, "stations", "S1")
        .iter()
        .map(|name| StationKey::from_bytes(file(*name), None).unwrap())
        .collect()
}

fn expected_code(case: &Value) -> Option<Code> {
    case["code"].as_str().map(|code| code.parse().expect("a code of the format"))
}

/// What an order gives: its code, or the texts of its fields.
fn answer(answers: &Value, case: &Value) -> Result<BTreeMap<String, String>, Code> {
    let trust = trust(answers, &names(case, "trust", "platform"));
    let mut opener = Opener::new(stations(answers, case), trust).with_status(status(answers, case));
    let now = case["now"].as_u64().unwrap_or(answers["now"].as_u64().unwrap());
    let wanted: FieldSet = match &case["wanted"] {
        Value::Null => FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect(),
        ids => ids
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap().parse::<FieldId>().unwrap())
            .collect(),
    };
    let sealed = content(case, "order");
    let opened = opener.open(&sealed, now, wanted).map_err(|failure| failure.code)?;
    // Once more, now that its batch is remembered.
    assert!(opener.open(&sealed, now, wanted).is_ok());
    let text = |id: FieldId| opened.expose(id).map(|(_, text)| (id.to_string(), text.to_owned()));
    Ok(FieldId::ALL.iter().filter_map(|&id| text(id)).collect())
}

#[test]
fn every_order_is_answered_as_written() {
    let answers = answers();
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in list(&answers, "orders") {
        let given = answer(&answers, case);
        let right = match (&given, expected_code(case)) {
            (Err(code), Some(expected)) => *code == expected,
            (Ok(fields), None) => serde_json::to_value(fields).unwrap() == case["opened"],
            _ => false,
        };
        if !right {
            wrong.push(format!(
                "{}: {:?} and not {}",
                text(case, "name"),
                given.map(|_| "opened"),
                case["code"]
            ));
        }
        *codes.entry(case["code"].as_str().unwrap_or("opened")).or_default() += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Every code that an opener can give, so that a short file cannot pass.
    assert_eq!(codes.len(), 16, "{codes:?}");
    assert!(codes["opened"] >= 50 && codes.values().sum::<usize>() >= 400, "{codes:?}");
}

/// What a host can know before it asks a component is what the component will say.
#[test]
fn a_host_without_a_key_comes_to_the_same_answer() {
    let answers = answers();
    let needs_a_key = [Code::UnknownKey, Code::AuthFailed, Code::FieldNotPrintable];
    let mut checked = 0;
    for case in list(&answers, "orders") {
        let name = text(case, "name");
        let [station] = &stations(&answers, case)[..] else { continue };
        let expected = expected_code(case)
            .filter(|code| !needs_a_key.contains(code) && !name.starts_with("virtual number"));
        if case["wanted"] != Value::Null {
            continue;
        }
        let now = case["now"].as_u64().unwrap_or(answers["now"].as_u64().unwrap());
        let trust = trust(&answers, &names(case, "trust", "platform"));
        let order = content(case, "order");
        let given = without_opening(&order, &trust, &status(&answers, case), station.scope(), now);
        assert_eq!(given.err(), expected, "{name}");
        checked += 1;
    }
    assert!(checked >= 400, "{checked}");
}

#[test]
fn every_list_is_answered_as_written() {
    let answers = answers();
    let (mut checked, mut wrong) = (0, Vec::new());
    for case in list(&answers, "lists") {
        let (file, trust) = (content(case, "file"), trust(&answers, &names(case, "trust", "platform")));
        let entries = match text(case, "kind") {
            "status" => StatusList::verify(&file, &trust).map(|list| list.len()),
            "stations" => StationList::verify(&file, &trust).map(|list| list.keys().len()),
            "carriers" => CarrierList::verify(&file, &trust).map(|list| list.keys().len()),
            kind => panic!("{kind}"),
        };
        let expected =
            expected_code(case).map_or_else(|| Ok(case["entries"].as_u64().unwrap() as usize), Err);
        if entries != expected {
            wrong.push(format!("{}: {entries:?} and not {expected:?}", text(case, "name")));
        }
        checked += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked >= 200, "{checked}");
    for values in list(&answers, "list_values") {
        let kind =
            ListKind::ALL.into_iter().find(|kind| kind.version() == format!("MSO1-{}", text(values, "kind")));
        assert_eq!(kind.unwrap().message(text(values, "l")), bytes(values, "signature_input"));
    }
}

#[test]
fn every_key_file_is_read_or_refused_as_written() {
    let answers = answers();
    let (mut read, mut refused, mut wrong) = (0, 0, Vec::new());
    for case in list(&answers, "key_files") {
        let file = content(case, "file");
        let passphrase = case["passphrase"].as_str().map(str::as_bytes);
        let is_read = match text(case, "kind") {
            "station" => StationKey::from_bytes(&file, passphrase).is_ok(),
            "station public" => StationPublic::parse(&file).is_ok(),
            "issuer public" => IssuerPublic::parse(&file).is_ok(),
            "carrier public" => CarrierPublic::parse(&file).is_ok(),
            "trust list" => TrustSet::from_files([file.as_slice()]).is_ok(),
            kind => panic!("{kind}"),
        };
        if is_read != (case["read"] == 1) {
            wrong.push(format!("{}: read: {is_read}", text(case, "name")));
        }
        *if is_read { &mut read } else { &mut refused } += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read >= 20 && refused >= 100, "{read} read, {refused} refused");
}

#[test]
fn every_value_of_a_batch_comes_out_the_same() {
    let answers = answers();
    let batches = list(&answers, "batches");
    assert!(batches.len() >= 5);
    for batch in batches {
        let (b, r) = (text(batch, "b").as_bytes(), text(batch, "r").as_bytes());
        let (b_hash, r_hash): (Hash, Hash) = (array(batch, "b_hash"), array(batch, "r_hash"));
        assert_eq!((sha256(b), sha256(r)), (b_hash, r_hash));
        let message = signature::message(signature::SUITE, &b_hash, &r_hash);
        assert_eq!(message.to_vec(), bytes(batch, "signature_input"));
        let issuer = trust(&answers, &["platform"]).iter().next().unwrap().ed25519;
        signature::verify(&issuer, signature::SUITE, b, r, &array(batch, "signature")).unwrap();

        for recipient in list(batch, "recipients") {
            unwrap(&answers, batch, recipient, &b_hash);
        }

        let secret = BatchSecret::extract(&array(batch, "batch_key"), &array(batch, "jti"));
        let orders = list(batch, "orders");
        let leaves: Vec<Hash> = orders.iter().map(|order| array(order, "leaf")).collect();
        let (root, paths) = merkle::root_and_paths(&leaves);
        assert_eq!((root, merkle::root(&leaves)), (array(batch, "root"), root));
        for (index, (order, path)) in orders.iter().zip(paths).enumerate() {
            let written: Vec<Vec<u8>> =
                list(order, "path").iter().map(|hash| from_hex(hash.as_str().unwrap())).collect();
            assert_eq!(written, path);
            assert!(merkle::verify(&leaves[index], index as u32, leaves.len() as u32, &path, &root));
            values_of_an_order(order, &secret);
        }
    }
}

/// The key wrap: its info, and that it opens to the batch key.
fn unwrap(answers: &Value, batch: &Value, recipient: &Value, b_hash: &Hash) {
    let public: Value =
        serde_json::from_str(text(&answers["stations"][text(recipient, "station")], "public")).unwrap();
    let key: Value =
        serde_json::from_str(text(&answers["stations"][text(recipient, "station")], "secret")).unwrap();
    let decode = |text: &Value| URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap();
    let kid = KeyId::of(&decode(&public["x25519"]).try_into().unwrap());
    assert_eq!(kid.to_string(), text(recipient, "kid"));
    let info = wrap_info(kid, b_hash);
    assert_eq!(info.to_vec(), bytes(recipient, "info"));
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&decode(&key["x25519"])).unwrap();
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&bytes(recipient, "enc")).unwrap();
    let shared = X25519HkdfSha256::decap(&private, None, &enc).unwrap();
    assert_eq!(shared.0.to_vec(), bytes(recipient, "shared_secret"));
    // The private key itself is not compared: this library writes it clamped (RFC 7748 §5), others as it was derived.
    let (_, encapsulated) = X25519HkdfSha256::derive_keypair(&bytes(recipient, "ephemeral_ikm"));
    assert_eq!(encapsulated.to_bytes().to_vec(), bytes(recipient, "enc"));
    let opened = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &enc,
        &info,
        &bytes(recipient, "wk"),
        &[],
    );
    assert_eq!(opened.unwrap(), bytes(batch, "batch_key"));
}

fn values_of_an_order(order: &Value, secret: &BatchSecret) {
    let h_hash: Hash = array(order, "h_hash");
    assert_eq!(sha256(text(order, "h").as_bytes()), h_hash);
    let f_hash = sha256(text(order, "f").as_bytes());
    assert_eq!(f_hash.to_vec(), bytes(order, "f_hash"));
    assert_eq!(merkle::leaf(&h_hash, &f_hash).to_vec(), bytes(order, "leaf"));
    let order_key = OrderKey::derive(secret, &h_hash);
    for (id, field) in order["fields"].as_object().unwrap() {
        let id: FieldId = id.parse().unwrap();
        let kind: FieldType = text(field, "type").parse().unwrap();
        let derived = order_key.field(id);
        assert_eq!(derived.to_vec(), [bytes(field, "key"), bytes(field, "nonce")].concat());
        let data = AssociatedData::new(&h_hash, id, kind);
        assert_eq!(data.as_ref(), bytes(field, "aad"));
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &derived[..32]).unwrap());
        let nonce = Nonce::try_assume_unique_for_key(&derived[32..]).unwrap();
        let mut sealed = bytes(field, "padded");
        key.seal_in_place_append_tag(nonce, Aad::from(&data), &mut sealed).unwrap();
        assert_eq!(sealed, bytes(field, "ciphertext"));
    }
}
