//! The types of fields. Each reads a text or a JSON value, says what is wrong with it, and
//! describes itself.

use super::source::{FaultCode, Path, RawValue};
use crate::domain::{LAST_MOMENT, NotAMoment, Order, Timestamp, Word};
use serde_json::Value;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};

/// The most rows per page.
pub(in crate::admin) const MAX_PER_PAGE: u64 = 500;

/// The most items of one bulk request.
pub(in crate::admin) const MAX_ITEMS: usize = 1000;

pub(in crate::admin) trait FieldType {
    type Value;

    /// Reads it; `None` after an error, which was noted.
    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<Self::Value>;

    fn schema(&self) -> RefOr<Schema>;
}

pub(in crate::admin) fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String))
}

pub(super) fn built(object: ObjectBuilder) -> RefOr<Schema> {
    RefOr::T(Schema::Object(object.build()))
}

/// The text that was given; anything else is an error.
pub(super) fn text_of<'a>(value: RawValue<'a>, path: &mut Path<'_>) -> Option<&'a str> {
    match value {
        RawValue::Text(text) => Some(text),
        RawValue::Json(Value::String(text)) => Some(text),
        RawValue::Json(_) => path.must(FaultCode::Type, "be a string", value),
    }
}

/// One of a few words.
pub(in crate::admin) struct Choice(&'static [&'static str]);

pub(in crate::admin) fn choice(words: &'static [&'static str]) -> Choice {
    Choice(words)
}

impl FieldType for Choice {
    type Value = &'static str;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<&'static str> {
        let text = text_of(value, path)?;
        let found = self.0.iter().find(|word| **word == text);
        // A word that is empty would not be seen.
        let shown = |word: &&'static str| if word.is_empty() { "\"\"" } else { *word };
        let words = || self.0.iter().map(shown).collect::<Vec<_>>().join(", ");
        found
            .copied()
            .or_else(|| path.must(FaultCode::Choice, &format!("be one of {}", words()), value))
    }

    fn schema(&self) -> RefOr<Schema> {
        built(string().enum_values(Some(self.0.iter().copied())))
    }
}

pub(in crate::admin) struct OneOf<T>(PhantomData<fn() -> T>);

pub(in crate::admin) fn one_of<T: Word>() -> OneOf<T> {
    OneOf(PhantomData)
}

impl<T: Word> FieldType for OneOf<T> {
    type Value = T;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<T> {
        choice(T::NAMES).read(value, path).and_then(T::from_name)
    }

    fn schema(&self) -> RefOr<Schema> {
        choice(T::NAMES).schema()
    }
}

/// A field to sort by, with `-` before it for descending order.
pub(in crate::admin) struct Sort<K>(pub(super) PhantomData<fn() -> K>);

impl<K: Word> FieldType for Sort<K> {
    type Value = Order<K>;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<Order<K>> {
        Order::parse(text_of(value, path)?).or_else(|| {
            let rule = format!("be one of {}, each also with a - before it", K::NAMES.join(", "));
            path.must(FaultCode::Choice, &rule, value)
        })
    }

    fn schema(&self) -> RefOr<Schema> {
        let both = K::NAMES.iter().flat_map(|field| [(*field).to_owned(), format!("-{field}")]);
        built(string().enum_values(Some(both)))
    }
}

pub(in crate::admin) struct Flag;

/// `true` or `false`.
pub(in crate::admin) fn flag() -> Flag {
    Flag
}

impl FieldType for Flag {
    type Value = bool;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<bool> {
        match value {
            RawValue::Text("true") | RawValue::Json(Value::Bool(true)) => Some(true),
            RawValue::Text("false") | RawValue::Json(Value::Bool(false)) => Some(false),
            RawValue::Text(_) | RawValue::Json(_) => {
                path.must(FaultCode::Type, "be true or false", value)
            }
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        built(ObjectBuilder::new().schema_type(SchemaType::new(Type::Boolean)))
    }
}

/// A whole number.
pub(in crate::admin) struct Integer<T> {
    pub(super) least: T,
    pub(super) most: T,
    /// Whether a number outside of the limits is moved to the nearest instead of being refused.
    pub(super) clamped: bool,
}

/// A whole number within these limits.
pub(in crate::admin) fn integer<T>(limits: RangeInclusive<T>) -> Integer<T> {
    let (least, most) = limits.into_inner();
    Integer { least, most, clamped: false }
}

/// A decimal number of any length; it saturates.
fn whole_number(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let limit = if text.starts_with('-') { i128::MIN } else { i128::MAX };
    whole.then(|| text.parse().unwrap_or(limit))
}

impl<T: Copy + Into<u64>> Integer<T> {
    pub(in crate::admin) fn limited(&self) -> ObjectBuilder {
        let object = ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer));
        if self.clamped {
            return object;
        }
        let (least, most): (u64, u64) = (self.least.into(), self.most.into());
        object.minimum(Some(least as f64)).maximum(Some(most as f64))
    }
}

impl<T: Copy + Into<u64> + TryFrom<u64>> FieldType for Integer<T> {
    type Value = T;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<T> {
        let number = match value {
            RawValue::Text(text) => whole_number(text),
            // In JSON, 5.0 is the same number as 5.
            RawValue::Json(Value::Number(number)) => {
                let float = || number.as_f64().filter(|number| number.fract() == 0.0);
                whole_number(&number.to_string()).or_else(|| float().map(|number| number as i128))
            }
            RawValue::Json(_) => None,
        };
        let Some(number) = number else {
            return path.must(FaultCode::Type, "be a whole number", value);
        };
        let (least, most): (u64, u64) = (self.least.into(), self.most.into());
        let nearest = number.clamp(least.into(), most.into());
        if self.clamped || nearest == number {
            // It lies between two values of the type, so it fits.
            return u64::try_from(nearest).ok()?.try_into().ok();
        }
        path.must(FaultCode::Range, &format!("be from {least} to {most}"), value)
    }

    fn schema(&self) -> RefOr<Schema> {
        built(self.limited())
    }
}

pub(in crate::admin) struct Moment;

/// A moment in time, as in RFC 3339.
pub(in crate::admin) fn moment() -> Moment {
    Moment
}

impl FieldType for Moment {
    type Value = Timestamp;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<Timestamp> {
        let text = text_of(value, path)?;
        let restored = if let RawValue::Text(text) = value { with_plus(text) } else { None };
        match Timestamp::parse_moment(restored.as_deref().unwrap_or(text)) {
            Ok(moment) => Some(moment),
            Err(NotAMoment::TooLate) => {
                path.must(FaultCode::Range, &format!("not be later than {LAST_MOMENT}"), value)
            }
            Err(NotAMoment::Form) => {
                let rule = "be a moment such as 2026-03-03T15:10:00Z or 2026-03-03T23:10:00+08:00";
                path.must(FaultCode::Moment, rule, value)
            }
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        built(string().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))))
    }
}

/// A moment of a query whose offset has lost its `+`: in a query, `+` means a space.
fn with_plus(text: &str) -> Option<String> {
    let (moment, offset) = text.rsplit_once(' ')?;
    (moment.contains(':') && offset.contains(':')).then(|| format!("{moment}+{offset}"))
}

/// A value that is converted.
pub(in crate::admin) struct Made<T, F>(F, PhantomData<T>);

/// A value, converted into a type of the domain.
pub(in crate::admin) fn made<T, F: FieldType>(field_type: F) -> Made<T, F>
where
    F::Value: Into<T>,
{
    Made(field_type, PhantomData)
}

impl<T, F: FieldType> FieldType for Made<T, F>
where
    F::Value: Into<T>,
{
    type Value = T;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<T> {
        self.0.read(value, path).map(Into::into)
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}

/// A value or `null`.
pub(in crate::admin) struct Nullable<T>(T);

/// A value, or `null` for none.
pub(in crate::admin) fn nullable<T: FieldType>(field_type: T) -> Nullable<T> {
    Nullable(field_type)
}

impl<T: FieldType> FieldType for Nullable<T> {
    type Value = Option<T::Value>;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<Option<T::Value>> {
        match value {
            RawValue::Json(Value::Null) => Some(None),
            value => self.0.read(value, path).map(Some),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        match self.0.schema() {
            RefOr::T(Schema::Object(mut object)) => {
                if let SchemaType::Type(only) = object.schema_type {
                    object.schema_type = SchemaType::from_iter([only, Type::Null]);
                }
                RefOr::T(Schema::Object(object))
            }
            other => other,
        }
    }
}

pub(in crate::admin) struct List<T> {
    entries: T,
    least: usize,
    most: usize,
}

/// A list of `least` to `most` values.
pub(in crate::admin) fn list<T: FieldType>(entries: T, least: usize, most: usize) -> List<T> {
    List { entries, least, most }
}

impl<T: FieldType> FieldType for List<T> {
    type Value = Vec<T::Value>;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<Vec<T::Value>> {
        let RawValue::Json(Value::Array(values)) = value else {
            return path.must(FaultCode::Type, "be a list", value);
        };
        if !(self.least..=self.most).contains(&values.len()) {
            let rule = format!("have {} to {} entries", self.least, self.most);
            return path.must(FaultCode::Length, &rule, values.len());
        }
        // Every entry is read, also behind one that is wrong, so that all errors are reported.
        let read: Vec<Option<T::Value>> = values
            .iter()
            .enumerate()
            .map(|(at, value)| self.entries.read(RawValue::Json(value), &mut path.entry(at)))
            .collect();
        read.into_iter().collect()
    }

    fn schema(&self) -> RefOr<Schema> {
        let array = ArrayBuilder::new()
            .items(self.entries.schema())
            .min_items(Some(self.least))
            .max_items(Some(self.most));
        RefOr::T(Schema::Array(array.build()))
    }
}
