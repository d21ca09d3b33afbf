//! Writes that wait together share one commit, and nothing else.

use crate::support::SeededDatabase;
use numberd::domain::{Author, Clock, Error, InstanceId, Missing, Origin, UserId};
use numberd::ops::phone_numbers;
use numberd::store::Store;
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;

/// Free in the sample.
const FREE: [&str; 6] =
    ["02855500018", "02855500019", "02855500020", "02855500021", "02855500023", "02855500024"];

fn author(request_id: &str) -> Author {
    Author {
        actor: "test".to_owned(),
        via: Origin::Ccc,
        request_id: request_id.to_owned(),
        reason: String::new(),
    }
}

/// What a write does after it has given its number to a user.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Succeeds,
    Fails,
    Panics,
    IsRehearsed,
}

fn give(store: &Store, number: &'static str, fate: Fate) -> Result<(), Error> {
    let act = move |tx: &numberd::store::WriteTx<'_>| {
        let refused = phone_numbers::assign_personal(
            tx,
            &InstanceId::new("ccc-test"),
            &UserId::new("lina@ccc-test"),
            &[number.to_owned()],
        )?;
        assert!(refused.is_empty(), "{number} is free");
        match fate {
            Fate::Succeeds | Fate::IsRehearsed => Ok(()),
            Fate::Fails => Err(Error::NotFound(Missing::RamUser(number.to_owned()))),
            Fate::Panics => panic!("a write that panics"),
        }
    };
    if fate == Fate::IsRehearsed {
        store.rehearse(author(number), act)
    } else {
        store.write(author(number), act)
    }
}

/// Keeps the writer busy until all the others wait behind it, so that they are in one transaction.
fn waiting_together(
    store: &Arc<Store>,
    numbers: &[&'static str],
    fates: &[Fate],
) -> Vec<Result<(), Error>> {
    let (busy, begun) = mpsc::channel();
    let blocker = Arc::clone(store);
    let all = fates.len() as u64 + 1;
    let first = std::thread::spawn(move || {
        let waits = Arc::clone(&blocker);
        blocker.write(author("first"), move |_| {
            busy.send(()).unwrap();
            // Less than what a write waits for.
            for _ in 0..100 {
                if waits.vitals().writes_waiting == all {
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            Ok::<_, Error>(())
        })
    });
    begun.recv().unwrap();
    let outcomes = std::thread::scope(|scope| {
        let writes: Vec<_> = fates
            .iter()
            .zip(numbers)
            .map(|(fate, number)| scope.spawn(move || give(store, number, *fate)))
            .collect();
        writes.into_iter().map(|write| write.join().unwrap()).collect()
    });
    first.join().unwrap().unwrap();
    outcomes
}

/// How often something was committed into the log of a database: its frames that end a transaction
/// say how large the file is after it. Those of an older log, with other salts, don't count.
fn commits(database: &SeededDatabase) -> usize {
    let log = std::fs::read(database.path().with_extension("db-wal")).unwrap();
    if log.is_empty() {
        return 0;
    }
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let frame = 24 + number(8) as usize;
    let whole = (32..).step_by(frame).take_while(|at| at + frame <= log.len());
    whole.filter(|at| number(at + 4) != 0 && log[at + 8..at + 16] == log[16..24]).count()
}

#[test]
fn writes_that_wait_together_share_a_commit() {
    let database = SeededDatabase::new();
    let store = Arc::new(database.store(Clock::System));
    let free = database.query(
        "SELECT number FROM phone_number
          WHERE instance_id = 'ccc-test' AND state = 'free' ORDER BY number LIMIT 24",
    );
    let free: Vec<&'static str> = free.leak().lines().collect();
    let fates = vec![Fate::Succeeds; free.len()];
    let before = commits(&database);
    let outcomes = waiting_together(&store, &free, &fates);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    // Those that come late have a commit of their own; on a busy machine some do.
    let shared = commits(&database) - before;
    assert!(shared <= free.len() / 2, "{shared} commits of {} writes", free.len());
}

fn held(database: &SeededDatabase, number: &str) -> bool {
    database.query(&format!(
        "SELECT holder FROM v_phone_number WHERE instance_id = 'ccc-test' AND number = '{number}'"
    )) == "lina@ccc-test"
}

#[test]
fn a_transaction_that_has_lasted_long_takes_in_no_further_write() {
    let database = SeededDatabase::new();
    let store = Arc::new(database.store(Clock::System));
    let (busy, begun) = mpsc::channel();
    let slow = Arc::clone(&store);
    let first = std::thread::spawn(move || {
        let waits = Arc::clone(&slow);
        slow.write(author("first"), move |tx| {
            let user = UserId::new("lina@ccc-test");
            let instance_id = InstanceId::new("ccc-test");
            phone_numbers::assign_personal(tx, &instance_id, &user, &[FREE[0].to_owned()])?;
            busy.send(()).unwrap();
            while waits.vitals().writes_waiting < 2 {
                std::thread::yield_now();
            }
            std::thread::sleep(Duration::from_millis(50));
            Ok::<_, Error>(())
        })
    });
    begun.recv().unwrap();
    // Whoever looks from outside sees only what was committed.
    let outside = rusqlite::Connection::open(database.path()).unwrap();
    let sql = "SELECT holder FROM v_phone_number WHERE instance_id = 'ccc-test' AND number = ?1";
    let second = store.write(author("second"), move |_| {
        Ok::<_, Error>(outside.query_row(sql, [FREE[0]], |row| row.get::<_, Option<String>>(0)))
    });
    assert_eq!(second.unwrap().unwrap().as_deref(), Some("lina@ccc-test"));
    first.join().unwrap().unwrap();
}

#[test]
fn a_write_that_fails_or_panics_takes_no_other_with_it() {
    let database = SeededDatabase::new();
    let store = Arc::new(database.store(Clock::System));
    let fates = [
        Fate::Succeeds,
        Fate::Fails,
        Fate::Succeeds,
        Fate::Panics,
        Fate::IsRehearsed,
        Fate::Succeeds,
    ];
    let outcomes = waiting_together(&store, &FREE, &fates);
    for ((fate, number), outcome) in fates.iter().zip(FREE).zip(outcomes) {
        match fate {
            Fate::Succeeds | Fate::IsRehearsed => assert!(outcome.is_ok(), "{number}: {outcome:?}"),
            Fate::Fails => {
                assert!(matches!(outcome, Err(Error::NotFound(_))), "{number}: {outcome:?}")
            }
            Fate::Panics => {
                assert!(matches!(outcome, Err(Error::Internal(_))), "{number}: {outcome:?}")
            }
        }
        assert_eq!(held(&database, number), *fate == Fate::Succeeds, "{number} {fate:?}");
        // Each is logged as its own request, or not at all.
        let logged = database.query(&format!("SELECT count(*) || ' ' || coalesce(group_concat(number), '') FROM change WHERE request_id = '{number}'"));
        assert_eq!(
            logged,
            if *fate == Fate::Succeeds { format!("1 {number}") } else { "0 ".to_owned() }
        );
    }
}

#[test]
fn a_write_sees_what_those_before_it_in_the_same_transaction_have_done() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let start = Barrier::new(8);
    let given: usize = std::thread::scope(|scope| {
        let writes: Vec<_> = [
            "lina", "zhangwei", "wangfang", "liuyang", "chenjing", "yangmin", "zhaolei", "zhoujie",
        ]
        .into_iter()
        .map(|name| {
            let (store, start) = (&store, &start);
            scope.spawn(move || {
                start.wait();
                let user = UserId::new(format!("{name}@ccc-test"));
                store
                    .write(author(name), move |tx| {
                        phone_numbers::assign_personal(
                            tx,
                            &InstanceId::new("ccc-test"),
                            &user,
                            &[FREE[0].to_owned()],
                        )
                    })
                    .unwrap()
            })
        })
        .collect();
        writes.into_iter().map(|write| usize::from(write.join().unwrap().is_empty())).sum()
    });
    assert_eq!(given, 1, "one of the eight got the number");
}
