//! What is too much for one transaction, though nobody called it a run: it becomes one, or it is
//! refused with what to do first.

use super::runs::{Fixture, LINA, NUMBERS};
use super::{by, ccc, vcc};
use crate::support::Program;
use numberd::domain::batch::BatchMode;
use numberd::domain::phone_number::NewNumbers;
use numberd::domain::run::{InSlices, RunState};
use numberd::domain::undo::{UndoReport, UndoTarget};
use numberd::domain::{Error, InstanceId, Number, UserId};
use numberd::ops::{batch, contact_flows, instances, runs, skill_groups, users};
use numberd::store::WriteTx;

/// The sample's contact flow.
const FLOW: &str = "a3fb6c62-9b49-4942-ae5b-cf2abd4123ek";

impl Fixture {
    fn undo_within(
        &self,
        request_id: &str,
        of: &str,
        within: Option<InstanceId>,
        mode: BatchMode,
    ) -> Result<InSlices<UndoReport>, Error> {
        let target = UndoTarget::Request(of.to_owned());
        self.store.write(by(request_id), move |tx| runs::undo(tx, within.as_ref(), &target, mode))
    }

    /// Runs a command line, and returns its exit code with what it prints.
    fn cli(&self, words: &str) -> (i32, String) {
        let file = self.database.path().to_str().unwrap();
        let words: Vec<&str> = words.split(' ').collect();
        let output = Program::run(
            &[&words[..], &["--instance", "ccc-test", "--database", file]].concat(),
            "",
        );
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(said).unwrap())
    }

    /// Adds as many numbers in one transaction as a run has.
    fn add(&self, request_id: &str) {
        let add = |tx: &WriteTx<'_>| {
            let numbers: Vec<Number> =
                (0..NUMBERS).map(|n| format!("0298{}", 1_000_000 + n).parse().unwrap()).collect();
            let (new, mode) = (NewNumbers::default(), BatchMode::AllOrNothing);
            batch::add_numbers(tx, &ccc(), &numbers, &new, mode)
        };
        assert!(self.store.write(by(request_id), add).unwrap().applied);
    }

    fn added(&self) -> String {
        self.database.query("SELECT count(*) FROM phone_number WHERE number LIKE '0298%'")
    }
}

fn is_run<T>(begun: Result<InSlices<T>, Error>) -> bool {
    matches!(begun, Ok(InSlices::Run(_)))
}

#[test]
fn a_request_that_changed_much_is_undone_in_slices_within_an_instance_and_without() {
    let at = Fixture::new();
    let mode = BatchMode::AllOrNothing;
    at.add("ADD");
    let refused = at.undo_within("OTHER", "ADD", Some(vcc()), mode);
    assert!(matches!(refused, Err(Error::NotFound(_))), "those of another instance are not seen");
    for (undoing, redoing, within) in [("UNDO", "REDO", None), ("UNDO2", "REDO2", Some(ccc()))] {
        assert!(is_run(at.undo_within(undoing, "ADD", within.clone(), mode)), "{undoing}");
        let undone = at.drive(undoing);
        assert_eq!((undone.state, undone.done), (RunState::Ended, NUMBERS), "{undone:?}");
        assert_eq!((undone.instance_id, at.added()), (Some(ccc()), "0".to_owned()));
        assert!(is_run(at.undo_within(redoing, undoing, within, mode)), "{redoing}");
        assert_eq!((at.drive(redoing).refused, at.added()), (0, NUMBERS.to_string()));
    }
}

#[test]
fn what_is_undone_already_is_refused_and_a_run_says_which_request_has_undone_it() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    at.add("ADD");
    assert!(at.cli("run RUN").1.contains("takes it back"));
    for (of, undoing) in [("RUN", "UNDO"), ("ADD", "TAKE")] {
        assert!(is_run(at.undo_within(undoing, of, Some(ccc()), BatchMode::AllOrNothing)));
        at.drive(undoing);
        let known = at.database.query("SELECT count(*) FROM run");
        let again = at.undo_within("AGAIN", of, Some(ccc()), BatchMode::AllOrNothing);
        let Ok(InSlices::AtOnce(report)) = again else { panic!("{of} is undone: {again:?}") };
        assert_eq!((report.applied, report.refused), (false, 1000), "{of}");
        let why = &report.changes[0].refusal.as_ref().unwrap().detail;
        assert!(why.contains("undid it") || why.contains("no longer holds"), "{why}");
        assert_eq!(at.database.query("SELECT count(*) FROM run"), known, "{of}");
        assert_eq!(at.cli(&format!("undo {of}")).0, 4, "{of}");
    }
    let run = at.store.read(|tx| runs::require(tx, None, "RUN")).unwrap();
    assert_eq!(run.undone_by.as_deref(), Some("UNDO"));
    let said = at.cli("run RUN").1;
    assert!(said.contains("The request UNDO has undone it."), "{said}");
    assert!(!said.contains("takes it back"), "{said}");
    assert!(is_run(at.undo_within("REDO", "UNDO", Some(ccc()), BatchMode::AllOrNothing)));
    at.drive("REDO");
    assert!(at.cli("run RUN").1.contains("takes it back"), "it is done again");
}

#[test]
fn a_run_of_which_something_is_left_is_not_undone() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    let undone_by = || {
        let run = at.store.read(|tx| runs::require(tx, None, "RUN"));
        run.unwrap().undone_by
    };
    // Its first and its last change are undone, and none between them.
    for (request, end) in [("ONE", "min"), ("OTHER", "max")] {
        let sql = format!("SELECT {end}(change_id) FROM change WHERE request_id = 'RUN'");
        let change = UndoTarget::Change(at.database.query(&sql).parse().unwrap());
        let undone = at
            .store
            .write(by(request), move |tx| runs::undo(tx, None, &change, BatchMode::AllOrNothing));
        assert!(matches!(undone, Ok(InSlices::AtOnce(report)) if report.applied));
        assert_eq!(undone_by(), None, "{request}");
    }
    assert!(is_run(at.undo_within("REST", "RUN", Some(ccc()), BatchMode::AllOrNothing)));
    at.drive("REST");
    assert_eq!(undone_by().as_deref(), Some("REST"));
    assert!(is_run(at.undo_within("REDO", "REST", Some(ccc()), BatchMode::AllOrNothing)));
    at.drive("REDO");
    assert_eq!(undone_by(), None);
}

#[test]
fn many_numbers_are_added_in_slices_and_tried_up_to_a_thousand() {
    let at = Fixture::new();
    let there = || {
        at.database.query(
            "SELECT concat_ws(' ', count(*), min(usage), min(provider)) FROM phone_number
              WHERE instance_id = 'ccc-test' AND number LIKE '0296%'",
        )
    };
    let line = "numbers add-range 02960001 --count 1100 --usage Outbound --provider x";
    let (code, said) = at.cli(&format!("{line} --dry-run"));
    assert!(code == 0 && said.contains("100 others were not tried."), "{said}");
    let (code, said) = at.cli(line);
    assert!(code == 0 && said.contains(": add ended: 1100 of 1100 done"), "{said}");
    assert_eq!(there(), "1100 Outbound x");
    let (code, said) = at.cli(line);
    assert!(code == 0 && said.contains(": add ended: 0 of 1100 done, 1100 unchanged"), "{said}");
    let request = at.database.query("SELECT request_id FROM run WHERE done = 1100");
    assert_eq!(at.cli(&format!("undo {request}")).0, 0);
    assert_eq!(there(), "0");
    let (code, said) = at.cli(&format!("{line} --contact-flow none"));
    assert!(code == 3 && said.contains("contact flow none does not exist"), "{said}");
}

#[test]
fn all_numbers_of_a_user_who_has_many_are_handed_over_in_slices_and_tried_up_to_a_thousand() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    let held = |user: &str| {
        at.database.query(&format!(
            "SELECT count(*) FROM personal_assignment
              WHERE released_at IS NULL AND user_id = '{user}' AND number LIKE '0299%'"
        ))
    };
    let (code, said) = at.cli("users hand-over lina --to zhangwei --dry-run");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1000 would be done, 0 unchanged, 0 refused. "), "{said}");
    assert!(said.contains(" others were not tried.\nThis was a dry run"), "{said}");
    assert_eq!(held(LINA), NUMBERS.to_string());
    let (code, said) = at.cli("users hand-over lina --to zhangwei");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(": transfer ended: "), "{said}");
    assert_eq!((held(LINA), held("zhangwei@ccc-test")), ("0".to_owned(), NUMBERS.to_string()));
    let request = at.database.query(
        "SELECT request_id FROM run WHERE act LIKE '%transfer%' ORDER BY started_at DESC LIMIT 1",
    );
    assert_eq!(at.cli(&format!("undo {request}")).0, 0);
    assert_eq!(held(LINA), NUMBERS.to_string());
}

#[test]
fn what_holds_more_than_one_transaction_takes_away_is_not_deleted_with_it() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    at.database.query(
        "INSERT INTO phone_number (instance_id, number)
         SELECT 'ccc-test', '0297' || substr(number, 5) FROM phone_number WHERE number LIKE '0299%'",
    );
    at.database.query(
        "INSERT INTO skill_group_number (instance_id, skill_group_id, number)
         SELECT 'ccc-test', 'night@ccc-test', number FROM phone_number WHERE number LIKE '0297%'",
    );
    at.database.query(&format!(
        "UPDATE phone_number SET contact_flow_id = '{FLOW}' WHERE number LIKE '0297%'"
    ));
    let before = at.database.query("SELECT count(*) FROM change");
    let refused = |act: fn(&WriteTx<'_>) -> Result<(), Error>, first: &str| {
        let error = at.store.write(by("DELETE"), act).unwrap_err();
        let Error::Rule { advice, .. } = &error else { panic!("{error:?}") };
        assert!(advice.contains("more than the 1000") && advice.ends_with(first), "{advice}");
    };
    refused(
        |tx| {
            let removal = users::Removal { force: true, caller: None, last_admin: true };
            users::remove(tx, &ccc(), &[UserId::new(LINA)], removal)
        },
        "hand the numbers over or release them first",
    );
    refused(
        |tx| skill_groups::delete(tx, &ccc(), &"night@ccc-test".into(), true),
        "unbind the numbers first",
    );
    refused(
        |tx| contact_flows::delete(tx, &ccc(), &FLOW.into(), true),
        "give them another contact flow first",
    );
    refused(|tx| instances::release(tx, &ccc(), true), "take the numbers out first");
    assert_eq!(at.database.query("SELECT count(*) FROM change"), before);
}

#[test]
fn many_numbers_are_taken_out_of_an_instance_in_slices() {
    let at = Fixture::new();
    at.add("ADD");
    let all = at.database.query(
        "SELECT group_concat(number, ' ') FROM phone_number
          WHERE instance_id = 'ccc-test' AND number LIKE '0298%'",
    );
    let (code, said) = at.cli(&format!("numbers remove {all}"));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(": remove ended: 1100 of 1100 done"), "{said}");
    let there = "SELECT count(*) FROM phone_number
                  WHERE instance_id = 'ccc-test' AND number LIKE '0298%'";
    assert_eq!(at.database.query(there), "0");
    let request =
        at.database.query("SELECT request_id FROM run WHERE act LIKE '%\"remove\"%' LIMIT 1");
    assert_eq!(at.cli(&format!("undo {request}")).0, 0);
    assert_eq!(at.database.query(there), NUMBERS.to_string());
}

/// Another program may hold the lock for long; what only reads needs none.
#[test]
fn a_command_that_only_reads_does_not_wait_for_a_writer() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    let other = rusqlite::Connection::open(at.database.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for words in ["run", "run RUN", "numbers list --per-page 1", "changes"] {
        let (code, said) = at.cli(words);
        assert_eq!(code, 0, "{words}: {said}");
    }
    let (code, said) = at.cli("users hand-over lina --to zhangwei");
    assert!(code == 5 && said.contains("locked by another"), "{code}: {said}");
}
