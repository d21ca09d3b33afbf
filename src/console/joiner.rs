//! Somebody joins: their login, their role, their group, in one step.

use super::form_faults::FormFaults;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use super::texts::Texts;
use crate::domain::WorkMode;
use crate::domain::ram_user::{Email, LoginName, NewLogin};
use crate::domain::text::{LONGEST_MOBILE, LONGEST_PERSON_NAME, LONGEST_REASON};
use crate::domain::{NewUser, RamId, Role, SkillGroupId};
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
    faults: Vec<FormFault>,
}

/// Answers `GET users/add`.
pub(super) fn show(visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(visit, &JoinerForm::default(), Vec::new())
}

fn page(visit: &Visit<'_>, form: &JoinerForm, faults: Vec<FormFault>) -> Result<Answer, Failure> {
    let groups =
        visit.face.store.read(|tx| suggestions::skill_groups(tx, visit.instance_id(), "", 500))?;
    let roles = ["Agent", "Manager", "Admin"];
    reply::page(&JoinerPage { chrome: &visit.chrome, form, groups, roles, faults })
}

/// Answers `POST users/add`.
pub(super) fn add(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: JoinerForm = visit.form()?;
    let wanted = form.clone();
    let made = form.login(visit.chrome.t).and_then(|login| {
        visit.write(&form.reason, move |tx, access| {
            let login = NewLogin { ram_id: users::new_ram_id()?, ..login };
            let levels = wanted.group.iter().map(|id| {
                (SkillGroupId::new(id.as_str()), crate::domain::skill_group::DEFAULT_SKILL_LEVEL)
            });
            let role = Role::of_instance(&wanted.role).unwrap_or(Role::Agent);
            let new = NewUser::new(role, WorkMode::default(), levels.collect());
            Ok(users::create(tx, &access.instance_id, &login, &new)?.user_id)
        })
    });
    match made {
        Ok(user_id) => Ok(reply::see(visit.chrome.user(user_id.as_str()))),
        Err(failure) => {
            let (status, faults) = failure.faults(&visit.chrome)?;
            Ok(Answer { status, ..page(visit, &form, faults)? })
        }
    }
}

impl JoinerForm {
    /// The login that is asked for, still without an id.
    fn login(&self, t: Texts) -> Result<NewLogin, Failure> {
        let mut faults = FormFaults::new(t);
        let login_name: Option<LoginName> = faults.read("login_name", &self.login_name);
        let email = self.email.trim();
        let email: Option<Email> =
            if email.is_empty() { None } else { faults.read("email", email) };
        faults.full_text("display_name", "name", &self.display_name, LONGEST_PERSON_NAME);
        faults.texts(&[
            ("mobile", "mobile", &self.mobile, LONGEST_MOBILE),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let login = login_name.map(|login_name| NewLogin {
            ram_id: RamId::new(""),
            login_name,
            display_name: self.display_name.trim().to_owned(),
            email,
            mobile: self.mobile.trim().to_owned(),
        });
        faults.unless_any(login)
    }
}
