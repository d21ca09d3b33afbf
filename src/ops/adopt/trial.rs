//! The preview of a take-over: all of it is tried, and what can't be taken over is named with its
//! own reason, not with what follows from another's.

use super::{adopt, only_here};
use crate::domain::adopt::{Account, AdoptItem, AdoptKind, Says, Trial, Tried};
use crate::domain::batch::{Refusal, RefusalCode};
use crate::domain::import::LineOutcome;
use crate::domain::spelling::Forms;
use crate::domain::{Error, InstanceId, LoginName, Parsed, csv};
use crate::ops::stop::{Stop, attempt};
use crate::store::{ReadTx, WriteTx, instances, spellings};
use std::collections::{BTreeMap, BTreeSet};

/// The columns with the ids by which VCC's clients know things: an account's are in one instance.
const IDS: &[&str] = &["user_guid", "skill_group_guid", "callback_number_id"];

/// Another instance that is the account already: it has things with the account's own ids.
pub fn elsewhere(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    account: &Account,
) -> Result<Option<InstanceId>, Error> {
    for item in &account.items {
        for id in IDS.iter().filter_map(|column| cell(account, item, column)) {
            let there = instances::of_guid(tx, &id.to_ascii_lowercase())?;
            if let Some(other) = there.filter(|other| other != instance_id) {
                return Ok(Some(other));
            }
        }
    }
    Ok(None)
}

/// What a line says in a column.
fn cell<'a>(account: &Account, item: &'a AdoptItem, column: &str) -> Option<&'a str> {
    let Says::Line { table, cells, .. } = &item.says else { return None };
    let columns = &account.tables.get(*table)?.columns;
    let at = columns.iter().position(|name| name == column)?;
    cells.get(at).map(String::as_str)
}

/// Why something can't be taken over, and what helps if it is the name: VCC has usernames that
/// can't be login names here.
fn why(item: &AdoptItem, detail: String) -> String {
    match item.kind {
        AdoptKind::Users if LoginName::parse(&item.key).is_err() => {
            format!("{detail}; give them another username at the vendor's")
        }
        _ => detail,
    }
}

/// What can't be taken over, and so leaves others without what they need.
#[derive(Default)]
struct Lost(BTreeSet<(AdoptKind, String)>);

impl Lost {
    /// If a thing was refused because something that it needs was refused, says which.
    fn reason(
        &self,
        instance_id: &InstanceId,
        account: &Account,
        item: &AdoptItem,
        refusal: &Refusal,
    ) -> Option<String> {
        use RefusalCode::{NotFound, SkillGroupNotFound, UserNotFound};
        if !matches!(refusal.code, NotFound | SkillGroupNotFound | UserNotFound) {
            return None;
        }
        let lacks = |kind: AdoptKind, key: &str| {
            // A user, or a skill group, may be named by its whole id.
            let name = instance_id.unqualify(key);
            [key, name].iter().any(|key| self.0.contains(&(kind, (*key).to_owned())))
        };
        let listed = |column| csv::entries(cell(account, item, column).unwrap_or_default());
        let missing = match (item.kind, &item.says) {
            (AdoptKind::Users, _) if lacks(AdoptKind::Logins, &item.key) => {
                Some("their login".to_owned())
            }
            (AdoptKind::Memberships, _) if lacks(AdoptKind::Users, &item.key) => {
                Some("the user".to_owned())
            }
            (AdoptKind::Memberships, Says::Levels(levels)) => levels
                .iter()
                .find(|(group, _)| lacks(AdoptKind::Groups, group))
                .map(|(group, _)| format!("the skill group {group}")),
            (AdoptKind::Numbers, _) => {
                let user = listed("user_ids").into_iter().find(|id| lacks(AdoptKind::Users, id));
                let mut groups = listed("skill_group_ids").into_iter();
                let group = groups.find(|id| lacks(AdoptKind::Groups, id));
                user.map(|id| format!("its holder {id}"))
                    .or_else(|| group.map(|id| format!("its skill group {id}")))
            }
            _ => None,
        };
        missing.map(|what| format!("{what} can't be taken over"))
    }
}

/// Takes over everything that can be, to find out what that does. It is meant for a transaction
/// that nobody waits for, and that is taken back.
pub fn trial(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    account: &Account,
) -> Result<Trial, Error> {
    let (mut trial, mut places) = (Trial::default(), BTreeMap::<_, usize>::new());
    let (mut spelled, mut lost) = (Spelled::default(), Lost::default());
    for item in &account.items {
        let (kind, key) = (item.kind, item.key.clone());
        let done = attempt(tx, || {
            spelled.require_new(tx, instance_id, item)?;
            adopt(tx, instance_id, &account.tables, item, false)
        });
        let (outcome, changes, reason) = match done? {
            Err(refusal) => {
                let reason = lost.reason(instance_id, account, item, &refusal);
                // What came with an earlier step is there.
                if !places.contains_key(&(kind, key.clone())) {
                    lost.0.insert((kind, key.clone()));
                }
                (None, Vec::new(), Some(reason.unwrap_or_else(|| why(item, refusal.detail))))
            }
            Ok(line) => {
                if matches!(line.outcome, LineOutcome::New | LineOutcome::Changed) {
                    let mut item = item.clone();
                    if let Says::Line { version, .. } = &mut item.says {
                        *version = line.version;
                    }
                    trial.items.push(item);
                }
                (Some(line.outcome), line.changes, None)
            }
        };
        let tried = Tried { kind, key, outcome, changes, reason };
        match places.get(&(kind, tried.key.clone())) {
            // Something may be taken over in two steps.
            Some(&at) => trial.tried[at].and(tried),
            None => {
                places.insert((kind, tried.key.clone()), trial.tried.len());
                trial.tried.push(tried);
            }
        }
    }
    trial.only_here = only_here(tx, instance_id, account)?;
    Ok(trial)
}

/// The numbers that were met, by what all spellings of one have in common.
#[derive(Default)]
struct Spelled(BTreeMap<String, String>);

impl Spelled {
    /// Checks that a number was not met in another spelling.
    fn require_new(
        &mut self,
        tx: &ReadTx<'_>,
        instance_id: &InstanceId,
        item: &AdoptItem,
    ) -> Result<(), Stop> {
        if item.kind != AdoptKind::Numbers {
            return Ok(());
        }
        let country_code = spellings::country_code(tx, instance_id)?;
        let form = Forms::of(&item.key).within(country_code).to_owned();
        let first = self.0.entry(form).or_insert_with(|| item.key.clone());
        if *first == item.key {
            return Ok(());
        }
        let why = format!("the vendor has it as {first} too; here the two are one number");
        Err(Stop::refused(RefusalCode::NumberTaken, why))
    }
}
