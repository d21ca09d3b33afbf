//! `numberd groups members`, `add-user` and `remove-user`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options, names};
use crate::domain::skill_group::{DEFAULT_SKILL_LEVEL, SKILL_LEVELS};
use crate::domain::{Membership, UserId};
use crate::ops::memberships;
use crate::store::memberships as stored;
use crate::store::skill_groups;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub(in crate::cli) struct Members {
    /// The skill group's id.
    group: String,
    /// Only users whose id contains this text.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    #[command(flatten)]
    paged: Paged,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AddUser {
    /// The skill group's id.
    group: String,
    /// The users.
    #[arg(required = true, value_name = "USER")]
    users: Vec<String>,
    /// How well they serve it: from 1, the strongest, to 10.
    #[arg(
        long,
        default_value_t = DEFAULT_SKILL_LEVEL,
        value_parser = names::between(SKILL_LEVELS)
    )]
    level: u8,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RemoveUser {
    /// The skill group's id.
    group: String,
    /// The users: all of them or none.
    #[arg(required = true, value_name = "USER")]
    users: Vec<String>,
}

fn joined(users: &[UserId]) -> String {
    users.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Members {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let id = place.group(&self.group)?;
        let page = place.store.read(|tx| {
            skill_groups::require(tx, &place.instance_id, &id)?;
            stored::list(tx, &place.instance_id, &id, self.query.as_deref(), self.paged.request())
        })?;
        paged::print(options, self.paged.csv, page, &["USER", "LEVEL", "SINCE"], |member| {
            [member.user_id.to_string(), member.skill_level.to_string(), member.since.local()]
                .into()
        })
    }
}

impl AddUser {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { group, users, level } = self;
        let place = options.place()?;
        let (group, user_ids) = (place.group(&group)?, place.users(&users)?);
        let (result, who) = (
            json!({ "skill_group_id": group, "user_ids": user_ids, "skill_level": level }),
            joined(&user_ids),
        );
        let (skill_group_id, instance_id) = (group.clone(), place.instance_id);
        let written = options.write(&place.store, move |tx| {
            let member = |user_id| Membership {
                skill_group_id: skill_group_id.clone(),
                user_id,
                skill_level: level,
            };
            let members: Vec<Membership> = user_ids.into_iter().map(member).collect();
            memberships::add(tx, &instance_id, &members)
        })?;
        written.print(
            options,
            |()| (result, format!("{who}: in {group} at level {level}.")),
            &format!("Would put into {group} at level {level}: {who}."),
        )
    }
}

impl RemoveUser {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { group, users } = self;
        let place = options.place()?;
        let (group, user_ids) = (place.group(&group)?, place.users(&users)?);
        let (result, who) =
            (json!({ "skill_group_id": group, "user_ids": user_ids }), joined(&user_ids));
        let (id, instance_id) = (group.clone(), place.instance_id);
        let written = options.write(&place.store, move |tx| {
            memberships::remove_members(tx, &instance_id, &id, &user_ids)
        })?;
        written.print(
            options,
            |()| (result, format!("{who}: not in {group} any more.")),
            &format!("Would take out of {group}: {who}."),
        )
    }
}
