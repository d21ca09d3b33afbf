//! `numberd numbers list` and `unassigned`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options};
use crate::domain::phone_number::{Filters, NumberDetails, NumberState, Property, Usage};
use crate::domain::reservation::ReservationKind;
use crate::domain::{InstanceId, Order, SearchWords};
use crate::store::phone_numbers::{self, NumberOrder, NumberQuery};
use crate::store::{Migrate, number_pool};
use clap::Args;
use clap::builder::PossibleValuesParser;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// All these words in number, holder, place, provider, tags, note or flow.
    #[arg(short, long, value_name = "WORDS", value_parser = paged::words)]
    query: Option<SearchWords>,
    /// Only numbers in this state; this and the following filters can be given several times.
    #[arg(long, value_parser = PossibleValuesParser::new(NumberState::NAMES))]
    state: Vec<String>,
    /// Only numbers of this usage.
    #[arg(long, value_parser = PossibleValuesParser::new(Usage::NAMES))]
    usage: Vec<String>,
    /// Only numbers of this city; `none`: without one.
    #[arg(long)]
    city: Vec<String>,
    /// Only numbers of this province; `none`: without one.
    #[arg(long)]
    province: Vec<String>,
    /// Only numbers of this provider; `none`: without one.
    #[arg(long)]
    provider: Vec<String>,
    /// Only numbers with this tag; `none`: without tags.
    #[arg(long)]
    tag: Vec<String>,
    /// Only numbers of this user or skill group; `none`: of nobody.
    #[arg(long, value_name = "ID")]
    holder: Vec<String>,
    /// Only numbers that this skill group holds; `none`: no skill group.
    #[arg(long, value_name = "SKILL_GROUP")]
    group: Vec<String>,
    /// Only numbers with this contact flow, by id; `none`: without one.
    #[arg(long, value_name = "ID")]
    contact_flow: Vec<String>,
    /// Only numbers that can (true) or can't (false) be used.
    #[arg(long)]
    active: Option<bool>,
    /// The order: number, city, usage, state, created_at, holder, since or tags; with - in front,
    /// the last first.
    #[arg(
        long,
        value_name = "KEY",
        allow_hyphen_values = true,
        value_parser = paged::order::<NumberOrder>
    )]
    sort: Option<Order<NumberOrder>>,
    #[command(flatten)]
    paged: Paged,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Unassigned {
    /// Only numbers with all of these words, as in `numbers list`.
    #[arg(short, long, value_name = "WORDS", value_parser = paged::words)]
    query: Option<SearchWords>,
    #[command(flatten)]
    paged: Paged,
}

impl List {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let query = self.number_query(&place.instance_id);
        place.list(
            &self.paged,
            |tx, of, page| phone_numbers::search(tx, of, &query, page),
            &["NUMBER", "STATE", "HOLDER", "USAGE", "ACTIVE", "PROVINCE", "CITY"],
            row,
        )
    }

    fn number_query(&self, instance_id: &InstanceId) -> NumberQuery {
        let whole = |id: &String| match id.as_str() {
            "none" | "" => id.clone(),
            id => instance_id.qualify(id),
        };
        let filters = Filters::new(|property| match property {
            Property::State => self.state.clone(),
            Property::Usage => self.usage.clone(),
            Property::Active => self.active.iter().map(bool::to_string).collect(),
            Property::Province => self.province.clone(),
            Property::City => self.city.clone(),
            Property::Provider => self.provider.clone(),
            Property::Tag => self.tag.clone(),
            Property::Holder => self.holder.iter().map(whole).collect(),
            Property::SkillGroup => self.group.iter().map(whole).collect(),
            Property::ContactFlow => self.contact_flow.clone(),
        });
        let words = self.query.clone().unwrap_or_default();
        NumberQuery { words, filters, order: self.sort.unwrap_or_default() }
    }
}

impl Unassigned {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let words = self.query.unwrap_or_default();
        let page = store.read(|tx| number_pool::search(tx, &words, self.paged.request()))?;
        self.paged.print(options, page, &["NUMBER", "PROVINCE", "CITY"], |row| {
            vec![row.number.clone(), row.province.clone(), row.city.clone()]
        })
    }
}

/// `numbers show` also says for whom a number is kept, and until when.
fn state(number: &NumberDetails) -> String {
    match number.reservation.as_ref().map(|kept| kept.kind) {
        Some(ReservationKind::Hold) => format!("{}, on hold", number.state),
        Some(ReservationKind::CoolDown) => format!("{}, cooling down", number.state),
        None => number.state.name().to_owned(),
    }
}

fn row(number: &NumberDetails) -> Vec<String> {
    let holders: Vec<&str> = number.holders.iter().map(|holder| holder.id.as_str()).collect();
    let active = if number.active { "yes" } else { "no" };
    vec![
        number.number.clone(),
        state(number),
        holders.join(" "),
        number.usage.name().to_owned(),
        active.to_owned(),
        number.province.clone(),
        number.city.clone(),
    ]
}
