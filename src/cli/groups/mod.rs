//! `numberd groups …`

mod list;
mod members;

use super::{Failure, Options, names, output};
use crate::domain::skill_group::{MediaType, NewSkillGroup, SkillGroupEdit};
use crate::domain::{SkillGroupId, SkillGroupName};
use crate::ops;
use crate::store::skill_groups;
use clap::{ArgGroup, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Groups {
    /// List the skill groups of an instance.
    List(list::List),
    /// Create a skill group.
    Create {
        /// Its short name, part of its id: a letter, then letters, digits, _ and -.
        name: SkillGroupName,
        /// What people call it [default: its short name].
        #[arg(long, value_name = "NAME", value_parser = names::display_name)]
        display_name: Option<String>,
        /// What it is for.
        #[arg(long, value_name = "TEXT", value_parser = names::description)]
        description: Option<String>,
        /// What it answers.
        #[arg(
            long,
            default_value = MediaType::Audio.name(),
            value_parser = names::word_of::<MediaType>()
        )]
        media_type: MediaType,
    },
    /// Show a skill group.
    Show {
        /// The skill group.
        group: String,
    },
    /// Change what a skill group is called and what it is for.
    #[command(group = ArgGroup::new("change").required(true).multiple(true))]
    Edit {
        /// The skill group.
        group: String,
        /// What people call it.
        #[arg(long, group = "change", value_name = "NAME", value_parser = names::display_name)]
        display_name: Option<String>,
        /// What it is for.
        #[arg(long, group = "change", value_name = "TEXT", value_parser = names::description)]
        description: Option<String>,
    },
    /// Delete a skill group.
    Delete {
        /// The skill group's id.
        group: String,
        /// Unbind its numbers and take its members out first.
        #[arg(long)]
        force: bool,
    },
    #[command(flatten)]
    Members(members::MembersCommand),
}

impl Groups {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        match self {
            Self::List(command) => command.run(&place),
            Self::Create { name, display_name, description, media_type } => {
                let id = SkillGroupId::of(&name, &place.instance_id);
                let new = NewSkillGroup {
                    display_name: display_name.unwrap_or_else(|| name.to_string()),
                    name,
                    description: description.unwrap_or_default(),
                    media_type,
                    guid: None,
                };
                place.write(move |tx, of| ops::skill_groups::create(tx, of, &new))?.print(
                    options,
                    |id| (json!({ "skill_group_id": id }), format!("Skill group {id} is created.")),
                    &format!("Would create skill group {id}."),
                )
            }
            Self::Show { group } => {
                let id = place.group(&group)?;
                let found = place.read(|tx, of| skill_groups::get(tx, of, &id))?;
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
            Self::Edit { group, display_name, description } => {
                let id = place.group(&group)?;
                let (edit, edited) = (SkillGroupEdit { display_name, description }, id.clone());
                place.write(move |tx, of| ops::skill_groups::modify(tx, of, &edited, &edit))?.print(
                    options,
                    |()| (json!({ "skill_group_id": id }), format!("Changed: {id}.")),
                    &format!("Would change: {id}."),
                )
            }
            Self::Delete { group, force } => {
                let id = place.group(&group)?;
                let deleted = id.clone();
                place
                    .write(move |tx, of| ops::skill_groups::delete(tx, of, &deleted, force))?
                    .print(
                        options,
                        |()| {
                            (
                                json!({ "skill_group_id": id }),
                                format!("Skill group {id} is deleted."),
                            )
                        },
                        &format!("Would delete skill group {id}."),
                    )
            }
            Self::Members(command) => command.run(&place),
        }
    }
}
