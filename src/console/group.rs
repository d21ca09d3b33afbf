//! One skill group: the numbers bound to it and its members, and what can be changed of both.

use super::corrections;
use super::form_faults::FormFaults;
use super::lists::{Pager, address, page_request};
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use super::words::{Deed, newest};
use crate::domain::history::{ChangeFilter, Entity, HolderKind};
use crate::domain::phone_number::{NumberFilter, PhoneNumber};
use crate::domain::skill_group::{DEFAULT_SKILL_LEVEL, SKILL_LEVELS, SkillGroupEdit};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_REASON, name_or};
use crate::domain::{Error, Membership, SkillGroup, SkillGroupId, UserId};
use crate::http::Answer;
use crate::ops::{memberships as acts, skill_groups as group_acts};
use crate::store::suggestions;
use crate::store::{ReadTx, memberships, phone_numbers, skill_groups};
use askama::Template;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct GroupFilter {
    /// Which page of its numbers.
    page: u64,
    /// Which page of its members.
    members: u64,
}

#[derive(Debug)]
struct Member {
    user_id: String,
    name: String,
    level: u8,
}

#[derive(Template)]
#[template(path = "group.html", blocks = ["region"])]
struct GroupPage<'a> {
    chrome: &'a Chrome,
    row: SkillGroup,
    numbers: Vec<PhoneNumber>,
    pager: Pager,
    members: Vec<Member>,
    members_pager: Pager,
    members_form: MembersForm,
    /// Why the members were not changed.
    members_faults: Vec<FormFault>,
    form: GroupForm,
    /// What somebody else changed since the form was opened.
    newer: Vec<Deed>,
    faults: Vec<FormFault>,
}

/// Answers `GET groups/{group}`.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(tx, visit, Typed::default())
}

/// What was typed into one of the forms, and why it was not done.
#[derive(Default)]
struct Typed {
    form: Option<GroupForm>,
    faults: Vec<FormFault>,
    members_form: MembersForm,
    members_faults: Vec<FormFault>,
}

fn page(tx: &ReadTx<'_>, visit: &Visit<'_>, typed: Typed) -> Result<Answer, Failure> {
    let Typed { form: typed, faults, members_form, members_faults } = typed;
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    let id = SkillGroupId::new(visit.parameter.as_str());
    let filter: GroupFilter = visit.query()?;
    let row = skill_groups::get(tx, instance_id, &id)?;
    let all = NumberFilter::default();
    let numbers = phone_numbers::list_bound(tx, &id, &all, page_request(filter.page))?;
    let people = memberships::list(tx, instance_id, &id, None, page_request(filter.members))?;
    let base = chrome.group(row.skill_group_id.as_str());
    let pager =
        Pager::new(&numbers, |page| address(&base, &GroupFilter { page, ..filter.clone() }));
    let members_pager =
        Pager::new(&people, |members| address(&base, &GroupFilter { members, ..filter.clone() }));
    let members = people
        .rows
        .into_iter()
        .map(|row| {
            let name = suggestions::name_of_user(tx, row.user_id.as_str())?;
            Ok(Member { user_id: row.user_id.to_string(), name, level: row.skill_level })
        })
        .collect::<Result<_, Error>>()?;
    let changed = ChangeFilter {
        skill_group_id: Some(id.to_string()),
        entity: Some(Entity::SkillGroup),
        ..ChangeFilter::default()
    };
    let stale =
        typed.as_ref().is_some_and(|form| form.version.is_some_and(|seen| seen != row.version));
    let shown = || GroupForm {
        display_name: name_or(row.display_name.clone(), row.name.as_str()),
        description: row.description.clone(),
        ..GroupForm::default()
    };
    let template = GroupPage {
        chrome,
        form: typed.unwrap_or_else(shown),
        newer: if stale { newest(tx, chrome, changed, 1)? } else { Vec::new() },
        faults,
        row,
        numbers: numbers.rows,
        pager,
        members,
        members_pager,
        members_form,
        members_faults,
    };
    chrome.page_or_region(&template, &template.as_region())
}

/// What the forms about members say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct MembersForm {
    /// `add` or `remove`.
    action: String,
    /// Users, by id or login name.
    user: Vec<String>,
    level: String,
    reason: String,
}

impl MembersForm {
    const ADD: &str = "add";
    const REMOVE: &str = "remove";

    /// Who is to be added.
    fn new_user(&self) -> &str {
        let user = self.user.first().filter(|_| self.action == Self::ADD);
        user.map(String::as_str).unwrap_or_default()
    }

    /// The level that is shown, and taken where none is said.
    fn level(&self) -> String {
        match self.level.trim() {
            "" => DEFAULT_SKILL_LEVEL.to_string(),
            level => level.to_owned(),
        }
    }

    /// Whether a member is to be removed.
    fn removes(&self, member: &Member) -> bool {
        self.action == Self::REMOVE && self.user.contains(&member.user_id)
    }

    /// The reason, in the form for an action.
    fn reason(&self, action: &str) -> &str {
        if self.action == action { &self.reason } else { "" }
    }

    /// The users and their level.
    fn read(&self, visit: &Visit<'_>) -> Result<(Vec<UserId>, u8), Failure> {
        let t = visit.chrome.t;
        if ![Self::ADD, Self::REMOVE].contains(&self.action.as_str()) {
            return Err(Failure::BadForm(t.wrong_word("action", &self.action)));
        }
        let said = self.user.iter().filter(|id| !id.trim().is_empty());
        let mut faults = FormFaults::new(t);
        let mut users = Vec::new();
        for id in said {
            match corrections::meant(visit, HolderKind::User, id)? {
                Ok(id) => users.push(UserId::new(id)),
                Err(said) => faults.add("user", said),
            }
        }
        let level = self.level().parse::<u8>().ok().filter(|level| SKILL_LEVELS.contains(level));
        if self.user.iter().all(|id| id.trim().is_empty()) {
            faults.add("user", t.say("members-nobody"));
        }
        if level.is_none() {
            faults.add("level", t.say("level-range"));
        }
        faults.unless_any(level.map(|level| (users, level)))
    }
}

/// Answers `POST groups/{group}/members`.
pub(super) fn change_members(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: MembersForm = visit.form()?;
    let skill_group_id = SkillGroupId::new(visit.parameter.as_str());
    let removes = form.action == MembersForm::REMOVE;
    let changed = form.read(visit).and_then(|(users, skill_level)| {
        let count = users.len();
        visit.write(&form.reason, move |tx, access| {
            if removes {
                return acts::remove(tx, &access.instance_id, &[skill_group_id], &users);
            }
            let member = |user_id| Membership {
                skill_group_id: skill_group_id.clone(),
                user_id,
                skill_level,
            };
            acts::add(tx, &access.instance_id, &users.into_iter().map(member).collect::<Vec<_>>())
        })?;
        Ok(count)
    });
    let failure = match changed {
        Ok(count) => {
            return Ok(visit.done(&[("done", count.to_string())]));
        }
        // A page of its own asks for it.
        Err(failure @ Failure::Domain(Error::ReasonRequired)) => return Err(failure),
        Err(failure) => failure,
    };
    let (status, mut members_faults) = failure.faults_of(&visit.chrome, "user")?;
    if removes {
        // Their boxes are a list of their own.
        members_faults.iter_mut().for_each(|fault| fault.field = "");
    }
    let typed = Typed { members_form: form, members_faults, ..Typed::default() };
    visit.again(status, |tx| page(tx, visit, typed))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct GroupForm {
    /// The version that was shown; absent: whatever it is.
    version: Option<u64>,
    display_name: String,
    description: String,
    reason: String,
}

/// Answers `POST groups/{group}/edit`.
pub(super) fn save(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: GroupForm = visit.form()?;
    let (id, seen) = (SkillGroupId::new(visit.parameter.as_str()), form.version);
    let refused = visit.save(&form.reason, form.edit(visit), move |tx, access, edit| {
        let version = skill_groups::get(tx, &access.instance_id, &id)?.version;
        if seen.is_some_and(|seen| seen != version) {
            return Ok(false);
        }
        group_acts::modify(tx, &access.instance_id, &id, &edit)?;
        Ok(true)
    })?;
    let Some((status, faults)) = refused else {
        return Ok(reply::see(visit.chrome.group(visit.parameter.as_str())));
    };
    let typed = Typed { form: Some(form), faults, ..Typed::default() };
    visit.again(status, |tx| page(tx, visit, typed))
}

impl GroupForm {
    fn edit(&self, visit: &Visit<'_>) -> Result<SkillGroupEdit, Failure> {
        let mut faults = FormFaults::new(visit.chrome.t);
        faults.name("display_name", "name", &self.display_name, LONGEST_NAME);
        faults.texts(&[
            ("description", "description", &self.description, LONGEST_DESCRIPTION),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        faults.unless_any(Some(SkillGroupEdit {
            display_name: Some(self.display_name.trim().to_owned()),
            description: Some(self.description.trim().to_owned()),
        }))
    }
}
