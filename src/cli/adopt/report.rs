//! What `numberd adopt` prints: what differs between the vendor and here, and what was done.

use super::Way;
use crate::cli::import::{Applied, part};
use crate::cli::{Options, hint, output};
use crate::domain::InstanceId;
use crate::domain::adopt::{AdoptKind, Trial, Tried};
use crate::domain::csv::CsvRow;
use crate::domain::import::LineOutcome;
use serde::Serialize;
use serde_json::{Value, json};

/// A row of the report as CSV.
#[derive(Serialize)]
pub(super) struct Difference {
    kind: AdoptKind,
    key: String,
    outcome: &'static str,
    changes: Vec<String>,
    reason: Option<String>,
}

impl CsvRow for Difference {
    const COLUMNS: &'static [&'static str] = &["kind", "key", "outcome", "changes", "reason"];
}

/// What is printed at the end.
pub(super) struct Report<'a> {
    pub(super) options: &'a Options,
    pub(super) way: &'a Way,
    pub(super) instance_id: &'a InstanceId,
    pub(super) trial: &'a Trial,
    pub(super) ending: &'a Applied,
}

impl Report<'_> {
    fn of(&self, outcomes: &'static [Option<LineOutcome>]) -> impl Iterator<Item = &Tried> {
        self.trial.tried.iter().filter(|tried| outcomes.contains(&tried.outcome))
    }

    /// What differs between the vendor and here: in either direction.
    pub(super) fn differences(&self) -> usize {
        self.changing().count() + self.refused().count() + self.trial.only_here.len()
    }

    fn changing(&self) -> impl Iterator<Item = &Tried> {
        self.of(&[Some(LineOutcome::New), Some(LineOutcome::Changed)])
    }

    fn refused(&self) -> impl Iterator<Item = &Tried> {
        self.of(&[None])
    }

    /// Of each kind: how many are new, changed, the same, refused, and only here.
    fn counts(&self) -> Vec<(AdoptKind, [usize; 5])> {
        let count = |kind| {
            let tried = |outcome: Option<LineOutcome>| {
                let same = |tried: &&Tried| tried.kind == kind && tried.outcome == outcome;
                self.trial.tried.iter().filter(same).count()
            };
            let [new, changed, same] = [LineOutcome::New, LineOutcome::Changed, LineOutcome::Same]
                .map(|one| tried(Some(one)));
            let only_here = self.trial.only_here.iter().filter(|(other, _)| *other == kind);
            (kind, [new, changed, same, tried(None), only_here.count()])
        };
        AdoptKind::ALL.into_iter().map(count).collect()
    }

    pub(super) fn json(&self) -> Value {
        let counted = |(kind, [new, changed, same, refused, only_here]): (
            AdoptKind,
            [usize; 5],
        )| {
            json!({ "kind": kind, "new": new, "changed": changed, "same": same, "refused": refused,
                    "only_here": only_here })
        };
        let only_here = self.trial.only_here.iter();
        let only_here = only_here.map(|(kind, key)| json!({ "kind": kind, "key": key }));
        let mut report = json!({
            "dry_run": self.options.dry_run,
            "drift": self.way.drift,
            "instance_id": self.instance_id,
            "kinds": self.counts().into_iter().map(counted).collect::<Vec<_>>(),
            "changes": self.changing().collect::<Vec<_>>(),
            "refused": self.refused().collect::<Vec<_>>(),
            "only_here": only_here.collect::<Vec<_>>(),
        });
        self.ending.tell(&mut report);
        report
    }

    /// What differs, as rows: what changes, what is refused, and what is only here.
    pub(super) fn rows(&self) -> Vec<Difference> {
        let tried = self.changing().chain(self.refused()).map(|tried| Difference {
            kind: tried.kind,
            key: tried.key.clone(),
            outcome: tried.outcome.map_or("refused", LineOutcome::name),
            changes: tried.changes.iter().map(ToString::to_string).collect(),
            reason: tried.reason.clone(),
        });
        let only_here = self.trial.only_here.iter().map(|(kind, key)| Difference {
            kind: *kind,
            key: key.clone(),
            outcome: "only-here",
            changes: Vec::new(),
            reason: None,
        });
        tried.chain(only_here).collect()
    }

    pub(super) fn tables(&self) -> String {
        let row = |(kind, counts): (AdoptKind, [usize; 5])| {
            let counts = counts.into_iter().map(|count| count.to_string());
            std::iter::once(kind.to_string()).chain(counts).collect::<Vec<_>>()
        };
        let heading = ["", "NEW", "CHANGED", "SAME", "REFUSED", "ONLY HERE"];
        let mut parts = vec![output::table(&heading, self.counts().into_iter().map(row))];
        // Things that are all new are only counted.
        let listed: Vec<&Tried> = match self.way.drift {
            true => self.changing().collect(),
            false => self.of(&[Some(LineOutcome::Changed)]).collect(),
        };
        parts.extend(part(
            &["WHAT", "WHICH", "", "CHANGES"],
            listed.into_iter().map(|tried| {
                let outcome = tried.outcome.map(LineOutcome::name).unwrap_or_default();
                let changes: Vec<String> = tried.changes.iter().map(ToString::to_string).collect();
                vec![
                    tried.kind.to_string(),
                    tried.key.clone(),
                    outcome.to_owned(),
                    changes.join(", "),
                ]
            }),
        ));
        parts.extend(part(
            &["WHAT", "WHICH", "WHY IT CAN'T BE TAKEN OVER"],
            self.refused().map(|tried| {
                let reason = tried.reason.clone().unwrap_or_default();
                vec![tried.kind.to_string(), tried.key.clone(), reason]
            }),
        ));
        let only_here = self.trial.only_here.iter();
        parts.extend(part(
            &["ONLY HERE", "WHICH"],
            only_here.map(|(kind, key)| vec![kind.to_string(), key.clone()]),
        ));
        parts.join("\n\n")
    }

    pub(super) fn end(&self) -> String {
        let has_refused = self.refused().next().is_some();
        match self.ending {
            Applied::Nothing if self.way.drift && self.differences() == 0 => {
                "Nothing differs.".to_owned()
            }
            Applied::Nothing if self.way.drift => "Nothing was changed.".to_owned(),
            Applied::Nothing if self.options.dry_run => {
                "This was a dry run: nothing was changed.".to_owned()
            }
            Applied::Nothing if has_refused && !self.way.best_effort => {
                "Nothing was changed; --best-effort takes over the rest.".to_owned()
            }
            Applied::Nothing => "There was nothing to do.".to_owned(),
            Applied::Done(request_id) => hint::undo(request_id),
            Applied::Stopped(0, ..) => String::new(),
            Applied::Stopped(done, request_id, _) => hint::completed(&format!(
                "{done} things were taken over. `numberd undo {request_id}` takes them back.\n`numberd run {request_id} --continue` goes on, and so does adopting again."
            )),
        }
    }
}
