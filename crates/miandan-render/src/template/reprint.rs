//! The cell that stays blank for the mark of a reprint: an empty `layout` with a name of its own, right in the page. The
//! mark itself is drawn by the layout (`layout/copy.rs`).
//!
//! Cainiao's component draws nothing for such a layout, so a template that has one prints there as well.

use miandan_core::label::Micrometres;

use super::style::{Unit, length};
use super::xml::{Piece, XmlElement, XmlNode};
use crate::frame::Rect;

/// The `id` of the layout.
const NAME: &str = "REPRINT_MARK";

/// The `id` of the layout that is the root of a custom area.
const AREA: &str = "CUSTOM_AREA";

/// Whether the outermost element is a custom area.
pub(super) fn is_custom_area(nodes: &[XmlNode]) -> bool {
    elements(nodes).next().is_some_and(|root| {
        root.name.eq_ignore_ascii_case("layout") && literal(root, "id").is_some_and(|id| id == AREA)
    })
}

/// The reserved cell and its offset in the template, if its place and size are written as numbers.
pub(super) fn cell(nodes: &[XmlNode]) -> Option<(Rect, usize)> {
    let page = elements(nodes).find(|element| element.name.eq_ignore_ascii_case("page"))?;
    let layout = elements(&page.children).find(|element| {
        element.name.eq_ignore_ascii_case("layout") && literal(element, "id").is_some_and(|id| id == NAME)
    })?;
    let length = |name| -> Option<Micrometres> { length(literal(layout, name)?, Unit::Millimetres) };
    let rect =
        Rect { x: length("left")?, y: length("top")?, width: length("width")?, height: length("height")? };
    Some((rect, layout.offset))
}

fn elements(nodes: &[XmlNode]) -> impl Iterator<Item = &XmlElement> {
    nodes.iter().filter_map(|node| match node {
        XmlNode::Element(element) => Some(element),
        XmlNode::Piece(_) => None,
    })
}

fn literal<'e>(element: &'e XmlElement, name: &str) -> Option<&'e str> {
    let attribute = element.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
    match &attribute.value[..] {
        [Piece::Literal { text, .. }] => Some(text.trim()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::frame::Rect;
    use crate::template::Template;

    #[test]
    fn the_cell_is_where_the_layout_is() {
        let page = |layout: &str| {
            let source = format!("<page width=\"76\" height=\"60\">\n {layout}<text>x</text></page>");
            Template::compile(source.as_bytes()).unwrap().reprint_mark()
        };
        let cell =
            page("<layout id=\"REPRINT_MARK\" left=\"36\" top=\"2\" width=\"15\" height=\"20pt\"/>").unwrap();
        assert_eq!(cell.rect, Rect { x: 36_000, y: 2_000, width: 15_000, height: 7_056 });
        assert_eq!((cell.line, cell.column), (2, 2));
        assert!(page("").is_none());
        assert!(page("<layout id=\"OTHER\" left=\"36\" top=\"2\" width=\"15\" height=\"7\"/>").is_none());
        assert!(
            page("<layout id=\"REPRINT_MARK\" left=\"<%=1%>\" top=\"2\" width=\"15\" height=\"7\"/>")
                .is_none()
        );
    }
}
