//! Compares what a masker shows with the labels of the generator, which does not know the masker.
//!
//! Both sides are compared as they are printed, character by character: without what prints nothing, digits and letters
//! narrow. So nothing that the masker says of itself is believed, its list of hidden ranges neither.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// Masks the text of a field, by the last part of its id: `name`, `mobile`, `phone`, `detail`, `memo`.
pub type Masker = fn(&str, &str) -> String;

/// What is counted, over any number of orders.
#[derive(Default)]
pub struct Tally {
    pub orders: u64,
    /// Fields that were masked, by the last part of their ids.
    pub fields: BTreeMap<String, u64>,
    /// Fields of which a character can be read that the label hides, by the last part of their ids.
    pub leaks: BTreeMap<String, u64>,
    /// Numbers of phones of which fewer than six digits are hidden.
    pub phones: u64,
    /// Names of which no letter is hidden.
    pub names: u64,
    /// Texts that changed otherwise than by stars.
    pub garbled: u64,
    /// Street numbers, estates and villages that a courier needs, and those that cannot be read any more.
    pub kept: u64,
    pub lost: u64,
    /// Fields of which more is hidden than the label hides, by kind.
    pub over: BTreeMap<String, u64>,
    faults: Vec<String>,
    losses: Vec<String>,
}

/// How many faulty rows are remembered, to be printed.
const REMEMBERED: usize = 12;

impl Tally {
    /// Counts one line of `miandan sample --labelled`.
    pub fn count(&mut self, line: &str, mask: Masker) {
        let sample: Value = serde_json::from_str(line).unwrap();
        self.orders += 1;
        for (id, label) in sample["masked"].as_object().unwrap() {
            let field = id.rsplit('.').next().unwrap();
            if !["name", "mobile", "phone", "detail", "memo"].contains(&field) {
                continue;
            }
            let source = sample["order"].pointer(&format!("/{}", id.replace('.', "/"))).unwrap();
            let kept = sample["keep"].get(id).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let kind = sample["kinds"].get(id).and_then(Value::as_str).unwrap_or(field);
            let row = Row { field, kind, source: source.as_str().unwrap(), label: label.as_str().unwrap() };
            self.count_field(&row, kept, &mask(field, row.source));
        }
    }

    fn count_field(&mut self, row: &Row<'_>, kept: &[Value], shown: &str) {
        *self.fields.entry(row.field.to_owned()).or_default() += 1;
        let characters = row.characters();
        let text: Vec<char> = printed(shown).collect();
        if !is_of(&characters, &text) {
            self.garbled += 1;
            self.remember(row, shown, "is another text");
            return;
        }
        let leaked: String = characters
            .iter()
            .zip(&text)
            .filter(|(character, shown)| character.hidden && **shown != '*' && says_something(**shown))
            .map(|(_, shown)| *shown)
            .collect();
        if !leaked.is_empty() {
            *self.leaks.entry(row.field.to_owned()).or_default() += 1;
            self.remember(row, shown, &format!("shows {leaked:?}"));
        }
        match row.field {
            "mobile" | "phone" if hidden_digits(&characters, &text) < 6 => {
                self.phones += 1;
                self.remember(row, shown, "hides fewer than six digits");
            }
            "name" if !hides_a_letter(&characters, &text) => {
                self.names += 1;
                self.remember(row, shown, "is a name in full");
            }
            _ => {}
        }
        let covered = |(character, shown): (&Character, &char)| {
            !character.hidden && *shown == '*' && character.printed != '*'
        };
        if leaked.is_empty() && characters.iter().zip(&text).any(covered) {
            *self.over.entry(format!("{} {}", row.field, row.kind)).or_default() += 1;
        }
        for kept in kept.iter().filter_map(Value::as_str) {
            self.kept += 1;
            if !is_readable(&characters, &text, kept) {
                self.lost += 1;
                if self.losses.len() < REMEMBERED {
                    self.losses.push(format!("{kept:?} of {:?}\n    shown {shown:?}", row.source));
                }
            }
        }
    }

    fn remember(&mut self, row: &Row<'_>, shown: &str, what: &str) {
        if self.faults.len() < REMEMBERED {
            self.faults.push(format!(
                "{} ({}) {what}\n   source {:?}\n    label {:?}\n    shown {shown:?}",
                row.field, row.kind, row.source, row.label
            ));
        }
    }

    /// Adds what another counted.
    pub fn add(&mut self, other: Tally) {
        self.orders += other.orders;
        for (sum, counts) in
            [(&mut self.fields, other.fields), (&mut self.leaks, other.leaks), (&mut self.over, other.over)]
        {
            counts.into_iter().for_each(|(field, count)| *sum.entry(field).or_default() += count);
        }
        self.phones += other.phones;
        self.names += other.names;
        self.garbled += other.garbled;
        self.kept += other.kept;
        self.lost += other.lost;
        self.faults.extend(other.faults);
        self.losses.extend(other.losses);
    }

    /// Whether nothing can be read that must not be.
    pub fn is_tight(&self) -> bool {
        self.leaks.is_empty() && self.phones == 0 && self.names == 0 && self.garbled == 0
    }

    /// Whether a courier can read at least 99 of 100 street numbers and estates.
    pub fn is_readable(&self) -> bool {
        self.kept > 0 && self.lost * 100 <= self.kept
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { orders, phones, names, garbled, kept, lost, .. } = self;
        let over: u64 = self.over.values().sum();
        writeln!(f, "{orders} orders, fields {:?}", self.fields)?;
        writeln!(f, "  show what the label hides: {:?}", self.leaks)?;
        writeln!(
            f,
            "  phones with fewer than six digits hidden: {phones}; names in full: {names}; garbled: {garbled}"
        )?;
        writeln!(f, "  street numbers and estates lost: {lost} of {kept}")?;
        write!(f, "  hide more than the label: {over} {:?}", self.over)?;
        for fault in &self.faults {
            write!(f, "\n- {fault}")?;
        }
        for loss in &self.losses {
            write!(f, "\n- lost {loss}")?;
        }
        Ok(())
    }
}

struct Row<'a> {
    field: &'a str,
    kind: &'a str,
    source: &'a str,
    label: &'a str,
}

/// A character of the source that prints something.
struct Character {
    printed: char,
    /// Whether the label hides it.
    hidden: bool,
}

impl Row<'_> {
    fn characters(&self) -> Vec<Character> {
        assert_eq!(self.source.chars().count(), self.label.chars().count(), "{}", self.label);
        let both = self.source.chars().zip(self.label.chars());
        both.filter(|&(source, _)| !prints_nothing(source))
            .map(|(source, label)| Character {
                printed: narrow(source),
                hidden: label == '*' && source != '*',
            })
            .collect()
    }
}

/// The text without what prints nothing, letters, digits and signs narrow.
fn printed(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|&c| !prints_nothing(c)).map(narrow)
}

/// What the generator slips in, marks that combine with a character among it.
fn prints_nothing(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}'
        | '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20F0}')
}

/// As Unicode's NFKC makes them, and one form for each of the signs that a masker may print in another.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap(),
        '\u{3000}' => ' ',
        '·' | '•' | '‧' | '・' | '･' => '·',
        c => c,
    }
}

/// Whether the shown text is the source but for stars.
fn is_of(source: &[Character], shown: &[char]) -> bool {
    // A dot between the parts of a name gets its standard form.
    let same = |source: char, shown: char| source == shown || (source == '.' && shown == '·');
    source.len() == shown.len()
        && source.iter().zip(shown).all(|(source, shown)| *shown == '*' || same(source.printed, *shown))
}

/// Punctuation and pictures tell nobody where a door is.
fn says_something(c: char) -> bool {
    c.is_alphanumeric()
}

/// The digits that are hidden, of that number in the field of which the fewest are.
///
/// The label tells where a number ends: it shows a tail of it, and what it hides next is another or an extension.
fn hidden_digits(source: &[Character], shown: &[char]) -> usize {
    let mut fewest = usize::MAX;
    // Of the number at hand: what the label hides and what is hidden.
    let (mut due, mut hidden) = (0, 0);
    let mut in_tail = false;
    for (character, shown) in
        source.iter().zip(shown).filter(|(character, _)| character.printed.is_ascii_digit())
    {
        if in_tail && character.hidden && due >= 6 {
            fewest = fewest.min(hidden);
            (due, hidden) = (0, 0);
        }
        in_tail = !character.hidden;
        due += usize::from(character.hidden);
        hidden += usize::from(*shown == '*');
    }
    if due >= 6 { fewest.min(hidden) } else { fewest }
}

fn hides_a_letter(source: &[Character], shown: &[char]) -> bool {
    source.iter().zip(shown).any(|(character, shown)| character.printed.is_alphabetic() && *shown == '*')
}

/// Whether the part can be read where the label shows it.
fn is_readable(source: &[Character], shown: &[char], part: &str) -> bool {
    let part: Vec<char> = printed(part).collect();
    let stands = |at: usize| {
        let whole = source[at..at + part.len()].iter();
        whole.zip(&part).all(|(character, part)| character.printed == *part && !character.hidden)
    };
    (0..(source.len() + 1).saturating_sub(part.len())).filter(|&at| stands(at)).any(|at| {
        shown[at..at + part.len()].iter().zip(&part).all(|(shown, part)| *shown != '*' || *part == '*')
    })
}
