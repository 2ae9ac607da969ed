//! JSON read strictly: no duplicate keys, bounded depth, and in notes whole numbers only.
//!
//! `serde_json` takes the last of two equal keys and other parsers the first: one signed text would
//! say two things. So duplicates are refused at every depth, before anything is looked at.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer as _};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::limits::{JSON_DEPTH, MAX_INTEGER};

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not acceptable JSON: {0}")]
pub struct JsonError(String);

/// Which numbers a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Whole numbers from 0 to 2^53 - 1: what notes hold.
    Natural,
    /// Whatever JSON allows and a double holds: what records hold.
    Any,
}

/// Parses one JSON text.
///
/// ```
/// # use engagement_protocol::json::{parse, Numbers};
/// assert!(parse(r#"{"a":1,"b":[2]}"#, Numbers::Natural).is_ok());
/// assert!(parse(r#"{"a":1,"a":2}"#, Numbers::Natural).is_err());
/// assert!(parse(r#"{"a":1.5}"#, Numbers::Natural).is_err());
/// ```
///
/// # Errors
///
/// [`JsonError`] if the text is no JSON, has duplicate keys, is nested deeper than
/// [`JSON_DEPTH`], or holds a number outside `numbers`.
pub fn parse(text: &str, numbers: Numbers) -> Result<Value, JsonError> {
    let mut from = serde_json::Deserializer::from_str(text);
    let value = Strict { depth: JSON_DEPTH, numbers }
        .deserialize(&mut from)
        .map_err(|error| JsonError(error.to_string()))?;
    from.end().map_err(|error| JsonError(error.to_string()))?;
    Ok(value)
}

/// Reads an object, or `null` as none.
///
/// Derived readers also take a list for an object, its items in the order of our source: no reader in
/// another language would. So whatever is nested goes through these three.
pub(crate) fn object<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Object<T>>::deserialize(from)?.map(|object| object.0))
}

/// Reads a list of objects, or `null` as an empty one.
pub(crate) fn objects<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let found = Option::<Vec<Object<T>>>::deserialize(from)?.unwrap_or_default();
    Ok(found.into_iter().map(|object| object.0).collect())
}

/// Reads one of several words, which a derived reader would also take as `{"word":null}`.
pub(crate) fn word<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(String::deserialize(from)?.into_deserializer())
}

/// What stands in an object, and in nothing else.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(from)).map(Object)
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
    numbers: Numbers,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| E::custom(format_args!("nested deeper than {JSON_DEPTH} levels")))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        if self.numbers == Numbers::Natural && value > MAX_INTEGER {
            return Err(E::custom("a number above 2^53 - 1"));
        }
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if self.numbers == Numbers::Natural {
            return Err(E::custom("a negative number"));
        }
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        if self.numbers == Numbers::Natural {
            return Err(E::custom("a number that is not whole"));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number without end"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            let value = from.next_value_seed(inner)?;
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("the same key twice in one object"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_duplicates_at_every_depth() {
        assert!(parse(r#"{"a":[{"b":1,"b":1}]}"#, Numbers::Any).is_err());
        assert!(parse(r#"{"a":1,"\u0061":2}"#, Numbers::Any).is_err());
    }

    #[test]
    fn refuses_depth_beyond_the_limit() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(JSON_DEPTH), Numbers::Any).is_ok());
        assert!(parse(&nested(JSON_DEPTH + 1), Numbers::Any).is_err());
    }

    #[test]
    fn refuses_what_parsers_read_differently() {
        for text in ["1e400", "{} {}", "{\"a\":9007199254740992}", "{\"a\":-1}", "{\"a\":1.0}", ""]
        {
            assert!(parse(text, Numbers::Natural).is_err(), "{text}");
        }
        assert!(parse("1e400", Numbers::Any).is_err());
    }
}
