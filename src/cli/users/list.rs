//! `numberd users list`

use crate::cli::paged::{self, Paged};
use crate::cli::{Failure, Options};
use crate::domain::{Page, SkillGroupId, User};
use crate::store::{Migrate, users};
use clap::Args;
use serde::Serialize;

/// Listing users.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only users whose login name or name contains this text.
    #[arg(short, long, value_name = "TEXT")]
    query: Option<String>,
    /// Only members of this skill group.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    #[command(flatten)]
    paged: Paged,
}

#[derive(Serialize)]
struct Listed {
    user_id: String,
    display_name: String,
    role: String,
    extension: String,
    email: String,
    mobile: String,
}

impl List {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let instance_id = options.instance(&store)?;
        let group = self.group.map(SkillGroupId::new);
        let page = store.read(|tx| {
            users::list(
                tx,
                &instance_id,
                self.query.as_deref(),
                group.as_ref(),
                self.paged.request(),
            )
        })?;
        let page = Page {
            rows: page.rows.into_iter().map(|row| Listed::from(row.user)).collect(),
            shown: page.shown,
            total: page.total,
        };
        paged::print(
            options.json,
            page,
            &["USER", "NAME", "ROLE", "EXTENSION", "E-MAIL", "MOBILE"],
            |user| {
                [
                    &user.user_id,
                    &user.display_name,
                    &user.role,
                    &user.extension,
                    &user.email,
                    &user.mobile,
                ]
                .into_iter()
                .cloned()
                .collect()
            },
        )
    }
}

impl From<User> for Listed {
    fn from(user: User) -> Self {
        Self {
            user_id: user.user_id.to_string(),
            display_name: user.display_name,
            role: user.role,
            extension: user.extension,
            email: user.email,
            mobile: user.mobile,
        }
    }
}
