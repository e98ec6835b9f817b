//! The typeface has the characters that labels need.

use miandan_fonts::REGULAR;
use miandan_fonts::coverage::{BLOCKS, GENERAL_STANDARD, LEVELS};

#[test]
fn table_of_general_standard_characters() {
    let characters: Vec<char> = GENERAL_STANDARD.chars().filter(|character| *character != '\n').collect();
    assert_eq!((characters.len(), LEVELS.iter().sum()), (8_105, 8_105));
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

#[test]
fn every_character_is_in_a_block_and_every_block_has_some() {
    let in_blocks: usize = BLOCKS.iter().map(|block| block.covered()).sum();
    let all = (0..REGULAR.cid_count()).filter(|&cid| REGULAR.character(cid).is_some()).count();
    assert_eq!((in_blocks, all), (30_890, 30_890));
    assert!(BLOCKS.iter().all(|block| block.covered() > 0));
    assert!(BLOCKS.windows(2).all(|pair| pair[0].range().1 < pair[1].range().0));
}

fn missing(characters: impl IntoIterator<Item = char>) -> Vec<char> {
    characters.into_iter().filter(|&character| REGULAR.cid(character).is_none()).collect()
}
