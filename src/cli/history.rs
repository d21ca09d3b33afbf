//! Histories, for people and for programs.

use super::as_csv::AsCsv;
use super::{Failure, Options, output, paged};
use crate::domain::history::{ChangedBy, History, HistoryEntry, Relation};

const HEADING: &[&str] = &["FROM", "TO", "WHAT", "NUMBER", "HOLDER", "BEGUN BY", "ENDED BY"];

pub(super) fn print(options: &Options, csv: AsCsv, history: &History) -> Result<(), Failure> {
    csv.print(options, history, &history.listing.items, |History { listing, archived }| {
        paged::text(listing, HEADING, row) + &output::archived(archived.as_ref())
    })
}

fn row(entry: &HistoryEntry) -> Vec<String> {
    let holder = match entry.relation {
        Relation::Personal => entry.user_id.clone(),
        Relation::Bound | Relation::Member => entry.skill_group_id.clone(),
    };
    vec![
        entry.from.local(),
        output::local(entry.to),
        entry.relation.to_string(),
        entry.number.clone().unwrap_or_default(),
        holder.unwrap_or_default(),
        credit(entry.begun.as_ref()),
        credit(entry.ended.as_ref()),
    ]
}

/// `lina via admin: she left`.
fn credit(credit: Option<&ChangedBy>) -> String {
    let Some(credit) = credit else { return String::new() };
    let by = if credit.by.is_empty() { "somebody" } else { &credit.by };
    if credit.reason.is_empty() {
        format!("{by} via {}", credit.via)
    } else {
        format!("{by} via {}: {}", credit.via, credit.reason)
    }
}
