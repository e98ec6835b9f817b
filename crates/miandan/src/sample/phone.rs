//! Phones that nobody has: every number lies in a range that was never assigned.
//!
//! | Number | Why nobody has it | Shown |
//! |---|---|---|
//! | mobile | begins with 12 | the last four |
//! | landline | the subscriber's number begins with 0 or 1 | area code, and what is left after six hidden digits |
//! | 400 | the next digit is 2 | the last two |
//! | Hong Kong, Macau, Singapore | eight digits that begin with 0 or 1 | prefix, the last two |
//! | Taiwan | begins with 1 | prefix, the last three |
//! | North America, Japan | ten digits that begin with 0 or 1 (`+81 10`) | prefix, the last four |

use super::Labelled;
use super::Mix;
use super::divisions::Place;
use super::random::Random;
use super::writing::{INVISIBLE, wide};

/// Area codes of four digits where subscribers have eight.
const LONG: [&str; 34] = [
    "0311", "0371", "0377", "0379", "0411", "0431", "0432", "0451", "0510", "0512", "0513", "0516", "0523",
    "0531", "0532", "0551", "0571", "0573", "0574", "0575", "0576", "0577", "0579", "0591", "0592", "0595",
    "0731", "0755", "0757", "0769", "0771", "0791", "0851", "0871",
];

const MOBILE_KINDS: [(&str, u64, u64); 9] = [
    ("mobile", 970, 12),
    ("mobile-spaced", 18, 12),
    ("mobile-prefixed", 12, 14),
    ("mobile-wide", 0, 8),
    ("mobile-extension", 0, 8),
    ("mobile-several", 0, 8),
    ("mobile-invisible", 0, 4),
    ("landline-in-mobile", 0, 8),
    ("foreign", 0, 16),
];

const LANDLINE_KINDS: [(&str, u64, u64); 5] = [
    ("landline", 80, 20),
    ("landline-extension", 20, 20),
    ("landline-prefixed", 0, 12),
    ("landline-wide", 0, 8),
    ("service-number", 0, 8),
];

/// The kinds of numbers that a mix has.
#[cfg(test)]
pub(super) fn kinds(mix: Mix) -> Vec<&'static str> {
    let all = MOBILE_KINDS.iter().chain(&LANDLINE_KINDS);
    all.filter(|kind| mix == Mix::Hostile || kind.1 > 0).map(|kind| kind.0).collect()
}

fn choose<const N: usize>(
    random: &mut Random,
    mix: Mix,
    kinds: [(&'static str, u64, u64); N],
) -> &'static str {
    random.weighted(&kinds.map(|(kind, realistic, hostile)| match mix {
        Mix::Realistic => (kind, realistic),
        Mix::Hostile => (kind, hostile),
    }))
}

/// Eleven digits that begin with 120 to 129: no mobile number does.
pub(super) fn mobile_digits(random: &mut Random) -> String {
    format!("12{}", random.digits(9))
}

/// What stands in the field of the mobile number.
pub(super) fn mobile(random: &mut Random, mix: Mix, place: &Place) -> (&'static str, Labelled) {
    let kind = choose(random, mix, MOBILE_KINDS);
    let mut text = Labelled::default();
    match kind {
        "mobile-spaced" => spaced(random, &mut text),
        "mobile-prefixed" => {
            let prefixes: &[&str] = match mix {
                Mix::Realistic => &["+86 ", "+86", "86-"],
                Mix::Hostile => {
                    &["+86 ", "+86", "+86-", "86-", "86 ", "0086", "0086-", "0086 ", "(+86)", "86"]
                }
            };
            text.show(random.pick(prefixes));
            if random.one_in(3) { spaced(random, &mut text) } else { plain(random, &mut text) }
        }
        "mobile-wide" => {
            let digits = wide(&mobile_digits(random));
            let (hidden, shown) = digits.split_at(7 * '１'.len_utf8());
            text.hide(hidden).show(shown);
        }
        "mobile-extension" => {
            plain(random, &mut text);
            text.show(random.pick(&["-", "转", " 转 ", ",", "#", "转分机"]));
            let length = random.between(2, 4) as usize;
            text.hide(&random.digits(length));
        }
        "mobile-several" => {
            plain(random, &mut text);
            for _ in 0..random.between(1, 2) {
                text.show(random.pick(&["/", " ", "、", "，", ",", ";", "；", " / "]));
                plain(random, &mut text);
            }
        }
        "mobile-invisible" => {
            // One in the hidden part is hidden with it; one in the tail is shown with it.
            let digits = mobile_digits(random);
            let (before, after) = (random.pick(&INVISIBLE).to_string(), random.pick(&INVISIBLE).to_string());
            text.hide(&digits[..3]).hide(&before).hide(&digits[3..7]);
            text.show(&digits[7..9]).show(&after).show(&digits[9..]);
        }
        "landline-in-mobile" => subscriber(random, mix, place, &mut text),
        "foreign" => foreign(random, &mut text),
        _ => plain(random, &mut text),
    }
    (kind, text)
}

fn plain(random: &mut Random, text: &mut Labelled) {
    let digits = mobile_digits(random);
    text.hide(&digits[..7]).show(&digits[7..]);
}

/// As people group eleven digits.
fn spaced(random: &mut Random, text: &mut Labelled) {
    let digits = mobile_digits(random);
    let joint = random.pick(&[" ", "-"]);
    text.hide(&digits[..3]).show(joint).hide(&digits[3..7]).show(joint).show(&digits[7..]);
}

/// What stands in the field of the landline.
pub(super) fn landline(random: &mut Random, mix: Mix, place: &Place) -> (&'static str, Labelled) {
    let kind = choose(random, mix, LANDLINE_KINDS);
    let mut text = Labelled::default();
    match kind {
        "landline-extension" => {
            subscriber(random, mix, place, &mut text);
            let announcements: &[&str] = match mix {
                Mix::Realistic => &["-", "转"],
                Mix::Hostile => &["-", "转", " 转 ", "转分机", " ext. ", "#", "轉", " 分机 "],
            };
            text.show(random.pick(announcements));
            let length = random.between(1, 4) as usize;
            text.hide(&random.digits(length));
        }
        "landline-prefixed" if place.is_mainland() => {
            // Abroad, the zero of the area code is dropped by some and kept by others; here it is kept.
            text.show(random.pick(&["+86 ", "0086-", "+86-"]));
            subscriber(random, mix, place, &mut text);
        }
        "landline-wide" if place.is_mainland() => {
            let mut narrow = Labelled::default();
            subscriber(random, Mix::Realistic, place, &mut narrow);
            text.clear = wide(&narrow.clear);
            text.masked =
                narrow.masked.chars().map(|c| if c == '*' { c } else { wide_character(c) }).collect();
        }
        "service-number" => {
            let digits = format!("4002{}", random.digits(6));
            let joint = random.pick(&["-", "", " "]);
            text.hide(&digits[..3]).show(joint).hide(&digits[3..6]).show(joint);
            text.hide(&digits[6..8]).show(&digits[8..]);
        }
        _ => subscriber(random, mix, place, &mut text),
    }
    (kind, text)
}

fn wide_character(c: char) -> char {
    wide(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c)
}

/// Area code and subscriber; six digits of the latter are hidden.
fn subscriber(random: &mut Random, mix: Mix, place: &Place, text: &mut Labelled) {
    if !place.is_mainland() {
        return abroad(random, &format!("+{}", place.area_code), 8, text);
    }
    let long = place.area_code.len() == 3 || LONG.contains(&place.area_code);
    let first = random.below(2);
    let number = format!("{first}{}", random.digits(if long { 7 } else { 6 }));
    let hostile = mix == Mix::Hostile;
    match random.below(if hostile { 4 } else { 1 }) {
        1 => text.show("(").show(place.area_code).show(")"),
        2 => text.show(place.area_code).show(" "),
        3 => text.show(place.area_code),
        _ => text.show(place.area_code).show("-"),
    };
    if hostile && random.one_in(4) {
        text.hide(&number[..4]).show(" ").hide(&number[4..6]).show(&number[6..]);
    } else {
        text.hide(&number[..6]).show(&number[6..]);
    }
}

fn foreign(random: &mut Random, text: &mut Labelled) {
    match random.below(6) {
        0 | 1 => {
            let prefix = random.pick(&["+852", "00852", "+852", "852-"]);
            abroad(random, prefix, 8, text);
        }
        2 => abroad(random, "+853", 8, text),
        3 => abroad(random, "+65", 8, text),
        4 => {
            text.show("+886").show(random.pick(&["", " ", "-"]));
            let digits = format!("1{}", random.digits(8));
            text.hide(&digits[..6]).show(&digits[6..]);
        }
        _ => {
            text.show(random.pick(&["+1 ", "+81 ", "001-"]));
            let digits = format!("10{}", random.digits(8));
            text.hide(&digits[..3]).show("-").hide(&digits[3..6]).show("-").show(&digits[6..]);
        }
    }
}

/// A prefix and a number that begins with 0 or 1, which no subscriber of these places has.
fn abroad(random: &mut Random, prefix: &str, length: usize, text: &mut Labelled) {
    text.show(prefix);
    if !prefix.ends_with('-') {
        text.show(random.pick(&[" ", "-", ""]));
    }
    let digits = format!("{}{}", random.below(2), random.digits(length - 1));
    if random.one_in(2) {
        text.hide(&digits[..4]).show(" ").hide(&digits[4..6]).show(&digits[6..]);
    } else {
        text.hide(&digits[..6]).show(&digits[6..]);
    }
}

/// Main number and extension of a virtual number.
pub(super) fn virtual_number(random: &mut Random) -> (String, String) {
    (mobile_digits(random), random.digits(4))
}
