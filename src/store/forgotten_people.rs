//! People whose data was erased.

use super::engine::erasing;
use super::{ReadTx, WriteTx};
use crate::domain::erasure::{Erasure, Forgotten, Place, Telephone, is_word_of};
use crate::domain::text::LONGEST_NOTE;
use crate::domain::{Error, InstanceId, RamId, UserId};
use rusqlite::{named_params, params};

/// Texts in which people write about people, except the change log and what people say of
/// themselves: the table, what its rows are known by, and the columns. A test requires every other
/// column of the schema to be listed as one that names nobody.
pub(super) const TEXTS: &[(&str, &str, &[&str])] = &[
    ("api_token", "token_id", &["name"]),
    ("contact_flow", "contact_flow_id", &["name", "description", "editor"]),
    ("instance", "instance_id", &["name", "description"]),
    ("oauth_client", "client_id", &["name"]),
    ("phone_number", "number", &["provider", "corp_name", "tags", "note", "callback_number_name"]),
    ("reservation", "number", &["reason"]),
    ("run", "request_id", &["reason", "act", "stopped"]),
    ("run_part", "request_id", &["items"]),
    ("run_refusal", "request_id", &["subject", "refusal"]),
    ("skill_group", "skill_group_id", &["display_name", "description"]),
    ("user", "user_id", &["note"]),
    (REQUEST, "request_id", &["reason"]),
];

/// The table with the reason of the request that erases the person. Nobody else wrote that text.
const REQUEST: &str = "write_context";

/// The most places that are listed.
const LISTED: usize = 1000;

/// Whether this is the name of somebody whose data was erased.
pub fn is_pseudonym(tx: &ReadTx<'_>, name: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM forgotten_person WHERE pseudonym = ?1";
    tx.exists(sql, [name])
}

/// Whether a change is about somebody whose data was erased.
pub fn is_in(tx: &ReadTx<'_>, change_id: i64) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM change AS c CROSS JOIN forgotten_person AS f
                WHERE c.change_id = ?1
                  AND (instr(c.old, f.pseudonym) > 0 OR instr(c.new, f.pseudonym) > 0)";
    tx.exists(sql, [change_id])
}

/// Those of them that are JSON: their keys and the program's own words in them stay.
const JSON: &[&str] = &["act", "items", "refusal", "tags"];

/// The users of a login, archived and locked ones too.
pub fn users_of(tx: &ReadTx<'_>, ram_id: &RamId) -> Result<Vec<(InstanceId, UserId)>, Error> {
    let sql = "SELECT instance_id, user_id FROM user WHERE ram_id = ?1 ORDER BY user_id";
    tx.rows(sql, [ram_id], |row| Ok((row.get("instance_id")?, row.get("user_id")?)))
}

/// Ends the holds and cool-downs for a person, also those that have passed, and those that were
/// left by users who were removed before.
pub fn end_reservations(tx: &WriteTx<'_>, login_name: &str) -> Result<u64, Error> {
    let sql = "UPDATE reservation SET ended_at = max(reserved_at, min(until_at, ?2))
                WHERE for_user_id = ?1 || '@' || instance_id AND ended_at IS NULL";
    tx.execute(login_name, sql, params![login_name, tx.now()]).map(|rows| rows as u64)
}

/// Removes a login with all that belongs to it; returns how many credentials there were.
///
/// # Errors
/// [`Error::Rule`]: it has users still, or is the root's.
pub fn delete_login(tx: &WriteTx<'_>, ram_id: &RamId) -> Result<u64, Error> {
    for sql in [
        "DELETE FROM console_session WHERE ram_id = ?1",
        "DELETE FROM console_preference WHERE ram_id = ?1",
        "DELETE FROM idempotency_key WHERE ram_id = ?1",
        "DELETE FROM nonce WHERE access_key_id IN
            (SELECT access_key_id FROM access_key WHERE ram_id = ?1)",
    ] {
        tx.execute(ram_id, sql, [ram_id])?;
    }
    let keys = tx.execute(ram_id, "DELETE FROM access_key WHERE ram_id = ?1", [ram_id])?;
    let tokens = tx.execute(ram_id, "DELETE FROM api_token WHERE ram_id = ?1", [ram_id])?;
    tx.execute(ram_id, "DELETE FROM ram_user WHERE ram_id = ?1", [ram_id])?;
    Ok((keys + tokens) as u64)
}

/// What a person is or was called, from the change log: the login is removed by then, and the lines
/// about that hold what it and its users were last. A word that may mean something else is not
/// erased but reported as ambiguous: a telephone number of the call centre, a word in the name of
/// an instance, a skill group or a contact flow, a name of somebody else, and a single character.
pub fn erasure(
    tx: &ReadTx<'_>,
    ram_id: &RamId,
    login_name: &str,
    pseudonym: String,
) -> Result<Erasure, Error> {
    let sql = "WITH said (row) AS (
                   SELECT row FROM (SELECT entity, old AS row FROM change
                                    UNION ALL SELECT entity, new FROM change)
                    WHERE entity IN ('user', 'ram_user') AND json_extract(row, '$.ram_id') = ?1)
               SELECT word FROM (
                   SELECT DISTINCT trim(e.value) AS word FROM said, json_each(said.row) AS e
                    WHERE e.key IN ('display_name', 'email', 'mobile', 'nickname', 'avatar_url')
                    UNION SELECT ?1
                    UNION SELECT ?2)
                WHERE word <> '' ORDER BY length(word) DESC, word";
    let all: Vec<String> = tx.column(sql, params![ram_id, login_name])?;
    let (mut words, mut telephones, mut ambiguous) = (Vec::new(), Vec::new(), Vec::new());
    let others = Others::read(tx)?;
    for word in all {
        let telephone = Telephone::of(&word).filter(|_| word != ram_id.as_str());
        if others.may_mean(&word) || has_number(tx, &word, telephone.as_ref())? {
            ambiguous.push(word);
        } else {
            telephones.extend(telephone);
            words.push(word);
        }
    }
    let (login_name, ram_id) = (login_name.to_owned(), ram_id.to_string());
    Ok(Erasure { pseudonym, login_name, ram_id, words, telephones, ambiguous })
}

/// What else is called by a name.
struct Others {
    /// The names of instances, skill groups and contact flows.
    things: Vec<String>,
    /// The names of other people.
    people: Vec<String>,
}

impl Others {
    fn read(tx: &ReadTx<'_>) -> Result<Self, Error> {
        let sql = "SELECT name FROM instance UNION SELECT name FROM contact_flow
                    UNION SELECT name FROM skill_group UNION SELECT display_name FROM skill_group";
        let things = tx.column(sql, [])?;
        let sql = "SELECT login_name FROM ram_user UNION SELECT display_name FROM ram_user
                    UNION SELECT display_name FROM user UNION SELECT nickname FROM user";
        Ok(Self { things, people: tx.column(sql, [])? })
    }

    fn may_mean(&self, word: &str) -> bool {
        word.chars().nth(1).is_none()
            || self.things.iter().any(|name| is_word_of(word, name))
            || self.people.iter().any(|name| name.eq_ignore_ascii_case(word))
    }
}

/// Whether the call centre has such a number, or had it.
fn has_number(tx: &ReadTx<'_>, word: &str, telephone: Option<&Telephone>) -> Result<bool, Error> {
    let is_known = |number: &str| {
        let sql = "SELECT count(*) FROM spelling
                    WHERE number = ?1 OR comparable = ?1 OR comparable_86 = ?1";
        tx.exists(sql, [number])
    };
    if is_known(word)? {
        return Ok(true);
    }
    for digits in telephone.into_iter().flat_map(Telephone::spellings) {
        if is_known(&digits)? || is_known(&format!("+{digits}"))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Erases a person from everything that stays, and notes that it was done.
pub fn erase(tx: &WriteTx<'_>, erasure: &Erasure, found: &mut Forgotten) -> Result<(), Error> {
    let Erasure { pseudonym, login_name, .. } = erasure;
    let names = params![login_name, pseudonym];
    let sql = "INSERT INTO forgetting (only_row, login_name, pseudonym) VALUES (1, ?1, ?2)";
    tx.execute("", sql, names)?;
    let sql = "UPDATE personal_assignment SET user_id = ?2 || '@' || instance_id
                WHERE user_id = ?1 || '@' || instance_id";
    found.periods = tx.execute("", sql, names)? as u64;
    for sql in [
        "UPDATE reservation SET for_user_id = ?2 || '@' || instance_id
          WHERE for_user_id = ?1 || '@' || instance_id",
        "UPDATE reservation SET made_by = ?2 WHERE made_by = ?1",
        "UPDATE run SET actor = ?2 WHERE actor = ?1",
        "UPDATE change_block SET value = ?2 WHERE kind = 'actor' AND value = ?1",
    ] {
        tx.execute("", sql, names)?;
    }
    erasing(tx, erasure, || {
        // Answers to others that name them; asked for again, they would only be refused now.
        let sql =
            "DELETE FROM idempotency_key WHERE erased_json(CAST(body AS TEXT), NULL) IS NOT NULL
                      OR erased(location) IS NOT NULL OR erased(idempotency_key) IS NOT NULL";
        tx.execute("", sql, [])?;
        forget_keys(tx, login_name)?;
        let sql = "DELETE FROM import WHERE made_by = ?1 OR erased_json(preview, NULL) IS NOT NULL
                      OR erased_json(steps, NULL) IS NOT NULL OR erased(bad_lines) IS NOT NULL";
        tx.execute("", sql, [login_name])?;
        for (table, key, columns) in TEXTS {
            let others = *table != REQUEST;
            if others {
                let room = LISTED - found.places.len();
                found.places.extend(places(tx, (table, key, columns), room)?);
            }
            let erased = tx.execute("", &update(table, columns), [])? as u64;
            found.texts += if others { erased } else { 0 };
        }
        found.lines = lines(tx, erasure)?;
        Ok(())
    })?;
    let sql = "INSERT INTO forgotten_person (pseudonym, periods, lines, forgotten_at)
                VALUES (?1, ?2, ?3, ?4)";
    tx.execute("", sql, params![pseudonym, found.periods, found.lines, tx.now()])?;
    tx.run("", "DELETE FROM forgetting", [])
}

/// Removes keys for repeated requests with a login name in them, as a word of its own and in any
/// case; hyphens divide words here. Another key that only has the same letters still keeps a
/// request from being done twice.
fn forget_keys(tx: &WriteTx<'_>, login_name: &str) -> Result<(), Error> {
    let login_name = login_name.to_lowercase();
    let sql = "SELECT DISTINCT idempotency_key FROM idempotency_key";
    let keys: Vec<String> = tx.column(sql, [])?;
    let names_them = |key: &str| {
        key.match_indices(&login_name).any(|(at, found)| {
            let (before, after) = (&key[..at], &key[at + found.len()..]);
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        })
    };
    for key in keys.iter().filter(|key| names_them(&key.to_lowercase())) {
        tx.execute("", "DELETE FROM idempotency_key WHERE idempotency_key = ?1", [key])?;
    }
    Ok(())
}

/// The rows that name them, up to a limit. The statement is put together from the names above and
/// nothing else.
fn places(
    tx: &ReadTx<'_>,
    (table, key, columns): (&'static str, &str, &[&str]),
    most: usize,
) -> Result<Vec<Place>, Error> {
    let names = |column: &&str| format!("{} IS NOT NULL", erased(column));
    let is_named: Vec<String> = columns.iter().map(names).collect();
    let named = columns.iter().map(|column| format!("iif({}, '{column} ', '')", names(column)));
    let sql = format!(
        "SELECT {key} AS key, {} AS named FROM {table} WHERE {} LIMIT {most}",
        named.collect::<Vec<_>>().join(" || "),
        is_named.join(" OR ")
    );
    let rows: Vec<(String, String)> =
        tx.rows(&sql, [], |row| Ok((row.get("key")?, row.get("named")?)))?;
    let place = |(key, named): (String, String)| {
        let columns = named.split_whitespace().map(str::to_owned).collect();
        Place { table, key, columns }
    };
    Ok(rows.into_iter().map(place).collect())
}

/// What a column is without them; NULL if it does not name them.
fn erased(column: &str) -> String {
    match column {
        "note" => format!("substr(erased(note), 1, {LONGEST_NOTE})"),
        name if JSON.contains(&name) => format!("erased_json({name}, NULL)"),
        name => format!("erased({name})"),
    }
}

/// The statement is put together from the names above and nothing else.
fn update(table: &str, columns: &[&str]) -> String {
    let list = |form: fn(&str, String) -> String, by| {
        columns.iter().map(|name| form(name, erased(name))).collect::<Vec<_>>().join(by)
    };
    format!(
        "UPDATE {table} SET {} WHERE {}",
        list(|name, erased| format!("{name} = coalesce({erased}, {name})"), ", "),
        list(|_, erased| format!("{erased} IS NOT NULL"), " OR ")
    )
}

/// Erases them from the change log; returns from how many changes.
fn lines(tx: &WriteTx<'_>, erasure: &Erasure) -> Result<u64, Error> {
    let sql = "UPDATE change AS c
                  SET actor = e.actor, reason = e.reason, user_id = e.user_id, old = e.old,
                      new = e.new
                 FROM (SELECT change_id, iif(actor = :login, :pseudonym, actor) AS actor,
                              coalesce(erased(reason), reason) AS reason,
                              iif(user_id = :login || '@' || instance_id,
                                  :pseudonym || '@' || instance_id, user_id) AS user_id,
                              coalesce(erased_json(old, own), old) AS old,
                              coalesce(erased_json(new, own), new) AS new
                         FROM (SELECT *, CASE WHEN entity IN ('user', 'ram_user', 'api_token',
                                                              'access_key')
                                              THEN json_extract(coalesce(new, old), '$.ram_id')
                                                   = :ram_id END AS own
                                 FROM change)) AS e
                WHERE e.change_id = c.change_id
                  AND (e.actor, e.reason, e.user_id, e.old, e.new)
                      IS NOT (c.actor, c.reason, c.user_id, c.old, c.new)";
    let values = named_params! {
        ":login": erasure.login_name, ":pseudonym": erasure.pseudonym, ":ram_id": erasure.ram_id,
    };
    tx.execute("", sql, values).map(|rows| rows as u64)
}
