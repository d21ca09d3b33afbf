//! What is done in slices: exactly what was selected, exactly counted, however it ends.

use super::{assign, by, ccc, present, unbind};
use crate::support::{Program, SeededDatabase};
use numberd::domain::batch::BatchMode;
use numberd::domain::run::InSlices;
use numberd::domain::run::{Run, RunAct, RunState};
use numberd::domain::undo::UndoTarget;
use numberd::domain::{
    Author, Clock, Error, NewLogin, NewUser, RamId, Role, SearchWords, UserId, WorkMode,
};
use numberd::ops::batch::{self, Selection};
use numberd::ops::runs;
use numberd::ops::users;
use numberd::store::phone_numbers::NumberQuery;
use numberd::store::{Store, WriteTx, personal_assignments};

pub(super) const LINA: &str = "lina@ccc-test";
pub(super) const NUMBERS: u64 = 1100;

pub(super) struct Fixture {
    pub(super) database: SeededDatabase,
    pub(super) store: Store,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let database = SeededDatabase::new();
        database.query(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {NUMBERS})
             INSERT INTO phone_number (instance_id, number) SELECT 'ccc-test', '0299' || (1000000 + i) FROM n"
        ));
        let store = database.store(Clock::System);
        Self { database, store }
    }

    /// Selects the new numbers, and stores that they are to be Lina's.
    pub(super) fn start(&self, request_id: &str, mode: BatchMode) -> Run {
        let words = SearchWords::parse("0299").unwrap();
        let query = NumberQuery { words, ..NumberQuery::default() };
        self.store
            .write(by(request_id), move |tx| {
                let found = Selection::of_query(tx, &ccc(), &query, runs::MOST)?;
                let act = RunAct::Numbers { each: assign("", LINA) };
                runs::start(tx, Some(&ccc()), &act, mode, &found.run_items())
            })
            .unwrap()
    }

    pub(super) fn drive(&self, request_id: &str) -> Run {
        runs::drive(&self.store, &by(request_id), |_| ()).unwrap()
    }

    pub(super) fn step(&self, request_id: &'static str) -> Run {
        self.store.write(by(request_id), move |tx| runs::step(tx, request_id)).unwrap()
    }

    fn go_on(&self, request_id: &'static str, mode: BatchMode) -> Run {
        self.store
            .write(by(request_id), move |tx| runs::go_on(tx, Some(&ccc()), request_id, Some(mode)))
            .unwrap()
    }

    fn start_undo(&self, request_id: &str, of: &'static str) -> Run {
        let target = UndoTarget::Request(of.to_owned());
        let started = self.store.write(by(request_id), move |tx| {
            runs::undo(tx, Some(&ccc()), &target, BatchMode::AllOrNothing)
        });
        let Ok(InSlices::Run(run)) = started else { panic!("a run is undone by a run") };
        *run
    }

    fn undo(&self, request_id: &str, of: &'static str) -> Run {
        self.start_undo(request_id, of);
        self.drive(request_id)
    }

    pub(super) fn held(&self) -> u64 {
        let lina = UserId::new(LINA);
        let held = self.store.read(|tx| personal_assignments::list_held(tx, &lina)).unwrap();
        held.iter().filter(|number| number.starts_with("0299")).count() as u64
    }

    fn changes(&self, request_id: &str) -> String {
        self.database
            .query(&format!("SELECT count(*) FROM change WHERE request_id = '{request_id}'"))
    }
}

#[test]
fn a_run_is_done_in_slices_between_which_others_write_and_is_undone_in_slices() {
    let at = Fixture::new();
    let before = present(&at.database);
    let started = at.start("RUN", BatchMode::AllOrNothing);
    assert_eq!((started.state, started.left), (RunState::Running, NUMBERS));
    let mut slices = 0;
    let ended = runs::drive(&at.store, &by("RUN"), |_| {
        slices += 1;
        // Between two slices the database is anybody's.
        let item = unbind("083xxxx0011", None);
        let unbound = at
            .store
            .write(by("OTHER"), move |tx| batch::run(tx, &ccc(), &[item], BatchMode::AllOrNothing));
        assert!(unbound.unwrap().applied);
    });
    let ended = ended.unwrap();
    assert_eq!((ended.state, ended.done, ended.left), (RunState::Ended, NUMBERS, 0));
    assert_eq!((at.held(), at.changes("RUN")), (NUMBERS, NUMBERS.to_string()));
    assert!(slices >= 3, "{slices} slices");

    let target = UndoTarget::Request("RUN".to_owned());
    let rehearsed = at.store.rehearse(by("REHEARSAL"), move |tx| {
        runs::undo(tx, Some(&ccc()), &target, BatchMode::AllOrNothing)
    });
    let Ok(InSlices::AtOnce(report)) = rehearsed else { panic!("a dry run is not a run") };
    assert_eq!((report.done, report.untried), (1000, Some(NUMBERS - 1000)));

    // What is undone is listed in slices, too, before any of it is.
    let undone = at.start_undo("UNDO", "RUN");
    assert!(undone.total < NUMBERS, "{undone:?}");
    let undone = at.step("UNDO");
    assert_eq!((undone.total, undone.done, at.held()), (NUMBERS, 0, NUMBERS));
    let undone = at.drive("UNDO");
    assert_eq!((undone.state, undone.done, at.held()), (RunState::Ended, NUMBERS, 0));
    let again = at.undo("AGAIN", "UNDO");
    assert_eq!((again.done, at.held()), (NUMBERS, NUMBERS));
    at.undo("BACK", "AGAIN");
    assert!(present(&at.database) == before, "all is as it was");
}

#[test]
fn a_refusal_half_way_stops_it_there_and_it_goes_on_or_is_undone_when_somebody_says_so() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.database.query(
        "INSERT INTO skill_group_number (instance_id, skill_group_id, number)
         VALUES ('ccc-test', 'night@ccc-test', '02991000900')",
    );
    let stopped = at.drive("RUN");
    assert_eq!((stopped.state, stopped.done, stopped.left), (RunState::Stopped, 900, 200));
    let why = stopped.stopped.unwrap();
    assert_eq!(why, "02991000900: 02991000900 has changed since it was selected.");
    assert_eq!(stopped.refusals[0].refusal.code.name(), "changed-since");
    assert_eq!((at.held(), at.changes("RUN")), (900, "900".to_owned()));
    // Nothing goes on by itself.
    assert_eq!(at.step("RUN").done, 900);
    let shown =
        Program::run(&["run", "RUN", "--database", at.database.path().to_str().unwrap()], "");
    let way_out = "` goes on, and with `--mode best_effort` without what is refused.";
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains(way_out), "{shown}");
    // Tried again, it is refused again; best effort passes it.
    assert_eq!(at.go_on("RUN", BatchMode::AllOrNothing).state, RunState::Running);
    assert_eq!((at.drive("RUN").state, at.held()), (RunState::Stopped, 900));
    at.go_on("RUN", BatchMode::BestEffort);
    let ended = at.drive("RUN");
    assert_eq!((ended.state, ended.done, ended.refused), (RunState::Ended, 1099, 1));
    assert_eq!((ended.refusals.len(), at.held()), (1, 1099));
    at.undo("UNDO", "RUN");
    assert_eq!(at.held(), 0);
}

#[test]
fn a_run_that_nobody_works_at_any_more_is_cut_off_and_what_was_done_can_be_undone() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    let slice = at.step("RUN");
    assert_eq!(slice.state, RunState::Running);
    assert!((1..NUMBERS).contains(&slice.done), "{slice:?}");
    // The other way round the clock was set back meanwhile.
    for later in ["- 11000", "+ 33000"] {
        at.database.query(&format!("UPDATE run SET slice_at = slice_at {later}"));
        let seen = at.store.read(|tx| runs::require(tx, None, "RUN")).unwrap();
        let stopped = (seen.state, seen.stopped.as_deref());
        assert_eq!(stopped, (RunState::Stopped, Some("It was cut off.")), "{later}");
    }
    let undone = at.undo("UNDO", "RUN");
    assert_eq!((undone.state, undone.done, at.held()), (RunState::Ended, slice.done, 0));
    // What is undone doesn't go on.
    assert_eq!(at.go_on("RUN", BatchMode::AllOrNothing).state, RunState::Ended);
    assert_eq!(at.database.query("SELECT count(*) FROM run_part"), "0");
}

#[test]
fn a_run_that_only_had_to_wait_long_goes_on_and_is_stopped_by_whoever_asks() {
    let at = Fixture::new();
    let idle = || at.database.query("UPDATE run SET slice_at = slice_at - 11000");
    at.start("RUN", BatchMode::AllOrNothing);
    let slice = at.step("RUN");
    idle();
    let next = at.step("RUN");
    assert!(next.state == RunState::Running && next.done > slice.done, "{next:?}");
    idle();
    let stop = move |tx: &WriteTx<'_>| runs::stop(tx, None, "RUN", "Enough.".to_owned());
    let stopped = at.store.write(by("STOP"), stop).unwrap();
    assert_eq!((stopped.state, stopped.stopped.as_deref()), (RunState::Stopped, Some("Enough.")));
    assert_eq!(at.step("RUN").done, next.done);
}

#[test]
fn a_run_has_the_reason_of_its_row_which_is_the_last_that_was_given() {
    let at = Fixture::new();
    let silent = |request_id: &str| Author { reason: String::new(), ..by(request_id) };
    let reasons = || {
        at.database
            .query("SELECT group_concat(DISTINCT reason) FROM change WHERE request_id = 'RUN'")
    };
    at.start("RUN", BatchMode::AllOrNothing);
    let step = |tx: &WriteTx<'_>| runs::step(tx, "RUN");
    let go_on = |tx: &WriteTx<'_>| runs::go_on(tx, Some(&ccc()), "RUN", None);
    at.store.write(silent("CONTINUE"), go_on).unwrap();
    at.store.write(silent("RUN"), step).unwrap();
    assert_eq!(reasons(), "a test");
    at.store.write(Author { reason: "a move".to_owned(), ..by("CONTINUE") }, go_on).unwrap();
    runs::drive(&at.store, &silent("RUN"), |_| ()).unwrap();
    assert_eq!(reasons(), "a test,a move");
}

#[test]
fn an_undo_that_the_machines_owner_began_keeps_an_admin_once_an_instance_continues_it() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    let target = UndoTarget::Request("RUN".to_owned());
    let begun = at
        .store
        .write(by("UNDO"), move |tx| runs::undo(tx, None, &target, BatchMode::AllOrNothing));
    assert!(matches!(begun.unwrap(), InSlices::Run(_)));
    let keeps_admin =
        || at.database.query("SELECT act ->> 'keeps_admin' FROM run WHERE request_id = 'UNDO'");
    assert_eq!(keeps_admin(), "0");
    at.store.write(by("OWNER"), |tx| runs::go_on(tx, None, "UNDO", None)).unwrap();
    assert_eq!(keeps_admin(), "0");
    at.store.write(by("ADMIN"), |tx| runs::go_on(tx, Some(&ccc()), "UNDO", None)).unwrap();
    assert_eq!(keeps_admin(), "1");
}

#[test]
fn a_run_whose_items_are_gone_stops_and_says_so() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.database.query("DELETE FROM run_part WHERE first >= 500");
    let stopped = at.drive("RUN");
    assert_eq!((stopped.state, stopped.done), (RunState::Stopped, 500));
    let why = "What it has to do is missing from the database.";
    assert_eq!(stopped.stopped.as_deref(), Some(why));
}

#[test]
fn an_undo_that_goes_on_counts_as_unchanged_what_another_request_has_undone_meanwhile() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    let begun = at.start_undo("FIRST", "RUN");
    // First it lists what it has to take back, and says that this is not yet all.
    assert!(begun.listing && begun.total < NUMBERS, "{begun:?}");
    let mut slice = at.step("FIRST");
    while slice.done == 0 && slice.state == RunState::Running {
        slice = at.step("FIRST");
    }
    assert_eq!((slice.listing, slice.total), (false, NUMBERS));
    assert!((1..NUMBERS).contains(&slice.done), "{slice:?}");
    let stop = |tx: &WriteTx<'_>| runs::stop(tx, None, "FIRST", "Enough.".to_owned());
    at.store.write(by("STOP"), stop).unwrap();
    let rest = at.undo("SECOND", "RUN");
    assert_eq!((rest.state, rest.done, at.held()), (RunState::Ended, NUMBERS - slice.done, 0));
    at.go_on("FIRST", BatchMode::AllOrNothing);
    let ended = at.drive("FIRST");
    assert_eq!((ended.state, ended.stopped.as_deref()), (RunState::Ended, None));
    assert_eq!((ended.done, ended.unchanged, ended.refused), (slice.done, rest.done, 0));
    assert_eq!(at.changes("FIRST"), slice.done.to_string());
}

#[test]
fn what_was_undone_and_done_again_can_be_undone_in_slices_once_more() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    for (undoing, of, held) in [("UNDO", "RUN", 0), ("REDO", "UNDO", NUMBERS), ("AGAIN", "RUN", 0)]
    {
        let ended = at.undo(undoing, of);
        assert_eq!((ended.state, ended.done), (RunState::Ended, NUMBERS), "{undoing}");
        assert_eq!(at.held(), held, "{undoing}");
    }
}

#[test]
fn what_is_not_done_is_kept_when_the_clock_is_set_a_year_ahead() {
    let at = Fixture::new();
    at.start("DONE", BatchMode::AllOrNothing);
    at.drive("DONE");
    at.start("CUT-OFF", BatchMode::BestEffort);
    // What was now is a year ago.
    at.database.query(
        "UPDATE run SET slice_at = slice_at - 31536000000, ended_at = ended_at - 31536000000",
    );
    at.start("NEXT", BatchMode::AllOrNothing);
    let find = |id: &str| at.store.read(|tx| runs::require(tx, None, id));
    assert!(matches!(find("DONE"), Err(Error::NotFound(_))));
    assert_eq!(find("CUT-OFF").unwrap().state, RunState::Stopped);
    assert_eq!(at.drive("CUT-OFF").state, RunState::Ended);
}

/// Such a change of a user follows from that of their assignment and can't be set back before it.
#[test]
fn what_followed_from_a_release_is_undone_together_with_it() {
    let at = Fixture::new();
    at.start("RUN", BatchMode::AllOrNothing);
    at.drive("RUN");
    at.database.query(
        "UPDATE user SET selected_callback_number_id =
            (SELECT callback_number_id FROM phone_number WHERE number = '02991000500')
          WHERE user_id = 'lina@ccc-test'",
    );
    let selected = || {
        at.database.query(
            "SELECT (SELECT number FROM phone_number
                      WHERE callback_number_id = user.selected_callback_number_id)
               FROM user WHERE user_id = 'lina@ccc-test'",
        )
    };
    assert_eq!(selected(), "02991000500");
    assert_eq!(at.undo("TAKE", "RUN").done, NUMBERS);
    assert_eq!(selected(), "");
    let again = at.undo("GIVE", "TAKE");
    assert_eq!((again.state, again.refused, at.held()), (RunState::Ended, 0, NUMBERS));
    assert_eq!(selected(), "02991000500");
}

/// What is about no number is set back alone: otherwise one item would be more than a slice can
/// hold.
#[test]
fn more_than_a_thousand_users_are_undone_one_by_one() {
    let at = Fixture::new();
    let before = at.database.query("SELECT count(*) FROM user");
    at.start("RUN", BatchMode::AllOrNothing);
    let create = |tx: &WriteTx<'_>| {
        for index in 0..NUMBERS {
            let login = NewLogin {
                ram_id: RamId::new(format!("9{index:017}")),
                login_name: format!("new{index}").parse().unwrap(),
                display_name: "New".to_owned(),
                email: None,
                mobile: String::new(),
            };
            let new = NewUser::new(Role::Agent, WorkMode::OnSite, Vec::new());
            users::create(tx, &ccc(), &login, &new)?;
        }
        Ok::<_, Error>(())
    };
    at.store.write(by("RUN"), create).unwrap();
    at.start_undo("UNDO", "RUN");
    let undone = at.drive("UNDO");
    assert_eq!((undone.state, undone.refused), (RunState::Ended, 0), "{undone:?}");
    assert_eq!(undone.total.to_string(), at.changes("RUN"), "each is an item of its own");
    assert_eq!(at.database.query("SELECT count(*) FROM user"), before);
}
