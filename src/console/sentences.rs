//! Why something was refused, in the reader's language: each of the domain's errors as a sentence.
//! Exhaustive, so that no error reaches a page in the words of the log.

use super::texts::Texts;
use crate::domain::number_range::{MAX_RANGE, RangeError};
use crate::domain::text::{Malformed, TextFault, quoted};
use crate::domain::{Error, Existing, Missing, Rule, Unavailable};
use std::fmt::Display;

impl Texts {
    /// Why something could not be done.
    pub(super) fn error(self, error: &Error) -> String {
        let said = match error {
            Error::NotFound(missing) => return self.missing(missing),
            Error::AlreadyExists(existing) => return self.existing(existing),
            Error::Rule { rule, subject, .. } => {
                let said = self.name("rule", rule.name()).to_string();
                return if subject.is_empty() { said } else { self.about(subject, said) };
            }
            Error::ReasonRequired => {
                return self.name("rule", Rule::ReasonIsRequired.name()).to_string();
            }
            Error::SkillGroupInUse(id, _) => self.say("skill-group-in-use").with("id", id),
            Error::LastAdmin(_) => self.say("last-admin"),
            Error::OwnUser(_) => self.say("own-user"),
            Error::SameNumber(number) => self.say("same-number").with("number", number),
            Error::Forbidden(_) => self.say("error-403-detail"),
            Error::NonceUsed | Error::Internal(_) => self.say("error-500-detail"),
            Error::Unavailable(why) => self.say(match why {
                Unavailable::Busy => "unavailable-busy",
                Unavailable::DiskFull => "unavailable-disk-full",
                Unavailable::ReadOnly => "unavailable-read-only",
                Unavailable::Disk => "unavailable-disk",
            }),
        };
        said.to_string()
    }

    pub(super) fn missing(self, missing: &Missing) -> String {
        let (key, id) = match missing {
            Missing::Instance(id) => ("missing-instance", id),
            Missing::User(id, _) | Missing::RamUser(id) => ("missing-user", id),
            Missing::SkillGroup(id, _) => ("missing-skill-group", id),
            Missing::Number(number, _) => ("missing-number", number),
            Missing::Role(id) => ("missing-role", id),
            Missing::ContactFlow(id, _) => ("missing-contact-flow", id),
            Missing::Credential(_, id) => ("missing-credential", id),
            Missing::Change(id) => ("missing-change", id),
            Missing::Import(id) => ("missing-import", id),
            Missing::Run(id) => ("missing-run", id),
            Missing::Membership(user, group) => {
                let said = self.say("missing-membership").with("user", user);
                return said.with("group", group).to_string();
            }
            Missing::Archived(missing, archived) => {
                let said = self.say("missing-archived").with("what", self.missing(missing));
                return said.with("file", &archived.file).to_string();
            }
        };
        self.say(key).with("id", id).to_string()
    }

    pub(super) fn existing(self, existing: &Existing) -> String {
        let (key, id) = match existing {
            Existing::Instance(id) => ("existing-instance", id),
            Existing::GivenUp(id, request_id) => {
                let said = self.say("existing-given-up").with("id", id);
                return said.with("request", request_id).to_string();
            }
            Existing::User(id, _) => ("existing-user", id),
            Existing::RamUser(name) | Existing::UserName(name) => ("existing-login", name),
            Existing::SkillGroup(id, _) => ("existing-skill-group", id),
            Existing::PhoneNumber(number) => ("existing-number", number),
            Existing::Spelling(number, there) => {
                let said = self.say("existing-spelling").with("id", number);
                return said.with("there", there).to_string();
            }
            Existing::Undo(of, by) => {
                return self.say("existing-undo").with("id", of).with("run", by).to_string();
            }
        };
        self.say(key).with("id", id).to_string()
    }

    /// What is wrong with a text that has a shape.
    pub(super) fn malformed(self, fault: &Malformed) -> String {
        let what = fault.what().replace(' ', "-");
        self.name("not", what).with("text", quoted(fault.text())).to_string()
    }

    /// What is wrong with a free text; `field` is the key of what it is called.
    pub(super) fn free_text(self, field: &str, fault: TextFault) -> String {
        self.about(self.say(field), self.text_fault(fault))
    }

    pub(super) fn text_fault(self, fault: TextFault) -> String {
        let said = match fault {
            TextFault::Character(c) => {
                self.say("text-character").with("code", format!("U+{:04X}", u32::from(c)))
            }
            TextFault::Length(least, most, length) => {
                self.say("text-length").with("least", least).with("most", most).count(length)
            }
            TextFault::Blank => self.say("fault-blank"),
        };
        said.to_string()
    }

    /// Why there is no such range.
    pub(super) fn range(self, error: &RangeError) -> String {
        let two =
            |key, first: &str, last: &str| self.say(key).with("first", first).with("last", last);
        let said = match error {
            RangeError::NotANumber(malformed) => return self.malformed(malformed),
            RangeError::NoDigits(text) => self.say("range-no-digits").with("first", text),
            RangeError::Lengths(first, last) => two("range-lengths", first, last),
            RangeError::Prefixes(first, last) => two("range-prefixes", first, last),
            RangeError::Backwards(first, last) => two("range-backwards", first, last),
            RangeError::Size(count) => self.say("range-size").with("most", MAX_RANGE).count(count),
            RangeError::Overflow(first, count) => {
                self.say("range-overflow").with("first", first).count(count)
            }
        };
        said.to_string()
    }

    /// What something is about, and what is said of it.
    pub(super) fn about(self, subject: impl Display, said: impl Display) -> String {
        self.say("about").with("subject", subject).with("said", said).to_string()
    }
}
