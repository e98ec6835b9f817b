//! Elements of the dialect after compilation, and how each is compiled from XML.

mod attributes;
mod barcode;
mod content;
mod image;
mod page;

use super::expression::Block;
use super::source::Fault;
use super::statements::Compiler;
use super::xml::XmlElement;
use super::{Problem, Turns};

pub(crate) use attributes::{Length, StyleOf};
pub(crate) use barcode::{MatrixKind, Symbology};
pub(crate) use image::{Budget, PictureSource};
pub(crate) use page::{Context, area_origin, page, page_size};

use attributes::{Attributes, fills, is_vertical, length, may_fail, share, span, style_of, word};
use barcode::symbology;
use content::content;
use page::margin;

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
    /// A header or a footer, which every page has.
    Margin {
        vertical: bool,
    },
    Text,
    /// A text with the number of the page in it.
    PageIndex,
    /// From x, y to x, y.
    Line(Box<[Length; 4]>),
    Rect,
    Circle,
    Round {
        radius: Length,
    },
    Barcode {
        symbology: Symbology,
        /// Whether it fills its box.
        fill: bool,
        /// Whether it is left out where it does not fit.
        optional: bool,
    },
    Image {
        source: PictureSource,
        /// Whether it fills its box, whatever becomes of its proportions.
        fill: bool,
        /// Whether it is left out where there is no picture.
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

impl Kind {
    /// By which angles such an element can be turned.
    pub(crate) fn turns(&self) -> Turns {
        match self {
            Kind::Text | Kind::PageIndex => Turns::Any,
            _ => Turns::Quarters,
        }
    }
}

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
    "image",
];

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

/// The fault of an element inside one that has text.
pub(crate) fn misplaced(xml: &XmlElement) -> Fault {
    let known = is_known(&xml.name.to_ascii_lowercase());
    let problem = if known { Problem::MisplacedElement } else { Problem::UnknownElement };
    Fault::new(problem, xml.offset)
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
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
            let Context { within, header, footer, .. } = &mut compiler.context;
            let seen =
                if name == "header" { header.replace(0).is_some() } else { footer.replace(0).is_some() };
            if *within != Within::Page || seen {
                return Err(Fault::new(Problem::MisplacedElement, offset));
            }
            return margin(compiler, &mut attributes, xml.children, offset, name == "footer");
        }
        ("pageindex", false) => {
            if !compiler.context.in_margin {
                return Err(Fault::new(Problem::MisplacedElement, offset));
            }
            Kind::PageIndex
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
            Kind::Line(Box::new(lengths))
        }
        ("rect", false) => Kind::Rect,
        ("circle", false) => Kind::Circle,
        ("round", false) => Kind::Round { radius: length(compiler, attributes.take("radius"))? },
        ("barcode", false) => {
            let [fill, optional] = [fills(compiler, &mut attributes), may_fail(compiler, &mut attributes)];
            Kind::Barcode { symbology: symbology(compiler, &mut attributes, offset)?, fill, optional }
        }
        ("image", false) => {
            let [fill, optional] = [fills(compiler, &mut attributes), may_fail(compiler, &mut attributes)];
            let source = image::source(compiler, &mut attributes, offset, optional)?;
            Kind::Image { source, fill, optional }
        }
        _ => return Err(Fault::new(Problem::UnknownElement, offset)),
    };
    let value = if name == "pageindex" { attributes.take("format") } else { attributes.take("value") };
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
        let splitable = attributes.take("splitable");
        compiler.context.splits = word(compiler, splitable).is_some_and(|word| word == "true");
    }
    let style = attributes.take("style");
    let style_offset = style.as_ref().map_or(offset, |style| style.value_offset);
    let style = style_of(compiler, style, kind.turns())?;
    if let StyleOf::Fixed(style) = &style {
        let ignored = match kind {
            Kind::Text | Kind::PageIndex => false,
            Kind::Layout { .. } | Kind::Fragment { .. } => style.hidden || style.columns.is_some(),
            _ => style.columns.is_some(),
        };
        if ignored {
            compiler.remarks.push(Fault::new(Problem::PropertyIgnored, style_offset));
        }
    }
    attributes.remark(compiler);
    let content = content(compiler, &kind, value, xml.children)?;
    Ok(Element { kind, offset, left, top, width, height, style, content })
}
