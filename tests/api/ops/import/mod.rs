//! Spreadsheets: what a preview says of them, and that what is applied is what was previewed.

mod spreadsheets;

use super::{by, ccc, present, vcc};
use crate::support::SeededDatabase;
use numberd::domain::batch::BatchMode;
use numberd::domain::csv::{self, CsvRow};
use numberd::domain::import::{
    Duplicates, Fault, ImportKind, ImportMode, ImportSettings, LineOutcome, Steps, Why, bad_lines,
};
use numberd::domain::run::InSlices;
use numberd::domain::run::RunState;
use numberd::domain::sheet::{Sheet, WorkbookWriter};
use numberd::domain::undo::UndoTarget;
use numberd::domain::{Clock, Error, InstanceId, Page, PageRequest, Paging};
use numberd::ops::import::{self, Failed, Plan};
use numberd::ops::runs;
use numberd::store::phone_numbers::{self, NumberQuery};
use numberd::store::skill_groups::{self, SkillGroupQuery};
use numberd::store::users::{self, UserQuery};
use numberd::store::{ReadTx, Store, WriteTx};
use proptest::prelude::*;

const MERGE: ImportSettings =
    ImportSettings { mode: ImportMode::Merge, duplicates: Duplicates::Update };
const OVERWRITE: ImportSettings = ImportSettings { mode: ImportMode::Overwrite, ..MERGE };

/// A database, its store, and an instance of it.
struct Desk {
    database: SeededDatabase,
    store: Store,
    instance_id: InstanceId,
}

impl Desk {
    fn new() -> Self {
        Self::of(ccc())
    }

    fn of(instance_id: InstanceId) -> Self {
        let database = SeededDatabase::new();
        let store = database.store(Clock::System);
        Self { database, store, instance_id }
    }

    fn plan(
        &self,
        kind: ImportKind,
        settings: ImportSettings,
        bytes: &[u8],
    ) -> (Sheet, Result<Plan, Vec<Fault>>) {
        let sheet = Sheet::read(bytes).unwrap();
        let plan =
            import::plan(&self.store, &by("PLAN"), &self.instance_id, kind, settings, &sheet);
        let plan = plan.map_err(|failed| match failed {
            Failed::Header(faults) => faults,
            Failed::Store(error) => panic!("{error}"),
        });
        (sheet, plan)
    }

    fn numbers(&self, settings: ImportSettings, text: &str) -> (Sheet, Plan) {
        let (sheet, plan) = self.plan(ImportKind::Numbers, settings, text.as_bytes());
        (sheet, plan.unwrap())
    }

    /// Does what was planned.
    fn apply(&self, request_id: &str, sheet: &Sheet, plan: &Plan) -> Result<u64, (u64, Why)> {
        let Steps { act, items, .. } = import::steps(plan, sheet);
        let instance_id = self.instance_id.clone();
        let store = &self.store;
        let lines = items.len() as u64;
        let all = move |tx: &WriteTx<'_>| import::all(tx, &instance_id, &act, &items);
        store.write(by(request_id), all).unwrap().map(|()| lines)
    }

    fn number(&self, number: &str) -> serde_json::Value {
        let found = self.store.read(|tx| phone_numbers::get(tx, &self.instance_id, number));
        serde_json::to_value(found.unwrap()).unwrap()
    }

    /// A list of the instance as a file.
    fn export<T: CsvRow>(
        &self,
        xlsx: bool,
        rows: impl Fn(&ReadTx<'_>, &InstanceId, PageRequest) -> Result<Page<T>, Error>,
    ) -> Vec<u8> {
        let page = PageRequest { number: 1, size: 10_000, paging: Paging::Clamp };
        let page = self.store.read(|tx| rows(tx, &self.instance_id, page)).unwrap();
        if xlsx {
            let directory = self.database.path().parent().unwrap();
            let mut book = WorkbookWriter::new(directory, &csv::names::<T>()).unwrap();
            page.rows.iter().for_each(|row| book.push(&csv::cells(row).unwrap()).unwrap());
            let mut bytes = std::io::Cursor::new(Vec::new());
            book.finish(&mut bytes).unwrap();
            return bytes.into_inner();
        }
        let lines = page.rows.iter().map(|row| csv::line(row).unwrap());
        (csv::header::<T>() + &lines.collect::<String>()).into_bytes()
    }

    fn exported(&self, kind: ImportKind, xlsx: bool) -> Vec<u8> {
        match kind {
            ImportKind::Numbers => self.export(xlsx, |tx, instance_id, page| {
                phone_numbers::search(tx, instance_id, &NumberQuery::default(), page)
            }),
            ImportKind::Users => self.export(xlsx, |tx, instance_id, page| {
                users::search(tx, instance_id, &UserQuery::default(), page)
            }),
            ImportKind::Groups => self.export(xlsx, |tx, instance_id, page| {
                skill_groups::search(tx, instance_id, &SkillGroupQuery::default(), page)
            }),
        }
    }

    /// That a file says what is there already.
    #[track_caller]
    fn assert_same(&self, kind: ImportKind, settings: ImportSettings, bytes: &[u8]) {
        let (sheet, plan) = self.plan(kind, settings, bytes);
        let plan = plan.unwrap();
        assert_eq!(plan.faults, []);
        let different: Vec<_> =
            plan.lines.iter().filter(|line| line.outcome != LineOutcome::Same).collect();
        assert!(different.is_empty(), "{different:#?}");
        assert_eq!(plan.lines.len(), sheet.lines.len());
    }
}

#[test]
fn what_is_exported_is_imported_unchanged() {
    for instance_id in [ccc(), vcc()] {
        let desk = Desk::of(instance_id);
        for kind in ImportKind::ALL {
            for xlsx in [false, true] {
                let file = desk.exported(kind, xlsx);
                for settings in [MERGE, OVERWRITE] {
                    desk.assert_same(kind, settings, &file);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_a_number_is_called_its_export_is_imported_unchanged(
        number in "[+5-9*#-][0-9*#-]{2,11}[0-9]",
        note in "['=+@;\\\\, \"a-c\u{4e00}-\u{4e10}-]{0,20}",
        tags in proptest::collection::vec("['=+; \\\\,\"a-c\u{4e00}\u{3000}]{0,5}[=+a-c\u{4e00}]", 0..4),
    ) {
        let desk = Desk::new();
        let tags = serde_json::Value::from(tags).to_string();
        let literal = |text: &str| text.replace('\'', "''");
        desk.database.query(&format!(
            "INSERT INTO phone_number (instance_id, number, note, city, tags, usage)
             VALUES ('ccc-test', '{}', '{}', '{}', '{}', 'Inbound')",
            literal(&number), literal(&note), literal(&note), literal(&tags)
        ));
        for xlsx in [false, true] {
            let exported = desk.exported(ImportKind::Numbers, xlsx);
            desk.assert_same(ImportKind::Numbers, OVERWRITE, &exported);
        }
    }
}

#[test]
fn a_preview_changes_nothing_and_what_is_applied_is_undone_at_once() {
    let desk = Desk::new();
    let before = present(&desk.database);
    let (sheet, plan) = desk.numbers(
        MERGE,
        "number,city,user_ids,skill_group_ids,tags,note\n\
         02877770001,,lina,,VIP; new,\"a, b\"\n\
         02877770002,绵阳,,test@ccc-test,,\n\
         083xxxx0011,,lina,,,\n",
    );
    assert_eq!((plan.count(LineOutcome::New), plan.count(LineOutcome::Changed)), (2, 1));
    assert!(present(&desk.database) == before);
    assert_eq!(desk.apply("IMPORT", &sheet, &plan), Ok(3));
    let first = desk.number("02877770001");
    assert_eq!(first["province"], "四川", "what is not said is what the area code says");
    assert_eq!(first["user_ids"][0], "lina@ccc-test");
    assert_eq!((&first["tags"][1], &first["note"]), (&"new".into(), &"a, b".into()));
    assert_eq!(desk.number("02877770002")["skill_group_ids"][0], "test@ccc-test");
    assert_eq!(desk.number("083xxxx0011")["user_ids"], serde_json::json!(["lina@ccc-test"]));
    let undone = desk.store.write(by("UNDO"), |tx| {
        numberd::ops::undo::undo(
            tx,
            None,
            &UndoTarget::Request("IMPORT".to_owned()),
            BatchMode::AllOrNothing,
        )
    });
    assert!(undone.unwrap().applied);
    // The numbers that were new are in the pool now or gone; everything else is as it was.
    assert!(present(&desk.database) == before);
}

#[test]
fn what_changed_after_the_preview_is_refused_and_nothing_is_done() {
    let desk = Desk::new();
    let text = "number,city\n02877770001,成都\n083xxxx0011,成都\n";
    let (sheet, plan) = desk.numbers(MERGE, text);
    let before = desk.database.query("SELECT max(change_id) FROM change");
    for (behind, why) in [
        ("UPDATE phone_number SET note = 'seen' WHERE number = '083xxxx0011'", "from version"),
        (
            "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '02877770001')",
            "is new since",
        ),
    ] {
        desk.database.query(behind);
        let (_, because) = desk.apply("IMPORT", &sheet, &plan).unwrap_err();
        assert!(because.to_string().contains(why), "{because:?}");
    }
    let log = "SELECT count(*) FROM change WHERE request_id = 'IMPORT'";
    assert_eq!(desk.database.query(log), "0", "since {before}");
    assert_ne!(desk.numbers(MERGE, text).1.hash, plan.hash);
}

#[test]
fn a_version_in_the_file_has_to_be_the_present_one() {
    let desk = Desk::new();
    let version = desk.number("083xxxx0011")["version"].as_u64().unwrap();
    let text = |version| format!("number,note,version\n083xxxx0011,seen,{version}\n");
    let (sheet, plan) = desk.numbers(MERGE, &text(version));
    assert_eq!(desk.apply("IMPORT", &sheet, &plan), Ok(1));
    let (_, stale) = desk.numbers(MERGE, &text(version));
    assert_eq!((stale.faults.len(), stale.faults[0].column.as_str()), (1, "version"));
    let (_, gone) = desk.numbers(MERGE, "number,version\n02877770001,1\n");
    assert!(gone.faults[0].reason.contains("does not exist"), "{:?}", gone.faults);
}

#[test]
fn what_is_there_is_updated_skipped_or_refused_and_empty_cells_empty_only_when_told_to() {
    let desk = Desk::new();
    let text = "number,city,user_ids\n083xxxx0011,,\n02877770001,,\n";
    let outcomes = |settings| {
        let (_, plan) = desk.numbers(settings, text);
        let words: Vec<&str> = plan.lines.iter().map(|line| line.outcome.name()).collect();
        (words.join(" "), plan.refused())
    };
    let with = |duplicates| ImportSettings { duplicates, ..OVERWRITE };
    assert_eq!(outcomes(MERGE), ("same new".to_owned(), 0));
    assert_eq!(outcomes(OVERWRITE), ("changed new".to_owned(), 0));
    assert_eq!(outcomes(with(Duplicates::Skip)), ("skipped new".to_owned(), 0));
    assert_eq!(outcomes(with(Duplicates::Fail)), ("new".to_owned(), 1));
    let (sheet, plan) = desk.numbers(OVERWRITE, text);
    let changes: Vec<&str> =
        plan.lines[0].changes.iter().map(|change| change.column.as_str()).collect();
    assert_eq!(changes, ["user_ids", "city"]);
    assert_eq!(desk.apply("IMPORT", &sheet, &plan), Ok(2));
    assert_eq!(desk.number("083xxxx0011")["state"], "free");
}

#[test]
fn people_and_groups_come_from_a_file() {
    let desk = Desk::new();
    let groups = "name,display_name,media_type\nlate,晚班,CHAT\nsales,销售一组,\nsales2,,VIDEO\n";
    let (sheet, plan) = desk.plan(ImportKind::Groups, MERGE, groups.as_bytes());
    let plan = plan.unwrap();
    assert_eq!((plan.count(LineOutcome::New), plan.count(LineOutcome::Changed)), (2, 1));
    assert_eq!(desk.apply("GROUPS", &sheet, &plan), Ok(3));

    let people = "login_name,display_name,role,email,mobile,extension\n\
                  sunli,孙丽,Manager,sunli@example.com,13800001111,80001234\n\
                  annakowalska,,Agent,,,\n\
                  lina,李娜,Admin,,,\n\
                  nameless,,Agent,,,\n\
                  wrong,王,Boss,a b,1.38E+10,x\n";
    let (sheet, plan) = desk.plan(ImportKind::Users, MERGE, people.as_bytes());
    let plan = plan.unwrap();
    assert_eq!(plan.count(LineOutcome::New), 2, "{:?}", plan.faults);
    let faults: Vec<(u64, &str)> =
        plan.faults.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    assert_eq!(
        faults,
        [(5, "display_name"), (6, "role"), (6, "email"), (6, "mobile"), (6, "extension")]
    );
    desk.apply("USERS", &sheet, &plan).unwrap();
    let row =
        "SELECT role || extension || email || mobile FROM user WHERE user_id = 'sunli@ccc-test'";
    assert_eq!(desk.database.query(row), "Manager80001234sunli@example.com13800001111");
    let only = desk.database.query("SELECT count(*) FROM user WHERE instance_id = 'ccc-test' AND role = 'Admin' AND user_id <> 'user-test@ccc-test' AND user_id <> 'lina@ccc-test'");
    if only == "0" {
        let demoted = b"login_name,role\nuser-test,Agent\nlina,Agent\n";
        let (_, plan) = desk.plan(ImportKind::Users, MERGE, demoted);
        assert!(plan.unwrap().faults[0].reason.contains("without an Admin"));
    }
}

#[test]
fn the_bad_lines_are_a_file_to_mend_and_import_again() {
    let desk = Desk::new();
    let (sheet, plan) =
        desk.numbers(MERGE, "number,note\r\n02877770001,=1\r\n2877770002,\"a, b\"\r\n4E+9,x\r\n");
    let file = bad_lines(&sheet, &plan.faults, Fault::sentence);
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 3, "{file}");
    assert_eq!(lines[0], "number,note,error");
    assert!(lines[1].starts_with("2877770002,\"a, b\",number: This may be 02877770002"), "{file}");
    let mended = file.replace("\n2877", "\n02877").replace("4E+9", "02877770003");
    let (_, plan) = desk.numbers(MERGE, &mended);
    assert_eq!((plan.faults, plan.ignored), (vec![], vec!["error".to_owned()]));

    // A comma too many is still there, so that nothing behind it is lost.
    let (sheet, plan) = desk.numbers(MERGE, "number,note\r\n02877770004,a,b\r\n");
    let file = bad_lines(&sheet, &plan.faults, Fault::sentence);
    let (_, plan) = desk.numbers(MERGE, &file);
    assert_eq!((plan.lines.len(), plan.refused()), (0, 1), "{file}");
}

/// Which of two lines about one number is right only their author knows: if one were imported, the
/// file of bad lines, imported as it is, would overwrite it with the other.
#[test]
fn of_lines_about_one_number_none_is_imported_and_their_bad_lines_are_refused_until_mended() {
    let desk = Desk::new();
    let text = "number,note\n02877770001,one\n+862877770001,two\n02877770002,three\n";
    let (sheet, plan) = desk.numbers(MERGE, text);
    let reasons: Vec<&str> = plan.faults.iter().map(|fault| fault.reason.as_str()).collect();
    assert_eq!(reasons, ["It is in line 3 too", "It is in line 2 too"]);
    assert_eq!(desk.apply("IMPORT", &sheet, &plan), Ok(1));
    let file = bad_lines(&sheet, &plan.faults, Fault::sentence);
    let (_, again) = desk.numbers(MERGE, &file);
    assert_eq!((again.lines.len(), again.refused()), (0, 2), "{file}");
    let mended = file.lines().filter(|line| !line.contains("two"));
    let (sheet, plan) = desk.numbers(MERGE, &mended.collect::<Vec<_>>().join("\n"));
    assert_eq!(desk.apply("MENDED", &sheet, &plan), Ok(1));
    assert_eq!(desk.number("02877770001")["note"], "one");
}

#[test]
fn a_large_file_is_imported_in_slices_as_a_run_that_is_undone_as_one() {
    let desk = Desk::new();
    let before = present(&desk.database);
    let lines: String = (0..3000).map(|at| format!("0299{:07},{at}\r\n", at * 7)).collect();
    let (sheet, plan) = desk.numbers(MERGE, &format!("number,note\r\n{lines}"));
    assert_eq!(plan.count(LineOutcome::New), 3000);
    let Steps { act, items, .. } = import::steps(&plan, &sheet);
    let started = desk.store.write(by("IMPORT"), move |tx| runs::import(tx, &ccc(), act, &items));
    assert!(matches!(started.unwrap(), InSlices::Run(run) if run.total == 3000));
    desk.database
        .query("INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '02990014000')");
    let stopped = runs::drive(&desk.store, &by("IMPORT"), |_| ()).unwrap();
    assert_eq!((stopped.state, stopped.done), (RunState::Stopped, 2000));
    let why = stopped.stopped.unwrap();
    assert_eq!(why, "line 2002: 02990014000 is new since the preview.");
    desk.database.query("DELETE FROM phone_number WHERE number = '02990014000'");
    desk.store.write(by("IMPORT"), |tx| runs::go_on(tx, Some(&ccc()), "IMPORT", None)).unwrap();
    let ended = runs::drive(&desk.store, &by("IMPORT"), |_| ()).unwrap();
    assert_eq!((ended.state, ended.done), (RunState::Ended, 3000));
    let undoing = desk.store.write(by("UNDO"), |tx| {
        let target = UndoTarget::Request("IMPORT".to_owned());
        runs::undo(tx, Some(&ccc()), &target, BatchMode::AllOrNothing)
    });
    assert!(matches!(undoing.unwrap(), InSlices::Run(_)));
    let undone = runs::drive(&desk.store, &by("UNDO"), |_| ()).unwrap();
    assert_eq!((undone.state, undone.refused), (RunState::Ended, 0));
    assert!(present(&desk.database) == before);
}
