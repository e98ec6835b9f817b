//! Attributes of an element: taken one by one, and read as what each can be.

use miandan_core::label::Micrometres;

use crate::template::Problem;
use crate::template::expression::Block;
use crate::template::source::Fault;
use crate::template::statements::Compiler;
use crate::template::style::{self, Style, Turns, Unit};
use crate::template::xml::{Piece, XmlAttribute};

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

/// Over how many columns or rows a cell spans. What is no number is one, with a remark.
pub(super) fn span(compiler: &mut Compiler, attribute: Option<XmlAttribute>) -> u16 {
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
pub(super) fn share(attributes: &mut Attributes) -> Option<u16> {
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
pub(super) fn is_vertical(compiler: &mut Compiler, attributes: &mut Attributes) -> bool {
    let orientation = attributes.take("orientation");
    word(compiler, orientation).is_some_and(|word| word == "vertical")
}

/// Whether `ratioMode` asks to fill the box.
pub(super) fn fills(compiler: &mut Compiler, attributes: &mut Attributes) -> bool {
    let mode = attributes.take("ratiomode");
    word(compiler, mode).is_some_and(|word| word == "ignoreratio")
}

/// Whether the label is of use without the element.
pub(super) fn may_fail(compiler: &mut Compiler, attributes: &mut Attributes) -> bool {
    let allow = attributes.take("allowfailure");
    word(compiler, allow).is_some_and(|word| word == "true")
}

/// The text of an attribute that must be literal, in lower case.
pub(super) fn word(compiler: &mut Compiler, attribute: Option<XmlAttribute>) -> Option<String> {
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
pub(super) fn length(compiler: &mut Compiler, attribute: Option<XmlAttribute>) -> Result<Length, Fault> {
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

pub(super) fn style_of(
    compiler: &mut Compiler,
    attribute: Option<XmlAttribute>,
    turns: Turns,
) -> Result<StyleOf, Fault> {
    let Some(attribute) = attribute else { return Ok(StyleOf::Fixed(Box::default())) };
    let text = match &attribute.value[..] {
        [] => "",
        [Piece::Literal { text, .. }] => text,
        _ => return Ok(StyleOf::Computed(compiler.pieces(attribute.value)?)),
    };
    let start = attribute.value_offset;
    let remarks = &mut compiler.remarks;
    let mut remark = |problem, offset| remarks.push(Fault::new(problem, start + offset));
    match Style::parse(text, turns, &mut remark) {
        Ok(style) => Ok(StyleOf::Fixed(Box::new(style))),
        Err((problem, offset)) => Err(Fault::new(problem, start + offset)),
    }
}

/// Attributes that are taken one by one; what is left was not known.
pub(super) struct Attributes(Vec<XmlAttribute>);

impl Attributes {
    pub(super) fn new(attributes: Vec<XmlAttribute>) -> Self {
        Attributes(attributes)
    }

    /// Takes the attribute of a name in lower case.
    pub(super) fn take(&mut self, name: &str) -> Option<XmlAttribute> {
        let index = self.0.iter().position(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
        Some(self.0.swap_remove(index))
    }

    /// Remarks on what is left, but for what is known to make no difference.
    pub(super) fn remark(self, compiler: &mut Compiler) {
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
