//! Skill groups: which there are, with how many numbers and members.

use super::form_faults::FormFaults;
use super::lists::{Column, Pager, address, page_request};
use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use crate::domain::skill_group::{MediaType, NewSkillGroup, SkillGroupName};
use crate::domain::text::{LONGEST_DESCRIPTION, LONGEST_NAME};
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
}

/// Answers `GET groups`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: GroupsFilter = visit.query()?;
    let chrome = &visit.chrome;
    let query = SkillGroupQuery {
        search: Some(filter.q.trim().to_owned()).filter(|text| !text.is_empty()),
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
    let template = GroupsPage { chrome, filter: &filter, rows: page.rows, columns, pager };
    if chrome.fragment {
        return Ok(reply::html(200, template.as_region().render()?));
    }
    reply::page(&template)
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
    let mut faults = FormFaults::new(visit.chrome.t);
    let name: Option<SkillGroupName> = faults.read("name", &form.name);
    faults.texts(&[
        ("display_name", "name", &form.display_name, LONGEST_NAME),
        ("description", "description", &form.description, LONGEST_DESCRIPTION),
    ]);
    let name = faults.unless_any(name)?;
    let display_name = match form.display_name.trim() {
        "" => name.as_str(),
        said => said,
    };
    let new = NewSkillGroup {
        display_name: display_name.to_owned(),
        name,
        description: form.description.trim().to_owned(),
        media_type: MediaType::default(),
        guid: None,
    };
    let id =
        visit.write(&form.reason, move |tx, access| acts::create(tx, &access.instance_id, &new))?;
    Ok(reply::see(visit.chrome.group(id.as_str())))
}
