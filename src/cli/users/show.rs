//! `numberd users show`

use crate::cli::{Failure, Options, output};
use crate::domain::history::HeldNumber;
use crate::domain::{PageRequest, User};
use crate::store::{history, memberships, users};
use serde::Serialize;

/// A user as REST shows them, with what they have.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    user: User,
    numbers: Vec<HeldNumber>,
    skill_groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    skill_group_id: String,
    skill_level: u8,
}

pub(super) fn run(options: &Options, user: &str) -> Result<(), Failure> {
    let place = options.place()?;
    let user_id = place.user(user)?;
    let found = place.read(|tx, of| {
        let user = users::get(tx, of, &user_id)?;
        let numbers = history::numbers_of_user_at(tx, of, &user_id, None)?;
        let groups = memberships::list_of_user(tx, &user_id, None, PageRequest::ALL)?.rows;
        let groups = groups.into_iter().map(|(group, skill_level)| Group {
            skill_group_id: group.skill_group_id.to_string(),
            skill_level,
        });
        Ok(Shown { user, numbers, skill_groups: groups.collect() })
    })?;
    output::value(options.json, &found, text)
}

fn text(found: &Shown) -> String {
    let numbers: Vec<&str> = found.numbers.iter().map(|held| held.number.as_str()).collect();
    let groups: Vec<String> = found
        .skill_groups
        .iter()
        .map(|group| format!("{} (level {})", group.skill_group_id, group.skill_level))
        .collect();
    let user = &found.user;
    let state = match (user.active, user.locked) {
        (false, _) => "archived",
        (true, true) => "locked",
        (true, false) => "active",
    };
    output::facts(&[
        ("user", user.user_id.as_str()),
        ("name", &user.display_name),
        ("login", &user.login_name),
        ("role", user.role.name()),
        ("state", state),
        ("extension", &user.extension),
        ("nickname", &user.nickname),
        ("display id", &user.display_id),
        ("work mode", user.work_mode.name()),
        ("e-mail", &user.email),
        ("mobile", &user.mobile),
        ("numbers", &numbers.join(", ")),
        ("groups", &groups.join(", ")),
        ("note", &user.note),
    ])
}
