//! The names of a template: variables of the whole template, of one function, and the functions themselves.
//!
//! A variable belongs to a function if the function declares it anywhere with `var` (ECMAScript 5.1, 10.5), or as a
//! parameter. All others belong to the template, declared or not. What nothing gives a value refuses the template:
//! a typing error must not become a blank on ten thousand labels.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Routine, Slot};
use super::source::Fault;
use super::{Problem, limits};

/// Every name that was met so far.
#[derive(Default)]
pub(crate) struct Names<'s> {
    /// Variables of the template: index, and the offset of the first use if nothing has assigned to it yet.
    globals: BTreeMap<&'s str, (u16, Option<usize>)>,
    /// Functions: index, offset of the first use, and whether it was declared.
    functions: BTreeMap<&'s str, (u16, usize, bool)>,
    routines: Vec<Option<Routine>>,
    /// Members that are read by their name, and the offset of the first time.
    read: BTreeMap<&'s str, usize>,
    /// Members that something gives a value.
    written: BTreeSet<String>,
    /// The function that is being compiled.
    scope: Option<Scope<'s>>,
}

/// Names inside one function.
#[derive(Default)]
struct Scope<'s> {
    locals: Vec<&'s str>,
    /// Names that were taken to be the template's.
    outer: BTreeSet<&'s str>,
}

impl<'s> Names<'s> {
    /// The variable of a name. `assigned`: it is given a value here.
    pub(crate) fn slot(&mut self, name: &'s str, offset: usize, assigned: bool) -> Result<Slot, Fault> {
        if let Some(scope) = &mut self.scope {
            if let Some(index) = scope.locals.iter().position(|local| *local == name) {
                return Ok(Slot { index: index as u16, local: true });
            }
            scope.outer.insert(name);
        }
        if self.functions.contains_key(name) {
            return Err(Fault::new(Problem::NameClash, offset));
        }
        let next = self.globals.len();
        if let Some((index, first_use)) = self.globals.get_mut(name) {
            if assigned {
                *first_use = None;
            }
            return Ok(Slot { index: *index, local: false });
        }
        if next >= limits::NAMES {
            return Err(Fault::new(Problem::TooManyNames, offset));
        }
        self.globals.insert(name, (next as u16, if assigned { None } else { Some(offset) }));
        Ok(Slot { index: next as u16, local: false })
    }

    /// Notes that something assigns to a variable.
    pub(crate) fn assigned(&mut self, slot: Slot) {
        if let Some((_, first_use)) =
            self.globals.values_mut().find(|(index, _)| !slot.local && *index == slot.index)
        {
            *first_use = None;
        }
    }

    /// The variable that `var` declares.
    pub(crate) fn declare(&mut self, name: &'s str, offset: usize) -> Result<Slot, Fault> {
        if let Some(scope) = &mut self.scope
            && !scope.locals.contains(&name)
        {
            // Declared in an element inside the function, where nobody looked ahead.
            if scope.outer.contains(name) {
                return Err(Fault::new(Problem::NameClash, offset));
            }
            if scope.locals.len() >= limits::LOCALS {
                return Err(Fault::new(Problem::TooManyNames, offset));
            }
            scope.locals.push(name);
        }
        self.slot(name, offset, true)
    }

    /// The function that is called here, which may be declared further down.
    pub(crate) fn called(&mut self, name: &'s str, offset: usize) -> Result<u16, Fault> {
        let is_variable = self.globals.contains_key(name)
            || self.scope.as_ref().is_some_and(|scope| scope.locals.contains(&name));
        if is_variable {
            return Err(Fault::new(Problem::UnknownFunction, offset));
        }
        if let Some((index, ..)) = self.functions.get(name) {
            return Ok(*index);
        }
        let index = self.routines.len();
        if index >= limits::NAMES {
            return Err(Fault::new(Problem::TooManyNames, offset));
        }
        self.functions.insert(name, (index as u16, offset, false));
        self.routines.push(None);
        Ok(index as u16)
    }

    /// A member of a variable is read by its name.
    pub(crate) fn read_member(&mut self, name: &'s str, offset: usize) {
        self.read.entry(name).or_insert(offset);
    }

    /// A member of this name is given a value.
    pub(crate) fn write_member(&mut self, name: &str) {
        if !self.written.contains(name) {
            self.written.insert(name.to_owned());
        }
    }

    /// Begins a function without a name.
    pub(crate) fn begin_nameless(&mut self, offset: usize, locals: Vec<&'s str>) -> Result<u16, Fault> {
        let index = self.routines.len();
        if index >= limits::NAMES || locals.len() > limits::LOCALS {
            return Err(Fault::new(Problem::TooManyNames, offset));
        }
        self.routines.push(None);
        self.scope = Some(Scope { locals, outer: BTreeSet::new() });
        Ok(index as u16)
    }

    pub(crate) fn in_function(&self) -> bool {
        self.scope.is_some()
    }

    /// Begins a function with these parameters and variables.
    pub(crate) fn begin(&mut self, name: &'s str, offset: usize, locals: Vec<&'s str>) -> Result<u16, Fault> {
        let clash = Fault::new(Problem::NameClash, offset);
        if self.globals.contains_key(name) || locals.contains(&name) {
            return Err(clash);
        }
        let index = self.called(name, offset)?;
        if locals.len() > limits::LOCALS {
            return Err(Fault::new(Problem::TooManyNames, offset));
        }
        match self.functions.get_mut(name) {
            Some((.., declared)) if !*declared => *declared = true,
            _ => return Err(clash),
        }
        self.scope = Some(Scope { locals, outer: BTreeSet::new() });
        Ok(index)
    }

    /// Ends it; answers how many variables it has.
    pub(crate) fn end(&mut self) -> usize {
        self.scope.take().map_or(0, |scope| scope.locals.len())
    }

    /// Keeps a function that was compiled.
    pub(crate) fn define(&mut self, index: u16, routine: Routine) {
        self.routines[usize::from(index)] = Some(routine);
    }

    /// The number of variables of the template and its functions, once every name is known to have a value.
    pub(crate) fn finish(self) -> Result<(usize, Box<[Routine]>), Fault> {
        let variables = self.globals.values().filter_map(|&(_, first_use)| first_use);
        let functions = self.functions.values().filter(|(.., declared)| !declared).map(|(_, at, _)| *at);
        let members = self.read.iter().filter(|(name, _)| !self.written.contains(**name)).map(|(_, at)| *at);
        let faults = variables
            .map(|at| (at, Problem::UnknownName))
            .chain(functions.map(|at| (at, Problem::UnknownFunction)))
            .chain(members.map(|at| (at, Problem::UnknownMember)));
        match faults.min() {
            Some((offset, problem)) => Err(Fault::new(problem, offset)),
            None => Ok((self.globals.len(), self.routines.into_iter().flatten().collect())),
        }
    }
}
