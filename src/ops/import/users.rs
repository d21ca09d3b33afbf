//! Users of a spreadsheet.

use super::{Imported, require_same_id};
use crate::domain::Optional;
use crate::domain::batch::RefusalCode;
use crate::domain::import::{UserLine, Why};
use crate::domain::{Error, InstanceId, NewLogin, NewUser, Role, User, UserEdit, UserId};
use crate::ops::stop::{Stop, stop};
use crate::ops::users as ops_of_users;
use crate::store::{ReadTx, WriteTx, users};

impl Imported for User {
    fn find(tx: &ReadTx<'_>, instance_id: &InstanceId, key: &str) -> Result<Option<Self>, Error> {
        users::get(tx, instance_id, &UserId::of(key, instance_id)).optional()
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn create(tx: &WriteTx<'_>, instance_id: &InstanceId, line: &UserLine) -> Result<(), Stop> {
        let Some(login_name) = line.login_name.clone() else { return Ok(()) };
        let edit = line.edit.clone();
        let role = edit.role.unwrap_or(Role::Agent);
        let new = NewUser {
            nickname: edit.nickname.unwrap_or_default(),
            display_id: edit.display_id.unwrap_or_default(),
            note: edit.note.unwrap_or_default(),
            guid: line.guid.clone(),
            ..NewUser::new(role, edit.work_mode.unwrap_or_default(), Vec::new())
        };
        let made = match ops_of_users::logins(tx, std::slice::from_ref(&login_name)) {
            Ok(known) => ops_of_users::assign(tx, instance_id, &known, &new),
            Err(Error::NotFound(_)) => {
                let Some(display_name) = edit.display_name else {
                    let why = Why::Nameless(login_name.to_string());
                    return Err(Stop::because(RefusalCode::NotFound, why));
                };
                let ram_id = ops_of_users::new_ram_id()?;
                let mobile = edit.mobile.unwrap_or_default();
                let login = NewLogin {
                    ram_id,
                    login_name: login_name.clone(),
                    display_name,
                    email: edit.email,
                    mobile,
                };
                ops_of_users::create(tx, instance_id, &login, &new).map(|_| ())
            }
            Err(error) => Err(error),
        };
        made.map_err(|error| refused(tx, instance_id, error))?;
        change(tx, instance_id, &login_name, &line.edit)
    }

    fn change(
        &self,
        tx: &WriteTx<'_>,
        instance_id: &InstanceId,
        line: &UserLine,
    ) -> Result<(), Stop> {
        require_same_id(&self.login_name, line.guid.as_ref(), &self.user_guid)?;
        change(tx, instance_id, &self.login_name, &line.edit)
    }

    fn column_of(code: RefusalCode, _: impl Fn(&str) -> bool) -> &'static str {
        match code {
            RefusalCode::ExtensionTaken => "extension",
            RefusalCode::AlreadyExists => "login_name",
            RefusalCode::NotFound => "display_name",
            RefusalCode::ChangedSince => "version",
            _ => "",
        }
    }
}

fn change(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    login_name: &str,
    edit: &UserEdit,
) -> Result<(), Stop> {
    ops_of_users::edit(tx, instance_id, &UserId::of(login_name, instance_id), edit)
        .map_err(|error| refused(tx, instance_id, error))
}

fn refused(tx: &WriteTx<'_>, instance_id: &InstanceId, error: Error) -> Stop {
    match &error {
        Error::LastAdmin(instance_id) => {
            Stop::because(RefusalCode::RuleBroken, Why::LastAdmin(instance_id.clone()))
        }
        _ => stop(tx, instance_id, "", error),
    }
}
