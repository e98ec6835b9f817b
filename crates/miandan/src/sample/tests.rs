//! What every sample must be, whatever is in it.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

const MIXES: [Mix; 2] = [Mix::Realistic, Mix::Hostile];

fn samples(mix: Mix, count: usize) -> impl Iterator<Item = Sample> {
    let mut generator = Generator::new(1, mix);
    (0..count).map(move |_| generator.next_order())
}

/// The clear text of a field, by its id.
fn clear<'o>(order: &'o Value, field: &str) -> Option<&'o str> {
    let pointer = format!("/{}", field.replace('.', "/"));
    order.pointer(&pointer).and_then(Value::as_str)
}

#[test]
fn the_same_seed_makes_the_same_orders() {
    for mix in MIXES {
        let texts = |seed| {
            let mut generator = Generator::new(seed, mix);
            let all = (0..50).map(|_| generator.next_order());
            all.map(|sample| format!("{} {:?}", sample.order, sample.labels)).collect::<Vec<_>>()
        };
        assert_eq!(texts(7), texts(7));
        assert_ne!(texts(7), texts(8));
    }
}

#[test]
fn a_masked_text_has_a_character_for_each_of_its_source() {
    for mix in MIXES {
        for Sample { order, labels } in samples(mix, 3000) {
            for (field, masked) in &labels.masked {
                // A virtual number is an object, and shown whole.
                let Some(clear) = clear(&order, field) else { continue };
                let masked = masked.as_str().unwrap();
                assert_eq!(clear.chars().count(), masked.chars().count(), "{field}: {clear} {masked}");
                for (clear, masked) in clear.chars().zip(masked.chars()) {
                    assert!(masked == clear || masked == '*', "{field}: {clear} {masked}");
                }
            }
            for (field, kept) in &labels.keep {
                let masked = labels.masked[field].as_str().unwrap();
                for kept in kept.as_array().unwrap() {
                    assert!(masked.contains(kept.as_str().unwrap()), "{field}: {kept} {masked}");
                }
            }
        }
    }
}

#[test]
fn labels_hide_what_the_standard_asks_for() {
    for mix in MIXES {
        for Sample { order, labels } in samples(mix, 3000) {
            for role in ["recipient", "sender"] {
                let name = labels.masked[&format!("{role}.name")].as_str().unwrap();
                assert!(name.contains('*'), "{}", order[role]["name"]);
                for field in ["mobile", "phone"] {
                    let Some(masked) = labels.masked.get(&format!("{role}.{field}")) else { continue };
                    let stars = masked.as_str().unwrap().matches('*').count();
                    assert!(stars >= 6, "{}", order[role][field]);
                }
            }
        }
    }
}

#[test]
fn every_kind_occurs() {
    for mix in MIXES {
        let made: BTreeSet<String> = samples(mix, 20_000)
            .flat_map(|sample| sample.labels.kinds.into_iter())
            .map(|(_, kind)| kind.as_str().unwrap().to_owned())
            .collect();
        let wanted = [name::kinds(mix), phone::kinds(mix), address::kinds(mix), memo::kinds(mix)].concat();
        let missing: Vec<_> = wanted.iter().filter(|&&kind| !made.contains(kind)).collect();
        assert!(missing.is_empty(), "{mix:?}: {missing:?}");
        assert_eq!(made.len(), wanted.len(), "{mix:?}: {made:?}");
    }
}

/// The text with its digits in ASCII.
fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap(),
        _ => c,
    };
    text.chars().map(narrow).collect()
}

/// Digits in ASCII, with what separates them left out.
fn digits(text: &str) -> String {
    narrow(text).chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn phones_are_numbers_that_nobody_has() {
    for mix in MIXES {
        for Sample { order, labels } in samples(mix, 20_000) {
            for role in ["recipient", "sender"] {
                for field in ["mobile", "phone"] {
                    let Some(number) = order[role][field].as_str() else { continue };
                    let kind = labels.kinds[&format!("{role}.{field}")].as_str().unwrap();
                    assert!(
                        nobody_has(kind, number, order[role]["city"].as_str().unwrap()),
                        "{kind}: {number}"
                    );
                }
            }
            // So are those that stand where they do not belong, and identity numbers begin with an area that is none.
            for field in ["memo", "recipient.name", "recipient.detail", "sender.name", "sender.detail"] {
                let text = clear(&order, field).unwrap();
                for run in narrow(text).split(|c: char| !c.is_ascii_digit()) {
                    assert!(
                        run.len() < 11 || run.starts_with("12") || run.starts_with("000000"),
                        "{field}: {text}"
                    );
                }
            }
        }
    }
}

fn nobody_has(kind: &str, number: &str, city: &str) -> bool {
    let all = digits(number);
    let national = ["0086", "86"].iter().find_map(|prefix| all.strip_prefix(prefix)).unwrap_or(&all);
    match kind {
        "service-number" => national.len() == 10 && national.starts_with("4002"),
        "foreign" => {
            const PREFIXES: [&str; 8] = ["00852", "001", "886", "852", "853", "65", "81", "1"];
            let rest = PREFIXES.iter().find_map(|prefix| all.strip_prefix(prefix)).unwrap_or_default();
            rest.starts_with(['0', '1'])
        }
        _ if kind.starts_with("landline") => {
            let long = national.starts_with("010") || national.starts_with("02");
            let abroad = city.ends_with("特别行政区");
            let area = if long || abroad { 3 } else { 4 };
            (abroad || national.starts_with('0')) && national[area..].starts_with(['0', '1'])
        }
        "mobile-several" => {
            national.len() % 11 == 0
                && (0..national.len()).step_by(11).all(|at| national[at..].starts_with("12"))
        }
        _ => national.starts_with("12"),
    }
}

#[test]
fn the_realistic_mix_can_be_printed() {
    let face = miandan_fonts::REGULAR;
    for Sample { order, .. } in samples(Mix::Realistic, 20_000) {
        let text = order.to_string();
        let missing: String = text.chars().filter(|&character| face.cid(character).is_none()).collect();
        assert_eq!(missing, "", "{text}");
    }
}

#[test]
fn the_generator_does_not_know_the_masker() {
    let mut read = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sample")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(!text.contains("miandan_mask"), "{}", path.display());
                read += 1;
            }
        }
    }
    assert!(read >= 12, "{read}");
}

#[test]
fn numbers_have_the_forms_of_the_carriers() {
    // S10-12, the example of the standard's own text: 47312482 has the check digit 9.
    assert_eq!(postal(47_312_482), "EA473124829CN");
    assert_eq!(postal(71_761), "EA000717618CN");
    for code in Carrier::codes() {
        let mut generator = Generator::new(1, Mix::Realistic).of_carrier(Carrier::find(code).unwrap());
        let orders: Vec<_> = (0..20).map(|_| generator.next_order().order).collect();
        let numbers: BTreeSet<_> = orders.iter().map(|order| order["waybill_no"].to_string()).collect();
        assert!(orders.iter().all(|order| order["carrier"] == code));
        assert_eq!(numbers.len(), orders.len());
        // Otherwise they are the orders of the seed.
        assert_eq!(orders[3]["recipient"], samples(Mix::Realistic, 20).nth(3).unwrap().order["recipient"]);
    }
}
