//! Whether a field must be given, and what its absence means.

use super::source::{Path, RawValue};
use super::types::{FieldType, Sort};
use crate::domain::{Order, Word};
use std::convert::identity;
use std::marker::PhantomData;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// A field, as it is declared.
pub(in crate::admin) trait Field {
    type Value;

    /// Whether the field must be given.
    fn is_required(&self) -> bool;

    /// Reads what was given, which a query may do more than once; `None` after an error, which was
    /// noted.
    fn read(self, values: &[RawValue<'_>], path: &mut Path<'_>) -> Option<Self::Value>;

    fn schema(&self) -> RefOr<Schema>;
}

/// A field of one value: its type, what becomes of the value, and what its absence means.
pub(in crate::admin) struct Single<T: FieldType, V> {
    field_type: T,
    given: fn(T::Value) -> V,
    absent: Option<V>,
}

/// A field that must be given.
pub(in crate::admin) fn required<T: FieldType>(field_type: T) -> Single<T, T::Value> {
    Single { field_type, given: identity, absent: None }
}

/// A field that may be absent.
pub(in crate::admin) fn optional<T: FieldType>(field_type: T) -> Single<T, Option<T::Value>> {
    Single { field_type, given: Some, absent: Some(None) }
}

/// A field that has a default.
pub(in crate::admin) fn default<T: FieldType>(
    field_type: T,
    value: T::Value,
) -> Single<T, T::Value> {
    Single { field_type, given: identity, absent: Some(value) }
}

/// The order of a list: the natural one by default.
pub(in crate::admin) fn sort<K: Word + Default>() -> Single<Sort<K>, Order<K>> {
    default(Sort(PhantomData), Order::default())
}

impl<T: FieldType, V> Field for Single<T, V> {
    type Value = V;

    fn is_required(&self) -> bool {
        self.absent.is_none()
    }

    fn read(self, values: &[RawValue<'_>], path: &mut Path<'_>) -> Option<V> {
        match values {
            [] => self.absent.or_else(|| path.missing()),
            [value] => self.field_type.read(*value, path).map(self.given),
            _ => path.repeated(),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        self.field_type.schema()
    }
}
