//! `numberd users edit`

use crate::cli::{Failure, Options, names};
use crate::domain::user::WORK_MODES;
use crate::domain::{Role, UserEdit};
use crate::ops::users;
use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args};
use serde_json::json;

/// Changing a user.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true))]
pub(in crate::cli) struct Edit {
    /// The user.
    user: String,
    /// The role in the instance.
    #[arg(long, group = "change", value_parser = PossibleValuesParser::new(["Admin", "Manager", "Agent"]))]
    role: Option<String>,
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
    #[arg(long, group = "change", value_name = "MODE", value_parser = PossibleValuesParser::new(WORK_MODES))]
    work_mode: Option<String>,
    /// What colleagues want to remember of the user; "" for nothing.
    #[arg(long, group = "change", value_name = "TEXT", value_parser = names::note)]
    note: Option<String>,
}

impl Edit {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { user, role, display_name, nickname, mobile, work_mode, note } = self;
        let edit = UserEdit {
            role: role.as_deref().and_then(Role::of_instance),
            work_mode: WORK_MODES.into_iter().find(|mode| work_mode.as_deref() == Some(*mode)),
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
