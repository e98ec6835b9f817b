//! Loops, and functions of the template, while a label is evaluated.

use super::evaluate::{Flow, Machine};
use super::expression::{Expression, Slot, Statement};
use super::heap::Key;
use super::operate::cost;
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

    /// `for (slot in object) body`: the names of the members of an object, the indices of
    /// a list or a string as strings; nothing of nothing.
    pub(super) fn enumerate(
        &mut self,
        slot: Slot,
        object: &'a Expression,
        body: &'a [Statement],
    ) -> Result<Flow, Problem> {
        let object = self.value(object)?;
        let names = match &object {
            Value::Object(at) => self.names(*at)?,
            _ => Vec::new(),
        };
        let count = match &object {
            Value::Object(_) => names.len(),
            Value::List(at) => self.list(*at).len(),
            Value::Items => self.waybill.items.len(),
            Value::Undefined | Value::Null | Value::Number(_) | Value::Boolean(_) => 0,
            // The properties of an article of the order are named, not found.
            Value::Item(_) | Value::Date(_) => return Err(Problem::WrongType),
            text => text.as_text().map_or(0, super::methods::units),
        };
        for index in 0..count {
            let name = match names.get(index) {
                Some(name) => name.clone(),
                None => index.to_string().into(),
            };
            // What was deleted on the way is not met any more (12.6.4).
            let is_gone = match &object {
                Value::Object(_) => !self.has(&object, &Key::Named(name.clone()))?,
                Value::List(at) => index >= self.list(*at).len(),
                _ => false,
            };
            if is_gone {
                continue;
            }
            let place = self.place(slot);
            self.account(name.len())?;
            self.slots[place] = Value::Owned(name);
            match self.run(body)? {
                Flow::Return => return Ok(Flow::Return),
                Flow::Break => break,
                Flow::Next | Flow::Continue => {}
            }
        }
        Ok(Flow::Next)
    }

    /// `switch (value) { … }`
    pub(super) fn select(
        &mut self,
        value: &'a Expression,
        cases: &'a [(Option<Expression>, usize)],
        body: &'a [Statement],
    ) -> Result<Flow, Problem> {
        let value = self.value(value)?;
        let mut start = cases.iter().find(|(test, _)| test.is_none()).map(|(_, start)| *start);
        for (test, at) in cases {
            let Some(test) = test else { continue };
            let case = self.value(test)?;
            self.step(cost(&case).min(cost(&value)))?;
            if value.is_same(&case) {
                start = Some(*at);
                break;
            }
        }
        let body = start.and_then(|start| body.get(start..)).unwrap_or(&[]);
        Ok(match self.run(body)? {
            Flow::Break => Flow::Next,
            flow => flow,
        })
    }

    /// Calls a function of the template.
    pub(super) fn call(&mut self, index: u16, arguments: &'a [Expression]) -> Result<Value<'a>, Problem> {
        let values = arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>, _>>()?;
        self.call_with(index, values)
    }

    /// Calls a function of the template with values.
    pub(super) fn call_with(&mut self, index: u16, mut values: Vec<Value<'a>>) -> Result<Value<'a>, Problem> {
        let routine = self.routines.get(usize::from(index)).ok_or(Problem::WrongType)?;
        if self.levels + routine.height > limits::CALL_LEVELS {
            return Err(Problem::TooDeep);
        }
        self.step(routine.locals * 16)?;
        values.truncate(routine.parameters);
        values.resize(routine.locals, Value::Undefined);
        let (base, at) = (self.base, self.at);
        self.base = self.slots.len();
        self.slots.append(&mut values);
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
