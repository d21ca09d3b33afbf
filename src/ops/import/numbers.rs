//! Numbers of a spreadsheet.

use super::{Imported, require_same_id};
use crate::domain::Optional;
use crate::domain::batch::{BatchItem, BatchMode, BatchReport, RefusalCode};
use crate::domain::import::{NumberLine, Why};
use crate::domain::instance::CountryCode;
use crate::domain::phone_number::{NewNumbers, NumberDetails};
use crate::domain::sheet::spoiled;
use crate::domain::{Error, InstanceId, SkillGroupId, UserId, location};
use crate::ops::stop::{Stop, stop};
use crate::ops::{batch, phone_numbers as ops_of_numbers};
use crate::store::{ReadTx, WriteTx, instances, phone_numbers, spellings};
use std::collections::BTreeSet;

impl Imported for NumberDetails {
    fn find(tx: &ReadTx<'_>, instance_id: &InstanceId, key: &str) -> Result<Option<Self>, Error> {
        phone_numbers::get(tx, instance_id, key).optional()
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn version_of(
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        key: &str,
    ) -> Result<Option<u64>, Error> {
        let found = phone_numbers::version(tx, instance_id, key).optional()?;
        Ok(found.map(|(version, _)| version))
    }

    fn create(tx: &WriteTx<'_>, instance_id: &InstanceId, line: &NumberLine) -> Result<(), Stop> {
        let Some(number) = &line.number else { return Ok(()) };
        if !line.is_adopted {
            require_whole(tx, instance_id, number)?;
        }
        let callback_number_id = line.callback_number_id.clone();
        let new = NewNumbers { callback_number_id, ..line.edit.clone().into() };
        let added = batch::add_numbers(
            tx,
            instance_id,
            std::slice::from_ref(number),
            &new,
            BatchMode::AllOrNothing,
        );
        done(added.map_err(|error| stop(tx, instance_id, number, error))?)?;
        let Some(row) = Self::find(tx, instance_id, number)? else {
            return Err(Error::Internal(format!("{number} was not added")).into());
        };
        // One from the account's pool has values of its own, and some can't be given before.
        row.change(tx, instance_id, line)
    }

    fn change(
        &self,
        tx: &WriteTx<'_>,
        instance_id: &InstanceId,
        line: &NumberLine,
    ) -> Result<(), Stop> {
        require_same_id(&self.number, line.callback_number_id.as_ref(), &self.callback_number_id)?;
        ops_of_numbers::edit(tx, instance_id, &self.number, &line.edit)
            .map_err(|error| stop(tx, instance_id, &self.number, error))?;
        let names = |ids: &Option<Vec<String>>| ids.as_ref().is_some_and(|ids| !ids.is_empty());
        if names(&line.user_ids) && names(&line.skill_group_ids) {
            return Err(Stop::because(RefusalCode::NumberHeldByUser, Why::TwoKindsOfHolders));
        }
        let named = line.user_ids.iter().flatten().map(|id| instance_id.qualify(id));
        if named.collect::<BTreeSet<_>>().len() > 1
            && instances::is_shared(tx, instance_id.as_str())? == Some(false)
        {
            return Err(Stop::because(RefusalCode::NumberHeldByUser, Why::SeveralHolders));
        }
        let items = self.items(instance_id, line);
        if items.is_empty() {
            return Ok(());
        }
        done(batch::run(tx, instance_id, &items, BatchMode::AllOrNothing)?)
    }

    fn column_of(code: RefusalCode, is_filled: impl Fn(&str) -> bool) -> &'static str {
        match code {
            RefusalCode::NumberHeldByUser if !is_filled("skill_group_ids") => "user_ids",
            RefusalCode::UserNotFound
            | RefusalCode::NumberHeldBySkillGroup
            | RefusalCode::HolderNotActive
            | RefusalCode::NumberIsReserved => "user_ids",
            RefusalCode::SkillGroupNotFound | RefusalCode::NumberHeldByUser => "skill_group_ids",
            RefusalCode::NotFound | RefusalCode::ContactFlowNeedsInbound => "contact_flow_id",
            RefusalCode::ServiceNumberIsInbound => "usage",
            RefusalCode::NumberTaken | RefusalCode::AlreadyExists | RefusalCode::NumberNotFound => {
                "number"
            }
            RefusalCode::ChangedSince => "version",
            _ => "",
        }
    }
}

impl NumberDetails {
    /// What has to be done so that exactly those whom a line names hold the number: first it is
    /// taken back, then given.
    fn items(&self, instance_id: &InstanceId, line: &NumberLine) -> Vec<BatchItem> {
        let number = || self.number.clone();
        let wanted = |ids: &Option<Vec<String>>, held: &[String]| match ids {
            Some(ids) => ids.iter().map(|id| instance_id.qualify(id)).collect(),
            None => held.to_vec(),
        };
        let users = Difference::between(&self.user_ids, wanted(&line.user_ids, &self.user_ids));
        let groups = Difference::between(
            &self.skill_group_ids,
            wanted(&line.skill_group_ids, &self.skill_group_ids),
        );
        // Who gets it at once does not wait until it has cooled down.
        let cool_down_days = (!groups.added.is_empty()).then_some(0);
        let mut items = Vec::new();
        items.extend(groups.removed.into_iter().map(|id| BatchItem::Unbind {
            number: number(),
            skill_group_id: Some(SkillGroupId::new(id)),
        }));
        let mut added = users.added.into_iter().map(UserId::new);
        items.extend(users.removed.into_iter().map(UserId::new).map(|from| match added.next() {
            Some(user_id) => BatchItem::Transfer { number: number(), from: Some(from), user_id },
            None => BatchItem::Release { number: number(), user_id: Some(from), cool_down_days },
        }));
        items.extend(added.map(|user_id| BatchItem::Assign { number: number(), user_id }));
        items.extend(
            groups.added.into_iter().map(|id| BatchItem::Bind {
                number: number(),
                skill_group_id: SkillGroupId::new(id),
            }),
        );
        items
    }
}

/// Who no longer holds a number, and who does then.
struct Difference {
    removed: Vec<String>,
    added: Vec<String>,
}

impl Difference {
    fn between(held: &[String], wanted: Vec<String>) -> Self {
        let removed = held.iter().filter(|id| !wanted.contains(id)).cloned().collect();
        let added = wanted.into_iter().filter(|id| !held.contains(id)).collect();
        Self { removed, added }
    }
}

/// The refusal of a batch about one number.
fn done(report: BatchReport) -> Result<(), Stop> {
    match report.items.into_iter().find_map(|item| item.refusal) {
        Some(refusal) => Err(Stop::Refused(refusal)),
        None => Ok(()),
    }
}

/// Checks that a number that is new to the instance has not lost what it began with: spreadsheets
/// take leading zeros and `+` away.
fn require_whole(tx: &ReadTx<'_>, instance_id: &InstanceId, number: &str) -> Result<(), Stop> {
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    if let Some(odd) = spoiled(number) {
        return Err(Stop::because(RefusalCode::NumberTaken, Why::Odd(odd)));
    }
    let lost = |whole: String, is_there| {
        Stop::because(RefusalCode::NumberTaken, Why::BeginningLost(whole, is_there))
    };
    for whole in [format!("0{number}"), format!("+{number}")] {
        if spellings::find(tx, instance_id, &whole)?.is_some() {
            return Err(lost(whole, true));
        }
    }
    if spellings::country_code(tx, instance_id)? != CountryCode::China {
        return Ok(());
    }
    let whole = match number.len() {
        10 | 11 => format!("0{number}"),
        12.. if number.starts_with("86") => format!("+{number}"),
        _ => return Ok(()),
    };
    let is_lost = location::of(number).is_none() && location::of(&whole).is_some();
    if is_lost && !is_nationwide(number) { Err(lost(whole, false)) } else { Ok(()) }
}

/// Service numbers are dialled without a zero.
fn is_nationwide(number: &str) -> bool {
    ["400", "800", "95"].iter().any(|service| number.starts_with(service))
}
