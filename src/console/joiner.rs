//! Somebody joins: their login, their role, their group, in one step.

use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use super::texts::Texts;
use crate::domain::WorkMode;
use crate::domain::ram_user::{Email, LoginName, NewLogin};
use crate::domain::text::Parsed;
use crate::domain::{Error, NewUser, RamId, Role, SkillGroupId, text};
use crate::http::Answer;
use crate::ops::users;
use crate::store::suggestions::{self, Suggestion};
use askama::Template;
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct JoinerForm {
    login_name: String,
    display_name: String,
    role: String,
    email: String,
    mobile: String,
    group: Vec<String>,
    reason: String,
}

#[derive(Template)]
#[template(path = "joiner.html")]
struct JoinerPage<'a> {
    chrome: &'a Chrome,
    form: &'a JoinerForm,
    groups: Vec<Suggestion>,
    roles: [&'static str; 3],
    error: String,
}

/// Answers `GET users/add`.
pub(super) fn show(visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(visit, &JoinerForm::default(), String::new())
}

fn page(visit: &Visit<'_>, form: &JoinerForm, error: String) -> Result<Answer, Failure> {
    let groups =
        visit.face.store.read(|tx| suggestions::skill_groups(tx, visit.instance_id(), "", 500))?;
    let roles = ["Agent", "Manager", "Admin"];
    reply::page(&JoinerPage { chrome: &visit.chrome, form, groups, roles, error })
}

/// Answers `POST users/add`.
pub(super) fn add(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: JoinerForm = visit.form()?;
    let wanted = form.clone();
    let login = match form.login(visit.chrome.t) {
        Ok(login) => login,
        Err(error) => return Ok(Answer { status: 422, ..page(visit, &form, error)? }),
    };
    let made = visit.write(&form.reason, move |tx, access| {
        let login = NewLogin { ram_id: users::new_ram_id()?, ..login };
        let levels = wanted.group.iter().map(|id| {
            (SkillGroupId::new(id.as_str()), crate::domain::skill_group::DEFAULT_SKILL_LEVEL)
        });
        let role = Role::of_instance(&wanted.role).unwrap_or(Role::Agent);
        let new = NewUser::new(role, WorkMode::default(), levels.collect());
        Ok(users::create(tx, &access.instance_id, &login, &new)?.user_id)
    });
    match made {
        Ok(user_id) => Ok(reply::see(visit.chrome.user(user_id.as_str()))),
        Err(Failure::Domain(
            error @ (Error::AlreadyExists(_) | Error::Rule { .. } | Error::NotFound(_)),
        )) => Ok(Answer { status: 409, ..page(visit, &form, visit.chrome.t.error(&error))? }),
        Err(failure) => Err(failure),
    }
}

impl JoinerForm {
    /// The login that is asked for, still without an id.
    fn login(&self, t: Texts) -> Result<NewLogin, String> {
        let email = self.email.trim();
        let email = (!email.is_empty()).then(|| Email::parse(email)).transpose();
        for free in [("name", &self.display_name), ("mobile", &self.mobile)] {
            text::check(free.1.trim(), 0, 64).map_err(|fault| t.free_text(free.0, fault))?;
        }
        Ok(NewLogin {
            ram_id: RamId::new(""),
            login_name: LoginName::parse(self.login_name.trim()).map_err(|e| t.malformed(&e))?,
            display_name: self.display_name.trim().to_owned(),
            email: email.map_err(|error| t.malformed(&error))?,
            mobile: self.mobile.trim().to_owned(),
        })
    }
}
