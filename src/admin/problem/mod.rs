//! What is answered without success: RFC 9457, `application/problem+json`.
//!
//! The type is an address on this server that explains it; the detail names what blocks the
//! request and who holds it.

mod body;
mod failure;
mod table;

pub(super) use body::Problem;
pub(super) use failure::{Failure, Result};
pub use table::ProblemType;
