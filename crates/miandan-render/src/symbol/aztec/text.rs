//! Text as the bits of an Aztec code (ISO/IEC 24778, 7.2), as few of them as the modes allow.
//!
//! As for Code 128 the choice of modes is made from the end of the text, so no rule of thumb can be beaten.

/// The modes that a text can stay in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Upper,
    Lower,
    Mixed,
    Digit,
    Punctuation,
}

use Mode::{Digit, Lower, Mixed, Punctuation, Upper};

const MODES: [Mode; 5] = [Upper, Lower, Mixed, Digit, Punctuation];

/// Control characters and signs of the mixed mode in the order of their codes from 2, and of punctuation from 6.
const MIXED: &[u8; 26] = b"\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0B\x0C\r\x1B\x1C\x1D\x1E\x1F@\\^_`|~\x7F";
const SIGNS: &[u8; 25] = b"!\"#$%&'()*+,-./:;<=>?[]{}";

/// More bits than any text has.
const NEVER: u32 = u32::MAX / 2;

/// Bits that are being written, the first in the highest place of a value.
#[derive(Debug, Default)]
pub(super) struct Bits(pub(super) Vec<bool>);

impl Bits {
    pub(super) fn push(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }
}

impl Mode {
    /// Bits of a code.
    fn width(self) -> u32 {
        if self == Digit { 4 } else { 5 }
    }

    /// The code of a byte.
    fn code(self, byte: u8) -> Option<u32> {
        let place =
            |table: &[u8], first: u32| Some(table.iter().position(|&other| other == byte)? as u32 + first);
        match (self, byte) {
            (Upper | Lower | Mixed | Digit, b' ') => Some(1),
            (Upper, b'A'..=b'Z') => Some(u32::from(byte - b'A') + 2),
            (Lower, b'a'..=b'z') => Some(u32::from(byte - b'a') + 2),
            (Digit, b'0'..=b'9') => Some(u32::from(byte - b'0') + 2),
            (Digit, b',') => Some(12),
            (Digit, b'.') => Some(13),
            (Mixed, _) => place(MIXED, 2),
            (Punctuation, b'\r') => Some(1),
            (Punctuation, _) => place(SIGNS, 6),
            _ => None,
        }
    }

    /// What latches to another mode: codes, each with its bits.
    fn latch(self, to: Mode) -> &'static [(u32, u32)] {
        match (self, to) {
            (Upper | Mixed, Lower) => &[(28, 5)],
            (Upper | Lower, Mixed) | (Mixed, Upper) => &[(29, 5)],
            (Upper | Lower, Digit) | (Mixed, Punctuation) => &[(30, 5)],
            (Upper | Lower, Punctuation) => &[(29, 5), (30, 5)],
            (Lower, Upper) => &[(30, 5), (14, 4)],
            (Mixed, Digit) => &[(29, 5), (30, 5)],
            (Digit, Upper) => &[(14, 4)],
            (Digit, Lower) => &[(14, 4), (28, 5)],
            (Digit, Mixed) => &[(14, 4), (29, 5)],
            (Digit, Punctuation) => &[(14, 4), (29, 5), (30, 5)],
            (Punctuation, Upper) => &[(31, 5)],
            (Punctuation, Lower) => &[(31, 5), (28, 5)],
            (Punctuation, Mixed) => &[(31, 5), (29, 5)],
            (Punctuation, Digit) => &[(31, 5), (30, 5)],
            _ => &[],
        }
    }

    /// What shifts to another mode for one character.
    fn shift(self, to: Mode) -> Option<u32> {
        match (self, to) {
            (Upper | Lower | Mixed | Digit, Punctuation) => Some(0),
            (Lower, Upper) => Some(28),
            (Digit, Upper) => Some(15),
            _ => None,
        }
    }

    /// Whether a run of bytes can be put in.
    fn takes_bytes(self) -> bool {
        matches!(self, Upper | Lower | Mixed)
    }
}

/// What encodes the front of a text in a mode.
#[derive(Clone, Copy, Debug)]
enum Step {
    Latch(Mode),
    Direct,
    Shift(Mode),
    /// So many bytes as they are.
    Bytes(usize),
}

/// Writes a text. What is not ASCII is UTF-8 and says so (ECI 26).
pub(super) fn write(text: &str, bits: &mut Bits) {
    if !text.is_ascii() {
        // A shift to punctuation, the sign for an identifier, two digits, 26.
        for (value, count) in [(0, 5), (0, 5), (2, 3), (4, 4), (8, 4)] {
            bits.push(value, count);
        }
    }
    let text = text.as_bytes();
    let plan = plan(text);
    let (mut at, mut mode) = (0, Upper);
    while at < text.len() {
        match plan[at][mode as usize].1 {
            Step::Latch(to) => {
                mode.latch(to).iter().for_each(|&(code, width)| bits.push(code, width));
                mode = to;
            }
            Step::Direct => {
                bits.push(mode.code(text[at]).unwrap_or(0), mode.width());
                at += 1;
            }
            Step::Shift(to) => {
                bits.push(mode.shift(to).unwrap_or(0), mode.width());
                bits.push(to.code(text[at]).unwrap_or(0), to.width());
                at += 1;
            }
            Step::Bytes(count) => {
                bits.push(31, 5);
                if count > SHORT_RUN {
                    bits.push(0, 5);
                    bits.push((count - SHORT_RUN) as u32, 11);
                } else {
                    bits.push(count as u32, 5);
                }
                text[at..at + count].iter().for_each(|&byte| bits.push(byte.into(), 8));
                at += count;
            }
        }
    }
}

/// Bytes of a run whose length takes five bits.
const SHORT_RUN: usize = 31;

/// For each place and mode the fewest bits from there to the end, and what to do there.
fn plan(text: &[u8]) -> Vec<[(u32, Step); 5]> {
    let mut plan = vec![[(0, Step::Direct); 5]; text.len() + 1];
    for at in (0..text.len()).rev() {
        let mut here = [(NEVER, Step::Direct); 5];
        for mode in MODES {
            let best = &mut here[mode as usize];
            let mut offer = |cost: u32, step: Step| {
                if cost < best.0 {
                    *best = (cost, step);
                }
            };
            let rest = |at: usize| plan[at][mode as usize].0;
            if mode.code(text[at]).is_some() {
                offer(mode.width() + rest(at + 1), Step::Direct);
            }
            for to in MODES {
                if mode.shift(to).is_some() && to.code(text[at]).is_some() {
                    offer(mode.width() + to.width() + rest(at + 1), Step::Shift(to));
                }
            }
            if mode.takes_bytes() {
                for count in 1..=text.len() - at {
                    let head = if count > SHORT_RUN { 21 } else { 10 };
                    offer(head + 8 * count as u32 + rest(at + count), Step::Bytes(count));
                }
            }
        }
        // No two latches follow each other: each latch goes straight to where it is wanted.
        let unlatched = here;
        for mode in MODES {
            for to in MODES.into_iter().filter(|&to| to != mode) {
                let latch: u32 = mode.latch(to).iter().map(|&(_, width)| width).sum();
                let cost = latch + unlatched[to as usize].0;
                if cost < here[mode as usize].0 {
                    here[mode as usize] = (cost, Step::Latch(to));
                }
            }
        }
        plan[at] = here;
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> usize {
        let mut bits = Bits::default();
        write(text, &mut bits);
        bits.0.len()
    }

    #[test]
    fn modes_are_chosen_for_the_fewest_bits() {
        assert_eq!(length("ABC"), 15);
        assert_eq!(length("ABCa"), 25);
        assert_eq!(length("123456"), 5 + 24);
        // A latch to digits, the digits, a shift to capitals.
        assert_eq!(length("12A"), 5 + 8 + 4 + 5);
        assert_eq!(length("MD7000000000012"), 10 + 5 + 13 * 4);
        assert_eq!(length("A!"), 5 + 10);
        // An identifier of 21 bits, a run of six bytes.
        assert_eq!(length("面单"), 21 + 10 + 48);
    }

    #[test]
    fn every_byte_of_ascii_has_a_way() {
        for byte in 0..128u8 {
            assert!(length(&char::from(byte).to_string()) <= 18, "{byte}");
        }
    }
}
