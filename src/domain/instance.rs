//! Instances.

use super::InstanceId;

/// An instance, as the faces show it.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its id, which is its domain name too.
    pub instance_id: InstanceId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `CREATING`, `RUNNING`, `STOPPED` or `RELEASED`.
    pub status: String,
    /// When it was created, in milliseconds since the epoch.
    pub created_at: i64,
}
