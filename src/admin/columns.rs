//! The columns of the lists as files: what the rows show in JSON, the lists in them flattened.

use crate::domain::Instance;
use crate::domain::candidate::Candidate;
use crate::domain::capacity::{Capacity, LowWaterMark};
use crate::domain::contact_flow::ContactFlow;
use crate::domain::csv::CsvRow;
use crate::domain::history::{Change, HistoryEntry};
use crate::domain::membership::DatedMembership;
use crate::domain::phone_number::{Assignment, Binding, UnassignedNumber};
use crate::domain::reservation::Reservation;

macro_rules! columns {
    ($($row:ty: $columns:expr,)*) => {$(
        impl CsvRow for $row {
            const COLUMNS: &'static [&'static str] = &$columns;
        }
    )*};
}

columns! {
    UnassignedNumber: ["number", "province", "city"],
    Instance: [
        "instance_id", "name", "description", "status", "created_at", "personal_numbers",
        "country_code", "cool_down_days", "reason_required", "version",
    ],
    Assignment: ["number", "user_id", "since"],
    Binding: ["number", "skill_group_id", "since"],
    Reservation: [
        "number", "kind", "user_id", "display_name", "since", "until", "made_by", "reason",
    ],
    Capacity: [
        "city", "usage", "free", "reserved", "bound", "personal", "low_water_mark", "outlook",
        "earliest_weeks", "latest_weeks", "weeks", "events",
    ],
    LowWaterMark: ["city", "usage", "least", "free", "too_few", "passed"],
    DatedMembership: ["user_id", "skill_group_id", "skill_level", "since"],
    ContactFlow: [
        "contact_flow_id", "name", "description", "type", "published", "editor", "created_at",
        "updated_at",
    ],
    Candidate: [
        "number", "usage", "active", "province", "city", "contact_flow_id", "assignable",
        "reasons.code", "reasons.detail", "warning.code", "warning.detail", "suggestion.near", "suggestion.idle_since",
    ],
    HistoryEntry: [
        "relation", "number", "user_id", "skill_group_id", "from", "to", "begun.by", "begun.via",
        "begun.request_id", "begun.reason", "ended.by", "ended.via", "ended.request_id",
        "ended.reason",
    ],
    Change: [
        "change_id", "changed_at", "actor", "via", "request_id", "reason", "entity", "action",
        "instance_id", "number", "user_id", "skill_group_id", "assignment_id", "old", "new",
    ],
}
