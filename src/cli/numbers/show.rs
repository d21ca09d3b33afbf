//! `numberd numbers show`

use crate::cli::{Failure, Options, output};
use crate::store::phone_numbers;

pub(super) fn run(options: &Options, number: &str) -> Result<(), Failure> {
    let found = options.place()?.read(|tx, of| phone_numbers::get(tx, of, number))?;
    output::value(options.json, &found, |found| {
        let holders: Vec<String> = found
            .holders
            .iter()
            .map(|holder| {
                let since = holder.since.local();
                format!("{} ({}) since {since}", holder.id, holder.display_name)
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
