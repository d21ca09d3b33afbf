//! The fields of a request: each field of a query or a body is declared once, with its type, and
//! that declaration reads it, checks it and describes it.
//!
//! Everything that is wrong is reported at once, and a field that is not declared is an error: a
//! misspelt filter must not silently mean no filter.
//!
//! [`source`] is below [`types`], [`texts`] and [`formats`], which are below [`presence`], which is
//! below [`several`] and [`set`].

mod formats;
mod presence;
mod set;
mod several;
mod source;
mod texts;
mod types;

pub(super) use formats::{email, extension, group_name, instance_id, login_name, phone_number};
pub(super) use presence::{Field, default, optional, required, sort};
pub(super) use set::{
    Describe, Fields, Nothing, ObjectReader, Paged, With, WithDryRun, WithReason, field_name,
    fields, fields_of, object, read_fields, say_where,
};
pub(super) use several::{several, some_of, words};
pub use source::FaultCode;
pub(super) use source::{FieldError, Input, Source, quoted};
pub(super) use texts::{NO_CONTROL_RULE, id, name_or_nothing, name_text, pattern, sought, text};
pub(super) use types::{
    MAX_ITEMS, choice, flag, integer, list, made, moment, nullable, one_of, string,
};
