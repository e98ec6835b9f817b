//! So many characters at the front and at the end: what most masking libraries do.
//!
//! Unlike many of them it never answers a text that is too short in clear, and never splits a character.

use crate::character::Cells;
use crate::outcome::Outcome;

/// Keeps the first and the last characters, white space and punctuation counted.
/// Hides all where nothing else would be hidden.
pub(super) fn keep(text: &str, first: usize, last: usize) -> Outcome {
    let mut cells = Cells::new(text);
    cells.hide_all();
    let middle = first..cells.len().saturating_sub(last);
    if cells.hidden().any(|at| middle.contains(&at)) {
        let ends: Vec<_> = cells.hidden().filter(|at| !middle.contains(at)).collect();
        ends.into_iter().for_each(|at| cells.reveal(at));
    }
    cells.finish(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_stay_and_something_is_hidden() {
        for (source, first, last, expected) in [
            ("12000001234", 3, 4, "120****1234"),
            ("1234567", 3, 4, "*******"),
            ("12345678", 3, 4, "123*5678"),
            ("张三", 1, 0, "张*"),
            ("张", 1, 0, "*"),
            ("欧阳娜娜", 1, 1, "欧**娜"),
            ("", 1, 1, ""),
            ("120-0000-1234", 3, 4, "120-****-1234"),
            ("ab--cd", 2, 2, "**--**"),
            ("𠮷野家", 1, 1, "𠮷*家"),
            ("e\u{301}e\u{301}e\u{301}", 1, 1, "e\u{301}*e\u{301}"),
            ("葛\u{E0100}三四", 1, 0, "葛\u{E0100}**"),
            ("１２３４", 1, 1, "1**4"),
            ("abc", 0, 0, "***"),
            ("abc", usize::MAX, usize::MAX, "***"),
        ] {
            assert_eq!(keep(source, first, last).text.as_str(), expected, "{source:?} {first} {last}");
        }
    }
}
