//! What people write after an address: wishes, and things that are nobody's business.

use super::super::Mix;
use super::super::writing::wide;
use super::super::{name, phone};
use super::Line;

const WISHES: [&str; 6] = ["放门口", "放门卫", "（东门）", "送货上门", "周末送", "请走南门"];

pub(super) fn put(line: &mut Line<'_>) {
    if !line.is_hostile() {
        if line.random.one_in(40) {
            let wish = line.random.pick(&WISHES);
            // A word after a number without a space would be read as the number's own.
            line.text.show(" ").show(wish);
        }
        return;
    }
    if line.random.one_in(2) {
        return;
    }
    let count = line.random.between(1, 2);
    for _ in 0..count {
        one(line);
    }
}

fn one(line: &mut Line<'_>) {
    match line.random.below(8) {
        0 => {
            let wish = line.random.pick(&WISHES);
            let space = line.random.pick(&[" ", "，", "　"]);
            line.text.show(space).show(wish);
        }
        1 | 2 => code(line),
        3 | 4 => phone(line),
        5 | 6 => person(line),
        _ => {
            let picture = line.random.pick(&["😊", "🙏🙏", "❤", "👍"]);
            line.show(picture);
        }
    }
}

/// A door code with the keys that end it, which are part of it.
fn code(line: &mut Line<'_>) {
    let length = line.random.between(4, 6) as usize;
    let mut code = line.random.digits(length);
    match line.random.below(5) {
        0 => code.push('#'),
        1 => code = format!("*{code}#"),
        2 => code = format!("#{code}"),
        3 => code = wide(&code),
        _ => {}
    }
    let (open, word, close) = line.random.pick(&[
        ("（", "门禁密码", "）"),
        ("(", "门禁", ")"),
        ("【", "密码：", "】"),
        (" ", "单元门密码:", ""),
        ("，", "门禁码 ", ""),
    ]);
    line.text.show(open).show(word).hide(&code).show(close);
}

fn phone(line: &mut Line<'_>) {
    let digits = phone::mobile_digits(line.random);
    let (open, close) = line.random.pick(&[
        ("（", "）"),
        (" 电话", ""),
        (" ", ""),
        ("，请打", ""),
        ("[", "]"),
        (" 手机：", ""),
    ]);
    line.show(open);
    match line.random.below(4) {
        0 => line.text.hide(&digits[..3]).show(" ").hide(&digits[3..7]).show(" ").hide(&digits[7..]),
        1 => line.text.hide(&digits[..3]).show("-").hide(&digits[3..7]).show("-").hide(&digits[7..]),
        2 => line.text.hide(&wide(&digits)),
        _ => line.text.hide(&digits),
    };
    line.show(close);
}

/// Somebody's name, of which the first character is shown as in the field of the name.
fn person(line: &mut Line<'_>) {
    // The realistic mix of names: what is odd about names is tried in their own field.
    let name = loop {
        let (kind, name) = name::name(line.random, Mix::Realistic);
        if kind == "name" {
            break name;
        }
    };
    let (open, close) =
        line.random.pick(&[("（", "收）"), ("(", ")"), ("【", "】"), (" ", "收"), (" 收件人：", "")]);
    line.text.show(open).append(&name).show(close);
}
