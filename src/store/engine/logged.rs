//! Whether each row is what the change log says of it last.
//!
//! The log is written by triggers; a temporary trigger of somebody's own connection can keep its
//! line away and is gone afterwards. It is noticed here: the row and its last line differ.

use super::tx::ReadTx;
use crate::domain::Error;

/// The logged tables, each with the columns by which a row and its lines find each other; numbers
/// by the one that stays when they move. The assignments are looked at by `v_rule_violation`.
pub(super) const TABLES: &[(&str, &[&str])] = &[
    ("instance", &["instance_id"]),
    ("low_water_mark", &["instance_id", "city", "usage"]),
    ("ram_user", &["ram_id"]),
    ("user", &["user_id"]),
    ("skill_group", &["skill_group_id"]),
    ("skill_group_member", &["skill_group_id", "user_id"]),
    ("contact_flow", &["contact_flow_id"]),
    ("phone_number", &["callback_number_id"]),
    ("skill_group_number", &["skill_group_id", "number"]),
    ("reservation", &["reservation_id"]),
    ("access_key", &["access_key_id"]),
    ("api_token", &["token_id"]),
    ("oauth_client", &["client_id"]),
];

/// The columns of secrets, each with the mark of it that the log has: a few characters of its hash
/// or ciphertext.
const MARKS: &[(&str, &str)] = &[
    ("password_hash", "substr(r.password_hash, -6)"),
    (
        "secret_ciphertext",
        "substr(hex(r.secret_nonce), -8) || substr(hex(r.secret_ciphertext), -8)",
    ),
    ("secret_hash", "substr(hex(r.secret_hash), -16)"),
    ("token_hash", "substr(hex(r.token_hash), -16)"),
];

/// Tables whose lines have the instance in the row's JSON: it may change, or there may be none.
const OWN_INSTANCE: &[&str] = &["phone_number", "api_token"];

/// A query of the rows of a table that the log contradicts, at most a hundred: what `integrity`
/// adds to its findings. It is put together from the names of the schema and nothing else.
pub(super) fn contradictions(
    tx: &ReadTx<'_>,
    table: &str,
    key: &[&str],
) -> Result<Option<String>, Error> {
    let columns: Vec<String> =
        tx.column("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0", [table])?;
    if columns.is_empty() {
        // The table is gone, which the comparison of the schema says.
        return Ok(None);
    }
    let said = |column: &str| match column {
        "instance_id" if !OWN_INSTANCE.contains(&table) => "line.instance_id".to_owned(),
        _ => format!("json_extract(line.row, '$.{column}')"),
    };
    let list = |form: &dyn Fn(&str) -> String, by: &str| {
        key.iter().map(|column| form(column)).collect::<Vec<_>>().join(by)
    };
    let keys = list(&|column| format!("{} AS key_{column}", said(column)), ", ");
    let groups = list(&said, ", ");
    // Without an affinity, so that the lines get an index of their own for this.
    let same = list(&|column| format!("line.key_{column} = +r.{column}"), " AND ");
    let there = list(&|column| format!("line.key_{column} = r.{column}"), " AND ");
    let subject = list(&|column| format!("line.key_{column}"), " || ' ' || ");
    let present = list(&|column| format!("r.{column}"), " || ' ' || ");
    let differing: Vec<String> =
        columns.iter().map(|column| differs(column, &said(column))).collect();
    let differing = differing.join(" || ");
    Ok(Some(format!(
        "WITH line AS NOT MATERIALIZED (
                  SELECT change_id, action, instance_id, coalesce(new, old) AS row FROM change
                   WHERE entity = '{table}'),
              last AS MATERIALIZED (
                  SELECT change_id, action, instance_id, row, {keys}
                    FROM line WHERE change_id IN (SELECT max(change_id) FROM line GROUP BY {groups}))
         SELECT 'log' AS name, '{table} ' || subject AS subject,
                CASE WHEN change_id IS NULL THEN 'the change log does not say where it came from'
                     WHEN action = 'delete' THEN 'is there, and was removed by line ' || change_id
                     ELSE 'is not what line ' || change_id || ' says:' || differing END AS detail
           FROM (SELECT {present} AS subject, line.change_id, line.action,
                        {differing} AS differing
                   FROM {table} AS r LEFT JOIN last AS line ON {same})
          WHERE CASE WHEN change_id IS NULL THEN NOT EXISTS (SELECT 1 FROM change_archive)
                     ELSE action = 'delete' OR differing <> '' END
          UNION ALL
         SELECT 'log', '{table} ' || {subject}, 'is gone, and the change log does not say so'
           FROM last AS line
          WHERE action <> 'delete' AND {subject} IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM {table} AS r WHERE {there})
          LIMIT 100"
    )))
}

/// The column's name where the row and its line differ. A line from before there was such a column
/// says nothing of it, nor does one in which somebody was erased, nor one from before secrets had
/// marks.
fn differs(column: &str, said: &str) -> String {
    let mark = MARKS.iter().find(|(secret, _)| *secret == column).map(|(_, mark)| *mark);
    let present = match mark {
        Some(mark) => mark.to_owned(),
        None if column == "tags" => "json(r.tags)".to_owned(),
        None => format!("r.{column}"),
    };
    let mut tells = if said.starts_with("json_extract") {
        format!("json_type(line.row, '$.{column}') IS NOT NULL")
    } else {
        "line.change_id IS NOT NULL".to_owned()
    };
    if mark.is_some() {
        tells.push_str(&format!(" AND {said} IS NOT 'replaced'"));
    }
    format!(
        "iif({present} IS NOT {said} AND {tells} AND NOT EXISTS (
            SELECT 1 FROM forgotten_person WHERE instr({said}, pseudonym)), ' {column}', '')"
    )
}

#[cfg(test)]
mod tests {
    use super::{MARKS, TABLES};
    use crate::store::engine::schema::fresh;

    /// A table that is left out could be changed unnoticed by whoever keeps lines out of the log.
    #[test]
    fn every_logged_table_is_compared_with_its_lines() {
        let schema = fresh().unwrap();
        let logged = r"SELECT tbl_name FROM sqlite_schema
                        WHERE type = 'trigger' AND name LIKE '%\_insert\_logged' ESCAPE '\'
                        ORDER BY tbl_name";
        let mut statement = schema.prepare(logged).unwrap();
        let logged = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let logged: Vec<String> = logged.collect::<Result<_, _>>().unwrap();
        let mut compared: Vec<&str> = TABLES.iter().map(|(table, _)| *table).collect();
        // By `v_rule_violation`.
        compared.extend(["change_archive", "forgotten_person", "personal_assignment"]);
        compared.sort_unstable();
        assert_eq!(logged, compared);
    }

    /// One that is replaced by another with the same mark is logged, too.
    #[test]
    fn the_log_has_the_mark_of_every_secret_and_says_of_each_that_it_was_replaced() {
        let schema = fresh().unwrap();
        let secrets = r"SELECT c.name AS name, m.sql AS sql
                          FROM sqlite_schema AS m JOIN pragma_table_xinfo(m.tbl_name) AS c
                         WHERE m.type = 'trigger' AND m.name = m.tbl_name || '_update_logged'
                           AND (c.name LIKE '%\_hash' ESCAPE '\'
                                OR c.name IN ('secret_nonce', 'secret_ciphertext'))";
        let mut statement = schema.prepare(secrets).unwrap();
        let secrets =
            statement.query_map([], |row| Ok((row.get("name")?, row.get("sql")?))).unwrap();
        let secrets: Vec<(String, String)> = secrets.collect::<Result<_, _>>().unwrap();
        assert_eq!(secrets.len(), 5, "{secrets:?}");
        for (column, trigger) in secrets {
            let has = |text: &str| assert!(trigger.contains(text), "{text} is not in {trigger}");
            let mark = MARKS.iter().find(|(_, mark)| mark.contains(&format!("r.{column}")));
            let (_, mark) = mark.expect(&column);
            has(&mark.replace("r.", "OLD."));
            has(&mark.replace("r.", "NEW."));
            has(&format!("NEW.{column} IS NOT OLD.{column}"));
            let (columns, _) = trigger.split_once("BEGIN").unwrap();
            assert!(columns.contains(&column), "{column} fires nothing: {columns}");
        }
    }
}
