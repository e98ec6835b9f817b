//! E-mail addresses: the first character and the domain stay.
//!
//! Alibaba's Dataphin documents it (`username@example.com` → `u***@example.com`, help.aliyun.com, document 2343053).
//! Hutool does the same and leaves a local part of one character clear; here a short one is hidden whole.

use std::ops::Range;

use crate::character::{Cells, Kind};
use crate::outcome::{Outcome, Warning};

/// Characters of the local part that are hidden at least, where it has as many.
const HIDDEN: usize = 2;
/// A domain with as many digits may be somebody's number.
const NUMBER: usize = 7;

/// Masks e-mail addresses. They are never printed on a label: this is for a merchant's own exports.
///
/// Of each address (RFC 5321, without quotation marks) the domain stays, and the first character if two others are
/// hidden. A domain that is a person's own says who it is all the same. Whatever else stands in the field is hidden;
/// [`Warning::HiddenWhole`] says that there was no address in it.
///
/// ```
/// assert_eq!(miandan_mask::email("zhang.san@example.com").text.as_str(), "z****.***@example.com");
/// assert_eq!(miandan_mask::email("zs@example.com").text.as_str(), "**@example.com");
/// assert_eq!(miandan_mask::email("zhang.san").text.as_str(), "*****.***");
/// ```
#[must_use]
pub fn email(text: &str) -> Outcome {
    let mut cells = Cells::new(text);
    cells.hide_all();
    let mut readable = false;
    let mut free = 0;
    for at in 0..cells.len() {
        if cells.base(at) != '@' {
            continue;
        }
        let local = local_part(&cells, free, at);
        free = at + 1;
        // a@b@example.com: nobody can say which is which.
        let several = local.start > 0 && cells.base(local.start - 1) == '@';
        let Some(domain) = domain(&cells, at + 1).filter(|_| !local.is_empty() && !several) else { continue };
        free = domain.end;
        readable = true;
        domain.for_each(|at| cells.reveal(at));
        let mut letters = local.filter(|&at| cells.get(at).is_some_and(|cell| cell.hidden));
        let first = letters.next();
        if let Some(first) = first.filter(|_| letters.count() >= HIDDEN) {
            cells.reveal(first);
        }
    }
    let unread = !readable && cells.ink() > 0;
    cells.finish(unread.then_some(Warning::HiddenWhole))
}

/// What stands before the sign. It begins no earlier than where the address before it ends.
fn local_part(cells: &Cells<'_>, free: usize, sign: usize) -> Range<usize> {
    let belongs = |&at: &usize| {
        is_letter(cells, at) || matches!(cells.base(at), '.' | '_' | '-' | '+' | '%' | '\'' | '=' | '&' | '/')
    };
    let start = (free..sign).rev().take_while(belongs).last().unwrap_or(sign);
    start..sign
}

/// What stands behind the sign, if it has the form of a domain: labels with dots between them, the last of letters.
fn domain(cells: &Cells<'_>, from: usize) -> Option<Range<usize>> {
    let belongs = |at: usize| is_letter(cells, at) || matches!(cells.base(at), '.' | '-');
    let mut end = (from..).find(|&at| !belongs(at))?;
    // A full stop may end the sentence.
    while end > from && matches!(cells.base(end - 1), '.' | '-') {
        end -= 1;
    }
    let dot = (from..end).rev().find(|&at| cells.base(at) == '.')?;
    let doubled = (from..dot).any(|at| cells.base(at) == '.' && cells.base(at + 1) == '.');
    let top = (dot + 1..end).all(|at| cells.kind(at) == Kind::Latin) && end - dot > 2;
    let digits = (from..end).filter(|&at| cells.kind(at) == Kind::Digit).count();
    let sound = dot > from && cells.base(from) != '.' && !doubled && top && digits < NUMBER;
    // As above.
    (sound && cells.base(end) != '@').then_some(from..end)
}

fn is_letter(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Latin | Kind::Digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_character_and_domain_stay() {
        for (source, expected) in [
            ("li@example.com", "**@example.com"),
            ("l@example.com", "*@example.com"),
            ("lis@example.com", "l**@example.com"),
            ("li.s@example.com", "l*.*@example.com"),
            ("Ｌｉｓａ＠example.com", "L***＠example.com"),
            ("12000001234@mail.example", "1**********@mail.example"),
            ("lisa@example.com;tom@example.org", "l***@example.com;t**@example.org"),
            ("张三 <zhang@example.com>", "** <z****@example.com>"),
            ("邮箱zhang@example.com。", "**z****@example.com。"),
            ("lisa@mail.example.com.", "l***@mail.example.com."),
        ] {
            let outcome = email(source);
            assert_eq!(outcome.text.as_str(), expected, "{source:?}");
            assert_eq!(outcome.warning, None, "{source:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_hidden() {
        for (source, expected) in [
            ("zhang.san", "*****.***"),
            ("zhang@", "*****@"),
            ("@example.com", "@*******.***"),
            ("zhang@example", "*****@*******"),
            ("zhang@example..com", "*****@*******..***"),
            ("zhang@.com", "*****@.***"),
            ("zhang@10.0.0.1", "*****@**.*.*.*"),
            ("a@b@example.com", "*@*@*******.***"),
            ("a@example.com@b", "*@*******.***@*"),
            ("zhang@12000001234.com", "*****@***********.***"),
            ("z***@example.com", "****@*******.***"),
        ] {
            assert_eq!(email(source).text.as_str(), expected, "{source:?}");
        }
        assert_eq!(email("zhang.san").warning, Some(Warning::HiddenWhole));
        assert_eq!(email("").warning, None);
    }
}
