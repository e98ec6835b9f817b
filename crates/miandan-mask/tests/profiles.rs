//! What every profile guarantees: so many characters are hidden, or all are.

use miandan_core::field::FieldType;
use miandan_core::masking::ShownAddress;
use miandan_mask::{Outcome, Part, Profile, account, address, email, identity};
use proptest::prelude::*;

const PROFILES: [Profile; 8] = [
    Profile::Gbt41833,
    Profile::Taobao,
    Profile::Douyin,
    Profile::Pinduoduo,
    Profile::Keep { first: 0, last: 0 },
    Profile::Keep { first: 1, last: 0 },
    Profile::Keep { first: 3, last: 4 },
    Profile::Keep { first: 6, last: 4 },
];

const PERSONAL: [FieldType; 7] = [
    FieldType::Account,
    FieldType::Address,
    FieldType::Email,
    FieldType::IdCard,
    FieldType::Landline,
    FieldType::Mobile,
    FieldType::Name,
];

/// Whether a character stays whatever is masked: it prints nothing, or is white space, punctuation or one of `+~|=<>`.
fn is_plain(c: char) -> bool {
    address(&c.to_string(), ShownAddress::Detail).text.as_str() != "*"
}

/// Characters that can be hidden: the others, each with what belongs to it. A star is one that somebody hid before.
fn hideable(text: &str) -> usize {
    let masked = address(text, ShownAddress::Detail);
    masked.text.as_str().matches('*').count()
}

/// What the rule of the profile counts.
fn counted(profile: Profile, kind: FieldType, text: &str) -> usize {
    match (profile, kind) {
        (Profile::Keep { .. }, _) => hideable(text),
        (_, FieldType::Mobile | FieldType::Landline) => text.chars().filter(|c| c.is_numeric()).count(),
        _ => hideable(text),
    }
}

fn hidden(profile: Profile, kind: FieldType, source: &str, outcome: &Outcome) -> usize {
    outcome.hidden_parts(source).map(|part| counted(profile, kind, part)).sum()
}

fn is_sound(source: &str, outcome: &Outcome) {
    let mut whole = String::new();
    for part in outcome.parts(source) {
        let (Part::Shown(text) | Part::Hidden(text)) = part;
        whole.push_str(text);
    }
    assert!(whole == source);
    let mut end = None;
    for range in &outcome.hidden {
        assert!(range.start < range.end && source.get(range.clone()).is_some());
        assert!(end.is_none_or(|end| end < range.start));
        end = Some(range.end);
    }
    assert!(outcome.hidden.is_empty() || outcome.text.as_str().contains('*'));
}

fn hides_enough(source: &str) {
    for kind in PERSONAL {
        for profile in PROFILES {
            let outcome = profile.mask(kind, source);
            is_sound(source, &outcome);
            let (there, gone) = (counted(profile, kind, source), hidden(profile, kind, source, &outcome));
            let least = profile.minimum(kind);
            assert!(gone >= least.min(there), "{profile} {kind} hides {gone} of {there} in {source:?}");
        }
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "0",
        "12",
        "301",
        "12000001234",
        "110101190001011234",
        "17",
        "X",
        "x",
        "EA",
        "H",
        "A",
        "ab",
        "zhang",
        "张",
        "三丰",
        "欧阳",
        "海棠",
        "云杉",
        "路",
        "街道",
        "区",
        "号",
        "栋",
        "单元",
        "室",
        "@",
        "example",
        ".",
        "com",
        "-",
        " ",
        "(",
        ")",
        "（",
        "+86",
        "转",
        "·",
        "*",
        "_",
        "８",
        "①",
        "😀",
        "\u{200D}",
        "\u{301}",
        "\u{E0100}",
        "\u{202E}",
        "𠮷",
        "김",
        ",",
        "；",
        "\n",
    ]);
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn every_profile_hides_its_minimum_or_all(text in prop_oneof![pieces(), ".{0,40}"]) {
        hides_enough(&text);
    }

    #[test]
    fn keep_keeps_what_it_says(text in "[\u{4E00}-\u{9FFF}a-z0-9]{0,24}", first in 0_u16..12, last in 0_u16..12) {
        let outcome = Profile::Keep { first, last }.mask(FieldType::Account, &text);
        let length = text.chars().count();
        let (first, last) = (usize::from(first), usize::from(last));
        let shown = |at: usize| length > first + last && (at < first || at >= length - last);
        let expected: String =
            text.chars().enumerate().map(|(at, c)| if shown(at) { c } else { '*' }).collect();
        prop_assert_eq!(outcome.text.as_str(), expected);
    }

    /// A character is the same whether its mark is written into it or behind it.
    #[test]
    fn keep_counts_characters(letters in prop::collection::vec(0_usize..5, 0..12), first in 0_u16..5, last in 0_u16..5) {
        let [composed, apart] = [["é", "ü", "ñ", "a", "葛"], ["e\u{301}", "u\u{308}", "n\u{303}", "a", "葛\u{E0100}"]]
            .map(|forms| letters.iter().map(|&letter| forms[letter]).collect::<String>());
        let keep = Profile::Keep { first, last };
        let [composed, apart] =
            [composed, apart].map(|text| keep.mask(FieldType::Name, &text).text.as_str().replace(['\u{301}', '\u{308}', '\u{303}', '\u{E0100}'], ""));
        prop_assert_eq!(composed.matches('*').count(), apart.matches('*').count());
        prop_assert_eq!(composed.chars().count(), apart.chars().count());
    }

    #[test]
    fn platforms_show_no_digit_of_an_address(text in prop_oneof![pieces(), ".{0,40}"]) {
        for profile in [Profile::Taobao, Profile::Pinduoduo] {
            let outcome = profile.mask(FieldType::Address, &text);
            prop_assert!(!outcome.text.as_str().contains(|c: char| c.is_numeric()), "{}", text);
            let strict = address(&text, ShownAddress::Digits);
            let within = |range: &std::ops::Range<usize>| {
                outcome.hidden.iter().any(|wide| wide.start <= range.start && range.end <= wide.end)
            };
            prop_assert!(strict.hidden.iter().all(within), "{}", text);
        }
    }

    #[test]
    fn an_account_shows_two_characters_at_most(text in prop_oneof![pieces(), ".{0,40}"]) {
        let outcome = account(&text);
        let there = hideable(&text);
        let gone = hidden(Profile::Gbt41833, FieldType::Account, &text, &outcome);
        prop_assert!(there - gone <= 2 && gone >= there.div_ceil(2), "{} of {}", gone, there);
    }

    #[test]
    fn a_document_shows_two_characters_at_most(text in prop_oneof![pieces(), ".{0,40}"]) {
        let shown = identity(&text).text.as_str().chars().filter(|&c| c != '*' && !is_plain(c)).count();
        prop_assert!(shown <= 2, "{}", text);
    }

    #[test]
    fn cards_keep_their_first_and_last_character(number in "[1-8][0-9]{16}[0-9X]", gap in "[ -]?", cut in 1_usize..17) {
        let text = format!("{}{gap}{}", &number[..cut], &number[cut..]);
        let outcome = identity(&text);
        let masked = outcome.text.as_str().replace([' ', '-'], "");
        prop_assert_eq!(masked, format!("{}{}{}", &number[..1], "*".repeat(16), &number[17..]));
        prop_assert_eq!(outcome.warning, None);
    }

    #[test]
    fn the_local_part_shows_one_character_at_most(local in "[a-z0-9]([a-z0-9._+-]{0,20}[a-z0-9])?", domain in "[a-z]{1,8}\\.[a-z]{2,5}") {
        let text = format!("{local}@{domain}");
        let outcome = email(&text);
        let (masked, kept) = outcome.text.as_str().split_once('@').unwrap();
        prop_assert_eq!(kept, domain);
        let shown = masked.chars().filter(char::is_ascii_alphanumeric).count();
        prop_assert!(shown <= 1 && masked.matches('*').count() >= 2.min(local.len()), "{}", text);
    }

    #[test]
    fn what_is_no_address_shows_nothing(text in "[a-z0-9. \u{4E00}-\u{9FFF}]{0,30}") {
        let outcome = email(&text);
        prop_assert!(!outcome.text.as_str().contains(char::is_alphanumeric));
        prop_assert_eq!(outcome.warning.is_some(), !text.trim().is_empty());
    }
}

#[test]
fn long_text_takes_linear_time() {
    for piece in [
        "1",
        "a",
        "@",
        "a@",
        "a@b.",
        "a@b.cc ",
        "路",
        "海路",
        "街道",
        "1路",
        "E1",
        "12345678 ",
        "(",
        "-",
        "张",
        "\u{301}",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        for kind in PERSONAL {
            for profile in PROFILES {
                is_sound(&text, &profile.mask(kind, &text));
            }
        }
    }
}
