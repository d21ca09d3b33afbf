//! Undoing in slices what has been archived meanwhile.

use super::{archive, done, run, said};
use crate::support::SeededDatabase;
use numberd::domain::batch::BatchMode;
use numberd::domain::run::InSlices;
use numberd::domain::undo::UndoTarget;
use numberd::domain::{Author, Clock, InstanceId, Origin};
use numberd::ops::runs;
use serde_json::{Value, json};

#[test]
fn an_undo_whose_request_was_archived_says_that_it_can_not_go_on() {
    let database = SeededDatabase::new();
    let numbers: Vec<String> = (0..1100).map(|nth| format!("0299{nth:07}")).collect();
    let values: Vec<String> =
        numbers.iter().map(|number| format!("('ccc-test', '{number}')")).collect();
    database.query(&format!(
        "INSERT INTO phone_number (instance_id, number) VALUES {}",
        values.join(", ")
    ));
    let assign =
        |number| json!({ "action": "assign", "number": number, "user_id": "lina@ccc-test" });
    let items: Vec<Value> = numbers.iter().map(assign).collect();
    let file = database.path().with_extension("json");
    std::fs::write(&file, json!(items).to_string()).unwrap();
    let given = run(&database, &format!("batch {} --json", file.display()));
    let given: Value = serde_json::from_slice(&given.stdout).unwrap();
    let request = given["request_id"].as_str().unwrap().to_owned();

    let store = database.store(Clock::System);
    let author = Author { request_id: "UNDO".to_owned(), ..Author::new("a", Origin::Cli, "") };
    let (ccc, target) = (InstanceId::new("ccc-test"), UndoTarget::Request(request.clone()));
    let begin = move |tx: &numberd::store::WriteTx<'_>| {
        runs::undo(tx, Some(&ccc), &target, BatchMode::AllOrNothing)
    };
    assert!(matches!(store.write(author, begin).unwrap(), InSlices::Run(_)));
    drop(store);
    let listing = done(&database, "run UNDO");
    assert!(listing.contains("are listed so far, and nothing is done yet."), "{listing}");
    archive(&database);

    let why = "What it was to undo has been archived: it is no longer in the change log.";
    let shown = done(&database, "run UNDO");
    assert!(shown.contains(why) && !shown.contains("--continue"), "{shown}");
    for line in ["run UNDO --continue --dry-run", "run UNDO --continue"] {
        let continued = run(&database, line);
        assert_eq!(continued.status.code(), Some(1), "{}", said(&continued));
        assert!(said(&continued).contains(why), "{}", said(&continued));
    }
    // Nor is anything begun that has nothing to do.
    let again = run(&database, &format!("undo {request}"));
    assert_eq!(again.status.code(), Some(3), "{}", said(&again));
    assert!(said(&again).contains("were archived"), "{}", said(&again));
    let held = database.query(
        "SELECT count(*) FROM v_personal_number
          WHERE user_id = 'lina@ccc-test' AND number LIKE '0299%'",
    );
    assert_eq!(held, "1100");
}
