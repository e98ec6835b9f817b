//! Data of any shape in the heap: lists and objects like those that code makes, but that what is not there is absent.

use std::rc::Rc;

use miandan_core::free::{FreeData, MaskedValue};

use super::evaluate::Machine;
use super::value::Value;
use super::{Problem, limits};

/// Lists and objects of data inside each other, at most. What reads data allows fewer.
const DEPTH: usize = 64;

impl<'a> Machine<'a> {
    /// Takes the data of a label, if the template is one of data.
    pub(super) fn take_data(&mut self, data: &'a FreeData) -> Result<(), Problem> {
        if self.is_free {
            self.data = self.given_value(data.root(), DEPTH)?;
            self.given = self.made_so_far();
        }
        Ok(())
    }

    fn given_value(&mut self, value: &'a MaskedValue, depth: usize) -> Result<Value<'a>, Problem> {
        let depth = depth.checked_sub(1).ok_or(Problem::TooDeep)?;
        Ok(match value {
            // A member that is null is one that is not there.
            MaskedValue::Null => Value::Absent,
            MaskedValue::Boolean(value) => Value::Boolean(*value),
            MaskedValue::Number(number) => Value::Number(number.get()),
            MaskedValue::Text(text) if text.as_str().len() > limits::STRING => {
                return Err(Problem::TextLimit);
            }
            MaskedValue::Text(text) => Value::of_order(text.as_str()),
            MaskedValue::List(elements) => {
                let elements = elements.iter().map(|element| self.given_value(element, depth));
                let elements = elements.collect::<Result<Vec<_>, _>>()?;
                self.new_list(elements)?
            }
            MaskedValue::Object(members) => {
                let mut given = Vec::with_capacity(members.len());
                for (name, value) in members {
                    self.step(name.as_str().len())?;
                    given.push((Rc::from(name.as_str()), self.given_value(value, depth)?));
                }
                self.new_filled(given)?
            }
        })
    }
}
