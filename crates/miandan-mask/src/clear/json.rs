//! JSON of any shape (RFC 8259), bounded, with each name once in its object.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::ClearError;

/// Values inside each other.
const DEPTH: usize = 32;

/// Values in all.
const VALUES: usize = 4_000;

/// Elements of a list or members of an object: what the code of a template can hold.
const MEMBERS: usize = 1_000;

/// Bytes of a text, for the same reason.
const TEXT: usize = 16 << 10;

/// A value in clear. It has no `Debug`, so that it gets into no log.
pub(super) enum Json<'b> {
    Null,
    Boolean(bool),
    Number(Number),
    Text(Cow<'b, str>),
    List(Vec<Json<'b>>),
    Object(Object<'b>),
}

/// The members of an object, in the order in which they stand.
#[derive(Default)]
pub(super) struct Object<'b>(pub(super) Vec<(Cow<'b, str>, Json<'b>)>);

/// Reads one value that fills the bytes.
pub(super) fn read(bytes: &[u8]) -> Result<Json<'_>, ClearError> {
    let bounds = Bounds { values: Cell::new(0), passed: Cell::new(false) };
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    let value = Reader { bounds: &bounds, depth: 0 }.deserialize(&mut parser);
    match value.and_then(|value| parser.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(_) if bounds.passed.get() => Err(ClearError::Limit),
        Err(_) => Err(ClearError::Malformed),
    }
}

impl<'b> Json<'b> {
    /// The members of what must be an object.
    pub(super) fn object(self) -> Result<Object<'b>, ClearError> {
        match self {
            Json::Object(object) => Ok(object),
            _ => Err(ClearError::Malformed),
        }
    }

    /// What must be a text or a number, as text.
    pub(super) fn text(self) -> Result<Cow<'b, str>, ClearError> {
        match self {
            Json::Text(text) => Ok(text),
            Json::Number(number) => Ok(number.to_string().into()),
            _ => Err(ClearError::Malformed),
        }
    }
}

impl<'b> Object<'b> {
    /// Takes a member out; `null` counts as none.
    pub(super) fn take(&mut self, name: &str) -> Option<Json<'b>> {
        let (_, value) = self.0.iter_mut().find(|(known, _)| known == name)?;
        Some(std::mem::replace(value, Json::Null)).filter(|value| !matches!(value, Json::Null))
    }

    /// Takes a text or a number out, as text; an empty one counts as none.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<Cow<'b, str>>, ClearError> {
        let text = self.take(name).map(Json::text).transpose()?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// Takes an object out; an empty one if there is none.
    pub(super) fn object(&mut self, name: &str) -> Result<Object<'b>, ClearError> {
        Ok(self.take(name).map(Json::object).transpose()?.unwrap_or_default())
    }
}

struct Bounds {
    values: Cell<usize>,
    passed: Cell<bool>,
}

impl Bounds {
    /// The fault if something is larger than it may be. What it says is never shown.
    fn check<E: Error>(&self, fits: bool) -> Result<(), E> {
        if fits {
            return Ok(());
        }
        self.passed.set(true);
        Err(E::custom("limit"))
    }
}

#[derive(Clone, Copy)]
struct Reader<'r> {
    bounds: &'r Bounds,
    depth: usize,
}

impl Reader<'_> {
    fn inside(self) -> Self {
        Reader { depth: self.depth + 1, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        let values = self.bounds.values.get() + 1;
        self.bounds.values.set(values);
        self.bounds.check(values <= VALUES && self.depth < DEPTH)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("no number"))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        self.bounds.check(text.len() <= TEXT)?;
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        self.bounds.check(text.len() <= TEXT)?;
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(self.inside())? {
            self.bounds.check(list.len() < MEMBERS)?;
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        // A name is read as a value is: JSON has no other names than texts.
        while let Some(name) = entries.next_key_seed(self.inside())? {
            let Json::Text(name) = name else { return Err(A::Error::custom("no name")) };
            let value = entries.next_value_seed(self.inside())?;
            self.bounds.check(members.len() < MEMBERS)?;
            members.push((name, value));
        }
        let names: BTreeSet<&str> = members.iter().map(|(name, _)| &**name).collect();
        if names.len() < members.len() {
            return Err(A::Error::custom("a name that stands twice"));
        }
        Ok(Json::Object(Object(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<ClearError> {
        read(text.as_bytes()).err()
    }

    #[test]
    fn every_name_stands_once() {
        assert_eq!(fault(r#"{"a":1,"b":{"a":[]},"A":null}"#), None);
        for text in [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"[{"b":{"a":1,"a":2}}]"#] {
            assert_eq!(fault(text), Some(ClearError::Malformed), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for text in ["", "{", "{} {}", "{a:1}", "[1,]", "1e999", "NaN", "'a'", "\"\\ud800\"", "\u{feff}{}"] {
            assert_eq!(fault(text), Some(ClearError::Malformed), "{text}");
        }
        assert_eq!(read(b"\"\xff\"").err(), Some(ClearError::Malformed));
    }

    #[test]
    fn what_is_too_much_is_told_apart() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let list = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
        let object = |count: usize| {
            let members: Vec<String> = (0..count).map(|name| format!("\"{name}\":0")).collect();
            format!("{{{}}}", members.join(","))
        };
        let text = |bytes: usize| format!("\"{}\"", "a".repeat(bytes));
        for fits in [nested(DEPTH), list(MEMBERS), object(MEMBERS), text(TEXT)] {
            assert_eq!(fault(&fits), None);
        }
        let lists = vec![list(MEMBERS - 1); 5].join(",");
        for more in [
            nested(DEPTH + 1),
            nested(200),
            list(MEMBERS + 1),
            object(MEMBERS + 1),
            text(TEXT + 1),
            format!("[{lists}]"),
        ] {
            assert_eq!(fault(&more), Some(ClearError::Limit));
        }
    }

    #[test]
    fn texts_and_numbers_are_texts() {
        let mut object =
            read(br#"{"a":"x","b":17000004771,"c":1.5,"d":null,"e":"","f":true}"#).unwrap_or(Json::Null);
        let Json::Object(object) = &mut object else { panic!("no object") };
        for (name, expected) in [
            ("a", Ok(Some("x"))),
            ("b", Ok(Some("17000004771"))),
            ("c", Ok(Some("1.5"))),
            ("d", Ok(None)),
            ("e", Ok(None)),
            ("f", Err(ClearError::Malformed)),
            ("g", Ok(None)),
        ] {
            assert_eq!(
                object.text(name).as_ref().map(Option::as_deref),
                expected.as_ref().copied(),
                "{name}"
            );
        }
    }
}
