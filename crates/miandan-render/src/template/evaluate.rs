//! Runs the compiled code for one label, within limits on steps and memory.
//!
//! The result is a list of elements with their lengths, styles and texts, in document order: the [`Node`]s that
//! `layout` places. Nothing here knows where anything will stand.

use std::ops::Range;

use miandan_core::field::FieldSet;
use miandan_core::label::Micrometres;
use miandan_core::waybill::Waybill;

use super::element::{Element, Kind, Length, StyleOf, Symbology};
use super::expression::{Block, Expression, Statement};
use super::style::{self, Style, Unit};
use super::value::Value;
use super::{Problem, limits};

/// An element of one label.
pub(crate) struct Node<'a> {
    pub(crate) kind: NodeKind,
    pub(crate) left: Option<Micrometres>,
    pub(crate) top: Option<Micrometres>,
    pub(crate) width: Option<Micrometres>,
    pub(crate) height: Option<Micrometres>,
    pub(crate) style: StyleUse<'a>,
    /// Its text in [`Scene::text`].
    pub(crate) text: Range<usize>,
    /// The index behind its last descendant.
    pub(crate) end: usize,
}

/// Which element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NodeKind {
    Layout { vertical: bool },
    Text,
    Line([Micrometres; 4]),
    Rect,
    Circle,
    Round { radius: Option<Micrometres> },
    Barcode { symbology: Symbology, optional: bool },
}

/// The style of the template, or one that was computed: its index in [`Scene::styles`].
#[derive(Clone, Copy)]
pub(crate) enum StyleUse<'a> {
    Fixed(&'a Style),
    Computed(usize),
}

/// The elements of one label, parents before their children.
#[derive(Default)]
pub(crate) struct Scene<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) text: String,
    pub(crate) styles: Vec<Style>,
}

impl Scene<'_> {
    pub(crate) fn style<'s>(&'s self, node: &Node<'s>) -> &'s Style {
        match node.style {
            StyleUse::Fixed(style) => style,
            StyleUse::Computed(index) => &self.styles[index],
        }
    }
}

/// Evaluates a document for a waybill.
pub(crate) fn evaluate<'a>(
    document: &'a [Statement],
    slots: usize,
    named: FieldSet,
    waybill: &'a Waybill,
) -> Result<Scene<'a>, Problem> {
    let mut machine = Machine {
        waybill,
        named,
        slots: vec![Value::Undefined; slots],
        scene: Scene { nodes: Vec::with_capacity(64), text: String::with_capacity(1024), styles: Vec::new() },
        steps: limits::STEPS,
        made: 0,
        symbols: 0,
    };
    machine.run(document)?;
    Ok(machine.scene)
}

/// How a statement ended.
enum Flow {
    Next,
    Break,
    Continue,
}

pub(super) struct Machine<'a> {
    pub(super) waybill: &'a Waybill,
    pub(super) named: FieldSet,
    pub(super) slots: Vec<Value<'a>>,
    scene: Scene<'a>,
    /// Steps that are left.
    pub(super) steps: u32,
    /// Bytes of strings made so far.
    pub(super) made: usize,
    symbols: usize,
}

impl<'a> Machine<'a> {
    /// Takes the steps of work on so many bytes.
    pub(super) fn step(&mut self, bytes: usize) -> Result<(), Problem> {
        let steps = 1 + (bytes / 64) as u32;
        self.steps = self.steps.checked_sub(steps).ok_or(Problem::StepLimit)?;
        Ok(())
    }

    fn run(&mut self, statements: &'a [Statement]) -> Result<Flow, Problem> {
        for statement in statements {
            self.step(0)?;
            match statement {
                Statement::Literal(text) => self.print(text)?,
                Statement::Output(expression) => {
                    let value = self.value(expression)?;
                    match value.as_text() {
                        Some(text) => self.print(text)?,
                        None if matches!(value, Value::Undefined | Value::Null) => {}
                        None => self.print(&value.to_text()?)?,
                    }
                }
                Statement::Element(element) => self.element(element)?,
                Statement::Expression(expression) => {
                    self.value(expression)?;
                }
                Statement::If { arms, otherwise } => {
                    let flow = self.choose(arms, otherwise)?;
                    if !matches!(flow, Flow::Next) {
                        return Ok(flow);
                    }
                }
                Statement::For { start, test, step, body } => {
                    if let Some(start) = start {
                        self.value(start)?;
                    }
                    loop {
                        self.step(0)?;
                        if let Some(test) = test
                            && !self.value(test)?.is_true()
                        {
                            break;
                        }
                        if let Flow::Break = self.run(body)? {
                            break;
                        }
                        if let Some(step) = step {
                            self.value(step)?;
                        }
                    }
                }
                Statement::Block(block) => {
                    let flow = self.run(block)?;
                    if !matches!(flow, Flow::Next) {
                        return Ok(flow);
                    }
                }
                Statement::Break => return Ok(Flow::Break),
                Statement::Continue => return Ok(Flow::Continue),
            }
        }
        Ok(Flow::Next)
    }

    fn choose(
        &mut self,
        arms: &'a [(Expression, Block)],
        otherwise: &'a [Statement],
    ) -> Result<Flow, Problem> {
        for (test, block) in arms {
            if self.value(test)?.is_true() {
                return self.run(block);
            }
        }
        self.run(otherwise)
    }

    fn print(&mut self, text: &str) -> Result<(), Problem> {
        self.step(text.len())?;
        if self.scene.text.len() + text.len() > limits::PRINTED {
            return Err(Problem::TextLimit);
        }
        self.scene.text.push_str(text);
        Ok(())
    }

    /// Runs the code of an attribute and reads what it prints.
    fn attribute<T>(
        &mut self,
        block: &'a [Statement],
        read: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let start = self.scene.text.len();
        self.run(block)?;
        let result = read(&self.scene.text[start..]);
        self.scene.text.truncate(start);
        result
    }

    fn length(&mut self, length: &'a Length) -> Result<Option<Micrometres>, Problem> {
        match length {
            Length::Absent => Ok(None),
            Length::Fixed(length) => Ok(Some(*length)),
            Length::Computed(block) => self.attribute(block, |text| {
                style::length(text, Unit::Millimetres).map(Some).ok_or(Problem::BadLength)
            }),
        }
    }

    fn element(&mut self, element: &'a Element) -> Result<(), Problem> {
        let kind = match &element.kind {
            // Its children stand in the label itself.
            Kind::Page => return self.run(&element.content).map(|_| ()),
            Kind::Layout { vertical } => NodeKind::Layout { vertical: *vertical },
            Kind::Text => NodeKind::Text,
            Kind::Line(ends) => {
                let mut line = [0; 4];
                for (end, length) in line.iter_mut().zip(ends.iter()) {
                    *end = self.length(length)?.ok_or(Problem::MissingAttribute)?;
                }
                if line[0] != line[2] && line[1] != line[3] {
                    return Err(Problem::SlantedLine);
                }
                NodeKind::Line(line)
            }
            Kind::Rect => NodeKind::Rect,
            Kind::Circle => NodeKind::Circle,
            Kind::Round { radius } => NodeKind::Round { radius: self.length(radius)? },
            Kind::Barcode { symbology, optional } => {
                self.symbols += 1;
                if self.symbols > limits::SYMBOLS {
                    return Err(Problem::ElementLimit);
                }
                NodeKind::Barcode { symbology: *symbology, optional: *optional }
            }
        };
        let [left, top] = [self.length(&element.left)?, self.length(&element.top)?];
        let [width, height] = [self.length(&element.width)?, self.length(&element.height)?];
        if width.is_some_and(|width| width < 0) || height.is_some_and(|height| height < 0) {
            return Err(Problem::OutOfRange);
        }
        let style = match &element.style {
            StyleOf::Fixed(style) => StyleUse::Fixed(style),
            StyleOf::Computed(block) => {
                let style = self.attribute(block, |text| {
                    Style::parse(text, &mut |_, _| {}).map_err(|(problem, _)| problem)
                })?;
                self.scene.styles.push(style);
                StyleUse::Computed(self.scene.styles.len() - 1)
            }
        };
        let index = self.scene.nodes.len();
        if index >= limits::NODES {
            return Err(Problem::ElementLimit);
        }
        let start = self.scene.text.len();
        self.scene.nodes.push(Node {
            kind,
            left,
            top,
            width,
            height,
            style,
            text: start..start,
            end: index + 1,
        });
        self.run(&element.content)?;
        let (end, text_end) = (self.scene.nodes.len(), self.scene.text.len());
        let node = &mut self.scene.nodes[index];
        node.end = end;
        if !matches!(kind, NodeKind::Layout { .. }) {
            node.text = start..text_end;
        }
        Ok(())
    }
}
