//! What an operation works in: one instance, one user of an instance, or the account. The
//! function's signature says which.

use super::error::{Failure, Result};
use super::params::Params;
use crate::domain::{Act, Caller, InstanceAccess, UserId};
use crate::ops::access;
use crate::store::{ReadTx, users};

/// The place that a caller must be let into before an operation runs.
pub(super) trait Scope: Sized {
    /// Checks the parameters that name it, before anything is looked up.
    fn check(params: &Params) -> Result<()> {
        params.instance().map(drop)
    }

    /// Lets the caller in for the act, or not.
    fn enter(tx: &ReadTx<'_>, caller: &Caller, act: Act, params: &Params) -> Result<Self>;
}

/// The instance of the parameter `InstanceId`.
pub(super) type InInstance = InstanceAccess;

impl Scope for InInstance {
    fn enter(tx: &ReadTx<'_>, caller: &Caller, act: Act, params: &Params) -> Result<Self> {
        // Checked here, so that no operation can forget it.
        let (id, user) = (params.instance()?, params.get("UserId"));
        Ok(access::enter_naming(tx, caller, &id, act, user)?)
    }
}

/// An instance as [`InInstance`] is, for an operation that need not name its user: it finds out
/// whom it is about, and asks [`InstanceAccess::reaches`].
pub(super) struct InInstanceUserUnchecked(pub(super) InstanceAccess);

impl Scope for InInstanceUserUnchecked {
    fn enter(tx: &ReadTx<'_>, caller: &Caller, act: Act, params: &Params) -> Result<Self> {
        Ok(Self(access::enter(tx, caller, &params.instance()?, act)?))
    }
}

/// One user of the instance of the parameter `InstanceId`: the one of the parameter `UserId`, or
/// without it the caller's own. Only for operations where the parameter may be absent; who may see
/// only what is their own gets nobody else.
pub(super) struct OfUser {
    pub(super) entry: InstanceAccess,
    pub(super) user_id: UserId,
}

impl Scope for OfUser {
    fn check(params: &Params) -> Result<()> {
        params.instance()?;
        params.optional_user("UserId").map(drop)
    }

    fn enter(tx: &ReadTx<'_>, caller: &Caller, act: Act, params: &Params) -> Result<Self> {
        let InInstanceUserUnchecked(entry) = Scope::enter(tx, caller, act, params)?;
        // The root need not be a user of the instance; then the parameter must be given.
        let named = params.optional_user("UserId")?;
        let user_id = named.or_else(|| entry.user_id.clone()).ok_or(Failure::Null("UserId"))?;
        if !entry.reaches(&user_id) {
            return Err(access::forbidden(entry.role, act).into());
        }
        users::require(tx, &entry.instance_id, &user_id)?;
        Ok(Self { entry, user_id })
    }
}

/// The whole account; callers see their own part of it, the root all.
pub(super) struct InAccount {
    pub(super) caller: Caller,
}

impl Scope for InAccount {
    fn check(_: &Params) -> Result<()> {
        Ok(())
    }

    fn enter(_: &ReadTx<'_>, caller: &Caller, act: Act, _: &Params) -> Result<Self> {
        access::enter_account(caller, act)?;
        Ok(Self { caller: caller.clone() })
    }
}
