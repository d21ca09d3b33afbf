//! Writes at the command line, for real or as a dry run: which of the two it was is in the type, so
//! that a command can't say "done" of what was only rehearsed.

use super::{Failure, Options, author, hint, output};
use crate::domain::batch::BatchReport;
use crate::domain::run::InSlices;
use crate::domain::undo::UndoReport;
use crate::domain::{Author, ContactFlowId, Error, Instance, SkillGroupId, User};
use crate::store::{Store, WriteTx};
use serde::Serialize;
use serde_json::Value;

/// What a write returns, and what of it a dry run may show. A credential has no such value: it is
/// made by [`Options::issue`].
pub(super) trait Rehearsed: Send + 'static {
    /// What a dry run shows.
    type Preview;

    /// Leaves out what is gone again.
    fn preview(self) -> Self::Preview;

    /// Whether anything was done.
    fn is_done(&self) -> bool {
        true
    }
}

/// Declares what a dry run shows nothing of.
macro_rules! hidden {
    ($($made:ty),*) => {$(
        impl Rehearsed for $made {
            type Preview = ();

            fn preview(self) {}
        }
    )*};
}

hidden!((), ContactFlowId, Instance, SkillGroupId, User);

/// How many rows it is about, which a dry run says as well.
impl Rehearsed for u64 {
    type Preview = Self;

    fn preview(self) -> Self {
        self
    }
}

impl Rehearsed for InSlices<BatchReport> {
    type Preview = BatchReport;

    fn is_done(&self) -> bool {
        matches!(self, Self::AtOnce(report) if report.applied && report.done > 0)
    }

    /// A dry run begins no run.
    fn preview(self) -> BatchReport {
        match self {
            Self::AtOnce(report) => report.of_dry_run(),
            Self::Run(run) => BatchReport::new(run.mode, Vec::new()).of_dry_run(),
        }
    }
}

impl Rehearsed for InSlices<UndoReport> {
    type Preview = UndoReport;

    fn is_done(&self) -> bool {
        matches!(self, Self::AtOnce(report) if report.applied)
    }

    /// A dry run begins no run.
    fn preview(self) -> UndoReport {
        match self {
            Self::AtOnce(report) => report.of_dry_run(),
            Self::Run(run) => UndoReport::new(run.mode, Vec::new()).of_dry_run(),
        }
    }
}

#[must_use]
pub(super) enum Written<T: Rehearsed> {
    /// It is committed.
    Did(Done<T>),
    /// It was taken back.
    Would(T::Preview),
}

/// What was done, and its request in the change log.
pub(super) struct Done<T> {
    pub(super) made: T,
    pub(super) request_id: String,
}

/// An object with one field more.
#[derive(Serialize)]
pub(super) struct WithRequestId<'a, V> {
    #[serde(flatten)]
    pub(super) value: &'a V,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<&'a str>,
}

impl<R> Written<InSlices<R>>
where
    InSlices<R>: Rehearsed<Preview = R>,
{
    /// What was done or would have been, and its request if it is done.
    pub(super) fn into_parts(self) -> (InSlices<R>, Option<String>) {
        match self {
            Self::Did(Done { made, request_id }) => (made, Some(request_id)),
            Self::Would(report) => (InSlices::AtOnce(report), None),
        }
    }
}

impl<T> Done<T> {
    pub(super) fn with_request_id<'a, V>(&'a self, value: &'a V) -> WithRequestId<'a, V> {
        WithRequestId { value, request_id: Some(&self.request_id) }
    }
}

impl<T: Rehearsed> Written<T> {
    /// Prints what was done, with how to undo it, or what would have been.
    pub(super) fn print(
        self,
        options: &Options,
        did: impl FnOnce(&T) -> (Value, String),
        would: &str,
    ) -> Result<(), Failure> {
        self.print_with(options, did, would, |done| format!("\n{}", hint::undo(&done.request_id)))
    }

    /// Like [`Self::print`], for what can't be undone.
    pub(super) fn print_final(
        self,
        options: &Options,
        did: impl FnOnce(&T) -> (Value, String),
        would: &str,
    ) -> Result<(), Failure> {
        self.print_with(options, did, would, |_| String::new())
    }

    fn print_with(
        self,
        options: &Options,
        did: impl FnOnce(&T) -> (Value, String),
        would: &str,
        more: impl FnOnce(&Done<T>) -> String,
    ) -> Result<(), Failure> {
        match self {
            Self::Would(_) => output::dry_run(options.json, would),
            Self::Did(done) => {
                let (value, text) = did(&done.made);
                output::value(options.json, &done.with_request_id(&value), |_| {
                    format!("{text}{}", more(&done))
                })
            }
        }
    }
}

impl Options {
    /// Who writes, and why.
    pub(super) fn author(&self) -> Author {
        Author { reason: self.reason.clone(), ..author() }
    }

    /// Runs a write, for real or as a rehearsal.
    pub(super) fn write<T: Rehearsed>(
        &self,
        store: &Store,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<Written<T>, Failure> {
        self.write_as(store, self.author(), act)
    }

    /// Like [`Self::write`], for an author who is needed again.
    pub(super) fn write_as<T: Rehearsed>(
        &self,
        store: &Store,
        author: Author,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<Written<T>, Failure> {
        if self.dry_run {
            return Ok(Written::Would(store.rehearse(author, act)?.preview()));
        }
        let request_id = author.request_id.clone();
        let made = store.write(author, act)?;
        if made.is_done() {
            output::is_done_by(&request_id);
        }
        Ok(Written::Did(Done { made, request_id }))
    }

    /// Makes a credential and prints it before the transaction is committed: one that could not be
    /// shown is not kept. A dry run prints `would`.
    pub(super) fn issue<T: Serialize>(
        &self,
        store: &Store,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, Error> + Send + 'static,
        text: impl FnOnce(&T) -> String + Send + 'static,
        would: &str,
    ) -> Result<(), Failure> {
        let (author, json) = (self.author(), self.json);
        if self.dry_run {
            store.rehearse(author, move |tx| act(tx).map(|_| ()))?;
            return output::dry_run(json, would);
        }
        store.write(author, move |tx| output::secret(json, &act(tx)?, text))
    }
}
