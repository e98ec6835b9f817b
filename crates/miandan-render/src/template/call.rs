//! Loops, and functions of the template, while a label is evaluated.

use super::evaluate::{Flow, Machine};
use super::expression::{Expression, Slot, Statement};
use super::value::Value;
use super::{Problem, limits};

impl<'a> Machine<'a> {
    /// Where a variable is kept.
    pub(super) fn place(&self, slot: Slot) -> usize {
        usize::from(slot.index) + if slot.local { self.base } else { 0 }
    }

    /// `for (start; test; step) body`; answers `Next` or `Return`.
    pub(super) fn repeat(
        &mut self,
        start: &'a Option<Expression>,
        test: &'a Option<Expression>,
        step: &'a Option<Expression>,
        body: &'a [Statement],
    ) -> Result<Flow, Problem> {
        if let Some(start) = start {
            self.value(start)?;
        }
        loop {
            self.step(0)?;
            if let Some(test) = test
                && !self.value(test)?.is_true()
            {
                return Ok(Flow::Next);
            }
            match self.run(body)? {
                Flow::Return => return Ok(Flow::Return),
                Flow::Break => return Ok(Flow::Next),
                Flow::Next | Flow::Continue => {}
            }
            if let Some(step) = step {
                self.value(step)?;
            }
        }
    }

    /// `for (slot in object) body`: the indices of a list or a string, as strings; nothing of nothing.
    pub(super) fn enumerate(
        &mut self,
        slot: Slot,
        object: &'a Expression,
        body: &'a [Statement],
    ) -> Result<Flow, Problem> {
        let object = self.value(object)?;
        let count = match &object {
            Value::Array(array) => array.elements.len(),
            Value::Items => self.waybill.items.len(),
            Value::Undefined | Value::Null | Value::Number(_) | Value::Boolean(_) => 0,
            // The properties of an article of the order are named, not found.
            Value::Item(_) => return Err(Problem::WrongType),
            text => text.as_text().map_or(0, super::methods::units),
        };
        for index in 0..count {
            let place = self.place(slot);
            let index = index.to_string();
            self.account(index.len())?;
            self.slots[place] = Value::text(index);
            match self.run(body)? {
                Flow::Return => return Ok(Flow::Return),
                Flow::Break => break,
                Flow::Next | Flow::Continue => {}
            }
        }
        Ok(Flow::Next)
    }

    /// Calls a function of the template.
    pub(super) fn call(&mut self, index: u16, arguments: &'a [Expression]) -> Result<Value<'a>, Problem> {
        let routine = self.routines.get(usize::from(index)).ok_or(Problem::WrongType)?;
        if self.levels + routine.height > limits::CALL_LEVELS {
            return Err(Problem::TooDeep);
        }
        self.step(routine.locals * 16)?;
        let mut locals = Vec::with_capacity(routine.locals);
        for (number, argument) in arguments.iter().enumerate() {
            let value = self.value(argument)?;
            if number < routine.parameters {
                locals.push(value);
            }
        }
        locals.resize(routine.locals, Value::Undefined);
        let (base, at) = (self.base, self.at);
        self.base = self.slots.len();
        self.slots.append(&mut locals);
        self.levels += routine.height;
        let flow = self.run(&routine.body)?;
        self.levels -= routine.height;
        self.slots.truncate(self.base);
        (self.base, self.at) = (base, at);
        Ok(match flow {
            Flow::Return => std::mem::replace(&mut self.returned, Value::Undefined),
            _ => Value::Undefined,
        })
    }
}
