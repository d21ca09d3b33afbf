//! What the lists of users, skill groups and the account's pool cost at one in a hundred of their
//! size and at all of it: 5,000 users, 500 skill groups, 100,000 numbers in the pool.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that can't go on stops")]

mod support;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use std::time::Duration;
use support::{Database, Mix, SKILL_GROUP, USER, bearer, query};

/// A name, the operation and its parameters.
type List = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[rustfmt::skip]
const LISTS: &[List] = &[
    ("users",                     "ListUsers",                  &[]),
    ("RAM users",                 "ListRamUsers",               &[]),
    ("skill groups",              "ListSkillGroups",            &[]),
    ("skill groups in brief",     "ListBriefSkillGroups",       &[]),
    ("members",                   "ListUserLevelsOfSkillGroup", &[("SkillGroupId", SKILL_GROUP), ("IsMember", "true")]),
    ("not members",               "ListUserLevelsOfSkillGroup", &[("SkillGroupId", "empty@bench"), ("IsMember", "false")]),
    ("skill groups of a user",    "ListSkillLevelsOfUser",      &[("UserId", USER), ("IsMember", "true")]),
    ("other skill groups",        "ListSkillLevelsOfUser",      &[("UserId", "u1@bench"), ("IsMember", "false")]),
    ("the pool",                  "ListUnassignedNumbers",      &[]),
];

/// So many numbers in the account's pool.
#[allow(clippy::disallowed_methods, reason = "the benchmark's own rows")]
fn fill_pool(database: &Database, pool: u32) {
    let sql = format!(
        "PRAGMA synchronous = OFF;
         BEGIN;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {pool})
         INSERT INTO phone_number (number) SELECT '0' || (8330000000 + i) FROM n;
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);"
    );
    rusqlite::Connection::open(&database.path).unwrap().execute_batch(&sql).unwrap();
}

fn lists(criterion: &mut Criterion) {
    for (size, users, groups, pool) in [("1 %", 50, 5, 1_000), ("100 %", 5_000, 500, 100_000)] {
        let database = Database::new(Mix::usual(1_000));
        database.add_people(users, groups);
        fill_pool(&database, pool);
        for page in ["1", "100"] {
            let mut group = criterion.benchmark_group(format!("{size}, page {page}"));
            group
                .sample_size(10)
                .warm_up_time(Duration::from_millis(100))
                .measurement_time(Duration::from_millis(300));
            for (name, action, parameters) in LISTS {
                // Ten rows a page, so that page 100 holds rows where there are a thousand.
                let query = query(
                    action,
                    &[*parameters, &[("PageNumber", page), ("PageSize", "10")]].concat(),
                );
                group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                    bencher.iter_batched(
                        || bearer(&query),
                        |incoming| database.answer(incoming),
                        BatchSize::SmallInput,
                    );
                });
            }
        }
    }
}

criterion_group!(benches, lists);
criterion_main!(benches);
