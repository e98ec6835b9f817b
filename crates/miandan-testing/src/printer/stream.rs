//! Bytes that are read from the front.

use super::Fault;

pub(super) struct Stream<'s> {
    bytes: &'s [u8],
    at: usize,
}

impl<'s> Stream<'s> {
    pub(super) fn new(bytes: &'s [u8]) -> Self {
        Stream { bytes, at: 0 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// A fault, and where.
    pub(super) fn fault(&self, what: &str) -> Fault {
        format!("byte {}: {what}", self.at)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'s [u8], Fault> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..count).ok_or_else(|| self.fault(&format!("{count} bytes are wanted")))?;
        self.at += count;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        self.take(1).map(|taken| taken[0])
    }

    /// Takes these bytes if they come next.
    pub(super) fn skip(&mut self, expected: &[u8]) -> bool {
        let comes = self.bytes[self.at..].starts_with(expected);
        if comes {
            self.at += expected.len();
        }
        comes
    }

    pub(super) fn expect(&mut self, expected: &[u8]) -> Result<(), Fault> {
        if self.skip(expected) {
            return Ok(());
        }
        Err(self.fault(&format!("{:?} is wanted", String::from_utf8_lossy(expected))))
    }

    /// The text before one of these bytes, which is not taken.
    pub(super) fn until(&mut self, ends: &[u8]) -> Result<&'s str, Fault> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| ends.contains(byte)).ok_or_else(|| self.fault("no end"))?;
        let text = std::str::from_utf8(&rest[..length]).map_err(|_| self.fault("no text"))?;
        self.at += length;
        Ok(text)
    }

    /// A number of digits.
    pub(super) fn number(&mut self) -> Result<usize, Fault> {
        let rest = &self.bytes[self.at..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[..digits]).ok().and_then(|digits| digits.parse().ok());
        self.at += digits;
        number.ok_or_else(|| self.fault("a number is wanted"))
    }

    /// Numbers of digits, with a byte after each.
    pub(super) fn numbers<const N: usize>(&mut self, after: u8) -> Result<[usize; N], Fault> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = self.number()?;
            self.expect(&[after])?;
        }
        Ok(numbers)
    }
}

/// Numbers in a text, all of it.
pub(super) fn numbers(text: &str, between: char) -> Result<Vec<i64>, Fault> {
    text.split(between)
        .map(|word| word.trim().parse().map_err(|_| format!("{text:?}: {word:?} is no number")))
        .collect()
}
