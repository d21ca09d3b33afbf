//! Users of instances.

use super::{InstanceId, RamId, UserId};

/// Where a user works; the vendor's names.
pub const WORK_MODES: [&str; 3] = ["ON_SITE", "OFF_SITE", "OFFICE_PHONE"];

/// A user, as the faces show him.
#[derive(Clone, Debug)]
pub struct User {
    /// `<login name>@<instance id>`.
    pub user_id: UserId,
    /// His instance.
    pub instance_id: InstanceId,
    /// His RAM user.
    pub ram_id: RamId,
    /// His login name.
    pub login_name: String,
    /// `Admin`, `Manager` or `Agent`.
    pub role: String,
    /// Digits, or empty.
    pub extension: String,
    /// What people call him.
    pub display_name: String,
    /// His e-mail address.
    pub email: String,
    /// His mobile number.
    pub mobile: String,
    /// `ON_SITE`, `OFF_SITE` or `OFFICE_PHONE`.
    pub work_mode: String,
}
