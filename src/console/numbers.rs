//! The working list: every number of the call centre, searched, narrowed down, sorted, selected.

use super::filter::NumbersFilter;
use super::lists::{Column, Pager, address, page_request};
use super::page::{Chrome, Visit};
use super::reply::{self, Failure};
use super::selection::ActionChoice;
use crate::domain::phone_number::NumberDetails;
use crate::http::Answer;
use crate::store::facets::{self, Facet};
use crate::store::{ReadTx, phone_numbers};
use askama::Template;

/// A value to narrow the list down by.
#[derive(Debug)]
struct Choice {
    label: String,
    count: u64,
    chosen: bool,
    address: String,
}

#[derive(Debug)]
struct FacetView {
    title: &'static str,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "numbers.html", blocks = ["region"])]
struct NumbersPage<'a> {
    chrome: &'a Chrome,
    filter: &'a NumbersFilter,
    /// The filter as the action form carries it.
    frozen: String,
    rows: Vec<NumberDetails>,
    columns: Vec<Column>,
    facets: Vec<FacetView>,
    pager: Pager,
    actions: Vec<ActionChoice>,
    export: String,
}

/// Answers `GET numbers`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: NumbersFilter = visit.query()?;
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    let query = filter.query();
    let page = phone_numbers::search(tx, instance_id, &query, page_request(filter.page))?;
    let base = chrome.to("numbers");
    let to = |change: &dyn Fn(&mut NumbersFilter)| {
        let mut changed = NumbersFilter { page: 0, ..filter.clone() };
        change(&mut changed);
        address(&base, &changed)
    };
    let pager = Pager::new(&page, |number| to(&|filter| filter.page = number));
    let column = |title, sort, class| {
        let present = if filter.sort.is_empty() { "number" } else { &filter.sort };
        Column::new(title, sort, class, present, |sort| to(&|f| f.sort.clone_from(&sort)))
    };
    let counts = facets::of_numbers(tx, instance_id, &query)?;
    let template = NumbersPage {
        chrome,
        filter: &filter,
        frozen: serde_html_form::to_string(&filter).unwrap_or_default(),
        rows: page.rows,
        columns: vec![
            column("number", "number", ""),
            column("state", "state", ""),
            column("holder", "", ""),
            column("since", "", "optional"),
            column("city", "city", ""),
            column("usage", "usage", "optional"),
            column("tags", "", "optional"),
        ],
        facets: vec![
            facet(chrome, "state", counts.state, &filter.state, |value| {
                to(&|f| f.state = toggled(&f.state, value))
            }),
            facet(chrome, "usage", counts.usage, &filter.usage, |value| {
                to(&|f| f.usage = toggled(&f.usage, value))
            }),
            facet(chrome, "active", counts.active, &filter.active, |value| {
                to(&|f| f.active = toggled(&f.active, value))
            }),
            cities(chrome, counts.city, filter.city.as_deref(), |value| {
                to(&|f| {
                    let same = f.city.as_deref() == Some(value);
                    f.city = if same { None } else { Some(value.to_owned()) };
                })
            }),
        ],
        pager,
        actions: ActionChoice::offered(chrome),
        export: address(&chrome.to("numbers.csv"), &filter),
    };
    if chrome.fragment {
        return Ok(reply::html(200, template.as_region().render()?));
    }
    reply::page(&template)
}

fn toggled(present: &str, value: &str) -> String {
    if present == value { String::new() } else { value.to_owned() }
}

/// The counts of a property whose values have messages.
fn facet(
    chrome: &Chrome,
    title: &'static str,
    counts: Facet,
    chosen: &str,
    to: impl Fn(&str) -> String,
) -> FacetView {
    let choices = counts
        .into_iter()
        .map(|(value, count)| Choice {
            label: chrome.t.name(title, &value).to_string(),
            count,
            chosen: value == chosen,
            address: to(&value),
        })
        .collect();
    FacetView { title, choices }
}

/// The counts of the cities, whose names are the same in every language.
fn cities(
    chrome: &Chrome,
    counts: Facet,
    chosen: Option<&str>,
    to: impl Fn(&str) -> String,
) -> FacetView {
    let choices = counts
        .into_iter()
        .map(|(value, count)| Choice {
            label: if value.is_empty() { chrome.t.say("none").to_string() } else { value.clone() },
            count,
            chosen: Some(value.as_str()) == chosen,
            address: to(&value),
        })
        .collect();
    FacetView { title: "city", choices }
}
