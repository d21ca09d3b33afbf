//! Contact flows: what incoming calls run through.

use super::word::words;
use super::{ContactFlowId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

words! {
    /// The kinds of contact flow; the vendor's names.
    #[derive(Default)]
    FlowType {
        /// What a call begins with.
        #[default]
        Main = "MAIN_FLOW",
        /// A part of others.
        Sub = "SUB_FLOW",
        /// What a call ends with.
        Survey = "SURVEY_FLOW",
    }
}

/// The longest definition, in characters.
pub const LONGEST_DEFINITION: usize = 100_000;

// What is skipped is for other faces.
/// A contact flow, as lists of REST and of the command line show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContactFlow {
    /// Its id.
    pub contact_flow_id: ContactFlowId,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The type.
    #[serde(rename = "type")]
    pub flow_type: FlowType,
    /// What it does, in the vendor's notation.
    #[serde(skip)]
    pub definition: String,
    /// The draft that it was published from.
    #[serde(skip)]
    pub draft_id: String,
    /// Whether calls run through it.
    pub published: bool,
    /// Who last edited it.
    pub editor: String,
    /// Grows with every change.
    #[serde(skip)]
    pub version: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A contact flow with its definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeContactFlow {
    /// What lists show.
    #[serde(flatten)]
    pub brief: ContactFlow,
    /// The definition, in the vendor's notation.
    pub definition: String,
    /// Grows with every change.
    pub version: u64,
}

impl From<ContactFlow> for WholeContactFlow {
    fn from(flow: ContactFlow) -> Self {
        let (definition, version) = (flow.definition.clone(), flow.version);
        Self { brief: flow, definition, version }
    }
}

/// A contact flow to create.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `ContactFlow`")]
pub struct NewContactFlow {
    pub name: String,
    pub description: String,
    pub flow_type: FlowType,
    pub definition: String,
}

/// The fields of a contact flow to change; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of `ContactFlow`")]
pub struct ContactFlowEdit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub definition: Option<String>,
    pub published: Option<bool>,
}

impl ContactFlowEdit {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        let Self { name, description, definition, published } = self;
        name.is_none() && description.is_none() && definition.is_none() && published.is_none()
    }
}

/// Which contact flows are listed, and in which order.
#[derive(Clone, Debug, Default)]
pub struct ContactFlowFilter {
    /// Part of the name.
    pub search_pattern: Option<String>,
    /// Only flows of this type.
    pub flow_type: Option<FlowType>,
    /// What they are sorted by.
    pub order: ContactFlowOrder,
    /// The last first.
    pub backward: bool,
}

words! {
    /// What contact flows are sorted by.
    #[derive(Default)]
    ContactFlowOrder {
        /// By name.
        #[default]
        Name = "Name",
        /// By when they were made.
        CreatedTime = "CreatedTime",
        /// By when they were last changed.
        UpdatedTime = "UpdatedTime",
    }
}

words! {
    /// The same, as REST calls it.
    #[derive(Default)]
    ContactFlowKey {
        /// By name.
        #[default]
        Name = "name",
        /// By when they were made.
        CreatedAt = "created_at",
        /// By when they were last changed.
        UpdatedAt = "updated_at",
    }
}

words! {
    /// Which end of an order comes first.
    Direction {
        /// The least.
        Ascending = "ASC",
        /// The greatest.
        Descending = "DESC",
    }
}
