//! Operators, members, methods and functions on values that are at hand, each charged for what it reads and makes.

use super::evaluate::Machine;
use super::expression::{Binary, Function, Member, Method};
use super::value::{Value, parse_int};
use super::{Problem, limits, methods};

impl<'a> Machine<'a> {
    pub(super) fn binary(
        &mut self,
        operator: Binary,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Result<Value<'a>, Problem> {
        self.step(cost(left) + cost(right))?;
        // 11.8.5: a list is compared as its text.
        let comparable = |value: &Value| value.as_text().is_some() || matches!(value, Value::Array(_));
        let is_order =
            matches!(operator, Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual);
        let both_text = if is_order && comparable(left) && comparable(right) {
            Some((left.to_text()?, right.to_text()?))
        } else {
            None
        };
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
            Binary::Less => Value::Boolean(match &both_text {
                Some((left, right)) => left < right,
                None => numbers().0 < numbers().1,
            }),
            Binary::LessOrEqual => Value::Boolean(match &both_text {
                Some((left, right)) => left <= right,
                None => numbers().0 <= numbers().1,
            }),
            Binary::Greater => Value::Boolean(match &both_text {
                Some((left, right)) => left > right,
                None => numbers().0 > numbers().1,
            }),
            Binary::GreaterOrEqual => Value::Boolean(match &both_text {
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

    pub(super) fn account(&mut self, bytes: usize) -> Result<(), Problem> {
        self.step(bytes)?;
        self.made += bytes;
        if bytes > limits::STRING || self.made > limits::STRINGS { Err(Problem::TextLimit) } else { Ok(()) }
    }

    pub(super) fn member(&mut self, member: Member, object: &Value<'a>) -> Result<Value<'a>, Problem> {
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

    pub(super) fn index(&mut self, object: &Value<'a>, index: &Value<'a>) -> Result<Value<'a>, Problem> {
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

    pub(super) fn method(
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

    pub(super) fn function(
        &mut self,
        function: Function,
        arguments: &[Value<'a>],
    ) -> Result<Value<'a>, Problem> {
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
            (Function::IsNotANumber, value) => {
                Value::Boolean(value.is_none_or(|value| value.to_number().is_nan()))
            }
            (Function::Abs | Function::Ceil | Function::Floor | Function::Round, value) => {
                let number = value.map_or(f64::NAN, Value::to_number);
                Value::Number(match function {
                    Function::Abs => number.abs(),
                    Function::Ceil => number.ceil(),
                    Function::Floor => number.floor(),
                    // 15.8.2.15: halves go up. Adding 0.5 first would round 0.49999999999999994 up too.
                    _ if number - number.floor() >= 0.5 => number.ceil(),
                    _ => number.floor(),
                })
            }
            (Function::Max | Function::Min, _) => {
                let numbers = arguments.iter().map(Value::to_number);
                Value::Number(
                    numbers.reduce(|left, right| extreme(function, left, right)).unwrap_or(f64::NAN),
                )
            }
            (Function::ParseInt, None) => Value::Number(f64::NAN),
        })
    }
}

/// 15.8.2.11: what is no number wins.
fn extreme(function: Function, left: f64, right: f64) -> f64 {
    if left.is_nan() || right.is_nan() {
        return f64::NAN;
    }
    if function == Function::Max { left.max(right) } else { left.min(right) }
}

/// The bytes that reading a value as text or number may touch.
pub(super) fn cost(value: &Value) -> usize {
    match value {
        Value::Array(_) => limits::STRING,
        other => other.as_text().map_or(0, str::len),
    }
}
