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
//! | landline with an area code | `010-******78`, `0915-******9`, `+86 10 ******78` |
//! | 400 and 800 | `***-***-**78`: the numbers are public, but few, so two digits are all that stays |
//! | extension | hidden |
//! | fewer digits than a number has, or more | all hidden |
//! | 电话, 手机, 转, 分机, ext, tel, and punctuation | kept |
//! | any other word: it may be a name | hidden |

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
    hide_words(&mut cells);

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
        let gap = read_gap(&cells, gap_start, at, number.is_some() || in_extension);
        let complete = number.as_ref().is_some_and(Number::is_complete);
        match gap {
            Gap::Extension => {
                readable |= number.take().is_some_and(|number| number.reveal(&mut cells, shown));
                in_extension = true;
            }
            Gap::Inside if in_extension => {}
            // What follows a whole number is its extension, unless it is long enough to be a number.
            Gap::Inside if complete && end - at < 7 && !opens_number(&cells, at, end) => {
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

/// Hides all but the punctuation and the words that name no person. Digits are shown again by [`Number::reveal`].
fn hide_words(cells: &mut Cells<'_>) {
    let mut at = 0;
    while at < cells.len() {
        let word = match cells.base(at) {
            '电' | '手' | '转' | '分' | 'e' | 't' => shown_word(cells, at),
            _ => None,
        };
        match word {
            Some(length) => at += length,
            None => {
                let base = cells.base(at);
                cells.hide(at);
                if cells.get(at).is_some_and(|cell| !cell.hidden) {
                    cells.print_as(at, base);
                }
                at += 1;
            }
        }
    }
}

/// The length of a word that may stay. A Latin one must not be part of another: hotel, text.
fn shown_word(cells: &Cells<'_>, at: usize) -> Option<usize> {
    const WORDS: [&str; 6] = ["电话", "手机", "转", "分机", "ext", "tel"];
    let length = WORDS.iter().find_map(|word| cells.length_of(at, word))?;
    let latin = cells.kind(at) == Kind::Latin;
    let glued = cells.before(at).is_some_and(|cell| cell.kind == Kind::Latin)
        || cells.kind(at + length) == Kind::Latin;
    (!latin || !glued).then_some(length)
}

/// Whether a group of digits is an area code, or the first three of a mobile, with the rest of a number behind it,
/// so that it is no extension.
fn opens_number(cells: &Cells<'_>, at: usize, end: usize) -> bool {
    let mut lead = ['\0'; 4];
    lead.iter_mut().zip(at..end).for_each(|(place, at)| *place = cells.base(at));
    let rest = match lead {
        ['1', _, _, '\0'] => 8,
        _ if area_length(&lead) == Some(end - at) => 7,
        _ => return false,
    };
    let group = (end..end + LONGEST).take_while(|&at| cells.kind(at) == Kind::Digit || joins(cells, at));
    group.filter(|&at| cells.kind(at) == Kind::Digit).count() >= rest
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

/// Reads a gap.
fn read_gap(cells: &Cells<'_>, from: usize, to: usize, after_number: bool) -> Gap {
    const WORDS: [&str; 6] = ["转", "分机", "ext", "x", "#", "p"];
    let mut gap = Gap::Inside;
    for at in from..to {
        let announces = |word: &&str| cells.length_of(at, word).is_some_and(|length| at + length <= to);
        match gap {
            Gap::Extension => {}
            _ if after_number && WORDS.iter().any(announces) => gap = Gap::Extension,
            _ if !joins(cells, at) => gap = Gap::Between,
            _ => {}
        }
    }
    gap
}

/// Signs that stand within a number.
fn joins(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Space | Kind::Open | Kind::Close)
        || matches!(cells.base(at), '-' | '.' | '~' | '_' | '/')
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
            // Hong Kong and Macau without a sign: 852-12345678.
            ['8', '5', '2' | '3', ..] if self.first_group == 3 && self.digits <= 11 => 3,
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
            ([.., '8', '6'] | [], _) => match self.area() {
                Some(3) if lead[0] == '0' => national >= 11,
                Some(area) => national >= area + 7,
                None if lead[0] == '0' || is_service(lead) => national >= 10,
                // A prefix without a sign: 8612 and the rest is to come.
                None if matches!(lead, ['8', '6', '1', ..]) => national >= 13,
                None => national >= 7,
            },
            _ => national >= LONGEST,
        }
    }

    /// How many digits are an area code of the mainland; behind +86 it may lack its zero.
    fn area(&self) -> Option<usize> {
        let prefix = self.prefix();
        match (&self.lead[..prefix], &self.lead[prefix..]) {
            ([] | [.., '8', '6'], lead @ ['0', ..])
                if !matches!(self.lead[..prefix], [.., '8', '8', '6']) =>
            {
                area_length(lead)
            }
            ([.., '8', '6'], &[a, b, c, ..]) if !matches!(self.lead[..prefix], [.., '8', '8', '6']) => {
                let mobile = a == '1' && self.digits - prefix == 11;
                area_length(&['0', a, b, c]).filter(|_| !mobile).map(|length| length - 1)
            }
            _ => None,
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
        let area = self.area().filter(|area| national >= area + 7).unwrap_or(0);
        // Taiwan: behind its prefix, the zero of the trunk is no part of the number.
        let taiwan = matches!(self.lead[..prefix], [.., '8', '8', '6']);
        let trunk = usize::from(taiwan && lead[0] == '0');
        let subscriber = national - area - trunk.min(national - area);
        let possible = match (area, prefix, lead) {
            (1.., ..) => subscriber <= 8,
            (0, 0, ['0', ..]) => subscriber <= LONGEST,
            (0, 0, _) => {
                subscriber <= 8
                    || (subscriber == 11 && lead[0] == '1')
                    || (subscriber == 10 && is_service(lead))
            }
            _ => subscriber <= LONGEST,
        };
        if subscriber <= HIDDEN || !possible {
            return false;
        }
        let most = if subscriber == 10 && is_service(lead) { 2 } else { wanted };
        let tail = most.min(subscriber - HIDDEN).min(wanted);
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

/// 400 and 800: numbers of firms, in every part of the country.
fn is_service(lead: &[char]) -> bool {
    matches!(lead, ['4' | '8', '0', '0', ..])
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
            ("852-12345678", "852-******78"),
            ("853 1234 5678", "853 **** **78"),
            ("852-1234", "***-****"),
            ("85212345678", "***********"),
            ("+886 912345678", "+886 ******678"),
            ("+886 0912345678", "+886 *******678"),
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
            ("+86 10 1234 5678", "+86 10 **** **78"),
            ("86-755-12345678", "86-755-******78"),
            ("12345678", "******78"),
            ("1234567", "******7"),
            ("0300-1234567", "****-***4567"),
            ("400-123-4567", "***-***-**67"),
            ("+86 400 123 4567", "+86 *** *** **67"),
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
            ("12000001234 010 12345678", "*******1234 010 ******78"),
        ]);
    }

    #[test]
    fn what_is_no_number_is_hidden() {
        check(&[
            ("123456", "******"),
            ("1", "*"),
            ("120****1234", "***********"),
            ("张三 12000001234", "** *******1234"),
            ("Tel：12000001234", "Tel:*******1234"),
            ("hotel 12000001234", "***** *******1234"),
            ("电话:12000001234", "电话:*******1234"),
            ("122000056", "*********"),
            ("1220000567", "**********"),
            ("一二〇〇〇〇〇一二三四", "***********"),
            ("12000001234567890123456789", "**************************"),
            ("abc", "***"),
            ("", ""),
            ("1200000/1234", "*******/1234"),
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
