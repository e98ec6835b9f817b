//! `ref`: a layout that takes its content, and what attributes it does not give itself, from another layout.
//!
//! References are resolved in the tree before anything is compiled, so nothing behind this file knows of them. A copy
//! costs as much as the original: nodes, depth and bytes are counted, and a reference that leads back to itself is
//! refused.

use std::collections::HashMap;

use super::source::Fault;
use super::xml::{Piece, XmlAttribute, XmlElement, XmlNode};
use super::{Problem, limits};

/// What a layout keeps for itself, whatever it refers to.
const OWN: [&str; 6] = ["id", "ref", "left", "top", "width", "height"];

/// Replaces every layout that has `ref`.
pub(crate) fn resolve(nodes: Vec<XmlNode>) -> Result<Vec<XmlNode>, Fault> {
    let mut layouts = HashMap::new();
    let mut referred = false;
    index(&nodes, &mut layouts, &mut referred);
    if !referred {
        return Ok(nodes);
    }
    let mut copier = Copier { layouts: &layouts, open: Vec::new(), nodes: 0, bytes: 0 };
    copier.copy_all(&nodes, 0)
}

/// Finds the layouts that have a name. Of two with one name the first counts.
fn index<'t>(nodes: &'t [XmlNode], layouts: &mut HashMap<&'t str, &'t XmlElement>, referred: &mut bool) {
    for node in nodes {
        let XmlNode::Element(element) = node else { continue };
        if element.name.eq_ignore_ascii_case("layout") {
            if let Some(name) = attribute(element, "id").and_then(literal) {
                layouts.entry(name).or_insert(element);
            }
            *referred |= attribute(element, "ref").is_some();
        }
        index(&element.children, layouts, referred);
    }
}

fn attribute<'t>(element: &'t XmlElement, name: &str) -> Option<&'t XmlAttribute> {
    element.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

fn literal(attribute: &XmlAttribute) -> Option<&str> {
    match &attribute.value[..] {
        [Piece::Literal { text, .. }] => Some(text.trim()),
        _ => None,
    }
}

struct Copier<'t> {
    layouts: &'t HashMap<&'t str, &'t XmlElement>,
    /// The names that are being copied, the innermost last.
    open: Vec<&'t str>,
    nodes: usize,
    bytes: usize,
}

impl<'t> Copier<'t> {
    fn copy_all(&mut self, nodes: &'t [XmlNode], depth: usize) -> Result<Vec<XmlNode>, Fault> {
        nodes
            .iter()
            .map(|node| match node {
                XmlNode::Element(element) => Ok(XmlNode::Element(self.element(element, depth)?)),
                XmlNode::Piece(piece) => Ok(XmlNode::Piece(self.piece(piece)?)),
            })
            .collect()
    }

    fn element(&mut self, element: &'t XmlElement, depth: usize) -> Result<XmlElement, Fault> {
        if depth >= limits::XML_DEPTH {
            return Err(Fault::new(Problem::TooDeep, element.offset));
        }
        self.count(1, element.name.len(), element.offset)?;
        let reference = attribute(element, "ref").filter(|_| element.name.eq_ignore_ascii_case("layout"));
        let mut attributes = Vec::with_capacity(element.attributes.len());
        for own in &element.attributes {
            if reference.is_none() || !own.name.eq_ignore_ascii_case("ref") {
                attributes.push(self.attribute(own)?);
            }
        }
        let Some(reference) = reference else {
            let children = self.copy_all(&element.children, depth + 1)?;
            return Ok(XmlElement {
                name: element.name.clone(),
                offset: element.offset,
                attributes,
                children,
            });
        };
        let place = reference.value_offset;
        let name = literal(reference).ok_or(Fault::new(Problem::UnknownReference, place))?;
        if self.open.contains(&name) {
            return Err(Fault::new(Problem::ReferenceLoop, place));
        }
        let (&name, &source) =
            self.layouts.get_key_value(name).ok_or(Fault::new(Problem::UnknownReference, place))?;
        self.open.push(name);
        let source = self.element(source, depth)?;
        self.open.pop();
        for other in source.attributes {
            let is_own = OWN.iter().any(|own| other.name.eq_ignore_ascii_case(own));
            let given =
                attributes.iter().any(|own: &XmlAttribute| own.name.eq_ignore_ascii_case(&other.name));
            if !is_own && !given {
                attributes.push(other);
            }
        }
        // What stands in a layout that refers to another is replaced.
        Ok(XmlElement {
            name: element.name.clone(),
            offset: element.offset,
            attributes,
            children: source.children,
        })
    }

    fn attribute(&mut self, attribute: &XmlAttribute) -> Result<XmlAttribute, Fault> {
        self.count(1, attribute.name.len(), attribute.offset)?;
        Ok(XmlAttribute {
            name: attribute.name.clone(),
            offset: attribute.offset,
            value: attribute.value.iter().map(|piece| self.piece(piece)).collect::<Result<_, _>>()?,
            value_offset: attribute.value_offset,
        })
    }

    fn piece(&mut self, piece: &Piece) -> Result<Piece, Fault> {
        match piece {
            Piece::Literal { text, offset, .. } => self.count(1, text.len(), *offset)?,
            Piece::Code(code) => self.count(1, code.end - code.start, code.offset)?,
        }
        Ok(piece.clone())
    }

    fn count(&mut self, nodes: usize, bytes: usize, offset: usize) -> Result<(), Fault> {
        self.nodes += nodes;
        self.bytes += bytes;
        // Attributes are counted twice when they have a value; a copy may be a little smaller than what is written out.
        if self.nodes > 2 * limits::NODES || self.bytes > limits::SOURCE {
            return Err(Fault::new(Problem::TooManyNodes, offset));
        }
        Ok(())
    }
}
