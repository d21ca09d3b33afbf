//! `numberd groups list`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options};
use crate::domain::skill_group::SkillGroupFilter;
use crate::domain::{Page, SkillGroup};
use crate::store::{Migrate, skill_groups};
use clap::Args;
use serde::Serialize;

/// Listing skill groups.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only groups whose name contains this text.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    #[command(flatten)]
    paged: Paged,
}

#[derive(Serialize)]
struct Listed {
    skill_group_id: String,
    display_name: String,
    description: String,
    media_type: String,
    phone_number_count: u64,
    user_count: u64,
}

impl List {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { query, paged } = self;
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let filter = SkillGroupFilter { search_pattern: query, media_type: None };
        let page =
            store.read(|tx| skill_groups::list(tx, &instance_id, &filter, paged.request()))?;
        let page = Page {
            rows: page.rows.into_iter().map(Listed::from).collect(),
            shown: page.shown,
            total: page.total,
        };
        paged::print(
            options.json,
            page,
            &["SKILL GROUP", "NAME", "NUMBERS", "USERS", "MEDIA", "DESCRIPTION"],
            |group| {
                let counts =
                    [group.phone_number_count, group.user_count].map(|count| count.to_string());
                let [numbers, users] = counts;
                vec![
                    group.skill_group_id.clone(),
                    group.display_name.clone(),
                    numbers,
                    users,
                    group.media_type.clone(),
                    group.description.clone(),
                ]
            },
        )
    }
}

impl From<SkillGroup> for Listed {
    fn from(group: SkillGroup) -> Self {
        Self {
            skill_group_id: group.skill_group_id.to_string(),
            display_name: group.display_name,
            description: group.description,
            media_type: group.media_type,
            phone_number_count: group.phone_number_count,
            user_count: group.user_count,
        }
    }
}
