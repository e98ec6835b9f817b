//! Operators, members, methods and functions on values that are at hand, each charged for what it reads and makes.

use super::evaluate::Machine;
use super::expression::{Binary, Function, Method};
use super::value::{Value, parse_float, parse_int};
use super::{Problem, limits, methods};

impl<'a> Machine<'a> {
    pub(super) fn binary(
        &mut self,
        operator: Binary,
        left: Value<'a>,
        right: Value<'a>,
    ) -> Result<Value<'a>, Problem> {
        self.step(cost(&left) + cost(&right))?;
        let (left, right) = if left.is_made() || right.is_made() {
            match operator {
                Binary::In => {
                    let key = self.key(&left)?;
                    return Ok(Value::Boolean(self.has(&right, &key)?));
                }
                Binary::Same | Binary::NotSame => (left, right),
                // 11.9.3: two objects are equal if they are one, and an object is not equal to nothing.
                Binary::Equal | Binary::NotEqual
                    if left.is_made() && right.is_made() || left.is_nothing() || right.is_nothing() =>
                {
                    (left, right)
                }
                Binary::Add | Binary::Equal | Binary::NotEqual => {
                    (self.primitive(left)?, self.primitive(right)?)
                }
                _ => (self.number_of_time(left)?, self.number_of_time(right)?),
            }
        } else {
            (left, right)
        };
        let (left, right) = (&left, &right);
        let comparable = |value: &Value| value.as_text().is_some();
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
                        || matches!(value, Value::Date(_) | Value::Items | Value::Item(_))
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
            Binary::In => {
                let key = self.key(left)?;
                Value::Boolean(self.has(right, &key)?)
            }
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
    pub(super) fn made(&mut self, text: String) -> Result<Value<'a>, Problem> {
        self.account(text.len())?;
        Ok(Value::text(text))
    }

    pub(super) fn account(&mut self, bytes: usize) -> Result<(), Problem> {
        self.step(bytes)?;
        self.made += bytes;
        if bytes > limits::STRING || self.made > limits::STRINGS { Err(Problem::TextLimit) } else { Ok(()) }
    }

    /// A value as a number (9.3).
    pub(super) fn number(&mut self, value: Value<'a>) -> Result<f64, Problem> {
        self.step(cost(&value))?;
        Ok(self.number_of_time(value)?.to_number())
    }

    /// A value that is no object, where a time counts as a number.
    fn number_of_time(&mut self, value: Value<'a>) -> Result<Value<'a>, Problem> {
        match value {
            Value::Date(_) => self.milliseconds().map(Value::Number),
            other => self.primitive(other),
        }
    }

    pub(super) fn method(
        &mut self,
        method: Method,
        object: &Value<'a>,
        arguments: &[Value<'a>],
    ) -> Result<Value<'a>, Problem> {
        // What it reads is charged before, what it makes after.
        self.step(cost(object) + arguments.iter().map(cost).sum::<usize>())?;
        let made;
        let arguments = match object {
            Value::List(at) => return self.list_method(method, *at, arguments),
            Value::Date(_) => return self.date_method(method),
            Value::Object(_) if method == Method::HasMember => {
                let key = self.key(arguments.first().unwrap_or(&Value::Undefined))?;
                return Ok(Value::Boolean(self.has(object, &key)?));
            }
            _ if arguments.iter().any(Value::is_made) => {
                made = self.primitives(arguments)?;
                &made
            }
            _ => arguments,
        };
        let value = match object {
            Value::Number(number) => methods::of_number(method, *number, arguments)?,
            Value::Boolean(_) if method == Method::ToText => Value::text(object.to_text()?),
            _ => {
                let text = object.as_text().ok_or(Problem::WrongType)?;
                match method {
                    Method::Split => {
                        let parts = methods::split(text, arguments)?;
                        return self.new_list(parts);
                    }
                    Method::Replace => {
                        let least = arguments.get(1).and_then(Value::as_text).map_or(0, str::len);
                        self.account(text.len().max(least))?;
                    }
                    _ => {}
                }
                methods::of_text(method, text, arguments)?
            }
        };
        self.account(value.as_text().map_or(0, str::len))?;
        Ok(value)
    }

    fn primitives(&mut self, values: &[Value<'a>]) -> Result<Vec<Value<'a>>, Problem> {
        values.iter().map(|value| self.primitive(value.clone())).collect()
    }

    pub(super) fn function(
        &mut self,
        function: Function,
        arguments: &[Value<'a>],
    ) -> Result<Value<'a>, Problem> {
        self.step(arguments.iter().map(cost).sum())?;
        let made;
        let arguments = match (function, arguments.first()) {
            (Function::IsList, first) => return Ok(Value::Boolean(matches!(first, Some(Value::List(_))))),
            (Function::Keys, Some(Value::Object(at))) => {
                let names = self.names(*at)?;
                return self.new_list(names.into_iter().map(Value::Owned).collect());
            }
            (Function::Keys, _) => return Err(Problem::WrongType),
            (Function::Now, _) => return self.milliseconds().map(Value::Number),
            (Function::Text | Function::ParseInt | Function::ParseFloat | Function::FormatTime, _)
                if arguments.iter().any(Value::is_made) =>
            {
                made = self.primitives(arguments)?;
                &made
            }
            _ if arguments.iter().any(Value::is_made) => {
                let values = arguments.iter().map(|value| self.number_of_time(value.clone()));
                made = values.collect::<Result<Vec<_>, _>>()?;
                &made
            }
            _ => arguments,
        };
        let first = arguments.first();
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
            (Function::ParseFloat, Some(value)) => Value::Number(parse_float(&value.to_text()?)),
            (Function::ParseInt | Function::ParseFloat, None) => Value::Number(f64::NAN),
            (Function::IsFinite, value) => {
                Value::Boolean(value.is_some_and(|value| value.to_number().is_finite()))
            }
            (Function::Root, value) => Value::Number(value.map_or(f64::NAN, Value::to_number).sqrt()),
            (Function::Power, _) => {
                let [base, exponent] =
                    [0, 1].map(|index| arguments.get(index).map_or(f64::NAN, Value::to_number));
                Value::Number(power(base, exponent).ok_or(Problem::WrongType)?)
            }
            (Function::Unit, _) => {
                let units: Vec<u16> =
                    arguments.iter().map(|value| value.to_number().rem_euclid(65_536.0) as u16).collect();
                // Half a character is none.
                let text = String::from_utf16(&units).map_err(|_| Problem::WrongType)?;
                self.made(text)?
            }
            (Function::FormatTime, format) => {
                let format = format.ok_or(Problem::WrongType)?.to_text()?.into_owned();
                self.format_time(&format)?
            }
            (Function::IsList | Function::Keys | Function::Now, _) => return Err(Problem::WrongType),
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

/// Where the result is a whole number that every engine finds; what others answer beyond that differs in the last bit.
fn power(base: f64, exponent: f64) -> Option<f64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if base.fract() != 0.0 || !(0.0..=1024.0).contains(&exponent) || exponent.fract() != 0.0 {
        return None;
    }
    let mut result = 1.0_f64;
    for _ in 0..exponent as u32 {
        result *= base;
        if result.abs() > EXACT {
            return None;
        }
    }
    Some(result)
}

/// The bytes that reading a value as text or number may touch. Lists are paid for where they become text.
pub(super) fn cost(value: &Value) -> usize {
    value.as_text().map_or(0, str::len)
}
