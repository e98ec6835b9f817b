//! What shops and buyers write into the memo, which is printed.

use super::Labelled;
use super::Mix;
use super::phone;
use super::random::Random;
use super::writing::wide;

const MEMOS: [&str; 6] = ["", "", "易碎，请轻放", "放丰巢柜请先联系", "周末送货", "请勿倒置"];

/// Words of the trade, whose numbers are nobody's.
const TRADE: [&str; 8] =
    ["红色2件", "11月11日前发", "第1/3箱", "易碎，轻放", "赠品1份", "不要放驿站", "加急", "发顺丰"];

const KINDS: [&str; 7] =
    ["memo", "memo-phone", "memo-landline", "memo-code", "memo-email", "memo-identity-number", "memo-door"];

/// The kinds of memos that a mix has.
#[cfg(test)]
pub(super) fn kinds(mix: Mix) -> Vec<&'static str> {
    if mix == Mix::Hostile { KINDS.to_vec() } else { vec![KINDS[0]] }
}

pub(super) fn memo(random: &mut Random, mix: Mix) -> (&'static str, Labelled) {
    if mix == Mix::Realistic {
        return (KINDS[0], Labelled::of_shown(random.pick(&MEMOS)));
    }
    let kind = random.pick(&KINDS);
    let mut text = Labelled::default();
    if kind == "memo" || random.one_in(2) {
        text.show(random.pick(&TRADE)).show(random.pick(&["，", " ", "；", "。"]));
    }
    match kind {
        "memo-phone" => mobile(random, &mut text),
        "memo-landline" => {
            let (area, number) = (random.pick(&["010", "0571", "021"]), random.digits(7));
            text.show("座机").hide(area).show("-").hide("0").hide(&number);
        }
        "memo-code" => {
            let digits = random.digits(4);
            let code = match random.below(4) {
                0 => format!("{digits}#"),
                1 => format!("*{digits}#"),
                _ => digits,
            };
            text.show(random.pick(&["门禁密码", "单元门密码：", "门禁", "取件码 "])).hide(&code);
        }
        "memo-email" => {
            let user =
                format!("{}{}", random.pick(&["zhang", "li.ming", "wang_", "buyer"]), random.digits(3));
            text.show(random.pick(&["邮箱", "发票发", "email: "]));
            text.hide(&user).show("@").hide(random.pick(&["example.com", "example.org", "mail.example.cn"]));
        }
        "memo-identity-number" => {
            let last = random.pick(&["X", "1", "7", "x"]);
            let number = format!("00000019{:02}0101{}{last}", random.below(100), random.digits(3));
            text.show(random.pick(&["身份证", "身份证号：", "报关证件 "])).hide(&number);
        }
        "memo-door" => {
            let room = format!("{}{:02}", random.between(1, 32), random.between(1, 8));
            let unit = random.between(1, 9).to_string();
            text.show(&format!("送到{}号楼", random.between(1, 36)))
                .hide(&unit)
                .show("单元")
                .hide(&room)
                .show("室");
        }
        _ => {}
    }
    if random.one_in(4) {
        text.show(random.pick(&["，谢谢", " 谢谢🙏", "。", "！"]));
    }
    (kind, text)
}

fn mobile(random: &mut Random, text: &mut Labelled) {
    let digits = phone::mobile_digits(random);
    text.show(random.pick(&["电话", "请打", "联系 ", "改派："]));
    match random.below(4) {
        0 => text.hide(&digits[..3]).show(" ").hide(&digits[3..7]).show(" ").hide(&digits[7..]),
        1 => text.hide(&digits[..3]).show("-").hide(&digits[3..7]).show("-").hide(&digits[7..]),
        2 => text.hide(&wide(&digits)),
        _ => text.hide(&digits),
    };
}
