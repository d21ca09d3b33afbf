//! What a bulk action is done with: numbers that were named, or those that a query selects.
//!
//! A preview shows the hash of its selection: each number with its version. The action selects
//! again inside its own transaction, and is done only with the same hash: what changed in between
//! is shown, never applied unseen.

use crate::domain::batch::BatchItem;
use crate::domain::history::ChangeFilter;
use crate::domain::text::hex;
use crate::domain::{Error, InstanceId};
use crate::store::phone_numbers::{self, NumberQuery};
use crate::store::{ReadTx, changes};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Numbers with their versions.
#[derive(Clone, Debug)]
pub struct Selection {
    rows: Vec<(String, u64)>,
    /// Numbers that were named and that the instance does not have.
    unknown: Vec<String>,
}

impl Selection {
    /// The numbers that a query selects, up to a limit.
    pub fn of_query(
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        query: &NumberQuery,
        most: usize,
    ) -> Result<Self, Error> {
        let rows = phone_numbers::matching(tx, instance_id, query, most)?;
        Ok(Self { rows, unknown: Vec::new() })
    }

    /// The numbers that were named.
    pub fn of_numbers<'a>(
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        numbers: impl Iterator<Item = &'a String>,
    ) -> Result<Self, Error> {
        let (mut rows, mut unknown) = (Vec::new(), Vec::new());
        for number in numbers {
            match phone_numbers::version(tx, instance_id, number) {
                Ok((version, _)) => rows.push((number.clone(), version)),
                Err(Error::NotFound(_)) => unknown.push(number.clone()),
                Err(error) => return Err(error),
            }
        }
        Ok(Self { rows, unknown })
    }

    /// The numbers.
    pub fn numbers(&self) -> impl Iterator<Item = &String> {
        self.rows.iter().map(|(number, _)| number).chain(&self.unknown)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.rows.len() + self.unknown.len()
    }

    /// The first of them, up to a limit.
    #[must_use]
    pub fn first(&self, most: usize) -> Self {
        let rows: Vec<_> = self.rows.iter().take(most).cloned().collect();
        let unknown = self.unknown.iter().take(most - rows.len()).cloned().collect();
        Self { rows, unknown }
    }

    /// The same for the same numbers in the same versions.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (number, version) in &self.rows {
            hash.update(format!("{number}\0{version}\n"));
        }
        for number in &self.unknown {
            hash.update(format!("{number}\n"));
        }
        hex(&hash.finalize())
    }

    /// The items of a run that does one thing with each of them. An unknown number gets
    /// version 0, which never matches.
    pub fn run_items(&self) -> Vec<Value> {
        let unknown = self.unknown.iter().map(|number| json!([number, 0]));
        self.rows.iter().map(|(number, version)| json!([number, version])).chain(unknown).collect()
    }

    /// One thing to do with each of them.
    pub fn items(&self, each: &BatchItem) -> Vec<BatchItem> {
        self.numbers().map(|number| each.of(number.clone())).collect()
    }
}

/// The numbers in the next `lines` changes after `seen`.
pub fn changed_since(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    seen: i64,
    lines: u64,
) -> Result<BTreeSet<String>, Error> {
    let filter = ChangeFilter { instance_id: Some(instance_id.clone()), ..ChangeFilter::default() };
    let newer = changes::after(tx, &filter, seen, lines)?;
    Ok(newer.into_iter().filter_map(|change| change.number).collect())
}
