//! The working list: every number of the call centre, searched, narrowed down, sorted, selected.

use super::actions::ActionChoice;
use super::filter::NumbersFilter;
use super::lists::{Column, Pager, address, asked, filtered_by, nothing, page_request, status};
use super::page::{Chrome, Visit};
use super::reply::{Failure, FormFault};
use super::texts::Language;
use crate::domain::phone_number::{NumberDetails, Property, ValueCount};
use crate::domain::sheet::FileFormat;
use crate::http::{Answer, ListFile};
use crate::store::facets::{self, Facet};
use crate::store::{ReadTx, phone_numbers};
use askama::Template;

/// What the list can be narrowed down by.
const FACETS: &[Property] = &[
    Property::State,
    Property::Usage,
    Property::Active,
    Property::City,
    Property::SkillGroup,
    Property::Tag,
    Property::Provider,
    Property::ContactFlow,
];

/// How many values of a property are shown, beside those that are chosen.
const SHOWN: usize = 30;

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
    export_xlsx: String,
    said: String,
    faults: Vec<FormFault>,
}

/// Answers `GET numbers`.
pub(super) fn list(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: NumbersFilter = visit.query()?;
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    let (query, faults) = asked(filter.query(tx, chrome))?;
    let (page, counts) = match &query {
        Some(query) => (
            phone_numbers::search(tx, instance_id, query, page_request(filter.page))?,
            facets::of_numbers(tx, instance_id, query, FACETS)?,
        ),
        None => (nothing(), Vec::new()),
    };
    let base = chrome.to("numbers");
    let to = |change: &dyn Fn(&mut NumbersFilter)| {
        let mut changed = filter.clone();
        changed.page = 0;
        change(&mut changed);
        address(&base, &changed)
    };
    let pager = Pager::new(&page, |number| to(&|filter| filter.page = number));
    let column = |title, sort, class| {
        let present = if filter.sort.is_empty() { "number" } else { &filter.sort };
        Column::new(title, sort, class, present, |sort| to(&|f| f.sort.clone_from(&sort)))
    };
    let facets = FACETS.iter().zip(counts).map(|(property, counts)| {
        let to = |value: &str| to(&|filter| filter.toggle(*property, value));
        FacetView::new(chrome, *property, counts, filter.of(*property), to)
    });
    let facets = facets.filter(|facet| !facet.choices.is_empty()).collect();
    let template = NumbersPage {
        chrome,
        filter: &filter,
        frozen: serde_html_form::to_string(&filter).unwrap_or_default(),
        rows: page.rows,
        columns: vec![
            column("number", "number", ""),
            column("state", "state", ""),
            column("holder", "holder", ""),
            column("since", "since", "optional"),
            column("city", "city", "roomy"),
            column("usage", "usage", "optional"),
            column("tags", "tags", "optional"),
        ],
        facets,
        pager,
        actions: ActionChoice::offered(chrome),
        export: address(&chrome.to("numbers.csv"), &filter),
        export_xlsx: address(&chrome.to("numbers.xlsx"), &filter),
        said: filtered_by(chrome.t, filter.said(tx, chrome)?),
        faults,
    };
    let status = status(&template.faults);
    Ok(Answer { status, ..chrome.page_or_region(&template, &template.as_region())? })
}

/// Answers `GET numbers.csv` and `GET numbers.xlsx`: exactly what the filter shows, as a
/// spreadsheet.
pub(super) fn export(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let filter: NumbersFilter = visit.query()?;
    let instance_id = visit.instance_id();
    let query = visit.face.store.read(|tx| filter.query(tx, &visit.chrome))?;
    let format =
        FileFormat::behind(&visit.request.path).map_or(FileFormat::Csv, |(_, format)| format);
    let in_chinese = visit.chrome.t.language == Language::Chinese;
    let body = visit.face.store.read_whole(&visit.person.caller.login_name, |tx| {
        let mut file = ListFile::new(format, tx.directory()).marked()?.in_chinese(in_chinese);
        file.push_all(|page| phone_numbers::search(tx, instance_id, &query, page))?;
        file.finish()
    })?;
    Ok(Answer::download(format, &format!("numbers-{instance_id}"), body)?)
}

impl FacetView {
    /// The counts of a property, and for each value the address that adds it or takes it away.
    /// States, usages and whether a number can be used are called by messages; everything else has
    /// the same name in every language. Where no number has a value there is nothing to choose.
    fn new(
        chrome: &Chrome,
        property: Property,
        counts: Facet,
        chosen: &[String],
        to: impl Fn(&str) -> String,
    ) -> Self {
        let title = property.name();
        let label = |value: &ValueCount| match property {
            Property::State | Property::Usage | Property::Active => {
                chrome.t.name(title, &value.value).to_string()
            }
            _ if value.value == "none" => chrome.t.say("none").to_string(),
            _ => value.name.clone(),
        };
        let all: Vec<Choice> = counts
            .iter()
            .map(|value| Choice {
                label: label(value),
                count: value.count,
                chosen: chosen.contains(&value.value),
                address: to(&value.value),
            })
            .collect();
        let only_none = counts.iter().all(|value| value.value == "none") && chosen.is_empty();
        let mut shown = 0;
        let mut fits = |choice: &Choice| {
            shown += 1;
            !only_none && (shown <= SHOWN || choice.chosen)
        };
        Self { title, choices: all.into_iter().filter(|choice| fits(choice)).collect() }
    }
}
