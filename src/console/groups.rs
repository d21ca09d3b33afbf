//! Skill groups: a list of all of them, with how many numbers and members each has.

use super::form::said;
use super::form_faults::FormFaults;
use super::lists::{Column, Pager, address, filtered_by, page_request};
use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use crate::domain::skill_group::{MediaType, NewSkillGroup, SkillGroupName};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_REASON};
use crate::domain::{Order, SkillGroup};
use crate::http::Answer;
use crate::ops::skill_groups as acts;
use crate::store::ReadTx;
use crate::store::skill_groups::{self, SkillGroupQuery};
use askama::Template;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct GroupsFilter {
    q: String,
    sort: String,
    page: u64,
}

#[derive(Template)]
#[template(path = "groups.html", blocks = ["region"])]
struct GroupsPage<'a> {
    chrome: &'a Chrome,
    filter: &'a GroupsFilter,
    rows: Vec<SkillGroup>,
    columns: Vec<Column>,
    pager: Pager,
    said: String,
    /// What the form for another one shows.
    form: NewGroupForm,
    faults: Vec<FormFault>,
}

/// Answers `GET groups`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(tx, visit, NewGroupForm::default(), Vec::new())
}

/// The page, with what was typed and why no group was made, if none was.
fn page(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    form: NewGroupForm,
    faults: Vec<FormFault>,
) -> Result<Answer, Failure> {
    let filter: GroupsFilter = visit.query()?;
    let chrome = &visit.chrome;
    let query = SkillGroupQuery {
        search: said(&filter.q),
        order: Order::parse(&filter.sort).unwrap_or_default(),
        ..SkillGroupQuery::default()
    };
    let page = skill_groups::search(tx, visit.instance_id(), &query, page_request(filter.page))?;
    let base = chrome.to("groups");
    let pager = Pager::new(&page, |number| {
        address(&base, &GroupsFilter { page: number, ..filter.clone() })
    });
    let column = |title, sort, class| {
        let present = if filter.sort.is_empty() { "skill_group_id" } else { &filter.sort };
        Column::new(title, sort, class, present, |sort| {
            address(&base, &GroupsFilter { sort, page: 0, ..filter.clone() })
        })
    };
    let columns = vec![
        column("name", "display_name", ""),
        column("short-name", "skill_group_id", ""),
        column("numbers", "phone_number_count", "num"),
        column("members", "user_count", "num"),
        column("description", "", "optional"),
    ];
    let rows = page.rows;
    let said = filtered_by(chrome.t, vec![("search", filter.q.clone())]);
    let template = GroupsPage { chrome, filter: &filter, rows, columns, pager, said, form, faults };
    chrome.page_or_region(&template, &template.as_region())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NewGroupForm {
    name: String,
    display_name: String,
    description: String,
    reason: String,
}

/// Answers `POST groups`.
pub(super) fn create(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: NewGroupForm = visit.form()?;
    let made = form.group(visit).and_then(|new| {
        visit.write(&form.reason, move |tx, access| acts::create(tx, &access.instance_id, &new))
    });
    match made {
        Ok(id) => Ok(reply::see(visit.chrome.group(id.as_str()))),
        Err(failure) => {
            let (status, faults) = failure.faults(&visit.chrome)?;
            visit.again(status, |tx| page(tx, visit, form, faults))
        }
    }
}

impl NewGroupForm {
    /// The group that is asked for.
    fn group(&self, visit: &Visit<'_>) -> Result<NewSkillGroup, Failure> {
        let mut faults = FormFaults::new(visit.chrome.t);
        let name: Option<SkillGroupName> = faults.read("name", &self.name);
        faults.name_or_nothing("display_name", "name", &self.display_name, LONGEST_NAME);
        faults.texts(&[
            ("description", "description", &self.description, LONGEST_DESCRIPTION),
            ("reason", "reason", &self.reason, LONGEST_REASON),
        ]);
        let name = faults.unless_any(name)?;
        let display_name = match self.display_name.trim() {
            "" => name.as_str(),
            said => said,
        };
        Ok(NewSkillGroup {
            display_name: display_name.to_owned(),
            name,
            description: self.description.trim().to_owned(),
            media_type: MediaType::default(),
            guid: None,
        })
    }
}
