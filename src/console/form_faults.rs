//! What is wrong with a form: all of it at once, each beside its field and in a summary at the top.

use super::reply::{Failure, FormFault};
use super::texts::Texts;
use crate::domain::Parsed;
use crate::domain::text::{self, LONGEST_WORD, MOST_TAGS, TextFault};
use std::fmt::Display;

/// Collects what is wrong with a form.
pub(super) struct FormFaults {
    t: Texts,
    found: Vec<FormFault>,
}

impl FormFaults {
    pub(super) const fn new(t: Texts) -> Self {
        Self { t, found: Vec::new() }
    }

    pub(super) fn add(&mut self, field: &'static str, said: impl ToString) {
        let said = said.to_string();
        match self.found.iter_mut().find(|fault| fault.field == field) {
            Some(fault) => fault.said += &format!(" {said}"),
            None => self.found.push(FormFault { field, said }),
        }
    }

    /// Checks texts that people write: field, key of what it is called, text, most characters.
    pub(super) fn texts(&mut self, texts: &[(&'static str, &str, &str, usize)]) {
        for (field, key, text, most) in texts {
            self.note(field, key, text::free(text.trim(), 0, *most));
        }
    }

    /// Checks what something is called: field, key of what that is, text, most characters.
    pub(super) fn name(&mut self, field: &'static str, key: &str, text: &str, most: usize) {
        self.note(field, key, text::name(text.trim(), most));
    }

    /// Checks what something is called, if anything: field, key of what that is, text, most
    /// characters.
    pub(super) fn name_or_nothing(
        &mut self,
        field: &'static str,
        key: &str,
        text: &str,
        most: usize,
    ) {
        self.note(field, key, text::name_or_nothing(text.trim(), most));
    }

    fn note(&mut self, field: &'static str, key: &str, read: Result<String, TextFault>) {
        if let Err(fault) = read {
            self.add(field, self.t.free_text(key, fault));
        }
    }

    /// The tags in a text: words with spaces between them.
    pub(super) fn tags(&mut self, text: &str) -> Vec<String> {
        let tags: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if tags.len() > MOST_TAGS {
            let said = self.t.say("fault-tags").with("most", MOST_TAGS).count(tags.len());
            self.add("tags", said);
        }
        if let Some(faulty) =
            tags.iter().map(|tag| text::name(tag, LONGEST_WORD)).find(Result::is_err)
        {
            self.note("tags", "tags", faulty);
        }
        tags
    }

    /// Notes that a choice is not one that the page offers.
    pub(super) fn wrong_word(&mut self, field: &'static str, name: impl Display, word: &str) {
        self.add(field, self.t.wrong_word(name, word));
    }

    /// Notes that a choice is not one that the page offers, unless nothing was chosen.
    pub(super) fn known_word(&mut self, field: &'static str, word: &str, is_known: bool) {
        if !word.is_empty() && !is_known {
            let name = self.t.say(&field.replace('_', "-")).to_string();
            self.wrong_word(field, name, word);
        }
    }

    /// Reads a text that has a shape.
    pub(super) fn read<T: Parsed>(&mut self, field: &'static str, text: &str) -> Option<T> {
        let read = T::parse(text.trim());
        read.map_err(|fault| self.add(field, self.t.malformed(&fault))).ok()
    }

    /// The value, if nothing is wrong.
    ///
    /// # Errors
    /// [`Failure::BadFields`] with everything that is.
    pub(super) fn unless_any<T>(self, value: Option<T>) -> Result<T, Failure> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(Failure::BadFields(self.found)),
        }
    }
}

impl Texts {
    /// Says that a field has a value which no form offers.
    pub(super) fn wrong_word(self, field: impl Display, word: &str) -> String {
        let said = self.say("field-wrong").with("field", field);
        said.with("value", text::quoted(word)).to_string()
    }
}
