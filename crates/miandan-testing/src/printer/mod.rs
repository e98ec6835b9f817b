//! What a label printer would put on paper: small readers of five languages, written from the manuals of the languages and
//! not from what we send. They know the commands that a label of ours may need, each as its manual has it, and refuse every
//! other.

pub mod cpcl;
pub mod epl2;
pub mod escpos;
mod stream;
pub mod tspl;
pub mod zpl;

use std::collections::BTreeMap;

/// What is wrong with a stream, in words for whoever reads a failed test.
pub type Fault = String;

/// One label as it leaves the printer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Width in dots, as the printer was told or has it.
    pub width: usize,
    /// Height in dots.
    pub height: usize,
    /// Row by row, black or not.
    dots: Vec<bool>,
    /// What was set: a command and what followed it.
    pub settings: BTreeMap<String, String>,
}

impl Sheet {
    fn new(width: usize, height: usize) -> Self {
        Sheet { width, height, dots: vec![false; width * height], settings: BTreeMap::new() }
    }

    /// Whether a dot is black. What lies beside the paper is not.
    #[must_use]
    pub fn dot(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dots.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// The rows, 1 for black, the highest bit leftmost, whole bytes: a PBM file has them so.
    #[must_use]
    pub fn rows(&self) -> Vec<u8> {
        let byte =
            |y: usize, at: usize| (0..8).fold(0, |byte, bit| byte << 1 | u8::from(self.dot(at * 8 + bit, y)));
        (0..self.height).flat_map(|y| (0..self.width.div_ceil(8)).map(move |at| byte(y, at))).collect()
    }

    /// Puts rows of bytes on the paper, 1 for black. What does not lie on it is not printed.
    fn put(&mut self, x: usize, y: usize, bytes_in_row: usize, rows: &[u8]) {
        for (row, bytes) in rows.chunks(bytes_in_row.max(1)).enumerate() {
            for dot in 0..bytes.len() * 8 {
                let black = bytes[dot / 8] >> (7 - dot % 8) & 1 == 1;
                let (x, y) = (x + dot, y + row);
                if x < self.width && y < self.height {
                    self.dots[y * self.width + x] = black;
                }
            }
        }
    }

    fn set(&mut self, command: &str, value: &str) {
        self.settings.insert(command.to_owned(), value.to_owned());
    }
}

/// Bytes with the other polarity.
fn inverted(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| !byte).collect()
}
