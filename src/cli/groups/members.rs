//! `numberd groups members`, `add-user` and `remove-user`

use crate::cli::paged::Paged;
use crate::cli::place::Place;
use crate::cli::{Failure, names};
use crate::domain::skill_group::{DEFAULT_SKILL_LEVEL, SKILL_LEVELS};
use crate::domain::{Membership, UserId};
use crate::ops;
use crate::store::{memberships, skill_groups};
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum MembersCommand {
    /// List the members of a skill group, with their levels.
    Members {
        /// The skill group's id.
        group: String,
        /// Only users whose id contains this text.
        #[arg(short, long, value_name = "TEXT")]
        query: Option<String>,
        #[command(flatten)]
        paged: Paged,
    },
    /// Put users into a skill group, or change their level in it.
    AddUser {
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
    },
    /// Take users out of a skill group.
    RemoveUser {
        /// The skill group's id.
        group: String,
        /// The users: all of them or none.
        #[arg(required = true, value_name = "USER")]
        users: Vec<String>,
    },
}

fn joined(users: &[UserId]) -> String {
    users.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl MembersCommand {
    pub(super) fn run(self, place: &Place<'_>) -> Result<(), Failure> {
        match self {
            Self::Members { group, query, paged } => {
                let id = place.group(&group)?;
                place.list(
                    &paged,
                    |tx, of, page| {
                        skill_groups::require(tx, of, &id)?;
                        memberships::list(tx, of, &id, query.as_deref(), page)
                    },
                    &["USER", "LEVEL", "SINCE"],
                    |member| {
                        let level = member.skill_level.to_string();
                        vec![member.user_id.to_string(), level, member.since.local()]
                    },
                )
            }
            Self::AddUser { group, users, level } => {
                let (group, user_ids) = (place.group(&group)?, place.users(&users)?);
                let result =
                    json!({ "skill_group_id": group, "user_ids": user_ids, "skill_level": level });
                let who = joined(&user_ids);
                let member = |user_id| Membership {
                    skill_group_id: group.clone(),
                    user_id,
                    skill_level: level,
                };
                let members: Vec<Membership> = user_ids.into_iter().map(member).collect();
                place.write(move |tx, of| ops::memberships::add(tx, of, &members))?.print(
                    place.options,
                    |()| (result, format!("{who}: in {group} at level {level}.")),
                    &format!("Would put into {group} at level {level}: {who}."),
                )
            }
            Self::RemoveUser { group, users } => {
                let (group, user_ids) = (place.group(&group)?, place.users(&users)?);
                let result = json!({ "skill_group_id": group, "user_ids": user_ids });
                let (who, id) = (joined(&user_ids), group.clone());
                let written = place.write(move |tx, of| {
                    ops::memberships::remove_members(tx, of, &id, &user_ids)
                })?;
                written.print(
                    place.options,
                    |()| (result, format!("{who}: not in {group} any more.")),
                    &format!("Would take out of {group}: {who}."),
                )
            }
        }
    }
}
