//! JSON read strictly: no duplicate members, no unknown members, no `null` for an absent member, nothing before or
//! after the value, and no array in the place of an object.
//!
//! `serde`'s derived structs already refuse duplicates and, with `deny_unknown_fields`, unknown members.
//! They do accept an array of the members' values in the place of an object; [`AsObject`] closes that.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The bytes are not what the format asks for. What was wrong is not said: it might be personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed")]
pub struct Malformed;

/// Reads one JSON value that fills the bytes from the first to the last.
///
/// # Errors
/// [`Malformed`] if the bytes are not UTF-8 or not such a value.
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Malformed> {
    // The parser itself would skip white space around the value.
    match (bytes.first(), bytes.last()) {
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')) => {}
        _ => return Err(Malformed),
    }
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    let value = T::deserialize(AsObject(&mut parser)).map_err(|_| Malformed)?;
    parser.end().map_err(|_| Malformed)?;
    Ok(value)
}

/// A deserializer that lets a struct be an object only, where JSON parsers would also take an array.
pub struct AsObject<D>(pub D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for AsObject<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// For `#[serde(deserialize_with)]`: a struct that must be an object.
///
/// # Errors
/// Those of the deserializer.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(AsObject(deserializer))
}

/// For `#[serde(default, deserialize_with)]`: an optional member that is left out when absent, and never `null`.
///
/// # Errors
/// Those of the deserializer.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(AsObject(deserializer)).map(Some)
}

/// For `#[serde(deserialize_with)]`: an array of structs that must be objects.
///
/// # Errors
/// Those of the deserializer.
pub fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Objects<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Objects<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of objects")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut values = Vec::new();
            while let Some(Object(value)) = items.next_element()? {
                values.push(value);
            }
            Ok(values)
        }
    }

    deserializer.deserialize_seq(Objects(PhantomData))
}

/// An element of an array that must be an object.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        a: u32,
    }

    #[derive(Debug, PartialEq, Eq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(deserialize_with = "object")]
        one: Inner,
        #[serde(default, deserialize_with = "present")]
        maybe: Option<Inner>,
        #[serde(default, deserialize_with = "objects")]
        many: Vec<Inner>,
    }

    #[test]
    fn objects_are_read() {
        let outer: Outer = from_slice(br#"{"one":{"a":1},"maybe":{"a":2},"many":[{"a":3}]}"#).unwrap();
        assert_eq!(
            outer,
            Outer { one: Inner { a: 1 }, maybe: Some(Inner { a: 2 }), many: vec![Inner { a: 3 }] }
        );
        assert!(from_slice::<Outer>(br#"{"one":{"a":1}}"#).is_ok());
    }

    #[test]
    fn everything_else_is_refused() {
        for (defect, text) in [
            ("empty", ""),
            ("white space before", r#" {"one":{"a":1}}"#),
            ("white space after", "{\"one\":{\"a\":1}}\n"),
            ("two values", r#"{"one":{"a":1}}{}"#),
            ("array for the object", "[[1]]"),
            ("array for an inner object", r#"{"one":[1]}"#),
            ("array for an optional object", r#"{"one":{"a":1},"maybe":[2]}"#),
            ("array for an element", r#"{"one":{"a":1},"many":[[3]]}"#),
            ("null for an absent member", r#"{"one":{"a":1},"maybe":null}"#),
            ("null for an array", r#"{"one":{"a":1},"many":null}"#),
            ("duplicate", r#"{"one":{"a":1},"one":{"a":1}}"#),
            ("duplicate inside", r#"{"one":{"a":1,"a":1}}"#),
            ("duplicate by an escape", r#"{"one":{"a":1,"\u0061":1}}"#),
            ("unknown", r#"{"one":{"a":1},"b":1}"#),
            ("unknown inside", r#"{"one":{"a":1,"b":1}}"#),
            ("float", r#"{"one":{"a":1.0}}"#),
            ("negative", r#"{"one":{"a":-1}}"#),
            ("too large", r#"{"one":{"a":4294967296}}"#),
            ("text", r#"{"one":{"a":"1"}}"#),
        ] {
            assert_eq!(from_slice::<Outer>(text.as_bytes()), Err(Malformed), "{defect}");
        }
    }
}
