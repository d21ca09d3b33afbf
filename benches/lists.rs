//! What the lists cost, from the request's bytes to the reply's: the assignable list by size and
//! pattern, and every other list where it holds one number in a hundred and all of them.

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
use std::time::Duration;
use support::{Database, Mix, SKILL_GROUP, USER, bearer, number_of, query};

/// A name, the share of the numbers it holds, the numbers, the operation and its parameters.
type List =
    (&'static str, &'static str, Mix, &'static str, &'static [(&'static str, &'static str)]);

#[rustfmt::skip]
const LISTS: &[List] = &[
    ("personal",      "1 %",   mix(1, 1),   "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "true")]),
    ("personal",      "100 %", mix(0, 100), "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "true")]),
    ("assignable",    "1 %",   mix(0, 99),  "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "false")]),
    ("assignable",    "100 %", mix(0, 0),   "ListPersonalNumbersOfUser",    &[("UserId", USER), ("IsMember", "false")]),
    ("bound",         "1 %",   mix(1, 1),   "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "true")]),
    ("bound",         "100 %", mix(100, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "true")]),
    ("bindable",      "1 %",   mix(0, 99),  "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable",      "100 %", mix(0, 0),   "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable, all bound to it", "0 %", mix(100, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable, 99 % bound to it", "1 %", mix(99, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false")]),
    ("bindable and active", "100 %", mix(0, 0), "ListPhoneNumbersOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "false"), ("Active", "true")]),
    ("numbers by usage", "1 %", mix(0, 0),  "ListPhoneNumbers",             &[("Usage", "Outbound")]),
    ("numbers",       "100 %", mix(0, 0),   "ListPhoneNumbers",             &[]),
    ("numbers, all bound", "100 %", mix(100, 0), "ListPhoneNumbers",        &[]),
];

/// A hundred thousand numbers, a percentage of them bound and personal.
const fn mix(bound: u64, personal: u64) -> Mix {
    Mix { numbers: 100_000, bound, personal }
}

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

/// A page of 100 rows and its total, at three sizes, without and with a pattern.
fn assignable(criterion: &mut Criterion) {
    for (size, numbers) in [("10k", 10_000), ("100k", 100_000), ("1M", 1_000_000)] {
        let database = Database::new(Mix::usual(numbers));
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
    let mut made: Vec<((u64, u64), Database)> = Vec::new();
    let mut group = group(criterion, "lists");
    for (name, share, mix, action, parameters) in LISTS {
        let key = (mix.bound, mix.personal);
        if !made.iter().any(|(known, _)| *known == key) {
            let database = Database::new(*mix);
            database.index();
            made.push((key, database));
        }
        let Some((_, database)) = made.iter().find(|(known, _)| *known == key) else { continue };
        for page in ["1", "100"] {
            let query = query(
                action,
                &[parameters, [("PageNumber", page), ("PageSize", "10")].as_slice()].concat(),
            );
            list(&mut group, BenchmarkId::new(format!("{name}, {share}"), page), database, &query);
        }
    }
    group.finish();
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
