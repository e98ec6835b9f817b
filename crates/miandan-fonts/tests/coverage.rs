//! The typeface has the characters that labels need.

use miandan_fonts::REGULAR;

#[test]
fn table_of_general_standard_characters() {
    let table = include_str!("data/table-of-general-standard-characters.txt");
    let characters: Vec<char> = table.chars().filter(|character| *character != '\n').collect();
    assert_eq!(characters.len(), 8_105);
    assert_eq!(missing(characters), []);
}

#[test]
fn words_and_marks_of_labels() {
    assert_eq!(
        missing("已验视收寄集补打预览□■·×…—✓★●○※№℃￥→①⑳々〇、。「」《》【】（）：；！？“”‘’".chars()),
        []
    );
}

#[test]
fn ascii_latin_1_and_fullwidth_forms() {
    assert_eq!(missing((' '..='~').chain('\u{A0}'..='ÿ').chain('！'..='～').chain('￠'..='￦')), []);
}

#[test]
fn characters_outside_plane_0() {
    assert_eq!(missing(['\u{20087}', '\u{215D7}', '\u{241FE}', '\u{1F100}']), []);
    assert_eq!(missing(['\u{1F600}', '\u{10FFFF}']), ['\u{1F600}', '\u{10FFFF}']);
}

#[test]
fn what_the_documentation_calls_missing() {
    assert_eq!(missing("≒☐☑☒✔✗".chars()), ['≒', '☐', '☑', '☒', '✔', '✗']);
}

fn missing(characters: impl IntoIterator<Item = char>) -> Vec<char> {
    characters.into_iter().filter(|&character| REGULAR.cid(character).is_none()).collect()
}
