//! Fields whose text the domain parses: numbers, names, addresses.

use super::source::{FaultCode, Path, RawValue};
use super::texts::leading_plus;
use super::types::{FieldType, built, string, text_of};
use crate::domain::{Email, Extension, InstanceId, LoginName, Number, Parsed, SkillGroupName};
use std::marker::PhantomData;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// Text of a kind that the domain reads.
pub(in crate::admin) struct Format<T> {
    code: FaultCode,
    value: PhantomData<T>,
}

const fn format<T>(code: FaultCode) -> Format<T> {
    Format { code, value: PhantomData }
}

pub(in crate::admin) const fn phone_number() -> Format<Number> {
    format(FaultCode::PhoneNumber)
}

/// The short name of a skill group.
pub(in crate::admin) const fn group_name() -> Format<SkillGroupName> {
    format(FaultCode::Name)
}

pub(in crate::admin) const fn instance_id() -> Format<InstanceId> {
    format(FaultCode::InstanceId)
}

pub(in crate::admin) const fn login_name() -> Format<LoginName> {
    format(FaultCode::LoginName)
}

/// An e-mail address.
pub(in crate::admin) const fn email() -> Format<Email> {
    format(FaultCode::Email)
}

/// An extension.
pub(in crate::admin) const fn extension() -> Format<Extension> {
    format(FaultCode::Extension)
}

impl<T: Parsed> FieldType for Format<T> {
    type Value = T;

    fn read(&self, value: RawValue<'_>, path: &mut Path<'_>) -> Option<T> {
        let restored = leading_plus(value);
        let text = restored.as_deref().or(text_of(value, path))?;
        let parsed = T::parse(text).ok();
        parsed.or_else(|| path.must(self.code, &format!("be {}", T::RULE), value))
    }

    fn schema(&self) -> RefOr<Schema> {
        let (least, most) = T::LENGTH;
        let text = string().min_length(Some(least)).max_length(Some(most));
        built(text.pattern(Some(T::PATTERN)))
    }
}
