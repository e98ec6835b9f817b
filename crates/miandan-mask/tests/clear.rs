//! The guarantees of data in clear, over data that nobody thought of.

use miandan_core::field::{FieldId, FieldSet};
use miandan_core::free::MaskedValue;
use miandan_core::masking::Masking;
use miandan_core::pipe::Warnings;
use miandan_core::waybill::{MaskedParty, Waybill};
use miandan_mask::clear::{PlainWaybill, Sender, free_data};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The longest run of digits in a text.
fn run_of_digits(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(|run| run.chars().count()).max().unwrap_or(0)
}

/// The number of a thing, such as an order's, and of nobody: written a second time, as what a phone would look like.
fn is_of_a_thing(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_phone = |digits: &str| {
        let bare = digits.strip_prefix("0086").or(digits.strip_prefix("86")).unwrap_or(digits);
        [digits, bare].iter().any(|digits| match digits.len() {
            7 | 8 => true,
            10..=12 if digits.starts_with('0') => true,
            11 => digits.starts_with('1'),
            _ => false,
        })
    };
    let runs = text.split(|c: char| !c.is_ascii_digit());
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && digits.len() >= 9
        && !is_phone(&digits)
        && !runs.into_iter().any(is_phone)
}

/// Nothing in the value reads like a phone.
fn is_masked(value: &MaskedValue) -> bool {
    let is_text = |text: &str| run_of_digits(text) < 7 || is_of_a_thing(text);
    match value {
        MaskedValue::Null | MaskedValue::Boolean(_) => true,
        MaskedValue::Number(number) => number.get().abs() < 1e10,
        MaskedValue::Text(text) => is_text(text.as_str()),
        MaskedValue::List(elements) => elements.iter().all(is_masked),
        MaskedValue::Object(members) => {
            members.iter().all(|(name, value)| is_text(name.as_str()) && is_masked(value))
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let phone =
        ("[打找 a-z:]{0,3}", "1[0-9]{10}", "[急 a-z]{0,3}").prop_map(|(a, b, c)| format!("{a}{b}{c}"));
    prop_oneof![any::<String>(), "[0-9]{1,14}", "[0-9 -]{7,20}", phone]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn every() -> FieldSet {
    FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect()
}

/// The masked texts of a party.
fn shown(party: &MaskedParty) -> [&str; 10] {
    let MaskedParty { name, org, mobile, phone, virtual_number, province, city, district, town, detail } =
        party;
    [name, org, mobile, phone, virtual_number, province, city, district, town, detail]
        .map(|text| text.as_str())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn free_data_holds_no_phone(value in value()) {
        let data = free_data(value.to_string().as_bytes()).unwrap();
        prop_assert!(is_masked(data.root()));
    }

    #[test]
    fn whatever_the_bytes_there_is_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = free_data(&bytes);
        let _ = Sender::read(&bytes).map(|_| ());
        let _ = PlainWaybill::read(&bytes).map(|_| ());
    }

    /// A phone in any field of a party, with whatever around it, is not in the masked view.
    #[test]
    fn no_field_of_a_party_shows_a_phone(phone in "1[0-9]{10}", place in 0_usize..10, around in "[找电a-z:：]{0,4}") {
        const PATHS: [&str; 10] = [
            "/name", "/org", "/mobile", "/phone", "/virtual",
            "/address/province", "/address/city", "/address/district", "/address/town", "/address/detail",
        ];
        let mut party = json!({"name": "", "org": "", "mobile": "", "phone": "", "virtual": "",
            "address": {"province": "", "city": "", "district": "", "town": "", "detail": ""}});
        *party.pointer_mut(PATHS[place]).unwrap() = Value::from(format!("{around}{phone}"));
        let data = json!({"recipient": party, "sender": party}).to_string();
        let beside = json!({"sender": party}).to_string();
        let sender = Sender::read(beside.as_bytes()).ok().unwrap();
        for beside in [None, Some(&sender)] {
            let plain = PlainWaybill::read(data.as_bytes()).ok().unwrap();
            let mut warnings = Warnings::NONE;
            let waybill = plain.mask(beside, every(), &Masking::DEFAULT, &mut warnings);
            for text in shown(&waybill.recipient).into_iter().chain(shown(&waybill.sender)) {
                prop_assert!(run_of_digits(text) < 7, "{text}");
            }
        }
    }

    /// What stands beside the sender has no influence on anything but the sender.
    #[test]
    fn a_sender_touches_nothing_else(value in value(), name in text()) {
        let json = json!({"sender": {"name": name, "other": value}, "recipient": value}).to_string();
        let (mut waybill, mut warnings) = (Waybill::default(), Warnings::NONE);
        let sender = Sender::read(json.as_bytes());
        prop_assert!(sender.is_ok());
        if let Ok(sender) = sender {
            sender.mask_into(every(), &Masking::DEFAULT, &mut waybill, &mut warnings);
        }
        waybill.sender = MaskedParty::default();
        prop_assert_eq!(waybill, Waybill::default());
        prop_assert!(warnings.iter().all(|(id, _)| Sender::fields().contains(id)));
    }
}
