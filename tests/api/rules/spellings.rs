//! One number, one row: which spellings are one number, kept against every door.
//!
//! [`KINDS`] is the table of docs/schema.md; `tests/api/docs/tables.rs` compares the two.

use super::{run, shell};
use crate::support::{SeededDatabase, author};
use numberd::domain::batch::BatchMode;
use numberd::domain::import::{Duplicates, ImportKind, ImportMode, ImportSettings, Steps};
use numberd::domain::instance::{CountryCode, NewInstance, Sharing};
use numberd::domain::phone_number::{NewNumbers, Usage};
use numberd::domain::sheet::Sheet;
use numberd::domain::spelling::Forms;
use numberd::domain::undo::UndoTarget;
use numberd::domain::{Author, Clock, Error, InstanceId, Number, location};
use numberd::ops::{batch, import, instances, number_pool, undo};
use numberd::store::Store;
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Numbers of one kind.
pub(crate) struct Kind {
    pub(crate) what: &'static str,
    /// Spellings of one number, where the country code is 86.
    pub(crate) one: &'static [&'static str],
    /// Numbers that are like it and are others.
    pub(crate) others: &'static [&'static str],
    pub(crate) why: &'static str,
}

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        what: "mobile",
        one: &["13810001234", "+8613810001234", "008613810001234", "138-1000-1234", "013810001234"],
        others: &["8613810001234", "1381000123", "+113810001234"],
        why: "Eleven digits from 13 to 19. `86…` without `+` or `00` is not folded: nothing says that it is a country code.",
    },
    Kind {
        what: "landline",
        one: &["0571-88888888", "057188888888", "+8657188888888", "0086-571-88888888"],
        others: &["57188888888", "88888888", "+157188888888"],
        why: "`0` and an area code. Without the `0`, or without the area code, the place is not known.",
    },
    Kind {
        what: "trunk zero behind +86",
        one: &["010-65001234", "+861065001234", "+86010-65001234", "0086-010-65001234"],
        others: &["1065001234"],
        why: "People write `+86 (0)10`. No number of the country begins with a zero, so the zero is not a part of the number.",
    },
    Kind {
        what: "zero that begins no area code",
        one: &["0123-456", "0123456"],
        others: &["+86123456", "123456"],
        why: "Area codes are 010 and those that begin with 02 to 09, so this zero may be a part of the number.",
    },
    Kind {
        what: "400 and 800",
        one: &["4006000001", "400-600-0001", "+864006000001", "00864006000001", "04006000001"],
        others: &["400600000", "8006000001"],
        why: "Ten digits, the same in the whole country. The rule `service_number_is_inbound` looks at this form.",
    },
    Kind {
        what: "95 codes",
        one: &["95588", "+8695588", "0086-95588", "095588"],
        others: &["010-95588", "9558"],
        why: "Five to eight digits, the same in the whole country. Behind an area code it reaches the office of one city.",
    },
    Kind {
        what: "other short codes",
        one: &["12345", "1-2345"],
        others: &["+8612345", "010-12345", "0571-12345", "110", "10086", "+8610086"],
        why: "110, 10086, 12345 and 96… reach another office in each city, and are not dialled with +86.",
    },
    Kind {
        what: "another country",
        one: &["+12025550123", "0012025550123", "+1-202-555-0123", "00-1-202-555-0123"],
        others: &["12025550123", "2025550123", "+85212025550123"],
        why: "`00` at the front is `+`. Its own trunk zeros are not known here.",
    },
    Kind {
        what: "masked digits",
        one: &["083xxxx0011", "+8683xxxx0011", "083-xxxx-0011"],
        others: &["083xxxx0012", "08312340011", "0xxxxxx0011"],
        why: "The mask `x` is a character like any other: it stands for itself, not for a digit. A masked area code is not known.",
    },
    Kind {
        what: "masked mobile",
        one: &["138xxxx5678", "+86138xxxx5678", "138-xxxx-5678"],
        others: &["13812345678", "1xx12345678"],
        why: "It has the length and the beginning of a mobile number.",
    },
    Kind {
        what: "extension",
        one: &["0755-88886666-801", "075588886666801", "+8675588886666801"],
        others: &["0755-88886666", "075588886666x801", "075588886666#801", "075588886666*801"],
        why: "A number with an extension is another number than the one without it. A hyphen before it is a separator; other signs are a part of it.",
    },
    Kind {
        what: "codes with * and #",
        one: &["*21*13810001234#", "*21*138-1000-1234#"],
        others: &["*21*8613810001234#", "*21*13810001234", "21*13810001234#"],
        why: "Only separators are folded: what stands behind a sign is not read as a number.",
    },
];

/// Whether a text can be a number at all: a plus stands only in front.
fn fits(number: &str) -> bool {
    number.parse::<Number>().is_ok()
}

/// Two empty instances: one reads its numbers as China's, one as they are.
fn instances_with_and_without() -> SeededDatabase {
    let database = SeededDatabase::new();
    for sharing in [Sharing::Exclusive, Sharing::Shared] {
        let new = NewInstance {
            instance_id: InstanceId::new(format!("new-{sharing}")),
            name: "New".to_owned(),
            description: String::new(),
            personal_numbers: sharing,
            country_code: CountryCode::of_new(sharing),
            admins: Vec::new(),
            numbers: Vec::new(),
        };
        database.write(move |tx| instances::create(tx, &new));
    }
    database
}

const WITH: &str = "new-exclusive";
const WITHOUT: &str = "new-shared";

fn insert(instance_id: &str, number: &str) -> String {
    format!(
        "INSERT INTO phone_number (instance_id, number, usage) VALUES ('{instance_id}', '{number}', 'Inbound');"
    )
}

fn count(database: &SeededDatabase, instance_id: &str) -> usize {
    let sql = format!("SELECT count(*) FROM phone_number WHERE instance_id = '{instance_id}'");
    database.query(&sql).parse().unwrap()
}

#[test]
fn spellings_of_each_kind_are_one_number_and_its_neighbours_are_others() {
    let database = instances_with_and_without();
    let by_hand = shell(&database);
    by_hand.execute_batch("PRAGMA synchronous = OFF").unwrap();
    for Kind { what, one, others, .. } in KINDS {
        for (at, first) in one.iter().enumerate() {
            run(&by_hand, &insert(WITH, first)).unwrap();
            for other in one.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, n)| n) {
                let message = run(&by_hand, &insert(WITH, other)).expect_err(other).to_string();
                assert!(message.contains("rule:number_exists_once:"), "{what}: {other}: {message}");
            }
            for other in others.iter().filter(|other| fits(other)) {
                run(&by_hand, &insert(WITH, other)).unwrap();
            }
            run(&by_hand, &format!("DELETE FROM phone_number WHERE instance_id = '{WITH}';"))
                .unwrap();
        }
    }
}

#[test]
fn without_a_country_code_only_separators_and_zeros_for_a_plus_are_folded() {
    let database = instances_with_and_without();
    let by_hand = shell(&database);
    let plain = |number: &str| {
        let bare = number.replace('-', "");
        bare.strip_prefix("00").map(|rest| format!("+{rest}")).unwrap_or(bare)
    };
    for Kind { one, others, .. } in KINDS {
        let mut there = BTreeSet::new();
        for number in one.iter().chain(*others).filter(|number| fits(number)) {
            let added = run(&by_hand, &insert(WITHOUT, number));
            assert_eq!(added.is_ok(), there.insert(plain(number)), "{number}: {added:?}");
        }
    }
}

#[test]
fn the_spellings_of_one_number_belong_to_one_place() {
    for Kind { what, one, .. } in KINDS {
        let places: Vec<_> = one.iter().map(|number| location::of(number)).collect();
        assert!(places.iter().all(|place| *place == places[0]), "{what}: {places:?}");
    }
}

/// Texts that look like numbers, and some that don't.
fn text() -> impl Strategy<Value = String> {
    let beginning = prop::sample::select(vec![
        "", "+", "0", "00", "000", "-0-0", "+86", "0086", "+860", "+8600", "00860", "86", "010",
        "013", "1", "13", "95", "400", "800", "0400", "+86400", "x", "*", "-",
    ]);
    (beginning, "[0-9x*#-]{0,14}").prop_map(|(beginning, rest)| format!("{beginning}{rest}"))
}

#[test]
fn the_program_and_the_schema_fold_every_text_alike() {
    let database = SeededDatabase::new();
    let by_hand = shell(&database);
    by_hand.execute_batch("BEGIN").unwrap();
    proptest!(ProptestConfig::with_cases(2000), |(text in text())| {
        let insert = "INSERT OR IGNORE INTO spelling (number) VALUES (?1)";
        by_hand.prepare_cached(insert).unwrap().execute([&text]).unwrap();
        let sql = "SELECT comparable, comparable_86 FROM spelling WHERE number = ?1";
        let forms = |row: &rusqlite::Row<'_>| {
            Ok(Forms { comparable: row.get(0)?, comparable_86: row.get(1)? })
        };
        let of_schema = by_hand.prepare_cached(sql).unwrap().query_row([&text], forms).unwrap();
        prop_assert_eq!(&of_schema, &Forms::of(&text));
        // A form is its own form, so that comparing forms is an equivalence.
        let form = &of_schema.comparable_86;
        prop_assert_eq!(&Forms::of(form).comparable_86, form);
    });
    by_hand.execute_batch("ROLLBACK").unwrap();
}

/// A number of a kind, without its prefix, and the prefixes that it is written with.
fn number() -> impl Strategy<Value = (String, &'static [&'static str])> {
    const LANDLINE: &[&str] = &["0", "+86", "0086", "+860", "00860"];
    const NATIONWIDE: &[&str] = &["", "0", "+86", "0086", "+860"];
    const FOREIGN: &[&str] = &["+", "00"];
    const PLAIN: &[&str] = &[""];
    let area = prop::sample::select(vec!["10", "21", "28", "571", "755", "312", "833"]);
    prop_oneof![
        (area, "[2-8][0-9]{7}").prop_map(|(area, local)| (format!("{area}{local}"), LANDLINE)),
        "1[3-9][0-9x]{9}".prop_map(|mobile| (mobile, NATIONWIDE)),
        "[48]00[0-9]{7}".prop_map(|service| (service, NATIONWIDE)),
        "95[0-9]{3,6}".prop_map(|code| (code, NATIONWIDE)),
        "(1[2-9]|44|49|852)[0-9]{9}".prop_map(|foreign| (foreign, FOREIGN)),
        "86[0-9]{9}".prop_map(|no_country| (no_country, PLAIN)),
        "1[0-2][0-9]{1,3}".prop_map(|short| (short, PLAIN)),
        "[2-8][0-9]{7}".prop_map(|no_area| (no_area, PLAIN)),
        "\\*[0-9]{2}\\*[0-9]{11}#".prop_map(|code| (code, PLAIN)),
    ]
}

/// One way to write a number: with one of its prefixes, and with hyphens anywhere.
fn spelled((rest, prefixes): &(String, &'static [&'static str]), choice: u64) -> String {
    let bare = format!("{}{rest}", prefixes[choice as usize % prefixes.len()]);
    let mut bits = choice >> 8;
    let mut text = String::new();
    for character in bare.chars() {
        text.push(character);
        if bits & 3 == 3 && text.len() + bare.len() < 32 {
            text.push('-');
        }
        bits = bits.rotate_right(2);
    }
    text
}

/// The ways into an instance.
const DOORS: u64 = 6;

/// Tries to add a number by a file.
fn import_of(store: &Store, text: &str) {
    let sheet = Sheet::read(format!("number,note\n{text},imported\n").as_bytes()).unwrap();
    let settings = ImportSettings { mode: ImportMode::Merge, duplicates: Duplicates::Update };
    let instance_id = InstanceId::from(WITH);
    let numbers = ImportKind::Numbers;
    let plan = import::plan(store, &author(), &instance_id, numbers, settings, &sheet).unwrap();
    assert_eq!(plan.faults, [], "{text}");
    let Steps { act, items, .. } = import::steps(&plan, &sheet);
    let done = store.write(author(), move |tx| import::all(tx, &instance_id, &act, &items));
    done.unwrap().unwrap();
}

/// Tries to add a number, and takes back that it came, and that again.
fn undone_twice(store: &Store, text: &str) {
    let (number, instance_id): (Number, _) = (text.parse().unwrap(), InstanceId::from(WITH));
    let by = |request_id: &str| Author { request_id: request_id.to_owned(), ..author() };
    let request_id = format!("ADD-{text}");
    let added = store.write(by(&request_id), move |tx| {
        let new = NewNumbers { usage: Some(Usage::Inbound), ..NewNumbers::default() };
        batch::add_numbers(tx, &instance_id, &[number], &new, BatchMode::BestEffort)
    });
    if added.unwrap().done == 0 {
        return;
    }
    let undo = |request_id: String, by_id: String| {
        let target = UndoTarget::Request(request_id);
        let instance_id = InstanceId::from(WITH);
        let undone = store.write(by(&by_id), move |tx| {
            undo::undo(tx, Some(&instance_id), &target, BatchMode::AllOrNothing)
        });
        assert_eq!(undone.unwrap().refused, 0, "{text}");
    };
    undo(request_id, format!("UNDO-{text}"));
    undo(format!("UNDO-{text}"), format!("REDO-{text}"));
}

/// Tries to add a number by one of the doors.
fn add(store: &Store, by_hand: &Connection, door: u64, text: &str) {
    let number: Number = text.parse().unwrap();
    let instance_id = InstanceId::from(WITH);
    let by_batch = move |tx: &numberd::store::WriteTx<'_>| {
        let new = NewNumbers { usage: Some(Usage::Inbound), ..NewNumbers::default() };
        batch::add_numbers(tx, &instance_id, &[number], &new, BatchMode::BestEffort).map(|_| ())
    };
    let number: Number = text.parse().unwrap();
    let by_pool = move |tx: &numberd::store::WriteTx<'_>| {
        number_pool::import(tx, std::slice::from_ref(&number), &NewNumbers::default())?;
        let instance_id = InstanceId::from(WITH);
        number_pool::add_to_instance(tx, &instance_id, &[number], Usage::Inbound, None).map(|_| ())
    };
    match door % DOORS {
        0 => store.write(author(), by_batch).unwrap(),
        1 => match store.write(author(), by_pool) {
            Ok(()) | Err(Error::AlreadyExists(_)) => {}
            Err(error) => panic!("{text}: {error}"),
        },
        2 => drop(run(by_hand, &insert(WITH, text))),
        3 => import_of(store, text),
        4 => undone_twice(store, text),
        _ => drop(run(
            by_hand,
            &format!(
                "INSERT INTO phone_number (number, usage) VALUES ('{text}', 'Inbound');
                 UPDATE phone_number SET instance_id = '{WITH}' WHERE instance_id IS NULL AND number = '{text}';
                 DELETE FROM phone_number WHERE instance_id IS NULL AND number = '{text}';"
            ),
        )),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4,
        max_shrink_iters: 20,
        ..ProptestConfig::default()
    })]

    #[test]
    fn two_spellings_are_never_two_rows_from_any_door_and_two_numbers_never_clash(
        numbers in prop::collection::vec(
            (number(), prop::collection::vec(any::<(u64, u64)>(), 3..6)),
            4..12,
        ),
    ) {
        let database = instances_with_and_without();
        let (store, by_hand) = (database.store(Clock::System), shell(&database));
        let mut distinct = BTreeSet::new();
        for (number, tries) in &numbers {
            distinct.insert((number.1.len(), number.0.clone()));
            for (door, choice) in tries {
                add(&store, &by_hand, *door, &spelled(number, *choice));
            }
        }
        prop_assert_eq!(count(&database, WITH), distinct.len(), "{:?}", numbers);
    }
}
