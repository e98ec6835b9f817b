//! Aztec codes (ISO/IEC 24778), compact ones and full ones of up to 26 layers, as rows of machine words.

mod correction;
mod text;

use super::SymbolError;
use text::Bits;

/// Modules that stay blank on each side. The standard needs none; a border that touches the symbol would still spoil it.
pub const QUIET_ZONE: u32 = 1;

/// The longest text in bytes.
const MAX_LENGTH: usize = 500;

/// The most layers of a full symbol: 125 modules along each side, so that a row fits into a `u128`.
const MAX_LAYERS: usize = 26;

/// What of the symbol restores errors: so many percent of the data and three codewords, as the standard recommends.
const CORRECTION_PERCENT: usize = 23;

/// Appends the rows of the smallest symbol that holds a text, and answers how many modules each side has. Bit 0 of a row
/// is its leftmost module. Text outside ASCII is written as UTF-8 and says so (ECI 26).
///
/// # Errors
/// [`SymbolError::Empty`], or [`SymbolError::TooLong`] above 500 bytes or 26 layers.
pub fn encode(text: &str, rows: &mut Vec<u128>) -> Result<u8, SymbolError> {
    match text.len() {
        0 => return Err(SymbolError::Empty),
        1..=MAX_LENGTH => {}
        _ => return Err(SymbolError::TooLong),
    }
    let mut bits = Bits::default();
    text::write(text, &mut bits);
    let needed = bits.0.len() * CORRECTION_PERCENT / 100;
    let form = Form::all().find_map(|form| {
        let word = form.word();
        let stuffed = stuffed(&bits, word);
        let room = form.room() / word;
        let fits =
            stuffed.len() + needed.div_ceil(word) + 3 <= room && (!form.compact || stuffed.len() <= 64);
        fits.then_some((form, stuffed, room))
    });
    let (form, data, room) = form.ok_or(SymbolError::TooLong)?;
    let mut symbol = Symbol::new(form);
    symbol.data(&data, room);
    symbol.mode(data.len());
    symbol.finder();
    rows.extend_from_slice(&symbol.rows[..symbol.side]);
    Ok(symbol.side as u8)
}

/// The size of a symbol.
#[derive(Clone, Copy, Debug)]
struct Form {
    compact: bool,
    layers: usize,
}

impl Form {
    /// Every size, the smallest first. A full symbol of up to three layers is no smaller than a compact one.
    fn all() -> impl Iterator<Item = Form> {
        let compact = (1..=4).map(|layers| Form { compact: true, layers });
        compact.chain((4..=MAX_LAYERS).map(|layers| Form { compact: false, layers }))
    }

    /// Bits of all layers.
    fn room(self) -> usize {
        (if self.compact { 88 } else { 112 } + 16 * self.layers) * self.layers
    }

    /// Bits of a codeword.
    fn word(self) -> usize {
        match self.layers {
            ..=2 => 6,
            3..=8 => 8,
            9..=22 => 10,
            _ => 12,
        }
    }

    /// Modules along each side, the lines of the reference grid apart.
    fn inner_side(self) -> usize {
        (if self.compact { 11 } else { 14 }) + 4 * self.layers
    }
}

/// Codewords of a number of bits. None is all zeros or all ones: where one would be, a bit of the other kind is put in
/// (7.3.1.2). The last is filled up with ones.
fn stuffed(bits: &Bits, word: usize) -> Vec<u16> {
    let mut words = Vec::with_capacity(bits.0.len() / word + 2);
    let (mut at, high) = (0, (1u16 << word) - 2);
    while at < bits.0.len() {
        let bit = |place: usize| u16::from(bits.0.get(at + place).copied().unwrap_or(true));
        let value = (0..word).fold(0, |value, place| value << 1 | bit(place));
        let (value, taken) = match value & high {
            0 => (value | 1, word - 1),
            ones if ones == high => (high, word - 1),
            _ => (value, word),
        };
        words.push(value);
        at += taken;
    }
    words
}

/// A symbol that is being drawn.
struct Symbol {
    form: Form,
    side: usize,
    rows: [u128; 128],
    /// Where a row or column stands once the lines of the reference grid are put between.
    places: Vec<usize>,
}

impl Symbol {
    fn new(form: Form) -> Self {
        let inner = form.inner_side();
        let (side, places) = if form.compact {
            (inner, (0..inner).collect())
        } else {
            let half = inner / 2;
            let side = inner + 1 + 2 * ((half - 1) / 15);
            let centre = side / 2;
            let far = |step: usize| step + step / 15 + 1;
            let before = (0..half).rev().map(|step| centre - far(step));
            (side, before.chain((0..half).map(|step| centre + far(step))).collect())
        };
        Symbol { form, side, rows: [0; 128], places }
    }

    fn dark(&mut self, x: usize, y: usize) {
        self.rows[y] |= 1 << x;
    }

    /// Data and its correction, in layers from the outside, each two modules thick and read around.
    fn data(&mut self, words: &[u16], room: usize) {
        let Form { compact, layers } = self.form;
        let word = self.form.word();
        let mut bits = Bits::default();
        // What is left over stands in front.
        bits.push(0, (self.form.room() % word) as u32);
        let correction = correction::words(words, room - words.len(), word);
        words.iter().chain(&correction).for_each(|&value| bits.push(value.into(), word as u32));
        let last = self.form.inner_side() - 1;
        let mut bits = bits.0.into_iter();
        for layer in 0..layers {
            let length = 4 * (layers - layer) + if compact { 9 } else { 12 };
            let (near, far) = (2 * layer, last - 2 * layer);
            for side in 0..4 {
                for along in 0..length {
                    for across in 0..2 {
                        if !bits.next().unwrap_or(false) {
                            continue;
                        }
                        let (x, y) = match side {
                            0 => (near + across, near + along),
                            1 => (near + along, far - across),
                            2 => (far - across, far - along),
                            _ => (far - along, near + across),
                        };
                        let (x, y) = (self.places[x], self.places[y]);
                        self.dark(x, y);
                    }
                }
            }
        }
    }

    /// The mode message around the finder: layers and codewords, with a correction of their own.
    fn mode(&mut self, words: usize) {
        let Form { compact, layers } = self.form;
        let mut bits = Bits::default();
        let (sizes, all) = if compact { ([2, 6], 7) } else { ([5, 11], 10) };
        bits.push(layers as u32 - 1, sizes[0]);
        bits.push(words as u32 - 1, sizes[1]);
        let nibble = |bits: &[bool]| bits.iter().fold(0, |value, &bit| value << 1 | u16::from(bit));
        let data: Vec<u16> = bits.0.chunks(4).map(nibble).collect();
        for value in correction::words(&data, all - data.len(), 4) {
            bits.push(value.into(), 4);
        }
        let centre = self.side / 2;
        let (length, far) = if compact { (7, 5) } else { (10, 7) };
        for (index, _) in bits.0.iter().enumerate().filter(|(_, dark)| **dark) {
            let along = index % length;
            let step = if compact { along } else { along + along / 5 };
            let (forth, back) = (centre - (far - 2) + step, centre + (far - 2) - step);
            let (x, y) = match index / length {
                0 => (forth, centre - far),
                1 => (centre + far, forth),
                2 => (back, centre + far),
                _ => (centre - far, back),
            };
            self.dark(x, y);
        }
    }

    /// The rings in the middle with the marks at their corners, and the reference grid of a full symbol.
    fn finder(&mut self) {
        let centre = self.side / 2;
        let size = if self.form.compact { 5 } else { 7 };
        for ring in (0..size).step_by(2) {
            for at in centre - ring..=centre + ring {
                for (x, y) in
                    [(at, centre - ring), (at, centre + ring), (centre - ring, at), (centre + ring, at)]
                {
                    self.dark(x, y);
                }
            }
        }
        let (low, high) = (centre - size, centre + size);
        for (x, y) in
            [(low, low), (low + 1, low), (low, low + 1), (high, low), (high, low + 1), (high, high - 1)]
        {
            self.dark(x, y);
        }
        if self.form.compact {
            return;
        }
        for line in (0..=(self.form.inner_side() / 2 - 2) / 15).map(|line| 16 * line) {
            for at in (centre % 2..self.side).step_by(2) {
                for (x, y) in
                    [(centre - line, at), (centre + line, at), (at, centre - line), (at, centre + line)]
                {
                    self.dark(x, y);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str) -> u8 {
        let mut rows = vec![];
        let side = encode(text, &mut rows).unwrap();
        assert_eq!(rows.len(), usize::from(side));
        assert!(rows.iter().all(|row| row >> side == 0));
        // The middle of the finder is dark, and light around.
        let centre = usize::from(side) / 2;
        assert!(rows[centre] >> centre & 1 == 1 && rows[centre] >> (centre + 1) & 1 == 0, "{text}");
        side
    }

    #[test]
    fn symbols_are_as_small_as_they_can_be() {
        assert_eq!(side("1"), 15);
        assert_eq!(side("MD7000000000012"), 19);
        assert_eq!(side(&"7".repeat(MAX_LENGTH)), 57);
        assert_eq!(side(&"a".repeat(MAX_LENGTH)), 61);
    }

    #[test]
    fn codewords_are_never_all_alike() {
        for value in [false, true] {
            for length in 1..100 {
                let words = stuffed(&Bits(vec![value; length]), 6);
                assert!(words.iter().all(|&word| word != 0 && word != 63), "{words:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let mut rows = vec![7];
        assert_eq!(encode("", &mut rows), Err(SymbolError::Empty));
        assert_eq!(encode(&"1".repeat(MAX_LENGTH + 1), &mut rows), Err(SymbolError::TooLong));
        assert_eq!(rows, [7]);
    }
}
