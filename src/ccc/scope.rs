//! What an operation works in: one instance, or the account. Which of the two, its function's signature tells.

use super::error::Failure;
use super::params::Params;
use crate::domain::{Act, Allowed, Caller, Entry, InstanceId, UserId};
use crate::ops::access;
use crate::store::ReadTx;

/// The place that a caller must be let into before an operation runs.
pub(super) trait Scope: Sized {
    /// What the parameters name of it.
    type Asked: Send + 'static;

    /// Reads that from the parameters.
    fn asked(params: &Params) -> Result<Self::Asked, Failure>;

    /// Lets the caller in for the act, or not.
    fn enter(tx: &ReadTx<'_>, caller: &Caller, asked: Self::Asked, act: Act, params: &Params) -> Result<Self, Failure>;
}

/// The instance of the parameter `InstanceId`.
pub(super) type InInstance = Entry;

impl Scope for InInstance {
    type Asked = InstanceId;

    fn asked(params: &Params) -> Result<InstanceId, Failure> {
        params.instance()
    }

    fn enter(tx: &ReadTx<'_>, caller: &Caller, asked: InstanceId, act: Act, params: &Params) -> Result<Self, Failure> {
        let entry = access::enter(tx, caller, &asked, act)?;
        // Who may only see his own must name himself: checked here, so that no operation can forget it.
        if entry.allowed == Allowed::Own && !params.get("UserId").is_some_and(|user| entry.reaches(&UserId::new(user))) {
            return Err(access::forbidden(entry.role, act).into());
        }
        Ok(entry)
    }
}

/// The whole account; the caller sees his own part of it, its root all.
pub(super) struct InAccount {
    pub(super) caller: Caller,
}

impl Scope for InAccount {
    type Asked = ();

    fn asked(_: &Params) -> Result<(), Failure> {
        Ok(())
    }

    fn enter(_: &ReadTx<'_>, caller: &Caller, (): (), act: Act, _: &Params) -> Result<Self, Failure> {
        access::enter_account(caller, act)?;
        Ok(Self { caller: caller.clone() })
    }
}

/// An instance as [`InInstance`] is, for an operation that need not name its user: it finds out whom it is about, and asks [`Entry::reaches`].
pub(super) struct InInstanceUnnamed(pub(super) Entry);

impl Scope for InInstanceUnnamed {
    type Asked = InstanceId;

    fn asked(params: &Params) -> Result<InstanceId, Failure> {
        params.instance()
    }

    fn enter(tx: &ReadTx<'_>, caller: &Caller, asked: InstanceId, act: Act, _: &Params) -> Result<Self, Failure> {
        Ok(Self(access::enter(tx, caller, &asked, act)?))
    }
}
