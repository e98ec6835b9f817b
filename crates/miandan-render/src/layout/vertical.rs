//! Text that runs from top to bottom, in columns from right to left.
//!
//! A column is a line that is turned a quarter: it is broken, shrunk and cut as any other. What differs is how its
//! characters stand in it. Ideographs, kana and most signs stand upright, an em each. A run of letters and digits lies
//! along the column, but one letter or digit alone and two digits side by side stand upright in it (縦中横). Brackets,
//! dashes, … and ～ lie along the column. Other punctuation stands where GB/T 15834-2011, 5.2 has it in vertical text,
//! below its character and to the right. The bundled faces have no vertical forms, so the horizontal ones are turned
//! and moved.

use miandan_core::label::Micrometres;

use super::text::{Setting, runs};
use super::wrap::{self, Glyph, Measure};
use super::{Pen, Trouble, turned};
use crate::angle::Angle;
use crate::frame::{Item, Text, Turn};
use crate::template::Align;

/// How a character stands in its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stance {
    /// Along the line, as every character of a horizontal one.
    #[default]
    Along,
    /// Along the line too, but in its middle: a dash.
    Dash,
    /// Upright in an em of the column.
    Upright,
    /// Upright beside the one before it, with no room of its own.
    Beside,
    /// Upright, in the upper right corner of its em.
    Corner,
    /// Upright, in the right half of its em.
    Right,
    /// A star: upright and no longer than it is wide, since what is masked may be long.
    Star,
}

/// From the baseline to the middle of an em of ideographs, in thousandths of the em.
const MIDDLE: i64 = 380;

/// From the baseline to the middle of a star.
const STAR: i64 = 620;

/// From the baseline to a dash.
const DASH: i64 = 285;

impl Stance {
    /// By how much a glyph is moved to the right and up, in thousandths of the em. In the bundled faces such
    /// punctuation fills the lower left corner or the left half of its em, and stays within it.
    fn moved(self) -> [i64; 2] {
        match self {
            Stance::Corner => [600, 600],
            Stance::Right => [450, 50],
            _ => [0, 0],
        }
    }

    /// Which height above the baseline comes to the middle of the room.
    fn middle(self) -> i64 {
        if self == Stance::Star { STAR } else { MIDDLE }
    }

    fn is_along(self) -> bool {
        matches!(self, Stance::Along | Stance::Dash)
    }
}

/// The setting of a vertical text: its lines are turned a quarter more. `columns` says where the block of columns
/// stands, and `valign` where each column does.
pub(super) fn setting<'s>(setting: Setting<'s>, columns: Align) -> Setting<'s> {
    let from_the_right = match columns {
        Align::Start => Align::End,
        Align::Middle => Align::Middle,
        Align::End => Align::Start,
    };
    let turn = turned::sum(setting.turn, Turn::Quarter);
    Setting { vertical: true, turn, align: setting.valign, valign: from_the_right, ..setting }
}

/// Says of the glyphs of a text how they stand, and how much of the column they take.
pub(super) fn stand(text: &str, glyphs: &mut [Glyph]) {
    let characters: Vec<char> = wrap::drawn(text).collect();
    let mut rest = glyphs;
    for run in characters.chunk_by(|&one, &next| is_narrow(one) && is_narrow(next)) {
        let Some((set, after)) = std::mem::take(&mut rest).split_at_mut_checked(run.len()) else { return };
        stand_run(run, set);
        rest = after;
    }
}

/// Letters, digits and their signs, which follow each other without regard to ems.
fn is_narrow(character: char) -> bool {
    character != '\n' && (character < '\u{2000}' || ('\u{2000}'..='\u{200A}').contains(&character))
}

/// A run of narrow characters, or one other.
fn stand_run(run: &[char], glyphs: &mut [Glyph]) {
    let spaces = run.iter().take_while(|character| **character == ' ').count();
    let end = run.iter().rposition(|character| *character != ' ').map_or(spaces, |last| last + 1);
    let mut stand = |at: usize, stance: Stance| {
        if let Some(glyph) = glyphs.get_mut(at) {
            glyph.stance = stance;
            // A star and the second of two digits keep what they are wide.
            if matches!(stance, Stance::Upright | Stance::Corner | Stance::Right) {
                glyph.advance = 1000;
            }
        }
    };
    match run.get(spaces..end).unwrap_or_default() {
        ['\n'] => {}
        stars if stars.iter().all(|character| *character == '*') => {
            (spaces..end).for_each(|at| stand(at, Stance::Star));
        }
        [one] => stand(spaces, alone(*one)),
        [one, two] if one.is_ascii_digit() && two.is_ascii_digit() => {
            stand(spaces, Stance::Upright);
            stand(spaces + 1, Stance::Beside);
        }
        _ => {}
    }
}

/// How a character stands that is not in a run.
fn alone(character: char) -> Stance {
    match character {
        '、' | '。' | '，' | '．' => Stance::Corner,
        '：' | '；' | '！' | '？' => Stance::Right,
        '\u{2012}'..='\u{2015}' => Stance::Dash,
        '…' | '‥' | '“' | '”' | '‘' | '’' | '〈' | '〉' | '《' | '》' | '「' | '」' | '『' | '』' | '【'
        | '】' | '〔' | '〕' | '〖' | '〗' | '〘' | '〙' | '〚' | '〛' | '〝' | '〞' | '〟' | '〜' | '〰'
        | '゠' | 'ー' | '（' | '）' | '［' | '］' | '｛' | '｝' | '｟' | '｠' | '｢' | '｣' | '－' | '＝'
        | '～' | '｜' | '＿' | '￣' => Stance::Along,
        '&' | '@' | '#' | '%' | '+' | '$' | '¢' | '£' | '¥' | '§' | '©' | '®' | '°' | '±' | '·' | '×'
        | '÷' => Stance::Upright,
        character if character < '\u{2000}' && !character.is_alphanumeric() => Stance::Along,
        _ => Stance::Upright,
    }
}

/// Draws the glyphs of a column. `rise` is the height of an em of ideographs above the baseline of the line.
pub(super) fn column(
    line: Text,
    glyphs: &[Glyph],
    measure: Measure,
    rise: Micrometres,
    pen: &mut Pen,
) -> Result<(), Trouble> {
    let size = i64::from(line.size);
    // From the baseline of the line up to the middle of the column.
    let middle = i64::from(rise) - size / 2;
    let mut before = 0;
    let together = |one: &Glyph, next: &Glyph| {
        next.stance == Stance::Beside || one.stance.is_along() && one.stance == next.stance
    };
    for set in glyphs.chunk_by(together) {
        let Some(first) = set.first() else { continue };
        let length = set.iter().map(|&glyph| measure.of(glyph)).sum::<i64>();
        let start = before / 1000;
        before += length;
        if first.stance.is_along() {
            let up = if first.stance == Stance::Dash { middle - DASH * size / 1000 } else { 0 };
            let up =
                if line.angle == Angle::NONE { pen.resolution.snap(up as Micrometres).into() } else { up };
            runs(step(line, start, up), set, measure, pen)?;
            continue;
        }
        let advance = |glyph: &Glyph| {
            let face = pen.frame.faces.get(glyph.face);
            face.map_or(glyph.advance, |face| face.advance(glyph.cid))
        };
        let width: i64 = set.iter().map(|glyph| i64::from(advance(glyph))).sum();
        // What is wider than the em is made smaller: two digits by a tenth.
        let size = match width {
            0..=1000 => size,
            _ => i64::from(pen.resolution.snap((size * 1000 / width) as Micrometres).max(1)),
        };
        let [right, up] = first.stance.moved();
        let room = i64::from(first.advance) * i64::from(line.size) / 1000;
        let along = start + room / 2 + (first.stance.middle() - up) * size / 1000;
        let across = middle - width * size / 2000 + right * size / 1000;
        let upright = Text {
            turn: turned::sum(line.turn, Turn::ThreeQuarters),
            size: size as Micrometres,
            spacing: 0,
            ..step(line, along, across)
        };
        let alike = set.iter().map(|&glyph| Glyph { advance: advance(&glyph), ..glyph }).collect::<Vec<_>>();
        draw(upright, &alike, pen)?;
    }
    Ok(())
}

/// Draws glyphs that stand side by side, each where the one before it ends.
fn draw(mut text: Text, glyphs: &[Glyph], pen: &mut Pen) -> Result<(), Trouble> {
    for glyph in glyphs {
        let start = pen.frame.cids.len() as u32;
        pen.frame.cids.push(glyph.cid);
        // What leans stands on no dots.
        let on_dots = |length| if text.angle == Angle::NONE { pen.resolution.snap(length) } else { length };
        let [x, y] = [text.x, text.y].map(on_dots);
        pen.push(Item::Text(Text { x, y, face: glyph.face, start, length: 1, ..text }))?;
        text = step(text, i64::from(glyph.advance) * i64::from(text.size) / 1000, 0);
    }
    Ok(())
}

/// The line as it begins further along it, and further up from it.
fn step(line: Text, along: i64, up: i64) -> Text {
    let [across, down] = line.direction().turn([along, -up]).map(|length| length as Micrometres);
    Text { x: line.x + across, y: line.y + down, ..line }
}
