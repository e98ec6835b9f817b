//! Input that nobody should send: each masker answers, hides what it must and prints nothing that steers a printer.

use std::time::{Duration, Instant};

use miandan_core::field::FieldType;
use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_mask::{
    Outcome, address, field, free_text, landline, mobile, name, organisation, region, virtual_number,
};

type Masker = fn(&str) -> Outcome;

const MASKERS: [(&str, Masker); 8] = [
    ("name", |text| name(text, ShownName::First)),
    ("mobile", |text| mobile(text, ShownPhone::Tail4)),
    ("landline", |text| landline(text, ShownPhone::Tail4)),
    ("address", |text| address(text, ShownAddress::Unit)),
    ("free text", free_text),
    ("organisation", organisation),
    ("region", region),
    ("virtual number", virtual_number),
];

/// What every masker makes of a text.
fn shown(source: &str) -> [(&'static str, String); 8] {
    MASKERS.map(|(masker, mask)| (masker, mask(source).text.as_str().to_owned()))
}

#[track_caller]
fn all_show(source: &str, expected: &str) {
    for (masker, shown) in shown(source) {
        assert_eq!(shown, expected, "{masker} of {source:?}");
    }
}

#[test]
fn nothing_stays_nothing() {
    all_show("", "");
    for (masker, mask) in MASKERS {
        assert_eq!(mask(""), Outcome::default(), "{masker}");
    }
}

#[test]
fn white_space_stays_white_space() {
    all_show(" \t\n\r\u{85}\u{A0}\u{2003}\u{2028}\u{3000}", "         ");
}

#[test]
fn what_prints_nothing_is_dropped() {
    all_show("\0\u{1}\u{7}\u{8}\u{1B}\u{7F}\u{9B}", "");
    all_show("\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}\u{AD}\u{180E}\u{3164}\u{FFFE}\u{E0041}", "");
    // Marks, selectors and joiners without anything to belong to.
    all_show("\u{301}\u{20DD}\u{FE0F}\u{E0100}\u{200D}\u{3099}\u{1F3FD}", "");
}

#[test]
fn nothing_changes_the_direction() {
    let source = "\u{202E}张三\u{202C}\u{2067}12000001234\u{2069}\u{200F}海棠路88号\u{61C}3栋501室\u{2066}";
    for (masker, shown) in shown(source) {
        let steers = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        assert!(!shown.contains(steers), "{masker}: {shown:?}");
    }
    let door = "幸福小区3栋\u{202E}2\u{202C}单元\u{2066}5\u{200F}01室";
    assert_eq!(address(door, ShownAddress::Unit).text.as_str(), "幸福小区3栋*单元***室");
}

/// An escape of a terminal or a printer loses what makes it one.
#[test]
fn an_escape_is_only_text() {
    assert_eq!(name("\u{1B}[31m张三", ShownName::First).text.as_str(), "[*****");
    assert_eq!(name("张三\u{1B}[31m", ShownName::First).text.as_str(), "张*[***");
    assert_eq!(organisation("\u{1B}[2J小店\0\u{1D}V").text.as_str(), "[2J小店V");
}

#[test]
fn invisible_characters_break_no_number() {
    for between in [
        "\u{200B}",
        "\u{200D}",
        "\u{2060}",
        "\u{FEFF}",
        "\0",
        "\u{7F}",
        "\u{FE0F}",
        "\u{301}",
        "\u{20E3}",
        "\u{E0061}",
    ] {
        let join = |text: &str| text.chars().map(|c| format!("{c}{between}")).collect::<String>();
        assert_eq!(digits(&mobile(&join("12000001234"), ShownPhone::Tail4)), 4, "{between:?}");
        assert_eq!(digits(&landline(&join("010-12345678"), ShownPhone::Tail4)), 5, "{between:?}");
        assert_eq!(digits(&free_text(&join("打12000001234")),), 0, "{between:?}");
        assert_eq!(digits(&address(&join("海棠路88号3栋2单元501室"), ShownAddress::Unit)), 3, "{between:?}");
    }
}

fn digits(outcome: &Outcome) -> usize {
    outcome.text.as_str().chars().filter(|c| c.is_numeric()).count()
}

#[test]
fn pictures_are_one_character_each() {
    // A family, a flag, a skin tone, a keycap, a heart in colour.
    for picture in
        ["👨\u{200D}👩\u{200D}👧\u{200D}👦", "🇨🇳", "👍🏽", "❤\u{FE0F}", "🏴\u{E0067}\u{E0062}\u{E007F}"]
    {
        let shown = name(&format!("张{picture}三"), ShownName::First).text;
        assert_eq!(shown.as_str(), "张**", "{picture}");
        let shown = address(&format!("{picture}3栋501室{picture}"), ShownAddress::Unit).text;
        assert!(shown.as_str().contains("3栋***室"), "{picture}: {}", shown.as_str());
        assert!(!organisation(picture).text.as_str().is_empty(), "{picture}");
    }
    assert_eq!(name("张3\u{FE0F}\u{20E3}三", ShownName::First).text.as_str(), "张**");
    // A joiner that joins no picture.
    assert_eq!(name("张\u{200D}😀\u{200D}三\u{200D}", ShownName::First).text.as_str(), "张**");
}

#[test]
fn characters_of_higher_planes_are_one_each() {
    assert_eq!(name("𠮷𰻝𪚥", ShownName::First).text.as_str(), "𠮷**");
    assert_eq!(name("𠮷\u{E0101}野", ShownName::First).text.as_str(), "𠮷\u{E0101}*");
    // Mathematical digits are no number that a phone has: nothing of it stays.
    assert_eq!(digits(&mobile("𝟏𝟐𝟎𝟎𝟎𝟎𝟎𝟏𝟐𝟑𝟒", ShownPhone::Tail4)), 0);
    assert_eq!(address("𡈽村3栋𝟓𝟎𝟏室", ShownAddress::Unit).text.as_str(), "𡈽村3栋***室");
}

#[test]
fn a_pile_of_marks_is_cut() {
    let pile = format!("张{}三", "\u{301}".repeat(10_000));
    let shown = name(&pile, ShownName::First).text.as_str().to_owned();
    assert!(
        shown.starts_with("张\u{301}") && shown.ends_with('*') && shown.chars().count() < 12,
        "{}",
        shown.len()
    );
}

/// Ten times the text takes ten times as long. A hundred times as long, always, would mean that something is gone
/// through for each character again; once, it means that the processor had other things to do.
#[test]
fn a_hundred_thousand_bytes_take_linear_time() {
    let took = |mask: Masker, text: &str| {
        let start = Instant::now();
        std::hint::black_box(mask(text));
        start.elapsed().max(Duration::from_micros(100))
    };
    for piece in [
        "海棠路88号3栋2单元501室，",
        "1",
        "一",
        "甲",
        "1-",
        "张三",
        "(",
        "（张",
        "密码1",
        "转1",
        "之一",
        "号之",
        "1#",
        "1 段",
        "King's ",
        "1 Begonia ",
        "No. 1 ",
        ", 1 a",
        "12:30",
        "a@b.",
        "😀\u{200D}",
        "\u{301}",
        "\u{202E}",
        "\0",
        "🇨",
        "十1-",
        "B1203-1204",
        "人家",
        "12号张家",
        "1中心",
        "找王",
        "收",
        "852-",
        "+",
        "*",
        "门市1",
        "厦门市一",
    ] {
        for (masker, mask) in MASKERS {
            let (short, long) = (piece.repeat(10_000 / piece.len()), piece.repeat(100_000 / piece.len()));
            let is_linear = |_| took(mask, &long) < took(mask, &short) * 40;
            assert!((0..20).any(is_linear), "{masker} of {piece:?}");
        }
    }
}

#[test]
fn every_type_answers_whatever_it_is_given() {
    for text in [
        "",
        " ",
        "\0",
        "\u{202E}",
        "\u{301}",
        "😀",
        "𠮷",
        "*",
        "＊",
        "-",
        "()",
        "\u{FFFD}",
        "１",
        "Ⅷ",
        "①",
        "〇",
        "٣",
        "क्षि",
        "ﷺ",
    ] {
        for kind in FieldType::ALL {
            if let Some(outcome) = field(kind, text, &Masking::DEFAULT) {
                assert!(outcome.hidden_parts(text).all(|part| !part.is_empty()), "{kind} of {text:?}");
            }
        }
    }
}
