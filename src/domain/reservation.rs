//! Numbers that are kept: after a release for their last holder, or on hold for somebody.

use super::word::words;
use super::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// The longest cool-down, in days.
pub const MAX_COOL_DOWN_DAYS: u32 = 3650;

/// Days as a duration.
pub fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 24 * 60 * 60)
}

words! {
    /// Why a number is kept.
    #[derive(Deserialize)]
    ReservationKind {
        /// It was released, and its last holder may have it back meanwhile.
        CoolDown = "cool-down",
        /// Somebody wants it kept.
        Hold = "hold",
    }
}

/// A number that is kept until a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reservation {
    /// The number.
    pub number: String,
    /// `cool-down` or `hold`.
    pub kind: ReservationKind,
    /// The only user who can be given it meanwhile; null if nobody can.
    #[schema(required = true)]
    pub user_id: Option<UserId>,
    /// The display name of that user; empty without one.
    pub display_name: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when, unless it is ended before or the number is given to that user.
    pub until: Timestamp,
    /// Who made it; empty for a hand edit.
    pub made_by: String,
    /// Why; empty if no reason was given.
    pub reason: String,
}

impl std::fmt::Display for Reservation {
    /// `on hold for lina@ccc-test (李娜) until 2026-12-01T10:00:00.000Z: new colleague`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.kind {
            ReservationKind::CoolDown => "cooling down",
            ReservationKind::Hold => "on hold",
        })?;
        if let Some(user_id) = &self.user_id {
            write!(f, " for {user_id}")?;
            if !self.display_name.is_empty() {
                write!(f, " ({})", self.display_name)?;
            }
        }
        write!(f, " until {}", self.until)?;
        if !self.reason.is_empty() {
            write!(f, ": {}", self.reason)?;
        }
        Ok(())
    }
}
