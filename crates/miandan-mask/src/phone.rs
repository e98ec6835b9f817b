//! Phone numbers: at least six digits hidden, at most the last four shown.
//!
//! GB/T 41833-2022 asks for six hidden digits; the usual `138****1234` hides four and breaks it. The last four digits
//! are what pick-up stations search by, so they stay where six others can be hidden, and are cut shorter where not.
//! The clause says nothing of short landlines; here they follow the same arithmetic.
//!
//! | Number | Shown with `tail4` |
//! |---|---|
//! | mobile | `*******1234` |
//! | prefix `+86`, `0086`, `86`, or of another country | kept: `+86 *******1234`, `+852 ******78` |
//! | landline with an area code | `010-******78`, `0915-******9` |
//! | extension | hidden |
//! | fewer than seven digits, or too many for one number | all hidden |
//! | anything else in the field | hidden, but for the punctuation |

use miandan_core::masking::ShownPhone;

use crate::area_codes::area_length;
use crate::character::{Cells, Kind};
use crate::outcome::{Outcome, Warning};

/// Masks a mobile number (GB/T 41833-2022, privacy clause: at least six digits hidden).
///
/// The number is read, not trusted to be of its type: a landline in a mobile's field is masked as a landline.
/// Several numbers in one field are masked one by one.
///
/// ```
/// use miandan_core::masking::ShownPhone;
///
/// assert_eq!(miandan_mask::mobile("12000001234", ShownPhone::Tail4).text.as_str(), "*******1234");
/// assert_eq!(miandan_mask::mobile("+86 120-0000-1234", ShownPhone::Tail4).text.as_str(), "+86 ***-****-1234");
/// ```
#[must_use]
pub fn mobile(text: &str, shown: ShownPhone) -> Outcome {
    phone(text, shown)
}

/// Masks a fixed-line number: area code kept, six digits of the subscriber's number and the extension hidden.
///
/// ```
/// use miandan_core::masking::ShownPhone;
///
/// let outcome = miandan_mask::landline("010-12345678转8001", ShownPhone::Tail4);
/// assert_eq!(outcome.text.as_str(), "010-******78转****");
/// ```
#[must_use]
pub fn landline(text: &str, shown: ShownPhone) -> Outcome {
    phone(text, shown)
}

/// Digits of one number that must be hidden (GB/T 41833-2022).
const HIDDEN: usize = 6;
/// No national number has more digits; what is longer is two numbers run together, or none.
const LONGEST: usize = 12;

fn phone(text: &str, shown: ShownPhone) -> Outcome {
    let mut cells = Cells::new(text);
    for at in 0..cells.len() {
        let base = cells.base(at);
        match cells.kind(at) {
            Kind::Open | Kind::Close | Kind::Mark
                if matches!(
                    base,
                    '(' | ')'
                        | '['
                        | ']'
                        | '+'
                        | '-'
                        | '.'
                        | '/'
                        | ','
                        | ';'
                        | '、'
                        | '，'
                        | '；'
                        | '（'
                        | '）'
                        | '#'
                        | ':'
                        | '|'
                        | '~'
                ) =>
            {
                cells.print_as(at, base)
            }
            Kind::Space => {}
            _ => cells.hide(at),
        }
    }

    let mut readable = false;
    let mut number: Option<Number> = None;
    let mut in_extension = false;
    let mut gap_start = 0;
    let mut at = 0;
    while at < cells.len() {
        if cells.kind(at) != Kind::Digit {
            at += 1;
            continue;
        }
        let end = (at..cells.len()).find(|&end| cells.kind(end) != Kind::Digit).unwrap_or(cells.len());
        let gap = read_gap(&mut cells, gap_start, at, number.is_some() || in_extension);
        let complete = number.as_ref().is_some_and(Number::is_complete);
        match gap {
            Gap::Extension => {
                readable |= number.take().is_some_and(|number| number.reveal(&mut cells, shown));
                in_extension = true;
            }
            Gap::Inside if in_extension => {}
            // What follows a whole number is its extension, unless it is long enough to be a number.
            Gap::Inside if complete && end - at < 7 => {
                readable |= number.take().is_some_and(|number| number.reveal(&mut cells, shown));
                in_extension = true;
            }
            Gap::Inside if !complete && number.is_some() => {
                number.iter_mut().for_each(|number| number.extend(&cells, at, end));
            }
            Gap::Inside | Gap::Between => {
                readable |= number.take().is_some_and(|number| number.reveal(&mut cells, shown));
                in_extension = false;
                number = Some(Number::new(&cells, at, end));
            }
        }
        gap_start = end;
        at = end;
    }
    readable |= number.take().is_some_and(|number| number.reveal(&mut cells, shown));

    let unread = !readable && shown != ShownPhone::None && cells.ink() > 0;
    cells.finish(unread.then_some(Warning::HiddenWhole))
}

/// What stands between two groups of digits.
enum Gap {
    /// Both belong to one number.
    Inside,
    /// The second is an extension of the first.
    Extension,
    /// They are two numbers.
    Between,
}

/// Reads a gap, and shows the word in it that announces an extension.
fn read_gap(cells: &mut Cells<'_>, from: usize, to: usize, after_number: bool) -> Gap {
    const WORDS: [&str; 6] = ["转", "分机", "ext", "x", "#", "p"];
    let mut gap = Gap::Inside;
    let mut at = from;
    while at < to {
        let word = WORDS.iter().find_map(|word| cells.length_of(at, word));
        match word {
            Some(length) if after_number && at + length <= to => {
                (at..at + length).for_each(|at| cells.reveal(at));
                gap = Gap::Extension;
                at += length;
                continue;
            }
            _ if matches!(gap, Gap::Extension) => {}
            _ if cells.kind(at) == Kind::Space || matches!(cells.base(at), '-' | '.' | '~') => {}
            _ if matches!(cells.kind(at), Kind::Open | Kind::Close) => {}
            _ => gap = Gap::Between,
        }
        at += 1;
    }
    gap
}

/// Groups of digits that make one number; every digit of it is hidden until [`Number::reveal`].
struct Number {
    from: usize,
    to: usize,
    digits: usize,
    /// Enough of the first digits to read a country and an area code.
    lead: [char; 10],
    first_group: usize,
    plus: bool,
}

impl Number {
    fn new(cells: &Cells<'_>, from: usize, to: usize) -> Self {
        let plus = cells.before(from).is_some_and(|cell| cell.base == '+');
        let mut number = Number { from, to, digits: 0, lead: ['\0'; 10], first_group: to - from, plus };
        number.extend(cells, from, to);
        number
    }

    fn extend(&mut self, cells: &Cells<'_>, from: usize, to: usize) {
        for (place, at) in self.lead.iter_mut().skip(self.digits).zip(from..to) {
            *place = cells.base(at);
        }
        self.digits += to - from;
        self.to = to;
    }

    /// How many digits name the country.
    fn prefix(&self) -> usize {
        match self.lead {
            ['0', '0', ..] => country_length(&self.lead[2..]).map_or(0, |length| 2 + length),
            _ if self.plus => country_length(&self.lead).unwrap_or(0),
            ['8', '6', next, ..] if self.first_group == 2 || (self.digits == 13 && next == '1') => 2,
            _ => 0,
        }
    }

    /// Whether a digit more would be one too many.
    fn is_complete(&self) -> bool {
        let prefix = self.prefix();
        let national = self.digits.saturating_sub(prefix);
        let lead = &self.lead[prefix..];
        let country = &self.lead[..prefix];
        match (country, lead) {
            ([.., '8', '5', '2' | '3'], _) => national >= 8,
            ([.., '8', '8', '6'], ['0', ..]) | (['1'] | ['0', '0', '1'], _) => national >= 10,
            ([.., '8', '8', '6'], _) => national >= 9,
            ([.., '8', '6'] | [], ['1', ..]) => national >= 11,
            ([.., '8', '6'] | [], _) => match area_length(lead) {
                Some(3) => national >= 11,
                Some(area) => national >= area + 7,
                None if lead[0] == '0' => national >= 10,
                // A prefix without a sign: 8612 and the rest is to come.
                None if matches!(lead, ['8', '6', '1', ..]) => national >= 13,
                None => national >= 7,
            },
            _ => national >= LONGEST,
        }
    }

    /// Shows what may be shown: country, area code and tail. Says whether there is a tail.
    fn reveal(&self, cells: &mut Cells<'_>, shown: ShownPhone) -> bool {
        let wanted = match shown {
            ShownPhone::Tail4 => 4,
            ShownPhone::Tail2 => 2,
            ShownPhone::None => return false,
        };
        let prefix = self.prefix();
        let national = self.digits - prefix.min(self.digits);
        let lead = &self.lead[prefix..];
        let area = area_length(lead).filter(|area| national >= area + 7).unwrap_or(0);
        let subscriber = national - area;
        let longest = match (area, prefix, lead[0]) {
            (1.., ..) => 8,
            (0, 0, '0') => LONGEST,
            (0, 0, _) => 11,
            _ => LONGEST,
        };
        if subscriber <= HIDDEN || subscriber > longest {
            return false;
        }
        let tail = wanted.min(subscriber - HIDDEN);
        let mut place = 0;
        for at in self.from..self.to {
            if cells.kind(at) == Kind::Digit {
                if place < prefix + area || place >= self.digits - tail {
                    cells.reveal(at);
                }
                place += 1;
            }
        }
        true
    }
}

/// The length of the country code (ITU-T E.164) that the digits begin with.
fn country_length(lead: &[char]) -> Option<usize> {
    Some(match *lead {
        ['1' | '7', ..] => 1,
        ['2', '0' | '7', ..]
        | ['3', '0'..='4' | '6' | '9', ..]
        | ['4', '0' | '1' | '3'..='9', ..]
        | ['5', '1'..='8', ..]
        | ['6', '0'..='6', ..]
        | ['8', '1' | '2' | '4' | '6', ..]
        | ['9', '0'..='5' | '8', ..] => 2,
        ['2' | '3' | '4' | '5' | '6' | '8' | '9', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => 3,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[(&str, &str)]) {
        for &(source, expected) in rows {
            let outcome = mobile(source, ShownPhone::Tail4);
            assert_eq!(outcome.text.as_str(), expected, "{source:?}");
            assert_eq!(outcome, landline(source, ShownPhone::Tail4), "{source:?}");
            let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).count();
            let hidden = digits(source) - digits(outcome.text.as_str());
            assert!(hidden >= digits(source).min(6), "{source:?} hides {hidden}");
        }
    }

    #[test]
    fn mobiles() {
        check(&[
            ("12000001234", "*******1234"),
            ("120 0000 1234", "*** **** 1234"),
            ("120-0000-1234", "***-****-1234"),
            ("１２０００００１２３４", "*******1234"),
            ("120\u{200B}00001234", "*******1234"),
            ("1\u{FE0F}\u{20E3}20 0000 1234", "*** **** 1234"),
            ("012000001234", "********1234"),
            ("(120)00001234", "(***)****1234"),
            ("（120）0000－1234", "(***)****-1234"),
        ]);
    }

    #[test]
    fn the_prefix_of_the_country_stays() {
        check(&[
            ("+8612000001234", "+86*******1234"),
            ("+86 12000001234", "+86 *******1234"),
            ("008612000001234", "0086*******1234"),
            ("0086-120-0000-1234", "0086-***-****-1234"),
            ("86-12000001234", "86-*******1234"),
            ("8612000001234", "86*******1234"),
            ("(+86)12000001234", "(+86)*******1234"),
            ("＋86 12000001234", "+86 *******1234"),
            ("+86 010-12345678", "+86 010-******78"),
            ("+852 12345678", "+852 ******78"),
            ("+852 1234 5678", "+852 **** **78"),
            ("+853 12345678", "+853 ******78"),
            ("+886 912345678", "+886 ******678"),
            ("+886 0912345678", "+886 ******5678"),
            ("0912345678", "******5678"),
            ("+1 (415) 555-0100", "+1 (***) ***-0100"),
            ("+44 20 7946 0958", "+44 ** **** 0958"),
            ("+65 1234 5678", "+65 **** **78"),
            ("+8612345", "+*******"),
            ("+86", "+**"),
        ]);
    }

    #[test]
    fn landlines_keep_the_area_code() {
        check(&[
            ("010-12345678", "010-******78"),
            ("01012345678", "010******78"),
            ("(010)12345678", "(010)******78"),
            ("010 1234 5678", "010 **** **78"),
            ("0915-1234567", "0915-******7"),
            ("09151234567", "0915******7"),
            ("0755-12345678", "0755-******78"),
            ("021-12345678", "021-******78"),
            ("12345678", "******78"),
            ("1234567", "******7"),
            ("0300-1234567", "****-***4567"),
            ("400-123-4567", "***-***-4567"),
        ]);
    }

    #[test]
    fn extensions_are_hidden() {
        check(&[
            ("010-12345678-8001", "010-******78-****"),
            ("010-12345678转8001", "010-******78转****"),
            ("010-12345678轉8001", "010-******78轉****"),
            ("010-12345678 分机 8001", "010-******78 分机 ****"),
            ("010-12345678ext.8001", "010-******78ext.****"),
            ("010-12345678#8001", "010-******78#****"),
            ("010-12345678,8001", "010-******78,****"),
            ("0915-1234567-8", "0915-******7-*"),
            ("12000001234-1234", "*******1234-****"),
            ("12000001234转1234", "*******1234转****"),
            ("12000001234(1234)", "*******1234(****)"),
            ("12000001234[1234]", "*******1234[****]"),
            ("120000012341234", "***************"),
            ("010123456788001", "***************"),
            ("12000001234转12345678", "*******1234转********"),
        ]);
    }

    #[test]
    fn several_numbers_are_masked_one_by_one() {
        check(&[
            ("12000001234/12000005678", "*******1234/*******5678"),
            ("12000001234 12000005678", "*******1234 *******5678"),
            ("12000001234，010-12345678", "*******1234,010-******78"),
            ("12000001234、12000005678", "*******1234、*******5678"),
            ("12000001234或12000005678", "*******1234********5678"),
            ("+86 12000001234+86 12000005678", "+86 *******1234+86 *******5678"),
            ("12000001234 010 12345678", "*******1234 *** ********"),
        ]);
    }

    #[test]
    fn what_is_no_number_is_hidden() {
        check(&[
            ("123456", "******"),
            ("1", "*"),
            ("120****1234", "***********"),
            ("张三 12000001234", "** *******1234"),
            ("电话:12000001234", "**:*******1234"),
            ("一二〇〇〇〇〇一二三四", "***********"),
            ("12000001234567890123456789", "**************************"),
            ("abc", "***"),
            ("", ""),
            ("1200000/1234", "******0/****"),
        ]);
        assert_eq!(mobile("123456", ShownPhone::Tail4).warning, Some(Warning::HiddenWhole));
        assert_eq!(mobile("12000001234", ShownPhone::Tail4).warning, None);
        assert_eq!(mobile("12000001234", ShownPhone::None).warning, None);
    }

    #[test]
    fn stricter_settings_show_less() {
        for (source, tail2, none) in [
            ("12000001234", "*********34", "***********"),
            ("+86 12000001234", "+86 *********34", "+** ***********"),
            ("010-12345678", "010-******78", "***-********"),
            ("0915-1234567", "0915-******7", "****-*******"),
        ] {
            assert_eq!(mobile(source, ShownPhone::Tail2).text.as_str(), tail2, "{source:?}");
            assert_eq!(mobile(source, ShownPhone::None).text.as_str(), none, "{source:?}");
        }
    }
}
