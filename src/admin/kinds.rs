//! The kinds of field. Each reads a text or a JSON value, says what is wrong with it, and describes
//! itself.

use super::fields::{Fields, Given, Reader, Source, Spot};
pub(super) use super::presence::{Else, Field, may, must, or};
pub(super) use super::shapes::{email, group_name, instance_id, login_name, phone_number};
use crate::domain::Timestamp;
pub(super) use crate::domain::text::is_control;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};

/// The most rows on a page.
pub(super) const MOST_PER_PAGE: u64 = 500;

/// The most items of one bulk request.
pub(super) const MOST_ITEMS: usize = 1000;

/// A kind of value.
pub(super) trait Kind {
    /// What is read.
    type Value;

    /// Reads it; `None` when it is wrong, which was noted at the spot.
    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<Self::Value>;

    /// Its schema.
    fn schema(&self) -> RefOr<Schema>;
}

// The kinds
// ----------------------------------------------------------------------------------------------------------

/// What has no control character, as a pattern.
pub(super) const NO_CONTROL: &str = r"^[^\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]*$";

/// The schema of a string.
pub(super) fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String))
}

/// A finished schema.
pub(super) fn built(object: ObjectBuilder) -> RefOr<Schema> {
    RefOr::T(Schema::Object(object.build()))
}

/// The text that was given; anything else is wrong.
pub(super) fn text_of<'a>(given: Given<'a>, spot: &mut Spot<'_>) -> Option<&'a str> {
    match given {
        Given::Text(text) => Some(text),
        Given::Json(Value::String(text)) => Some(text),
        Given::Json(_) => spot.wrong("type", "It must be a string."),
    }
}

/// Text of so many characters.
pub(super) struct Text {
    least: usize,
    most: usize,
}

/// Text of `least` to `most` characters, none of them a control character.
pub(super) fn text(least: usize, most: usize) -> Text {
    Text { least, most }
}

/// The id of something.
pub(super) fn id() -> Text {
    text(1, 128)
}

/// What is looked for.
pub(super) fn pattern() -> Text {
    text(1, 64)
}

impl Kind for Text {
    type Value = String;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<String> {
        let text = text_of(given, spot)?;
        let length = text.chars().count();
        if text.contains(is_control) {
            return spot.wrong("characters", "It must not hold control characters.");
        }
        if length < self.least || length > self.most {
            return spot.wrong(
                "length",
                format!("It must have {} to {} characters, not {length}.", self.least, self.most),
            );
        }
        Some(text.to_owned())
    }

    fn schema(&self) -> RefOr<Schema> {
        built(
            string()
                .min_length(Some(self.least))
                .max_length(Some(self.most))
                .pattern(Some(NO_CONTROL)),
        )
    }
}

/// One of a few words.
pub(super) struct Choice(&'static [&'static str]);

/// One of these words.
pub(super) fn choice(words: &'static [&'static str]) -> Choice {
    Choice(words)
}

impl Kind for Choice {
    type Value = &'static str;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<&'static str> {
        let text = text_of(given, spot)?;
        match self.0.iter().find(|word| **word == text) {
            Some(word) => Some(word),
            None => spot.wrong("choice", format!("It must be one of {}.", self.0.join(", "))),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        built(string().enum_values(Some(self.0.iter().copied())))
    }
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// One of the fields declared.
    pub(super) field: &'static str,
    /// The last first.
    pub(super) backward: bool,
}

/// A field to sort by, with `-` before it for the last first.
pub(super) struct Sort(&'static [&'static str]);

/// Sorting by one of these fields; by the first when nothing is said.
pub(super) fn sort(fields: &'static [&'static str]) -> Else<Sort> {
    or(Sort(fields), Order { field: fields.first().copied().unwrap_or_default(), backward: false })
}

impl Kind for Sort {
    type Value = Order;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<Order> {
        let text = text_of(given, spot)?;
        let (name, backward) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        match self.0.iter().find(|field| **field == name) {
            Some(field) => Some(Order { field, backward }),
            None => spot.wrong(
                "choice",
                format!(
                    "It must be one of {}, or one of them with a - before it.",
                    self.0.join(", ")
                ),
            ),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        built(string().enum_values(Some(
            self.0.iter().flat_map(|field| [(*field).to_owned(), format!("-{field}")]),
        )))
    }
}

/// Yes or no.
pub(super) struct Flag;

/// `true` or `false`.
pub(super) fn flag() -> Flag {
    Flag
}

impl Kind for Flag {
    type Value = bool;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<bool> {
        match given {
            Given::Text("true") | Given::Json(Value::Bool(true)) => Some(true),
            Given::Text("false") | Given::Json(Value::Bool(false)) => Some(false),
            Given::Text(_) | Given::Json(_) => spot.wrong("type", "It must be true or false."),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        built(ObjectBuilder::new().schema_type(SchemaType::new(Type::Boolean)))
    }
}

/// A whole number.
pub(super) struct Integer {
    least: u64,
    most: u64,
    clamped: bool,
}

/// A whole number within these limits.
pub(super) fn integer(least: u64, most: u64) -> Integer {
    Integer { least, most, clamped: false }
}

/// Which page, counted from 1; moved into the limits.
pub(super) fn page() -> Else<Integer> {
    or(Integer { least: 1, most: u64::from(u32::MAX), clamped: true }, 1)
}

/// Rows on a page; moved into the limits.
pub(super) fn per_page() -> Else<Integer> {
    or(Integer { least: 1, most: MOST_PER_PAGE, clamped: true }, 50)
}

impl Integer {
    /// A decimal number of any length; one beyond what the machine counts is as good as the
    /// greatest.
    fn of_text(text: &str) -> Option<i128> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| {
            text.parse().unwrap_or(if text.starts_with('-') { i128::MIN } else { i128::MAX })
        })
    }
}

impl Kind for Integer {
    type Value = u64;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<u64> {
        let number = match given {
            Given::Text(text) => Self::of_text(text),
            // To JSON 5.0 is as whole as 5.
            Given::Json(Value::Number(number)) => {
                Self::of_text(number.to_string().strip_suffix(".0").unwrap_or(&number.to_string()))
            }
            Given::Json(_) => None,
        };
        let Some(number) = number else { return spot.wrong("type", "It must be a whole number.") };
        let inside = u64::try_from(number.clamp(i128::from(self.least), i128::from(self.most)))
            .unwrap_or(self.least);
        if self.clamped || i128::from(inside) == number {
            return Some(inside);
        }
        spot.wrong("range", format!("It must be from {} to {}.", self.least, self.most))
    }

    fn schema(&self) -> RefOr<Schema> {
        let object = ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer));
        built(if self.clamped {
            object
        } else {
            object.minimum(Some(self.least as f64)).maximum(Some(self.most as f64))
        })
    }
}

/// A moment.
pub(super) struct Moment;

/// A moment, as RFC 3339 writes it.
pub(super) fn moment() -> Moment {
    Moment
}

impl Kind for Moment {
    type Value = Timestamp;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<Timestamp> {
        let text = text_of(given, spot)?;
        match Timestamp::parse_moment(text) {
            Some(moment) => Some(moment),
            None => spot.wrong(
                "moment",
                "It must be a moment as in 2026-03-03T15:10:00Z or 2026-03-03T23:10:00+08:00.",
            ),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        built(string().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))))
    }
}

/// A value or `null`.
pub(super) struct Nullable<K>(K);

/// A value, or `null` for none.
pub(super) fn nullable<K: Kind>(kind: K) -> Nullable<K> {
    Nullable(kind)
}

impl<K: Kind> Kind for Nullable<K> {
    type Value = Option<K::Value>;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<Option<K::Value>> {
        match given {
            Given::Json(Value::Null) => Some(None),
            given => self.0.read(given, spot).map(Some),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        match self.0.schema() {
            RefOr::T(Schema::Object(mut object)) => {
                if let SchemaType::Type(kind) = object.schema_type {
                    object.schema_type = SchemaType::from_iter([kind, Type::Null]);
                }
                RefOr::T(Schema::Object(object))
            }
            other => other,
        }
    }
}

/// Several values.
pub(super) struct List<K> {
    kind: K,
    least: usize,
    most: usize,
}

/// `least` to `most` values.
pub(super) fn list<K: Kind>(kind: K, least: usize, most: usize) -> List<K> {
    List { kind, least, most }
}

impl<K: Kind> Kind for List<K> {
    type Value = Vec<K::Value>;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<Vec<K::Value>> {
        let Given::Json(Value::Array(values)) = given else {
            return spot.wrong("type", "It must be a list.");
        };
        if values.len() < self.least || values.len() > self.most {
            return spot.wrong(
                "length",
                format!(
                    "It must have {} to {} entries, not {}.",
                    self.least,
                    self.most,
                    values.len()
                ),
            );
        }
        let read: Vec<Option<K::Value>> = values
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let mut inner = Spot {
                    place: spot.place,
                    pointer: format!("{}/{at}", spot.pointer),
                    faults: spot.faults,
                };
                self.kind.read(Given::Json(value), &mut inner)
            })
            .collect();
        read.into_iter().collect()
    }

    fn schema(&self) -> RefOr<Schema> {
        let array = ArrayBuilder::new()
            .items(self.kind.schema())
            .min_items(Some(self.least))
            .max_items(Some(self.most));
        RefOr::T(Schema::Array(array.build()))
    }
}

/// An object with fields of its own.
pub(super) struct Inner<T>(std::marker::PhantomData<T>);

/// An object with fields of its own.
pub(super) fn inner<T: Fields>() -> Inner<T> {
    Inner(std::marker::PhantomData)
}

impl<T: Fields> Kind for Inner<T> {
    type Value = T;

    fn read(&self, given: Given<'_>, spot: &mut Spot<'_>) -> Option<T> {
        let Given::Json(Value::Object(object)) = given else {
            return spot.wrong("type", "It must be an object.");
        };
        T::read(Reader::within(Source::Body(object), spot.pointer.clone(), spot.faults))
    }

    fn schema(&self) -> RefOr<Schema> {
        RefOr::T(Schema::Object(T::object()))
    }
}
