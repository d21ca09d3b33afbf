//! The ids by which VCC clients know things.

pub(in crate::store) fn new_guid() -> String {
    uuid::Uuid::new_v4().to_string()
}
