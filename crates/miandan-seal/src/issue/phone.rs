//! Which type the field `phone` gets: it may hold a mobile number or a fixed line, and they are masked differently.

use miandan_core::field::FieldType;

/// The type of a number by its shape.
///
/// It is a mobile if, after `+86`, `86` or `0086` in front and all blanks, hyphens and brackets are taken away, it is
/// 11 digits beginning with 13 to 19. Everything else is a landline: fixed lines with and without extension, numbers
/// of other countries, and what is no number at all.
///
/// ```
/// use miandan_core::field::FieldType;
/// use miandan_seal::issue::phone_type;
///
/// assert_eq!(phone_type("+86 138-0000-0000"), FieldType::Mobile);
/// assert_eq!(phone_type("010-12345678"), FieldType::Landline);
/// assert_eq!(phone_type("0571-1234567-8001"), FieldType::Landline);
/// ```
#[must_use]
pub fn phone_type(number: &str) -> FieldType {
    let mut digits = [0; 15];
    let mut count = 0;
    for character in number.chars() {
        match character {
            ' ' | '\u{3000}' | '\t' | '-' | '－' | '(' | ')' | '（' | '）' => {}
            '+' | '＋' if count == 0 => {}
            '0'..='9' if count < digits.len() => {
                digits[count] = character as u8;
                count += 1;
            }
            '０'..='９' if count < digits.len() => {
                digits[count] = b'0' + (u32::from(character) - u32::from('０')) as u8;
                count += 1;
            }
            _ => return FieldType::Landline,
        }
    }
    let digits = &digits[..count];
    let national = match digits {
        [b'0', b'0', b'8', b'6', rest @ ..] => rest,
        [b'8', b'6', rest @ ..] if rest.len() == 11 => rest,
        _ => digits,
    };
    match national {
        [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 => FieldType::Mobile,
        _ => FieldType::Landline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles() {
        for number in [
            "13800000000",
            "+8613800000000",
            "8613800000000",
            "0086 138 0000 0000",
            "(138) 0000-0000",
            "１９９００００００００",
        ] {
            assert_eq!(phone_type(number), FieldType::Mobile, "{number}");
        }
    }

    #[test]
    fn landlines_and_the_rest() {
        for number in [
            "",
            "010-12345678",
            "0915-1234567",
            "010-12345678-8001",
            "12345678901",
            "1380000000",
            "138000000000",
            "13800000000-8001",
            "13800000000转8001",
            "400-800-0000",
            "+852 1234 5678",
            "00861380000000012345",
            "电话",
        ] {
            assert_eq!(phone_type(number), FieldType::Landline, "{number}");
        }
    }
}
