//! Reed–Solomon correction over fields of 16 to 4096 elements (ISO/IEC 24778, 7.2.3 and 7.3.2).

/// The words that correct a message: the remainder of its division by the polynomial whose roots are the powers of 2 from
/// the first.
pub(super) fn words(message: &[u16], count: usize, bits: usize) -> Vec<u16> {
    let field = Field::new(bits);
    let mut generator = vec![0; count + 1];
    generator[0] = 1;
    let mut root = 1;
    for degree in 1..=count {
        root = field.times(root, 2);
        // Times (x - root); the highest power first.
        for at in (1..=degree).rev() {
            generator[at] ^= field.times(generator[at - 1], root);
        }
    }
    let mut rest = vec![0; count];
    for &word in message {
        let factor = word ^ rest.first().copied().unwrap_or(0);
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        for (rest, &coefficient) in rest.iter_mut().zip(&generator[1..]) {
            *rest ^= field.times(coefficient, factor);
        }
    }
    rest
}

/// A field of 2 to the power of some bits.
struct Field {
    logarithms: Vec<u16>,
    powers: Vec<u16>,
}

impl Field {
    fn new(bits: usize) -> Self {
        let polynomial: u32 = match bits {
            4 => 0x13,
            6 => 0x43,
            8 => 0x12D,
            10 => 0x409,
            _ => 0x1069,
        };
        let size = 1usize << bits;
        let (mut logarithms, mut powers) = (vec![0; size], vec![0; size - 1]);
        let mut element = 1u32;
        for (exponent, power) in powers.iter_mut().enumerate() {
            *power = element as u16;
            logarithms[element as usize] = exponent as u16;
            element <<= 1;
            if element >> bits == 1 {
                element ^= polynomial;
            }
        }
        Field { logarithms, powers }
    }

    fn times(&self, one: u16, other: u16) -> u16 {
        if one == 0 || other == 0 {
            return 0;
        }
        let exponent =
            usize::from(self.logarithms[usize::from(one)]) + usize::from(self.logarithms[usize::from(other)]);
        self.powers[exponent % self.powers.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with its correction is zero at each root.
    #[test]
    fn the_whole_is_divided_by_the_generator() {
        for bits in [4, 6, 8, 10, 12] {
            let message: Vec<u16> = (0..7u16).map(|at| (at * 5 + 3) & ((1 << bits) - 1)).collect();
            let all = [message.clone(), words(&message, 6, bits)].concat();
            let field = Field::new(bits);
            let mut root = 1;
            for _ in 0..6 {
                root = field.times(root, 2);
                assert_eq!(all.iter().fold(0, |value, &word| field.times(value, root) ^ word), 0, "{bits}");
            }
        }
    }
}
