//! A label that has been laid out: what stands where, and nothing about how it is encoded.
//!
//! Lengths are integer micrometres from the top left corner; symbols stand on whole dots of the target's grid.
//! A frame holds the masked view only. Text is kept as character ids of its faces ([`FaceRef::cid`]), each of which
//! knows its glyph *and* the character that was drawn.
//!
//! [`FaceRef::cid`]: crate::faces::FaceRef::cid

use std::sync::Arc;

use miandan_core::label::{LabelSize, Micrometres, Resolution};
use miandan_core::pipe::Warnings;

use crate::angle::{Angle, Direction};
use crate::faces::Faces;
use crate::image::Picture;

/// A label that has been laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The size of the label.
    pub size: LabelSize,
    /// The dot grid on which symbols stand.
    pub resolution: Resolution,
    /// What texts are set in. They stay when the frame is emptied.
    pub faces: Faces,
    /// What is drawn, page by page, on each in the order in which it is drawn.
    pub items: Vec<Item>,
    /// For each page but the first its first item; all pages have one size.
    pub breaks: Vec<u32>,
    /// The character ids of all texts, one after the other; [`Text::cids`] are ranges of it.
    pub cids: Vec<u16>,
    /// The bar and space widths of all linear symbols, in modules; [`Bars::widths`] are ranges of it.
    pub widths: Vec<u8>,
    /// The rows of all matrix symbols; [`Matrix::rows`] are ranges of it. Bit 0 of a row is its leftmost module.
    pub rows: Vec<u128>,
    /// Characters that no face has and for which a box stands, each once; the first few of them.
    pub boxed: Vec<char>,
    /// The pictures that are drawn; [`Image::picture`] are places in it.
    pub pictures: Vec<Arc<Picture>>,
    /// What a person should know about the label.
    pub warnings: Warnings,
}

impl Frame {
    /// Makes the frame empty for another label, keeping its memory.
    pub fn clear(&mut self) {
        self.items.clear();
        self.breaks.clear();
        self.cids.clear();
        self.widths.clear();
        self.rows.clear();
        self.boxed.clear();
        self.pictures.clear();
        self.warnings = Warnings::NONE;
    }

    /// Notes characters that no face has.
    pub(crate) fn note_boxed(&mut self, boxed: Vec<char>) {
        if self.boxed.is_empty() {
            self.boxed = boxed;
        } else {
            boxed.into_iter().for_each(|c| {
                if !self.boxed.contains(&c) {
                    self.boxed.push(c);
                }
            });
        }
    }

    /// How many pages the label has, at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.breaks.len() + 1
    }

    /// What is drawn on a page, from 0; nothing on one that there is not.
    #[must_use]
    pub fn page(&self, page: usize) -> &[Item] {
        let end = self.breaks.get(page).map_or(self.items.len(), |&end| end as usize);
        let start = match page.checked_sub(1) {
            None => 0,
            Some(before) => self.breaks.get(before).map_or(self.items.len(), |&start| start as usize),
        };
        self.items.get(start..end).unwrap_or_default()
    }
}

/// One thing that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A filled rectangle; rules are thin ones.
    Fill(Fill),
    /// The outline of a rectangle or of an ellipse.
    Outline(Outline),
    /// A slanted line.
    Stroke(Stroke),
    /// A run of text in one face and size.
    Text(Text),
    /// A linear symbol.
    Bars(Bars),
    /// A matrix symbol.
    Matrix(Matrix),
    /// A picture.
    Image(Image),
}

/// A rectangle in micrometres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: Micrometres,
    /// Top edge.
    pub y: Micrometres,
    /// Width, not negative.
    pub width: Micrometres,
    /// Height, not negative.
    pub height: Micrometres,
}

/// Black or white: a thermal head knows nothing between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Heated.
    #[default]
    Black,
    /// Left blank, over something black.
    White,
}

/// The shape of a fill or an outline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A rectangle.
    #[default]
    Square,
    /// A rectangle whose corners are rounded by this radius in micrometres.
    Rounded(Micrometres),
    /// The ellipse that fills the rectangle.
    Ellipse,
}

/// A filled shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Where.
    pub rect: Rect,
    /// Which shape.
    pub shape: Shape,
    /// Black or white.
    pub ink: Ink,
}

/// An outline, drawn inside its rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The outer edge.
    pub rect: Rect,
    /// Which shape.
    pub shape: Shape,
    /// Width of the line in micrometres.
    pub line: Micrometres,
    /// Length of dashes and of the gaps between them in micrometres; 0 for a solid line.
    pub dash: Micrometres,
}

/// A straight line between two points, with ends cut square; horizontal and vertical ones are [`Fill`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// Where it begins, x and y.
    pub from: [Micrometres; 2],
    /// Where it ends.
    pub to: [Micrometres; 2],
    /// Width of the line in micrometres.
    pub line: Micrometres,
    /// Length of dashes and of the gaps between them in micrometres; 0 for a solid line.
    pub dash: Micrometres,
    /// Black or white.
    pub ink: Ink,
}

/// By how many quarter turns clockwise something is turned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// Upright.
    #[default]
    None,
    /// Reads from top to bottom.
    Quarter,
    /// Upside down.
    Half,
    /// Reads from bottom to top.
    ThreeQuarters,
}

/// Which face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaceId {
    /// Noto Sans SC Regular, bundled.
    #[default]
    Regular,
    /// Noto Sans SC Bold, bundled.
    Bold,
    /// One that a caller brought, from 0.
    Added(u8),
}

impl FaceId {
    /// The faces that are always there.
    pub const BUNDLED: [FaceId; 2] = [FaceId::Regular, FaceId::Bold];

    /// The number of the face on the pipe and in a PDF.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            FaceId::Regular => 0,
            FaceId::Bold => 1,
            FaceId::Added(place) => place.saturating_add(2),
        }
    }
}

/// A run of text. Glyphs follow each other by their natural advance plus `spacing`, along the turned baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Where the baseline begins.
    pub x: Micrometres,
    /// See `x`.
    pub y: Micrometres,
    /// Which way the baseline runs.
    pub turn: Turn,
    /// By how much more it is turned, clockwise about where the baseline begins.
    pub angle: Angle,
    /// Whether it leans to the right as italics do, by [`Text::SLANT`].
    pub slant: bool,
    /// Which face.
    pub face: FaceId,
    /// Size of the em in micrometres.
    pub size: Micrometres,
    /// Added after each glyph, in micrometres.
    pub spacing: Micrometres,
    /// Black or white.
    pub ink: Ink,
    /// First id in [`Frame::cids`].
    pub start: u32,
    /// Number of ids.
    pub length: u32,
}

impl Text {
    /// Of a slanted text each point is moved along the baseline by one part in so many of its height above it: 11.3°, as
    /// italics of other faces lean.
    pub const SLANT: u8 = 5;

    /// Where the baseline points.
    #[must_use]
    pub fn direction(&self) -> Direction {
        Angle::hundredths(i64::from(self.angle.in_hundredths()) + 9_000 * self.turn as i64).direction()
    }

    /// The character ids of the run as they are drawn, 0 for those that the face does not have; nothing if the frame has
    /// neither them nor the face, or the run is empty.
    pub(crate) fn known_cids<'f>(&self, frame: &'f Frame) -> Option<impl Iterator<Item = u16> + use<'f>> {
        let cids = self.all_cids(frame)?;
        let count = frame.faces.get(self.face)?.cid_count();
        Some(cids.map(move |cid| if u32::from(cid) < count { cid } else { 0 }))
    }

    /// The character ids of the run, whatever its face has; nothing if the frame has not all of them, or the run is empty.
    pub(crate) fn all_cids<'f>(&self, frame: &'f Frame) -> Option<impl Iterator<Item = u16> + use<'f>> {
        let end = self.start.saturating_add(self.length) as usize;
        let cids = frame.cids.get(self.start as usize..end)?;
        (!cids.is_empty() && self.size > 0).then(|| cids.iter().copied())
    }

    /// The character ids of the run.
    #[must_use]
    pub fn cids<'f>(&self, frame: &'f Frame) -> &'f [u16] {
        &frame.cids[self.start as usize..(self.start + self.length) as usize]
    }
}

/// A linear symbol in whole dots, or rows of bars on top of each other (PDF417). Quiet zones are not part of it; the
/// layout keeps them free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bars {
    /// Left edge in dots.
    pub x: i32,
    /// Top edge in dots.
    pub y: i32,
    /// Dots in one module.
    pub module: u8,
    /// Length of the bars in dots, of those of one row.
    pub length: i32,
    /// [`Turn::None`]: bars stand upright, the symbol reads from left to right. [`Turn::Quarter`]: bars lie, the
    /// symbol reads from top to bottom. Others are not used.
    pub turn: Turn,
    /// First width in [`Frame::widths`]: bar, space, bar, …, bar, each in modules.
    pub start: u32,
    /// Number of widths of a row.
    pub count: u32,
    /// Rows, the first on top or, of bars that lie, on the right. A linear symbol has one.
    pub rows: u8,
}

impl Bars {
    /// The widths of bars and spaces of the first row in turn, in modules, beginning and ending with a bar.
    #[must_use]
    pub fn widths<'f>(&self, frame: &'f Frame) -> &'f [u8] {
        &frame.widths[self.start as usize..(self.start + self.count) as usize]
    }

    /// The widths of every row; none if the frame does not have them all.
    pub fn row_widths<'f>(&self, frame: &'f Frame) -> impl Iterator<Item = &'f [u8]> + use<'f> {
        let length = (self.count as usize).saturating_mul(self.rows.into());
        let end = (self.start as usize).saturating_add(length);
        let all = frame.widths.get(self.start as usize..end).unwrap_or(&[]);
        all.chunks_exact((self.count as usize).max(1))
    }
}

/// A matrix symbol in whole dots. Quiet zones are not part of it; the layout keeps them free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Left edge in dots.
    pub x: i32,
    /// Top edge in dots.
    pub y: i32,
    /// Dots in one module.
    pub module: u8,
    /// Modules along each side, at most 128 (QR version 27).
    pub side: u8,
    /// First row in [`Frame::rows`].
    pub start: u32,
}

impl Matrix {
    /// The rows from top to bottom; bit 0 is the leftmost module, 1 is dark.
    #[must_use]
    pub fn rows<'f>(&self, frame: &'f Frame) -> &'f [u128] {
        &frame.rows[self.start as usize..self.start as usize + usize::from(self.side)]
    }
}

/// A picture on whole dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// Left edge in dots.
    pub x: i32,
    /// Top edge in dots.
    pub y: i32,
    /// Width in dots as it stands on the label.
    pub width: i32,
    /// Height in dots as it stands on the label.
    pub height: i32,
    /// By how much the picture is turned.
    pub turn: Turn,
    /// Which of [`Frame::pictures`].
    pub picture: u32,
    /// Whether it was made for this label. A preview covers it, since it may hold a code.
    pub computed: bool,
}

impl Image {
    /// The picture, if the frame has it and it is at least a dot large and no larger than a label can be.
    #[must_use]
    pub fn picture<'f>(&self, frame: &'f Frame) -> Option<&'f Arc<Picture>> {
        const MOST: std::ops::RangeInclusive<i32> = 1..=16_384;
        let fits = MOST.contains(&self.width) && MOST.contains(&self.height);
        frame.pictures.get(self.picture as usize).filter(|_| fits)
    }
}
