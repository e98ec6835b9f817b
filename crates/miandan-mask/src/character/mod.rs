//! The unit that is counted, hidden and shown: a character with all that belongs to it.
//!
//! A name is masked by what a reader sees as one character, so combining marks, variation selectors and joined emoji
//! go with their base and are never the one character that stays, or the one that is hidden. Control, bidirectional
//! and other invisible characters are dropped: they print nothing, and they can reorder or smuggle text.

use std::ops::Range;

use miandan_core::waybill::Masked;

use crate::outcome::{Outcome, Warning};

mod fold;
mod marks;

use fold::fold;

/// What stands for a hidden character.
pub(crate) const STAR: char = '*';

/// What a character is to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// White space of any width, and line breaks.
    Space,
    /// A digit of any script, and what Unicode counts as a number: `７`, `①`, `Ⅷ`.
    Digit,
    /// A Chinese numeral: 一, 十, 〇, 两, 贰.
    Numeral,
    /// A heavenly stem, used to number courts and doors: 甲, 乙.
    Stem,
    /// A letter of the Latin alphabet.
    Latin,
    /// Any other Chinese character.
    Han,
    /// A letter of any other script.
    Letter,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// Punctuation and signs.
    Mark,
    /// Emoji and other pictures.
    Picture,
}

impl Kind {
    /// Written with a Chinese character, whatever it means.
    pub(crate) fn is_han(self) -> bool {
        matches!(self, Kind::Han | Kind::Numeral | Kind::Stem)
    }

    /// Could be part of a name.
    pub(crate) fn is_letter(self) -> bool {
        matches!(self, Kind::Han | Kind::Numeral | Kind::Stem | Kind::Latin | Kind::Letter)
    }
}

/// One character with what belongs to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    start: usize,
    /// As the rules read it: narrow, simplified where a door word needs it, lower case for Latin.
    pub(crate) base: char,
    /// As it is printed when it is not hidden.
    pub(crate) shown: char,
    pub(crate) kind: Kind,
    pub(crate) hidden: bool,
}

impl Cell {
    /// White space or punctuation, which is never hidden. A star stands for something that somebody hid before.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        match self.kind {
            Kind::Space | Kind::Open | Kind::Close => true,
            Kind::Mark => self.base != STAR && is_punctuation(self.base),
            // Minus signs that people write for hyphens: − and ➖.
            Kind::Picture => self.base == '-',
            _ => false,
        }
    }
}

/// A field taken apart into characters, some of which get hidden.
///
/// Every byte of the source belongs to exactly one cell, but for what stands at the front and prints nothing.
pub(crate) struct Cells<'a> {
    source: &'a str,
    cells: Vec<Cell>,
}

impl<'a> Cells<'a> {
    /// Takes the text apart. Linear in its length.
    pub(crate) fn new(source: &'a str) -> Self {
        // Three bytes a character is the common case; a Latin text grows the vector a few times.
        let mut cells: Vec<Cell> = Vec::with_capacity(source.len() / 3 + 8);
        let mut joined = false;
        let mut half_flag = false;
        for (at, c) in source.char_indices() {
            match part(c) {
                Part::Base(kind, base) => {
                    if joined && kind == Kind::Picture {
                        joined = false;
                        continue;
                    }
                    joined = false;
                    let (base, shown) = base.map_or_else(|| fold(c, kind), |base| (base, c));
                    // A flag is written as two letters in squares.
                    if is_flag_half(c) && std::mem::take(&mut half_flag) {
                        continue;
                    }
                    half_flag = is_flag_half(c);
                    cells.push(Cell { start: at, base, shown, kind, hidden: false });
                }
                Part::Joiner => joined = cells.last().is_some_and(|cell| cell.kind == Kind::Picture),
                Part::Extends | Part::Invisible => {}
            }
        }
        Cells { source, cells }
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cell, if there is one.
    pub(crate) fn get(&self, at: usize) -> Option<&Cell> {
        self.cells.get(at)
    }

    /// The cell before, if there is one.
    pub(crate) fn before(&self, at: usize) -> Option<&Cell> {
        at.checked_sub(1).and_then(|before| self.cells.get(before))
    }

    /// The base character, or NUL outside the text: no rule is about NUL.
    pub(crate) fn base(&self, at: usize) -> char {
        self.cells.get(at).map_or('\0', |cell| cell.base)
    }

    /// The kind, or space outside the text.
    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.cells.get(at).map_or(Kind::Space, |cell| cell.kind)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Cell> + ExactSizeIterator {
        self.cells.iter()
    }

    /// Whether the text stands at this place, as the rules read it.
    pub(crate) fn has(&self, at: usize, word: &str) -> bool {
        self.length_of(at, word).is_some()
    }

    /// The number of cells of the word, if it stands at this place.
    pub(crate) fn length_of(&self, at: usize, word: &str) -> Option<usize> {
        let mut length = 0;
        for c in word.chars() {
            if self.base(at + length) != c {
                return None;
            }
            length += 1;
        }
        Some(length)
    }

    /// Whether the word ends just before this place.
    pub(crate) fn ends_with(&self, end: usize, word: &str) -> bool {
        let mut at = end;
        for c in word.chars().rev() {
            if at == 0 || self.base(at - 1) != c {
                return false;
            }
            at -= 1;
        }
        true
    }

    /// Hides the character, unless it is white space or punctuation: those say nothing, and a reader needs them.
    pub(crate) fn hide(&mut self, at: usize) {
        if let Some(cell) = self.cells.get_mut(at) {
            cell.hidden = !cell.is_plain();
        }
    }

    /// Shows a cell again that a rule hid as part of a whole.
    pub(crate) fn reveal(&mut self, at: usize) {
        if let Some(cell) = self.cells.get_mut(at) {
            cell.hidden = false;
        }
    }

    pub(crate) fn print_as(&mut self, at: usize, shown: char) {
        if let Some(cell) = self.cells.get_mut(at) {
            cell.shown = shown;
        }
    }

    /// Hides all of a range that a rule picks, but for white space and punctuation.
    pub(crate) fn hide_where(&mut self, range: Range<usize>, rule: impl Fn(&Cell) -> bool) {
        let end = range.end.min(self.cells.len());
        for cell in self.cells.get_mut(range.start.min(end)..end).unwrap_or_default() {
            if rule(cell) && !cell.is_plain() {
                cell.hidden = true;
            }
        }
    }

    /// Hides all but white space and punctuation.
    pub(crate) fn hide_all(&mut self) {
        self.hide_where(0..self.len(), |_| true);
    }

    /// Where hidden characters are, in order.
    #[cfg(feature = "profiles")]
    pub(crate) fn hidden(&self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.len()).filter(|&at| self.cells[at].hidden)
    }

    /// Shows so many of the hidden characters again, at the front and at the end.
    #[cfg(feature = "profiles")]
    pub(crate) fn reveal_ends(&mut self, first: usize, last: usize) {
        let front: Vec<_> = self.hidden().take(first).collect();
        let end: Vec<_> = self.hidden().rev().take(last).collect();
        front.into_iter().chain(end).for_each(|at| self.reveal(at));
    }

    /// Hides what another rule has hidden of the same source.
    #[cfg(feature = "profiles")]
    pub(crate) fn hide_ranges(&mut self, ranges: &[Range<usize>]) {
        let mut ranges = ranges.iter().peekable();
        for cell in &mut self.cells {
            while ranges.next_if(|range| range.end <= cell.start).is_some() {}
            cell.hidden |= ranges.peek().is_some_and(|range| range.contains(&cell.start));
        }
    }

    /// How many characters print ink.
    pub(crate) fn ink(&self) -> usize {
        self.cells.iter().filter(|cell| cell.kind != Kind::Space).count()
    }

    /// Stars for what is hidden, the rest as it is printed.
    pub(crate) fn finish(self, warning: Option<Warning>) -> Outcome {
        let mut text = String::with_capacity(self.source.len());
        let mut hidden: Vec<Range<usize>> = Vec::new();
        for (at, cell) in self.cells.iter().enumerate() {
            let end = self.cells.get(at + 1).map_or(self.source.len(), |next| next.start);
            if cell.hidden {
                text.push(STAR);
                match hidden.last_mut() {
                    Some(last) if last.end == cell.start => last.end = end,
                    _ => hidden.push(cell.start..end),
                }
            } else {
                text.push(cell.shown);
                if end - cell.start > cell.shown.len_utf8() && cell.kind != Kind::Space {
                    push_extensions(&self.source[cell.start..end], cell.kind, &mut text);
                }
            }
        }
        Outcome { text: Masked::new(text), hidden, warning }
    }
}

impl Drop for Cells<'_> {
    /// The copies of clear characters do not stay behind in freed memory.
    fn drop(&mut self) {
        self.cells.fill(Cell { start: 0, base: '\0', shown: '\0', kind: Kind::Space, hidden: true });
        std::hint::black_box(&self.cells);
    }
}

/// As many marks on one character as any orthography stacks; more is a picture made of marks.
const MAX_EXTENSIONS: usize = 6;

/// Appends what belongs to the first base of the slice: marks, one variation selector, joined pictures.
///
/// Vowel signs go with letters of the scripts that have them. On a bracket, a digit or a Chinese character they would be
/// letters that no rule has looked at.
fn push_extensions(slice: &str, kind: Kind, text: &mut String) {
    let mut based = false;
    let mut selected = false;
    let mut room = MAX_EXTENSIONS;
    for c in slice.chars() {
        match part(c) {
            Part::Base(..) if !based => based = true,
            _ if !based || room == 0 => {}
            Part::Base(..) => {
                // Only a picture after a joiner shares a cell with another base.
                text.push('\u{200D}');
                text.push(c);
                selected = false;
                room -= 1;
            }
            Part::Extends if is_selector(c) => {
                if !selected {
                    text.push(c);
                }
                selected = true;
            }
            Part::Extends if c.is_alphabetic() && kind != Kind::Letter => {}
            Part::Extends => {
                text.push(c);
                room -= 1;
            }
            Part::Joiner | Part::Invisible => {}
        }
    }
}

/// How a character takes part in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// With the character as the rules read it, where finding the kind has found that too.
    Base(Kind, Option<char>),
    Extends,
    Joiner,
    Invisible,
}

#[inline]
fn part(c: char) -> Part {
    match c {
        '0'..='9' => Part::Base(Kind::Digit, Some(c)),
        'a'..='z' => Part::Base(Kind::Latin, Some(c)),
        'A'..='Z' => Part::Base(Kind::Latin, None),
        '\t' | '\n' | '\r' | ' ' => Part::Base(Kind::Space, None),
        '(' | '[' | '{' => Part::Base(Kind::Open, Some(c)),
        ')' | ']' | '}' => Part::Base(Kind::Close, Some(c)),
        '\u{21}'..='\u{7E}' => Part::Base(Kind::Mark, Some(c)),
        '\u{4E00}'..='\u{9FFF}' => {
            let base = fold::simplified(c);
            Part::Base(fold::han_kind(base), Some(base))
        }
        '\u{200D}' => Part::Joiner,
        _ if is_invisible(c) => Part::Invisible,
        _ if is_selector(c) || marks::is_mark(c) => Part::Extends,
        _ => Part::Base(other_kind(c), None),
    }
}

fn other_kind(c: char) -> Kind {
    match c {
        '（' | '［' | '｛' | '【' | '〔' | '〖' | '〈' | '《' | '「' | '『' | '｢' | '❨' => {
            Kind::Open
        }
        '）' | '］' | '｝' | '】' | '〕' | '〗' | '〉' | '》' | '」' | '』' | '｣' | '❩' => {
            Kind::Close
        }
        // Hangzhou numerals, Roman numerals, circled and full-width digits, digits of other scripts; 〇 is with the Han.
        '〇' | '○' | '◯' => Kind::Numeral,
        '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' => fold::han_kind(fold::simplified(c)),
        '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFD}' if c.is_alphabetic() => Kind::Han,
        // The last three stand for a character that a system could not write.
        '々' | '〻' | '□' | '〓' | '\u{FFFD}' => Kind::Han,
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'
            if c != '×' && c != '÷' =>
        {
            Kind::Latin
        }
        // Letters in circles, squares and brackets number blocks and doors.
        '\u{249C}'..='\u{24E9}' | '\u{1F110}'..='\u{1F149}' | '\u{1F150}'..='\u{1F189}' => Kind::Latin,
        // Ideographs in circles and brackets: ㊀ is one, ㈠ is one.
        '\u{3220}'..='\u{3229}' | '\u{3280}'..='\u{3289}' => Kind::Digit,
        _ if c.is_whitespace() => Kind::Space,
        _ if c.is_numeric() => Kind::Digit,
        _ if c.is_alphabetic() => Kind::Letter,
        '\u{2190}'..='\u{2BFF}' | '\u{3200}'..='\u{33FF}' | '\u{1F000}'..='\u{1FBFF}' => Kind::Picture,
        _ => Kind::Mark,
    }
}

/// Punctuation (Unicode category P, as far as people type it in addresses), and the signs `+ ~ | = < >`.
fn is_punctuation(c: char) -> bool {
    match c {
        '$' | '^' | '`' => false,
        '\u{21}'..='\u{7E}' => true,
        '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '\u{37E}' | '\u{387}' => true,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' => true,
        '\u{2308}'..='\u{230B}' | '\u{2E00}'..='\u{2E5D}' => true,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' => true,
        '\u{3030}' | '\u{303D}' | '\u{30A0}' | '\u{30FB}' => true,
        '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}' => true,
        // Full-width forms were made narrow for the rules, but for those that have none.
        '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF3F}' => true,
        '\u{FF5B}'..='\u{FF65}' => true,
        _ => false,
    }
}

fn is_flag_half(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Variation selectors choose a glyph for the character before them.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Controls, bidirectional controls, fillers, tags and everything else that prints nothing.
fn is_invisible(c: char) -> bool {
    match c {
        '\u{85}' => false,
        '\0'..='\u{1F}' => !c.is_whitespace(),
        '\u{7F}'..='\u{9F}' => true,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{8E2}' => true,
        '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' => true,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => true,
        '\u{2800}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{FFFE}'
        | '\u{FFFF}' => true,
        '\u{FDD0}'..='\u{FDEF}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' => true,
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        '\u{E0100}'..='\u{E01EF}' => false,
        '\u{E0000}'..='\u{E0FFF}' => true,
        _ => false,
    }
}
