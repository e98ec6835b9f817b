//! Setting a text in a box: which size, which lines, and where each stands.

use miandan_core::label::{Micrometres, Resolution};
use miandan_fonts::{BOLD, Metrics, REGULAR};

use super::vertical::{self, Stance};
use super::wrap::{self, Choice, Glyph, Line, Measure};
use super::{Pen, Trouble};
use crate::angle::Angle;
use crate::faces::{Faces, Found};
use crate::frame::{FaceId, Fill, Ink, Item, Rect, Shape, Stroke, Text, Turn};
use crate::template::{Align, Spacing, Style};

/// No text shrinks below this em: 16 dots at 203 dpi, the least that a thermal head prints legibly.
pub(super) const FLOOR: Micrometres = 2_000;

/// `fontSize:auto` grows no further.
const AUTO_MOST: Micrometres = 25_400;

/// `fontSize:auto` where the box has the height of its text: 8 pt, the size of a text that says none.
const AUTO_LEAST: Micrometres = 2_822;

/// Distance of baselines, in percent of the em, at `lineHeight:100%`.
const NORMAL_PITCH: i64 = 120;

/// Memory that is used for one text after the other.
#[derive(Default)]
pub(crate) struct Typesetter {
    faces: Faces,
    /// Characters that no face has and for which a box stands.
    pub(crate) boxed: Vec<char>,
    glyphs: Vec<Glyph>,
    lines: Vec<Line>,
    /// Whether the last text that was set does not fit its box.
    pub(crate) overflows: bool,
}

/// What of a style matters for setting text.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'s> {
    /// The bundled face of the weight: lines stand by its measures, whatever face their characters are from.
    pub(crate) face: FaceId,
    /// The family that the template names, if it is none that the bundled face stands for.
    pub(crate) family: Option<&'s str>,
    /// Em in micrometres; `None` for as large as fits.
    pub(crate) size: Option<Micrometres>,
    pub(crate) spacing: Spacing,
    pub(crate) line_height: i32,
    pub(crate) wrap: bool,
    /// Whether the size stays even where the text does not fit.
    pub(crate) fixed: bool,
    pub(crate) align: Align,
    pub(crate) valign: Align,
    pub(crate) ink: Ink,
    pub(crate) turn: Turn,
    /// By how much the text is turned about the middle of its box, once it is set there upright.
    pub(crate) angle: Angle,
    pub(crate) slant: bool,
    /// Whether the lines are columns, in which most characters stand upright.
    pub(crate) vertical: bool,
    pub(crate) underline: bool,
}

impl<'s> Setting<'s> {
    pub(crate) fn of_style(style: &'s Style) -> Self {
        Setting {
            face: if style.bold { FaceId::Bold } else { FaceId::Regular },
            family: style.font_family.as_deref(),
            size: style.font_size,
            spacing: style.letter_spacing,
            line_height: style.line_height,
            wrap: style.wrap,
            fixed: style.hidden,
            align: style.align,
            valign: style.valign,
            ink: style.font_ink,
            turn: style.turn,
            angle: style.angle,
            slant: style.italic,
            vertical: false,
            underline: style.underline,
        }
    }

    /// The setting of a text element, whose lines may be columns.
    pub(crate) fn of_text(style: &'s Style) -> Self {
        let setting = Setting::of_style(style);
        match style.columns {
            Some(columns) => vertical::setting(setting, columns),
            None => setting,
        }
    }

    fn spacing_at(&self, size: Micrometres) -> Micrometres {
        match self.spacing {
            Spacing::Relative(thousandths) => {
                (i64::from(size) * i64::from(thousandths) / 1000) as Micrometres
            }
            Spacing::Absolute(length) => length,
        }
    }

    fn pitch(&self, size: Micrometres, resolution: Resolution) -> Micrometres {
        let pitch = i64::from(size) * NORMAL_PITCH * i64::from(self.line_height) / 10_000;
        resolution.snap(pitch as Micrometres).max(1)
    }
}

impl Typesetter {
    pub(crate) fn new(faces: &Faces) -> Self {
        Typesetter { faces: faces.clone(), ..Typesetter::default() }
    }

    /// Sets a text in a rectangle of the label.
    pub(crate) fn set(
        &mut self,
        text: &str,
        rect: Rect,
        setting: &Setting<'_>,
        pen: &mut Pen,
    ) -> Result<(), Trouble> {
        self.overflows = false;
        self.look_up(text, setting)?;
        if self.glyphs.is_empty() {
            return Ok(());
        }
        // The box as the text sees it.
        let (width, height) = match setting.turn {
            Turn::None | Turn::Half => (rect.width, rect.height),
            Turn::Quarter | Turn::ThreeQuarters => (rect.height, rect.width),
        };
        let size = self.choose_size(width, height, setting, pen.resolution);
        let measure = Measure { size, spacing: setting.spacing_at(size), width };
        let pitch = setting.pitch(size, pen.resolution);
        self.cut(measure, height, pitch, setting, pen)?;

        let block = i64::from(size) + i64::from(pitch) * (self.lines.len() as i64 - 1);
        let top = along(setting.valign, i64::from(height) - block) as Micrometres;
        let metrics = metrics(setting.face);
        let rise = i64::from(size) * i64::from(metrics.ideographic_top) / i64::from(metrics.units_per_em);
        for (index, line) in self.lines.iter().enumerate() {
            if line.start == line.end {
                continue;
            }
            let free = i64::from(width) - line.width / 1000;
            let across = along(setting.align, free) as Micrometres;
            let down = top + pitch * index as Micrometres + rise as Micrometres;
            let (x, y) = match setting.turn {
                Turn::None => (rect.x + across, rect.y + down),
                Turn::Quarter => (rect.x + rect.width - down, rect.y + across),
                Turn::Half => (rect.x + rect.width - across, rect.y + rect.height - down),
                Turn::ThreeQuarters => (rect.x + down, rect.y + rect.height - across),
            };
            let origin = match setting.angle {
                Angle::NONE => [x, y].map(|length| pen.resolution.snap(length)),
                angle => about_middle(rect, angle, [x, y]),
            };
            let text = Text {
                x: origin[0],
                y: origin[1],
                turn: setting.turn,
                angle: setting.angle,
                slant: setting.slant,
                face: setting.face,
                size,
                spacing: measure.spacing,
                ink: setting.ink,
                start: 0,
                length: 0,
            };
            let glyphs = &self.glyphs[line.start..line.end];
            if setting.vertical {
                vertical::column(text, glyphs, measure, rise as Micrometres, pen)?;
            } else {
                runs(text, glyphs, measure, pen)?;
            }
            if setting.underline {
                let below = underline([x, y], (line.width / 1000) as Micrometres, size, setting.turn, pen);
                pen.push(match setting.angle {
                    Angle::NONE => Item::Fill(Fill { rect: below, shape: Shape::Square, ink: setting.ink }),
                    angle => slanted(below, rect, angle, setting.ink),
                })?;
            }
        }
        Ok(())
    }

    /// The height that a text takes in a box of this width, at the size that its style says.
    pub(crate) fn height(
        &mut self,
        text: &str,
        width: Micrometres,
        setting: &Setting<'_>,
        resolution: Resolution,
    ) -> Result<Micrometres, Trouble> {
        self.look_up(text, setting)?;
        if self.glyphs.is_empty() {
            return Ok(0);
        }
        let mut dots = resolution.dots(setting.size.unwrap_or(AUTO_LEAST)).max(1);
        let turned = matches!(setting.turn, Turn::Quarter | Turn::ThreeQuarters);
        let setting = &Setting { wrap: setting.wrap && !turned, ..*setting };
        self.wrap_at(dots, width, setting, resolution);
        if !setting.fixed {
            // As it will be set.
            dots = self.without_widow(dots, resolution.dots(FLOOR).min(dots), width, setting, resolution);
        }
        let size = resolution.micrometres(dots);
        let height = if turned {
            self.lines.iter().map(|line| line.width / 1000).max().unwrap_or(0)
        } else {
            i64::from(size) + i64::from(setting.pitch(size, resolution)) * (self.lines.len() as i64 - 1)
        };
        Ok(height.clamp(0, 1 << 30) as Micrometres)
    }

    /// The width that a text takes on one line.
    pub(crate) fn width(
        &mut self,
        text: &str,
        size: Micrometres,
        setting: &Setting<'_>,
    ) -> Result<Micrometres, Trouble> {
        self.look_up(text, setting)?;
        let measure = Measure { size, spacing: setting.spacing_at(size), width: 0 };
        Ok((measure.line(&self.glyphs) / 1000).min(i64::from(Micrometres::MAX)) as Micrometres)
    }

    /// Looks up the characters of a text.
    fn look_up(&mut self, text: &str, setting: &Setting<'_>) -> Result<(), Trouble> {
        let bold = setting.face == FaceId::Bold;
        let preferred = setting.family.and_then(|family| self.faces.of_family(family, bold));
        let choice = Choice { preferred, bundled: setting.face };
        wrap::glyphs(text, choice, &self.faces, &mut self.boxed, &mut self.glyphs)?;
        if setting.vertical {
            vertical::stand(text, &mut self.glyphs);
        }
        Ok(())
    }

    /// The size in whole dots, and with it the lines.
    fn choose_size(
        &mut self,
        width: Micrometres,
        height: Micrometres,
        setting: &Setting<'_>,
        resolution: Resolution,
    ) -> Micrometres {
        let most = setting.size.unwrap_or_else(|| height.clamp(1, AUTO_MOST));
        let mut most = resolution.dots(most).max(1);
        let mut least = resolution.dots(FLOOR).min(most);
        if setting.fixed && setting.size.is_some() {
            least = most;
        }
        let fits = |dots: i32, lines: &mut Vec<Line>| {
            let size = resolution.micrometres(dots);
            let measure = Measure { size, spacing: setting.spacing_at(size), width };
            wrap::lines(&self.glyphs, measure, setting.wrap, lines);
            let pitch = i64::from(setting.pitch(size, resolution));
            let block = i64::from(size) + pitch * (lines.len() as i64 - 1);
            // Half a dot of grace: the size itself was rounded.
            let grace = i64::from(resolution.micrometres(1));
            let limit = (i64::from(width) * 1000).max(0) + grace * 500;
            block <= i64::from(height) + grace && lines.iter().all(|line| line.width <= limit)
        };
        let floor = least;
        let can_shrink = !setting.fixed || setting.size.is_none();
        if fits(most, &mut self.lines) {
            least = most;
        }
        // The largest that fits, between one that is taken to fit and one that does not.
        while most - least > 1 {
            let middle = least + (most - least) / 2;
            if fits(middle, &mut self.lines) {
                least = middle;
            } else {
                most = middle;
            }
        }
        if least < most && !fits(least, &mut self.lines) && !setting.wrap && can_shrink {
            // What is too long for one line at the least size wraps after all, if there is room for more lines.
            let size = resolution.micrometres(least);
            let grace = resolution.micrometres(1);
            if size + setting.pitch(size, resolution) <= height + grace {
                let measure = Measure { size, spacing: setting.spacing_at(size), width };
                wrap::lines(&self.glyphs, measure, true, &mut self.lines);
            }
            return size;
        }
        resolution.micrometres(self.without_widow(least, floor, width, setting, resolution))
    }

    /// A little smaller, down to `floor`, if that brings the last one or two characters of a paragraph back to their line.
    /// All in dots; leaves the lines of the size that it answers.
    fn without_widow(
        &mut self,
        size: i32,
        floor: i32,
        width: Micrometres,
        setting: &Setting<'_>,
        resolution: Resolution,
    ) -> i32 {
        let mut smaller = size;
        while has_widow(&self.glyphs, &self.lines) && smaller > floor && smaller * 8 > size * 7 {
            smaller -= 1;
            self.wrap_at(smaller, width, setting, resolution);
        }
        if has_widow(&self.glyphs, &self.lines) {
            self.wrap_at(size, width, setting, resolution);
            return size;
        }
        smaller
    }

    /// The lines at a size in dots.
    fn wrap_at(&mut self, dots: i32, width: Micrometres, setting: &Setting<'_>, resolution: Resolution) {
        let size = resolution.micrometres(dots);
        let measure = Measure { size, spacing: setting.spacing_at(size), width };
        wrap::lines(&self.glyphs, measure, setting.wrap, &mut self.lines);
    }

    /// Cuts what does not fit at the size chosen, with an ellipsis. The first line always stays.
    fn cut(
        &mut self,
        measure: Measure,
        height: Micrometres,
        pitch: Micrometres,
        setting: &Setting<'_>,
        pen: &Pen,
    ) -> Result<(), Trouble> {
        let grace = pen.resolution.micrometres(1);
        let room = (height + grace - measure.size).max(0) / pitch + 1;
        let dropped = self.lines.len() > room as usize;
        self.overflows = dropped || measure.size > height + grace;
        self.lines.truncate(room as usize);
        let last = self.lines.len() - 1;
        let limit = i64::from(measure.width.max(0)) * 1000 + i64::from(grace) * 500;
        for index in 0..self.lines.len() {
            let line = self.lines[index];
            self.overflows |= line.width > limit;
            if line.width > limit && line.end - line.start > 1 || dropped && index == last {
                self.lines[index] = self.with_ellipsis(line, measure, setting)?;
            }
        }
        Ok(())
    }

    /// The line with its end cut off and an ellipsis in its place, written behind all glyphs.
    fn with_ellipsis(
        &mut self,
        line: Line,
        measure: Measure,
        setting: &Setting<'_>,
    ) -> Result<Line, Trouble> {
        let Found { face, cid, advance } =
            self.faces.find(None, setting.face, '…').ok_or(Trouble::Missing('…'))?;
        let ellipsis = Glyph { face, cid, advance, class: wrap::Class::Close, stance: Stance::Along };
        let limit = i64::from(measure.width) * 1000;
        let room = limit - measure.of(ellipsis);
        let mut end = line.start;
        let mut sum = 0;
        while end < line.end && sum + measure.of(self.glyphs[end]) <= room {
            sum += measure.of(self.glyphs[end]);
            end += 1;
        }
        let start = self.glyphs.len();
        self.glyphs.extend_from_within(line.start..end);
        self.glyphs.push(ellipsis);
        let end = self.glyphs.len();
        Ok(Line { start, end, width: measure.line(&self.glyphs[start..end]) })
    }
}

/// Draws the glyphs of a line: a run for each face that they are from, each where the one before it ends.
pub(super) fn runs(line: Text, glyphs: &[Glyph], measure: Measure, pen: &mut Pen) -> Result<(), Trouble> {
    let mut before = 0;
    for run in glyphs.chunk_by(|one, next| one.face == next.face) {
        let [across, down] = line.direction().turn([before / 1000, 0]).map(|length| length as Micrometres);
        let (x, y) = (line.x + across, line.y + down);
        let start = pen.frame.cids.len() as u32;
        pen.frame.cids.extend(run.iter().map(|glyph| glyph.cid));
        pen.push(Item::Text(Text { x, y, face: run[0].face, start, length: run.len() as u32, ..line }))?;
        before += run.iter().map(|&glyph| measure.of(glyph)).sum::<i64>();
    }
    Ok(())
}

fn metrics(bundled: FaceId) -> &'static Metrics {
    if bundled == FaceId::Bold { BOLD.metrics() } else { REGULAR.metrics() }
}

/// The line under a run that begins at a point: a twentieth of the em thick, and an eighth of it below the baseline,
/// where it clears the feet of ideographs.
fn underline(
    [x, y]: [Micrometres; 2],
    length: Micrometres,
    size: Micrometres,
    turn: Turn,
    pen: &Pen,
) -> Rect {
    let thick = pen.line(size / 20);
    let below = size / 8;
    let rect = match turn {
        Turn::None => Rect { x, y: y + below, width: length, height: thick },
        Turn::Quarter => Rect { x: x - below - thick, y, width: thick, height: length },
        Turn::Half => Rect { x: x - length, y: y - below - thick, width: length, height: thick },
        Turn::ThreeQuarters => Rect { x: x + below, y: y - length, width: thick, height: length },
    };
    let corner = [rect.x, rect.y].map(|length| pen.resolution.snap(length));
    // Only the start is rounded across the line, so that all lines of one size are equally thick.
    match turn {
        Turn::None | Turn::Half => Rect { y: corner[1], ..rect },
        Turn::Quarter | Turn::ThreeQuarters => Rect { x: corner[0], ..rect },
    }
}

/// The line under a text as it stands when it is turned about the middle of a box; that of a column stands before.
fn slanted(line: Rect, within: Rect, angle: Angle, ink: Ink) -> Item {
    let (ends, thick) = if line.width >= line.height {
        let middle = line.y + line.height / 2;
        ([line.x, line.x + line.width].map(|x| [x, middle]), line.height)
    } else {
        let middle = line.x + line.width / 2;
        ([line.y, line.y + line.height].map(|y| [middle, y]), line.width)
    };
    let [from, to] = ends.map(|end| about_middle(within, angle, end));
    Item::Stroke(Stroke { from, to, line: thick, dash: 0, ink })
}

/// Where a point goes when what is in a box is turned about its middle.
fn about_middle(rect: Rect, angle: Angle, [x, y]: [Micrometres; 2]) -> [Micrometres; 2] {
    let middle = [rect.x + rect.width / 2, rect.y + rect.height / 2].map(i64::from);
    let [across, down] = angle.direction().turn([i64::from(x) - middle[0], i64::from(y) - middle[1]]);
    [middle[0] + across, middle[1] + down].map(|length| length as Micrometres)
}

/// Whether a paragraph of several lines ends with a line of one or two characters.
fn has_widow(glyphs: &[Glyph], lines: &[Line]) -> bool {
    lines.windows(2).enumerate().any(|(index, pair)| {
        let goes_on = glyphs.get(pair[0].end).is_some_and(|glyph| glyph.class != wrap::Class::Break);
        let next = lines.get(index + 2);
        let ends = next
            .is_none_or(|_| glyphs.get(pair[1].end).is_some_and(|glyph| glyph.class == wrap::Class::Break));
        goes_on && ends && (1..=2).contains(&(pair[1].end - pair[1].start))
    })
}

/// Where something begins along an axis that has so much to spare.
pub(crate) fn along(align: Align, free: i64) -> i64 {
    match align {
        Align::Start => 0,
        Align::Middle => free / 2,
        Align::End => free,
    }
}
