//! Somebody joins: their login, their role, their groups and their first numbers, as one previewed
//! step.

use super::form_faults::FormFaults;
use super::moves::Moves;
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use crate::domain::batch::{BatchItem, BatchMode};
use crate::domain::candidate::{Candidate, Nearness};
use crate::domain::ram_user::{Email, LoginName, NewLogin};
use crate::domain::skill_group::DEFAULT_SKILL_LEVEL;
use crate::domain::text::{LONGEST_MOBILE, LONGEST_PERSON_NAME, LONGEST_REASON};
use crate::domain::{
    Error, InstanceId, Missing, NewUser, PageRequest, RamId, Role, SkillGroupId, UserId, WorkMode,
};
use crate::http::Answer;
use crate::ops::batch::{self, Selection};
use crate::ops::users;
use crate::store::suggestions::{self, Suggestion};
use crate::store::{ReadTx, WriteTx, candidates, ram_users};
use askama::Template;
use serde::Deserialize;

/// How many numbers the preview suggests.
const SUGGESTED: PageRequest = PageRequest::first(20);

/// The most numbers that somebody begins with.
const MOST: usize = 20;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct JoinerForm {
    login_name: String,
    display_name: String,
    role: String,
    email: String,
    mobile: String,
    group: Vec<String>,
    /// How many numbers they get, until somebody has chosen among those that are suggested.
    count: String,
    number: Vec<String>,
    chosen: bool,
    reason: String,
    /// What the preview has seen.
    hash: String,
    apply: bool,
}

/// Somebody who joins, as the form says it.
#[derive(Clone)]
struct Joiner {
    login: NewLogin,
    user: NewUser,
    /// How many numbers, or which.
    numbers: Result<Vec<String>, usize>,
}

/// What would come of it.
struct Preview {
    user_id: UserId,
    /// What the login is called that is there already.
    known_as: Option<String>,
    /// The names of the groups.
    groups: Vec<String>,
    moves: Moves,
    /// The numbers that suit them, with those that they get.
    suggested: Vec<Candidate>,
    hash: String,
}

#[derive(Template)]
#[template(path = "joiner.html")]
struct JoinerPage<'a> {
    chrome: &'a Chrome,
    form: &'a JoinerForm,
    groups: Vec<Suggestion>,
    roles: [&'static str; 3],
    preview: Option<Preview>,
    faults: Vec<FormFault>,
}

impl JoinerPage<'_> {
    fn role(&self) -> &str {
        if self.form.role.is_empty() { Role::Agent.name() } else { &self.form.role }
    }

    fn gets(&self, number: &str) -> bool {
        let rows = self.preview.iter().flat_map(|preview| &preview.moves.rows);
        rows.into_iter().any(|row| row.item.number == number)
    }
}

/// Answers `GET users/add`.
pub(super) fn show(visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(visit, &JoinerForm::default(), None, Vec::new())
}

fn page(
    visit: &Visit<'_>,
    form: &JoinerForm,
    preview: Option<Preview>,
    faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let groups =
        visit.face.store.read(|tx| suggestions::skill_groups(tx, visit.instance_id(), "", 500))?;
    let roles = ["Agent", "Manager", "Admin"];
    reply::page(&JoinerPage { chrome: &visit.chrome, form, groups, roles, preview, faults })
}

/// Answers `POST users/add`: first what would come of it, then exactly that, all or nothing.
pub(super) fn add(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: JoinerForm = visit.form()?;
    let joiner = match form.joiner(visit) {
        Ok(joiner) => joiner,
        Err(failure) => {
            let (status, faults) = failure.faults(&visit.chrome)?;
            return Ok(Answer { status, ..page(visit, &form, None, faults)? });
        }
    };
    if !form.apply {
        return previewed(visit, &form, joiner, 200, Vec::new());
    }
    let (wanted, seen) = (joiner.clone(), form.hash.clone());
    let done = visit.write(&form.reason, move |tx, access| {
        let instance_id = &access.instance_id;
        let Ok(numbers) = &wanted.numbers else { return Ok(None) };
        let there = ram_users::find(tx, wanted.login.login_name.as_str())?;
        if hash(tx, instance_id, there.as_ref(), numbers)? != seen {
            return Ok(None);
        }
        users::join(tx, instance_id, &wanted.login, &wanted.user, numbers).map(Some)
    });
    let (status, faults) = match done {
        Ok(Some(report)) if report.applied => {
            let back = visit.chrome.user(joiner.user_id(visit.instance_id()).as_str());
            let done = (report.done + 1 + joiner.user.skill_levels.len()).to_string();
            return Ok(visit.done(&[("done", done), ("back", back)]));
        }
        Ok(Some(_)) => (409, Vec::new()),
        Ok(None) => (412, vec![FormFault::of_all(visit.chrome.t.say("joiner-stale"))]),
        // The preview says it beside its field.
        Err(Failure::Domain(
            Error::AlreadyExists(_) | Error::NotFound(Missing::SkillGroup(..)),
        )) => (409, Vec::new()),
        Err(failure) => failure.faults(&visit.chrome)?,
    };
    previewed(visit, &form, joiner, status, faults)
}

/// The page with what would come of the form.
fn previewed(
    visit: &Visit<'_>,
    form: &JoinerForm,
    joiner: Joiner,
    status: u16,
    mut faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    // All that could be given is ranked for that, which would keep the writer from others' changes.
    let suggested = visit.face.store.read(|tx| joiner.suggested(tx, visit.instance_id()))?;
    let tried =
        visit.rehearse(move |tx, access| joiner.rehearse(tx, &access.instance_id, suggested));
    let (status, preview) = match tried {
        Ok(preview) => (status, Some(preview)),
        Err(failure) => {
            let field = match &failure {
                Failure::Domain(Error::NotFound(Missing::SkillGroup(..))) => "group",
                Failure::Domain(Error::AlreadyExists(_)) => "login_name",
                _ => "",
            };
            let (status, found) = failure.faults_of(&visit.chrome, field)?;
            faults.extend(found);
            (status, None)
        }
    };
    Ok(Answer { status, ..page(visit, form, preview, faults)? })
}

impl Joiner {
    fn user_id(&self, instance_id: &InstanceId) -> UserId {
        UserId::of(self.login.login_name.as_str(), instance_id)
    }

    /// The numbers that suit them.
    fn suggested(
        &self,
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
    ) -> Result<Vec<Candidate>, Error> {
        let joins: Vec<SkillGroupId> =
            self.user.skill_levels.iter().map(|(id, _)| id.clone()).collect();
        candidates::for_joiner(tx, instance_id, &self.user_id(instance_id), &joins, SUGGESTED)
    }

    /// Lets them join, in a transaction that is taken back.
    fn rehearse(
        &self,
        tx: &WriteTx<'_>,
        instance_id: &InstanceId,
        mut suggested: Vec<Candidate>,
    ) -> Result<Preview, Error> {
        let there = ram_users::find(tx, self.login.login_name.as_str())?;
        let user = users::enter(tx, instance_id, &self.login, &self.user)?;
        let user_id = user.user_id;
        let numbers: Vec<String> = match &self.numbers {
            Ok(numbers) => numbers.clone(),
            Err(count) => suggested
                .iter()
                .filter(|one| one.suggestion.as_ref().is_some_and(|s| s.near != Nearness::Unusable))
                .take(*count)
                .map(|one| one.phone_number.number.clone())
                .collect(),
        };
        for number in numbers.iter().rev() {
            if !suggested.iter().any(|one| one.phone_number.number == *number) {
                match candidates::why(tx, instance_id, &user_id, number) {
                    Ok(one) => suggested.insert(0, one),
                    // The row of the number says that there is none.
                    Err(Error::NotFound(_)) => {}
                    Err(failed) => return Err(failed),
                }
            }
        }
        let hash = hash(tx, instance_id, there.as_ref(), &numbers)?;
        let give = |number: &String| BatchItem::Assign {
            number: number.clone(),
            user_id: user_id.clone(),
        };
        let items: Vec<BatchItem> = numbers.iter().map(give).collect();
        // Best effort, so that each number shows what would become of it alone.
        let moves = Moves::rehearsed(tx, instance_id, numbers.iter().map(String::as_str), || {
            batch::run(tx, instance_id, &items, BatchMode::BestEffort)
        })?;
        let groups = self.user.skill_levels.iter();
        let groups = groups
            .map(|(id, _)| suggestions::name_of_skill_group(tx, id.as_str()))
            .collect::<Result<_, _>>()?;
        let known_as = there.map(|_| user.display_name);
        Ok(Preview { user_id, known_as, groups, moves, suggested, hash })
    }
}

/// The same for the same numbers in the same versions, and as long as the same login is there, or
/// none is.
fn hash(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    there: Option<&RamId>,
    numbers: &[String],
) -> Result<String, Error> {
    let numbers = Selection::of_numbers(tx, instance_id, numbers.iter())?.hash();
    Ok(format!("{numbers}{}", there.map(RamId::as_str).unwrap_or_default()))
}

impl JoinerForm {
    /// Who is to join; a new login still has no id.
    fn joiner(&self, visit: &Visit<'_>) -> Result<Joiner, Failure> {
        let t = visit.chrome.t;
        let mut faults = FormFaults::new(t);
        let login_name: Option<LoginName> = faults.read("login_name", &self.login_name);
        let email = self.email.trim();
        let email: Option<Email> =
            if email.is_empty() { None } else { faults.read("email", email) };
        let there = match &login_name {
            Some(name) => visit.face.store.read(|tx| ram_users::find(tx, name.as_str()))?,
            None => None,
        };
        // Who has a login has a name.
        if there.is_none() {
            faults.name("display_name", "name", &self.display_name, LONGEST_PERSON_NAME);
        }
        faults.texts(&[
            ("mobile", "mobile", &self.mobile, LONGEST_MOBILE),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let role = Role::of_instance(&self.role);
        faults.known_word("role", &self.role, role.is_some());
        let numbers = self.numbers(&mut faults, visit);
        let levels =
            self.group.iter().map(|id| (SkillGroupId::new(id.as_str()), DEFAULT_SKILL_LEVEL));
        let ram_id = users::new_ram_id()?;
        faults.unless_any(login_name.map(|login_name| Joiner {
            login: NewLogin {
                ram_id,
                login_name,
                display_name: self.display_name.trim().to_owned(),
                email,
                mobile: self.mobile.trim().to_owned(),
            },
            user: NewUser::new(role.unwrap_or(Role::Agent), WorkMode::default(), levels.collect()),
            numbers,
        }))
    }

    /// The numbers that were chosen, or how many are wanted.
    fn numbers(&self, faults: &mut FormFaults, visit: &Visit<'_>) -> Result<Vec<String>, usize> {
        let count = match self.count.trim() {
            "" => Some(0),
            said => said.parse().ok().filter(|count| *count <= MOST),
        };
        if count.is_none() || self.number.len() > MOST {
            let said = visit.chrome.t.say("joiner-count-wrong").with("most", MOST);
            faults.add("count", said);
        }
        if self.chosen { Ok(self.number.clone()) } else { Err(count.unwrap_or_default()) }
    }
}
