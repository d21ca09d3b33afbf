//! Reports of what became of each number: who holds one that stayed where it was, and the same as
//! CSV.

use super::{Place, assert_done, json, stdout};
use std::process::Output;

fn run(place: &Place, line: &[&str]) -> Output {
    place.run(&[line, &["--instance", "ccc-test"]].concat())
}

/// The only value that a query yields, which it calls `it`.
fn asked(place: &Place, sql: &str) -> String {
    let rows = json(&place.run(&["sql", sql, "--json"]));
    rows[0]["it"].as_str().unwrap().to_owned()
}

#[test]
fn a_number_that_could_not_be_taken_back_says_who_holds_it() {
    let place = Place::seeded();
    let bound = asked(
        &place,
        "SELECT min(number) AS it FROM skill_group_number WHERE skill_group_id = 'sales@ccc-test'",
    );
    for (line, holder) in [
        (["numbers", "release", "083xxxx0011", "--from", "lina"], "user-test@ccc-test"),
        (["numbers", "unbind", &bound, "--from", "test"], "sales@ccc-test"),
        (["numbers", "assign", "083xxxx0011", "--to", "user-test"], "user-test@ccc-test"),
    ] {
        let said = run(&place, &line);
        assert_done(&said);
        assert!(stdout(&said).contains(&format!("unchanged  held by {holder}")), "{said:?}");
        let item = &json(&run(&place, &[line.as_slice(), &["--json"]].concat()))["items"][0];
        assert_eq!(item["held_by"][0]["id"], holder, "{item}");
    }
}

#[test]
fn a_report_is_there_as_csv_and_what_is_said_below_it_on_standard_error() {
    let place = Place::seeded();
    let head = "number,action,from_id,to_id,held_by_id,kept_kind,kept_user_id,kept_until,outcome,\
                code,detail";
    let items = r#"[{"action": "assign", "number": "01055500011", "user_id": "lina@ccc-test"},
                    {"action": "assign", "number": "083xxxx0011", "user_id": "lina@ccc-test"}]"#;
    std::fs::write(place.path("batch.json"), items).unwrap();
    let file = place.path("batch.json");
    let batch = ["batch", file.to_str().unwrap(), "--mode", "best_effort", "--csv"];
    let said = run(&place, &batch);
    let csv = stdout(&said);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, head), "{csv}");
    assert_eq!(lines[1], "01055500011,assign,,lina@ccc-test,,,,,done,,");
    assert!(lines[2].starts_with("083xxxx0011,assign,,,,,,,refused,number-held-by-user,"), "{csv}");
    let last = "SELECT request_id AS it FROM change ORDER BY change_id DESC LIMIT 1";
    let below = super::stderr(&said);
    assert_eq!(said.status.code(), Some(1), "{below}");
    assert!(below.starts_with("numberd: 1 done, 0 unchanged, 1 refused.\n"), "{below}");
    assert!(below.contains(&format!("`numberd undo {}", asked(&place, last))), "{below}");

    for line in [
        "numbers release 01055500011 --cool-down 3",
        "numbers add 0990001",
        "numbers add-range 0990002 --count 2",
        "numbers remove 0990001",
        "swap 083xxxx0011 01055500012",
        "users hand-over wangfang --to lina",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let csv = run(&place, &[words.as_slice(), &["--csv"]].concat());
        assert_eq!(csv.status.code(), Some(0), "{csv:?}");
        assert!(stdout(&csv).starts_with(head) && stdout(&csv).lines().count() > 1, "{csv:?}");
    }
    let request = asked(&place, last);
    let undone = run(&place, &["undo", &request, "--csv"]);
    assert!(stdout(&undone).starts_with("change_id,entity,action,subject,outcome,"), "{undone:?}");
    let both = run(&place, &["undo", &request, "--csv", "--json"]);
    assert_eq!(both.status.code(), Some(2), "{both:?}");
}

#[test]
fn what_becomes_of_each_line_of_a_spreadsheet_is_there_as_csv() {
    let place = Place::seeded();
    let file = place.path("numbers.csv");
    let lines = "number,usage,note\r\n083xxxx0011,,\"=1+1; x\"\r\n0990001,both,\r\n0990002,,\r\n";
    std::fs::write(&file, lines).unwrap();
    let import = ["import", file.to_str().unwrap(), "--best-effort", "--csv"];
    for more in [["--dry-run"].as_slice(), &[]] {
        let said = run(&place, &[import.as_slice(), more].concat());
        assert_eq!(
            stdout(&said),
            "line,key,outcome,changes,column,value,reason\r\n\
             2,083xxxx0011,changed,note: nothing → =1+1\\; x,,,\r\n\
             3,,refused,,usage,both,\"It must be one of Inbound, Outbound, Bidirection\"\r\n\
             4,0990002,new,,,,\r\n"
        );
        let below = super::stderr(&said);
        assert_eq!(said.status.code(), Some(1), "{below}");
        let counted = "numberd: 1 new, 1 changed, 0 same, 0 skipped, 1 refused.\n";
        assert!(below.starts_with(counted), "{below}");
    }
    let none = run(&place, &[import.as_slice(), &["--json"]].concat());
    assert_eq!(none.status.code(), Some(2), "{none:?}");
}
