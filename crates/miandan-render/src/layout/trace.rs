//! What was laid out, element by element: for programs that say what is wrong with a template.
//!
//! A component never makes a trace: with a real order it says something of that order.

use std::ops::Range;

use miandan_core::label::Resolution;

use super::Trouble;
use crate::frame::{Frame, Rect};
use crate::symbol::Linear;
use crate::template::{MatrixKind, Node, NodeKind, Problem, Scene, Symbology, Template, TemplateError, View};

/// A label, and which element of the template drew what of it.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The label.
    pub frame: Frame,
    /// The elements in the order in which they were drawn, what stands in a layout behind it. An element in a loop is
    /// there several times.
    pub elements: Vec<Placed>,
    /// What who writes the template should know.
    pub told: Vec<TemplateError>,
}

/// An element as it was laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What it is.
    pub kind: Kind,
    /// Line in the template, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Its box without margins, in micrometres on the label; of a line its two ends.
    pub rect: Rect,
    /// What a text shows, or a barcode holds; empty for other elements.
    pub content: String,
    /// Which of [`Frame::items`] it drew, with what stands in it; none on a label of several pages.
    pub items: Range<usize>,
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A text, or the number of a page.
    Text,
    /// A barcode.
    Barcode {
        /// Which kind of symbol.
        symbol: Symbol,
        /// Whether the label is of use without it (`allowFailure`).
        optional: bool,
    },
    /// A picture.
    Image,
    /// A line.
    Line,
    /// A rectangle, circle or round.
    Shape,
    /// A layout.
    Layout,
    /// A table.
    Table,
}

/// The kind of a symbol, as far as a linter tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Symbol {
    /// Code 128, GS1-128 included.
    Code128,
    /// Another linear one.
    OtherLinear,
    /// QR.
    Qr,
    /// Another matrix, or PDF417.
    OtherMatrix,
}

/// An element while it is traced, with its place in bytes.
pub(super) struct Step {
    pub(super) node: usize,
    pub(super) offset: usize,
    pub(super) rect: Rect,
    pub(super) items: Range<usize>,
}

impl Template {
    /// Lays out the label of a made-up waybill, or of data, and keeps which element drew what. The mark of a copy is drawn by no element,
    /// so it is not there, and a template without a cell for it is not refused.
    ///
    /// # Errors
    /// The problem over which [`Template::layout`] refuses the label, and where; [`Problem::MissingGlyph`] without a place
    /// if no face has a character.
    pub fn trace<'a>(
        &'a self,
        view: impl Into<View<'a>>,
        resolution: Resolution,
    ) -> Result<Trace, TemplateError> {
        let mut frame =
            Frame { size: self.size(), resolution, faces: self.faces().clone(), ..Frame::default() };
        let fault = |(trouble, offset)| match trouble {
            Trouble::Refused(problem) => self.place(problem, offset),
            Trouble::Missing(_) => self.place(Problem::MissingGlyph, offset),
        };
        let mut steps = Vec::new();
        let scene =
            self.evaluate(view.into()).map_err(|why| fault((Trouble::Refused(why.problem), why.offset)))?;
        let mut told =
            self.draw(&scene, self.sheet(resolution), &mut frame, Some(&mut steps)).map_err(fault)?;
        told.sort_unstable_by_key(|&(_, offset)| offset);
        told.dedup();
        let several = frame.pages() > 1;
        let placed = |step: Step| {
            let node = &scene.nodes[step.node];
            let TemplateError { line, column, .. } = self.place(Problem::OddValue, step.offset);
            let items = if several { 0..0 } else { step.items };
            Some(Placed {
                kind: kind(node)?,
                line,
                column,
                rect: step.rect,
                content: content(&scene, node),
                items,
            })
        };
        let elements = steps.into_iter().filter_map(placed).collect();
        let told = told.into_iter().map(|(problem, offset)| self.place(problem, offset)).collect();
        Ok(Trace { frame, elements, told })
    }
}

fn kind(node: &Node) -> Option<Kind> {
    Some(match node.kind {
        NodeKind::Text | NodeKind::PageIndex => Kind::Text,
        NodeKind::Barcode { symbology, optional, .. } => {
            let symbol = match symbology {
                Symbology::Linear(Linear::Code128 | Linear::Gs1) => Symbol::Code128,
                Symbology::Linear(_) => Symbol::OtherLinear,
                Symbology::Matrix(MatrixKind::Qr(_)) => Symbol::Qr,
                Symbology::Matrix(_) | Symbology::Pdf417(_) => Symbol::OtherMatrix,
            };
            Kind::Barcode { symbol, optional }
        }
        NodeKind::Image(_) => Kind::Image,
        NodeKind::Line(_) => Kind::Line,
        NodeKind::Rect | NodeKind::Circle | NodeKind::Round { .. } => Kind::Shape,
        NodeKind::Layout { .. } => Kind::Layout,
        NodeKind::Table => Kind::Table,
        NodeKind::Row | NodeKind::Cell { .. } | NodeKind::Margin { .. } => return None,
    })
}

fn content(scene: &Scene, node: &Node) -> String {
    match node.kind {
        NodeKind::Text | NodeKind::PageIndex | NodeKind::Barcode { .. } => {
            scene.text[node.text.clone()].trim().to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use miandan_core::label::Resolution;

    use super::{Kind, Symbol};
    use crate::shipped;
    use crate::template::{Problem, Template};

    #[test]
    fn elements_have_their_place_in_the_template_and_on_the_label() {
        let source = "<page width=\"76\" height=\"60\">\n <layout left=\"4\" top=\"4\" width=\"60\" height=\"20\">\n  \
                      <text left=\"1\" top=\"2\" width=\"20\" height=\"5\"><%=_data.waybillCode%></text></layout>\n \
                      <barcode left=\"2\" top=\"30\" width=\"70\" height=\"12\" type=\"code128\" allowFailure=\"true\"><%=_data.waybillCode%></barcode>\n \
                      <line startX=\"2\" startY=\"50\" endX=\"70\" endY=\"50\"/></page>";
        let template = Template::compile(source.as_bytes()).unwrap();
        let trace = template.trace(&shipped::sample(), Resolution::Dpi203).unwrap();
        let seen: Vec<_> =
            trace.elements.iter().map(|e| (e.line, e.kind, e.rect.x, e.rect.y, e.items.clone())).collect();
        assert_eq!(
            seen,
            [
                (2, Kind::Layout, 4000, 4000, 0..1),
                (3, Kind::Text, 5000, 6000, 0..1),
                (4, Kind::Barcode { symbol: Symbol::Code128, optional: true }, 2000, 30_000, 1..2),
                (5, Kind::Line, 2000, 50_000, 2..3),
            ]
        );
        assert_eq!(trace.elements[1].content, "MD7000000000012");
    }

    #[test]
    fn a_refused_label_has_no_trace() {
        let source = "<page width=\"20\" height=\"20\">\n<barcode left=\"0\" top=\"0\" width=\"9\" height=\"9\" type=\"code128\">A12345678</barcode></page>";
        let fault = Template::compile(source.as_bytes()).unwrap();
        let fault = fault.trace(&shipped::sample(), Resolution::Dpi203).unwrap_err();
        assert_eq!((fault.problem, fault.line), (Problem::BarcodeDoesNotFit, 2));
    }
}
