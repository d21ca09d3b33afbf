//! Who held what from when to when, and every change that was made.

use super::word::words;
use super::{InstanceId, Listing, Origin, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// A skill group, to which the number is bound.
    SkillGroup,
    /// A user, to whom it is personal.
    User,
}

/// Who holds, or held, a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holder {
    /// User or skill group.
    pub kind: HolderKind,
    /// The user id or skill group id.
    pub id: String,
    /// The display name, or a skill group's short name when it has no other; empty if the user or
    /// skill group no longer exists.
    pub display_name: String,
    /// Since when.
    pub since: Timestamp,
}

impl Holder {
    /// Whether both are the same user or skill group.
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.id == other.id
    }
}

impl std::fmt::Display for Holder {
    /// `user lina@ccc-test (李娜) since 2026-01-06T03:00:00.000Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            HolderKind::SkillGroup => "skill group",
            HolderKind::User => "user",
        };
        write!(f, "{kind} {}", self.id)?;
        if !self.display_name.is_empty() {
            write!(f, " ({})", self.display_name)?;
        }
        write!(f, " since {}", self.since)
    }
}

/// A number that a user held at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldNumber {
    /// The number.
    pub number: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; null if the user still holds it.
    #[schema(required = true)]
    pub until: Option<Timestamp>,
}

/// Who held a number at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HoldersAt {
    /// The number.
    pub number: String,
    /// The moment.
    pub at: Timestamp,
    /// Users or skill groups; empty if nobody held it.
    pub holders: Vec<Holder>,
    /// Where the log of that time is, and with it the skill groups that held the number then; null
    /// if all holders are here.
    #[schema(required = true)]
    pub archived: Option<Archived>,
}

/// The numbers that a user held at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HoldingsAt {
    /// The user.
    pub user_id: UserId,
    /// The moment.
    pub at: Timestamp,
    /// The numbers.
    pub numbers: Vec<HeldNumber>,
}

/// Who made a change, from where, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedBy {
    /// The change.
    pub change_id: i64,
    /// The login name, OAuth client or operating system's user; empty for a hand edit.
    pub by: String,
    /// The face that it came through; `sql` for a hand edit.
    pub via: Origin,
    /// The request; empty for a hand edit.
    pub request_id: String,
    /// Why; empty if no reason was given.
    pub reason: String,
}

words! {
    /// The kind of relation in a history.
    Relation {
        /// A number was personal to a user.
        Personal = "personal",
        /// A number was bound to a skill group.
        Bound = "bound",
        /// A user was a member of a skill group.
        Member = "member",
    }
}

/// One relation from–to: a line of the history of a number or of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Personal, bound or member.
    pub relation: Relation,
    /// The number; null for a membership.
    #[schema(required = true)]
    pub number: Option<String>,
    /// The user; null for a binding.
    #[schema(required = true)]
    pub user_id: Option<String>,
    /// The skill group; null for a personal number.
    #[schema(required = true)]
    pub skill_group_id: Option<String>,
    /// Since when.
    pub from: Timestamp,
    /// Until when; null if it still holds.
    #[schema(required = true)]
    pub to: Option<Timestamp>,
    /// Who began it; null if the change log does not have it.
    #[schema(required = true)]
    pub begun: Option<ChangedBy>,
    /// Who ended it; null if it still holds, or if the change log does not have it.
    #[schema(required = true)]
    pub ended: Option<ChangedBy>,
}

words! {
    /// The tables whose changes the log has.
    Entity {
        /// AccessKeys.
        AccessKey = "access_key",
        /// API tokens.
        ApiToken = "api_token",
        /// Archives of the log.
        ChangeArchive = "change_archive",
        /// Contact flows.
        ContactFlow = "contact_flow",
        /// People whose data was erased.
        ForgottenPerson = "forgotten_person",
        /// Instances.
        Instance = "instance",
        /// What the key file is known by.
        KeyFileCheck = "key_file_check",
        /// How many numbers should be free at least.
        LowWaterMark = "low_water_mark",
        /// OAuth2 clients.
        OauthClient = "oauth_client",
        /// OAuth2 tokens.
        OauthToken = "oauth_token",
        /// Numbers given to users.
        PersonalAssignment = "personal_assignment",
        /// Numbers.
        PhoneNumber = "phone_number",
        /// Logins.
        RamUser = "ram_user",
        /// Numbers that are kept for somebody, or from everybody.
        Reservation = "reservation",
        /// Skill groups.
        SkillGroup = "skill_group",
        /// Their members.
        SkillGroupMember = "skill_group_member",
        /// Numbers bound to them.
        SkillGroupNumber = "skill_group_number",
        /// Users.
        User = "user",
    }
}

words! {
    /// What a change did with a row.
    Action {
        /// Added it.
        Insert = "insert",
        /// Changed it.
        Update = "update",
        /// Removed it.
        Delete = "delete",
    }
}

/// The greatest id of a change that a request may name: what every client's numbers hold exactly.
pub const LAST_CHANGE: u64 = 9_007_199_254_740_991;

/// One row of the change log.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Change {
    /// Grows with time; the cursor of the feed.
    pub change_id: i64,
    /// When.
    pub changed_at: Timestamp,
    /// The login name, OAuth client or operating system's user; empty for a hand edit.
    pub actor: String,
    /// The face that it came through; `sql` for a hand edit.
    pub via: Origin,
    /// The request; all its changes share it. Empty for a hand edit.
    pub request_id: String,
    /// Why; empty if no reason was given.
    pub reason: String,
    /// The table whose row was changed.
    pub entity: Entity,
    /// What was done with the row.
    pub action: Action,
    /// The instance; null for what belongs to the whole account.
    #[schema(required = true)]
    pub instance_id: Option<String>,
    /// The number, if it concerns one.
    #[schema(required = true)]
    pub number: Option<String>,
    /// The user, if it concerns one.
    #[schema(required = true)]
    pub user_id: Option<String>,
    /// The skill group, if it concerns one.
    #[schema(required = true)]
    pub skill_group_id: Option<String>,
    /// The row of the assignment history, if it concerns one.
    #[schema(required = true)]
    pub assignment_id: Option<i64>,
    /// The row before; null for an insert.
    #[schema(required = true)]
    pub old: Option<serde_json::Value>,
    /// The row after; null for a delete.
    #[schema(required = true)]
    pub new: Option<serde_json::Value>,
}

impl Change {
    /// The row that was changed, for people.
    pub fn subject(&self) -> String {
        let named =
            [self.number.as_deref(), self.user_id.as_deref(), self.skill_group_id.as_deref()];
        let named: Vec<&str> = named.into_iter().flatten().collect();
        if !named.is_empty() {
            return named.join(" – ");
        }
        let row = self.new.as_ref().or(self.old.as_ref());
        let name = |key: &str| {
            row.and_then(|row| row.get(key)).and_then(serde_json::Value::as_str).map(str::to_owned)
        };
        [
            "login_name",
            "contact_flow_id",
            "access_key_id",
            "token_id",
            "client_id",
            "pseudonym",
            "city",
        ]
        .into_iter()
        .find_map(name)
        .or_else(|| self.instance_id.clone())
        .unwrap_or_default()
    }
}

/// Which changes are no longer in the log, but in files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Archived {
    /// All lines up to this one.
    pub last_change_id: i64,
    /// They were made before this moment.
    pub before: Timestamp,
    /// When the newest of them were archived.
    pub archived_at: Timestamp,
    /// The name of the file that these were written to.
    pub file: String,
}

impl std::fmt::Display for Archived {
    /// `changes 1 to 123, made before 2026-01-01T00:00:00.000Z, were archived (the last of them in
    /// changes-1-123.jsonl)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { last_change_id, before, file, .. } = self;
        write!(
            f,
            "changes 1 to {last_change_id}, made before {before}, were archived (the last of them in {file})"
        )
    }
}

/// A part of the change log.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Changes {
    /// Newest first; oldest first if the changes after a given one were asked for.
    pub items: Vec<Change>,
    /// The greatest `change_id` of these, for the next request's `after`; null if there are none.
    #[schema(required = true)]
    pub last: Option<i64>,
    /// Where older lines are that were asked for too; null if there are none.
    #[schema(required = true)]
    pub archived: Option<Archived>,
}

/// A page of a history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct History {
    /// The page.
    #[serde(flatten)]
    pub listing: Listing<HistoryEntry>,
    /// Where the older part of it is: bindings and memberships that ended before, and who began or
    /// ended what. Null if everything is here.
    #[schema(required = true)]
    pub archived: Option<Archived>,
}

/// Which changes are read; an absent filter lets every change through.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of `Change`")]
pub struct ChangeFilter {
    /// Only of this instance. A face sets it for everyone but the root: without it, changes of
    /// other instances are seen.
    pub instance_id: Option<InstanceId>,
    pub number: Option<String>,
    pub user_id: Option<String>,
    pub skill_group_id: Option<String>,
    pub request_id: Option<String>,
    pub entity: Option<Entity>,
    pub actor: Option<String>,
    pub via: Option<Origin>,
    /// Only those made then or later.
    pub since: Option<Timestamp>,
    /// Only those made before.
    pub until: Option<Timestamp>,
    /// Only those older than this one.
    pub before: Option<i64>,
    /// Not those of this request.
    pub without: Option<String>,
}
