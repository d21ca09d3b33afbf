//! `numberd changes archive`: what it writes, what it removes, and what it refuses.

use super::{archive, done, now, run, said};
use crate::ops::assign;
use crate::support::{SeededDatabase, author};
use numberd::domain::batch::BatchMode;
use numberd::domain::{Author, Clock};
use numberd::ops::batch;
use numberd::store::WriteTx;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::os::unix::fs::PermissionsExt;

#[test]
fn what_leaves_the_log_is_in_a_file_of_its_owner_as_the_log_had_it() {
    let database = SeededDatabase::new();
    // What JSON can say and a 64-bit float can't, and what an archive must not tidy up.
    let definition = r#"{"precise": 0.10000000000000000555, "big": 1e400, "twice": 1, "twice": 2}"#;
    database.query(&format!(
        "UPDATE contact_flow SET definition = '{definition}' WHERE instance_id = 'ccc-test'"
    ));
    let raw = "SELECT group_concat(json_array(change_id, actor, via, request_id, reason, entity, action, instance_id, number,
                      user_id, skill_group_id, assignment_id, json(old), json(new)), char(10)) FROM (SELECT * FROM change ORDER BY change_id)";
    let before = database.query(raw);
    let (count, last) = (
        database.query("SELECT count(*) FROM change"),
        database.query("SELECT max(change_id) FROM change"),
    );
    let file = archive(&database);
    assert_eq!(file.file_name().unwrap(), format!("changes-1-{last}.jsonl").as_str());
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count().to_string(), count);
    // Put back into a table, the lines are what the log had.
    let shell = rusqlite::Connection::open_in_memory().unwrap();
    shell.execute_batch("CREATE TABLE line (line TEXT)").unwrap();
    for line in text.lines() {
        shell.execute("INSERT INTO line VALUES (?1)", [line]).unwrap();
    }
    let columns = ["change_id", "actor", "via", "request_id", "reason", "entity", "action"];
    let columns = columns.iter().chain(&[
        "instance_id",
        "number",
        "user_id",
        "skill_group_id",
        "assignment_id",
    ]);
    let columns: Vec<String> = columns.map(|name| format!("line ->> '{name}'")).collect();
    let sql = format!(
        "SELECT group_concat(json_array({}, json(line -> 'old'), json(line -> 'new')), char(10)) FROM line",
        columns.join(", ")
    );
    let after: String = shell.query_row(&sql, [], |row| row.get(0)).unwrap();
    let null = |text: String| text.replace("null", "NULL");
    assert_eq!(null(after), null(before));
    assert!(text.contains("0.10000000000000000555") && text.contains("1e400"));

    let hash = Sha256::digest(std::fs::read(&file).unwrap());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        database.query(
            "SELECT first_change_id, last_change_id, lines, file, sha256 FROM change_archive"
        ),
        format!("1|{last}|{count}|{}|{hash}", file.display())
    );
    assert_eq!(database.query("SELECT entity, action FROM change"), "change_archive|insert");
    let blocks = "SELECT count(*) FROM change_block WHERE block * 256 + 255 <= (SELECT max(last_change_id) FROM change_archive)";
    assert_eq!(database.query(blocks), "0", "nothing points at lines that have gone");
    database.assert_no_rule_violation();
}

#[test]
fn the_next_archive_begins_where_the_last_one_ended_and_only_with_older_lines() {
    let database = SeededDatabase::new();
    let moment = now();
    done(&database, "numbers assign 08335550007 --to lina@ccc-test");
    let last = |lines: &str| database.query(&format!("SELECT {lines}(change_id) FROM change"));
    let newest: i64 = last("max").parse().unwrap();
    let line = format!("changes archive --before {moment}");
    let would = done(&database, &format!("{line} --dry-run"));
    assert!(
        would.contains(&format!(
            "Would archive {} changes, up to change {}, in ",
            newest - 1,
            newest - 1
        )),
        "{would}"
    );
    assert_eq!(last("min"), "1", "a dry run removes nothing");
    assert!(done(&database, &line).contains(&format!("Archived {} changes", newest - 1)));
    assert_eq!(last("min"), newest.to_string());
    assert!(done(&database, &line).contains("No change in the log was made before"));
    // An undone change and the one that undid it, so that what is noted of both goes too.
    done(&database, &format!("undo {newest}"));
    let directory = database.path().parent().unwrap().join("kept");
    std::fs::create_dir(&directory).unwrap();
    let made = done(
        &database,
        &format!("changes archive --before {} --to {} --json", now(), directory.display()),
    );
    let made: Value = serde_json::from_str(&made).unwrap();
    let second = &made["archives"][0];
    assert_eq!((&second["first_change_id"], &second["lines"]), (&json!(newest), &json!(3)));
    let text = std::fs::read_to_string(second["file"].as_str().unwrap()).unwrap();
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first["undone_by"], json!([newest + 2]), "{text}");
    assert_eq!(database.query("SELECT count(*) FROM undone"), "0");
    assert_eq!(log_ids(&database), [newest + 3]);
    database.assert_no_rule_violation();
}

fn log_ids(database: &SeededDatabase) -> Vec<i64> {
    let ids = database.query("SELECT change_id FROM change ORDER BY change_id");
    ids.lines().map(|id| id.parse().unwrap()).collect()
}

#[test]
fn no_request_is_archived_in_part() {
    let database = SeededDatabase::new();
    let write = |request_id: &str, number: &'static str| {
        std::thread::sleep(std::time::Duration::from_millis(2));
        let author = Author { request_id: request_id.to_owned(), ..author() };
        let assign = move |tx: &WriteTx<'_>| {
            batch::run(
                tx,
                &"ccc-test".into(),
                &[assign(number, "lina@ccc-test")],
                BatchMode::AllOrNothing,
            )
        };
        database.store(Clock::System).write(author, assign).unwrap();
    };
    let last = || log_ids(&database).pop().unwrap();
    let before = last();
    write("SLICED", "08335550007");
    write("ANOTHER", "08335550006");
    let moment = now();
    write("SLICED", "08335550009");
    let made = done(&database, &format!("changes archive --before {moment}"));
    assert!(made.contains(&format!("up to change {before},")), "{made}");
    let undone = done(&database, "undo SLICED");
    assert!(undone.contains("2 undone"), "{undone}");
    // Once all of it is older, it goes.
    let newest = last();
    let made = done(&database, &format!("changes archive --before {}", now()));
    assert!(made.contains(&format!("up to change {newest},")), "{made}");
}

#[test]
fn a_file_that_a_killed_run_has_left_is_used_and_any_other_is_refused() {
    let database = SeededDatabase::new();
    let moment = now();
    let whole = archive(&database);
    let text = std::fs::read(&whole).unwrap();
    for (damage, is_same) in [("", true), ("x", false), ("cut", false), ("more", false)] {
        let database = SeededDatabase::new();
        let file = database.path().with_file_name("left.jsonl");
        let line = format!("changes archive --before {moment} --to {}", file.display());
        // Each copy of the sample has the same log.
        let left = match damage {
            "x" => [b"x", &text[1..]].concat(),
            "cut" => text[..text.len() - 1].to_vec(),
            "more" => [&text[..], b"{}\n"].concat(),
            _ => text.clone(),
        };
        std::fs::write(&file, &left).unwrap();
        let before = log_ids(&database);
        let output = run(&database, &line);
        let (code, said) = (output.status.code(), said(&output));
        if is_same {
            assert_eq!(code, Some(0), "{said}");
            assert_eq!(log_ids(&database).len(), 1);
        } else {
            assert_eq!(code, Some(4), "{damage}: {said}");
            assert!(said.contains("left.jsonl exists already; nothing is overwritten."), "{said}");
            assert_eq!(log_ids(&database), before);
        }
        assert_eq!(std::fs::read(&file).unwrap(), left);
        database.assert_no_rule_violation();
    }
}

#[test]
fn what_can_not_be_done_is_refused_and_nothing_is_removed() {
    let database = SeededDatabase::new();
    let before = log_ids(&database);
    let past = now();
    for (code, line, sentence) in [
        (2, "changes archive".to_owned(), "--before <TIME>"),
        (2, "changes archive --before yesterday".to_owned(), "a moment is a day"),
        (2, "changes archive --before 2999-01-01".to_owned(), "is in the future."),
        (2, format!("changes --limit 3 archive --before {past}"), "cannot be used with"),
        (
            5,
            format!("changes archive --before {past} --to /proc/x.jsonl"),
            "/proc can't be written",
        ),
        (
            5,
            format!("changes archive --before {past} --to no/such/x.jsonl"),
            "no/such is not a directory; make it first",
        ),
    ] {
        let output = run(&database, &line);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{line}: {said}");
        assert!(said.contains(sentence), "{line}: {said}");
        assert_eq!(log_ids(&database), before, "{line}");
    }
}

#[test]
fn a_log_with_a_gap_is_not_archived_and_a_gap_that_no_archive_accounts_for_is_named() {
    let database = SeededDatabase::new();
    database.discard_at_the_end();
    let file = archive(&database);
    for _ in 0..3 {
        database.query("UPDATE phone_number SET note = note || '.' WHERE number = '083xxxx0011' AND instance_id = 'ccc-test'");
    }
    let last = *log_ids(&database).last().unwrap();
    let without = |trigger: &str, sql: &str| {
        let text =
            database.query(&format!("SELECT sql FROM sqlite_schema WHERE name = '{trigger}'"));
        let shell = rusqlite::Connection::open(database.path()).unwrap();
        shell.execute_batch(&format!("DROP TRIGGER {trigger}; {sql}; {text}")).unwrap();
    };
    let finds = |sentence: &str| {
        let found = said(&run(&database, "check"));
        assert!(found.contains(sentence), "{sentence}: {found}");
    };
    without("change_delete", &format!("DELETE FROM change WHERE change_id = {}", last - 1));
    finds(&format!("the change log has no lines {} to {}", last - 1, last - 1));
    let output = run(&database, &format!("changes archive --before {}", now()));
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    assert!(said(&output).contains(&format!("the change log has no line {}", last - 1)));
    // The archive's own row can't be taken away or moved either.
    without(
        "change_archive_update",
        "UPDATE change_archive SET first_change_id = 2, lines = lines - 1",
    );
    finds("the archives have no lines 1 to 1");
    without(
        "change_archive_update",
        "UPDATE change_archive SET sha256 = replace(sha256, '0', '1')",
    );
    finds("the change log does not say that lines");
    without("change_archive_delete", "DELETE FROM change_archive");
    finds("the change log has no lines 1 to ");
    assert!(file.exists());
}

#[test]
fn what_is_not_a_plain_file_is_neither_read_nor_written() {
    let database = SeededDatabase::new();
    let directory = database.path().parent().unwrap().to_owned();
    let pipe = directory.join("pipe");
    let made = rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR);
    made.unwrap();
    let elsewhere = directory.join("elsewhere");
    std::fs::write(&elsewhere, "kept").unwrap();
    let link = directory.join("link");
    std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
    let dangling = directory.join("dangling");
    std::os::unix::fs::symlink(directory.join("nothing"), &dangling).unwrap();
    let lines = database.query("SELECT count(*) FROM change");
    // A pipe that nobody writes into would hold up the writers forever.
    for to in [&pipe, &link, &dangling, &"/dev/null".into(), &"/dev/zero".into()] {
        let refused =
            run(&database, &format!("changes archive --before {} --to {}", now(), to.display()));
        assert_eq!(refused.status.code(), Some(4), "{}: {}", to.display(), said(&refused));
    }
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "kept");
    assert!(!directory.join("nothing").exists());
    assert_eq!(database.query("SELECT count(*) FROM change"), lines);
}
