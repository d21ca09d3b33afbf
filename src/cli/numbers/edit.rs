//! `numberd numbers edit`

use crate::cli::{Failure, Options, names};
use crate::domain::phone_number::{NumberEdit, Usage};
use crate::ops::phone_numbers;
use crate::store::Migrate;
use clap::{ArgGroup, Args};
use serde_json::json;

/// Changing numbers.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true))]
pub(in crate::cli) struct Edit {
    /// The numbers: all of them are changed, or none.
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<String>,
    /// What they are used for.
    #[arg(long, group = "change", value_parser = names::word_of::<Usage>())]
    usage: Option<Usage>,
    /// Whether they can be used.
    #[arg(long, group = "change")]
    active: Option<bool>,
    /// Where they belong.
    #[arg(long, group = "change", value_parser = names::word_or_nothing)]
    province: Option<String>,
    /// Where they belong.
    #[arg(long, group = "change", value_parser = names::word_or_nothing)]
    city: Option<String>,
    /// Who provides them.
    #[arg(long, group = "change", value_parser = names::word_or_nothing)]
    provider: Option<String>,
    /// What people want to remember of them; "" for nothing.
    #[arg(long, group = "change", value_name = "TEXT", value_parser = names::note)]
    note: Option<String>,
}

impl Edit {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { numbers, usage, active, province, city, provider, note } = self;
        let edit =
            NumberEdit { usage, active, province, city, provider, note, ..NumberEdit::default() };
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let changed = numbers.clone();
        let written = options.write(&store, move |tx| {
            changed
                .iter()
                .try_for_each(|number| phone_numbers::edit(tx, &instance_id, number, &edit))
        })?;
        let which = numbers.join(", ");
        written.print(
            options,
            |()| (json!({ "numbers": numbers }), format!("Changed: {which}.")),
            &format!("Would change: {which}."),
        )
    }
}
