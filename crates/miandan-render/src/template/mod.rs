//! Templates: an XML dialect with code in it, compiled once and then only evaluated.
//!
//! The dialect is that of Cainiao's cloud printing (CNPL), which most stations have templates in.
//!
//! # Elements
//!
//! `page` (the root, `width` and `height` in mm) or a custom area (a `layout` as the root), `layout` (a box with
//! elements in it; `ref` repeats another by its `id`), `text`, `line`, `rect`, `circle`, `round` (with `radius`),
//! `barcode` (types below), `table` with `tr`, `th` and `td` (`colspan`, `rowspan`), and in a page
//! `header` and `footer` (`height`) with `pageIndex` (`format`) in them. and `image` (`src`: a data URL with a
//! PNG, JPEG or BMP in it, or the name of a bundled picture).
//! Names may be written in any case. What is unknown but harmless is passed over ([`Template::remarks`]).
//!
//! Types of a barcode: `code128`, `ean128`, `code39`, `code93`, `ean13`, `ean8`, `upca`, `upce`, `c25inter`, `itf14`,
//! `codabar`, `qrcode`, `aztec`, `pdf417`, `dataMatrix` and `gs1DataMatrix`. The others of the dialect are refused as not supported.
//!
//! There is no network: an image whose `src` is anything else, or cannot be read, refuses the template or the label,
//! unless it says `allowFailure="true"`; then it is left out with a warning. A picture keeps its proportions inside its
//! box unless `ratioMode="ignoreRatio"` says that it fills it. Constant pictures are read once, when the template is
//! compiled; together they have 1,048,576 pixels at most, and so have the computed ones of a label.
//!
//! A label is one page unless the page says `splitable="true"`: then what does not fit flows to more pages, at most 100.
//! Tables are split between rows; a table on a page that is not splitable, or a row that fits no page, refuses the label.
//!
//! Lengths are millimetres, or points with `pt`; sizes of fonts and widths of lines are points, or millimetres with
//! `mm`. Positions are relative to the parent. A child without `left` or `top` floats: such children share the
//! parent along the parent's `orientation`, in the order of `zIndex`. Without `width` or `height` a child reaches to
//! the edge of its parent.
//!
//! A linear barcode has modules of three dots at 203 dpi and of four at 300, or with `ratioMode="ignoreRatio"` the
//! largest up to half a millimetre that fit its box with the quiet zones. Narrower ones, down to a quarter of a
//! millimetre, are drawn with a warning where there is no room. Where not even those fit (for a matrix code, those of
//! 0.375 mm) the label is refused. With `allowFailure="true"` there is no warning of narrow modules, and what does not
//! fit is left out with one.
//!
//! With `rotation` the box stays where it is and its content is turned inside it, by quarter turns. A text may have any
//! other angle as well: it is set upright then and turned about the middle of its box, whose corners do not cut it.
//!
//! Text that does not fit its box shrinks, to an em of 2 mm and no further, and ends with an ellipsis then; with
//! `overflow:hidden` it keeps its size and ends with an ellipsis at once. Unless it is turned
//! by an angle other than a quarter turn it never leaves its box, and it never vanishes.
//! With `fontSize:auto` it is as large as the box allows.
//!
//! # Code
//!
//! `<% statements %>` and `<%= expression %>` may stand between elements, in text, in CDATA and in attribute values;
//! `<\%` and `%\>` stand for the characters themselves. The language is a part of ECMAScript 5: `var`, assignment,
//! `if`, `switch`, `for (;;)`, `for (in)`, `while`, `do`, `break`, `continue`, `function` with `return` (declared
//! outside blocks, at most 400 levels of blocks and expressions inside each other over all calls), the operators on
//! numbers, strings and truth values, `typeof`, `in`, `delete`, lists and objects, which code may change (at most 1,000
//! elements, without gaps).
//!
//! | of | |
//! |---|---|
//! | strings | `length`, `charAt`, `charCodeAt`, `concat`, `indexOf`, `lastIndexOf`, `replace` (with strings), `slice`, `split`, `substr`, `substring`, `toLowerCase`, `toUpperCase`, `trim` |
//! | lists | `length`, `concat`, `indexOf`, `join`, `lastIndexOf`, `pop`, `push`, `reverse`, `shift`, `slice`, `sort` (with or without a function), `splice`, `unshift` |
//! | objects | what the code gives them, `hasOwnProperty` |
//! | numbers | `toFixed`, `toString` (of whole numbers with a radix) |
//! | the time | `getFullYear`, `getMonth`, `getDate`, `getDay`, `getHours`, `getMinutes`, `getSeconds`, `getMilliseconds`, `getTime` |
//! | nothing | `String`, `String.fromCharCode`, `Number`, `parseInt`, `parseFloat`, `isNaN`, `isFinite`, `Array.isArray`, `Object.keys`, `Date.now`, and `abs`, `ceil`, `floor`, `max`, `min`, `pow` (of whole numbers), `round`, `sqrt` of `Math` |
//!
//! A block is closed in the element in which it was opened. A member that is read by its name and that nothing in the
//! template gives a value refuses the template. What ECMAScript leaves to the engine, and what it answers in ways that
//! nobody means, refuses the label: a gap in a list, a member that every object inherits, a time as text.
//!
//! Code cannot read the clock, files, other orders, or anything that is not listed here. It has 100,000 steps.
//! `new Date()` and `_context.formatStartTime(format)` are the time of the first print, which the host tells with the
//! order, in China Standard Time. Letters of the format: `y`, `M`, `d`, `h` (1 to 12), `H`, `m`, `s`, `S`, and `E` for
//! the day of the week (`E` 二, `EE` 周二, `EEE` 星期二); a run of one letter is padded with zeros to its length, but for
//! `yy`.
//!
//! `<%@ include "print.js" %>`, with or without an address before the name, is accepted and includes nothing; any
//! other file refuses the template.
//!
//! # Data
//!
//! | below `_data` | |
//! |---|---|
//! | `waybillCode`, `cpCode`, `orderId`, `paymentId`, `memo` | |
//! | `courierToken` | what a courier scans; longer than any other text in a code |
//! | `service`, `shippingOption.title` | name of the service |
//! | `recipient`, `sender` | `name`, `org`, `mobile`, `phone`, `virtual`, `address.province`, `.city`, `.district`, `.town`, `.detail` |
//! | `routingInfo` | `routeCode`, `sortation.name`, `consolidation.name`, `.code`, `origin.name`, `.code` |
//! | `packageInfo` | `weight` (text, in kg), `index`, `count`, `totalCount`, `items[…].name`, `.sku`, `.count` |
//!
//! `_context.documentNumber()` and `_context.documentCount()` say which label of how many it is,
//! `_context.runningNumber()` by which number it is found again (`261111-003-012`), and `_context.copy()` which copy it is
//! (0 for the first print); `_config.needTopLogo` and `_config.needBottomLogo` are false.
//!
//! A template of data in clear ([`TemplateKind::Free`]) has none of these: below `_data` it sees what it is given, of any
//! shape, each text masked as free text. Members may have any name and be reached by a computed one, lists may be looped
//! over, and what is not there is absent, however deep. It has no persons; `_data.recipient`, `_data.sender` and
//! `_data.buyer` refuse the template. Over a label it stands where `left` and `top` of its root say, as numbers, and must lie
//! on it.
//!
//! All of it is the masked view: a template has no way to the clear text. What an order does not have is equal to
//! `undefined`, to `null` and to `''`, and prints as nothing. A path that does not exist refuses the template; so do
//! account name, e-mail and identity card of the buyer, which are never printed.

#[cfg(all(test, feature = "foreign-tools"))]
mod against_node;
mod calculate;
mod call;
mod data;
mod element;
mod evaluate;
mod expression;
mod free;
mod functions;
mod heap;
mod lexer;
mod limits;
mod lists;
mod loops;
mod members;
mod methods;
mod names;
mod operate;
mod parser;
mod problem;
mod reference;
mod reprint;
mod source;
mod statements;
mod style;
mod switch;
mod time;
mod value;
mod xml;

use miandan_core::field::{FieldId, FieldSet};
use miandan_core::free::FreeData;
use miandan_core::label::{LabelSize, Micrometres};
use miandan_core::pipe::TemplateKind;
use miandan_core::waybill::Waybill;

use crate::faces::Faces;
use crate::frame::Rect;

pub use problem::Problem;

pub(crate) use element::{MatrixKind, Symbology};
pub(crate) use evaluate::{ImageNode, Node, NodeKind, Scene};
pub(crate) use limits::{ITEMS, PAGE_LEAST, PAGE_MOST, REMARKS};
pub(crate) use style::{Align, CellLine, LineKind, Spacing, Style, Turns};

use expression::{Block, Routine};
use source::{Fault, Source};
use statements::{Compiler, ListKind};

/// Why a template was refused, and where. Also what was passed over in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct TemplateError {
    /// What is wrong.
    pub problem: Problem,
    /// Line in the file, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The cell that a template keeps blank for the mark of a reprint: the layout with the `id` `REPRINT_MARK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedCell {
    /// Where it is on the label.
    pub rect: Rect,
    /// Line in the template, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// What a label is made of, as far as its template may see it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub(crate) waybill: &'a Waybill,
    pub(crate) data: &'a FreeData,
}

/// Without data every member of it is absent.
static NO_DATA: FreeData = FreeData::EMPTY;

impl<'a> View<'a> {
    /// Of data in clear. Of the waybill nothing counts but its stamp ([`Waybill::put_stamp`]).
    #[must_use]
    pub fn of_data(data: &'a FreeData, stamped: &'a Waybill) -> Self {
        View { waybill: stamped, data }
    }
}

impl<'a> From<&'a Waybill> for View<'a> {
    fn from(waybill: &'a Waybill) -> Self {
        View { waybill, data: &NO_DATA }
    }
}

/// A compiled template.
#[derive(Debug)]
pub struct Template {
    kind: TemplateKind,
    /// What it was compiled for.
    faces: Faces,
    size: LabelSize,
    /// Where it stands on a label, as an area over it.
    origin: [Micrometres; 2],
    body_bottom: Micrometres,
    /// For content that flows to more pages: where it begins on the second and the later ones.
    body_top: Option<Micrometres>,
    fields: FieldSet,
    names_courier_token: bool,
    document: Block,
    slots: usize,
    routines: Box<[Routine]>,
    remarks: Vec<TemplateError>,
    reprint_mark: Option<ReservedCell>,
    /// Offset of the outermost element.
    root: usize,
    /// To find the line of a fault that shows only when a label is made.
    text: Box<str>,
}

impl Template {
    /// Compiles the text of a template (UTF-8, at most 256 KiB).
    ///
    /// # Errors
    /// The first problem, with its place in the text.
    pub fn compile(source: &[u8]) -> Result<Template, TemplateError> {
        Self::compile_for(source, &Faces::default())
    }

    /// Compiles the text of a template that is set in these faces: what it says itself must be in one of them.
    ///
    /// # Errors
    /// The first problem, with its place in the text.
    pub fn compile_for(source: &[u8], faces: &Faces) -> Result<Template, TemplateError> {
        Self::compile_as(TemplateKind::Waybill, source, faces)
    }

    /// Compiles the text of a template of a kind that is set in these faces.
    ///
    /// # Errors
    /// The first problem, with its place in the text.
    pub fn compile_as(kind: TemplateKind, source: &[u8], faces: &Faces) -> Result<Template, TemplateError> {
        let source = Source::read(source)?;
        Self::compile_source(kind, &source, faces).map_err(|fault| source.place(fault))
    }

    /// The kind that the text of a template asks for: a custom area has a root with the `id` `CUSTOM_AREA` and sees data in
    /// clear, everything else is a waybill.
    #[must_use]
    pub fn kind_of(source: &[u8]) -> TemplateKind {
        let nodes = Source::read(source).map(|source| xml::read(&source));
        match nodes {
            Ok(Ok(nodes)) if reprint::is_custom_area(&nodes) => TemplateKind::Free,
            _ => TemplateKind::Waybill,
        }
    }

    fn compile_source(kind: TemplateKind, source: &Source, faces: &Faces) -> Result<Template, Fault> {
        let nodes = reference::resolve(xml::read(source)?)?;
        let mut roots = nodes.iter().filter_map(|node| match node {
            xml::XmlNode::Element(element) => Some(element.offset),
            xml::XmlNode::Piece(_) => None,
        });
        let root = roots.next().ok_or(Fault::new(Problem::NoPage, 0))?;
        if let Some(second) = roots.next() {
            return Err(Fault::new(Problem::MalformedXml, second));
        }
        let reprint_mark = reprint::cell(&nodes).map(|(rect, offset)| {
            let TemplateError { line, column, .. } = source.place(Fault::new(Problem::OddValue, offset));
            ReservedCell { rect, line, column }
        });
        let mut compiler = Compiler::new(source, faces, kind);
        let document = compiler.list(nodes, ListKind::Document)?;
        // A page inside a condition might not be there.
        let page = element::page(&document).ok_or(Fault::new(Problem::MisplacedElement, root))?;
        let size = element::page_size(page).map_err(|problem| Fault::new(problem, root))?;
        let origin = match kind {
            TemplateKind::Waybill => [0, 0],
            TemplateKind::Free => element::area_origin(page).map_err(|problem| Fault::new(problem, root))?,
        };
        let Compiler { fields, names_courier_token, remarks, context, names, .. } = compiler;
        let (slots, routines) = names.finish()?;
        Ok(Template {
            kind,
            faces: faces.clone(),
            size,
            origin,
            root,
            body_bottom: size.height - context.footer_height(),
            body_top: context.splits().then(|| context.header_height()),
            fields,
            names_courier_token,
            slots,
            routines,
            remarks: remarks.iter().take(REMARKS).map(|&fault| source.place(fault)).collect(),
            reprint_mark,
            document,
            text: source.text.into(),
        })
    }

    /// What its labels are made of.
    #[must_use]
    pub fn kind(&self) -> TemplateKind {
        self.kind
    }

    /// The size of the label.
    #[must_use]
    pub fn size(&self) -> LabelSize {
        self.size
    }

    /// The cell that stays blank for the mark of a reprint, if the template has one, however large it is
    /// ([`Template::marks_copies`] says whether the mark fits it).
    #[must_use]
    pub fn reprint_mark(&self) -> Option<ReservedCell> {
        self.reprint_mark
    }

    /// The rectangle that it takes of a label, as an area over it.
    pub(crate) fn area(&self) -> Rect {
        let ([x, y], LabelSize { width, height }) = (self.origin, self.size);
        Rect { x, y, width, height }
    }

    /// Offset of the outermost element.
    pub(crate) fn root(&self) -> usize {
        self.root
    }

    pub(crate) fn faces(&self) -> &Faces {
        &self.faces
    }

    /// Where what flows down a page must end.
    pub(crate) fn body_bottom(&self) -> Micrometres {
        self.body_bottom
    }

    /// Where content begins on the second and the later pages, if it flows to more than one.
    pub(crate) fn body_top(&self) -> Option<Micrometres> {
        self.body_top
    }

    /// The personal fields that the template can show. Nothing else needs to be opened for it.
    #[must_use]
    pub fn fields(&self) -> FieldSet {
        self.fields
    }

    /// Whether the template can show the courier's token. For one that cannot, none needs to be made.
    ///
    /// Data of an order is reached by names that are written out, so the template names the token or has no way to it.
    #[must_use]
    pub fn names_courier_token(&self) -> bool {
        self.names_courier_token
    }

    /// What was passed over: unknown attributes and properties, and values that those cannot have. At most 100.
    #[must_use]
    pub fn remarks(&self) -> &[TemplateError] {
        &self.remarks
    }

    pub(crate) fn evaluate<'a>(&'a self, view: View<'a>) -> Result<Scene<'a>, Fault> {
        evaluate::evaluate(self, view)
    }

    /// A problem with the line and column of a byte of the template.
    pub(crate) fn place(&self, problem: Problem, offset: usize) -> TemplateError {
        source::place(&self.text, Fault::new(problem, offset))
    }

    /// The first named field whose masked text has a character.
    #[must_use]
    pub fn field_with(&self, waybill: &Waybill, c: char) -> Option<FieldId> {
        self.fields
            .iter()
            .find(|&id| data::personal(waybill, id).is_some_and(|text| text.as_str().contains(c)))
    }
}
