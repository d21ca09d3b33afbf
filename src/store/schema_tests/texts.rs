//! Of every text in the database it is known whether it can name a person, so that forgetting one
//! finds all that was written of them.

use super::{names, tables};
use crate::store::engine::schema::fresh;
use crate::store::forgotten_people;
use std::collections::BTreeSet;

/// Columns of text in which nobody is named, or which go or change with the person they name.
const NAMES_NOBODY: &[(&str, &[&str])] = &[
    ("access_key", &["access_key_id", "ram_id"]),
    ("api_token", &["token_id", "ram_id", "instance_id"]),
    (
        "change",
        &[
            "actor",
            "via",
            "request_id",
            "reason",
            "entity",
            "action",
            "instance_id",
            "number",
            "user_id",
            "skill_group_id",
            "old",
            "new",
        ],
    ),
    ("change_archive", &["file", "sha256"]),
    ("change_block", &["kind", "value", "instance_id"]),
    ("console_preference", &["ram_id", "language"]),
    ("console_session", &["ram_id"]),
    ("contact_flow", &["contact_flow_id", "instance_id", "type", "definition", "draft_id"]),
    ("forgetting", &["pseudonym", "login_name"]),
    ("forgotten_person", &["pseudonym"]),
    ("idempotency_key", &["ram_id", "idempotency_key", "location"]),
    (
        "import",
        &["import_id", "instance_id", "made_by", "preview", "steps", "bad_lines", "applied_by"],
    ),
    ("instance", &["instance_id", "status", "personal_numbers", "country_code"]),
    ("instance_counter", &["instance_id"]),
    ("low_water_mark", &["instance_id", "city", "usage"]),
    ("nonce", &["access_key_id", "nonce"]),
    ("oauth_client", &["client_id", "instance_id", "scopes"]),
    ("oauth_token", &["client_id", "scopes"]),
    ("origin", &["name"]),
    ("personal_assignment", &["instance_id", "number", "user_id"]),
    (
        "phone_number",
        &[
            "instance_id",
            "number",
            "state",
            "usage",
            "province",
            "city",
            "contact_flow_id",
            "callback_number_id",
        ],
    ),
    ("ram_user", &["ram_id", "login_name", "display_name", "email", "mobile", "password_hash"]),
    ("refinery_schema_history", &["name", "applied_on", "checksum"]),
    ("reservation", &["instance_id", "number", "kind", "for_user_id", "made_by"]),
    ("role", &["name", "description"]),
    ("run", &["request_id", "actor", "instance_id", "mode"]),
    ("run_part", &["request_id"]),
    ("run_refusal", &["request_id"]),
    ("skill_group", &["skill_group_id", "instance_id", "name", "media_type", "skill_group_guid"]),
    ("skill_group_member", &["skill_group_id", "user_id", "instance_id"]),
    ("skill_group_number", &["skill_group_id", "number", "instance_id"]),
    ("spelling", &["number"]),
    (
        "user",
        &[
            "user_id",
            "instance_id",
            "ram_id",
            "role",
            "extension",
            "display_name",
            "email",
            "mobile",
            "nickname",
            "avatar_url",
            "display_id",
            "work_mode",
            "user_guid",
            "selected_callback_number_id",
        ],
    ),
    ("write_context", &["actor", "via", "request_id"]),
];

#[test]
fn of_every_text_it_is_known_whether_it_can_name_a_person() {
    let schema = fresh().expect("a migrated database");
    let texts = forgotten_people::TEXTS.iter().map(|(table, _, columns)| (*table, *columns));
    let known: BTreeSet<(String, String)> = texts
        .chain(NAMES_NOBODY.iter().copied())
        .flat_map(|(table, columns)| {
            columns.iter().map(move |column| (table.to_owned(), (*column).to_owned()))
        })
        .collect();
    let sql = "SELECT name FROM pragma_table_info(?1) WHERE upper(type) NOT IN ('INTEGER', 'BLOB')
                  AND upper(type) NOT LIKE 'INT%'";
    let texts: BTreeSet<(String, String)> = tables(&schema)
        .into_iter()
        .flat_map(|table| {
            names(&schema, sql, &table).into_iter().map(move |column| (table.clone(), column))
        })
        .collect();
    assert_eq!(texts, known);
}
