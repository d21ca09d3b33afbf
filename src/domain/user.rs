//! Users of instances.

use super::{Email, InstanceId, RamId, Role, SkillGroupId, UserId};

/// Where a user works; the vendor's names, the first is the default.
pub const WORK_MODES: [&str; 3] = ["ON_SITE", "OFF_SITE", "OFFICE_PHONE"];

/// A user, as the faces show them.
#[derive(Clone, Debug)]
pub struct User {
    /// `<login name>@<instance id>`.
    pub user_id: UserId,
    /// The instance.
    pub instance_id: InstanceId,
    /// The RAM user.
    pub ram_id: RamId,
    /// The login name.
    pub login_name: String,
    /// `Admin`, `Manager` or `Agent`.
    pub role: String,
    /// Digits, or empty.
    pub extension: String,
    /// What people call them.
    pub display_name: String,
    /// The e-mail address.
    pub email: String,
    /// The mobile number.
    pub mobile: String,
    /// `ON_SITE`, `OFF_SITE` or `OFFICE_PHONE`.
    pub work_mode: String,
}

impl User {
    /// The id of the role, `<role>@<instance id>`.
    pub fn role_id(&self) -> String {
        format!("{}@{}", self.role, self.instance_id)
    }
}

/// A user with what is shown only where this user is what is asked for.
#[derive(Clone, Debug)]
pub struct DetailedUser {
    /// The user.
    pub user: User,
    /// What customers call them.
    pub nickname: String,
    /// Where the picture is.
    pub avatar_url: String,
    /// The id that the employer knows them by.
    pub display_id: String,
    /// Whether the RAM user is the account's root.
    pub is_root: bool,
}

/// Which user is meant; what is given has to fit together.
#[derive(Clone, Debug)]
pub struct UserKey {
    /// The id.
    pub user_id: Option<UserId>,
    /// The extension.
    pub extension: Option<String>,
}

/// A place in an instance for somebody who has a login; the name and addresses are those of the
/// login.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// `Admin`, `Manager` or `Agent`.
    pub role: Role,
    /// One of [`WORK_MODES`].
    pub work_mode: &'static str,
    /// What customers call them.
    pub nickname: String,
    /// Where the picture is.
    pub avatar_url: String,
    /// The id that the employer knows them by.
    pub display_id: String,
    /// What colleagues want to remember of them.
    pub note: String,
    /// The skill groups to join, and the level in each.
    pub skill_levels: Vec<(SkillGroupId, u8)>,
}

impl NewUser {
    /// Somebody of whom only this is known.
    pub fn new(role: Role, work_mode: &'static str, skill_levels: Vec<(SkillGroupId, u8)>) -> Self {
        Self {
            role,
            work_mode,
            nickname: String::new(),
            avatar_url: String::new(),
            display_id: String::new(),
            note: String::new(),
            skill_levels,
        }
    }
}

/// What a user becomes; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct UserEdit {
    /// Their role.
    pub role: Option<Role>,
    /// What people call them.
    pub display_name: Option<String>,
    /// Their e-mail address.
    pub email: Option<Email>,
    /// Their extension: digits.
    pub extension: Option<String>,
    /// Their mobile number.
    pub mobile: Option<String>,
    /// What customers call them.
    pub nickname: Option<String>,
    /// Where their picture is.
    pub avatar_url: Option<String>,
    /// CCC's DisplayId, VCC's agentDisplayId.
    pub display_id: Option<String>,
    /// What colleagues want to remember of them.
    pub note: Option<String>,
    /// One of [`WORK_MODES`].
    pub work_mode: Option<&'static str>,
    /// `false` archives them.
    pub active: Option<bool>,
    /// Whether they are locked out.
    pub locked: Option<bool>,
    /// The callback number that they prefer; `Some(None)`: none.
    pub selected_callback_number_id: Option<Option<String>>,
    /// Whether the preference is never overruled.
    pub prevent_auto_callback_number: Option<bool>,
}

/// A skill group that a user belongs to.
#[derive(Clone, Debug)]
pub struct SkillLevel {
    /// `<name>@<instance id>`.
    pub skill_group_id: SkillGroupId,
    /// Its short name.
    pub skill_group_name: String,
    /// From 1, the strongest, to 10.
    pub level: u8,
}

/// A user with what VCC clients see.
#[derive(Clone, Debug)]
pub struct UserProfile {
    /// `<login name>@<instance id>`.
    pub user_id: UserId,
    /// Their login.
    pub ram_id: RamId,
    /// The id that VCC clients know them by.
    pub user_guid: String,
    /// The login name.
    pub login_name: String,
    /// `Admin`, `Manager` or `Agent`.
    pub role: String,
    /// What people call them.
    pub display_name: String,
    /// The e-mail address.
    pub email: String,
    /// Digits, or empty.
    pub extension: String,
    /// The display id, or empty.
    pub display_id: String,
    /// Whether the user still works here; otherwise the user is archived.
    pub active: bool,
    /// Whether the user is locked out.
    pub locked: bool,
    /// The default among the user's own numbers.
    pub selected_callback_number_id: Option<String>,
    /// Whether clients are kept from choosing among the user's numbers for them.
    pub prevent_auto_callback_number: bool,
    /// Milliseconds since the epoch.
    pub last_login_at: Option<i64>,
}

impl UserProfile {
    /// Whether the user takes and makes calls: by the role, or because of a display id.
    pub fn is_agent(&self) -> bool {
        self.role == "Agent" || !self.display_id.is_empty()
    }
}
