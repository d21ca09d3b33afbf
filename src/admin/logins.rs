//! People's logins: erasing a person.

use super::fields::{FaultCode, fields};
use super::path::Login;
use super::problem::{Failure, Result};
use super::reply::{OfDryRun, Report};
use super::request::Write;
use super::scope::InAccount;
use crate::domain::erasure::Forgotten;
use crate::ops::access::Writing;
use crate::ops::forgotten_people;

fields! {
    /// How a person is erased.
    Forgetting = r#"{"force": true}"# {
        /// Do it: it can't be undone. Without it, only a dry run is allowed.
        force: bool = default(flag(), false),
    }
}

impl OfDryRun for Forgotten {
    const ERASES: bool = true;

    fn of_dry_run(self) -> Self {
        self.of_dry_run()
    }
}

/// Erases a person.
pub(super) fn forget(
    at: Writing<'_, InAccount>,
    (login,): (Login,),
    write: Write<Forgetting>,
) -> Result<Report<Forgotten>> {
    let forgotten = forgotten_people::forget(at.tx, &login.0)?;
    if !write.fields.force && !write.dry_run {
        let detail = "force must be true, as this can't be undone; dry_run shows what goes.";
        return Err(Failure::invalid("/force", FaultCode::Required, detail));
    }
    Ok(Report(forgotten))
}
