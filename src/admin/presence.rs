//! What the absence of a field means: it must be there, it may be absent, or it has a value then.

use super::fields::{Given, Spot};
use super::kinds::Kind;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{RefOr, Required};

/// A field: a kind, and what its absence means.
pub(super) trait Field {
    /// What is read.
    type Value;

    /// Reads it; `None` when it is wrong, which was noted at the spot.
    fn read(&self, given: Option<Given<'_>>, spot: &mut Spot<'_>) -> Option<Self::Value>;

    /// Whether it must be there.
    fn required(&self) -> Required;

    /// Its schema.
    fn schema(&self) -> RefOr<Schema>;
}

/// Must be there.
pub(super) struct Must<K>(K);
/// May be absent.
pub(super) struct May<K>(K);
/// Has a value when it is absent.
pub(super) struct Else<K: Kind>(K, K::Value);

/// A field that must be there.
pub(super) fn must<K: Kind>(kind: K) -> Must<K> {
    Must(kind)
}

/// A field that may be absent.
pub(super) fn may<K: Kind>(kind: K) -> May<K> {
    May(kind)
}

/// A field that has a value when it is absent.
pub(super) fn or<K: Kind>(kind: K, value: K::Value) -> Else<K> {
    Else(kind, value)
}

impl<K: Kind> Field for Must<K> {
    type Value = K::Value;

    fn read(&self, given: Option<Given<'_>>, spot: &mut Spot<'_>) -> Option<K::Value> {
        match given {
            Some(given) => self.0.read(given, spot),
            None => spot.wrong("required", "It must be given."),
        }
    }

    fn required(&self) -> Required {
        Required::True
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}

impl<K: Kind> Field for May<K> {
    type Value = Option<K::Value>;

    fn read(&self, given: Option<Given<'_>>, spot: &mut Spot<'_>) -> Option<Option<K::Value>> {
        match given {
            Some(given) => self.0.read(given, spot).map(Some),
            None => Some(None),
        }
    }

    fn required(&self) -> Required {
        Required::False
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}

impl<K: Kind<Value: Clone>> Field for Else<K> {
    type Value = K::Value;

    fn read(&self, given: Option<Given<'_>>, spot: &mut Spot<'_>) -> Option<K::Value> {
        match given {
            Some(given) => self.0.read(given, spot),
            None => Some(self.1.clone()),
        }
    }

    fn required(&self) -> Required {
        Required::False
    }

    fn schema(&self) -> RefOr<Schema> {
        self.0.schema()
    }
}
