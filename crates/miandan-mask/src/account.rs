//! Names of shop and chat accounts: the first and the last character stay.
//!
//! Alibaba's Dataphin documents it for 淘宝昵称 (淘宝达人001 → `淘***1`, help.aliyun.com, document 2343053). It puts three
//! stars in the place of whatever it hides; here one star stands for one character, as everywhere.

use crate::character::Cells;
use crate::outcome::Outcome;

/// Masks the name of an account. It is never printed on a label: this is for a merchant's own exports.
///
/// | Characters | Stay | Hidden at least |
/// |---|---|---|
/// | four and more | the first and the last | two |
/// | two, three | the first | one, two |
/// | one | nothing | one |
///
/// Punctuation counts for nothing and stays, so an account that is an e-mail address is still seen to be one.
///
/// ```
/// assert_eq!(miandan_mask::account("淘气的小猫007").text.as_str(), "淘******7");
/// assert_eq!(miandan_mask::account("tb_10").text.as_str(), "t*_*0");
/// assert_eq!(miandan_mask::account("小猫").text.as_str(), "小*");
/// ```
#[must_use]
pub fn account(text: &str) -> Outcome {
    let mut cells = Cells::new(text);
    cells.hide_all();
    let (first, last) = match cells.hidden().count() {
        0 | 1 => (0, 0),
        2 | 3 => (1, 0),
        _ => (1, 1),
    };
    cells.reveal_ends(first, last);
    cells.finish(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_stay() {
        for (source, expected) in [
            ("", ""),
            ("猫", "*"),
            ("小猫", "小*"),
            ("小花猫", "小**"),
            ("小花猫咪", "小**咪"),
            ("e\u{301}te\u{301}s", "e\u{301}**s"),
            ("👨\u{200D}👩\u{200D}👧是一家", "👨\u{200D}👩\u{200D}👧**家"),
            ("zhang.san@example.com", "z****.***@*******.**m"),
            ("____", "____"),
            ("a\u{202E}b", "a*"),
        ] {
            let outcome = account(source);
            assert_eq!(outcome.text.as_str(), expected, "{source:?}");
            assert_eq!(outcome.warning, None);
        }
    }
}
