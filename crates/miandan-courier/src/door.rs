//! The hidden part of an address in few bytes.
//!
//! What stands at a door is digits and a handful of words, so those take one byte each; other Chinese characters take two,
//! as many as in GB 18030, and everything else comes through as well. A text that does not fit is cut where a character
//! ends.
//!
//! | Bytes | What |
//! |---|---|
//! | 00 | the end; padding |
//! | 01–1E | a word of [`WORDS`] |
//! | 1F and two | a character of the basic plane, big endian |
//! | 20–7E | ASCII |
//! | 7F and three | any character, big endian |
//! | 80–D1 and one | U+4E00–U+9FFF, less U+4E00 |

use alloc::string::String;

/// Between the parts that were cut out of an address: `2 / 1501` of `幸福小区17号楼2单元1501室`.
pub(crate) const BETWEEN: &str = " / ";

/// What stands at doors most often. The order is part of the format; the longest that fits is taken.
const WORDS: [&str; 30] = [
    BETWEEN, "号楼", "单元", "室", "栋", "幢", "座", "层", "楼", "号", "房", "户", "门", "弄", "组", "村",
    "区", "东", "西", "南", "北", "左", "右", "期", "院", "巷", "店", "铺", "厅", "柜",
];

const BASIC: u8 = 0x1F;
const ANY: u8 = 0x7F;
const CHINESE: core::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

/// Writes as much of a text as fits, and the rest of the room with zeros. Whether all of it fitted.
#[must_use]
pub(crate) fn encode(text: &str, room: &mut [u8]) -> bool {
    room.fill(0);
    let (mut rest, mut at) = (text, 0);
    while let Some(character) = rest.chars().next() {
        let mut symbol = [0; 4];
        let (length, taken) = symbol_of(rest, character, &mut symbol);
        let Some(place) = room.get_mut(at..at + length) else { return false };
        place.copy_from_slice(&symbol[..length]);
        at += length;
        rest = &rest[taken..];
    }
    true
}

/// The symbol at the beginning of a text: its length, and the bytes of text that it stands for.
fn symbol_of(text: &str, character: char, symbol: &mut [u8; 4]) -> (usize, usize) {
    let word = WORDS.iter().enumerate().filter(|(_, word)| text.starts_with(**word));
    if let Some((place, word)) = word.max_by_key(|(_, word)| word.len()) {
        symbol[0] = place as u8 + 1;
        return (1, word.len());
    }
    let code = u32::from(character);
    let length = match code {
        0x20..=0x7E => {
            symbol[0] = code as u8;
            1
        }
        _ if CHINESE.contains(&character) => {
            symbol[..2].copy_from_slice(&(0x8000 | (code - 0x4E00) as u16).to_be_bytes());
            2
        }
        _ if code <= 0xFFFF => {
            symbol[0] = BASIC;
            symbol[1..3].copy_from_slice(&(code as u16).to_be_bytes());
            3
        }
        _ => {
            *symbol = code.to_be_bytes();
            symbol[0] = ANY;
            4
        }
    };
    (length, character.len_utf8())
}

/// The text in bytes that were padded with zeros; `None` if they are none.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        let code = |length: usize| {
            let bytes = after.get(..length)?;
            Some(bytes.iter().fold(0, |code, &byte| code << 8 | u32::from(byte)))
        };
        let (character, length) = match first {
            0 => return rest.iter().all(|&byte| byte == 0).then_some(text),
            1..BASIC => {
                text.push_str(WORDS[usize::from(first) - 1]);
                rest = after;
                continue;
            }
            BASIC => (char::from_u32(code(2)?)?, 2),
            0x20..=0x7E => (char::from(first), 0),
            ANY => (char::from_u32(code(3)?)?, 3),
            _ => {
                let place = u32::from(first & 0x7F) << 8 | code(1)?;
                (char::from_u32(0x4E00 + place).filter(|character| CHINESE.contains(character))?, 1)
            }
        };
        text.push(character);
        rest = &after[length..];
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn encoded(text: &str) -> Vec<u8> {
        let mut room = vec![0; text.len() * 3];
        assert!(encode(text, &mut room), "{text}");
        let length = room.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        room.truncate(length);
        room
    }

    #[test]
    fn doors_are_short() {
        let check = |text: &str, length| assert_eq!(encoded(text).len(), length, "{text}");
        check("1501", 4);
        check("2 / 1501", 6);
        check("3号楼2单元1204室", 9);
        check("A座18层1803-2", 11);
        check("东门口小卖部", 10);
        check("é🏠", 7);
    }

    #[test]
    fn what_does_not_fit_is_cut_after_a_character() {
        let cut = |text: &str, room: usize| {
            let mut room = vec![0xFF; room];
            let whole = encode(text, &mut room);
            (whole, decode(&room).unwrap())
        };
        assert_eq!(cut("1501室", 5), (true, "1501室".into()));
        assert_eq!(cut("1501室内", 5), (false, "1501室".into()));
        assert_eq!(cut("1501内", 5), (false, "1501".into()));
        assert_eq!(cut("", 0), (true, String::new()));
        assert_eq!(cut("1", 0), (false, String::new()));
    }

    #[test]
    fn what_is_no_door_is_refused() {
        // Something after the end, a cut character, a surrogate, beyond Unicode, beyond U+9FFF.
        let refused: [&[u8]; 6] =
            [&[0, b'1'], &[0x80], &[BASIC, 0xD8, 0], &[ANY, 0x11, 0, 0], &[0xD2, 0], &[0xFF, 0xFF]];
        for bytes in refused {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn words_are_distinct() {
        let mut words = WORDS.to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), WORDS.len());
    }

    proptest! {
        #[test]
        fn texts_come_back(text in "[^\\x00-\\x1f\\x7f]{0,20}|[0-9A-Z号楼单元室 /东南-]{0,20}") {
            let mut room = vec![0; text.len() * 3];
            prop_assert!(encode(&text, &mut room));
            prop_assert_eq!(decode(&room).unwrap(), text);
        }

        #[test]
        fn bytes_never_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
