//! Personal data that is written in the template itself.

use miandan_render::trace::Kind;

use crate::ink::place;
use crate::lint::Label;
use crate::{Finding, Rule};

/// Finds phones, e-mail addresses and identity numbers in texts that the template holds word for word.
pub(crate) fn personal(label: &Label, source: &str, findings: &mut Vec<Finding>) {
    for element in &label.trace.elements {
        let looked_at = matches!(element.kind, Kind::Text | Kind::Barcode { .. });
        if looked_at && personal_words(&element.content).any(|word| source.contains(word)) {
            findings.push(Finding::at(Rule::PersonalConstant, place(element)));
        }
    }
}

/// Whether a phone, an e-mail address or an identity number seems to stand in a text.
#[must_use]
pub fn holds_personal_data(text: &str) -> bool {
    personal_words(text).next().is_some()
}

/// The words of a text that look like a phone, an e-mail address or an identity number.
fn personal_words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "-@._+".contains(c)));
    words.filter(|word| is_phone(word) || is_identity(word) || is_mail(word))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A mobile, with or without the code of the country, or a landline with its area code.
fn is_phone(word: &str) -> bool {
    let bare = word.trim_start_matches("+86").trim_start_matches("86-").trim_start_matches('-');
    let joined: String = bare.chars().filter(|&c| c != '-').collect();
    let mobile =
        digits(&joined) && joined.len() == 11 && joined.starts_with('1') && joined.as_bytes()[1] >= b'3';
    let landline = bare.split_once('-').is_some_and(|(area, rest)| {
        digits(area)
            && area.starts_with('0')
            && matches!(area.len(), 3 | 4)
            && matches!(rest.len(), 7 | 8)
            && digits(rest)
    });
    mobile || landline
}

fn is_identity(word: &str) -> bool {
    word.len() == 18
        && digits(&word[..17])
        && word.ends_with(|c: char| c.is_ascii_digit() || c == 'X' || c == 'x')
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal() {
        for phone in ["19900000000", "+8619900000000", "199-0000-0000", "010-00000000", "0571-0000000"] {
            assert!(is_phone(phone), "{phone}");
        }
        for other in ["400-000-0000", "95338", "MD7000000000012", "2611110000123456", "12345678901", "-", ""]
        {
            assert!(!is_phone(other), "{other}");
        }
        assert!(is_identity("00000019000101000X") && !is_identity("261111000012345678901"));
        assert!(is_mail("a@example.com") && !is_mail("@") && !is_mail("a@b"));
    }
}
