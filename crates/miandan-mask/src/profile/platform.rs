//! What platforms do that `gbt41833` does not. The sources stand in the table of [`super`].

use miandan_core::masking::{ShownAddress, ShownName, ShownPhone};

use crate::character::{Cells, Kind};
use crate::outcome::Outcome;

/// Digits of a mobile number of the mainland; the masks of platforms are known for nothing else.
const MOBILE: usize = 11;

/// A mobile of which digits stay at the front as well. Whatever is not eleven digits is masked as it prints.
pub(super) fn mobile(text: &str, first: usize, last: usize) -> Outcome {
    let mut cells = Cells::new(text);
    cells.hide_all();
    let digits = cells.hidden().filter(|&at| cells.base(at).is_ascii_digit()).count();
    let begins = cells.hidden().next().is_some_and(|at| cells.base(at) == '1');
    let separated = (0..cells.len())
        .all(|at| matches!(cells.kind(at), Kind::Digit | Kind::Space) || cells.base(at) == '-');
    if digits != MOBILE || cells.hidden().count() != MOBILE || !begins || !separated {
        return crate::mobile(text, ShownPhone::Tail4);
    }
    cells.reveal_ends(first, last);
    cells.finish(None)
}

/// Of three Chinese characters the one in the middle is hidden; other names are masked as they print.
pub(super) fn pinduoduo_name(text: &str) -> Outcome {
    let mut cells = Cells::new(text);
    cells.hide_all();
    let inked = cells.hidden().count();
    let han = cells.hidden().all(|at| cells.kind(at).is_han());
    let only = (0..cells.len()).all(|at| cells.kind(at).is_han() || cells.kind(at) == Kind::Space);
    if inked != 3 || !han || !only || is_called(&cells) {
        return crate::name(text, ShownName::First);
    }
    cells.reveal_ends(1, 1);
    cells.finish(None)
}

/// 王先生, 李小姐: the last character says nothing, and the middle is no name.
fn is_called(cells: &Cells<'_>) -> bool {
    ["先生", "女士", "小姐", "老师", "师傅", "阿姨", "经理"].iter().any(|word| {
        let ends: Vec<_> = cells.hidden().collect();
        ends.len() == 3 && cells.has(ends[1], word)
    })
}

/// Every digit is hidden, and what the other rules for addresses hide.
pub(super) fn address_without_digits(text: &str) -> Outcome {
    crate::address(text, ShownAddress::Digits)
}

/// As [`address_without_digits`], and of the word before 街道 or 路 all but the first character.
pub(super) fn taobao_address(text: &str) -> Outcome {
    let without_digits = address_without_digits(text);
    let mut cells = Cells::new(text);
    cells.hide_ranges(&without_digits.hidden);
    let mut start = 0;
    for at in 0..cells.len() {
        let suffix = ["街道", "路"].iter().find_map(|word| cells.length_of(at, word));
        if let Some(length) = suffix {
            cells.hide_where((start + 1).min(at)..at, |_| true);
            start = at + length;
        } else if at >= start && (!cells.kind(at).is_han() || ends_word(cells.base(at))) {
            start = at + 1;
        }
    }
    cells.finish(without_digits.warning)
}

/// Behind these a new word begins.
fn ends_word(c: char) -> bool {
    matches!(c, '省' | '市' | '区' | '县' | '旗' | '镇' | '乡' | '村' | '街' | '巷' | '弄' | '号')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles_keep_both_ends() {
        for (source, expected) in [
            ("12000001234", "1********34"),
            ("120 0000 1234", "1** **** **34"),
            ("１２０００００１２３４", "1********34"),
            // As they print: no source says how.
            ("+86 12000001234", "+86 *******1234"),
            ("12000001234转5678", "*******1234转****"),
            ("010-12345678", "010-******78"),
            ("12000001234/12000005678", "*******1234/*******5678"),
            ("①2000001234", "***********"),
        ] {
            assert_eq!(mobile(source, 1, 2).text.as_str(), expected, "{source:?}");
        }
    }

    #[test]
    fn names_of_three_characters_keep_both_ends() {
        for (source, expected) in [
            ("张小丰", "张*丰"),
            ("张 小 丰", "张 * 丰"),
            ("张三", "张*"),
            ("欧阳娜娜", "欧***"),
            ("王先生", "王**"),
            ("张三1", "张**"),
            ("张三丰(收)", "张**(*)"),
            ("阿·依古", "阿·**"),
            ("Tom", "T**"),
        ] {
            assert_eq!(pinduoduo_name(source).text.as_str(), expected, "{source:?}");
        }
    }

    #[test]
    fn addresses_lose_their_digits_and_the_names_of_roads() {
        for (source, expected) in [
            ("海棠街道云杉路88号幸福小区17栋-2-301", "海*街道云*路**号幸福小区**栋-*-***"),
            ("海棠一路5号", "海**路*号"),
            ("丁香村海棠路", "丁香村海*路"),
            ("路", "路"),
            ("街道路", "街道路"),
            ("海棠大道路8号", "海***路*号"),
        ] {
            assert_eq!(taobao_address(source).text.as_str(), expected, "{source:?}");
        }
        assert_eq!(address_without_digits("海棠路88号2栋301室").text.as_str(), "海棠路**号*栋***室");
    }
}
