//! Numbers of orders, waybills and goods in data of any shape: what custom areas are full of, often as a barcode, and what free
//! text would hide, since it hides every long number.

/// The longest that is taken for one, in characters.
const LONGEST: usize = 64;

/// Whether a text is, as a whole, the number of a thing and not of a person: letters, digits, `-` and `_`, with so many digits
/// that it is neither a phone nor an identity number, however it is written.
///
/// A phone has 11 digits and begins with 1, with or without 86 or 0 before it; a landline 7 or 8, and 10 to 12 with its
/// area code, which begins with 0 (telephone numbering plan of the MIIT). An identity number has 15 or 18 characters, six of
/// an area and then a date of birth (GB 11643-1999). What has fewer than nine digits is left to free text.
pub(super) fn is_identifier(text: &str) -> bool {
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    if text.len() > LONGEST || !text.bytes().all(is_plain) {
        return false;
    }
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let runs = text.split(|c: char| !c.is_ascii_digit());
    digits.len() >= 9
        && !is_of_a_person(&digits, text)
        && runs.filter(|run| run.len() >= 7).all(|run| !is_of_a_person(run.as_bytes(), text))
}

fn is_of_a_person(digits: &[u8], text: &str) -> bool {
    let bare = digits.strip_prefix(b"0086").or(digits.strip_prefix(b"86")).unwrap_or(digits);
    is_phone(digits) || is_phone(bare) || is_identity(digits, text)
}

fn is_phone(digits: &[u8]) -> bool {
    match digits {
        [b'0', b'1', rest @ ..] if rest.len() == 10 => true,
        [b'0', ..] => (10..=12).contains(&digits.len()),
        [b'1', ..] if digits.len() == 11 => true,
        _ => matches!(digits.len(), 7 | 8),
    }
}

/// Of an identity number the last of 18 characters may be an X, which is no digit.
fn is_identity(digits: &[u8], text: &str) -> bool {
    let birth = match digits.len() {
        15 => [b"19", digits.get(6..12).unwrap_or_default()].concat(),
        18 => digits.get(6..14).unwrap_or_default().to_vec(),
        17 if text.ends_with(['X', 'x']) => digits.get(6..14).unwrap_or_default().to_vec(),
        _ => return false,
    };
    let number = |range: std::ops::Range<usize>| {
        birth
            .get(range)
            .unwrap_or_default()
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    };
    let area = u32::from(digits[0] - b'0') * 10 + u32::from(digits[1] - b'0');
    (11..=83).contains(&area)
        && (1900..=2099).contains(&number(0..4))
        && (1..=12).contains(&number(4..6))
        && (1..=31).contains(&number(6..8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_of_things_stay() {
        for text in [
            "4123456789012345678",
            "261130-345678901234567",
            "YT7000000000012",
            "73000000000035",
            "SF1300000000123",
            "6900000000012",
            "JDVB20000000123-1-1-",
            "QH_2000000001",
        ] {
            assert!(is_identifier(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_people_do_not() {
        for text in [
            "12000001234",
            "120-0000-1234",
            "8612000001234",
            "008612000001234",
            "86-120-0000-1234",
            "012000001234",
            "tel12000001234",
            "ORDER-1-12000001234",
            "02087654321",
            "0755-87654321",
            "075587654321",
            "87654321-8765432",
            "8765432",
            "110101190001011234",
            "11010119000101123X",
            "110101900101123",
            "id-110101190001011234",
            "12000001234 ",
            "１２０００００１２３４５６７",
            "地址4123456789012345678",
            "",
            "501",
        ] {
            assert!(!is_identifier(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_mobile_is_the_number_of_a_thing(
            digits in "1[0-9]{10}",
            cuts in proptest::collection::vec((0..11_usize, "[-_]"), 0..4),
            before in prop_oneof!["", "86", "0086", "0", "86-", "[A-Za-z]{1,5}-?"],
        ) {
            let mut text = digits;
            for (at, cut) in cuts {
                text.insert_str(at.min(text.len()), &cut);
            }
            prop_assert!(!is_identifier(&(before + &text)));
        }

        #[test]
        fn no_landline_is_the_number_of_a_thing(area in "0[1-9][0-9]{1,2}", local in "[2-9][0-9]{6,7}", cut in "[-_]?") {
            let text = format!("{area}{cut}{local}");
            prop_assert!(!is_identifier(&text));
        }
    }
}
