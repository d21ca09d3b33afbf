//! What a route works in: one instance, or the account. Its function's signature says which.

use super::path::PathValues;
use super::problem::Result;
use crate::domain::{Act, Caller, InstanceAccess, InstanceId};
use crate::ops::access;
use crate::store::ReadTx;

/// The place that a caller must be let into before a route's function runs.
pub(super) trait Scope: Sized {
    /// Lets the caller in for the act, or not.
    fn enter(tx: &ReadTx<'_>, caller: &Caller, path: &PathValues, act: Act) -> Result<Self>;

    /// Whether the caller may take back what such an act changed.
    fn may_undo(&self, act: Act) -> bool;
}

/// The instance that the address names.
pub(super) type InInstance = InstanceAccess;

impl Scope for InInstance {
    fn enter(tx: &ReadTx<'_>, caller: &Caller, path: &PathValues, act: Act) -> Result<Self> {
        let instance_id = InstanceId::new(path.get("instance").unwrap_or_default());
        // Checked here, so that no function can forget it.
        Ok(access::enter_naming(tx, caller, &instance_id, act, path.get("user"))?)
    }

    fn may_undo(&self, act: Act) -> bool {
        // What needs the account is undone there, by whoever may do it.
        act == Act::ManageAccount || self.may(Act::ManageInstance)
    }
}

/// The whole account; the caller sees their own part of it, the root everything.
pub(super) struct InAccount {
    pub(super) caller: Caller,
}

impl Scope for InAccount {
    fn enter(_: &ReadTx<'_>, caller: &Caller, _: &PathValues, act: Act) -> Result<Self> {
        access::enter_account(caller, act)?;
        Ok(Self { caller: caller.clone() })
    }

    fn may_undo(&self, _: Act) -> bool {
        access::enter_account(&self.caller, Act::ManageAccount).is_ok()
    }
}
