//! A vendor's JSON, parsed while it arrives and kept up to a limit: parsed, it may take fifty times
//! as much memory as it had bytes.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt::{self, Formatter};
use std::io::{BufReader, Read};

/// The most memory that is taken for an answer. The largest that is needed is a page of a hundred
/// users of CCC, each with all their numbers: some 1,600 each have room.
pub(super) const MOST: usize = 256 << 20;

/// A field that nothing is read from, and that is the longest of all: CCC shows an instance with
/// all its numbers, and lists these by themselves too.
const UNREAD: &str = "NumberList";

/// What a value takes in a list, which grows by doubling.
const PLACE: usize = 2 * size_of::<Value>();

/// The memory that fields take: bytes, for this many of them at a time.
const NODE: (usize, usize) = (640, 6);

/// Reads a value, and nothing may come after it. An error of the kind `Data` means that it would
/// take more than the limit.
pub(super) fn read(from: impl Read) -> serde_json::Result<Value> {
    read_within(MOST, from)
}

fn read_within(most: usize, from: impl Read) -> serde_json::Result<Value> {
    let left = Cell::new(most);
    let mut text = serde_json::Deserializer::from_reader(BufReader::new(from));
    let value = Kept(&left).deserialize(&mut text)?;
    text.end()?;
    Ok(value)
}

/// Keeps a value as long as there is memory left.
#[derive(Clone, Copy)]
struct Kept<'a>(&'a Cell<usize>);

impl Kept<'_> {
    fn take<E: Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(bytes);
        self.0.set(left.ok_or_else(|| E::custom("it is too large"))?);
        Ok(())
    }

    fn take_text<E: Error>(self, text: &str) -> Result<(), E> {
        self.take(text.len().next_multiple_of(16))
    }
}

impl<'de> DeserializeSeed<'de> for Kept<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Kept<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.take_text(text)?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = from.next_element_seed(self)? {
            // The first one makes room for four.
            self.take(if list.is_empty() { 2 * PLACE } else { PLACE })?;
            list.push(value);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let (mut fields, (size, at_a_time)) = (Map::new(), NODE);
        while let Some(name) = from.next_key::<String>()? {
            if name == UNREAD {
                from.next_value::<serde::de::IgnoredAny>()?;
                continue;
            }
            if fields.len() % at_a_time == 0 {
                self.take(size)?;
            }
            self.take_text(&name)?;
            fields.insert(name, from.next_value_seed(self)?);
        }
        Ok(fields.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{PLACE, read, read_within};
    use serde_json::{Value, json};

    #[test]
    fn a_value_is_read_as_it_is_without_what_nothing_is_read_from() {
        let text = r#"{"a": [1, -2, 0.5, true, null, "\u00e9", {}], "NumberList": [{"b": [1]}], "c": {"d": "e"}}"#;
        let kept = json!({"a": [1, -2, 0.5, true, null, "é", {}], "c": {"d": "e"}});
        assert_eq!(read(text.as_bytes()).unwrap(), kept);
        for (text, is_early) in
            [("{\"a\": [1", true), ("", true), ("<html>", false), ("1 2", false)]
        {
            let error = read(text.as_bytes()).unwrap_err();
            assert_eq!((error.is_eof(), error.is_data()), (is_early, false), "{text}");
        }
    }

    #[test]
    fn what_would_take_more_than_the_limit_is_refused_while_it_is_read() {
        const MANY: usize = 10_000;
        const MOST: usize = (MANY + 1) * PLACE;
        let list =
            |element: &str, count: usize| format!("[{}1]", format!("{element},").repeat(count));
        let read = |text: &str| read_within(MOST, text.as_bytes());
        assert_eq!(read(&list("0", MANY - 1)).unwrap()[0], 0);
        let long = format!("\"{}\"", "x".repeat(MOST + 1));
        for text in [list("0", MANY), list(r#"{"a":0}"#, MOST / 640), list("[[]]", MANY / 2), long]
        {
            assert!(read(&text).unwrap_err().is_data());
        }
        let unread = format!(r#"{{"NumberList":{}}}"#, list("0", MANY));
        assert_eq!(read(&unread).unwrap(), Value::Object(serde_json::Map::new()));
    }
}
