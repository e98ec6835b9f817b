//! JSON Lines and a JSON array. Both stream: an order is cut out first and parsed then.
//!
//! Without a map each object is a plain order, read as strictly as ever. With a map each is an object of whatever
//! shape; the map's columns name members by their paths, such as `receiver.name`.

use std::fmt;
use std::io::{self, BufRead};

use miandan_core::order::Item;
use miandan_seal::issue::{PlainOrder, PlainOrderError};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map as Object, Value};

use super::fields::{self, FIELDS, Field};
use super::map::Map;
use super::place::{At, Inside, Place};
use super::problem::{Problem, Reason, Stop};
use super::sheet::{Cell, Defect};
use super::{LONGEST, Stream, stop};

/// Orders in JSON.
pub struct Json {
    source: Stream,
    map: Option<Map>,
    /// Whether the orders are elements of an array rather than lines.
    is_array: bool,
    line: usize,
    /// Byte of the line, from 1.
    byte: usize,
    index: usize,
    text: Vec<u8>,
    ended: bool,
}

impl Json {
    pub fn lines(source: Stream, map: Option<Map>) -> Self {
        let (line, byte, index, text) = (0, 1, 0, Vec::new());
        Json { source, map, is_array: false, line, byte, index, text, ended: false }
    }

    pub fn array(source: Stream, map: Option<Map>) -> Self {
        Json { is_array: true, line: 1, ..Json::lines(source, map) }
    }

    pub fn next(&mut self) -> Result<Option<(At, PlainOrder)>, Stop> {
        if self.ended {
            return Ok(None);
        }
        let at = if self.is_array { self.element()? } else { self.text_line()? };
        let Some((at, byte)) = at else {
            self.ended = true;
            return Ok(None);
        };
        let order = match &self.map {
            None => PlainOrder::parse(&self.text).map_err(|error| refused(at, byte, error)),
            Some(map) => mapped(&self.text, map, at, byte),
        };
        Ok(Some((at, order?)))
    }

    /// The member of a field.
    pub fn member(&self, field: &str) -> Inside {
        let named = self.map.as_ref().zip(fields::find(field)).and_then(|(map, field)| map.columns(field));
        Inside::Member(named.map_or_else(|| field.to_owned(), |names| names.join(", ")))
    }

    /// Puts the next line that is not empty into `text`.
    fn text_line(&mut self) -> Result<Option<(At, usize)>, Stop> {
        loop {
            self.text.clear();
            self.line += 1;
            let at = At::Line(self.line);
            let mut ended = false;
            while !ended {
                let chunk = self.source.fill_buf().map_err(|error| stop(error, at))?;
                if chunk.is_empty() {
                    break;
                }
                let end = chunk.iter().position(|&byte| byte == b'\n');
                ended = end.is_some();
                let used = end.map_or(chunk.len(), |end| end + 1);
                self.text.extend_from_slice(&chunk[..used]);
                self.source.consume(used);
                if self.text.len() > LONGEST {
                    return Err(self.end(Problem::last(at, Reason::TooLong)));
                }
            }
            // An error at the end is then one of this line.
            self.text.truncate(self.text.trim_ascii_end().len());
            if !self.text.is_empty() {
                return Ok(Some((at, 1)));
            }
            if !ended {
                return Ok(None);
            }
        }
    }

    /// Puts the next element of the array into `text`.
    fn element(&mut self) -> Result<Option<(At, usize)>, Stop> {
        let first = self.index == 0;
        if first && self.token()? != Some(b'[') {
            return Err(self.broken(Reason::NotArray));
        }
        let mut next = self.token()?;
        if !first && next == Some(b',') {
            next = self.token()?;
        } else if next == Some(b']') {
            return if self.token()?.is_none() { Ok(None) } else { Err(self.broken(Reason::NotJson)) };
        } else if !first {
            return Err(self.broken(Reason::NotJson));
        }
        if next != Some(b'{') {
            return Err(self.broken(Reason::NotArray));
        }
        self.index += 1;
        let (at, byte) = (At::Element(self.index, self.line), self.byte - 1);
        self.text.clear();
        self.text.push(b'{');
        let (mut depth, mut in_string, mut escaped) = (1, false, false);
        while depth > 0 {
            let Some(byte) = self.byte(at)? else { return Err(self.broken(Reason::NotJson)) };
            self.text.push(byte);
            match byte {
                _ if std::mem::take(&mut escaped) => {}
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth -= 1,
                _ => {}
            }
            if self.text.len() > LONGEST {
                return Err(self.end(Problem::last(at, Reason::TooLong)));
            }
        }
        Ok(Some((at, byte)))
    }

    /// The next byte that is not white space.
    fn token(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            match self.byte(At::Line(self.line))? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {}
                other => return Ok(other),
            }
        }
    }

    fn byte(&mut self, at: At) -> Result<Option<u8>, Stop> {
        let read =
            |source: &mut Stream| -> io::Result<Option<u8>> { Ok(source.fill_buf()?.first().copied()) };
        let byte = read(&mut self.source).map_err(|error| stop(error, at))?;
        if let Some(byte) = byte {
            self.source.consume(1);
            self.byte += 1;
            if byte == b'\n' {
                self.line += 1;
                self.byte = 1;
            }
        }
        Ok(byte)
    }

    /// Ends the reading: the text is no JSON at the byte that was read last.
    fn broken(&mut self, why: Reason) -> Stop {
        let place =
            Place { at: At::Line(self.line), inside: Some(Inside::Byte(self.byte.saturating_sub(1).max(1))) };
        self.end(Problem::last(place, why))
    }

    fn end(&mut self, problem: Problem) -> Stop {
        self.ended = true;
        problem.into()
    }
}

/// The place of an error in an order that begins at a byte of its line.
fn inside(at: At, first_byte: usize, line: usize, column: usize) -> Place {
    let byte = if line == 1 { first_byte + column.max(1) - 1 } else { column };
    let at = match at {
        At::Element(index, first) => At::Element(index, first + line - 1),
        other => other,
    };
    Place { at, inside: Some(Inside::Byte(byte)) }
}

fn refused(at: At, byte: usize, error: PlainOrderError) -> Stop {
    let (line, column, why) = match error {
        PlainOrderError::Syntax { line, column } => (line, column, Reason::NotJson),
        PlainOrderError::Shape { line, column } => (line, column, Reason::Shape),
        _ => return Problem::new(at, Reason::Shape).into(),
    };
    Problem::new(inside(at, byte, line, column), why).into()
}

/// An order out of an object of another shape.
fn mapped(text: &[u8], map: &Map, at: At, byte: usize) -> Result<PlainOrder, Stop> {
    let Strict(object) = serde_json::from_slice(text).map_err(|error| {
        let why = if error.is_data() { Reason::MemberTwice } else { Reason::NotJson };
        Problem::new(inside(at, byte, error.line(), error.column()), why)
    })?;
    if !object.is_object() {
        return Err(Problem::new(at, Reason::Shape).into());
    }
    let mut order = PlainOrder::default();
    map.begin(&mut order);
    let blank = order.items.first().cloned().unwrap_or_default();
    let mut goods: Vec<Item> = Vec::new();
    for field in FIELDS {
        for name in names(map, field) {
            let Some(found) = find(&object, &name) else { continue };
            let refuse = |why| Problem::inside(at, Inside::Member(name.clone()), why);
            match found {
                Found::One(value) => field.set(&mut order, &cell(value)).map_err(refuse)?,
                Found::Many(values) if field.is_goods() => {
                    goods.resize(goods.len().max(values.len()), blank.clone());
                    for (item, value) in goods.iter_mut().zip(values) {
                        let mut line =
                            PlainOrder { items: vec![std::mem::take(item)], ..PlainOrder::default() };
                        field.set(&mut line, &value.map(cell).unwrap_or_default()).map_err(refuse)?;
                        *item = line.items.remove(0);
                    }
                }
                Found::Many(_) => return Err(refuse(Reason::NotScalar).into()),
            }
            break;
        }
    }
    map.end(&mut order);
    if !goods.is_empty() {
        order.items = goods;
    }
    for (key, value) in fields::REQUIRED.iter().zip([&order.order_id, &order.waybill_no, &order.carrier]) {
        if value.is_empty() {
            let names = fields::find(key).and_then(|field| map.columns(field)).map(|names| names.join(", "));
            let member = Inside::Member(names.unwrap_or_else(|| (*key).to_owned()));
            return Err(Problem::inside(at, member, Reason::Empty).into());
        }
    }
    Ok(order)
}

/// A value in which no object has a member twice. Of two recipients the wrong one might be printed.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = elements.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(name) = members.next_key::<String>()? {
            // At once, so that the place is that of the second name.
            if object.contains_key(&name) {
                return Err(A::Error::custom("given twice"));
            }
            let Strict(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// The paths under which a field is looked for.
fn names(map: &Map, field: &Field) -> Vec<String> {
    match map.columns(field) {
        Some(names) => names.to_vec(),
        None => [field.key].iter().chain(field.names).map(|name| (*name).to_owned()).collect(),
    }
}

enum Found<'a> {
    One(&'a Value),
    /// One for each element of an array on the way.
    Many(Vec<Option<&'a Value>>),
}

/// The member at a path; the path as a whole may be a member's name.
fn find<'a>(value: &'a Value, path: &str) -> Option<Found<'a>> {
    match value {
        Value::Object(members) => {
            if let Some(member) = members.get(path) {
                return Some(Found::One(member));
            }
            let (name, rest) = path.split_once('.')?;
            find(members.get(name)?, rest)
        }
        Value::Array(elements) => {
            let each = elements.iter().map(|element| match find(element, path) {
                Some(Found::One(value)) => Some(value),
                _ => None,
            });
            Some(Found::Many(each.collect()))
        }
        _ => None,
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::default(),
        Value::Bool(value) => Cell::text(&value.to_string()),
        Value::String(text) => Cell::text(text),
        // A number that is no integer of 64 bits has lost digits.
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.abs() >= 1e15 => Cell::defect(Defect::Rounded),
            Some(float) if number.is_f64() => Cell::text(&float.to_string()),
            _ => Cell::text(&number.to_string()),
        },
        Value::Array(_) | Value::Object(_) => Cell::defect(Defect::NotScalar),
    }
}
