//! `numberd groups list`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options};
use crate::domain::Order;
use crate::store::skill_groups::{self, SkillGroupOrder, SkillGroupQuery};
use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only groups whose name or description contains this text.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    /// The order: skill_group_id, display_name, phone_number_count, user_count or created_at; with
    /// - in front, the last first.
    #[arg(
        long,
        value_name = "KEY",
        allow_hyphen_values = true,
        value_parser = paged::order::<SkillGroupOrder>
    )]
    sort: Option<Order<SkillGroupOrder>>,
    #[command(flatten)]
    paged: Paged,
}

impl List {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { query, sort, paged } = self;
        let place = options.place()?;
        let query =
            SkillGroupQuery { search: query, media_type: None, order: sort.unwrap_or_default() };
        let page = place
            .store
            .read(|tx| skill_groups::search(tx, &place.instance_id, &query, paged.request()))?;
        paged::print(
            options,
            paged.csv,
            page,
            &["SKILL GROUP", "NAME", "NUMBERS", "USERS", "MEDIA", "DESCRIPTION"],
            |group| {
                let counts =
                    [group.phone_number_count, group.user_count].map(|count| count.to_string());
                let [numbers, users] = counts;
                vec![
                    group.skill_group_id.to_string(),
                    group.display_name.clone(),
                    numbers,
                    users,
                    group.media_type.to_string(),
                    group.description.clone(),
                ]
            },
        )
    }
}
