//! JSON as clients write it, and as they read it.
//!
//! Numbers come as texts and texts as numbers, and one name has two spellings: the components of the platforms take it all, so
//! clients send it all. What is passed on (data, senders) is not taken apart here, but handed on as it stands in the message.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::{RawValue, Value};

use super::{Problem, Refused, RequestId};

/// Most characters of an id.
pub const ID_CHARACTERS: usize = 128;

/// Most characters of the name of a printer.
const NAME_CHARACTERS: usize = 256;

/// Most characters of an address.
const ADDRESS_CHARACTERS: usize = 2048;

/// An object of a message. Where a name stands twice the last one counts, as it does in JavaScript.
pub(super) struct Object<'a>(BTreeMap<String, &'a RawValue>);

/// The object that a message is, if all of it is sound: escapes that are no characters, numbers that are none, and what is
/// nested deeper than 128 are refused wherever they stand, since parts of the message are handed on unread.
fn message(text: &str) -> Option<Object<'_>> {
    serde_json::from_str::<Sound>(text).ok()?;
    Object::read(text)
}

/// A message, what it asks by its name, which stands under `command`, and how it would be refused, with as much of it as could be
/// read. The mark of the request stands under one of `ids`; there may be none.
#[expect(clippy::result_large_err, reason = "a request is larger")]
pub(super) fn begin<'a>(
    text: &'a str,
    ids: &[&'static str],
    command: &'static str,
) -> Result<(Object<'a>, String, Refused), Refused> {
    let message = message(text).ok_or(Refused::unread(Problem::Malformed))?;
    let id = message.get(ids).map(|raw| mark(raw.get()));
    let name = message.get(&[command]).and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    let refused = Refused {
        id: id.clone().flatten().map(RequestId).unwrap_or_default(),
        command: name.clone().filter(|name| is_id(name)).unwrap_or_default(),
        task: None,
        problem: Problem::Malformed,
    };
    let Some(name) = name else { return Err(refused) };
    if id == Some(None) {
        return Err(Refused { problem: Problem::Missing(ids[0]), ..refused });
    }
    Ok((message, name, refused))
}

impl<'a> Object<'a> {
    /// The object that a text is; the text must be a part of a [`message`].
    pub(super) fn read(text: &'a str) -> Option<Self> {
        text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok().map(Object))?
    }

    /// What stands under the first of these names that is there. `null` is not there.
    pub(super) fn get(&self, names: &[&'static str]) -> Option<&'a RawValue> {
        names.iter().find_map(|&name| self.0.get(name).copied().filter(|raw| raw.get() != "null"))
    }

    /// A text, or a number as the text it is.
    pub(super) fn text(&self, names: &[&'static str]) -> Result<Option<String>, Problem> {
        self.get(names).map(|raw| text(raw.get()).ok_or(Problem::Missing(names[0]))).transpose()
    }

    /// An id that must be there: short, not empty, without control characters.
    pub(super) fn id(&self, names: &[&'static str]) -> Result<String, Problem> {
        self.text(names)?.filter(|id| is_id(id)).ok_or(Problem::Missing(names[0]))
    }

    /// The name of a printer; none if it is empty.
    pub(super) fn printer(&self, names: &[&'static str]) -> Result<Option<String>, Problem> {
        let name = self.text(names)?.filter(|name| !name.is_empty());
        if name.as_ref().is_some_and(|name| !is_short(name, NAME_CHARACTERS)) {
            return Err(Problem::Missing(names[0]));
        }
        Ok(name)
    }

    /// The address of a template; none if it is empty.
    pub(super) fn address(&self, names: &[&'static str]) -> Result<Option<String>, Problem> {
        let address = self.text(names)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if address.as_ref().is_some_and(|address| !is_short(address, ADDRESS_CHARACTERS)) {
            return Err(Problem::Missing(names[0]));
        }
        Ok(address)
    }

    /// A whole number of at most 2³² − 1; an empty text is none.
    pub(super) fn count(&self, names: &[&'static str]) -> Result<Option<u32>, Problem> {
        let Some(text) = self.text(names)? else { return Ok(None) };
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        // `1.0` is how some write 1.
        text.strip_suffix(".0").unwrap_or(text).parse().map(Some).map_err(|_| Problem::Missing(names[0]))
    }

    /// A number; an empty text is none.
    pub(super) fn number(&self, names: &[&'static str]) -> Result<Option<f64>, Problem> {
        let Some(text) = self.text(names)? else { return Ok(None) };
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.map(Some).ok_or(Problem::Missing(names[0]))
    }

    /// Yes or no; an empty text is neither.
    pub(super) fn flag(&self, names: &[&'static str]) -> Result<Option<bool>, Problem> {
        let Some(raw) = self.get(names) else { return Ok(None) };
        match text(raw.get()).as_deref().unwrap_or(raw.get()) {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(Problem::Missing(names[0])),
        }
    }

    /// An object.
    pub(super) fn object(&self, names: &[&'static str]) -> Result<Option<Object<'a>>, Problem> {
        self.get(names).map(|raw| Object::read(raw.get()).ok_or(Problem::Missing(names[0]))).transpose()
    }

    /// A list.
    pub(super) fn list(&self, names: &[&'static str]) -> Result<Option<Vec<&'a RawValue>>, Problem> {
        let read =
            |raw: &'a RawValue| serde_json::from_str(raw.get()).map_err(|_| Problem::Missing(names[0]));
        self.get(names).map(read).transpose()
    }

    /// Ids: a list of them, or one.
    pub(super) fn ids(&self, names: &[&'static str], most: usize) -> Result<Vec<String>, Problem> {
        let raw = self.get(names).ok_or(Problem::Missing(names[0]))?;
        let list = if raw.get().starts_with('[') { self.list(names)?.unwrap_or_default() } else { vec![raw] };
        if list.len() > most {
            return Err(Problem::Missing(names[0]));
        }
        let id = |raw: &RawValue| text(raw.get()).filter(|id| is_id(id)).ok_or(Problem::Missing(names[0]));
        list.into_iter().map(id).collect()
    }

    /// The JSON of an object or a list, as it stands; also if it is wrapped into a text once more.
    pub(super) fn json(&self, names: &[&'static str]) -> Result<Option<String>, Problem> {
        self.get(names).map(|raw| json(raw.get()).ok_or(Problem::Missing(names[0]))).transpose()
    }
}

/// The JSON of an object or a list, as it stands, or as it stands in a text.
pub(super) fn json(raw: &str) -> Option<String> {
    let holds = |text: &str| text.starts_with(['{', '[']);
    if holds(raw) {
        return Some(raw.to_owned());
    }
    let inner: String = serde_json::from_str(raw).ok()?;
    let inner = inner.trim();
    (holds(inner) && serde_json::from_str::<Sound>(inner).is_ok()).then(|| inner.to_owned())
}

/// Whether JSON is an object, or a list, in which nothing is said: `{"sender":{"name":""}}`.
pub(super) fn says_nothing(json: &str) -> bool {
    fn empty(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Bool(_) | Value::Number(_) => false,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(list) => list.iter().all(empty),
            Value::Object(members) => members.values().all(empty),
        }
    }
    serde_json::from_str(json).is_ok_and(|value| empty(&value))
}

/// Whether this may be an id.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && is_short(text, ID_CHARACTERS)
}

fn is_short(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(char::is_control)
}

/// A text, or a number as the text it is.
pub(super) fn text(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'-' | b'0'..=b'9' => Some(raw.to_owned()),
        _ => None,
    }
}

/// The mark of a request: a text that may be an id or is empty, or a number. A number that is not whole keeps its value
/// exactly, since clients make marks of random numbers and compare them.
pub(super) fn mark(raw: &str) -> Option<Value> {
    let text = text(raw)?;
    if raw.starts_with('"') {
        return (text.is_empty() || is_id(&text)).then_some(Value::String(text));
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    text.parse().ok().and_then(serde_json::Number::from_f64).map(Value::Number)
}

/// JSON that is sound throughout. Reading into [`RawValue`] looks at the brackets and no further.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Sound)
    }
}

impl<'de> Visitor<'de> for Sound {
    type Value = Sound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Sound, E> {
        if number.is_finite() { Ok(Sound) } else { Err(E::custom("a number")) }
    }

    fn visit_str<E>(self, _: &str) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_unit<E>(self) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Sound, A::Error> {
        while list.next_element::<Sound>()?.is_some() {}
        Ok(Sound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Sound, A::Error> {
        while members.next_entry::<Sound, Sound>()?.is_some() {}
        Ok(Sound)
    }
}

/// What is answered: JSON whose members stand in the order in which they were put.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Value(Value),
    List(Vec<Answer>),
    Object(Vec<(Cow<'static, str>, Answer)>),
}

impl Answer {
    /// An object without members.
    pub(super) const fn object() -> Self {
        Answer::Object(Vec::new())
    }

    /// The object with a member more.
    pub(super) fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Answer>) -> Self {
        if let Answer::Object(members) = &mut self {
            members.push((name.into(), value.into()));
        }
        self
    }

    /// The object with a member more, if there is a value for it.
    pub(super) fn maybe(self, name: &'static str, value: Option<impl Into<Answer>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The object with the members of another.
    pub(super) fn join(mut self, other: Answer) -> Self {
        if let (Answer::Object(members), Answer::Object(others)) = (&mut self, other) {
            members.extend(others);
        }
        self
    }

    /// One line of strict JSON. Some clients read it with `eval`, for which U+2028 and U+2029 end a line (ECMA-262 before
    /// 2019, 7.3), so they are escaped.
    pub(super) fn line(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        if text.contains(['\u{2028}', '\u{2029}']) {
            text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
        } else {
            text
        }
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Answer::Value(value) => value.serialize(serializer),
            Answer::List(list) => list.serialize(serializer),
            Answer::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

macro_rules! values {
    ($($type:ty),+) => {
        $(impl From<$type> for Answer {
            fn from(value: $type) -> Self {
                Answer::Value(value.into())
            }
        })+
    };
}

values!(&str, String, bool, u8, u32, u64, f64, Value);

impl From<Vec<Answer>> for Answer {
    fn from(list: Vec<Answer>) -> Self {
        Answer::List(list)
    }
}

impl From<&[String]> for Answer {
    fn from(list: &[String]) -> Self {
        Answer::List(list.iter().map(|text| text.as_str().into()).collect())
    }
}
