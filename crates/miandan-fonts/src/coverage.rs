//! What the typeface covers, for people who ask before they print: by blocks of Unicode, and by the table of the Chinese
//! characters that names and places are written with.

use crate::REGULAR;

/// 通用规范汉字表 (2013): 8,105 characters in the order of the table, 50 in a line. The first 3,500 are level 1, the
/// next 3,000 level 2, the last 1,605 level 3, in which many characters of names and places are.
pub const GENERAL_STANDARD: &str = include_str!("../data/table-of-general-standard-characters.txt");

/// How many characters each level of [`GENERAL_STANDARD`] has.
pub const LEVELS: [usize; 3] = [3_500, 3_000, 1_605];

/// A block of Unicode (Unicode 15.0, `Blocks.txt`) of which the typeface has characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    first: u32,
    last: u32,
    name: &'static str,
}

impl Block {
    /// Its name in the standard, such as `CJK Unified Ideographs`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its first and last code point.
    #[must_use]
    pub fn range(&self) -> (u32, u32) {
        (self.first, self.last)
    }

    /// How many of its characters the typeface has.
    #[must_use]
    pub fn covered(&self) -> usize {
        let characters = (self.first..=self.last).filter_map(char::from_u32);
        characters.filter(|&character| REGULAR.cid(character).is_some()).count()
    }
}

/// Every block of which the typeface has characters, in the order of code points.
pub const BLOCKS: &[Block] = &[
    Block { first: 0x0000, last: 0x007F, name: "Basic Latin" },
    Block { first: 0x0080, last: 0x00FF, name: "Latin-1 Supplement" },
    Block { first: 0x0100, last: 0x017F, name: "Latin Extended-A" },
    Block { first: 0x0180, last: 0x024F, name: "Latin Extended-B" },
    Block { first: 0x0250, last: 0x02AF, name: "IPA Extensions" },
    Block { first: 0x02B0, last: 0x02FF, name: "Spacing Modifier Letters" },
    Block { first: 0x0300, last: 0x036F, name: "Combining Diacritical Marks" },
    Block { first: 0x0370, last: 0x03FF, name: "Greek and Coptic" },
    Block { first: 0x0400, last: 0x04FF, name: "Cyrillic" },
    Block { first: 0x1E00, last: 0x1EFF, name: "Latin Extended Additional" },
    Block { first: 0x2000, last: 0x206F, name: "General Punctuation" },
    Block { first: 0x2070, last: 0x209F, name: "Superscripts and Subscripts" },
    Block { first: 0x20A0, last: 0x20CF, name: "Currency Symbols" },
    Block { first: 0x20D0, last: 0x20FF, name: "Combining Diacritical Marks for Symbols" },
    Block { first: 0x2100, last: 0x214F, name: "Letterlike Symbols" },
    Block { first: 0x2150, last: 0x218F, name: "Number Forms" },
    Block { first: 0x2190, last: 0x21FF, name: "Arrows" },
    Block { first: 0x2200, last: 0x22FF, name: "Mathematical Operators" },
    Block { first: 0x2300, last: 0x23FF, name: "Miscellaneous Technical" },
    Block { first: 0x2400, last: 0x243F, name: "Control Pictures" },
    Block { first: 0x2460, last: 0x24FF, name: "Enclosed Alphanumerics" },
    Block { first: 0x2500, last: 0x257F, name: "Box Drawing" },
    Block { first: 0x2580, last: 0x259F, name: "Block Elements" },
    Block { first: 0x25A0, last: 0x25FF, name: "Geometric Shapes" },
    Block { first: 0x2600, last: 0x26FF, name: "Miscellaneous Symbols" },
    Block { first: 0x2700, last: 0x27BF, name: "Dingbats" },
    Block { first: 0x2900, last: 0x297F, name: "Supplemental Arrows-B" },
    Block { first: 0x2980, last: 0x29FF, name: "Miscellaneous Mathematical Symbols-B" },
    Block { first: 0x2B00, last: 0x2BFF, name: "Miscellaneous Symbols and Arrows" },
    Block { first: 0x2E00, last: 0x2E7F, name: "Supplemental Punctuation" },
    Block { first: 0x2E80, last: 0x2EFF, name: "CJK Radicals Supplement" },
    Block { first: 0x2F00, last: 0x2FDF, name: "Kangxi Radicals" },
    Block { first: 0x2FF0, last: 0x2FFF, name: "Ideographic Description Characters" },
    Block { first: 0x3000, last: 0x303F, name: "CJK Symbols and Punctuation" },
    Block { first: 0x3040, last: 0x309F, name: "Hiragana" },
    Block { first: 0x30A0, last: 0x30FF, name: "Katakana" },
    Block { first: 0x3100, last: 0x312F, name: "Bopomofo" },
    Block { first: 0x3130, last: 0x318F, name: "Hangul Compatibility Jamo" },
    Block { first: 0x3190, last: 0x319F, name: "Kanbun" },
    Block { first: 0x31A0, last: 0x31BF, name: "Bopomofo Extended" },
    Block { first: 0x31C0, last: 0x31EF, name: "CJK Strokes" },
    Block { first: 0x31F0, last: 0x31FF, name: "Katakana Phonetic Extensions" },
    Block { first: 0x3200, last: 0x32FF, name: "Enclosed CJK Letters and Months" },
    Block { first: 0x3300, last: 0x33FF, name: "CJK Compatibility" },
    Block { first: 0x3400, last: 0x4DBF, name: "CJK Unified Ideographs Extension A" },
    Block { first: 0x4E00, last: 0x9FFF, name: "CJK Unified Ideographs" },
    Block { first: 0xF900, last: 0xFAFF, name: "CJK Compatibility Ideographs" },
    Block { first: 0xFB00, last: 0xFB4F, name: "Alphabetic Presentation Forms" },
    Block { first: 0xFE10, last: 0xFE1F, name: "Vertical Forms" },
    Block { first: 0xFE30, last: 0xFE4F, name: "CJK Compatibility Forms" },
    Block { first: 0xFE50, last: 0xFE6F, name: "Small Form Variants" },
    Block { first: 0xFF00, last: 0xFFEF, name: "Halfwidth and Fullwidth Forms" },
    Block { first: 0x1F100, last: 0x1F1FF, name: "Enclosed Alphanumeric Supplement" },
    Block { first: 0x1F200, last: 0x1F2FF, name: "Enclosed Ideographic Supplement" },
    Block { first: 0x20000, last: 0x2A6DF, name: "CJK Unified Ideographs Extension B" },
    Block { first: 0x2A700, last: 0x2B73F, name: "CJK Unified Ideographs Extension C" },
    Block { first: 0x2B740, last: 0x2B81F, name: "CJK Unified Ideographs Extension D" },
    Block { first: 0x2B820, last: 0x2CEAF, name: "CJK Unified Ideographs Extension E" },
    Block { first: 0x2CEB0, last: 0x2EBEF, name: "CJK Unified Ideographs Extension F" },
    Block { first: 0x2F800, last: 0x2FA1F, name: "CJK Compatibility Ideographs Supplement" },
    Block { first: 0x30000, last: 0x3134F, name: "CJK Unified Ideographs Extension G" },
];
