//! Lists and objects that code makes: one arena for a label, freed with it. A value holds an index into it, so lists
//! that contain each other are no danger, and assignment shares them as in ECMAScript.

use std::rc::Rc;

use super::evaluate::Machine;
use super::expression::Method;
use super::operate::cost;
use super::value::Value;
use super::{Problem, limits};

/// No element has this number or a larger one (15.4).
const LAST: usize = u32::MAX as usize;

/// Lists in lists, at most, where they become text.
const JOIN_DEPTH: usize = 32;

/// What every object has in ECMAScript and none has here. To answer `undefined` would be a guess.
const INHERITED: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Everything that was made for one label.
#[derive(Default)]
pub(super) struct Heap<'a>(Vec<Entry<'a>>);

enum Entry<'a> {
    List(Vec<Value<'a>>),
    /// Members in the order in which `for (in)` meets them: numbers first, then as they were added.
    Object(Vec<(Rc<str>, Value<'a>)>),
}

/// The name of a member.
#[derive(Clone)]
pub(super) enum Key {
    At(usize),
    Named(Rc<str>),
}

impl Key {
    fn text(&self) -> Rc<str> {
        match self {
            Key::At(at) => at.to_string().into(),
            Key::Named(name) => name.clone(),
        }
    }
}

/// The number of an element, if the text is one as ECMAScript writes it (15.4).
fn position(text: &str) -> Option<usize> {
    let is_number = (1..=10).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    if is_number { text.parse().ok().filter(|&at| at < LAST) } else { None }
}

impl<'a> Machine<'a> {
    pub(super) fn new_list(&mut self, elements: Vec<Value<'a>>) -> Result<Value<'a>, Problem> {
        // 64 bytes a step: an element costs one.
        self.step(128 + elements.len() * 64)?;
        if elements.len() > limits::ARRAY {
            return Err(Problem::ListLimit);
        }
        self.heap.0.push(Entry::List(elements));
        Ok(Value::List(self.heap.0.len() as u32 - 1))
    }

    pub(super) fn new_object(&mut self) -> Result<Value<'a>, Problem> {
        self.step(128)?;
        self.heap.0.push(Entry::Object(Vec::new()));
        Ok(Value::Object(self.heap.0.len() as u32 - 1))
    }

    /// An object with members, of which no two have one name.
    pub(super) fn new_filled(
        &mut self,
        mut members: Vec<(Rc<str>, Value<'a>)>,
    ) -> Result<Value<'a>, Problem> {
        self.step(128 + members.len() * 64)?;
        if members.len() > limits::ARRAY {
            return Err(Problem::ListLimit);
        }
        members.sort_by_key(|(name, _)| position(name).map_or((1, 0), |at| (0, at)));
        self.heap.0.push(Entry::Object(members));
        Ok(Value::Object(self.heap.0.len() as u32 - 1))
    }

    /// How many lists and objects there are.
    pub(super) fn made_so_far(&self) -> u32 {
        self.heap.0.len() as u32
    }

    pub(super) fn list(&self, at: u32) -> &[Value<'a>] {
        match self.heap.0.get(at as usize) {
            Some(Entry::List(elements)) => elements,
            _ => &[],
        }
    }

    pub(super) fn list_mut(&mut self, at: u32) -> Result<&mut Vec<Value<'a>>, Problem> {
        match self.heap.0.get_mut(at as usize) {
            Some(Entry::List(elements)) => Ok(elements),
            _ => Err(Problem::WrongType),
        }
    }

    /// The members of an object; looking through them is paid for here.
    fn members(&mut self, at: u32) -> Result<&mut Vec<(Rc<str>, Value<'a>)>, Problem> {
        let count = match self.heap.0.get(at as usize) {
            Some(Entry::Object(members)) => members.len(),
            _ => 0,
        };
        self.step(count * 8)?;
        match self.heap.0.get_mut(at as usize) {
            Some(Entry::Object(members)) => Ok(members),
            _ => Err(Problem::WrongType),
        }
    }

    /// The names of the members of an object, in their order.
    pub(super) fn names(&mut self, at: u32) -> Result<Vec<Rc<str>>, Problem> {
        let names: Vec<_> = self.members(at)?.iter().map(|(name, _)| name.clone()).collect();
        self.step(names.len() * 64)?;
        Ok(names)
    }

    /// 9.1: a list is its elements with commas between them, an object says that it is one.
    pub(super) fn primitive(&mut self, value: Value<'a>) -> Result<Value<'a>, Problem> {
        match value {
            Value::List(at) => {
                let text = self.joined(at, ",")?;
                self.made(text)
            }
            Value::Object(_) => Ok(Value::Borrowed("[object Object]")),
            // As text a time looks different in every engine; where it is a number is known before.
            Value::Date(_) => Err(Problem::WrongType),
            other => Ok(other),
        }
    }

    /// The elements with a separator between them; nothing for undefined and null (15.4.4.5).
    pub(super) fn joined(&mut self, at: u32, separator: &str) -> Result<String, Problem> {
        let mut joined = String::new();
        self.join(at, separator, &mut Vec::new(), &mut joined)?;
        Ok(joined)
    }

    /// `around`: the lists whose text this list becomes a part of. Within itself a list is nothing, as in every engine.
    fn join(
        &mut self,
        at: u32,
        separator: &str,
        around: &mut Vec<u32>,
        joined: &mut String,
    ) -> Result<(), Problem> {
        if around.contains(&at) {
            return Ok(());
        }
        if around.len() >= JOIN_DEPTH {
            return Err(Problem::TooDeep);
        }
        around.push(at);
        let mut index = 0;
        while let Some(element) = self.list(at).get(index).cloned() {
            self.step(cost(&element) + separator.len())?;
            if index > 0 {
                joined.push_str(separator);
            }
            match element {
                Value::Undefined | Value::Null => {}
                Value::List(inner) => self.join(inner, ",", around, joined)?,
                other => joined.push_str(&self.primitive(other)?.to_text()?),
            }
            if joined.len() > limits::STRING {
                return Err(Problem::TextLimit);
            }
            index += 1;
        }
        around.pop();
        Ok(())
    }

    /// The name that a value has between brackets (11.2.1).
    pub(super) fn key(&mut self, index: &Value<'a>) -> Result<Key, Problem> {
        self.step(cost(index))?;
        if let Value::Number(number) = index
            && *number >= 0.0
            && *number < LAST as f64
            && number.fract() == 0.0
        {
            return Ok(Key::At(*number as usize));
        }
        let index = self.primitive(index.clone())?;
        let text = index.to_text()?;
        Ok(match position(&text) {
            Some(at) => Key::At(at),
            None => Key::Named(Rc::from(&*text)),
        })
    }

    /// `object[key]`
    pub(super) fn get(&mut self, object: &Value<'a>, key: &Key) -> Result<Value<'a>, Problem> {
        match (object, key) {
            (_, Key::Named(name)) => self.get_named(object, name),
            (Value::List(list), Key::At(at)) => {
                Ok(self.list(*list).get(*at).cloned().unwrap_or_else(|| self.missing(*list)))
            }
            (Value::Absent, Key::At(_)) if self.is_free => Ok(Value::Absent),
            (Value::Items, Key::At(at)) if *at < self.waybill.items.len() => Ok(Value::Item(*at)),
            (Value::Items, Key::At(_)) => Ok(Value::Undefined),
            (Value::Object(_), Key::At(_)) => self.get_named(object, &key.text()),
            (object, Key::At(at)) => {
                let text = object.as_text().ok_or(Problem::WrongType)?;
                self.step(text.len())?;
                Ok(match super::methods::character(text, *at as f64) {
                    Some(character) => Value::text(character),
                    None => Value::Undefined,
                })
            }
        }
    }

    /// `object.name`
    pub(super) fn get_named(&mut self, object: &Value<'a>, name: &str) -> Result<Value<'a>, Problem> {
        let waybill = self.waybill;
        let item = |index: usize| waybill.items.get(index).ok_or(Problem::WrongType);
        Ok(match (object, name) {
            (Value::Object(at), _) => {
                let found = self.members(*at)?.iter().find(|(known, _)| **known == *name);
                match found {
                    Some((_, value)) => value.clone(),
                    None if INHERITED.contains(&name) => return Err(Problem::WrongType),
                    None => self.missing(*at),
                }
            }
            (Value::List(at), "length") => Value::Number(self.list(*at).len() as f64),
            (Value::Items, "length") => Value::Number(waybill.items.len() as f64),
            (Value::Item(index), "name") => Value::of_order(&item(*index)?.name),
            (Value::Item(index), "sku") => Value::of_order(&item(*index)?.sku),
            (Value::Item(index), "count") => Value::Number(f64::from(item(*index)?.count)),
            (Value::Item(_), _) => return Err(Problem::WrongType),
            (Value::List(_) | Value::Items, _) if is_method(name) => return Err(Problem::WrongType),
            (Value::List(at), _) => self.missing(*at),
            (Value::Items, _) => Value::Undefined,
            // Below what is not there, and below a number, nothing is.
            (Value::Absent | Value::Number(_) | Value::Boolean(_), _)
                if self.is_free && name != "length" && !is_method(name) =>
            {
                Value::Absent
            }
            (object, _) => {
                let text = object.as_text().ok_or(Problem::WrongType)?;
                self.step(text.len())?;
                match name {
                    "length" => Value::Number(super::methods::units(text) as f64),
                    _ if is_method(name) => return Err(Problem::WrongType),
                    _ if self.is_free => Value::Absent,
                    _ => Value::Undefined,
                }
            }
        })
    }

    /// What a list or an object answers for what it does not have: data that is not there prints as nothing, as in orders.
    fn missing(&self, at: u32) -> Value<'a> {
        if at < self.given { Value::Absent } else { Value::Undefined }
    }

    /// `object[key] = value`
    pub(super) fn set(&mut self, object: &Value<'a>, key: &Key, value: Value<'a>) -> Result<(), Problem> {
        match (object, key) {
            (Value::List(list), Key::At(at)) => {
                let elements = self.list_mut(*list)?;
                let length = elements.len();
                match elements.get_mut(*at) {
                    Some(element) => *element = value,
                    None if *at >= limits::ARRAY => return Err(Problem::ListLimit),
                    None if *at > length => return Err(Problem::ListGap),
                    None => elements.push(value),
                }
            }
            (Value::List(list), Key::Named(name)) if &**name == "length" => {
                let length = self.primitive(value)?.to_number();
                let elements = self.list_mut(*list)?;
                if !(length >= 0.0 && length.fract() == 0.0) {
                    return Err(Problem::WrongType);
                }
                if length > elements.len() as f64 {
                    return Err(Problem::ListGap);
                }
                elements.truncate(length as usize);
            }
            (Value::Object(object), key) => {
                let name = key.text();
                if &*name == "__proto__" {
                    return Err(Problem::WrongType);
                }
                let members = self.members(*object)?;
                if let Some((_, old)) = members.iter_mut().find(|(known, _)| *known == name) {
                    *old = value;
                    return Ok(());
                }
                if members.len() >= limits::ARRAY {
                    return Err(Problem::ListLimit);
                }
                let place = match key {
                    Key::At(at) => members
                        .iter()
                        .position(|(known, _)| position(known).is_none_or(|known| known > *at))
                        .unwrap_or(members.len()),
                    Key::Named(_) => members.len(),
                };
                members.insert(place, (name, value));
                self.step(64)?;
            }
            _ => return Err(Problem::WrongType),
        }
        Ok(())
    }

    /// `delete object[key]`
    pub(super) fn delete(&mut self, object: &Value<'a>, key: &Key) -> Result<(), Problem> {
        match (object, key) {
            (Value::Object(at), key) => {
                let name = key.text();
                self.members(*at)?.retain(|(known, _)| *known != name);
                Ok(())
            }
            (Value::List(list), Key::At(at)) if *at >= self.list(*list).len() => Ok(()),
            (Value::List(_), Key::At(_)) => Err(Problem::ListGap),
            _ => Err(Problem::WrongType),
        }
    }

    /// `key in object`
    pub(super) fn has(&mut self, object: &Value<'a>, key: &Key) -> Result<bool, Problem> {
        match (object, key) {
            (Value::Object(at), key) => {
                let name = key.text();
                let found = self.members(*at)?.iter().any(|(known, _)| *known == name);
                if !found && INHERITED.contains(&&*name) { Err(Problem::WrongType) } else { Ok(found) }
            }
            (Value::List(list), Key::At(at)) => Ok(*at < self.list(*list).len()),
            (Value::Items, Key::At(at)) => Ok(*at < self.waybill.items.len()),
            (Value::List(_) | Value::Items, Key::Named(name)) => match &**name {
                "length" => Ok(true),
                name if is_method(name) => Err(Problem::WrongType),
                _ => Ok(false),
            },
            _ => Err(Problem::WrongType),
        }
    }
}

/// Whether a list or a string has more under this name than is known here.
fn is_method(name: &str) -> bool {
    const OTHERS: &[&str] = &[
        "every",
        "filter",
        "forEach",
        "map",
        "match",
        "reduce",
        "reduceRight",
        "search",
        "some",
        "toLocaleLowerCase",
        "toLocaleUpperCase",
    ];
    Method::of_name(name).is_some() || INHERITED.contains(&name) || OTHERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_written_in_one_way() {
        for (text, expected) in [("0", Some(0)), ("12", Some(12)), ("012", None), ("", None), ("-1", None)] {
            assert_eq!(position(text), expected, "{text}");
        }
        assert_eq!(position("1e3"), None);
        assert_eq!(position("9999999999"), None);
    }
}
