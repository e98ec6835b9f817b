//! The forms in which a text could lie about.

use memchr::memmem;
use miandan_fonts::{BOLD, Face, REGULAR};

/// Shorter ones occur by chance.
const SHORTEST: usize = 6;

/// What is looked for: every form of every text, long enough not to occur by chance.
#[derive(Debug)]
pub struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    /// Every form of these texts.
    ///
    /// # Panics
    /// If a text is so short that it would be found anywhere, or has a character that cannot be drawn.
    #[must_use]
    pub fn new(texts: &[&str]) -> Self {
        let mut needles = Vec::new();
        for text in texts {
            assert!(text.len() >= SHORTEST, "{text} is too short to be looked for");
            for (form, bytes) in forms(text).into_iter().filter(|(_, bytes)| bytes.len() >= SHORTEST) {
                if !needles.iter().any(|(_, known)| *known == bytes) {
                    needles.push((format!("{text} as {form}"), bytes));
                }
            }
        }
        Needles(needles)
    }

    /// The names of those that are somewhere in the bytes: a text, and its form.
    #[must_use]
    pub fn found(&self, haystack: &[u8]) -> Vec<&str> {
        let is_there = |bytes: &[u8]| memmem::find(haystack, bytes).is_some();
        self.iter().filter(|(_, bytes)| is_there(bytes)).map(|(name, _)| name).collect()
    }

    /// How often any of them is in the bytes.
    #[must_use]
    pub fn count(&self, haystack: &[u8]) -> usize {
        self.0.iter().map(|(_, bytes)| memmem::find_iter(haystack, bytes).count()).sum()
    }

    /// Each of them with its name, for a control that has them lie somewhere.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

fn forms(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16, little endian", utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16, big endian", utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
        ("UTF-32", text.chars().flat_map(|character| u32::from(character).to_le_bytes()).collect()),
        ("GB18030", encoding_rs::GB18030.encode(text).0.into_owned()),
        ("hexadecimal, capitals", hex.to_uppercase().into_bytes()),
        ("hexadecimal", hex.into_bytes()),
    ];
    for skip in 0..3 {
        // Whole groups of three bytes only: their four letters do not depend on what stands around.
        let bytes = &text.as_bytes()[skip..];
        let bytes = &bytes[..bytes.len() / 3 * 3];
        forms.push(("base64", base64(bytes, b"+/")));
        forms.push(("base64url", base64(bytes, b"-_")));
    }
    for face in [&REGULAR, &BOLD] {
        forms.extend(drawn(text, face));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        forms.extend(digits(text));
    }
    forms
}

/// As the ids with which a label is drawn: those of characters in a page, those of glyphs in a typeface.
fn drawn(text: &str, face: &Face) -> Vec<(&'static str, Vec<u8>)> {
    let cids: Vec<u16> = text.chars().filter_map(|character| face.cid(character)).collect();
    assert_eq!(cids.len(), text.chars().count(), "{text} cannot be drawn");
    let glyphs: Vec<u16> = cids.iter().map(|&cid| face.glyph(cid)).collect();
    let mut forms = Vec::new();
    for ids in [cids, glyphs] {
        let hex: String = ids.iter().map(|id| format!("{id:04x}")).collect();
        forms.extend([
            ("glyph ids, big endian", ids.iter().flat_map(|id| id.to_be_bytes()).collect()),
            ("glyph ids, little endian", ids.iter().flat_map(|id| id.to_le_bytes()).collect()),
            ("glyph ids, 32 bits", ids.iter().flat_map(|&id| u32::from(id).to_le_bytes()).collect()),
            ("glyph ids, hexadecimal, capitals", hex.to_uppercase().into_bytes()),
            ("glyph ids, hexadecimal", hex.into_bytes()),
        ]);
    }
    forms
}

/// As numbers are kept and written beside plain digits: by value, in full width, in the groups in which phones are read.
fn digits(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |digit: char| char::from_u32(u32::from(digit) - u32::from('0') + u32::from('０'));
    let grouped = |separator: &str, first: usize| {
        let (head, rest) = text.split_at(first.min(text.len()));
        let rest = rest.as_bytes().chunks(4).map(String::from_utf8_lossy);
        let groups: Vec<_> = std::iter::once(head.into()).chain(rest).collect();
        groups.join(separator).into_bytes()
    };
    vec![
        ("digits by value", text.bytes().map(|digit| digit - b'0').collect()),
        ("digits in full width", text.chars().filter_map(wide).collect::<String>().into_bytes()),
        ("digits in groups, spaces", grouped(" ", 3)),
        ("digits in groups, hyphens", grouped("-", 3)),
        ("digits in groups of four, spaces", grouped(" ", 4)),
        ("digits in groups of four, hyphens", grouped("-", 4)),
    ]
}

fn base64(bytes: &[u8], last_two: &[u8; 2]) -> Vec<u8> {
    let mut letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".to_vec();
    letters.extend(last_two);
    let group = |bytes: &[u8]| {
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        [18, 12, 6, 0].map(|shift| letters[(bits >> shift) as usize & 63])
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str, name: &str) -> Vec<Vec<u8>> {
        forms(text).into_iter().filter(|(form, _)| *form == name).map(|(_, bytes)| bytes).collect()
    }

    #[test]
    fn forms_are_those_of_the_standards() {
        assert_eq!(form("阳甲", "GB18030"), [[0xd1, 0xf4, 0xbc, 0xd7]]);
        assert_eq!(form("阳", "UTF-16, big endian"), [[0x96, 0x33]]);
        assert_eq!(form("阳", "hexadecimal"), [b"e998b3"]);
        assert_eq!(form("abcdef", "base64"), [b"YWJjZGVm".to_vec(), b"YmNk".to_vec(), b"Y2Rl".to_vec()]);
        assert_eq!(base64(&[0xfb, 0xff, 0xbf], b"+/"), b"+/+/");
        assert_eq!(base64(&[0xfb, 0xff, 0xbf], b"-_"), b"-_-_");
        assert_eq!(form("1270918", "digits by value"), [[1, 2, 7, 0, 9, 1, 8]]);
        assert_eq!(form("1270918", "digits in groups, spaces"), [b"127 0918"]);
        assert_eq!(form("1270918", "digits in full width"), ["１２７０９１８".as_bytes()]);
    }

    #[test]
    fn every_form_is_found_wherever_it_stands() {
        let needles = Needles::new(&["阳隐匿甲", "1270918", "planted.hidden@example.com"]);
        for (name, bytes) in needles.iter() {
            let haystack = [b"before", bytes, b"after"].concat();
            assert!(needles.found(&haystack).contains(&name), "{name}");
        }
        assert_eq!(needles.found(b"nothing of it"), [""; 0]);
        assert_eq!(needles.count("阳隐匿甲, 阳隐匿甲".as_bytes()), 2);
    }
}
