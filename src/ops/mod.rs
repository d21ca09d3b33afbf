//! What can be changed: one function per act, with a transaction in hand. Every write of every face
//! goes through here.

pub mod access;
pub mod adopt;
pub mod batch;
pub mod change_archives;
pub mod console_sessions;
pub mod contact_flows;
pub mod credentials;
pub mod forgotten_people;
pub mod import;
pub mod imports;
pub mod instances;
pub mod last_use;
pub mod low_water_marks;
pub mod memberships;
pub mod number_pool;
pub mod passwords;
mod patience;
pub mod phone_numbers;
pub mod reservations;
pub mod runs;
pub mod skill_groups;
mod stop;
pub mod undo;
pub mod users;
