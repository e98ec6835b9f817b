//! Runs the compiled code for one label, within limits on steps and memory.
//!
//! The result is a list of elements with their lengths, styles and texts, in document order: the [`Node`]s that
//! `layout` places. Nothing here knows where anything will stand.

use std::ops::Range;

use miandan_core::field::FieldSet;
use miandan_core::label::Micrometres;
use miandan_core::waybill::Waybill;

use super::data::{Leaf, kilograms, personal};
use super::element::{Element, Kind, Length, StyleOf, Symbology};
use super::expression::{Binary, Expression, Function, Member, Method, Statement, Unary};
use super::style::{self, Style, Unit};
use super::value::{Value, parse_int};
use super::{Problem, limits, methods};

/// An element of one label.
pub(crate) struct Node<'a> {
    pub(crate) kind: NodeKind,
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
    Layout { vertical: bool },
    Text,
    Line([Micrometres; 4]),
    Rect,
    Circle,
    Round { radius: Option<Micrometres> },
    Barcode { symbology: Symbology, optional: bool },
    Table,
    Row,
    Cell { heading: bool, columns: u16, rows: u16 },
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

struct Machine<'a> {
    waybill: &'a Waybill,
    named: FieldSet,
    slots: Vec<Value<'a>>,
    scene: Scene<'a>,
    /// Steps that are left.
    steps: u32,
    /// Bytes of strings made so far.
    made: usize,
    symbols: usize,
}

impl<'a> Machine<'a> {
    /// Takes the steps of work on so many bytes.
    fn step(&mut self, bytes: usize) -> Result<(), Problem> {
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
        arms: &'a [(Expression, super::expression::Block)],
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
            Kind::Fragment { vertical } | Kind::Layout { vertical } => {
                NodeKind::Layout { vertical: *vertical }
            }
            Kind::Text => NodeKind::Text,
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
        let [mut left, mut top] = [self.length(&element.left)?, self.length(&element.top)?];
        let [width, height] = [self.length(&element.width)?, self.length(&element.height)?];
        if matches!(element.kind, Kind::Fragment { .. }) {
            // Where it stands on the sheet that it is made for does not matter here.
            [left, top] = [Some(0), Some(0)];
        }
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
            share: match element.kind {
                Kind::Cell { share, .. } => share,
                _ => None,
            },
            style,
            text: start..start,
            end: index + 1,
        });
        self.run(&element.content)?;
        let (end, text_end) = (self.scene.nodes.len(), self.scene.text.len());
        let node = &mut self.scene.nodes[index];
        node.end = end;
        if matches!(kind, NodeKind::Text | NodeKind::Barcode { .. }) {
            node.text = start..text_end;
        }
        Ok(())
    }

    fn value(&mut self, expression: &'a Expression) -> Result<Value<'a>, Problem> {
        self.step(0)?;
        Ok(match expression {
            Expression::Undefined => Value::Undefined,
            Expression::Null => Value::Null,
            Expression::Boolean(value) => Value::Boolean(*value),
            Expression::Number(number) => Value::Number(*number),
            Expression::Text(text) => Value::Borrowed(text),
            Expression::Array(elements) => {
                let elements =
                    elements.iter().map(|element| self.value(element)).collect::<Result<Vec<_>, _>>()?;
                self.step(elements.len() * 16)?;
                Value::array(elements)?
            }
            Expression::Leaf(leaf) => self.leaf(*leaf),
            Expression::Group(group) if group.is_present(self.waybill, self.named) => Value::Boolean(true),
            Expression::Group(_) => Value::Undefined,
            Expression::Items => Value::Items,
            Expression::DocumentNumber => count(self.waybill.number.map_or(0, |number| number.index)),
            Expression::DocumentCount => count(self.waybill.number.map_or(0, |number| number.count)),
            Expression::Variable(slot) => self.slots[usize::from(*slot)].clone(),
            Expression::Assign(slot, value) => {
                let value = self.value(value)?;
                self.slots[usize::from(*slot)] = value.clone();
                value
            }
            Expression::Step { slot, by, prefix } => {
                let before = &self.slots[usize::from(*slot)];
                let (before, bytes) = (before.to_number(), cost(before));
                self.step(bytes)?;
                self.slots[usize::from(*slot)] = Value::Number(before + by);
                Value::Number(if *prefix { before + by } else { before })
            }
            Expression::Unary(operator, operand) => {
                let value = self.value(operand)?;
                self.step(cost(&value))?;
                match operator {
                    Unary::Not => Value::Boolean(!value.is_true()),
                    Unary::Plus => Value::Number(value.to_number()),
                    Unary::Minus => Value::Number(-value.to_number()),
                }
            }
            Expression::Binary(operator, operands) => {
                let left = self.value(&operands[0])?;
                let right = self.value(&operands[1])?;
                self.binary(*operator, &left, &right)?
            }
            Expression::And(operands) => {
                let left = self.value(&operands[0])?;
                if left.is_true() { self.value(&operands[1])? } else { left }
            }
            Expression::Or(operands) => {
                let left = self.value(&operands[0])?;
                if left.is_true() { left } else { self.value(&operands[1])? }
            }
            Expression::Conditional(parts) => {
                let [test, then, otherwise] = &**parts;
                if self.value(test)?.is_true() { self.value(then)? } else { self.value(otherwise)? }
            }
            Expression::Sequence(parts) => {
                let mut last = Value::Undefined;
                for part in parts {
                    last = self.value(part)?;
                }
                last
            }
            Expression::Member(member, object) => {
                let object = self.value(object)?;
                self.member(*member, &object)?
            }
            Expression::Index(pair) => {
                let object = self.value(&pair[0])?;
                let index = self.value(&pair[1])?;
                self.index(&object, &index)?
            }
            Expression::Method(method, operands) => {
                let values =
                    operands.iter().map(|operand| self.value(operand)).collect::<Result<Vec<_>, _>>()?;
                let (object, arguments) = values.split_first().ok_or(Problem::WrongType)?;
                self.method(*method, object, arguments)?
            }
            Expression::Function(function, arguments) => {
                let arguments =
                    arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>, _>>()?;
                self.function(*function, &arguments)?
            }
        })
    }

    fn leaf(&self, leaf: Leaf) -> Value<'a> {
        let waybill = self.waybill;
        let text = match leaf {
            Leaf::WaybillNumber => &waybill.waybill_no,
            Leaf::Carrier => &waybill.carrier,
            Leaf::OrderId => &waybill.order_id,
            Leaf::PaymentId => &waybill.payment_id,
            Leaf::Service => &waybill.service,
            Leaf::RouteCode => &waybill.routing.code,
            Leaf::Sortation => &waybill.routing.sortation,
            Leaf::ConsolidationName => &waybill.routing.consolidation_name,
            Leaf::ConsolidationCode => &waybill.routing.consolidation_code,
            Leaf::OriginName => &waybill.routing.origin_name,
            Leaf::OriginCode => &waybill.routing.origin_code,
            Leaf::Memo => waybill.memo.as_str(),
            Leaf::Personal(id) => personal(waybill, id).map_or("", |masked| masked.as_str()),
            Leaf::ParcelIndex => return count(waybill.parcel.index),
            Leaf::ParcelCount => return count(waybill.parcel.count),
            Leaf::TotalCount => {
                let total: u64 = waybill.items.iter().map(|item| u64::from(item.count)).sum();
                return if total == 0 { Value::Absent } else { Value::Number(total as f64) };
            }
            Leaf::Weight if waybill.parcel.weight_g > 0 => {
                return Value::text(kilograms(waybill.parcel.weight_g));
            }
            Leaf::Weight => "",
        };
        Value::of_order(text)
    }

    fn binary(
        &mut self,
        operator: Binary,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Result<Value<'a>, Problem> {
        let both_text = match (left.as_text(), right.as_text()) {
            (Some(left), Some(right)) => Some((left, right)),
            _ => None,
        };
        self.step(cost(left) + cost(right))?;
        let numbers = || (left.to_number(), right.to_number());
        Ok(match operator {
            Binary::Add => {
                let joins = |value: &Value| {
                    value.as_text().is_some()
                        || matches!(value, Value::Array(_) | Value::Items | Value::Item(_))
                };
                if joins(left) || joins(right) {
                    let (left, right) = (left.to_text()?, right.to_text()?);
                    return self.made([&*left, &*right].concat());
                }
                Value::Number(left.to_number() + right.to_number())
            }
            Binary::Subtract => Value::Number(left.to_number() - right.to_number()),
            Binary::Multiply => Value::Number(left.to_number() * right.to_number()),
            Binary::Divide => Value::Number(left.to_number() / right.to_number()),
            Binary::Remainder => Value::Number(left.to_number() % right.to_number()),
            Binary::Equal => Value::Boolean(left.equals(right)),
            Binary::NotEqual => Value::Boolean(!left.equals(right)),
            Binary::Same => Value::Boolean(left.is_same(right)),
            Binary::NotSame => Value::Boolean(!left.is_same(right)),
            // Strings compare by code unit in JavaScript and by code point here; they differ for rare characters
            // against private ones only.
            Binary::Less => Value::Boolean(match both_text {
                Some((left, right)) => left < right,
                None => numbers().0 < numbers().1,
            }),
            Binary::LessOrEqual => Value::Boolean(match both_text {
                Some((left, right)) => left <= right,
                None => numbers().0 <= numbers().1,
            }),
            Binary::Greater => Value::Boolean(match both_text {
                Some((left, right)) => left > right,
                None => numbers().0 > numbers().1,
            }),
            Binary::GreaterOrEqual => Value::Boolean(match both_text {
                Some((left, right)) => left >= right,
                None => numbers().0 >= numbers().1,
            }),
        })
    }

    /// Accounts for a string that was made.
    fn made(&mut self, text: String) -> Result<Value<'a>, Problem> {
        self.account(text.len())?;
        Ok(Value::text(text))
    }

    fn account(&mut self, bytes: usize) -> Result<(), Problem> {
        self.step(bytes)?;
        self.made += bytes;
        if bytes > limits::STRING || self.made > limits::STRINGS { Err(Problem::TextLimit) } else { Ok(()) }
    }

    fn member(&mut self, member: Member, object: &Value<'a>) -> Result<Value<'a>, Problem> {
        let waybill = self.waybill;
        let item = |index: usize| waybill.items.get(index).ok_or(Problem::WrongType);
        Ok(match (member, object) {
            (Member::Length, Value::Array(array)) => Value::Number(array.elements.len() as f64),
            (Member::Length, Value::Items) => Value::Number(waybill.items.len() as f64),
            (Member::Length, object) => {
                let text = object.as_text().ok_or(Problem::WrongType)?;
                self.step(text.len())?;
                Value::Number(methods::units(text) as f64)
            }
            (Member::Name, Value::Item(index)) => Value::of_order(&item(*index)?.name),
            (Member::Sku, Value::Item(index)) => Value::of_order(&item(*index)?.sku),
            (Member::Count, Value::Item(index)) => Value::Number(f64::from(item(*index)?.count)),
            _ => return Err(Problem::WrongType),
        })
    }

    fn index(&mut self, object: &Value<'a>, index: &Value<'a>) -> Result<Value<'a>, Problem> {
        self.step(cost(index))?;
        let at = index.to_number();
        let whole = (at >= 0.0 && at.fract() == 0.0 && at < 1e9).then_some(at as usize);
        Ok(match (object, whole) {
            (Value::Array(array), Some(at)) => array.elements.get(at).cloned().unwrap_or(Value::Undefined),
            (Value::Items, Some(at)) if at < self.waybill.items.len() => Value::Item(at),
            (Value::Array(_) | Value::Items, _) => Value::Undefined,
            (object, whole) => {
                let text = object.as_text().ok_or(Problem::WrongType)?;
                self.step(text.len())?;
                match whole.and_then(|at| methods::character(text, at as f64)) {
                    Some(character) => Value::text(character),
                    None => Value::Undefined,
                }
            }
        })
    }

    fn method(
        &mut self,
        method: Method,
        object: &Value<'a>,
        arguments: &[Value<'a>],
    ) -> Result<Value<'a>, Problem> {
        // What it reads is charged before, what it makes after.
        self.step(cost(object) + arguments.iter().map(cost).sum::<usize>())?;
        let value = match object {
            Value::Number(number) => methods::of_number(method, *number, arguments)?,
            Value::Array(array) => {
                let separator = match (method, arguments.first()) {
                    (Method::Join | Method::ToText, None | Some(Value::Undefined)) => ",".into(),
                    (Method::Join, Some(separator)) => separator.to_text()?,
                    _ => return Err(Problem::WrongType),
                };
                let mut joined = String::new();
                array.join(&separator, &mut joined)?;
                Value::text(joined)
            }
            Value::Boolean(_) if method == Method::ToText => Value::text(object.to_text()?),
            _ => {
                let text = object.as_text().ok_or(Problem::WrongType)?;
                if method == Method::Replace {
                    let least = arguments.get(1).and_then(Value::as_text).map_or(0, str::len);
                    self.account(text.len().max(least))?;
                }
                methods::of_text(method, text, arguments)?
            }
        };
        match &value {
            Value::Array(array) => self.step(array.elements.len() * 64)?,
            other => self.account(other.as_text().map_or(0, str::len))?,
        }
        Ok(value)
    }

    fn function(&mut self, function: Function, arguments: &[Value<'a>]) -> Result<Value<'a>, Problem> {
        let first = arguments.first();
        self.step(arguments.iter().map(cost).sum())?;
        Ok(match (function, first) {
            (Function::Number, None) => Value::Number(0.0),
            (Function::Number, Some(value)) => Value::Number(value.to_number()),
            (Function::Text, None) => Value::Borrowed(""),
            (Function::Text, Some(value)) => match value {
                Value::Borrowed(_) | Value::Owned(_) => value.clone(),
                other => {
                    let text = other.to_text()?.into_owned();
                    self.made(text)?
                }
            },
            (Function::ParseInt, Some(value)) => {
                let radix = arguments.get(1).map(Value::to_number);
                Value::Number(parse_int(&value.to_text()?, radix))
            }
            (Function::ParseInt, None) => Value::Number(f64::NAN),
        })
    }
}

/// The bytes that reading a value as text or number may touch.
fn cost(value: &Value) -> usize {
    match value {
        Value::Array(_) => limits::STRING,
        other => other.as_text().map_or(0, str::len),
    }
}

/// A count of an order, which says 0 for what it does not know.
fn count<'a>(count: u32) -> Value<'a> {
    if count == 0 { Value::Absent } else { Value::Number(f64::from(count)) }
}
