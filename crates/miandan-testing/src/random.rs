//! Chance that is the same every time.

/// Numbers that only look random (xorshift64). Not 0.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// A number below this one.
    ///
    /// # Panics
    /// If that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    /// One of these texts.
    ///
    /// # Panics
    /// If there is none.
    pub fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}
