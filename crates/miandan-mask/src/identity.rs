//! Numbers of identity documents: the first and the last character stay.
//!
//! Alipay's display rule says so of the identity card (`3****************3`, opendocs.alipay.com/open/common/105912, as
//! quoted by others). No rule was found for passports and permits, so they are treated alike; what libraries do
//! (the last two or three) shows more and is not followed. The usual six and four would show place of birth and check
//! digits: too much of a number that is mostly a birthday.

use crate::character::{Cells, Kind};
use crate::outcome::{Outcome, Warning};

/// Characters of a number that are hidden at least.
const HIDDEN: usize = 6;

/// Masks the number of an identity document. It is never printed on a label: this is for a merchant's own exports.
///
/// Read are resident identity cards (18 characters, the last one may be X, or 15 digits; GB 11643), passports, the
/// permits and cards of Hong Kong, Macau and Taiwan (8 to 11 characters: up to two letters, digits, perhaps a letter at
/// the end) and permanent residence cards (three letters and twelve digits), in any width, with spaces, hyphens and
/// brackets between the groups. Six characters are hidden at least. Everything else, and a field with two numbers, is
/// hidden whole with [`Warning::HiddenWhole`].
///
/// ```
/// assert_eq!(miandan_mask::identity("11010119000101123X").text.as_str(), "1****************X");
/// assert_eq!(miandan_mask::identity("H12345678").text.as_str(), "H*******8");
/// assert_eq!(miandan_mask::identity("1234567").text.as_str(), "*******");
/// ```
#[must_use]
pub fn identity(text: &str) -> Outcome {
    let mut cells = Cells::new(text);
    cells.hide_all();
    let mut found: Option<(usize, usize)> = None;
    let mut several = false;
    let mut run = Vec::new();
    for at in 0..=cells.len() {
        if is_character(&cells, at) {
            run.push(at);
        } else if !joins(&cells, at) || at == cells.len() {
            if is_document(&cells, &run) {
                several |= found.is_some();
                found = run.first().copied().zip(run.last().copied());
            }
            run.clear();
        }
    }
    match found.filter(|_| !several) {
        Some((first, last)) => {
            cells.reveal(first);
            cells.reveal(last);
            cells.finish(None)
        }
        None => {
            let unread = cells.ink() > 0;
            cells.finish(unread.then_some(Warning::HiddenWhole))
        }
    }
}

/// A letter or digit as documents have them.
fn is_character(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Digit | Kind::Latin) && cells.base(at).is_ascii_alphanumeric()
}

/// What may stand between the groups of a number.
fn joins(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Space | Kind::Open | Kind::Close) || cells.base(at) == '-'
}

fn is_document(cells: &Cells<'_>, run: &[usize]) -> bool {
    let digit = |&&at: &&usize| cells.base(at).is_ascii_digit();
    let front = run.iter().take_while(|at| !digit(at)).count();
    let digits = run[front..].iter().take_while(digit).count();
    let behind = run.len() - front - digits;
    match run.len() {
        // A check character in brackets, or the letter of a series.
        8..=11 => front <= 2 && behind <= 1 && digits >= HIDDEN,
        15 => (front == 0 || front == 3) && behind == 0,
        18 => front == 0 && (behind == 0 || (behind == 1 && cells.base(run[17]) == 'x')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_stay() {
        for (source, expected) in [
            ("110101190001011234", "1****************4"),
            ("110101 19000101 123x", "1***** ******** ***x"),
            ("１１０１０１１９０００１０１１２３Ｘ", "1****************X"),
            ("110101000101123", "1*************3"),
            ("E12345678", "E*******8"),
            ("EA1234567", "E*******7"),
            ("H1234567890", "H*********0"),
            ("A123456(7)", "A******(7)"),
            ("1234567(8)", "1******(8)"),
            ("12345678", "1******8"),
            ("A123456789", "A********9"),
            ("ABC123456789012", "A*************2"),
            ("身份证：110101190001011234", "***：1****************4"),
            ("110101-19000101-1234", "1*****-********-***4"),
        ] {
            let outcome = identity(source);
            assert_eq!(outcome.text.as_str(), expected, "{source:?}");
            assert_eq!(outcome.warning, None, "{source:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_hidden() {
        for source in [
            "1234567",
            "11010119000101123",
            "1101011900010112345",
            "11010119000101123Y",
            "张三",
            "C01X00T47",
            "12000001234 12100001234",
            "E12345678/E12345679",
            "ZHANG SAN E12345678",
            "一一零一零一一九零零零一零一一二三四",
        ] {
            let outcome = identity(source);
            assert!(!outcome.text.as_str().contains(char::is_alphanumeric), "{source:?}");
            assert_eq!(outcome.warning, Some(Warning::HiddenWhole), "{source:?}");
        }
        assert_eq!(identity("").warning, None);
        assert_eq!(identity(" \u{200B}").warning, None);
    }
}
