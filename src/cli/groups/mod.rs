//! `numberd groups …`

mod list;
mod members;
mod show;

use super::place::Place;
use super::{Failure, Options, names};
use crate::domain::skill_group::{MediaType, NewSkillGroup};
use crate::domain::{SkillGroupId, SkillGroupName};
use crate::ops::skill_groups;
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Groups {
    /// List the skill groups of an instance.
    List(list::List),
    /// Create a skill group.
    Create(Create),
    /// Show a skill group.
    Show(show::Show),
    /// Change what a skill group is called and what it is for.
    Edit(show::Edit),
    /// Delete a skill group.
    Delete(Delete),
    /// List the members of a skill group, with their levels.
    Members(members::Members),
    /// Put users into a skill group, or change their level in it.
    AddUser(members::AddUser),
    /// Take users out of a skill group.
    RemoveUser(members::RemoveUser),
}

#[derive(Debug, Args)]
pub(super) struct Create {
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
}

#[derive(Debug, Args)]
pub(super) struct Delete {
    /// The skill group's id.
    group: String,
    /// Unbind its numbers and take its members out first.
    #[arg(long)]
    force: bool,
}

impl Groups {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(options),
            Self::Create(command) => command.run(options),
            Self::Show(command) => command.run(options),
            Self::Edit(command) => command.run(options),
            Self::Delete(command) => command.run(options),
            Self::Members(command) => command.run(options),
            Self::AddUser(command) => command.run(options),
            Self::RemoveUser(command) => command.run(options),
        }
    }
}

impl Create {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let Place { store, instance_id } = options.place()?;
        let display_name = self.display_name.unwrap_or_else(|| self.name.to_string());
        let new = NewSkillGroup {
            name: self.name,
            display_name,
            description: self.description.unwrap_or_default(),
            media_type: self.media_type,
            guid: None,
        };
        let would =
            format!("Would make skill group {}.", SkillGroupId::of(&new.name, &instance_id));
        let written =
            options.write(&store, move |tx| skill_groups::create(tx, &instance_id, &new))?;
        written.print(
            options,
            |id| (json!({ "skill_group_id": id }), format!("Skill group {id} is made.")),
            &would,
        )
    }
}

impl Delete {
    fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let (id, force) = (place.group(&self.group)?, self.force);
        let (deleted, instance_id) = (id.clone(), place.instance_id);
        let written = options.write(&place.store, move |tx| {
            skill_groups::delete(tx, &instance_id, &deleted, force)
        })?;
        written.print(
            options,
            |()| (json!({ "skill_group_id": id }), format!("Skill group {id} is deleted.")),
            &format!("Would delete skill group {id}."),
        )
    }
}
