//! Erasing a person: their login, their users, and every text that names them, the change log
//! included. The numbers' history stays, under a name that says nothing of them.

use super::users::keeping_an_admin;
use crate::domain::erasure::Forgotten;
use crate::domain::error::END_FIRST;
use crate::domain::text::{counted, hex};
use crate::domain::{Error, UserId};
use crate::store::key_file::random_bytes;
use crate::store::{Store, WriteTx, forgotten_people, memberships, ram_users, users};
use std::sync::Arc;

/// Erases the person of a login. What is left in the file's free space goes when it is
/// [rewritten](crate::store::Store::compact).
///
/// # Errors
/// [`Error::NotFound`] for the login; [`Error::Forbidden`] for the root; [`Error::Rule`] while they
/// hold numbers; [`Error::LastAdmin`].
pub fn forget(tx: &WriteTx<'_>, login_name: &str) -> Result<Forgotten, Error> {
    let ram_id = ram_users::require(tx, login_name)?;
    if ram_users::root(tx)?.as_ref() == Some(&ram_id) {
        let why = format!("{login_name} is the account's root, who can't be forgotten");
        return Err(Error::Forbidden(why));
    }
    let mut found = Forgotten {
        reservations: forgotten_people::end_reservations(tx, login_name)?,
        ..Forgotten::default()
    };
    for (instance_id, user_id) in forgotten_people::users_of(tx, &ram_id)? {
        keeping_an_admin(tx, Some(&instance_id), || remove(tx, &user_id, &mut found))?;
        found.user_ids.push(user_id.to_string());
    }
    found.credentials = forgotten_people::delete_login(tx, &ram_id)?;
    let lot = hex(&random_bytes::<6>()?);
    found.pseudonym = format!("forgotten-{lot}");
    let erasure = forgotten_people::erasure(tx, &ram_id, login_name, found.pseudonym.clone())?;
    forgotten_people::erase(tx, &erasure, &mut found)?;
    found.left = erasure.ambiguous;
    Ok(found)
}

fn remove(tx: &WriteTx<'_>, user_id: &UserId, found: &mut Forgotten) -> Result<(), Error> {
    let (numbers, groups) = users::holds(tx, user_id)?;
    if numbers > 0 {
        let numbers = counted(numbers, "number", "numbers");
        let advice = format!("still holds {numbers}; {END_FIRST}");
        return Err(Error::still_needed(user_id, advice));
    }
    found.memberships += groups;
    memberships::delete_all_of_user(tx, user_id)?;
    users::delete(tx, user_id)
}

/// Rewrites the file after the answer was sent. Until that is done all writes wait, or are
/// refused as unavailable.
pub fn compact_in_background(store: &Arc<Store>) {
    let store = Arc::clone(store);
    let work = move || match store.compact() {
        Ok(true) => {}
        Ok(false) => tracing::warn!(
            "somebody was erased, but the file is being read, so old pages are left in it for now"
        ),
        Err(error) => tracing::error!(
            %error,
            "the file could not be rewritten after somebody was erased"
        ),
    };
    if let Err(error) = std::thread::Builder::new().name("compact".to_owned()).spawn(work) {
        tracing::error!(%error, "the file could not be rewritten after somebody was erased");
    }
}
