//! People: a list of all of them, and how many numbers each has.

use super::form::said;
use super::lists::{Column, Pager, address, filtered_by, page_request};
use super::page::{Chrome, Visit};
use super::reply::Failure;
use crate::domain::{Order, Role, User, UserId};
use crate::http::Answer;
use crate::store::users::{self, UserQuery};
use crate::store::{ReadTx, personal_assignments};
use askama::Template;
use serde::{Deserialize, Serialize};

/// What the list's address says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct UsersFilter {
    q: String,
    role: String,
    sort: String,
    page: u64,
}

/// A row of the list.
#[derive(Debug)]
struct UserLine {
    row: User,
    numbers: u64,
}

#[derive(Template)]
#[template(path = "users.html", blocks = ["region"])]
struct UsersPage<'a> {
    chrome: &'a Chrome,
    filter: &'a UsersFilter,
    lines: Vec<UserLine>,
    columns: Vec<Column>,
    pager: Pager,
    roles: [&'static str; 3],
    said: String,
}

/// Answers `GET users`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: UsersFilter = visit.query()?;
    let chrome = &visit.chrome;
    let query = UserQuery {
        search: said(&filter.q),
        role: Role::of_instance(&filter.role),
        order: Order::parse(&filter.sort).unwrap_or_default(),
        ..UserQuery::default()
    };
    let page = users::search(tx, visit.instance_id(), &query, page_request(filter.page))?;
    let base = chrome.to("users");
    let pager =
        Pager::new(&page, |number| address(&base, &UsersFilter { page: number, ..filter.clone() }));
    let column = |title, sort, class| {
        let present = if filter.sort.is_empty() { "user_id" } else { &filter.sort };
        Column::new(title, sort, class, present, |sort| {
            address(&base, &UsersFilter { sort, page: 0, ..filter.clone() })
        })
    };
    let columns = vec![
        column("name", "display_name", ""),
        column("login", "user_id", ""),
        column("role", "role", "optional"),
        column("numbers", "", "num"),
        column("extension", "extension", "optional"),
        column("email", "", "optional"),
    ];
    let lines = page
        .rows
        .into_iter()
        .map(|row| {
            let id = UserId::new(row.user_id.as_str());
            Ok(UserLine { numbers: personal_assignments::count_held(tx, &id)?, row })
        })
        .collect::<Result<_, crate::domain::Error>>()?;
    let roles = ["Admin", "Manager", "Agent"];
    let role = Role::of_instance(&filter.role).map(|role| chrome.t.name("role", role.name()));
    let role = role.map_or_else(String::new, |role| role.to_string());
    let said = filtered_by(chrome.t, vec![("search", filter.q.clone()), ("role", role)]);
    let template = UsersPage { chrome, filter: &filter, lines, columns, pager, roles, said };
    chrome.page_or_region(&template, &template.as_region())
}
