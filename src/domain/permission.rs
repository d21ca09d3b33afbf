//! Who may do what: the one table of roles and acts, for the code, the documentation and the tests.

use super::{Error, InstanceId, Missing, RamId, UserId, Word};
use serde::Serialize;

/// The roles, weakest first. `Root` is the account's root; the others are a user's role in one
/// instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Role {
    /// A call-centre agent (坐席).
    Agent,
    /// A leader of skill groups (技能组组长).
    Manager,
    /// An administrator of the instance (管理员).
    Admin,
    /// The account's root.
    Root,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Manager, Self::Admin, Self::Root];

    /// The name on the wire and in the database; `Root` is in neither.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "Agent",
            Self::Manager => "Manager",
            Self::Admin => "Admin",
            Self::Root => "Root",
        }
    }

    /// The role of a role id, `<name>@<instance id>`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none of this instance's three.
    pub fn of_role_id(role_id: &str, instance_id: &InstanceId) -> Result<Self, Error> {
        let name =
            role_id.strip_suffix(instance_id.as_str()).and_then(|name| name.strip_suffix('@'));
        name.and_then(Self::of_instance)
            .ok_or_else(|| Error::NotFound(Missing::Role(role_id.to_owned())))
    }

    /// The role of an instance by its name.
    pub fn of_instance(name: &str) -> Option<Self> {
        [Self::Agent, Self::Manager, Self::Admin].into_iter().find(|role| role.name() == name)
    }
}

/// On the wire a role is one of an instance's three.
impl utoipa::PartialSchema for Role {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(Self::NAMES.iter().copied()))
            .into()
    }
}

impl utoipa::ToSchema for Role {}

impl Word for Role {
    const NAMES: &'static [&'static str] = &["Admin", "Manager", "Agent"];

    fn from_name(name: &str) -> Option<Self> {
        Self::of_instance(name)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What the table says for a role and an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Not at all.
    No,
    /// Only for the caller's own user.
    Own,
    /// For everything in the caller's reach.
    Yes,
}

/// Declares the acts and the table: a row an act, a column a role.
macro_rules! permissions {
    ($(
        $(#[doc = $doc:literal])*
        $act:ident $agent:ident $manager:ident $admin:ident $root:ident,
    )*) => {
        /// Something that a caller may or may not do. Every operation of every face names the act
        /// it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act { $($(#[doc = $doc])* $act,)* }

        impl Act {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$act,)*];

            /// What the act covers, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$act => concat!($($doc),*),)* }
            }

            /// What the table says.
            pub const fn allowed(self, role: Role) -> Allowed {
                match (self, role) {$(
                    (Self::$act, Role::Agent) => Allowed::$agent,
                    (Self::$act, Role::Manager) => Allowed::$manager,
                    (Self::$act, Role::Admin) => Allowed::$admin,
                    (Self::$act, Role::Root) => Allowed::$root,
                )*}
            }
        }
    };
}

permissions! {
    // act                   Agent Manager Admin Root
    /// Read what concerns one user: their profile, numbers, skill groups and history.
    ReadOwn                   Own   Yes     Yes   Yes,
    /// Change where a user works, and the mobile number that they are called on there.
    ChangeWorkMode            Own   Own     Yes   Yes,
    /// Read anything in the instance: numbers and their holders, users, skill groups, candidates,
    /// history, the change log.
    ReadInstance              No    Yes     Yes   Yes,
    /// Bind numbers to skill groups and unbind them.
    BindNumbers               No    Yes     Yes   Yes,
    /// Put users into skill groups, take them out, change their level.
    ManageMemberships         No    Yes     Yes   Yes,
    /// Assign numbers to users, release, transfer and swap them, one by one or many at once.
    ManagePersonalNumbers     No    Yes     Yes   Yes,
    /// Add numbers to the instance, change what is known about them, remove them.
    ManageNumbers             No    No      Yes   Yes,
    /// Create, change and delete skill groups.
    ManageSkillGroups         No    No      Yes   Yes,
    /// Create, change and remove users, their roles and passwords; see the account's logins.
    ManageUsers               No    No      Yes   Yes,
    /// Change the instance's name and settings; undo changes.
    ManageInstance            No    No      Yes   Yes,
    /// Create and release instances, use the account's pool of numbers, make backups, forget
    /// people.
    ManageAccount             No    No      No    Yes,
}

/// Who is calling: a RAM user, known by one of their credentials.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The id.
    pub ram_id: RamId,
    /// The login name, the actor in the change log.
    pub login_name: String,
    /// Whether this is the account's root.
    pub is_root: bool,
    /// The API token that they are known by, if it is one.
    pub token: Option<ApiToken>,
}

impl Caller {
    /// Whether their credential is for reading only.
    pub fn only_reads(&self) -> bool {
        self.token.as_ref().is_some_and(|token| token.read_only)
    }

    /// The only instance that their credential is for, if it was made for one.
    pub fn only_instance(&self) -> Option<&InstanceId> {
        self.token.as_ref().and_then(|token| token.instance_id.as_ref())
    }
}

/// An API token, and what it is limited to.
#[derive(Clone, Debug)]
pub struct ApiToken {
    /// Its id.
    pub token_id: String,
    /// Whether it is for reading only.
    pub read_only: bool,
    /// The only instance that it is for.
    pub instance_id: Option<InstanceId>,
}

/// A caller who was let into an instance for one act.
#[derive(Clone, Debug)]
pub struct InstanceAccess {
    /// The instance.
    pub instance_id: InstanceId,
    /// Whether several users may hold a number there.
    pub shared: bool,
    /// The caller's role there.
    pub role: Role,
    /// The caller's user there; the root need not have one.
    pub user_id: Option<UserId>,
    /// Whether their credential is for this instance only.
    pub only_here: bool,
    /// What the table says for the act: [`Allowed::Own`] or [`Allowed::Yes`].
    pub allowed: Allowed,
}

impl InstanceAccess {
    /// Whether the caller may also do another act, for any user.
    pub fn may(&self, act: Act) -> bool {
        act.allowed(self.role) == Allowed::Yes
    }

    /// Whether the user may be looked at: any user, or the caller's own.
    pub fn reaches(&self, user: &UserId) -> bool {
        self.allowed == Allowed::Yes || self.user_id.as_ref() == Some(user)
    }
}
