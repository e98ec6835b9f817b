//! Personal data that strays into text where it does not belong: phones, identity numbers, e-mails, door codes.
//!
//! Used on a merchant's memo and, before anything else, on the detail line of an address. What is found is hidden
//! whole: a memo has no use for the last four digits of a phone.

use std::ops::Range;

use crate::character::{Cells, Kind};

/// How numbers are written in the text at hand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Numbers are quantities; seven digits in a row are personal, whatever separates them.
    Memo,
    /// Numbers are joined to address a door, as in `12-3-2-1501`; a phone has longer groups.
    Address,
}

/// Hides all of it. Linear in the length of the text.
pub(crate) fn hide_stray(cells: &mut Cells<'_>, manner: Manner) {
    hide_numbers(cells, manner);
    hide_mails(cells);
    hide_codes(cells, manner);
}

/// Digits that make a phone or identity number.
const PHONE: usize = 7;
/// Digits of a mobile number, which nothing needs to precede.
const MOBILE: usize = 11;
/// Digits before the check letter of an identity number; the old ones had fifteen and no letter.
const IDENTITY: usize = 17;
/// Signs in a row that may separate two groups of one number.
const MAX_GAP: usize = 3;
/// Letters that may be glued to the number of an office.
const GLUED: usize = 2;

fn hide_numbers(cells: &mut Cells<'_>, manner: Manner) {
    let mut at = 0;
    while at < cells.len() {
        if !is_figure(cells, at) {
            at += 1;
            continue;
        }
        if let Some(end) = date(cells, at) {
            at = end;
            continue;
        }
        let run = read_run(cells, at, manner);
        let personal = match manner {
            Manner::Memo => run.figures >= PHONE,
            Manner::Address => {
                run.longest >= PHONE
                    || run.figures >= 10
                    || (run.shortest >= 3 && run.figures >= PHONE && !is_counted(cells, at..run.end))
            }
        };
        if personal {
            cells.hide_where(at..run.end, |cell| matches!(cell.kind, Kind::Digit | Kind::Numeral));
            if manner == Manner::Address && run.longest < PHONE {
                hide_glued(cells, at..run.end);
            }
            if run.figures == IDENTITY && cells.base(run.end) == 'x' {
                cells.hide(run.end);
            }
            hide_extension(cells, run.end);
        }
        at = run.end;
    }
}

/// Whether there is a numeral that nobody reads a phone out with: the 十 of 二十三-1407.
fn is_counted(cells: &Cells<'_>, mut run: Range<usize>) -> bool {
    run.any(|at| matches!(cells.base(at), '十' | '百' | '千'))
}

/// Two offices are as long as a phone: what is glued to their numbers is theirs, B and 甲 of B2303-2203甲.
fn hide_glued(cells: &mut Cells<'_>, run: Range<usize>) {
    let is_letter = |at: usize| matches!(cells.kind(at), Kind::Latin | Kind::Stem);
    let before = (0..run.start).rev().take(GLUED + 1).take_while(|&at| is_letter(at)).count();
    let after = (run.end..run.end + GLUED + 1).take_while(|&at| is_letter(at)).count();
    // More of them are a word: Tel12000001234.
    let from = run.start - if before > GLUED { 0 } else { before };
    let to = run.end + if after > GLUED { 0 } else { after };
    cells.hide_where(from..to, |cell| matches!(cell.kind, Kind::Latin | Kind::Stem));
}

/// Where a date ends that begins here: 2026-12-05. Written without signs it is a number like any other.
fn date(cells: &Cells<'_>, from: usize) -> Option<usize> {
    let number = |at: usize, longest: usize| {
        let digits = (at..at + longest).map_while(|at| cells.base(at).to_digit(10));
        let (length, value) = digits.fold((0, 0), |(length, value), digit| (length + 1, value * 10 + digit));
        (at + length, value)
    };
    let (month, year) = number(from, 4);
    let sign = cells.base(month);
    if !(1990..2100).contains(&year) || !matches!(sign, '-' | '/' | '.') {
        return None;
    }
    let (second, in_year) = number(month + 1, 2);
    let (end, in_month) = number(second + 1, 2);
    let whole = cells.base(second) == sign && (1..=12).contains(&in_year) && (1..=31).contains(&in_month);
    let glued = is_figure(cells, end) || (is_gap(cells, end) && is_figure(cells, end + 1));
    (whole && !glued).then_some(end)
}

/// An extension is too short to be found by its length: `转8001`.
fn hide_extension(cells: &mut Cells<'_>, from: usize) {
    let announced = (from..from + MAX_GAP)
        .find_map(|at| ["转", "分机", "ext"].iter().find_map(|word| Some(at + cells.length_of(at, word)?)));
    if let Some(start) = announced.and_then(|end| (end..end + MAX_GAP).find(|&at| is_figure(cells, at))) {
        let end = (start..cells.len()).find(|&at| !is_figure(cells, at)).unwrap_or(cells.len());
        cells.hide_where(start..end, |_| true);
    }
}

/// Groups of figures with little between them.
struct Run {
    end: usize,
    figures: usize,
    longest: usize,
    shortest: usize,
}

fn read_run(cells: &Cells<'_>, from: usize, manner: Manner) -> Run {
    let mut run = Run { end: from, figures: 0, longest: 0, shortest: usize::MAX };
    // What begins like a country or area code goes with what follows.
    let china = cells.has(from, "86") && !is_figure(cells, from + 2);
    let prefixed =
        china || cells.base(from) == '0' || cells.before(from).is_some_and(|cell| cell.base == '+');
    let mut at = from;
    loop {
        let end = (at..cells.len()).find(|&end| !is_figure(cells, end)).unwrap_or(cells.len());
        let group = end - at;
        // In an address, 3-2-1501 and a phone after it are not one number.
        let apart = manner == Manner::Address && !prefixed;
        if apart && at > from && group >= MOBILE {
            return run;
        }
        run.figures += group;
        run.longest = run.longest.max(group);
        run.shortest = run.shortest.min(group);
        run.end = end;
        let next = (end..=end + MAX_GAP)
            .find(|&next| !is_gap(cells, next) || (apart && is_bracket(cells, next)))
            .unwrap_or(end);
        if next == end || !is_figure(cells, next) || (apart && at == from && group < 3) {
            return run;
        }
        at = next;
    }
}

fn is_figure(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Digit | Kind::Numeral) && !is_dash(cells, at)
}

/// One between digits is a dash to many: 3一2一1501.
fn is_dash(cells: &Cells<'_>, at: usize) -> bool {
    cells.base(at) == '一'
        && cells.kind(at + 1) == Kind::Digit
        && cells.before(at).is_some_and(|cell| cell.kind == Kind::Digit)
}

fn is_gap(cells: &Cells<'_>, at: usize) -> bool {
    match cells.get(at) {
        Some(cell) => match cell.kind {
            Kind::Space | Kind::Open | Kind::Close => true,
            Kind::Numeral => is_dash(cells, at),
            _ => matches!(cell.base, '-' | '.' | '+' | '/' | '_' | '~' | '·'),
        },
        None => false,
    }
}

/// In 501(1234) a bracket keeps a door and a note apart; in (010)12345678 it does not.
fn is_bracket(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Open | Kind::Close)
}

fn hide_mails(cells: &mut Cells<'_>) {
    let in_mail = |cells: &Cells<'_>, at: usize| {
        matches!(cells.kind(at), Kind::Latin | Kind::Digit)
            || matches!(cells.base(at), '.' | '_' | '-' | '+' | '%')
    };
    for at in 0..cells.len() {
        if cells.base(at) != '@' {
            continue;
        }
        let from = (0..at).rev().take_while(|&at| in_mail(cells, at)).last();
        let to = (at + 1..cells.len()).take_while(|&at| in_mail(cells, at)).last();
        if let (Some(from), Some(to)) = (from, to) {
            cells.hide_where(from..to + 1, |cell| cell.base != '@');
        }
    }
}

/// Words after which a code or an account is written.
#[rustfmt::skip]
const CODE_WORDS: [&str; 53] = [
    "密码", "密钥", "门禁", "门锁", "门码", "锁码", "取件码", "取货码", "提货码", "收货码", "验证码", "开门码", "访客码",
    "电梯码", "取件号", "取货号", "开柜码", "自提码", "格口码", "通行证", "尾号", "口令", "暗号", "微信", "威信", "薇信", "企鹅", "旺旺", "身份证", "护照", "开锁", "按键", "加v",
    "扣扣", "账号", "帐号", "抖音号", "红书号", "台胞证", "回乡证", "凭码",
    "whatsapp", "telegram", "password", "passcode", "pwd", "pin", "code", "wechat", "weixin", "qq", "vx", "wx",
];
/// How far from such a word a code is looked for.
const REACH: usize = 16;

fn hide_codes(cells: &mut Cells<'_>, manner: Manner) {
    for at in 0..cells.len() {
        // Most characters begin no such word; a Latin one must not begin inside another word.
        let begins = match cells.kind(at) {
            Kind::Han => begins_code_word(cells.base(at)) || matches!(cells.base(at), '后' | '末'),
            Kind::Latin => cells.before(at).is_none_or(|cell| cell.kind != Kind::Latin),
            _ => false,
        };
        if !begins {
            continue;
        }
        if let Some(length) = last_digits(cells, at) {
            hide_code_after(cells, at + length);
        } else if manner == Manner::Memo && ["取货", "取件", "提货"].iter().any(|word| cells.has(at, word))
        {
            // 凭884422取货: the code comes first. 取件码 does too, now and then.
            hide_code_before(cells, at, manner);
        }
        if let Some(length) = CODE_WORDS.iter().find_map(|word| cells.length_of(at, word)) {
            // 威信 is a county as well.
            if cells.has(at, "威信县") {
                continue;
            }
            let latin = cells.kind(at) == Kind::Latin;
            if !(latin && cells.kind(at + length) == Kind::Latin) {
                hide_code_after(cells, at + length);
                hide_code_before(cells, at, manner);
            }
        }
    }
}

#[rustfmt::skip]
fn begins_code_word(c: char) -> bool {
    matches!(c, '密' | '门' | '锁' | '取' | '提' | '自' | '格' | '通' | '尾' | '收' | '验' | '开' | '访' | '电' | '口' | '暗' | '微' | '威' | '薇' | '企'
        | '旺' | '身' | '护' | '按' | '加' | '扣' | '账' | '帐' | '抖' | '红' | '台' | '回' | '凭')
}

/// The length of 后四位 and the like, after which the tail of a phone or identity number is written.
fn last_digits(cells: &Cells<'_>, at: usize) -> Option<usize> {
    let counts =
        matches!(cells.base(at), '后' | '末') && is_figure(cells, at + 1) && cells.base(at + 2) == '位';
    counts.then_some(3)
}

fn is_code(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Digit | Kind::Latin | Kind::Numeral | Kind::Stem)
        || matches!(cells.base(at), '#' | '*' | '_')
}

/// Hides the first code after the word whole, and every figure as far as a code may reach.
fn hide_code_after(cells: &mut Cells<'_>, from: usize) {
    let end = (from..from + REACH)
        .find(|&at| at >= cells.len() || matches!(cells.base(at), '。' | '；' | ';' | '!' | '！'))
        .unwrap_or(from + REACH);
    // The four of 后四位 is no code.
    let counted = |at: usize| at > 0 && last_digits(cells, at - 1).is_some();
    let Some(start) = (from..end).find(|&at| is_code(cells, at) && !counted(at)) else { return };
    let mut at = start;
    // A code is hidden to its end, however long.
    while is_code(cells, at) || (at < end && matches!(cells.base(at), '-' | '.')) {
        cells.hide(at);
        at += 1;
    }
    // The last number goes whole, too: half of it may still say where a door is.
    let end = (end.max(at)..cells.len()).find(|&at| !is_figure(cells, at)).unwrap_or(cells.len());
    cells.hide_where(at..end, |cell| matches!(cell.kind, Kind::Digit | Kind::Numeral) || cell.base == '#');
}

/// Hides a code of three characters or more that stands right before the word: `1234#门禁`, `1234是密码`.
/// In an address `501门禁` is a room, which is not for this rule to hide.
fn hide_code_before(cells: &mut Cells<'_>, word: usize, manner: Manner) {
    let joined = cells.before(word).is_some_and(|cell| matches!(cell.base, '是' | '为' | ':'));
    let end = if joined { word - 1 } else { word };
    let start = (0..end).rev().take(REACH).take_while(|&at| is_code(cells, at)).last();
    let Some(start) = start.filter(|start| end - start >= 3) else { return };
    // wifi密码: a word is no code.
    if !(start..end).any(|at| is_figure(cells, at)) {
        return;
    }
    let keyed = (start..end).any(|at| matches!(cells.base(at), '#' | '*'));
    if joined || keyed || manner == Manner::Memo {
        cells.hide_where(start..end, |_| true);
    }
}
