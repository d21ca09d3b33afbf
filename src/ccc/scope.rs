//! What an operation works in: one instance, one user of an instance, or the account. The
//! function's signature says which.

use super::error::{Failure, Result};
use super::params::Params;
use crate::domain::{Act, Allowed, Caller, InstanceAccess, InstanceId, UserId};
use crate::ops::access;
use crate::store::{ReadTx, users};

/// The place that a caller must be let into before an operation runs.
pub(super) trait Scope: Sized {
    /// What the parameters name of it.
    type Asked: Send + 'static;

    /// Reads that from the parameters.
    fn asked(params: &Params) -> Result<Self::Asked>;

    /// Lets the caller in for the act, or not.
    fn enter(
        tx: &ReadTx<'_>,
        caller: &Caller,
        asked: Self::Asked,
        act: Act,
        params: &Params,
    ) -> Result<Self>;
}

/// The instance of the parameter `InstanceId`.
pub(super) type InInstance = InstanceAccess;

impl Scope for InInstance {
    type Asked = InstanceId;

    fn asked(params: &Params) -> Result<InstanceId> {
        params.instance()
    }

    fn enter(
        tx: &ReadTx<'_>,
        caller: &Caller,
        asked: InstanceId,
        act: Act,
        params: &Params,
    ) -> Result<Self> {
        let entry = access::enter(tx, caller, &asked, act)?;
        // Callers who may see only what is their own must name themselves: checked here, so that no
        // operation can forget it.
        if entry.allowed == Allowed::Own
            && !params.get("UserId").is_some_and(|user| entry.reaches(&UserId::new(user)))
        {
            return Err(access::forbidden(entry.role, act).into());
        }
        Ok(entry)
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
    type Asked = (InstanceId, Option<UserId>);

    fn asked(params: &Params) -> Result<Self::Asked> {
        Ok((params.instance()?, params.optional_user("UserId")?))
    }

    fn enter(
        tx: &ReadTx<'_>,
        caller: &Caller,
        (instance_id, named): Self::Asked,
        act: Act,
        _: &Params,
    ) -> Result<Self> {
        let entry = access::enter(tx, caller, &instance_id, act)?;
        // The root need not be a user of the instance; then the parameter must be given.
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
    type Asked = ();

    fn asked(_: &Params) -> Result<()> {
        Ok(())
    }

    fn enter(_: &ReadTx<'_>, caller: &Caller, (): (), act: Act, _: &Params) -> Result<Self> {
        access::enter_account(caller, act)?;
        Ok(Self { caller: caller.clone() })
    }
}

/// An instance as [`InInstance`] is, for an operation that need not name its user: it finds out
/// whom it is about, and asks [`InstanceAccess::reaches`].
pub(super) struct InInstanceUnnamed(pub(super) InstanceAccess);

impl Scope for InInstanceUnnamed {
    type Asked = InstanceId;

    fn asked(params: &Params) -> Result<InstanceId> {
        params.instance()
    }

    fn enter(
        tx: &ReadTx<'_>,
        caller: &Caller,
        asked: InstanceId,
        act: Act,
        _: &Params,
    ) -> Result<Self> {
        Ok(Self(access::enter(tx, caller, &asked, act)?))
    }
}
