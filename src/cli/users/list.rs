//! `numberd users list`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options, names};
use crate::domain::{Error, Page, Role, User};
use crate::store::users::{self, UserOrder, UserQuery};
use clap::Args;
use serde::Serialize;

/// Listing users.
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
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, value_parser = paged::order(UserOrder::NAMES))]
    sort: Option<String>,
    #[command(flatten)]
    paged: Paged,
}

/// A user in a list.
#[derive(Serialize)]
pub(super) struct Listed {
    pub(super) user_id: String,
    pub(super) display_name: String,
    pub(super) role: String,
    pub(super) number_count: u64,
    pub(super) extension: String,
    pub(super) email: String,
    pub(super) mobile: String,
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
            order: paged::ordered(self.sort.as_deref(), UserOrder::named),
        };
        let page = place.store.read(|tx| {
            let page = users::search(tx, &place.instance_id, &query, self.paged.request())?;
            let listed = |row: User| {
                let (numbers, _) = users::holds(tx, &row.user_id)?;
                Ok::<_, Error>(Listed::of(row, numbers))
            };
            let rows = page.rows.into_iter().map(listed).collect::<Result<_, _>>()?;
            Ok::<_, Error>(Page { rows, shown: page.shown, total: page.total })
        })?;
        paged::print(
            options.json,
            page,
            &["USER", "NAME", "ROLE", "NUMBERS", "EXTENSION", "E-MAIL", "MOBILE"],
            |user| {
                let count = user.number_count.to_string();
                let cells = [
                    &user.user_id,
                    &user.display_name,
                    &user.role,
                    &count,
                    &user.extension,
                    &user.email,
                    &user.mobile,
                ];
                cells.map(Clone::clone).to_vec()
            },
        )
    }
}

impl Listed {
    /// A user, and how many numbers they hold.
    pub(super) fn of(user: User, number_count: u64) -> Self {
        Self {
            user_id: user.user_id.to_string(),
            display_name: user.display_name,
            role: user.role.to_string(),
            number_count,
            extension: user.extension,
            email: user.email,
            mobile: user.mobile,
        }
    }
}
