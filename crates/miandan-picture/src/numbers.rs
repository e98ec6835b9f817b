//! Phone numbers: eleven digits and stars in a line.
//!
//! Which field they are of cannot be told, nor what is written in letters that touch each other or in white on black.

use crate::ink::Ink;
use crate::page::{Area, Page};
use crate::shapes::{digit, is_extension_mark, pieces};

/// The heights of digits that are looked for, in millimetres; where the size of a pixel is not known, 8 of them are taken
/// for one.
const HEIGHTS: [f64; 2] = [1.2, 10.0];
const USUAL: f64 = 8.0;

/// Digits and stars of a mobile number.
const MOBILE: usize = 11;

/// Of the height of a digit: the widest gap to the next, and how far their lower edges may be apart.
const GAP: f64 = 0.6;
const EDGES: f64 = 0.13;

/// Of the height of a digit: the narrowest space between words.
const BETWEEN: f64 = 0.36;

/// The longest line that is looked at for words, so that a page of digits takes no time without end.
const LONGEST: usize = 64;

/// Something that looks like a phone number.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Digits, and `*` for those that are hidden; eleven together, and the extension after a hyphen.
    pub text: String,
    /// Where it stands, without its extension.
    pub area: Area,
    /// Whether an extension follows, as with virtual numbers, or 转 at the end of a line.
    pub has_extension: bool,
}

impl Number {
    /// How many of the eleven are shown.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.text.bytes().take(MOBILE).filter(u8::is_ascii_digit).count()
    }
}

/// A piece, and what it looks like: a digit, or something else until its neighbours are known.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    area: Area,
    digit: Option<u8>,
}

/// Finds phone numbers.
pub(crate) fn read(page: &Page, ink: &Ink) -> Vec<Number> {
    let dots = page.dots_per_millimetre.unwrap_or(USUAL);
    let [least, most] = HEIGHTS.map(|height| height * dots);
    // Stars and hyphens are lower than digits.
    let glyphs: Vec<Glyph> = pieces(ink, 1..=most as usize)
        .into_iter()
        .filter(|area| area.width() as f64 <= most)
        .map(|area| {
            let high = area.height() as f64 >= least && area.width() <= area.height();
            Glyph { area, digit: if high { digit(ink, area) } else { None } }
        })
        .collect();
    let mut taken = vec![false; glyphs.len()];
    let mut numbers = Vec::new();
    for start in 0..glyphs.len() {
        if taken[start] || glyphs[start].digit.is_none() {
            continue;
        }
        let line = Line::through(&glyphs, start);
        for &(index, _) in &line.signs {
            taken[index] = true;
        }
        let words = line.words(&glyphs);
        let found = words.into_iter().find_map(|words| words.number(&glyphs).map(|number| (words, number)));
        let Some((words, mut number)) = found else { continue };
        if let Some(extension) = words.extension(&glyphs, ink).filter(|_| !number.has_extension) {
            number.has_extension = true;
            if !extension.is_empty() {
                number.text.push('-');
                number.text.push_str(&extension);
            }
        }
        numbers.push(number);
    }
    numbers.sort_by_key(|number| (number.area.top, number.area.left));
    numbers
}

/// Digits, stars and hyphens side by side, with the places of their glyphs.
struct Line {
    signs: Vec<(usize, u8)>,
    /// Whether a letter as high as its digits stands close before it.
    after_letter: bool,
}

impl Line {
    fn through(glyphs: &[Glyph], start: usize) -> Self {
        let model = glyphs[start].area;
        let mut signs = vec![(start, glyphs[start].digit.unwrap_or(b'*'))];
        let mut at = start;
        while let Some((next, sign)) = neighbour(glyphs, at, model, true) {
            signs.push((next, sign));
            at = next;
        }
        at = start;
        let mut after_letter = false;
        while let Some(index) = nearest(glyphs, at, model, false) {
            let Some(sign) = sign(glyphs[index], model) else {
                let Area { top, bottom, .. } = glyphs[index].area;
                let near =
                    |one: usize, other: usize| one.abs_diff(other) as f64 <= 0.09 * model.height() as f64;
                let gap = glyphs[at].area.left.saturating_sub(glyphs[index].area.right);
                after_letter = near(top, model.top)
                    && near(bottom, model.bottom)
                    && gap as f64 <= 0.4 * model.height() as f64;
                break;
            };
            signs.insert(0, (index, sign));
            at = index;
        }
        Line { signs, after_letter }
    }

    /// The line, and all that is left of it when words are taken off its ends: a name's stars, a count.
    fn words(self, glyphs: &[Glyph]) -> Vec<Line> {
        if self.signs.len() > LONGEST {
            return Vec::new();
        }
        let height = self.model(glyphs).height() as f64;
        let gap =
            |pair: &[(usize, u8)]| glyphs[pair[1].0].area.left as f64 - glyphs[pair[0].0].area.right as f64;
        let spaces = self.signs.windows(2).enumerate().filter(|(_, pair)| gap(pair) > BETWEEN * height);
        let starts: Vec<usize> = [0].into_iter().chain(spaces.map(|(index, _)| index + 1)).collect();
        let ends = || starts.iter().skip(1).copied().chain([self.signs.len()]);
        let mut parts: Vec<(usize, usize)> = starts
            .iter()
            .flat_map(|&start| ends().map(move |end| (start, end)))
            .filter(|(start, end)| start < end)
            .collect();
        parts.sort_by_key(|(start, end)| std::cmp::Reverse(end - start));
        let part = |(start, end): (usize, usize)| Line {
            signs: self.signs[start..end].to_vec(),
            after_letter: start == 0 && self.after_letter,
        };
        parts.into_iter().map(part).filter(|part| part.signs.iter().any(|sign| sign.1 != b'*')).collect()
    }

    /// A digit of it, as high as the others.
    fn model(&self, glyphs: &[Glyph]) -> Area {
        let digit = self.signs.iter().find(|(index, _)| glyphs[*index].digit.is_some());
        glyphs[digit.unwrap_or(&self.signs[0]).0].area
    }

    /// The extension that stands behind 转, empty where it is on the next line.
    fn extension(&self, glyphs: &[Glyph], ink: &Ink) -> Option<String> {
        let &(last, _) = self.signs.last()?;
        let model = self.model(glyphs);
        let height = model.height() as f64;
        let from = glyphs[last].area.right;
        let in_rows = |glyph: &&Glyph| {
            glyph.area.top as f64 >= model.top as f64 - 0.4 * height
                && glyph.area.bottom as f64 <= model.bottom as f64 + 0.4 * height
        };
        let mut mark: Option<Area> = None;
        // Sorted by their left edges.
        for &Glyph { area, .. } in glyphs.iter().filter(in_rows).filter(|glyph| glyph.area.left >= from) {
            let so_far = mark.map_or(from as f64 + (SPACE - WITHIN) * height, |mark| mark.right as f64);
            if area.left as f64 > so_far + WITHIN * height {
                break;
            }
            mark = Some(mark.map_or(area, |mark| mark.joined(area)));
        }
        let mark = mark.filter(|&mark| is_extension_mark(ink, mark))?;
        let after = |glyph: &Glyph| {
            let gap = glyph.area.left as f64 - mark.right as f64;
            (0.0..=SPACE * height).contains(&gap)
                && sign(*glyph, model).is_some_and(|sign| sign.is_ascii_digit())
        };
        let Some(first) = glyphs.iter().position(after) else { return Some(String::new()) };
        let mut digits = vec![sign(glyphs[first], model)?];
        let mut at = first;
        while let Some((next, sign)) = neighbour(glyphs, at, model, true) {
            digits.push(sign);
            at = next;
        }
        let short = digits.len() <= 6 && digits.iter().all(u8::is_ascii_digit);
        short.then(|| digits.into_iter().map(char::from).collect())
    }

    fn number(&self, glyphs: &[Glyph]) -> Option<Number> {
        let text: String = self.signs.iter().map(|&(_, sign)| char::from(sign)).collect();
        let groups: Vec<&str> = text.split('-').filter(|group| !group.is_empty()).collect();
        // 138-0013-8000 or 13800138000-1234: hyphens in the number, or before the extension.
        let mut number = String::new();
        let mut groups = groups.into_iter();
        while number.len() < MOBILE {
            number.push_str(groups.next()?);
        }
        let extension: String = groups.collect();
        let hidden = number.contains('*');
        let mobile = number.len() == MOBILE && (hidden || is_mobile(&number));
        if !mobile || extension.len() > 6 || self.after_letter || number.bytes().all(|sign| sign == b'*') {
            return None;
        }
        let area = self.signs.iter().map(|&(index, _)| glyphs[index].area).reduce(Area::joined)?;
        let has_extension = !extension.is_empty();
        let text = if has_extension { format!("{number}-{extension}") } else { number };
        Some(Number { text, area, has_extension })
    }
}

/// Of the height of a digit: the widest space before and after 转, and the widest that parts its strokes.
const SPACE: f64 = 0.9;
const WITHIN: f64 = 0.2;

/// Mobile numbers begin with 13 to 19 (the numbering plan of the MIIT).
fn is_mobile(number: &str) -> bool {
    matches!(number.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// What stands next to a glyph in the line of a digit.
fn neighbour(glyphs: &[Glyph], at: usize, model: Area, right: bool) -> Option<(usize, u8)> {
    let index = nearest(glyphs, at, model, right)?;
    Some((index, sign(glyphs[index], model)?))
}

/// The nearest glyph to one side that shares rows with a digit and is not farther than a space away.
fn nearest(glyphs: &[Glyph], at: usize, model: Area, right: bool) -> Option<usize> {
    let from = glyphs[at].area;
    let gap = |area: Area| {
        if right {
            area.left as isize - from.right as isize
        } else {
            from.left as isize - area.right as isize
        }
    };
    let height = model.height();
    let reach = (GAP * height as f64) as isize;
    let close = |&(index, glyph): &(usize, &Glyph)| {
        let area = glyph.area;
        // One pixel of overlap: slanted and curved neighbours.
        index != at
            && (-1..=reach).contains(&gap(area))
            && area.top < model.bottom
            && area.bottom > model.top
            // Specks.
            && area.height().max(area.width()) * 8 >= height
    };
    // Glyphs are sorted by their left edges, so most of a page need not be looked at.
    let from_index = glyphs.partition_point(|glyph| glyph.area.left + 3 * height < from.left);
    let to_index = glyphs.partition_point(|glyph| glyph.area.left <= from.right + 3 * height);
    let near =
        glyphs[from_index..to_index].iter().enumerate().map(|(index, glyph)| (index + from_index, glyph));
    near.filter(close).min_by_key(|(_, glyph)| gap(glyph.area)).map(|(index, _)| index)
}

/// What a glyph is in the line of a digit.
fn sign(Glyph { area, digit }: Glyph, model: Area) -> Option<u8> {
    let height = model.height() as f64;
    let [high, wide] = [area.height(), area.width()].map(|length| length as f64 / height);
    let top = (area.top as f64 - model.top as f64) / height;
    let bottom = (area.bottom as f64 - model.bottom as f64) / height;
    if digit.is_some() && bottom.abs() <= EDGES && top.abs() <= EDGES {
        return digit;
    }
    // A star hangs from the upper half in most faces and stands in the middle in some.
    if (0.2..0.75).contains(&high)
        && (0.7..1.45).contains(&(wide / high))
        && (-0.2..0.45).contains(&top)
        && bottom < -0.1
    {
        return Some(b'*');
    }
    let middle = top + high / 2.0;
    ((0.04..0.25).contains(&high) && (0.15..0.6).contains(&wide) && (0.3..0.75).contains(&middle))
        .then_some(b'-')
}
