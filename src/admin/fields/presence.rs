//! Whether a field must be given, and what its absence means.

use super::source::{Path, RawValue};
use super::types::{FieldType, Sort};
use crate::domain::{Order, Word};
use std::marker::PhantomData;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// A field: a type, and what its absence means.
pub(in crate::admin) trait Field {
    type Value;

    /// Whether the field must be given.
    fn is_required(&self) -> bool;

    /// Reads it; `None` after an error, which was noted.
    fn read(&self, value: Option<RawValue<'_>>, path: &mut Path<'_>) -> Option<Self::Value>;

    /// Reads it from a query, where a name may be given more than once.
    fn read_query(&self, values: &[&str], path: &mut Path<'_>) -> Option<Self::Value> {
        match values {
            [] => self.read(None, path),
            [value] => self.read(Some(RawValue::Text(value)), path),
            _ => path.repeated(),
        }
    }

    fn schema(&self) -> RefOr<Schema>;
}

/// Must be given.
pub(in crate::admin) struct Required<T>(T);
/// May be absent.
pub(in crate::admin) struct Optional<T>(T);
/// Has a value when it is absent.
pub(in crate::admin) struct Default<T: FieldType>(T, T::Value);

/// A field that must be given.
pub(in crate::admin) fn required<T: FieldType>(field_type: T) -> Required<T> {
    Required(field_type)
}

/// A field that may be absent.
pub(in crate::admin) fn optional<T: FieldType>(field_type: T) -> Optional<T> {
    Optional(field_type)
}

/// A field that has a default.
pub(in crate::admin) fn default<T: FieldType>(field_type: T, value: T::Value) -> Default<T> {
    Default(field_type, value)
}

/// The order of a list: the natural one by default.
pub(in crate::admin) fn sort<K: Word + std::default::Default>() -> Default<Sort<K>> {
    default(Sort(PhantomData), Order::default())
}

impl<T: FieldType> Field for Required<T> {
    type Value = T::Value;

    fn is_required(&self) -> bool {
        true
    }

    fn read(&self, value: Option<RawValue<'_>>, path: &mut Path<'_>) -> Option<T::Value> {
        match value {
            Some(value) => self.0.read(value, path),
            None => path.missing(),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}

impl<T: FieldType> Field for Optional<T> {
    type Value = Option<T::Value>;

    fn is_required(&self) -> bool {
        false
    }

    fn read(&self, value: Option<RawValue<'_>>, path: &mut Path<'_>) -> Option<Option<T::Value>> {
        match value {
            Some(value) => self.0.read(value, path).map(Some),
            None => Some(None),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}

impl<T: FieldType<Value: Clone>> Field for Default<T> {
    type Value = T::Value;

    fn is_required(&self) -> bool {
        false
    }

    fn read(&self, value: Option<RawValue<'_>>, path: &mut Path<'_>) -> Option<T::Value> {
        match value {
            Some(value) => self.0.read(value, path),
            None => Some(self.1.clone()),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}
