//! Readers of what the call centre consists of: users, skill groups, numbers, contact flows.

use super::texts::faulty;
use super::{LONGEST_PATTERN, Params, parsed, quoted};
use crate::ccc::error::{Failure, Result};
use crate::domain::text;
use crate::domain::{
    ContactFlowId, Email, InstanceId, Parsed, SkillGroupId, SkillGroupName, UserId, UserKey,
};
use crate::ops::passwords::{self, HashedPassword};

impl Params {
    /// An instance that must be named.
    pub(in crate::ccc) fn instance(&self) -> Result<InstanceId> {
        self.id("InstanceId")
    }

    /// The id of something that must be named; or a number, as it was given.
    pub(in crate::ccc) fn id<T: for<'t> From<&'t str>>(&self, name: &'static str) -> Result<T> {
        self.text(name).map(T::from)
    }

    /// A user who may be named; absent or empty: `None`.
    pub(in crate::ccc) fn optional_user(&self, name: &'static str) -> Result<Option<UserId>> {
        self.given(name, || self.id(name))
    }

    /// The name of a new skill group.
    pub(in crate::ccc) fn skill_group_name(&self, name: &'static str) -> Result<SkillGroupName> {
        parsed(name, self.text(name)?)
    }

    /// What becomes of a number's contact flow: absent, it stays; empty, there is none any more.
    pub(in crate::ccc) fn contact_flow_change(&self) -> Result<Option<Option<ContactFlowId>>> {
        let id = self.optional("ContactFlowId")?;
        Ok(id.map(|id| (!id.is_empty()).then(|| ContactFlowId::new(id))))
    }

    /// A contact flow that may be named.
    pub(in crate::ccc) fn optional_contact_flow(&self) -> Result<Option<ContactFlowId>> {
        let id = self.optional("ContactFlowId")?;
        Ok(id.filter(|id| !id.is_empty()).map(ContactFlowId::new))
    }

    /// A required name of at least 4 characters, which is the vendor's limit for every new name;
    /// its other limits are those of its type.
    pub(in crate::ccc) fn new_name<T: Parsed>(&self, name: &'static str) -> Result<T> {
        let (least, most) = T::LENGTH;
        parsed(name, &self.text_of(name, least.max(4), most)?)
    }

    /// A required e-mail address.
    pub(in crate::ccc) fn email(&self, name: &'static str) -> Result<Email> {
        parsed(name, &self.text_of(name, 1, Email::LENGTH.1)?)
    }

    /// A skill group that a list is filtered by; absent or empty: none.
    pub(in crate::ccc) fn optional_skill_group(
        &self,
        name: &'static str,
    ) -> Result<Option<SkillGroupId>> {
        Ok(self.optional_text(name, LONGEST_PATTERN * 2)?.map(SkillGroupId::new))
    }

    /// `UserId` or `Extension`, or both.
    pub(in crate::ccc) fn user_or_extension(&self) -> Result<UserKey> {
        let extension = self.optional_text("Extension", LONGEST_PATTERN)?;
        let user_id = match self.optional("UserId")? {
            None | Some("") if extension.is_some() => None,
            _ => Some(self.id("UserId")?),
        };
        Ok(UserKey { user_id, extension })
    }

    /// A password that must be there, hashed at once: the clear text goes no further, and the slow
    /// hash is done before the request waits for the one writer.
    pub(in crate::ccc) fn password(&self, name: &'static str) -> Result<HashedPassword> {
        let (least, most) = (passwords::SHORTEST, passwords::LONGEST);
        // As it was typed: that is what a login is compared with.
        let password = self.text(name)?;
        text::check(password, least, most).map_err(|fault| faulty(name, fault))?;
        Ok(passwords::hash(password)?)
    }

    /// A vendor parameter that is not supported here: a sentence says what to do instead.
    pub(in crate::ccc) fn refused(&self, name: &'static str, instead: &'static str) -> Result<()> {
        match self.optional(name)? {
            None | Some("") => Ok(()),
            Some(_) => Err(Failure::Invalid(name, instead.to_owned())),
        }
    }

    /// A list of the vendor's whose items are not kept here; ignoring it would do something else
    /// than was asked.
    pub(in crate::ccc) fn unsupported(&self, name: &'static str, why: &'static str) -> Result<()> {
        match self.optional(name)? {
            None | Some("" | "[]") => Ok(()),
            Some(value) => Err(Failure::Invalid(name, format!("{} {why}", quoted(value)))),
        }
    }
}
