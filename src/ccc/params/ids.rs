//! Readers of what the call centre consists of: users, skill groups, numbers, contact flows.

use super::{LONGEST_PATTERN, Params, parsed, quoted};
use crate::ccc::error::Failure;
use crate::domain::{
    ContactFlowId, Email, InstanceId, Parsed, SkillGroupId, SkillGroupName, UserId, UserKey,
};
use crate::ops::passwords::{self, HashedPassword};

impl Params {
    /// An instance that must be named.
    pub(in crate::ccc) fn instance(&self) -> Result<InstanceId, Failure> {
        self.text("InstanceId").map(InstanceId::new)
    }

    /// A user who must be named.
    pub(in crate::ccc) fn user(&self, name: &'static str) -> Result<UserId, Failure> {
        self.text(name).map(UserId::new)
    }

    /// A user who may be named; absent or empty: `None`.
    pub(in crate::ccc) fn optional_user(
        &self,
        name: &'static str,
    ) -> Result<Option<UserId>, Failure> {
        self.given(name, || self.user(name))
    }

    /// The name of a new skill group.
    pub(in crate::ccc) fn skill_group_name(
        &self,
        name: &'static str,
    ) -> Result<SkillGroupName, Failure> {
        parsed(name, self.text(name)?)
    }

    /// A skill group that must be named.
    pub(in crate::ccc) fn skill_group(&self, name: &'static str) -> Result<SkillGroupId, Failure> {
        self.text(name).map(SkillGroupId::new)
    }

    /// A number that must be named, for looking it up: as it was given.
    pub(in crate::ccc) fn number(&self, name: &'static str) -> Result<String, Failure> {
        self.text(name).map(str::to_owned)
    }

    /// What becomes of a number's contact flow: absent, it stays; empty, there is none any more.
    pub(in crate::ccc) fn contact_flow_change(
        &self,
    ) -> Result<Option<Option<ContactFlowId>>, Failure> {
        let id = self.optional("ContactFlowId")?;
        Ok(id.map(|id| (!id.is_empty()).then(|| ContactFlowId::new(id))))
    }

    /// A contact flow that must be named.
    pub(in crate::ccc) fn contact_flow(
        &self,
        name: &'static str,
    ) -> Result<ContactFlowId, Failure> {
        self.text(name).map(ContactFlowId::new)
    }

    /// A contact flow that may be named.
    pub(in crate::ccc) fn optional_contact_flow(&self) -> Result<Option<ContactFlowId>, Failure> {
        let id = self.optional("ContactFlowId")?;
        Ok(id.filter(|id| !id.is_empty()).map(ContactFlowId::new))
    }

    /// A required name of at least 4 characters, which is the vendor's limit for every new name;
    /// its other limits are those of its type.
    pub(in crate::ccc) fn new_name<T: Parsed>(&self, name: &'static str) -> Result<T, Failure> {
        let (least, most) = T::LENGTH;
        parsed(name, &self.text_of(name, least.max(4), most)?)
    }

    /// A required e-mail address.
    pub(in crate::ccc) fn email(&self, name: &'static str) -> Result<Email, Failure> {
        parsed(name, &self.text_of(name, 1, Email::LENGTH.1)?)
    }

    /// A skill group that a list is filtered by; absent or empty: none.
    pub(in crate::ccc) fn optional_skill_group(
        &self,
        name: &'static str,
    ) -> Result<Option<SkillGroupId>, Failure> {
        Ok(self.optional_text(name, LONGEST_PATTERN * 2)?.map(SkillGroupId::new))
    }

    /// `UserId` or `Extension`, or both.
    pub(in crate::ccc) fn user_or_extension(&self) -> Result<UserKey, Failure> {
        let extension = self.optional_text("Extension", LONGEST_PATTERN)?;
        let user_id = match self.optional("UserId")? {
            None | Some("") if extension.is_some() => None,
            _ => Some(self.user("UserId")?),
        };
        Ok(UserKey { user_id, extension })
    }

    /// A password that must be there, hashed at once: the clear text goes no further, and the slow
    /// hash is done before the request waits for the one writer.
    pub(in crate::ccc) fn password(&self, name: &'static str) -> Result<HashedPassword, Failure> {
        Ok(passwords::hash(&self.text_of(name, passwords::SHORTEST, passwords::LONGEST)?)?)
    }

    /// A vendor parameter that is not supported here: a sentence says what to do instead.
    pub(in crate::ccc) fn refused(
        &self,
        name: &'static str,
        instead: &'static str,
    ) -> Result<(), Failure> {
        match self.optional(name)? {
            None | Some("") => Ok(()),
            Some(_) => Err(Failure::Invalid(name, instead.to_owned())),
        }
    }

    /// A list of the vendor's whose items are not kept here; ignoring it would do something else
    /// than was asked.
    pub(in crate::ccc) fn unsupported(
        &self,
        name: &'static str,
        why: &'static str,
    ) -> Result<(), Failure> {
        match self.optional(name)? {
            None | Some("" | "[]") => Ok(()),
            Some(value) => Err(Failure::Invalid(name, format!("{} {why}", quoted(value)))),
        }
    }
}
