//! Why a number is refused or kept, in the reader's language, and what would free it.

use super::page::Chrome;
use crate::domain::batch::{Refusal, RefusalCode};
use crate::domain::candidate::Blocked;
use crate::domain::history::Holder;
use crate::domain::reservation::Reservation;

impl Chrome {
    /// Why a number was refused, in the reader's language.
    pub(super) fn refusal(&self, refusal: &Refusal) -> String {
        match &refusal.reservation {
            Some(reservation) => self.reserved(reservation),
            None => self.because(refusal.code, &refusal.blocked_by),
        }
    }

    /// Why a number can't be given, in the reader's language.
    pub(super) fn blocked(&self, reason: &Blocked) -> String {
        match &reason.reservation {
            Some(reservation) => self.reserved(reservation),
            None => self.because(reason.code, &reason.blocked_by),
        }
    }

    /// For whom and why a number is kept; until when is shown beside it, in the reader's own time.
    pub(super) fn reserved(&self, reservation: &Reservation) -> String {
        let Reservation { kind, user_id, display_name, reason, .. } = reservation;
        let name = match (user_id, display_name.as_str()) {
            (None, _) => String::new(),
            (Some(user_id), "") => user_id.to_string(),
            (Some(_), name) => name.to_owned(),
        };
        let whose = if name.is_empty() { "all" } else { "one" };
        let said = self.t.name("kept", format!("{kind}-{whose}")).with("user", name).to_string();
        if reason.is_empty() { said } else { format!("{said} ({reason})") }
    }

    fn because(&self, code: RefusalCode, holders: &[Holder]) -> String {
        let key = match (code, holders.is_empty()) {
            (RefusalCode::NumberHeldByUser, true) => "rule-personal-number-has-one-holder",
            (RefusalCode::NumberHeldBySkillGroup, true) => "rule-bound-number-is-not-personal",
            (RefusalCode::ChangedSince, false) => "why-changed-since-held",
            _ => &format!("why-{}", code.name()),
        };
        let names: Vec<&str> = holders
            .iter()
            .map(|holder| match holder.display_name.as_str() {
                "" => holder.id.as_str(),
                name => name,
            })
            .collect();
        self.t.say(key).with("holders", self.t.list(&names)).to_string()
    }

    /// Whether the person may do what frees a number.
    pub(super) fn may_free(&self, action: &str) -> bool {
        if action == "unbind" { self.may_bind() } else { self.may_assign() }
    }

    /// What would free a number that was refused, if one thing does and the person may do it: the
    /// action, and the page of its preview.
    pub(super) fn remedy(&self, refusal: &Refusal, number: &str) -> Option<(&'static str, String)> {
        let holder = match refusal.blocked_by.as_slice() {
            [holder] => holder.id.as_str(),
            _ => "",
        };
        let action = match (refusal.code, refusal.reservation.is_some()) {
            (_, true) => "end-reservation",
            (RefusalCode::NumberHeldByUser, _) if !holder.is_empty() => "release",
            (RefusalCode::NumberHeldBySkillGroup, _) if !holder.is_empty() => "unbind",
            _ => return None,
        };
        self.may_free(action).then(|| (action, self.free(action, holder, number)))
    }

    /// The preview of freeing a number, which leads back to this page, or to the number's own where
    /// this one is what a form showed.
    pub(super) fn free(&self, action: &str, holder: &str, number: &str) -> String {
        let of_form = self.posted.then(|| self.number(number));
        let back = of_form.as_deref().unwrap_or(&self.here);
        let said = [("action", action), ("holder", holder), ("number", number), ("back", back)];
        let query = serde_html_form::to_string(said).unwrap_or_default();
        self.to(&format!("numbers/preview?{query}"))
    }
}
