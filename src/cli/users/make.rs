//! `numberd users create`, `import` and `remove`

use crate::cli::{Failure, Options, names, output};
use crate::domain::user::WORK_MODES;
use crate::domain::{Email, LoginName, NewLogin, NewUser, Role, UserId};
use crate::ops::users;
use crate::store::Migrate;
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::json;

/// Creating a user.
#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// The name of his login, which is new to the account; part of his id.
    login_name: LoginName,
    /// What people call him [default: the name of his login].
    #[arg(long, value_name = "NAME", value_parser = names::display_name)]
    display_name: Option<String>,
    /// His e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<Email>,
    /// His mobile number.
    #[arg(long, value_name = "NUMBER", value_parser = names::mobile)]
    mobile: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Making people who have a login users.
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// The names of their logins.
    #[arg(required = true, value_name = "LOGIN_NAME")]
    login_names: Vec<LoginName>,
    #[command(flatten)]
    place: Place,
}

/// Removing users.
#[derive(Debug, Args)]
pub(in crate::cli) struct Remove {
    /// The users: all of them or none.
    #[arg(required = true, value_name = "USER")]
    users: Vec<String>,
    /// Take their numbers back and end their memberships first.
    #[arg(long)]
    force: bool,
}

/// A place in an instance.
#[derive(Debug, Args)]
struct Place {
    /// The role in the instance.
    #[arg(long, default_value = Role::Agent.name(), value_parser = PossibleValuesParser::new(["Admin", "Manager", "Agent"]))]
    role: String,
    /// The place of work.
    #[arg(long, value_name = "MODE", default_value = WORK_MODES[0], value_parser = PossibleValuesParser::new(WORK_MODES))]
    work_mode: String,
}

impl Place {
    fn new_user(&self) -> NewUser {
        let work_mode =
            WORK_MODES.into_iter().find(|known| *known == self.work_mode).unwrap_or(WORK_MODES[0]);
        NewUser::new(Role::of_instance(&self.role).unwrap_or(Role::Agent), work_mode, Vec::new())
    }
}

impl Create {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { login_name, display_name, email, mobile, place } = self;
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let display_name = display_name.unwrap_or_else(|| login_name.to_string());
        let mobile = mobile.unwrap_or_default();
        let login =
            NewLogin { ram_id: users::new_ram_id()?, login_name, display_name, email, mobile };
        let made = options
            .write(&store, move |tx| users::create(tx, &instance_id, &login, &place.new_user()))?
            .user;
        let result =
            json!({ "user_id": made.user_id, "ram_id": made.ram_id, "extension": made.extension });
        let (id, role) = (&made.user_id, &made.role);
        output::done(
            options,
            &result,
            &format!("User {id} is made: {role}, extension {}.", made.extension),
            &format!("Would make user {id}: {role}."),
        );
        Ok(())
    }
}

impl Import {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { login_names, place } = self;
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let user_ids: Vec<String> =
            login_names.iter().map(|name| UserId::of(name, &instance_id).to_string()).collect();
        options.write(&store, move |tx| {
            let ram_ids = users::logins(tx, &login_names)?;
            users::assign(tx, &instance_id, &ram_ids, &place.new_user())
        })?;
        let who = user_ids.join(", ");
        output::done(
            options,
            &json!({ "user_ids": user_ids }),
            &format!("Made a user: {who}."),
            &format!("Would make a user: {who}."),
        );
        Ok(())
    }
}

impl Remove {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { users: user_ids, force } = self;
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let removed: Vec<UserId> = user_ids.iter().map(|id| UserId::new(id.as_str())).collect();
        options.write(&store, move |tx| users::remove(tx, &instance_id, &removed, force))?;
        let who = user_ids.join(", ");
        output::done(
            options,
            &json!({ "user_ids": user_ids }),
            &format!("Removed: {who}."),
            &format!("Would remove: {who}."),
        );
        Ok(())
    }
}
