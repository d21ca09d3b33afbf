//! `numberd groups list`

use crate::cli::Failure;
use crate::cli::paged::{self, Paged};
use crate::cli::place::Place;
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
    pub(super) fn run(self, place: &Place<'_>) -> Result<(), Failure> {
        let order = self.sort.unwrap_or_default();
        let query = SkillGroupQuery { search: self.query, media_type: None, order };
        place.list(
            &self.paged,
            |tx, of, page| skill_groups::search(tx, of, &query, page),
            &["SKILL GROUP", "NAME", "NUMBERS", "USERS", "MEDIA", "DESCRIPTION"],
            |group| {
                vec![
                    group.skill_group_id.to_string(),
                    group.display_name.clone(),
                    group.phone_number_count.to_string(),
                    group.user_count.to_string(),
                    group.media_type.to_string(),
                    group.description.clone(),
                ]
            },
        )
    }
}
