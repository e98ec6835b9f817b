//! Text as codewords (ISO/IEC 15438, 5.4), as few of them as text, byte and numeric compaction allow.
//!
//! As for Code 128 the choice of modes is made from the end of the text, so no rule of thumb can be beaten.

/// Codewords that latch to a mode. Bytes have two: one for whole groups of six, and one for everything else.
const TEXT: u16 = 900;
const BYTES: u16 = 901;
const NUMERIC: u16 = 902;
const WHOLE_BYTES: u16 = 924;

/// Says in which character set the bytes are: the next codeword is an ECI.
const ECI: u16 = 927;
const UTF8: u16 = 26;

/// Digits that 15 codewords hold.
const DIGITS: usize = 44;

/// The parts of text compaction, each with a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Upper,
    Lower,
    Mixed,
    Punctuation,
}

use Part::{Lower, Mixed, Punctuation, Upper};

const PARTS: [Part; 4] = [Upper, Lower, Mixed, Punctuation];

/// Characters in the order of their values from 0.
const MIXED: &[u8; 25] = b"0123456789&\r\t,:#-.$/+%*=^";
const SIGNS: &[u8; 29] = b";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'";

/// Fills up the last codeword; where text goes on it would be the shift to a sign.
const FILL: u8 = 29;

/// More half codewords than any text has.
const NEVER: u32 = u32::MAX / 2;

impl Part {
    /// The value of a character.
    fn value(self, byte: u8) -> Option<u8> {
        let place = |table: &[u8]| Some(table.iter().position(|&other| other == byte)? as u8);
        match (self, byte) {
            (Upper | Lower | Mixed, b' ') => Some(26),
            (Upper, b'A'..=b'Z') => Some(byte - b'A'),
            (Lower, b'a'..=b'z') => Some(byte - b'a'),
            (Mixed, _) => place(MIXED),
            (Punctuation, _) => place(SIGNS),
            _ => None,
        }
    }

    /// What latches to another part.
    fn latch(self, to: Part) -> &'static [u8] {
        match (self, to) {
            (Upper | Mixed, Lower) => &[27],
            (Upper | Lower, Mixed) | (Mixed, Upper) => &[28],
            (Upper | Lower, Punctuation) => &[28, 25],
            (Lower, Upper) => &[28, 28],
            (Mixed, Punctuation) => &[25],
            (Punctuation, Upper) => &[29],
            (Punctuation, Lower) => &[29, 27],
            (Punctuation, Mixed) => &[29, 28],
            _ => &[],
        }
    }

    /// What leads to another part for one character.
    fn shift(self, to: Part) -> Option<u8> {
        match (self, to) {
            (Upper | Lower | Mixed, Punctuation) => Some(29),
            (Lower, Upper) => Some(27),
            _ => None,
        }
    }
}

/// What to do next within text compaction.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Latch to a part where it is not the same, and write a character.
    Write(Part),
    /// Write one character of another part.
    Shift(Part),
    /// Go to bytes or numbers.
    Leave(Mode),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Text,
    Bytes,
    Numeric,
}

/// The best that can be done from a place on.
#[derive(Clone, Copy, Debug)]
struct Best {
    /// In text compaction, by part and whether half a codeword is open: half codewords, and the first step.
    text: [[(u32, Step); 2]; 4],
    /// With the latch to bytes or numbers first: half codewords, how many characters there, and where to go then.
    bytes: (u32, usize, Mode),
    numeric: (u32, usize, Mode),
}

impl Best {
    /// With the latch to a mode first.
    fn after_latch(&self, mode: Mode) -> u32 {
        match mode {
            Mode::Text => 2 + self.text[Upper as usize][0].0,
            Mode::Bytes => self.bytes.0,
            Mode::Numeric => self.numeric.0,
        }
    }

    /// The cheaper of two modes.
    fn cheaper(&self, one: Mode, other: Mode) -> (u32, Mode) {
        let (first, second) = (self.after_latch(one), self.after_latch(other));
        if second < first { (second, other) } else { (first, one) }
    }
}

/// Codewords of so many bytes: five for each six, and one for each of the rest.
fn byte_words(length: usize) -> usize {
    length / 6 * 5 + length % 6
}

/// Codewords of so many digits.
fn digit_words(length: usize) -> usize {
    let rest = length % DIGITS;
    length / DIGITS * 15 + if rest == 0 { 0 } else { rest / 3 + 1 }
}

/// The codewords of a text. What is outside ASCII is written as UTF-8 and says so.
pub(super) fn codewords(text: &str) -> Vec<u16> {
    let bytes = text.as_bytes();
    let plan = plan(bytes);
    let mut words = if text.is_ascii() { Vec::new() } else { vec![ECI, UTF8] };
    let (mut at, mut mode) = (0, Mode::Text);
    while at < bytes.len() {
        let length;
        (length, mode) = match mode {
            Mode::Text => write_text(&bytes[at..], &plan[at..], &mut words),
            Mode::Bytes => {
                let (_, length, next) = plan[at].bytes;
                write_bytes(&bytes[at..at + length], &mut words);
                (length, next)
            }
            Mode::Numeric => {
                let (_, length, next) = plan[at].numeric;
                words.push(NUMERIC);
                bytes[at..at + length].chunks(DIGITS).for_each(|digits| write_number(digits, &mut words));
                (length, next)
            }
        };
        at += length;
        if mode == Mode::Text && at < bytes.len() {
            words.push(TEXT);
        }
    }
    words
}

/// The best from each place on.
fn plan(bytes: &[u8]) -> Vec<Best> {
    let end = Best {
        text: [[(0, Step::Leave(Mode::Text)), (1, Step::Leave(Mode::Text))]; 4],
        bytes: (NEVER, 0, Mode::Text),
        numeric: (NEVER, 0, Mode::Text),
    };
    let mut plan = vec![end; bytes.len() + 1];
    let mut digits = 0;
    for at in (0..bytes.len()).rev() {
        digits = if bytes[at].is_ascii_digit() { digits + 1 } else { 0 };
        let then = |length: usize, other: Mode| match plan.get(at + length) {
            Some(best) if at + length < bytes.len() => best.cheaper(Mode::Text, other),
            _ => (0, Mode::Text),
        };
        let run = |longest: usize, words: fn(usize) -> usize, other: Mode| {
            let runs = (1..=longest).map(|length| {
                let (rest, next) = then(length, other);
                (2 + 2 * words(length) as u32 + rest, length, next)
            });
            runs.min_by_key(|&(cost, ..)| cost).unwrap_or((NEVER, 0, Mode::Text))
        };
        let mut best = end;
        best.bytes = run(bytes.len() - at, byte_words, Mode::Numeric);
        best.numeric = run(digits, digit_words, Mode::Bytes);
        let leave = best.cheaper(Mode::Bytes, Mode::Numeric);
        for part in PARTS {
            for open in 0..2 {
                let mut least = (open as u32 + leave.0, Step::Leave(leave.1));
                let next = &plan[at + 1].text;
                for to in PARTS.into_iter().filter(|to| to.value(bytes[at]).is_some()) {
                    let values = part.latch(to).len() + 1;
                    let cost = values as u32 + next[to as usize][(open + values) % 2].0;
                    if cost < least.0 {
                        least = (cost, Step::Write(to));
                    }
                    let cost = 2 + next[part as usize][open].0;
                    if part.shift(to).is_some() && cost < least.0 {
                        least = (cost, Step::Shift(to));
                    }
                }
                best.text[part as usize][open] = least;
            }
        }
        plan[at] = best;
    }
    plan
}

/// Writes text up to where another mode is better, and answers how many characters, and which mode.
fn write_text(bytes: &[u8], plan: &[Best], words: &mut Vec<u16>) -> (usize, Mode) {
    let mut values: Vec<u8> = Vec::new();
    let (mut part, mut length, mut next) = (Upper, 0, Mode::Text);
    for (&byte, best) in bytes.iter().zip(plan) {
        let to = match best.text[part as usize][values.len() % 2].1 {
            Step::Leave(mode) => {
                next = mode;
                break;
            }
            Step::Write(to) => {
                values.extend(part.latch(to));
                part = to;
                to
            }
            Step::Shift(to) => {
                values.extend(part.shift(to));
                to
            }
        };
        values.extend(to.value(byte));
        length += 1;
    }
    for pair in values.chunks(2) {
        words.push(u16::from(pair[0]) * 30 + u16::from(pair.get(1).copied().unwrap_or(FILL)));
    }
    (length, next)
}

fn write_bytes(bytes: &[u8], words: &mut Vec<u16>) {
    words.push(if bytes.len().is_multiple_of(6) { WHOLE_BYTES } else { BYTES });
    let groups = bytes.chunks_exact(6);
    let rest = groups.remainder();
    for group in groups {
        let value = group.iter().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
        words.extend((0..5).rev().map(|power| (value / 900u64.pow(power) % 900) as u16));
    }
    words.extend(rest.iter().map(|&byte| u16::from(byte)));
}

/// Up to 44 digits with a 1 in front as a number in base 900.
fn write_number(digits: &[u8], words: &mut Vec<u16>) {
    let mut number: Vec<u8> = std::iter::once(1).chain(digits.iter().map(|digit| digit - b'0')).collect();
    let mut reversed = Vec::with_capacity(15);
    while number.iter().any(|&digit| digit > 0) {
        let mut rest = 0u16;
        for digit in &mut number {
            rest = rest * 10 + u16::from(*digit);
            *digit = (rest / 900) as u8;
            rest %= 900;
        }
        reversed.push(rest);
    }
    words.extend(reversed.iter().rev());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the standard (5.4.2.4 and 5.4.4.2), and what is as short as can be.
    #[test]
    fn modes_are_chosen_well() {
        assert_eq!(codewords("PDF417"), [453, 178, 121, 239]);
        assert_eq!(codewords("000213298174000"), [902, 1, 624, 434, 632, 282, 200]);
        assert_eq!(codewords("alcool").len(), 4);
        assert_eq!(codewords("\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}"), [924, 1, 620, 89, 74, 846]);
        assert_eq!(codewords("面"), [927, 26, 901, 0xE9, 0x9D, 0xA2]);
        assert_eq!(codewords(&"7".repeat(88)).len(), 31);
    }

    /// The plan costs what is written, and no text costs more than its bytes.
    #[test]
    fn no_text_is_longer_than_its_bytes() {
        let alphabet: Vec<char> = "aZ1;9面 \u{1}%A0".chars().collect();
        let mut random = miandan_testing::Random(0x417);
        for _ in 0..400 {
            let length = random.below(60);
            let text: String = (0..length).map(|_| alphabet[random.below(alphabet.len())]).collect();
            let words = codewords(&text);
            let eci = if text.is_ascii() { 0 } else { 2 };
            let planned = plan(text.as_bytes())[0].text[0][0].0.div_ceil(2) as usize;
            assert_eq!(words.len(), planned + eci, "{text}");
            assert!(words.len() <= 1 + byte_words(text.len()) + eci, "{text}");
            assert!(words.iter().all(|&word| word < 929));
        }
    }
}
