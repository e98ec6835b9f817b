//! What stands inside an element: elements, text or nothing.

use super::{Kind, Within, misplaced};
use crate::faces::Faces;
use crate::template::Problem;
use crate::template::expression::Block;
use crate::template::source::Fault;
use crate::template::statements::{Compiler, ListKind};
use crate::template::xml::{Piece, XmlAttribute, XmlNode};

pub(super) fn content(
    compiler: &mut Compiler,
    kind: &Kind,
    value: Option<XmlAttribute>,
    mut children: Vec<XmlNode>,
) -> Result<Block, Fault> {
    match kind {
        Kind::Page => compiler.list(children, ListKind::Elements),
        Kind::Fragment { .. } | Kind::Layout { .. } | Kind::Margin { .. } => {
            inside(compiler, Within::Layout, children)
        }
        Kind::Cell { .. } => inside(compiler, Within::Layout, children),
        Kind::Table => inside(compiler, Within::Table, children),
        Kind::Row => inside(compiler, Within::Row, children),
        Kind::Text | Kind::PageIndex | Kind::Barcode { .. } => {
            trim(&mut children);
            let literal_offset = children.iter().find_map(|child| match child {
                XmlNode::Piece(Piece::Literal { text, offset, .. })
                    if matches!(kind, Kind::Text | Kind::PageIndex) =>
                {
                    let missing = text.char_indices().find(|(_, c)| !is_printable(compiler.faces, *c))?;
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
        Kind::Line(_) | Kind::Rect | Kind::Circle | Kind::Round { .. } | Kind::Image { .. } => {
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

/// Whether the faces can show a character of a template, or need not.
fn is_printable(faces: &Faces, c: char) -> bool {
    crate::layout::is_invisible(c) || faces.has(c)
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
