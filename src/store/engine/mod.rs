//! The machinery below the aggregates: the file, its connections and transactions, and SQLite's
//! values and errors as the domain's. Nothing here knows a table of the call centre, except for
//! [`integrity`], [`logged`] and [`backup`], which look at the whole file.

pub mod adhoc;
pub mod backup;
pub mod backups;
mod brief;
mod error;
mod file;
#[cfg(test)]
pub(super) mod fixtures;
mod functions;
pub mod integrity;
pub mod key_file;
mod logged;
pub mod migrations;
mod network;
pub(in crate::store) mod new_file;
mod open;
mod returning;
mod row;
pub(super) mod schema;
mod scratch;
mod shares;
mod sql_types;
mod store;
mod tx;
mod values;
mod writer;

pub use brief::{briefly, is_brief, is_given_up, may_take_long, require_patience};
pub use error::OpenError;
pub use file::{reserve_shared_memory, serve_alone};
pub(super) use functions::erasing;
pub use key_file::KeyFile;
pub use new_file::{
    FileError, directory_of, give_to_owner_of, require_new, require_place, write_new,
};
pub use open::{Migrate, create, finish, schema_version};
pub(super) use row::{Row, of_row};
pub use scratch::{Scratch, remove_abandoned};
pub use store::{Store, Vitals};
pub use tx::{ReadTx, WriteTx};
pub(super) use values::{from_json, like_pattern, new_guid, secret_hash, to_json};
pub use writer::WRITE_DEADLINE;
