//! Layout: a template and a masked waybill become a [`Frame`].
//!
//! Lengths are integer micrometres. Edges, baselines and sizes of type stand on whole dots of the target, and
//! symbols are made of whole dots, so a thermal head draws what was measured.

mod area;
mod barcode;
mod boxes;
mod copy;
mod flow;
mod natural;
mod picture;
mod preview;
mod table;
mod text;
mod trace;
mod turned;
mod vertical;
mod wrap;

use miandan_core::Code;
use miandan_core::label::{Micrometres, Resolution};
use miandan_core::pipe::{Failure, LabelPart, Place};
use miandan_core::waybill::Waybill;

pub use area::Area;
pub use preview::mark_preview;
pub use trace::{Kind, Placed, Symbol, Trace};
pub(crate) use wrap::is_invisible;

use crate::frame::{Frame, Item, Rect};
use crate::template::{ITEMS, Problem, REMARKS, Scene, Template, TemplateError, View};
use text::Typesetter;

impl Template {
    /// Lays out the label of a waybill in the frame's faces, reusing its memory. A copy gets its mark, over everything else.
    ///
    /// # Errors
    /// `TEMPLATE_REFUSED`, with the place in the template, if the code fails, a barcode does not fit, or there is no room
    /// for the mark of a copy; `FIELD_MISSING` if a barcode has no content;
    /// `GLYPH_MISSING`, with the personal field if it is one, if no font has a character. The frame is of no use then.
    pub fn layout(
        &self,
        waybill: &Waybill,
        resolution: Resolution,
        frame: &mut Frame,
    ) -> Result<(), Failure> {
        self.layout_with(waybill, &[], resolution, frame)
    }

    /// Lays out a label with areas over it, one over the other on its first page. The mark of a copy is over all of them.
    ///
    /// # Errors
    /// As [`Template::layout`], with the area that is at fault; `TEMPLATE_REFUSED` also if an area does not lie within the
    /// label or its template is none of data in clear.
    pub fn layout_with<'a>(
        &'a self,
        view: impl Into<View<'a>>,
        areas: &[Area<'a>],
        resolution: Resolution,
        frame: &mut Frame,
    ) -> Result<(), Failure> {
        let view = view.into();
        frame.clear();
        frame.size = self.size();
        frame.resolution = resolution;
        let mark =
            self.mark(view.waybill, resolution).map_err(|TemplateError { problem, line, column }| {
                Failure { place: Some(Place { line, column }), ..Failure::from(problem.code()) }
            })?;
        self.lay_out(view, resolution, frame).map_err(|fault| self.failure(view, fault))?;
        for (place, area) in areas.iter().enumerate() {
            area.lay_over(view, frame).map_err(|failure| failure.of_part(LabelPart::Area(place as u8)))?;
        }
        if let Some(mark) = mark {
            self.draw_mark(mark, frame);
        }
        Ok(())
    }

    /// What is told of a label that cannot be laid out.
    fn failure(&self, view: View<'_>, (trouble, offset): (Trouble, usize)) -> Failure {
        match trouble {
            Trouble::Refused(Problem::BarcodeEmpty) => Failure::from(Code::FieldMissing),
            Trouble::Refused(problem) => {
                let TemplateError { line, column, .. } = self.place(problem, offset);
                Failure { place: Some(Place { line, column }), ..Failure::from(problem.code()) }
            }
            Trouble::Missing(c) => {
                Failure { field: self.field_with(view.waybill, c), ..Failure::from(Code::GlyphMissing) }
            }
        }
    }

    /// The mark of a waybill that is a copy.
    fn mark(&self, waybill: &Waybill, resolution: Resolution) -> Result<Option<copy::Mark>, TemplateError> {
        match waybill.copy {
            0 => Ok(None),
            copy => self.mark_of_copy(copy, resolution).map(Some),
        }
    }

    /// The problem over which [`Template::layout`] refuses the label of a waybill, or the one that it warns of, and where,
    /// for who writes the template. With a real order the problem says something of that order, so it never crosses the
    /// fence; the place does.
    #[must_use]
    pub fn fault<'a>(&'a self, view: impl Into<View<'a>>, resolution: Resolution) -> Option<TemplateError> {
        let view = view.into();
        let mut frame =
            Frame { size: self.size(), resolution, faces: self.faces().clone(), ..Frame::default() };
        if let Err(error) = self.mark(view.waybill, resolution) {
            return Some(error);
        }
        match self.lay_out(view, resolution, &mut frame) {
            Err((Trouble::Refused(problem), offset)) => Some(self.place(problem, offset)),
            Err((Trouble::Missing(_), _)) => None,
            Ok(told) => {
                let narrow = told.into_iter().find(|(problem, _)| *problem == Problem::BarcodeNarrow);
                narrow.map(|(problem, offset)| self.place(problem, offset))
            }
        }
    }

    /// The texts of the label of a waybill that do not fit their boxes ([`Problem::TextCut`]), in the order of the
    /// template, for who writes it. None where the label is refused. With a real order it says something of that order,
    /// so it never crosses the fence.
    #[must_use]
    pub fn overflows<'a>(&'a self, view: impl Into<View<'a>>, resolution: Resolution) -> Vec<TemplateError> {
        let mut frame =
            Frame { size: self.size(), resolution, faces: self.faces().clone(), ..Frame::default() };
        let Ok(mut told) = self.lay_out(view.into(), resolution, &mut frame) else { return Vec::new() };
        told.retain(|(problem, _)| *problem == Problem::TextCut);
        told.sort_unstable_by_key(|&(_, offset)| offset);
        told.dedup();
        told.into_iter().take(REMARKS).map(|(problem, offset)| self.place(problem, offset)).collect()
    }

    /// What who writes the template should know, or why not, and at which byte of the template.
    fn lay_out(
        &self,
        view: View<'_>,
        resolution: Resolution,
        frame: &mut Frame,
    ) -> Result<Vec<(Problem, usize)>, (Trouble, usize)> {
        let scene = self.evaluate(view).map_err(|fault| (Trouble::Refused(fault.problem), fault.offset))?;
        self.draw(&scene, self.sheet(resolution), frame, None)
    }

    /// The whole label.
    fn sheet(&self, resolution: Resolution) -> Sheet {
        let size = self.size();
        let bottom = self.body_bottom();
        Sheet {
            page: Rect { x: 0, y: 0, width: size.width, height: size.height },
            bottom,
            flow: self.body_top().map(|top| flow::Flow::new(size, top, bottom, resolution)),
        }
    }

    /// Draws what has been evaluated, behind what the frame has already. `steps` gets which element drew what.
    fn draw(
        &self,
        scene: &Scene,
        sheet: Sheet,
        frame: &mut Frame,
        steps: Option<&mut Vec<trace::Step>>,
    ) -> Result<Vec<(Problem, usize)>, (Trouble, usize)> {
        let Sheet { page, bottom, flow } = sheet;
        let resolution = frame.resolution;
        let mut typesetter = Typesetter::new(&frame.faces);
        let mut pen = Pen {
            frame,
            resolution,
            bottom,
            tables: 0,
            picture_work: 0,
            at: 0,
            told: Vec::new(),
            flow,
            page: 0,
            number: [1, 1],
            lowest: 0,
            tags: None,
            steps,
        };
        let mut drawing = boxes::Drawing { pen: &mut pen, typesetter: &mut typesetter };
        let drawn = if flow.is_some() {
            flow::pages(scene, self.size(), &mut drawing)
        } else {
            boxes::children(scene, 0..scene.nodes.len(), page, false, &mut drawing)
        };
        drawn.map_err(|trouble| (trouble, pen.at))?;
        let told = pen.told;
        frame.note_boxed(typesetter.boxed);
        Ok(told)
    }
}

/// What is drawn on.
struct Sheet {
    page: Rect,
    /// Where a table must end.
    bottom: Micrometres,
    /// Where content flows to more pages.
    flow: Option<flow::Flow>,
}

/// Why a label cannot be laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Refused(Problem),
    /// No face has the character.
    Missing(char),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Trouble::Refused(problem)
    }
}

/// Where things are put, and the grid that they are put on.
struct Pen<'f> {
    frame: &'f mut Frame,
    resolution: Resolution,
    /// Where a table must end.
    bottom: Micrometres,
    /// How many tables around what is drawn.
    tables: usize,
    /// Pixels and dots of the pictures so far.
    picture_work: usize,
    /// Offset in the template of the element that is drawn.
    at: usize,
    /// What was drawn and who writes the template should know of, and where.
    told: Vec<(Problem, usize)>,
    /// Where content flows to more pages, unless what is drawn stays together.
    flow: Option<flow::Flow>,
    /// The page that is drawn on, from 0.
    page: usize,
    /// What a page index says: the number of the page, and how many there are.
    number: [usize; 2],
    /// The lowest end of what flowed.
    lowest: Micrometres,
    /// For each item its page, where there are several.
    tags: Option<Vec<u8>>,
    /// Which element drew what, if anybody wants to know.
    steps: Option<&'f mut Vec<trace::Step>>,
}

impl Pen<'_> {
    fn push(&mut self, item: Item) -> Result<(), Trouble> {
        if self.frame.items.len() >= ITEMS {
            return Err(Problem::ElementLimit.into());
        }
        self.frame.items.push(item);
        if let Some(tags) = &mut self.tags {
            tags.push(self.page as u8);
        }
        Ok(())
    }

    /// The rectangle with every edge on the grid.
    fn snap(&self, rect: Rect) -> Rect {
        let (x, y) = (self.resolution.snap(rect.x), self.resolution.snap(rect.y));
        let right = self.resolution.snap(rect.x + rect.width);
        let bottom = self.resolution.snap(rect.y + rect.height);
        Rect { x, y, width: right - x, height: bottom - y }
    }

    /// The width of a line: whole dots, at least one unless it is nothing.
    fn line(&self, width: Micrometres) -> Micrometres {
        if width <= 0 { 0 } else { self.resolution.micrometres(self.resolution.dots(width).max(1)) }
    }
}
