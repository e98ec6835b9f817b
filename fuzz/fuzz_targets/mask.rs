//! Masking of any text as anything: at least what the standard asks is hidden, what is hidden is not shown, a stricter
//! setting shows no more, and a plain door is hidden whatever stands before it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::field::FieldType;
use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_fuzz::watched;
use miandan_mask::{Outcome, address, field, free_text, landline, mobile, name};

// The strictest setting first.
const PHONES: [ShownPhone; 3] = [ShownPhone::None, ShownPhone::Tail2, ShownPhone::Tail4];
const NAMES: [ShownName; 2] = [ShownName::None, ShownName::First];
const ADDRESSES: [ShownAddress; 4] =
    [ShownAddress::Detail, ShownAddress::Digits, ShownAddress::Unit, ShownAddress::Full];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    watched(|| check_settings(&text));
    watched(|| check_types(&text));
    watched(|| check_door(&text));
});

fn check_settings(text: &str) {
    for masker in [mobile, landline] {
        let outcomes = PHONES.map(|shown| masker(text, shown));
        for outcome in &outcomes {
            let hidden: usize = outcome.hidden_parts(text).map(digits).sum();
            assert!(hidden >= digits(text).min(6), "fewer than six digits hidden");
        }
        is_monotonic(text, &outcomes);
    }
    let outcomes = NAMES.map(|shown| name(text, shown));
    for outcome in &outcomes {
        let hidden: usize = outcome.hidden_parts(text).map(letters).sum();
        assert!(letters(outcome.text.as_str()) == 0 || hidden > 0, "a name in full");
    }
    is_monotonic(text, &outcomes);
    let outcomes = ADDRESSES.map(|shown| address(text, shown));
    assert_eq!(digits(outcomes[0].text.as_str()) + digits(outcomes[1].text.as_str()), 0, "digits shown");
    is_monotonic(text, &outcomes);
    for outcome in [&outcomes[2], &outcomes[3], &free_text(text)] {
        let shown = outcome.text.as_str();
        let longest = shown.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(longest.is_none_or(|longest| longest < 7), "a phone shown");
        is_sound(text, outcome);
    }
}

fn check_types(text: &str) {
    for kind in FieldType::ALL {
        if let Some(outcome) = field(kind, text, &Masking::DEFAULT) {
            is_sound(text, &outcome);
        }
    }
}

/// The commonest door there is, behind the text.
fn check_door(text: &str) {
    let door = " 3栋2单元501室";
    let whole = format!("{text}{door}");
    let outcome = address(&whole, ShownAddress::Unit);
    let hidden = hidden_bytes(&whole, &outcome);
    let at = |part: &str| text.len() + door.find(part).expect("a part of it");
    let is_hidden = |from: usize, length: usize| hidden[from..from + length].iter().all(|hidden| *hidden);
    assert!(is_hidden(at("2单元"), 1) && is_hidden(at("501室"), 3), "a door shown");
    is_sound(&whole, &outcome);
}

/// Ranges are in order, do not touch and end between characters. The text holds nothing that steers a printer, and of
/// letters and digits only those that are not hidden.
fn is_sound(source: &str, outcome: &Outcome) {
    let mut end = None;
    for range in &outcome.hidden {
        assert!(range.start < range.end && source.get(range.clone()).is_some(), "no range of the source");
        assert!(end.is_none_or(|end| end < range.start), "ranges touch");
        end = Some(range.end);
    }
    let text = outcome.text.as_str();
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(steers), "a control character");
    let hidden = hidden_bytes(source, outcome);
    let mut open = source.char_indices().filter(|&(at, _)| !hidden[at]).map(|(_, c)| narrow(c));
    let shown = text.chars().filter(|c| c.is_alphanumeric());
    for c in shown {
        assert!(open.any(|open| open == c), "shown, but not of what is open");
    }
    assert!(outcome.hidden.is_empty() || text.contains('*'), "no star");
}

/// A stricter setting hides at least what a looser one hides.
fn is_monotonic(source: &str, outcomes: &[Outcome]) {
    for pair in outcomes.windows(2) {
        let (strict, loose) = (hidden_bytes(source, &pair[0]), hidden_bytes(source, &pair[1]));
        assert!(strict.iter().zip(&loose).all(|(strict, loose)| *strict || !*loose), "stricter shows more");
    }
    outcomes.iter().for_each(|outcome| is_sound(source, outcome));
}

fn hidden_bytes(source: &str, outcome: &Outcome) -> Vec<bool> {
    let mut hidden = vec![false; source.len()];
    outcome.hidden.iter().for_each(|range| hidden[range.clone()].fill(true));
    hidden
}

/// Of any script: there are more digits than ten.
fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// Radicals and signs for a missing character are letters to a reader, if not to Unicode.
fn letters(text: &str) -> usize {
    let is_letter =
        |c: &char| c.is_alphabetic() || matches!(c, '\u{2E80}'..='\u{2FDF}' | '□' | '〓' | '\u{FFFD}');
    text.chars().filter(is_letter).count()
}

fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}
