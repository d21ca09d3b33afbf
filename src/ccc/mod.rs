//! The CCC face: the wire API of Alibaba Cloud Call Center 2020-07-01, RPC style.
//!
//! # The way of a request
//! `http` bounds and reads it → [`params::Wire`] takes it apart → [`operations`] finds the
//! operation → [`auth`] verifies it → [`scope`] lets the caller in → [`params`] reads its
//! parameters → the operation's function asks the store or changes through `ops` → [`reply`]
//! writes the answer, or [`error`] the failure.
//!
//! # One more operation
//! One line in [`operations`], one block in `request!`, and one function. The table is written out,
//! without a macro, so that an editor finds the function from its line and the line from the
//! function. A function that changes something takes a [`Writing`](crate::ops::access::Writing), so
//! it does not fit a line that says `read`.
//!
//! # Architecture Invariant
//! Nothing here is used by another face, and nothing of another face is used here.

mod auth;
mod call;
mod contact_flows;
mod error;
mod face;
mod guard;
mod instances;
mod memberships;
mod number;
mod number_pool;
mod operations;
mod outbound_numbers;
mod params;
mod phone_numbers;
mod ram_users;
mod reply;
mod scope;
mod skill_groups;
mod users;

pub use face::Face;
pub use guard::is_call;
pub use operations::Operation;
