//! `numberd users edit`

use crate::cli::{Failure, Options, names};
use crate::domain::{Role, UserEdit, WorkMode};
use crate::ops::users;
use clap::{ArgGroup, Args};
use serde_json::json;

/// Changing a user.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true))]
pub(in crate::cli) struct Edit {
    /// The user.
    user: String,
    /// The role in the instance.
    #[arg(long, group = "change", value_parser = names::word_of::<Role>())]
    role: Option<Role>,
    /// The display name.
    #[arg(long, group = "change", value_name = "NAME", value_parser = names::display_name)]
    display_name: Option<String>,
    /// The nickname, which customers see.
    #[arg(long, group = "change", value_name = "NAME", value_parser = names::word_or_nothing)]
    nickname: Option<String>,
    /// The mobile number.
    #[arg(long, group = "change", value_name = "NUMBER", value_parser = names::mobile)]
    mobile: Option<String>,
    /// The place of work.
    #[arg(long, group = "change", value_name = "MODE", value_parser = names::word_of::<WorkMode>())]
    work_mode: Option<WorkMode>,
    /// What colleagues want to remember of the user; "" for nothing.
    #[arg(long, group = "change", value_name = "TEXT", value_parser = names::note)]
    note: Option<String>,
}

impl Edit {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { user, role, display_name, nickname, mobile, work_mode, note } = self;
        let edit = UserEdit {
            role,
            work_mode,
            display_name,
            nickname,
            mobile,
            note,
            ..UserEdit::default()
        };
        let place = options.place()?;
        let user_id = place.user(&user)?;
        let (user, instance_id) = (user_id.to_string(), place.instance_id);
        let written = options
            .write(&place.store, move |tx| users::edit(tx, &instance_id, &user_id, &edit))?;
        written.print(
            options,
            |()| (json!({ "user_id": user }), format!("Changed: {user}.")),
            &format!("Would change: {user}."),
        )
    }
}
