//! Elements of the dialect after compilation, and how each is compiled from XML.

use miandan_core::label::{LabelSize, Micrometres};

use super::expression::{Block, Statement};
use super::source::Fault;
use super::statements::{Compiler, ListKind};
use super::style::{self, Style, Unit};
use super::xml::{Piece, XmlAttribute, XmlElement, XmlNode};
use super::{Problem, limits};
use crate::frame::FaceId;
use crate::symbol::Linear;
use crate::symbol::qr::Level;

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) kind: Kind,
    /// Of its tag in the source.
    pub(crate) offset: usize,
    pub(crate) left: Length,
    pub(crate) top: Length,
    pub(crate) width: Length,
    pub(crate) height: Length,
    pub(crate) style: StyleOf,
    /// Elements for page and layout, text for text and barcode, nothing for the others.
    pub(crate) content: Block,
}

/// Which element, with what only it has.
#[derive(Debug)]
pub(crate) enum Kind {
    Page,
    /// A custom area that is the root: its box is the whole label.
    Fragment {
        vertical: bool,
    },
    /// Whether children float downwards.
    Layout {
        vertical: bool,
    },
    Text,
    /// From x, y to x, y.
    Line(Box<[Length; 4]>),
    Rect,
    Circle,
    Round {
        radius: Length,
    },
    Barcode {
        symbology: Symbology,
        /// Whether it is left out where it does not fit.
        optional: bool,
    },
    Table,
    Row,
    Cell {
        /// Whether it is a `th`.
        heading: bool,
        columns: u16,
        rows: u16,
        /// A width in hundredths of a percent of the table's.
        share: Option<u16>,
    },
}

/// Which barcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbology {
    Linear(Linear),
    Matrix(MatrixKind),
}

/// Which matrix symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatrixKind {
    Qr(Level),
    DataMatrix,
    Gs1DataMatrix,
}

/// A length that an attribute gives.
#[derive(Debug)]
pub(crate) enum Length {
    Absent,
    Fixed(Micrometres),
    Computed(Block),
}

/// A style that an attribute gives.
#[derive(Debug)]
pub(crate) enum StyleOf {
    Fixed(Box<Style>),
    Computed(Block),
}

/// Types of linear barcodes, in lower case. Code sets A and B are no choice of a template: a reader answers the same
/// text from the shortest symbol. `gs128linear` is GS1-128 by the name of its older standard.
const LINEAR: &[(&str, Linear)] = &[
    ("code128", Linear::Code128),
    ("code128a", Linear::Code128),
    ("code128b", Linear::Code128),
    ("code128c", Linear::Code128),
    ("ean128", Linear::Gs1),
    ("gs128linear", Linear::Gs1),
    ("code39", Linear::Code39),
    ("code93", Linear::Code93),
    ("ean13", Linear::Ean13),
    ("ean8", Linear::Ean8),
    ("upca", Linear::UpcA),
    ("upce", Linear::UpcE),
    ("c25inter", Linear::Interleaved),
    ("itf14", Linear::Itf14),
    ("codabar", Linear::Codabar),
];

/// Elements of the dialect, in lower case.
const KNOWN: &[&str] = &[
    "page",
    "header",
    "footer",
    "pageindex",
    "layout",
    "table",
    "tr",
    "th",
    "td",
    "text",
    "line",
    "rect",
    "circle",
    "round",
    "barcode",
];

/// Types of barcodes in the dialect that are not drawn, in lower case. Code 11, POSTNET and RM4SCC are read by none of the
/// readers that we test with; PDF417, Aztec and MaxiCode wait for an encoder short enough for the component.
const NOT_DRAWN: &[&str] = &["code11", "postnet", "pdf417", "maxicode", "aztec", "hibcaztec", "rm4scc"];

/// Elements of the dialect that are not drawn yet.
const LATER: &[&str] = &["image"];

/// What an element stands in, as far as it matters for what may stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// Directly in the page.
    Page,
    /// In a layout, a header, a footer or a cell.
    Layout,
    /// Directly in a table.
    Table,
    /// Directly in a row.
    Row,
}

/// What the compiler of elements keeps in mind from one to the next.
#[derive(Debug)]
pub(crate) struct Context {
    within: Within,
    /// Whether a header or a footer is around.
    in_margin: bool,
    /// Once the page is known.
    page_height: Micrometres,
    has_header: bool,
    /// The height of the footer, once there is one.
    footer: Option<Micrometres>,
}

impl Context {
    /// The height of the footer, 0 if there is none.
    pub(crate) fn footer_height(&self) -> Micrometres {
        self.footer.unwrap_or(0)
    }
}

impl Default for Context {
    fn default() -> Self {
        Context { within: Within::Page, in_margin: false, page_height: 0, has_header: false, footer: None }
    }
}

/// The fault of an element inside one that has text.
pub(crate) fn misplaced(xml: &XmlElement) -> Fault {
    let known = is_known(&xml.name.to_ascii_lowercase());
    let problem = if known { Problem::MisplacedElement } else { Problem::UnknownElement };
    Fault::new(problem, xml.offset)
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || LATER.contains(&name)
}

/// Compiles an element with its content.
pub(crate) fn compile(compiler: &mut Compiler, xml: XmlElement, root: bool) -> Result<Element, Fault> {
    let name = xml.name.to_ascii_lowercase();
    let offset = xml.offset;
    let mut attributes = Attributes::new(xml.attributes);
    let fits = match compiler.context.within {
        Within::Table => name == "tr",
        Within::Row => name == "th" || name == "td",
        Within::Page | Within::Layout => !matches!(&*name, "tr" | "th" | "td"),
    };
    let kind = match (&*name, root) {
        _ if !fits && is_known(&name) => return Err(Fault::new(Problem::MisplacedElement, offset)),
        ("page", true) => Kind::Page,
        ("layout", true) => Kind::Fragment { vertical: is_vertical(compiler, &mut attributes) },
        (_, true) => return Err(Fault::new(Problem::NoPage, offset)),
        ("page", false) => return Err(Fault::new(Problem::MisplacedElement, offset)),
        ("layout", false) => Kind::Layout { vertical: is_vertical(compiler, &mut attributes) },
        ("header" | "footer", false) => {
            let Context { within, has_header, footer, .. } = &mut compiler.context;
            let seen = if name == "header" {
                std::mem::replace(has_header, true)
            } else {
                footer.replace(0).is_some()
            };
            if *within != Within::Page || seen {
                return Err(Fault::new(Problem::MisplacedElement, offset));
            }
            return margin(compiler, &mut attributes, xml.children, offset, name == "footer");
        }
        ("pageindex", false) => {
            if !compiler.context.in_margin {
                return Err(Fault::new(Problem::MisplacedElement, offset));
            }
            Kind::Text
        }
        ("text", false) => Kind::Text,
        ("table", false) => Kind::Table,
        ("tr", false) => Kind::Row,
        ("th" | "td", false) => {
            let [columns, rows] = ["colspan", "rowspan"].map(|name| attributes.take(name));
            let [columns, rows] = [span(compiler, columns), span(compiler, rows)];
            Kind::Cell { heading: name == "th", columns, rows, share: share(&mut attributes) }
        }
        ("line", false) => {
            let ends = ["startx", "starty", "endx", "endy"].map(|name| attributes.take(name));
            let mut lengths = [const { Length::Absent }; 4];
            for (length, end) in lengths.iter_mut().zip(ends) {
                *length = self::length(compiler, end)?;
                if matches!(length, Length::Absent) {
                    return Err(Fault::new(Problem::MissingAttribute, offset));
                }
            }
            if let [Length::Fixed(x0), Length::Fixed(y0), Length::Fixed(x1), Length::Fixed(y1)] = lengths
                && x0 != x1
                && y0 != y1
            {
                return Err(Fault::new(Problem::SlantedLine, offset));
            }
            Kind::Line(Box::new(lengths))
        }
        ("rect", false) => Kind::Rect,
        ("circle", false) => Kind::Circle,
        ("round", false) => Kind::Round { radius: length(compiler, attributes.take("radius"))? },
        ("barcode", false) => {
            let allow = attributes.take("allowfailure");
            let optional = word(compiler, allow).is_some_and(|word| word == "true");
            Kind::Barcode { symbology: symbology(compiler, &mut attributes, offset)?, optional }
        }
        (name, false) if LATER.contains(&name) => {
            return Err(Fault::new(Problem::ElementNotSupported, offset));
        }
        _ => return Err(Fault::new(Problem::UnknownElement, offset)),
    };
    let value = if name == "pageindex" {
        attributes.take("format").map(page_index)
    } else {
        attributes.take("value")
    };
    let [left, top, width, height] = ["left", "top", "width", "height"].map(|name| attributes.take(name));
    let width_offset = [&width, &height].map(|size| size.as_ref().map(|size| size.value_offset));
    let [left, top, width, height] = [
        length(compiler, left)?,
        length(compiler, top)?,
        length(compiler, width)?,
        length(compiler, height)?,
    ];
    for (size, offset) in [&width, &height].into_iter().zip(width_offset) {
        if let (Length::Fixed(size), Some(offset)) = (size, offset)
            && *size < 0
        {
            return Err(Fault::new(Problem::OutOfRange, offset));
        }
    }
    if let (Kind::Page, Length::Fixed(height)) = (&kind, &height) {
        compiler.context.page_height = *height;
    }
    let style = style_of(compiler, attributes.take("style"))?;
    attributes.remark(compiler);
    let content = content(compiler, &kind, value, xml.children)?;
    Ok(Element { kind, offset, left, top, width, height, style, content })
}

/// A header or a footer: a layout as wide as the page, at its top or its bottom.
fn margin(
    compiler: &mut Compiler,
    attributes: &mut Attributes,
    children: Vec<XmlNode>,
    offset: usize,
    at_bottom: bool,
) -> Result<Element, Fault> {
    let height = attributes.take("height");
    let height = match length(compiler, height)? {
        Length::Fixed(height) if (0..=limits::PAGE_MOST).contains(&height) => height,
        Length::Fixed(_) => return Err(Fault::new(Problem::OutOfRange, offset)),
        Length::Computed(_) => return Err(Fault::new(Problem::PageNotFixed, offset)),
        Length::Absent => return Err(Fault::new(Problem::MissingAttribute, offset)),
    };
    let style = style_of(compiler, attributes.take("style"))?;
    let kind = Kind::Layout { vertical: is_vertical(compiler, attributes) };
    compiler.context.in_margin = true;
    let content = content(compiler, &kind, None, children);
    compiler.context.in_margin = false;
    if at_bottom {
        compiler.context.footer = Some(height);
    }
    let top = if at_bottom { compiler.context.page_height - height } else { 0 };
    Ok(Element {
        kind,
        offset,
        left: Length::Fixed(0),
        top: Length::Fixed(top),
        width: Length::Absent,
        height: Length::Fixed(height),
        style,
        content: content?,
    })
}

/// The text of a page index. A label is one page, so its number and the number of pages are known.
fn page_index(mut format: XmlAttribute) -> XmlAttribute {
    for piece in &mut format.value {
        if let Piece::Literal { text, .. } = piece {
            *text = text.replace("currentPageNumber", "1").replace("totalPageNumber", "1");
        }
    }
    format
}

/// Over how many columns or rows a cell spans. What is no number is one, with a remark.
fn span(compiler: &mut Compiler, attribute: Option<XmlAttribute>) -> u16 {
    let Some(attribute) = attribute else { return 1 };
    let place = attribute.value_offset;
    let [Piece::Literal { text, .. }] = &attribute.value[..] else {
        compiler.remarks.push(Fault::new(Problem::OddValue, place));
        return 1;
    };
    match text.trim().parse() {
        Ok(span @ 1..) => span,
        _ => {
            compiler.remarks.push(Fault::new(Problem::OddValue, place));
            1
        }
    }
}

/// Takes a width in percent, in hundredths of it.
fn share(attributes: &mut Attributes) -> Option<u16> {
    let width = attributes.0.iter().find(|attribute| attribute.name.eq_ignore_ascii_case("width"))?;
    let [Piece::Literal { text, .. }] = &width.value[..] else { return None };
    let percent = style::decimal(text.trim().strip_suffix('%')?.trim_end())?;
    if !(0.0..=100.0).contains(&percent) {
        return None;
    }
    attributes.take("width");
    Some((percent * 100.0) as u16)
}

/// Whether children float downwards.
fn is_vertical(compiler: &mut Compiler, attributes: &mut Attributes) -> bool {
    let orientation = attributes.take("orientation");
    word(compiler, orientation).is_some_and(|word| word == "vertical")
}

/// The size of a page, which must be fixed.
pub(crate) fn page_size(page: &Element) -> Result<LabelSize, Problem> {
    let side = |length: &Length| match length {
        Length::Absent => Err(Problem::MissingAttribute),
        Length::Computed(_) => Err(Problem::PageNotFixed),
        Length::Fixed(side) if (limits::PAGE_LEAST..=limits::PAGE_MOST).contains(side) => Ok(*side),
        Length::Fixed(_) => Err(Problem::OutOfRange),
    };
    Ok(LabelSize { width: side(&page.width)?, height: side(&page.height)? })
}

fn content(
    compiler: &mut Compiler,
    kind: &Kind,
    value: Option<XmlAttribute>,
    mut children: Vec<XmlNode>,
) -> Result<Block, Fault> {
    match kind {
        Kind::Page => compiler.list(children, ListKind::Elements),
        Kind::Fragment { .. } | Kind::Layout { .. } => inside(compiler, Within::Layout, children),
        Kind::Cell { .. } => inside(compiler, Within::Layout, children),
        Kind::Table => inside(compiler, Within::Table, children),
        Kind::Row => inside(compiler, Within::Row, children),
        Kind::Text | Kind::Barcode { .. } => {
            trim(&mut children);
            let literal_offset = children.iter().find_map(|child| match child {
                XmlNode::Piece(Piece::Literal { text, offset, .. }) if matches!(kind, Kind::Text) => {
                    let missing = text.char_indices().find(|(_, c)| !is_printable(*c))?;
                    Some(offset + missing.0)
                }
                _ => None,
            });
            if let Some(offset) = literal_offset {
                return Err(Fault::new(Problem::MissingGlyph, offset));
            }
            match value {
                Some(value) if children.is_empty() => compiler.pieces(value.value),
                _ => compiler.list(children, ListKind::Text),
            }
        }
        Kind::Line(_) | Kind::Rect | Kind::Circle | Kind::Round { .. } => {
            trim(&mut children);
            match children.first() {
                None => Ok(Block::default()),
                Some(XmlNode::Element(element)) => Err(misplaced(element)),
                Some(XmlNode::Piece(Piece::Literal { offset, .. })) => {
                    Err(Fault::new(Problem::StrayText, *offset))
                }
                Some(XmlNode::Piece(Piece::Code(code))) => Err(Fault::new(Problem::StrayText, code.offset)),
            }
        }
    }
}

/// Compiles elements in an element.
fn inside(compiler: &mut Compiler, within: Within, children: Vec<XmlNode>) -> Result<Block, Fault> {
    let outer = std::mem::replace(&mut compiler.context.within, within);
    let content = compiler.list(children, ListKind::Elements);
    compiler.context.within = outer;
    content
}

/// Whether the bundled faces can show a character of a template, or need not.
fn is_printable(c: char) -> bool {
    crate::layout::is_invisible(c) || FaceId::Regular.face().cid(c).is_some()
}

/// Takes away the white space around CDATA, and the line breaks behind the start tag and before the end tag:
/// they come from indenting the file. White space within a line stays, as the dialect has it.
fn trim(children: &mut Vec<XmlNode>) {
    let has_cdata =
        children.iter().any(|child| matches!(child, XmlNode::Piece(Piece::Literal { exact: true, .. })));
    children.retain(|child| {
        !matches!(child, XmlNode::Piece(Piece::Literal { text, exact: false, .. })
            if has_cdata && text.trim().is_empty())
    });
    if let Some(XmlNode::Piece(Piece::Literal { text, exact: false, .. })) = children.first_mut()
        && let Some((first_line, rest)) = text.split_once('\n')
        && first_line.trim().is_empty()
    {
        *text = rest.to_owned();
    }
    if let Some(XmlNode::Piece(Piece::Literal { text, exact: false, .. })) = children.last_mut()
        && let Some((rest, last_line)) = text.rsplit_once('\n')
        && last_line.trim().is_empty()
    {
        *text = rest.to_owned();
    }
    children.retain(|child| {
        !matches!(child, XmlNode::Piece(Piece::Literal { text, exact: false, .. }) if text.is_empty())
    });
    if let [XmlNode::Piece(Piece::Literal { text, exact: false, .. })] = &children[..]
        && text.trim().is_empty()
    {
        children.clear();
    }
}

fn symbology(
    compiler: &mut Compiler,
    attributes: &mut Attributes,
    offset: usize,
) -> Result<Symbology, Fault> {
    let level = attributes.take("errorcorrection");
    let level = match word(compiler, level).as_deref() {
        Some("0") => Level::L,
        Some("2") => Level::Q,
        Some("3") => Level::H,
        _ => Level::M,
    };
    let kind = attributes.take("type").ok_or(Fault::new(Problem::MissingAttribute, offset))?;
    let place = kind.value_offset;
    match word(compiler, Some(kind)).as_deref() {
        Some("qrcode") => Ok(Symbology::Matrix(MatrixKind::Qr(level))),
        Some("datamatrix") => Ok(Symbology::Matrix(MatrixKind::DataMatrix)),
        Some("gs1datamatrix") => Ok(Symbology::Matrix(MatrixKind::Gs1DataMatrix)),
        Some(other) if NOT_DRAWN.contains(&other) => Err(Fault::new(Problem::SymbologyNotSupported, place)),
        Some(other) if let Some(&(_, linear)) = LINEAR.iter().find(|(name, _)| *name == other) => {
            Ok(Symbology::Linear(linear))
        }
        _ => Err(Fault::new(Problem::UnknownSymbology, place)),
    }
}

/// The text of an attribute that must be literal, in lower case.
fn word(compiler: &mut Compiler, attribute: Option<XmlAttribute>) -> Option<String> {
    let attribute = attribute?;
    match &attribute.value[..] {
        [Piece::Literal { text, .. }] => Some(text.trim().to_ascii_lowercase()),
        _ => {
            compiler.remarks.push(Fault::new(Problem::OddValue, attribute.value_offset));
            None
        }
    }
}

/// A length, in millimetres unless it says otherwise.
fn length(compiler: &mut Compiler, attribute: Option<XmlAttribute>) -> Result<Length, Fault> {
    let Some(attribute) = attribute else { return Ok(Length::Absent) };
    match &attribute.value[..] {
        [] => {
            compiler.remarks.push(Fault::new(Problem::OddValue, attribute.value_offset));
            Ok(Length::Absent)
        }
        [Piece::Literal { text, .. }] => match style::length(text, Unit::Millimetres) {
            Some(length) => Ok(Length::Fixed(length)),
            None => {
                let digits = text.trim().trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim();
                let problem = if !digits.is_empty() && style::decimal(digits).is_some_and(f64::is_finite) {
                    Problem::OutOfRange
                } else {
                    Problem::BadLength
                };
                Err(Fault::new(problem, attribute.value_offset))
            }
        },
        _ => Ok(Length::Computed(compiler.pieces(attribute.value)?)),
    }
}

fn style_of(compiler: &mut Compiler, attribute: Option<XmlAttribute>) -> Result<StyleOf, Fault> {
    let Some(attribute) = attribute else { return Ok(StyleOf::Fixed(Box::default())) };
    let text = match &attribute.value[..] {
        [] => "",
        [Piece::Literal { text, .. }] => text,
        _ => return Ok(StyleOf::Computed(compiler.pieces(attribute.value)?)),
    };
    let start = attribute.value_offset;
    let remarks = &mut compiler.remarks;
    let mut remark = |problem, offset| remarks.push(Fault::new(problem, start + offset));
    match Style::parse(text, &mut remark) {
        Ok(style) => Ok(StyleOf::Fixed(Box::new(style))),
        Err((problem, offset)) => Err(Fault::new(problem, start + offset)),
    }
}

/// Attributes that are taken one by one; what is left was not known.
struct Attributes(Vec<XmlAttribute>);

impl Attributes {
    fn new(attributes: Vec<XmlAttribute>) -> Self {
        Attributes(attributes)
    }

    /// Takes the attribute of a name in lower case.
    fn take(&mut self, name: &str) -> Option<XmlAttribute> {
        let index = self.0.iter().position(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
        Some(self.0.swap_remove(index))
    }

    /// Remarks on what is left, but for what is known to make no difference.
    fn remark(self, compiler: &mut Compiler) {
        for attribute in self.0 {
            let name = attribute.name.to_ascii_lowercase();
            let harmless = name.contains(':')
                || matches!(
                    &*name,
                    "xmlns"
                        | "id"
                        | "splitable"
                        | "size"
                        | "ratiomode"
                        | "mode"
                        | "horizontaloffset"
                        | "verticaloffset"
                );
            if !harmless {
                compiler.remarks.push(Fault::new(Problem::UnknownAttribute, attribute.offset));
            }
        }
    }
}

/// The one page among the statements of a document.
pub(crate) fn page(document: &[Statement]) -> Option<&Element> {
    let mut pages = document.iter().filter_map(|statement| match statement {
        Statement::Element(element) => Some(&**element),
        _ => None,
    });
    pages.next().filter(|_| pages.next().is_none())
}
