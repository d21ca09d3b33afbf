//! The ids by which VCC clients know things.

/// A new one. It begins with the time, so that the index of these ids grows at its end.
pub(in crate::store) fn new_guid() -> String {
    uuid::Uuid::now_v7().to_string()
}
