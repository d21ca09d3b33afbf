//! The index and SQL say the same in every transaction, whoever has changed what before: the
//! program, the shell, a second process that is ended by kill -9; and the rule that ties the index
//! to the snapshot is what makes it so.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the shell opens the file itself, and the second process says how far it is"
)]

use super::change_archives;
use super::fixtures::{author, store};
use super::number_index::{Indexer, LOOSE, await_index, keep, with_index};
use crate::domain::candidate::CandidateFilter;
use crate::domain::phone_number::{Filters, NumberFilter, Property, Usage};
use crate::domain::{
    Clock, Error, InstanceId, Order, PageRequest, Paging, SearchWords, SkillGroupId, UserId,
};
use crate::store::phone_numbers::{self, NumberOrder, NumberQuery};
use crate::store::{
    FileError, Migrate, ReadTx, Store, bindings, candidates, facets, instances,
    personal_assignments, seed,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rusqlite::Connection;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Words that find some, all, or none.
const WORDS: [&str; 18] = [
    "+86 833",
    "0086-28",
    "",
    "028",
    "0",
    "5555",
    "08335",
    "x",
    "083xxxx",
    "0833 555",
    "lina",
    "sales",
    "成都 0",
    "vip",
    "renamed",
    "2-8",
    "noted 9",
    "中国 li",
];

const PATTERNS: [&str; 11] =
    ["0", "28", "083", "5500", "X", "xxxx", "%", "-", "028-", "成", "0833555"];

const CITIES: [&str; 4] = ["成都", "乐山", "none", "nowhere"];

/// What changes between two looks. Some break a rule and change nothing.
fn statement(kind: u8, pick: u16) -> String {
    let number = format!(
        "(SELECT number FROM phone_number WHERE instance_id = 'ccc-test'
           ORDER BY number LIMIT 1 OFFSET {} % (SELECT max(1, count(*)) FROM phone_number
                                                 WHERE instance_id = 'ccc-test'))",
        pick
    );
    let of_number = format!("WHERE instance_id = 'ccc-test' AND number = {number}");
    match kind % 16 {
        0 => format!(
            "INSERT INTO phone_number (instance_id, number, city, tags)
             VALUES ('ccc-test', '028-{pick:04}', '成都', '[\"vip\"]')"
        ),
        1 => format!(
            "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '0{pick:09}')"
        ),
        2 => format!("DELETE FROM phone_number {of_number}"),
        3 => format!("UPDATE phone_number SET city = '乐山', tags = '[]' {of_number}"),
        4 => format!(
            "UPDATE phone_number SET active = NOT active, usage = 'Outbound',
                     tags = '[\"vip\", \"alt\"]' {of_number}"
        ),
        5 => format!("UPDATE phone_number SET note = 'Noted {}' {of_number}", pick % 100),
        6 | 7 | 14 => format!(
            "INSERT INTO personal_assignment (instance_id, number, user_id)
             VALUES ('ccc-test', {number}, '{}@ccc-test')",
            if kind.is_multiple_of(2) { "lina" } else { "wangfang" }
        ),
        8 => format!(
            "UPDATE personal_assignment SET released_at = (SELECT now FROM v_now)
              {of_number} AND released_at IS NULL"
        ),
        9 => format!(
            "INSERT INTO skill_group_number (skill_group_id, number, instance_id)
             VALUES ('sales@ccc-test', {number}, 'ccc-test')"
        ),
        12 => format!(
            "INSERT INTO skill_group_number (skill_group_id, number, instance_id)
             VALUES ('test@ccc-test', {number}, 'ccc-test')"
        ),
        10 => format!("DELETE FROM skill_group_number {of_number}"),
        // From then on a number may have several holders.
        15 => {
            "UPDATE instance SET personal_numbers = 'shared' WHERE instance_id = 'ccc-test'".into()
        }
        11 => format!("UPDATE user SET display_name = 'Renamed {pick}' WHERE user_id LIKE 'l%'"),
        _ => format!(
            "UPDATE skill_group SET display_name = 'renamed {pick}' WHERE instance_id = 'ccc-test'"
        ),
    }
}

/// An edit, and who makes it.
#[derive(Clone, Debug)]
struct Edit {
    kind: u8,
    pick: u16,
    by: u8,
    look: Look,
}

/// What is looked at after an edit.
#[derive(Clone, Debug)]
struct Look {
    words: usize,
    pattern: usize,
    city: usize,
    order: u8,
    page: u64,
    property: usize,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let look = (0..WORDS.len(), 0..PATTERNS.len(), 0..6_usize, 0..16_u8, 1..4_u64, 0..9_usize);
    let look = look.prop_map(|(words, pattern, city, order, page, property)| Look {
        words,
        pattern,
        city,
        order,
        page,
        property,
    });
    let edit = (any::<u8>(), 0..400_u16, 0..8_u8, look);
    prop::collection::vec(
        edit.prop_map(|(kind, pick, by, look)| Edit { kind, pick, by, look }),
        1..25,
    )
}

struct Bench {
    store: Arc<Store>,
    shell: Connection,
    _indexer: Indexer,
    directory: tempfile::TempDir,
}

fn instance() -> InstanceId {
    InstanceId::new("ccc-test")
}

impl Bench {
    fn new() -> Self {
        let (directory, store) = store();
        store.write(author(), seed::load).unwrap();
        let indexer = keep(&store).unwrap();
        let shell = Connection::open(directory.path().join("numberd.db")).unwrap();
        await_index(&store, &instance());
        Self { store, shell, _indexer: indexer, directory }
    }

    /// Archives the whole log, the lines that the index has not seen among it.
    fn archive(&self) {
        let all =
            |tx: &ReadTx<'_>| change_archives::oldest(tx, tx.now().after(Duration::from_secs(60)));
        let Some(lines) = self.store.read(all).unwrap() else { return };
        let file = self.directory.path().join(format!("{}.jsonl", lines.first));
        self.store.read(|tx| change_archives::write(tx, lines, &file)).unwrap();
        let removed = self.store.write(author(), move |tx| {
            let sha256 = change_archives::compare(tx, lines, &file)?;
            Ok::<_, FileError>(change_archives::remove(tx, lines, &file, &sha256.unwrap())?)
        });
        removed.unwrap();
    }

    fn edit(&self, edit: &Edit) -> Result<(), String> {
        let sql = statement(edit.kind, edit.pick);
        // What a rule refuses changes nothing, which is as good.
        match edit.by {
            0 => drop(self.shell.execute_batch(&sql)),
            1 => {
                self.shell.execute_batch("BEGIN").unwrap();
                drop(self.shell.execute_batch(&sql));
                self.shell.execute_batch("ROLLBACK").unwrap();
            }
            2 => {
                drop(self.shell.execute_batch(&sql));
                self.archive();
                self.store
                    .read(|tx| same(tx, &edit.look).map_err(Fault))
                    .map_err(|fault| fault.0)?;
                await_index(&self.store, &instance());
            }
            3 => self.second_process("commits", &sql),
            4 => self.second_process("is in a transaction", &sql),
            _ => drop(self.store.write::<_, Error>(author(), move |tx| tx.batch(&sql))),
        }
        Ok(())
    }

    /// Has another process make an edit, and kills it with SIGKILL when it has.
    fn second_process(&self, stage: &str, sql: &str) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "store::number_index_tests::the_second_process"])
            .envs([(DATABASE, self.directory.path().join("numberd.db").into_os_string())])
            .envs([(STAGE, stage), (SQL, sql)])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let edited = lines.map_while(Result::ok).any(|line| line == stage);
        assert!(edited, "the second process did not come so far");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Makes the edits; after each the transaction of before and one of now must see the same in
    /// memory as by SQL.
    fn run(&self, edits: &[Edit]) -> Result<(), String> {
        for edit in edits {
            self.store
                .read(|before| {
                    before.count("SELECT count(*) FROM change", []).map_err(|e| e.to_string())?;
                    self.edit(edit)?;
                    self.store.read(|tx| same(tx, &edit.look).map_err(Fault))?;
                    let current = |tx: &ReadTx<'_>| {
                        Ok::<_, Error>(with_index(tx, &instance(), |_| ()).is_some())
                    };
                    let is_current = self.store.read(current);
                    if !is_current.unwrap_or(false) {
                        return Err(Fault("the index did not catch up".to_owned()));
                    }
                    same(before, &edit.look).map_err(Fault)
                })
                .map_err(|Fault(text)| format!("after {edit:?}: {text}"))?;
        }
        Ok(())
    }
}

/// What the second process is told.
const DATABASE: &str = "NUMBERD_TEST_DATABASE";
const STAGE: &str = "NUMBERD_TEST_STAGE";
const SQL: &str = "NUMBERD_TEST_SQL";

/// Edits and waits to be killed; only where [`Bench::second_process`] runs it.
#[test]
fn the_second_process() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let (stage, sql) = (std::env::var(STAGE).unwrap(), std::env::var(SQL).unwrap());
    let killed = || loop {
        println!("\n{stage}");
        std::thread::sleep(Duration::from_secs(1));
    };
    if stage == "commits" {
        let store = Store::open(path.as_ref(), Migrate::Require, Clock::System).unwrap();
        drop(store.write::<_, Error>(author(), move |tx| tx.batch(&sql)));
        killed();
    } else {
        let connection = Connection::open(path).unwrap();
        // So that what is not committed is in the write-ahead log nevertheless.
        connection.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
        drop(connection.execute_batch(&sql));
        killed();
    }
}

/// A difference, or an error of the database.
struct Fault(String);

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Whether all lists say the same in memory and by SQL.
fn same(tx: &ReadTx<'_>, look: &Look) -> Result<(), String> {
    let of = |tx: &ReadTx<'_>| lists(tx, look).map_err(|error| error.to_string());
    let (in_memory, by_sql) = (of(tx)?, of(&tx.alone())?);
    let different = in_memory.iter().zip(&by_sql).find(|(memory, sql)| memory != sql);
    match different {
        Some((memory, sql)) => Err(format!("in memory {memory}\nby SQL    {sql}")),
        None => Ok(()),
    }
}

fn lists(tx: &ReadTx<'_>, look: &Look) -> Result<Vec<String>, Error> {
    let (id, lina) = (instance(), UserId::new("lina@ccc-test"));
    let page = PageRequest { number: look.page, size: 7, paging: Paging::Clamp };
    let words = SearchWords::parse(WORDS[look.words]).unwrap();
    let cities: Vec<String> =
        CITIES.iter().take(look.city.saturating_sub(2)).map(|city| (*city).to_owned()).collect();
    let mut filters = Filters::default().with(Property::City, cities);
    if look.city == 1 {
        filters = filters.with(Property::State, vec!["bound".to_owned(), "free".to_owned()]);
    }
    let keys = NumberOrder::ALL;
    let key = keys[usize::from(look.order) % keys.len()];
    let order = Order { key, backward: look.order >= 8 };
    let query = NumberQuery { words, filters, order };
    // All numbers have statements of their own.
    let unfiltered = NumberQuery { order: query.order, ..NumberQuery::default() };
    let filter = NumberFilter {
        search_pattern: Some(PATTERNS[look.pattern].to_owned()),
        usage: (look.city == 2).then_some(Usage::Outbound),
        active: (look.city == 3).then_some(true),
    };
    let pattern = filter.search_pattern.as_deref();
    let shared = instances::is_shared(tx, id.as_str()).unwrap().unwrap();
    let assignable = phone_numbers::list_assignable(tx, &id, shared, &lina, pattern, page);
    let property = Property::ALL[look.property];
    let candidates = |include_blocked| {
        let filter = CandidateFilter {
            words: query.words.clone(),
            include_blocked,
            ..CandidateFilter::default()
        };
        format!("{:?}", candidates::page(tx, &id, &lina, &filter, page).unwrap())
    };
    let bound = |group| bindings::list(tx, &id, group, &query.words, page).unwrap();
    let held = |user| personal_assignments::list(tx, &id, user, &query.words, page).unwrap();
    // The lists of a skill group are not filtered by usage.
    let of_group = NumberFilter { usage: None, ..filter.clone() };
    let group = SkillGroupId::new("sales@ccc-test");
    Ok(vec![
        format!("{:?}", phone_numbers::search(tx, &id, &query, page)?),
        format!("{:?}", phone_numbers::search(tx, &id, &unfiltered, page)?),
        format!("{:?}", facets::of_numbers(tx, &id, &query, &[property]).unwrap()),
        format!("{:?}", phone_numbers::list(tx, &id, &filter, page)?),
        format!("{:?}", assignable.unwrap()),
        format!("{:?}", phone_numbers::list_bindable(tx, &id, &group, &of_group, page).unwrap()),
        candidates(true),
        candidates(false),
        format!("{:?} {:?}", bound(None), bound(Some("sales@ccc-test"))),
        format!("{:?} {:?}", held(None), held(Some("lina@ccc-test"))),
    ])
}

#[test]
fn memory_and_sql_say_the_same_in_every_transaction_whoever_changes_the_numbers() {
    let bench = Bench::new();
    let mut runner = TestRunner::new(ProptestConfig { cases: 8, ..ProptestConfig::default() });
    let outcome = runner.run(&edits(), |edits| {
        bench.run(&edits).map_err(TestCaseError::fail)?;
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn without_the_rule_that_ties_it_to_the_snapshot_the_index_is_soon_wrong() {
    LOOSE.set(true);
    let bench = Bench::new();
    let mut runner = TestRunner::deterministic();
    let wrong = (0..40).any(|_| {
        let edits = edits().new_tree(&mut runner).unwrap().current();
        bench.run(&edits).is_err()
    });
    LOOSE.set(false);
    assert!(wrong, "the test above can't fail");
}
