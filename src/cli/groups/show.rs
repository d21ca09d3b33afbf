//! `numberd groups show` and `edit`

use crate::cli::{Failure, Options, names, output};
use crate::domain::skill_group::SkillGroupEdit;
use crate::ops;
use crate::store::skill_groups;
use clap::{ArgGroup, Args};
use serde_json::json;

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The skill group.
    group: String,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true))]
pub(in crate::cli) struct Edit {
    /// The skill group.
    group: String,
    /// What people call it.
    #[arg(long, group = "change", value_name = "NAME", value_parser = names::display_name)]
    display_name: Option<String>,
    /// What it is for.
    #[arg(long, group = "change", value_name = "TEXT", value_parser = names::description)]
    description: Option<String>,
}

impl Show {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let id = place.group(&self.group)?;
        let found = place.store.read(|tx| skill_groups::get(tx, &place.instance_id, &id))?;
        output::value(options.json, &found, |group| {
            output::facts(&[
                ("skill group", group.skill_group_id.as_str()),
                ("name", &group.display_name),
                ("description", &group.description),
                ("media", group.media_type.name()),
                ("numbers", &group.phone_number_count.to_string()),
                ("users", &group.user_count.to_string()),
            ])
        })
    }
}

impl Edit {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { group, display_name, description } = self;
        let place = options.place()?;
        let id = place.group(&group)?;
        let edit = SkillGroupEdit { display_name, description };
        let (changed, instance_id) = (id.clone(), place.instance_id);
        let written = options.write(&place.store, move |tx| {
            ops::skill_groups::modify(tx, &instance_id, &changed, &edit)
        })?;
        written.print(
            options,
            |()| (json!({ "skill_group_id": id }), format!("Changed: {id}.")),
            &format!("Would change: {id}."),
        )
    }
}
