//! SQLite: the file, its transactions, its rows, and its rules turned into errors.
//!
//! # Transactions
//! [`Store::read`] and [`Store::write`] run a closure inside one transaction; a write commits only
//! on `Ok`. [`ReadTx`] and [`WriteTx`] are different types, so a function that takes a `ReadTx`
//! can't write. Both carry one `now` for all that happens in them.
//!
//! # Locking
//! One thread owns the only connection that writes, behind a bounded queue; it begins every
//! transaction IMMEDIATE. Writes that wait together share its commit, each inside its own
//! savepoint. Readers are pooled, opened read-only, and never wait for the writer (WAL). A write
//! that can't begin within [`WRITE_DEADLINE`] of its arrival is refused, however many wait before
//! it.
//!
//! # Short reads
//! A read is tried on the thread that its request came to, and begun again on one that may block
//! when it takes more than some thousands of SQLite's steps or would have to wait: [`briefly`].
//!
//! # Durability
//! `journal_mode=WAL` with `synchronous=FULL`: what was answered with success survives a power cut.
//! When a commit fails in `fsync`, nobody knows whether it happened; the process exits rather than
//! go on from a guess.
//!
//! # Architecture Invariant
//! Blocking, and without knowledge of HTTP. All SQL of the program is in this folder, as literals
//! with bound parameters.
//!
//! # Errors
//! Every function here, and every function of `ops`, may fail with the database's own errors
//! ([`Error::Unavailable`](crate::domain::Error::Unavailable),
//! [`Error::Internal`](crate::domain::Error::Internal)), with
//! [`Error::NotFound`](crate::domain::Error::NotFound) for what its arguments name, and, where it
//! writes, with [`Error::Rule`](crate::domain::Error::Rule). Their docs list what needs a word
//! more.

pub mod access_keys;
pub mod api_tokens;
pub mod bindings;
pub mod callback_numbers;
pub mod candidates;
pub mod capacity;
pub mod change_archives;
pub mod changes;
pub mod console_sessions;
pub mod contact_flows;
mod engine;
#[cfg(test)]
mod exported_tests;
pub mod facets;
pub mod forgotten_people;
pub mod history;
pub mod holders;
pub mod idempotency;
pub mod imports;
pub mod instances;
pub mod low_water_marks;
pub mod memberships;
pub mod near_numbers;
pub mod nonces;
pub mod number_index;
#[cfg(test)]
mod number_index_tests;
pub mod number_pool;
pub mod oauth_clients;
pub mod oauth_tokens;
pub mod outbound_numbers;
pub mod personal_assignments;
pub mod phone_numbers;
pub mod places;
pub mod ram_users;
pub mod reservations;
pub mod runs;
#[cfg(test)]
mod schema_tests;
pub mod seed;
pub mod skill_groups;
pub mod spellings;
mod suggested_numbers;
pub mod suggestions;
pub mod undo;
pub mod users;

#[cfg(test)]
use engine::fixtures;
pub use engine::{
    FileError, KeyFile, Migrate, OpenError, ReadTx, Scratch, Store, Vitals, WRITE_DEADLINE,
    WriteTx, adhoc, backup, backups, briefly, create, directory_of, finish, give_to_owner_of,
    integrity, is_brief, is_given_up, key_file, may_take_long, migrations, remove_abandoned,
    require_new, require_patience, require_place, reserve_shared_memory, schema_version,
    serve_alone, write_new,
};
