//! How the domain's types are stored: ids as their text, words as their names, moments as
//! milliseconds since the epoch.

use crate::domain::batch::BatchMode;
use crate::domain::candidate::Nearness;
use crate::domain::contact_flow::FlowType;
use crate::domain::history::{Action, Entity};
use crate::domain::instance::{CountryCode, InstanceStatus, Sharing};
use crate::domain::phone_number::{NumberState, Usage};
use crate::domain::reservation::ReservationKind;
use crate::domain::skill_group::MediaType;
use crate::domain::{
    AccessKeyId, ContactFlowId, InstanceId, Origin, RamId, Role, SkillGroupId, Timestamp, UserId,
    Word, WorkMode,
};
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

macro_rules! ids {
    ($($name:ident)*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.as_str()))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str().map(Self::new)
            }
        }
    )*};
}

ids! { AccessKeyId ContactFlowId InstanceId RamId SkillGroupId UserId }

/// Types with a `name` and a `from_name`. The schema's CHECK lists the same names, so another one
/// in a column is a fault of the program.
macro_rules! words {
    ($($name:ident)*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.name()))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let name = value.as_str()?;
                <Self as Word>::from_name(name).ok_or_else(|| {
                    FromSqlError::Other(format!("unknown {}: {name:?}", stringify!($name)).into())
                })
            }
        }
    )*};
}

words! {
    Action BatchMode CountryCode Entity FlowType InstanceStatus MediaType Nearness NumberState
    Origin ReservationKind Role Sharing Usage WorkMode
}

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.millis()))
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self::from_millis)
    }
}
