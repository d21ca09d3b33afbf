//! Readers of texts, booleans, figures and pages.

use super::{LONGEST_PATTERN, Params};
use crate::ccc::error::{Failure, Result};
use crate::domain::characters::is_blank;
use crate::domain::text::{self, TextFault};
use crate::domain::{PageRequest, Paging, Word};

/// What is wrong with a text, or one of a list.
pub(super) fn faulty(name: &'static str, fault: TextFault) -> Failure {
    match fault {
        TextFault::Blank => Failure::Blank(name),
        TextFault::Character(_) => Failure::Format(name, format!("{fault}.")),
        TextFault::Length(least, _, length) if length < least => {
            Failure::Minimum(name, format!("{least} characters"))
        }
        TextFault::Length(_, most, _) => Failure::Maximum(name, format!("{most} characters")),
    }
}

impl Params {
    /// Text that must be there.
    pub(in crate::ccc) fn text(&self, name: &'static str) -> Result<&str> {
        let value = self.get(name).ok_or(Failure::Null(name))?;
        if value.is_empty() {
            return Err(Failure::Empty(name));
        }
        if is_blank(value) {
            return Err(Failure::Blank(name));
        }
        Ok(value)
    }

    /// What `read` makes of a parameter; `None` when it is absent or empty.
    pub(super) fn given<T>(
        &self,
        name: &'static str,
        read: impl FnOnce() -> Result<T>,
    ) -> Result<Option<T>> {
        match self.optional(name)? {
            None | Some("") => Ok(None),
            Some(_) => read().map(Some),
        }
    }

    /// Required text of `least` to `most` characters.
    pub(in crate::ccc) fn text_of(
        &self,
        name: &'static str,
        least: usize,
        most: usize,
    ) -> Result<String> {
        let value = self.text(name)?;
        text::free(value, least, most).map_err(|fault| faulty(name, fault))
    }

    /// Optional text of at most `most` characters; empty is absent.
    pub(in crate::ccc) fn optional_text(
        &self,
        name: &'static str,
        most: usize,
    ) -> Result<Option<String>> {
        self.given(name, || self.text_of(name, 1, most))
    }

    /// New text of at most `most` characters: absent leaves the old as it is, empty clears it.
    pub(in crate::ccc) fn new_text(
        &self,
        name: &'static str,
        most: usize,
    ) -> Result<Option<String>> {
        match self.optional(name)? {
            Some("") => Ok(Some(String::new())),
            _ => self.optional_text(name, most),
        }
    }

    /// One of the words of a type, which must be there.
    pub(in crate::ccc) fn word<T: Word>(&self, name: &'static str) -> Result<T> {
        T::from_name(self.text(name)?).ok_or(Failure::Enumeration(name, T::NAMES))
    }

    /// One of the words of a type; `None` when it is absent or empty.
    pub(in crate::ccc) fn optional_word<T: Word>(&self, name: &'static str) -> Result<Option<T>> {
        self.given(name, || self.word(name))
    }

    /// A boolean that may be absent or empty, with what it is then.
    pub(in crate::ccc) fn flag_or(&self, name: &'static str, default: bool) -> Result<bool> {
        Ok(self.optional_flag(name)?.unwrap_or(default))
    }

    /// An integer within limits, with what it is when it is absent or empty.
    pub(in crate::ccc) fn count_or(
        &self,
        name: &'static str,
        default: u64,
        most: u64,
    ) -> Result<u64> {
        let count = self.given(name, || match u64::try_from(self.integer(name)?) {
            Ok(0) | Err(_) => Err(Failure::Minimum(name, "1".to_owned())),
            Ok(count) if count > most => Err(Failure::Maximum(name, most.to_string())),
            Ok(count) => Ok(count),
        });
        Ok(count?.unwrap_or(default))
    }

    /// A boolean that must be there; `True` and `true` alike.
    pub(in crate::ccc) fn flag(&self, name: &'static str) -> Result<bool> {
        let value = self.text(name)?;
        match value.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Failure::Format(name, format!("{value:?} is neither true nor false."))),
        }
    }

    /// A boolean that may be absent or empty.
    pub(in crate::ccc) fn optional_flag(&self, name: &'static str) -> Result<Option<bool>> {
        self.given(name, || self.flag(name))
    }

    /// `PageNumber` and `PageSize`, each from 1 to 100.
    pub(in crate::ccc) fn page(&self) -> Result<PageRequest> {
        self.page_of(100)
    }

    /// `PageNumber` from 1 to `most`, and `PageSize` from 1 to 100.
    pub(in crate::ccc) fn page_of(&self, most: u64) -> Result<PageRequest> {
        let number = self.page_figure("PageNumber", most)?;
        let size = self.page_figure("PageSize", 100)?;
        Ok(PageRequest { number, size, paging: self.paging })
    }

    fn page_figure(&self, name: &'static str, maximum: u64) -> Result<u64> {
        match (self.integer(name)?, self.paging) {
            (figure, Paging::Clamp) => Ok(u64::try_from(figure).unwrap_or(1).clamp(1, maximum)),
            (figure, _) if figure < 1 => Err(Failure::Minimum(name, "1".to_owned())),
            (figure, _) => match u64::try_from(figure) {
                Ok(figure) if figure <= maximum => Ok(figure),
                _ => Err(Failure::Maximum(name, maximum.to_string())),
            },
        }
    }

    /// An integer of any length; what exceeds 64 bits stays at their end.
    fn integer(&self, name: &'static str) -> Result<i64> {
        let value = self.text(name)?;
        let digits = value.strip_prefix('-').unwrap_or(value);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Failure::Format(name, format!("{value:?} is not an integer.")));
        }
        Ok(value.parse().unwrap_or(if value.starts_with('-') { i64::MIN } else { i64::MAX }))
    }

    /// What a list is searched for; absent or empty: everything.
    pub(in crate::ccc) fn search_pattern(&self) -> Result<Option<String>> {
        match self.optional("SearchPattern")? {
            None | Some("") => Ok(None),
            Some(pattern) if pattern.chars().count() > LONGEST_PATTERN => {
                Err(Failure::Maximum("SearchPattern", format!("{LONGEST_PATTERN} characters")))
            }
            Some(pattern) => Ok(Some(pattern.to_owned())),
        }
    }

    /// New text that can't be empty: absent leaves the old as it is.
    pub(in crate::ccc) fn new_full_text(
        &self,
        name: &'static str,
        most: usize,
    ) -> Result<Option<String>> {
        self.optional(name)?.map(|_| self.text_of(name, 1, most)).transpose()
    }
}
