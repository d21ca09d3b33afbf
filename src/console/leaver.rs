//! Somebody leaves: their numbers go to a colleague or become free, and they are removed, as one
//! previewed step.

use super::corrections;
use super::moves::{Moves, Preview};
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use super::user::SHOWN;
use crate::domain::batch::{BatchItem, BatchMode, BatchReport};
use crate::domain::history::{HeldNumber, HolderKind};
use crate::domain::run::{AT_ONCE, InSlices};
use crate::domain::{
    Act, Error, InstanceAccess, InstanceId, Missing, Page, PageRequest, Rule, UserId,
};
use crate::http::Answer;
use crate::ops::access;
use crate::ops::batch::Selection;
use crate::ops::runs;
use crate::ops::users as acts;
use crate::store::suggestions;
use crate::store::users;
use crate::store::{ReadTx, WriteTx, history, holders, memberships};
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
    /// What the preview has seen of the numbers.
    hash: String,
    reason: String,
}

/// Somebody who goes, and what they leave behind.
struct Leaver {
    name: String,
    /// The first of their numbers, which a list without a preview shows.
    numbers: Page<HeldNumber>,
    /// The names of their groups.
    groups: Vec<String>,
    /// Who gets the numbers; empty: nobody.
    target: String,
}

#[derive(Template)]
#[template(path = "leaver.html")]
struct LeaverPage<'a> {
    chrome: &'a Chrome,
    user_id: &'a str,
    leaver: Leaver,
    preview: Option<Preview>,
    form: LeaverForm,
    faults: Vec<FormFault>,
}

/// Answers `GET users/{user}/leaver`: what a person who goes would leave behind.
pub(super) fn show(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let mut form: LeaverForm = visit.query()?;
    form.find_target(visit)?;
    page(visit, form, !visit.request.query.is_empty(), Vec::new())
}

/// The page; `previewed` where what the form says is to be tried.
fn page(
    visit: &Visit<'_>,
    form: LeaverForm,
    previewed: bool,
    mut faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let (chrome, user_id) = (&visit.chrome, UserId::new(visit.parameter.as_str()));
    let target = form.target(chrome);
    let (mut leaver, found) = visit.face.store.read(|tx| {
        let leaver = Leaver::of(tx, visit.instance_id(), &user_id)?;
        let named = |target| -> Result<String, Error> {
            let row = users::get(tx, visit.instance_id(), target)?;
            suggestions::name_of_user(tx, row.user_id.as_str())
        };
        Ok::<_, Error>((leaver, target.as_ref().map(named).transpose()))
    })?;
    let mut preview = None;
    match found {
        _ if target.as_ref() == Some(&user_id) => {
            let said = chrome.t.say("leaver-self").to_string();
            faults.push(FormFault { field: "target", said });
        }
        Ok(_) if form.remove && leaver.numbers.total > AT_ONCE as u64 => {
            let said = chrome.t.say("leaver-too-many").with("most", AT_ONCE).to_string();
            faults.push(FormFault { field: "remove", said });
        }
        Ok(name) => {
            leaver.target = name.unwrap_or_default();
            if previewed {
                match rehearse(visit, &user_id, target, form.remove) {
                    Ok(tried) => preview = Some(tried),
                    Err(failure) => faults.extend(failure.faults_of(chrome, "remove")?.1),
                }
            }
        }
        Err(error) => faults.extend(Failure::from(error).faults_of(chrome, "target")?.1),
    }
    let user_id = visit.parameter.as_str();
    reply::page(&LeaverPage { chrome, user_id, leaver, preview, form, faults })
}

impl Leaver {
    fn of(tx: &ReadTx<'_>, instance_id: &InstanceId, user_id: &UserId) -> Result<Self, Error> {
        users::get(tx, instance_id, user_id)?;
        let groups = memberships::list_named_of_user(tx, user_id, WHOLE)?.rows;
        let ids = groups.iter().map(|group| group.skill_group.skill_group_id.as_str());
        Ok(Self {
            name: suggestions::name_of_user(tx, user_id.as_str())?,
            numbers: holders::of_user(tx, instance_id, user_id, SHOWN)?,
            groups: ids
                .map(|id| suggestions::name_of_skill_group(tx, id))
                .collect::<Result<_, _>>()?,
            target: String::new(),
        })
    }
}

/// Lets somebody go, and takes that back.
fn rehearse(
    visit: &Visit<'_>,
    user_id: &UserId,
    target: Option<UserId>,
    removed: bool,
) -> Result<Preview, Failure> {
    let user_id = user_id.clone();
    visit.rehearse(move |tx, access| {
        let instance_id = &access.instance_id;
        let held = held(tx, instance_id, &user_id)?;
        let hash = Selection::of_numbers(tx, instance_id, held.iter())?.hash();
        let tried = held.iter().take(AT_ONCE).map(String::as_str);
        let moves = Moves::rehearsed(tx, instance_id, tried, || {
            // Best effort, so that each number shows what would become of it alone.
            let mode = BatchMode::BestEffort;
            match pass_on(tx, instance_id, &user_id, target.as_ref(), &held, mode)? {
                InSlices::AtOnce(report) => Ok(report),
                InSlices::Run(_) => Err(Error::Internal("a preview began a run".to_owned())),
            }
        })?;
        if removed {
            remove(tx, access, &user_id)?;
        }
        Ok(Preview { moves, hash })
    })
}

/// The numbers that a user holds.
fn held(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
) -> Result<Vec<String>, Error> {
    let held = history::numbers_of_user_at(tx, instance_id, user_id, None)?;
    Ok(held.into_iter().map(|held| held.number).collect())
}

/// Gives the numbers of a user to another, or takes them back.
fn pass_on(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    target: Option<&UserId>,
    numbers: &[String],
    mode: BatchMode,
) -> Result<InSlices<BatchReport>, Error> {
    let (number, from) = (String::new(), Some(user_id.clone()));
    let each = match target {
        Some(target) => BatchItem::Transfer { number, from, user_id: target.clone() },
        None => BatchItem::Release { number, user_id: from, cool_down_days: None },
    };
    runs::with_each(tx, instance_id, each, numbers, mode)
}

/// Whoever may take somebody's numbers back may not remove them for that.
fn remove(tx: &WriteTx<'_>, access: &InstanceAccess, user_id: &UserId) -> Result<(), Error> {
    access::require(access, Act::ManageUsers)?;
    let removal = acts::Removal { force: true, caller: access.user_id.as_ref(), last_admin: false };
    acts::remove(tx, &access.instance_id, std::slice::from_ref(user_id), removal)
}

/// Answers `POST users/{user}/leaver`: hands the numbers over or takes them back, and removes the
/// person if asked to; all or nothing.
pub(super) fn leave(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let mut form: LeaverForm = visit.form()?;
    form.find_target(visit)?;
    let user_id = UserId::new(visit.parameter.as_str());
    let target = form.target(&visit.chrome);
    if target.as_ref() == Some(&user_id) {
        return Ok(Answer { status: 409, ..page(visit, form, false, Vec::new())? });
    }
    let wanted = form.clone();
    let done = visit.write(&form.reason, move |tx, access| {
        let instance_id = &access.instance_id;
        users::get(tx, instance_id, &user_id)?;
        target.as_ref().map_or(Ok(()), |target| users::require(tx, instance_id, target))?;
        let held = held(tx, instance_id, &user_id)?;
        if Selection::of_numbers(tx, instance_id, held.iter())?.hash() != wanted.hash {
            return Ok(None);
        }
        let mode = BatchMode::AllOrNothing;
        let passed = pass_on(tx, instance_id, &user_id, target.as_ref(), &held, mode)?;
        // Of a run nothing is done yet, so that it refuses whoever has too many.
        let goes = match &passed {
            InSlices::AtOnce(report) => report.applied,
            InSlices::Run(_) => true,
        };
        if wanted.remove && goes {
            remove(tx, access, &user_id)?;
        }
        Ok(Some(passed))
    });
    let (status, faults) = match done {
        Ok(Some(InSlices::Run(run))) => {
            return Ok(visit.drive(&run, &form.reason));
        }
        Ok(Some(InSlices::AtOnce(report))) if report.applied => {
            return Ok(visit.done(&[("done", report.done.to_string())]));
        }
        Ok(Some(InSlices::AtOnce(_))) => (409, Vec::new()),
        Ok(None) => (412, vec![FormFault::of_all(visit.chrome.t.say("leaver-stale"))]),
        // The preview says it beside its field.
        Err(Failure::Domain(
            Error::NotFound(Missing::User(..))
            | Error::LastAdmin(_)
            | Error::OwnUser(_)
            | Error::Rule { rule: Rule::ReferencedRowIsKept, .. },
        )) => (409, Vec::new()),
        Err(failure) => failure.faults(&visit.chrome)?,
    };
    Ok(Answer { status, ..page(visit, form, true, faults)? })
}

impl LeaverForm {
    /// Who is called by their name gets their id.
    fn find_target(&mut self, visit: &Visit<'_>) -> Result<(), Error> {
        if let Ok(id) = corrections::meant(visit, HolderKind::User, &self.target)?
            && id != visit.chrome.whole_id(&self.target)
        {
            self.target = id;
        }
        Ok(())
    }

    fn target(&self, chrome: &Chrome) -> Option<UserId> {
        let said = self.target.trim();
        (!said.is_empty()).then(|| UserId::new(chrome.whole_id(said)))
    }
}
