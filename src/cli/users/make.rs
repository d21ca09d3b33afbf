//! `numberd users create`, `import` and `remove`

use crate::cli::{Failure, Options, names};
use crate::domain::text::counted;
use crate::domain::{
    Email, Error, InstanceId, LoginName, NewLogin, NewUser, Role, User, UserId, WorkMode,
};
use crate::ops::users;
use crate::store::{self, ReadTx};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// The login name, which must be new to the account; part of the user id.
    login_name: LoginName,
    /// The user's display name [default: the login name].
    #[arg(long, value_name = "NAME", value_parser = names::person_name)]
    display_name: Option<String>,
    /// The user's e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<Email>,
    /// The user's mobile number.
    #[arg(long, value_name = "NUMBER", value_parser = names::mobile)]
    mobile: Option<String>,
    /// The nickname, which customers see.
    #[arg(long, value_name = "NAME", value_parser = names::person_name_or_nothing)]
    nickname: Option<String>,
    /// The personnel number or the like.
    #[arg(long, value_name = "ID", value_parser = names::person_name_or_nothing)]
    display_id: Option<String>,
    /// What colleagues want to remember of the user.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        value_parser = names::note
    )]
    note: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// The names of their logins.
    #[arg(required = true, value_name = "LOGIN_NAME")]
    login_names: Vec<LoginName>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Remove {
    /// The users: all of them or none.
    #[arg(required = true, value_name = "USER")]
    users: Vec<String>,
    /// Take their numbers back and end their memberships first; removes even the last Admin of the
    /// instance.
    #[arg(long)]
    force: bool,
}

/// A place in an instance.
#[derive(Debug, Args)]
struct Place {
    /// The role in the instance.
    #[arg(long, default_value = Role::Agent.name(), value_parser = names::word_of::<Role>())]
    role: Role,
    /// The place of work.
    #[arg(
        long,
        value_name = "MODE",
        default_value = WorkMode::OnSite.name(),
        value_parser = names::word_of::<WorkMode>()
    )]
    work_mode: WorkMode,
}

impl Place {
    fn new_user(&self) -> NewUser {
        NewUser::new(self.role, self.work_mode, Vec::new())
    }
}

impl Create {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { login_name, display_name, email, mobile, nickname, display_id, note, place } =
            self;
        let [nickname, display_id] = [nickname, display_id].map(Option::unwrap_or_default);
        let found = options.place()?;
        let display_name = display_name.unwrap_or_else(|| login_name.to_string());
        let mobile = mobile.unwrap_or_default();
        let login =
            NewLogin { ram_id: users::new_ram_id()?, login_name, display_name, email, mobile };
        let would = format!(
            "Would create user {}: {}.",
            UserId::of(&login.login_name, &found.instance_id),
            place.role
        );
        let new = NewUser { nickname, display_id, note, ..place.new_user() };
        let did = |made: &User| {
            let User { user_id, ram_id, extension, role, .. } = made;
            let value = json!({ "user_id": user_id, "ram_id": ram_id, "extension": extension });
            (value, format!("User {user_id} is created: {role}, extension {extension}."))
        };
        found.write(move |tx, of| users::create(tx, of, &login, &new))?.print(options, did, &would)
    }
}

impl Import {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { login_names, place } = self;
        let found = options.place()?;
        let user_id = |name: &LoginName| UserId::of(name, &found.instance_id).to_string();
        let user_ids: Vec<String> = login_names.iter().map(user_id).collect();
        let written = found.write(move |tx, of| {
            let ram_ids = users::logins(tx, &login_names)?;
            users::assign(tx, of, &ram_ids, &place.new_user())
        })?;
        let who = user_ids.join(", ");
        written.print(
            options,
            |()| (json!({ "user_ids": user_ids }), format!("Made a user: {who}.")),
            &format!("Would make a user: {who}."),
        )
    }
}

impl Remove {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { users, force } = self;
        let place = options.place()?;
        let removed = place.users(&users)?;
        let who = removed.iter().map(UserId::to_string).collect::<Vec<_>>();
        let with = place.read(|tx, of| held(tx, of, &removed))?;
        // Whoever owns the machine may shut out anybody.
        let removal = users::Removal { force, caller: None, last_admin: force };
        let all = who.join(", ");
        place.write(move |tx, of| users::remove(tx, of, &removed, removal))?.print(
            options,
            |()| (json!({ "user_ids": who }), format!("Removed: {all}{with}.")),
            &format!("Would remove: {all}{with}."),
        )
    }
}

/// What goes with users: `; with 6 numbers and 1 membership`.
fn held(tx: &ReadTx<'_>, instance_id: &InstanceId, user_ids: &[UserId]) -> Result<String, Error> {
    let (mut numbers, mut groups) = (0, 0);
    for user_id in user_ids {
        store::users::require(tx, instance_id, user_id)?;
        let held = store::users::holds(tx, user_id)?;
        (numbers, groups) = (numbers + held.0, groups + held.1);
    }
    let held = [(numbers, "number", "numbers"), (groups, "membership", "memberships")];
    let held: Vec<String> = held
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, several)| counted(count, one, several))
        .collect();
    Ok(if held.is_empty() { String::new() } else { format!("; with {}", held.join(" and ")) })
}
