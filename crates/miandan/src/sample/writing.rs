//! How people write: digits of several kinds, and what slips in between.

use super::Mix;
use super::random::Random;

/// How a number is written. The value is the same; a masker that knows one only shows the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Digits {
    Plain,
    Wide,
    /// 二十三, and 五〇一 from a hundred on, as rooms are read out.
    Counted,
}

const CHINESE: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

impl Digits {
    /// Any of them in the hostile mix; in the realistic one, hardly ever another than the plain ones.
    pub(super) fn choose(random: &mut Random, mix: Mix) -> Digits {
        match mix {
            Mix::Realistic if random.one_in(50) => Digits::Counted,
            Mix::Realistic => Digits::Plain,
            Mix::Hostile => random.weighted(&[(Digits::Plain, 6), (Digits::Wide, 2), (Digits::Counted, 2)]),
        }
    }

    pub(super) fn write(self, number: u64) -> String {
        match self {
            Digits::Plain => number.to_string(),
            Digits::Wide => wide(&number.to_string()),
            Digits::Counted if number < 100 => counted(number),
            Digits::Counted => spoken(&number.to_string()),
        }
    }
}

/// Full-width forms.
pub(super) fn wide(text: &str) -> String {
    text.chars()
        .map(|c| char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_graphic()).unwrap_or(c))
        .collect()
}

pub(super) fn spoken(digits: &str) -> String {
    digits.bytes().map(|digit| CHINESE[usize::from(digit - b'0')]).collect()
}

fn counted(number: u64) -> String {
    let (tens, ones) = (number as usize / 10, number as usize % 10);
    let mut text = match tens {
        0 => String::new(),
        1 => "十".to_owned(),
        _ => format!("{}十", CHINESE[tens]),
    };
    if ones > 0 || tens == 0 {
        text.push_str(CHINESE[ones]);
    }
    text
}

/// What stands between two parts of an address, where most people put nothing.
pub(super) fn gap(random: &mut Random, mix: Mix) -> &'static str {
    match mix {
        Mix::Realistic if random.one_in(30) => " ",
        Mix::Realistic => "",
        Mix::Hostile if random.one_in(4) => random
            .pick(&[" ", " ", "  ", "\u{3000}", "，", ",", "、", "\u{200B}", "\u{FEFF}", "😀", "🏠", "。"]),
        Mix::Hostile => "",
    }
}

/// What nobody sees: copied out of chats and web pages.
pub(super) const INVISIBLE: [char; 5] = ['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{FEFF}'];

/// Puts something invisible into a number now and then.
pub(super) fn slip_in(random: &mut Random, mix: Mix, number: String) -> String {
    if mix == Mix::Realistic || number.chars().count() < 2 || !random.one_in(40) {
        return number;
    }
    let slip = random.pick(&INVISIBLE);
    let mut characters: Vec<char> = number.chars().collect();
    characters.insert(random.between(1, characters.len() as u64 - 1) as usize, slip);
    characters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        let written = |digits: Digits| [3, 10, 12, 30, 99, 501].map(|number| digits.write(number));
        assert_eq!(written(Digits::Plain), ["3", "10", "12", "30", "99", "501"]);
        assert_eq!(written(Digits::Wide), ["３", "１０", "１２", "３０", "９９", "５０１"]);
        assert_eq!(written(Digits::Counted), ["三", "十", "十二", "三十", "九十九", "五〇一"]);
    }
}
