//! `numberd numbers show`

use crate::cli::{Failure, Options, output};
use crate::store::phone_numbers;
use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The number.
    number: String,
}

impl Show {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let found =
            place.store.read(|tx| phone_numbers::get(tx, &place.instance_id, &self.number))?;
        output::value(options.json, &found, |found| {
            let holders: Vec<String> = found
                .holders
                .iter()
                .map(|holder| {
                    format!(
                        "{} ({}) since {}",
                        holder.id,
                        holder.display_name,
                        holder.since.local()
                    )
                })
                .collect();
            let kept = found.reservation.as_ref().map(ToString::to_string).unwrap_or_default();
            let active = if found.active { "yes" } else { "no" };
            output::facts(&[
                ("number", &found.number),
                ("state", found.state.name()),
                ("holder", &holders.join(", ")),
                ("kept", &kept),
                ("usage", found.usage.name()),
                ("active", active),
                ("province", &found.province),
                ("city", &found.city),
                ("contact flow", found.contact_flow_name.as_deref().unwrap_or_default()),
                ("provider", &found.provider),
                ("company", &found.corp_name),
                ("tags", &found.tags.join(", ")),
                ("VCC name", found.callback_number_name.as_deref().unwrap_or_default()),
                ("note", &found.note),
                ("version", &found.version.to_string()),
            ])
        })
    }
}
