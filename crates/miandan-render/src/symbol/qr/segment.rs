//! Text to the bit stream of a QR code in the fewest bits (ISO/IEC 18004, 7.4).
//!
//! Runs of digits, of capitals and of bytes are cut by dynamic programming, since the cutter of the `qrcode` crate is
//! greedy and, worse, reads the bytes of UTF-8 as Shift JIS wherever they happen to look like it.

use qrcode::bits::Bits;
use qrcode::types::{EcLevel, Mode, Version};

use super::{MAX_VERSION, SymbolError, refusal};

/// More than the largest symbol holds in any mode (version 27-L: 3,517 digits).
const MAX_LENGTH: usize = 3517;

/// The number under which UTF-8 is announced (AIM ITS/04-023).
const ECI_UTF_8: u32 = 26;

/// The terminated bits of a text in the smallest version that holds them.
pub(super) fn encode(text: &str, level: EcLevel) -> Result<Bits, SymbolError> {
    if text.len() > MAX_LENGTH {
        return Err(SymbolError::TooLong);
    }
    let (text, utf_8) = (text.as_bytes(), !text.is_ascii());
    // The lengths of counts, and so the best cuts, differ among these three ranges of versions (table 3).
    for versions in [1..=9, 10..=26, 27..=i16::from(MAX_VERSION)] {
        let segments = cut(text, Version::Normal(*versions.start()));
        let needed = length(&segments, Version::Normal(*versions.start())) + if utf_8 { 12 } else { 0 };
        for version in versions.map(Version::Normal) {
            let mut bits = Bits::new(version);
            if bits.max_len(level).map_err(refusal)? < needed {
                continue;
            }
            if utf_8 {
                bits.push_eci_designator(ECI_UTF_8).map_err(refusal)?;
            }
            push(text, &segments, &mut bits).map_err(refusal)?;
            bits.push_terminator(level).map_err(refusal)?;
            return Ok(bits);
        }
    }
    Err(SymbolError::TooLong)
}

/// Bytes of one mode: which and how many.
type Segment = (Mode, usize);

const MODES: [Mode; 3] = [Mode::Numeric, Mode::Alphanumeric, Mode::Byte];

/// Where not to go.
const NEVER: u32 = u32::MAX / 2;

/// The cheapest cut. Costs are counted in sixths of a bit, in which a digit costs 20, one of the 45 alphanumeric
/// characters 33 and a byte 48; what a run leaves over is rounded up to whole bits.
fn cut(text: &[u8], version: Version) -> Vec<Segment> {
    let heads = MODES.map(|mode| 6 * (4 + mode.length_bits_count(version)) as u32);
    // The cheapest way to have read everything up to here and to go on in a mode.
    let mut before = heads;
    let mut came_from = Vec::with_capacity(text.len());
    for &byte in text {
        let mut after = [NEVER; 3];
        let mut from = [0u8, 1, 2];
        for (mode, cost) in costs(byte).into_iter().enumerate() {
            after[mode] = before[mode].saturating_add(cost).min(NEVER);
        }
        // Whichever mode read this character, one may go on in another.
        let read = after;
        for (to, head) in heads.into_iter().enumerate() {
            for (mode, &cost) in read.iter().enumerate() {
                let switched = cost.div_ceil(6) * 6 + head;
                if cost < NEVER && switched < after[to] {
                    after[to] = switched;
                    from[to] = mode as u8;
                }
            }
        }
        came_from.push(from);
        before = after;
    }
    trace(&came_from, before)
}

/// What a byte costs in each mode, in sixths of a bit.
fn costs(byte: u8) -> [u32; 3] {
    match byte {
        b'0'..=b'9' => [20, 33, 48],
        b'A'..=b'Z' | b' ' | b'$' | b'%' | b'*' | b'+' | b'-' | b'.' | b'/' | b':' => [NEVER, 33, 48],
        _ => [NEVER, NEVER, 48],
    }
}

/// Follows the cheapest way back and joins equal modes into segments.
fn trace(came_from: &[[u8; 3]], costs: [u32; 3]) -> Vec<Segment> {
    let mut mode = (0..3).min_by_key(|&mode| costs[mode]).unwrap_or(2);
    let mut segments: Vec<Segment> = Vec::new();
    for from in came_from.iter().rev() {
        // The mode in which this character itself was read.
        mode = usize::from(from[mode]);
        match segments.last_mut() {
            Some((last, count)) if *last == MODES[mode] => *count += 1,
            _ => segments.push((MODES[mode], 1)),
        }
    }
    segments.reverse();
    segments
}

fn length(segments: &[Segment], version: Version) -> usize {
    let length = |&(mode, count): &Segment| 4 + mode.length_bits_count(version) + mode.data_bits_count(count);
    segments.iter().map(length).sum()
}

fn push(mut text: &[u8], segments: &[Segment], bits: &mut Bits) -> qrcode::QrResult<()> {
    for &(mode, count) in segments {
        let (segment, rest) = text.split_at(count);
        match mode {
            Mode::Numeric => bits.push_numeric_data(segment)?,
            Mode::Alphanumeric => bits.push_alphanumeric_data(segment)?,
            _ => bits.push_byte_data(segment)?,
        }
        text = rest;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Version = Version::Normal(1);

    #[test]
    fn runs_are_cut_where_it_saves_bits() {
        use Mode::{Alphanumeric, Byte, Numeric};
        assert_eq!(cut(b"0123456789", SMALL), [(Numeric, 10)]);
        assert_eq!(cut(b"SF1234567890123", SMALL), [(Alphanumeric, 2), (Numeric, 13)]);
        assert_eq!(cut(b"SF12", SMALL), [(Alphanumeric, 4)]);
        assert_eq!(cut(b"HTTPS://M.CN/T/abc", SMALL), [(Alphanumeric, 15), (Byte, 3)]);
        assert_eq!(cut("面单".as_bytes(), SMALL), [(Byte, 6)]);
    }

    /// All ways to cut a short text, none better.
    #[test]
    fn no_cut_is_shorter() {
        fn best(text: &[u8], so_far: &mut Vec<Segment>) -> usize {
            if text.is_empty() {
                return length(so_far, SMALL);
            }
            let mut least = usize::MAX;
            for count in 1..=text.len() {
                for (mode, kind) in MODES.into_iter().enumerate() {
                    if text[..count].iter().all(|&byte| costs(byte)[mode] < NEVER) {
                        so_far.push((kind, count));
                        least = least.min(best(&text[count..], so_far));
                        so_far.pop();
                    }
                }
            }
            least
        }
        for text in ["A12345678b", "12a3456789", "ABCDEFGab1", "a123456789", "00000Aaa00"] {
            let cut = cut(text.as_bytes(), SMALL);
            assert_eq!(length(&cut, SMALL), best(text.as_bytes(), &mut Vec::new()), "{text}");
        }
    }
}
