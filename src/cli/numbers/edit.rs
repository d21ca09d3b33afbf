//! `numberd numbers edit`

use crate::cli::{Failure, Options, names};
use crate::domain::ContactFlowId;
use crate::domain::phone_number::{NumberEdit, Usage};
use crate::ops::phone_numbers;
use clap::{ArgGroup, Args};
use serde_json::json;

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
    /// The company that they are registered for.
    #[arg(long, group = "change", value_name = "NAME", value_parser = names::corp_name)]
    corp_name: Option<String>,
    /// The contact flow of incoming calls, by id; "" for none.
    #[arg(long, group = "change", value_name = "ID")]
    contact_flow: Option<String>,
    /// A word to find them by; can be given several times, and replaces the words they have;
    /// "" for none.
    #[arg(
        long = "tag",
        group = "change",
        value_name = "WORD",
        value_parser = names::tag_or_nothing
    )]
    tags: Option<Vec<String>>,
    /// What VCC clients call them; "" for the number itself.
    #[arg(long, group = "change", value_name = "NAME", value_parser = names::corp_name)]
    callback_name: Option<String>,
    /// What people want to remember of them; "" for nothing.
    #[arg(long, group = "change", value_name = "TEXT", value_parser = names::note)]
    note: Option<String>,
}

impl Edit {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { numbers, usage, active, province, city, provider, corp_name, note, .. } = self;
        let given = |text: &String| !text.is_empty();
        let tags = self.tags.map(names::tags).transpose()?;
        let contact_flow_id =
            self.contact_flow.map(|id| Some(id).filter(given).map(ContactFlowId::new));
        let callback_number_name = self.callback_name.map(|name| Some(name).filter(given));
        let edit = NumberEdit {
            usage,
            active,
            province,
            city,
            contact_flow_id,
            provider,
            corp_name,
            tags,
            note,
            callback_number_name,
        };
        let changed = numbers.clone();
        let written = options.place()?.write(move |tx, of| {
            changed.iter().try_for_each(|number| phone_numbers::edit(tx, of, number, &edit))
        })?;
        let which = numbers.join(", ");
        written.print(
            options,
            |()| (json!({ "numbers": numbers }), format!("Changed: {which}.")),
            &format!("Would change: {which}."),
        )
    }
}
