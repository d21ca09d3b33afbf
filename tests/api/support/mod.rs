//! What the tests share: databases, servers, callers.

mod app;
mod client;
mod contracts;
mod database;
mod figures;
mod program;
mod relay;
mod snapshots;
mod watch;

pub use app::{App, Reply, agent};
pub use client::Client;
pub use contracts::{ccc_operation, ccc_operations, contract};
pub use database::{SeededDatabase, author, printable};
pub use figures::{figure, times};
pub use program::Program;
pub use relay::Relay;
pub use snapshots::assert_snapshot;
pub use watch::Watch;
