//! The response to a write that is done at once or, when it is large, in slices.

use super::dry_run::DryRun;
use super::receipt::Receipt;
use super::reply::{Body, OfDryRun, Report, Respond, Schemas, described, header, json};
use crate::domain::Error;
use crate::domain::run::{InSlices, Run};
use crate::http::Answer;
use utoipa::openapi::Response;

/// The address where a run is followed; one of the whole account has none.
fn address(run: &Run) -> Option<String> {
    let instance_id = run.instance_id.as_ref()?;
    Some(format!("{}/instances/{instance_id}/runs/{}", super::ROOT, run.request_id))
}

impl<T: Body + OfDryRun> Respond for InSlices<T> {
    const REPORTS_DRY_RUN: bool = true;

    fn answer(self) -> Result<Answer, Error> {
        match self {
            Self::AtOnce(report) => Report(report).answer(),
            Self::Run(run) => {
                let answer = json(202, &run)?;
                Ok(match address(&run) {
                    Some(location) => answer.with("location", location),
                    None => answer,
                })
            }
        }
    }

    fn answer_write(self, receipt: Receipt) -> Result<Answer, Error> {
        match self {
            Self::AtOnce(report) => Report(report).answer_write(receipt),
            run @ Self::Run(_) => run.answer(),
        }
    }

    fn answer_dry_run(self, changes: DryRun) -> Result<Answer, Error> {
        match self {
            Self::AtOnce(report) => Report(report).answer_dry_run(changes),
            Self::Run(run) => json(200, &run),
        }
    }

    fn run(&self) -> Option<String> {
        match self {
            Self::AtOnce(_) => None,
            Self::Run(run) => Some(run.request_id.clone()),
        }
    }

    fn describe(schemas: &mut Schemas) -> Response {
        Report::<T>::describe(schemas)
    }

    fn describe_other(schemas: &mut Schemas) -> Option<(u16, Response)> {
        let text = "It is done in slices, as a run that can be followed.";
        let response = described::<Run>(text, schemas)
            .header("Location", header("Where the run is followed."))
            .build();
        Some((202, response))
    }
}
