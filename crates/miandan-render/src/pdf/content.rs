//! Operators and numbers of a content stream (ISO 32000-1, 7.8.2), as bytes in one buffer.

/// A content stream that is being written.
#[derive(Debug, Default)]
pub(super) struct Content {
    bytes: Vec<u8>,
}

impl Content {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Operands and an operator, all written out.
    pub(super) fn raw(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Whole numbers and an operator.
    pub(super) fn operation<const COUNT: usize>(&mut self, operands: [i64; COUNT], operator: &str) {
        for operand in operands {
            self.number(operand);
            self.bytes.push(b' ');
        }
        self.raw(operator);
        self.bytes.push(b'\n');
    }

    /// Numbers that may have a fraction, and an operator.
    pub(super) fn fractions<const COUNT: usize>(&mut self, operands: [Fraction; COUNT], operator: &str) {
        for operand in operands {
            self.fraction(operand);
            self.bytes.push(b' ');
        }
        self.raw(operator);
        self.bytes.push(b'\n');
    }

    /// Draws a form, by the name that [`form_name`] gives it.
    pub(super) fn form(&mut self, number: u16) {
        self.bytes.push(b'/');
        self.raw(&form_name(number));
        self.raw(" Do\n");
    }

    /// Shows character ids as a hexadecimal string: twice as long as a binary one, but no longer once deflated.
    pub(super) fn show(&mut self, cids: impl Iterator<Item = u16>) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        self.bytes.push(b'<');
        for cid in cids {
            self.bytes.extend([12, 8, 4, 0].map(|shift| DIGITS[usize::from(cid >> shift & 15)]));
        }
        self.raw(">Tj\n");
    }

    fn number(&mut self, number: i64) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            self.bytes.push(b'-');
        }
        self.bytes.extend_from_slice(&digits[at..]);
    }

    /// Ten digits after the point at most, rounded, without zeros at the end.
    fn fraction(&mut self, Fraction { numerator, denominator }: Fraction) {
        const SCALE: i128 = 10_000_000_000;
        let (numerator, denominator) = (i128::from(numerator), i128::from(denominator.max(1)));
        let scaled = (numerator * SCALE * 2 + denominator).div_euclid(denominator * 2);
        if scaled < 0 {
            self.bytes.push(b'-');
        }
        let scaled = scaled.unsigned_abs();
        self.number((scaled / SCALE as u128) as i64);
        let mut rest = scaled % SCALE as u128;
        if rest > 0 {
            self.bytes.push(b'.');
        }
        while rest > 0 {
            rest *= 10;
            self.bytes.push(b'0' + (rest / SCALE as u128) as u8);
            rest %= SCALE as u128;
        }
    }
}

/// The name of a form in content streams: `S` and its number.
pub(super) fn form_name(number: u16) -> String {
    format!("S{number}")
}

/// A number that decimals may not hold exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    pub(super) numerator: i64,
    /// Above zero.
    pub(super) denominator: i64,
}

impl Fraction {
    pub(super) const fn new(numerator: i64, denominator: i64) -> Self {
        Fraction { numerator, denominator }
    }
}

impl From<i64> for Fraction {
    fn from(number: i64) -> Self {
        Fraction::new(number, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let mut content = Content::default();
        content.operation([0, -7, 1234567890123], "re");
        content.fractions(
            [Fraction::new(72, 25_400), Fraction::new(-254, 3), Fraction::new(5, 2), 7.into(), (-3).into()],
            "cm",
        );
        content.show([0xABCD, 1].into_iter());
        assert_eq!(
            str::from_utf8(content.bytes()).unwrap(),
            "0 -7 1234567890123 re\n0.0028346457 -84.6666666667 2.5 7 -3 cm\n<ABCD0001>Tj\n"
        );
    }
}
