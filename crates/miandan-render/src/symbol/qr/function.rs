//! Function patterns of a QR code and where they stand (ISO/IEC 18004, 6.3, 7.9 and 7.10).

/// Modules along the side of the largest symbol, [`super::MAX_VERSION`].
pub(super) const MAX_SIDE: usize = 125;

/// The rows of a symbol; bit 0 is the leftmost module.
pub(super) type Rows = [u128; MAX_SIDE];

/// The patterns of one version.
pub(super) struct Function {
    /// Modules along each side.
    pub(super) side: usize,
    /// Modules that hold no data.
    pub(super) taken: Rows,
    /// Those of them that are dark, format information apart.
    pub(super) dark: Rows,
}

impl Function {
    /// The patterns of a version from 1 to 27.
    pub(super) fn new(version: u8) -> Self {
        let side = 17 + 4 * usize::from(version);
        let mut function = Function { side, taken: [0; MAX_SIDE], dark: [0; MAX_SIDE] };
        function.finders();
        function.timing();
        function.alignment(version);
        if version >= 7 {
            function.version(version);
        }
        function
    }

    /// Dark and light modules in turn, in row and column 6 between the finders.
    fn timing(&mut self) {
        for at in 8..self.side - 8 {
            let dark = u128::from(at % 2 == 0);
            self.put(6, at, 1, dark);
            self.put(at, 6, 1, dark);
        }
    }

    /// Finder patterns with their separators, and beside them the places of format information.
    fn finders(&mut self) {
        const FINDER: [u128; 7] = [0x7F, 0x41, 0x5D, 0x5D, 0x5D, 0x41, 0x7F];
        let right = self.side - 7;
        for y in 0..8 {
            // Eight modules for a finder and its separator, the ninth for format information.
            self.put(y, 0, 0x1FF, FINDER.get(y).copied().unwrap_or(0));
            self.put(y, right - 1, 0xFF, FINDER.get(y).copied().unwrap_or(0) << 1);
            self.put(self.side - 1 - y, 0, 0x1FF, FINDER.get(y).copied().unwrap_or(0));
        }
        self.put(8, 0, 0x1FF, 0x40);
        self.put(8, right - 1, 0xFF, 0);
        // The one module that is dark in every symbol.
        self.put(self.side - 8, 8, 1, 1);
    }

    fn alignment(&mut self, version: u8) {
        const ALIGNMENT: [u128; 5] = [0x1F, 0x11, 0x15, 0x11, 0x1F];
        let (centres, count) = alignment_centres(version);
        let centres = &centres[..count];
        for (row, &y) in centres.iter().enumerate() {
            for (column, &x) in centres.iter().enumerate() {
                // Finders stand in three of the corners.
                let (first, last) = (0, count - 1);
                if [(first, first), (first, last), (last, first)].contains(&(row, column)) {
                    continue;
                }
                for (down, pattern) in ALIGNMENT.into_iter().enumerate() {
                    self.put(y - 2 + down, x - 2, 0x1F, pattern);
                }
            }
        }
    }

    /// Version information: 6 bits and their 12 check bits, once at the top right and once at the bottom left.
    fn version(&mut self, version: u8) {
        let word = u128::from(version) << 12 | u128::from(remainder(version.into(), 12, 0x1F25));
        for at in 0..6 {
            let three = word >> (3 * at) & 7;
            self.put(at, self.side - 11, 7, three);
            for row in 0..3 {
                self.put(self.side - 11 + row, at, 1, three >> row & 1);
            }
        }
    }

    fn put(&mut self, y: usize, x: usize, taken: u128, dark: u128) {
        self.taken[y] |= taken << x;
        self.dark[y] = self.dark[y] & !(taken << x) | dark << x;
    }
}

/// The centres of alignment patterns along either axis and how many there are (annex E).
fn alignment_centres(version: u8) -> ([usize; 7], usize) {
    let mut centres = [0; 7];
    if version == 1 {
        return (centres, 0);
    }
    let version = usize::from(version);
    let count = version / 7 + 2;
    // Even distances, as equal as they can be, counted from the far end; the first takes what is left over.
    let distance = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    centres[0] = 6;
    for (at, centre) in centres[1..count].iter_mut().rev().enumerate() {
        *centre = 17 + version * 4 - 7 - at * distance;
    }
    (centres, count)
}

/// Adds the format information of a level and a mask (7.9), where nothing has been drawn yet.
pub(super) fn draw_format(side: usize, level: qrcode::EcLevel, mask: usize, modules: &mut Rows) {
    let level = match level {
        qrcode::EcLevel::L => 1,
        qrcode::EcLevel::M => 0,
        qrcode::EcLevel::Q => 3,
        qrcode::EcLevel::H => 2,
    };
    let data = level << 3 | mask as u32;
    let word = u128::from((data << 10 | remainder(data, 10, 0x537)) ^ 0x5412);
    let bit = |index: usize| word >> index & 1;
    // Around the top left finder: bits 0 to 7 down column 8, bits 8 to 14 leftwards in row 8, the timing patterns
    // stepped over.
    for (index, y) in (0..6).chain(7..9).enumerate() {
        modules[y] |= bit(index) << 8;
    }
    for (index, x) in [7, 5, 4, 3, 2, 1, 0].into_iter().enumerate() {
        modules[8] |= bit(8 + index) << x;
    }
    // Once more: bits 0 to 7 leftwards in row 8 from the right edge, bits 8 to 14 down column 8 to the bottom edge.
    for index in 0..8 {
        modules[8] |= bit(index) << (side - 1 - index);
    }
    for index in 8..15 {
        modules[side - 15 + index] |= bit(index) << 8;
    }
}

/// The remainder of `data` shifted up by `degree` in a division by `generator` over GF(2) (annexes C and D).
fn remainder(data: u32, degree: u32, generator: u32) -> u32 {
    let mut rest = data << degree;
    for bit in (degree..degree + 8).rev() {
        if rest >> bit & 1 == 1 {
            rest ^= generator << (bit - degree);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_bits_of_the_standard() {
        // Annex C: level M, mask 5; annex D: version 7.
        assert_eq!(0b00101 << 10 | remainder(0b00101, 10, 0x537), 0b001_0100_1101_1100);
        assert_eq!(7 << 12 | remainder(7, 12, 0x1F25), 0b00_0111_1100_1001_0100);
    }

    #[test]
    fn centres_of_annex_e() {
        for (version, expected) in [
            (2, &[6, 18][..]),
            (7, &[6, 22, 38]),
            (15, &[6, 26, 48, 70]),
            (22, &[6, 26, 50, 74, 98]),
            (27, &[6, 34, 62, 90, 118]),
        ] {
            let (centres, count) = alignment_centres(version);
            assert_eq!(&centres[..count], expected);
        }
    }
}
