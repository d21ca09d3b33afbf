//! `numberd users list`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options, names};
use crate::domain::csv::CsvRow;
use crate::domain::{Order, Role, User};
use crate::store::users::{self, UserOrder, UserQuery};
use clap::Args;
use serde::Serialize;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only users with this text in the id, a name, the e-mail address, the extension or the
    /// display id.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    /// Only of this role.
    #[arg(long, value_parser = names::word_of::<Role>())]
    role: Option<Role>,
    /// Only users who are not archived (true), or only archived ones (false).
    #[arg(long)]
    active: Option<bool>,
    /// Only members of this skill group.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// The order: user_id, display_name, role, extension or created_at; with - in front, the last
    /// first.
    #[arg(
        long,
        value_name = "KEY",
        allow_hyphen_values = true,
        value_parser = paged::order::<UserOrder>
    )]
    sort: Option<Order<UserOrder>>,
    #[command(flatten)]
    paged: Paged,
}

/// A user, and how many numbers they hold.
#[derive(Serialize)]
struct Counted {
    #[serde(flatten)]
    user: User,
    number_count: u64,
}

impl CsvRow for Counted {
    const COLUMNS: &'static [&'static str] = &[
        "user_id",
        "login_name",
        "display_name",
        "role",
        "extension",
        "email",
        "mobile",
        "nickname",
        "display_id",
        "work_mode",
        "active",
        "locked",
        "note",
        "number_count",
        "version",
        "created_at",
    ];
}

impl List {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let group = self.group.as_deref().map(|group| place.group(group)).transpose()?;
        let query = UserQuery {
            search: self.query,
            role: self.role,
            active: self.active,
            skill_group_id: group.map(|group| group.to_string()),
            order: self.sort.unwrap_or_default(),
        };
        place.list(
            &self.paged,
            |tx, of, page| {
                users::search(tx, of, &query, page)?.try_map(|user| {
                    let (number_count, _) = users::holds(tx, &user.user_id)?;
                    Ok(Counted { user, number_count })
                })
            },
            &["USER", "NAME", "ROLE", "NUMBERS", "EXTENSION", "E-MAIL", "MOBILE"],
            |Counted { user, number_count }| {
                vec![
                    user.user_id.to_string(),
                    user.display_name.clone(),
                    user.role.to_string(),
                    number_count.to_string(),
                    user.extension.clone(),
                    user.email.clone(),
                    user.mobile.clone(),
                ]
            },
        )
    }
}
