//! JSON as callers send it: a byte order mark before it is skipped (RFC 8259 §8.1), and a member
//! that an object has twice is an error, where other parsers silently take one of the two.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Why a text can't be read.
#[derive(Debug)]
pub enum JsonError {
    /// It is not JSON.
    Syntax(serde_json::Error),
    /// Members that are given more than once: a JSON pointer to each.
    Repeated(Vec<String>),
}

impl fmt::Display for JsonError {
    /// Without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Repeated(pointers) => {
                write!(f, "{} is given more than once", pointers.join(", "))
            }
        }
    }
}

/// The text without the byte order mark that Windows programs put before it.
pub fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Reads a whole text.
pub fn read(text: &[u8]) -> Result<Value, JsonError> {
    let mut repeated = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(without_bom(text));
    let seed = Unique { pointer: String::new(), repeated: &mut repeated };
    let value = seed.deserialize(&mut deserializer).map_err(JsonError::Syntax)?;
    deserializer.end().map_err(JsonError::Syntax)?;
    if repeated.is_empty() { Ok(value) } else { Err(JsonError::Repeated(repeated)) }
}

/// The value at a pointer.
struct Unique<'a> {
    pointer: String,
    repeated: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let pointer = format!("{}/{}", self.pointer, values.len());
            match entries.next_element_seed(Unique { pointer, repeated: &mut *self.repeated })? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let escaped = name.replace('~', "~0").replace('/', "~1");
            let pointer = format!("{}/{escaped}", self.pointer);
            if object.contains_key(&name) {
                self.repeated.push(pointer.clone());
            }
            let inner = Unique { pointer, repeated: &mut *self.repeated };
            object.insert(name, members.next_value_seed(inner)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonError, read};
    use serde_json::json;

    #[test]
    fn a_text_is_read_whole_with_or_without_a_byte_order_mark() {
        let expected = json!({ "a": [1, -2, 0.5, "é\u{1}", null, true, {}], "b": { "a": [] } });
        let text = expected.to_string();
        for text in [text.clone(), format!(" {text}\n"), format!("\u{feff}{text}")] {
            assert_eq!(read(text.as_bytes()).ok(), Some(expected.clone()), "{text}");
        }
        for number in ["18446744073709551615", "1e300"] {
            let expected = serde_json::from_str(number).ok();
            assert_eq!(read(number.as_bytes()).ok(), expected, "{number}");
        }
    }

    #[test]
    fn every_member_that_is_given_more_than_once_is_named() {
        let read =
            read(br#"{"a": 1, "items": [{"b/c": 1, "b\u002fc": 1}], "a": 2, "b": {"a": 1}}"#);
        let error = read.expect_err("it is read");
        assert_eq!(error.to_string(), "/items/0/b~1c, /a is given more than once");
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = "[".repeat(200);
        for text in ["", "{", "{}{}", "[1,]", "{\"a\" 1}", "\u{feff}\u{feff}{}", "nul", &deep] {
            assert!(matches!(read(text.as_bytes()), Err(JsonError::Syntax(_))), "{text}");
        }
    }
}
