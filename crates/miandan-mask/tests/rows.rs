//! The rows of `fixtures/masking`, written by hand without looking at the masker.
//!
//! Compared are the characters that are hidden, and the text, but for what printing cleans (invisible characters
//! dropped, digits and letters narrow; see [`Outcome::text`]): both sides are cleaned before they are compared.
//! Where we differ, the row stands in `open.csv` with a reason. A row that stands there and passes is a failure, so
//! that the list never claims more than is true.

use std::collections::BTreeMap;
use std::path::PathBuf;

use miandan_core::masking::{ShownAddress, ShownName, ShownPhone};
use miandan_mask::{Outcome, address, free_text, landline, mobile, name, region};

/// Mode or type, and input.
type Key = (String, String);

struct Row {
    key: Key,
    expected: String,
}

fn read(file: &str) -> Vec<Vec<String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/masking").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let mut records = parse(&text);
    records.remove(0);
    records
}

/// CSV as in RFC 4180, with LF between the records; a field in quotation marks may hold anything.
fn parse(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            _ => field.push(c),
        }
    }
    records
}

/// Rows of one file; those of names and free text have no mode, so the file names it.
fn rows(file: &str, mode: Option<&str>) -> Vec<Row> {
    let row = |record: Vec<String>| {
        let mut fields = mode.map(str::to_owned).into_iter().chain(record);
        let mut next = || fields.next().unwrap();
        Row { key: (next(), next()), expected: next() }
    };
    read(file).into_iter().map(row).collect()
}

fn mask(mode: &str, text: &str) -> Outcome {
    match mode {
        "unit" => address(text, ShownAddress::Unit),
        "digits" => address(text, ShownAddress::Digits),
        "detail" => address(text, ShownAddress::Detail),
        "name" => name(text, ShownName::First),
        "mobile" => mobile(text, ShownPhone::Tail4),
        "landline" => landline(text, ShownPhone::Tail4),
        "free-text" => free_text(text),
        _ => other(mode, text),
    }
}

/// What is never printed, and the profiles that never print: `account`, `taobao mobile`, `keep:3,4 name`.
#[cfg(feature = "profiles")]
fn other(mode: &str, text: &str) -> Outcome {
    let (profile, kind) = mode.split_once(' ').unwrap_or(("gbt41833", mode));
    profile.parse::<miandan_mask::Profile>().unwrap().mask(kind.parse().unwrap(), text)
}

#[cfg(not(feature = "profiles"))]
fn other(mode: &str, _: &str) -> Outcome {
    panic!("no mode {mode}")
}

/// Text as it is printed: an organisation's is cleaned and otherwise left alone.
/// In a phone the punctuation becomes narrow and in a name the dot gets one form, which these comparisons leave out.
fn cleaned(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let form = |c: char| match narrow(c) {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '.' | '•' | '\u{2027}' | '\u{30FB}' | '\u{FF65}' => '·',
        c => c,
    };
    region(text).text.as_str().chars().map(form).collect()
}

/// Whether the character belongs to the one before it, by the conventions of the rows.
fn belongs(before: &str, c: char) -> bool {
    let flag = |c: char| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
    region(&c.to_string()).text.as_str().is_empty()
        || (before.ends_with('\u{200D}') && matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FBFF}'))
        || (flag(c) && before.chars().count() == 1 && before.chars().all(flag))
}

/// The characters of a text, each with what belongs to it, and where it begins.
fn clusters(text: &str) -> Vec<(usize, String)> {
    let mut clusters: Vec<(usize, String)> = Vec::new();
    for (at, c) in text.char_indices() {
        match clusters.last_mut() {
            Some((_, cluster)) if belongs(cluster, c) => cluster.push(c),
            _ => clusters.push((at, c.to_string())),
        }
    }
    clusters
}

/// What is wrong with the outcome: characters that leak, or that are hidden for nothing.
#[derive(Default)]
struct Verdict {
    leaks: String,
    lost: String,
    text: bool,
}

impl Verdict {
    fn passes(&self) -> bool {
        self.leaks.is_empty() && self.lost.is_empty() && !self.text
    }
}

fn judge(row: &Row, outcome: &Outcome) -> Verdict {
    let (source, expected) = (clusters(&row.key.1), clusters(&row.expected));
    assert_eq!(source.len(), expected.len(), "{:?} and {:?} have other characters", row.key, row.expected);
    let mut verdict = Verdict::default();
    for ((at, was), (_, wanted)) in source.iter().zip(&expected) {
        let hide = wanted == "*" && was != "*";
        let hidden = outcome.hidden.iter().any(|range| range.contains(at));
        match (hide, hidden) {
            (true, false) => verdict.leaks.push_str(was),
            (false, true) => verdict.lost.push_str(was),
            _ => {}
        }
    }
    verdict.text = cleaned(outcome.text.as_str()) != cleaned(&row.expected);
    verdict
}

fn open() -> BTreeMap<Key, String> {
    let mut open = BTreeMap::new();
    for record in read("open.csv") {
        let [mode, input, reason] = <[String; 3]>::try_from(record).unwrap();
        assert!(reason.len() > 10, "{input} has no reason");
        assert!(open.insert((mode, input), reason).is_none());
    }
    open
}

#[test]
#[allow(clippy::print_stdout)]
fn rows_are_masked_as_written() {
    let mut open = open();
    let mut wrong = String::new();
    for (file, mode) in [
        ("addresses.csv", None),
        ("names.csv", Some("name")),
        ("phones.csv", None),
        ("free-text.csv", Some("free-text")),
        #[cfg(feature = "profiles")]
        ("private.csv", None),
        #[cfg(feature = "profiles")]
        ("profiles.csv", None),
    ] {
        let (mut passing, mut known, mut leaking) = (0, 0, 0);
        let rows = rows(file, mode);
        for row in &rows {
            let (mode, text) = &row.key;
            let outcome = mask(mode, text);
            let verdict = judge(row, &outcome);
            let listed = open.remove(&row.key).is_some();
            leaking += usize::from(!verdict.leaks.is_empty());
            passing += usize::from(verdict.passes());
            known += usize::from(listed);
            if listed == verdict.passes() {
                let note = if listed { "passes, but stands in open.csv" } else { "differs" };
                wrong += &format!(
                    "{file} {mode} {note}\n     {text:?}\n  is {:?}\n not {:?}\n     leaks {:?} loses {:?}\n",
                    outcome.text.as_str(),
                    row.expected,
                    verdict.leaks,
                    verdict.lost
                );
            }
        }
        println!(
            "{file}: {} rows, {passing} pass, {known} open, {leaking} show what must be hidden",
            rows.len()
        );
    }
    assert!(open.is_empty(), "no such rows: {open:?}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn csv_fields_hold_anything() {
    assert_eq!(parse("a,b\n\"x,\"\"y\"\"\n\",\n"), [["a", "b"], ["x,\"y\"\n", ""]]);
}
