//! Area codes of the mainland: how many digits before a subscriber's number say where it is.

/// The length of the area code that the digits begin with, if it is one: `010` and `02x` have three digits, the
/// others four.
pub(crate) fn area_length(lead: &[char]) -> Option<usize> {
    match *lead {
        ['0', '1', '0', ..] => Some(3),
        ['0', '2', c, ..] => (c.is_ascii_digit() && c != '6').then_some(3),
        ['0', a, b, c, ..] => {
            let code = [a, b, c].iter().try_fold(0, |code, digit| Some(code * 10 + digit.to_digit(10)?))?;
            CODES.iter().any(|codes| codes.contains(&code)).then_some(4)
        }
        _ => None,
    }
}

/// Four-digit codes without their leading zero. Codes that nobody was given are not here, so that what looks like
/// one is masked as a plain number.
#[rustfmt::skip]
static CODES: [std::ops::RangeInclusive<u32>; 52] = [
    // Hebei, Shanxi, Henan
    310..=319, 335..=335, 349..=359, 370..=379, 391..=396, 398..=398,
    // the north-east, Inner Mongolia
    410..=421, 427..=427, 429..=429, 431..=439, 451..=459, 464..=464, 467..=479, 482..=483,
    // Jiangsu, Shandong, Anhui, Zhejiang, Fujian
    510..=520, 523..=527, 530..=539, 543..=543, 546..=546, 550..=566, 570..=580, 591..=599, 631..=635,
    // Guangdong, Yunnan, Hubei, Hunan, Jiangxi, Guangxi
    660..=660, 662..=663, 668..=668, 691..=692, 701..=701, 710..=719, 722..=722, 724..=724, 728..=728,
    730..=739, 743..=746, 750..=760, 762..=763, 766..=766, 768..=779, 790..=799,
    // Sichuan, Guizhou, Yunnan, Tibet, Hainan
    812..=813, 816..=818, 825..=839, 851..=859, 870..=879, 883..=883, 886..=888, 891..=899,
    // the north-west
    901..=909, 911..=919, 930..=941, 943..=943, 951..=999,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (number, length) in [
            ("01012345678", Some(3)),
            ("02112345678", Some(3)),
            ("02612345678", None),
            ("09151234567", Some(4)),
            ("07551234567", Some(4)),
            ("03001234567", None),
            ("012", None),
            ("010", Some(3)),
            ("0①5", None),
            ("12000001234", None),
            ("", None),
        ] {
            let lead: Vec<char> = number.chars().collect();
            assert_eq!(area_length(&lead), length, "{number}");
        }
    }
}
