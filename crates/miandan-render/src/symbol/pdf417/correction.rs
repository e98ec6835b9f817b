//! Reed–Solomon correction over the integers modulo 929 (ISO/IEC 15438, 5.10).

const PRIME: u32 = 929;

/// The codewords that correct a message: the negated remainder of its division by the polynomial whose roots are the
/// powers of 3 from the first.
pub(super) fn words(message: &[u16], count: usize) -> Vec<u16> {
    let mut generator = vec![0u32; count + 1];
    generator[0] = 1;
    let mut root = 1;
    for degree in 1..=count {
        root = root * 3 % PRIME;
        // Times (x - root); the highest power first.
        for at in (1..=degree).rev() {
            generator[at] = (generator[at] + (PRIME - root) * generator[at - 1]) % PRIME;
        }
    }
    let mut rest = vec![0u32; count];
    for &word in message {
        let factor = (u32::from(word) + rest.first().copied().unwrap_or(0)) % PRIME;
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        for (rest, &coefficient) in rest.iter_mut().zip(&generator[1..]) {
            *rest = (*rest + (PRIME - factor) * coefficient) % PRIME;
        }
    }
    rest.iter().map(|&word| ((PRIME - word) % PRIME) as u16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with its correction is zero at each root.
    #[test]
    fn the_whole_is_divided_by_the_generator() {
        for count in [2, 8, 512] {
            let message: Vec<u16> = (0..40u16).map(|at| (at * 523 + 3) % 929).collect();
            let all = [message.clone(), words(&message, count)].concat();
            let mut root = 1;
            for _ in 0..count {
                root = root * 3 % PRIME;
                let value = all.iter().fold(0, |value, &word| (value * root + u32::from(word)) % PRIME);
                assert_eq!(value, 0, "{count}");
            }
        }
    }

    /// The example of the standard (annex on correction): PDF417 as text at level 1.
    #[test]
    fn the_example_of_the_standard() {
        assert_eq!(words(&[5, 453, 178, 121, 239], 4), [452, 327, 657, 619]);
    }
}
