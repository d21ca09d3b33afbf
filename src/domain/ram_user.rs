//! RAM users: the logins of the account, whatever instances they belong to.

use super::RamId;

/// A login, as the faces show it.
#[derive(Clone, Debug)]
pub struct RamUser {
    /// Its id.
    pub ram_id: RamId,
    /// Its name.
    pub login_name: String,
    /// What people call the person.
    pub display_name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The person's mobile number.
    pub mobile: String,
    /// Whether it is the account's root.
    pub is_root: bool,
}
