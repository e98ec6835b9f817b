//! The page and its margins: size, header, footer and page index.

use miandan_core::label::{LabelSize, Micrometres};

use super::attributes::{Attributes, is_vertical, length, style_of};
use super::content::content;
use super::image::Pictures;
use super::{Element, Kind, Length, Within};
use crate::template::expression::Statement;
use crate::template::source::Fault;
use crate::template::statements::Compiler;
use crate::template::xml::XmlNode;
use crate::template::{Problem, Turns, limits};

/// What the compiler of elements keeps in mind from one to the next.
#[derive(Debug)]
pub(crate) struct Context {
    pub(super) within: Within,
    /// Whether a header or a footer is around.
    pub(super) in_margin: bool,
    /// Once the page is known.
    pub(super) page_height: Micrometres,
    /// The height of the header, once there is one.
    pub(super) header: Option<Micrometres>,
    /// Whether content flows to more pages.
    pub(super) splits: bool,
    /// The height of the footer, once there is one.
    pub(super) footer: Option<Micrometres>,
    pub(super) pictures: Pictures,
}

impl Context {
    /// The height of the footer, 0 if there is none.
    pub(crate) fn footer_height(&self) -> Micrometres {
        self.footer.unwrap_or(0)
    }

    /// The height of the header, 0 if there is none.
    pub(crate) fn header_height(&self) -> Micrometres {
        self.header.unwrap_or(0)
    }

    /// Whether content flows to more pages.
    pub(crate) fn splits(&self) -> bool {
        self.splits
    }
}

impl Default for Context {
    fn default() -> Self {
        Context {
            within: Within::Page,
            in_margin: false,
            page_height: 0,
            header: None,
            splits: false,
            footer: None,
            pictures: Pictures::default(),
        }
    }
}

/// A header or a footer: a layout as wide as the page, at its top or its bottom.
pub(super) fn margin(
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
    let style = style_of(compiler, attributes.take("style"), Turns::Quarters)?;
    let kind = Kind::Margin { vertical: is_vertical(compiler, attributes) };
    compiler.context.in_margin = true;
    let content = content(compiler, &kind, None, children);
    compiler.context.in_margin = false;
    if at_bottom {
        compiler.context.footer = Some(height);
    } else {
        compiler.context.header = Some(height);
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

/// Where an area stands on a label, which must be fixed. A page covers the label from its corner.
pub(crate) fn area_origin(area: &Element) -> Result<[Micrometres; 2], Problem> {
    let place = |length: &Length| match length {
        Length::Absent => Ok(0),
        Length::Computed(_) => Err(Problem::PageNotFixed),
        Length::Fixed(place) => Ok(*place),
    };
    match area.kind {
        Kind::Page => Ok([0, 0]),
        _ => Ok([place(&area.left)?, place(&area.top)?]),
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
