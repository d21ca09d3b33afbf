//! The one gate into an instance: every operation of every face that touches one passes here.

use crate::domain::{
    Act, Allowed, Caller, Client, Error, InstanceAccess, InstanceId, Missing, Role, Scope, UserId,
};
use crate::store::{ReadTx, WriteTx, api_tokens, instances, users};

/// What the function of an operation works with: its transaction, and the place that the caller was
/// let into.
pub struct At<'a, Tx, Place> {
    /// The transaction.
    pub tx: &'a Tx,
    /// The instance, or another place.
    pub place: &'a Place,
}

/// What a function works with that reads.
pub type Reading<'a, Place = InstanceAccess> = At<'a, ReadTx<'a>, Place>;

/// What a function works with that writes.
pub type Writing<'a, Place = InstanceAccess> = At<'a, WriteTx<'a>, Place>;

impl<Tx> At<'_, Tx, InstanceAccess> {
    /// The instance that the caller was let into.
    pub fn instance_id(&self) -> &InstanceId {
        &self.place.instance_id
    }
}

impl<Tx> At<'_, Tx, InstanceId> {
    /// The instance that the client acts in.
    pub fn instance_id(&self) -> &InstanceId {
        self.place
    }
}

/// Lets a caller into an instance for one act. An instance that they do not belong to is, to them,
/// one that does not exist.
///
/// # Errors
/// [`Error::NotFound`] and, when their role there does not allow the act, [`Error::Forbidden`].
pub fn enter(
    tx: &ReadTx<'_>,
    caller: &Caller,
    instance_id: &InstanceId,
    act: Act,
) -> Result<InstanceAccess, Error> {
    let missing = || Error::NotFound(Missing::Instance(instance_id.to_string()));
    if caller.only_instance().is_some_and(|only| only != instance_id) {
        return Err(missing());
    }
    require_account_wide(caller, act)?;
    let shared = instances::is_shared(tx, instance_id.as_str())?.ok_or_else(missing)?;
    let only_here = caller.only_instance().is_some();
    // The root can do in any instance what opens the others, such as setting a password. A token
    // for one instance must not, and reaches as far as an Admin.
    let of_root = if only_here { Role::Admin } else { Role::Root };
    let (user_id, role) = match users::of_ram_user(tx, instance_id, &caller.ram_id)? {
        Some((user_id, _)) if caller.is_root => (Some(user_id), of_root),
        Some((user_id, role)) => (Some(user_id), role),
        None if caller.is_root => (None, of_root),
        None => return Err(missing()),
    };
    match act.allowed(role) {
        Allowed::No => Err(forbidden(role, act)),
        allowed => {
            let instance_id = instance_id.clone();
            Ok(InstanceAccess { instance_id, shared, role, user_id, only_here, allowed })
        }
    }
}

/// Like [`enter`], for an act whose request names a user: callers who may see only what is their
/// own must name themselves.
pub fn enter_naming(
    tx: &ReadTx<'_>,
    caller: &Caller,
    instance_id: &InstanceId,
    act: Act,
    user: Option<&str>,
) -> Result<InstanceAccess, Error> {
    let entry = enter(tx, caller, instance_id, act)?;
    let reached = || user.is_some_and(|user| entry.reaches(&UserId::new(user)));
    if entry.allowed == Allowed::Own && !reached() {
        return Err(forbidden(entry.role, act));
    }
    Ok(entry)
}

/// Lets a caller do an act that belongs to the whole account. Here everybody but its root has the
/// rights of an Agent: to see their own part of it.
pub fn enter_account(caller: &Caller, act: Act) -> Result<(), Error> {
    require_account_wide(caller, act)?;
    let role = if caller.is_root { Role::Root } else { Role::Agent };
    match act.allowed(role) {
        Allowed::No => Err(Error::Forbidden(format!("Only the account's Root is allowed {act:?}"))),
        Allowed::Own | Allowed::Yes => Ok(()),
    }
}

/// Checks that the token by which a caller was known can still be used.
pub fn require_still_valid(tx: &ReadTx<'_>, caller: &Caller) -> Result<(), Error> {
    match &caller.token {
        Some(token) if !api_tokens::can_be_used(tx, &token.token_id)? => {
            Err(Error::Forbidden("The API token has expired, or was revoked".to_owned()))
        }
        Some(_) | None => Ok(()),
    }
}

/// Lets a caller change something, whatever it is.
///
/// # Errors
/// [`Error::Forbidden`] for a token that is for reading only.
pub fn require_writer(caller: &Caller) -> Result<(), Error> {
    if caller.only_reads() {
        return Err(Error::Forbidden("The API token is for reading only".to_owned()));
    }
    Ok(())
}

/// What concerns the whole account is not for a token of one instance.
fn require_account_wide(caller: &Caller, act: Act) -> Result<(), Error> {
    match caller.only_instance() {
        Some(only) if act == Act::ManageAccount => {
            Err(Error::Forbidden(format!("The API token is for the instance {only} only")))
        }
        Some(_) | None => Ok(()),
    }
}

/// Lets an OAuth2 client into its one instance for what needs a scope.
///
/// # Errors
/// [`Error::Forbidden`] when its scopes do not allow it.
pub fn enter_as_client(client: &Client, needed: Scope) -> Result<&InstanceId, Error> {
    if client.scopes.allow(needed) {
        Ok(&client.instance_id)
    } else {
        Err(Error::Forbidden(format!("The scope {} was not granted", needed.name())))
    }
}

/// Checks that somebody who was let in may do another act, too.
pub fn require(access: &InstanceAccess, act: Act) -> Result<(), Error> {
    if access.may(act) { Ok(()) } else { Err(forbidden(access.role, act)) }
}

/// What is answered to a role that may not do an act.
pub fn forbidden(role: Role, act: Act) -> Error {
    Error::Forbidden(format!("The role {} does not allow {act:?}", role.name()))
}
