//! Breaking text into lines, Chinese and Latin mixed.
//!
//! A line may be broken between ideographs and at spaces, never within a Latin word or a number. No closing
//! punctuation begins a line and no opening punctuation ends one (避头尾). Within a run of `*`, which stands for what
//! was masked, a line may be broken, but neither there nor after a number before 号, 楼, 室 and the like. A word longer than a line is broken anywhere.

use miandan_core::font::MissingGlyph;

use crate::faces::{Faces, Found};
use crate::frame::FaceId;

use super::Trouble;
use super::vertical::Stance;

/// A character ready to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) face: FaceId,
    pub(crate) cid: u16,
    /// In thousandths of the em.
    pub(crate) advance: u16,
    pub(crate) class: Class,
    pub(crate) stance: Stance,
}

/// How a character behaves at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Stands alone: ideographs, kana, symbols.
    Alone,
    /// Letters and digits.
    Word,
    /// Punctuation within words and numbers: `3.5`, `A-1`.
    Joint,
    Space,
    /// Never begins a line.
    Close,
    /// Never ends a line.
    Open,
    /// A masked character.
    Mask,
    /// What is counted in addresses: it stays with its number.
    Unit,
    /// A line break in the text.
    Break,
}

/// A line: glyphs from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Width in thousandths of a micrometre.
    pub(crate) width: i64,
}

/// How wide glyphs and the line are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    /// Em in micrometres.
    pub(crate) size: i32,
    /// Added after each glyph, in micrometres.
    pub(crate) spacing: i32,
    /// Width of the line in micrometres.
    pub(crate) width: i32,
}

impl Measure {
    /// The width of a glyph and the space after it, in thousandths of a micrometre.
    pub(crate) fn of(self, glyph: Glyph) -> i64 {
        if glyph.stance == Stance::Beside {
            return 0;
        }
        i64::from(glyph.advance) * i64::from(self.size) + i64::from(self.spacing) * 1000
    }

    /// What the glyphs of a line may add up to; the space after the last one does not count.
    pub(crate) fn limit(self) -> i64 {
        (i64::from(self.width) + i64::from(self.spacing)) * 1000
    }

    /// The width that a line takes.
    pub(crate) fn line(self, glyphs: &[Glyph]) -> i64 {
        let sum: i64 = glyphs.iter().map(|&glyph| self.of(glyph)).sum();
        if glyphs.is_empty() { 0 } else { sum - i64::from(self.spacing) * 1000 }
    }
}

/// Looks up the glyphs of a text. What is invisible is left out.
///
/// For a character that no face has there is a box, if the faces say so; it is noted in `boxed`.
pub(crate) fn glyphs(
    text: &str,
    choice: Choice,
    faces: &Faces,
    boxed: &mut Vec<char>,
    glyphs: &mut Vec<Glyph>,
) -> Result<(), Trouble> {
    glyphs.clear();
    let stance = Stance::Along;
    for c in drawn(text) {
        if c == '\n' {
            glyphs.push(Glyph { face: choice.bundled, cid: 0, advance: 0, class: Class::Break, stance });
            continue;
        }
        let found = match faces.find(choice.preferred, choice.bundled, c) {
            Some(found) => found,
            None if faces.missing == MissingGlyph::Box => {
                if boxed.len() < BOXED && !boxed.contains(&c) {
                    boxed.push(c);
                }
                faces.find(None, choice.bundled, '□').ok_or(Trouble::Missing(c))?
            }
            None => return Err(Trouble::Missing(c)),
        };
        let Found { face, cid, advance } = found;
        glyphs.push(Glyph { face, cid, advance, class: class(c), stance });
    }
    Ok(())
}

/// The characters of a text for which there is a glyph, and its line breaks.
pub(super) fn drawn(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|c| match c {
        '\n' => Some(c),
        '\t' | '\u{A0}' | '\u{202F}' | '\u{2007}' => Some(' '),
        c => Some(c).filter(|c| !is_invisible(*c)),
    })
}

/// Characters without a glyph that a label keeps in mind, so that it can be said in which fields they are.
const BOXED: usize = 16;

/// Where characters are looked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The face of the family that a template names, if a caller brought one.
    pub(crate) preferred: Option<FaceId>,
    /// The bundled face of the weight.
    pub(crate) bundled: FaceId,
}

/// Control and format characters, which have no shape of their own.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
}

fn class(c: char) -> Class {
    match c {
        ' ' | '\u{3000}' | '\u{2000}'..='\u{200A}' => Class::Space,
        '*' | '＊' => Class::Mask,
        '.' | ',' | ':' | ';' | '-' | '/' | '_' | '@' | '&' | '+' | '#' | '\'' | '%' | '!' | '?' | '='
        | '~' | '|' => Class::Joint,
        ')' | ']' | '}' | '>' | '»' | '”' | '’' | '…' | '—' | '–' | '·' | '‰' | '℃' | '°' | '、' | '。'
        | '〉' | '》' | '」' | '』' | '】' | '〕' | '〗' | '〞' | '！' | '％' | '）' | '，' | '．' | '：'
        | '；' | '？' | '］' | '｝' | '～' | '×' | 'ー' | '々' => Class::Close,
        '(' | '[' | '{' | '<' | '«' | '“' | '‘' | '〈' | '《' | '「' | '『' | '【' | '〔' | '〖' | '〝'
        | '（' | '［' | '｛' | '￥' | '＄' | '¥' | '$' | '№' => Class::Open,
        '号' | '栋' | '幢' | '座' | '楼' | '层' | '单' | '室' | '弄' | '巷' | '期' | '区' | '组' | '户'
        | '件' => Class::Unit,
        c if c.is_alphanumeric() && c < '\u{2E80}' => Class::Word,
        _ => Class::Alone,
    }
}

/// Whether a line may be broken between two characters.
fn may_break(before: Class, after: Class) -> bool {
    use Class as C;
    match (before, after) {
        (_, C::Space | C::Close | C::Joint | C::Break) | (C::Open, _) => false,
        (C::Space, _) => true,
        (C::Word | C::Joint | C::Mask, C::Word) | (C::Word, C::Mask) => false,
        (C::Word | C::Mask, C::Unit) => false,
        _ => true,
    }
}

/// Breaks glyphs into lines no wider than the measure. Without `wrap` only where the text has line breaks.
pub(crate) fn lines(glyphs: &[Glyph], measure: Measure, wrap: bool, lines: &mut Vec<Line>) {
    lines.clear();
    let limit = measure.limit();
    let mut start = 0;
    let mut sum = 0;
    let mut candidate = None;
    let mut at = 0;
    let mut push = |start: usize, mut end: usize| {
        while end > start && glyphs[end - 1].class == Class::Space {
            end -= 1;
        }
        lines.push(Line { start, end, width: measure.line(&glyphs[start..end]) });
    };
    while at < glyphs.len() {
        let glyph = glyphs[at];
        if glyph.class == Class::Break {
            push(start, at);
            at += 1;
            start = at;
            sum = 0;
            candidate = None;
            continue;
        }
        if at > start && may_break(glyphs[at - 1].class, glyph.class) {
            candidate = Some(at);
        }
        sum += measure.of(glyph);
        let whole = glyph.class != Class::Space && glyph.stance != Stance::Beside;
        if wrap && sum > limit && at > start && whole {
            let end = candidate.unwrap_or(at);
            push(start, end);
            start = end;
            while start < glyphs.len() && glyphs[start].class == Class::Space {
                start += 1;
            }
            at = start;
            sum = 0;
            candidate = None;
            continue;
        }
        at += 1;
    }
    push(start, glyphs.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of a text in boxes so many ideographs wide.
    fn broken(text: &str, ems: i32) -> Vec<String> {
        let mut set = Vec::new();
        let choice = Choice { preferred: None, bundled: FaceId::Regular };
        glyphs(text, choice, &Faces::default(), &mut Vec::new(), &mut set).unwrap();
        let mut found = Vec::new();
        lines(&set, Measure { size: 3000, spacing: 0, width: ems * 3000 }, true, &mut found);
        let face = &miandan_fonts::REGULAR;
        found
            .iter()
            .map(|line| {
                set[line.start..line.end]
                    .iter()
                    .map(|glyph| face.character(glyph.cid).unwrap_or('?'))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn breaks() {
        for (text, ems, expected) in [
            ("浙江省杭州市", 4, vec!["浙江省杭", "州市"]),
            ("文三路9999号东", 4, vec!["文三路", "9999号", "东"]),
            ("文三路三9号", 4, vec!["文三路三", "9号"]),
            ("软件园一17号楼", 4, vec!["软件园一", "17号楼"]),
            ("浙江省杭，州", 4, vec!["浙江省", "杭，州"]),
            ("浙江省（杭州）", 4, vec!["浙江省", "（杭州）"]),
            ("hello world", 4, vec!["hello", "world"]),
            ("abcdefghijklmnop", 4, vec!["abcdefg", "hijklmn", "op"]),
            ("单元********室", 4, vec!["单元****", "****室"]),
            ("一\n二", 9, vec!["一", "二"]),
            ("一\n\n二\n", 9, vec!["一", "", "二", ""]),
            ("  一二三四", 4, vec!["  一二三", "四"]),
            ("一二三四   五", 4, vec!["一二三四", "五"]),
            ("一\u{200B}\u{7}二\t三", 9, vec!["一二 三"]),
            ("", 4, vec![""]),
        ] {
            assert_eq!(broken(text, ems), expected, "{text}");
        }
    }

    #[test]
    fn a_box_without_width_still_ends() {
        assert_eq!(broken("一二 ab", 0), ["一", "二", "a", "b"]);
    }

    #[test]
    fn numbers_and_codes_stay_whole() {
        for text in ["3.5", "A-1", "500ml", "a@b.c", "12:30", "50%"] {
            let whole = broken(&format!("一二三四五六七八九{text}"), 10);
            assert_eq!(whole.last().map(String::as_str), Some(text), "{text}");
        }
    }

    #[test]
    fn a_character_that_no_face_has_is_named() {
        let choice = Choice { preferred: None, bundled: FaceId::Bold };
        let (mut faces, mut boxed, mut set) = (Faces::default(), Vec::new(), Vec::new());
        assert_eq!(glyphs("a🙂", choice, &faces, &mut boxed, &mut set), Err(Trouble::Missing('🙂')));
        faces.missing = MissingGlyph::Box;
        assert_eq!(glyphs("a🙂🙂", choice, &faces, &mut boxed, &mut set), Ok(()));
        assert_eq!((boxed.as_slice(), set.len()), (['🙂'].as_slice(), 3));
        assert_eq!(miandan_fonts::BOLD.character(set[2].cid), Some('□'));
    }
}
