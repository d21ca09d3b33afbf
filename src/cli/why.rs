//! `numberd why`

use super::{Failure, Options, hint, output};
use crate::domain::batch::BatchItem;
use crate::store::candidates;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Why {
    /// The number.
    number: String,
    /// The user who should get it.
    #[arg(long, value_name = "ID")]
    user: String,
}

impl Why {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let user_id = place.user(&self.user)?;
        let candidate = place.read(|tx, of| candidates::why(tx, of, &user_id, &self.number))?;
        output::value(options.json, &candidate, |candidate| {
            let warning = candidate.warning.as_ref();
            let warning = warning.map(|warning| format!("\nWarning: {}.", warning.detail));
            let warning = warning.unwrap_or_default();
            if candidate.assignable {
                return format!("{} can be given to {user_id}.{warning}", self.number);
            }
            let mut lines = vec![format!("{} can't be given to {user_id}:", self.number)];
            for reason in &candidate.reasons {
                lines.push(format!("  {}: {}.", reason.code.name(), reason.detail));
            }
            lines.push("What would free it:".to_owned());
            let freed_by = candidate.reasons.iter().flat_map(|reason| &reason.freed_by);
            lines.extend(freed_by.map(|item| format!("  {}", command(item))));
            lines.join("\n") + &warning
        })
    }
}

/// The command line that does an item.
pub(super) fn command(item: &BatchItem) -> String {
    let from = match item {
        BatchItem::Release { user_id, .. } => user_id.as_ref().map(ToString::to_string),
        BatchItem::Unbind { skill_group_id, .. } => {
            skill_group_id.as_ref().map(ToString::to_string)
        }
        _ => None,
    };
    let from = from.map(|from| format!(" --from {}", hint::quoted(&from))).unwrap_or_default();
    hint::command(&format!("numbers {} {}{from}", item.action(), hint::quoted(item.number())))
}
