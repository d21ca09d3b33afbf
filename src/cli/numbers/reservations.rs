//! `numberd numbers reservations`

use crate::cli::paged::Paged;
use crate::cli::{Failure, Options};
use crate::domain::UserId;
use crate::domain::reservation::Reservation;
use crate::store::reservations;
use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only numbers that are kept for this user.
    #[arg(long = "for", alias = "user", value_name = "USER")]
    user: Option<String>,
    #[command(flatten)]
    paged: Paged,
}

impl List {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let user = self.user.map(|user| place.user(&user)).transpose()?;
        let user = user.as_ref().map(UserId::as_str);
        place.list(
            &self.paged,
            |tx, of, page| reservations::list(tx, of, user, page),
            &["NUMBER", "KIND", "FOR", "UNTIL", "MADE BY", "REASON"],
            row,
        )
    }
}

fn row(reservation: &Reservation) -> Vec<String> {
    let Reservation { number, kind, user_id, until, made_by, reason, .. } = reservation;
    let user = user_id.as_ref().map(ToString::to_string).unwrap_or_default();
    [number.clone(), kind.to_string(), user, until.local(), made_by.clone(), reason.clone()].into()
}
