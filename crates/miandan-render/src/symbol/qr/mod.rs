//! QR codes (ISO/IEC 18004) of versions 1 to 27, as rows of machine words.
//!
//! Bit streams and error correction come from the `qrcode` crate. What that crate spends a millisecond on, drawing
//! and scoring the eight masks module by module, is done here on whole rows; the symbol is the same, which the tests
//! hold against the crate's own choice.

mod function;
mod mask;
mod segment;

use qrcode::types::{EcLevel, QrError, Version};

use super::SymbolError;
use function::{Function, Rows};

/// Modules that must stay blank on each side (ISO/IEC 18004, 5.3.8).
pub const QUIET_ZONE: u32 = 4;

/// The largest version that is drawn: 125 modules along each side, so that a row fits into a `u128`.
pub const MAX_VERSION: u8 = 27;

/// How much of a symbol may be lost before it cannot be read (ISO/IEC 18004, 6.5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// About 7 %.
    L,
    /// About 15 %.
    #[default]
    M,
    /// About 25 %.
    Q,
    /// About 30 %.
    H,
}

impl Level {
    fn error_correction(self) -> EcLevel {
        match self {
            Level::L => EcLevel::L,
            Level::M => EcLevel::M,
            Level::Q => EcLevel::Q,
            Level::H => EcLevel::H,
        }
    }
}

/// Appends the rows of the smallest symbol that holds a text, and answers how many modules each side has.
///
/// Bit 0 of a row is its leftmost module; 1 is dark. Text outside ASCII is written as UTF-8 and says so (ECI 26).
///
/// # Errors
/// [`SymbolError::Empty`], or [`SymbolError::TooLong`] above version 27.
pub fn encode(text: &str, level: Level, rows: &mut Vec<u128>) -> Result<u8, SymbolError> {
    if text.is_empty() {
        return Err(SymbolError::Empty);
    }
    let level = level.error_correction();
    let bits = segment::encode(text, level)?;
    let version = bits.version();
    let Version::Normal(number @ 1..=27) = version else { return Err(SymbolError::TooLong) };
    let (data, correction) =
        qrcode::ec::construct_codewords(&bits.into_bytes(), version, level).map_err(refusal)?;
    let function = Function::new(number as u8);
    let mut modules = [0; function::MAX_SIDE];
    place(&function, data.iter().chain(&correction), &mut modules);
    let chosen = mask::apply_best(&function, level, &mut modules);
    debug_assert!(chosen < 8);
    rows.extend_from_slice(&modules[..function.side]);
    Ok(function.side as u8)
}

fn refusal(error: QrError) -> SymbolError {
    match error {
        QrError::DataTooLong => SymbolError::TooLong,
        _ => SymbolError::Character,
    }
}

/// Puts the bits of the codewords where no function pattern stands, in columns of two modules from the right, upwards
/// and downwards in turn (ISO/IEC 18004, 7.7.3).
fn place<'c>(function: &Function, codewords: impl Iterator<Item = &'c u8>, modules: &mut Rows) {
    let mut bits = Bits { codewords, word: 0, left: 0 };
    let side = function.side;
    let mut upwards = true;
    // The vertical timing pattern in column 6 is stepped over.
    for right in (1..side).rev().step_by(2).map(|right| if right <= 6 { right - 1 } else { right }) {
        for step in 0..side {
            let y = if upwards { side - 1 - step } else { step };
            let taken = (function.taken[y] >> (right - 1)) as u8;
            let mut pair = 0;
            if taken & 2 == 0 {
                pair = bits.next() << 1;
            }
            if taken & 1 == 0 {
                pair |= bits.next();
            }
            modules[y] |= u128::from(pair) << (right - 1);
        }
        upwards = !upwards;
    }
}

/// The bits of codewords, most significant first; zeros after the last (the remainder bits of the standard).
struct Bits<I> {
    codewords: I,
    word: u8,
    left: u8,
}

impl<'c, I: Iterator<Item = &'c u8>> Bits<I> {
    fn next(&mut self) -> u8 {
        if self.left == 0 {
            self.word = self.codewords.next().copied().unwrap_or(0);
            self.left = 8;
        }
        self.left -= 1;
        self.word >> self.left & 1
    }
}

#[cfg(test)]
mod tests {
    use qrcode::bits::Bits;
    use qrcode::{Color, QrCode};

    use super::*;

    const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

    fn rows(text: &str, level: Level) -> Vec<u128> {
        let mut rows = vec![];
        let side = encode(text, level, &mut rows).unwrap();
        assert_eq!(rows.len(), usize::from(side));
        rows
    }

    /// What the `qrcode` crate draws from given bits with its own mask search.
    fn oracle(bits: Bits, level: Level) -> Vec<u128> {
        let code = QrCode::with_bits(bits, level.error_correction()).unwrap();
        let row = |row: &[Color]| {
            row.iter().rev().fold(0, |word, &color| word << 1 | u128::from(color == Color::Dark))
        };
        code.to_colors().chunks(code.width()).map(row).collect()
    }

    /// A text without an end, of which any front is a payload; its character depends on `seed`.
    fn payload(seed: u64, length: usize) -> String {
        const ALPHABETS: [&str; 5] = [
            "0123456789",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:",
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
            "0000000000000000000000000000000A",
            "abcdefghijklmnopqrstuvwxyz",
        ];
        let alphabet = ALPHABETS[(seed % 5) as usize].as_bytes();
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            alphabet[(state >> 33) as usize % alphabet.len()] as char
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn symbols_are_those_of_the_qrcode_crate() {
        let mut seen = [false; 28];
        // Six hundred symbols, versions 1 to 10 and more.
        for seed in 0..150 {
            for level in LEVELS {
                let text = payload(seed, 1 + (seed as usize * 13) % 220);
                let bits = segment::encode(&text, level.error_correction()).unwrap();
                let Version::Normal(version) = bits.version() else { unreachable!() };
                seen[version as usize] = true;
                assert_eq!(rows(&text, level), oracle(bits, level), "{text} at {level:?}, version {version}");
            }
        }
        assert!(seen[1..=10].iter().all(|&seen| seen), "{seen:?}");
    }

    #[test]
    fn every_version_is_that_of_the_qrcode_crate() {
        for version in 1..=27 {
            for level in LEVELS {
                let mut empty = Bits::new(Version::Normal(version));
                let room = empty.max_len(level.error_correction()).unwrap() / 8 - 3;
                let text = payload(u64::from(version.unsigned_abs()) * 5 + 4, room);
                empty.push_byte_data(text.as_bytes()).unwrap();
                empty.push_terminator(level.error_correction()).unwrap();
                assert_eq!(rows(&text, level), oracle(empty, level), "version {version} at {level:?}");
            }
        }
    }

    #[test]
    fn a_waybill_number_is_version_1() {
        assert_eq!(rows("SF1234567890123", Level::M).len(), 21);
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let mut rows = vec![7];
        assert_eq!(encode("", Level::M, &mut rows), Err(SymbolError::Empty));
        assert_eq!(encode(&"a".repeat(1466), Level::L, &mut rows), Err(SymbolError::TooLong));
        assert_eq!(rows, [7]);
        assert_eq!(encode(&"a".repeat(1465), Level::L, &mut rows), Ok(125));
    }
}
