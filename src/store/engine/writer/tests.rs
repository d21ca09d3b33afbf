use crate::domain::{Error, Unavailable};
use crate::store::WriteTx;
use crate::store::fixtures::{author, store};

#[test]
fn writes_that_a_full_disk_takes_back_with_another_are_told_that_it_is_full() {
    let (_directory, store) = store();
    let table = "CREATE TABLE heap (value BLOB); PRAGMA max_page_count = 1";
    store.write(author(), move |tx| tx.batch(table)).unwrap();
    let add = |bytes: usize| {
        let sql = "INSERT INTO heap VALUES (zeroblob(?1))";
        store.write(author(), move |tx| tx.execute("", sql, [bytes]))
    };
    // Whatever becomes of the others, this one has its own reason.
    let refuse = |_: &WriteTx<'_>| Err::<(), _>(Error::Forbidden("no".to_owned()));
    let wait_for = |waiting| {
        while store.vitals().writes_waiting < waiting {
            std::thread::yield_now();
        }
    };
    // Writes that are slow to come have a transaction of their own.
    let told = (0..50).find_map(|_| {
        let (go, stop) = std::sync::mpsc::channel::<()>();
        let blocker = move |_: &WriteTx<'_>| Ok::<_, Error>(stop.recv().is_ok());
        let [first, small, large] = std::thread::scope(|scope| {
            let first = scope.spawn(|| store.write(author(), blocker));
            wait_for(1);
            let small = scope.spawn(|| add(1));
            wait_for(2);
            let refused = scope.spawn(|| store.write(author(), refuse));
            wait_for(3);
            let large = scope.spawn(|| add(1 << 20));
            wait_for(4);
            go.send(()).unwrap();
            let refused = refused.join().unwrap();
            assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
            let first = first.join().unwrap().map(usize::from);
            [first, small.join().unwrap(), large.join().unwrap()]
        });
        small.is_err().then_some([first, small, large])
    });
    let told = told.expect("two writes in one transaction");
    // The first is in it too, unless it took long.
    for outcome in told.iter().filter(|outcome| outcome.is_err()) {
        let full = Err(Error::Unavailable(Unavailable::DiskFull));
        assert_eq!(format!("{outcome:?}"), format!("{:?}", full as Result<usize, Error>));
    }
}

#[test]
fn a_write_behind_one_that_takes_long_is_refused_in_time_and_never_done() {
    let (_directory, store) = store();
    let note = |tx: &WriteTx<'_>| tx.batch("CREATE TABLE late (at INTEGER)");
    std::thread::scope(|scope| {
        let (go, stop) = std::sync::mpsc::channel::<()>();
        let long = move |_: &WriteTx<'_>| Ok::<_, Error>(stop.recv().is_ok());
        let long = scope.spawn(|| store.write(author(), long));
        while store.vitals().writes_waiting == 0 {
            std::thread::yield_now();
        }
        // Answered while the long one still has the writer.
        let late = store.write(author(), note);
        assert!(matches!(late, Err(Error::Unavailable(Unavailable::Busy))), "{late:?}");
        go.send(()).unwrap();
        assert!(long.join().unwrap().unwrap(), "what has begun ends");
    });
    let late = "SELECT count(*) FROM sqlite_schema WHERE name = 'late'";
    let found = store.write(author(), move |tx| tx.count(late, []));
    assert!(matches!(found, Ok(0)), "{found:?}");
}

#[test]
fn the_first_write_of_a_transaction_has_no_savepoint_around_it() {
    let (_directory, store) = store();
    let outcome = store.write(author(), |tx| tx.batch("RELEASE one_write"));
    let sentence = format!("{outcome:?}");
    assert!(sentence.contains("no such savepoint"), "{sentence}");
}

#[test]
fn a_write_whose_commit_fails_is_told_so_and_nothing_of_it_stays() {
    let (_directory, store) = store();
    // What refers to nothing is found at the commit only.
    let orphan = |tx: &WriteTx<'_>| {
        tx.batch(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY);
             CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
             INSERT INTO child VALUES (1)",
        )
    };
    assert!(store.rehearse(author(), orphan).is_ok());
    let outcome = store.write(author(), orphan);
    assert!(matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('parent', 'child')";
    let found = store.write(author(), move |tx| tx.count(tables, []));
    assert!(matches!(found, Ok(0)), "{found:?}");
}

#[test]
fn a_write_after_which_there_is_no_transaction_any_more_may_be_tried_again() {
    let (_directory, store) = store();
    let outcome = store.write(author(), |tx| tx.batch("ROLLBACK"));
    assert!(matches!(outcome, Err(Error::Unavailable(Unavailable::Busy))), "{outcome:?}");
    let next = store.write(author(), |tx| tx.count("SELECT 1", []));
    assert!(matches!(next, Ok(1)), "{next:?}");
}
