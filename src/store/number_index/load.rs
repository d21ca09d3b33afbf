//! Making the index of an instance out of the database, and keeping up with its changes.

use super::instance::{InstanceIndex, Named, Names, Values};
use super::moments::NEVER;
use super::remembered::Found;
use crate::domain::history::HolderKind;
use crate::domain::phone_number::Property;
use crate::domain::search_words::{folded, without_separators};
use crate::domain::{Error, InstanceId};
use crate::store::engine::Row;
use crate::store::{ReadTx, change_archives, changes};
use roaring::RoaringBitmap;
use rusqlite::params;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many changes an index catches up with; after more it is rebuilt.
const FOLLOWED: u64 = 5_000;

/// How many bytes of notes an instance may have; with more of them it has no index.
const NOTES: usize = 32 * 1024 * 1024;

/// How many numbers may be out of rank; each page looks at them all.
const OUT_OF_RANK: usize = 10_000;

/// What a number is found by, beside its holders.
macro_rules! numbers_sql {
    ($rest:literal) => {
        concat!(
            "SELECT number, state, city, province, usage, active, provider, tags,
                    coalesce(contact_flow_id, '') AS contact_flow_id, created_at
               FROM phone_number ",
            $rest
        )
    };
}

/// A number as the database has it.
struct Loaded {
    number: String,
    /// The values of the properties, except for holders and tags.
    values: [(Property, String); 7],
    tags: Vec<String>,
    is_free: bool,
    is_bound: bool,
    created_at: i64,
}

impl Loaded {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let state: String = row.get("state")?;
        let tags: String = row.get("tags")?;
        let active = if row.get("active")? { "true" } else { "false" };
        Ok(Self {
            number: row.get("number")?,
            is_free: state == "free",
            is_bound: state == "bound",
            created_at: row.get("created_at")?,
            values: [
                (Property::State, state),
                (Property::City, row.get("city")?),
                (Property::Province, row.get("province")?),
                (Property::Usage, row.get("usage")?),
                (Property::Active, active.to_owned()),
                (Property::Provider, row.get("provider")?),
                (Property::ContactFlow, row.get("contact_flow_id")?),
            ],
            tags: serde_json::from_str(&tags).unwrap_or_default(),
        })
    }
}

/// Who holds a number, and since when.
struct Held {
    by: String,
    since: i64,
}

impl Held {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { by: row.get("holder")?, since: row.get("since")? })
    }
}

/// Makes the index of an instance; `None` when it is not needed any more.
pub(super) fn build(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    stop: &AtomicBool,
) -> Result<Option<InstanceIndex>, Error> {
    let mut index = InstanceIndex { seen: changes::last_id(tx)?, ..InstanceIndex::default() };
    load_names(tx, instance_id, &mut index)?;
    let sql = numbers_sql!(
        "INDEXED BY phone_number_searched
          WHERE instance_id = ?1 AND phone_number_id > 0 ORDER BY number"
    );
    tx.each(sql, [instance_id.as_str()], |row| {
        let loaded = Loaded::of(row)?;
        let position = index.numbers.push(&loaded.number);
        index.created.push(loaded.created_at);
        index.since.push(NEVER);
        index.add_text(&loaded.number, position);
        index.put(&loaded, position);
        Ok(!stop.load(Ordering::Relaxed))
    })?;
    let sql = "SELECT number, note FROM phone_number INDEXED BY phone_number_noted
                WHERE instance_id = ?1 AND note <> '' ORDER BY number";
    let mut bytes = 0;
    tx.each(sql, [instance_id.as_str()], |row| {
        let (number, note): (String, String) = (row.get("number")?, row.get("note")?);
        bytes += note.len();
        index.note(&number, &note);
        Ok(bytes <= NOTES && !stop.load(Ordering::Relaxed))
    })?;
    if bytes > NOTES {
        return Ok(None);
    }
    let users = "SELECT number, user_id AS holder, assigned_at AS since FROM personal_assignment
                       INDEXED BY personal_assignment_open_by_number
                  WHERE instance_id = ?1 AND released_at IS NULL ORDER BY number";
    let groups = "SELECT number, skill_group_id AS holder, bound_at AS since
                    FROM skill_group_number WHERE instance_id = ?1 ORDER BY number";
    for (sql, kind) in [(users, HolderKind::User), (groups, HolderKind::SkillGroup)] {
        tx.each(sql, [instance_id.as_str()], |row| {
            let (number, held): (String, Held) = (row.get("number")?, Held::of(row)?);
            if let Some(position) = index.numbers.position(&number) {
                index.hold(position, kind, &held.by);
                index.since.lower(position, held.since);
            }
            Ok(!stop.load(Ordering::Relaxed))
        })?;
    }
    if stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    index.optimize();
    Ok(Some(index))
}

/// Brings an index to the state of a transaction that has seen more than it; `false` when so much
/// has changed, or is archived, that it must be rebuilt.
pub(super) fn follow(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    index: &mut InstanceIndex,
    newest: i64,
) -> Result<bool, Error> {
    let behind = newest.abs_diff(index.seen);
    let archived = change_archives::last_archived(tx)?;
    if behind > FOLLOWED || index.numbers.later() > OUT_OF_RANK || archived > index.seen {
        return Ok(false);
    }
    let (mut numbers, mut renamed) = (BTreeSet::new(), false);
    // The keys of numbers never change, so a line of any instance names the number that it is
    // about.
    let sql = "SELECT entity, number FROM change WHERE change_id > ?1";
    tx.each(sql, [index.seen], |row| {
        let entity: String = row.get("entity")?;
        numbers.extend(row.get::<_, Option<String>>("number")?);
        renamed |= ["user", "skill_group", "contact_flow"].contains(&entity.as_str());
        Ok(true)
    })?;
    if renamed {
        load_names(tx, instance_id, index)?;
    }
    index.forget(&numbers);
    let (mut created, mut since) = (Vec::new(), Vec::new());
    for number in numbers {
        if let Some(found) = reload(tx, instance_id, index, &number)? {
            created.push((found.position, found.created_at));
            since.push((found.position, found.since));
        }
    }
    index.created.set(&index.numbers, &created);
    index.since.set(&index.numbers, &since);
    index.seen = newest;
    index.found = Found::default();
    Ok(true)
}

/// The moments of a number that was read again.
struct Reloaded {
    position: u32,
    created_at: i64,
    since: i64,
}

/// Reads a number again that the index has just forgotten; its moments are still to be set.
fn reload(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    index: &mut InstanceIndex,
    number: &str,
) -> Result<Option<Reloaded>, Error> {
    let sql = numbers_sql!("WHERE instance_id = ?1 AND number = ?2");
    let key = params![instance_id, number];
    let Some(loaded) = tx.row(sql, key, Loaded::of)? else { return Ok(None) };
    let position = index.numbers.position(number).unwrap_or_else(|| {
        let position = index.numbers.insert(number);
        index.add_text(number, position);
        position
    });
    index.put(&loaded, position);
    let sql = "SELECT note FROM phone_number WHERE instance_id = ?1 AND number = ?2";
    if let Some(note) = tx.value::<String>(sql, key)? {
        index.note(number, &note);
    }
    let mut since = NEVER;
    let users = "SELECT user_id AS holder, assigned_at AS since FROM personal_assignment
                  WHERE instance_id = ?1 AND number = ?2 AND released_at IS NULL";
    let groups = "SELECT skill_group_id AS holder, bound_at AS since FROM skill_group_number
                   WHERE instance_id = ?1 AND number = ?2";
    for (sql, kind) in [(users, HolderKind::User), (groups, HolderKind::SkillGroup)] {
        for held in tx.rows(sql, key, Held::of)? {
            since = since.min(held.since);
            index.hold(position, kind, &held.by);
        }
    }
    Ok(Some(Reloaded { position, created_at: loaded.created_at, since }))
}

/// What users, skill groups and contact flows are called.
fn load_names(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    index: &mut InstanceIndex,
) -> Result<(), Error> {
    let read = |sql| -> Result<Names, Error> {
        let rows = tx.rows(sql, [instance_id.as_str()], |row| {
            let (id, display_name): (String, String) = (row.get("id")?, row.get("display_name")?);
            let text = folded(&format!("{id}\n{display_name}")).into_owned();
            Ok((id, Named { name: row.get("name")?, text }))
        })?;
        Ok(rows.into_iter().collect())
    };
    index.users = read(
        "SELECT user_id AS id, display_name, display_name AS name FROM user WHERE instance_id = ?1",
    )?;
    index.skill_groups = read(
        "SELECT skill_group_id AS id, display_name, coalesce(nullif(display_name, ''), name) AS name
           FROM skill_group WHERE instance_id = ?1",
    )?;
    index.contact_flows = read(
        "SELECT contact_flow_id AS id, name AS display_name, name
           FROM contact_flow WHERE instance_id = ?1",
    )?;
    Ok(())
}

impl InstanceIndex {
    /// Makes a new number's text findable.
    fn add_text(&mut self, number: &str, position: u32) {
        self.grams.push(number, position);
        if number.contains('-') {
            self.grams.push(&without_separators(number), position);
            self.separated.insert(position);
        }
    }

    fn put(&mut self, loaded: &Loaded, position: u32) {
        self.present.insert(position);
        for (property, value) in &loaded.values {
            add(&mut self.values[*property as usize], value, position);
        }
        let tags = &mut self.values[Property::Tag as usize];
        if loaded.tags.is_empty() {
            add(tags, "", position);
        }
        for tag in &loaded.tags {
            add(tags, tag, position);
        }
        for (property, has_none) in
            [(Property::Holder, loaded.is_free), (Property::SkillGroup, !loaded.is_bound)]
        {
            if has_none {
                add(&mut self.values[property as usize], "", position);
            }
        }
    }

    fn note(&mut self, number: &str, note: &str) {
        if let Some(position) = self.numbers.position(number).filter(|_| !note.is_empty()) {
            add(&mut self.notes, &folded(note), position);
        }
    }

    /// Says who holds a number.
    fn hold(&mut self, position: u32, kind: HolderKind, id: &str) {
        let held = match kind {
            HolderKind::User => &mut self.held,
            HolderKind::SkillGroup => &mut self.values[Property::SkillGroup as usize],
        };
        add(held, id, position);
        add(&mut self.values[Property::Holder as usize], id, position);
    }

    /// Takes numbers out of all sets.
    fn forget(&mut self, numbers: &BTreeSet<String>) {
        let positions: RoaringBitmap =
            numbers.iter().filter_map(|number| self.numbers.position(number)).collect();
        self.present -= &positions;
        for values in self.values.iter_mut().chain([&mut self.held, &mut self.notes]) {
            values.retain(|_, set| {
                if !set.is_disjoint(&positions) {
                    *set -= &positions;
                }
                !set.is_empty()
            });
        }
    }

    fn optimize(&mut self) {
        self.numbers.shrink();
        self.created.sort();
        self.since.sort();
        self.grams.optimize();
        self.present.optimize();
        for set in self
            .values
            .iter_mut()
            .chain([&mut self.held, &mut self.notes])
            .flat_map(Values::values_mut)
        {
            set.optimize();
        }
    }
}

fn add(values: &mut Values, value: &str, position: u32) {
    match values.get_mut(value) {
        Some(set) => drop(set.insert(position)),
        None => drop(values.insert(value.to_owned(), RoaringBitmap::from([position]))),
    }
}
