//! What the tests share: databases, servers, callers.

mod app;
mod client;
mod contracts;
mod database;
mod figures;
mod patience;
mod program;
mod relay;
mod snapshots;
mod watch;

pub use app::{App, Reply, agent};
pub use client::Client;
pub use contracts::{ccc_operation, ccc_operations, contract};
pub use database::{SeededDatabase, author, printable};
pub use figures::{figure, times};
pub use patience::{IN_TIME, LONG_PATIENCE, PATIENCE, eventually};
pub use program::Program;
pub use relay::Relay;
pub use snapshots::assert_snapshot;
pub use watch::Watch;
