//! Code 128 (ISO/IEC 15417, GB/T 18347): ASCII text as bars and spaces, in the fewest symbol characters.
//!
//! Set A holds capitals and control characters, set B capitals and small letters, set C pairs of digits.
//! The choice among them is made by dynamic programming from the end of the text, so no rule of thumb can be beaten:
//! there is no shorter symbol for the same text.
//! Of the function characters only FNC1 is used, in GS1-128; carriers print plain Code 128.

use super::SymbolError;

/// Modules that must stay blank at either end (ISO/IEC 15417, 4.2 e).
pub const QUIET_ZONE: u32 = 10;

/// The longest text that is encoded, in characters. A 15-character number is already 58 mm wide at 3 dots.
pub const MAX_LENGTH: usize = 128;

/// Appends the widths of bars and spaces in turn, in modules, from the first bar of the start character to the last
/// bar of the 13-module stop character.
///
/// # Errors
/// [`SymbolError::Empty`], [`SymbolError::TooLong`] above [`MAX_LENGTH`], [`SymbolError::Character`] outside ASCII.
pub fn encode(text: &str, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    if !text.is_ascii() {
        return Err(SymbolError::Character);
    }
    encode_bytes(text.as_bytes(), widths)
}

/// Appends the symbol of ASCII bytes and [`FNC1`]; nothing else may be among them.
pub(super) fn encode_bytes(text: &[u8], widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    if text.is_empty() {
        return Err(SymbolError::Empty);
    }
    if text.len() > MAX_LENGTH {
        return Err(SymbolError::TooLong);
    }
    let plan = Plan::new(text);
    let mut writer = Writer::new(widths, plan.start());
    let mut at = 0;
    while at < text.len() {
        at += plan.step(at, &mut writer);
    }
    writer.finish();
    Ok(())
}

/// Width of a whole symbol in modules, without quiet zones.
#[must_use]
pub fn modules(widths: &[u8]) -> u32 {
    widths.iter().map(|&width| u32::from(width)).sum()
}

/// The widths of a symbol character in modules, from its first bar; 106 is the stop character without its last bar of
/// two. For those who read symbols.
#[must_use]
pub fn pattern(value: u8) -> Option<[u8; 6]> {
    const WITHOUT_BAR: [u8; 6] = [STOP[0], STOP[1], STOP[2], STOP[3], STOP[4], STOP[5]];
    if value == 106 { Some(WITHOUT_BAR) } else { PATTERNS.get(usize::from(value)).copied() }
}

/// Stands for function character 1 among the bytes of a text; no byte of ASCII.
pub(super) const FNC1: u8 = 0xF1;

/// A code set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

impl Set {
    /// In the order in which ties are broken: B first, since every reader in the field knows it best.
    const ALL: [Set; 3] = [Set::B, Set::C, Set::A];

    /// The value of the start character.
    fn start(self) -> u8 {
        match self {
            Set::A => 103,
            Set::B => 104,
            Set::C => 105,
        }
    }

    /// The value that latches to this set; the same from either of the other two.
    fn latch(self) -> u8 {
        match self {
            Set::A => 101,
            Set::B => 100,
            Set::C => 99,
        }
    }

    /// The set that one character may be borrowed from by a shift.
    fn other(self) -> Option<Set> {
        match self {
            Set::A => Some(Set::B),
            Set::B => Some(Set::A),
            Set::C => None,
        }
    }

    /// The value that stands for the front of `text` and how many characters it takes.
    fn value(self, text: &[u8]) -> Option<(u8, usize)> {
        match (self, text) {
            (_, [FNC1, ..]) => Some((102, 1)),
            (Set::A, [byte @ 0..32, ..]) => Some((byte + 64, 1)),
            (Set::A, [byte @ 32..96, ..]) | (Set::B, [byte @ 32..128, ..]) => Some((byte - 32, 1)),
            (Set::C, [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..]) => {
                Some(((tens - b'0') * 10 + ones - b'0', 2))
            }
            _ => None,
        }
    }
}

const SHIFT: u8 = 98;

/// More symbol characters than any text needs.
const NEVER: u16 = u16::MAX / 2;

/// For each place in the text the fewest symbol characters from there to its end.
struct Plan<'t> {
    text: &'t [u8],
    /// When the next character is read in a set: by its own value or by a shift. Indexed by place and set.
    reading: [[u16; 3]; MAX_LENGTH + 1],
}

impl<'t> Plan<'t> {
    fn new(text: &'t [u8]) -> Self {
        let mut plan = Plan { text, reading: [[NEVER; 3]; MAX_LENGTH + 1] };
        plan.reading[text.len()] = [0; 3];
        for at in (0..text.len()).rev() {
            for set in Set::ALL {
                plan.reading[at][set as usize] = plan.direct(at, set).min(plan.shifted(at, set));
            }
        }
        plan
    }

    fn direct(&self, at: usize, set: Set) -> u16 {
        set.value(&self.text[at..]).map_or(NEVER, |(_, taken)| 1 + self.rest(at + taken, set))
    }

    fn shifted(&self, at: usize, set: Set) -> u16 {
        let other = set.other().and_then(|other| other.value(&self.text[at..]));
        other.map_or(NEVER, |(_, taken)| 2 + self.rest(at + taken, set))
    }

    /// From a place to the end when a set is in force and may be left.
    fn rest(&self, at: usize, set: Set) -> u16 {
        let latched = Set::ALL.iter().map(|&to| self.reading[at][to as usize] + 1).min().unwrap_or(NEVER);
        self.reading[at][set as usize].min(latched)
    }

    fn start(&self) -> Set {
        Set::ALL.into_iter().min_by_key(|&set| self.reading[0][set as usize]).unwrap_or(Set::B)
    }

    /// Writes what encodes the next character or pair, and says how many characters that was.
    fn step(&self, at: usize, writer: &mut Writer<'_>) -> usize {
        if self.rest(at, writer.set) < self.reading[at][writer.set as usize] {
            let to = Set::ALL.into_iter().min_by_key(|&set| self.reading[at][set as usize]).unwrap_or(Set::B);
            writer.value(to.latch());
            writer.set = to;
        }
        let set = writer.set;
        let from = if self.direct(at, set) <= self.shifted(at, set) {
            set
        } else {
            writer.value(SHIFT);
            set.other().unwrap_or(set)
        };
        // One of A and B has every character of ASCII, and all sets have FNC1, so the plan never chooses a set that has not.
        let (value, taken) = from.value(&self.text[at..]).unwrap_or((0, 1));
        writer.value(value);
        taken
    }
}

/// Appends symbol characters and keeps the check sum (ISO/IEC 15417, annex A).
struct Writer<'w> {
    widths: &'w mut Vec<u8>,
    set: Set,
    position: u32,
    sum: u32,
}

impl<'w> Writer<'w> {
    fn new(widths: &'w mut Vec<u8>, set: Set) -> Self {
        let start = set.start();
        widths.extend_from_slice(&PATTERNS[usize::from(start)]);
        Writer { widths, set, position: 0, sum: u32::from(start) }
    }

    fn value(&mut self, value: u8) {
        self.position += 1;
        self.sum += self.position * u32::from(value);
        self.widths.extend_from_slice(&PATTERNS[usize::from(value)]);
    }

    fn finish(self) {
        self.widths.extend_from_slice(&PATTERNS[(self.sum % 103) as usize]);
        self.widths.extend_from_slice(&STOP);
    }
}

/// Bar, space, bar, space, bar, space of each value (ISO/IEC 15417, table 1); 103 to 105 are the start characters.
#[rustfmt::skip]
const PATTERNS: [[u8; 6]; 106] = [
    [2, 1, 2, 2, 2, 2], [2, 2, 2, 1, 2, 2], [2, 2, 2, 2, 2, 1], [1, 2, 1, 2, 2, 3], [1, 2, 1, 3, 2, 2],
    [1, 3, 1, 2, 2, 2], [1, 2, 2, 2, 1, 3], [1, 2, 2, 3, 1, 2], [1, 3, 2, 2, 1, 2], [2, 2, 1, 2, 1, 3],
    [2, 2, 1, 3, 1, 2], [2, 3, 1, 2, 1, 2], [1, 1, 2, 2, 3, 2], [1, 2, 2, 1, 3, 2], [1, 2, 2, 2, 3, 1],
    [1, 1, 3, 2, 2, 2], [1, 2, 3, 1, 2, 2], [1, 2, 3, 2, 2, 1], [2, 2, 3, 2, 1, 1], [2, 2, 1, 1, 3, 2],
    [2, 2, 1, 2, 3, 1], [2, 1, 3, 2, 1, 2], [2, 2, 3, 1, 1, 2], [3, 1, 2, 1, 3, 1], [3, 1, 1, 2, 2, 2],
    [3, 2, 1, 1, 2, 2], [3, 2, 1, 2, 2, 1], [3, 1, 2, 2, 1, 2], [3, 2, 2, 1, 1, 2], [3, 2, 2, 2, 1, 1],
    [2, 1, 2, 1, 2, 3], [2, 1, 2, 3, 2, 1], [2, 3, 2, 1, 2, 1], [1, 1, 1, 3, 2, 3], [1, 3, 1, 1, 2, 3],
    [1, 3, 1, 3, 2, 1], [1, 1, 2, 3, 1, 3], [1, 3, 2, 1, 1, 3], [1, 3, 2, 3, 1, 1], [2, 1, 1, 3, 1, 3],
    [2, 3, 1, 1, 1, 3], [2, 3, 1, 3, 1, 1], [1, 1, 2, 1, 3, 3], [1, 1, 2, 3, 3, 1], [1, 3, 2, 1, 3, 1],
    [1, 1, 3, 1, 2, 3], [1, 1, 3, 3, 2, 1], [1, 3, 3, 1, 2, 1], [3, 1, 3, 1, 2, 1], [2, 1, 1, 3, 3, 1],
    [2, 3, 1, 1, 3, 1], [2, 1, 3, 1, 1, 3], [2, 1, 3, 3, 1, 1], [2, 1, 3, 1, 3, 1], [3, 1, 1, 1, 2, 3],
    [3, 1, 1, 3, 2, 1], [3, 3, 1, 1, 2, 1], [3, 1, 2, 1, 1, 3], [3, 1, 2, 3, 1, 1], [3, 3, 2, 1, 1, 1],
    [3, 1, 4, 1, 1, 1], [2, 2, 1, 4, 1, 1], [4, 3, 1, 1, 1, 1], [1, 1, 1, 2, 2, 4], [1, 1, 1, 4, 2, 2],
    [1, 2, 1, 1, 2, 4], [1, 2, 1, 4, 2, 1], [1, 4, 1, 1, 2, 2], [1, 4, 1, 2, 2, 1], [1, 1, 2, 2, 1, 4],
    [1, 1, 2, 4, 1, 2], [1, 2, 2, 1, 1, 4], [1, 2, 2, 4, 1, 1], [1, 4, 2, 1, 1, 2], [1, 4, 2, 2, 1, 1],
    [2, 4, 1, 2, 1, 1], [2, 2, 1, 1, 1, 4], [4, 1, 3, 1, 1, 1], [2, 4, 1, 1, 1, 2], [1, 3, 4, 1, 1, 1],
    [1, 1, 1, 2, 4, 2], [1, 2, 1, 1, 4, 2], [1, 2, 1, 2, 4, 1], [1, 1, 4, 2, 1, 2], [1, 2, 4, 1, 1, 2],
    [1, 2, 4, 2, 1, 1], [4, 1, 1, 2, 1, 2], [4, 2, 1, 1, 1, 2], [4, 2, 1, 2, 1, 1], [2, 1, 2, 1, 4, 1],
    [2, 1, 4, 1, 2, 1], [4, 1, 2, 1, 2, 1], [1, 1, 1, 1, 4, 3], [1, 1, 1, 3, 4, 1], [1, 3, 1, 1, 4, 1],
    [1, 1, 4, 1, 1, 3], [1, 1, 4, 3, 1, 1], [4, 1, 1, 1, 1, 3], [4, 1, 1, 3, 1, 1], [1, 1, 3, 1, 4, 1],
    [1, 1, 4, 1, 3, 1], [3, 1, 1, 1, 4, 1], [4, 1, 1, 1, 3, 1], [2, 1, 1, 4, 1, 2], [2, 1, 1, 2, 1, 4],
    [2, 1, 1, 2, 3, 2],
];

/// The stop character with its final bar.
const STOP: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(text: &str) -> Vec<u8> {
        let mut widths = Vec::new();
        encode(text, &mut widths).unwrap();
        widths
    }

    /// The values of a symbol from start to check character, found by measuring.
    fn values(widths: &[u8]) -> Vec<u8> {
        let (characters, stop) = widths.split_at(widths.len() - 7);
        assert_eq!(stop, STOP);
        let value = |pattern: &[u8]| PATTERNS.iter().position(|known| known == pattern).unwrap() as u8;
        characters.chunks(6).map(value).collect()
    }

    /// Reads a symbol back by the rules of the standard, apart from the encoder's own tables of sets.
    fn read(widths: &[u8]) -> String {
        let values = values(widths);
        let (check, values) = values.split_last().unwrap();
        let weighted = |(at, &value): (usize, &u8)| at.max(1) as u32 * u32::from(value);
        assert_eq!(values.iter().enumerate().map(weighted).sum::<u32>() % 103, u32::from(*check));
        let mut text = String::new();
        let (mut set, mut shifted) = (values[0], false);
        for &value in &values[1..] {
            let current = if shifted { 207 - set } else { set };
            shifted = false;
            match (current, value) {
                (105, 0..=99) => text.push_str(&format!("{value:02}")),
                (103, 0..=63) | (104, 0..=95) => text.push((value + 32) as char),
                (103, 64..=95) => text.push((value - 64) as char),
                (103 | 104, 98) => shifted = true,
                (103 | 104, 99) => set = 105,
                (103 | 105, 100) => set = 104,
                (104 | 105, 101) => set = 103,
                other => panic!("{other:?}"),
            }
        }
        text
    }

    #[test]
    fn every_pattern_is_eleven_modules_with_bars_of_even_sum() {
        for (value, pattern) in PATTERNS.iter().enumerate() {
            assert_eq!(pattern.iter().sum::<u8>(), 11, "{value}");
            assert_eq!((pattern[0] + pattern[2] + pattern[4]) % 2, 0, "{value}");
            assert_eq!(PATTERNS.iter().filter(|other| *other == pattern).count(), 1, "{value}");
        }
    }

    #[test]
    fn a_known_example() {
        // PJJ123C has the check character 54 when it starts in set A (Wikipedia, "Code 128"), so 55 when in set B.
        assert_eq!(values(&widths("PJJ123C")), [104, 48, 42, 42, 17, 18, 19, 35, 55]);
        assert_eq!(widths("PJJ123C")[..12], [2, 1, 1, 2, 1, 4, 3, 1, 3, 1, 2, 1]);
    }

    #[test]
    fn digits_go_by_pairs() {
        assert_eq!(values(&widths("123456")), [105, 12, 34, 56, 44]);
        assert_eq!(modules(&widths("123456")), 11 * 5 + 13);
    }

    #[test]
    fn a_waybill_number_of_two_letters_and_thirteen_digits_is_145_modules() {
        assert_eq!(modules(&widths("SF1234567890123")), 145);
        assert_eq!(read(&widths("SF1234567890123")), "SF1234567890123");
    }

    #[test]
    fn sets_are_chosen_for_the_shortest_symbol() {
        for (text, characters) in [
            ("A", 1),
            ("12", 1),
            ("123", 3), // B throughout, or C with a latch: the same
            ("1234", 2),
            ("A1234", 4), // latch at the end pays from four digits
            ("A123", 4),
            ("A12345B", 7),
            ("A123456B", 7),
            ("abc\ndef", 8), // one shift
            ("abc\n\n\ndef", 11),
            ("\x01\x02a\x03", 5),
        ] {
            let widths = widths(text);
            assert_eq!(read(&widths), text);
            assert_eq!(values(&widths).len(), characters + 2, "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let mut widths = vec![7];
        assert_eq!(encode("", &mut widths), Err(SymbolError::Empty));
        assert_eq!(encode("é", &mut widths), Err(SymbolError::Character));
        assert_eq!(encode("运单", &mut widths), Err(SymbolError::Character));
        assert_eq!(encode(&"1".repeat(MAX_LENGTH + 1), &mut widths), Err(SymbolError::TooLong));
        assert_eq!(widths, [7]);
    }

    proptest::proptest! {
        #[test]
        fn every_ascii_text_reads_back(text in "[\\x00-\\x7f]{1,40}|[0-9]{1,30}|[A-Z]{0,3}[0-9]{8,16}[a-z\\x01]{0,3}") {
            proptest::prop_assert_eq!(read(&widths(&text)), text);
        }
    }
}
