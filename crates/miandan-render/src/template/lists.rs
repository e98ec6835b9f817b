//! Methods of lists (ECMAScript 5, 15.4.4).

use std::cmp::Ordering;

use super::evaluate::Machine;
use super::expression::Method;
use super::operate::cost;
use super::value::Value;
use super::{Problem, limits};

impl<'a> Machine<'a> {
    pub(super) fn list_method(
        &mut self,
        method: Method,
        list: u32,
        arguments: &[Value<'a>],
    ) -> Result<Value<'a>, Problem> {
        let length = self.list(list).len();
        let room =
            |added: usize| if length + added > limits::ARRAY { Err(Problem::ListLimit) } else { Ok(()) };
        Ok(match method {
            Method::Push => {
                room(arguments.len())?;
                self.step(arguments.len() * 64)?;
                self.list_mut(list)?.extend_from_slice(arguments);
                Value::Number((length + arguments.len()) as f64)
            }
            Method::Pop => self.list_mut(list)?.pop().unwrap_or(Value::Undefined),
            Method::Shift if length == 0 => Value::Undefined,
            Method::Shift => {
                self.step(length * 8)?;
                self.list_mut(list)?.remove(0)
            }
            Method::Unshift => {
                room(arguments.len())?;
                self.step(length * 8 + arguments.len() * 64)?;
                self.list_mut(list)?.splice(0..0, arguments.iter().cloned());
                Value::Number((length + arguments.len()) as f64)
            }
            Method::Slice => {
                let start = self.relative(arguments.first(), length, 0)?;
                let end = self.relative(arguments.get(1), length, length)?;
                let elements = self.list(list).get(start..end).unwrap_or(&[]).to_vec();
                self.new_list(elements)?
            }
            Method::Splice => {
                let start = self.relative(arguments.first(), length, 0)?;
                let count = match arguments.get(1) {
                    None if arguments.is_empty() => 0,
                    None => length - start,
                    Some(count) => {
                        let count = self.integer(count)?.clamp(0.0, (length - start) as f64);
                        count as usize
                    }
                };
                let added = arguments.get(2..).unwrap_or(&[]);
                room(added.len())?;
                self.step(length * 8 + added.len() * 64)?;
                let elements = self.list_mut(list)?;
                let removed = elements.splice(start..start + count, added.iter().cloned()).collect();
                self.new_list(removed)?
            }
            Method::Concat => {
                let mut elements = self.list(list).to_vec();
                for argument in arguments {
                    match argument {
                        Value::List(other) => elements.extend_from_slice(self.list(*other)),
                        Value::Items => return Err(Problem::WrongType),
                        other => elements.push(other.clone()),
                    }
                }
                self.new_list(elements)?
            }
            Method::IndexOf | Method::LastIndexOf => {
                let wanted = arguments.first().cloned().unwrap_or(Value::Undefined);
                let range = match method {
                    Method::IndexOf => self.relative(arguments.get(1), length, 0)?..length,
                    _ => 0..length,
                };
                self.step(range.len() * (16 + cost(&wanted)))?;
                let elements = self.list(list).get(range.clone()).unwrap_or(&[]);
                let found = match method {
                    Method::IndexOf => elements.iter().position(|element| element.is_same(&wanted)),
                    _ => elements.iter().rposition(|element| element.is_same(&wanted)),
                };
                Value::Number(found.map_or(-1.0, |at| (range.start + at) as f64))
            }
            Method::Join | Method::ToText => {
                let separator = match arguments.first() {
                    Some(separator) if !matches!(separator, Value::Undefined) => {
                        self.primitive(separator.clone())?
                    }
                    _ => Value::Borrowed(","),
                };
                let joined = self.joined(list, &separator.to_text()?)?;
                self.made(joined)?
            }
            Method::Reverse => {
                self.step(length * 8)?;
                self.list_mut(list)?.reverse();
                Value::List(list)
            }
            Method::Sort => {
                self.sort(list)?;
                Value::List(list)
            }
            _ => return Err(Problem::WrongType),
        })
    }

    /// 9.4: towards zero, and 0 for what is no number.
    fn integer(&mut self, value: &Value<'a>) -> Result<f64, Problem> {
        let number = self.primitive(value.clone())?.to_number();
        Ok(if number.is_nan() { 0.0 } else { number.trunc() })
    }

    /// A place in a list, which counts from the end if it is negative.
    fn relative(
        &mut self,
        argument: Option<&Value<'a>>,
        length: usize,
        otherwise: usize,
    ) -> Result<usize, Problem> {
        let Some(argument) = argument.filter(|value| !matches!(value, Value::Undefined)) else {
            return Ok(otherwise);
        };
        let at = self.integer(argument)?;
        let from_start = if at < 0.0 { length as f64 + at } else { at };
        Ok(from_start.clamp(0.0, length as f64) as usize)
    }

    /// By the text of the elements, in UTF-16 units; what is undefined stands last (15.4.4.11).
    fn sort(&mut self, list: u32) -> Result<(), Problem> {
        let (elements, nothing) = self.sortable(list);
        let mut keyed = Vec::with_capacity(elements.len());
        let mut bytes = 0;
        for element in elements {
            let key = self.primitive(element.clone())?;
            let key = if key.as_text().is_some() { key } else { self.made(key.to_text()?.into_owned())? };
            bytes += cost(&key) + 16;
            keyed.push((key, element));
        }
        let rounds = keyed.len().checked_ilog2().unwrap_or(0) as usize + 1;
        self.step(bytes * rounds)?;
        keyed.sort_by(|(left, _), (right, _)| in_units(left, right));
        *self.list_mut(list)? = keyed.into_iter().map(|(_, element)| element).chain(nothing).collect();
        Ok(())
    }

    /// By a function of the template: a merge sort, so that equal elements keep their order and nothing that the
    /// function answers can make it run longer.
    pub(super) fn sort_by(&mut self, list: &Value<'a>, routine: u16) -> Result<(), Problem> {
        let Value::List(list) = *list else { return Err(Problem::WrongType) };
        let (mut elements, nothing) = self.sortable(list);
        let mut width = 1;
        while width < elements.len() {
            self.step(elements.len() * 16)?;
            let mut merged = Vec::with_capacity(elements.len());
            for pair in elements.chunks(width * 2) {
                let (left, right) = pair.split_at(width.min(pair.len()));
                let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
                while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
                    let order = self.call_with(routine, vec![(*second).clone(), (*first).clone()])?;
                    let next =
                        if self.primitive(order)?.to_number() < 0.0 { right.next() } else { left.next() };
                    merged.extend(next.cloned());
                }
                merged.extend(left.chain(right).cloned());
            }
            elements = merged;
            width *= 2;
        }
        elements.extend(nothing);
        *self.list_mut(list)? = elements;
        Ok(())
    }

    /// The elements that are something, and the others.
    fn sortable(&self, list: u32) -> (Vec<Value<'a>>, Vec<Value<'a>>) {
        let is_something = |value: &Value| !matches!(value, Value::Undefined | Value::Absent);
        self.list(list).iter().cloned().partition(is_something)
    }
}

fn in_units(left: &Value, right: &Value) -> Ordering {
    let (left, right) = (left.as_text().unwrap_or_default(), right.as_text().unwrap_or_default());
    left.encode_utf16().cmp(right.encode_utf16())
}
