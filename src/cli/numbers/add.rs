//! `numberd numbers add` and `add-range`

use crate::cli::report::Mode;
use crate::cli::{Failure, Options, names, report};
use crate::domain::number_range::{numbers_between, numbers_from};
use crate::domain::phone_number::{NewNumbers, Usage};
use crate::domain::{ContactFlowId, Number};
use crate::ops::runs;
use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Add {
    /// The numbers.
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<Number>,
    #[command(flatten)]
    mode: Mode,
    #[command(flatten)]
    about: About,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AddRange {
    /// The first number.
    start: String,
    /// The last number, as long as the first.
    #[arg(required_unless_present = "count", conflicts_with = "count")]
    end: Option<String>,
    /// How many, instead of the last.
    #[arg(long)]
    count: Option<u64>,
    #[command(flatten)]
    mode: Mode,
    #[command(flatten)]
    about: About,
}

/// What is said of numbers that are added.
#[derive(Debug, Args)]
struct About {
    /// What they are used for [default: Inbound for a 400 number, else Bidirection].
    #[arg(long, value_parser = names::word_of::<Usage>())]
    usage: Option<Usage>,
    /// The contact flow that incoming calls run through.
    #[arg(long, value_name = "ID")]
    contact_flow: Option<String>,
    /// Where they belong [default: what their area code says].
    #[arg(long, value_parser = names::word_or_nothing)]
    province: Option<String>,
    /// Where they belong [default: what their area code says].
    #[arg(long, value_parser = names::word_or_nothing)]
    city: Option<String>,
    /// Who provides them.
    #[arg(long, value_parser = names::word_or_nothing)]
    provider: Option<String>,
    /// The company that they are registered for.
    #[arg(long, value_name = "NAME", value_parser = names::corp_name)]
    corp_name: Option<String>,
    /// A word to find them by; can be given several times.
    #[arg(long = "tag", value_name = "WORD", value_parser = names::word)]
    tags: Vec<String>,
    /// What people want to remember of them.
    #[arg(long, value_name = "TEXT", value_parser = names::note)]
    note: Option<String>,
}

impl Add {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        self.about.add(options, &self.mode, self.numbers)
    }
}

impl AddRange {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let numbers = match (&self.end, self.count) {
            (Some(end), _) => numbers_between(&self.start, end),
            (None, count) => numbers_from(&self.start, count.unwrap_or(1)),
        };
        let numbers = numbers.map_err(|error| Failure::usage(format!("Not a range: {error}.")))?;
        self.about.add(options, &self.mode, numbers)
    }
}

impl About {
    fn add(self, options: &Options, mode: &Mode, numbers: Vec<Number>) -> Result<(), Failure> {
        let (csv, mode) = (mode.csv, mode.mode());
        let new = NewNumbers {
            provider: self.provider.unwrap_or_default(),
            corp_name: self.corp_name.unwrap_or_default(),
            province: self.province,
            city: self.city,
            tags: names::tags(self.tags)?,
            note: self.note.unwrap_or_default(),
            usage: self.usage,
            contact_flow_id: self.contact_flow.map(ContactFlowId::new),
            ..NewNumbers::default()
        };
        report::run(
            &options.place()?,
            csv,
            |_| None,
            move |tx, of| runs::add_numbers(tx, of, &numbers, &new, mode),
        )
    }
}
