//! The words and rules of the call centre: types, permissions, the one error.
//!
//! # Architecture Invariant
//! Nothing here knows SQL or HTTP, and nothing but [`clock`] reads the clock.

pub mod adopt;
pub mod author;
pub mod batch;
pub mod candidate;
pub mod capacity;
pub mod characters;
pub mod clock;
pub mod contact_flow;
pub mod csv;
pub mod erasure;
pub mod error;
pub mod forecast;
pub mod history;
pub mod id;
pub mod import;
pub mod instance;
pub mod json;
pub mod location;
pub mod membership;
pub mod number_range;
pub mod oauth;
pub mod page;
pub mod permission;
pub mod phone_number;
pub mod previewed_import;
pub mod ram_user;
pub mod refusal;
pub mod reservation;
pub mod rule;
pub mod run;
pub mod search_words;
pub mod sheet;
pub mod skill_group;
pub mod spelling;
pub mod text;
pub mod undo;
pub mod user;
mod word;

pub use author::{Author, Origin};
pub use clock::{Clock, LAST_MOMENT, ManualClock, NotAMoment, Timestamp};
pub use error::{Error, Existing, Missing, Optional, Unavailable};
pub use id::{AccessKeyId, ContactFlowId, InstanceId, RamId, SkillGroupId, UserId};
pub use instance::Instance;
pub use membership::Membership;
pub use oauth::{Client, Scope, Scopes};
pub use page::{Listing, Order, Page, PageRequest, Paging};
pub use permission::{Act, Allowed, ApiToken, Caller, InstanceAccess, Role};
pub use phone_number::Number;
pub use ram_user::{Email, LoginName, NewLogin, RamUser};
pub use rule::Rule;
pub use search_words::SearchWords;
pub use skill_group::{NamedSkillGroup, SkillGroup, SkillGroupName};
pub use text::Parsed;
pub use user::{Extension, NewUser, User, UserEdit, UserKey, WorkMode};
pub use word::Word;
pub(crate) use word::words;
