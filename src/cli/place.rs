//! The call centre that a command works on, and what is named in it: people and groups by their
//! ids, or by the part before the `@`.

use super::paged::Paged;
use super::write::{Rehearsed, Written};
use super::{Failure, Options};
use crate::domain::characters::composed;
use crate::domain::csv::CsvRow;
use crate::domain::{Error, InstanceId, Page, PageRequest, SkillGroupId, UserId};
use crate::store::suggestions::{self, Named};
use crate::store::{Migrate, ReadTx, Store, WriteTx};
use serde::Serialize;
use std::sync::Arc;

/// How many letters may differ between what was typed and what may have been meant.
const NEAR: usize = 2;

/// An open database and the instance that is meant.
pub(super) struct Place<'a> {
    pub(super) options: &'a Options,
    pub(super) store: Arc<Store>,
    pub(super) instance_id: InstanceId,
}

impl Options {
    /// Opens the database and finds the instance that is meant.
    pub(super) fn place(&self) -> Result<Place<'_>, Failure> {
        let store = self.open(Migrate::Require)?;
        let instance_id = self.instance(&store)?;
        Ok(Place { options: self, store, instance_id })
    }
}

impl Place<'_> {
    /// Reads something of the instance.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&ReadTx<'_>, &InstanceId) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        Ok(self.store.read(|tx| read(tx, &self.instance_id))?)
    }

    /// Changes something in the instance, for real or as a rehearsal.
    pub(super) fn write<T: Rehearsed>(
        &self,
        act: impl FnOnce(&WriteTx<'_>, &InstanceId) -> Result<T, Error> + Send + 'static,
    ) -> Result<Written<T>, Failure> {
        let instance_id = self.instance_id.clone();
        self.options.write(&self.store, move |tx| act(tx, &instance_id))
    }

    /// Prints a page of a list of the instance.
    pub(super) fn list<T: Serialize + CsvRow>(
        &self,
        paged: &Paged,
        list: impl FnOnce(&ReadTx<'_>, &InstanceId, PageRequest) -> Result<Page<T>, Error>,
        heading: &[&str],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), Failure> {
        let page = self.read(|tx, instance_id| list(tx, instance_id, paged.request()))?;
        paged.print(self.options, page, heading, row)
    }

    /// The id of a user, whether they exist or not.
    pub(super) fn user_id(&self, text: &str) -> UserId {
        UserId::new(self.instance_id.qualify(text))
    }

    /// The id of a user; one that nobody has is refused if somebody's is nearly the same.
    pub(super) fn user(&self, text: &str) -> Result<UserId, Failure> {
        self.known("user", text, suggestions::names_of_users).map(UserId::new)
    }

    /// The ids of several users; one that is given more than once is there once.
    pub(super) fn users(&self, texts: &[String]) -> Result<Vec<UserId>, Failure> {
        let mut ids = Vec::new();
        for text in texts {
            let id = self.user(text)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Like [`Self::user`], for a skill group.
    pub(super) fn group(&self, text: &str) -> Result<SkillGroupId, Failure> {
        self.known("skill group", text, suggestions::names_of_skill_groups).map(SkillGroupId::new)
    }

    fn known(
        &self,
        what: &str,
        text: &str,
        ids: fn(&ReadTx<'_>, &InstanceId) -> Result<Vec<Named>, Error>,
    ) -> Result<String, Failure> {
        let id = self.instance_id.qualify(text);
        let there = self.store.read(|tx| ids(tx, &self.instance_id))?;
        if there.iter().any(|named| named.id == id) {
            return Ok(id);
        }
        let by_name = there.iter().find(|named| composed(&named.display_name) == composed(text));
        let nearest = || {
            let distances = there.iter().map(|named| (distance(&named.id, &id), named));
            let near = distances.filter(|(distance, _)| *distance <= NEAR);
            near.min_by_key(|(distance, _)| *distance).map(|(_, named)| named)
        };
        match by_name.or_else(nearest) {
            None => Ok(id),
            Some(Named { id: meant, display_name }) => Err(Failure::not_found(format!(
                "{what} {id} does not exist; the nearest is {meant} ({display_name})."
            ))),
        }
    }
}

/// How many letters must be added, left out or changed to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (at, wanted) in other.iter().enumerate() {
            let changed = diagonal + usize::from(c != *wanted);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn the_distance_counts_the_letters_that_differ() {
        for (one, other, expected) in
            [("lina", "lina", 0), ("lina", "lna", 1), ("", "ab", 2), ("王芳", "王方", 1)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
