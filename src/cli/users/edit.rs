//! `numberd users edit`

use crate::cli::{Failure, Options, names};
use crate::domain::{Email, Extension, Role, UserEdit, WorkMode};
use crate::ops::users;
use clap::{ArgGroup, Args};
use serde_json::json;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true))]
pub(in crate::cli) struct Edit {
    /// The user.
    user: String,
    /// The role in the instance.
    #[arg(long, group = "change", value_parser = names::word_of::<Role>())]
    role: Option<Role>,
    /// The display name.
    #[arg(long, group = "change", value_name = "NAME", value_parser = names::person_name)]
    display_name: Option<String>,
    /// The nickname, which customers see.
    #[arg(
        long,
        group = "change",
        value_name = "NAME",
        value_parser = names::person_name_or_nothing
    )]
    nickname: Option<String>,
    /// The mobile number.
    #[arg(long, group = "change", value_name = "NUMBER", value_parser = names::mobile)]
    mobile: Option<String>,
    /// The e-mail address.
    #[arg(long, group = "change", value_name = "ADDRESS")]
    email: Option<Email>,
    /// The extension; "" for none.
    #[arg(long, group = "change", value_name = "DIGITS")]
    extension: Option<Extension>,
    /// The personnel number or the like.
    #[arg(long, group = "change", value_name = "ID", value_parser = names::person_name_or_nothing)]
    display_id: Option<String>,
    /// Whether they are active, not archived.
    #[arg(long, group = "change", value_name = "YES")]
    active: Option<bool>,
    /// Whether they are locked out.
    #[arg(long, group = "change", value_name = "YES")]
    locked: Option<bool>,
    /// The place of work.
    #[arg(long, group = "change", value_name = "MODE", value_parser = names::word_of::<WorkMode>())]
    work_mode: Option<WorkMode>,
    /// What colleagues want to remember of the user; "" for nothing.
    #[arg(long, group = "change", value_name = "TEXT", value_parser = names::note)]
    note: Option<String>,
}

impl Edit {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let user = self.user;
        let edit = UserEdit {
            role: self.role,
            work_mode: self.work_mode,
            display_name: self.display_name,
            email: self.email,
            extension: self.extension.map(Into::into),
            nickname: self.nickname,
            display_id: self.display_id,
            mobile: self.mobile,
            active: self.active,
            locked: self.locked,
            note: self.note,
            ..UserEdit::default()
        };
        let place = options.place()?;
        let user_id = place.user(&user)?;
        let user = user_id.to_string();
        place.write(move |tx, of| users::edit(tx, of, &user_id, &edit))?.print(
            options,
            |()| (json!({ "user_id": user }), format!("Changed: {user}.")),
            &format!("Would change: {user}."),
        )
    }
}
