//! The patterns of codewords: four bars and four spaces, 17 modules in all (ISO/IEC 15438, 5.3).

/// Codewords.
const WORDS: usize = 929;

/// Of each cluster and codeword the 16 modules after the first, the higher byte first; `derive.py` says where they come
/// from.
static PATTERNS: &[u8; 2 * 3 * WORDS] = include_bytes!("patterns.bin");

/// The widths of bars and spaces in turn of a codeword in one of the three clusters.
pub(super) fn widths(cluster: usize, word: u16) -> [u8; 8] {
    let place = (cluster % 3 * WORDS + usize::from(word) % WORDS) * 2;
    let modules = 1 << 16 | u32::from(PATTERNS[place]) << 8 | u32::from(PATTERNS[place + 1]);
    let mut widths = [0; 8];
    let (mut element, mut dark) = (0, 1);
    for module in (0..17).rev() {
        let next = modules >> module & 1;
        element += usize::from(next != dark);
        dark = next;
        widths[element] += 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn patterns_follow_the_rule_and_differ() {
        let mut all = BTreeSet::new();
        for cluster in 0..3 {
            for word in 0..WORDS as u16 {
                let widths = widths(cluster, word);
                assert!(widths.iter().all(|width| (1..=6).contains(width)), "{widths:?}");
                assert_eq!(widths.iter().sum::<u8>(), 17);
                let [one, _, two, _, three, _, four, _] = widths.map(usize::from);
                assert_eq!((9 + one - two + three - four) % 9, 3 * cluster, "{widths:?}");
                all.insert(widths);
            }
        }
        assert_eq!(all.len(), 3 * WORDS);
    }
}
