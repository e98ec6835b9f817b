//! Runs the compiled code for one label, within limits on steps and memory.
//!
//! The result is a list of elements with their lengths, styles and texts, in document order: the [`Node`]s that
//! `layout` places. Nothing here knows where anything will stand.

use std::ops::Range;
use std::sync::Arc;

use miandan_core::field::FieldSet;
use miandan_core::label::Micrometres;
use miandan_core::pipe::TemplateKind;
use miandan_core::waybill::Waybill;

use super::element::{Budget, Element, Kind, Length, PictureSource, StyleOf, Symbology};
use super::expression::{Block, Expression, Routine, Statement};
use super::heap::Heap;
use super::source::Fault;
use super::style::{self, Style, Unit};
use super::value::Value;
use super::{Problem, Template, View, limits};
use crate::image::Picture;

/// An element of one label.
pub(crate) struct Node<'a> {
    pub(crate) kind: NodeKind,
    /// Where its element begins in the template.
    pub(crate) offset: usize,
    pub(crate) left: Option<Micrometres>,
    pub(crate) top: Option<Micrometres>,
    pub(crate) width: Option<Micrometres>,
    pub(crate) height: Option<Micrometres>,
    /// The width of a cell in hundredths of a percent of its table's, if it says it so.
    pub(crate) share: Option<u16>,
    pub(crate) style: StyleUse<'a>,
    /// Its text in [`Scene::text`].
    pub(crate) text: Range<usize>,
    /// The index behind its last descendant.
    pub(crate) end: usize,
}

/// Which element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NodeKind {
    Layout {
        vertical: bool,
    },
    /// A header or a footer.
    Margin {
        vertical: bool,
    },
    Text,
    /// A text with the number of the page in it.
    PageIndex,
    Line([Micrometres; 4]),
    Rect,
    Circle,
    Round {
        radius: Option<Micrometres>,
    },
    Barcode {
        symbology: Symbology,
        fill: bool,
        optional: bool,
    },
    Image(ImageNode),
    Table,
    Row,
    Cell {
        heading: bool,
        columns: u16,
        rows: u16,
    },
}

/// A picture: its place in [`Scene::pictures`], or nothing where it was left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImageNode {
    pub(crate) picture: Option<usize>,
    pub(crate) fill: bool,
    /// Whether it was made for this label.
    pub(crate) computed: bool,
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
    pub(crate) pictures: Vec<Arc<Picture>>,
}

impl Scene<'_> {
    pub(crate) fn style<'s>(&'s self, node: &Node<'s>) -> &'s Style {
        match node.style {
            StyleUse::Fixed(style) => style,
            StyleUse::Computed(index) => &self.styles[index],
        }
    }
}

/// Evaluates a template for a label. A fault stands at the statement that was running.
pub(crate) fn evaluate<'a>(template: &'a Template, view: View<'a>) -> Result<Scene<'a>, Fault> {
    let mut machine = Machine {
        waybill: view.waybill,
        data: Value::Absent,
        given: 0,
        is_free: template.kind == TemplateKind::Free,
        named: template.fields,
        routines: &template.routines,
        slots: vec![Value::Undefined; template.slots],
        heap: Heap::default(),
        dates: 0,
        base: 0,
        levels: 0,
        returned: Value::Undefined,
        scene: Scene {
            nodes: Vec::with_capacity(64),
            text: String::with_capacity(1024),
            styles: Vec::new(),
            pictures: Vec::new(),
        },
        place: Place::Elements,
        steps: limits::STEPS,
        made: 0,
        symbols: 0,
        budget: Budget::default(),
        at: 0,
    };
    let run = machine.take_data(view.data).and_then(|()| machine.run(&template.document));
    match run {
        Ok(_) => Ok(machine.scene),
        Err(problem) => Err(Fault::new(problem, machine.at)),
    }
}

/// How a statement ended.
pub(super) enum Flow {
    Next,
    /// With [`Machine::returned`].
    Return,
    Break,
    Continue,
}

/// What may stand at a place. A function is compiled once and called from many places, so this is known only now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Elements,
    /// In a table.
    Rows,
    /// In a row of a table.
    Cells,
    /// In an element that prints, or an attribute.
    Text,
}

impl Place {
    /// What may stand inside an element.
    fn inside(kind: NodeKind) -> Self {
        match kind {
            NodeKind::Layout { .. } | NodeKind::Margin { .. } | NodeKind::Cell { .. } => Place::Elements,
            NodeKind::Table => Place::Rows,
            NodeKind::Row => Place::Cells,
            _ => Place::Text,
        }
    }

    /// Whether an element may stand here.
    fn takes(self, kind: &Kind) -> bool {
        self == match kind {
            Kind::Row => Place::Rows,
            Kind::Cell { .. } => Place::Cells,
            _ => Place::Elements,
        }
    }
}

pub(super) struct Machine<'a> {
    pub(super) waybill: &'a Waybill,
    /// Data of any shape; what it is made of is in the heap.
    pub(super) data: Value<'a>,
    /// How many entries of the heap it takes, the first of all.
    pub(super) given: u32,
    /// Whether the template is one of such data.
    pub(super) is_free: bool,
    pub(super) named: FieldSet,
    pub(super) slots: Vec<Value<'a>>,
    pub(super) heap: Heap<'a>,
    /// How many times `new Date()` ran.
    pub(super) dates: u32,
    pub(super) routines: &'a [Routine],
    /// Where the variables of the running function begin in `slots`.
    pub(super) base: usize,
    /// See [`limits::CALL_LEVELS`].
    pub(super) levels: usize,
    pub(super) returned: Value<'a>,
    scene: Scene<'a>,
    /// What may stand where the machine is.
    place: Place,
    /// Offset of the statement that is running.
    pub(super) at: usize,
    /// Steps that are left.
    pub(super) steps: u32,
    /// Bytes of strings made so far.
    pub(super) made: usize,
    symbols: usize,
    /// What computed pictures may still cost.
    budget: Budget,
}

impl<'a> Machine<'a> {
    /// Takes the steps of work on so many bytes.
    pub(super) fn step(&mut self, bytes: usize) -> Result<(), Problem> {
        let steps = 1 + (bytes / 64) as u32;
        self.steps = self.steps.checked_sub(steps).ok_or(Problem::StepLimit)?;
        Ok(())
    }

    pub(super) fn run(&mut self, statements: &'a [Statement]) -> Result<Flow, Problem> {
        for statement in statements {
            self.step(0)?;
            match statement {
                Statement::Literal(text) => self.print(text)?,
                Statement::Output(expression, offset) => {
                    self.at = *offset;
                    let value = self.value(expression)?;
                    match value.as_text() {
                        Some(text) => self.print(text)?,
                        None if matches!(value, Value::Undefined | Value::Null) => {}
                        None => {
                            let value = self.primitive(value)?;
                            self.print(&value.to_text()?)?;
                        }
                    }
                }
                Statement::Element(element) => self.element(element)?,
                Statement::Expression(expression, offset) => {
                    self.at = *offset;
                    self.value(expression)?;
                }
                Statement::If { offset, arms, otherwise } => {
                    self.at = *offset;
                    let flow = self.choose(arms, otherwise)?;
                    if !matches!(flow, Flow::Next) {
                        return Ok(flow);
                    }
                }
                Statement::For { offset, start, test, step, body } => {
                    self.at = *offset;
                    if let Flow::Return = self.repeat(start, test, step, body)? {
                        return Ok(Flow::Return);
                    }
                }
                Statement::Do { offset, body, test } => {
                    self.at = *offset;
                    loop {
                        match self.run(body)? {
                            Flow::Return => return Ok(Flow::Return),
                            Flow::Break => break,
                            Flow::Next | Flow::Continue => {}
                        }
                        if !self.value(test)?.is_true() {
                            break;
                        }
                    }
                }
                Statement::ForIn { offset, slot, object, body } => {
                    self.at = *offset;
                    if let Flow::Return = self.enumerate(*slot, object, body)? {
                        return Ok(Flow::Return);
                    }
                }
                Statement::Switch { offset, value, cases, body } => {
                    self.at = *offset;
                    let flow = self.select(value, cases, body)?;
                    if !matches!(flow, Flow::Next) {
                        return Ok(flow);
                    }
                }
                Statement::Return(expression, offset) => {
                    self.at = *offset;
                    self.returned = self.value(expression)?;
                    return Ok(Flow::Return);
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
        if self.place != Place::Text {
            return Err(Problem::StrayText);
        }
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
        let place = std::mem::replace(&mut self.place, Place::Text);
        self.run(block)?;
        self.place = place;
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

    /// The place of a picture in the scene.
    fn picture(&mut self, source: &'a PictureSource) -> Result<Option<usize>, Problem> {
        if self.scene.pictures.len() >= limits::PICTURES {
            return Err(Problem::ElementLimit);
        }
        let picture = match source {
            PictureSource::Fixed(None) => return Ok(None),
            PictureSource::Fixed(Some(picture)) => Arc::clone(picture),
            PictureSource::Computed(block) => {
                let mut budget = std::mem::take(&mut self.budget);
                let loaded = self.attribute(block, |text| budget.load(text));
                self.budget = budget;
                loaded?
            }
        };
        self.scene.pictures.push(picture);
        Ok(Some(self.scene.pictures.len() - 1))
    }

    fn element(&mut self, element: &'a Element) -> Result<(), Problem> {
        self.at = element.offset;
        // Of a function that is called where something else is expected.
        if !self.place.takes(&element.kind) {
            return Err(Problem::MisplacedElement);
        }
        let kind = match &element.kind {
            // Its children stand in the label itself.
            Kind::Page => return self.run(&element.content).map(|_| ()),
            Kind::Fragment { vertical } | Kind::Layout { vertical } => {
                NodeKind::Layout { vertical: *vertical }
            }
            Kind::Margin { vertical } => NodeKind::Margin { vertical: *vertical },
            Kind::Text => NodeKind::Text,
            Kind::PageIndex => NodeKind::PageIndex,
            Kind::Table => NodeKind::Table,
            Kind::Row => NodeKind::Row,
            Kind::Cell { heading, columns, rows, .. } => {
                NodeKind::Cell { heading: *heading, columns: *columns, rows: *rows }
            }
            Kind::Line(ends) => {
                let mut line = [0; 4];
                for (end, length) in line.iter_mut().zip(ends.iter()) {
                    *end = self.length(length)?.ok_or(Problem::MissingAttribute)?;
                }
                NodeKind::Line(line)
            }
            Kind::Rect => NodeKind::Rect,
            Kind::Circle => NodeKind::Circle,
            Kind::Round { radius } => NodeKind::Round { radius: self.length(radius)? },
            Kind::Barcode { symbology, fill, optional } => {
                self.symbols += 1;
                if self.symbols > limits::SYMBOLS {
                    return Err(Problem::ElementLimit);
                }
                NodeKind::Barcode { symbology: *symbology, fill: *fill, optional: *optional }
            }
            Kind::Image { source, fill, optional } => {
                let computed = matches!(source, PictureSource::Computed(_));
                let picture = match self.picture(source) {
                    Ok(picture) => picture,
                    Err(Problem::ImageElsewhere | Problem::ImageBroken | Problem::ImageTooLarge)
                        if *optional =>
                    {
                        None
                    }
                    Err(problem) => return Err(problem),
                };
                NodeKind::Image(ImageNode { picture, fill: *fill, computed })
            }
        };
        let [mut left, mut top] = [self.length(&element.left)?, self.length(&element.top)?];
        let [width, height] = [self.length(&element.width)?, self.length(&element.height)?];
        if matches!(element.kind, Kind::Fragment { .. }) {
            // Where it stands on a label is no matter of its own: it is laid out in that place.
            [left, top] = [Some(0), Some(0)];
        }
        if width.is_some_and(|width| width < 0) || height.is_some_and(|height| height < 0) {
            return Err(Problem::OutOfRange);
        }
        let style = match &element.style {
            StyleOf::Fixed(style) => StyleUse::Fixed(style),
            StyleOf::Computed(block) => {
                let style = self.attribute(block, |text| {
                    Style::parse(text, element.kind.turns(), &mut |_, _| {}).map_err(|(problem, _)| problem)
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
            offset: element.offset,
            left,
            top,
            width,
            height,
            share: match element.kind {
                Kind::Cell { share, .. } => share,
                _ => None,
            },
            style,
            text: start..start,
            end: index + 1,
        });
        let place = std::mem::replace(&mut self.place, Place::inside(kind));
        self.run(&element.content)?;
        self.place = place;
        let (end, text_end) = (self.scene.nodes.len(), self.scene.text.len());
        let node = &mut self.scene.nodes[index];
        node.end = end;
        if matches!(kind, NodeKind::Text | NodeKind::PageIndex | NodeKind::Barcode { .. }) {
            node.text = start..text_end;
        }
        Ok(())
    }
}
