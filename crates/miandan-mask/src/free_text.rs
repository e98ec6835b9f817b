//! A merchant's memo: printed, but for what is somebody's.

use crate::character::{Cells, Kind};
use crate::outcome::Outcome;
use crate::stray::{Manner, hide_stray};

/// Masks text that is no field of its own.
///
/// Hidden are phones and every other number of seven digits or more whatever separates them, identity numbers,
/// e-mails, door and pick-up codes, accounts named as such, and the numbers before 单元, 室 and 号房.
/// Names of people cannot be told from other words and stay.
///
/// ```
/// assert_eq!(miandan_mask::free_text("加急,打120-0000-1234").text.as_str(), "加急,打***-****-****");
/// assert_eq!(miandan_mask::free_text("门禁密码2580#").text.as_str(), "门禁密码*****");
/// assert_eq!(miandan_mask::free_text("红色2件,11月11日前发").text.as_str(), "红色2件,11月11日前发");
/// ```
#[must_use]
pub fn free_text(text: &str) -> Outcome {
    let mut cells = Cells::new(text);
    hide_stray(&mut cells, Manner::Memo);
    hide_doors(&mut cells);
    cells.finish(None)
}

/// A memo repeats an address now and then; the surest door words are enough here.
fn hide_doors(cells: &mut Cells<'_>) {
    let in_number = |cells: &Cells<'_>, at: usize| {
        matches!(cells.kind(at), Kind::Digit | Kind::Numeral | Kind::Stem | Kind::Latin)
            || matches!(cells.base(at), '-' | '#' | '、')
    };
    for at in 1..cells.len() {
        if in_number(cells, at) {
            continue;
        }
        let door = ["单元", "室", "号房", "房间"].iter().any(|word| cells.has(at, word));
        if door {
            let number = (0..at).rev().take_while(|&at| in_number(cells, at)).last();
            if let Some(from) = number {
                cells.hide_where(from..at, |cell| cell.kind != Kind::Mark);
                let after = cells.length_of(at, "单元").unwrap_or(1);
                let rest = (at + after..cells.len()).take_while(|&at| in_number(cells, at)).last();
                if let Some(rest) = rest {
                    cells.hide_where(at + after..rest + 1, |cell| cell.kind != Kind::Mark);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[(&str, &str)]) {
        for &(source, expected) in rows {
            assert_eq!(free_text(source).text.as_str(), expected, "{source:?}");
        }
    }

    #[test]
    fn numbers_of_people_are_hidden() {
        check(&[
            ("电话12000001234", "电话***********"),
            ("电话120 0000 1234急", "电话*** **** ****急"),
            ("打１２０００００１２３４", "打***********"),
            ("010-12345678转8001", "***-********转****"),
            ("1234567", "*******"),
            ("一二零零零零零一二三四", "***********"),
            ("一2零0零0零1二三四", "***********"),
            ("身份证110101190001011234", "身份证******************"),
            ("11010119000101123X", "******************"),
            ("110101900101123", "***************"),
            ("zhang.san@example.com", "*********@***********"),
            ("邮箱 abc＠example.com 谢谢", "邮箱 ***＠*********** 谢谢"),
            ("120\u{200B}0000\u{200B}1234", "***********"),
        ]);
    }

    #[test]
    fn codes_and_accounts_are_hidden() {
        check(&[
            ("门禁2580", "门禁****"),
            ("密码是 *2580#", "密码是 ******"),
            ("取件码:5-2-3301", "取件码:********"),
            ("2580#门禁", "*****门禁"),
            ("先按3再按1234#，门禁", "先按3再按1234#，门禁"),
            ("门禁先按3再按1234#", "门禁先按*再按*****"),
            ("加微信abc_123", "加微信*******"),
            ("QQ 12345", "QQ *****"),
            ("code: a12b", "code: ****"),
            ("barcode 12", "barcode 12"),
            ("门禁密码", "门禁密码"),
            ("口令芝麻", "口令芝麻"),
        ]);
    }

    #[test]
    fn doors_are_hidden() {
        check(&[
            ("放3号楼2单元501", "放3号楼*单元***"),
            ("送501室", "送***室"),
            ("三单元五零一", "*单元***"),
            ("教研室", "教研室"),
        ]);
    }

    #[test]
    fn the_trade_stays() {
        check(&[
            ("红色XL 2件 + 赠品1", "红色XL 2件 + 赠品1"),
            ("易碎，轻放", "易碎，轻放"),
            ("8折 199元", "8折 199元"),
            ("批号A12-B", "批号A12-B"),
            ("第1/3箱", "第1/3箱"),
            ("a@", "a@"),
            ("", ""),
        ]);
    }
}
