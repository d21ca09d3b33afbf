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

/// A user with what VCC clients see of him.
#[derive(Clone, Debug)]
pub struct UserProfile {
    /// `<login name>@<instance id>`.
    pub user_id: UserId,
    /// The id that VCC clients know him by.
    pub user_guid: String,
    /// His login name.
    pub login_name: String,
    /// `Admin`, `Manager` or `Agent`.
    pub role: String,
    /// What people call him.
    pub display_name: String,
    /// His e-mail address.
    pub email: String,
    /// Digits, or empty.
    pub extension: String,
    /// His display id, or empty.
    pub display_id: String,
    /// Whether he still works here; else he is archived.
    pub active: bool,
    /// Whether he is locked out.
    pub locked: bool,
    /// His default among his own numbers.
    pub selected_callback_number_id: Option<String>,
    /// Whether clients are kept from choosing among his numbers for him.
    pub prevent_auto_callback_number: bool,
    /// Milliseconds since the epoch.
    pub last_login_at: Option<i64>,
}

impl UserProfile {
    /// Whether he takes and makes calls: by his role, or because he has a display id.
    pub fn is_agent(&self) -> bool {
        self.role == "Agent" || !self.display_id.is_empty()
    }
}
