//! Instances.

use super::{ReadTx, WriteTx, spellings};
use crate::domain::instance::{CountryCode, InstanceEdit, Sharing};
use crate::domain::text::counted;
use crate::domain::{Caller, Error, Instance, InstanceId, Missing, Page, PageRequest};
use crate::store::engine::{Row, of_row};
use rusqlite::params;

/// Whether several users of the instance may hold one number; `None` when there is no such
/// instance.
pub fn is_shared(tx: &ReadTx<'_>, id: &str) -> Result<Option<bool>, Error> {
    let sql = "SELECT personal_numbers = 'shared' FROM instance
                WHERE instance_id = ?1 AND status <> 'RELEASED'";
    tx.value(sql, [id])
}

/// The instance of the user, skill group or number that VCC's clients know by an id.
pub fn of_guid(tx: &ReadTx<'_>, guid: &str) -> Result<Option<InstanceId>, Error> {
    let sql = "SELECT instance_id FROM user WHERE user_guid = ?1
                UNION ALL SELECT instance_id FROM skill_group WHERE skill_group_guid = ?1
                UNION ALL SELECT instance_id FROM phone_number
                           WHERE callback_number_id = ?1 AND instance_id IS NOT NULL";
    tx.value(sql, [guid])
}

/// For how many days a number that was released cools down.
pub fn cool_down_days(tx: &ReadTx<'_>, id: &InstanceId) -> Result<u32, Error> {
    let sql = "SELECT cool_down_days FROM instance WHERE instance_id = ?1";
    Ok(tx.value(sql, [id])?.unwrap_or(0))
}

/// What is selected of instances.
macro_rules! instances {
    ($tail:expr) => {
        concat!(
            "SELECT instance_id, name, description, status, personal_numbers, country_code,
                    cool_down_days, reason_required, version, created_at FROM instance AS i ",
            $tail
        )
    };
}

/// Those that a caller belongs to: `?1` is the login, `?2` whether it is the root, `?3` the only
/// instance of its credential.
macro_rules! of_caller {
    () => {
        "WHERE i.status <> 'RELEASED' AND (?3 IS NULL OR i.instance_id = ?3)
           AND (?2 OR EXISTS (SELECT 1 FROM user AS u
                               WHERE u.instance_id = i.instance_id AND u.ram_id = ?1 AND u.active
                                 AND NOT u.locked))"
    };
}

/// The instances that a caller belongs to; the root belongs to all. By id.
pub fn list_of_caller(
    tx: &ReadTx<'_>,
    caller: &Caller,
    page: PageRequest,
) -> Result<Page<Instance>, Error> {
    let only = caller.only_instance();
    let values = params![caller.ram_id, caller.is_root, only];
    let total = tx.count(concat!("SELECT count(*) FROM instance AS i ", of_caller!()), values)?;
    let sql = instances!(concat!(of_caller!(), " ORDER BY i.instance_id LIMIT ?4 OFFSET ?5"));
    tx.page(page, total, sql, values, instance)
}

/// All instances, the released ones too. By id.
pub fn list(tx: &ReadTx<'_>, page: PageRequest) -> Result<Page<Instance>, Error> {
    let total = tx.count("SELECT count(*) FROM instance", [])?;
    let sql = instances!("ORDER BY instance_id LIMIT ?1 OFFSET ?2");
    tx.page(page, total, sql, &[], instance)
}

/// The instance of that id, unless it is released.
pub fn find(tx: &ReadTx<'_>, id: &InstanceId) -> Result<Instance, Error> {
    let sql = instances!("WHERE instance_id = ?1 AND status <> 'RELEASED'");
    tx.row(sql, [id], instance)?.ok_or_else(|| Error::NotFound(Missing::Instance(id.to_string())))
}

/// Whether there was an instance of that id.
pub fn is_given_up(tx: &ReadTx<'_>, id: &InstanceId) -> Result<bool, Error> {
    let sql = "SELECT status = 'RELEASED' FROM instance WHERE instance_id = ?1";
    Ok(tx.value(sql, [id])?.unwrap_or(false))
}

/// The numbers of an instance, and nothing more of them.
pub fn numbers(tx: &ReadTx<'_>, id: &InstanceId) -> Result<Vec<String>, Error> {
    tx.column("SELECT number FROM phone_number WHERE instance_id = ?1 ORDER BY number", [id])
}

/// Adds an instance, in which a number has one holder at most (`exclusive`) or several (`shared`).
///
/// # Errors
/// [`Error::Rule`] when there is one of that id, released or not.
pub fn insert(
    tx: &WriteTx<'_>,
    id: &InstanceId,
    name: &str,
    description: &str,
    personal_numbers: Sharing,
    country_code: CountryCode,
) -> Result<(), Error> {
    let sql = "INSERT INTO instance (instance_id, name, description, status, personal_numbers,
                                     country_code, created_at) VALUES (?1, ?2, ?3, 'RUNNING', ?4,
                                       ?5, ?6)";
    let values = params![id, name, description, personal_numbers, country_code, tx.now()];
    tx.run(id, sql, values)
}

/// Gives a new instance the skill group that users may be put into before any other is made.
pub fn insert_default_skill_group(tx: &WriteTx<'_>, id: &InstanceId) -> Result<(), Error> {
    let sql =
        "INSERT INTO skill_group (skill_group_id, instance_id, name, display_name, created_at)
               VALUES ('default@' || ?1, ?1, 'default', '默认技能组', ?2)";
    tx.run(id, sql, params![id, tx.now()])
}

/// Moves a number from the account's pool into an instance; `false` when the pool does not hold it.
///
/// # Errors
/// [`Error::Rule`] when the instance has it already.
pub fn take_from_pool(tx: &WriteTx<'_>, id: &InstanceId, number: &str) -> Result<bool, Error> {
    let Some(stored) = spellings::find_in_pool(tx, spellings::country_code(tx, id)?, number)?
    else {
        return Ok(false);
    };
    let sql = "UPDATE phone_number SET instance_id = ?1 WHERE instance_id IS NULL AND number = ?2";
    tx.changed(number, sql, params![id, stored])
}

/// Changes an instance.
///
/// # Errors
/// [`Error::Rule`] when it is to be exclusive and several users hold one number, and for a country
/// code with which numbers clash.
pub fn update(tx: &WriteTx<'_>, id: &InstanceId, edit: &InstanceEdit) -> Result<(), Error> {
    let sql = "UPDATE instance
                  SET name = coalesce(?2, name), description = coalesce(?3, description),
                      personal_numbers = coalesce(?4, personal_numbers),
                      country_code = coalesce(?5, country_code),
                      cool_down_days = coalesce(?6, cool_down_days),
                      reason_required = coalesce(?7, reason_required)
                WHERE instance_id = ?1";
    let values = params![
        id,
        edit.name,
        edit.description,
        edit.personal_numbers,
        edit.country_code,
        edit.cool_down_days,
        edit.reason_required
    ];
    tx.run(id, sql, values)
}

/// Numbers that several users hold, at most `limit` of them.
pub fn shared_numbers(tx: &ReadTx<'_>, id: &InstanceId, limit: u64) -> Result<Vec<String>, Error> {
    let sql = "SELECT number FROM personal_assignment
                WHERE instance_id = ?1 AND released_at IS NULL
                GROUP BY number HAVING count(*) > 1 ORDER BY number LIMIT ?2";
    tx.column(sql, params![id, limit])
}

/// Empties an instance: its numbers are nobody's and back in the pool, its users gone, its OAuth
/// clients revoked. History, skill groups and contact flows stay, where nobody can reach them any
/// more; so does the id.
pub fn release(tx: &WriteTx<'_>, id: &InstanceId) -> Result<(), Error> {
    let now = tx.now();
    let close = "UPDATE personal_assignment SET released_at = max(assigned_at, ?2)
                  WHERE instance_id = ?1 AND released_at IS NULL";
    tx.execute(id, close, params![id, now])?;
    tx.execute(id, "DELETE FROM skill_group_number WHERE instance_id = ?1", [id])?;
    tx.execute(id, "DELETE FROM skill_group_member WHERE instance_id = ?1", [id])?;
    tx.execute(id, "DELETE FROM user WHERE instance_id = ?1", [id])?;
    tx.execute(id, "DELETE FROM low_water_mark WHERE instance_id = ?1", [id])?;
    // What the pool holds already would be there twice.
    let double = "DELETE FROM phone_number WHERE instance_id = ?1
                     AND EXISTS (SELECT 1 FROM spelling AS s
                                  JOIN spelling AS t ON t.comparable_86 = s.comparable_86
                                  AND t.comparable = s.comparable
                                   JOIN phone_number AS p ON p.instance_id IS NULL
                                   AND p.number = t.number WHERE s.number = phone_number.number)";
    tx.execute(id, double, [id])?;
    tx.execute(
        id,
        "UPDATE phone_number SET instance_id = NULL, contact_flow_id = NULL WHERE instance_id = ?1",
        [id],
    )?;
    tx.execute(
        id,
        "DELETE FROM oauth_token
                     WHERE client_id IN (SELECT client_id FROM oauth_client
                                         WHERE instance_id = ?1)",
        [id],
    )?;
    tx.execute(
        id,
        "UPDATE oauth_client SET revoked_at = ?2 WHERE instance_id = ?1 AND revoked_at IS NULL",
        params![id, now],
    )?;
    tx.run(id, "UPDATE instance SET status = 'RELEASED' WHERE instance_id = ?1", [id])
}

/// What an instance has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Users.
    pub users: u64,
    /// Numbers.
    pub numbers: NumberCount,
}

impl Contents {
    /// How many users and numbers it has.
    pub fn total(&self) -> u64 {
        self.users + self.numbers.total()
    }
}

impl std::fmt::Display for Contents {
    /// `61 users and 103 numbers (7 personal, 1 bound)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let NumberCount { bound, personal, .. } = self.numbers;
        let numbers = counted(self.numbers.total(), "number", "numbers");
        write!(f, "{} and {numbers}", counted(self.users, "user", "users"))?;
        write!(f, " ({personal} personal, {bound} bound)")
    }
}

/// What an instance has.
pub fn contents(tx: &ReadTx<'_>, id: &InstanceId) -> Result<Contents, Error> {
    let users = tx.count("SELECT count(*) FROM user WHERE instance_id = ?1", [id])?;
    Ok(Contents { users, numbers: counter(tx, id)? })
}

/// How many numbers of an instance are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberCount {
    /// Nobody holds them.
    pub free: u64,
    /// Skill groups hold them.
    pub bound: u64,
    /// Users hold them.
    pub personal: u64,
}

impl NumberCount {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.free + self.bound + self.personal
    }
}

/// How many numbers of each instance are in each state, by id.
pub fn number_counts(tx: &ReadTx<'_>) -> Result<Vec<(String, NumberCount)>, Error> {
    let sql = "SELECT c.instance_id, c.free, c.bound, c.personal FROM instance_counter AS c
                 JOIN instance AS i ON i.instance_id = c.instance_id AND i.status <> 'RELEASED'
                 ORDER BY c.instance_id";
    tx.rows(sql, [], |row| Ok((row.get("instance_id")?, number_count(row)?)))
}

/// The ids of all instances that were not released.
pub fn in_use(tx: &ReadTx<'_>) -> Result<Vec<String>, Error> {
    tx.column(
        "SELECT instance_id FROM instance WHERE status <> 'RELEASED' ORDER BY instance_id",
        [],
    )
}

/// How many numbers of the instance are in each state.
pub(super) fn counter(tx: &ReadTx<'_>, id: &InstanceId) -> Result<NumberCount, Error> {
    let sql = "SELECT free, bound, personal FROM instance_counter WHERE instance_id = ?1";
    tx.row(sql, [id], number_count).map(Option::unwrap_or_default)
}

fn number_count(row: &Row<'_>) -> rusqlite::Result<NumberCount> {
    of_row! { row => NumberCount { free, bound, personal } }
}

fn instance(row: &Row<'_>) -> rusqlite::Result<Instance> {
    of_row! { row => Instance {
        instance_id, name, description, status, personal_numbers, country_code, cool_down_days,
        reason_required, version, created_at
    } }
}
