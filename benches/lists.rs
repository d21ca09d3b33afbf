//! What the lists cost, from the request's bytes to the reply's: the assignable list by size and
//! pattern, and every other list where it holds one number in a hundred and all of them.
//! `NUMBERD_SIZES=1000,100000` chooses the sizes.

#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark that can't go on stops"
)]

mod support;

use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main,
    measurement::WallTime,
};
use std::collections::BTreeMap;
use std::time::Duration;
use support::{Database, Mix, SKILL_GROUP, USER, bearer, number_of, query, sizes};

/// A name, the share of the numbers it holds, how many in a hundred numbers are bound and personal,
/// the operation and its parameters.
type List =
    (&'static str, &'static str, (u64, u64), &'static str, &'static [(&'static str, &'static str)]);

const SIZES: &str = "10000,100000,1000000";

#[rustfmt::skip]
const LISTS: &[List] = &[
    ("personal",      "1 %",   (1, 1),   "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "true")]),
    ("personal",      "100 %", (0, 100), "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "true")]),
    ("assignable",    "1 %",   (0, 99),  "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "false")]),
    ("assignable",    "100 %", (0, 0),   "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "false")]),
    ("bound",         "1 %",   (1, 1),   "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "true")]),
    ("bound",         "100 %", (100, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "true")]),
    ("bindable",      "1 %",   (0, 99),  "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable",      "100 %", (0, 0),   "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable, all bound to it", "0 %", (100, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable, 99 % bound to it", "1 %", (99, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable and active", "100 %", (0, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false"), ("Active", "true")]),
    ("numbers by usage", "1 %", (0, 0),  "ListPhoneNumbers",             &[("Usage", "Outbound")]),
    ("numbers",       "100 %", (0, 0),   "ListPhoneNumbers",             &[]),
    ("numbers, all bound", "100 %", (100, 0), "ListPhoneNumbers",        &[]),
];

fn group<'c>(criterion: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500));
    group
}

fn list(
    group: &mut BenchmarkGroup<'_, WallTime>,
    id: BenchmarkId,
    database: &Database,
    query: &str,
) {
    group.bench_function(id, |bencher| {
        bencher.iter_batched(
            || bearer(query),
            |incoming| database.answer(incoming),
            BatchSize::SmallInput,
        )
    });
}

/// A page of 100 rows and its total, without and with a pattern.
fn assignable(criterion: &mut Criterion) {
    for size in sizes(SIZES) {
        let database = Database::new(Mix::usual(size));
        println!("{size} numbers are indexed in {:?}", database.index());
        let mut group = group(criterion, &format!("assignable {size}"));
        // The pattern of seven digits is in one number at least, which is free.
        let free = number_of(99);
        for (name, pattern) in
            [("no pattern", ""), ("2 digits", "83"), ("083", "083"), ("7 digits", &free[3..10])]
        {
            for page in ["1", "100"] {
                let query = query(
                    "ListPersonalNumbersOfUser",
                    &[
                        ("UserId", USER),
                        ("IsMember", "false"),
                        ("PageNumber", page),
                        ("PageSize", "100"),
                        ("SearchPattern", pattern),
                    ],
                );
                list(&mut group, BenchmarkId::new(name, page), &database, &query);
            }
        }
        group.finish();
    }
}

/// Pages of 10 rows, so that page 100 of a list of a thousand has rows.
fn others(criterion: &mut Criterion) {
    for size in sizes(SIZES) {
        let mut made: BTreeMap<(u64, u64), Database> = BTreeMap::new();
        let mut group = group(criterion, &format!("lists {size}"));
        for (name, share, held, action, parameters) in LISTS {
            let database = made.entry(*held).or_insert_with(|| {
                let (bound, personal) = *held;
                let database = Database::new(Mix { numbers: size, bound, personal });
                database.index();
                database
            });
            for page in ["1", "100"] {
                let paging = [("PageNumber", page), ("PageSize", "10")];
                let query = query(action, &[*parameters, paging.as_slice()].concat());
                let id = BenchmarkId::new(format!("{name}, {share}"), page);
                list(&mut group, id, database, &query);
            }
        }
        group.finish();
    }
}

/// `ListInstancesOfUser` answers each instance whole, with all its numbers.
fn instances(criterion: &mut Criterion) {
    let mut group = group(criterion, "instances");
    for numbers in [1000, 100_000] {
        let database = Database::new(Mix { numbers, bound: 1, personal: 1 });
        let query = query("ListInstancesOfUser", &[("PageNumber", "1"), ("PageSize", "10")]);
        list(&mut group, BenchmarkId::new("whole", numbers), &database, &query);
    }
    group.finish();
}

criterion_group!(benches, assignable, others, instances);
criterion_main!(benches);
