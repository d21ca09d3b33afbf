//! One thing done with every number that a query selects.
//!
//! The dry run answers what it selected, as a count and a hash. The request itself sends both back
//! and is refused when its query selects anything else by then.

use super::batch::{self, ActionFields};
use super::fields::{FaultCode, MAX_ITEMS, fields};
use super::phone_numbers::filters_of;
use super::problem::{Failure, Result};
use super::reply::{OfDryRun, Report};
use super::request::Write;
use super::scope::InInstance;
use crate::domain::batch::{BatchItem, BatchMode, BatchReport};
use crate::domain::history::LAST_CHANGE;
use crate::domain::phone_number::{NumberState, Usage};
use crate::domain::run::{InSlices, RunAct};
use crate::domain::{Number, SearchWords};
use crate::ops::access::Writing;
use crate::ops::batch::{Selection, changed_since};
use crate::ops::{self, runs};
use crate::store::phone_numbers::NumberQuery;
use crate::store::{WriteTx, changes};
use serde::Serialize;
use utoipa::ToSchema;

/// How many numbers that have changed a refusal names.
const NAMED: usize = 20;

fields! {
    /// Which numbers, and what to do with each of them.
    QueryToRun = r#"{"action": "assign", "user_id": "lina@ccc-test", "query": {"state": ["free"], "city": ["乐山"]}, "dry_run": true}"# {
        /// Which numbers: at most 100,000. More than 1,000 are done in slices, as a run; the dry
        /// run then tries the first 1,000.
        query: NumbersToSelect = required(object::<NumbersToSelect>()),
        /// What the dry run answered; a dry run does without it.
        selection: Option<SelectionSeen> = optional(object::<SelectionSeen>()),
        /// What happens to the other numbers when one is refused: nothing is done, or they are
        /// done.
        mode: BatchMode = default(one_of::<BatchMode>(), BatchMode::default()),
        .. what: ActionFields,
    }
    /// Which numbers are selected: those of the list with the same filters.
    NumbersToSelect {
        /// Words, all of which must be found.
        q: SearchWords = default(words(), SearchWords::default()),
        /// Only numbers in these states.
        state: Vec<&'static str> = default(list(choice(&NumberState::NAMES), 0, 50), Vec::new()),
        /// Only numbers of these usages.
        usage: Vec<&'static str> = default(list(choice(&Usage::NAMES), 0, 50), Vec::new()),
        /// Only numbers that can be used (true), or only those that can't (false).
        active: Option<bool> = optional(flag()),
        /// Only numbers of these provinces; `none`: without one.
        province: Vec<String> = default(list(sought(), 0, 50), Vec::new()),
        /// Only numbers of these cities; `none`: without one.
        city: Vec<String> = default(list(sought(), 0, 50), Vec::new()),
        /// Only numbers of these providers; `none`: without one.
        provider: Vec<String> = default(list(sought(), 0, 50), Vec::new()),
        /// Only numbers with one of these tags; `none`: without tags.
        tag: Vec<String> = default(list(sought(), 0, 50), Vec::new()),
        /// Only numbers that one of these users or skill groups holds; `none`: nobody.
        holder: Vec<String> = default(list(id(), 0, 50), Vec::new()),
        /// Only numbers that one of these skill groups holds; `none`: no skill group.
        skill_group: Vec<String> = default(list(id(), 0, 50), Vec::new()),
        /// Only numbers with one of these contact flows; `none`: without one.
        contact_flow: Vec<String> = default(list(id(), 0, 50), Vec::new()),
    }
    /// What a dry run selected.
    SelectionSeen {
        /// How many numbers.
        count: u64 = required(integer(0..=runs::MOST as u64)),
        /// The hash of the numbers and their versions.
        hash: String = required(text(64, 64)),
        /// The newest change that it knew.
        seen: u64 = required(integer(0..=LAST_CHANGE)),
    }
}

/// What a query selected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Selected {
    /// How many numbers.
    count: usize,
    /// The hash of the numbers and their versions.
    hash: String,
    /// The newest change that the selection knows.
    seen: i64,
}

/// What became of each number, and what was selected. Of more than 1,000 numbers a dry run tries
/// the first 1,000.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SelectionReport {
    #[serde(flatten)]
    report: BatchReport,
    /// What was selected.
    selection: Selected,
}

impl OfDryRun for SelectionReport {
    fn of_dry_run(self) -> Self {
        Self { report: self.report.of_dry_run(), ..self }
    }
}

impl NumbersToSelect {
    fn query(self) -> NumberQuery {
        let filters = filters_of!(self);
        NumberQuery { words: self.q, filters, ..NumberQuery::default() }
    }
}

/// Does one thing with every number that a query selects.
pub(super) fn run(
    at: Writing<'_>,
    (): (),
    write: Write<QueryToRun>,
) -> Result<InSlices<SelectionReport>> {
    let QueryToRun { query, selection, mode, what } = write.fields;
    let item = |number: &String| {
        let number = Number::known(number).map_err(|error| {
            let detail = format!("A number of the query can't be used: {error}.");
            Failure::invalid("/query", FaultCode::Number, detail)
        })?;
        let mut faults = Vec::new();
        batch::item("", number, what.clone(), &mut faults).ok_or(Failure::Invalid(faults))
    };
    let seen = changes::last_id(at.tx)?;
    let found = Selection::of_query(at.tx, at.instance_id(), &query.query(), runs::MOST + 1)?;
    if found.count() > runs::MOST {
        let most = runs::MOST;
        let detail = format!("query selects more than {most} numbers; narrow it down.");
        return Err(Failure::invalid("/query", FaultCode::Range, detail));
    }
    match selection {
        Some(shown) => require_same(at.tx, at.place, &shown, &found)?,
        None if write.dry_run => {}
        None => {
            let detail = "selection is required: what a dry run of the same request answered.";
            return Err(Failure::invalid("/selection", FaultCode::Required, detail));
        }
    }
    let tried = found.numbers().take(runs::AT_ONCE).map(item);
    let items = tried.collect::<Result<Vec<BatchItem>, _>>()?;
    batch::require_binding(at.place, &items)?;
    if let (true, false, Some(each)) =
        (found.count() > runs::AT_ONCE, write.dry_run, items.first().cloned())
    {
        let act = RunAct::Numbers { each };
        let run = runs::start(at.tx, Some(at.instance_id()), &act, mode, &found.run_items())?;
        return Ok(InSlices::Run(Box::new(run)));
    }
    let report = ops::batch::run(at.tx, at.instance_id(), &items, mode)?;
    let Report(report) = batch::finish(report, write.dry_run)?;
    let selection = Selected { count: found.count(), hash: found.hash(), seen };
    Ok(InSlices::AtOnce(SelectionReport { report, selection }))
}

/// Checks that the query selects what its dry run did.
fn require_same(
    tx: &WriteTx<'_>,
    entry: &InInstance,
    shown: &SelectionSeen,
    found: &Selection,
) -> Result<()> {
    if shown.hash == found.hash() && shown.count == found.count() as u64 {
        return Ok(());
    }
    let seen = i64::try_from(shown.seen).unwrap_or(i64::MAX);
    let changed = changed_since(tx, &entry.instance_id, seen, MAX_ITEMS as u64)?;
    let named: Vec<&str> = changed.iter().map(String::as_str).take(NAMED).collect();
    let what = match changed.len() {
        0 => "none of the numbers has changed, so it is another query".to_owned(),
        count if count > NAMED => format!("{} and others have changed", named.join(", ")),
        _ => format!("{} changed", named.join(", ")),
    };
    Err(Failure::SelectionChanged(format!(
        "The query selects {} now and selected {} in the dry run; since then {what}. Nothing was changed.",
        found.count(),
        shown.count,
    )))
}
