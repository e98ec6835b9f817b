//! A merchant's memo: printed, but for what is somebody's.

use std::ops::Range;

use crate::character::{Cells, Kind};
use crate::outcome::Outcome;
use crate::stray::{Manner, hide_stray};

/// Masks text that is no field of its own.
///
/// Hidden are phones and every other number of seven digits or more whatever separates them, identity numbers,
/// e-mails, door and pick-up codes, accounts named as such, and numbers that lead to a door: those beside 单元, 室,
/// 床, Room and the like, and room numbers behind 放, 送到, 按 and the like. Dates, times and quantities stay.
/// Names of people cannot be told from other words and stay.
///
/// ```
/// assert_eq!(miandan_mask::free_text("加急,打120-0000-1234").text.as_str(), "加急,打***-****-****");
/// assert_eq!(miandan_mask::free_text("门禁密码2580#").text.as_str(), "门禁密码****#");
/// assert_eq!(miandan_mask::free_text("红色2件,11月11日前发").text.as_str(), "红色2件,11月11日前发");
/// ```
#[must_use]
pub fn free_text(text: &str) -> Outcome {
    let mut cells = Cells::new(text);
    hide_stray(&mut cells, Manner::Memo);
    hide_doors(&mut cells);
    cells.finish(None)
}

/// A memo repeats an address now and then; the surest signs of a door are enough here.
fn hide_doors(cells: &mut Cells<'_>) {
    // A memo that is nothing but a number is a room or a code.
    if (0..cells.len()).all(|at| matches!(cells.kind(at), Kind::Digit | Kind::Space)) {
        return cells.hide_all();
    }
    let mut at = 0;
    while at < cells.len() {
        let from = at;
        if in_number(cells, at) && !is_joiner(cells, at) {
            at = (at..cells.len()).find(|&at| !in_number(cells, at)).unwrap_or(cells.len());
            hide_number(cells, from..at);
        } else {
            at += 1;
        }
    }
}

/// Hides what is read as the number of a door.
fn hide_number(cells: &mut Cells<'_>, number: Range<usize>) {
    let Some(first) = number.clone().find(|&at| cells.kind(at) == Kind::Digit) else {
        // Letters are a number nowhere but beside a word that wants one: B室, Flat B.
        let letters = number.clone().any(|at| cells.kind(at) == Kind::Latin);
        if (!letters || number.len() < 3) && beside_door_word(cells, &number) {
            cells.hide_where(number, |_| true);
        }
        return;
    };
    // Room1501: the word is no part of the number.
    let from = if door_word_before(cells, first) { first } else { number.start };
    let number = from..number.end;
    let digits = number.clone().filter(|&at| cells.kind(at) == Kind::Digit).count();
    let joiners = number.clone().filter(|&at| cells.base(at) == '-').count();
    let last_is_room = number.clone().rev().take_while(|&at| cells.kind(at) == Kind::Digit).count() >= 3;

    let wished = wish_before(cells, number.start) && ends_wish(cells, number.end);
    let in_building = building_before(cells, number.start) && ends_wish(cells, number.end);
    let room = (3..=4).contains(&digits) && joiners == 0;
    let chain = last_is_room && joiners == 1;
    if beside_door_word(cells, &number) || ((room || chain) && (wished || in_building)) {
        cells.hide_where(number, |_| true);
    } else if last_is_room && joiners == 2 {
        // 3-2-501: building, unit, room.
        let building = number.clone().find(|&at| cells.base(at) == '-').unwrap_or(number.end);
        cells.hide_where(building..number.end, |_| true);
    }
}

fn beside_door_word(cells: &Cells<'_>, number: &Range<usize>) -> bool {
    door_word_after(cells, number.end) || door_word_before(cells, number.start)
}

/// 3栋501, 12楼1203.
fn building_before(cells: &Cells<'_>, at: usize) -> bool {
    let at = at - usize::from(at > 0 && cells.kind(at - 1) == Kind::Space);
    at > 0 && matches!(cells.base(at - 1), '栋' | '幢' | '座' | '楼' | '层')
}

fn in_number(cells: &Cells<'_>, at: usize) -> bool {
    let numeral = matches!(cells.kind(at), Kind::Digit | Kind::Numeral | Kind::Stem | Kind::Latin);
    (numeral && cells.get(at).is_some_and(|cell| !cell.hidden)) || is_joiner(cells, at)
}

fn is_joiner(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.base(at), '-' | '#' | '、')
}

/// 12号铺, (2)班.
fn door_word_after(cells: &Cells<'_>, at: usize) -> bool {
    const WORDS: [&str; 13] =
        ["单元", "室", "寝室", "房间", "床", "铺", "档口", "格口", "房", "位", "格", "店面", "门面"];
    let at = at + usize::from(cells.kind(at) == Kind::Close);
    if cells.base(at) == '班' {
        return !matches!(cells.base(at + 1), '车' | '次' | '机');
    }
    if cells.base(at) == '号' {
        return WORDS.iter().any(|word| cells.has(at + 1, word));
    }
    WORDS[..8].iter().any(|word| cells.has(at, word))
}

/// 2单元501, Room 1501.
fn door_word_before(cells: &Cells<'_>, at: usize) -> bool {
    const WORDS: [&str; 9] = ["单元", "room", "rm", "flat", "apt", "unit", "suite", "ring", "bell"];
    let signs =
        (0..at).rev().take(3).take_while(|&at| matches!(cells.base(at), ' ' | '.' | ':' | '#')).count();
    let end = at - signs;
    WORDS.iter().any(|word| {
        let start = end.checked_sub(word.chars().count());
        start.is_some_and(|start| {
            let glued = start > 0 && cells.kind(start - 1) == Kind::Latin && cells.kind(start) == Kind::Latin;
            cells.has(start, word) && !glued
        })
    })
}

/// Words behind which a room is meant: where to put it, whom to ring.
fn wish_before(cells: &Cells<'_>, at: usize) -> bool {
    let at = at - usize::from(at > 0 && cells.kind(at - 1) == Kind::Space);
    at > 0
        && (matches!(cells.base(at - 1), '放' | '送' | '到' | '在' | '住' | '按' | '摁')
            || cells.ends_with(at, "在家")
            || cells.ends_with(at, "门铃")
            || cells.ends_with(at, "呼叫"))
}

/// What may follow a room; after anything else the number is a quantity: 放100个.
fn ends_wish(cells: &Cells<'_>, at: usize) -> bool {
    !cells.kind(at).is_letter()
        || matches!(cells.base(at), '门' | '对' | '隔' | '开' | '家' | '旁' | '的' | '吧' | '就' | '后')
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
            ("zhang.san@example.com", "*****.***@*******.***"),
            ("邮箱 abc＠example.com 谢谢", "邮箱 ***＠*******.*** 谢谢"),
            ("120\u{200B}0000\u{200B}1234", "***********"),
        ]);
    }

    #[test]
    fn codes_and_accounts_are_hidden() {
        check(&[
            ("门禁2580", "门禁****"),
            ("密码是 *2580#", "密码是 *****#"),
            ("取件码:5-2-3301", "取件码:*-*-****"),
            ("2580#门禁", "****#门禁"),
            ("先按3再按1234#，门禁", "先按3再按****#，门禁"),
            ("门禁先按3再按1234#", "门禁先按*再按****#"),
            ("加微信abc_123", "加微信***_***"),
            ("QQ 12345", "QQ *****"),
            ("微信号：zhang_san-90", "微信号：*****_***-**"),
            ("vx:abc123", "vx:******"),
            ("扣扣12345", "扣扣*****"),
            ("支付宝账号zhang123", "支付宝账号********"),
            ("抖音号 dy1234", "抖音号 ******"),
            ("小红书号：12345", "小红书号：*****"),
            ("telegram @zhang12", "telegram @*******"),
            ("护照E12345678", "护照*********"),
            ("台胞证12345678", "台胞证********"),
            ("回乡证H12345678", "回乡证*********"),
            ("凭码8842取", "凭码****取"),
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
            ("放501门口", "放***门口"),
            ("送3号楼501", "送3号楼***"),
            ("3栋2-501", "3栋*-***"),
            ("放3-501", "放*-***"),
            ("Room1501", "Room****"),
            ("Bedroom 2", "Bedroom 2"),
            ("放100个", "放100个"),
            ("501", "***"),
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
            ("2026-12-05前", "2026-12-05前"),
            ("a@", "a@"),
            ("红色3件，台灯2个", "红色3件，台灯2个"),
            ("回执1份，账单1张", "回执1份，账单1张"),
            ("", ""),
        ]);
    }
}
