//! Lists as CSV, edits of everything that is kept, and sentences in the program's own words.

use super::{Place, assert_done, assert_refused, stdout};
use crate::support::Program;
use std::process::Output;

fn run(place: &Place, line: &[&str]) -> Output {
    place.run(&[line, &["--instance", "ccc-test"]].concat())
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

/// Every list, with how many more lines of CSV than rows of JSON there are: the header.
#[test]
fn every_list_is_there_as_csv_as_long_as_the_list_is() {
    let place = Place::seeded();
    assert_done(&place.run(&["token", "create", "user-test", "--name", "a, \"b\""]));
    for (line, first) in [
        ("numbers list --state personal", "number,"),
        ("numbers unassigned", "number,"),
        ("numbers reservations", "number,"),
        ("numbers history 083xxxx0011", "relation,"),
        ("users list", "user_id,"),
        ("users history lina", "relation,"),
        ("groups list", "skill_group_id,"),
        ("groups members sales", "user_id,"),
        ("contact-flows list", "contact_flow_id,"),
        ("instances list", "instance_id,"),
        ("candidates --user lina", "number,"),
        ("capacity", "city,"),
        ("changes --limit 10000", "change_id,"),
        ("token list", "token_id,"),
        ("access-key list", "access_key_id,"),
        ("oauth-client list", "client_id,"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let csv = run(&place, &[words.as_slice(), &["--csv"]].concat());
        assert_done(&csv);
        let csv = stdout(&csv);
        assert!(csv.starts_with(first), "{line}: {csv}");
        let json: &[&str] = if line.contains("list")
            && !line.starts_with("token")
            && !line.starts_with("access-key")
            && !line.starts_with("oauth")
        {
            &["--json", "--all"]
        } else {
            &["--json"]
        };
        let json = super::json(&run(&place, &[words.as_slice(), json].concat()));
        let rows = json.as_array().or(json["items"].as_array()).or(json["places"].as_array());
        let rows = rows.unwrap().len();
        let lines = csv.lines().count() - 1;
        assert!(lines == rows || lines > 100 && json["total"] == lines, "{line}: {lines} {rows}");
        let both = run(&place, &[words.as_slice(), &["--csv", "--json"]].concat());
        assert_eq!(both.status.code(), Some(2), "{line}");
    }
    let part = stdout(&run(&place, &["numbers", "list", "--csv", "--per-page", "3"]));
    assert_eq!(part.lines().count(), 4, "{part}");
}

#[test]
fn whatever_is_kept_of_a_number_and_of_a_user_can_be_edited() {
    let place = Place::seeded();
    let flow = "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek";
    let number = [
        "numbers",
        "edit",
        "02855500007",
        "--corp-name",
        "Leshan Ltd",
        "--tag",
        "vip",
        "--tag",
        "quiet",
        "--callback-name",
        "Desk 7",
        "--contact-flow",
        flow,
    ];
    assert_done(&run(&place, &number));
    let shown = super::json(&run(&place, &["numbers", "show", "02855500007", "--json"]));
    assert_eq!(shown["corp_name"], "Leshan Ltd");
    assert_eq!(shown["tags"], serde_json::json!(["vip", "quiet"]));
    assert_eq!(
        (&shown["callback_number_name"], &shown["contact_flow_id"]),
        (&"Desk 7".into(), &flow.into())
    );
    let back = [
        "numbers",
        "edit",
        "02855500007",
        "--tag",
        "",
        "--contact-flow",
        "",
        "--callback-name",
        "",
    ];
    assert_done(&run(&place, &back));
    let shown = super::json(&run(&place, &["numbers", "show", "02855500007", "--json"]));
    assert_eq!(
        (&shown["tags"], shown["contact_flow_id"].is_null()),
        (&serde_json::json!([]), true)
    );
    let user = [
        "users",
        "edit",
        "lina",
        "--email",
        "lina@example.org",
        "--extension",
        "4711",
        "--display-id",
        "P-7",
        "--locked",
        "true",
    ];
    assert_done(&run(&place, &user));
    let shown = super::json(&run(&place, &["users", "show", "lina", "--json"]));
    let shown = if shown["user"].is_object() { &shown["user"] } else { &shown };
    assert_eq!(
        (&shown["email"], &shown["extension"]),
        (&"lina@example.org".into(), &"4711".into())
    );
    assert_eq!((&shown["display_id"], &shown["locked"]), (&"P-7".into(), &true.into()));
    place.assert_sound();
}

#[test]
fn what_is_wrong_is_said_in_words_of_the_call_centre() {
    let place = Place::seeded();
    let number = "it must be a whole number from";
    for (line, part) in [
        (&["run", "foo"][..], "numberd: run foo does not exist."),
        (&["numbers", "list", "--page", "-1"], number),
        (&["numbers", "list", "--per-page", "0"], "from 1 to 500"),
        (&["groups", "add-user", "sales", "lina", "--level", "11"], "from 1 to 10"),
        (&["token", "create", "lina", "--days", "x"], number),
        (&["changes", "--limit", "0"], "from 1 to 10000"),
        (&["numbers", "release", "083xxxx0011", "--cool-down", "-1"], ""),
        (&["low-water-mark", "many"], number),
    ] {
        let output = run(&place, line);
        assert!(matches!(output.status.code(), Some(2 | 3)), "{line:?} {}", said(&output));
        assert!(said(&output).contains(part), "{line:?} {}", said(&output));
    }
    for (batch, parts) in [
        (
            r#"[{"action": "asign", "number": "1"}]"#,
            &["item 1: action must be one of assign, "][..],
        ),
        (
            r#"{"items": [{"action": "assign", "number": 57188880063, "user_id": "x"},
                          {"action": "assign", "number": "02855500007"}]}"#,
            &["item 1: number must be ", "57188880063", "item 2: assign needs user_id"],
        ),
        ("5", &["a list of items, or an object with mode and items"]),
        (r#"{"items": [], "mod": "x"}"#, &["\"mod\" is not a known field"]),
        (r#"{"items": [], "mode": "some"}"#, &["mode must be all_or_nothing or best_effort"]),
        ("[{", &["Not a valid batch: "]),
    ] {
        let output = place.run_with(&["batch", "-", "--instance", "ccc-test"], batch);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        for part in parts {
            assert!(said(&output).contains(part), "{batch}: {}", said(&output));
        }
        for word in ["expected struct", "invalid type", "unknown variant", "missing field"] {
            assert!(!said(&output).contains(word), "{batch}: {}", said(&output));
        }
    }
}

#[test]
fn moments_in_sentences_are_local_as_in_tables() {
    let place = Place::seeded();
    let database = place.database();
    let line = [
        "numbers",
        "assign",
        "083xxxx0011",
        "--to",
        "lina",
        "--instance",
        "ccc-test",
        "--database",
        database.to_str().unwrap(),
    ];
    let mut there = Program::command(&line);
    let refused = there.env("TZ", "Asia/Shanghai").output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let said = said(&refused);
    assert!(said.contains(" 18:05:00+08:00"), "{said}");
    assert!(!said.contains(".000Z"), "{said}");
}

#[test]
fn a_mark_that_is_passed_is_named_once() {
    let place = Place::seeded();
    assert_done(&run(&place, &["low-water-mark", "5000", "--city", "成都"]));
    let checked = run(&place, &["capacity", "--check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(said(&checked).matches("成都").count(), 1, "{}", said(&checked));
    assert!(said(&checked).contains("numberd: Too few are free: 成都"), "{}", said(&checked));
    assert_done(&run(&place, &["low-water-mark", "1", "--city", "乐山"]));
    let all = said(&run(&place, &["capacity"]));
    assert!(all.contains("\ntoo few  成都, able to dial out: "), "{all}");
    assert!(all.contains("\nenough   乐山, able to dial out: "), "{all}");
}

#[test]
fn an_import_names_every_cell_that_cant_be_emptied_and_no_holder_of_its_own_making() {
    let place = Place::seeded();
    let import = |file: &str, more: &[&str]| {
        let line = [&["import", "-", "--instance", "ccc-test"], more].concat();
        said(&place.run_with(&line, file))
    };
    let emptied = import("number,active,usage\n02855500007,,\n", &["--mode", "overwrite"]);
    assert!(emptied.contains("usage, which is Bidirection; active, which is true"), "{emptied}");
    let both = "number,user_ids,skill_group_ids\n02855500007,lina,sales\n";
    let both = import(both, &[]);
    assert!(both.contains("the line names users and skill groups"), "{both}");
    assert!(!both.contains("since"), "{both}");
    // An exclusive instance, and several holders: no other column is blamed.
    let several = import("number,user_ids\n02855500007,lina; zhaolei\n", &[]);
    assert!(
        several.contains("2     user_ids  lina; zhaolei  the line names several users"),
        "{several}"
    );
    assert!(!several.contains("skill_group_ids") && !several.contains("since"), "{several}");
    let twice = import("number,user_ids\n02855500007,lina; lina@ccc-test\n", &["--dry-run"]);
    assert!(twice.contains("1 changed, 0 same, 0 skipped, 0 refused"), "{twice}");
    let held = import("number,skill_group_ids\n083xxxx0011,sales\n", &[]);
    assert!(held.contains("2     skill_group_ids  sales  "), "{held}");
}

#[test]
fn a_file_of_another_kind_is_recognised_by_its_columns() {
    let place = Place::seeded();
    let files = [
        ("users", "login_name,display_name,email,role\nx,X,x@example.com,Agent\n"),
        ("numbers", "number,usage\n02160600001,Inbound\n"),
        ("groups", "name,display_name\nx,X\n"),
    ];
    for (is, file) in files {
        for (what, _) in files.iter().filter(|(what, _)| *what != is) {
            let line = ["import", "-", "--instance", "ccc-test", "--what", what];
            let output = place.run_with(&line, file);
            let expected = format!(
                "these columns are those of {is}, not of {what}; import the file as {is} (`--what {is}`"
            );
            assert_refused(&output, 2, &expected);
        }
        let line = ["import", "-", "--instance", "ccc-test", "--what", is, "--dry-run"];
        assert_done(&place.run_with(&line, file));
    }
    // A column too many is no other kind.
    let line = ["import", "-", "--instance", "ccc-test"];
    let output = place.run_with(&line, "number,login_name,role\n02160600001,x,Agent\n");
    assert_refused(&output, 2, "login_name, role: numbers have no such column");
}

#[test]
fn a_directory_that_is_missing_is_named_alike_by_whatever_would_write_there() {
    let place = Place::seeded();
    let (nowhere, file) = (place.path("nowhere/"), place.path("nowhere/x"));
    let (nowhere, file) = (nowhere.to_str().unwrap(), file.to_str().unwrap());
    let bad_lines = ["import", "-", "--bad-lines", file];
    let archive = ["changes", "archive", "--before", "2026-02-01", "--to"];
    let before = place.kept();
    for (line, there) in [
        (&["backup", "--to", nowhere][..], nowhere),
        (&["backup", "--to", file], "nowhere"),
        (&["backup", "--to", nowhere, "--dry-run"], nowhere),
        (&["export", nowhere], nowhere),
        (&["export", file], "nowhere"),
        (&[&archive[..], &[nowhere]].concat(), nowhere),
        (&[&archive[..], &[file, "--dry-run"]].concat(), "nowhere"),
        (&bad_lines, "nowhere"),
    ] {
        let line = [line, &["--instance", "ccc-test"]].concat();
        let expected = format!("{there} is not a directory; make it first.");
        assert_refused(&place.run_with(&line, "number\n1\n"), 5, &expected);
    }
    let init = Program::run(&["init", "--database", file], "");
    assert_refused(&init, 5, "nowhere is not a directory; make it first.");
    assert_eq!(place.kept(), before);
}

#[test]
fn an_export_ends_as_its_format_is_called() {
    let place = Place::seeded();
    let export = |name: &str, more: &[&str]| {
        let file = place.path(name);
        let line = ["export", file.to_str().unwrap(), "--instance", "ccc-test"];
        (place.run(&[&line, more].concat()), file)
    };
    let (output, file) = export("u.pdf", &[]);
    assert_refused(&output, 2, "a file ending in .pdf can't be written; end it in .csv or .xlsx");
    assert!(!file.exists());
    for (name, more, begins) in [
        ("u.CSV", &[][..], &b"number,"[..]),
        ("u", &[], b"number,"),
        ("u.xlsx", &[], b"PK"),
        ("u.txt", &["--format", "csv"], b"number,"),
    ] {
        let (output, file) = export(name, more);
        assert_done(&output);
        assert!(std::fs::read(file).unwrap().starts_with(begins), "{name}");
    }
}

#[test]
fn what_comes_to_nothing_says_why_and_what_to_do() {
    let place = Place::seeded();
    for (line, code, expected) in [
        (
            "numbers add 02855500018 --provider X",
            0,
            "is there already; `numberd numbers show 02855500018 --",
        ),
        ("changes --actor nobodyy", 0, "Nothing: the change log has no change by nobodyy."),
        ("changes --user nobody", 0, "has no change of user nobody@ccc-test."),
        ("changes --group nothing", 0, "has no change of skill group nothing@ccc-test."),
        ("changes --number 999", 0, "has no change of number 999."),
        ("changes --request none", 0, "has no change of request none."),
        ("changes --number 02855500018 --via vcc", 0, "Nothing.\n"),
        ("export --json", 2, "`numberd numbers list --json --database "),
        ("export --what users --json", 2, "A spreadsheet is not JSON"),
        ("completion bash --json", 2, "are JSON; leave --json out"),
        ("groups delete sales", 1, "take them out first, or use --force."),
        ("serve --vcc-rate-limit 0", 2, "it must be a whole number from 1 to 4294967295"),
        ("serve --max-connections 0", 2, "it must be a whole number from 1 to 1000000"),
        ("users remove nobody --json", 3, "\"exit_code\":3"),
        ("numbers list --json --colour", 2, "\"error\":\"unexpected argument '--colour' found"),
        ("numbers --json", 2, "\"error\":\"'numberd numbers' requires a subcommand"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let output = run(&place, &words);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{line}: {said}");
        assert!(said.contains(expected), "{line}: {said}");
    }
    let refused = Program::run(&["--json", "numbers"], "");
    let error: serde_json::Value = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!(error["error"], "a subcommand is missing; --help lists them");
    assert_eq!(refused.status.code(), Some(2));
    for words in [&["whois", "--json"][..], &["numbers", "list", "--json", "--sort", "\u{202e}x"]] {
        let refused = run(&place, words);
        let error: serde_json::Value = serde_json::from_slice(&refused.stderr).unwrap();
        let sentence = error["error"].as_str().unwrap();
        assert!(error["exit_code"] == 2 && !sentence.contains("Usage"), "{words:?}: {error}");
        assert!(!said(&refused).contains('\u{202e}') && stdout(&refused).is_empty());
    }
    let refused = run(&place, &["users", "remove", "nobody", "--json"]);
    let error: serde_json::Value = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!(error["error"], "user nobody@ccc-test does not exist in instance ccc-test.");
    // Somebody who is named more than once is removed once.
    let removed = run(&place, &["users", "remove", "zhaolei", "zhaolei@ccc-test", "--force"]);
    assert_done(&removed);
    assert_eq!(stdout(&removed).matches("zhaolei@ccc-test").count(), 1, "{}", stdout(&removed));
    let empty = Place::initialized();
    assert_refused(&empty.run(&["numbers", "list"]), 3, "`numberd instances create ID");
}

#[test]
fn of_an_instance_that_was_given_up_it_is_said_how_it_comes_back() {
    let place = Place::seeded();
    assert_done(&place.run(&["instances", "delete", "ccc-test", "--force"]));
    for line in [
        &["changes", "--instance", "ccc-test"][..],
        &["numbers", "list", "--instance", "ccc-test"],
        &["instances", "rename", "ccc-test", "Hangzhou"],
        &["instances", "delete", "ccc-test"],
    ] {
        let output = place.run(line);
        assert_refused(&output, 3, "was given up, and its id stays taken; `numberd undo");
    }
    assert_refused(&place.run(&["changes", "--instance", "nobodys"]), 3, "does not exist");
}

#[test]
fn what_was_so_already_says_why_and_the_id_of_what_was_given_up_who_has_it() {
    let place = Place::seeded();
    for act in ["release", "unbind"] {
        let output = run(&place, &["numbers", act, "02855500007"]);
        assert!(said(&output).contains("unchanged  nobody holds it"), "{}", said(&output));
    }
    assert_done(&place.run(&["instances", "delete", "vcc-test", "--force"]));
    let again = place.run(&["instances", "create", "vcc-test"]);
    assert_refused(&again, 4, "vcc-test was given up, and its id stays taken; `numberd undo ");
}
