//! `numberd users show`

use super::list::Listed;
use crate::cli::{Failure, Options, output};
use crate::domain::Error;
use crate::domain::history::HeldNumber;
use crate::store::{history, users};
use clap::Args;
use serde::Serialize;

/// Showing a user.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The user.
    user: String,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    user: Listed,
    login_name: String,
    nickname: String,
    display_id: String,
    work_mode: String,
    note: String,
    active: bool,
    locked: bool,
    version: u64,
    numbers: Vec<HeldNumber>,
    skill_groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    skill_group_id: String,
    skill_level: u8,
}

impl Show {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let user_id = place.user(&self.user)?;
        let found = place.store.read(|tx| {
            let row = users::get(tx, &place.instance_id, &user_id)?;
            let numbers = history::numbers_of_user_at(tx, &place.instance_id, &user_id, None)?;
            let groups = users::skill_levels(tx, &user_id)?.into_iter().map(|level| Group {
                skill_group_id: level.skill_group_id.to_string(),
                skill_level: level.level,
            });
            Ok::<_, Error>(Shown {
                login_name: row.login_name.clone(),
                nickname: row.nickname.clone(),
                display_id: row.display_id.clone(),
                work_mode: row.work_mode.to_string(),
                note: row.note.clone(),
                active: row.active,
                locked: row.locked,
                version: row.version,
                skill_groups: groups.collect(),
                user: Listed::of(row, numbers.len() as u64),
                numbers,
            })
        })?;
        output::value(options.json, &found, text)
    }
}

fn text(found: &Shown) -> String {
    let numbers: Vec<&str> = found.numbers.iter().map(|held| held.number.as_str()).collect();
    let groups: Vec<String> = found
        .skill_groups
        .iter()
        .map(|group| format!("{} (level {})", group.skill_group_id, group.skill_level))
        .collect();
    let state = match (found.active, found.locked) {
        (false, _) => "archived",
        (true, true) => "locked",
        (true, false) => "active",
    };
    let user = &found.user;
    output::facts(&[
        ("user", &user.user_id),
        ("name", &user.display_name),
        ("login", &found.login_name),
        ("role", &user.role),
        ("state", state),
        ("extension", &user.extension),
        ("nickname", &found.nickname),
        ("display id", &found.display_id),
        ("work mode", &found.work_mode),
        ("e-mail", &user.email),
        ("mobile", &user.mobile),
        ("numbers", &numbers.join(", ")),
        ("groups", &groups.join(", ")),
        ("note", &found.note),
    ])
}
