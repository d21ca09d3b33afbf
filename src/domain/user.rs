//! Users of instances.

use super::text::parsed_text;
use super::word::words;
use super::{Email, InstanceId, RamId, Role, SkillGroupId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

words! {
    /// Where a user works; the vendor's names.
    #[derive(Default)]
    WorkMode {
        /// In the call centre.
        #[default]
        OnSite = "ON_SITE",
        /// Elsewhere.
        OffSite = "OFF_SITE",
        /// At a desk phone.
        OfficePhone = "OFFICE_PHONE",
    }
}

parsed_text! {
    /// Where a user is reached inside the call centre; empty for none.
    Extension {
        WHAT: "an extension",
        RULE: "at most 32 digits",
        LENGTH: (0, 32),
        PATTERN: "^[0-9]*$",
        fits(text) {
            text.bytes().all(|byte| byte.is_ascii_digit())
        }
    }
}

/// A user of an instance. What is skipped is for the vendors' faces and for the program itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct User {
    /// Login name @ instance.
    pub user_id: UserId,
    /// The instance.
    #[serde(skip)]
    pub instance_id: InstanceId,
    /// The id of the login.
    pub ram_id: RamId,
    /// The login name.
    pub login_name: String,
    /// `Admin`, `Manager` or `Agent`.
    pub role: Role,
    /// Digits, or empty.
    pub extension: String,
    /// The display name.
    pub display_name: String,
    /// The e-mail address.
    pub email: String,
    /// The mobile number.
    pub mobile: String,
    /// The nickname, which customers see.
    pub nickname: String,
    /// Where the picture is.
    #[serde(skip)]
    pub avatar_url: String,
    /// The personnel number or the like.
    pub display_id: String,
    /// What colleagues want to remember of the user.
    pub note: String,
    /// Where the user works.
    pub work_mode: WorkMode,
    /// Whether the user is not archived.
    pub active: bool,
    /// Whether the user is locked out.
    pub locked: bool,
    /// The user's id in VCC.
    pub user_guid: String,
    /// The default among the user's own numbers.
    #[serde(skip)]
    pub selected_callback_number_id: Option<String>,
    /// Whether clients are kept from choosing among the user's numbers for them.
    #[serde(skip)]
    pub prevent_auto_callback_number: bool,
    /// When the user logged in to the vendor's face last.
    #[serde(skip)]
    pub last_login_at: Option<Timestamp>,
    /// Whether the login is the account's root.
    #[serde(skip)]
    pub is_root: bool,
    /// Grows with every change.
    pub version: u64,
    /// When the user was created.
    pub created_at: Timestamp,
}

impl User {
    /// The id of the role, `<role>@<instance id>`.
    pub fn role_id(&self) -> String {
        format!("{}@{}", self.role.name(), self.instance_id)
    }

    /// Whether the user takes and makes calls: by the role, or because of a display id.
    pub fn is_agent(&self) -> bool {
        self.role == Role::Agent || !self.display_id.is_empty()
    }
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
#[expect(missing_docs, reason = "the fields are those of `User`")]
pub struct NewUser {
    pub role: Role,
    pub work_mode: WorkMode,
    pub nickname: String,
    pub avatar_url: String,
    pub display_id: String,
    pub note: String,
    /// Their id in VCC; `None`: a new one.
    pub guid: Option<String>,
    /// The skill groups to join, and the level in each.
    pub skill_levels: Vec<(SkillGroupId, u8)>,
}

impl NewUser {
    /// A user with only these fields.
    pub fn new(role: Role, work_mode: WorkMode, skill_levels: Vec<(SkillGroupId, u8)>) -> Self {
        Self {
            role,
            work_mode,
            nickname: String::new(),
            avatar_url: String::new(),
            display_id: String::new(),
            note: String::new(),
            guid: None,
            skill_levels,
        }
    }
}

/// The fields of a user to change; `None` leaves one as it is, and `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of `User`")]
pub struct UserEdit {
    pub role: Option<Role>,
    pub display_name: Option<String>,
    pub email: Option<Email>,
    pub extension: Option<String>,
    pub mobile: Option<String>,
    pub nickname: Option<String>,
    pub avatar_url: Option<String>,
    pub display_id: Option<String>,
    pub note: Option<String>,
    pub work_mode: Option<WorkMode>,
    pub active: Option<bool>,
    pub locked: Option<bool>,
    pub selected_callback_number_id: Option<Option<String>>,
    pub prevent_auto_callback_number: Option<bool>,
}
