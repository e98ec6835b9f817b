//! PDF417 (ISO/IEC 15438): rows of bars on top of each other.

mod correction;
mod patterns;
mod text;

use super::SymbolError;

/// Modules that stay blank on each side.
pub const QUIET_ZONE: u32 = 2;

/// The height of a row in modules: the least that the standard recommends.
pub const ROW_HEIGHT: u32 = 3;

/// The longest text in bytes. Any is short enough for the recommended correction.
const MAX_LENGTH: usize = 1_000;

/// The highest level of correction.
pub const MAX_LEVEL: u8 = 8;

/// Codewords of the largest symbol.
const MAX_WORDS: usize = 928;

/// Columns and rows that a symbol may have.
const MAX_COLUMNS: usize = 30;
const ROWS: std::ops::RangeInclusive<usize> = 3..=90;

/// Fills a symbol up.
const PADDING: u16 = 900;

const START: [u8; 8] = [8, 1, 1, 1, 1, 1, 1, 3];
const STOP: [u8; 9] = [7, 1, 1, 3, 1, 1, 1, 2, 1];

/// Modules of the start and of the stop pattern: the others hold codewords.
pub const START_MODULES: u32 = 17;
/// See [`START_MODULES`].
pub const STOP_MODULES: u32 = 18;

/// A text as codewords, with a level of correction.
#[derive(Clone, Debug)]
pub struct Message {
    words: Vec<u16>,
    level: u8,
}

/// How the codewords of a symbol stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Codewords next to each other, 1 to 30.
    pub columns: u8,
    /// Rows, 3 to 90.
    pub rows: u8,
}

impl Shape {
    /// Modules of a row, without quiet zones.
    #[must_use]
    pub fn width(self) -> u32 {
        START_MODULES + STOP_MODULES + 17 * (u32::from(self.columns) + 2)
    }

    /// Modules of all rows, without quiet zones.
    #[must_use]
    pub fn height(self) -> u32 {
        ROW_HEIGHT * u32::from(self.rows)
    }
}

impl Message {
    /// A text with a level of correction from 0 to 8, or the one that the standard recommends. Text outside ASCII is
    /// written as UTF-8 and says so (ECI 26).
    ///
    /// # Errors
    /// [`SymbolError::Empty`], or [`SymbolError::TooLong`] above 1000 bytes or the room that the level leaves.
    pub fn new(text: &str, level: Option<u8>) -> Result<Self, SymbolError> {
        match text.len() {
            0 => return Err(SymbolError::Empty),
            1..=MAX_LENGTH => {}
            _ => return Err(SymbolError::TooLong),
        }
        let words = text::codewords(text);
        let level = level.unwrap_or_else(|| recommended(words.len())).min(MAX_LEVEL);
        let message = Message { words, level };
        if message.shapes().next().is_none() {
            return Err(SymbolError::TooLong);
        }
        Ok(message)
    }

    /// Codewords of correction.
    fn correction(&self) -> usize {
        2 << self.level
    }

    /// The shapes that hold the message, the narrowest first; there is at least one.
    pub fn shapes(&self) -> impl Iterator<Item = Shape> + use<> {
        // One more says how many there are.
        let needed = 1 + self.words.len() + self.correction();
        (1..=MAX_COLUMNS).filter_map(move |columns| {
            let rows = needed.div_ceil(columns).max(*ROWS.start());
            let fits = ROWS.contains(&rows) && rows * columns <= MAX_WORDS;
            fits.then_some(Shape { columns: columns as u8, rows: rows as u8 })
        })
    }

    /// Appends the widths of bars and spaces in modules, row after row from the top, and answers how many each row has.
    /// A shape that is none of [`Message::shapes`] may cut the message off.
    pub fn draw(&self, shape: Shape, widths: &mut Vec<u8>) -> u32 {
        let (columns, rows) = (usize::from(shape.columns.max(1)), usize::from(shape.rows));
        let data = (columns * rows).saturating_sub(self.correction()).max(1);
        let mut words = vec![data as u16];
        words.extend(&self.words);
        words.resize(data, PADDING);
        words.extend(correction::words(&words, self.correction()));
        for (row, words) in words.chunks(columns).take(rows).enumerate() {
            let [left, right] = self.indicators(shape, row);
            widths.extend(START);
            for &word in [left].iter().chain(words).chain(&[right]) {
                widths.extend(patterns::widths(row % 3, word));
            }
            widths.extend(STOP);
        }
        (START.len() + 8 * (columns + 2) + STOP.len()) as u32
    }

    /// What stands left and right of a row: where it is, and in turn the number of rows, of columns, and the level.
    fn indicators(&self, shape: Shape, row: usize) -> [u16; 2] {
        let last = u16::from(shape.rows.saturating_sub(1));
        let (size, rest) = (last / 3, 3 * u16::from(self.level) + last % 3);
        let columns = u16::from(shape.columns.saturating_sub(1));
        let told = match row % 3 {
            0 => [size, columns],
            1 => [rest, size],
            _ => [columns, rest],
        };
        told.map(|value| 30 * (row / 3) as u16 + value)
    }
}

/// The least level that the standard recommends for so many codewords (annex E).
fn recommended(words: usize) -> u8 {
    match words {
        ..=40 => 2,
        41..=160 => 3,
        161..=320 => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_whole_rows() {
        let long = "7a;".repeat(333);
        for (text, level) in
            [("1", None), ("MD7000000000012", None), (&long, None), ("面单", Some(0)), ("A", Some(8))]
        {
            let message = Message::new(text, level).unwrap();
            for shape in message.shapes() {
                let mut widths = vec![];
                let count = message.draw(shape, &mut widths) as usize;
                assert_eq!(widths.len(), count * usize::from(shape.rows));
                for row in widths.chunks(count) {
                    assert_eq!(row.iter().map(|&width| u32::from(width)).sum::<u32>(), shape.width());
                }
            }
        }
    }

    #[test]
    fn any_text_of_the_longest_has_a_shape() {
        for text in ["面", "\u{1}", "a;", "1a", "7", "é1"] {
            let text = text.repeat(MAX_LENGTH / text.len());
            let shapes: Vec<_> = Message::new(&text, None).unwrap().shapes().collect();
            assert!(!shapes.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        assert_eq!(Message::new("", None).err(), Some(SymbolError::Empty));
        assert_eq!(Message::new(&"1".repeat(MAX_LENGTH + 1), None).err(), Some(SymbolError::TooLong));
        assert_eq!(Message::new(&"面".repeat(300), Some(8)).err(), Some(SymbolError::TooLong));
        assert!(Message::new(&"面".repeat(300), None).is_ok());
    }
}
