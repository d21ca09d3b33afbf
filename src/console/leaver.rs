//! Somebody leaves: their numbers go to a colleague or become free, and they are removed, as one
//! previewed step.

use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use crate::domain::batch::{BatchItem, BatchMode};
use crate::domain::history::HeldNumber;
use crate::domain::{Act, Error, InstanceAccess, PageRequest, UserId};
use crate::http::Answer;
use crate::ops::access::forbidden;
use crate::ops::{batch, users as acts};
use crate::store::users;
use crate::store::{ReadTx, history, memberships, suggestions};
use askama::Template;
use serde::Deserialize;

const WHOLE: PageRequest = PageRequest::first(500);

/// What the leaver's form says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct LeaverForm {
    /// Who gets the numbers; empty: they become free.
    target: String,
    /// Whether the person is removed as well.
    remove: bool,
    reason: String,
}

#[derive(Template)]
#[template(path = "leaver.html")]
struct LeaverPage<'a> {
    chrome: &'a Chrome,
    user_id: &'a str,
    name: String,
    numbers: Vec<HeldNumber>,
    groups: u64,
    form: LeaverForm,
    target_name: String,
    error: String,
    preview: bool,
}

/// Answers `GET users/{user}/leaver`: what a person who goes would leave behind.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: LeaverForm = visit.query()?;
    let preview = !visit.request.query.is_empty();
    page(tx, visit, form, preview, String::new())
}

fn page(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    form: LeaverForm,
    mut preview: bool,
    mut error: String,
) -> Result<Answer, Failure> {
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    may(&chrome.access, &form)?;
    let user_id = UserId::new(visit.parameter(0));
    let row = users::get(tx, instance_id, &user_id)?;
    let mut target_name = String::new();
    if !form.target.trim().is_empty() {
        let target = UserId::new(chrome.whole_id(&form.target));
        match users::get(tx, instance_id, &target) {
            Ok(found) => target_name = suggestions::name_of_user(tx, found.user_id.as_str())?,
            Err(missing @ Error::NotFound(_)) => {
                (preview, error) = (false, chrome.t.error(&missing));
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    let template = LeaverPage {
        chrome,
        user_id: visit.parameter(0),
        name: suggestions::name_of_user(tx, row.user_id.as_str())?,
        numbers: history::numbers_of_user_at(tx, instance_id, &user_id, None)?,
        groups: memberships::list_named_of_user(tx, &user_id, WHOLE)?.total,
        preview,
        form,
        target_name,
        error,
    };
    reply::page(&template)
}

/// To remove somebody takes more than to take their numbers.
fn may(access: &InstanceAccess, form: &LeaverForm) -> Result<(), Error> {
    match !form.remove || access.may(Act::ManageUsers) {
        true => Ok(()),
        false => Err(forbidden(access.role, Act::ManageUsers)),
    }
}

/// Answers `POST users/{user}/leaver`: hands the numbers over or takes them back, and removes the
/// person if asked to; all or nothing.
pub(super) fn leave(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: LeaverForm = visit.form()?;
    let user_id = UserId::new(visit.parameter(0));
    let target = UserId::new(visit.chrome.whole_id(&form.target));
    if user_id == target {
        let error = visit.chrome.t.say("leaver-self").to_string();
        let page = visit.face.store.read(|tx| page(tx, visit, form, false, error))?;
        return Ok(Answer { status: 409, ..page });
    }
    let wanted = form.clone();
    let done = visit.write(&form.reason, move |tx, access| {
        may(access, &wanted)?;
        let instance_id = &access.instance_id;
        let numbers = if wanted.target.trim().is_empty() {
            let held = history::numbers_of_user_at(tx, instance_id, &user_id, None)?;
            let items = held.into_iter().map(|held| BatchItem::Release {
                number: held.number,
                user_id: Some(user_id.clone()),
                cool_down_days: None,
            });
            batch::run(tx, instance_id, &items.collect::<Vec<_>>(), BatchMode::AllOrNothing)?
        } else {
            batch::hand_over(tx, instance_id, &user_id, &target, BatchMode::AllOrNothing)?
        };
        if wanted.remove && numbers.applied {
            let caller = access.user_id.as_ref();
            let removal = acts::Removal { force: true, caller, last_admin: false };
            acts::remove(tx, instance_id, std::slice::from_ref(&user_id), removal)?;
        }
        Ok(numbers)
    });
    match done {
        Ok(report) if report.applied => {
            let request = &visit.request.request_id;
            Ok(visit.see(&format!("requests/{request}?done={}", report.done)))
        }
        Ok(report) => {
            let refusal = report.items.into_iter().find_map(|item| item.refusal);
            let error = refusal.map(|refusal| visit.chrome.refusal(&refusal)).unwrap_or_default();
            let page = visit.face.store.read(|tx| page(tx, visit, form, false, error))?;
            Ok(Answer { status: 409, ..page })
        }
        Err(failure) => {
            let (status, error) = failure.beside_form(&visit.chrome)?;
            let page = visit.face.store.read(|tx| page(tx, visit, form, true, error))?;
            Ok(Answer { status, ..page })
        }
    }
}
