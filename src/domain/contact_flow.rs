//! Contact flows.

use super::ContactFlowId;

/// The kinds of contact flow; the vendor's names.
pub const TYPES: [&str; 3] = ["MAIN_FLOW", "SUB_FLOW", "SURVEY_FLOW"];

/// A contact flow, as the faces show it.
#[derive(Clone, Debug)]
pub struct ContactFlow {
    /// Its id.
    pub contact_flow_id: ContactFlowId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// One of [`TYPES`].
    pub flow_type: String,
    /// What it does, in the vendor's notation.
    pub definition: String,
    /// The draft that it was published from.
    pub draft_id: String,
    /// Who edited it last.
    pub editor: String,
    /// Whether calls run through it.
    pub published: bool,
    /// Grows with every change.
    pub version: u64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

/// A contact flow to create.
#[derive(Clone, Debug)]
pub struct NewContactFlow {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// One of [`TYPES`].
    pub flow_type: &'static str,
    /// The definition, in the vendor's notation.
    pub definition: String,
}

/// The fields of a contact flow to change; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct ContactFlowEdit {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The definition, in the vendor's notation.
    pub definition: Option<String>,
    /// Whether calls run through it.
    pub published: Option<bool>,
}

/// Which contact flows are listed, and in which order.
#[derive(Clone, Debug, Default)]
pub struct ContactFlowFilter {
    /// Part of the name.
    pub search_pattern: Option<String>,
    /// Only flows of this type.
    pub flow_type: Option<&'static str>,
    /// What they are sorted by.
    pub order: ContactFlowOrder,
    /// The last first.
    pub backward: bool,
}

/// What contact flows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContactFlowOrder {
    /// By name.
    #[default]
    Name,
    /// By when they were made.
    CreatedTime,
    /// By when they were last changed.
    UpdatedTime,
}

impl ContactFlowOrder {
    /// The names on the wire.
    pub const NAMES: [&str; 3] = ["Name", "CreatedTime", "UpdatedTime"];

    /// The order of that name; without a name, by name.
    pub fn from_name(name: Option<&str>) -> Self {
        match name {
            Some("CreatedTime") => Self::CreatedTime,
            Some("UpdatedTime") => Self::UpdatedTime,
            _ => Self::Name,
        }
    }
}
