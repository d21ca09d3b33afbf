//! What the tests share: databases, servers, callers.

mod app;
mod client;
mod database;
mod program;

pub use app::{App, Reply, agent};
pub use client::Client;
pub use database::SeededDatabase;
pub use program::Program;
